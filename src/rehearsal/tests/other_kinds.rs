//! Rehearsals on repositories that are no crate, or not only one.

use std::path::{Path, PathBuf};

use super::your_repo::{commit, git, on, played};
use crate::rehearsal::{RehearseArgs, Report};

const LOG: &str = "# Changelog\n\n## 1.2.0 (2026-01-03)\n\n- tell low tide\n\n## 1.1.0 (2026-01-02)\n\n- tell high tide\n";

fn manifest(version: &str) -> String {
    format!("{{\n\t\"name\": \"tide\",\n\t\"version\": \"{version}\",\n\t\"bin\": \"cli.js\"\n}}\n")
}

fn lock(version: &str) -> String {
    format!(
        "{{\n  \"name\": \"tide\",\n  \"version\": \"{version}\",\n  \"lockfileVersion\": 3,\n  \"packages\": {{\n    \"\": {{\n      \"name\": \"tide\",\n      \"version\": \"{version}\"\n    }},\n    \"node_modules/other\": {{\n      \"version\": \"1.2.0\"\n    }}\n  }}\n}}\n"
    )
}

/// A repository with the releases 1.1.0 and 1.2.0, and one commit beyond.
fn repository(dir: &Path, of: &dyn Fn(&str) -> Vec<(&'static str, String)>) -> PathBuf {
    let repo = dir.join("tide");
    std::fs::create_dir_all(&repo).unwrap();
    git(&repo, &["init", "-q", "-b", "trunk"]);
    let put = |version: &str, message: &str| {
        let files = of(version);
        let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (*p, t.as_str())).collect();
        commit(&repo, &files, message);
    };
    put("1.1.0", "feat: tell high tide");
    git(&repo, &["tag", "v1.1.0"]);
    put("1.2.0", "feat: tell low tide");
    git(&repo, &["tag", "v1.2.0"]);
    put("1.3.0", "feat: tell spring tide");
    repo
}

async fn finished(repo: &Path, kept: &Path) -> (Report, PathBuf) {
    let args = RehearseArgs {
        keep: Some(kept.to_owned()),
        ..on(repo)
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    assert_eq!(report.hotfix.tag.as_deref(), Some("v1.2.1"));
    let clone = std::fs::read_dir(kept.join("git")).unwrap();
    let clone = clone.flatten().find(|e| e.path().is_dir()).unwrap();
    (report, clone.path())
}

fn state(report: &Report, name: &str) -> &'static str {
    let mut items = report.checklist.iter();
    items.find(|it| it.item == name).unwrap().state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_of_npm_is_raised_with_its_lock_file() {
    let dir = tempfile::tempdir().unwrap();
    let repo = repository(dir.path(), &|version| {
        vec![
            ("package.json", manifest(version)),
            ("package-lock.json", lock(version)),
            ("CHANGELOG.md", LOG.to_owned()),
            ("cli.js", format!("// {}\n", version.len())),
        ]
    });
    let (report, clone) = finished(&repo, &dir.path().join("kept")).await;
    assert_eq!(state(&report, "version-bumped"), "done");
    assert_eq!(state(&report, "changelog"), "done");
    let show = |at: &str| git(&clone, &["show", at]) + "\n";
    assert_eq!(show("v1.2.1:package.json"), manifest("1.2.1"));
    let locked = lock("1.2.1").replace(
        "other\": {\n      \"version\": \"1.2.1\"",
        "other\": {\n      \"version\": \"1.2.0\"",
    );
    assert_eq!(show("v1.2.1:package-lock.json"), locked);
    assert!(show("v1.2.1:CHANGELOG.md").contains("## 1.2.1 ("));
    // What goes on there has a higher number, and keeps it.
    assert_eq!(show("trunk:package.json"), manifest("1.3.0"));
    assert!(show("trunk:CHANGELOG.md").contains("## 1.2.1 ("));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_file_holds_the_version_the_tag_is_it() {
    let dir = tempfile::tempdir().unwrap();
    let repo = repository(dir.path(), &|version| {
        vec![
            ("package.json", manifest("0.0.0-development")),
            ("cli.js", format!("// since {version}\n").replace('.', " ")),
        ]
    });
    let (report, clone) = finished(&repo, &dir.path().join("kept")).await;
    assert_eq!(state(&report, "version-bumped"), "not_applicable");
    let changed = git(&clone, &["diff", "--name-only", "v1.2.0", "v1.2.1"]);
    assert!(!changed.contains("package.json"), "{changed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_of_no_kind_that_is_known_is_played_by_its_tags() {
    let dir = tempfile::tempdir().unwrap();
    let config = "[version]\necosystem = \"generic\"\n";
    let repo = repository(dir.path(), &|version| {
        vec![
            (".github/hotfix.toml", config.to_owned()),
            ("composer.json", "{\"name\": \"harbour/tide\"}\n".to_owned()),
            ("CHANGELOG.md", LOG.to_owned()),
            (
                "src/Tide.php",
                format!("<?php // Tide {}\n", &version[2..3]),
            ),
        ]
    });
    let (report, clone) = finished(&repo, &dir.path().join("kept")).await;
    assert_eq!(state(&report, "version-bumped"), "not_applicable");
    assert_eq!(state(&report, "changelog"), "done");
    let log = git(&clone, &["show", "v1.2.1:CHANGELOG.md"]);
    assert!(log.contains("## 1.2.1 ("), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crate_and_a_package_of_one_version_are_raised_together() {
    let dir = tempfile::tempdir().unwrap();
    let cargo = |version: &str| format!("[package]\nname = \"tide\"\nversion = \"{version}\"\n");
    let repo = repository(dir.path(), &|version| {
        vec![
            ("Cargo.toml", cargo(version)),
            ("src/lib.rs", format!("// {version}\n").replace('.', " ")),
            ("package.json", manifest(version)),
        ]
    });
    let (report, clone) = finished(&repo, &dir.path().join("kept")).await;
    assert_eq!(state(&report, "version-bumped"), "done");
    let show = |at: &str| git(&clone, &["show", at]) + "\n";
    assert_eq!(show("v1.2.1:Cargo.toml"), cargo("1.2.1"));
    assert_eq!(show("v1.2.1:package.json"), manifest("1.2.1"));
}
