//! The plan: what follows from the facts. Nothing else decides.

use super::among;
use super::commands;
use super::compose::{announcements, comment, compose, description, guard, label, state};
use super::decision;
use super::effect::{Act, Effect, Slot};
use super::facts::{Along, Claim, Facts, Joined, LabelChange, Said};
use super::happenings::is_told;
use super::ids::{LineId, Millis};
use super::joining::{Tell, owed};
use super::labels::left_behind;
use super::moment::Moment;
use super::moments;
use super::need::Need;
use super::objects::{CommentKind, Object, Reaction};
use super::outlook::{Outlook, outlook};
use super::procedure::survey::Stand;
use super::procedure::{Case, along, claims, communicate, duplicates, labels, monitor, verify};
use super::reactions::{EYES, asks, comments as comments_of, lacks, owes_word};
use super::reads;
use super::rolling;
use super::slot::Place;
use super::view::{View, view};
use super::wish::Wish;

/// The phase of a case whose label means nothing in its repository, or whose words
/// began nothing.
pub const IGNORED: &str = "ignored";

/// What is to be done now, and when to look again.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The store's word for the phase.
    pub phase: String,
    /// The effects that are wanted. What is not in it is not wanted; of a case that
    /// ended, what channels are still to be told.
    pub wishes: Vec<Wish<Effect>>,
    /// What the case wants to hold, for which line, to be answered at once.
    pub claims: Vec<(LineId, Claim)>,
    /// What it has to say to another case, to be answered at once.
    pub tells: Option<Tell>,
    /// What it holds in its repository is free again, at once.
    pub frees: bool,
    /// When to wake if nothing happens.
    pub wake_at: Option<Millis>,
    /// Whether the case ended.
    pub over: bool,
    /// The labels that the next case of the issue begins with, at once.
    pub next: Vec<LabelChange>,
}

impl Plan {
    /// Of a case that asks for nothing any more.
    fn ended(phase: &str, f: &Facts) -> Plan {
        Plan {
            phase: phase.to_owned(),
            wishes: Vec::new(),
            claims: Vec::new(),
            tells: owed(f, true),
            frees: false,
            wake_at: None,
            over: true,
            next: Vec::new(),
        }
    }
}

/// What follows from the facts as they are.
pub fn plan(f: &Facts) -> Plan {
    let policy = f.policy();
    let case = Case::of(f, &policy);
    of(&case, &outlook(&case))
}

/// What is waited for, as the facts are, the most urgent first.
pub fn needs(f: &Facts) -> Vec<Need> {
    let policy = f.policy();
    let case = Case::of(f, &policy);
    view(case, &outlook(&case)).needs
}

/// What follows from the facts, once the outlook is made.
pub(super) fn of(c: &Case<'_>, outlook: &Outlook) -> Plan {
    let f = c.facts;
    if is_ignored(c) {
        return Plan::ended(IGNORED, f);
    }
    if f.over.is_some() {
        return Plan {
            next: left_behind(f, c.policy),
            wishes: after_the_end(&view(*c, outlook)),
            ..Plan::ended("over", f)
        };
    }
    let view = view(*c, outlook);
    if let Some(joined) = f.joined.as_deref().filter(|_| f.cancelled.is_none()) {
        match joined.is {
            Along::Asked => {}
            Along::Left => return left(c, &view),
            _ => return goes_along(c, &view, joined),
        }
    }
    // Whether the label means anything here may still be asked.
    let right = f.policy.get().is_some_and(|read| !read.is_wrong());
    let mut talk = match right && !labels::is_triggered(c) || f.is_unbegun() {
        _ if labels::owes_regular(c) => comment(CommentKind::Regular, &view).into_iter().collect(),
        true => Vec::new(),
        false => comments(&view),
    };
    talk.extend(replies(&view));
    talk.extend(reactions(f));
    if f.cancelled.is_none() && c.line.rolled_back().is_none() {
        talk.extend(guard(&view));
        talk.extend(description(&view).filter(|wish| may_come(f, wish)));
        talk.extend(label(&view).filter(|wish| may_come(f, wish)));
    }
    talk.extend(state(&view).filter(|wish| may_come(f, wish)));
    let over = talk.is_empty()
        && match (&f.cancelled, &outlook.rollback) {
            (Some(_), _) => outlook.is_at_rest(),
            (None, Some(survey)) => {
                survey.proofs.phase().is_none() && survey.proofs.answered.is_some()
            }
            (None, None) => {
                let asks = [Object::Duplicates, Object::OldLines];
                let asked = communicate::is_asked(c) || reads::is_looking(c, &outlook.looks, &asks);
                view.phase.is_none() && c.line.rollback.is_none() && !asked
            }
        };
    let intents = outlook.intents.iter().cloned();
    let mut wishes: Vec<_> = intents.map(|wish| compose(wish, &view)).collect();
    wishes.extend(talk);
    if over {
        wishes.clear();
    }
    // Nothing waits for a channel: what it is not told yet outlives the case.
    wishes.extend(announcements(&view));
    let wishes = unrefused(f, wishes);
    let monitored = outlook.survey.proofs.monitored.is_some();
    let branched = outlook.survey.proofs.branched.as_ref();
    let runs_by = branched.filter(|_| !monitored);
    let runs_by = runs_by.and_then(|branched| {
        let all = monitor::deadlines(c, branched).into_iter();
        all.filter(|at| *at > c.facts.now).min()
    });
    let wakes = [
        reads::next(c, &outlook.looks),
        commands::deadline(f),
        among::deadline(f),
        decision::deadline(c),
        rolling::deadline(c),
        moments::next(c, &view.stand()).filter(|_| f.cancelled.is_none()),
        runs_by,
    ];
    let begun = outlook.survey.proofs.begun.is_some();
    let claims = match f.cancelled {
        None if begun => claims::claims(c),
        _ => Vec::new(),
    };
    Plan {
        phase: match (&f.cancelled, view.phase) {
            (Some(_), _) => "cancelled".to_owned(),
            _ if outlook.rollback.is_some() => "rollback".to_owned(),
            (None, Some(step)) => step.title().to_lowercase(),
            (None, None) => "over".to_owned(),
        },
        wishes,
        claims: claims.into_iter().map(|it| (c.id.clone(), it)).collect(),
        tells: owed(f, over),
        frees: false,
        wake_at: wakes.into_iter().flatten().min(),
        over,
        next: match over {
            true => left_behind(f, c.policy),
            false => Vec::new(),
        },
    }
}

/// The plan of a case that goes along with another's release.
fn goes_along(c: &Case<'_>, view: &View<'_>, joined: &Joined) -> Plan {
    let (f, outlook) = (c.facts, view.outlook);
    let mut talk = comments(view);
    talk.extend(replies(view));
    talk.extend(reactions(f));
    let aside = label(view).into_iter().chain(state(view));
    talk.extend(aside.filter(|wish| may_come(f, wish)));
    let rests = outlook.is_at_rest() && !along::looks(c);
    let over = talk.is_empty() && rests && along::is_over(c, joined);
    let intents = outlook.intents.iter().cloned();
    let mut wishes: Vec<_> = intents.map(|wish| compose(wish, view)).collect();
    wishes.extend(talk);
    wishes.retain(|wish| !is_refused(f, wish));
    let wakes = [reads::next(c, &outlook.looks), commands::deadline(f)];
    Plan {
        phase: "joined".to_owned(),
        wishes,
        claims: Vec::new(),
        tells: owed(f, over),
        frees: rests && !c.line.claims.is_empty(),
        wake_at: wakes.into_iter().flatten().min(),
        over,
        next: Vec::new(),
    }
}

/// The plan of one that goes its own way after what it had built was taken away: it
/// ends, and the next begins with the same label.
fn left(c: &Case<'_>, view: &View<'_>) -> Plan {
    let f = c.facts;
    let mut talk = comments(view);
    talk.extend(reactions(f));
    let rests = view.outlook.is_at_rest() && !along::looks(c);
    let over = talk.is_empty() && rests;
    let intents = view.outlook.intents.iter().cloned();
    let mut wishes: Vec<_> = intents.map(|wish| compose(wish, view)).collect();
    wishes.extend(talk);
    let wishes = unrefused(f, wishes);
    let label = f.label(&f.trigger.label).filter(|it| over && it.on);
    Plan {
        phase: "joined".to_owned(),
        wishes,
        claims: Vec::new(),
        tells: None,
        frees: false,
        wake_at: reads::next(c, &view.outlook.looks),
        over,
        next: label.into_iter().cloned().collect(),
    }
}

/// Whether a plan could say that the case is over; told without making one.
pub(super) fn may_be_over(c: &Case<'_>, outlook: &Outlook) -> bool {
    c.facts.over.is_some()
        || c.facts.cancelled.is_some()
        || c.facts.joined.is_some()
        || outlook.survey.phase().is_none()
        || outlook.rollback.is_some()
        || is_ignored(c)
}

/// No label on the issue means anything in this repository.
fn is_ignored(c: &Case<'_>) -> bool {
    let f = c.facts;
    let right = f.policy.get().is_some_and(|read| !read.is_wrong());
    // An issue that is gone has no labels.
    let gone = |place: &Place| place.slot == Slot::Read(Object::Issue);
    let gone = f.refused.keys().any(gone);
    let looked = f.over.is_some() || labels::is_bare(c) || gone;
    let known = f.policy.get().is_some() && f.policy.is_current();
    // It is settled once it is answered, or nobody asks any more.
    let asked = labels::owes_regular(c) || owes_word(f);
    let regular = right && labels::regular(c).is_some();
    let unwanted = right && !labels::is_triggered(c) && looked;
    !asked && (regular || unwanted || known && f.is_unbegun() && !right)
}

/// Whether nothing stands in the way of what is only said besides: nobody waits
/// for it, and no end does.
fn may_come(f: &Facts, wish: &Wish<Effect>) -> bool {
    let place = wish.place();
    !f.blocked.contains_key(&place) && !f.refused.contains_key(&place)
}

/// What is wanted of a case that is over: who still says something to it is
/// answered, channels are told, and the status comment says which of them are not.
fn after_the_end(view: &View<'_>) -> Vec<Wish<Effect>> {
    let f = view.facts;
    let mut wishes = announcements(view);
    // Where the App was taken off nobody can be told, unless it is back.
    let spoken = || f.said.iter().any(|said| Some(said.at) > f.over);
    if !f.gone || spoken() {
        let asked = reads::roles(&view.case).into_iter();
        wishes.extend(asked.map(|wish| compose(wish, view)));
        wishes.extend(replies(view));
        wishes.extend(reactions(f));
    }
    // Of one that is gone nobody can be told.
    if is_told(&view.case) && !f.gone && f.is_posted(CommentKind::Status) {
        let status = comment(CommentKind::Status, view);
        wishes.extend(status.filter(|wish| may_come(f, wish)));
    }
    unrefused(f, wishes)
}

fn unrefused(f: &Facts, mut wishes: Vec<Wish<Effect>>) -> Vec<Wish<Effect>> {
    wishes.retain(|wish| !is_refused(f, wish));
    wishes
}

fn is_refused(f: &Facts, wish: &Wish<Effect>) -> bool {
    f.refused
        .get(&wish.place())
        .is_some_and(|r| r.subject == wish.subject && r.generation == wish.generation)
}

/// The bot's comments, each wished when it should stand and does not stand so.
fn comments(view: &View<'_>) -> Vec<Wish<Effect>> {
    let moments = (0..)
        .zip(&view.facts.moments)
        .map(|(n, _)| CommentKind::Moment(n));
    let told = duplicates::told(&view.case, view.proofs());
    let stands = CommentKind::PLANNED
        .into_iter()
        .chain(moments)
        .chain(told)
        .filter(|kind| stands(*kind, view));
    stands.filter_map(|kind| comment(kind, view)).collect()
}

/// Whether a comment of this kind is due, or to be kept true.
fn stands(kind: CommentKind, view: &View<'_>) -> bool {
    let (f, c) = (view.facts, &view.case);
    let proofs = view.proofs();
    let posted = f.is_posted(kind);
    let along = f.joined.as_deref().filter(|_| f.cancelled.is_none());
    match kind {
        CommentKind::Closing if along.is_some() => along
            .is_some_and(|it| posted || matches!(it.is, Along::Out { .. } | Along::Back { .. })),
        // Another issue's hotfix has them.
        CommentKind::Verification | CommentKind::Rollback if along.is_some() => false,
        // What it says is not so any more.
        CommentKind::Verification | CommentKind::Closing if c.line.rolled_back().is_some() => {
            posted
        }
        CommentKind::Status => {
            let begin = view.outlook.survey.first();
            let looking = matches!(begin, Some(Stand::Wait(needs))
                if needs.iter().all(Need::is_looking));
            let quiet = f.cancelled.as_ref().is_some_and(|c| c.quiet) && !posted;
            // Once it is known that the label means something here, silence is
            // told too.
            let silent = f.policy.get().is_some() && !f.unanswered.is_empty();
            (!looking || silent) && !quiet
        }
        CommentKind::Verification => proofs.branched.as_ref().is_some_and(|branched| {
            let seen = proofs.monitored.as_ref().is_some_and(|it| {
                let tagged = &it.tagged.tag.commit;
                let facts = verify::facts(c, branched, tagged, true);
                let reading = facts.iter().any(Need::is_looking);
                let other = !verify::built_elsewhere(c, branched, tagged).is_empty();
                verify::is_out(c, branched, true) && !reading && !other
            });
            // Kept true while facts come in.
            seen || posted
        }),
        CommentKind::Closing => {
            let told = proofs.verified.is_some() && proofs.shipped.is_some();
            // Posted once, edited once: nothing in between, unless somebody finds
            // it broken.
            let broken = posted && f.broken.is_some();
            let now = view.phase.is_none() || !posted;
            broken || told && communicate::notes_done(c) && now
        }
        CommentKind::Rollback => {
            let place = Place {
                line: c.id.clone(),
                slot: Slot::Report,
            };
            let tried = f.refused.contains_key(&place) || f.blocked.contains_key(&place);
            let rollback = c
                .line
                .rollback
                .as_deref()
                .filter(|it| it.locked().is_some());
            // Posted once, edited once: what happens in between is told by the
            // status.
            rollback.is_some_and(|it| {
                let due = it.report.is_some() || tried;
                (due && !posted) || (posted && it.done.is_some())
            })
        }
        CommentKind::Moment(n) => view.moment(n).is_some_and(|told| {
            // Before that nobody was called, and after it nobody has to be.
            posted || told.over.is_none() && is_shown(&told.moment, view)
        }),
        // On an issue that somebody moved or locked away nothing is missed.
        CommentKind::Duplicate(_) => true,
        // Told where nothing is started.
        CommentKind::Regular | CommentKind::Unreadable => false,
    }
}

/// Whether the status comment shows what a moment's comment calls people to: a
/// word is held against what stood there.
fn is_shown(moment: &Moment, view: &View<'_>) -> bool {
    let status = view.facts.comments.get(&CommentKind::Status);
    let page = status.filter(|it| it.id.is_some());
    let page = page.and_then(|it| it.pages.last());
    match moment {
        Moment::Ready { .. } => page.zip(view.preview.as_ref()).is_some_and(|(page, it)| {
            page.shown.preview.as_deref() == Some(it.fingerprint.as_str())
        }),
        Moment::Failed { .. } | Moment::Late { .. } => page.is_some(),
    }
}

/// The answers that people wait for who asked something.
fn replies(view: &View<'_>) -> Vec<Wish<Effect>> {
    let all = comments_of(view.facts).into_iter();
    let wish = |(comment, lines): (u64, Vec<&Said>)| {
        let pull = asks(view.facts, comment, &lines)?;
        let act = Act::Reply {
            comment,
            pull,
            marker: (),
            body: (),
        };
        Some(compose(Wish::new(act, comment.to_string()), view))
    };
    all.filter_map(wish).collect()
}

/// The reactions that comments lack.
fn reactions(f: &Facts) -> Vec<Wish<Effect>> {
    let all = comments_of(f).into_iter();
    let wish = |(comment, lines): (u64, Vec<&Said>)| {
        let reaction = lacks(f, comment, &lines)?;
        let act = Act::React { comment, reaction };
        let delay = match reaction {
            Reaction::Eyes => EYES,
            _ => 0,
        };
        Some(Wish::new(act, comment.to_string()).delay(delay))
    };
    all.filter_map(wish).collect()
}
