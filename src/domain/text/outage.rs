//! What status pages say, quoted, and the times in which the clocks stood still.

use super::markdown::{and, link};
use super::names;
use super::times::{budget, clock_time, utc_time};
use crate::domain::facts::Pause;
use crate::domain::objects::{Outage, Service};
use crate::domain::reads;
use crate::domain::view::View;

/// As many characters of an incident are quoted.
const WORDS: usize = 120;

/// What the pages say that explains what fails or is late.
pub(super) fn outages(view: &View<'_>) -> Option<String> {
    view.facts.pause()?;
    let told = reads::outages(&view.case, &view.outlook.survey);
    let lines: Vec<_> = told.iter().map(|it| quoted(it, view)).collect();
    (!lines.is_empty()).then(|| {
        format!(
            "{}. What fails or is late may be that: meanwhile the clock stands still, nobody is called for being late, and the bot goes on trying.",
            lines.join(". ")
        )
    })
}

fn quoted(outage: &Outage, view: &View<'_>) -> String {
    let says: Vec<_> = outage.says.iter().collect();
    let says = says
        .iter()
        .map(|it| format!("“{}”", it.shortened(WORDS).markdown()));
    let says: Vec<_> = says.collect();
    format!(
        "⚠ **{} reports:** {} ({})",
        name(outage.service, view),
        and(&says),
        link("its status page", &outage.page)
    )
}

/// "Stood still from 09:40 to 10:20 UTC, 40 min: GitHub reported an incident".
pub(super) fn stood_still(pause: &Pause, view: &View<'_>) -> String {
    let start = view.timeline.started;
    let who = pause.services.iter().map(|it| name(*it, view));
    let who = and(&who.collect::<Vec<_>>());
    match pause.until.or(view.facts.over) {
        Some(until) => format!(
            "Stood still from {} to {}, {}: {who} reported an incident",
            clock_time(pause.from, start),
            utc_time(until, start),
            budget(until - pause.from)
        ),
        None => format!(
            "Stands still since {}: {who} reports an incident",
            utc_time(pause.from, start)
        ),
    }
}

fn name(service: Service, view: &View<'_>) -> String {
    match service {
        Service::Github => "GitHub".to_owned(),
        Service::Registry => names::registries(view),
    }
}
