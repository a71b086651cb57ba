//! The commands of a target, by the text of the file that defines it, with those of
//! the targets that it waits for in the same file.

use std::collections::BTreeSet;

use serde_json::Value;

use super::own::{CARGO_MAKE, DENO, JUST, MAKE, NPM, TASK};

/// So many targets are followed within one file.
const MOST: usize = 60;

/// What one target says: its commands, and the targets that come with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Target {
    name: String,
    commands: String,
    needs: Vec<String>,
}

/// The commands of a target, those of its prerequisites first; none: the file defines
/// no such target, or includes others.
pub(super) fn commands(file: &str, target: &str, text: &str) -> Option<String> {
    let all = match file {
        MAKE => of_make(text),
        JUST => of_just(text),
        TASK => of_tasks(text)?,
        NPM | DENO => of_json(file, text)?,
        CARGO_MAKE => of_cargo_make(text)?,
        _ => return None,
    };
    let first = || match file {
        TASK | CARGO_MAKE => Some("default".to_owned()),
        _ => all.first().map(|first| first.name.clone()),
    };
    let target = match target {
        "" => first()?,
        name => name.to_owned(),
    };
    all.iter().find(|it| it.name == target)?;
    let (mut open, mut known) = (vec![target], BTreeSet::new());
    let mut found: Vec<&str> = Vec::new();
    while let Some(name) = open.pop().filter(|_| known.len() < MOST) {
        if !known.insert(name.clone()) {
            continue;
        }
        for target in all.iter().filter(|it| it.name == name) {
            found.push(&target.commands);
            open.extend(target.needs.iter().cloned());
        }
    }
    found.reverse();
    Some(found.join("\n"))
}

/// Rules of a Makefile: what is indented by a tab belongs to the rule above.
fn of_make(text: &str) -> Vec<Target> {
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let mut all: Vec<Target> = Vec::new();
    let mut open = 0;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix('\t') {
            let command = command.trim_start_matches(['@', '-', '+', ' ', '\t']);
            for target in all.iter_mut().rev().take(open) {
                target.commands += command;
                target.commands.push('\n');
            }
            continue;
        }
        let line = line.split(" #").next().unwrap_or_default();
        let Some((names, rest)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        // `NAME := value` is no rule.
        if rest.starts_with('=') || rest.starts_with(":=") || names.contains('=') {
            continue;
        }
        let (needs, command) = rest.split_once(';').unwrap_or((rest, ""));
        let needs = needs.trim_start_matches(':').split_whitespace();
        let needs: Vec<String> = needs.filter(|it| *it != "|").map(str::to_owned).collect();
        let names: Vec<&str> = names.split_whitespace().collect();
        // What is said of `.PHONY` is said of no target.
        open = names.iter().filter(|name| !name.starts_with('.')).count();
        let names = names.into_iter().filter(|name| !name.starts_with('.'));
        all.extend(names.map(|name| Target {
            name: name.to_owned(),
            commands: format!("{}\n", command.trim()),
            needs: needs.clone(),
        }));
    }
    all
}

/// Recipes of a justfile: what is indented belongs to the recipe above.
fn of_just(text: &str) -> Vec<Target> {
    let mut all: Vec<Target> = Vec::new();
    for line in text.lines() {
        let indented = line.starts_with([' ', '\t']);
        if indented || line.trim().is_empty() {
            if let Some(target) = all.last_mut() {
                target.commands += line.trim().trim_start_matches(['@', '-']);
                target.commands.push('\n');
            }
            continue;
        }
        if let Some((name, of)) = line
            .strip_prefix("alias ")
            .and_then(|line| line.split_once(":="))
        {
            all.push(Target {
                name: name.trim().to_owned(),
                commands: String::new(),
                needs: vec![of.trim().to_owned()],
            });
            continue;
        }
        let head = line
            .split_once(':')
            .filter(|(_, rest)| !rest.starts_with('='));
        let Some((head, needs)) = head.filter(|_| !line.starts_with(['#', '['])) else {
            continue;
        };
        let name = head.split_whitespace().next().unwrap_or_default();
        let needs = needs.split(|c: char| c.is_whitespace() || "()&".contains(c));
        all.push(Target {
            name: name.trim_start_matches('@').to_owned(),
            commands: String::new(),
            needs: needs
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
        });
    }
    all
}

/// Tasks of a Taskfile.
fn of_tasks(text: &str) -> Option<Vec<Target>> {
    let root: Value = crate::ecosystem::yaml::read(text).ok()?;
    let tasks = root.get("tasks")?.as_object()?;
    let of = |(name, task): (&String, &Value)| {
        let mut target = Target {
            name: name.clone(),
            ..Target::default()
        };
        let lists = [
            Some(task),
            task.get("cmds"),
            task.get("cmd"),
            task.get("deps"),
        ];
        for (at, list) in lists.into_iter().enumerate() {
            for one in many(list) {
                let task = one.get("task").and_then(Value::as_str);
                let command = one.as_str().or_else(|| one.get("cmd")?.as_str());
                match (at, task, command) {
                    (3, None, Some(name)) | (_, Some(name), _) => {
                        target.needs.push(name.to_owned());
                    }
                    (_, None, Some(command)) => target.commands += &format!("{command}\n"),
                    (_, None, None) => {}
                }
            }
        }
        target
    };
    Some(tasks.iter().map(of).collect())
}

fn many(of: Option<&Value>) -> Vec<&Value> {
    match of {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(Value::Object(_)) | None => Vec::new(),
        Some(one) => vec![one],
    }
}

/// Scripts of a package, with what npm runs before and after them.
fn of_json(file: &str, text: &str) -> Option<Vec<Target>> {
    let root: Value = serde_json::from_str(text).ok()?;
    let key = if file == NPM { "scripts" } else { "tasks" };
    let scripts = root.get(key)?.as_object()?;
    let text = |name: &str| scripts.get(name).and_then(Value::as_str);
    let of = |name: &String| {
        let all = match file {
            NPM => [
                text(&format!("pre{name}")),
                text(name),
                text(&format!("post{name}")),
            ],
            _ => [None, text(name), None],
        };
        let all: Vec<&str> = all.into_iter().flatten().collect();
        Target {
            name: name.clone(),
            commands: all.join("\n"),
            needs: Vec::new(),
        }
    };
    Some(scripts.keys().map(of).collect())
}

/// Tasks of cargo-make.
fn of_cargo_make(text: &str) -> Option<Vec<Target>> {
    let root: toml::Table = text.parse().ok()?;
    let tasks = root.get("tasks")?.as_table()?;
    let words = |of: Option<&toml::Value>| -> Vec<String> {
        match of {
            Some(toml::Value::Array(all)) => {
                let all = all.iter().filter_map(toml::Value::as_str);
                all.map(str::to_owned).collect()
            }
            Some(toml::Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        }
    };
    let of = |(name, task): (&String, &toml::Value)| {
        let command = [words(task.get("command")), words(task.get("args"))].concat();
        Target {
            name: name.clone(),
            commands: format!(
                "{}\n{}",
                command.join(" "),
                words(task.get("script")).join("\n")
            ),
            needs: [
                words(task.get("dependencies")),
                words(task.get("run_task")),
                words(task.get("alias")),
            ]
            .concat(),
        }
    };
    Some(tasks.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_all_that_runs_with_it() {
        let make = "VERSION := 1\n.PHONY: all dist\nall: build test\n\ndist: build ; echo x\n\t@cargo \\\n  publish\nbuild tidy:\n\tcargo build\nlint:\n\tcargo clippy # dist: no\n";
        let just = "set shell := ['bash']\nv := '1'\n# ship: no\nship version='x': build (check 'a')\n    @cargo publish\n\nbuild:\n  cargo build\ncheck what:\n  echo {{what}}\nalias s := ship\n";
        let task = "version: 3\ntasks:\n  default: [make]\n  ship:\n    deps: [build]\n    cmds: [{task: tag}, npm publish, {cmd: echo x}]\n  build: go build\n  tag: {cmd: git tag v1}\n";
        let npm = r#"{"scripts": {"presite": "a", "site": "b", "postsite": "c", "x": "d"}}"#;
        let cargo = "[tasks.ship]\ncommand = 'cargo'\nargs = ['publish']\ndependencies = ['b']\n[tasks.b]\nscript = ['echo a', 'echo b']\n";
        for (file, target, text, expected) in [
            (
                MAKE,
                "dist",
                make,
                Some("cargo build\necho x\ncargo    publish"),
            ),
            (MAKE, "", make, Some("cargo build")),
            (MAKE, "lint", make, Some("cargo clippy # dist: no")),
            (MAKE, "PHONY", make, None),
            (MAKE, "gone", make, None),
            (
                JUST,
                "ship",
                just,
                Some("echo {{what}}\ncargo build\ncargo publish"),
            ),
            (
                JUST,
                "s",
                just,
                Some("echo {{what}}\ncargo build\ncargo publish"),
            ),
            (JUST, "v", just, None),
            (
                TASK,
                "ship",
                task,
                Some("git tag v1\ngo build\nnpm publish\necho x"),
            ),
            (TASK, "gone", task, None),
            (TASK, "build", "tasks: [", None),
            (NPM, "site", npm, Some("a\nb\nc")),
            (NPM, "x", npm, Some("d")),
            (NPM, "y", npm, None),
            (NPM, "x", "{", None),
            (
                DENO,
                "x",
                r#"{"tasks": {"x": "d", "prex": "no"}}"#,
                Some("d"),
            ),
            (
                CARGO_MAKE,
                "ship",
                cargo,
                Some("echo a\necho b\ncargo publish"),
            ),
        ] {
            let found = commands(file, target, text);
            let lines = |text: &str| -> Vec<String> {
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                let mut lines: Vec<String> = lines.map(str::to_owned).collect();
                lines.sort_unstable();
                lines
            };
            assert_eq!(
                found.as_deref().map(lines),
                expected.map(lines),
                "{file}#{target}"
            );
        }
    }

    #[test]
    fn targets_that_wait_for_one_another_end() {
        let text = "a: b\n\tx\nb: a\n\ty\n";
        assert!(commands(MAKE, "a", text).is_some());
    }
}
