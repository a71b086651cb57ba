//! What a release is made of: where its version stands, what a bump and a
//! forward-port do to those places, which number comes next, what people type.
//!
//! A folder a kind of package ([`Kind`]); plain functions that match on it. No
//! IO: they say what is to be read, and make texts of texts.

mod action;
mod bump;
mod by_kind;
mod by_place;
mod cargo;
mod changelog_file;
mod changelogs;
mod files;
mod generic;
mod go;
mod habit;
mod helm;
mod java;
mod kind;
pub mod learnt;
mod naming;
mod npm;
mod number;
mod package;
mod paths;
mod port;
mod project;
mod python;
mod recognise;
mod registry;
mod registry_kind;
mod requires;
mod ruby;
mod spots;
mod tasks;
mod touched;
mod words;

pub use self::bump::{Held, bump, held};
pub use self::by_kind::{
    foreseen, is_above, next_version, own_version, publish, root, stated, words,
};
pub use self::changelog_file::{Changelog, Changelogs, LeftAlone, WhyLeft};
pub use self::files::{Files, Texts, Wanted};
pub use self::generic::of_manifest;
pub use self::habit::{at_hand, learn};
pub use self::kind::{Ecosystems, Kind};
pub use self::package::{Member, Package, Required, Stale};
pub use self::port::port;
pub use self::project::{Project, Published, project, roots, usual, wanted};
pub use self::recognise::unsupported;
pub use self::registry::{
    Answer, Question, Registry, Repository, identity, is_named, is_strangers, is_unclear,
};
pub use self::registry_kind::{RegistryKind, Withdraw};
pub use self::requires::{required, requires};
pub use self::tasks::{Bump, Port, Release};
pub use self::touched::{Touched, touched, touched_alone};
pub use self::words::{Use, Way, Words, checkout};
pub use crate::edits::spelling::{dashed, spelled};
pub use crate::edits::yaml;
