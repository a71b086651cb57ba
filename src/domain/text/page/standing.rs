//! How a hotfix stands, as one of few words: for colours, marks and banners.

use crate::domain::moment::Failure;
use crate::domain::need::Who;
use crate::domain::text::head;
use crate::domain::view::View;

/// How a hotfix stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody is asked: the bot, GitHub or the registry is at work.
    Working,
    /// Somebody is asked.
    Waiting,
    /// It waits for the decision to release, and for nothing else.
    Ready,
    /// Something failed.
    Failed,
    /// A person holds it.
    Held,
    /// It goes along with another's release.
    Along,
    /// A person gave it up.
    Cancelled,
    /// The release was taken back.
    TakenBack,
    /// Nothing is needed any more.
    Done,
}

impl Standing {
    /// How the view stands.
    pub fn of(view: &View<'_>) -> Standing {
        let facts = view.facts;
        if facts.cancelled.is_some() {
            return Standing::Cancelled;
        }
        if head::is_back(view) {
            return Standing::TakenBack;
        }
        if head::is_ended(view) {
            return Standing::Done;
        }
        if facts.along().is_some() {
            return Standing::Along;
        }
        if view.needs.iter().any(|it| Failure::of(it).is_some()) {
            return Standing::Failed;
        }
        if facts.hold.is_some() {
            return Standing::Held;
        }
        if view.ready().is_some() {
            return Standing::Ready;
        }
        match head::all(view).iter().any(|it| it.who != Who::Machine) {
            true => Standing::Waiting,
            false => Standing::Working,
        }
    }

    /// Its name in classes and data.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Working => "working",
            Standing::Waiting => "waiting",
            Standing::Ready => "ready",
            Standing::Failed => "failed",
            Standing::Held => "held",
            Standing::Along => "along",
            Standing::Cancelled => "cancelled",
            Standing::TakenBack => "taken-back",
            Standing::Done => "done",
        }
    }

    /// The same in words.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Working => "under way",
            Standing::Waiting => "waits for people",
            Standing::Ready => "ready to release",
            Standing::Failed => "something failed",
            Standing::Held => "on hold",
            Standing::Along => "goes along",
            Standing::Cancelled => "cancelled",
            Standing::TakenBack => "taken back",
            Standing::Done => "done",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Standing::Cancelled | Standing::TakenBack | Standing::Done
        )
    }
}
