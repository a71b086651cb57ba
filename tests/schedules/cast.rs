//! The people who carry the hotfix: they do what the status comment asks them to
//! do, as it asks it, and nothing that it does not ask.

use std::collections::BTreeMap;

use hotfix_bot::rehearsal::View;
use hotfix_bot::sim::registry::index_moves;
use hotfix_bot::sim::{Person, Verdict};

use super::play::Play;
use super::schedule::MINUTE;

/// The complete answers of the matrix that say P0.
const ASSESS: &str =
    "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";
/// How often the same is said.
const TIMES: u32 = 5;
/// And how long after the last time.
const AGAIN: i64 = 15 * MINUTE;

/// What they did.
#[derive(Default)]
pub struct Cast {
    /// When each thing was done last, and how often.
    done: BTreeMap<String, (i64, u32)>,
    fixes: u32,
    /// Whether somebody asked to take the release back.
    pub took_back: bool,
}

/// The text without what is folded away.
pub fn unfolded(text: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    for line in text.lines() {
        let opens = line.matches("<details").count();
        if depth == 0 && opens == 0 {
            out.push_str(line);
            out.push('\n');
        }
        depth = (depth + opens).saturating_sub(line.matches("</details>").count());
    }
    out
}

/// What the status comment says that people can do: each line of the list with
/// the command below it.
pub fn asked(status: &str) -> Vec<(String, Option<String>)> {
    let text = unfolded(status);
    let mut all: Vec<(String, Option<String>)> = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with("**Can be done now") {
            within = true;
        } else if !within {
            continue;
        } else if let Some(item) = line.strip_prefix("- ") {
            all.push((item.to_owned(), None));
        } else if let Some(command) = line.strip_prefix("  ").map(str::trim)
            && command.starts_with("/hotfix")
            && let Some(last) = all.last_mut()
            && last.1.is_none()
        {
            last.1 = Some(command.to_owned());
        } else if !line.starts_with(' ') && !line.is_empty() {
            within = false;
        }
    }
    all
}

impl Cast {
    /// Whether it is time to do this, and it was not done too often.
    fn may(&mut self, what: &str, now: i64) -> bool {
        let (last, times) = self.done.entry(what.to_owned()).or_insert((i64::MIN, 0));
        if *times >= TIMES || now < last.saturating_add(AGAIN) {
            return false;
        }
        (*last, *times) = (now, *times + 1);
        true
    }
}

impl Play {
    /// One thing that somebody does now; what it was.
    pub fn turn(&mut self) -> Option<String> {
        let now = self.now();
        let Some(issue) = self.issue else {
            return self.reports();
        };
        if self.back && !self.cast.took_back && self.is_done() && self.is_out() {
            self.cast.took_back = true;
            let text = "/hotfix rollback reason=\"it burns\"";
            let done = self.says("maintainer", issue, text);
            return Some(format!("the maintainer says {text}: {done:?}"));
        }
        let items = asked(&self.status()?);
        for (item, command) in items {
            let lower = item.to_lowercase();
            let text = match command {
                Some(command) => self.completed(command),
                None if lower.contains("approving review") => {
                    let pull = self.look(|view| view.pull().map(|it| it.number))?;
                    let head = self.head().unwrap_or_default();
                    if self.cast.may(&format!("approve {head}"), now) {
                        let hand = self.person("maintainer");
                        let done = hand.review(pull, Verdict::Approve, "Good.");
                        return Some(format!("the maintainer approves: {:?}", done.is_ok()));
                    }
                    continue;
                }
                None if lower.starts_with("a fix on") => {
                    if self.cast.may("fix", now) {
                        return Some(self.fixes());
                    }
                    continue;
                }
                None if lower.contains("yank by an owner") => {
                    if self.cast.may("yank", now) {
                        return Some(self.yanks());
                    }
                    continue;
                }
                None if lower.contains("reopen") => {
                    let pull = self.look(|view| view.pull().map(|it| (it.number, it.open)));
                    if let Some((pull, false)) = pull
                        && self.cast.may("reopen", now)
                    {
                        let done = self.person("developer").reopen(pull);
                        return Some(format!("the developer reopens it: {:?}", done.is_ok()));
                    }
                    continue;
                }
                None => continue,
            };
            // A box that is said to be ticked by the reporter is theirs.
            let who = match text.contains("confirm-fixed") {
                true => "reporter",
                false => "maintainer",
            };
            if self.cast.may(&text, now) {
                let done = self.says(who, issue, &text);
                return Some(format!("the {who} says {text}: {done:?}"));
            }
        }
        None
    }

    /// Whether the version is out.
    fn is_out(&self) -> bool {
        self.look(|view| {
            let release = view.repo.releases.by_tag("v1.0.5");
            release.is_some_and(|it| !it.draft)
        })
    }

    /// An owner yanks the version at the registry.
    fn yanks(&self) -> String {
        let mut world = self.sim().world();
        let (now, visible) = (world.now(), index_moves(&mut world));
        let registry = &mut world.registry;
        let done = registry.set_yanked(now, visible, "lantern", "1.0.5", true, None);
        format!("an owner yanks it: {:?}", done.is_some())
    }

    /// A command as a person completes it.
    fn completed(&self, command: String) -> String {
        if command.starts_with("/hotfix assess") {
            return ASSESS.to_owned();
        }
        command.replace("\"…\"", "…").replace('…', "\"it is so\"")
    }

    /// The issue, and its label.
    fn reports(&mut self) -> Option<String> {
        let text = "Since 1.0.4 it ends at once.";
        let opened = self
            .person("reporter")
            .open_issue("lantern does not start", text);
        let issue = opened.ok()?;
        self.issue = Some(issue);
        let _ = self.person("maintainer").label(issue, "P0");
        Some("the maintainer labels the issue P0".to_owned())
    }

    /// A fix with its test.
    fn fixes(&mut self) -> String {
        self.cast.fixes += 1;
        let text = format!("pub fn fix() -> u32 {{\n    {}\n}}\n", self.cast.fixes);
        let files = [
            ("src/fix.rs", Some(text.as_str())),
            ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
        ];
        let branch = self.branch();
        let done = self
            .person("developer")
            .push_commit(&branch, "fix: start again", &files);
        format!("the developer pushes a fix to {branch}: {:?}", done.is_ok())
    }

    /// Somebody says something; remembered, because comments can be deleted.
    pub fn says(&mut self, who: &'static str, issue: u64, text: &str) -> Option<u64> {
        let id = self.person(who).comment(issue, text).ok()?;
        let at = self.now();
        let lately = |moment: i64| at - moment < MINUTE;
        let just_now = |it: &super::promises::Said| {
            // What came late may have its answer only now.
            let answered = || {
                let world = self.sim().world();
                let mut comments = world
                    .repos
                    .values()
                    .filter_map(|repo| repo.comments.get(&it.id));
                comments.any(|it| it.reactions.iter().any(|it| lately(it.at)))
            };
            it.who == who && (lately(it.at) || answered())
        };
        let hushed = self.demoted_until.is_some() && self.said.iter().any(just_now);
        self.said.push(super::promises::Said {
            at,
            who,
            id,
            text: text.to_owned(),
            hushed,
        });
        Some(id)
    }

    pub fn person(&self, login: &str) -> Person {
        self.sim().person(login, self.scene().repo)
    }

    pub fn look<T>(&self, at: impl FnOnce(&View<'_>) -> T) -> T {
        let world = self.sim().world();
        at(&View::new(&world, self.scene()).expect("the repository"))
    }

    /// The hotfix branch's short name.
    pub fn branch(&self) -> String {
        let branch = self.look(|view| view.branch().map(str::to_owned));
        branch.unwrap_or_else(|| "hotfix/v1.0.5".to_owned())
    }

    /// The commit that the hotfix branch stands at.
    pub fn head(&self) -> Option<String> {
        let name = format!("refs/heads/{}", self.branch());
        self.look(|view| view.repo.git.read_ref(&name))
    }

    /// The newest status comment of the issue.
    pub fn status(&self) -> Option<String> {
        self.look(|view| view.status().map(|it| it.body.clone()))
    }
}
