//! What a rollback takes, and what goes with one.

use super::command::Verb;
use super::facts::{Facts, Failed, Rollback};
use super::procedure::Case;
use super::procedure::release::survey;
use super::procedure::rollback::{Back, out, taken_back, token};
use super::refused::{NoRevert, Refused};
use super::view::View;

/// What stands for what there is now to be taken back, once all of it was looked
/// at since somebody asked.
pub fn token_now(view: &View<'_>) -> Option<String> {
    let rollback = view.line.rollback.as_deref()?;
    let branched = view.proofs().branched.as_ref()?;
    let out = out(&view.case, branched, rollback.by.at)?;
    Some(token(&view.case, rollback, &out))
}

/// Why a verb does not go with the rollback that is decided; none: it does, or
/// there is none.
pub fn in_the_way(verb: Verb, view: &View<'_>) -> Option<Refused> {
    let locked = |it: &Rollback| it.locked().cloned();
    let decided = view.line.rollback.as_deref().and_then(locked)?;
    match verb {
        Verb::Retry | Verb::Assign | Verb::Announce | Verb::Revert => None,
        _ => Some(Refused::RolledBack {
            tag: view
                .line
                .locked()
                .map(|it| it.tag.clone())
                .unwrap_or_default(),
            login: decided.by.login,
            at: decided.by.at,
        }),
    }
}

/// Whether a release can be taken back: from its decision on.
///
/// # Errors
/// Why not.
pub fn can_ask(view: &View<'_>) -> Result<(), Refused> {
    match view.line.locked() {
        Some(_) => Ok(()),
        None => Err(Refused::NothingToRollBack),
    }
}

/// Whether the change can be taken out of the default branch, and whether that is the
/// one of the hotfix before: once a release is taken back, and where a merged
/// pull request of its hotfix brought it there.
///
/// # Errors
/// Why not.
pub fn can_revert(view: &View<'_>) -> Result<bool, Refused> {
    let no = |is| Err(Refused::NoRevert { is });
    let all = taken_back(&view.case, view.proofs().branched.as_ref());
    let under_way = |it: &Back<'_>| it.revert.is_some_and(|it| it.done.is_none());
    if all.iter().any(under_way) {
        return no(NoRevert::UnderWay);
    }
    let Some(back) = all.iter().find(|it| it.brought.is_some()) else {
        return no(match all.is_empty() {
            true => NoRevert::NotTakenBack,
            false => NoRevert::NotOnMain,
        });
    };
    let done = back.revert.and_then(|it| it.done.as_ref());
    match done.and_then(|it| it.pull) {
        Some(pull) => no(NoRevert::There { pull }),
        None => Ok(back.failed),
    }
}

/// The release of this case that was taken back, as the next one of its issue is to
/// know it.
pub fn failed(f: &Facts) -> Option<Failed> {
    let failed = f.failed()?;
    let policy = f.policy();
    let case = Case::of(f, &policy);
    let branched = survey(&case).proofs.branched;
    let all = taken_back(&case, branched.as_ref()).into_iter();
    let its = all.filter(|it| it.tag == failed.tag);
    let brought = its.filter_map(|it| it.brought).next();
    Some(Failed { brought, ..failed })
}

/// Whether this token stands for what there is now.
///
/// # Errors
/// It does not.
pub fn can_decide(asked: &str, view: &View<'_>) -> Result<(), Refused> {
    can_ask(view)?;
    let now = token_now(view);
    match now.as_deref() == Some(asked) {
        true => Ok(()),
        false => Err(Refused::OtherRollback {
            asked: asked.into(),
            token: now,
        }),
    }
}
