//! What to do where no run tests the head.

use super::acts::acts;
use super::markdown::code;
use super::names;
use super::words::{Words, only, with};
use crate::domain::available::tests_asked;
use crate::domain::item::Item;
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
        format!("no workflow tests the head{why}. Run the critical-path tests on it yourself"),
        "Then give your word",
        names::tick_with_words(Item::CriticalPath, view),
    )
}
