//! Notices, and the reasons of those who stopped a hotfix.

use super::markdown::{code, count, person};
use super::picked::picked;
use super::times::{duration, utc_time};
use crate::domain::facts::{News, Notice};
use crate::domain::ids::Sha;
use crate::domain::need::StopReason;
use crate::domain::objects::{NotesWere, Stale};
use crate::domain::outside::Outside;
use crate::domain::view::View;

/// A notice in words, Markdown.
pub fn notice(notice: &Notice) -> String {
    let at = notice.at;
    match &notice.what {
        News::Away { since } => format!(
            "I was away for {} and have looked at everything again.",
            duration(at - since)
        ),
        News::Joined { issue, login } => {
            format!("{} had #{issue} go along: this release fixes both.", who(login))
        }
        News::WentAway { issue } => format!("#{issue} no longer goes along."),
        News::LeftAlone { issue } => format!(
            "The hotfix of #{issue}, which was to fix this, too, ended without a release. This one goes on by itself."
        ),
        News::StaleLock { entries } => stale_lock(entries),
        News::LabelWithoutEffect { label, login } => format!(
            "{} took {} off. The release is decided, so that changes nothing.",
            who(login),
            code(label)
        ),
        News::LabelAfterDecision { label, login } => format!(
            "{} put {} on. The release was decided before, so that changes nothing here; once this hotfix is over, putting the label on anew begins another.",
            who(login),
            code(label)
        ),
        News::Lapsed { head, login } => format!(
            "The decision of {} for {} lapsed at {}: something changed before the tag. Look at the preview and decide again.",
            person(login),
            code(head.short()),
            utc_time(at, at)
        ),
        News::Lost {
            login,
            was,
            is,
            commits,
        } => lost(login, was, is.as_ref(), commits),
        News::MergedElsewhere { base } => format!(
            "The pull request was merged into {}. That alone does not bring the fix to the default branch: I look for it there, and carry it over if it is missing.",
            code(base)
        ),
        News::TaggedAtHead { merge: Some(merge) } => format!(
            "The merge {} holds something else than what was tested. The tag goes on the tested commit.",
            code(merge.short())
        ),
        News::TaggedAtHead { merge: None } => "The pull request could not be merged first. The tag goes on the tested commit, and the fix comes to the default branch after it.".to_owned(),
        News::Picked { commits, login } => picked(commits, login),
        News::Reopened => "A keyword in a merged commit closed the issue before the release was out. I opened it again, and close it when users have the fix.".to_owned(),
        News::Renumbered { login, from, to } => format!(
            "{} chose {} in place of {}. The branch keeps its name.",
            who(login),
            code(to),
            code(from)
        ),
        News::Adopted { login } => format!(
            "{} had the configuration read again; what it says now counts from here on.",
            who(login)
        ),
        News::NotRolledBack { login } => format!(
            "{} asked what a rollback would do, and nobody decided it within an hour: nothing was taken back.",
            who(login)
        ),
        News::NotesAgain { login, was } => format!(
            "{} had the bot's block in the release notes written again{}.",
            who(login),
            were(was.as_ref())
        ),
        News::StillBroken { login, note } => format!(
            "{} says that the release does not fix it{}.",
            who(login),
            quoted(note.as_ref())
        ),
        News::NotBroken { login } => format!(
            "{} took back that the release does not fix it.",
            who(login)
        ),
        News::Earlier { words } => words.markdown(),
    }
}

/// How the block stood there before, as the end of a sentence.
fn were(was: Option<&NotesWere>) -> String {
    match was {
        None => String::new(),
        Some(NotesWere::Missing) => "; it was not there any more".to_owned(),
        Some(NotesWere::Same) => "; it stood there as it should".to_owned(),
        Some(NotesWere::Other { new, gone }) => {
            format!(
                "; it said something else: {} new, {gone} gone",
                count(*new, "line")
            )
        }
    }
}

/// " (“it ends at once”)"; empty without words.
pub(super) fn quoted(note: Option<&Outside>) -> String {
    let note = note.filter(|note| !note.is_blank());
    note.map_or_else(String::new, |note| {
        format!(" (“{}”)", note.shortened(200).markdown())
    })
}

/// As many commits are named.
const NAMED: usize = 5;

/// What is on the branch no more, and how it is kept.
fn lost(login: &str, was: &Sha, is: Option<&Sha>, commits: &[(Sha, Outside)]) -> String {
    let did = match is {
        Some(head) => format!(
            "pushed by force: the branch stands at {}",
            code(head.short())
        ),
        None => "deleted the branch".to_owned(),
    };
    let named = commits.iter().rev().take(NAMED).map(|(sha, subject)| {
        let subject = subject.shortened(80).markdown();
        format!("{} ({subject})", code(sha.short()))
    });
    let more = match commits.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let keep = format!("git push origin {was}:refs/heads/kept-{}", was.short());
    format!(
        "{} {did}. Not on it any more: {}{more}. What was tested and approved there counts no more. Whoever has these commits keeps them by {}.",
        who(login),
        named.collect::<Vec<_>>().join(", "),
        code(&keep)
    )
}

/// The loss that the branch still shows: nothing else was seen of it since.
pub(super) fn lost_now(view: &View<'_>) -> Option<String> {
    if view.line.decision.is_some() {
        return None;
    }
    let head = view
        .line
        .seen
        .branch
        .get()?
        .head
        .as_ref()
        .map(|head| &head.sha);
    let mut all = view.facts.notices.iter().rev();
    let last = all.find(|it| matches!(it.what, News::Lost { .. }))?;
    let News::Lost { is, .. } = &last.what else {
        return None;
    };
    (is.as_ref() == head).then(|| format!("⚠ {}", notice(last)))
}

/// Who did it, at the beginning of a sentence.
fn who(login: &str) -> String {
    match login {
        "" => "Somebody".to_owned(),
        login => person(login),
    }
}

/// Entries of the lock file that the bump corrects.
fn stale_lock(stale: &[Stale]) -> String {
    let all: Vec<_> = stale
        .iter()
        .map(|s| {
            format!(
                "{} ({}, its manifest says {})",
                code(&s.name),
                code(&s.found),
                code(&s.expected)
            )
        })
        .collect();
    format!(
        "The lock file of the base does not match the manifests: {}. The bump corrects it.",
        all.join(", ")
    )
}

/// Why a person stopped it, as a phrase; empty where they gave no reason.
pub fn stop_reason(why: &StopReason) -> String {
    match why {
        StopReason::Said(words) => words.markdown(),
        StopReason::Downgraded { level, reason } => {
            format!("it is {}: {}", level.code(), reason.markdown())
        }
        StopReason::LabelOff(label) => format!("the label {} was taken off", label.code()),
        StopReason::TakenOff => "the App was taken off this repository".to_owned(),
    }
}
