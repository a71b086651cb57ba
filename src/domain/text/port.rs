//! The forward-port: its commit, its pull request, and what the status comment
//! says of it. None of the texts holds a word that closes the issue.

use super::markdown::{and, code, count, escape};
use super::names;
use super::sealed::sealed;
use crate::domain::facts::SidePull;
use crate::domain::objects::Carried;
use crate::domain::procedure::commits;
use crate::domain::view::View;

/// As many files are named in a line.
const FILES: usize = 8;

/// The title of pull request and commit; plain text.
pub fn port_title(view: &View<'_>) -> String {
    let summary = names::summary(view).shortened(70).title();
    sealed(&format!(
        "Forward-port {}: {summary}",
        names::tag_or_hotfix(view)
    ))
}

/// The commit's message, without trailers; plain text.
pub fn port_message(view: &View<'_>) -> String {
    let commits = view.preview.as_ref().map(|preview| &preview.commits);
    let secret = names::is_secret(view);
    let lines: Vec<String> = commits
        .into_iter()
        .flatten()
        .filter(|commit| commit.effect.is_none())
        .map(|commit| match secret {
            true => format!("- {}", commit.sha.short()),
            false => format!("- {} {}", commit.sha.short(), commit.subject.title()),
        })
        .collect();
    sealed(&format!(
        "{}\n\nThe change of the hotfix branch on top of {}:\n\n{}\n\nRefs #{}",
        port_title(view),
        names::main_branch(view),
        lines.join("\n"),
        view.facts.number
    ))
}

/// The body of the pull request, Markdown. It is written once.
pub fn port_body(view: &View<'_>) -> String {
    let tag = names::tag_or_hotfix(view);
    let main = code(names::main_branch(view));
    let line = &view.line;
    let first = line
        .pull_number
        .map_or_else(|| "The hotfix branch".to_owned(), |n| names::pull(view, n));
    let merged = line.seen.pull.get().is_some_and(|pull| pull.merged);
    let why = match merged {
        _ if names::line_branch(view).is_some() => format!(
            "{first} brings the fix to {}, the branch of its release line, and {main} needs it as well",
            code(names::target_branch(view))
        ),
        true => format!("{first} was merged, and {main} does not hold its change"),
        false => format!("{first} conflicts with {main}"),
    };
    let mut out = format!(
        "{why}, so this carries the same change over: {tag}, for “{summary}”.\n\nRefs #{number}\n\n",
        tag = escape(&tag),
        summary = names::summary(view).markdown(),
        number = view.facts.number,
    );
    let fixes = line
        .seen
        .branch
        .get()
        .and_then(|branch| branch.head.as_ref())
        .map(|head| commits::fix(line, &head.commits).len())
        .unwrap_or_default();
    if fixes > 0 {
        out.push_str(&format!(
            "- {} of the fix, as one on top of {main}\n",
            count(fixes as u64, "commit")
        ));
    }
    if let Some(carried) = &line.port.carried {
        if !carried.by_rule.is_empty() {
            out.push_str(&format!(
                "- resolved by rule: {}. The version stays at the higher one, the lock file follows it, the changelog's section goes in its place\n",
                files(carried.by_rule.iter())
            ));
        }
        out.push_str(&by_hand(carried));
    }
    out.push_str(&format!(
        "\nWhere it stands, and what is needed now: {}. Commands work here too.\n",
        names::issue(view)
    ));
    out
}

fn by_hand(carried: &Carried) -> String {
    if carried.by_hand.is_empty() {
        return "- nothing else conflicts; nobody has to review this again: the bot merges it when its runs are through, unless a rule of the branch asks for a review\n".into();
    }
    let mut out = String::from(
        "\n**These files need a person.** Resolve them on this branch, take the pull request out of draft, and the bot merges it when its runs are through. Who resolves them vouches for them; a second look by whoever approved the fix does no harm:\n\n",
    );
    for (path, why) in &carried.by_hand {
        out.push_str(&format!("- {}: {}\n", code(path), why.markdown()));
    }
    out
}

/// The line above the body of the pull request that another one replaces.
pub fn replaced_by(instead: u64) -> String {
    format!("**Closed without merging: the same change comes by #{instead}.**")
}

/// The merge commit's title; plain text.
pub fn port_merge_title(view: &View<'_>) -> String {
    let number = view.line.port.number;
    let number = number.map_or_else(String::new, |n| format!(" (#{n})"));
    sealed(&format!("{}{number}", port_title(view)))
}

/// The merge commit's message; plain text.
pub fn port_merge_message(view: &View<'_>) -> String {
    sealed(&format!(
        "The change of {}, which did not come to {} as it was.\n\nRefs #{}",
        names::tag_or_hotfix(view),
        names::main_branch(view),
        view.facts.number
    ))
}

/// What follows the tag where the default branch gets the change by a pull
/// request of its own, for the preview.
pub fn conflict_ahead(view: &View<'_>, pull: &str) -> String {
    let main = code(names::main_branch(view));
    let says = match view.line.seen.trial.get() {
        Some(trial) if trial.by_hand.is_empty() && trial.by_rule.is_empty() => {
            "the bot carries the same change over by a second one".to_owned()
        }
        Some(trial) if trial.by_hand.is_empty() => format!(
            "only {} conflict, and the bot resolves them by rule in a second one",
            files(trial.by_rule.iter())
        ),
        Some(trial) => format!(
            "a second one will wait for a person to resolve {}",
            files(trial.by_hand.iter().map(|(path, _)| path))
        ),
        None => "the bot opens a second one that carries the same change over".to_owned(),
    };
    match names::line_branch(view) {
        Some(_) => format!("for {main}, {says}"),
        None => format!("{pull} conflicts with {main}, and the tag does not wait for that: {says}"),
    }
}

/// Where the forward-port stands: a line for the status comment's table.
pub fn port_row(view: &View<'_>) -> Option<String> {
    let port = &view.line.port;
    let number = port.number?;
    let pull = names::pull(view, number);
    let stands = match view.line.seen.port.get() {
        _ if port.waived.is_some() => "waived",
        Some(pull) if pull.merged => "merged",
        Some(pull) if !pull.open => "closed",
        Some(pull) if pull.draft => "open, a draft",
        _ => "open",
    };
    Some(format!("{pull}, {stands}{}", resolved(port)))
}

fn resolved(port: &SidePull) -> String {
    let carried = port.carried.as_ref();
    match carried.filter(|carried| !carried.by_rule.is_empty()) {
        Some(carried) => format!("; resolved by rule: {}", files(carried.by_rule.iter())),
        None => String::new(),
    }
}

/// Some files' names; of many the first ones.
pub(super) fn files<'a>(paths: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = paths.len().saturating_sub(FILES);
    let mut named: Vec<String> = paths.take(FILES).map(|path| code(path)).collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    and(&named)
}
