//! What a release is made of: where its version stands, what a bump and a
//! forward-port do to those places, which number comes next, what people type.
//!
//! A folder a kind of package ([`Kind`]); plain functions that match on it. No
//! IO: they say what is to be read, and make texts of texts.

mod bump;
mod cargo;
mod files;
mod habit;
mod kind;
pub mod learnt;
mod number;
mod package;
mod port;
mod project;
mod tasks;
mod words;

pub use self::bump::{Held, bump, held, stated};
pub use self::files::{Files, Texts, Wanted};
pub use self::habit::{at_hand, learn};
pub use self::kind::Kind;
pub use self::number::next_version;
pub use self::package::{Package, Stale};
pub use self::port::port;
pub use self::project::{Project, manifest, project, root, wanted};
pub use self::tasks::{Bump, Port, Release};
pub use self::words::{Words, words};
