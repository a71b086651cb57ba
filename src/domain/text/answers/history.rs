//! What happened, when, and by whom: what the facts remember, without opinion.

use crate::domain::facts::{Facts, Line, Stop};
use crate::domain::ids::{By, Millis};
use crate::domain::item::Item;
use crate::domain::step_name::StepName;
use crate::domain::text::checklist::label;
use crate::domain::text::markdown::{code, count, inline, link, somebody};
use crate::domain::text::names;
use crate::domain::text::notices::{notice, stop_reason};
use crate::domain::text::times::{budget, utc_time};
use crate::domain::view::View;

/// So many lines at most; the oldest go first.
pub(super) const MOST: usize = 80;

/// What happened, oldest first: when, and a line of Markdown.
pub fn events(view: &View<'_>) -> Vec<(Millis, String)> {
    let mut all = by_people(view.facts, view.line);
    all.extend(proven(view));
    all.extend(view.facts.notices.iter().map(|it| (it.at, notice(it))));
    // What happened at one moment stays in the order of the procedure.
    all.sort_by_key(|(at, _)| *at);
    all
}

/// The list, oldest first.
pub(super) fn history(view: &View<'_>) -> String {
    let all = events(view);
    let skipped = all.len().saturating_sub(MOST);
    let lines: Vec<String> = all
        .iter()
        .skip(skipped)
        .map(|(at, words)| {
            let at = utc_time(*at, view.timeline.started);
            format!("- {at}: {}", inline(words))
        })
        .collect();
    let earlier = match skipped {
        0 => String::new(),
        n => format!("- {} before that\n", count(n as u64, "event")),
    };
    format!("{earlier}{}", lines.join("\n"))
}

/// What people decided and said.
fn by_people(f: &Facts, line: &Line) -> Vec<(Millis, String)> {
    let mut all = vec![(
        f.trigger.at,
        match f.trigger.label.as_str() {
            "" => format!("begun by {}", somebody(&f.trigger.by.login)),
            label => {
                let on = f
                    .trigger
                    .pull
                    .map_or("on".to_owned(), |n| format!("on #{n}"));
                format!("{} put {} {on}", somebody(&f.trigger.by.login), code(label))
            }
        },
    )];
    let mut by = |by: Option<&By>, words: String| {
        all.extend(by.map(|by| (by.at, format!("{} {words}", somebody(&by.login)))));
    };
    by(f.start_confirmed.as_ref(), "confirmed the start".to_owned());
    by(f.assessed_by.as_ref(), "answered the matrix".to_owned());
    let word = f.severity_word.as_ref().map(|word| &word.by);
    by(word, "confirmed the severity".to_owned());
    let start = line.start.as_ref().filter(|start| !start.tag.is_empty());
    by(
        start.map(|start| &start.by),
        format!(
            "named {} as the release that is fixed",
            code(start.map_or("", |start| start.tag.as_str()))
        ),
    );
    by(
        line.test_enabled.as_ref(),
        "asked for the trigger that the tests lack".to_owned(),
    );
    for (duty, who) in &f.assigned {
        let words = format!("named {} for {}", somebody(&who.login), code(duty.word()));
        by(Some(&who.by), words);
    }
    for given in &f.extended {
        let (phase, reason) = (given.phase.word(), given.reason.shortened(200).markdown());
        let words = format!(
            "gave {} {} more: “{reason}”",
            code(phase),
            budget(given.millis)
        );
        by(Some(&given.by), words);
    }
    for (item, word) in &f.words {
        by(
            Some(&word.by),
            said(*item, word.head.as_ref().map(|head| head.short())),
        );
    }
    for (gate, word) in &line.overrides {
        let (gate, reason) = (code(gate.word()), word.reason.shortened(200).markdown());
        by(Some(&word.by), format!("passed {gate}: “{reason}”"));
    }
    for pick in &line.picks {
        let sources: Vec<_> = pick
            .sources
            .iter()
            .map(|it| code(&it.to_string()))
            .collect();
        let words = format!("asked to pick {}", sources.join(", "));
        all.push((pick.at, format!("{} {words}", somebody(&pick.by.login))));
    }
    let stop = |stop: &Stop, did: &str| {
        let why = match stop_reason(&stop.why) {
            why if why.is_empty() => why,
            why => format!(" (“{why}”)"),
        };
        (
            stop.by.at,
            format!("{} {did}{why}", somebody(&stop.by.login)),
        )
    };
    let stops = [
        (&f.hold, "put it on hold"),
        (&f.cancelled, "gave it up"),
        (&line.port.waived, "waived the forward-port"),
        (&line.known.waived, "waived the entry in the known issues"),
        (&line.origin_waived, "took what was published for right"),
        (&line.verification_waived, "took the release as it is"),
        (&line.latest_waived, "left GitHub's latest as it is"),
        (&line.line_waived, "let the release line do without the fix"),
        (
            &line.push_waived,
            "let the branch be made although its pushes publish",
        ),
    ];
    let stops = stops.into_iter();
    all.extend(stops.filter_map(|(it, did)| it.as_ref().map(|it| stop(it, did))));
    if let Some(decision) = &line.decision {
        let words = format!("decided to release {}", code(decision.head.short()));
        all.push((
            decision.by.at,
            format!("{} {words}", somebody(&decision.by.login)),
        ));
    }
    all
}

fn said(item: Item, head: Option<&str>) -> String {
    match head {
        Some(head) => format!(
            "gave their word for {} of {}",
            code(item.name()),
            code(head)
        ),
        None => format!("gave their word for {}", code(item.name())),
    }
}

/// What was proven, with the page that shows it.
fn proven(view: &View<'_>) -> Vec<(Millis, String)> {
    let line = view.line;
    let mut all: Vec<(Millis, String)> = line
        .proven
        .iter()
        .map(|(step, at)| {
            (
                *at,
                format!("{} is proven{}", names::step(*step), page(*step, view)),
            )
        })
        .collect();
    for (item, at) in &line.first {
        all.push((*at, format!("seen: {}", label(*item, view))));
    }
    for run in line.decision.iter().flat_map(|it| &it.record.runs) {
        all.push((run.updated_at, format!("{} passed", names::run(run))));
    }
    all.extend(
        line.branch_deleted
            .map(|at| (at, "the hotfix branch was deleted".to_owned())),
    );
    all.extend(
        view.facts
            .issue_closed
            .map(|at| (at, format!("{} was closed", names::issue(view)))),
    );
    all
}

fn page(step: StepName, view: &View<'_>) -> String {
    let shown = match step {
        StepName::Branch | StepName::Bump => names::branch(view).map(|branch| {
            link(
                &code(&branch),
                &names::page(view, &format!("tree/{branch}")),
            )
        }),
        StepName::Fix => view.line.pull_number.map(|n| names::pull(view, n)),
        StepName::Test => names::head(view).map(|head| names::commit(view, head)),
        StepName::Ship | StepName::Verify => {
            names::tag(view).map(|tag| link(&code(&tag), &names::release_page(view, &tag)))
        }
        StepName::Assess | StepName::Monitor | StepName::Communicate | StepName::Close => None,
    };
    shown.map_or_else(String::new, |shown| format!(": {shown}"))
}
