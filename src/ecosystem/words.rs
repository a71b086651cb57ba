//! What people type: as plain data, for notes, comments and needs.

use super::kind::Kind;

/// The commands for one version of a package, as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The tool's name, as in "via Cargo".
    pub tool: &'static str,
    /// Installs this very version afresh: an upgrade as well as the way back.
    pub install: String,
    /// Shows which version is installed.
    pub verify: String,
    /// Publishes what is checked out.
    pub publish: String,
    /// Withdraws it; an owner's to type.
    pub withdraw: String,
    /// Undoes a withdrawal from the registry; an owner's to type.
    pub restore: String,
}

/// The words for a version of a package.
pub fn words(kind: Kind, package: &str, version: &str) -> Words {
    match kind {
        Kind::Cargo => Words {
            tool: "Cargo",
            install: format!("cargo install {package} --version {version} --force"),
            verify: format!("{package} --version"),
            publish: format!("cargo publish -p {package}"),
            withdraw: format!("cargo yank --version {version} {package}"),
            restore: format!("cargo yank --undo --version {version} {package}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_commands() {
        let words = words(Kind::Cargo, "caro", "1.0.5");
        assert_eq!(words.tool, "Cargo");
        assert_eq!(words.install, "cargo install caro --version 1.0.5 --force");
        assert_eq!(words.publish, "cargo publish -p caro");
        assert_eq!(words.withdraw, "cargo yank --version 1.0.5 caro");
        assert_eq!(words.verify, "caro --version");
        assert_eq!(words.restore, "cargo yank --undo --version 1.0.5 caro");
    }
}
