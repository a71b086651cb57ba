//! The document's 24 items, each answered from facts or by a person's word.

use serde::{Deserialize, Serialize};

use super::checklist_item::Item;

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Done, by a fact or by the bot.
    Done,
    /// Done by a person's word or hand.
    ByHand,
    /// Does not apply here; counts as done.
    NotApplicable,
    /// Not done.
    Open,
}

impl State {
    /// Whether it counts as done.
    pub fn is_done(self) -> bool {
        self != State::Open
    }

    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Done => "done",
            State::ByHand => "by_hand",
            State::NotApplicable => "not_applicable",
            State::Open => "open",
        }
    }
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which item.
    pub item: Item,
    /// How it stands.
    pub state: State,
    /// Who settled it, where it was a person.
    pub by: Option<String>,
    /// What proves it, or why it does not apply: Markdown, user text escaped.
    pub evidence: String,
}
