//! What is waited for after the tag, in words: its workflows, and what users find.

use super::markdown::{code, count, escape, link, person};
use super::names;
use super::phrases::{at, time};
use super::taken::is_taken;
use super::words::{Words, only, with};
use crate::domain::ids::Sha;
use crate::domain::need::Start;
use crate::domain::objects::Run;
use crate::domain::view::View;

/// A run is under way.
pub(super) fn run_pending(run: &Run, view: &View<'_>) -> Words {
    only(format!(
        "{} is under way on {}, since {}",
        names::run(run),
        code(run.sha.short()),
        time(run.started_at, view)
    ))
}

/// A run ended without doing anything.
pub(super) fn run_skipped(run: &Run, conditions: &[String]) -> Words {
    with(
        format!(
            "{} was skipped: none of its jobs had anything to do{}",
            names::run(run),
            if_they(conditions)
        ),
        "When the cause is mended, or to start it once more",
        "/hotfix retry",
    )
}

/// A run waits for an environment's approval.
pub(super) fn run_waiting(run: &Run) -> Words {
    only(format!(
        "{} waits for the approval of its environment; it is given on the run's page",
        names::run(run)
    ))
}

/// The tag is not what was tested.
pub(super) fn tag_wrong(tag: &str, commit: &Sha, view: &View<'_>) -> Words {
    only(format!(
        "a decision: the tag {} stands on {}, which is not the tested commit{}. Nothing goes on until it is mended by hand",
        code(tag),
        names::commit(view, commit),
        names::head(view).map_or_else(String::new, |head| format!(" {}", at(head)))
    ))
}

/// A release workflow has no run for the tag yet, or not within its time.
pub(super) fn release_run_missing(file: &str, start: &Start, late: bool, view: &View<'_>) -> Words {
    if late {
        return only(format!(
            "{} has not started for {}, and it should have by now. Look whether Actions are switched off, whether the workflow is disabled, and whether its triggers take the tag; start it by hand at the tag, or publish by hand. A tag is never moved: if nothing helps, the next version is needed",
            code(file),
            code(&names::tag_or_hotfix(view)),
        ));
    }
    only(format!(
            "{} has not started for {} yet{}",
            code(file),
            code(&names::tag_or_hotfix(view)),
            match start {
                Start::Tag | Start::Created => String::new(),
                Start::Hand => ": start it by hand, at the tag".to_owned(),
                Start::Bot => ": the bot starts it".to_owned(),
                Start::Release => ". It starts on a published release, and one that a workflow publishes with its own token starts nothing: then start it by hand, at the tag".to_owned(),
                Start::After(_) => format!(" (it starts {})", names::start(start)),
            }
        ))
}

/// Several runs may be the one that follows our release.
pub(super) fn release_run_unclear(file: &str, runs: &[Run], view: &View<'_>) -> Words {
    let runs: Vec<_> = runs.iter().map(names::run).collect();
    only(format!(
        "{} has {} after the release's workflow, and nothing tells which belongs to {}: {}. It goes on when all have passed, or when the release is published",
        code(file),
        count(runs.len() as u64, "run"),
        code(&names::tag_or_hotfix(view)),
        runs.join(", ")
    ))
}

/// The registry does not show the version yet, or as yanked.
pub(super) fn registry(package: &str, version: &str, yanked: bool, view: &View<'_>) -> Words {
    if !yanked {
        return only(format!(
            "{} does not show {} yet",
            names::kind(view).registry(),
            code(&format!("{package} {version}"))
        ));
    }
    only(format!(
        "{} shows {} as yanked. If that is a mistake, an owner undoes it: {}",
        names::kind(view).registry(),
        code(&format!("{package} {version}")),
        code(&names::restore(view, package, version))
    ))
}

/// The GitHub release is not published yet.
pub(super) fn github_release(tag: &str, view: &View<'_>) -> Words {
    only(format!(
        "the GitHub release of {} is not published yet",
        link(&code(tag), &names::page(view, "releases"))
    ))
}

/// Files of the release are missing or incomplete.
pub(super) fn assets(missing: &[String]) -> Words {
    let names: Vec<_> = missing.iter().take(6).map(|name| code(name)).collect();
    let more = missing.len().saturating_sub(6);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    only(format!(
        "the release lacks {}{more}, or they are not uploaded completely",
        names.join(", ")
    ))
}

/// A fresh install is to be tried.
pub(super) fn fresh_install(view: &View<'_>) -> Words {
    with(
        format!("a fresh install: {}", code(&names::install_now(view))),
        "When it works",
        "/hotfix check fresh-install",
    )
}

/// Somebody must say that the bug is gone.
pub(super) fn fix_verified(reporter: &str, view: &View<'_>) -> Words {
    // Each is told the command that is theirs.
    let theirs = "/hotfix confirm-fixed";
    let reporter = if reporter.is_empty() {
        "the reporter".to_owned()
    } else {
        person(reporter)
    };
    let theirs = match is_taken(theirs, view) {
        true => format!("{reporter}: {}", code(theirs)),
        false => format!("{reporter}, once it is out"),
    };
    let version = view.line.version.as_deref();
    let fixed = version.map_or_else(|| "the release".to_owned(), escape);
    with(
        format!("somebody confirms that {fixed} fixes it ({theirs})"),
        "Without the reporter",
        "/hotfix check fix-verified note=…",
    )
}

/// The conditions of jobs that did not run.
pub(super) fn if_they(conditions: &[String]) -> String {
    let all: Vec<_> = conditions.iter().map(|when| code(when)).collect();
    match all.as_slice() {
        [] => String::new(),
        all => format!(" ({} {})", code("if:"), all.join(", ")),
    }
}
