//! Each scenario that comes along, played with the real server.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::super::args::RehearseArgs;
use super::super::narrator::Narrator;
use super::super::real_server::RealServer;
use super::super::scenario::names;
use super::super::server::ServerSetup;
use super::super::stage::Stage;
use super::super::{Report, play};

/// What was printed.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The report, and what stands in the printed table as the whole time.
async fn played(name: &str) -> (Report, String) {
    let args = RehearseArgs {
        scenario: Some(name.to_owned()),
        ..RehearseArgs::default()
    };
    let printed = Printed::default();
    let mut narrator = Narrator::new(Box::new(printed.clone()), false);
    let start = async |setup: ServerSetup, _: &Stage| RealServer::start(setup).await;
    let report = play(&args, start, &mut narrator).await.unwrap();
    let text = String::from_utf8(printed.0.lock().unwrap().clone()).unwrap();
    let total = text.lines().find(|line| line.starts_with("  TOTAL "));
    (report, total.unwrap_or_default().to_owned())
}

macro_rules! scenarios {
    ($($test:ident = $name:literal,)*) => {
        const PLAYED: &[&str] = &[$($name,)*];
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let (report, total) = played($name).await;
                // From whoever asked for it, by a label or by a word.
                assert!(!total.starts_with("  TOTAL                 0 min"), "{total}");
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

/// A scenario of somebody's own goes as it expects.
async fn plays(text: &str) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    std::fs::write(&file, text).unwrap();
    let (report, _) = played(file.to_str().unwrap()).await;
    assert_eq!(report.unexpected, Some(Vec::new()), "{}", report.reason);
}

/// The example of the page is one that can be played.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example() {
    let page = include_str!("../../../docs/scenarios.md");
    let (_, example) = page.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    plays(example).await;
}

/// What a moment brings comes although the moment is over: the release is not offered
/// any more, and the words are gone. The word that comes before it is out is refused, and
/// proves nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_comes_although_its_moment_is_over() {
    let closed = r#"
        shows = "The issue is closed when it is ready, and opened again after a while"
        [[act]]
        by = "maintainer"
        when = "ready"
        after = "5s"
        close = true
        [[act]]
        by = "maintainer"
        when = "ready"
        after = "30m"
        reopen = true
        [[act]]
        by = "maintainer"
        says = "closed the issue before the release"
        after = "40m"
        say = "/hotfix check community note=\"told in the room\""
        [expect]
        ends = "finished"
    "#;
    plays(closed).await;
}

/// A number that somebody names goes on from there, an answer that was asked for is no
/// comment too many, and a word that the bot refused is nobody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_and_named_counts_and_what_is_refused_does_not() {
    let asked = r#"
        shows = "Another number, a question, and a word of somebody whose it is not"
        [[act]]
        by = "developer"
        when = "draft"
        after = "8m"
        say = "/hotfix check severity-confirmed"
        on = "pull"
        [[act]]
        by = "maintainer"
        when = "fix"
        after = "1m"
        tick = "manual-test"
        [[act]]
        by = "developer"
        when = "draft"
        after = "5s"
        say = "/hotfix bump 1.0.6"
        on = "pull"
        [[act]]
        by = "developer"
        when = "decision"
        after = "10m"
        say = "/hotfix runbook"
        [[act]]
        by = "maintainer"
        when = "release"
        after = "20s"
        say = "/hotfix confirm-fixed"
        [expect]
        ends = "finished"
        says = ["v1.0.6 is out"]
    "#;
    plays(asked).await;
}

/// What ended while GitHub was down is found once it answers: nobody is given up before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_when_github_goes_down_is_looked_at_again() {
    let slow = r#"
        shows = "A run is late, and ends while nothing is told"
        [project]
        takes = { "release.yml" = "58m" }
        [[trouble]]
        of = "github"
        when = "release"
        after = "1s"
        lasts = "20m"
        [expect]
        ends = "finished"
        says = ["under way since"]
    "#;
    plays(slow).await;
}

#[test]
fn each_that_comes_along_is_played() {
    assert_eq!(names().collect::<Vec<_>>(), PLAYED);
}
