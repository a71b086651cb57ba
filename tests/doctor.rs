//! `hotfix-bot doctor`, the program itself: against the stand-in as the App, and
//! at a clone; what it prints for programs, and how it ends.

use std::path::Path;
use std::process::{Command, Output};

use hotfix_bot::domain::policy;
use hotfix_bot::rehearsal::{RehearseArgs, Stage};
use hotfix_bot::sim::TEST_APP_KEY;
use hotfix_bot::sim::world::BranchRule;
use serde_json::Value;

const START: i64 = 1_772_441_400_000;

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
    command.arg("doctor").args(args).env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// What it says as JSON, held against the schema, and how it ended.
fn told(output: &Output) -> (Value, i32) {
    let text = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    let value: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {said}"));
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doctor.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new(), "{text}");
    let proposed = value["proposed"].as_str().unwrap();
    let policy = policy::parse(proposed);
    assert!(policy.is_ok(), "{policy:?}\n{proposed}");
    (value, output.status.code().unwrap())
}

fn names(value: &Value) -> Vec<&str> {
    let all = value["findings"].as_array().unwrap();
    all.iter().map(|it| it["name"].as_str().unwrap()).collect()
}

/// Looks at the sample project with the App's own eyes; the stand-in works beside it.
async fn at_github(stage: &Stage, args: &[&str]) -> Output {
    let mut command = program(&[&["harbour/lantern"], args].concat());
    command.envs([
        ("APP_ID", stage.scene.app.to_string()),
        ("PRIVATE_KEY", TEST_APP_KEY.to_owned()),
        ("GITHUB_API_URL", stage.sim.api_url()),
        ("CRATES_IO_URL", stage.sim.crates_url()),
        ("CRATES_IO_INDEX_URL", stage.sim.crates_index_url()),
    ]);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

async fn stage(dir: &Path) -> Stage {
    let args = RehearseArgs::default();
    let stage = Stage::set(&dir.join("git"), START, &args, None).await;
    stage.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_project_is_well_and_what_ails_it_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path()).await;
    let (value, code) = told(&at_github(&stage, &["--json"]).await);
    assert_eq!(
        (code, &value["stops"]),
        (0, &Value::Bool(false)),
        "{value:#}"
    );
    assert_eq!(value["eyes"], "app");
    let writes = |stage: &Stage| {
        let world = stage.sim.world();
        let tokens = |path: &str| path.ends_with("/access_tokens");
        let writes = world.log.calls.iter().filter(|call| call.is_write);
        writes.filter(|call| !tokens(&call.path)).count()
    };
    assert_eq!(writes(&stage), 0, "nothing is written");

    // A rule on tags, one on the branch, and no label.
    {
        let mut world = stage.sim.world();
        for (ruleset, refs) in [(7, "refs/tags/v*"), (8, "hotfix/*")] {
            let rule = BranchRule {
                ruleset,
                branch: refs.into(),
                kind: "creation".into(),
                parameters: Value::Null,
                bypass_apps: Default::default(),
            };
            world.add_rule(stage.scene.repo, rule);
        }
        let repo = world.repos.get_mut(&stage.scene.repo).unwrap();
        repo.labels.clear();
    }
    let (value, code) = told(&at_github(&stage, &["--json"]).await);
    assert_eq!(
        (code, &value["stops"]),
        (3, &Value::Bool(true)),
        "{value:#}"
    );
    assert_eq!(names(&value).first(), Some(&"ruleset-blocks-branch"));
    for name in ["ruleset-blocks-tag", "labels-missing"] {
        assert!(names(&value).contains(&name), "{name}: {value:#}");
    }

    let fixed = at_github(&stage, &["--json", "--fix", "labels"]).await;
    let (value, _) = told(&fixed);
    assert!(!names(&value).contains(&"labels-missing"), "{value:#}");
    let there: Vec<String> = {
        let world = stage.sim.world();
        world.repos[&stage.scene.repo]
            .labels
            .keys()
            .cloned()
            .collect()
    };
    assert!(there.contains(&"p0".to_owned()), "{there:?}");
    let made = writes(&stage);
    let (again, _) = told(&at_github(&stage, &["--json", "--fix", "labels"]).await);
    assert_eq!(writes(&stage), made, "{again:#}");

    let text = at_github(&stage, &[]).await;
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("✗ ruleset-blocks-branch\n"), "{text}");
    assert!(text.contains("would stop a hotfix"), "{text}");
    stage.sim.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_installed_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path()).await;
    stage
        .sim
        .world()
        .create_repo("acme", "other", false)
        .unwrap();
    let mut command = program(&["acme/other", "--json"]);
    command.envs([
        ("APP_ID", stage.scene.app.to_string()),
        ("PRIVATE_KEY", TEST_APP_KEY.to_owned()),
        ("GITHUB_API_URL", stage.sim.api_url()),
    ]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let (value, code) = told(&output.await.unwrap());
    assert_eq!(code, 3);
    assert_eq!(names(&value), ["not-installed"]);
    stage.sim.stop();
}

fn git(dir: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b.test"])
        .args(["-c", "init.defaultBranch=main", "-C"])
        .arg(dir)
        .args(args)
        .output()
        .unwrap();
    assert!(done.status.success(), "{args:?}: {done:?}");
}

#[test]
fn a_clone_is_looked_at_alone_and_what_it_cannot_tell_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let write = |file: &str, text: &str| {
        let file = path.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"lamp\"\nversion = \"0.2.0\"\nedition = \"2024\"\n",
    );
    write("src/main.rs", "fn main() {}\n");
    write(
        ".github/workflows/ci.yml",
        "on:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n",
    );
    git(path, &["init", "-q"]);
    git(path, &["add", "."]);
    git(path, &["commit", "-qm", "Begin"]);
    let look = || {
        let mut command = program(&[path.to_str().unwrap()]);
        command.args(["--name", "acme/lamp"]).output().unwrap()
    };
    let text = String::from_utf8(look().stdout).unwrap();
    assert!(text.contains("git fetch --tags"), "{text}");
    assert!(text.contains("✗ no-base"), "{text}");

    git(path, &["tag", "-a", "v0.2.0", "-m", "v0.2.0"]);
    let mut command = program(&[path.to_str().unwrap(), "--json", "--name", "acme/lamp"]);
    let (value, code) = told(&command.output().unwrap());
    assert_eq!(code, 0, "{value:#}");
    assert_eq!(value["eyes"], "clone");
    assert!(value["unknown"].as_array().unwrap().len() > 4);
    assert!(
        names(&value).contains(&"tests-do-not-run-on-hotfix"),
        "{value:#}"
    );
    assert_eq!(value["workflows"][0]["file"], ".github/workflows/ci.yml");
    assert_eq!(
        value["workflows"][0]["lines"],
        "on:\n  push:\n    branches:\n      - \"main\"\n      - \"hotfix/v*\"\n"
    );
    let proposed = value["proposed"].as_str().unwrap();
    assert!(
        proposed.contains("tag_pattern = \"v{version}\""),
        "{proposed}"
    );
    assert!(proposed.contains("workflows = [\"ci.yml\"]"), "{proposed}");
}

#[test]
fn a_wrong_call_is_code_2_and_names_what_is_missing() {
    for (args, says) in [
        (vec!["acme/lamp"], "GITHUB_TOKEN (--token) is missing"),
        (vec!["nowhere"], "expected a repository as OWNER/REPO"),
        (vec!["acme/lamp", "--fix", "all"], "labels"),
    ] {
        let output = program(&args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    }
}

fn push(stage: &Stage, files: &[(&str, Option<&str>)]) {
    let hand = stage.sim.person("maintainer", stage.scene.repo);
    hand.push_commit("main", "chore: a change", files)
        .expect("a commit");
}

/// The labels of the sample project, as the stand-in has them.
fn labels(stage: &Stage) -> usize {
    stage.sim.world().repos[&stage.scene.repo].labels.len()
}

const CONFIG: &str = ".github/hotfix.toml";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_are_not_made_by_a_configuration_that_is_broken() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path()).await;
    let repo = stage.scene.repo;
    let clear = |stage: &Stage| {
        let mut world = stage.sim.world();
        world.repos.get_mut(&repo).unwrap().labels.clear();
    };
    clear(&stage);
    push(&stage, &[(CONFIG, Some("[trigger]\nlabels = 1\n"))]);
    let output = at_github(&stage, &["--json", "--fix", "labels"]).await;
    let (value, code) = told(&output);
    assert_eq!((code, labels(&stage)), (3, 0), "{value:#}");
    assert!(names(&value).contains(&"config-invalid"), "{value:#}");
    assert_eq!(value["proposed"], "", "by what would it be derived");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("--fix labels: nothing was made"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");

    push(
        &stage,
        &[(CONFIG, Some("[trigger]\nlabels = ['urgent']\n"))],
    );
    let (value, _) = told(&at_github(&stage, &["--json", "--fix", "labels"]).await);
    let there: Vec<String> = {
        let world = stage.sim.world();
        world.repos[&repo].labels.keys().cloned().collect()
    };
    assert_eq!(there, ["urgent"], "{value:#}");
    stage.sim.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_read_is_said_and_is_no_all_clear() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path()).await;
    let (well, _) = told(&at_github(&stage, &["--json"]).await);
    assert_eq!(well["unread"], serde_json::json!([]));
    {
        let mut world = stage.sim.world();
        for it in world.installations.values_mut() {
            it.permissions.remove("contents");
        }
    }
    let (value, code) = told(&at_github(&stage, &["--json"]).await);
    let unread = value["unread"].as_array().unwrap();
    assert!(!unread.is_empty(), "{value:#}");
    assert_eq!((code, &value["stops"]), (1, &Value::Bool(false)));
    let what = unread[0]["what"].as_str().unwrap();
    assert!(what.starts_with("the configuration"), "{value:#}");
    assert_ne!(unread[0]["why"], "", "{value:#}");
    let text = at_github(&stage, &[]).await;
    assert_eq!(text.status.code(), Some(1));
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(!text.contains("Nothing would stop a hotfix"), "{text}");
    assert!(
        text.contains("Could not be looked at:\n  the configuration"),
        "{text}"
    );
    assert!(
        text.contains("is not known: 1 could not be looked at"),
        "{text}"
    );
    let fixed = at_github(&stage, &["--fix", "labels"]).await;
    let said = String::from_utf8_lossy(&fixed.stderr).into_owned();
    assert!(said.contains("--fix labels: nothing was made"), "{said}");
    stage.sim.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_ones_own_is_not_proposed_anew() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path()).await;
    push(
        &stage,
        &[(CONFIG, Some("[roles]\nescalation = ['@lead']\n"))],
    );
    let (value, _) = told(&at_github(&stage, &["--json"]).await);
    assert_eq!(value["added"], true);
    let proposed = value["proposed"].as_str().unwrap();
    assert!(proposed.contains("workflows = ["), "{proposed}");
    for whole in ["schema = 1", "[roles]", "[trigger]"] {
        assert!(!proposed.contains(whole), "{proposed}");
    }
    let text = at_github(&stage, &[]).await;
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("Lines that .github/hotfix.toml does not have"),
        "{text}"
    );
    assert!(!text.contains("Proposed .github/hotfix.toml"), "{text}");
    push(&stage, &[(CONFIG, None)]);
    let (value, _) = told(&at_github(&stage, &["--json"]).await);
    assert_eq!(value["added"], false);
    stage.sim.stop();
}
