//! What a rollback waits for, in words.

use super::markdown::{and, code};
use super::names;
use super::phrases::stuck;
use super::rollback::withdrawals;
use super::stopped::stopped;
use super::words::{Words, only, with};
use crate::domain::effect::Slot;
use crate::domain::need::YankBy;
use crate::domain::objects::Run;
use crate::domain::obstacle::Obstacle;
use crate::domain::view::View;

/// The decision.
pub(super) fn confirm(token: &str, view: &View<'_>) -> Words {
    with(
        format!(
            "a decision whether {} is taken back, as it is shown below",
            code(&names::tag_or_hotfix(view))
        ),
        "",
        format!("/hotfix rollback {token}"),
    )
}

/// Runs that are not over.
pub(super) fn still_runs(runs: &[Run]) -> Words {
    let all: Vec<_> = runs.iter().map(names::run).collect();
    let commands: Vec<_> = runs
        .iter()
        .map(|run| code(&format!("gh run cancel {}", run.id)))
        .collect();
    only(format!(
        "the end of {}, which may still publish. To cut it short: {}",
        and(&all),
        and(&commands)
    ))
}

/// A version that an owner takes back.
pub(super) fn yank(packages: &[(String, String)], by: &YankBy, view: &View<'_>) -> Words {
    let commands = withdrawals(packages, view);
    let commands: Vec<_> = commands.iter().map(names::way).collect();
    let why = match by {
        YankBy::Person => String::new(),
        YankBy::Stopped { file, why } => format!(
            " (the workflow that {} names cannot be started; that would take {})",
            code("rollback.yank"),
            stopped(file, why, view)
        ),
        YankBy::Failed { run } => format!(" ({} failed)", names::run(run)),
        YankBy::Passed { run } => format!(
            " ({} passed, and the version is there all the same)",
            names::run(run)
        ),
    };
    only(format!(
        "a yank by an owner: {}{why}. I watch {} and go on by myself",
        and(&commands),
        names::registries(view)
    ))
}

/// A yank that the registry refused the server.
pub(super) fn refused(package: &str, obstacle: &Obstacle, view: &View<'_>) -> Words {
    let parts = view.line.seen.parts.get().into_iter().flatten();
    let left = parts.filter(|part| part.there && !part.yanked);
    let left: Vec<_> = left
        .map(|part| (part.package.clone(), part.version.clone()))
        .collect();
    let commands = withdrawals(&left, view);
    let commands: Vec<_> = commands.iter().map(names::way).collect();
    let why = stuck(&Slot::Yank(package.to_owned()), obstacle, view);
    with(
        format!("a yank by an owner: {}, for {why}", and(&commands)),
        "To let the server try again",
        "/hotfix retry",
    )
}
