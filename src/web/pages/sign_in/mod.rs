//! People sign in at GitHub, and see what GitHub lets them see.
//!
//! ```text
//! /login ── state, PKCE ──▶ GitHub ── code, state ──▶ /login/callback ──▶ session
//! session ── its token ──▶ GitHub: may they read it? ──▶ rights, for minutes
//! ```
//!
//! `flow` binds what comes back to the browser that left, `sessions` is who is signed
//! in, `rights` what GitHub said of them: all three pure, and in memory alone. A token
//! is on no disk and in no backup; after a restart everybody is led through GitHub
//! once more, which asks nothing of who let the App know them already. `desk` puts
//! them together, `routes` are the addresses.

mod authority;
mod cookies;
mod desk;
mod flow;
mod next;
mod rights;
mod routes;
mod sessions;

pub use self::authority::{Authority, Grant, NotAsked, NotSignedIn, Person, Word};
pub use self::desk::{Held, SignIn};
pub(super) use self::next::to_sign_in;
pub(super) use self::rights::Asked;
pub(super) use self::routes::router;
pub use self::sessions::Session;
