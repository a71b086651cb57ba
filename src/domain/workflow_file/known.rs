//! What the rows of the tables of actions and of commands say, and the words by
//! which others say that they reach outside.

use super::act::Act;

/// What a row says of its action or command.
#[derive(Clone, Copy, Debug)]
pub(super) enum Does {
    Publishes(&'static str),
    Releases,
    Tags,
    Pushes,
    Deploys,
    SignsIn(&'static str),
    Writes(&'static str),
}

impl Does {
    pub(super) fn act(self) -> Act {
        match self {
            Does::Publishes(what) => Act::Publishes {
                what: what.to_owned(),
            },
            Does::Releases => Act::Releases,
            Does::Tags => Act::Tags,
            Does::Pushes => Act::Pushes,
            Does::Deploys => Act::Deploys,
            Does::SignsIn(to) => Act::SignsIn(to.to_owned()),
            Does::Writes(what) => Act::Writes(what.to_owned()),
        }
    }
}

/// On which inputs of an action it depends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Where {
    Always,
    /// One of these is set, and not to `false`.
    Set(&'static [&'static str]),
    /// This one holds one of the texts.
    Has(&'static str, &'static [&'static str]),
    /// None of the inputs holds one of the texts.
    Not(&'static [&'static str]),
}

/// crates.io, as rows and acts name it.
pub const CRATES: &str = "crates.io";
/// A script of the project's that is called so: nobody knows where to.
pub const SCRIPT: &str = "a release script";
pub(super) const NPM: &str = "npm";
pub(super) const PYPI: &str = "PyPI";
pub(super) const GEMS: &str = "RubyGems";
pub(super) const MAVEN: &str = "Maven";
pub(super) const IMAGE: &str = "an image";
pub(super) const SCORE: &str = "a score";
pub(super) const STORE: &str = "a store";

/// Registries that are there to try things out.
pub(super) const TRIALS: &[&str] = &[
    "test.pypi.org",
    "testpypi",
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
];

/// In a command: any words may stand here.
pub(super) const ANYWHERE: &str = "…";
