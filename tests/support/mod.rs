//! What the tests of the whole server share: the server on a runtime of its
//! own, that can be killed; a rehearsal with things going wrong; the world that
//! it leaves, in a form that can be compared.

// Each test target uses a part of this.
#![allow(dead_code)]

pub mod ahead;
pub mod back;
pub mod bases;
pub mod ending;
pub mod others;
pub mod pair;
pub mod play;
pub mod postgres;
pub mod replayed;
pub mod server;
pub mod shown;
pub mod story;
pub mod told;

#[allow(unused_imports)]
pub use play::{Played, Troubles, play};
