//! Each scenario that comes along, played with the real server.

use super::super::args::RehearseArgs;
use super::super::narrator::Narrator;
use super::super::real_server::RealServer;
use super::super::scenario::names;
use super::super::server::ServerSetup;
use super::super::stage::Stage;
use super::super::{Report, play};

async fn played(name: &str) -> Report {
    let args = RehearseArgs {
        scenario: Some(name.to_owned()),
        ..RehearseArgs::default()
    };
    let mut narrator = Narrator::new(Box::new(std::io::sink()), false);
    let start = async |setup: ServerSetup, _: &Stage| RealServer::start(setup).await;
    play(&args, start, &mut narrator).await.unwrap()
}

macro_rules! scenarios {
    ($($test:ident = $name:literal,)*) => {
        const PLAYED: &[&str] = &[$($name,)*];
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let report = played($name).await;
                assert_eq!(report.unexpected, Some(Vec::new()), "{}", report.reason);
                assert!(report.is_as_expected());
            }
        )*
    };
}

scenarios! {
    happy = "happy",
    pick = "pick",
    pick_conflict = "pick-conflict",
    scope = "scope",
    single_handed = "single-handed",
    platforms = "platforms",
    red_tests = "red-tests",
    push_during_release = "push-during-release",
    merge_queue = "merge-queue",
    old_line = "old-line",
    chained_release = "chained-release",
    dispatch_release = "dispatch-release",
    moving_tags = "moving-tags",
    publish_fails = "publish-fails",
    asset_missing = "asset-missing",
    environment_approval = "environment-approval",
    slow = "slow",
    nobody_publishes = "nobody-publishes",
    still_broken = "still-broken",
    late = "late",
    known_issue = "known-issue",
    config_wrong = "config-wrong",
    chat = "chat",
    rollback_before_publish = "rollback-before-publish",
    rollback = "rollback",
    rollback_immutable = "rollback-immutable",
    rollback_yank_refused = "rollback-yank-refused",
    half_release = "half-release",
    half_workspace = "half-workspace",
    two_p0 = "two-p0",
    two_lines = "two-lines",
    failed_hotfix = "failed-hotfix",
    dead_ci = "dead-ci",
    security = "security",
    by_hand = "by-hand",
    force_push = "force-push",
    outage = "outage",
    incident = "incident",
    away = "away",
    uninstalled = "uninstalled",
    npm = "npm",
    npm_old_line = "npm-old-line",
    npm_semantic_release = "npm-semantic-release",
    python_tag_version = "python-tag-version",
    python_publish_on_release = "python-publish-on-release",
    go_modules = "go-modules",
    action_moving_tag = "action-moving-tag",
    monorepo = "monorepo",
    workflow_tags = "workflow-tags",
}

/// The example of the page is one that can be played.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example() {
    let page = include_str!("../../../docs/scenarios.md");
    let (_, example) = page.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    std::fs::write(&file, example).unwrap();
    let report = played(file.to_str().unwrap()).await;
    assert_eq!(report.unexpected, Some(Vec::new()), "{}", report.reason);
}

#[test]
fn each_that_comes_along_is_played() {
    assert_eq!(names().collect::<Vec<_>>(), PLAYED);
}
