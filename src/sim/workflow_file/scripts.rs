//! What a step's commands lead to in the repository: its scripts, a `Makefile`'s
//! targets, the scripts of a `package.json`. Their lines are read behind the step's
//! own, as far as they run whatever the script is told.

use serde_json::Value;

use super::parts::{StepDef, Workflow};

/// Scripts that call scripts are followed no deeper.
const DEPTH: usize = 3;

/// Reads a file of the commit.
type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Puts the lines behind those of the steps.
pub fn put_in(flow: &mut Workflow, read: Read<'_>) {
    for step in flow.jobs.iter_mut().flat_map(|job| &mut job.steps) {
        follow(step, read);
    }
}

fn follow(step: &mut StepDef, read: Read<'_>) {
    let Some(run) = step.run.as_mut() else {
        return;
    };
    let dir = step.dir.as_deref().unwrap_or_default();
    let mut seen = Vec::new();
    let led = lines(run, dir, read, DEPTH, &mut seen);
    for line in led {
        run.push('\n');
        run.push_str(&line);
    }
}

/// What the commands of a text lead to; `seen` holds what was followed already.
fn lines(
    text: &str,
    dir: &str,
    read: Read<'_>,
    depth: usize,
    seen: &mut Vec<String>,
) -> Vec<String> {
    let mut found = Vec::new();
    if depth == 0 {
        return found;
    }
    let text = text.replace("\\\n", " ");
    let parts = text.lines().flat_map(|line| line.split("&&"));
    for part in parts.flat_map(|part| part.split(';')) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let Some((key, led)) = leads(&words, dir, read) else {
            continue;
        };
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        found.extend(led.lines().map(str::to_owned));
        found.extend(lines(&led, dir, read, depth - 1, seen));
    }
    found
}

/// What one command leads to, and its name.
fn leads(words: &[&str], dir: &str, read: Read<'_>) -> Option<(String, String)> {
    let assigns = |it: &&&str| it.contains('=') || ["sudo", "time", "exec"].contains(*it);
    let start = words.iter().take_while(assigns).count();
    let (first, rest) = words.get(start..)?.split_first()?;
    match (*first, rest) {
        ("make", rest) => {
            let target = rest
                .iter()
                .find(|it| !it.starts_with('-') && !it.contains('='))?;
            let file = |name: &&str| read(&within(dir, name));
            let text = ["Makefile", "makefile", "GNUmakefile"]
                .iter()
                .find_map(file)?;
            Some((format!("make {target}"), recipe(&text, target)?))
        }
        ("npm" | "pnpm" | "yarn" | "bun", ["run", name, ..]) => script(name, dir, read),
        ("yarn" | "pnpm", [name, ..]) if !name.starts_with('-') => script(name, dir, read),
        ("bash" | "sh" | "zsh" | "source" | ".", [path, ..]) => shell(path, dir, read),
        (path, _) if path.contains('/') || path.ends_with(".sh") => shell(path, dir, read),
        _ => None,
    }
}

fn within(dir: &str, path: &str) -> String {
    let dir = dir.trim_start_matches("./").trim_matches('/');
    let path = path.trim_start_matches("./");
    match dir {
        "" | "." => path.to_owned(),
        dir => format!("{dir}/{path}"),
    }
}

fn shell(path: &str, dir: &str, read: Read<'_>) -> Option<(String, String)> {
    let path = path.trim_matches(['"', '\'']);
    if path.starts_with(['-', '/', '~', '$']) || path.contains("${{") {
        return None;
    }
    let place = within(dir, path);
    let text = read(&place)?;
    let first = text.lines().next().unwrap_or_default();
    let other = first.starts_with("#!") && !first.trim_end().ends_with("sh");
    (!other).then(|| (place, whatever_it_is_told(&text)))
}

fn script(name: &str, dir: &str, read: Read<'_>) -> Option<(String, String)> {
    let place = within(dir, "package.json");
    let root: Value = serde_json::from_str(&read(&place)?).ok()?;
    let text = root.get("scripts")?.get(name)?.as_str()?;
    Some((format!("{place} {name}"), text.to_owned()))
}

/// The lines below a target.
fn recipe(text: &str, target: &str) -> Option<String> {
    let mut lines = text.lines();
    lines.find(|line| {
        let (names, rest) = line.split_once(':').unwrap_or_default();
        !line.starts_with(['\t', ' ', '#', '.'])
            && !rest.starts_with('=')
            && names.split_whitespace().any(|name| name == target)
    })?;
    let own = lines.take_while(|line| line.starts_with('\t') || line.trim().is_empty());
    let bare = own.map(|line| line.trim().trim_start_matches(['@', '-', '+']));
    Some(bare.collect::<Vec<_>>().join("\n"))
}

/// The lines of a script that run whatever it is told: none of its functions, and
/// no branch that hangs on an argument.
fn whatever_it_is_told(text: &str) -> String {
    let mut kept = Vec::new();
    // How each open block ends, and whether its lines are kept.
    let mut open: Vec<(&str, bool)> = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        let ends = |end: &str| {
            bare == end
                || bare.starts_with(&format!("{end} "))
                || bare.starts_with(&format!("{end};"))
        };
        if open.last().is_some_and(|(end, _)| ends(end)) {
            open.pop();
            continue;
        }
        let told = bare.contains("$1") || bare.contains("${1") || bare.contains("$@");
        let function =
            bare.ends_with('{') && (bare.contains("()") || bare.starts_with("function "));
        let begins = match bare {
            _ if function => Some(("}", false)),
            _ if bare.starts_with("case ") => Some(("esac", false)),
            _ if bare.starts_with("if ") && !bare.ends_with("fi") => Some(("fi", !told)),
            _ => None,
        };
        match begins {
            Some(block) => open.push(block),
            None if open.iter().all(|(_, kept)| *kept) => kept.push(bare),
            None => {}
        }
    }
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn led(run: &str, dir: Option<&str>, files: &[(&str, &str)]) -> String {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        let mut step = StepDef {
            run: Some(run.to_owned()),
            dir: dir.map(str::to_owned),
            ..StepDef::default()
        };
        follow(&mut step, &|path| {
            files.get(path).map(|it| (*it).to_owned())
        });
        let text = step.run.unwrap_or_default();
        let own = run.lines().count();
        text.lines().skip(own).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_a_command_leads_to_is_read_behind_it() {
        let sh = "#!/bin/bash\ncd ..\ncargo publish -p a";
        let deep: &[(&str, &str)] = &[("a.sh", "./b.sh"), ("b.sh", "./a.sh\ngem push x")];
        let package = r#"{"scripts": {"ship": "npm publish", "all": "npm run ship"}}"#;
        let make = "X := 1\nship: build\n\t@twine upload dist/*\n\ntest:\n\tcargo test\n";
        let arg = "ship() {\n  cargo publish\n}\nif [ \"$1\" = go ]; then\n  cargo publish\nfi\ncase $2 in\n  x) cargo publish;;\nesac\nif [ -n \"$CI\" ]; then\n  echo in CI\nfi\necho end";
        for (run, dir, files, expected) in [
            (
                "./s/p.sh",
                None,
                &[("s/p.sh", sh)][..],
                "#!/bin/bash|cd ..|cargo publish -p a",
            ),
            (
                "bash p.sh x",
                Some("./s"),
                &[("s/p.sh", sh)],
                "#!/bin/bash|cd ..|cargo publish -p a",
            ),
            ("set -e\nX=1 sh p.sh", None, &[("p.sh", "echo a")], "echo a"),
            (
                "./p",
                None,
                &[("p", "#!/usr/bin/env python3\ncargo publish")],
                "",
            ),
            ("./a.sh", None, deep, "./b.sh|./a.sh|gem push x"),
            (
                "npm run all",
                None,
                &[("package.json", package)],
                "npm run ship|npm publish",
            ),
            (
                "yarn ship",
                Some("js"),
                &[("js/package.json", package)],
                "npm publish",
            ),
            ("npm run other", None, &[("package.json", package)], ""),
            (
                "make ship",
                None,
                &[("Makefile", make)],
                "twine upload dist/*",
            ),
            ("make X", None, &[("Makefile", make)], ""),
            ("./p.sh", None, &[("p.sh", arg)], "echo in CI|echo end"),
            ("./gone.sh; /bin/x; $Y/p.sh", None, &[], ""),
        ] {
            assert_eq!(led(run, dir, files), expected, "{run}");
        }
    }
}
