//! The reporter finds that the released version does not fix it.

use crate::support::story::Story;

/// Also when the hotfix is over: its issue is opened again, and a release that is
/// found to fix it all the same ends it once more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finished_hotfix_is_opened_again_until_somebody_finds_it_fixed() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(30).await;
    let open = |s: &Story| s.look(|view| view.repo.issues[&issue].open);
    let comments = s.bot_comments(issue).len();
    // Who has no part in it opens nothing.
    s.says("passer-by", issue, "/hotfix still-broken").await;
    s.pass(2).await;
    assert!(!open(&s));
    let said = "Not for me.\n\n/hotfix still-broken note=\"it ends with 2\"";
    let comment = s.says("reporter", issue, said).await;
    s.pass(2).await;
    assert_eq!(s.reactions(comment).last().expect("an answer"), "+1");
    assert!(open(&s), "{}", s.status(issue).1);
    s.shows(issue, "/hotfix rollback reason=…");
    let told = s.bot_comments(issue);
    assert_eq!(told.len(), comments + 1, "one calls who decides");
    let call = &told.last().expect("it").1;
    assert!(call.contains("v1.0.5 does not fix it"), "{call}");
    let closing = |s: &Story| {
        let mut all = s.bot_comments(issue).into_iter();
        all.find(|(_, text)| text.contains(":closing:"))
            .expect("a closing comment")
            .1
    };
    assert!(closing(&s).contains("may not fix it"), "{}", closing(&s));
    s.pass(30).await;
    // It was another version.
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(3).await;
    assert!(!open(&s), "{}", s.status(issue).1);
    assert!(closing(&s).contains("### Fixed in"), "{}", closing(&s));
    s.finished(issue);
    s.silence().await;
}
