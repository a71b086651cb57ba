//! GitHub answers nothing but errors for long, to some requests.

use crate::support::story::{ASSESS, Story};

const SILENT: &str = "GitHub does not answer when asked";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_fails_for_long_is_shown_until_it_is_answered() {
    let broken = ["repos/get-branch-rules"];
    let s = Story::begin_with(|sim, _| sim.break_operations(&broken)).await;
    let issue = s.labelled_by("maintainer").await;
    s.hides(issue, SILENT);
    s.pass(3).await;
    s.shows(issue, "when asked to show something that the bot must know");
    s.shows(issue, "The bot goes on trying");
    assert!(!s.has_branch());
    let before = s.status(issue);
    s.pass(9).await;
    assert_eq!(s.status(issue), before, "told once");
    s.sim().break_operations(&[]);
    s.pass(7).await;
    s.hides(issue, SILENT);
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_is_a_write_and_retry_tries_it_at_once() {
    let s = Story::begin_with(|sim, _| sim.break_operations(&["pulls/create"])).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.pass(10).await;
    s.shows(issue, "when asked to open the pull request");
    s.sim().break_operations(&[]);
    s.says("maintainer", issue, "/hotfix retry").await;
    s.pass(1).await;
    s.hides(issue, SILENT);
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_while_github_is_down_and_loses_nothing() {
    let broken = ["apps/get-authenticated"];
    let s = Story::begin_with(|sim, _| sim.break_operations(&broken)).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(3).await;
    assert!(!s.has_branch());
    s.sim().break_operations(&[]);
    s.pass(3).await;
    assert!(s.has_branch());
    s.shows(issue, "Hotfix");
    s.silence().await;
}

/// How far GitHub's log is read is told by GitHub's time: by the server's, put forward
/// just before, it would be later than what is logged next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_put_forward_hides_nothing_of_the_log() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.ahead(30);
    s.pass(1).await;
    let hand = s.person("maintainer");
    let id = s.unheard(|| hand.comment(issue, "/hotfix status"));
    let id = id.expect("a comment");
    s.pass(60).await;
    let heard = s.look(|view| !view.repo.comments[&id].reactions.is_empty());
    assert!(heard, "nobody heard it");
    s.silence().await;
}
