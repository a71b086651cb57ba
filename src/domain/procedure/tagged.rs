//! The tag, where it stands as it should: what comes after it asks for it.

use super::branch::Branched;
use super::overrides::is_passed;
use super::publishing::publishing;
use super::step::Case;
use crate::domain::command::Overridable;
use crate::domain::objects::{StandingTag, Tag};
use crate::domain::shipping::Tags;

/// The tag stands on the tested commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// The tag's name.
    pub name: String,
    /// The tag object.
    pub tag: Tag,
}

impl Tagged {
    /// The tag as it stands now, for who goes on only while it does.
    pub fn standing(&self) -> StandingTag {
        StandingTag {
            tag: self.name.clone(),
            object: self.tag.object.clone(),
        }
    }
}

/// Whether the tag is annotated, or a commander takes it as it is.
pub fn is_enough(c: &Case<'_>, tag: &Tag) -> bool {
    tag.annotated || is_passed(c, &Overridable::LightweightTag, &tag.commit)
}

/// The tag, once it stands where it should.
pub fn tagged(c: &Case<'_>, branched: &Branched) -> Option<Tagged> {
    let decision = c.line.locked()?;
    let tag = c.line.seen.tag.get()?.as_ref()?;
    // What a workflow makes here is as its releases always were.
    let its_own = || matches!(publishing(c, branched).tags, Tags::Workflow(_));
    let here = tag.commit == *decision.commit() && (is_enough(c, tag) || its_own());
    here.then(|| Tagged {
        name: decision.tag.clone(),
        tag: tag.clone(),
    })
}
