//! The first lines of the status comment: where it stands, who must do what,
//! how much time is left.

use super::markdown::{capital, code, escape, link, person, quiet, somebody};
use super::moments as calls;
use super::needs::{NeedWords, need};
use super::notices::stop_reason;
use super::taken::is_taken;
use super::timeline::clock;
use super::times::utc_time;
use super::{
    config, joined, lines, names, notices, outage, refused, rollback, targets, vulnerability,
};
use crate::domain::command::Duty;
use crate::domain::facts::{SaidState, Stop};
use crate::domain::moment::Failure;
use crate::domain::moments;
use crate::domain::need::{Need, NeedKind, StopReason, Who};
use crate::domain::objects::PolicyRead;
use crate::domain::role::Rank;
use crate::domain::step_name::StepName;
use crate::domain::view::View;

/// As many things to do stand in sight.
const TO_DO: usize = 8;
/// As many answers to commands stand in sight.
const ANSWERS: usize = 3;

/// Everything above the table.
pub fn head(view: &View<'_>) -> String {
    let mut out = format!("### {}\n", title(view));
    out.push_str(&format!("{}\n", state(view)));
    if let (None, Some(head)) = (&view.preview, view.head()) {
        let head = names::commit(view, head);
        out.push_str(&format!("**The fix so far:** {head}\n"));
    }
    if let Some(also) = joined::also(view) {
        out.push_str(&format!("**Also fixes:** {also}\n"));
    }
    out.push_str(&format!("**Clock:** {}\n", clock(view)));
    if let Some(outages) = outage::outages(view) {
        out.push_str(&format!("{outages}\n"));
    }
    let steps = match view.outlook.rollback {
        Some(_) => None,
        None => steps(view),
    };
    for block in blocks(view).into_iter().chain(steps) {
        out.push_str(&format!("\n{block}\n"));
    }
    out
}

/// What is wanted now, and of whom: blocks of Markdown, the most urgent first.
pub(super) fn blocks(view: &View<'_>) -> Vec<String> {
    let faults = view.facts.policy.get().filter(|read| read.is_wrong());
    let faults = faults.map(|read| config::faults(&read.faults).trim().to_owned());
    let back = rollback::proposal(view)
        .or_else(|| rollback::progress(view))
        .or_else(|| targets::half(view));
    let all = [
        faults,
        vulnerability::block(view),
        back,
        notices::lost_now(view).filter(|_| !is_ended(view)),
        under_way(view),
        to_do(view),
        pasted(view),
        answers(view),
        untold(view),
        lines::block(view),
    ];
    all.into_iter().flatten().collect()
}

/// "Hotfix v1.0.5 of `caro`: Panic on model path": what is wrong, in the words of
/// who reported it.
fn title(view: &View<'_>) -> String {
    format!("{}: {}", called(view), names::summary(view).markdown())
}

/// "Hotfix v1.0.5 of `caro`".
pub(super) fn called(view: &View<'_>) -> String {
    let several = view.facts.among.as_deref().filter(|it| !it.is_alone());
    let line = || several.map(|among| format!(" {}", code(&among.line.to_string())));
    let tag = names::tag(view).map(|tag| format!(" {}", escape(&tag)));
    let tag = tag.or_else(line).unwrap_or_default();
    format!("Hotfix{tag} of {}", code(names::package(view)))
}

/// "Hotfix v1.0.5 of `caro` — step 4 of 10: Fix".
pub fn heading(view: &View<'_>) -> String {
    format!("{} — {}", called(view), stands(view))
}

/// The line below the heading: a mark, where it stands, and a failure as one.
pub(super) fn state(view: &View<'_>) -> String {
    let facts = view.facts;
    if let Some(stop) = &facts.cancelled {
        return stopped(stop, view);
    }
    if is_back(view) {
        return "**Nothing is needed any more.** The release is taken back.".to_owned();
    }
    if is_ended(view) {
        let released = names::tag(view)
            .filter(|_| view.line.decision.is_some())
            .map_or_else(String::new, |tag| {
                let page = names::release_page(view, &tag);
                format!(" {} is out.", link(&escape(&tag), &page))
            });
        return format!("✓ **Nothing is needed any more.**{released}");
    }
    let stands = capital(&stands(view));
    if let Some(what) = view.needs.iter().find_map(Failure::of) {
        return format!("✗ **{}** · {stands}", calls::failure(&what, view));
    }
    let mark = match view.ready() {
        _ if facts.hold.is_some() => "⏸",
        Some(_) => "❗",
        None => "⏳",
    };
    format!("{mark} **{stands}**")
}

/// Given up: by whom, when, and why.
fn stopped(stop: &Stop, view: &View<'_>) -> String {
    let at = utc_time(stop.by.at, view.timeline.started);
    let by = somebody(&stop.by.login);
    let StopReason::Downgraded { level, reason } = &stop.why else {
        let why = self::reason(&stop.why);
        return format!("**Nothing more happens:** {by} cancelled this at {at}{why}");
    };
    let line = format!(
        "**No hotfix:** {by} decided at {at} that this is {}: it waits for the next regular release (“{}”).",
        level.code(),
        reason.markdown()
    );
    let work = super::downgraded::work(view);
    let lines: Vec<_> = [line].into_iter().chain(work).collect();
    lines.join("\n")
}

/// What waits for nobody but GitHub, the registry or the bot.
fn under_way(view: &View<'_>) -> Option<String> {
    if is_ended(view) {
        return None;
    }
    let (machine, people): (Vec<&Need>, Vec<&Need>) =
        all(view).into_iter().partition(|it| it.who == Who::Machine);
    let mut lines: Vec<_> = machine
        .iter()
        .take(ANSWERS)
        .map(|it| need(it, view).line)
        .collect();
    if lines.is_empty() && people.is_empty() {
        lines.push("the bot is at work".to_owned());
    }
    let nobody = match people.is_empty() {
        true => " Nothing is needed from anybody.",
        false => "",
    };
    (!lines.is_empty()).then(|| format!("**Under way:** {}.{nobody}", lines.join("; ")))
}

/// What people can do now, by who can.
pub(super) fn to_do(view: &View<'_>) -> Option<String> {
    if is_ended(view) {
        return None;
    }
    let people = all(view).into_iter().filter(|it| it.who != Who::Machine);
    let words: Vec<_> = people.map(|it| need(it, view)).collect();
    let shown = words.iter().take(TO_DO);
    let mut groups: Vec<(String, Vec<&NeedWords>)> = Vec::new();
    let asked = people_of(view);
    for (it, whom) in shown.zip(&asked) {
        let who = format!("{}{}", it.who, known(whom, view));
        match groups.iter_mut().find(|(other, _)| *other == who) {
            Some((_, all)) => all.push(it),
            None => groups.push((who, vec![it])),
        }
    }
    let mut blocks: Vec<String> = Vec::new();
    for (who, all) in groups {
        let items: Vec<_> = all.iter().map(|it| it.fenced_item()).collect();
        blocks.push(format!(
            "**Can be done now by {who}:**\n{}",
            items.join("\n")
        ));
    }
    let more = words.len().saturating_sub(TO_DO);
    if more > 0 {
        blocks.push(format!("- and {more} more: see the checklist"));
    }
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

/// What people can do, each thing as it is asked.
fn people_of<'a>(view: &'a View<'_>) -> Vec<&'a Need> {
    let people = all(view).into_iter();
    people.filter(|it| it.who != Who::Machine).collect()
}

/// " (mia or sam)": who is known that could do it; nobody is called by that.
fn known(need: &Need, view: &View<'_>) -> String {
    // Who wrote the fix cannot, whatever their role is.
    if let NeedKind::Approval { .. }
    | NeedKind::OwnJudge { .. }
    | NeedKind::ChangesRequested { .. } = &need.kind
    {
        return String::new();
    }
    let (rank, duty) = match need.who {
        Who::Commander => (Rank::Commander, Some(Duty::Commander)),
        Who::Responder => (Rank::Responder, None),
        Who::Reporter | Who::Machine => return String::new(),
    };
    let names = moments::known(&view.case, rank, duty);
    let names: Vec<_> = names.iter().map(|name| quiet(&person(name))).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!(" ({})", names.join(" or ")),
    }
}

/// Everything that is waited for, each once.
pub(super) fn all<'a>(view: &'a View<'_>) -> Vec<&'a Need> {
    let gates = view.gates.iter().filter(|gate| !view.needs.contains(gate));
    view.needs.iter().chain(gates).collect()
}

/// Whether nothing is asked of anybody any more.
pub(super) fn is_ended(view: &View<'_>) -> bool {
    let through = view.phase.is_none() && view.line.rollback.is_none();
    view.facts.cancelled.is_some() || view.facts.over.is_some() || through || is_back(view)
}

/// Whether the release is taken back.
pub(super) fn is_back(view: &View<'_>) -> bool {
    let back = view.outlook.rollback.as_ref();
    back.is_some_and(|survey| survey.proofs.phase().is_none())
}

/// Where it stands, in a few words.
pub(super) fn stands(view: &View<'_>) -> String {
    let facts = view.facts;
    if let Some(survey) = &view.outlook.rollback {
        return match survey.proofs.phase() {
            Some(step) => format!("rollback: {}", step.title()),
            None => "taken back".to_owned(),
        };
    }
    match &facts.cancelled {
        Some(Stop {
            why: StopReason::Downgraded { level, .. },
            ..
        }) => return format!("no hotfix: {}", level.markdown()),
        Some(_) => return "cancelled".to_owned(),
        None => {}
    }
    let Some(phase) = view.phase else {
        return match view.line.rollback {
            Some(_) => "a rollback is to be decided".to_owned(),
            None => "done".to_owned(),
        };
    };
    if facts.over.is_some() {
        return "over".to_owned();
    }
    if is_wrong(view) {
        return "waits: its configuration is wrong".to_owned();
    }
    let step = if view.ready().is_some() {
        format!("step {} of 10: ready to release", StepName::Ship.number())
    } else {
        names::step(phase)
    };
    if facts.hold.is_some() {
        format!("on hold at {step}")
    } else {
        step
    }
}

/// Whether the configuration is wrong, so that nothing starts.
fn is_wrong(view: &View<'_>) -> bool {
    view.facts.policy.get().is_some_and(PolicyRead::is_wrong)
}

/// The lines of the configuration that settle the first need that has any.
fn pasted(view: &View<'_>) -> Option<String> {
    // The block names this command.
    if !is_taken("/hotfix retry", view) {
        return None;
    }
    view.needs.iter().find_map(|it| need(it, view).block())
}

/// Channels that are not told.
fn untold(view: &View<'_>) -> Option<String> {
    let items = view.untold.iter().map(|it| need(it, view).fenced_item());
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| {
        format!(
            "**Channels** (nothing waits for them):\n{}",
            items.join("\n")
        )
    })
}

/// Commands that were refused or not understood, until their author is
/// understood again.
pub(super) fn answers(view: &View<'_>) -> Option<String> {
    let said = &view.facts.said;
    let settled = |at: usize| {
        let Some(this) = said.get(at) else {
            return true;
        };
        let verb = this.command.as_ref().map(|command| command.verb());
        said.iter().skip(at + 1).any(|later| {
            later.by.login == this.by.login
                && (verb.is_none() || verb == later.command.as_ref().map(|command| command.verb()))
        })
    };
    let mut lines: Vec<String> = said
        .iter()
        .enumerate()
        .rev()
        // Who has no part in this is answered by the reaction alone.
        .filter(|(at, said)| !settled(*at) && !said.passing)
        .filter_map(|(_, said)| {
            let words = match &said.state {
                SaidState::Refused(why) => refused::refused(why, view),
                SaidState::Confused(error) => refused::confused(error),
                SaidState::Edited => refused::edited().to_owned(),
                SaidState::Waiting | SaidState::Deciding | SaidState::Done => return None,
            };
            let ticked = if said.tick { ", by a box" } else { "" };
            Some(format!(
                "- {} ({}{ticked}, {}) — {}",
                said.text.shortened(120).code(),
                person(&said.by.login),
                utc_time(said.at, view.timeline.started),
                words.trim_end()
            ))
        })
        .take(ANSWERS)
        .collect();
    if lines.is_empty() {
        return None;
    }
    lines.reverse();
    Some(format!("**Not carried out:**\n{}", lines.join("\n")))
}

/// "✓ 1 Assess · ✓ 2 Branch · ✓ 3 Bump · **4 Fix** · 5 Test · …".
fn steps(view: &View<'_>) -> Option<String> {
    let words: Vec<_> = view
        .steps
        .iter()
        .map(|(name, done)| {
            let step = format!("{} {}", name.number(), name.title());
            if *done {
                format!("✓ {step}")
            } else if view.phase == Some(*name) {
                format!("**{step}**")
            } else {
                step
            }
        })
        .collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

fn reason(why: &StopReason) -> String {
    match stop_reason(why) {
        reason if reason.is_empty() => ".".to_owned(),
        reason => format!(" (“{reason}”)."),
    }
}
