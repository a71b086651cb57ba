//! What is said to a hotfix that is over, and where there never was one.

use crate::support::story::Story;

/// Somebody says it, and this is the only answer.
async fn answered(s: &Story, login: &str, number: u64, text: &str, answer: &str) {
    let comment = s.says(login, number, text).await;
    s.pass(1).await;
    let given = s.reactions(comment);
    assert_eq!(given, [answer], "{text}: {:#?}", s.bot_comments(number));
}

fn words(s: &Story, number: u64) -> String {
    let last = s.bot_comments(number).into_iter().next_back();
    last.expect("a comment").1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hotfix_that_is_done_still_answers_and_begins_nothing_by_itself() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let pull = s.pull();
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.sim()
        .world()
        .repos
        .get_mut(&s.repo())
        .and_then(|repo| repo.issues.get_mut(&issue))
        .expect("it")
        .locked = Some("resolved".to_owned());
    let before = s.bot_comments(issue).len();
    answered(&s, "maintainer", issue, "/hotfix retry", "-1").await;
    let said = words(&s, issue);
    for says in [
        "**This hotfix is over:** [v1.0.5](",
        "/hotfix still-broken",
        "/hotfix rollback reason",
        "/hotfix start",
    ] {
        assert!(said.contains(says), "{says}: {said}");
    }
    answered(&s, "developer", issue, "/hotfix hold", "-1").await;
    answered(&s, "developer", issue, "/hotfix relase", "confused").await;
    assert_eq!(s.bot_comments(issue).len(), before + 1, "it is said once");
    answered(&s, "developer", issue, "/hotfix timeline full", "+1").await;
    assert!(words(&s, issue).contains("Draft of a post-mortem"));
    answered(&s, "developer", issue, "/hotfix help", "+1").await;
    answered(&s, "developer", pull, "/hotfix status", "+1").await;
    assert!(
        words(&s, pull).contains("Its issue is [#"),
        "{}",
        words(&s, pull)
    );
    answered(&s, "developer", pull, "/hotfix start", "-1").await;
    assert_eq!(s.commit_of("refs/heads/hotfix/v1.0.6"), None);
    // The word on the issue begins the next one.
    let comment = s.says("maintainer", issue, "/hotfix start").await;
    s.pass(2).await;
    assert_eq!(s.reactions(comment), ["+1"]);
    assert!(s.commit_of("refs/heads/hotfix/v1.0.6").is_some());
    answered(&s, "developer", pull, "/hotfix retry", "-1").await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_hotfix_it_is_said_how_one_begins() {
    let s = Story::begin().await;
    let issue = s.person("reporter").open_issue("lantern flickers", "");
    let issue = issue.expect("an issue");
    answered(&s, "developer", issue, "/hotfix status", "-1").await;
    assert!(words(&s, issue).contains("there is no hotfix on this issue"));
    answered(&s, "developer", issue, "/hotfix retry", "-1").await;
    let before = s.bot_comments(issue).len();
    answered(&s, "passer-by", issue, "/hotfix status", "-1").await;
    assert_eq!(
        s.bot_comments(issue).len(),
        before,
        "nobody is called by a passer-by"
    );
    assert!(!s.has_branch());
    answered(&s, "developer", issue, "/hotfix start severity=P0", "+1").await;
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_while_the_bot_was_away_and_is_too_late_is_answered() {
    let mut s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, "/hotfix cancel reason=\"false alarm\"")
        .await;
    s.pass(5).await;
    let mut said = 0;
    s.away(10, |s| {
        let hand = s.person("developer");
        said = hand.comment(issue, "/hotfix retry").expect("a comment");
    })
    .await;
    s.pass(15).await;
    assert_eq!(s.reactions(said), ["-1"]);
    assert!(
        words(&s, issue).contains("@maintainer gave it up"),
        "{}",
        words(&s, issue)
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reported_it_twice_is_told_once_on_their_own_issue() {
    let s = Story::begin().await;
    let same = s
        .person("passer-by")
        .open_issue("it crashes for me, too", "");
    let same = same.expect("an issue");
    let other = s.person("passer-by").open_issue("another thing", "");
    let other = other.expect("an issue");
    let (issue, head) = s.ready().await;
    {
        let mut world = s.sim().world();
        let repo = world.repos.get_mut(&s.repo()).expect("it");
        let marks = &mut repo.issues.get_mut(&issue).expect("it").duplicates;
        marks.extend([(true, same), (true, other), (false, other)]);
    }
    s.releases(issue, &head).await;
    assert!(
        s.bot_comments(same).is_empty(),
        "not before it is seen to be fixed"
    );
    s.ends(issue).await;
    let said = s.bot_comments(same);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].1.contains("**fixed in [v1.0.5]("), "{}", said[0].1);
    assert!(s.bot_comments(other).is_empty());
    s.silence().await;
}
