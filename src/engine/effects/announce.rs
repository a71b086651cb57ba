//! Channels: how they stand, and what they are told. None of GitHub's calls.

use super::{Context, refused};
use crate::clock::Millis;
use crate::domain::bulletin::Announce;
use crate::domain::event::Outcome;
use crate::domain::objects::{ChannelState, Observation};
use crate::github::{Error, Limit};
use crate::notify;

/// What is as old is told no more, milliseconds.
const DAY: Millis = 24 * 60 * 60 * 1_000;

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
    let told = context.channels.tell(&it.channel, bulletin, edits).await;
    let late = now.saturating_sub(bulletin.at) > DAY;
    match told {
        Ok(told) => Ok(Outcome::Announced {
            id: told.id,
            print: bulletin.print(),
            edited: edits.is_some(),
        }),
        Err(error @ notify::Error::Refused(_)) => Ok(refused(error.to_string())),
        Err(error) if late && it.urgent => Ok(refused(format!("given up after a day: {error}"))),
        Err(notify::Error::Busy(seconds)) => {
            let wait = Millis::try_from(seconds)
                .unwrap_or(DAY)
                .saturating_mul(1_000);
            Err(Error::RateLimited {
                until: now.saturating_add(wait),
                limit: Limit::Elsewhere,
            })
        }
        Err(error @ notify::Error::Unsent(_)) => Err(Error::Transient(error.to_string())),
        // Once more does no harm: it is asked ever more rarely.
        Err(error) if it.urgent || edits.is_some() => Err(Error::Transient(error.to_string())),
        Err(error @ notify::Error::Unclear(_)) => Err(Error::Ambiguous(error.to_string())),
    }
}
