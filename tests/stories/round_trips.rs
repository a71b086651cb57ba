//! How many answers are waited for, one after the other: the longest chain of
//! calls that need one another.

use std::time::Duration;

use crate::support::story::Story;

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
