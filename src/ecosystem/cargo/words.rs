//! What people type for crates.

use crate::ecosystem::words::{Use, Way, Words};

/// The words for a version of a package.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    Words {
        tool: "Cargo",
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
        },
        raise: vec![
            format!("cargo set-version -p {package} {version}"),
            "cargo update --workspace".to_owned(),
        ],
        build: "cargo build --release",
        publish: Some(format!("cargo publish -p {package}")),
        withdraw: Way::Command(format!("cargo yank --version {version} {package}")),
        restore: Way::Command(format!("cargo yank --undo --version {version} {package}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_commands() {
        let of = |used| words(used, "caro", "1.0.5");
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
        assert_eq!(program.publish.as_deref(), Some("cargo publish -p caro"));
        let command = |text: &str| Way::Command(text.to_owned());
        assert_eq!(program.withdraw, command("cargo yank --version 1.0.5 caro"));
        let undone = command("cargo yank --undo --version 1.0.5 caro");
        assert_eq!(program.restore, undone);
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
        ] {
            let words = of(used);
            assert_eq!(
                (words.install.as_str(), words.verify.as_str()),
                (install, verify)
            );
        }
    }
}
