//! The change of a release that was taken back, out of the default branch.

use super::block;
use super::markdown::{and, capital, code, count};
use super::names;
use super::phrases::stuck;
use super::sealed::sealed;
use super::taken::is_taken;
use crate::domain::effect::Slot;
use crate::domain::facts::{Brought, Failed, Reverted};
use crate::domain::ids::Sha;
use crate::domain::objects::MergeMethod;
use crate::domain::outside::Outside;
use crate::domain::procedure::rollback::{brought, revert_branch};
use crate::domain::view::View;

/// How the change is taken out of the default branch.
pub(super) fn revert(view: &View<'_>) -> Option<String> {
    let main = code(names::main_branch(view));
    let done = view
        .line
        .rollback
        .as_deref()?
        .revert
        .as_ref()
        .map(|it| it.done.as_ref());
    let by_hand = || Some(block::shell(&revert_commands(view)?));
    Some(match done {
        None => format!(
            "{main} holds the failed change. Where it must not stay there, a pull request takes it out, version and changelog included: {} has me open it. By hand:\n\n{}",
            code("/hotfix revert"),
            by_hand()?
        ),
        Some(None) => format!("A pull request that takes the change out of {main} is being made."),
        Some(Some(Reverted {
            pull: Some(pull), ..
        })) => format!(
            "{} takes the change out of {main} again, version and changelog included. A person merges it.",
            names::pull(view, *pull)
        ),
        Some(Some(Reverted { files, why, .. })) if files.is_empty() => match why {
            None => {
                format!("{main} has nothing of the change any more: there is nothing to take out.")
            }
            Some(why) => format!(
                "{}. By hand:\n\n{}",
                capital(&stuck(&Slot::Revert, why, view)),
                by_hand()?
            ),
        },
        Some(Some(Reverted { files, .. })) => format!(
            "I could not take the change out of {main}: {} changed there since. By hand:\n\n{}",
            and(&changed(files)),
            by_hand()?
        ),
    })
}

/// So many files are named.
const FILES: usize = 6;

/// Files that changed since, each with the reason.
fn changed(files: &[(String, Outside)]) -> Vec<String> {
    let named = files.iter().take(FILES);
    let mut words: Vec<_> = named
        .map(|(path, why)| format!("{} ({})", code(path), why.markdown()))
        .collect();
    let rest = files.len().saturating_sub(FILES);
    if rest > 0 {
        words.push(count(rest as u64, "further file"));
    }
    words
}

/// The commands for that; none where a pull request does it.
pub(super) fn revert_commands(view: &View<'_>) -> Option<Vec<String>> {
    let brought = on_main(view)?;
    let done = view
        .line
        .rollback
        .as_deref()
        .and_then(|it| it.revert.as_ref()?.done.as_ref());
    if done.is_some_and(|it| it.pull.is_some()) {
        return None;
    }
    Some(by_hand(&names::tag_or_hotfix(view), &brought, view))
}

/// The commands that take out what came to the default branch as `brought`.
fn by_hand(tag: &str, brought: &Brought, view: &View<'_>) -> Vec<String> {
    let word = |text: &str| Outside::from(text).shell();
    let main = word(names::main_branch(view));
    let branch = word(&revert_branch(tag));
    let commit = &brought.commit;
    let what = match (brought.method, brought.commits) {
        (MergeMethod::Merge, _) => format!("-m 1 {commit}"),
        (MergeMethod::Rebase, commits) if commits > 1 => format!("{commit}~{commits}..{commit}"),
        (MergeMethod::Squash | MergeMethod::Rebase, _) => commit.to_string(),
    };
    vec![
        format!("git fetch origin && git switch --no-track -c {branch} origin/{main}"),
        format!("git revert --no-edit {what}"),
        format!("git push -u origin {branch}"),
        format!("gh pr create --base {main} --head {branch} --fill"),
    ]
}

/// What becomes of the failed hotfix's change on the default branch, as the next one of
/// its issue tells it; none where it is not there.
pub(super) fn failed_on_main(failed: &Failed, view: &View<'_>) -> Option<String> {
    let brought = failed.brought.as_ref()?;
    let main = code(names::main_branch(view));
    let commands = || code(&by_hand(&failed.tag, brought, view).join(" && "));
    let done = failed.revert.as_ref().map(|it| it.done.as_ref());
    Some(match done {
        None => {
            let commit = names::commit(view, &brought.commit);
            let offer = match is_taken("/hotfix revert", view) {
                true => format!(
                    ": {} has me open a pull request that takes it out",
                    code("/hotfix revert")
                ),
                false => String::new(),
            };
            format!("{main} holds its change ({commit}){offer}")
        }
        Some(None) => format!("a pull request that takes its change out of {main} is being made"),
        Some(Some(done)) => match (done.pull, done.files.as_slice(), &done.why) {
            (Some(pull), ..) => {
                let pull = names::pull(view, pull);
                format!("{pull} takes its change out of {main}; a person merges it")
            }
            (None, [], None) => format!("{main} has nothing of its change any more"),
            (None, [], Some(why)) => {
                let why = stuck(&Slot::Revert, why, view);
                format!("{why}. By hand: {}", commands())
            }
            (None, files, _) => format!(
                "its change is still in {main}, where {} changed since. By hand: {}",
                and(&changed(files)),
                commands()
            ),
        },
    })
}

/// The title of the pull request that takes the change out of the default branch.
pub fn revert_title(tag: &str) -> String {
    sealed(&format!("Revert hotfix {tag}"))
}

/// The message of its commit; without trailers.
pub fn revert_message(tag: &str, commit: &Sha, view: &View<'_>) -> String {
    sealed(&format!(
        "{}\n\nThis reverts commit {commit}: the release was taken back.\n\nRefs #{}",
        revert_title(tag),
        view.facts.number
    ))
}

/// How the default branch got the change.
pub(super) fn on_main(view: &View<'_>) -> Option<Brought> {
    brought(&view.case, view.proofs().branched.as_ref()?)
}
