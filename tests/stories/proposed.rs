//! A pull request that touches `.github/hotfix.toml` hears on its head whether the
//! configuration is right, without any hotfix.

use hotfix_bot::sim::checks::CheckRun;
use hotfix_bot::sim::{FaultPlan, FaultWhen};

use crate::support::story::Story;

const NAME: &str = "Hotfix: configuration";
const FILE: &str = ".github/hotfix.toml";

/// A branch of main with these files, and its head.
fn pushed(s: &Story, branch: &str, files: &[(&str, Option<&str>)]) -> String {
    let hand = s.person("developer");
    let main = s.commit_of("refs/heads/main").expect("main");
    hand.create_branch(branch, &main).expect("a branch");
    hand.push_commit(branch, "ci: hotfixes", files)
        .expect("a push")
}

fn opened(s: &Story, branch: &str) -> u64 {
    let hand = s.person("developer");
    hand.open_pull("ci: hotfixes", "", branch, "main")
        .expect("a pull request")
}

/// The check runs on a head.
fn on(s: &Story, head: &str) -> Vec<CheckRun> {
    s.look(|view| {
        let all = view.repo.checks.runs.values();
        let of = all.filter(|run| run.name == NAME && run.head_sha == head);
        of.cloned().collect()
    })
}

#[track_caller]
fn says(s: &Story, head: &str, conclusion: &str, title: &str) -> CheckRun {
    let all = on(s, head);
    let [run] = all.as_slice() else {
        panic!("{} check runs; {:#?}", all.len(), s.refused_calls());
    };
    assert_eq!(run.conclusion.as_deref(), Some(conclusion));
    assert_eq!(run.output[0].as_deref(), Some(title));
    run.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_request_hears_whether_its_configuration_is_right() {
    let mut s = Story::begin().await;
    // One that does not touch it hears nothing.
    let other = pushed(&s, "other", &[("docs/a.md", Some("a\n"))]);
    opened(&s, "other");
    let wrong = "[trigger]\nwho = \"writer\"\n[test]\nworkflows = [\"ci.yml\"]\n";
    let head = pushed(&s, "config", &[(FILE, Some(wrong))]);
    let pull = opened(&s, "config");
    s.person("developer")
        .set_draft(pull, true)
        .expect("a draft");
    s.pass(1).await;
    assert!(on(&s, &other).is_empty());
    let run = says(&s, &head, "failure", "The configuration has 1 fault");
    let [note] = run.annotations.as_slice() else {
        panic!("{:?}", run.annotations);
    };
    assert_eq!(
        (&note["path"], &note["start_line"]),
        (&FILE.into(), &2.into())
    );
    assert_eq!(note["start_column"], 7);
    let said = note["message"].as_str().expect("words");
    assert!(said.contains("did you mean \"write\"?"), "{said}");
    // A name that no workflow has is wrong, too; what it brings itself is there.
    let named = "[test]\nworkflows = [\"none.yml\"]\n";
    let head = s
        .pushes("config", "ci: again", &[(FILE, Some(named))])
        .await;
    let run = says(&s, &head, "failure", "The configuration has 1 fault");
    let said = run.output[1].clone().unwrap_or_default();
    assert!(
        said.contains("no workflow file `none.yml` at this commit"),
        "{said}"
    );
    // Heard again, and by a server that starts again, there is one.
    let hand = s.person("developer");
    hand.close(pull, None).expect("closed");
    hand.reopen(pull).expect("open again");
    s.pass(1).await;
    s.while_down(async |_| ()).await;
    s.pass(1).await;
    says(&s, &head, "failure", "The configuration has 1 fault");
    let right = s
        .pushes("config", "ci: right", &[(FILE, Some("schema = 1\n"))])
        .await;
    says(&s, &right, "success", "The configuration is right");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_request_that_brings_one_later_is_heard_of_by_its_push_and_the_others_are_let_be() {
    let mut s = Story::begin().await;
    pushed(&s, "topic", &[("docs/a.md", Some("a\n"))]);
    opened(&s, "topic");
    s.pass(1).await;
    let asked = |s: &Story| {
        let world = s.sim().world();
        let calls = world.log.calls.iter();
        calls.filter(|it| it.path.contains("/pulls/")).count()
    };
    // What does not touch it is not looked at again.
    let before = asked(&s);
    let more = [("docs/a.md", Some("b\n"))];
    let head = s.pushes("topic", "docs: more", &more).await;
    s.pass(1).await;
    assert_eq!(asked(&s), before);
    assert!(on(&s, &head).is_empty());
    // A push that touches it is.
    let right = [(FILE, Some("schema = 1\n"))];
    let head = s.pushes("topic", "ci: hotfixes", &right).await;
    s.pass(1).await;
    says(&s, &head, "success", "The configuration is right");
    // From then on each head is, after a restart, too.
    s.while_down(async |_| ()).await;
    let more = [("docs/a.md", Some("c\n"))];
    let head = s.pushes("topic", "docs: still more", &more).await;
    s.pass(1).await;
    says(&s, &head, "success", "The configuration is right");
    // Until it is as it was again, and that is seen.
    let was = s.text_at("refs/heads/main", FILE);
    let was = [(FILE, Some(was.as_str()))];
    let head = s.pushes("topic", "ci: as it was", &was).await;
    s.pass(1).await;
    assert!(on(&s, &head).is_empty());
    let before = asked(&s);
    let more = [("docs/a.md", Some("d\n"))];
    s.pushes("topic", "docs: the last", &more).await;
    s.pass(1).await;
    assert_eq!(asked(&s), before);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_is_taken_away_or_moved_is_told() {
    let s = Story::begin().await;
    let right = "schema = 1\n# A file that is known again where it went to.\n";
    s.pushes("main", "ci: hotfixes", &[(FILE, Some(right))])
        .await;
    let gone = pushed(&s, "gone", &[(FILE, None)]);
    opened(&s, "gone");
    let moved = pushed(&s, "moved", &[(FILE, None), ("old.toml", Some(right))]);
    opened(&s, "moved");
    s.pushes(
        "main",
        "ci: elsewhere",
        &[(FILE, None), ("old.toml", Some(right))],
    )
    .await;
    let back = pushed(&s, "back", &[("old.toml", None), (FILE, Some(right))]);
    opened(&s, "back");
    s.pass(1).await;
    let title = "The configuration is taken away";
    says(&s, &gone, "neutral", title);
    says(&s, &moved, "neutral", title);
    says(&s, &back, "success", "The configuration is right");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cut_off_between_two_calls_is_said_once() {
    let keys = (0..120).map(|n| format!("key{n} = 1\n"));
    let text: String = keys.collect();
    for (at, when) in [
        (0, FaultWhen::After),
        (1, FaultWhen::Before),
        (1, FaultWhen::After),
        (2, FaultWhen::After),
    ] {
        let s = Story::begin().await;
        let plan = FaultPlan { at, when };
        s.sim().plan_fault(Some(plan));
        let head = pushed(&s, "config", &[(FILE, Some(&text))]);
        opened(&s, "config");
        s.sim().fault_struck().await.expect("it strikes");
        s.sim().release_fault();
        s.pass(3).await;
        let run = says(&s, &head, "failure", "The configuration has 120 faults");
        assert_eq!(run.annotations.len(), 120, "{plan:?}");
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_cannot_be_looked_at_holds_no_other_up() {
    let s = Story::begin().await;
    s.sim().break_operations(&["checks/create"]);
    let first = pushed(&s, "first", &[(FILE, Some("schema = 2\n"))]);
    opened(&s, "first");
    let second = pushed(&s, "second", &[(FILE, Some("schema = 1\n"))]);
    opened(&s, "second");
    s.pass(1).await;
    assert!(on(&s, &first).is_empty() && on(&s, &second).is_empty());
    // Meanwhile a hotfix goes on.
    let issue = s.labelled_by("maintainer").await;
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.sim().break_operations(&[]);
    s.pass(10).await;
    says(&s, &first, "failure", "The configuration has 1 fault");
    says(&s, &second, "success", "The configuration is right");
}
