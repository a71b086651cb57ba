//! The bot releases itself: a rehearsal on a clone of this repository, by its own
//! configuration and workflows.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{program, root, said};

fn git(dir: &Path, args: &[&str]) -> String {
    let ran = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["-c", "user.name=ann", "-c", "user.email=ann@example.com"])
        .args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    assert!(ran.status.success(), "git {args:?}: {}", said(&ran));
    String::from_utf8(ran.stdout).unwrap()
}

/// The repository as its first release would leave it: the present files, and a
/// section of the version in the changelog.
fn released(into: &Path, version: &str) {
    let listed = git(root(), &["ls-files", "-z"]);
    for path in listed.split_terminator('\0') {
        // What is deleted and not committed yet is listed all the same.
        let from = root().join(path);
        if !from.is_file() {
            continue;
        }
        let to = into.join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
    let path = into.join("CHANGELOG.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let heading = format!("## [{version}]");
    if !text.contains(&heading) {
        let both = format!("## [Unreleased]\n\n{heading} - 2026-01-02\n");
        let text = text.replacen("## [Unreleased]\n", &both, 1);
        assert!(text.contains(&heading));
        std::fs::write(&path, text).unwrap();
    }
    git(into, &["init", "-q", "-b", "main"]);
    git(into, &["add", "-A"]);
    git(into, &["commit", "-q", "-m", "feat: a release"]);
    git(into, &["tag", &format!("v{version}")]);
}

#[test]
fn the_bot_releases_itself_by_its_own_workflows() {
    if !root().join(".git").exists() {
        println!("left out: without .git nothing tells which files are the repository's");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let clone = dir.path().join("clone");
    std::fs::create_dir(&clone).unwrap();
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let version = manifest["package"]["version"].as_str().unwrap();
    released(&clone, version);

    let on = |command: &str| {
        let mut program = program();
        program.arg(command).args(["--name", "acme/hotfix-bot"]);
        program
    };
    let looked = on("doctor").arg("--json").arg(&clone).output().unwrap();
    assert!(looked.status.success(), "{}", said(&looked));
    let looked: Value = serde_json::from_slice(&looked.stdout).unwrap();
    let findings = looked["findings"].as_array().unwrap();
    let heavy: Vec<&Value> = findings.iter().filter(|it| it["grade"] != "note").collect();
    assert!(heavy.is_empty(), "{heavy:#?}");

    let report = dir.path().join("report.json");
    let mut rehearse = on("rehearse");
    rehearse
        .arg("--repo")
        .arg(&clone)
        .arg("--report")
        .arg(&report);
    let played = rehearse.output().unwrap();
    let told = said(&played);
    assert!(played.status.success(), "{told}");
    let report = std::fs::read_to_string(report).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["outcome"], "finished", "{told}");
    let tag = report["hotfix"]["tag"].as_str().unwrap();
    assert_ne!(tag, format!("v{version}"));
    // By the workflows, and by nobody's hand.
    for file in ["release.yml", "image.yml"] {
        let passed = format!("{file} (push) passed on {tag}");
        assert!(told.contains(&passed), "{passed}\n{told}");
    }
    let done: Vec<&str> = report["inferred"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    let done = done.join("\n");
    for act in [
        "created the draft release",
        "SHA256SUMS",
        "published the release",
    ] {
        assert!(done.contains(act), "{act}\n{done}");
    }
    assert_eq!(report["questions"], serde_json::json!([]), "{told}");
    // What runs before the decision reaches nothing outside.
    for started in report["before_the_decision"].as_array().unwrap() {
        assert_eq!(started["does"], serde_json::json!([]), "{started}");
    }
}
