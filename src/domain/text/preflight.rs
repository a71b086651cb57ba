//! What preflight found, in words: what it costs, and the way out.

use super::app::permission;
use super::markdown::{code, count, fold, inline, link};
use super::names;
use super::signatures;
use super::words::{Words, only, with};
use crate::domain::ids::Sha;
use crate::domain::need::{Finding, Forbidden, Grade, Unread};
use crate::domain::objects::{MergeMethod, PullKind, Right, Takes};
use crate::domain::outside::Outside;
use crate::domain::procedure::findings::findings;
use crate::domain::procedure::target;
use crate::domain::view::View;

/// The fold of the status comment: everything that was found; none where nothing
/// was, and after the tag.
pub fn preflight(view: &View<'_>) -> Option<String> {
    if view.proofs().tagged.is_some() {
        return None;
    }
    let all = findings(&view.case);
    if all.is_empty() {
        return None;
    }
    let item = |finding: &Finding| {
        let mark = match finding.grade() {
            Grade::Stops => "✗ ",
            Grade::ByHand | Grade::Costs | Grade::Note => "",
        };
        let words = line(finding, view);
        inline(&format!("- {mark}{}: {words}", code(finding.name())))
    };
    let body: Vec<String> = all.iter().map(item).collect();
    let title = format!("Preflight: {}", count(all.len() as u64, "finding"));
    Some(fold(&title, &body.join("\n"), false))
}

/// What it costs, and the way out: one line of Markdown without a full stop.
pub(super) fn line(finding: &Finding, view: &View<'_>) -> String {
    format!("{}. {}", costs(finding, view), way_out(finding, view))
}

/// What it costs, or what it means.
pub(super) fn costs(finding: &Finding, view: &View<'_>) -> String {
    match finding {
        Finding::Lacks { right, stops } => {
            let missing = format!(
                "the App lacks the permission {} ({})",
                code(right.name()),
                code(right.level())
            );
            let without = match right {
                Right::Workflows if *stops => {
                    "GitHub does not let it make a branch with other workflow files than the default branch's, as the release has"
                }
                right => permission(*right).map_or("", |it| it.without),
            };
            format!("{missing}: {without}")
        }
        Finding::Archived => "the repository is archived: nothing can be changed in it".to_owned(),
        Finding::Forbidden {
            what,
            name,
            ruleset,
            url,
            sure,
        } => {
            let set = match url.as_str() {
                "" => code(ruleset),
                url => link(&code(ruleset), url),
            };
            let verb = match what {
                Forbidden::CreateBranch => "make",
                Forbidden::PushBranch => "push to",
                Forbidden::DeleteBranch => "delete",
                Forbidden::CreateTag => "make the tag",
                Forbidden::Merge => "merge into",
            };
            let may = if *sure { "does" } else { "may" };
            format!(
                "the ruleset {set} {may} not let the bot {verb} {}{}",
                code(name),
                match what {
                    Forbidden::DeleteBranch => ", which stays when everything is done",
                    _ => "",
                }
            )
        }
        Finding::Queue { branch } => format!(
            "what goes to {} goes through its merge queue: the tag does not wait for it",
            code(branch)
        ),
        Finding::Reviews {
            branch,
            approvals,
            code_owners,
        } => format!(
            "{} takes what {} approved: the merge waits for that, the tag does not",
            code(branch),
            match (approvals, code_owners) {
                (0 | 1, _) => "a code owner".to_owned(),
                (n, false) => format!("{n} people"),
                (n, true) => format!("{n} people, one of them a code owner,"),
            }
        ),
        Finding::Signatures {
            branch,
            unsigned,
            rebased,
        } => signatures::costs(branch, unsigned, *rebased, view),
        Finding::Method { branch, method } => format!(
            "{} takes no merge commits: the pull request is merged by {}",
            code(branch),
            match method {
                MergeMethod::Merge => "merge",
                MergeMethod::Squash => "squash",
                MergeMethod::Rebase => "rebase",
            }
        ),
        Finding::Refuses {
            file,
            environment,
            takes,
        } => format!(
            "the environment {} does not take {} ({}): {} would fail after the tag",
            code(environment),
            code(&names::tag_or_hotfix(view)),
            taken(takes),
            code(file)
        ),
        Finding::Waits {
            file,
            environment,
            reviewers,
            minutes,
        } => {
            let people = (*reviewers > 0).then(|| "for an approval".to_owned());
            let time = (*minutes > 0).then(|| count(*minutes, "minute"));
            let both: Vec<_> = people.into_iter().chain(time).collect();
            format!(
                "{} waits {} before it deploys to {}",
                code(file),
                both.join(" and "),
                code(environment)
            )
        }
        Finding::Immutable => {
            "releases are immutable: what is published can be taken back nowhere, and no file can be added to it".to_owned()
        }
        Finding::Unread { what } => format!(
            "{} could not be read, so nothing was found there and nothing is known to be right",
            match what {
                Unread::Rights => "what the App was granted",
                Unread::Rulesets => "the rulesets",
                Unread::Environments => "the environments",
                Unread::Immutable => "whether releases are immutable",
            }
        ),
    }
}

fn taken(takes: &Takes) -> String {
    match takes {
        Takes::Protected => "protected branches alone".to_owned(),
        Takes::Named(refs) if refs.is_empty() => "nothing".to_owned(),
        Takes::Named(refs) => {
            let one = |(tags, name): &(bool, String)| {
                format!("{} {}", if *tags { "tags" } else { "branches" }, code(name))
            };
            refs.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Takes::All | Takes::Unknown => "not known what".to_owned(),
    }
}

/// What mends it, or how to do without.
pub(super) fn way_out(finding: &Finding, view: &View<'_>) -> String {
    let page = |words: &str, path: &str| match names::page(view, path) {
        none if none.is_empty() => words.to_owned(),
        page => link(words, &page),
    };
    let bypass = || {
        format!(
            "Let the App pass the ruleset by ({})",
            page("rules", "settings/rules")
        )
    };
    match finding {
        Finding::Lacks { .. } => format!(
            "Grant it: in the App's permissions, then in the {}",
            page("installation", "settings/installations")
        ),
        Finding::Archived => format!("Unarchive it ({})", page("settings", "settings")),
        Finding::Forbidden { what, .. } => match what {
            Forbidden::CreateBranch => format!("{}, or make the branch by hand", bypass()),
            Forbidden::PushBranch => {
                format!(
                    "{}, or let the configuration name the branch otherwise",
                    bypass()
                )
            }
            Forbidden::DeleteBranch => format!("{}, or delete it by hand in the end", bypass()),
            Forbidden::CreateTag => format!(
                "{}, or push the tag by hand: the command stands here after the decision",
                bypass()
            ),
            Forbidden::Merge => format!("{}, or merge by hand after the tag", bypass()),
        },
        Finding::Queue { .. } => {
            format!(
                "{}, or put the pull request into the queue after the tag",
                bypass()
            )
        }
        Finding::Reviews { .. } => format!(
            "{}, or have them approve the pull request, also after the tag: it is merged then",
            bypass()
        ),
        Finding::Signatures {
            branch,
            rebased: true,
            ..
        } => signatures::not_rebased(branch, view),
        Finding::Signatures { unsigned, .. } => signatures::way_out(unsigned, view),
        Finding::Method { .. } | Finding::Waits { reviewers: 0, .. } => {
            "Nothing needs to be done".to_owned()
        }
        Finding::Refuses { .. } => format!(
            "Add the tag's name to what the environment takes ({})",
            page("environments", "settings/environments")
        ),
        Finding::Waits { .. } => "Somebody who may approve should be there".to_owned(),
        Finding::Immutable => "Look at everything that ships before the decision".to_owned(),
        Finding::Unread { what } => match what {
            Unread::Immutable => format!(
                "The permission {} ({}) shows it",
                code(Right::Administration.name()),
                code(Right::Administration.level())
            ),
            Unread::Environments => format!(
                "The permission {} ({}) shows them",
                code(Right::Actions.name()),
                code("read")
            ),
            _ => "What stands in the way is said when GitHub refuses it".to_owned(),
        },
    }
}

/// The branch is not made.
pub(super) fn held(finding: &Finding, view: &View<'_>) -> Words {
    let mut line = format!("settings: {}", line(finding, view));
    let by_hand = matches!(
        finding,
        Finding::Lacks {
            right: Right::Workflows,
            ..
        } | Finding::Forbidden {
            what: Forbidden::CreateBranch,
            ..
        }
    );
    let base = view.line.seen.base.get();
    if let (true, Some(base), Some(branch)) = (by_hand, base, names::branch(view)) {
        let make = format!(
            "git fetch origin --tags && git push origin {}:refs/heads/{}",
            base.commit.as_str(),
            shell(&branch)
        );
        line = format!("{line}. By hand: {}", code(&make));
    }
    with(
        line,
        "What is mended is seen within minutes. To try it all the same",
        "/hotfix waive preflight reason=…",
    )
}

fn shell(text: &str) -> String {
    Outside::from(text).shell()
}

/// How the branch takes a merge.
fn method(view: &View<'_>) -> &'static str {
    let base = view.line.seen.base.get();
    base.map_or(MergeMethod::Merge, |base| {
        target::merge_method(&view.case, base, PullKind::Hotfix)
    })
    .as_str()
}

/// A person merges.
pub(super) fn merge_now(number: u64, kind: PullKind, finding: &Finding, view: &View<'_>) -> Words {
    let what = match kind {
        PullKind::Hotfix => "the merge of",
        PullKind::Port => "the merge of the forward-port",
        PullKind::Known => "the merge of the known issue's pull request",
    };
    let (why, how) = match finding {
        Finding::Queue { branch } => (
            format!("{} has a merge queue", code(branch)),
            format!("gh pr merge {number}"),
        ),
        other => (
            costs(other, view),
            format!("gh pr merge {number} --{}", method(view)),
        ),
    };
    only(format!(
        "{what} {}, by hand, for {why}: {}",
        names::pull(view, number),
        code(&how)
    ))
}

/// Who keeps the bot from making the tag, as the beginning of a sentence; without
/// a ruleset it is the right that is missing.
pub(super) fn not_let(ruleset: &str) -> String {
    match ruleset {
        "" => format!(
            "GitHub does not let an App without the permission {}",
            code(Right::Workflows.name())
        ),
        ruleset => format!("the ruleset {} does not let the bot", code(ruleset)),
    }
}

/// The tag, which only a person may push.
pub(super) fn tag_command(tag: &str, head: &Sha) -> String {
    let name = shell(tag);
    format!(
        "git fetch origin && git tag -a {name} {} -m {name} && git push origin {name}",
        head.as_str()
    )
}
