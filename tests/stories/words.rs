//! A word counts for what its author saw, until they take it back, and not
//! before there is anything to speak of.

use hotfix_bot::sim::DeliveryOrder;

use crate::support::story::{ASSESS, Story};

const MORE: [(&str, Option<&str>); 1] = [("src/more.rs", Some("pub fn more() {}\n"))];

/// From the label to a fix that is tested; gives issue and head.
async fn tested(s: &Story) -> (u64, String) {
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.pass(6).await;
    (issue, head)
}

/// Pushed in the moment of the word that follows: nobody could see it.
fn pushed_unseen(s: &Story) -> String {
    let developer = s.person("developer");
    let pushed = developer.push_commit("hotfix/v1.0.5", "fix: more", &MORE);
    pushed.expect("a push")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manual_test_counts_for_the_head_that_was_shown() {
    let s = Story::begin().await;
    let (issue, head) = tested(&s).await;
    s.shows(issue, &format!("/hotfix check manual-test {}", &head[..7]));
    let new = pushed_unseen(&s);
    let word = "/hotfix check manual-test";
    let word = s.says("maintainer", issue, word).await;
    assert_eq!(s.reactions(word), ["-1"]);
    s.shows(issue, &format!("`{}` was pushed meanwhile", &new[..7]));
    s.pass(6).await;
    s.approves("maintainer").await;
    let command = format!("/hotfix release {}", &new[..7]);
    s.says("maintainer", issue, &command).await;
    s.not_released();
    let old = format!("/hotfix check manual-test {}", &head[..7]);
    let old = s.says("maintainer", issue, &old).await;
    assert_eq!(s.reactions(old), ["-1"]);
    let outright = format!("/hotfix check manual-test {} note=tried", &new[..7]);
    let outright = s.says("maintainer", issue, &outright).await;
    assert_eq!(s.reactions(outright), ["+1"]);
    s.releases(issue, &new).await;
    s.released(&new);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_about_the_head_counts_for_one_that_came_after_it() {
    let s = Story::begin().await;
    let (issue, _) = tested(&s).await;
    let new = pushed_unseen(&s);
    for said in [
        "/hotfix check critical-path note=\"ran them here\"",
        "/hotfix check minimal-fix",
        "/hotfix check tests-added note=\"there are some\"",
        "/hotfix test",
    ] {
        let said = s.person("maintainer").comment(issue, said).unwrap();
        s.pass(1).await;
        let reactions = s.reactions(said);
        let seen = s.status(issue).1.contains(&new[..7]);
        assert!(seen, "{}", s.status(issue).1);
        assert_eq!(reactions.last().map(String::as_str), Some("-1"));
        // The next one is pushed in the moment of the next word.
        let developer = s.person("developer");
        let again = [("src/more.rs", Some(format!("// {said}\n")))];
        let again = again
            .each_ref()
            .map(|(path, text)| (*path, text.as_deref()));
        let pushed = developer.push_commit("hotfix/v1.0.5", "fix: again", &again);
        pushed.unwrap();
    }
    s.pass(6).await;
    s.not_released();
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_does_not_cover_answers_that_came_after_it() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let mild = "/hotfix assess condition=degraded workaround=yes affected=15 approach=minimal";
    s.says("maintainer", issue, mild).await;
    s.shows(issue, "Or decide otherwise:\n  ```\n  /hotfix confirm\n");
    let other = "/hotfix assess affected=1 approach=breaking";
    s.person("developer").comment(issue, other).unwrap();
    let confirm = s.says("maintainer", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(confirm), ["-1"]);
    s.shows(issue, "not what this comment showed");
    let confirm = s.says("maintainer", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(confirm), ["+1"]);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_is_deleted_at_once_is_not_carried_out() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let maintainer = s.person("maintainer");
    let command = format!("/hotfix release {}", &head[..7]);
    let comment = maintainer.comment(issue, &command).unwrap();
    maintainer.delete_comment(comment).unwrap();
    s.pass(2).await;
    s.not_released();
    s.shows(issue, "deleted before that");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_whose_end_was_not_delivered_is_asked_for_again() {
    for edited in [true, false] {
        let s = Story::begin().await;
        let (issue, head) = s.ready().await;
        let maintainer = s.person("maintainer");
        let command = format!("/hotfix release {}", &head[..7]);
        let comment = maintainer.comment(issue, &command).unwrap();
        // Nobody is told of what follows.
        s.sim().world().deliveries.order = DeliveryOrder::DropEvery(1);
        match edited {
            true => maintainer.edit_comment(comment, "not yet").unwrap(),
            false => maintainer.delete_comment(comment).unwrap(),
        }
        s.pass(2).await;
        s.not_released();
        s.sim().world().deliveries.order = DeliveryOrder::InOrder;
        s.pass(12).await;
        s.not_released();
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_log_brings_is_carried_out_if_it_still_stands() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.sim().world().deliveries.order = DeliveryOrder::DropEvery(1);
    let hold = s
        .says("developer", issue, "/hotfix hold reason=stays")
        .await;
    let gone = s.says("developer", issue, "/hotfix unhold").await;
    s.person("developer").delete_comment(gone).unwrap();
    s.sim().world().deliveries.order = DeliveryOrder::InOrder;
    s.pass(12).await;
    assert_eq!(s.reactions(hold), ["+1"]);
    s.shows(issue, "put this on hold (“stays”)");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cancelled_by_mistake_and_edited_goes_on() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let maintainer = s.person("maintainer");
    let comment = maintainer.comment(issue, "/hotfix cancel reason=oops");
    let comment = comment.unwrap();
    maintainer.edit_comment(comment, "/hotfix status").unwrap();
    s.pass(2).await;
    assert!(s.has_branch());
    s.shows(issue, "edited before that");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_words_in_one_breath_are_both_answered() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let developer = s.person("developer");
    let first = developer.comment(issue, ASSESS).unwrap();
    let second = developer.comment(issue, "/hotfix hold").unwrap();
    let other = s.person("maintainer").comment(issue, "/hotfix status");
    let other = other.unwrap();
    s.pass(1).await;
    for comment in [first, second, other] {
        assert_eq!(s.reactions(comment), ["+1"]);
    }
    s.shows(issue, "on hold");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_lapses_gets_no_thumb_up() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    let comment = s.person("maintainer").comment(issue, &command).unwrap();
    let new = pushed_unseen(&s);
    s.pass(1).await;
    assert_eq!(s.reactions(comment), ["-1"]);
    s.not_released();
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &new).await;
    s.released(&new);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hold_stops_a_release_that_is_decided() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let maintainer = s.person("maintainer");
    let command = format!("/hotfix release {}", &head[..7]);
    let comment = maintainer.comment(issue, &command).unwrap();
    let hold = maintainer.comment(issue, "/hotfix hold").unwrap();
    s.pass(1).await;
    s.not_released();
    assert_eq!(s.reactions(hold), ["+1"]);
    assert_eq!(s.reactions(comment), ["-1"]);
    s.says("maintainer", issue, "/hotfix unhold").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_tried_what_is_not_out() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.released(&head);
    s.hides(issue, "/hotfix confirm-fixed");
    let early = [
        ("maintainer", "/hotfix check fresh-install"),
        ("maintainer", "/hotfix check fix-verified note=works"),
        ("maintainer", "/hotfix check community"),
        ("reporter", "/hotfix confirm-fixed"),
    ];
    let early = early.map(|(who, word)| s.person(who).comment(issue, word).unwrap());
    s.pass(1).await;
    for comment in early {
        assert_eq!(s.reactions(comment), ["-1"]);
    }
    s.pass(30).await;
    assert!(s.look(|view| view.repo.issues[&issue].open));
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_of_a_tag_are_those_that_were_shown() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "Hotfix v1.0.5: lantern does not start");
    let reporter = s.person("reporter");
    let command = format!("/hotfix release {}", &head[..7]);
    // Just before the word and just after it: neither was shown.
    reporter
        .edit_issue(issue, Some("Free lamps"), None)
        .unwrap();
    let comment = s.person("maintainer").comment(issue, &command).unwrap();
    reporter.edit_issue(issue, Some("Buy here"), None).unwrap();
    s.pass(30).await;
    assert_eq!(s.reactions(comment), ["+1"]);
    s.released(&head);
    let message = s.look(|view| {
        let tag = view.repo.git.read_ref("refs/tags/v1.0.5")?;
        view.repo.git.tag(&tag).map(|tag| tag.message.clone())
    });
    let message = message.expect("a tag");
    let shown = "Hotfix v1.0.5: lantern does not start\n";
    assert!(message.starts_with(shown), "{message}");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_about_the_head_needs_no_pull_request() {
    let s = Story::begin_with(|sim, _| sim.break_operations(&["pulls/create"])).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.shows(issue, &head[..7]);
    let word = "/hotfix check manual-test note=tried";
    let word = s.says("maintainer", issue, word).await;
    assert_eq!(s.reactions(word), ["+1"]);
    s.sim().break_operations(&[]);
    s.says("maintainer", issue, "/hotfix retry").await;
    s.pass(8).await;
    s.approves("maintainer").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_is_not_lifted_by_what_was_written_before_it() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("developer", issue, "/hotfix hold reason=first")
        .await;
    s.shows(issue, "first");
    s.says("developer", issue, "/hotfix unhold").await;
    s.sim().world().deliveries.order = DeliveryOrder::DropEvery(1);
    let late = s.says("maintainer", issue, "/hotfix unhold").await;
    s.sim().world().deliveries.order = DeliveryOrder::InOrder;
    s.says("developer", issue, "/hotfix hold reason=second")
        .await;
    s.shows(issue, "second");
    s.pass(12).await;
    assert_eq!(s.reactions(late), ["-1"]);
    s.shows(issue, "second");
    s.shows(issue, "after that was written");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_flood_is_in_nobodys_way() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let stranger = s.person("stranger");
    let before = s.status(issue).1;
    let lines = "/hotfix cancel reason=spam\n".repeat(2_000);
    let mut last = 0;
    for _ in 0..8 {
        last = stranger.comment(issue, &lines).unwrap();
    }
    for _ in 0..8 {
        stranger
            .comment(issue, "/hotfix cancel reason=more")
            .unwrap();
    }
    let ours = s.says("maintainer", issue, ASSESS).await;
    assert_eq!(s.reactions(ours), ["+1"]);
    assert!(s.reactions(last).len() <= 1);
    s.hides(issue, "spam");
    assert_ne!(s.status(issue).1, before);
    s.silence().await;
}
