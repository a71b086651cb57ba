//! What a target begins with: real files, from this repository and from folders that
//! are named.

use std::path::{Path, PathBuf};

use hotfix_bot::ecosystem::Kind;
use serde_json::Value;

use super::answers::READS;

/// No file is taken that is larger than this.
const LARGEST: u64 = 65_536;

/// Writes seeds of a target into a folder, not many more than `most`, and says how many.
pub fn collect(target: &str, into: &str, from: &[&str], most: usize) -> String {
    let mut files = Vec::new();
    for root in from {
        walk(Path::new(root), &mut files);
    }
    let mut written = 0;
    for seed in described(target) {
        let name = format!("{into}/described-{written:05}");
        written += usize::from(std::fs::write(name, seed).is_ok());
    }
    for path in &files {
        for seed in of(target, path) {
            let name = format!("{into}/seed-{written:05}");
            written += usize::from(std::fs::write(name, seed).is_ok());
        }
        if written >= most {
            break;
        }
    }
    format!("{written} seeds of {} files", files.len())
}

/// For answers: that there is nothing; and the examples of GitHub's description
/// (`@octokit/openapi`), where `GITHUB_CONTRACT` names its folder.
fn described(target: &str) -> Vec<Vec<u8>> {
    if target != "answers" {
        return Vec::new();
    }
    let mut seeds = vec![
        framed(&[17, 0], "[]"),
        framed(&[16, 9], "{\"message\": \"Not Found\"}"),
    ];
    let folder = std::env::var_os("GITHUB_CONTRACT");
    let file = folder.map(|it| Path::new(&it).join("generated/api.github.com.json"));
    let text = file.and_then(|it| std::fs::read_to_string(it).ok());
    let Some(all) = text.and_then(|it| serde_json::from_str::<Value>(&it).ok()) else {
        return seeds;
    };
    let whole = |value: &Value| -> Value {
        let to = value["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
        let there = to.and_then(|to| all.pointer(to));
        there.unwrap_or(value).clone()
    };
    for (read, path) in (0..).zip(READS) {
        let answer = whole(&all["paths"][path]["get"]["responses"]["200"]);
        let examples = answer["content"]["application/json"]["examples"].clone();
        for example in examples.as_object().into_iter().flat_map(|it| it.values()) {
            let value = whole(example)["value"].to_string();
            seeds.push(framed(&[read, 0], &value));
        }
    }
    seeds
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        let link = path.is_symlink();
        if path.is_dir() && !link && !matches!(name, ".git" | "target" | "corpus" | "artifacts") {
            walk(&path, files);
        } else if path.is_file() && !link && path.metadata().is_ok_and(|it| it.len() <= LARGEST) {
            files.push(path);
        }
    }
}

fn of(target: &str, path: &Path) -> Vec<Vec<u8>> {
    let name = path
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    let lower = name.to_lowercase();
    let takes = match target {
        "answers" | "delivery" | "json" => ends(&[".json"]),
        "commands" | "markdown" | "headers" => ends(&[".md"]),
        "hotfix_toml" => ends(&["hotfix.toml", "uninstalled.toml"]),
        "workflow_file" => ends(&[".yml", ".yaml"]),
        "project" => hotfix_bot::ecosystem::roots(&Kind::ALL)
            .iter()
            .any(|(_, root)| name == *root || ends(&[root])),
        "changelog" => ["change", "history", "news", "release"]
            .iter()
            .any(|word| lower.starts_with(word)),
        "three_way" | "patch_id" => ends(&[".rs", ".toml", ".md", ".yml"]),
        _ => false,
    };
    let Some(text) = takes.then(|| std::fs::read_to_string(path).ok()).flatten() else {
        return Vec::new();
    };
    match target {
        // One seed for each event would be many: the number is what is changed first.
        "delivery" => (0..4).map(|n| framed(&[n], &text)).collect(),
        // An object, a list, a file, a page of something else; answered, and refused.
        "answers" => [[0, 0], [17, 0], [11, 0], [24, 9]]
            .map(|at| framed(&at, &text))
            .to_vec(),
        "commands" => vec![framed(b"\0", &text), framed(b"\0", &said(&text))],
        "headers" => vec![framed(b"sha256=00\0", &text)],
        "project" => vec![tree(path, name, &text)],
        "three_way" => vec![sides(&text, 3)],
        "patch_id" => vec![sides(&text, 2)],
        _ => vec![text.into_bytes()],
    }
}

fn framed(before: &[u8], text: &str) -> Vec<u8> {
    [before, text.as_bytes()].concat()
}

/// The commands that a page shows, as somebody would say them.
fn said(text: &str) -> String {
    let shown = text.match_indices("/hotfix ");
    let shown = shown.filter_map(|(at, _)| text.get(at..)?.split(['`', '\n']).next());
    shown.map(|command| format!("{command}\n")).collect()
}

/// A manifest with what stands beside it, as a project of the version that is raised.
fn tree(path: &Path, name: &str, text: &str) -> Vec<u8> {
    let mut seed = format!("\u{ff}\0{name}\0{text}");
    let beside = path.parent().and_then(|it| std::fs::read_dir(it).ok());
    for other in beside.into_iter().flatten().flatten() {
        let other_name = other.file_name().to_string_lossy().into_owned();
        let lower = other_name.to_lowercase();
        let is_one = [
            "lock",
            "change",
            "history",
            ".gemspec",
            "setup.cfg",
            "pom.xml",
            ".json",
        ];
        let small = other
            .metadata()
            .is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
        if other_name == name || !small || !is_one.iter().any(|word| lower.contains(word)) {
            continue;
        }
        if let Ok(text) = std::fs::read_to_string(other.path()) {
            seed.push_str(&format!("\0{other_name}\0{text}"));
        }
    }
    seed.into_bytes()
}

/// The text, each time without a few of its lines.
fn sides(text: &str, count: usize) -> Vec<u8> {
    let lines: Vec<&str> = text.split_inclusive('\n').take(60).collect();
    let side = |without: usize| -> String {
        let kept = lines.iter().enumerate();
        let kept = kept.filter(|(at, _)| without == 0 || at % 17 != without * 3);
        kept.map(|(_, line)| *line).collect()
    };
    let sides: Vec<String> = (0..count).map(side).collect();
    sides.join("\0").into_bytes()
}
