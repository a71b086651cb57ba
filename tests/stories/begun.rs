//! A hotfix that begins by a word, and levels that begin none.

use crate::support::story::{ASSESS, Story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_begins_a_hotfix_without_any_label() {
    let s = Story::begin().await;
    let issue = s
        .person("reporter")
        .open_issue("lantern does not start", "Since 1.0.4 it ends at once.")
        .expect("an issue");
    s.pass(1).await;
    let refused = s.says("passer-by", issue, "/hotfix start").await;
    assert!(s.bot_comments(issue).is_empty());
    assert_eq!(s.reactions(refused), ["-1"]);
    s.pass(2).await;
    let begun = s
        .says("developer", issue, "/hotfix start severity=P0")
        .await;
    assert_eq!(s.reactions(begun), ["+1"]);
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_regular_level_is_answered_once_and_begins_nothing() {
    let s = Story::begin().await;
    let reporter = s.person("reporter");
    let issue = reporter.open_issue("lantern is slow", "A little.").unwrap();
    let maintainer = s.person("maintainer");
    maintainer.label(issue, "P1").unwrap();
    s.pass(1).await;
    let alone = s.bot_comments(issue).len();
    maintainer.label(issue, "hotfix").unwrap();
    s.pass(1).await;
    assert_eq!(s.bot_comments(issue).len(), 1, "{alone}");
    s.shows(issue, "### P1: this waits for the next regular release");
    for _ in 0..2 {
        maintainer.unlabel(issue, "hotfix").unwrap();
        maintainer.label(issue, "hotfix").unwrap();
        s.pass(1).await;
    }
    assert_eq!(s.bot_comments(issue).len(), 1);
    assert!(s.look(|view| view.pull().is_none()));
    maintainer.label(issue, "P0").unwrap();
    s.pass(1).await;
    assert!(s.look(|view| view.pull().is_some()));
    s.silence().await;
}
