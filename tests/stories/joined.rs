//! Two emergencies at once: one waits for the other, or goes along with its
//! release.

use serde_json::Value;

use crate::support::story::{ASSESS, Story};

/// Two issues with the label, the one after the other.
async fn two(s: &Story) -> (u64, u64) {
    let first = s.labelled_by("maintainer").await;
    s.pass(1).await;
    let second = s.labelled_by("maintainer").await;
    s.pass(2).await;
    (first, second)
}

/// The first begins at an older release, so that the second has a branch of its own.
async fn two_lines(s: &Story) -> (u64, u64) {
    let opened = s.person("reporter").open_issue("lantern flickers", "");
    let first = opened.expect("an issue");
    let start = "/hotfix start v1.0.3 severity=P0";
    s.says("maintainer", first, start).await;
    s.pass(2).await;
    let second = s.labelled_by("maintainer").await;
    s.pass(2).await;
    (first, second)
}

fn is_open(s: &Story, issue: u64) -> bool {
    s.look(|view| view.repo.issues[&issue].open)
}

/// Somebody says it, and this is the answer.
async fn answered(s: &Story, login: &str, issue: u64, text: &str, answer: &str) {
    let comment = s.says(login, issue, text).await;
    s.pass(1).await;
    let last = s.reactions(comment).pop();
    assert_eq!(last.as_deref(), Some(answer), "{}", s.status(issue).1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_of_two_goes_along_and_is_closed_with_the_release_and_reopened_with_it() {
    let s = Story::begin().await;
    let (first, second) = two(&s).await;
    let join = format!("/hotfix join #{first}");
    s.shows(second, &join);
    answered(&s, "developer", second, &join, "-1").await;
    answered(
        &s,
        "maintainer",
        second,
        &format!("/hotfix join #{second}"),
        "-1",
    )
    .await;
    answered(&s, "maintainer", second, "/hotfix join #99", "-1").await;
    answered(&s, "maintainer", second, &join, "+1").await;
    s.shows(first, "**Also fixes:**");
    s.shows(second, &format!("Goes along with #{first}"));
    // What is said there is pointed to where it belongs.
    answered(&s, "maintainer", second, ASSESS, "-1").await;
    s.shows(second, "say `assess` there");
    let head = s.ready_after(first).await;
    s.releases(first, &head).await;
    assert!(is_open(&s, second), "not before users have it");
    let tag = s.look(|view| {
        let tag = view.repo.git.read_ref("refs/tags/v1.0.5").expect("a tag");
        let message = view.repo.git.tag(&tag).map(|it| it.message);
        message.unwrap_or_default()
    });
    assert!(tag.contains(&format!("Fixes #{first}, #{second}")), "{tag}");
    s.ends(first).await;
    assert!(!is_open(&s, second));
    for issue in [first, second] {
        let labels = s.look(|view| view.repo.issues[&issue].labels.clone());
        assert!(labels.contains(&"hotfix-released".to_owned()), "{labels:?}");
    }
    let told = s.bot_comments(second);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[1].1.contains("Fixed in [v1.0.5]"), "{}", told[1].1);
    let told = s.bot_comments(first);
    let closing = told.iter().any(|(_, text)| text.contains("Also fixed: "));
    assert!(closing, "{told:#?}");
    s.pass(10).await;
    s.takes_back(first).await;
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    assert!(is_open(&s, second), "its bug is back");
    s.shows(second, "was taken back");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_had_built_is_taken_away_and_made_anew_when_it_goes_its_own_way() {
    let s = Story::begin().await;
    let (first, second) = two_lines(&s).await;
    let own = "refs/heads/hotfix/v1.0.6";
    assert!(s.commit_of(own).is_some(), "{}", s.status(second).1);
    let join = format!("/hotfix join #{first}");
    answered(&s, "maintainer", second, &join, "+1").await;
    s.pass(2).await;
    assert_eq!(s.commit_of(own), None, "{}", s.status(second).1);
    assert_eq!(s.pull_of("hotfix/v1.0.6").map(|it| it.1), Some(false));
    s.shows(first, "**Also fixes:**");
    answered(&s, "maintainer", second, "/hotfix unjoin", "+1").await;
    s.pass(3).await;
    assert!(s.commit_of(own).is_some(), "{}", s.status(second).1);
    s.hides(first, "**Also fixes:**");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_goes_on_alone_where_the_first_is_given_up() {
    let s = Story::begin().await;
    let (first, second) = two(&s).await;
    // Said on the first it comes to the same: who waits goes along.
    let join = format!("/hotfix join #{second}");
    answered(&s, "maintainer", first, &join, "+1").await;
    s.shows(second, &format!("Goes along with #{first}"));
    answered(&s, "maintainer", first, "/hotfix cancel reason=wrong", "+1").await;
    s.pass(3).await;
    s.shows(second, "goes on by itself");
    assert!(s.has_branch(), "{}", s.status(second).1);
    let head = s.ready_after(second).await;
    s.releases(second, &head).await;
    s.released(&head);
    s.ends(second).await;
    assert!(is_open(&s, first));
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_end_where_the_app_is_taken_off() {
    let s = Story::begin().await;
    let (first, second) = two(&s).await;
    let join = format!("/hotfix join #{first}");
    answered(&s, "maintainer", second, &join, "+1").await;
    s.takes_the_app_off();
    s.pass(3).await;
    for issue in [first, second] {
        let (facts, over) = s.kept(issue).await;
        assert!(over, "#{issue}: {:?}", facts.joined);
    }
    assert_eq!(s.kept(first).await.0.guests.len(), 0);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_case_that_goes_along_cannot_do_is_said_and_tried_again() {
    let s = Story::begin().await;
    let (first, second) = two_lines(&s).await;
    let own = "refs/heads/hotfix/v1.0.6";
    // A rule keeps its branch.
    let rule = (7, "hotfix/v1.0.6");
    Story::rule_on(s.sim(), s.repo(), rule, "deletion", Value::Null);
    let join = format!("/hotfix join #{first}");
    answered(&s, "maintainer", second, &join, "+1").await;
    s.pass(2).await;
    assert!(s.commit_of(own).is_some());
    s.shows(second, "/hotfix retry");
    {
        let mut world = s.sim().world();
        let repo = world.repos.get_mut(&s.repo()).expect("it");
        repo.rules.retain(|rule| rule.ruleset != 7);
    }
    answered(&s, "maintainer", second, "/hotfix retry", "+1").await;
    s.pass(2).await;
    assert_eq!(s.commit_of(own), None, "{}", s.status(second).1);
    s.hides(second, "/hotfix retry");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_branch_a_person_took_away_does_not_stand_still() {
    let s = Story::begin().await;
    let (first, second) = two_lines(&s).await;
    let own = "refs/heads/hotfix/v1.0.6";
    // The rule is the bot's alone: a maintainer passes by it.
    let rule = (7, "hotfix/v1.0.6");
    Story::rule_on(s.sim(), s.repo(), rule, "deletion", Value::Null);
    let join = format!("/hotfix join #{first}");
    answered(&s, "maintainer", second, &join, "+1").await;
    s.pass(2).await;
    let gone = s.person("maintainer").delete_branch("hotfix/v1.0.6");
    gone.expect("deleted");
    s.pass(2).await;
    answered(&s, "maintainer", second, "/hotfix unjoin", "+1").await;
    s.pass(3).await;
    assert!(s.commit_of(own).is_some(), "{}", s.status(second).1);
    s.silence().await;
}
