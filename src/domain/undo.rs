//! What the bot does to take a release back that failed.

use serde::{Deserialize, Serialize};

use super::ids::Sha;

/// Something of a release that is taken back. `W` stands where words for people
/// do, as in [`Act`](super::effect::Act).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "undo", rename_all = "snake_case")]
pub enum Undo<W> {
    /// A version is taken back at the registry, with the server's token.
    Yank {
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
    /// The GitHub release says in its title and on top of its notes that it is
    /// taken back, and is the latest no longer.
    Mark {
        /// The release.
        release: u64,
        /// Its tag, which GitHub wants along.
        tag: String,
        /// What its title begins with.
        prefix: W,
        /// The notice, with its markers.
        notice: W,
    },
    /// GitHub's Latest is put back, unless another one than the withdrawn release
    /// is that by now.
    Latest {
        /// The tag of the release that becomes it.
        tag: String,
        /// The withdrawn release.
        instead: u64,
    },
    /// A tag that was moved to the release names again what it did before, if it
    /// still is as it was made.
    Repoint {
        /// Its name.
        tag: String,
        /// What its ref named before the release.
        object: Sha,
        /// What it names since.
        from: Sha,
    },
    /// The tag is deleted, if it still is this object.
    Untag {
        /// Its name.
        tag: String,
        /// What its ref leads to.
        object: Sha,
    },
    /// The change is taken out of the default branch again, by a pull request that a
    /// person merges.
    Revert {
        /// The release that was taken back.
        #[serde(default)]
        tag: String,
        /// The merged pull request that brought it.
        pull: u64,
        /// The commit by which the default branch got it.
        commit: Sha,
        /// The branch that it is taken out on.
        branch: String,
        /// The default branch.
        base: String,
        /// The commit message, without trailers.
        message: W,
        /// The pull request's title.
        title: W,
        /// Markdown.
        body: W,
    },
    /// An issue says what failed.
    Report {
        /// Its title.
        title: W,
        /// The hidden marker that identifies it; the body begins with it.
        marker: W,
        /// Markdown.
        body: W,
    },
}
