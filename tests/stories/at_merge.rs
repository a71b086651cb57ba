//! The merge is tagged where the configuration asks for it, whichever way it is
//! merged, and by default where the branch holds nothing else; never anything but
//! what was tested.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::{Role, Sim};
use serde_json::{Value, json};

use crate::support::bases::{at_the_base, commit};
use crate::support::story::Story;

const TAG: &str = "refs/tags/v1.0.5";
const MAIN: &str = "refs/heads/main";

/// The default branch stands at the base, and the configuration asks for the
/// merge; and what else is so.
async fn begin(so: impl FnOnce(&Sim, u64)) -> Story {
    begin_as("merge", so).await
}

/// The same with a `tag_at`.
async fn begin_as(tag_at: &str, so: impl FnOnce(&Sim, u64)) -> Story {
    Story::begin_with(|sim, scene: &Scene| {
        let text = &format!("schema = 1\n\n[merge]\ntag_at = \"{tag_at}\"\n");
        at_the_base(sim, scene, &[(".github/hotfix.toml", Some(text))]);
        let base = commit(sim, scene, "refs/tags/v1.0.4");
        let hand = sim.person("maintainer", scene.repo);
        hand.force_push("main", &base).expect("it stands there");
        so(sim, scene.repo);
    })
    .await
}

fn decide(head: &str) -> String {
    format!("/hotfix release {}", &head[..7])
}

/// A release of the head is refused, and nothing is tagged.
async fn refuses(s: &Story, issue: u64, head: &str) {
    let word = s.says("maintainer", issue, &decide(head)).await;
    s.pass(2).await;
    assert_eq!(s.reactions(word).last().map(String::as_str), Some("-1"));
    assert_eq!(s.commit_of(TAG), None);
}

/// The tag stands on the merge, which holds what was tested, and it ends so.
async fn ends_at_the_merge(s: Story, issue: u64, head: &str) {
    s.released_by_merge(head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_way_it_is_merged_the_merge_is_tagged() {
    for (merge, squash) in [(true, true), (false, true), (false, false)] {
        let s = begin(|sim, repo| {
            let mut world = sim.world();
            let repo = world.repos.get_mut(&repo).expect("the repository");
            (repo.allow_merge_commit, repo.allow_squash_merge) = (merge, squash);
        })
        .await;
        let (issue, head) = s.ready().await;
        s.shows(
            issue,
            "**Tagged:** the merge, if it holds exactly what was tested",
        );
        s.releases(issue, &head).await;
        ends_at_the_merge(s, issue, &head).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreleased_work_is_named_and_the_tested_commit_is_tagged_on_a_word() {
    let s = begin(|_, _| ()).await;
    let (issue, head) = s.ready().await;
    let file = [("docs/notes.md", Some("More.\n"))];
    s.pushes("main", "docs: notes", &file).await;
    s.pass(6).await;
    s.shows(issue, "1 other commit since v1.0.4");
    refuses(&s, issue, &head).await;
    let word = "/hotfix override merge.tag_at reason=\"the notes can wait\"";
    s.says("maintainer", issue, word).await;
    s.pass(2).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_is_named_before_the_decision() {
    let s = begin(|sim, repo| Story::rule(sim, repo, 8, "merge_queue", Value::Null)).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "a merge queue merges into `main`");
    refuses(&s, issue, &head).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_protected_tag_is_pushed_to_the_merge_by_a_person() {
    let s = begin(|sim, repo| {
        let on = (7, "refs/tags/v*");
        Story::rule_on(sim, repo, on, "creation", Value::Null);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.says("maintainer", issue, &decide(&head)).await;
    s.pass(3).await;
    let merge = s.commit_of(MAIN).expect("it is merged");
    s.shows(issue, &format!("git tag -a v1.0.5 {merge} -m v1.0.5"));
    let tag = s
        .person("maintainer")
        .create_tag("v1.0.5", &merge, Some("Hotfix v1.0.5"));
    tag.expect("a tag");
    s.pass(30).await;
    ends_at_the_merge(s, issue, &head).await;
}

/// What a rule keeps from being merged holds the release up no longer: the tested
/// commit is tagged, and the merge is tried again with the review that it lacks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_lacks_a_review_leaves_the_tag_to_the_tested_commit_and_comes_with_it() {
    let two = json!({ "required_approving_review_count": 2 });
    let s = begin(|sim, repo| Story::rule(sim, repo, 8, "pull_request", two)).await;
    let (issue, head) = s.ready().await;
    s.says("maintainer", issue, &decide(&head)).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    assert_eq!(s.commit_of(TAG).as_deref(), Some(&*head));
    s.pass(3).await;
    let pull = s.pull();
    let merged =
        |s: &Story| s.look(|v| v.repo.issues[&pull].pull.clone().unwrap().merged.is_some());
    assert!(!merged(&s));
    s.with_role("second", Role::Write);
    s.approves("second").await;
    assert!(merged(&s), "{}", s.status(issue).1);
    s.pass(40).await;
    s.ends(issue).await;
    s.silence().await;
}

/// The decision waits for the merge, which is a person's, and the tag for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_only_a_person_may_make_is_tagged_when_it_is_there() {
    let s = begin(|sim, repo| Story::rule(sim, repo, 8, "update", Value::Null)).await;
    let (issue, head) = s.ready().await;
    s.says("maintainer", issue, &decide(&head)).await;
    s.pass(5).await;
    let pull = s.pull();
    s.shows(issue, &format!("`gh pr merge {pull} --merge`"));
    assert_eq!(s.commit_of(TAG), None);
    let merged = s.person("maintainer").merge_past("update", pull);
    merged.expect("it is merged");
    s.pass(30).await;
    ends_at_the_merge(s, issue, &head).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_default_the_merge_is_tagged_where_the_branch_holds_nothing_else() {
    let s = begin_as("auto", |_, _| ()).await;
    let (issue, head) = s.ready().await;
    s.shows(
        issue,
        "**Tagged:** the merge, if it holds exactly what was tested; else this commit; `main` holds nothing else since v1.0.4",
    );
    s.releases(issue, &head).await;
    ends_at_the_merge(s, issue, &head).await;
}

/// What "auto" leaves to the tested commit, with the reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_default_what_is_in_the_way_of_the_merge_leaves_the_tag_to_the_tested_commit() {
    type So = fn(&Sim, u64);
    let squash: So = |sim, repo| {
        let mut world = sim.world();
        let repo = world.repos.get_mut(&repo).expect("the repository");
        repo.allow_merge_commit = false;
    };
    let by_person: So = |sim, repo| Story::rule(sim, repo, 8, "update", Value::Null);
    for (why, so) in [
        ("it is squashed into `main`", squash),
        ("only a person may merge into `main`", by_person),
    ] {
        let s = begin_as("auto", so).await;
        let (issue, head) = s.ready().await;
        s.shows(
            issue,
            &format!("**Tagged:** this commit, and merged afterwards: {why}"),
        );
        s.says("maintainer", issue, &decide(&head)).await;
        s.until(|s| s.commit_of(TAG).is_some()).await;
        assert_eq!(s.commit_of(TAG).as_deref(), Some(&*head));
    }
}

/// Somebody pushes to the branch between the decision and the merge, which holds
/// more than was tested then: the tested commit is tagged, and the decision stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_default_a_push_in_the_last_moment_leaves_the_tag_to_the_tested_commit() {
    let s = begin_as("auto", |_, _| ()).await;
    let (issue, head) = s.ready().await;
    let person = s.person("maintainer");
    let word = person.comment(issue, &decide(&head)).expect("a comment");
    let pull = s.pull();
    let is_draft = move |s: &Story| s.look(|v| v.repo.issues[&pull].pull.clone().unwrap().draft);
    s.until(|s| !is_draft(s)).await;
    let file = [("docs/notes.md", Some("More.\n"))];
    let pushed = person.push_commit("main", "docs: notes", &file);
    pushed.expect("a push");
    s.pass(10).await;
    let status = s.status(issue).1;
    assert_eq!(s.commit_of(TAG).as_deref(), Some(&*head), "{status}");
    assert!(
        status.contains("The tag goes on the tested commit"),
        "{status}"
    );
    s.pass(30).await;
    assert_eq!(s.reactions(word).last().map(String::as_str), Some("+1"));
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
