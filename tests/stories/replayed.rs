//! Signed bodies that somebody sends again under a new id.

use crate::support::story::Story;

/// Every delivery so far is sent again under a new id.
async fn replay_all(s: &Story) -> usize {
    let guids: Vec<String> = {
        let world = s.sim().world();
        world
            .deliveries
            .all
            .iter()
            .map(|d| d.guid.clone())
            .collect()
    };
    for guid in &guids {
        assert!(s.sim().world().replay(guid));
    }
    s.pass(5).await;
    guids.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_end_an_old_body_begins_nothing_and_says_nothing() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(10).await;
    let before = s.sim().writes_seen();
    let cases = replay_all(&s).await;
    assert!(cases > 100);
    assert_eq!(s.sim().writes_seen(), before, "not a word");
    s.finished(issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_way_an_old_word_is_not_said_again() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, "/hotfix hold reason=\"wait\"")
        .await;
    s.says("maintainer", issue, "/hotfix unhold").await;
    let closed = s.person("maintainer").close(issue, None);
    closed.expect("closed");
    s.pass(2).await;
    s.person("maintainer").reopen(issue).expect("open");
    s.pass(2).await;
    let before = (s.sim().writes_seen(), s.status(issue).1);
    replay_all(&s).await;
    assert_eq!((s.sim().writes_seen(), s.status(issue).1), before);
    s.silence().await;
}
