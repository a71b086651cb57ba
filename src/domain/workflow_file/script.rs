//! What a file or a target of the repository does that a workflow's step runs, by the
//! text of the file: its commands are read as those of a step are.

use serde_json::json;

use super::act::Act;
use super::asks::{self, Asks};
use super::ships::{self, Ship};
use super::{acts, own, targets};

/// What a script does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What it may do to the outside.
    pub acts: Vec<Act>,
    /// What it ships, and what it runs in its turn.
    pub ships: Vec<Ship>,
    /// What it asks of a tag.
    pub asks: Vec<Asks>,
}

/// Languages whose lines are no commands.
const CODE: &[&str] = &[
    "py", "js", "mjs", "cjs", "ts", "mts", "rb", "pl", "raku", "php", "lua", "r", "jl",
];

/// Reads one, by its name (see `own`); none: the file defines no such target.
pub fn of_own_script(key: &str, text: &str) -> Option<Script> {
    let (path, target) = match key.split_once('#') {
        Some((path, target)) => (path, Some(target)),
        None => (key.trim_start_matches("./"), None),
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let text = match target {
        Some(target) => targets::commands(name, target, text)?,
        None => text.to_owned(),
    };
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    // By its first line, where its name says nothing.
    let first = text.lines().next().unwrap_or_default();
    let by_line = first.starts_with("#!")
        && ["python", "node", "deno", "ruby", "perl"]
            .iter()
            .any(|it| first.contains(it));
    let is_code = target.is_none() && (CODE.contains(&end) || by_line);
    let job = match is_code {
        true => json!({ "steps": [{ "run": code(&text), "shell": acts::CODE }] }),
        false => json!({ "steps": [{ "run": text }] }),
    };
    // A target runs beside its file; a script where it was called, or beside itself.
    let folders = match target {
        Some(_) => vec![folder],
        None if folder.is_empty() => vec![""],
        None => vec!["", folder],
    };
    let mut ships = ships::of(&job, None);
    let used = folders.iter().filter(|_| !is_code);
    for key in used.flat_map(|folder| own::of(&text, folder)) {
        let ship = ships::used(key, None);
        if !ships.contains(&ship) {
            ships.push(ship);
        }
    }
    let asks = asks::of(&job);
    Some(Script {
        acts: acts::of_steps(&job),
        ships,
        asks,
    })
}

/// The lines that are no comments.
fn code(text: &str) -> String {
    let is_comment = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("//") || line.starts_with("/*") || line.starts_with("* ")
    };
    let lines = text.lines().filter(|line| !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::ships::Shipping::{Crates, Others, Release, Tag};
    use super::*;

    /// What a script does is read off its text, in whichever language; what its
    /// comments and its messages say is not.
    #[test]
    fn what_a_script_does() {
        let npm = r#"{"scripts": {"ci:all": "tsc && npm publish", "ok": "npm run ci:all", "t": "vitest"}}"#;
        for (key, text, ships, used) in [
            ("./a.sh", "set -e\ncargo publish\n", &[Crates][..], &[][..]),
            ("./a.sh", "git tag v1\ngit push origin v1\n", &[Tag], &[]),
            (
                "./a.sh",
                "# cargo publish\necho 'now cargo publish'\n",
                &[],
                &[],
            ),
            ("./ci/a.sh", "./b.sh\n", &[], &["./b.sh", "./ci/b.sh"]),
            (
                "./a.py",
                "subprocess.run(['cargo', 'publish'])",
                &[Crates],
                &[],
            ),
            (
                "./a.py",
                "# cargo publish\nsubprocess.run(['cargo', 'build'])",
                &[],
                &[],
            ),
            (
                "./a.mjs",
                "await run('pnpm', ['publish', '--tag', x])",
                &[Others],
                &[],
            ),
            ("./a.mjs", "// npm publish\nawait $`npm pack`", &[], &[]),
            ("./a.rb", "sh 'gh release create v1'", &[Release], &[]),
            (
                "./a.nu",
                "def main [] {\n  ^cargo publish\n}\n",
                &[Crates],
                &[],
            ),
            ("./a.raku", "run 'cargo', 'publish'", &[Crates], &[]),
            (
                "./ship",
                "#!/usr/bin/env python3\nnp = 1\nghr = 2\n",
                &[],
                &[],
            ),
            ("package.json#ci:all", npm, &[Others], &[]),
            ("package.json#ok", npm, &[], &["package.json#ci:all"]),
            ("package.json#t", npm, &[], &[]),
            (
                "a/Makefile#dist",
                "dist:\n\t$(CARGO) publish\n\t$(MAKE) x\n",
                &[Crates],
                &["a/Makefile#x"],
            ),
            ("justfile#ship", "ship:\n  cargo publish\n", &[Crates], &[]),
        ] {
            let script = of_own_script(key, text).unwrap_or_else(|| panic!("{key}"));
            let (own, shipped): (Vec<&Ship>, Vec<&Ship>) =
                script.ships.iter().partition(|ship| ship.uses.is_some());
            let whats: Vec<_> = shipped
                .iter()
                .map(|ship| ship.what)
                .filter(|what| !matches!(what, super::super::Shipping::Latest(_)))
                .collect();
            assert_eq!(whats, ships, "{key}: {text}");
            let own: Vec<&str> = own.iter().filter_map(|it| it.uses.as_deref()).collect();
            assert_eq!(own, used, "{key}: {text}");
            assert_eq!(script.acts.is_empty(), ships.is_empty(), "{key}: {text}");
        }
        for (key, text) in [("Makefile#gone", "a:\n\tb\n"), ("package.json#x", "{")] {
            assert_eq!(of_own_script(key, text), None, "{key}");
        }
    }
}
