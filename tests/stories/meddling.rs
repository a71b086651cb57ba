//! People who do by hand what the bot does, or undo it.

use crate::support::story::{ASSESS, Story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_somebody_ticks_is_put_back() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let (status, before) = s.status(issue);
    let hand = s.person("maintainer");
    hand.tick_box(status, "item:manual-test", true).unwrap();
    assert_ne!(s.status(issue).1, before);
    s.pass(1).await;
    // There is nothing to be tried yet: the box is empty again, and it says why.
    let after = s.status(issue).1;
    let mut lines = after.lines();
    let boxed = lines.find(|line| line.contains("item:manual-test"));
    assert!(boxed.is_some_and(|line| line.contains("[ ]")), "{after}");
    assert_ne!(after, before);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_status_comment_comes_back() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let (status, before) = s.status(issue);
    let hand = s.person("maintainer");
    hand.edit_comment(status, "I know better.").unwrap();
    s.pass(1).await;
    assert_eq!(s.status(issue).1, before);
    hand.delete_comment(status).unwrap();
    s.pass(1).await;
    assert_eq!(s.status(issue).1, before);
    assert_ne!(s.status(issue).0, status);
    assert_eq!(s.bot_comments(issue).len(), 1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_request_closed_by_hand_is_a_need() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.person("developer").close(s.pull(), None).unwrap();
    s.pass(1).await;
    s.shows(issue, "was closed by @developer: reopen it");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.not_released();
    s.person("developer").reopen(s.pull()).unwrap();
    s.pass(1).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_that_is_pushed_by_force_is_read_anew() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let bump = s.look(|view| view.repo.git.commit(&head).map(|c| c.parents[0].clone()));
    let bump = bump.unwrap();
    let hand = s.person("developer");
    hand.force_push("hotfix/v1.0.5", &bump).unwrap();
    s.pass(6).await;
    s.shows(issue, "a fix on");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.not_released();
    let new = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &new).await;
    s.released(&new);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_starts_no_workflow_is_told_before_its_tag_is_burned() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let why = "fix: start again\n\nNothing to see here. [skip ci]";
    let head = s.fixes_saying(why).await;
    s.shows(issue, "tells GitHub to start no workflow");
    s.shows(issue, "git commit --allow-empty");
    s.vouched(issue).await;
    let word = "/hotfix check critical-path note=\"ran them here\"";
    s.says("maintainer", issue, word).await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.not_released();

    let head = s
        .pushes("hotfix/v1.0.5", "ci: run the workflows", &[])
        .await;
    s.shows(issue, "**Open gates: 3**");
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
