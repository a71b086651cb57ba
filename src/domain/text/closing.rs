//! The closing comment: thanks, how to upgrade, and the table of times.

use super::checklist::{evidence, label};
use super::markdown::{and, code, escape, link, person};
use super::names::marker;
use super::notices::{quoted, stop_reason};
use super::recovery::recovery;
use super::times::{duration, utc_time};
use super::verification::upgrade;
use super::{joined, names, timeline, vulnerability};
use crate::domain::effect::Slot;
use crate::domain::evidence::ItemState;
use crate::domain::objects::CommentKind;
use crate::domain::outside::Outside;
use crate::domain::slot::Place;
use crate::domain::step_name::StepName;
use crate::domain::view::View;

/// The whole comment, its marker first. It is written when the issue is closed
/// and once more, with `last`, when everything is done: then its times are
/// final.
pub fn closing(view: &View<'_>, last: bool) -> String {
    if let Some(joined) = view.facts.joined.as_deref() {
        return joined::closing(joined, view);
    }
    let mut out = format!(
        "{}\n### {}\n",
        marker(CommentKind::Closing, view.facts.case),
        heading(view)
    );
    if let Some(broken) = broken(view) {
        out.push_str(&format!("{broken}\n"));
        return out;
    }
    let mut first = Vec::new();
    let reporter = names::reporter(view);
    if view.policy.announce.thank_reporter && !reporter.is_empty() {
        let own = view.facts.issue.get().is_some_and(|issue| issue.pull);
        let what = if own { "fix" } else { "report" };
        first.push(format!("Thank you, {}, for the {what}.", person(reporter)));
    }
    if let Some(upgrade) = upgrade(view) {
        first.push(format!("To upgrade: {upgrade}"));
    }
    out.push_str(&first.join(" "));
    out.push_str(&format!("\n\n{}\n", timeline::table(view)));
    for line in [
        joined::also(view).map(|also| format!("Also fixed: {also}.")),
        fix_on_line(view),
        fix_on_main(view),
        known_issue(view),
        vulnerability::published(view),
        discussion(view),
        branch(view),
        old_lines(view),
        recovery(view),
        unlabelled(view),
        overridden(view),
        left_out(view),
    ]
    .into_iter()
    .flatten()
    {
        out.push_str(&line);
        out.push('\n');
    }
    if !last {
        out.push_str("The bot goes on with what is left, and edits this comment once more.\n");
    }
    out
}

/// Where somebody says that it is not: what is known, and nothing of thanks.
fn broken(view: &View<'_>) -> Option<String> {
    let broken = view.facts.broken()?;
    let status = view.facts.comments.get(&CommentKind::Status);
    Some(format!(
        "{} says at {} that it does not fix it{}. A maintainer decides what happens: see the {}.",
        person(&broken.by.login),
        utc_time(broken.by.at, view.timeline.started),
        quoted(broken.note.as_ref()),
        link("status comment", status.map_or("", |it| &it.url))
    ))
}

/// "Fixed in [v1.0.5](…) — 2 h 0 min from the label to the verified release".
fn heading(view: &View<'_>) -> String {
    let tag = names::tag_or_hotfix(view);
    let page = names::release_page(view, &tag);
    if view.facts.broken().is_some() {
        return format!("{} is out, and may not fix it", link(&escape(&tag), &page));
    }
    let took = view
        .line
        .proven
        .get(&StepName::Verify)
        .map(|at| at.saturating_sub(view.timeline.started))
        .map_or_else(String::new, |took| {
            format!(" — {} from label to verified release", duration(took))
        });
    format!("Fixed in {}{took}", link(&escape(&tag), &page))
}

/// So many lines are named.
const LINES: usize = 5;

/// What still speaks of the release before, for somebody to change.
fn old_lines(view: &View<'_>) -> Option<String> {
    let all = view
        .line
        .seen
        .old_lines
        .get()
        .filter(|all| !all.lines.is_empty())?;
    let base = view.line.seen.base.get()?;
    let commit = &view.proofs().tagged.as_ref()?.tag.commit;
    let page = names::page(view, &format!("blob/{commit}/{}", all.path));
    let named = all.lines.iter().take(LINES);
    let mut lines: Vec<_> = named
        .map(|line| link(&line.to_string(), &format!("{page}?plain=1#L{line}")))
        .collect();
    if all.lines.len() > LINES {
        lines.push(format!("{} more", all.lines.len() - LINES));
    }
    Some(format!(
        "{} still says {} in {} {}.",
        code(&all.path),
        code(&base.version),
        if all.lines.len() == 1 {
            "line"
        } else {
            "lines"
        },
        and(&lines)
    ))
}

/// Where the release is talked about.
fn discussion(view: &View<'_>) -> Option<String> {
    let url = view.line.discussed.as_ref()?.url.as_ref()?;
    Some(format!("Questions go to its {}.", link("discussion", url)))
}

/// Where the release line has a branch of its own.
fn fix_on_line(view: &View<'_>) -> Option<String> {
    let (line, here) = (&view.line, code(names::line_branch(view)?));
    if let Some(stop) = &line.line_waived {
        let (by, why) = (person(&stop.by.login), stop_reason(&stop.why));
        return Some(format!(
            "{here} does without the fix: waived by {by} (“{why}”)."
        ));
    }
    let pull = line.seen.pull.get().filter(|pull| pull.merged);
    let otherwise = line.seen.on_line.get().and_then(|holds| holds.by.as_ref());
    let (commit, pull) = match pull {
        Some(pull) => (pull.merge_commit.as_ref(), line.pull_number),
        None => (otherwise, None),
    };
    let Some(commit) = commit.filter(|_| view.proofs().lined.is_some()) else {
        return Some(format!("{here} waits for the fix."));
    };
    let pull = pull.map_or_else(String::new, |n| format!(" ({})", names::pull(view, n)));
    Some(format!(
        "Fix on {here}: {}{pull}.",
        names::commit(view, commit)
    ))
}

fn fix_on_main(view: &View<'_>) -> Option<String> {
    let line = &view.line;
    let port = &line.port;
    let main = code(names::main_branch(view));
    let (pull, number) = match (port.number, line.seen.port.get()) {
        (Some(number), Some(pull)) if pull.merged => (Some(pull), Some(number)),
        (Some(number), _) => {
            let why = match &port.waived {
                Some(stop) => format!(
                    "was waived by {} (“{}”)",
                    person(&stop.by.login),
                    stop_reason(&stop.why)
                ),
                None if line.seen.port.get().is_none_or(|pull| pull.open) => "is open".to_owned(),
                None => "was closed".to_owned(),
            };
            return Some(format!(
                "The forward-port to {main}, {}, {why}.",
                names::pull(view, number)
            ));
        }
        // What went to the release line's branch did not come here.
        _ if names::line_branch(view).is_some() => return None,
        _ => (line.seen.pull.get(), line.pull_number),
    };
    let merge = pull?.merge_commit.as_ref()?;
    let pull = number.map_or_else(String::new, |n| format!(" ({})", names::pull(view, n)));
    Some(format!(
        "Fix on {main}: {}{pull}.",
        names::commit(view, merge)
    ))
}

/// "Known-issues entry: known-issues.md (#12)".
fn known_issue(view: &View<'_>) -> Option<String> {
    let known = &view.line.known;
    let pull = view.line.seen.known.get().filter(|pull| pull.merged);
    let number = known.number.filter(|_| pull.is_some())?;
    let path = view.line.seen.base.get()?.known_issues.as_deref()?;
    let page = names::page(view, &format!("blob/{}/{path}", names::main_branch(view)));
    Some(format!(
        "Known-issues entry: {} ({}).",
        link(&code(path), &page),
        names::pull(view, number)
    ))
}

fn branch(view: &View<'_>) -> Option<String> {
    view.line.branch_deleted?;
    let branch = names::branch(view)?;
    let by_hand = format!("git branch -D {}", Outside::from(branch.as_str()).shell());
    Some(format!(
        "Branch {} is deleted; in a clone of your own: {}",
        code(&branch),
        code(&by_hand)
    ))
}

/// The label that could not be put on.
fn unlabelled(view: &View<'_>) -> Option<String> {
    let label = |place: &&Place| place.slot == Slot::Label;
    let f = view.facts;
    f.refused.keys().chain(f.blocked.keys()).find(label)?;
    let label = code(&view.policy.announce.label);
    Some(format!(
        "The label {label} could not be put on: make it, or set {} empty.",
        code("announce.label")
    ))
}

/// The gates that were passed by a commander's word.
fn overridden(view: &View<'_>) -> Option<String> {
    let words = view.preview.iter().flat_map(|preview| &preview.overridden);
    let words: Vec<_> = words
        .map(|word| {
            format!(
                "{} by {} (“{}”)",
                code(word.gate.word()),
                person(&word.login),
                word.reason.shortened(200).markdown()
            )
        })
        .collect();
    (!words.is_empty()).then(|| format!("Overridden: {}.", words.join("; ")))
}

/// The items that did not apply, each with its reason.
fn left_out(view: &View<'_>) -> Option<String> {
    let items: Vec<_> = view
        .checklist
        .iter()
        .filter(|entry| entry.state == ItemState::NotApplicable)
        .map(|entry| {
            let why = evidence(&entry.evidence, view);
            if why.is_empty() {
                label(entry.item, view)
            } else {
                format!("{} ({why})", label(entry.item, view))
            }
        })
        .collect();
    (!items.is_empty()).then(|| format!("Does not apply: {}.", items.join("; ")))
}
