//! What each command depends on of what its author saw: one table over all
//! verbs, so that a new one cannot be judged by what was not there yet.

use super::table::{Command, Verb};

/// What a word stands on: it counts for what its author saw of that, and for
/// nothing that came later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stake {
    /// On nothing: it says all of it itself, or only asks.
    Nothing,
    /// On the head of the hotfix branch.
    Head,
    /// On the head where the item that it names is bound to it.
    Item,
    /// On what waits for a confirmation, and on the answers of the matrix.
    Answers,
    /// On what would ship.
    Preview,
    /// On the hold that it lifts.
    Hold,
}

impl Verb {
    /// Whether it only asks something, and gets its answer as a comment.
    pub fn is_question(self) -> bool {
        use Verb::{Plan, Preview, Runbook, Timeline};
        matches!(self, Plan | Preview | Timeline | Runbook)
    }

    /// What a command of this verb stands on.
    pub fn stake(self) -> Stake {
        match self {
            Verb::Status
            | Verb::Plan
            | Verb::Preview
            | Verb::Timeline
            | Verb::Runbook
            | Verb::Help
            | Verb::Verify
            | Verb::Notes
            | Verb::Announce => Stake::Nothing,
            // They say outright what is so, what is to be done, or that nothing
            // is to be done.
            Verb::ConfirmFixed
            | Verb::StillBroken
            | Verb::Start
            | Verb::Assess
            | Verb::Pick
            | Verb::Bump
            | Verb::Hold
            | Verb::Waive
            | Verb::Extend
            | Verb::Join
            | Verb::Unjoin
            | Verb::Assign
            | Verb::Advisory
            | Verb::Adopt
            | Verb::Rollback
            | Verb::Revert
            | Verb::Cancel => Stake::Nothing,
            Verb::Check | Verb::Uncheck => Stake::Item,
            Verb::Test | Verb::Retry | Verb::Override => Stake::Head,
            Verb::Confirm | Verb::Downgrade => Stake::Answers,
            Verb::Release => Stake::Preview,
            Verb::Unhold => Stake::Hold,
        }
    }

    /// Whether what it brings about cannot be taken back: whether its author
    /// still says so is asked once more.
    pub fn is_final(self) -> bool {
        match self {
            Verb::Release
            | Verb::Rollback
            | Verb::Cancel
            | Verb::Confirm
            | Verb::Downgrade
            | Verb::Waive
            | Verb::Join
            | Verb::Advisory
            | Verb::Override => true,
            Verb::Status
            | Verb::Plan
            | Verb::Preview
            | Verb::Timeline
            | Verb::Runbook
            | Verb::Help
            | Verb::ConfirmFixed
            | Verb::StillBroken
            | Verb::Start
            | Verb::Assess
            | Verb::Pick
            | Verb::Bump
            | Verb::Test
            | Verb::Retry
            | Verb::Check
            | Verb::Uncheck
            | Verb::Verify
            | Verb::Notes
            | Verb::Announce
            | Verb::Hold
            | Verb::Unhold
            | Verb::Extend
            | Verb::Unjoin
            | Verb::Assign
            | Verb::Revert
            | Verb::Adopt => false,
        }
    }
}

impl Command {
    /// What this very command stands on: never on an item that is bound to
    /// nothing.
    pub fn stake(&self) -> Stake {
        match (self.verb().stake(), self) {
            (Stake::Item, Command::Check { item, .. } | Command::Uncheck { item, .. }) => {
                match item.is_bound_to_head() {
                    true => Stake::Head,
                    false => Stake::Nothing,
                }
            }
            (stake, _) => stake,
        }
    }

    /// The commit that it names itself.
    pub fn commit(&self) -> Option<&str> {
        match self {
            Command::Release { commit } => Some(commit),
            Command::Check { commit, .. } | Command::Uncheck { commit, .. } => commit.as_deref(),
            _ => None,
        }
    }
}
