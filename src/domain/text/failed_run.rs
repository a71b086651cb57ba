//! A failed run in words.

use super::markdown::link;
use super::names;
use super::times::duration;
use super::words::{Words, with};
use crate::domain::objects::Run;
use crate::domain::view::View;

/// What failed, where, after how long, and what a re-run would meet.
pub(super) fn failed(run: &Run, release: bool, view: &View<'_>) -> Words {
    let job = run
        .failed_job
        .as_ref()
        .map_or_else(String::new, |(name, url)| {
            format!(" in {}", link(&format!("job “{}”", name.markdown()), url))
        });
    let how = match run.conclusion.as_deref() {
        Some("cancelled") => "was cancelled",
        Some("timed_out") => "ran out of time",
        Some("startup_failure") => "could not start",
        Some("action_required") => "waits for somebody's approval on its page",
        _ => "failed",
    };
    let after = match run.updated_at.saturating_sub(run.started_at) {
        took if took > 0 && run.started_at > 0 => format!(" after {}", duration(took)),
        _ => String::new(),
    };
    let published = if release {
        published(view)
    } else {
        String::new()
    };
    let published = match super::shipping::lacks_release(run, release, view) {
        Some(lacks) => format!("{published}. {lacks}"),
        None => published,
    };
    with(
        format!("{} {how}{job}{after}{published}", names::run(run)),
        if release {
            "To run the failed job again"
        } else {
            "Push a fix or, if it was chance, run it again"
        },
        "/hotfix retry",
    )
}

/// Whether the registry has the version already: it decides what a re-run does.
fn published(view: &View<'_>) -> String {
    let name = names::kind(view).registry();
    let registry = &view.line.seen.registry;
    match registry.get() {
        _ if !names::on_registry(view) || !registry.is_current() => String::new(),
        Some(None) => format!(". {name} does not have the version"),
        Some(Some(_)) => format!(". {name} has the version already"),
        None => String::new(),
    }
}
