//! What channels are told: what happened so far, and which of it is due where.
//!
//! What happened is written down once, in order. A program is told all of it. In
//! a chat only the newest counts: what came meanwhile, and what is over, is not
//! told any more; a maximum that is over is told all the same.

use super::effect::Slot;
use super::facts::{Happened, Refusal, Sent};
use super::happening::Happening;
use super::ids::LineId;
use super::item::Item;
use super::moment::Moment;
use super::need::{ChannelTrouble, Need, NeedKind, Who};
use super::objects::{ChannelKind, ChannelState, CommentKind};
use super::obstacle::Obstacle;
use super::outlook::Outlook;
use super::procedure::Case;
use super::procedure::channels::channels;
use super::procedure::communicate;
use super::slot::Place;

/// As much is told of a case: something else is wrong by then.
const MOST: usize = 60;

/// A message that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The channel's name.
    pub channel: String,
    /// What stands at its other end.
    pub kind: ChannelKind,
    /// Which of what happened, from 0.
    pub n: u32,
    /// Whether it is rather told twice than not at all.
    pub urgent: bool,
    /// How often it was told before.
    pub times: u64,
}

/// A message that can be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editable {
    /// The channel's name.
    pub channel: String,
    /// What stands at its other end.
    pub kind: ChannelKind,
    /// Which of what happened, from 0.
    pub n: u32,
    /// The message.
    pub id: String,
    /// What it says.
    pub print: String,
    /// How often it was edited.
    pub edits: u64,
}

/// Whether anybody is told.
pub fn is_told(c: &Case<'_>) -> bool {
    !channels(c).is_empty()
}

/// What happened so far, with what happens now.
pub fn happened(c: &Case<'_>, outlook: &Outlook) -> Vec<Happened> {
    let f = c.facts;
    let mut all = f.happened.clone();
    // Of one that goes along with another's release that one tells.
    if !is_told(c) || f.over.is_some() || f.along().is_some() {
        return all;
    }
    let proofs = &outlook.survey.proofs;
    let begun = proofs.begun.is_some() && f.is_posted(CommentKind::Status);
    if all.is_empty() && (!begun || f.cancelled.is_some()) {
        return all;
    }
    let mut now = vec![Happening::Started];
    for (n, told) in (0..)
        .zip(&f.moments)
        .filter(|(_, told)| told.over.is_none())
    {
        now.push(match told.moment {
            Moment::Ready { .. } => Happening::Ready { moment: n },
            Moment::Failed { .. } => Happening::Waiting { moment: n },
            Moment::Late { .. } => Happening::Escalated { moment: n },
        });
    }
    let back = c.line.rolled_back().is_some();
    if proofs.tagged.is_some() && c.line.locked().is_some() && !back {
        now.push(Happening::Tagged);
        now.extend(proofs.verified.is_some().then_some(Happening::Released));
    }
    if back {
        now.push(Happening::RolledBack);
    } else if f.cancelled.is_some() {
        now.push(Happening::Cancelled);
    } else if outlook.survey.phase().is_none() {
        now.push(Happening::Finished);
    }
    for what in now {
        if all.len() < MOST && !all.iter().any(|it| it.what == what) {
            all.push(Happened {
                what,
                at: f.now,
                again: 0,
            });
        }
    }
    all
}

/// How a channel stands; none: that is not known yet.
fn state(c: &Case<'_>, name: &str) -> Option<ChannelState> {
    c.line.seen.channels.get()?.get(name).copied()
}

/// Those that may be told.
fn open<'a>(c: &'a Case<'_>) -> impl Iterator<Item = (String, ChannelKind)> + 'a {
    let all = channels(c).into_iter();
    all.filter_map(|name| match state(c, &name)? {
        ChannelState::Open(kind) => Some((name, kind)),
        ChannelState::Unknown | ChannelState::Closed => None,
    })
}

/// The messages that are due.
pub fn due(c: &Case<'_>) -> Vec<Due> {
    open(c)
        .flat_map(|(channel, kind)| due_on(c, &channel, kind))
        .collect()
}

fn due_on(c: &Case<'_>, channel: &str, kind: ChannelKind) -> Vec<Due> {
    let all: Vec<(u32, &Happened)> = (0..).zip(&c.facts.happened).collect();
    let times = |n: u32| c.facts.sent(channel, n).map_or(0, |sent| sent.times);
    let of = |(n, it): &(u32, &Happened)| Due {
        channel: channel.to_owned(),
        kind,
        n: *n,
        urgent: is_urgent(kind, it.what),
        times: times(*n),
    };
    let wanted = |(n, it): &(u32, &Happened)| {
        times(*n) <= it.again && !is_edited(kind, it.what, c.facts.sent(channel, *n))
    };
    if kind == ChannelKind::Webhook {
        return all.iter().filter(|it| wanted(it)).map(of).collect();
    }
    let is_told = |what: Happening| {
        let mut mine = all.iter().filter(|(_, it)| it.what == what);
        mine.find_map(|(n, _)| c.facts.sent(channel, *n))
            .filter(|sent| sent.times > 0)
    };
    let any = all.iter().any(|(n, _)| times(*n) > 0);
    let back = all.iter().any(|(_, it)| it.what == Happening::RolledBack);
    let counts = |(n, it): &&(u32, &Happened)| match it.what {
        // Who never heard of it is not told that it is nothing.
        Happening::Cancelled => any,
        Happening::Released => !back || times(*n) > 0,
        // Behind the news that it is out, which says so itself where it can be edited.
        Happening::Finished => is_told(Happening::Released)
            .is_some_and(|sent| sent.id.is_none() || it.again > 0 || times(*n) > 0),
        what => !is_over(c, what),
    };
    let counting: Vec<_> = all.iter().filter(counts).collect();
    let newest = counting.last().map(|(n, _)| *n);
    let told = counting.into_iter();
    let told = told.filter(|(n, it)| Some(*n) == newest || is_lasting(it.what));
    told.filter(|it| wanted(it)).map(of).collect()
}

/// A moment that nobody has to be told of any more.
fn is_over(c: &Case<'_>, what: Happening) -> bool {
    let told = what.moment().and_then(|n| {
        let n = usize::try_from(n).ok()?;
        c.facts.moments.get(n)
    });
    told.is_some_and(|told| told.over.is_some())
}

/// What is news also once more came after it.
fn is_lasting(what: Happening) -> bool {
    is_escalation(what) || matches!(what, Happening::Released)
}

fn is_escalation(what: Happening) -> bool {
    matches!(what, Happening::Escalated { .. })
}

/// What was told in words that can be edited is not told a second time: it would say
/// for good what the first message says no more.
fn is_edited(kind: ChannelKind, what: Happening, sent: Option<&Sent>) -> bool {
    let known = sent.is_some_and(|sent| sent.id.is_some());
    kind == ChannelKind::Discord && what == Happening::Released && known
}

/// Whether it is rather told twice than not at all.
fn is_urgent(kind: ChannelKind, what: Happening) -> bool {
    kind == ChannelKind::Webhook || is_escalation(what)
}

/// The messages whose words change with what comes after them.
pub fn editable(c: &Case<'_>) -> Vec<Editable> {
    let discord = open(c).filter(|(_, kind)| *kind == ChannelKind::Discord);
    let of = |(channel, kind): (String, ChannelKind)| {
        let all = (0..).zip(&c.facts.happened);
        let mut out = all.filter(|(_, it)| it.what == Happening::Released);
        let (n, _) = out.next()?;
        let sent = c.facts.sent(&channel, n)?;
        Some(Editable {
            kind,
            n,
            id: sent.id.clone()?,
            print: sent.print.clone(),
            edits: sent.edits,
            channel,
        })
    };
    discord.filter_map(of).collect()
}

/// Where the message of a channel stands.
pub fn place(channel: &str, n: u32) -> Place {
    Place {
        line: LineId::default(),
        slot: Slot::Announce((u64::from(n), channel.to_owned())),
    }
}

/// Whether this place is one of a message that is still due.
pub fn asks(c: &Case<'_>, place: &Place) -> bool {
    let is_it = |it: &Due| self::place(&it.channel, it.n) == *place;
    matches!(place.slot, Slot::Announce(_)) && due(c).iter().any(is_it)
}

/// What keeps the release from being told where the configuration says.
pub fn troubles(c: &Case<'_>) -> Vec<Need> {
    let mut all = of_channels(c);
    all.extend(undiscussed(c));
    all
}

/// GitHub opened no discussion, and nobody has told the community otherwise.
fn undiscussed(c: &Case<'_>) -> Option<Need> {
    let refused = c.line.discussed.as_ref().is_some_and(|it| it.url.is_none());
    let settled = c.facts.words.contains_key(&Item::Community);
    let category = communicate::category(c).filter(|_| refused && !settled)?;
    let category = category.to_owned();
    Some(Need::new(
        Who::Commander,
        NeedKind::NoDiscussion { category },
    ))
}

/// Why channels are not told, each once.
fn of_channels(c: &Case<'_>) -> Vec<Need> {
    let due = due(c);
    let of = |channel: String| {
        let trouble = match state(c, &channel)? {
            ChannelState::Unknown => ChannelTrouble::Unknown,
            ChannelState::Closed => ChannelTrouble::Closed,
            ChannelState::Open(_) => {
                let mine = due.iter().filter(|it| it.channel == channel);
                mine.rev().find_map(|it| in_the_way(c, it))?
            }
        };
        let kind = NeedKind::Channel { channel, trouble };
        Some(Need::new(Who::Commander, kind))
    };
    channels(c).into_iter().filter_map(of).collect()
}

/// What is in the way of a message.
fn in_the_way(c: &Case<'_>, due: &Due) -> Option<ChannelTrouble> {
    let place = place(&due.channel, due.n);
    if let Some(Refusal { obstacle, .. }) = c.facts.refused.get(&place) {
        return Some(match obstacle {
            Obstacle::Refused(words) | Obstacle::Found(words) => ChannelTrouble::Refused {
                words: words.clone(),
            },
            Obstacle::Undone | Obstacle::Unknown => ChannelTrouble::Unclear,
        });
    }
    let silent = c.facts.unanswered.get(&place)?;
    Some(ChannelTrouble::Silent {
        since: silent.since,
    })
}

/// The channels that heard that the release is out.
pub fn told_of_release(c: &Case<'_>) -> Vec<String> {
    let mut all = (0..).zip(&c.facts.happened);
    let Some((n, _)) = all.find(|(_, it)| it.what == Happening::Released) else {
        return Vec::new();
    };
    let told = |name: &String| c.facts.sent(name, n).is_some_and(|sent| sent.times > 0);
    channels(c).into_iter().filter(told).collect()
}

/// What would be told once more by somebody's word: the messages that did not get
/// through, else the newest of what still counts, everywhere. None where that is
/// under way: who is not told yet would be told twice.
pub fn again(c: &Case<'_>) -> Option<Again> {
    let due = due(c);
    let stuck: Vec<Place> = due
        .iter()
        .filter(|it| in_the_way(c, it).is_some())
        .map(|it| place(&it.channel, it.n))
        .collect();
    if !stuck.is_empty() {
        return Some(Again::Stuck(stuck));
    }
    let all = c.facts.happened.iter().enumerate();
    let mut counting = all.rev().filter(|(_, it)| !is_over(c, it.what));
    let (n, newest) = counting.next()?;
    let at = u32::try_from(n).ok()?;
    let under_way = due.iter().any(|it| it.n == at);
    let hears = |(name, kind): (String, ChannelKind)| {
        !is_edited(kind, newest.what, c.facts.sent(&name, at))
    };
    let heard = open(c).any(hears) || open(c).next().is_none();
    (heard && !under_way).then_some(Again::Newest(n))
}

/// What is told once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Again {
    /// What did not get through.
    Stuck(Vec<Place>),
    /// What happened last, of this number.
    Newest(usize),
}
