//! The pages: what is under way and what is over, for people. They only read, and
//! never act: commands stay comments, so there is one way in, one check of roles
//! and one record.
//!
//! ```text
//! request → who (signed in?) → route → seen (who sees what) → store → facts → view (domain)
//!         → template
//! ```
//!
//! A page is the domain's view in HTML: the words are those of the comments
//! (`domain::text`), and only what the parts of a page are called stands in the
//! templates. What nobody may see and what is not there is one and the same 404.

mod answer;
mod assets;
mod doctor;
mod gantt;
mod html;
mod lists;
mod live;
mod looks;
mod measured;
mod met;
mod routes;
mod seats;
mod seen;
mod shared;
mod sign_in;
mod templates;
mod who;

pub use self::looks::{Examiner, NotExamined};
pub use self::routes::router;
pub use self::seen::Viewer;
pub use self::shared::Pages;
pub use self::sign_in::{Authority, Grant, NotAsked, NotSignedIn, Person, SignIn, Word};

#[cfg(test)]
mod tests;
