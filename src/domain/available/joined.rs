//! What is taken where two issues share a release.

use crate::domain::command::Verb;
use crate::domain::facts::Along;
use crate::domain::refused::Refused;
use crate::domain::view::View;

/// Why a verb is not for a case that goes along with another's release; none: it is,
/// or the case does not.
pub(super) fn in_the_way(verb: Verb, view: &View<'_>) -> Option<Refused> {
    let joined = view.facts.along()?;
    match (verb, &joined.is) {
        (Verb::Cancel, Along::Awaited) | (Verb::Unjoin | Verb::Retry, _) => None,
        _ => Some(Refused::Along {
            verb,
            with: joined.to,
        }),
    }
}

/// Whether it can go along with another's release, or take another in.
pub(super) fn can_join(view: &View<'_>) -> Result<(), Refused> {
    let verb = Verb::Join;
    match view.line.decision {
        Some(_) => Err(Refused::AfterTheDecision { verb }),
        None => Ok(()),
    }
}

/// Whether it can go along no longer: until users have the release.
pub(super) fn can_leave(view: &View<'_>) -> Result<(), Refused> {
    match view.facts.along().map(|it| &it.is) {
        Some(Along::Awaited) => Ok(()),
        Some(_) => Err(Refused::AfterTheTag { verb: Verb::Unjoin }),
        None => Err(Refused::NotJoined),
    }
}
