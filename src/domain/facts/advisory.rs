//! The security advisory of the issue.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{AdvisoryId, By, Millis};
use crate::domain::objects::AdvisoryState;

/// The advisory that a person linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// Its id.
    pub id: AdvisoryId,
    /// Who linked it, and when.
    pub by: By,
    /// The word that publishes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish: Option<Publish>,
    /// Who said that it was published by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<By>,
    /// When it was seen to be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Millis>,
}

/// A commander's word that publishes an advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// Who and when.
    pub by: By,
    /// How often it was said.
    pub times: u64,
    /// GitHub did not let the bot: where the advisory stood then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<AdvisoryState>,
}

impl Advisory {
    /// Linked, and nothing else.
    pub fn linked(id: AdvisoryId, by: By) -> Self {
        Advisory {
            id,
            by,
            publish: None,
            done: None,
            published: None,
        }
    }

    /// Whether nothing is left to do about it.
    pub fn is_settled(&self) -> bool {
        self.published.is_some() || self.done.is_some()
    }

    /// The word that is to be carried out.
    pub fn asked(&self) -> Option<&Publish> {
        let publish = self.publish.as_ref();
        publish.filter(|it| it.kept.is_none() && !self.is_settled())
    }
}
