//! Who may begin, and how people speak to the bot.

use hotfix_bot::sim::Role;

use crate::support::story::{ASSESS, Story};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outsiders_label_waits_for_a_commander() {
    let s = Story::begin().await;
    s.with_role("helper", Role::Triage);
    let issue = s.labelled_by("helper").await;
    s.shows(issue, "/hotfix confirm");
    assert!(!s.has_branch());
    let mine = s.says("helper", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(mine), ["-1"]);
    assert!(!s.has_branch());
    let ours = s.says("maintainer", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(ours), ["+1"]);
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lower_severity_is_refused_until_a_commander_confirms() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let answers =
        "/hotfix assess condition=common-workflow workaround=yes affected=15 approach=minimal";
    s.says("maintainer", issue, answers).await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    let command = format!("/hotfix release {}", &head[..7]);
    let early = s.says("maintainer", issue, &command).await;
    assert_eq!(s.reactions(early), ["-1"]);
    s.not_released();
    s.shows(issue, "y these answers this is ");
    s.shows(issue, "Or decide otherwise:\n  ```\n  /hotfix confirm\n");
    s.says("maintainer", issue, "/hotfix confirm").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmed_start_says_nothing_of_the_severity() {
    let s = Story::begin().await;
    s.with_role("helper", Role::Triage);
    let issue = s.labelled_by("helper").await;
    s.says("maintainer", issue, "/hotfix confirm").await;
    assert!(s.has_branch());
    let more = s.says("maintainer", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(more), ["-1"]);
    s.shows(issue, "nothing waits for a confirmation");
    let answers = "/hotfix assess condition=degraded workaround=yes affected=15 approach=minimal";
    s.says("maintainer", issue, answers).await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.shows(issue, "y these answers this is ");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.not_released();
    // A word on these answers; other answers are not covered by it.
    s.says("maintainer", issue, "/hotfix confirm").await;
    s.shows(issue, "**Open gates:** none");
    s.says("maintainer", issue, "/hotfix assess affected=12")
        .await;
    s.shows(issue, "**Open gates: 1**");
    s.says("maintainer", issue, &command).await;
    s.not_released();
    s.says("maintainer", issue, "/hotfix confirm").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_is_missing_is_looked_for_again_when_somebody_says_so() {
    let s = Story::begin().await;
    let hand = s.person("maintainer");
    let base = s.commit_of("refs/tags/v1.0.4").expect("the sample's base");
    let tags = s.look(|view| view.repo.git.list_refs("refs/tags/"));
    for (tag, _) in tags {
        hand.delete_tag(tag.trim_start_matches("refs/tags/"))
            .unwrap();
    }
    let issue = s.labelled_by("maintainer").await;
    s.shows(issue, "A release to start from: the repository has no tags");
    s.shows(issue, "To look again:\n  ```\n  /hotfix retry\n");
    hand.create_tag("v1.0.4", &base, Some("v1.0.4")).unwrap();
    let retry = s.says("maintainer", issue, "/hotfix retry").await;
    assert_eq!(s.reactions(retry), ["+1"]);
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quotes_code_and_bots_give_no_commands() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    for text in [
        "> /hotfix cancel reason=no",
        "```\n/hotfix cancel reason=no\n```",
        "Say `/hotfix cancel` to end it.",
        "    /hotfix cancel reason=no",
    ] {
        let comment = s.says("maintainer", issue, text).await;
        assert!(s.reactions(comment).is_empty(), "{text}");
    }
    s.sim()
        .world()
        .add_account("other[bot]", hotfix_bot::sim::world::UserKind::Bot);
    s.with_role("other[bot]", Role::Admin);
    s.says("other[bot]", issue, "/hotfix cancel reason=no")
        .await;
    assert!(s.has_branch());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capitals_are_answered_like_any_command() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    for text in ["/HOTFIX status", "/Hotfix Status"] {
        let comment = s.says("maintainer", issue, text).await;
        assert_eq!(s.reactions(comment), ["+1"], "{text}");
    }
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_verb_is_answered_with_the_nearest() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let comment = s.says("maintainer", issue, "/hotfix relase 1234567").await;
    assert_eq!(s.reactions(comment), ["confused"]);
    s.shows(issue, "release");
    s.shows(issue, "relase");
    assert_eq!(s.bot_comments(issue).len(), 1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_commands_in_one_comment_and_on_the_pull_request() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.approves("maintainer").await;
    let both = format!("Here you are.\n\n{ASSESS}\n/hotfix check manual-test note=\"by hand\"");
    let comment = s.says("maintainer", s.pull(), &both).await;
    assert_eq!(s.reactions(comment), ["+1"]);
    s.shows(issue, &format!("/hotfix release {}", &head[..7]));
    s.releases(s.pull(), &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
