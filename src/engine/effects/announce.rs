//! Channels: how they stand, and what they are told. None of GitHub's calls.

use super::{Context, refused};
use crate::clock::Millis;
use crate::domain::bulletin::Announce;
use crate::domain::event::Outcome;
use crate::domain::objects::{ChannelKind, ChannelState, Observation};
use crate::domain::obstacle::Obstacle;
use crate::github::{Error, Limit};
use crate::notify;

/// What is as old is told no more, milliseconds.
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// So often it is attempted all the same, about four hours long: the server may have
/// been down meanwhile, or somebody asked for it late.
const AT_LEAST: i64 = 50;

/// So often a room may be told an escalation whose answers are lost.
const IN_A_ROOM: i64 = 3;

/// How the channels of these names stand for this repository: no call at all.
pub fn read(context: &Context, names: &[String]) -> Outcome {
    let repo = context.full_name();
    let state = |name: &String| (name.clone(), context.channels.state(name, &repo));
    Outcome::seen(Observation::Channels(names.iter().map(state).collect()))
}

/// Tells a channel, or edits what it was told: one request to it. The server's
/// settings may have changed since it was wished.
///
/// # Errors
/// It did not get through, or nobody knows.
pub async fn tell(context: &Context, it: &Announce) -> Result<Outcome, Error> {
    let state = context.channels.state(&it.channel, &context.full_name());
    if state != ChannelState::Open(it.kind) {
        return Ok(refused("this server does not open it to this repository"));
    }
    let Some(bulletin) = it.bulletin.as_deref() else {
        return Ok(refused("there is nothing to say"));
    };
    let now = context.channels.now();
    let edits = it.edits.as_deref();
    match context.channels.tell(&it.channel, bulletin, edits).await {
        Ok(told) => Ok(Outcome::Announced {
            id: told.id,
            print: bulletin.print(),
            edited: edits.is_some(),
        }),
        Err(error) => {
            let late = now.saturating_sub(bulletin.at) > DAY;
            failed(it, error, late, context.attempts, now)
        }
    }
}

/// What becomes of a message that did not get through at this attempt.
fn failed(
    it: &Announce,
    error: notify::Error,
    late: bool,
    attempts: i64,
    now: Millis,
) -> Result<Outcome, Error> {
    let again = it.urgent || it.edits.is_some();
    let room = it.kind != ChannelKind::Webhook && it.edits.is_none();
    match error {
        notify::Error::Refused(_) => Ok(refused(error.to_string())),
        // Nobody knows, and once more may be once too often.
        notify::Error::Unclear(_) if !again => Err(Error::Ambiguous(error.to_string())),
        notify::Error::Unclear(_) if room && attempts >= IN_A_ROOM => Ok(Outcome::Refused {
            obstacle: Obstacle::Unknown,
        }),
        _ if late && attempts >= AT_LEAST => Ok(refused(format!("given up after a day: {error}"))),
        notify::Error::Busy(seconds) => {
            let wait = Millis::try_from(seconds).unwrap_or(DAY);
            Err(Error::RateLimited {
                until: now.saturating_add(wait.saturating_mul(1_000)),
                limit: Limit::Elsewhere,
            })
        }
        // It is asked ever more rarely.
        notify::Error::Unsent(_) | notify::Error::NotTaken(_) | notify::Error::Unclear(_) => {
            Err(Error::Transient(error.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ChannelKind, urgent: bool, edits: Option<&str>) -> Announce {
        Announce {
            channel: "ops".into(),
            kind,
            n: 0,
            urgent,
            edits: edits.map(str::to_owned),
            bulletin: None,
        }
    }

    /// What becomes of it, in a word.
    fn word(it: &Announce, error: notify::Error, late: bool, attempts: i64) -> &'static str {
        match failed(it, error, late, attempts, 1_000) {
            Ok(Outcome::Refused {
                obstacle: Obstacle::Unknown,
            }) => "unknown",
            Ok(_) => "refused",
            Err(Error::RateLimited { until, limit }) => {
                assert_eq!((until, limit), (8_000, Limit::Elsewhere));
                "later"
            }
            Err(Error::Transient(_)) => "again",
            Err(_) => "ask",
        }
    }

    #[test]
    fn what_did_not_get_through_is_tried_as_the_page_says() {
        use notify::Error::{Busy, NotTaken, Refused, Unclear, Unsent};
        let program = of(ChannelKind::Webhook, true, None);
        let room = of(ChannelKind::Slack, false, None);
        let escalation = of(ChannelKind::Slack, true, None);
        let edit = of(ChannelKind::Discord, false, Some("7"));
        let unclear = || Unclear("x".into());
        for it in [&program, &room, &escalation, &edit] {
            assert_eq!(word(it, Refused("x".into()), false, 1), "refused");
            assert_eq!(word(it, Busy(7), false, 1), "later");
            assert_eq!(word(it, Unsent("x"), false, 900), "again", "not old yet");
            // However old it is: the server may have been down.
            assert_eq!(word(it, Unsent("x"), true, 1), "again");
            assert_eq!(word(it, Busy(7), true, AT_LEAST - 1), "later");
            assert_eq!(word(it, Unsent("x"), true, AT_LEAST), "refused");
            assert_eq!(word(it, Busy(7), true, AT_LEAST), "refused");
        }
        assert_eq!(word(&program, NotTaken("x".into()), false, 900), "again");
        assert_eq!(word(&program, unclear(), false, 900), "again");
        assert_eq!(word(&program, unclear(), true, 900), "refused");
        assert_eq!(word(&edit, unclear(), false, 900), "again");
        for attempt in 1..20 {
            assert_eq!(
                word(&room, unclear(), false, attempt),
                "ask",
                "at most once"
            );
            let bounded = word(&escalation, unclear(), false, attempt);
            assert_eq!(bounded == "again", attempt < IN_A_ROOM, "{attempt}");
            assert!(["again", "unknown"].contains(&bounded));
        }
    }
}
