//! What the plain main job costs: how many answers are waited for, one after the
//! other, from the label to the draft pull request (the longest chain of calls that
//! need one another), and how many calls and writes it all takes.

use std::time::Duration;

use hotfix_bot::sim::log::CallRecord;

use crate::support::story::{START, Story};

/// How long each answer takes on the clock: longer than any wait between two
/// writes, so that those take no time of their own.
const TAKES: i64 = 2_000;

/// Nothing stirs in so many looks, two milliseconds apart: all that is under way
/// waits for answers. Who looks too early counts one trip too many, never one too
/// few.
const STILL: usize = 150;

/// So many where no answer is waited for: then the server is at work, on a machine that
/// has little time for it, and whoever moves the clock misses what it does next.
const AT_WORK: usize = 1_000;

/// Looks at a story until nothing in it stirs.
async fn rest(s: &Story) {
    let (mut still, mut seen) = (0, (0, 0));
    while still < if seen.1 == 0 { AT_WORK } else { STILL } {
        let now = (s.sim().activity(), s.sim().on_their_way());
        still = match now == seen && s.sim().is_quiet() {
            true => still + 1,
            false => 0,
        };
        seen = now;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What was asked, and when.
fn asked(s: &Story) -> Vec<(i64, String)> {
    let world = s.sim().world();
    let calls = world.log.calls.iter();
    calls.map(|call| (call.at, call.path.clone())).collect()
}

/// The trips from this moment until it is so.
async fn trips(s: &Story, is_so: impl Fn(&Story) -> bool) -> i64 {
    let now = || s.sim().clock().now();
    let began = now();
    s.sim().answer_after(TAKES);
    loop {
        rest(s).await;
        if is_so(s) {
            // What shows it is carried out; its answer is on its way.
            return (now() - began).div_euclid(TAKES) + 1;
        }
        let next = s.next_moment().await.unwrap_or(now() + TAKES);
        let waited = now() - began;
        assert!(waited < 100 * TAKES, "it never is so: {:#?}", asked(s));
        s.moves_to(next.max(now() + 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_label_to_the_draft_pull_request_few_answers_are_waited_for() {
    let mut counted = Vec::new();
    for _ in 0..3 {
        let s = Story::begin().await;
        let reporter = s.person("reporter");
        let issue = reporter.open_issue("It hangs", "").expect("an issue");
        s.pass(1).await;
        s.person("maintainer").label(issue, "P0").expect("a label");
        let draft = |s: &Story| s.look(|view| view.pull().is_some());
        let before = s.sim().world().log.calls.len();
        let trips = trips(&s, draft).await;
        if trips <= FEW {
            return;
        }
        counted.push((trips, asked(&s).split_off(before)));
    }
    panic!("expected {FEW} round trips, not {counted:#?}");
}

/// See docs/performance.md: the token, the repository, the base, then tree, commit, ref,
/// and the pull request.
const FEW: i64 = 7;

/// So many calls and writes a whole hotfix takes, from the label to the closed issue,
/// and no more: docs/performance.md has each with its reason. What GitHub answers by
/// 304 is free, and what the App asks for itself counts against no installation. A read
/// or two come or go with the moment at which deliveries arrive.
const CALLS: usize = 100;
const WRITES: usize = 41;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_label_to_the_closed_issue_few_calls_are_made() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    let told: Vec<(bool, String)> = {
        let world = s.sim().world();
        let calls = world.log.calls.iter();
        let counted = calls.filter(|call| call.actor == "installation" && call.status != 304);
        let one = |call: &CallRecord| {
            let operation = call.operation.as_deref().unwrap_or_default();
            let at = (call.at - START) / 1_000;
            let write = if call.is_write { "writes" } else { "reads" };
            let told = format!("{at} s {write} {operation} {}", call.path);
            (call.is_write, told)
        };
        counted.map(one).collect()
    };
    let writes = told.iter().filter(|(writes, _)| *writes).count();
    let calls = told.len();
    let all: Vec<&str> = told.iter().map(|(_, told)| told.as_str()).collect();
    assert!(
        calls <= CALLS && writes <= WRITES,
        "{calls} calls, {writes} of them writes; expected {CALLS}, {WRITES}: {all:#?}"
    );
    println!("{calls} calls, {writes} of them writes");
    s.silence().await;
}

/// The status comment tells each fact at once; the verification comment is edited once
/// for several, or after ten minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fact_of_several_is_ticked_with_the_last_one_or_after_a_while() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    let verification = || {
        let all = s.bot_comments(issue).into_iter();
        let mut ours = all.filter(|(_, text)| text.contains("facts seen"));
        ours.next().expect("a verification comment").1
    };
    let check = "/hotfix check fresh-install";
    s.says("maintainer", issue, check).await;
    s.shows_no_more(issue, check);
    assert!(
        verification().contains("4 of 6 facts"),
        "{}",
        verification()
    );
    s.pass(10).await;
    assert!(
        verification().contains("5 of 6 facts"),
        "{}",
        verification()
    );
    s.says("reporter", issue, "/hotfix confirm-fixed").await;
    s.pass(1).await;
    assert!(verification().contains("all 6 facts"), "{}", verification());
    s.pass(2).await;
    s.finished(issue);
    s.silence().await;
}
