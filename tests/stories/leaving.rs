//! A hotfix that is given up, and two at a time.

use crate::support::story::{ASSESS, Story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_it_takes_back_what_the_bot_made_alone() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let pull = s.pull();
    s.says("maintainer", issue, "/hotfix cancel reason=\"false alarm\"")
        .await;
    assert!(!s.has_branch());
    assert!(!s.look(|view| view.repo.issues[&pull].open));
    assert!(s.look(|view| view.repo.issues[&issue].open));
    s.shows(issue, "false alarm");
    assert_eq!(s.bot_comments(issue).len(), 1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_it_leaves_what_a_person_made() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let head = s.fixes().await;
    s.says("maintainer", issue, "/hotfix cancel reason=\"false alarm\"")
        .await;
    assert_eq!(s.commit_of("refs/heads/hotfix/v1.0.5"), Some(head));
    s.not_released();
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_label_taken_off_at_once_leaves_nothing_behind() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.pass(2).await;
    assert!(!s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_broke_off_is_taken_up_by_a_word_where_the_app_is_back() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.takes_the_app_off();
    s.pass(3).await;
    assert!(s.kept(issue).await.1, "it is over");
    s.installs_the_app_again();
    s.pass(3).await;
    assert!(s.kept(issue).await.1, "nobody said that it goes on");
    // Who may not begin one does not let it go on, either.
    s.says("reporter", issue, "/hotfix start").await;
    let pull = s.pull();
    s.shows(issue, "the App was taken off this repository meanwhile");
    s.says("maintainer", issue, "/hotfix start").await;
    s.hides(issue, "the App was taken off this repository meanwhile");
    s.pass(6).await;
    assert_eq!(s.pull(), pull);
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_hotfix_waits_for_the_first_and_starts_from_its_tag() {
    let s = Story::begin().await;
    let (first, head) = s.ready().await;
    let reporter = s.person("reporter");
    let second = reporter.open_issue("lantern burns", "At once.").unwrap();
    s.person("maintainer").label(second, "P0").unwrap();
    s.pass(2).await;
    s.shows(second, " holds v1.0.4; this one goes on");
    assert_eq!(s.commit_of("refs/heads/hotfix/v1.0.6"), None);
    s.releases(first, &head).await;
    s.ends(first).await;
    s.pass(3).await;
    let branch = s.commit_of("refs/heads/hotfix/v1.0.6");
    let parent = s.look(|view| {
        let bump = view.repo.git.commit(&branch.expect("a branch"))?;
        bump.parents.first().cloned()
    });
    assert_eq!(parent, Some(head));
    s.silence().await;
}
