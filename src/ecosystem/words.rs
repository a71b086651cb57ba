//! What people type: as plain data, for notes, comments and needs.

use super::kind::Kind;

/// The commands for one version of a package, as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The tool's name, as in "via Cargo".
    pub tool: &'static str,
    /// Installs this very version afresh: an upgrade as well as the way back.
    pub install: String,
    /// Raises it in a project that depends on it, where that is another command.
    pub update: Option<String>,
    /// The line by which a project depends on it, and the file where it stands.
    pub depend: Option<(String, &'static str)>,
    /// Shows which version is installed.
    pub verify: String,
    /// Raises the version in the manifests and the lock file, a command each; none
    /// where no manifest holds it.
    pub raise: Vec<String>,
    /// Builds what is checked out, to be tried.
    pub build: &'static str,
    /// Publishes what is checked out.
    pub publish: String,
    /// Withdraws it; an owner's to type.
    pub withdraw: String,
    /// Undoes a withdrawal from the registry; an owner's to type.
    pub restore: String,
}

/// How people come by a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use<'a> {
    /// It is a program, installed from the registry; by its own lock file where
    /// it has one.
    Program {
        /// Whether it has one.
        locked: bool,
    },
    /// The same, and a library of other packages besides.
    Both {
        /// Whether it has a lock file.
        locked: bool,
    },
    /// It is a library of other packages.
    Library,
    /// It is on no registry: a program from this repository, at this tag.
    ProgramAt(&'a str, &'a str),
    /// It is on no registry: a library from this repository, at this tag.
    LibraryAt(&'a str, &'a str),
    /// It is what the repository holds at this tag.
    Checkout(&'a str),
}

/// The words for a version of a package.
pub fn words(kind: Kind, used: Use<'_>, package: &str, version: &str) -> Words {
    match kind {
        Kind::Cargo => Words {
            tool: match used {
                Use::Checkout(_) => "Git",
                _ => "Cargo",
            },
            install: match used {
                Use::Program { locked } | Use::Both { locked } => {
                    let locked = if locked { " --locked" } else { "" };
                    format!("cargo install {package} --version {version}{locked} --force")
                }
                Use::Library => format!("cargo update -p {package} --precise {version}"),
                Use::ProgramAt(url, tag) => {
                    format!("cargo install --git {url} --tag {tag} {package} --force")
                }
                Use::LibraryAt(url, tag) => format!("cargo add {package} --git {url} --tag {tag}"),
                Use::Checkout(tag) => format!("git fetch --tags && git checkout {tag}"),
            },
            update: match used {
                Use::Both { .. } => Some(format!("cargo update -p {package} --precise {version}")),
                _ => None,
            },
            depend: match used {
                Use::Both { .. } | Use::Library => {
                    Some((format!("{package} = \"{version}\""), "Cargo.toml"))
                }
                _ => None,
            },
            verify: match used {
                Use::Program { .. } | Use::Both { .. } | Use::ProgramAt(..) => {
                    format!("{package} --version")
                }
                Use::Library | Use::LibraryAt(..) => format!("cargo tree -i {package}"),
                Use::Checkout(_) => "git describe --tags".to_owned(),
            },
            raise: match used {
                Use::Checkout(_) => Vec::new(),
                _ => vec![
                    format!("cargo set-version -p {package} {version}"),
                    "cargo update --workspace".to_owned(),
                ],
            },
            build: "cargo build --release",
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
        let of = |used| words(Kind::Cargo, used, "caro", "1.0.5");
        let program = of(Use::Program { locked: false });
        assert_eq!(program.tool, "Cargo");
        assert_eq!((&program.update, &program.depend), (&None, &None));
        let both = of(Use::Both { locked: false });
        assert_eq!(
            (&both.install, &both.verify),
            (&program.install, &program.verify)
        );
        let library = of(Use::Library);
        assert_eq!(both.update.as_ref(), Some(&library.install));
        assert_eq!(
            both.depend,
            Some(("caro = \"1.0.5\"".to_owned(), "Cargo.toml"))
        );
        assert_eq!((&library.update, &library.depend), (&None, &both.depend));
        assert_eq!(
            program.install,
            "cargo install caro --version 1.0.5 --force"
        );
        assert_eq!(program.verify, "caro --version");
        assert_eq!(
            program.raise,
            [
                "cargo set-version -p caro 1.0.5",
                "cargo update --workspace"
            ]
        );
        assert!(of(Use::Checkout("v1")).raise.is_empty());
        assert_eq!(program.publish, "cargo publish -p caro");
        assert_eq!(program.withdraw, "cargo yank --version 1.0.5 caro");
        assert_eq!(program.restore, "cargo yank --undo --version 1.0.5 caro");
        for (used, install, verify) in [
            (
                Use::Program { locked: true },
                "cargo install caro --version 1.0.5 --locked --force",
                "caro --version",
            ),
            (
                Use::Library,
                "cargo update -p caro --precise 1.0.5",
                "cargo tree -i caro",
            ),
            (
                Use::ProgramAt("https://x.test/a/caro", "v1.0.5"),
                "cargo install --git https://x.test/a/caro --tag v1.0.5 caro --force",
                "caro --version",
            ),
            (
                Use::LibraryAt("https://x.test/a/caro", "v1.0.5"),
                "cargo add caro --git https://x.test/a/caro --tag v1.0.5",
                "cargo tree -i caro",
            ),
            (
                Use::Checkout("v1.0.5"),
                "git fetch --tags && git checkout v1.0.5",
                "git describe --tags",
            ),
        ] {
            let words = of(used);
            assert_eq!(
                (words.install.as_str(), words.verify.as_str()),
                (install, verify)
            );
        }
    }
}
