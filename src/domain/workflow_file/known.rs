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
pub(super) const NPM: &str = "npm";
pub(super) const PYPI: &str = "PyPI";
pub(super) const GEMS: &str = "RubyGems";
pub(super) const MAVEN: &str = "Maven";
pub(super) const IMAGE: &str = "an image";
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

/// Programs that run what they are told by name.
pub(super) const RUNNERS: &[&[&str]] = &[
    &["make"],
    &["gmake"],
    &["just"],
    &["task"],
    &["go-task"],
    &["mage"],
    &["rake"],
    &["inv"],
    &["invoke"],
    &["nox"],
    &["tox"],
    &["poe"],
    &["gradle"],
    &["gradlew"],
    &["ant"],
    &["fastlane"],
    &["earthly"],
    &["mise", "run"],
    &["npm", "run"],
    &["npm", "run-script"],
    &["pnpm"],
    &["yarn"],
    &["bun", "run"],
    &["deno", "task"],
    &["composer"],
    &["hatch", "run"],
    &["pdm", "run"],
    &["bazel", "run"],
    &["nix", "run"],
    &["turbo", "run"],
    &["cargo", "make"],
    &["cargo", "xtask"],
    &["cargo", "run"],
];

/// Words by which a target, a script or an action says that it reaches outside.
pub(super) const REACHING: &[&str] = &[
    "publish",
    "publisher",
    "publishing",
    "release",
    "releaser",
    "releases",
    "deploy",
    "deployer",
    "deployment",
    "deploys",
    "upload",
    "uploader",
    "push",
    "pusher",
    "ship",
];

/// Inputs by which an action is told to.
pub(super) const REACHING_INPUTS: &[&str] = &[
    "auto-push",
    "auto-commit",
    "push",
    "publish",
    "publish-results",
    "deploy",
    "create-release",
];

/// More of them, for actions alone.
pub(super) const REACHING_ACTIONS: &[&str] = &[
    "tag",
    "tagger",
    "autotag",
    "bump",
    "bumper",
    "pages",
    "commit",
    "comment",
    "dispatch",
    "automerge",
    "labeler",
    "announce",
    "notify",
    "sync",
];

/// Words that take it back.
pub(super) const LOOKING: &[&str] = &[
    "check",
    "checker",
    "checks",
    "test",
    "tests",
    "verify",
    "validate",
    "lint",
    "dry",
    "notes",
    "changelog",
    "get",
    "find",
    "fetch",
    "download",
    "downloader",
    "install",
    "installer",
    "setup",
    "latest",
    "previous",
    "info",
    "parse",
    "extract",
    "wait",
    "enforce",
    "enforcer",
    "require",
    "required",
    "local",
    "plan",
    "meta",
    "metadata",
    "snapshot",
    "simulate",
    "lookup",
];

/// Words beside which `release` is a way to build.
pub(super) const BUILDING: &[&str] = &[
    "build",
    "builds",
    "compile",
    "bundle",
    "package",
    "prepare",
    "dist",
    "assemble",
    "debug",
    "mode",
    "clippy",
    "doc",
    "docs",
    "fmt",
    "bench",
    "profile",
    "archive",
    "artifacts",
    "binaries",
    "binary",
];
