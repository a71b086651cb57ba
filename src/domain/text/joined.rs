//! Two issues, one release: what stands on the issue that goes along, and what the
//! other one says of it.

use super::markdown::{and, capital, code, escape, link, person, somebody};
use super::names::{self, marker};
use super::notices::stop_reason;
use super::taken::is_taken;
use super::times::utc_time;
use crate::domain::facts::{Along, Guest, Joined};
use crate::domain::need::StopReason;
use crate::domain::objects::CommentKind;
use crate::domain::procedure::cancel::is_ours_alone;
use crate::domain::refused::NoJoin;
use crate::domain::view::View;

/// "#12", linked.
pub(super) fn issue(number: u64, view: &View<'_>) -> String {
    let page = names::page(view, &format!("issues/{number}"));
    link(&format!("#{number}"), &page)
}

/// A release's page, linked by its tag.
fn release(tag: &str, view: &View<'_>) -> String {
    let page = names::page(view, &format!("releases/tag/{tag}"));
    link(&escape(tag), &page)
}

// On the issue that goes along.

/// What the status comment says above everything else, where the case goes along or
/// went.
pub(super) fn head(joined: &Joined, view: &View<'_>) -> String {
    let to = issue(joined.to, view);
    let by = somebody(&joined.by.login);
    let at = utc_time(joined.by.at, view.timeline.started);
    let mut lines = vec![format!("### {}", title(joined, view)), String::new()];
    match &joined.is {
        Along::Asked | Along::Awaited | Along::Leaves => {
            lines.push(format!(
                "⏳ **This is fixed by the hotfix of {to}**, as {by} decided at {at}: one release for both. \
                 Nothing is needed here; where it stands, and what is needed, is on {to}."
            ));
            lines.push(String::new());
            lines.push(format!(
                "Users of this issue are told here once they have it, and it is closed then. Whoever reported \
                 it may say {} on {to}.",
                code("/hotfix confirm-fixed")
            ));
            for (command, what) in [
                ("/hotfix unjoin", "To ship it by itself after all"),
                ("/hotfix cancel reason=…", "To give this one up"),
            ] {
                if is_taken(command, view) {
                    lines.push(format!("- {what}: {}", code(command)));
                }
            }
        }
        Along::Out { tag } => lines.push(format!(
            "✓ **Nothing is needed any more.** {} is out, by the hotfix of {to}.",
            release(tag, view)
        )),
        Along::Back { tag } => lines.push(format!(
            "**{} was taken back:** what this issue is about is not fixed. How it goes on is on {to}; \
             to begin anew here: {}",
            release(tag, view),
            code("/hotfix start")
        )),
        Along::Left => lines.push(format!(
            "**This goes its own way again**, no longer with {to}. What had been built for it before was \
             taken away, so a hotfix of its own begins anew{}",
            match view.facts.trigger.by_word {
                true => format!(" with {}.", code("/hotfix start")),
                false => ": its status is the newest comment.".to_owned(),
            }
        )),
    }
    lines.extend(kept(view));
    lines.extend(label(view));
    lines.join("\n")
}

fn title(joined: &Joined, view: &View<'_>) -> String {
    let summary = names::summary(view).markdown();
    match joined.is {
        Along::Left => summary,
        _ => format!("Goes along with #{}: {summary}", joined.to),
    }
}

/// The work of people that is on its branch.
fn kept(view: &View<'_>) -> Option<String> {
    let line = view.line;
    let there = line.branch_made && line.branch_deleted.is_none();
    if !there || is_ours_alone(&view.case) {
        return None;
    }
    let branch = names::branch(view)?;
    Some(format!(
        "\nThere is work of people on {}, so it stays. The release takes from it what is picked or pushed there.",
        code(&branch)
    ))
}

/// Its label was taken off: that is asked.
fn label(view: &View<'_>) -> Option<String> {
    let hold = view.facts.hold.as_ref()?;
    matches!(hold.why, StopReason::LabelOff(_)).then(|| {
        format!(
            "\n{} ({}). That changes nothing in the release: {} takes this issue out of it.",
            capital(&stop_reason(&hold.why)),
            somebody(&hold.by.login),
            code("/hotfix cancel reason=…")
        )
    })
}

/// The closing comment of an issue that went along, its marker first.
pub(super) fn closing(joined: &Joined, view: &View<'_>) -> String {
    let to = issue(joined.to, view);
    let marker = marker(CommentKind::Closing, view.facts.case);
    let body = match &joined.is {
        Along::Back { tag } => format!(
            "### {0} was taken back\n{0}, which was to fix this, has been taken back: do not use it. What users do \
             now is on {to}.",
            release(tag, view)
        ),
        Along::Out { tag } => {
            let reporter = names::reporter(view);
            let thanks = match view.policy.announce.thank_reporter && !reporter.is_empty() {
                true => format!("Thank you, {}, for the report. ", person(reporter)),
                false => String::new(),
            };
            format!(
                "### Fixed in {}\n{thanks}It went out with the hotfix of {to}, which says how to upgrade, and what was checked.",
                release(tag, view)
            )
        }
        _ => format!("This goes its own way again, no longer with {to}."),
    };
    format!("{marker}\n{body}\n")
}

/// The answer to a question on the issue that goes along.
pub(super) fn answer(joined: &Joined, view: &View<'_>) -> String {
    let to = issue(joined.to, view);
    format!("This issue is fixed by the hotfix of {to}: ask there.")
}

// On the issue that leads.

/// "#2 (Panic on model path)".
fn guest(number: u64, guest: &Guest, view: &View<'_>) -> String {
    let issue = issue(number, view);
    let secret = names::is_secret(view) || guest.secret;
    match guest.title.as_ref().filter(|_| !secret) {
        Some(title) => format!("{issue} ({})", title.summary(80).markdown()),
        None => issue,
    }
}

/// The issues that go along, with their titles; none where there are none.
pub(super) fn also(view: &View<'_>) -> Option<String> {
    let all = view.facts.guests.iter();
    let all: Vec<_> = all.map(|(number, it)| guest(*number, it, view)).collect();
    (!all.is_empty()).then(|| and(&all))
}

/// All issues of the release, linked: "#1 and #2".
pub(super) fn issues(view: &View<'_>) -> String {
    let also = view.facts.guests.keys().map(|number| issue(*number, view));
    let all: Vec<_> = std::iter::once(names::issue(view)).chain(also).collect();
    and(&all)
}

/// All issues of the release as they stand behind a `#`: "1, #2".
pub(super) fn numbers(view: &View<'_>) -> String {
    let also = view.facts.guests.keys();
    let all = std::iter::once(&view.facts.number).chain(also);
    let all: Vec<_> = all.map(u64::to_string).collect();
    all.join(", #")
}

/// Why two issues do not share a release, with the way out.
pub(super) fn cannot(to: u64, why: &NoJoin, view: &View<'_>) -> String {
    let to = issue(to, view);
    match why {
        NoJoin::Itself => "that is this issue. Name the other one".to_owned(),
        NoJoin::NoHotfix => format!(
            "there is no hotfix under way of {to}. Where it is one, put the label {} on it, or say {} there",
            code(
                view.policy
                    .trigger
                    .labels
                    .first()
                    .map_or("P0", String::as_str)
            ),
            code("/hotfix start")
        ),
        NoJoin::GoesAlong { with } => format!(
            "{to} goes along with {0} itself. To go along with that one: {1}",
            issue(*with, view),
            code(&format!("/hotfix join #{with}"))
        ),
        NoJoin::Decided { tag } => format!(
            "the release of {} by {to} is decided, so what it holds is fixed. A hotfix of its own follows from {}",
            escape(tag),
            escape(tag)
        ),
        NoJoin::HasGuests => format!(
            "others go along with this one. Say {} on {to} instead",
            code(&format!("/hotfix join #{}", view.facts.number))
        ),
        NoJoin::Unreadable => {
            format!("what is known of {to} cannot be read at the moment. Say it again later")
        }
    }
}
