//! A label on a merged pull request asks for a hotfix of what it brought.

use hotfix_bot::sim::{DeliveryOrder, Method, Role};

use super::picks::{FIX, TEST, merged_with, shipped};
use crate::support::story::{ASSESS, Story};

/// The fix, merged with this text.
async fn merged(s: &Story, text: &str) -> u64 {
    let commits = [("fix: start again", &[FIX, TEST][..])];
    merged_with(s, text, Method::Squash, &commits).await.0
}

async fn labelled(s: &Story, login: &str, number: u64, label: &str) {
    s.person(login).label(number, label).expect("a label");
    s.pass(2).await;
}

/// The status comment offers this command.
fn offers(s: &Story, number: u64, command: &str) {
    let status = s.status(number).1;
    assert!(status.contains(command), "{command}: {status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hotfix_belongs_to_the_issue_that_it_fixes_and_its_pick_is_offered() {
    let s = Story::begin().await;
    let reporter = s.person("reporter");
    let issue = reporter.open_issue("lantern is dark", "At once.").unwrap();
    // What a template says in a comment is no word of anybody's.
    let text = format!("<!-- Fixes #1 -->\nIt starts.\n\nFixes #{issue}");
    let pull = merged(&s, &text).await;
    s.sim().world().deliveries.order = DeliveryOrder::Twice;
    labelled(&s, "maintainer", pull, "P0").await;
    s.sim().world().deliveries.order = DeliveryOrder::InOrder;
    assert!(s.has_branch());
    assert!(s.bot_comments(pull).is_empty());
    assert_eq!(s.bot_comments(issue).len(), 1);
    let command = format!("/hotfix pick #{pull}");
    offers(&s, issue, &command);
    s.says("maintainer", issue, ASSESS).await;
    s.says("developer", issue, &command).await;
    s.pass(2).await;
    shipped(&s, issue).await;
    s.silence().await;
}

/// What belongs to a pull request ships, and its author says that it does.
async fn ships(s: &Story, pull: u64) {
    s.pass(6).await;
    s.vouched(pull).await;
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").expect("a head");
    s.releases(pull, &head).await;
    s.released(&head);
    s.says("maintainer", pull, "/hotfix check fresh-install")
        .await;
    s.says("developer", pull, "/hotfix confirm-fixed").await;
    s.pass(3).await;
    s.finished(pull);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_it_fixes_no_issue_the_hotfix_is_its_own_to_the_end() {
    let s = Story::begin().await;
    let pull = merged(&s, "It starts.").await;
    labelled(&s, "maintainer", pull, "P0").await;
    assert!(s.has_branch());
    let command = format!("/hotfix pick #{pull}");
    offers(&s, pull, &command);
    s.says("maintainer", pull, ASSESS).await;
    s.says("developer", pull, &command).await;
    s.pass(2).await;
    ships(&s, pull).await;
    // Nobody tries to open it again, or to close it once more.
    let refused = s.refused_calls();
    assert!(
        !refused.iter().any(|it| it.contains("PATCH")),
        "{refused:?}"
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_there_after_its_end_is_heard() {
    let s = Story::begin().await;
    let pull = merged(&s, "It starts.").await;
    labelled(&s, "maintainer", pull, "P0").await;
    s.says("maintainer", pull, ASSESS).await;
    let command = format!("/hotfix pick #{pull}");
    s.says("developer", pull, &command).await;
    s.pass(2).await;
    ships(&s, pull).await;
    let said = "/hotfix rollback reason=\"worse than before\"";
    let said = s.says("maintainer", pull, said).await;
    s.pass(2).await;
    assert_eq!(s.reactions(said).last().map(String::as_str), Some("+1"));
    assert!(s.token(pull).is_some());
    // Nobody decides it.
    s.pass(62).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_pull_request_and_another_label_ask_for_nothing() {
    let s = Story::begin().await;
    let main = s.commit_of("refs/heads/main").expect("main");
    let developer = s.person("developer");
    developer.create_branch("topic", &main).unwrap();
    developer
        .push_commit("topic", "fix: start", &[FIX])
        .unwrap();
    let pull = developer.open_pull("fix: start", "It starts.", "topic", "main");
    let pull = pull.unwrap();
    s.pass(1).await;
    labelled(&s, "maintainer", pull, "P0").await;
    let done = merged_elsewhere(&s).await;
    labelled(&s, "maintainer", done, "P0").await;
    let other = merged(&s, "It starts.").await;
    labelled(&s, "maintainer", other, "enhancement").await;
    s.pass(10).await;
    for number in [pull, done, other] {
        assert!(s.bot_comments(number).is_empty(), "#{number}");
    }
    assert!(!s.has_branch());
    s.silence().await;
}

/// A pull request that was merged into another branch than the default one.
async fn merged_elsewhere(s: &Story) -> u64 {
    let main = s.commit_of("refs/heads/main").expect("main");
    let developer = s.person("developer");
    for branch in ["next", "other"] {
        developer.create_branch(branch, &main).unwrap();
    }
    developer.push_commit("other", "fix: b", &[TEST]).unwrap();
    let pull = developer.open_pull("fix: b", "It starts.", "other", "next");
    let pull = pull.unwrap();
    s.pass(1).await;
    s.person("developer").merge_pull(pull).unwrap();
    s.pass(1).await;
    // The next one of this name.
    s.person("developer").delete_branch("topic").unwrap();
    pull
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_of_somebody_who_may_not_waits_for_a_confirm() {
    let s = Story::begin().await;
    let sorter = s.with_role("sorter", Role::Triage);
    let reporter = s.person("reporter");
    let issue = reporter.open_issue("lantern is dark", "At once.").unwrap();
    let pull = merged(&s, &format!("Fixes #{issue}")).await;
    sorter.label(pull, "P0").unwrap();
    s.pass(2).await;
    assert!(!s.has_branch());
    offers(&s, issue, "/hotfix confirm");
    s.says("maintainer", issue, "/hotfix confirm").await;
    s.pass(1).await;
    assert!(s.has_branch());
    offers(&s, issue, &format!("/hotfix pick #{pull}"));
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taken_off_soon_it_is_as_if_nothing_had_been() {
    for fixes in [true, false] {
        let s = Story::begin().await;
        let reporter = s.person("reporter");
        let issue = reporter.open_issue("lantern is dark", "At once.").unwrap();
        let text = match fixes {
            true => format!("Fixes #{issue}"),
            false => "It starts.".to_owned(),
        };
        let pull = merged(&s, &text).await;
        labelled(&s, "maintainer", pull, "P0").await;
        assert!(s.has_branch());
        s.person("maintainer").unlabel(pull, "P0").unwrap();
        s.pass(3).await;
        assert!(!s.has_branch(), "the branch is taken away");
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taken_off_late_it_is_asked_what_that_means_and_put_on_again_it_goes_on() {
    let s = Story::begin().await;
    let reporter = s.person("reporter");
    let issue = reporter.open_issue("lantern is dark", "At once.").unwrap();
    let pull = merged(&s, &format!("Fixes #{issue}")).await;
    labelled(&s, "maintainer", pull, "P0").await;
    s.pass(20).await;
    s.person("maintainer").unlabel(pull, "P0").unwrap();
    s.pass(3).await;
    assert!(s.has_branch());
    offers(&s, issue, "/hotfix unhold");
    labelled(&s, "developer", pull, "P0").await;
    s.shows_no_more(issue, "/hotfix unhold");
    s.silence().await;
}
