//! The document's table of times, and the clock line of the status comment.

use super::markdown::{code, fold, person};
use super::outage;
use super::times::{budget, clock_time, duration, utc_time};
use crate::domain::ids::Millis;
use crate::domain::step_name::StepName;
use crate::domain::timeline::{Pace, Row};
use crate::domain::view::View;

/// "started 09:03 UTC · fix due by 09:48 (at most 11:18) · released by 11:03
/// (at most 15:03)"; nothing that changes but at marks.
pub fn clock(view: &View<'_>) -> String {
    let timeline = &view.timeline;
    let started = timeline.started;
    let mut parts = vec![format!("started {}", utc_time(started, started))];
    if let Some(ended) = view.facts.over.or(timeline.ended) {
        parts.push(format!("ended {}", utc_time(ended, started)));
        parts.push(format!(
            "took {} (target {}, at most {})",
            duration(ended.saturating_sub(started)),
            budget(timeline.total.target),
            budget(timeline.total.maximum)
        ));
        return parts.join(" · ");
    }
    if let Some(pause) = view.facts.pause() {
        let since = utc_time(pause.from, started);
        parts.push(format!("⏸ **stands still** since {since}"));
        return parts.join(" · ");
    }
    if let Some(phase) = view.phase {
        let row = timeline.of(phase);
        let work = work(phase);
        parts.extend(due(row, &format!("{work} due by"), work, view));
    }
    let released = view.line.proven.get(&StepName::Verify);
    parts.push(match released {
        Some(at) => format!("released and verified {}", utc_time(*at, started)),
        None => due(&timeline.total, "released by", "the whole", view).unwrap_or_default(),
    });
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// "fix due by 09:48 (at most 11:18)"; what is late says so, in steps that change
/// at marks alone.
fn due(row: &Row, by_when: &str, what: &str, view: &View<'_>) -> Option<String> {
    let started = view.timeline.started;
    let (target, maximum) = row.due()?;
    let (target, maximum) = (clock_time(target, started), clock_time(maximum, started));
    Some(match row.pace(view.facts.now)? {
        Pace::InTime => format!("{by_when} {target} (at most {maximum})"),
        Pace::OverTarget { by } => format!(
            "⚠ **{what} {}** since {target} (at most {maximum})",
            over(by, "its target")
        ),
        Pace::OverMaximum { by } => {
            format!("‼ **{what} {}** since {maximum}", over(by, "its maximum"))
        }
    })
}

/// "over its target", "15 min and more over its target".
fn over(by: Millis, what: &str) -> String {
    match by {
        0 => format!("over {what}"),
        by => format!("more than {} over {what}", budget(by)),
    }
}

pub(super) fn work(step: StepName) -> &'static str {
    match step {
        StepName::Assess | StepName::Branch => "answers and branch",
        StepName::Fix => "fix",
        StepName::Test => "tests",
        StepName::Bump => "version bump",
        StepName::Ship => "release",
        StepName::Monitor => "workflows",
        StepName::Verify => "verification",
        StepName::Communicate | StepName::Close => "announcements",
    }
}

/// The fold "Timeline".
pub fn timeline(view: &View<'_>) -> String {
    fold("Timeline", &table(view), false)
}

/// The answer to `timeline`: the clock and the table.
pub(super) fn answer(view: &View<'_>) -> String {
    format!("**Clock:** {}\n\n{}", clock(view), table(view))
}

/// The eight rows and the total; what exceeded its maximum stands out.
pub fn table(view: &View<'_>) -> String {
    let mut out = String::from("| Phase | Took | Target | Maximum |\n|---|---|---|---|\n");
    for row in &view.timeline.rows {
        out.push_str(&line(row, row.name, view));
    }
    out.push_str(&line(&view.timeline.total, "**Total**", view));
    for note in notes(view) {
        out.push_str(&format!("\n{note}\n"));
    }
    out
}

/// Why its times are as they are: where clocks stood still, where more time was
/// given. A line of Markdown each.
pub(super) fn notes(view: &View<'_>) -> Vec<String> {
    let pauses = view.facts.pauses.iter();
    let given = view.facts.extended.iter().map(|given| {
        format!(
            "More time for {}: {}, by {} (“{}”)",
            code(given.phase.word()),
            budget(given.millis),
            person(&given.by.login),
            given.reason.shortened(200).markdown()
        )
    });
    let pauses = pauses.map(|pause| outage::stood_still(pause, view));
    pauses.chain(given).collect()
}

fn line(row: &Row, name: &str, view: &View<'_>) -> String {
    let took = match row.took() {
        Some(took) if row.exceeded() => format!("**{}**", duration(took)),
        Some(took) => duration(took),
        None if row.from.is_none() => "–".to_owned(),
        None if view.facts.over.is_some() => "not ended".to_owned(),
        None => "under way".to_owned(),
    };
    format!(
        "| {name} | {took} | {} | {} |\n",
        budget(row.target),
        budget(row.maximum)
    )
}
