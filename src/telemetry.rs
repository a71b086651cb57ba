//! What an operator sees: the log on stderr, and the metrics.
//!
//! # The log's keys
//!
//! One set of keys, so that one delivery can be followed from the socket to the
//! tag. Other keys may stand beside them; these are always spelled so:
//!
//! | Key | What |
//! |---|---|
//! | `delivery` | `X-GitHub-Delivery`, the GUID of the event |
//! | `event` | the event's name, as GitHub gives it |
//! | `repo` | the repository, `owner/name` (or its id where only that is known) |
//! | `issue` | the number |
//! | `case` | the case's id |
//! | `effect` | the effect's slot and subject |
//! | `attempt` | which attempt of the effect, from 1 |
//!
//! A secret, a token or a payload's text is never logged.
//!
//! # The metrics
//!
//! Their names are the constants below. Labels take values from closed sets
//! only, since each new value is kept for the life of the process.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Counter: deliveries, by `event` and `outcome`.
pub const DELIVERIES: &str = "hotfix_deliveries_total";
/// Counter: attempts of effects that ended, by `slot` and `outcome`.
pub const EFFECTS: &str = "hotfix_effects_total";
/// Counter: calls to GitHub, by `operation` and `status`.
pub const GITHUB_CALLS: &str = "hotfix_github_calls_total";
/// Counter: calls to package registries, by `operation` and `status`.
pub const REGISTRY_CALLS: &str = "hotfix_registry_calls_total";
/// Counter: messages to channels, by `kind` and `outcome`.
pub const CHANNEL_CALLS: &str = "hotfix_channel_messages_total";
/// Gauge: calls left until the rate limit's reset, by `resource` and
/// `installation` (`app` for calls with the App's own key).
pub const RATE_LIMIT_LEFT: &str = "hotfix_github_rate_limit_left";
/// Gauge: cases that are not over, by `phase`.
pub const CASES: &str = "hotfix_cases";
/// Gauge: deliveries that could not be worked on and wait for somebody.
pub const SET_ASIDE: &str = "hotfix_deliveries_set_aside";
/// Gauge: deliveries that wait to be worked off.
pub const INBOX: &str = "hotfix_inbox_pending";
/// Gauge: how long the oldest of them has waited, seconds.
pub const INBOX_AGE: &str = "hotfix_inbox_age_seconds";
/// Gauge: effects that are not over, by `state`.
pub const OUTBOX: &str = "hotfix_outbox";
/// Gauge: for how long the first of them has been due, seconds, by `state`.
pub const OUTBOX_AGE: &str = "hotfix_outbox_age_seconds";
/// Gauge: whether this server leads, 1 or 0: of several on one database one does.
pub const LEADS: &str = "hotfix_leads";
/// Gauge: the database's size, bytes.
pub const DATABASE: &str = "hotfix_database_bytes";
/// Histogram: how long a commit took, seconds, by `of` (`deliveries`, `step`).
pub const COMMIT: &str = "hotfix_commit_seconds";

/// Histogram: from the label to the verified release, seconds.
pub const RECOVERY: &str = "hotfix_recovery_seconds";

/// Every metric, for the documentation.
pub const ALL: [&str; 16] = [
    DELIVERIES,
    EFFECTS,
    GITHUB_CALLS,
    REGISTRY_CALLS,
    CHANNEL_CALLS,
    RATE_LIMIT_LEFT,
    CASES,
    SET_ASIDE,
    INBOX,
    INBOX_AGE,
    OUTBOX,
    OUTBOX_AGE,
    LEADS,
    DATABASE,
    COMMIT,
    RECOVERY,
];

/// The upper bounds of the times of hotfixes, seconds: from 15 minutes to a day.
const RECOVERIES: [f64; 8] = [
    900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0,
];

/// The upper bounds of the times of commits, seconds.
const COMMITS: [f64; 8] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

/// Starts the log: to stderr, one JSON object a line where stderr is not a
/// terminal. `filter` is the syntax of `RUST_LOG`. Without effect where the
/// process has a log already.
///
/// # Errors
/// The filter cannot be read.
pub fn init_log(filter: &str) -> Result<(), tracing_subscriber::filter::ParseError> {
    let registry = tracing_subscriber::registry().with(EnvFilter::try_new(filter)?);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let _already = if io::stderr().is_terminal() {
        registry.with(lines).try_init()
    } else {
        registry.with(lines.json().flatten_event(true)).try_init()
    };
    Ok(())
}

/// The metrics of this process. The first call installs the recorder; several
/// servers in one process share it.
pub fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let of = Matcher::Full(COMMIT.to_owned());
            let builder = PrometheusBuilder::new();
            let recovery = Matcher::Full(RECOVERY.to_owned());
            // Fails without bounds alone.
            let builder = builder
                .set_buckets_for_metric(of, &COMMITS)
                .and_then(|builder| builder.set_buckets_for_metric(recovery, &RECOVERIES))
                .unwrap_or_default();
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            // Fails only where another recorder is installed; then this one
            // stays empty, and nothing else is harmed.
            let _ = metrics::set_global_recorder(recorder);
            describe();
            handle
        })
        .clone()
}

fn describe() {
    metrics::describe_counter!(
        DELIVERIES,
        "Deliveries to the webhook, by event and outcome"
    );
    metrics::describe_counter!(
        EFFECTS,
        "Attempts of effects that ended, by slot and outcome"
    );
    metrics::describe_counter!(GITHUB_CALLS, "Calls to GitHub, by operation and status");
    metrics::describe_counter!(
        REGISTRY_CALLS,
        "Calls to package registries, by operation and status"
    );
    metrics::describe_counter!(
        CHANNEL_CALLS,
        "Messages to channels, by what stands there and what came of it"
    );
    metrics::describe_gauge!(
        RATE_LIMIT_LEFT,
        "Calls left until the reset of GitHub's rate limit, by resource and installation"
    );
    metrics::describe_gauge!(INBOX, "Deliveries that wait to be worked off");
    metrics::describe_gauge!(INBOX_AGE, "How long the oldest waiting delivery has waited");
    metrics::describe_gauge!(OUTBOX, "Effects that are not over, by state");
    metrics::describe_gauge!(
        OUTBOX_AGE,
        "For how long the first effect of a state has been due"
    );
    metrics::describe_gauge!(LEADS, "Whether this server leads: 1 or 0");
    metrics::describe_gauge!(DATABASE, "Size of the database");
    metrics::describe_histogram!(RECOVERY, "From the label to the verified release");
    metrics::describe_histogram!(COMMIT, "How long commits took, by what they held");
    metrics::describe_gauge!(
        SET_ASIDE,
        "Deliveries that could not be worked on and wait for somebody"
    );
    metrics::describe_gauge!(CASES, "Hotfixes that are not over, by phase");
}

/// Counts a delivery. `event` may be anything that a sender wrote.
pub fn count_delivery(event: &str, outcome: &'static str) {
    metrics::counter!(DELIVERIES, "event" => event_label(event), "outcome" => outcome).increment(1);
}

/// Whether this server leads.
pub fn leads(on: bool) {
    metrics::gauge!(LEADS).set(if on { 1.0 } else { 0.0 });
}

/// Says how many deliveries are set aside.
pub fn set_set_aside(count: i64) {
    metrics::gauge!(SET_ASIDE).set(count as f64);
}

/// Counts an attempt of an effect that ended.
pub fn count_effect(slot: String, outcome: &'static str) {
    metrics::counter!(EFFECTS, "slot" => slot, "outcome" => outcome).increment(1);
}

/// Counts a call to GitHub: `operation` is GitHub's operation id, such as
/// `git/create-ref`; `status` the answer's code, or `connect`, `timeout`,
/// `cut` where none came.
pub fn count_github_call(operation: &'static str, status: &str) {
    metrics::counter!(GITHUB_CALLS, "operation" => operation, "status" => status.to_owned())
        .increment(1);
}

/// Counts a call to a registry, as [`count_github_call`] does.
pub fn count_registry_call(operation: &'static str, status: &str) {
    metrics::counter!(REGISTRY_CALLS, "operation" => operation, "status" => status.to_owned())
        .increment(1);
}

/// Counts a message to a channel: by what stands at its other end, and what came of
/// it.
pub fn count_channel_call(kind: &'static str, outcome: &'static str) {
    metrics::counter!(CHANNEL_CALLS, "kind" => kind, "outcome" => outcome).increment(1);
}

/// Shows what is left of a rate limit.
pub fn set_rate_limit_left(resource: &str, installation: &str, left: u64) {
    metrics::gauge!(
        RATE_LIMIT_LEFT,
        "resource" => resource.to_owned(),
        "installation" => installation.to_owned()
    )
    .set(left as f64);
}

/// Shows how many cases stand in each phase; phases that are not named have
/// none.
pub fn set_cases(by_phase: &[(String, i64)]) {
    static SHOWN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    shown.extend(by_phase.iter().map(|(phase, _)| phase.clone()));
    // A gauge keeps its last value, so an empty phase is set to 0.
    for phase in shown.iter() {
        let cases = by_phase
            .iter()
            .find(|(p, _)| p == phase)
            .map_or(0, |(_, n)| *n);
        metrics::gauge!(CASES, "phase" => phase.clone()).set(cases as f64);
    }
}

/// Counts a commit with the time that it took; `of` is `deliveries` or `step`.
pub fn time_commit(of: &'static str, took: Duration) {
    metrics::histogram!(COMMIT, "of" => of).record(took.as_secs_f64());
}

/// Counts a release that was verified with how long its users waited, milliseconds.
pub fn recovered(took: i64) {
    metrics::histogram!(RECOVERY).record(took.max(0) as f64 / 1_000.0);
}

/// Shows the queues: deliveries that wait and the age of the oldest
/// (milliseconds), effects by state with how long the first has been due, and
/// the database's size.
pub fn set_queues(inbox: i64, inbox_age: i64, outbox: &[(String, i64, i64)], bytes: i64) {
    metrics::gauge!(INBOX).set(inbox as f64);
    metrics::gauge!(INBOX_AGE).set(inbox_age as f64 / 1_000.0);
    metrics::gauge!(DATABASE).set(bytes as f64);
    // A gauge keeps its last value, so a state without effects is set to 0.
    for state in ["waiting", "acting", "unsure", "blocked"] {
        let of_state = outbox.iter().find(|(of, ..)| of == state);
        let (count, age) = of_state.map_or((0, 0), |(_, count, age)| (*count, *age));
        metrics::gauge!(OUTBOX, "state" => state).set(count as f64);
        metrics::gauge!(OUTBOX_AGE, "state" => state).set(age as f64 / 1_000.0);
    }
}

/// The events that have a series of their own: those the App asks for, and
/// those GitHub sends unasked.
const EVENTS: &[&str] = &[
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "create",
    "delete",
    "installation",
    "installation_repositories",
    "issue_comment",
    "issues",
    "ping",
    "pull_request",
    "pull_request_review",
    "push",
    "release",
    "repository",
    "repository_ruleset",
    "status",
    "workflow_run",
];

/// The event as a label's value; `other` for all that are not expected.
fn event_label(event: &str) -> &'static str {
    EVENTS
        .iter()
        .find(|known| **known == event)
        .copied()
        .unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_may_be_started_twice_and_shows_what_was_counted() {
        init_log("off").unwrap();
        init_log("off").unwrap();
        assert!(init_log("hotfix_bot=loud").is_err());
        let first = metrics();
        count_effect("test-only".to_owned(), "done");
        count_github_call("test/only", "201");
        set_rate_limit_left("core", "7", 4_999);
        set_cases(&[("fix".to_owned(), 2)]);
        let shown = metrics().render();
        assert!(!first.render().is_empty());
        for line in [
            "hotfix_effects_total{slot=\"test-only\",outcome=\"done\"} 1",
            "hotfix_github_calls_total{operation=\"test/only\",status=\"201\"} 1",
            "hotfix_github_rate_limit_left{resource=\"core\",installation=\"7\"} 4999",
            "hotfix_cases{phase=\"fix\"} 2",
            "# HELP hotfix_cases Hotfixes that are not over, by phase",
        ] {
            assert!(shown.contains(line), "no {line} in\n{shown}");
        }
    }

    #[test]
    fn what_a_sender_writes_makes_no_series() {
        assert_eq!(event_label("issues"), "issues");
        assert_eq!(event_label("x\"} 1\n"), "other");
    }
}
