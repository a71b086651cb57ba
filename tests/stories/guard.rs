//! The scope guard on the head itself: one check run, kept true, with notes on the
//! lines that it is about.

use hotfix_bot::sim::checks::CheckRun;
use serde_json::Value;

use crate::support::bases::everywhere;
use crate::support::story::{ASSESS, Story};

const NAME: &str = "Hotfix: scope";

/// The check runs of the guard on a head.
fn on(s: &Story, head: &str) -> Vec<CheckRun> {
    s.look(|view| {
        let all = view.repo.checks.runs.values();
        let of = all.filter(|run| run.name == NAME && run.head_sha == head);
        of.cloned().collect()
    })
}

#[track_caller]
fn ends(s: &Story, head: &str, conclusion: &str, title: &str) -> CheckRun {
    let all = on(s, head);
    let [run] = all.as_slice() else {
        panic!("{} check runs", all.len());
    };
    assert_eq!(run.conclusion.as_deref(), Some(conclusion));
    let [said, ..] = &run.output;
    assert_eq!(said.as_deref(), Some(title));
    run.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_carries_one_check_run_that_is_kept_true() {
    let s = Story::begin_with(|sim, scene| {
        let config = "[scope]\nforbid_paths = [\"docs/\"]\n";
        everywhere(sim, scene, &[(".github/hotfix.toml", Some(config))]);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let files = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
        ("docs/guide.md", Some("Start it again.\n")),
    ];
    let head = s.pushes("hotfix/v1.0.5", "fix: start again", &files).await;
    s.pass(2).await;
    let title = "3 files, 4 lines: more than a hotfix may be";
    let run = ends(&s, &head, "failure", title);
    let [note] = run.annotations.as_slice() else {
        panic!("{:?}", run.annotations);
    };
    let at = |key: &str| note.get(key).and_then(Value::as_u64);
    assert_eq!(note["path"], "docs/guide.md");
    assert_eq!((at("start_line"), at("end_line")), (Some(1), Some(1)));
    let said = run.output[1].clone().unwrap_or_default();
    assert!(said.contains("/hotfix override scope reason=…"), "{said}");
    assert!(said.contains("Not to be merged by hand"), "{said}");
    // Passed: the same check run says so, and repeats no note.
    s.says(
        "maintainer",
        issue,
        "/hotfix override scope reason=\"it is the fix\"",
    )
    .await;
    s.pass(2).await;
    let title = "3 files, 4 lines: passed by a maintainer";
    let run = ends(&s, &head, "neutral", title);
    assert_eq!(run.annotations.len(), 1);
    // Another head is another verdict.
    let files = [("docs/guide.md", None)];
    let next = s
        .pushes("hotfix/v1.0.5", "fix: without the guide", &files)
        .await;
    s.pass(8).await;
    ends(&s, &next, "success", "2 files, 3 lines: small enough");
    ends(&s, &head, "neutral", title);
    s.vouched(issue).await;
    s.releases(issue, &next).await;
    s.released(&next);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_notes_than_one_call_takes_stand_on_the_same_check_run() {
    let s = Story::begin_with(|sim, scene| {
        let config = "[scope]\nforbid_paths = [\"docs/\"]\n";
        everywhere(sim, scene, &[(".github/hotfix.toml", Some(config))]);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let paths: Vec<String> = (0..120).map(|n| format!("docs/{n}.md")).collect();
    let files = paths.iter().map(|path| (path.as_str(), Some("More.\n")));
    let files: Vec<_> = files.collect();
    let head = s.pushes("hotfix/v1.0.5", "fix: start again", &files).await;
    s.pass(2).await;
    let [run] = &on(&s, &head)[..] else {
        panic!("one check run");
    };
    assert_eq!(run.annotations.len(), paths.len());
    let refused = s.refused_calls();
    assert!(
        !refused.iter().any(|it| it.contains("check-runs")),
        "{refused:?}"
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_right_there_is_none_and_it_is_said() {
    let s = Story::begin_with(|sim, _| {
        let mut world = sim.world();
        for it in world.installations.values_mut() {
            it.permissions.insert("checks".into(), "read".into());
        }
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "lacks the permission `checks` (`write`)");
    assert!(on(&s, &head).is_empty());
    let refused = s.refused_calls();
    assert!(
        !refused.iter().any(|it| it.contains("check-runs")),
        "{refused:?}"
    );
    s.releases(issue, &head).await;
    s.released(&head);
}
