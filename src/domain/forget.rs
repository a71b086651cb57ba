//! What is not kept: facts do not grow with what people say, least of all with
//! what those say who have no part in it.

use super::effect::Slot;
use super::facts::{Facts, Said};
use super::ids::{Actor, Millis};
use super::reactions::{asks, comments, lacks};

/// Who has no part in this is answered as often, milliseconds: what they say in
/// between is not even kept.
pub const PACE: Millis = 60_000;

/// As many comments that were forgotten are remembered by their numbers.
pub const HEARD: usize = 256;

/// As many commands are kept after their answer.
const SETTLED: usize = 40;

/// As many ticks are kept after their answer.
const TICKS: usize = 10;

/// As many comments of people without a part wait for their answer: others are
/// in the way of theirs.
const PASSING: usize = 10;

/// Forgets what was answered and is of no more use.
pub fn forget(f: &mut Facts) {
    let (mut gone, mut settled, mut passing) = (Vec::new(), 0, 0);
    let all = comments(f);
    // The newest are kept.
    for (comment, lines) in all.iter().rev() {
        if lines.iter().any(|said| said.is_open()) {
            continue;
        }
        let answered = lacks(f, *comment, lines).is_none() && asks(f, *comment, lines).is_none();
        if lines.iter().any(|said| said.passing) {
            passing += 1;
            if answered || passing > PASSING {
                gone.push((*comment, true));
            }
            continue;
        }
        settled += lines.len();
        if (answered && settled > SETTLED) || settled > 4 * SETTLED {
            gone.push((*comment, false));
        }
    }
    let ticks = f.said.iter().filter(|said| said.tick && !said.is_open());
    let mut old = ticks.count().saturating_sub(TICKS);
    f.said.retain(|said| {
        let goes = said.tick && !said.is_open() && (old > 0 || said.passing);
        old = old.saturating_sub(usize::from(goes));
        !goes
    });
    for (comment, passing) in gone {
        f.said.retain(|said| said.tick || said.comment != comment);
        if !passing {
            f.heard.insert(comment);
        }
    }
    while f.heard.len() > HEARD {
        f.heard.pop_first();
    }
    let now = f.now;
    f.strangers.retain(|_, at| now < at.saturating_add(PACE));
    of_nobody(f);
}

/// What belongs to comments and people that are forgotten.
fn of_nobody(f: &mut Facts) {
    let said = &f.said;
    let is_kept = |comment: u64| said.iter().any(|it| it.comment == comment);
    let is_open = |comment: u64| said.iter().any(|it| it.comment == comment && it.is_open());
    f.reacted.retain(|(comment, _)| is_kept(*comment));
    f.replied.retain(|comment| is_kept(*comment));
    f.reread.retain(|comment, _| is_open(*comment));
    let by_whom = |login: &str| {
        let mut all = said.iter();
        all.any(|it| it.by.login.eq_ignore_ascii_case(login))
    };
    let over = f.over.is_some();
    let keep = |slot: &Slot| match slot {
        Slot::React((comment, _)) | Slot::Reply(comment) => is_kept(*comment),
        Slot::Role(login) => !over || by_whom(login),
        _ => true,
    };
    f.refused.retain(|place, _| keep(&place.slot));
    f.blocked.retain(|place, _| keep(&place.slot));
    f.retries.retain(|place, _| keep(&place.slot));
    let by = |login: &str, it: &Said| it.by.login.eq_ignore_ascii_case(login);
    let trigger = std::iter::once(&f.trigger.by);
    let labellers: Vec<_> = trigger.chain(f.labels.values().map(|it| &it.by)).collect();
    let asked = &mut f.roles_asked;
    f.roles.retain(|login, role| {
        let labelled = |by: &&Actor| by.login.eq_ignore_ascii_case(login);
        let kept = labellers.iter().any(labelled) || said.iter().any(|it| by(login, it));
        if !kept {
            *asked = (*asked).max(role.dirty);
        }
        kept
    });
}
