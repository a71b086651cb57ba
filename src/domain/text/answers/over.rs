//! What is said to people who still command a hotfix that is over: how it ended, and
//! what can be done now.

use crate::domain::facts::{Along, Stop};
use crate::domain::need::StopReason;
use crate::domain::text::markdown::{escape, link, somebody};
use crate::domain::text::notices::stop_reason;
use crate::domain::text::times::utc_time;
use crate::domain::text::{block, joined, names};
use crate::domain::view::View;

/// How it ended, for who asks on the issue or on a pull request of it, with the commands that go on from there.
pub(super) fn over(view: &View<'_>, on_pull: bool) -> String {
    let f = view.facts;
    let begin = ("To begin a new one, here on the issue:", "/hotfix start");
    let (ended, offers) = if let Some(stop) = &f.cancelled {
        (
            format!("**This hotfix is over:** {}", given_up(stop, view)),
            vec![begin],
        )
    } else if let Some(along) = f.along() {
        let to = joined::issue(along.to, view);
        match &along.is {
            Along::Out { tag } => (
                format!(
                    "**This hotfix is over:** {} is out, by the hotfix of {to}.",
                    release(tag, view)
                ),
                vec![broken(), begin],
            ),
            Along::Back { tag } => (
                format!(
                    "**This hotfix is over:** {} was taken back; see {to}.",
                    release(tag, view)
                ),
                vec![begin],
            ),
            _ => (
                format!("**This goes along with the hotfix of {to}:** give commands there."),
                Vec::new(),
            ),
        }
    } else if f.broke_off() {
        let again = ("To go on with it, here on the issue:", "/hotfix start");
        (
            "**This hotfix broke off:** the App was taken off this repository meanwhile."
                .to_owned(),
            vec![again],
        )
    } else if let Some(tag) = names::tag(view).filter(|_| f.has_released()) {
        let tag = release(&tag, view);
        match view.line.rolled_back() {
            Some(_) => (
                format!("**This hotfix is over:** {tag} was taken back."),
                vec![begin],
            ),
            None => (
                format!("**This hotfix is over:** {tag} is out."),
                vec![
                    broken(),
                    (
                        "If it must be taken back (this shows first what that would do):",
                        "/hotfix rollback reason=\"…\"",
                    ),
                    begin,
                ],
            ),
        }
    } else {
        ("**This hotfix is over.**".to_owned(), vec![begin])
    };
    let mut out = ended;
    if on_pull {
        out.push_str(&format!(" Its issue is {}.", names::issue(view)));
    }
    for (when, command) in offers {
        out.push_str(&format!("\n\n{when}\n{}", block::command(command)));
    }
    out
}

fn broken() -> (&'static str, &'static str) {
    (
        "If it does not fix the bug:",
        "/hotfix still-broken note=\"…\"",
    )
}

fn release(tag: &str, view: &View<'_>) -> String {
    link(&escape(tag), &names::release_page(view, tag))
}

/// By whom, when, and why.
fn given_up(stop: &Stop, view: &View<'_>) -> String {
    let at = utc_time(stop.by.at, view.timeline.started);
    let by = somebody(&stop.by.login);
    let why = stop_reason(&stop.why);
    match &stop.why {
        StopReason::Downgraded { .. } => format!("{by} decided at {at} that {why}."),
        _ if why.is_empty() => format!("{by} gave it up at {at}."),
        _ => format!("{by} gave it up at {at} (“{why}”)."),
    }
}
