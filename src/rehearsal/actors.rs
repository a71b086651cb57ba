//! The people of the rehearsal. Each of them sees what stands on the pages and
//! does the next thing some time later, once for each reason.

use std::collections::BTreeSet;

use super::own::fix::{Edit, Fix};
use super::view::{self, View, short};
use crate::sim::clock::Millis;

const MINUTE: Millis = 60_000;
/// How often a run that fails is tried.
const ATTEMPTS: u32 = 3;

/// Who acts. The logins are these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Found the bug; may read.
    Reporter,
    /// Mends it; may push.
    Developer,
    /// Decides; may release.
    Maintainer,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 3] = [Part::Reporter, Part::Developer, Part::Maintainer];

    /// The login.
    pub fn login(self) -> &'static str {
        match self {
            Part::Reporter => "reporter",
            Part::Developer => "developer",
            Part::Maintainer => "maintainer",
        }
    }
}

/// Something that a person does by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opens the issue.
    OpenIssue {
        /// The title.
        title: String,
        /// The text.
        body: String,
    },
    /// Labels an issue.
    Label {
        /// The issue.
        issue: u64,
        /// The label.
        label: String,
    },
    /// Comments on an issue or pull request.
    Comment {
        /// Its number.
        issue: u64,
        /// The text.
        body: String,
    },
    /// Commits and pushes.
    Push {
        /// The branch.
        branch: String,
        /// The message.
        message: String,
        /// What changes.
        files: Vec<Edit>,
    },
    /// Picks a commit onto a branch and pushes.
    Pick {
        /// The branch.
        branch: String,
        /// The commit.
        sha: String,
        /// Its first line.
        title: String,
    },
    /// Resolves the conflicts on a draft, keeping both sides, and takes it out
    /// of draft.
    Resolve {
        /// Its number.
        pull: u64,
        /// Its branch.
        branch: String,
    },
    /// Publishes the tag's package, where no workflow does.
    Publish {
        /// Its name.
        package: String,
        /// Its version.
        version: String,
    },
    /// Publishes a GitHub release, where no workflow does.
    Release {
        /// Its tag.
        tag: String,
        /// Its assets' names.
        assets: Vec<String>,
    },
    /// Approves the pull request's present head.
    Approve {
        /// Its number.
        pull: u64,
        /// The text.
        body: String,
    },
}

/// An act to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What it follows from; nobody acts twice on one cause.
    pub cause: String,
    /// When.
    pub at: Millis,
    /// What.
    pub act: Act,
}

/// A person at work.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Which.
    pub part: Part,
    done: BTreeSet<String>,
}

impl Actor {
    /// Somebody who has done nothing yet.
    pub fn new(part: Part) -> Actor {
        Actor {
            part,
            done: BTreeSet::new(),
        }
    }

    /// The next thing to do, as things stand: it may change while they do.
    pub fn next(&self, view: &View<'_>) -> Option<Intent> {
        let wanted = match self.part {
            Part::Reporter => reporter(view),
            Part::Developer => developer(view),
            Part::Maintainer => maintainer(view),
        };
        let open = wanted.into_iter().filter(|i| !self.done.contains(&i.cause));
        open.min_by_key(|i| i.at)
    }

    /// Notes that this was done, or tried.
    pub fn did(&mut self, intent: &Intent) {
        self.done.insert(intent.cause.clone());
    }
}

fn intent(cause: impl Into<String>, at: Millis, act: Act) -> Intent {
    Intent {
        cause: cause.into(),
        at,
        act,
    }
}

fn say(cause: impl Into<String>, at: Millis, issue: u64, body: impl Into<String>) -> Intent {
    intent(
        cause,
        at,
        Act::Comment {
            issue,
            body: body.into(),
        },
    )
}

/// Since when one of the bot's comments on the issue has had `words`.
fn asked_since(view: &View<'_>, words: &str) -> Option<Millis> {
    let since = |c: &&_| view::since(c, |text| text.contains(words));
    view.bot_comments().iter().filter_map(since).min()
}

fn reporter(view: &View<'_>) -> Vec<Intent> {
    let Some(issue) = view.issue() else {
        let (title, body) = (
            view.scene.story.title.clone(),
            view.scene.story.body.clone(),
        );
        let at = view.scene.started + MINUTE;
        return vec![intent("bug", at, Act::OpenIssue { title, body })];
    };
    let mut wanted = Vec::new();
    if let (Some(out), Some(asked)) = (view.out_since(), asked_since(view, "confirm-fixed")) {
        let at = out.max(asked) + 9 * MINUTE;
        wanted.push(say(
            "out",
            at,
            issue.number,
            "Works again, thank you.\n\n/hotfix confirm-fixed",
        ));
    }
    wanted
}

fn developer(view: &View<'_>) -> Vec<Intent> {
    let (Some(issue), Some(pull)) = (view.issue(), view.pull()) else {
        return Vec::new();
    };
    if let Some((port, branch)) = draft_of_the_bot(view, pull.number) {
        let act = Act::Resolve {
            pull: port.number,
            branch,
        };
        let at = port.created_at + 18 * MINUTE;
        return vec![intent(format!("resolve {}", port.number), at, act)];
    }
    let Some(branch) = pull
        .pull
        .as_ref()
        .filter(|p| p.merged.is_none())
        .map(|p| p.head.clone())
    else {
        return Vec::new();
    };
    let act = match &view.scene.story.fix {
        Fix::Files { title, why, files } => Act::Push {
            branch,
            message: format!("{title}\n\n{why}\n\nRefs #{}", issue.number),
            files: files.clone(),
        },
        Fix::Pick { sha, title } => Act::Pick {
            branch,
            sha: sha.clone(),
            title: title.clone(),
        },
    };
    vec![intent(
        format!("pull {}", pull.number),
        pull.created_at + 25 * MINUTE,
        act,
    )]
}

/// The bot's other pull request, while it waits for a person: who sees the
/// draft sees the files that it names.
fn draft_of_the_bot<'a>(
    view: &View<'a>,
    hotfix: u64,
) -> Option<(&'a crate::sim::world::Issue, String)> {
    view.repo.issues.values().find_map(|issue| {
        let pull = issue.pull.as_ref()?;
        let ours = issue.author == view.scene.bot && issue.number != hotfix;
        (ours && issue.open && pull.draft).then(|| (issue, pull.head.clone()))
    })
}

fn maintainer(view: &View<'_>) -> Vec<Intent> {
    let Some(issue) = view.issue() else {
        return Vec::new();
    };
    let number = issue.number;
    let label = Act::Label {
        issue: number,
        label: "P0".to_owned(),
    };
    let mut wanted = vec![intent("report", issue.created_at + 12 * MINUTE, label)];
    if let Some(asked) = asked_since(view, "/hotfix assess") {
        let answer =
            "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";
        wanted.push(say("matrix", asked + 2 * MINUTE, number, answer));
    }
    wanted.extend(before_the_tag(view, number));
    wanted.extend(after_the_tag(view, number));
    wanted
}

/// Review, manual test, decision.
fn before_the_tag(view: &View<'_>, issue: u64) -> Vec<Intent> {
    let mut wanted = Vec::new();
    let Some((pull, head)) = view.pull().zip(view.head()) else {
        return wanted;
    };
    let branch = pull
        .pull
        .as_ref()
        .map(|p| format!("refs/heads/{}", p.head))
        .unwrap_or_default();
    let by_people = view.changes(&branch).iter().any(|c| c.by != view.scene.bot);
    let Some(green) = green_since(view, &branch, &head).filter(|_| by_people) else {
        return wanted;
    };
    let body = "Small, and the test shows the bug.".to_owned();
    let approve = Act::Approve {
        pull: pull.number,
        body,
    };
    // Nobody approves what they wrote themselves.
    if view.scene.people > 1 {
        let at = green + 3 * MINUTE;
        wanted.push(intent(format!("review {head}"), at, approve));
    }
    let Some(status) = view.status() else {
        return wanted;
    };
    const TESTS: &str = "/hotfix check tests-added";
    if let Some(asked) = view::since(status, |text| view::unfolded(text).contains(TESTS)) {
        let text = format!("{TESTS} note=\"the tests that are there show it\"");
        let at = asked.max(green) + 5 * MINUTE;
        wanted.push(say(format!("tests {head}"), at, issue, text));
    }
    const PATH: &str = "/hotfix check critical-path";
    if let Some(asked) = view::since(status, |text| view::unfolded(text).contains(PATH)) {
        let text = format!("{PATH} note=\"cargo test on {}: passed\"", short(&head));
        let at = asked.max(green) + 6 * MINUTE;
        wanted.push(say(format!("path {head}"), at, issue, text));
    }
    if let Some(asked) = view::since(status, |text| is_open(text, "manual-test")) {
        let text =
            "/hotfix check manual-test note=\"tried what was reported: Linux, macOS, Windows\"";
        wanted.push(say(
            format!("try {head}"),
            asked.max(green) + 7 * MINUTE,
            issue,
            text,
        ));
    }
    if let Some(line) =
        offer(&status.body).filter(|l| l.ends_with(short(&head)) || l.ends_with(&head))
        && let Some(offered) = view::since(status, |text| offer(text).as_deref() == Some(&line))
    {
        wanted.push(say(line.clone(), offered + 4 * MINUTE, issue, line));
    }
    wanted
}

/// Retries and the fresh install.
fn after_the_tag(view: &View<'_>, issue: u64) -> Vec<Intent> {
    let mut wanted = Vec::new();
    let offered = asked_since(view, "/hotfix retry");
    let broken = view.repo.actions.runs.values().filter(|r| {
        let file = view::file_of(r).to_owned();
        let roles = &view.scene.roles;
        let known = roles.tests.contains(&file) || roles.tagged.contains(&file);
        // What fails time after time is no chance.
        let again = r.attempt < ATTEMPTS;
        known && again && is_broken(r) && r.created_at >= view.scene.started
    });
    for run in broken {
        if let Some(offered) = offered {
            let at = offered.max(run.updated_at) + 5 * MINUTE;
            wanted.push(say(
                format!("failed {} {}", run.id, run.attempt),
                at,
                issue,
                "/hotfix retry",
            ));
        }
    }
    wanted.extend(by_hand(view));
    if let Some(asked) = asked_since(view, "/hotfix check root-cause") {
        let text = "/hotfix check root-cause note=\"a case that no test had\"\n\
            /hotfix check prevention note=\"the fix brings that test\"";
        wanted.push(say("cause", asked + 7 * MINUTE, issue, text));
    }
    let asked = asked_since(view, "check fresh-install");
    if let Some((out, asked)) = view.out_since().zip(asked) {
        let text = "/hotfix check fresh-install";
        wanted.push(say("install", out.max(asked) + 6 * MINUTE, issue, text));
    }
    wanted
}

/// What no workflow did, once everything that the tag started is over: the
/// release first, because a workflow may wait for it.
fn by_hand(view: &View<'_>) -> Vec<Intent> {
    let mut wanted = Vec::new();
    let Some((tag, version)) = view.tag().zip(view.version()) else {
        return wanted;
    };
    let name = format!("refs/tags/{tag}");
    let Some(tagged) = view.changes(&name).last().map(|c| c.at) else {
        return wanted;
    };
    let commit = view.repo.git.read_ref(&name);
    let commit = commit.and_then(|target| view.repo.git.peel(&target));
    let runs = || {
        let all = view.repo.actions.runs.values();
        let roles = &view.scene.roles;
        // What else runs on the default branch is no matter of the release.
        let of_tag = |r: &&crate::sim::actions::Run| {
            let chained = r.event != "push" && roles.tagged.contains(&view::file_of(r).to_owned());
            Some(&r.head_sha) == commit.as_ref() || chained
        };
        all.filter(move |r| r.created_at >= tagged)
            .filter(of_tag)
            .collect::<Vec<_>>()
    };
    if runs()
        .iter()
        .any(|r| r.status != "completed" || is_broken(r))
    {
        return wanted;
    }
    let over = runs().iter().map(|r| r.updated_at).max().unwrap_or(tagged);
    if view.release(&tag).is_none() {
        let base = view.release(&view.scene.base_tag);
        let renamed = |name: &str| name.replace(&view.scene.base_version, version);
        let assets = base.map_or(Vec::new(), |r| {
            r.assets.iter().map(|a| renamed(&a.name)).collect()
        });
        let act = Act::Release { tag, assets };
        wanted.push(intent("release by hand", over + 8 * MINUTE, act));
    } else if view.scene.package.published && view.on_registry().is_none() {
        let act = Act::Publish {
            package: view.scene.package.name.clone(),
            version: version.to_owned(),
        };
        wanted.push(intent("publish by hand", over + 6 * MINUTE, act));
    }
    wanted
}

/// Whether a run ended otherwise than well.
fn is_broken(run: &crate::sim::actions::Run) -> bool {
    let end = run.conclusion.as_deref();
    end.is_some_and(|c| c != "success" && c != "skipped" && c != "neutral")
}

/// Since when nothing more is to come from machines on the branch's head: every
/// required test that runs there has passed, and no other run is under way.
fn green_since(view: &View<'_>, branch: &str, sha: &str) -> Option<Millis> {
    let runs = view.runs_on(sha);
    if runs.iter().any(|r| r.status != "completed") {
        return None;
    }
    let pushed = view.changes(branch).last().map(|c| c.at)?;
    let mut since = pushed;
    for file in &view.scene.roles.tests {
        if !view.tests_on(file, sha).is_empty() {
            since = since.max(view.green(file, sha)?.updated_at);
        }
    }
    Some(since)
}

/// Whether an item's box in the status comment is empty.
fn is_open(text: &str, item: &str) -> bool {
    let mark = format!("<!-- item:{item} -->");
    text.lines()
        .any(|line| line.contains(&mark) && line.contains("[ ]"))
}

/// The line `/hotfix release <sha>` that is offered in plain sight.
fn offer(text: &str) -> Option<String> {
    const COMMAND: &str = "/hotfix release ";
    let text = view::unfolded(text);
    text.match_indices(COMMAND).find_map(|(at, _)| {
        let rest = text.get(at + COMMAND.len()..)?;
        let sha: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        (7..=40)
            .contains(&sha.len())
            .then(|| format!("{COMMAND}{sha}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maintainer_copies_the_line_that_is_offered() {
        let text = "**Needed now:** a decision: `/hotfix release 9f3c2ab`\n<details>\n`/hotfix release abcdef0`\n</details>";
        assert_eq!(offer(text).as_deref(), Some("/hotfix release 9f3c2ab"));
        assert_eq!(offer("`/hotfix release <sha7>`"), None);
        assert_eq!(
            offer("<details>\n`/hotfix release abcdef0`\n</details>"),
            None
        );
    }

    #[test]
    fn an_empty_box_is_seen() {
        let text =
            "- [ ] Manually tested <!-- item:manual-test -->\n- [x] Tagged <!-- item:tagged -->";
        assert!(is_open(text, "manual-test"));
        assert!(!is_open(text, "tagged"));
    }
}
