//! What is read off a text where a row of words is not enough.

use serde_json::Value;

use super::act::Act;
use super::named::{BUILDING, LOOKING};
use super::shell::{self, Words};

/// The secrets that a text names in its expressions, but for the run's own
/// token; `*`: all of them, or one that nobody knows beforehand.
pub(super) fn secrets(text: &str, is_expression: bool) -> Vec<String> {
    let whole = is_expression && !text.contains("${{");
    let inside: Vec<&str> = match whole {
        true => vec![text],
        false => expressions(text).collect(),
    };
    let mut found = Vec::new();
    for expression in inside {
        let lower = expression.to_ascii_lowercase();
        for (at, word) in lower.match_indices("secrets") {
            let part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
            let before = lower.get(..at).unwrap_or_default();
            let behind = expression.get(at + word.len()..).unwrap_or_default();
            if before.ends_with(part) || behind.starts_with(|c: char| part(c) && c != '.') {
                continue;
            }
            let behind = behind.trim_start();
            let name = match behind.strip_prefix('.') {
                Some(name) => name.trim_start(),
                None => {
                    let index = behind.strip_prefix('[').map(str::trim_start);
                    let index = index.and_then(|name| name.strip_prefix('\''));
                    index.unwrap_or_default()
                }
            };
            let is_part = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            let end = name.find(|c| !is_part(c)).unwrap_or(name.len());
            let name = name.get(..end).unwrap_or_default();
            match name.to_ascii_uppercase().as_str() {
                "GITHUB_TOKEN" => {}
                "" => found.push("*".to_owned()),
                _ => found.push(name.to_owned()),
            }
        }
    }
    found
}

/// What a `cargo release` does for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CargoRelease {
    /// It publishes crates.
    pub publishes: bool,
    /// It makes the tag.
    pub tags: bool,
}

/// What this `cargo release` does; none: it is another command, or only tells what it
/// would do, which it does unless it is told to `--execute`. Its steps are commands of
/// their own. (cargo-release: `docs/reference.md`.)
pub(super) fn cargo_release(words: &Words) -> Option<CargoRelease> {
    let rest = shell::after(words, &["cargo", "release"])
        .or_else(|| shell::after(words, &["cargo-release", "release"]))?;
    // What a variable holds may be it: it stands here without its sign.
    let variable = |word: &str| {
        let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let context = ["inputs.", "github.", "env.", "matrix.", "steps.", "vars."];
        let name = word.chars().all(upper) && word.contains(|c: char| c.is_ascii_uppercase());
        name || word.contains(['$', '@']) || context.iter().any(|it| word.starts_with(it))
    };
    let executes = |word: &String| {
        let short = word.starts_with('-') && !word.starts_with("--") && word.contains('x');
        word == "--execute" || short || variable(word)
    };
    if !rest.iter().any(executes) {
        return None;
    }
    let has = |flag: &str| rest.iter().any(|word| word == flag);
    let step = rest.iter().find(|word| !word.starts_with('-'));
    let (publishes, tags) = match step.map_or("", String::as_str) {
        "publish" => (true, false),
        "tag" | "push" => (false, true),
        "version" | "replace" | "hook" | "commit" | "changes" | "config" | "owner" | "help" => {
            (false, false)
        }
        _ => (true, true),
    };
    Some(CargoRelease {
        publishes: publishes && !has("--no-publish"),
        tags: tags && !has("--no-tag"),
    })
}

/// What stands in `${{ … }}`.
fn expressions(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${{").skip(1);
    parts.map(|part| part.split("}}").next().unwrap_or(part))
}

/// Names of functions of GitHub's clients that only look.
const READS: &[&str] = &[
    "get", "list", "check", "compare", "download", "search", "paginate", "render",
];

/// What a script for GitHub's client does: every function of `github` that does
/// more than look.
pub(super) fn script_acts(script: &str, mut add: impl FnMut(Act)) {
    let line = |line: &'_ str| line.split("//").next().unwrap_or_default().to_owned();
    let script: String = script.lines().map(|l| line(l) + "\n").collect();
    for (at, _) in script.match_indices("github.") {
        let rest = script.get(at + "github.".len()..).unwrap_or_default();
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (path, behind) = rest.split_at(end);
        let path = path.strip_prefix("rest.").unwrap_or(path);
        let (room, function) = path.split_once('.').unwrap_or(("", path));
        let first = function.split(|c: char| c.is_ascii_uppercase()).next();
        let called = behind.trim_start().starts_with('(');
        let asks = match room {
            "" if function == "request" || function == "graphql" => {
                let head: String = behind.chars().take(200).collect();
                let writes = ["mutation", "POST ", "PUT ", "PATCH ", "DELETE "];
                !writes.iter().any(|write| head.contains(write))
            }
            "" => true,
            _ => !called || first.is_some_and(|first| READS.contains(&first)),
        };
        if !asks {
            let release = function.ends_with("Release") || function.ends_with("ReleaseAsset");
            add(match (room, function) {
                ("repos", _) if release => Act::Releases,
                ("git", "createRef" | "createTag" | "updateRef" | "deleteRef") => Act::Pushes,
                ("repos", "createDeployment") => Act::Deploys,
                ("", _) => Act::Writes("*".to_owned()),
                (room, _) => Act::Writes(room.to_owned()),
            });
        }
    }
}

/// `git tag`, where it makes one.
pub(super) fn git(words: &Words, mut add: impl FnMut(Act)) {
    let Some(rest) = shell::after(words, &["git", "tag"]) else {
        return;
    };
    let looks = |word: &String| {
        let flags = [
            "-l",
            "--list",
            "--points-at",
            "--contains",
            "--no-contains",
            "--merged",
            "--no-merged",
            "--sort",
            "--format",
            "-v",
            "--verify",
            "-d",
            "--delete",
            "-n",
        ];
        flags
            .iter()
            .any(|flag| word.split('=').next() == Some(flag))
    };
    if !rest.iter().any(looks) && rest.iter().any(|word| !word.starts_with('-')) {
        add(Act::Tags);
    }
}

/// `gh`, where it does more than look.
pub(super) fn gh(words: &Words, mut add: impl FnMut(Act)) {
    let Some(at) = words.iter().position(|w| shell::program(w) == "gh") else {
        return;
    };
    let rest = words.get(at + 1..).unwrap_or_default();
    let mut plain = rest.iter().map(String::as_str);
    let Some(noun) = plain.find(|word| NOUNS.contains(word)) else {
        return;
    };
    if noun == "api" {
        if asks_to_write(rest) {
            add(Act::Writes("*".to_owned()));
        }
        return;
    }
    let verb = plain.find(|word| !word.starts_with('-')).unwrap_or("list");
    let looks = [
        "list",
        "ls",
        "view",
        "diff",
        "checks",
        "status",
        "download",
        "checkout",
        "clone",
        "watch",
        "verify",
        "verify-asset",
        "check",
    ];
    if looks.contains(&verb) {
        return;
    }
    add(match noun {
        "release" => Act::Releases,
        "pr" if matches!(verb, "create" | "merge") => Act::Pushes,
        "pr" => Act::Writes("pull-requests".to_owned()),
        "issue" | "label" => Act::Writes("issues".to_owned()),
        "workflow" | "run" | "cache" => Act::Writes("actions".to_owned()),
        other => Act::Writes(other.to_owned()),
    });
}

const NOUNS: &[&str] = &[
    "api",
    "release",
    "pr",
    "issue",
    "label",
    "workflow",
    "run",
    "cache",
    "repo",
    "secret",
    "variable",
    "gist",
    "project",
    "ruleset",
    "ssh-key",
    "gpg-key",
    "attestation",
    "discussion",
];

/// Whether a call of an API writes: by its method, or by what it sends.
fn asks_to_write(words: &[String]) -> bool {
    let graphql = words.iter().any(|word| word == "graphql");
    if graphql {
        return words.iter().any(|word| word.contains("mutation"));
    }
    match method(words) {
        Some(method) => method != "GET" && method != "HEAD",
        None => words.iter().any(|word| {
            matches!(
                word.as_str(),
                "-f" | "-F" | "--field" | "--raw-field" | "--input"
            )
        }),
    }
}

fn method(words: &[String]) -> Option<String> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let said = match word.as_str() {
            "-X" | "--request" | "--method" | "-Method" => words.next().map(String::as_str),
            _ => ["-X", "--request=", "--method="]
                .iter()
                .find_map(|flag| word.strip_prefix(flag)),
        };
        if let Some(said) = said.filter(|said| !said.is_empty()) {
            return Some(said.to_ascii_uppercase());
        }
    }
    None
}

/// What is sent to an address by hand.
pub(super) fn sends(words: &Words) -> Option<String> {
    let programs = [
        "curl",
        "wget",
        "http",
        "https",
        "invoke-webrequest",
        "invoke-restmethod",
    ];
    let at = words
        .iter()
        .position(|w| programs.contains(&shell::program(w).as_str()))?;
    let rest = words.get(at + 1..)?;
    let method = method(rest).filter(|method| method != "GET" && method != "HEAD");
    let sent = rest.iter().any(|word| {
        let flags = [
            "-d",
            "--data",
            "--data-raw",
            "--data-binary",
            "--json",
            "-T",
            "--upload-file",
            "-F",
            "--form",
            "--post-data",
            "--post-file",
        ];
        flags
            .iter()
            .any(|flag| word.split('=').next() == Some(flag))
    });
    let program = words.get(at).map(|word| shell::program(word))?;
    let is_http = matches!(program.as_str(), "http" | "https");
    let said = method.unwrap_or_else(|| "POST".to_owned());
    let sends = self::method(rest).map_or(sent, |m| m != "GET" && m != "HEAD");
    (sends && (!is_http || sent)).then(|| format!("{program} {said}"))
}

/// A copy to another machine.
pub(super) fn copies(words: &Words, mut add: impl FnMut(Act)) {
    let Some(at) = shell::program_at(words) else {
        return;
    };
    let program = words.get(at).map(|word| shell::program(word));
    let rest = words.get(at + 1..).unwrap_or_default();
    let away = |word: &String| {
        let host = word.split(':').next().unwrap_or_default();
        word.contains(':') && host.len() > 1 && !word.starts_with('-')
    };
    if matches!(program.as_deref(), Some("rsync" | "scp")) && rest.iter().any(away) {
        add(Act::Deploys);
    }
}

/// Scripts of the repository that are handed the run's token, and whose names do
/// not say that they only look or build: what they do with it is not read.
pub(super) fn handed(root: &Value, job: &Value) -> Vec<String> {
    let has = |of: &Value| {
        let env = of.get("env").and_then(Value::as_object);
        let mut values = env.into_iter().flatten().filter_map(|(_, v)| v.as_str());
        values.any(|text| {
            expressions(text).any(|it| {
                let it = it.trim();
                it == "github.token" || it.eq_ignore_ascii_case("secrets.GITHUB_TOKEN")
            })
        })
    };
    let everywhere = has(root) || has(job);
    let steps = job.get("steps").and_then(Value::as_array);
    let mut found = Vec::new();
    for step in steps.into_iter().flatten() {
        let script = step.get("run").and_then(Value::as_str);
        let Some(script) = script.filter(|_| everywhere || has(step)) else {
            continue;
        };
        for words in shell::commands(script) {
            let program = shell::program_at(&words).and_then(|at| words.get(at));
            found.extend(program.filter(|word| is_of_unknown_use(word)).cloned());
        }
    }
    found
}

/// Whether a word is a script of the repository that may do anything.
fn is_of_unknown_use(word: &str) -> bool {
    let file = word.rsplit('/').next().unwrap_or(word);
    let (name, end) = file.rsplit_once('.').unwrap_or((file, ""));
    let ends = [
        "sh", "bash", "py", "js", "mjs", "cjs", "ts", "rb", "ps1", "pl", "nu", "raku", "php", "lua",
    ];
    let said = parts(name);
    let says = |words: &[&str]| said.iter().any(|part| words.contains(&part.as_str()));
    ends.contains(&end) && !word.contains("://") && !says(LOOKING) && !says(BUILDING)
}

/// The words of a name: parted by what is no letter, and where a capital begins.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || c.is_ascii_uppercase() && small {
            parts.push(String::new());
        }
        small = c.is_ascii_lowercase();
        if let (true, Some(part)) = (c.is_ascii_alphanumeric(), parts.last_mut()) {
            part.push(c.to_ascii_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_release_does_what_it_is_told_to_execute() {
        for (script, does) in [
            ("cargo release --execute", Some((true, true))),
            ("cargo release patch -x --no-confirm", Some((true, true))),
            ("cargo release minor -vx", Some((true, true))),
            ("cargo release $LEVEL $FLAGS", Some((true, true))),
            ("cargo release ${{ inputs.level }}", Some((true, true))),
            ("cargo release patch \"$@\"", Some((true, true))),
            ("cargo-release release patch --execute", Some((true, true))),
            ("cargo release minor --no-publish -x", Some((false, true))),
            ("cargo release minor --no-tag -x", Some((true, false))),
            // Its steps, one by one.
            ("cargo release publish --execute", Some((true, false))),
            (
                "cargo release tag --execute --sign-tag",
                Some((false, true)),
            ),
            ("cargo release push --execute", Some((false, true))),
            ("cargo release version 1.0.5 -x", Some((false, false))),
            ("cargo release replace --execute", Some((false, false))),
            ("cargo release commit --execute", Some((false, false))),
            // It tells what it would do.
            ("cargo release publish --no-confirm", None),
            ("cargo release patch --no-confirm -vv", None),
            ("cargo publish --execute", None),
            ("cargo build --release -x", None),
        ] {
            let all = shell::commands(script);
            let found = all.iter().find_map(cargo_release);
            let found = found.map(|it| (it.publishes, it.tags));
            assert_eq!(found, does, "{script}");
        }
    }
}
