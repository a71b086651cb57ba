//! What a rollback takes, and what goes with one.

use super::command::Verb;
use super::facts::{Revert, Reverted, Rollback};
use super::procedure::rollback::{brought, out, token};
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

/// Whether the change can be taken out of the default branch: once the release is
/// taken back, and where a merged pull request of the hotfix brought it there.
///
/// # Errors
/// Why not.
pub fn can_revert(view: &View<'_>) -> Result<(), Refused> {
    let no = |is| Err(Refused::NoRevert { is });
    let rollback = view.line.rollback.as_deref();
    let Some(rollback) = rollback.filter(|it| it.locked().is_some()) else {
        return no(NoRevert::NotTakenBack);
    };
    match &rollback.revert {
        Some(Revert { done: None, .. }) => return no(NoRevert::UnderWay),
        Some(Revert {
            done: Some(Reverted {
                pull: Some(pull), ..
            }),
            ..
        }) => return no(NoRevert::There { pull: *pull }),
        _ => {}
    }
    let branched = view.proofs().branched.as_ref();
    match branched.and_then(|branched| brought(&view.case, branched)) {
        Some(_) => Ok(()),
        None => no(NoRevert::NotOnMain),
    }
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
