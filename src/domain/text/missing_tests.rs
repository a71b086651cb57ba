//! What to do where no run tests the head.

use super::acts::{acts, every};
use super::markdown::{code, person};
use super::names;
use super::phrases::at;
use super::words::{Words, only, with};
use crate::domain::available::tests_asked;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{CheckFrom, NoDryRun, RequiredBy};
use crate::domain::objects::{CheckState, Confirms};
use crate::domain::sees::confirms;
use crate::domain::view::View;
use crate::domain::workflow_file::Act;

/// A run that nothing starts on the branch.
pub(super) fn not_started(file: &str, by_paths: bool, view: &View<'_>) -> Words {
    let tick = names::tick_with_words(Item::CriticalPath, view);
    if by_paths {
        return with(
            format!(
                "a run of {} on the head: its {} leave out what the last commit changes, and it cannot be dispatched there. Run the critical-path tests yourself",
                code(file),
                code("paths")
            ),
            "Then give your word",
            tick,
        );
    }
    let branch = names::branch(view).unwrap_or_else(|| "the hotfix branch".to_owned());
    with(
        format!(
            "a run of {} on the head: its {} leaves out {}, and it cannot be dispatched there. Run the critical-path tests yourself and say {}",
            code(file),
            code("on.push"),
            code(&branch),
            code(&tick)
        ),
        "Or let the bot add the branch to its triggers, in a commit of its own",
        "/hotfix test enable",
    )
}

/// A run that the bot does not start, because of what it could do.
pub(super) fn not_harmless(file: &str, harm: &[(String, Act)], view: &View<'_>) -> Words {
    let missing = format!(
        "a run of {} on the head: nothing starts it there by itself, and nobody starts it unseen, for it could reach outside ({}). Run the critical-path tests yourself and say {}",
        code(file),
        acts(harm),
        code(&names::tick_with_words(Item::CriticalPath, view))
    );
    match tests_asked(None, Some(file), view) {
        Ok(_) => with(
            missing,
            "Or a commander starts it on that commit all the same",
            format!("/hotfix test run={file}"),
        ),
        Err(_) => only(missing),
    }
}

/// Publishing cannot be tried out as it is configured.
pub(super) fn no_dry_run(file: &str, why: &NoDryRun) -> Words {
    let because = match why {
        NoDryRun::Failed(run) => {
            return with(
                format!(
                    "a trial of the release that passes: {} did not. To release without one, a maintainer says {}",
                    names::run(run),
                    code("/hotfix override release.dry_run reason=…")
                ),
                "When the cause is mended",
                "/hotfix retry",
            );
        }
        NoDryRun::NotThere => "the head does not have it".to_owned(),
        NoDryRun::NoDispatch => format!("it has no {}", code("workflow_dispatch")),
        NoDryRun::NotOnMain => {
            "the default branch does not have it, and GitHub looks there".to_owned()
        }
        NoDryRun::Inputs(missing) => format!(
            "it wants inputs that nobody can guess ({})",
            names::some_files(missing)
        ),
        NoDryRun::Harm(harm) => format!(
            "it has no input such as {}, and could reach outside ({})",
            code("dry_run"),
            acts(harm)
        ),
    };
    with(
        format!(
            "a trial of the release: {} names {}, and {because}",
            code("release.dry_run"),
            code(file)
        ),
        "To release without one, a maintainer says",
        "/hotfix override release.dry_run reason=…",
    )
}

/// No workflow tests the head, and why those that are there do not.
pub(super) fn no_tests(view: &View<'_>) -> Words {
    let mut why = Vec::new();
    if !view.left_out_workflows.is_empty() {
        let files = names::files(&view.left_out_workflows);
        why.push(format!("its changed paths do not start {files}"));
    }
    why.extend(view.harmful_workflows.iter().map(|(file, harm)| {
        format!(
            "{} runs for pushes alone and could reach outside ({}), so it is no test unless {} names it",
            code(file),
            acts(harm),
            code("test.workflows")
        )
    }));
    let why = match why.as_slice() {
        [] => String::new(),
        why => format!(": {}", why.join("; ")),
    };
    with(
        format!(
            "no workflow tests the head{why}. {}",
            match of_others(view) {
                others if others.is_empty() => {
                    "Run the critical-path tests on it yourself".to_owned()
                }
                others => format!("{others}run the critical-path tests on it yourself"),
            }
        ),
        "Then give your word",
        names::tick_with_words(Item::CriticalPath, view),
    )
}

/// The checks of other systems that the base's commit passed, and the line that
/// asks for them on the head; empty: there are none.
fn of_others(view: &View<'_>) -> String {
    let base = view.line.seen.base.get();
    let names = base.map_or(&[][..], |base| base.other_checks.as_slice());
    if names.is_empty() {
        return String::new();
    }
    let list: toml_edit::Array = names.iter().map(String::as_str).collect();
    format!(
        "Another system than GitHub Actions does: the base's commit passed its checks. To ask them of the head, the configuration says {} ({}); then {}. Or ",
        code(&format!("test.checks = {list}")),
        code(".github/hotfix.toml"),
        code("/hotfix adopt")
    )
}

/// A run that somebody asked for, and that could reach outside.
pub(super) fn unconfirmed(
    file: &str,
    head: &Sha,
    login: &str,
    harm: &[(String, Act)],
    view: &View<'_>,
) -> Words {
    let line = format!(
        "a second word for {} on {}, which {} wants to start and nobody decided on: it could reach outside ({})",
        code(file),
        at(head),
        person(login),
        every(harm),
    );
    match confirms(view) {
        Some(Confirms::Run { .. }) => with(line, "To start it all the same", "/hotfix confirm"),
        _ => only(format!(
            "{line}. What else waits for a `confirm` comes first"
        )),
    }
}

/// A check that has not passed on the head.
pub(super) fn missing_check(
    name: &str,
    head: &Sha,
    state: Option<CheckState>,
    by: &RequiredBy,
    view: &View<'_>,
) -> Words {
    let stands = match state {
        Some(CheckState::Failed) => "it failed",
        Some(CheckState::Idle) => "it ended and says nothing",
        Some(CheckState::Pending | CheckState::Passed) => "it is under way",
        None => "there is none of that name yet",
    };
    let (whose, from) = match by {
        RequiredBy::Configuration => ("the configuration requires".to_owned(), String::new()),
        RequiredBy::Rules { app, from } => {
            let rules = format!("the rules of {} require", code(names::main_branch(view)));
            let from = match (state, from) {
                (None, from) => format!(" ({})", check_from(*app, from)),
                _ => String::new(),
            };
            (rules, from)
        }
    };
    let merge = match by {
        RequiredBy::Configuration => "",
        RequiredBy::Rules { .. } => ". GitHub does not merge without it",
    };
    with(
        format!(
            "the check {} on {}, which {whose}: {stands}{from}{merge}",
            code(name),
            at(head),
        ),
        "To pass it, a maintainer says",
        format!("/hotfix override {} reason=…", by.gate()),
    )
}

/// What would leave a check of the rules on a commit: a workflow's job, an App,
/// or a status.
pub(super) fn check_from(app: Option<u64>, from: &CheckFrom) -> String {
    match from {
        CheckFrom::Job(file) => format!("a job of {}, which is not among the tests", code(file)),
        CheckFrom::App => match app {
            Some(app) => format!("from the App with the number {app} and nobody else"),
            None => "from an App".to_owned(),
        },
        CheckFrom::Elsewhere => {
            "no workflow has a job of that name: from an App, or a status".to_owned()
        }
        CheckFrom::Nothing => {
            "it can never come: the rules want it from GitHub Actions, and no workflow has a job of that name".to_owned()
        }
    }
}
