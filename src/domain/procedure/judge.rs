//! Before the decision: whether the fix changes that by which it is judged.
//!
//! Looked at are the files of the base and those of the head: a fix that takes a
//! script out of its workflow has changed the workflow, and one that puts it in
//! has, too. What a script calls in turn is not known; so a folder of scripts
//! counts whole once a job runs one of them.

use std::collections::BTreeSet;

use super::authors::{authors, single_handed};
use super::branch::Branched;
use super::checks::wanted;
use super::commits::is_ours;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::required::{left_out, required};
use super::step::{Case, Step};
use crate::domain::command::Overridable;
use crate::domain::ids::Person;
use crate::domain::need::{CheckFrom, NeedKind, RequiredBy, Who};
use crate::domain::objects::{File, Head, Workflow};
use crate::domain::workflow_file::{Leans, fits};

/// The fix is judged by what it did not make, or a commander passes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged;

/// Files that decide what the tests are and say, whatever runs them.
const SETTINGS: &[&str] = &[
    "nextest.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "pytest.ini",
    "tox.ini",
    "conftest.py",
    "noxfile.py",
    "jest.config.*",
    "vitest.config.*",
    ".mocharc*",
    "phpunit.xml*",
    ".rspec",
];

/// Ends of names of what a shell, or another interpreter, runs.
const SHELL: &[&str] = &[
    "sh", "bash", "zsh", "ksh", "fish", "ps1", "psm1", "bat", "cmd", "mk", "awk", "sed", "bats",
];
const SCRIPTS: &[&str] = &[
    "py", "rb", "pl", "js", "mjs", "cjs", "ts", "lua", "php", "tcl", "groovy", "yml", "yaml",
    "json", "toml",
];

/// Folders that hold what others run.
const FOLDERS: &[&str] = &["scripts", "script", "ci", ".ci", "tools", "hack", ".github"];

/// Folders of the product itself, and of what is said about it.
const PRODUCT: &[&str] = &["src", "docs", "benches"];

/// GitHub lists so many changed files of a comparison.
pub(super) const LISTED: usize = 300;

/// Nothing of it is changed, or a commander who wrote nothing of the fix has
/// passed it for this head.
pub fn judge(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Judged> {
    let head = &fixed.head;
    if is_passed(c, &Overridable::Judge, head) {
        return Step::Done(Judged);
    }
    let paths = brought(c, branched);
    if paths.is_empty() {
        return Step::Done(Judged);
    }
    let head = head.clone();
    Step::wait(Who::Commander, NeedKind::OwnJudge { head, paths })
}

/// Whether this commander may pass it: who wrote nothing of the fix; where only
/// one person can write here, or authors may approve, there is nobody else.
pub fn may_pass(c: &Case<'_>, branched: &Branched, who: &Person) -> bool {
    let commits = branched.head.as_ref().map(|head| head.commits.as_slice());
    let commits = commits.unwrap_or_default();
    let alone = single_handed(c, commits).is_some_and(|one| one.is(who));
    alone || c.policy.merge.allow_self_approval || authors(c, commits).part(who).is_none()
}

/// What people's commits change of that by which the head is judged.
pub fn brought(c: &Case<'_>, branched: &Branched) -> Vec<String> {
    let Some(head) = &branched.head else {
        return Vec::new();
    };
    let judges = Judges::of(c, branched);
    let by_people = by_people(c, head);
    let touched = |file: &File| {
        let was = file.was.as_deref().into_iter();
        let mut paths = was.chain([file.path.as_str()]);
        by_people
            .as_ref()
            .is_none_or(|by| paths.any(|path| by.contains(path)))
    };
    let files = head.files.iter().filter(|file| touched(file));
    let mut paths: BTreeSet<&str> = files
        .filter(|file| judges.is_one(file))
        .map(|file| file.path.as_str())
        .collect();
    // What a long list leaves out is in the commits.
    if head.files.len() >= LISTED {
        let more = by_people.into_iter().flatten();
        paths.extend(more.filter(|path| judges.is_named(path)));
    }
    paths.into_iter().map(str::to_owned).collect()
}

/// The paths that people's commits touch; none where not all of them are known.
fn by_people<'a>(c: &Case<'_>, head: &'a Head) -> Option<BTreeSet<&'a str>> {
    let by_people = head
        .commits
        .iter()
        .filter(|commit| !is_ours(c.line, commit));
    let mut paths = BTreeSet::new();
    for commit in by_people {
        if commit.unread {
            return None;
        }
        paths.extend(commit.paths.iter().map(String::as_str));
    }
    Some(paths)
}

/// That by which a head is judged.
struct Judges {
    /// The workflow files, by their paths.
    workflows: BTreeSet<String>,
    /// What they use of the repository.
    leans: Leans,
}

impl Judges {
    fn of(c: &Case<'_>, branched: &Branched) -> Judges {
        let mut names = required(c, branched);
        names.extend(left_out(c, branched));
        for check in wanted(c, branched) {
            match check.by {
                RequiredBy::Rules {
                    from: CheckFrom::Job(file),
                    ..
                } => names.push(file),
                RequiredBy::Rules {
                    from: CheckFrom::App | CheckFrom::Nothing,
                    ..
                } => {}
                // Any of them may be what makes the check.
                _ => {
                    let all = branched.base.workflows.iter().chain(branched.at_tag());
                    names.extend(all.map(|workflow| workflow.name().to_owned()));
                }
            }
        }
        let mut judges = Judges {
            workflows: BTreeSet::new(),
            leans: Leans::default(),
        };
        // Each may call others; the list grows while it is read.
        let mut at = 0;
        while let Some(name) = names.get(at).cloned() {
            at += 1;
            let of = |all: &'_ [Workflow]| all.iter().position(|w| w.name() == name);
            let sides = [branched.base.workflows.as_slice(), branched.at_tag()];
            for workflow in sides.iter().filter_map(|all| all.get(of(all)?)) {
                judges.workflows.insert(workflow.path.clone());
                judges.leans.add(&workflow.file.leans);
                for call in &workflow.file.calls {
                    if !names.contains(call) {
                        names.push(call.clone());
                    }
                }
            }
        }
        judges
    }

    fn is_one(&self, file: &File) -> bool {
        // Tests that grow are what a fix should bring.
        let grows = file.test && file.additions >= file.deletions && !file.removed;
        let was = file.was.as_deref().into_iter();
        let mut paths = was.chain([file.path.as_str()]);
        let counts = |path: &str| (!grows || ends(path, SHELL)) && self.is_named(path);
        file.weaker || paths.any(counts)
    }

    fn is_named(&self, path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        if self.workflows.contains(path) || is_setting(folders, name) {
            return true;
        }
        if ends(path, &["md", "rst", "lock", "rs"]) && !self.leans.steers(path)
            || name == "Cargo.toml"
        {
            return false;
        }
        self.leans.paths.contains(path)
            || self.leans.steers(path)
            || self
                .leans
                .actions
                .iter()
                .any(|folder| path.starts_with(folder.as_str()))
            || self.runs_scripts() && self.is_script(path, folders, name)
    }

    /// Whether what the jobs run may itself run other files.
    fn runs_scripts(&self) -> bool {
        let Leans {
            actions,
            paths,
            tools,
        } = &self.leans;
        let script = |path: &String| ends(path, SHELL) || ends(path, SCRIPTS);
        !actions.is_empty() || !tools.is_empty() || paths.iter().any(script)
    }

    /// Whether it is a script, where scripts stand: beside one that is named, in
    /// a folder that is, or in one of the usual ones.
    fn is_script(&self, path: &str, folders: &str, name: &str) -> bool {
        let in_one = |known: &[&str]| folders.split('/').any(|folder| known.contains(&folder));
        let shell = ends(path, SHELL) || !name.contains('.') && in_one(FOLDERS);
        let beside = |named: &String| {
            let folder = named.rsplit_once('/').map(|(folder, _)| folder);
            folder.is_some_and(|folder| !folder.is_empty() && within(folder, folders))
        };
        let near = in_one(FOLDERS) || self.leans.paths.iter().any(beside);
        let action = matches!(name, "action.yml" | "action.yaml");
        // At the root it holds the product, whatever is named of it.
        let product = within("lib", folders);
        let script = near && !product && ends(path, SCRIPTS) && !is_manifest(name);
        action || !in_one(PRODUCT) && (shell || script)
    }
}

/// Whether the folders are this one, or below it.
fn within(folder: &str, folders: &str) -> bool {
    let below = folders.strip_prefix(folder);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a name has one of these ends.
fn ends(path: &str, known: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .is_some_and(|(_, end)| known.contains(&end))
}

fn is_setting(folders: &str, name: &str) -> bool {
    let of_cargo = folders == ".cargo" || folders.ends_with("/.cargo");
    of_cargo && matches!(name, "config" | "config.toml")
        || SETTINGS.iter().any(|setting| fits(setting, name))
}

/// What GitHub reads of `.github` itself, and no job does.
fn is_manifest(name: &str) -> bool {
    matches!(
        name,
        "hotfix.toml"
            | "dependabot.yml"
            | "dependabot.yaml"
            | "FUNDING.yml"
            | "release.yml"
            | "labeler.yml"
            | "config.yml"
    )
}
