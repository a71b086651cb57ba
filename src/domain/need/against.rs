//! What speaks against a release, beside what is not there yet.

use serde::{Deserialize, Serialize};

use crate::domain::command::Waivable;
use crate::domain::objects::{Address, Answered};

/// A fact of the verification that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "against", rename_all = "snake_case")]
pub enum Against {
    /// The registry hands out another file of a package than its index names.
    Altered {
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
    /// Assets are other files than the release's checksums say.
    Sums {
        /// Their names.
        wrong: Vec<String>,
    },
    /// Files are not attested, although the base release's are.
    Unattested {
        /// Their names.
        files: Vec<String>,
    },
    /// An address does not show the release.
    Address {
        /// Which.
        at: Address,
        /// What was found there.
        found: Answered,
    },
    /// The release is marked as one that is not for production.
    Prerelease,
    /// GitHub shows another release as its latest.
    NotLatest,
    /// npm's `latest` leads to this release, although there is a higher one.
    Pointer {
        /// The package.
        package: String,
        /// The version that it should lead to.
        newest: String,
    },
}

impl Against {
    /// The word by which a commander takes it as it is.
    pub fn waivable(&self) -> Waivable {
        match self {
            Against::Altered { .. } => Waivable::Published,
            Against::Sums { .. } | Against::Unattested { .. } | Against::Address { .. } => {
                Waivable::Verification
            }
            Against::Prerelease | Against::NotLatest | Against::Pointer { .. } => Waivable::Latest,
        }
    }
}
