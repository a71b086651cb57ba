//! Who sees what: the one place that is asked.

use crate::domain::facts::{Facts, stored};
use crate::domain::outlook::outlook;
use crate::domain::procedure::Case;
use crate::domain::text::is_secret;
use crate::domain::view::{View, view};
use crate::store::PagedCase;

/// Who looks, where nobody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody at all: what is public is theirs.
    Anybody,
    /// Anybody at all: nothing is theirs before they sign in.
    Nobody,
    /// Whoever sits at the machine that plays a rehearsal: everything is theirs.
    Desk,
}

/// What somebody may know of the hotfixes of one repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// What everybody may.
    Public,
    /// What those may who were invited to read: whatever is said on an issue.
    Invited,
    /// Everything: they may push, or sit at the machine.
    All,
}

impl Right {
    /// Whether they may know of the hotfix. Of a vulnerability nothing is shown to
    /// everybody before its release, and nobody knows that it is none before the issue
    /// and the configuration were read, and understood.
    fn sees(self, view: &View<'_>) -> bool {
        let facts = view.facts;
        let known =
            facts.issue.get().is_some() && facts.policy.get().is_some_and(|read| !read.is_wrong());
        self != Right::Public || (known && !is_secret(view))
    }
}

/// What a viewer sees of a case.
#[derive(Debug)]
pub enum Seen<T> {
    /// The hotfix.
    Hotfix(T),
    /// That its facts cannot be read, and why.
    Unreadable(String),
}

/// What the viewer sees of a case, made by `shown`; none: nothing.
pub fn seen<T>(
    right: Right,
    case: &PagedCase,
    shown: impl FnOnce(&View<'_>) -> T,
) -> Option<Seen<T>> {
    let facts: Facts = match stored::read(case.schema, &case.facts) {
        Ok(facts) => facts,
        Err(why) => {
            let why = case.unreadable.clone().unwrap_or_else(|| why.to_string());
            // Nobody can tell what it is about.
            return (right == Right::All).then_some(Seen::Unreadable(why));
        }
    };
    // Nobody's hotfix: a label that means nothing here, a word that is not judged.
    if case.phase == "ignored" || facts.is_unbegun() {
        return None;
    }
    let policy = facts.policy();
    let of = Case::of(&facts, &policy);
    let outlook = outlook(&of);
    let view = view(of, &outlook);
    right.sees(&view).then(|| Seen::Hotfix(shown(&view)))
}
