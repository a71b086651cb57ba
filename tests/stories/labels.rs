//! Labels: which of them counts, whose it is, and what it means that it is gone.

use hotfix_bot::sim::world::UserKind;
use hotfix_bot::sim::{DeliveryOrder, Role};

use crate::support::story::{ASSESS, Story};

/// An issue that these labels are put on in one click.
async fn clicked(s: &Story, labels: &[&str]) -> u64 {
    let reporter = s.person("reporter");
    let issue = reporter.open_issue("lantern is dark", "At once.").unwrap();
    for label in labels {
        s.person("maintainer").label(issue, label).unwrap();
    }
    s.pass(1).await;
    issue
}

/// A push to main: it is not known any more which labels count.
async fn forgets(s: &Story) {
    let file = [("docs/notes.md", Some("More.\n"))];
    s.pushes("main", "docs: notes", &file).await;
}

fn deliver(s: &Story, order: DeliveryOrder) {
    s.sim().world().deliveries.order = order;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_labels_in_one_click_the_one_that_counts_begins_it() {
    for labels in [["bug", "P0"], ["P0", "bug"]] {
        for known in [false, true] {
            let s = Story::begin().await;
            if known {
                clicked(&s, &["bug"]).await;
                forgets(&s).await;
            }
            let issue = clicked(&s, &labels).await;
            assert!(s.has_branch(), "{labels:?}, {known}");
            s.shows(issue, "v1.0.5");
            s.silence().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_labels_the_delivery_of_one_is_lost() {
    for (heard, lost) in [("bug", "P0"), ("P0", "bug")] {
        let s = Story::begin().await;
        let reporter = s.person("reporter");
        let issue = reporter.open_issue("lantern is dark", "At once.").unwrap();
        let hand = s.person("maintainer");
        hand.label(issue, heard).unwrap();
        deliver(&s, DeliveryOrder::DropEvery(1));
        hand.label(issue, lost).unwrap();
        deliver(&s, DeliveryOrder::InOrder);
        s.pass(1).await;
        assert!(s.has_branch(), "{heard} was heard");
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_that_mean_nothing_are_passed_over_in_silence() {
    let s = Story::begin().await;
    let issue = clicked(&s, &["bug", "question"]).await;
    s.pass(15).await;
    assert!(s.bot_comments(issue).is_empty());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_of_an_earlier_time_is_not_stirred_up_by_another() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, "/hotfix cancel reason=\"false alarm\"")
        .await;
    s.pass(2).await;
    forgets(&s).await;
    let before = s.bot_comments(issue);
    s.person("maintainer").label(issue, "bug").unwrap();
    s.pass(15).await;
    assert_eq!(s.bot_comments(issue), before);
    assert!(!s.has_branch());
    // Put on anew it counts.
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.person("developer").label(issue, "P0").unwrap();
    s.pass(2).await;
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_label_changes_hands_within_the_grace() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.person("developer").label(issue, "P0").unwrap();
    s.pass(3).await;
    assert!(s.has_branch());
    s.hides(issue, "was taken off");
    let head = s.ready_after(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_hands_of_somebody_who_may_not_start_it_waits_for_a_word() {
    let s = Story::begin().await;
    s.with_role("sorter", Role::Triage);
    let issue = s.labelled_by("maintainer").await;
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.person("sorter").label(issue, "P0").unwrap();
    s.pass(3).await;
    s.shows(issue, "confirmation of the start: @sorter");
    // Somebody who may puts it on: that is the word.
    s.person("sorter").unlabel(issue, "P0").unwrap();
    s.person("developer").label(issue, "P0").unwrap();
    s.pass(3).await;
    s.hides(issue, "confirmation of the start");
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_waits_begins_when_somebody_who_may_adds_a_label() {
    for again in [true, false] {
        let s = Story::begin().await;
        s.with_role("sorter", Role::Triage);
        let issue = s.labelled_by("sorter").await;
        s.shows(issue, "confirmation of the start: @sorter");
        let hand = s.person("maintainer");
        if again {
            hand.unlabel(issue, "P0").unwrap();
            hand.label(issue, "P0").unwrap();
        } else {
            hand.label(issue, "hotfix").unwrap();
        }
        s.pass(2).await;
        s.hides(issue, "confirmation of the start");
        assert!(s.has_branch());
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_that_comes_while_the_branch_is_taken_away_begins_the_next() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let first = s.pull();
    s.sim().break_operations(&["git/delete-ref"]);
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.pass(1).await;
    assert!(!s.look(|view| view.repo.issues[&first].open), "on its way");
    s.person("developer").label(issue, "P0").unwrap();
    s.pass(1).await;
    s.sim().break_operations(&[]);
    s.pass(15).await;
    let open = |view: &hotfix_bot::rehearsal::View<'_>| {
        let mut issues = view.repo.issues.values();
        issues.any(|i| i.pull.is_some() && i.open && i.number != first)
    };
    assert!(s.look(open), "another pull request");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bots_label_is_nobodys_word() {
    let s = Story::begin().await;
    s.sim().world().add_account("sorter[bot]", UserKind::Bot);
    s.with_role("sorter[bot]", Role::Write);
    let issue = s.labelled_by("sorter[bot]").await;
    s.pass(15).await;
    assert!(s.bot_comments(issue).is_empty());
    // Nor is it when a person puts another label beside it.
    s.person("maintainer").label(issue, "bug").unwrap();
    s.pass(15).await;
    assert!(s.bot_comments(issue).is_empty());
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.person("maintainer").label(issue, "P0").unwrap();
    s.pass(2).await;
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_puts_the_label_back_gives_no_word() {
    let s = Story::begin().await;
    s.sim().world().add_account("sorter[bot]", UserKind::Bot);
    s.with_role("sorter[bot]", Role::Write);
    let issue = s.labelled_by("maintainer").await;
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.person("sorter[bot]").label(issue, "P0").unwrap();
    s.pass(3).await;
    assert!(!s.has_branch(), "given up");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_heard_that_the_label_was_off_and_on() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    deliver(&s, DeliveryOrder::DropEvery(1));
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    s.person("developer").label(issue, "P0").unwrap();
    deliver(&s, DeliveryOrder::InOrder);
    s.pass(45).await;
    assert!(s.has_branch());
    s.hides(issue, "was taken off");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_heard_that_the_label_was_taken_off() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let head = s.fixes().await;
    deliver(&s, DeliveryOrder::DropEvery(1));
    s.person("maintainer").unlabel(issue, "P0").unwrap();
    deliver(&s, DeliveryOrder::InOrder);
    s.pass(45).await;
    s.shows(issue, "`P0` was taken off");
    assert_eq!(s.commit_of("refs/heads/hotfix/v1.0.5"), Some(head));
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_label_put_on_again_lifts_the_hold_that_asked_for_it() {
    let s = Story::begin().await;
    s.with_role("sorter", Role::Triage);
    let (issue, head) = s.ready().await;
    s.person("developer").unlabel(issue, "P0").unwrap();
    s.pass(1).await;
    s.shows(issue, "@developer put this on hold");
    s.shows(issue, "put it on again, or");
    s.person("sorter").label(issue, "P0").unwrap();
    s.pass(1).await;
    s.shows(issue, "put this on hold");
    s.person("sorter").unlabel(issue, "P0").unwrap();
    s.person("maintainer").label(issue, "P0").unwrap();
    s.pass(1).await;
    s.hides(issue, "put this on hold");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persons_hold_is_not_lifted_by_a_label() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.fixes().await;
    s.says("maintainer", issue, "/hotfix hold reason=\"think\"")
        .await;
    s.person("developer").unlabel(issue, "P0").unwrap();
    s.pass(1).await;
    s.person("developer").label(issue, "P0").unwrap();
    s.pass(1).await;
    s.shows(issue, "@maintainer put this on hold");
    // The label goes while it is held: that is asked afterwards.
    s.person("developer").unlabel(issue, "P0").unwrap();
    s.pass(1).await;
    s.shows(issue, "@maintainer put this on hold");
    s.says("maintainer", issue, "/hotfix unhold").await;
    s.shows(issue, "@developer put this on hold");
    s.says("maintainer", issue, "/hotfix unhold").await;
    s.hides(issue, "put this on hold");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_decision_labels_change_nothing_and_that_is_told_once() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.released(&head);
    for _ in 0..2 {
        s.person("developer").unlabel(issue, "P0").unwrap();
        s.pass(1).await;
        s.person("developer").label(issue, "P0").unwrap();
        s.pass(1).await;
    }
    let text = s.status(issue).1;
    assert_eq!(text.matches("took `P0` off").count(), 1, "{text}");
    assert_eq!(text.matches("put `P0` on").count(), 1, "{text}");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hotfixes_the_second_loses_its_label_and_gets_it_again() {
    let s = Story::begin().await;
    let first = s.labelled_by("maintainer").await;
    let second = s.labelled_by("developer").await;
    s.shows(second, " holds v1.0.4; this one goes on");
    s.person("developer").unlabel(second, "P0").unwrap();
    s.person("developer").unlabel(first, "P0").unwrap();
    s.person("maintainer").label(second, "P0").unwrap();
    s.pass(5).await;
    let pull = s.look(|view| {
        view.repo
            .issues
            .values()
            .filter(|i| i.pull.is_some() && i.open)
            .count()
    });
    assert_eq!(pull, 1);
    s.says("maintainer", second, ASSESS).await;
    s.hides(second, " holds v1.0.4; this one goes on");
    assert!(s.has_branch());
    s.silence().await;
}
