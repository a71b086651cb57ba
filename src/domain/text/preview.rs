//! Exactly what ships, and what does not: before the point of no return, and
//! as a record after it.

use super::at_merge;
use super::contents::contents;
use super::markdown::{and, code, count, escape, fold, link, person};
use super::names;
use super::needs;
use super::pointers;
use super::scope;
use super::times::utc_time;
use super::tried;
use crate::domain::objects::{Ahead, Commit, Run};
use crate::domain::preview::Preview;
use crate::domain::procedure::commits::is_ci_only;
use crate::domain::procedure::target;
use crate::domain::view::View;

/// As many commits are listed in sight; a hotfix has fewer.
const COMMITS: usize = 15;

/// The block of the status comment; none before there is a fix.
pub fn preview(view: &View<'_>) -> Option<String> {
    let preview = view.preview.as_ref()?;
    if view.line.decision.is_some() {
        return Some(fold(
            &format!("What ships: {}", size(preview)),
            &body(view, preview, true),
            false,
        ));
    }
    // What is missing stands above, where it says who can do it.
    let gates = match view.gates.len() {
        0 => "**Open gates:** none".to_owned(),
        n => format!("**Open gates: {n}**, all of them above"),
    };
    Some(format!("{}\n\n{gates}", body(view, preview, false)))
}

/// The answer to `preview`: what ships, and the open gates.
pub(super) fn at_any_time(view: &View<'_>) -> String {
    let what = what(view);
    match &view.preview {
        Some(_) if view.line.decision.is_some() => what,
        Some(preview) => format!("{what}\n\n{}", gates(view, preview)),
        None => {
            let open = gate_lines(view).into_iter().map(|line| format!("- {line}"));
            let open: Vec<_> = open.collect();
            match open.len() {
                0 => what,
                n => format!("{what}\n\n**Open gates: {n}**\n{}", open.join("\n")),
            }
        }
    }
}

/// What ships and what does not, or what is known of it before there is a fix.
pub(super) fn what(view: &View<'_>) -> String {
    if let Some(preview) = &view.preview {
        let body = body(view, preview, view.line.decision.is_some());
        return match view.line.decision.is_some() {
            true => format!("**What ships: {}**\n{body}", size(preview)),
            false => body,
        };
    }
    let mut lines = vec![format!(
        "**Will ship, as {}:** nothing yet, for there is no fix",
        code(&names::tag_or_hotfix(view))
    )];
    lines.extend(beside(view, view.line.seen.main.get()));
    lines.extend(super::shipping::ahead(view));
    lines.push(no_way_back(view, None));
    lines.join("\n")
}

/// The open gates, a line of Markdown each: what is missing, who can mend it,
/// with which command.
fn gate_lines(view: &View<'_>) -> Vec<String> {
    view.gates
        .iter()
        .map(|gate| needs::need(gate, view).item(gate))
        .collect()
}

fn gates(view: &View<'_>, preview: &Preview) -> String {
    if view.gates.is_empty() {
        let command = code(&format!("/hotfix release {}", preview.head.short()));
        return format!("**Open gates:** none. To release exactly this: {command}");
    }
    let lines: Vec<_> = gate_lines(view)
        .into_iter()
        .map(|line| format!("- {line}"))
        .collect();
    format!("**Open gates: {}**\n{}", lines.len(), lines.join("\n"))
}

/// "2 commits, 4 files, +31 −6".
fn size(preview: &Preview) -> String {
    format!(
        "{}, {}, +{} −{}",
        count(preview.commits.len() as u64, "commit"),
        count(preview.files, "file"),
        preview.additions,
        preview.deletions
    )
}

pub(super) fn body(view: &View<'_>, preview: &Preview, decided: bool) -> String {
    let mut lines = Vec::new();
    if !decided {
        lines.push(format!("**Will ship: {}**", size(preview)));
    }
    let commits: Vec<_> = preview.commits.iter().map(|c| commit(view, c)).collect();
    lines.push(
        commits
            .iter()
            .take(COMMITS)
            .cloned()
            .collect::<Vec<_>>()
            .join(" · "),
    );
    let (held, folds) = contents(view, preview);
    lines.extend(held);
    lines.extend(beside(view, preview.left_out.as_ref()));
    lines.push(format!("**Tested:** {}", tested(view, preview)));
    lines.extend(tried::lines(view, preview, decided));
    let approved: Vec<_> = preview
        .approved_by
        .iter()
        .map(|login| person(login))
        .collect();
    lines.push(if let Some(who) = &preview.single_handed {
        format!(
            "**Approved:** single-handed: only {} has write access, and their decision is the approval",
            person(who)
        )
    } else if approved.is_empty() {
        "**Approved:** by nobody yet".to_owned()
    } else {
        format!("**Approved:** {}, of this commit", and(&approved))
    });
    lines.extend(overridden(preview));
    lines.extend(scope_hints(view, preview));
    let tag = names::tag_or_hotfix(view);
    let message = super::messages::tag_message(view, &tag);
    let words = message.lines().next().unwrap_or_default();
    lines.push(format!("**The tag says:** {}", code(words)));
    lines.extend(at_merge::ahead(view));
    lines.extend(pointers::ahead(view, preview));
    if let Some(decision) = &view.line.decision {
        lines.push(format!(
            "**Decided:** {}, {}, for exactly {}",
            person(&decision.by.login),
            utc_time(decision.by.at, view.timeline.started),
            names::commit(view, &decision.head)
        ));
    } else {
        lines.extend(super::shipping::ahead(view));
        lines.push(afterwards(view, preview));
        lines.push(no_way_back(view, Some(preview)));
    }
    let mut text = lines.join("\n");
    if commits.len() > COMMITS {
        let rest: Vec<_> = commits
            .iter()
            .skip(COMMITS)
            .map(|c| format!("- {c}"))
            .collect();
        let summary = format!("{} more commits", rest.len());
        text = format!("{text}\n\n{}", fold(&summary, &rest.join("\n"), false));
    }
    for more in folds {
        text = format!("{text}\n\n{more}");
    }
    text
}

fn commit(view: &View<'_>, commit: &Commit) -> String {
    format!(
        "{} {}{}",
        names::commit(view, &commit.sha),
        commit.subject.shortened(100).markdown(),
        if is_ci_only(commit) { " (CI only)" } else { "" }
    )
}

/// What is on the default branch and stays there.
fn beside(view: &View<'_>, left_out: Option<&Ahead>) -> Option<String> {
    let main = code(names::main_branch(view));
    let ahead = left_out?;
    if ahead.ahead_by == 0 {
        return Some(format!(
            "**Will not ship:** nothing is left out; {main} has no other commits"
        ));
    }
    let base = view
        .line
        .seen
        .base
        .get()
        .map(|base| base.tag.as_str())
        .unwrap_or_default();
    let compare = names::page(
        view,
        &format!("compare/{base}...{}", names::main_branch(view)),
    );
    let line = names::line_branch(view).zip(ahead.on_line.filter(|n| *n > 0));
    let line = line.map_or_else(String::new, |(line, n)| {
        format!("; {} on {}", count(n, "commit"), code(line))
    });
    let features = match ahead.features {
        0 => String::new(),
        n => format!(
            ", {n} of them {}",
            if n == 1 { "a feature" } else { "features" }
        ),
    };
    Some(format!(
        "**Will not ship: {} on {main} since {}**{features}{}{line}",
        count(ahead.ahead_by, "commit"),
        escape(base),
        if compare.is_empty() {
            String::new()
        } else {
            format!(" ({})", link("compare", &compare))
        }
    ))
}

fn tested(view: &View<'_>, preview: &Preview) -> String {
    let mut parts: Vec<String> = preview.tested.iter().map(|run| passed(view, run)).collect();
    for name in &preview.checks {
        parts.push(format!("check {} passed", code(name)));
    }
    if let Some(word) = &preview.tested_by_word {
        let who = person(word);
        let stands_for = tried::in_place_of(view, preview);
        parts.push(match (stands_for.is_empty(), preview.tested.is_empty()) {
            (false, _) => format!(
                "**by the word of {who} alone**, in place of {}",
                and(&stands_for)
            ),
            (true, true) => format!("**by the word of {who} alone**, no run"),
            (true, false) => format!("and by the word of {who}"),
        });
    }
    if parts.is_empty() {
        parts.push("no run has passed on this commit yet".to_owned());
    }
    parts.push(match &preview.manual {
        Some(who) => format!("manual test by {}", person(who)),
        None if view.policy.test.manual => "no manual test yet".to_owned(),
        None => "a manual test is not asked for".to_owned(),
    });
    format!(
        "this commit, {} — {}",
        names::commit(view, &preview.head),
        parts.join("; ")
    )
}

/// The gates that were passed by a commander's word, each with its reason.
fn overridden(preview: &Preview) -> Option<String> {
    let words: Vec<_> = preview
        .overridden
        .iter()
        .map(|word| {
            format!(
                "{} by {} (“{}”)",
                code(word.gate.word()),
                person(&word.login),
                word.reason.shortened(200).markdown()
            )
        })
        .collect();
    (!words.is_empty()).then(|| format!("**Overridden:** {}", words.join("; ")))
}

/// What is worth a word about the fix's size and form, and holds nothing up.
fn scope_hints(view: &View<'_>, preview: &Preview) -> Vec<String> {
    let mut lines = Vec::new();
    if !preview.beyond.is_empty() {
        let beyond = scope::beyond(&preview.beyond, view);
        lines.push(format!("**More than a hotfix should be:** {beyond}"));
    }
    let others = preview.called_otherwise.iter().take(COMMITS);
    let others: Vec<String> = others.map(|it| names::commit(view, it)).collect();
    if !others.is_empty() {
        let (begin, prefix) = (
            if others.len() == 1 { "begins" } else { "begin" },
            code(&view.policy.scope.commit_prefix),
        );
        let others = and(&others);
        lines.push(format!(
            "**Only a hint:** {others} {begin} otherwise than with {prefix}"
        ));
    }
    if let Some(label) = &preview.no_bug {
        lines.push(format!(
            "**Only a hint:** the issue is labelled {}; what is no bug waits for the next release",
            code(label)
        ));
    }
    let others = preview.other_issues.iter().take(COMMITS);
    let others: Vec<String> = others
        .map(|(commit, issue)| {
            let page = names::page(view, &format!("issues/{issue}"));
            let issue = link(&escape(&format!("#{issue}")), &page);
            format!("{issue} by {}", names::commit(view, commit))
        })
        .collect();
    if !others.is_empty() {
        lines.push(format!(
            "**Only a hint:** the fix says that it closes other issues, too: {}. A hotfix fixes one bug",
            and(&others)
        ));
    }
    lines
}

fn passed(view: &View<'_>, run: &Run) -> String {
    format!(
        "{} passed {}",
        names::run(run),
        utc_time(run.updated_at, view.timeline.started)
    )
}

fn afterwards(view: &View<'_>, preview: &Preview) -> String {
    let main = code(names::main_branch(view));
    let pull = view
        .line
        .pull_number
        .map_or_else(|| "the pull request".to_owned(), |n| names::pull(view, n));
    if let Some(line) = names::line_branch(view) {
        let line = code(line);
        let merges = match preview.merges {
            Some(true) => format!("{pull} merges cleanly into {line}"),
            Some(false) => format!(
                "{pull} conflicts with {line}, which somebody must mend by hand; the tag does not wait for that"
            ),
            None => format!("not known yet whether {pull} merges cleanly into {line}"),
        };
        let required = view.policy.merge.require_forward_port;
        let port = match (required, target::carried_by(&view.case)) {
            (true, Some(newer)) => format!(
                "{main} gets the fix by the hotfix of {}",
                code(&newer.to_string())
            ),
            (true, None) => super::port::conflict_ahead(view, &pull),
            (false, _) => format!("{main} does without the fix, as the configuration says"),
        };
        return format!(
            "**Afterwards, on {}:** {merges}; {port}",
            names::branches(view)
        );
    }
    let says = match preview.merges {
        Some(true) => format!("{pull} merges cleanly into {main}"),
        Some(false) => super::port::conflict_ahead(view, &pull),
        None => format!("not known yet whether {pull} merges cleanly into {main}"),
    };
    // What conflicts is carried over after the tag.
    let first = preview.merges != Some(false) && at_merge::is_merged_first(view);
    match first {
        true => format!("**Before the tag:** {says}"),
        false => format!("**Afterwards:** {says}"),
    }
}

fn no_way_back(view: &View<'_>, preview: Option<&Preview>) -> String {
    let version = view.line.version.as_deref().unwrap_or("this version");
    let registry = if names::on_registry(view) {
        let lets = names::registries_do(view, "never lets", "never let");
        format!("{lets} {} be used again. ", escape(version))
    } else {
        "the tag starts the release workflows. ".to_owned()
    };
    let tried = match preview.and_then(|it| it.dry_run.as_ref()) {
        Some(run) => format!(
            "Publishing was tried out on this commit: {}.",
            passed(view, run)
        ),
        None => "Publishing was not rehearsed.".to_owned(),
    };
    format!("**No way back:** {registry}{tried}")
}
