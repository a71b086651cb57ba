//! Questions that are asked by a command, and boxes that are ticked.

use crate::support::story::Story;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_where_it_was_asked() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let before = s.bot_comments(issue).len();
    let asked = s.says("developer", issue, "/hotfix runbook").await;
    assert_eq!(s.reactions(asked), ["+1"]);
    let on_issue = s.bot_comments(issue);
    assert_eq!(on_issue.len(), before + 1);
    let answer = &on_issue.last().expect("an answer").1;
    assert!(answer.contains("git switch hotfix/v1.0.5"), "{answer}");
    let pull = s.pull();
    s.says("developer", pull, "/hotfix plan").await;
    assert_eq!(s.bot_comments(issue).len(), before + 1);
    let on_pull = s.bot_comments(pull);
    assert!(
        on_pull
            .last()
            .expect("an answer")
            .1
            .contains("**Then, in this order")
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_is_ticked_by_who_may_and_put_back_otherwise() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.fixes().await;
    s.pass(1).await;
    let status = s.status(issue).0;
    let developer = s.person("developer");
    developer
        .tick_box(status, "item:manual-test", true)
        .unwrap();
    developer
        .tick_box(status, "answer:condition=all-users", true)
        .unwrap();
    s.pass(1).await;
    s.shows(
        issue,
        "- [x] Manually tested on affected platform(s) — by @developer",
    );
    s.shows(issue, "What does the bug do? **prevents all or most users");
    developer.tick_box(status, "item:tagged", true).unwrap();
    s.pass(1).await;
    s.shows(issue, "- [ ] Tag created and pushed");
    s.shows(issue, "`/hotfix check tagged` (@developer, by a box,");
    s.silence().await;
}
