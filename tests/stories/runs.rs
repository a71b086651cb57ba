//! Runs that fail, before the tag and after it.

use hotfix_bot::sim::actions::Failure;

use crate::support::story::{ASSESS, Story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn red_ci_is_a_need_and_retry_runs_it_again() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.pass(6).await;
    s.failing(Failure::first_attempt("ci.yml"));
    let head = s.fixes().await;
    s.pass(6).await;
    s.shows(issue, "/hotfix retry");
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.hides(issue, "it was done before");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_workflow_that_fails_is_run_again() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.failing(Failure::first_attempt("release.yml"));
    s.releases(issue, &head).await;
    s.released(&head);
    s.shows(issue, "/hotfix retry");
    s.shows(issue, "release.yml");
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(30).await;
    s.hides(issue, "it was done before");
    s.ends(issue).await;
    s.silence().await;
}
