//! Who sees what: the one place that is asked. Where people sign in, their own
//! rights are looked up here.

use crate::domain::facts::{Facts, stored};
use crate::domain::outlook::outlook;
use crate::domain::procedure::Case;
use crate::domain::text::is_secret;
use crate::domain::view::{View, view};
use crate::store::{PagedCase, RepoRow};

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody at all, who did not sign in.
    Anybody,
    /// Whoever sits at the machine that plays a rehearsal: everything is theirs.
    Desk,
}

impl Viewer {
    /// Whether they may know of the repository. What is not reached any more may
    /// have become private unheard.
    pub fn sees_repo(self, repo: &RepoRow) -> bool {
        match self {
            Viewer::Desk => true,
            Viewer::Anybody => !repo.private && repo.installation_id.is_some(),
        }
    }

    /// Whether they may know of the hotfix, in a repository that they see. Of a
    /// vulnerability nothing is shown before its release, and nobody knows that it is
    /// none before the issue and the configuration were read, and understood.
    fn sees(self, view: &View<'_>) -> bool {
        let facts = view.facts;
        let known =
            facts.issue.get().is_some() && facts.policy.get().is_some_and(|read| !read.is_wrong());
        match self {
            Viewer::Desk => true,
            Viewer::Anybody => known && !is_secret(view),
        }
    }

    /// Whether they may know of a hotfix whose facts cannot be read: nobody can
    /// tell what it is about.
    fn sees_unreadable(self) -> bool {
        self == Viewer::Desk
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
    viewer: Viewer,
    case: &PagedCase,
    shown: impl FnOnce(&View<'_>) -> T,
) -> Option<Seen<T>> {
    let facts: Facts = match stored::read(case.schema, &case.facts) {
        Ok(facts) => facts,
        Err(why) => {
            let why = case.unreadable.clone().unwrap_or_else(|| why.to_string());
            return viewer.sees_unreadable().then_some(Seen::Unreadable(why));
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
    viewer.sees(&view).then(|| Seen::Hotfix(shown(&view)))
}
