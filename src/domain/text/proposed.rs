//! What the doctor proposes: a configuration that says what was derived, and the
//! triggers that workflows lack.

use super::derived::{unlisted, words as derived_words};
use super::doctor::plain;
use crate::domain::ailments::{Ailment, Eyes, Way};
use crate::domain::derived::{Derived, derived};
use crate::domain::policy::{KeyLine, PATH, Policy, lines, parse, tables};
use crate::domain::view::View;
use crate::domain::workflow_file::RefFilter;

/// What is proposed for `.github/hotfix.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposed {
    /// The lines.
    pub text: String,
    /// Whether they are to be added to the repository's own file; else they are a
    /// file of their own.
    pub added: bool,
}

/// The configuration that says what was derived, each line with its reason; where
/// the repository has a file of its own, the lines that it does not have. Nothing
/// where that file is wrong or was not read: everything would be derived from
/// something else.
pub fn proposed(view: &View<'_>, eyes: Eyes) -> Proposed {
    let Some(read) = view.facts.policy.get().filter(|read| !read.is_wrong()) else {
        return Proposed::default();
    };
    let added = read.own_file;
    let policy = view.policy;
    let roles = &policy.roles;
    let decided = [
        (
            KeyLine::texts("trigger", "labels", &policy.trigger.labels),
            "the labels that start a hotfix".to_owned(),
        ),
        (
            KeyLine::texts("roles", "responder", &roles.responder),
            "who carries a hotfix out".to_owned(),
        ),
        (
            KeyLine::texts("roles", "commander", &roles.commander),
            "who decides what cannot be taken back".to_owned(),
        ),
    ];
    let mut lines: Vec<(KeyLine, String)> = match added {
        true => Vec::new(),
        false => decided.into(),
    };
    let mut open: Vec<String> = Vec::new();
    for mut it in derived(view) {
        // A clone does not tell it.
        if let (Eyes::Clone, Derived::Base { latest, .. }) = (eyes, &mut it) {
            *latest = false;
        }
        let from_registry = matches!(it, Derived::Registry { .. });
        if from_registry && eyes == Eyes::Clone {
            continue;
        }
        let reason = plain(&derived_words(&it, view));
        let toml = it.toml().into_iter();
        // What keeps its default is none that a file lacks.
        let said = toml.filter(|line| !added || !is_default(line));
        lines.extend(said.map(|line| (line, reason.clone())));
        open.extend(unlisted(&it, view).map(|why| comment(&plain(&why))));
    }
    let text = match added {
        true => sections(&lines).trim_start().to_owned(),
        false => format!(
            "# {PATH}, as proposed: what was derived, each with its reason. Every other key\n# keeps its default, see docs/configuration.md.\n{}schema = 1\n{}",
            open.concat(),
            sections(&lines)
        ),
    };
    Proposed { text, added }
}

/// Whether a line says what holds without it.
fn is_default(line: &KeyLine) -> bool {
    parse(&lines(std::slice::from_ref(line))).is_ok_and(|policy| policy == Policy::default())
}

/// The lines, each table once, each with its reason above; the same reason once.
fn sections(all: &[(KeyLine, String)]) -> String {
    let (mut out, mut last, mut of) = (String::new(), "", "");
    for (table, held) in tables(all, |(line, _)| line) {
        out.push_str(&format!("\n[{table}]\n"));
        // Of a list of tables, the reason stands above the first.
        if of != table {
            (of, last) = (table, "");
        }
        for (line, reason) in held {
            if reason != last {
                out.push_str(&comment(reason));
                last = reason;
            }
            out.push_str(&format!("{} = {}\n", line.key, line.value));
        }
    }
    out
}

/// A comment of lines that are not too long.
fn comment(text: &str) -> String {
    let (mut out, mut width) = (String::from("#"), 1);
    for word in text.split_whitespace() {
        if width + word.len() > 86 && width > 1 {
            out.push_str("\n#");
            width = 1;
        }
        out.push(' ');
        out.push_str(word);
        width += word.len() + 1;
    }
    out + "\n"
}

/// The lines that let pushes of the hotfix branches start the tests, by file: what
/// its pushes start already is kept.
pub fn triggers(view: &View<'_>, all: &[Ailment]) -> Vec<(String, String)> {
    let pattern = view.policy.base.branch.replace("{version}", "*");
    let base = view.line.seen.base.get();
    let one = |file: &String| {
        let base = base?;
        // They are for the default branch.
        let mut main = base.main_workflows.iter();
        let there = main.find(|it| it.name() == file);
        let there = there.or_else(|| base.workflow(file))?;
        let lines = push_lines(there.file.on.push.as_ref(), &pattern);
        Some((format!(".github/workflows/{file}"), lines))
    };
    let files = all.iter().filter_map(|ailment| match ailment {
        Ailment::TestElsewhere {
            files,
            way: Way::Dispatch | Way::Enable,
        } => Some(files),
        _ => None,
    });
    files.flatten().filter_map(one).collect()
}

/// `on.push.branches` with one pattern more. GitHub takes no `branches-ignore`
/// beside it: what that left out is left out by `!`, before the pattern that is
/// taken again. (GitHub: workflow syntax, `on.push.branches`.)
fn push_lines(push: Option<&RefFilter>, pattern: &str) -> String {
    let ignored = push.and_then(|push| push.branches_ignore.as_deref());
    let known = push.and_then(|push| push.branches.as_deref());
    let mut names: Vec<String> = known.unwrap_or_default().to_vec();
    let mut note = "";
    if let Some(ignored) = ignored {
        note = " # in place of branches-ignore";
        names.push("**".to_owned());
        names.extend(ignored.iter().map(|name| format!("!{name}")));
    }
    names.push(pattern.to_owned());
    let quoted = names.into_iter();
    let quoted: String = quoted
        .map(|name| format!("      - {}\n", serde_json::Value::from(name)))
        .collect();
    format!("on:\n  push:\n    branches:{note}\n{quoted}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow_file::WorkflowFile;

    #[test]
    fn reasons_stand_above_their_lines() {
        let lines = [
            (
                KeyLine::text("[release.workflow]", "file", "a.yml"),
                "it ships".to_owned(),
            ),
            (KeyLine::yes("base", "prereleases"), "they are".to_owned()),
            (
                KeyLine::text("[release.workflow]", "file", "b.yml"),
                "it ships".to_owned(),
            ),
        ];
        assert_eq!(
            sections(&lines),
            "\n[[release.workflow]]\n# it ships\nfile = \"a.yml\"\n\n[[release.workflow]]\nfile = \"b.yml\"\n\n[base]\n# they are\nprereleases = true\n"
        );
    }

    #[test]
    fn what_pushes_start_is_kept_in_the_lines_for_more() {
        let jobs = "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: x\n";
        for (on, takes, leaves) in [
            ("  pull_request:\n", "hotfix/v1.0.5", "main hotfix/x"),
            (
                "  push:\n    branches: [main, '!x']\n",
                "main hotfix/v1.0.5",
                "x hotfix/x",
            ),
            ("  push:\n    tags: ['v*']\n", "hotfix/v1.0.5", "main"),
            (
                "  push:\n    branches-ignore: ['hotfix/**', 'wip/*']\n",
                "main a/b hotfix/v1.0.5",
                "hotfix/x wip/a",
            ),
        ] {
            let before = WorkflowFile::parse(&format!("on:\n{on}{jobs}")).unwrap();
            let lines = push_lines(before.on.push.as_ref(), "hotfix/v*");
            let after = WorkflowFile::parse(&format!("{lines}{jobs}")).unwrap();
            for (branches, is) in [(takes, true), (leaves, false)] {
                for branch in branches.split(' ') {
                    assert_eq!(after.starts_on_branch(branch), is, "{branch}: {lines}");
                    let was = before.starts_on_branch(branch);
                    assert_eq!(was, is && branch != "hotfix/v1.0.5", "{branch}: {on}");
                }
            }
        }
    }
}
