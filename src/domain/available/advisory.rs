//! What can be said of the security advisory now.

use crate::domain::command::Advise;
use crate::domain::facts::Advisory;
use crate::domain::ids::AdvisoryId;
use crate::domain::procedure::embargo;
use crate::domain::refused::{NoAdvisory, Refused};
use crate::domain::view::View;

/// Whether an advisory can be linked, or another one.
pub(super) fn can_link(view: &View<'_>) -> Result<(), Refused> {
    match view.facts.advisory.as_deref().and_then(Advisory::asked) {
        Some(_) => no(NoAdvisory::UnderWay),
        None => Ok(()),
    }
}

/// Whether this can be said of it.
pub(super) fn accepted(what: &Advise, view: &View<'_>) -> Result<(), Refused> {
    let linked = view.facts.advisory.as_deref();
    let this = |id: &AdvisoryId| match linked {
        None => no(NoAdvisory::NotLinked),
        Some(other) if other.id != *id => no(NoAdvisory::Another {
            id: other.id.clone(),
        }),
        Some(it) if it.is_settled() => no(NoAdvisory::Published),
        Some(_) => Ok(()),
    };
    match what {
        Advise::Link { of, .. } => {
            let page = view.facts.repo.html_url.trim_end_matches('/');
            match of.as_ref().is_none_or(|of| of.eq_ignore_ascii_case(page)) {
                true => Ok(()),
                false => no(NoAdvisory::Elsewhere),
            }
        }
        Advise::Unlink => match linked {
            Some(_) => Ok(()),
            None => no(NoAdvisory::NotLinked),
        },
        // What a person did is so, whenever they did it.
        Advise::Done { id } => this(id),
        Advise::Publish { id } => {
            this(id).and_then(|()| match embargo::is_over(&view.case, view.proofs()) {
                true => Ok(()),
                false => no(NoAdvisory::Embargo),
            })
        }
    }
}

fn no(is: NoAdvisory) -> Result<(), Refused> {
    Err(Refused::NoAdvisory { is })
}
