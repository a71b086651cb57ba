//! The plan: what follows from the facts. Nothing else decides.

use super::apply::{apply, policy_of};
use super::effect::{Effect, Lane, Which, Wish};
use super::event::{Claim, Event};
use super::facts::{CommentKind, Facts, Further, Said, SaidState};
use super::ids::{Millis, fingerprint};
use super::policy::Policy;
use super::procedure::{Survey, cancel, ci, communicate, further, observe, survey, verify};
use super::settle::{role_deadline, settle};
use super::text;
use super::view::{View, view};

/// What is to be done now, and when to look again.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The store's word for the phase.
    pub phase: String,
    /// The effects that are wanted. What is not in it is not wanted.
    pub wishes: Vec<Wish>,
    /// What the case wants to hold, to be answered at once.
    pub claims: Vec<Claim>,
    /// When to wake if nothing happens.
    pub wake_at: Option<Millis>,
    /// Whether the case ended.
    pub over: bool,
}

/// Edits of the status comment are spaced by this, milliseconds.
const SPACING: Millis = 5_000;

/// Takes an event in and says what follows.
pub fn decide(f: &mut Facts, event: &Event, now: Millis) -> Plan {
    apply(f, event, now);
    settle(f);
    let planned = plan(f);
    if planned.over && f.over.is_none() {
        f.over = Some(f.now);
    }
    planned
}

/// What follows from the facts as they are.
pub fn plan(f: &Facts) -> Plan {
    let policy = policy_of(f);
    let ignored = f
        .policy
        .get()
        .is_some_and(|read| read.wrong.is_none() && !policy.trigger.starts(&f.trigger.label));
    if ignored || f.over.is_some() {
        return Plan {
            phase: if ignored { "ignored" } else { "over" }.to_owned(),
            wishes: Vec::new(),
            claims: Vec::new(),
            wake_at: None,
            over: true,
        };
    }
    let survey = survey(f, &policy);
    let view = view(f, &policy);
    let looks = observe::looks(f, &policy, &survey);
    let looked_at = observe::next(f, &looks);
    let mut wishes = raw_wishes(f, &policy, &survey);
    let talk = comments(f, &survey, &view);
    let reactions = reactions(f);
    let over = is_over(f, &view, &wishes, &talk, &reactions);
    wishes.extend(talk);
    wishes.extend(reactions);
    wishes.retain(|w| !is_refused(f, w));
    for wish in &mut wishes {
        fill(&mut wish.effect, &view);
    }
    Plan {
        phase: match (&f.cancelled, view.phase) {
            (Some(_), _) => "cancelled".to_owned(),
            (None, Some(step)) => step.title().to_lowercase(),
            (None, None) => "over".to_owned(),
        },
        wishes,
        claims: match (&f.cancelled, survey.begin.evidence()) {
            (None, Some(_)) => super::procedure::branch::claims(f, &policy),
            _ => Vec::new(),
        },
        wake_at: [looked_at, role_deadline(f), further::runs_deadline(f)]
            .into_iter()
            .flatten()
            .min(),
        over,
    }
}

/// What the steps wish and what is to be read, whether or not GitHub refused
/// it before.
pub fn raw_wishes(f: &Facts, p: &Policy, survey: &Survey) -> Vec<Wish> {
    let mut wishes = observe::wishes(f, observe::looks(f, p, survey));
    let mut writes = match &f.cancelled {
        Some(_) => cancel::wishes(f, p),
        None => {
            let mut writes = survey.wishes();
            writes.extend(reruns(f));
            writes.extend(ci::wishes(f, p, survey));
            writes
        }
    };
    if f.hold.is_some() && f.cancelled.is_none() {
        writes.retain(|w| w.effect.lane() != Lane::Write);
    }
    wishes.extend(writes);
    wishes
}

fn is_refused(f: &Facts, wish: &Wish) -> bool {
    f.refused
        .get(&wish.effect.slot())
        .is_some_and(|r| r.subject == wish.subject && r.generation == wish.generation)
}

/// Runs that somebody asked to be run again and that are still at an older
/// attempt.
fn reruns(f: &Facts) -> Vec<Wish> {
    // Just asked for, perhaps: what stands here is the attempt before.
    let open = |further: &&Further| further.pull.get().is_some_and(|pull| pull.open);
    let further = f.line.all_further();
    let mut looked_at = further.iter().copied().filter(open);
    if !f.line.runs.is_current() || looked_at.any(|further| !further.runs.is_current()) {
        return Vec::new();
    }
    let further = further.iter().filter_map(|further| further.runs.get());
    let seen: Vec<_> = f.line.runs.get().into_iter().chain(further).collect();
    let runs = || seen.iter().flat_map(|seen| &seen.runs);
    f.line
        .reruns
        .iter()
        .filter_map(|(id, attempt)| {
            let run = runs().find(|r| r.id == *id && r.attempt < *attempt)?;
            let effect = Effect::Rerun {
                run: *id,
                attempt: *attempt,
                whole: run.skipped(),
            };
            (run.failed() || run.skipped())
                .then(|| Wish::new(effect, id.to_string()).generation(*attempt))
        })
        .collect()
}

/// The bot's comments, each wished when it is not as it should be.
fn comments(f: &Facts, survey: &Survey, view: &View<'_>) -> Vec<Wish> {
    let mut wishes = Vec::new();
    let looking = survey.begin.evidence().is_none()
        && matches!(&survey.begin, super::procedure::Step::Wait(needs)
            if needs.iter().all(|n| matches!(n.what, super::view::What::Looking { .. })));
    let posted = communicate::is_posted(f, CommentKind::Status);
    let quiet = f.cancelled.as_ref().is_some_and(|c| c.quiet) && !posted;
    // Once it is known that the label means something here, silence is told too.
    let silent = f.policy.get().is_some() && !f.unanswered.is_empty();
    if (!looking || silent) && !quiet {
        wishes.extend(comment(f, CommentKind::Status, text::status(view)));
    }
    let monitored = survey
        .monitor
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    if let Some(branched) = survey.branch.as_ref().and_then(|s| s.evidence()) {
        let seen = monitored && verify::facts(f, view.policy, branched).is_empty();
        if seen || communicate::is_posted(f, CommentKind::Verification) {
            wishes.extend(comment(
                f,
                CommentKind::Verification,
                text::verification(view),
            ));
        }
    }
    let verified = survey
        .verify
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    let shipped = survey.ship.as_ref().is_some_and(|s| s.evidence().is_some());
    if verified && shipped && communicate::notes_done(f, view.policy) {
        let last = view.phase.is_none();
        // Posted once, edited once: nothing in between.
        if last || !communicate::is_posted(f, CommentKind::Closing) {
            wishes.extend(comment(f, CommentKind::Closing, text::closing(view, last)));
        }
    }
    wishes
}

fn comment(f: &Facts, kind: CommentKind, body: String) -> Option<Wish> {
    let marker = text::marker(kind, f.case);
    let hash = fingerprint(&body);
    let fact = f.comments.get(&kind).cloned().unwrap_or_default();
    if fact.id.is_some() && fact.hash.as_deref() == Some(&hash) {
        return None;
    }
    let first = fact.id.is_none();
    Some(
        Wish::new(
            Effect::Comment {
                kind,
                id: fact.id,
                marker,
                body,
            },
            hash,
        )
        .generation(fact.writes + 1)
        .delay(if first { 0 } else { SPACING }),
    )
}

/// Eyes while a command waits, then one verdict for the whole comment.
fn reactions(f: &Facts) -> Vec<Wish> {
    let mut wishes = Vec::new();
    let mut done: Option<u64> = None;
    for said in &f.said {
        if done == Some(said.comment) {
            continue;
        }
        done = Some(said.comment);
        let lines: Vec<&Said> = f
            .said
            .iter()
            .filter(|s| s.comment == said.comment)
            .collect();
        let any = |test: fn(&SaidState) -> bool| lines.iter().any(|s| test(&s.state));
        let content = if any(|s| matches!(s, SaidState::Waiting)) {
            "eyes"
        } else if any(|s| matches!(s, SaidState::Confused(_))) {
            "confused"
        } else if any(|s| matches!(s, SaidState::Refused(_))) {
            "-1"
        } else {
            "+1"
        };
        if !f.reacted.contains(&(said.comment, content.to_owned())) {
            wishes.push(Wish::new(
                Effect::React {
                    comment: said.comment,
                    content: content.to_owned(),
                },
                said.comment.to_string(),
            ));
        }
    }
    wishes
}

fn is_over(
    f: &Facts,
    view: &View<'_>,
    raw: &[Wish],
    comments: &[Wish],
    reactions: &[Wish],
) -> bool {
    let quiet = comments.is_empty() && reactions.is_empty();
    if f.cancelled.is_some() {
        return quiet && raw.iter().all(|w| w.effect.lane() == Lane::Read);
    }
    view.phase.is_none() && quiet
}

/// The words of an effect, once the whole view is known.
fn fill(effect: &mut Effect, view: &View<'_>) {
    match effect {
        Effect::PushBump {
            entry,
            date,
            message,
            version,
            ..
        } => {
            *entry = text::changelog_entry(view.policy, &text::summary(view), view.facts.number);
            *date = text::date(view.facts.now);
            *message = text::bump_message(view.policy, version);
        }
        Effect::EnableTests {
            message, pattern, ..
        } => *message = text::enable_message(pattern),
        Effect::PushPort { message, .. } => *message = text::port_message(view),
        Effect::OpenPull {
            title,
            body,
            which: Which::Port,
            ..
        } => {
            *title = text::port_title(view);
            *body = text::port_body(view);
        }
        Effect::OpenPull {
            title,
            body,
            which: Which::Known,
            ..
        } => {
            *title = text::known_title(view);
            *body = text::known_body(view);
        }
        Effect::PushEntry { entry, message, .. } => {
            *entry = text::known_entry(view);
            *message = text::known_message(view);
        }
        Effect::OpenPull { title, body, .. } => {
            *title = text::pull_title(view);
            *body = text::pull_body(view);
        }
        Effect::CreateTag { message, .. } => {
            if let Some(preview) = &view.preview {
                *message = text::tag_message(view, preview);
            }
        }
        Effect::Merge {
            title,
            message,
            which: Which::Port,
            ..
        } => {
            *title = text::port_merge_title(view);
            *message = text::port_merge_message(view);
        }
        Effect::Merge {
            title,
            message,
            which: Which::Known,
            ..
        } => {
            *title = text::known_title(view);
            *message = text::known_merge_message(view);
        }
        Effect::Merge { title, message, .. } => {
            *title = text::merge_title(view);
            *message = text::merge_message(view);
        }
        Effect::WriteNotes { block, .. } => *block = text::notes_block(view),
        _ => {}
    }
}
