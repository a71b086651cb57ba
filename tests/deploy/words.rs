//! Every command line in the documents is one that the program takes, and every
//! file that they lead to is there.

use std::collections::BTreeSet;

use crate::support::{names, read, root, takes};

/// The pages that people read.
pub fn pages() -> Vec<String> {
    let docs = names("docs").into_iter().filter(|it| it.ends_with(".md"));
    let docs = docs.map(|it| format!("docs/{it}"));
    let own = [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
    ];
    docs.chain(own.map(str::to_owned)).collect()
}

/// The lines of the blocks of code, a continued one as one.
fn code(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    let text = text.replace("\\\n", " ");
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside {
            lines.push(line.trim().to_owned());
        }
    }
    lines
}

/// The arguments of each call of the program in a line of a shell.
fn calls(line: &str) -> Vec<Vec<String>> {
    let line = line.split(" #").next().unwrap_or_default();
    let parts = line.split("&&").flat_map(|it| it.split(['|', ';', '>']));
    let words = parts.filter_map(|it| shell_words::split(it).ok());
    let call = |words: Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let is = |word: &str| word == "hotfix-bot" || word.ends_with("/hotfix-bot");
        // Before the program may stand settings, and what runs it.
        let begin = words.iter().take_while(|it| it.contains('=')).count();
        let words = &words[begin..];
        let rest = match words {
            ["cargo", "run", rest @ ..] => {
                let from = rest.iter().position(|it| *it == "--")?;
                &rest[from + 1..]
            }
            ["docker" | "kubectl" | "sudo" | "fly", rest @ ..] => {
                let from = rest.iter().rposition(|it| is(it))?;
                let args = &rest[from + 1..];
                let [command, ..] = args else { return None };
                // Else it is an image, a service or a pod of that name.
                let plain = command.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                if !plain || command.starts_with('-') {
                    return None;
                }
                args
            }
            [program, rest @ ..] if is(program) => rest,
            _ => return None,
        };
        Some(rest.iter().map(ToString::to_string).collect())
    };
    words.filter_map(call).collect()
}

#[test]
fn every_command_line_in_the_documents_is_taken() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for page in pages() {
        for line in code(&read(&page)) {
            for call in calls(&line) {
                if seen.insert(call.clone())
                    && let Err(why) = takes(&call)
                {
                    wrong.push(format!("{page}: {line}\n{why}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let commands: BTreeSet<&str> = seen
        .iter()
        .filter_map(|it| it.first())
        .map(|it| &**it)
        .collect();
    for command in [
        "rehearse", "serve", "doctor", "backup", "check-db", "health",
    ] {
        assert!(commands.contains(command), "{command}: {commands:?}");
    }
    assert!(takes(&["rehearse".to_owned(), "--nothing".to_owned()]).is_err());
}

/// Relative links lead to files, and to headings where they name one.
#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    let mut links = 0;
    for page in pages() {
        let text = read(&page);
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for part in text.split("](").skip(1) {
            let Some(to) = part.split([')', ' ']).next() else {
                continue;
            };
            if to.contains("://") || to.contains('…') || to.starts_with("mailto:") {
                continue;
            }
            links += 1;
            let (file, heading) = to.split_once('#').unwrap_or((to, ""));
            let path = root().join(folder).join(file);
            let path = if file.is_empty() {
                root().join(&page)
            } else {
                path
            };
            if !path.exists() {
                wrong.push(format!("{page}: {to}"));
            } else if !heading.is_empty() && path.extension().is_some_and(|it| it == "md") {
                let text = std::fs::read_to_string(&path).unwrap();
                if !anchors(&text).contains(heading) {
                    wrong.push(format!("{page}: {to}"));
                }
            }
        }
    }
    assert!(links > 50);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}
