//! The people of the rehearsal.

/// Who acts. The logins are these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Found the bug; may read.
    Reporter,
    /// Mends it; may push.
    Developer,
    /// Decides; may release.
    Maintainer,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 3] = [Part::Reporter, Part::Developer, Part::Maintainer];

    /// The login.
    pub fn login(self) -> &'static str {
        match self {
            Part::Reporter => "reporter",
            Part::Developer => "developer",
            Part::Maintainer => "maintainer",
        }
    }
}
