//! The document's table of times, and the clock line of the status comment.

use super::markdown::{code, fold, person};
use super::times::{budget, clock_time, duration, utc_time};
use crate::domain::ids::Millis;
use crate::domain::step_name::StepName;
use crate::domain::timeline::Row;
use crate::domain::view::View;

/// "started 09:03 UTC · fix due by 09:48 (at most 11:18) · released by 11:03
/// (at most 15:03)"; nothing that changes by itself.
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
    if let Some(phase) = view.phase
        && let Some(row) = timeline.rows.get(row_of(phase))
        && let Some(from) = row.from
    {
        parts.push(format!(
            "{} due by {}",
            work(phase),
            due(row, from, started)
        ));
    }
    let released = view.line.proven.get(&StepName::Verify);
    parts.push(match released {
        Some(at) => format!("released and verified {}", utc_time(*at, started)),
        None => format!("released by {}", due(&timeline.total, started, started)),
    });
    parts.join(" · ")
}

fn due(row: &Row, from: Millis, reference: Millis) -> String {
    format!(
        "{} (at most {})",
        clock_time(from.saturating_add(row.target), reference),
        clock_time(from.saturating_add(row.maximum), reference)
    )
}

/// The row of the document's table that a step stands in.
fn row_of(step: StepName) -> usize {
    match step {
        StepName::Assess | StepName::Branch => 0,
        StepName::Fix => 1,
        StepName::Test => 2,
        StepName::Bump => 3,
        StepName::Ship => 4,
        StepName::Monitor => 5,
        StepName::Verify => 6,
        StepName::Communicate | StepName::Close => 7,
    }
}

fn work(step: StepName) -> &'static str {
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
    for given in &view.facts.extended {
        out.push_str(&format!(
            "\nMore time for {}: {}, by {} (“{}”)\n",
            code(given.phase.word()),
            budget(given.millis),
            person(&given.by.login),
            given.reason.shortened(200).markdown()
        ));
    }
    out
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
