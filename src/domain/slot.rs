//! Where an effect stands: its slot, in a release line.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::effect::{Act, Slot};
use super::ids::LineId;
use super::read::{Of, Read};
use super::slot_text::NoSlot;
use super::undo::Undo;
use super::wish::Wish;

impl Slot {
    /// The slot in an effect's key, as the trailer of a commit of the bot's
    /// holds it: `case/line/slot/subject/generation`.
    pub fn of_trailer(key: &str) -> Option<Slot> {
        let parts: Vec<&str> = key.split('/').collect();
        let slot = parts.get(2..parts.len().checked_sub(2)?)?;
        slot.join("/").parse().ok()
    }

    /// The slot without its parameters, as metrics count it.
    pub fn kind(&self) -> String {
        match self {
            Slot::Read(object) => {
                let slot = object.slot();
                format!("read/{}", slot.rsplit('/').next().unwrap_or(slot))
            }
            _ => self.name().to_owned(),
        }
    }
}

impl<W> Undo<W> {
    /// The slot: what of a case there is only one of at a time.
    pub fn slot(&self) -> Slot {
        match self {
            Undo::Yank { package, .. } => Slot::Yank(package.clone()),
            Undo::Mark { .. } => Slot::Mark,
            Undo::Latest { .. } => Slot::Latest,
            Undo::Repoint { tag, .. } => Slot::Repoint(tag.clone()),
            Undo::Untag { .. } => Slot::Untag,
            Undo::Report { .. } => Slot::Report,
            Undo::Revert { .. } => Slot::Revert,
        }
    }
}

impl Read {
    /// The slot: one read of each object at a time, of each person's role, of
    /// each comment.
    pub fn slot(&self) -> Slot {
        match self.of() {
            Of::Object(object) => Slot::Read(object),
            Of::Person(login) => Slot::Role(login.to_lowercase()),
            Of::Word(comment) => Slot::Word(comment),
        }
    }
}

/// A slot of one release line; what belongs to the whole case stands in the
/// line without a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: LineId,
    /// The slot.
    pub slot: Slot,
}

impl<W, E> Wish<Act<W, E>> {
    /// Where it stands.
    pub fn place(&self) -> Place {
        Place {
            line: self.line.clone(),
            slot: self.act.slot(),
        }
    }

    /// Whether it stands there.
    pub fn is_at(&self, place: &Place) -> bool {
        self.line == place.line && self.act.slot() == place.slot
    }
}

/// Stands between a line's name and a slot, where the line has a name.
const OF: char = '|';

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line.as_str() {
            "" => write!(f, "{}", self.slot),
            line => write!(f, "{line}{OF}{}", self.slot),
        }
    }
}

impl FromStr for Place {
    type Err = NoSlot;

    fn from_str(text: &str) -> Result<Place, NoSlot> {
        // A login or a file name has no such character.
        let (line, slot) = text.split_once(OF).unwrap_or(("", text));
        Ok(Place {
            line: LineId::new(line),
            slot: slot.parse()?,
        })
    }
}

macro_rules! as_text {
    ($name:ty) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(Slot);
as_text!(Place);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::objects::{CommentKind, Object, PullKind, Reaction};

    /// One of each, and all objects, kinds and reactions.
    fn all() -> Vec<Slot> {
        let mut all: Vec<Slot> = Object::ALL.iter().copied().map(Slot::Read).collect();
        all.extend(CommentKind::PLANNED.map(Slot::Comment));
        all.extend(Reaction::ALL.map(|reaction| Slot::React((7, reaction))));
        for kind in PullKind::ALL {
            all.extend([
                Slot::Pull(kind),
                Slot::Carry(kind),
                Slot::Merge(kind),
                Slot::DeleteBranch(kind),
            ]);
        }
        all.extend([
            Slot::Comment(CommentKind::Moment(3)),
            Slot::Comment(CommentKind::Duplicate(12)),
            Slot::Role("port".into()),
            Slot::Word(7),
            Slot::Reply(7),
            Slot::Announce((3, "ops".into())),
            Slot::Branch,
            Slot::Bump,
            Slot::Pick,
            Slot::Enable,
            Slot::Dispatch("ci.yml".into()),
            Slot::Launch("publish.yml".into()),
            Slot::Tag,
            Slot::Point("sdk/v1.0.5".into()),
            Slot::Repoint("v1".into()),
            Slot::Ready,
            Slot::Describe,
            Slot::Rerun(12),
            Slot::Guard,
            Slot::State,
            Slot::Label,
            Slot::Notes,
            Slot::Discuss,
            Slot::Advisory,
            Slot::CloseIssue,
            Slot::ClosePull,
            Slot::Yank("caro".into()),
            Slot::Mark,
            Slot::Latest,
            Slot::Untag,
            Slot::Report,
            Slot::Revert,
        ]);
        all
    }

    #[test]
    fn texts_are_told_apart_and_read_again() {
        let mut seen = std::collections::BTreeSet::new();
        for slot in all() {
            let text = slot.to_string();
            assert_eq!(text.parse(), Ok(slot.clone()), "{text}");
            assert!(text.starts_with(slot.name()), "{text}");
            assert!(seen.insert(text));
            for line in ["", "1.x"] {
                let place = Place {
                    line: LineId::new(line),
                    slot: slot.clone(),
                };
                assert_eq!(place.to_string().parse(), Ok(place));
            }
        }
        for text in ["", "read/", "reads", "merge/other", "react/x/eyes", "tag/x"] {
            assert!(text.parse::<Slot>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_commit_says_which_slot_made_it() {
        let slot = |key| Slot::of_trailer(key);
        assert_eq!(slot("7//bump/abc/1"), Some(Slot::Bump));
        assert_eq!(slot("7/1.x/enable/abc/2"), Some(Slot::Enable));
        assert_eq!(
            slot("7//carry/port/abc/1"),
            Some(Slot::Carry(PullKind::Port))
        );
        assert_eq!(slot("7//bumper/abc/1"), None);
        assert_eq!(slot("bump"), None);
    }
}
