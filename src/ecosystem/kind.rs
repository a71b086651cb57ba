//! The kinds of packages.

/// How a repository's packages are built and published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Rust's crates.
    #[default]
    Cargo,
}

impl Kind {
    /// The registry's name, for people and in `verify.registries`.
    pub fn registry(self) -> &'static str {
        match self {
            Kind::Cargo => "crates.io",
        }
    }
}
