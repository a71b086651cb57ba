//! What the App asks for at GitHub: one table of permissions and events, each with
//! why it is needed and what is lost without it. Preflight, the manifest, the
//! doctor and the documentation come from it.

use serde_json::{Map, Value, json};

use crate::domain::objects::Right;

/// A permission that the App asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// GitHub's name of it in its API.
    pub name: &'static str,
    /// What GitHub's pages call it.
    pub title: &'static str,
    /// `read` or `write`, which holds `read`.
    pub level: &'static str,
    /// What it is needed for.
    pub why: &'static str,
    /// What is lost without it.
    pub without: &'static str,
}

/// All of them, as they stand on GitHub's page for an App.
pub const PERMISSIONS: &[Permission] = &[
    Permission {
        name: "metadata",
        title: "Metadata",
        level: "read",
        why: "the repository itself, and people's roles; every App has it",
        without: "it can see nothing",
    },
    Permission {
        name: "contents",
        title: "Contents",
        level: "write",
        why: "the branch, the bump, the tag, the merge, the release notes",
        without: "it can make neither branch nor tag",
    },
    Permission {
        name: "issues",
        title: "Issues",
        level: "write",
        why: "the comments, the reactions, closing the issue",
        without: "it can write no comment",
    },
    Permission {
        name: "pull_requests",
        title: "Pull requests",
        level: "write",
        why: "the hotfix pull request, its reviews",
        without: "it can open no pull request",
    },
    Permission {
        name: "actions",
        title: "Actions",
        level: "write",
        why: "the runs of tests and release, starting and repeating them",
        without: "it can start no tests and repeat no runs",
    },
    Permission {
        name: "workflows",
        title: "Workflows",
        level: "write",
        why: "a branch or tag whose commit holds other workflow files than the default branch",
        without: "GitHub does not let it push or merge other workflow files than the default branch's",
    },
    Permission {
        name: "checks",
        title: "Checks",
        level: "write",
        why: "the checks that are required, and a check run that says how small the fix is",
        without: "what it finds on the fix stands in no check run of the pull request",
    },
    Permission {
        name: "statuses",
        title: "Commit statuses",
        level: "read",
        why: "the commit statuses that are required",
        without: "it cannot see the commit statuses that are required",
    },
    Permission {
        name: "administration",
        title: "Administration",
        level: "read",
        why: "what only administrators see: whether releases are immutable",
        without: "it cannot see some settings",
    },
    Permission {
        name: "members",
        title: "Members (organisation)",
        level: "read",
        why: "teams, where a role is given to one",
        without: "it cannot see who is in a team",
    },
];

/// The row of a right.
pub fn permission(right: Right) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|it| it.name == right.name())
}

/// An event that the App is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// GitHub's name of it in its API.
    pub name: &'static str,
    /// What GitHub's pages call it.
    pub title: &'static str,
    /// What is learnt by it.
    pub why: &'static str,
}

/// All of them. What is missing is seen by looking, minutes later; what a person
/// said is fetched from the log of deliveries only where it was to be delivered.
pub const EVENTS: &[Heard] = &[
    heard("issues", "Issues", "labels, and the end of an issue"),
    heard("issue_comment", "Issue comment", "commands and ticks"),
    heard(
        "pull_request",
        "Pull request",
        "what becomes of the hotfix pull request",
    ),
    heard("pull_request_review", "Pull request review", "approvals"),
    heard("push", "Push", "commits on the hotfix branch and on main"),
    heard("create", "Create", "branches and tags that people make"),
    heard("delete", "Delete", "branches and tags that people delete"),
    heard("workflow_run", "Workflow run", "runs of tests and release"),
    heard("check_run", "Check run", "checks that are required"),
    heard("check_suite", "Check suite", "checks of other Apps"),
    heard("status", "Status", "commit statuses that are required"),
    heard("release", "Release", "the GitHub release"),
    heard("repository", "Repository", "another name or default branch"),
    heard(
        "repository_ruleset",
        "Repository ruleset",
        "rules that change",
    ),
    heard(
        "branch_protection_rule",
        "Branch protection rule",
        "rules that change",
    ),
];

const fn heard(name: &'static str, title: &'static str, why: &'static str) -> Heard {
    Heard { name, title, why }
}

/// Who creates an App, and where it will be reached.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// What it is to be called.
    pub name: &'a str,
    /// Where the server is reached, without a closing slash.
    pub url: &'a str,
    /// Which of [`OPTIONAL`] were wished, by name.
    pub wished: &'a [&'a str],
}

/// What an App may be given beside [`PERMISSIONS`], by a box of the set-up page each.
pub const OPTIONAL: &[Permission] = &[
    Permission {
        name: "discussions",
        title: "Discussions",
        level: "write",
        why: "the discussion of a release, where `announce.discussion_category` asks for one",
        without: "none is opened, and the status comment says so",
    },
    Permission {
        name: "attestations",
        title: "Attestations",
        level: "read",
        why: "whether the files of a release are attested, where those of the last one are",
        without: "the verification says that it could not be seen",
    },
    Permission {
        name: "deployments",
        title: "Deployments",
        level: "read",
        why: "runs that wait for an approval of their environment, which this version does not read yet",
        without: "a later version will ask for it",
    },
];

/// What whoever runs an App may give it on its page at GitHub, and no manifest asks for:
/// how GitHub calls it in its API is not in its description (schema `app-permissions`),
/// and a manifest with a name that it does not know makes no App.
pub const BY_HAND: &[Permission] = &[Permission {
    name: "repository_advisories",
    title: "Repository security advisories",
    level: "write",
    why: "publishing the security advisory that a maintainer linked, by their word, once users have the fix",
    without: "a person publishes it; of a public repository it is seen that it is published",
}];

/// GitHub's longest name of an App, characters. (GitHub's form refuses more.)
pub const LONGEST_NAME: usize = 34;

/// The manifest that an App is created from. (GitHub: registering an App from a
/// manifest.)
pub fn manifest(asking: &Asking<'_>) -> Value {
    let at = |path: &str| format!("{}{path}", asking.url.trim_end_matches('/'));
    let wished = OPTIONAL
        .iter()
        .filter(|it| asking.wished.contains(&it.name));
    let permissions = PERMISSIONS.iter().chain(wished);
    let permissions: Map<String, Value> = permissions
        .map(|it| (it.name.to_owned(), it.level.into()))
        .collect();
    let events: Vec<&str> = EVENTS.iter().map(|it| it.name).collect();
    json!({
        "name": asking.name,
        "url": at("/"),
        "description": "Carries an emergency release from the label P0 to the closed issue",
        "hook_attributes": { "url": at("/webhook"), "active": true },
        "redirect_url": at("/setup/created"),
        "callback_urls": [at("/login/callback")],
        "setup_url": at("/setup/installed"),
        "setup_on_update": true,
        "request_oauth_on_install": false,
        "public": false,
        "default_permissions": permissions,
        "default_events": events,
    })
}

#[cfg(test)]
mod tests {
    use crate::documented::part;

    use super::*;

    /// The table of permissions as the documentation has it.
    fn permissions_table(all: &[Permission]) -> String {
        let row = |it: &Permission| {
            let level = match it.level {
                "write" => "read and write",
                level => level,
            };
            format!("| {} | {level} | {} | {} |\n", it.title, it.why, it.without)
        };
        let rows: String = all.iter().map(row).collect();
        format!("| Permission | Access | For | Without it |\n|---|---|---|---|\n{rows}")
    }

    /// The list of events as the documentation has it.
    fn events_list() -> String {
        let titles: Vec<&str> = EVENTS.iter().map(|it| it.title).collect();
        format!("{}.", titles.join(", "))
    }

    #[test]
    fn every_right_has_its_row_with_the_same_level() {
        for right in Right::ALL {
            let row = permission(right).unwrap();
            assert_eq!(row.level, right.level(), "{}", row.name);
        }
    }

    fn asked(wished: &[&str]) -> Value {
        manifest(&Asking {
            name: "Hotfix Bot ACME",
            url: "https://hotfix.example.com/",
            wished,
        })
    }

    #[test]
    fn the_manifest_is_what_github_takes_and_no_more() {
        assert_eq!(
            asked(&[]),
            json!({
                "name": "Hotfix Bot ACME",
                "url": "https://hotfix.example.com/",
                "description": "Carries an emergency release from the label P0 to the closed issue",
                "hook_attributes": { "url": "https://hotfix.example.com/webhook", "active": true },
                "redirect_url": "https://hotfix.example.com/setup/created",
                "callback_urls": ["https://hotfix.example.com/login/callback"],
                "setup_url": "https://hotfix.example.com/setup/installed",
                "setup_on_update": true,
                "request_oauth_on_install": false,
                "public": false,
                "default_permissions": {
                    "metadata": "read", "contents": "write", "issues": "write",
                    "pull_requests": "write", "actions": "write", "workflows": "write",
                    "checks": "write", "statuses": "read", "administration": "read",
                    "members": "read",
                },
                "default_events": [
                    "issues", "issue_comment", "pull_request", "pull_request_review", "push",
                    "create", "delete", "workflow_run", "check_run", "check_suite", "status",
                    "release", "repository", "repository_ruleset", "branch_protection_rule",
                ],
            })
        );
    }

    #[test]
    fn what_is_optional_is_asked_for_by_its_box_alone() {
        let by_hand = BY_HAND.iter().map(|it| it.name);
        let wished = ["discussions", "attestations", "deployments", "secrets"];
        let wished: Vec<&str> = wished.into_iter().chain(by_hand).collect();
        let more = asked(&wished);
        let permissions = &more["default_permissions"];
        assert_eq!(permissions["discussions"], "write");
        assert_eq!(permissions["attestations"], "read");
        assert_eq!(permissions["deployments"], "read");
        assert_eq!(permissions["secrets"], Value::Null, "no box gives it");
        let all = permissions.as_object().unwrap();
        assert_eq!(all.len(), PERMISSIONS.len() + OPTIONAL.len());
    }

    #[test]
    fn documented_permissions_and_events_are_the_table() {
        let events = format!("{}\n", events_list());
        let table = permissions_table(PERMISSIONS);
        part("docs/operations.md", "permissions", &table);
        let by_hand = permissions_table(BY_HAND);
        part("docs/operations.md", "permissions-by-hand", &by_hand);
        part("docs/operations.md", "events", &events);
        part("README.md", "permissions", &table);
        part("README.md", "events", &events);
    }
}
