//! What the status comment shows of what people decide on, and whether a word
//! still stands on what its author saw of it.

use super::command::{Command, Stake, Verb};
use super::ids::{Millis, Sha, fingerprint};
use super::item::Item;
use super::need::{Need, NeedKind};
use super::objects::{Confirms, Shown};
use super::refused::Refused;
use super::view::View;

/// What the status comment of this view shows.
pub fn shown(view: &View<'_>) -> Shown {
    let answers = serde_json::to_string(&view.facts.answers).unwrap_or_default();
    Shown {
        head: view.head().cloned(),
        answers: fingerprint(&answers),
        confirms: confirms(view),
        preview: view.preview.as_ref().map(|it| it.fingerprint.clone()),
        hold: view.facts.hold.as_ref().map(|hold| hold.fingerprint()),
        lasting: None,
    }
}

/// What waits for a `confirm`; the start first, and a run last.
pub fn confirms(view: &View<'_>) -> Option<Confirms> {
    let of = |need: &Need| match &need.kind {
        NeedKind::ConfirmStart { .. } => Some(Confirms::Start),
        NeedKind::ConfirmSeverity { .. } | NeedKind::NotHotfix { .. } => Some(Confirms::Severity),
        NeedKind::ConfirmRun { file, head, .. } => Some(Confirms::Run {
            file: file.clone(),
            head: head.clone(),
        }),
        _ => None,
    };
    let mut run = None;
    for waits in view.needs.iter().filter_map(of) {
        match waits {
            Confirms::Run { .. } => run = run.or(Some(waits)),
            waits => return Some(waits),
        }
    }
    run
}

/// Whether what a command stands on is what its author saw when they wrote it.
///
/// # Errors
/// What is another now.
pub fn stands(command: &Command, written: Option<Millis>, view: &View<'_>) -> Result<(), Refused> {
    let saw = view.facts.shown(written);
    let now = shown(view);
    match command.stake() {
        Stake::Nothing => Ok(()),
        Stake::Head | Stake::Item => head(command, saw, view),
        Stake::Answers => {
            let same = |it: &Shown| it.confirms == now.confirms && it.answers == now.answers;
            saw.filter(|it| same(it))
                .map(|_| ())
                .ok_or(Refused::OtherAnswers)
        }
        Stake::Preview => {
            let same = saw.is_some_and(|it| it.preview.is_some() && it.preview == now.preview);
            match view.head() {
                Some(head) if !same => Err(Refused::OtherPreview { head: head.clone() }),
                _ => Ok(()),
            }
        }
        Stake::Hold => match &view.facts.hold {
            None => Ok(()),
            Some(hold) => {
                // By a comment that came before, whatever was shown.
                let before = hold.written.zip(written).is_some_and(|(it, at)| it <= at);
                let shown = saw.is_some_and(|it| it.hold == now.hold);
                let login = || hold.by.login.clone();
                (before || shown)
                    .then_some(())
                    .ok_or_else(|| Refused::HeldMeanwhile { login: login() })
            }
        },
    }
}

/// A word about the head: the one that it names, else the one that was shown.
fn head(command: &Command, saw: Option<&Shown>, view: &View<'_>) -> Result<(), Refused> {
    named(command, view)?;
    let Some(head) = view.head() else {
        return Ok(());
    };
    let (item, by_name) = match command {
        Command::Check { item, .. } | Command::Uncheck { item, .. } => (Some(*item), true),
        _ => (None, false),
    };
    let shown = saw.and_then(|it| it.head.as_ref());
    // What can be said in no other way is not refused where nothing could be
    // shown: no status comment is why it is said, perhaps.
    let unseen = saw.is_none() && !by_name;
    if command.commit().is_some() || shown == Some(head) || unseen {
        return Ok(());
    }
    Err(not_the_head(
        command.verb(),
        item,
        head,
        None,
        shown.is_some(),
    ))
}

/// Whether the commit that a tick names, if it names one, is the head.
///
/// # Errors
/// It is not.
pub fn named(command: &Command, view: &View<'_>) -> Result<(), Refused> {
    let (Command::Check { item, commit, .. } | Command::Uncheck { item, commit, .. }) = command
    else {
        return Ok(());
    };
    match (commit, view.head()) {
        (Some(commit), Some(head)) if !head.has_prefix(commit) => {
            let asked = Some(commit.clone());
            Err(not_the_head(command.verb(), Some(*item), head, asked, true))
        }
        _ => Ok(()),
    }
}

fn not_the_head(
    verb: Verb,
    item: Option<Item>,
    head: &Sha,
    asked: Option<String>,
    shown: bool,
) -> Refused {
    Refused::NotTheHead {
        verb,
        item,
        head: head.clone(),
        asked,
        shown,
    }
}
