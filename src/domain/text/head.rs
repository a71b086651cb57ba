//! The first lines of the status comment: where it stands, who must do what,
//! how much time is left.

use super::markdown::{code, escape, link, person, somebody};
use super::needs::{NeedWords, need};
use super::notices::stop_reason;
use super::taken::is_taken;
use super::timeline::clock;
use super::times::utc_time;
use super::{config, names, refused, rollback, targets};
use crate::domain::facts::{SaidState, Stop};
use crate::domain::need::{Need, StopReason, Who};
use crate::domain::objects::PolicyRead;
use crate::domain::step_name::StepName;
use crate::domain::view::View;

/// As many further needs stand in sight.
const THEN: usize = 6;
/// As many answers to commands stand in sight.
const ANSWERS: usize = 3;

/// Everything above the table.
pub fn head(view: &View<'_>) -> String {
    let mut out = format!("### {}\n", heading(view));
    let (first, rest) = urgent(view);
    for line in first {
        out.push_str(&line);
        out.push('\n');
    }
    if let (None, Some(head)) = (&view.preview, view.head()) {
        let head = names::commit(view, head);
        out.push_str(&format!("**The fix so far:** {head}\n"));
    }
    out.push_str(&format!("**Clock:** {}\n", clock(view)));
    let back = rollback::proposal(view)
        .or_else(|| rollback::progress(view))
        .or_else(|| targets::half(view));
    let steps = match view.outlook.rollback {
        Some(_) => None,
        None => steps(view),
    };
    for block in [back, then(&rest, view), pasted(view), answers(view), steps]
        .into_iter()
        .flatten()
    {
        out.push_str(&format!("\n{block}\n"));
    }
    out
}

/// "Hotfix v1.0.5 for `caro` — step 3 of 10: Fix".
pub fn heading(view: &View<'_>) -> String {
    let tag = names::tag(view).map_or_else(String::new, |tag| format!(" {}", escape(&tag)));
    format!(
        "Hotfix{tag} for {} — {}",
        code(names::package(view)),
        stands(view)
    )
}

fn stands(view: &View<'_>) -> String {
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
    let step = if ready(view) {
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

/// Whether only the decision is missing.
fn ready(view: &View<'_>) -> bool {
    view.phase == Some(StepName::Ship)
        && view.line.decision.is_none()
        && view.preview.is_some()
        && view.gates.is_empty()
}

/// Whether the configuration is wrong, so that nothing starts.
fn is_wrong(view: &View<'_>) -> bool {
    view.facts.policy.get().is_some_and(PolicyRead::is_wrong)
}

/// What happens now and what is asked of whom, and the needs that are left.
fn urgent<'a>(view: &'a View<'_>) -> (Vec<String>, Vec<&'a Need>) {
    let facts = view.facts;
    if let Some(stop) = &facts.cancelled {
        if let StopReason::Downgraded { level, reason } = &stop.why {
            let line = format!(
                "**No hotfix:** {} decided at {} that this is {}: it waits for the next regular release (“{}”).",
                somebody(&stop.by.login),
                utc_time(stop.by.at, view.timeline.started),
                level.code(),
                reason.markdown()
            );
            let work = super::downgraded::work(view);
            return ([line].into_iter().chain(work).collect(), Vec::new());
        }
        let line = format!(
            "**Nothing more happens:** {} cancelled this at {}{}",
            somebody(&stop.by.login),
            utc_time(stop.by.at, view.timeline.started),
            reason(&stop.why)
        );
        return (vec![line], Vec::new());
    }
    let back = view.outlook.rollback.as_ref();
    if back.is_some_and(|survey| survey.proofs.phase().is_none()) {
        let line = "**Nothing is needed any more.** The release is taken back.".to_owned();
        return (vec![line], Vec::new());
    }
    let asked = view.line.rollback.is_some();
    if facts.over.is_some() || view.phase.is_none() && !asked {
        let released = names::tag(view)
            .filter(|_| view.line.decision.is_some())
            .map_or_else(String::new, |tag| {
                let page = names::release_page(view, &tag);
                format!(" {} is out.", link(&escape(&tag), &page))
            });
        return (
            vec![format!("**Nothing is needed any more.**{released}")],
            Vec::new(),
        );
    }
    let mut lines = Vec::new();
    let mut rest: Vec<&Need> = view.needs.iter().collect();
    if rest.first().is_some_and(|need| need.who == Who::Machine) {
        let words = need(rest.remove(0), view);
        lines.push(format!("**Under way:** {}.", words.line));
    }
    if let Some(at) = rest.iter().position(|need| need.who != Who::Machine) {
        let words = need(rest.remove(at), view);
        lines.push(needed(&words));
    } else if lines.is_empty() {
        lines.push("**Under way:** the bot is at work. Nothing is needed from anybody.".to_owned());
    } else if let Some(line) = lines.first_mut() {
        line.push_str(" Nothing is needed from anybody.");
    }
    if let Some(read) = view.facts.policy.get().filter(|read| read.is_wrong()) {
        lines.push(format!("\n{}\n", config::faults(&read.faults).trim()));
    }
    (lines, rest)
}

fn needed(words: &NeedWords) -> String {
    let command = match words.command_sentence() {
        none if none.is_empty() => ".".to_owned(),
        command => command,
    };
    format!(
        "**Needed now, from {}:** {}{command}",
        words.who, words.line
    )
}

/// The lines of the configuration that settle the first need that has any.
fn pasted(view: &View<'_>) -> Option<String> {
    // The block names this command.
    if !is_taken("/hotfix retry", view) {
        return None;
    }
    view.needs.iter().find_map(|it| need(it, view).block())
}

/// The further needs; those that stand as gates in the preview are left to it.
fn then(rest: &[&Need], view: &View<'_>) -> Option<String> {
    let in_preview = view.preview.is_some() && view.line.decision.is_none();
    let rest: Vec<_> = rest
        .iter()
        .filter(|need| !(in_preview && view.gates.contains(need)))
        .collect();
    if rest.is_empty() {
        return None;
    }
    let mut lines: Vec<_> = rest
        .iter()
        .take(THEN)
        .map(|n| format!("- {}", need(n, view).item(n)))
        .collect();
    let more = rest.len().saturating_sub(THEN);
    if more > 0 {
        lines.push(format!("- and {more} more: see the checklist"));
    }
    Some(format!("**Then:**\n{}", lines.join("\n")))
}

/// Commands that were refused or not understood, until their author is
/// understood again.
fn answers(view: &View<'_>) -> Option<String> {
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

/// "Assess ✓ · Branch ✓ · Bump ✓ · **Fix** · Test · …".
fn steps(view: &View<'_>) -> Option<String> {
    let words: Vec<_> = view
        .steps
        .iter()
        .map(|(name, done)| {
            let title = name.title();
            if *done {
                format!("{title} ✓")
            } else if view.phase == Some(*name) {
                format!("**{title}**")
            } else {
                title.to_owned()
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
