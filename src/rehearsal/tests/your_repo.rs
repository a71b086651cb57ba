//! Rehearsals on repositories of one's own, with the real server.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::rehearsal::{
    Narrator, RealServer, RehearseArgs, Report, ServerSetup, Stage, Trouble, play,
};

pub(super) fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
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
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

pub(super) fn commit(dir: &Path, files: &[(&str, &str)], message: &str) -> String {
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", message]);
    git(dir, &["rev-parse", "HEAD"])
}

const MANIFEST: &str = "[package]\nname = \"tide\"\nversion = \"1.2.0\"\nedition = \"2021\"\n";

/// A crate with a release and one commit beyond it: no changelog, no workflows.
fn bare_crate(dir: &Path, tag: &str) -> PathBuf {
    let repo = dir.join("tide");
    std::fs::create_dir_all(&repo).unwrap();
    git(&repo, &["init", "-q", "-b", "trunk"]);
    let files = [
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub fn high() {}\n"),
    ];
    commit(&repo, &files, "feat: tell the tide");
    git(&repo, &["tag", tag]);
    commit(
        &repo,
        &[("src/low.rs", "pub fn low() {}\n")],
        "feat: low tide",
    );
    repo
}

pub(super) fn on(repo: &Path) -> RehearseArgs {
    RehearseArgs {
        repo: Some(repo.to_owned()),
        ..RehearseArgs::default()
    }
}

pub(super) async fn played(args: &RehearseArgs) -> Result<Report, Trouble> {
    let mut narrator = Narrator::new(Box::new(std::io::stdout()), false);
    let start = async |setup: ServerSetup, _: &Stage| RealServer::start(setup).await;
    play(args, start, &mut narrator).await
}

/// Everything in a folder, with sizes: what a rehearsal must leave alone.
fn inventory(dir: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(inventory(&path));
        } else {
            found.push((path, entry.metadata().unwrap().len()));
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crate_without_changelog_and_workflows_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    let before = inventory(&repo);
    let report = played(&on(&repo)).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    assert_eq!(report.hotfix.tag.as_deref(), Some("v1.2.1"));
    let state = |name: &str| {
        report
            .checklist
            .iter()
            .find(|i| i.item == name)
            .unwrap()
            .state
    };
    assert_eq!(state("changelog"), "not_applicable");
    assert_eq!(state("publish-workflow"), "not_applicable");
    // Nothing speaks of a registry, so that none is invented.
    assert_eq!(state("registry"), "not_applicable");
    assert_eq!(state("critical-path"), "by_hand");
    let found = report.would_have_stopped.unwrap().join("\n");
    assert!(found.contains("No workflow tests the head"), "{found}");
    assert!(found.contains("no changelog with a section"), "{found}");
    assert_eq!(inventory(&repo), before, "the source is only read");
}

/// A file that GitHub cannot read starts nothing: people go on without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_file_without_a_word_is_no_reason_to_wait() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.1.0");
    let files = [
        (".github/workflows/empty.yml", ""),
        (".github/workflows/odd.yml", "on: push\n jobs: [\n"),
    ];
    commit(&repo, &files, "ci: nothing yet");
    git(&repo, &["tag", "v1.2.0"]);
    let report = played(&on(&repo)).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_without_a_package_at_its_root_is_of_the_one_that_is_called_so() {
    let dir = tempfile::tempdir().unwrap();
    for (name, finds) in [("tide", true), ("moon", false)] {
        let repo = dir.path().join(name);
        std::fs::create_dir_all(&repo).unwrap();
        git(&repo, &["init", "-q", "-b", "trunk"]);
        let files = [
            ("tide/Cargo.toml", MANIFEST),
            ("tide/src/lib.rs", "pub fn high() {}\n"),
        ];
        commit(&repo, &files, "feat: tell the tide");
        git(&repo, &["tag", "v1.2.0"]);
        let report = played(&on(&repo)).await.unwrap();
        let reason = &report.reason;
        match finds {
            true => assert_eq!(report.outcome, "finished", "{reason}"),
            false => assert!(
                reason.contains("looks for a package in the release"),
                "{reason}"
            ),
        }
    }
}

/// A module is called otherwise once its next major version is under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_module_is_known_by_the_name_that_its_release_has() {
    let dir = tempfile::tempdir().unwrap();
    let repo = dir.path().join("tide");
    std::fs::create_dir_all(&repo).unwrap();
    git(&repo, &["init", "-q", "-b", "trunk"]);
    let module = |major: u8| format!("module github.com/harbour/tide/v{major}\n\ngo 1.24\n");
    let files = [
        ("go.mod", module(5)),
        ("tide.go", "package tide\n".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(at, it)| (*at, it.as_str())).collect();
    commit(&repo, &files, "feat: tell the tide");
    git(&repo, &["tag", "v5.1.0"]);
    commit(&repo, &[("go.mod", &module(6))], "feat!: tell it otherwise");
    let args = RehearseArgs {
        name: Some(("harbour".to_owned(), "tide".to_owned())),
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    let registry = report.checklist.iter().find(|it| it.item == "registry");
    assert_eq!(registry.unwrap().state, "done", "{}", report.reason);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_fix_is_picked_and_ships_alone() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "1.2.0");
    let fix = commit(
        &repo,
        &[
            ("src/lib.rs", "pub fn high() { /* mended */ }\n"),
            ("tests/high.rs", "#[test]\nfn high() {}\n"),
        ],
        "fix: high tide",
    );
    // By the developer, and by the bot.
    for by_bot in [false, true] {
        let kept = dir.path().join(format!("kept-{by_bot}"));
        let args = RehearseArgs {
            fix: (!by_bot).then(|| fix.clone()),
            pick: by_bot.then(|| fix.clone()),
            keep: Some(kept.clone()),
            ..on(&repo)
        };
        let report = played(&args).await.unwrap();
        assert_eq!(report.outcome, "finished", "{}", report.reason);
        assert_eq!(report.hotfix.tag.as_deref(), Some("1.2.1"));
        let clone = std::fs::read_dir(kept.join("git")).unwrap();
        let clone = clone.flatten().find(|e| e.path().is_dir()).unwrap().path();
        let files = git(&clone, &["ls-tree", "-r", "--name-only", "1.2.1"]);
        assert!(
            files.contains("tests/high.rs") && !files.contains("low.rs"),
            "{files}"
        );
        assert!(git(&clone, &["show", "1.2.1:src/lib.rs"]).contains("mended"));
        let author = git(&clone, &["log", "-1", "--format=%an/%cn", "1.2.1"]);
        let committer = if by_bot {
            "hotfix-bot[bot]"
        } else {
            "developer"
        };
        assert_eq!(author, format!("ann/{committer}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pick_that_conflicts_names_its_files() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    commit(
        &repo,
        &[("src/lib.rs", "pub fn high(now: u8) {}\n")],
        "feat: now",
    );
    let fix = commit(
        &repo,
        &[("src/lib.rs", "pub fn high(now: u16) {}\n")],
        "fix: wider",
    );
    let args = RehearseArgs {
        fix: Some(fix),
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "failed");
    assert!(
        report.reason.contains("conflicts") && report.reason.contains("src/lib.rs"),
        "{}",
        report.reason
    );
}

#[tokio::test]
async fn what_cannot_be_rehearsed_is_said_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "nightly");
    let refused = async |args: RehearseArgs| match played(&args).await {
        Err(Trouble::Usage(why)) if why.lines().count() == 1 => why,
        other => panic!("{other:?}"),
    };
    git(&repo, &["tag", "v1.2.0"]);
    let shallow = dir.path().join("shallow");
    let url = format!("file://{}", repo.display());
    git(
        dir.path(),
        &[
            "clone",
            "-q",
            "--depth",
            "1",
            &url,
            &shallow.to_string_lossy(),
        ],
    );
    assert!(refused(on(&shallow)).await.contains("shallow"));
    let args = RehearseArgs {
        base: Some("v9.9.9".to_owned()),
        ..on(&repo)
    };
    assert!(refused(args).await.starts_with("--base v9.9.9"));
    let args = RehearseArgs {
        fix: Some("0000000".to_owned()),
        ..on(&repo)
    };
    assert!(refused(args).await.starts_with("--fix 0000000"));
    let args = RehearseArgs {
        pick: Some("0000000".to_owned()),
        ..on(&repo)
    };
    assert!(refused(args).await.starts_with("--pick 0000000"));
    let args = RehearseArgs {
        fail: Some("ci.yml".to_owned()),
        ..on(&repo)
    };
    assert!(refused(args).await.starts_with("--fail ci.yml"));
    git(&repo, &["rm", "-q", "Cargo.toml"]);
    commit(&repo, &[], "chore: no manifest");
    git(&repo, &["tag", "v1.3.0"]);
    let why = refused(on(&repo)).await;
    assert!(why.contains("Rust crates (Cargo.toml)"), "{why}");
    assert!(refused(on(dir.path())).await.starts_with("--repo "));
}

/// The repository of the procedure, from the clone that `CARO_REPO` names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caro_is_finished() {
    let Some(path) = std::env::var_os("CARO_REPO") else {
        // Past the test harness, which shows what failed alone.
        let text = "LEFT OUT: caro_is_finished: set CARO_REPO to a clone of wildcard/caro";
        let _ = writeln!(std::io::stderr(), "{text}");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let args = RehearseArgs {
        base: Some("v1.1.3".to_owned()),
        keep: Some(dir.path().join("kept")),
        ..on(Path::new(&path))
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    assert_eq!(report.hotfix.tag.as_deref(), Some("v1.1.4"));
    let clone = std::fs::read_dir(dir.path().join("kept/git")).unwrap();
    let clone = clone.flatten().find(|e| e.path().is_dir()).unwrap().path();
    let beyond = git(&clone, &["rev-list", "--count", "v1.1.3..v1.1.4"]);
    assert_eq!(beyond, "2", "the bump and the fix alone: none of main's");
    let source = Path::new(&path);
    let ahead = git(source, &["rev-list", "--count", "v1.1.3..HEAD"]);
    assert_ne!(ahead, "0", "main has moved on");
    let files = git(&clone, &["ls-tree", "-r", "--name-only", "v1.1.4"]);
    assert!(files.contains("src/hotfix_rehearsal.rs"), "the fix");
    let manifest = git(&clone, &["show", "v1.1.4:Cargo.toml"]);
    assert!(manifest.contains("version = \"1.1.4\""), "the bump");

    let item = |name: &str| report.checklist.iter().find(|i| i.item == name).unwrap();
    let release = item("release-workflow");
    assert_eq!(release.state, "done");
    assert!(release.evidence.contains("release.yml"), "{release:?}");
    let port = report.hotfix.forward_port.as_ref();
    assert!(port.is_some(), "a forward-port, merged");
    let status = &report.comments.first().unwrap().body;
    let row = status.lines().find(|l| l.starts_with("| Forward-port |"));
    let row = row.expect("its row");
    assert!(
        row.contains(", merged") && !row.contains("by hand"),
        "{row}"
    );
    locked(&clone, dir.path());
}

/// The lock file at the tag fits: by cargo, where it reaches what it needs; else
/// nothing but the package's own entry may have changed, and to the tag's
/// version.
fn locked(clone: &Path, dir: &Path) {
    let tree = dir.join("tree");
    std::fs::create_dir(&tree).unwrap();
    let archive = dir.join("tag.tar");
    let into = archive.to_string_lossy().into_owned();
    git(clone, &["archive", "-o", &into, "v1.1.4"]);
    let unpacked = Command::new("tar")
        .arg("-xf")
        .arg(&archive)
        .arg("-C")
        .arg(&tree)
        .status();
    assert!(unpacked.unwrap().success());
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(&tree)
        .output()
        .unwrap();
    if output.status.success() {
        return;
    }
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("needs to be updated"), "{said}");
    println!("LEFT OUT: cargo metadata --locked at the tag: {said}");
    let numbers = ["diff", "--numstat", "v1.1.3", "v1.1.4", "--", "Cargo.lock"];
    assert_eq!(git(clone, &numbers), "1\t1\tCargo.lock");
    let lock = git(clone, &["show", "v1.1.4:Cargo.lock"]);
    assert!(lock.contains("name = \"caro\"\nversion = \"1.1.4\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_without_a_test_ships_on_a_persons_word() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    let mended = [("src/lib.rs", "pub fn high() { /* mended */ }\n")];
    let fix = commit(&repo, &mended, "fix: high tide");
    let args = RehearseArgs {
        fix: Some(fix),
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    let tests = report.checklist.iter().find(|i| i.item == "tests-added");
    assert_eq!(tests.unwrap().state, "by_hand");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_fix_with_its_test_beside_the_code_is_picked() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    let many: String = (0..250).map(|n| format!("// line {n}\n")).collect();
    let text = format!("pub fn high() {{}}\n{many}#[test]\nfn high_tide() {{}}\n");
    let fix = commit(&repo, &[("src/lib.rs", &text)], "fix: high tide");
    let args = RehearseArgs {
        fix: Some(fix),
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    let tests = report.checklist.iter().find(|i| i.item == "tests-added");
    assert_eq!(tests.unwrap().state, "done");
}

/// Branches and tags as GitHub has them, whatever they are on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_ref_is_carried_over() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    git(&repo, &["branch", "1.x", "v1.2.0"]);
    git(&repo, &["branch", "topic/one"]);
    git(&repo, &["tag", "-a", "-m", "inner", "signed"]);
    git(&repo, &["tag", "-a", "-m", "outer", "resigned", "signed"]);
    git(&repo, &["tag", "files", "HEAD^{tree}"]);
    git(&repo, &["tag", "key", "HEAD:Cargo.toml"]);
    let format = ["for-each-ref", "--format=%(refname) %(objectname)"];
    let before = git(&repo, &format);
    let args = RehearseArgs {
        keep: Some(dir.path().join("kept")),
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    let clone = std::fs::read_dir(dir.path().join("kept/git")).unwrap();
    let clone = clone.flatten().find(|e| e.path().is_dir()).unwrap().path();
    let after = git(&clone, &format);
    // The fix lands on these two, and the line's branch holds the new tag.
    let moved = |line: &&str| ["trunk ", "1.x "].iter().any(|it| line.contains(it));
    for line in before.lines().filter(|line| !moved(line)) {
        assert!(after.lines().any(|l| l == line), "{line}\n{after}");
    }
    for held in ["v1.2.0", "v1.2.1"] {
        git(&clone, &["merge-base", "--is-ancestor", held, "1.x"]);
    }
}

/// What lies about is not what the server would see, and that is said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_is_not_committed_is_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    let file = repo.join(".github/hotfix.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "[test]\nmanual = false\n").unwrap();
    let report = played(&on(&repo)).await.unwrap();
    let found = report.would_have_stopped.unwrap().join("\n");
    assert!(found.contains("give it by --config"), "{found}");
    let manual = |list: &[crate::rehearsal::Item]| {
        let item = list.iter().find(|i| i.item == "manual-test");
        item.unwrap().state
    };
    assert_eq!(manual(&report.checklist), "by_hand", "it was not used");
    let args = RehearseArgs {
        config: Some(file),
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    assert_eq!(manual(&report.checklist), "not_applicable", "it was used");
    let found = report.would_have_stopped.unwrap().join("\n");
    assert!(!found.contains("--config"), "{found}");
}

/// A question that nobody of the cast may answer ends the rehearsal, with what
/// was asked; a command that is given at the beginning may answer it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_ends_it_and_a_command_answers() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "nightly");
    let report = played(&on(&repo)).await.unwrap();
    assert_eq!(report.outcome, "asked", "{}", report.reason);
    let open: Vec<_> = report.questions.iter().filter(|q| q.open).collect();
    assert_eq!(open.len(), 1, "{:?}", report.questions);
    let found = report.would_have_stopped.unwrap().join("\n");
    assert!(found.contains("It ended here"), "{found}");
    let args = RehearseArgs {
        answer: vec!["/hotfix cancel reason=\"no release yet\"".to_owned()],
        ..on(&repo)
    };
    let report = played(&args).await.unwrap();
    let status = &report.comments.first().unwrap().body;
    assert!(status.contains("cancelled"), "{status}");
}

/// What the registry has is taken from what speaks of it, or as it is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_knows_what_is_published() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    commit(
        &repo,
        &[("README.md", "[tide](https://crates.io/crates/tide)\n")],
        "docs: readme",
    );
    let state = |report: &Report| {
        let item = report.checklist.iter().find(|i| i.item == "registry");
        item.unwrap().state
    };
    let report = played(&on(&repo)).await.unwrap();
    assert_eq!((report.outcome, state(&report)), ("finished", "done"));
}

/// The lines that the end gives to paste say what was derived: with them nothing
/// is derived any more, and the hotfix is the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_are_pasted_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.2.0");
    git(&repo, &["reset", "-q", "--hard", "HEAD~"]);
    git(&repo, &["tag", "-d", "v1.2.0"]);
    let ci = "on: { push: { branches: [trunk] }, pull_request: {} }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
    let release = "on: { push: { tags: ['tide-v*'] } }\npermissions: { contents: write }\njobs:\n  make:\n    runs-on: ubuntu-latest\n    steps:\n      - run: gh release create $GITHUB_REF_NAME\n";
    let files = [
        (".github/workflows/ci.yml", ci),
        (".github/workflows/release.yml", release),
        // Nobody has written to it for long, so that it is left alone.
        (
            "CHANGELOG.md",
            "# Changelog\n\n## 0.3.0 - 2019-01-01\n\n- low\n",
        ),
    ];
    commit(&repo, &files, "chore: first release");
    git(&repo, &["tag", "tide-v1.2.0"]);
    commit(&repo, &[("src/low.rs", "pub fn low() {}\n")], "feat: low");
    let first = played(&on(&repo)).await.unwrap();
    assert_eq!(first.outcome, "finished", "{}", first.reason);
    let lines = first.hotfix_toml.join("\n");
    assert!(
        lines.contains("tag_pattern = \"tide-v{version}\""),
        "{lines}"
    );
    assert!(
        lines.contains("\"ci.yml\"") && lines.contains("\"release.yml\""),
        "{lines}"
    );
    crate::domain::policy::parse(&lines).unwrap();
    let file = dir.path().join("hotfix.toml");
    std::fs::write(&file, &lines).unwrap();
    let args = RehearseArgs {
        config: Some(file),
        ..on(&repo)
    };
    let second = played(&args).await.unwrap();
    let seen = |report: &Report| -> Vec<_> {
        let items = report.checklist.iter().map(|i| (i.item, i.state));
        items.collect()
    };
    assert_eq!(second.outcome, "finished", "{}", second.reason);
    assert_eq!(seen(&second), seen(&first));
    assert_eq!(second.hotfix.tag, first.hotfix.tag);
    assert_eq!(second.hotfix_toml, Vec::<String>::new());
}

/// The hotfix's number in a heading of another package is no section of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changelog_of_several_packages_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let repo = bare_crate(dir.path(), "v1.1.0");
    let log = "# Release tide 1.2.0 / tide-core 1.3.0 (2026-01-01)\n\n- low\n\n\
               # Release tide 1.1.0 / tide-core 1.2.1 (2025-01-01)\n\n- high\n";
    commit(&repo, &[("RELEASES.md", log)], "chore: release");
    git(&repo, &["tag", "v1.2.0"]);
    let report = played(&on(&repo)).await.unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    assert_eq!(report.hotfix.tag.as_deref(), Some("v1.2.1"));
    let item = report.checklist.iter().find(|i| i.item == "changelog");
    assert_eq!(item.unwrap().state, "not_applicable", "{item:?}");
}
