//! The decision to release, and what voids it.

use crate::support::story::{ASSESS, Story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_after_the_approval_voids_every_verdict() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.shows(issue, &format!("/hotfix release {}", &head[..7]));
    let more = [("src/more.rs", Some("pub fn more() {}\n"))];
    let new = s.pushes("hotfix/v1.0.5", "fix: more", &more).await;
    s.pass(6).await;
    let command = format!("/hotfix release {}", &new[..7]);
    let early = s.says("maintainer", issue, &command).await;
    assert_eq!(s.reactions(early), ["-1"]);
    s.shows(issue, "approving review");
    s.shows(issue, "manual test");
    s.not_released();
    let stale = format!("/hotfix release {}", &head[..7]);
    let stale = s.says("maintainer", issue, &stale).await;
    assert_eq!(s.reactions(stale), ["-1"]);
    s.not_released();
    s.vouched(issue).await;
    s.releases(issue, &new).await;
    s.released(&new);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_write_may_not_release() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    let comment = s.says("developer", issue, &command).await;
    assert_eq!(s.reactions(comment), ["-1"]);
    s.not_released();
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_hold_nothing_is_released() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.says(
        "developer",
        issue,
        "/hotfix hold reason=\"wait for the doctor\"",
    )
    .await;
    s.shows(issue, "wait for the doctor");
    let command = format!("/hotfix release {}", &head[..7]);
    let comment = s.says("maintainer", issue, &command).await;
    assert_eq!(s.reactions(comment), ["-1"]);
    s.not_released();
    s.says("developer", issue, "/hotfix unhold").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_made_by_hand_on_the_tested_commit_is_adopted() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let hand = s.person("maintainer");
    hand.create_tag("v1.0.5", &head, Some("by hand")).unwrap();
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_that_a_keyword_closes_is_open_until_users_have_the_fix() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let why = format!("fix: start again\n\nFixes #{issue}");
    let head = s.fixes_saying(&why).await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    let is_open = |s: &Story| s.look(|view| view.issue().map(|i| i.open));
    assert_eq!(is_open(&s), Some(true));
    s.shows(issue, "I opened it again");
    s.ends(issue).await;
    assert_eq!(is_open(&s), Some(false));
    let said = s.status(issue).1.matches("I opened it again").count();
    assert_eq!(said, 1, "it is said once");
    s.silence().await;
}
