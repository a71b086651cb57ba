//! What people type.

use crate::ecosystem::words::{Use, Way, Words};

/// The words for a version of a package.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    Words {
        tool: match used {
            Use::Program { .. } | Use::Both { .. } | Use::ProgramAt(..) => "pipx",
            Use::Library | Use::LibraryAt(..) => "pip",
        },
        install: match used {
            Use::Program { .. } | Use::Both { .. } => {
                format!("pipx install --force {package}=={version}")
            }
            Use::Library => format!("pip install {package}=={version}"),
            Use::ProgramAt(url, tag) => format!("pipx install --force git+{url}@{tag}"),
            Use::LibraryAt(url, tag) => format!("pip install \"{package} @ git+{url}@{tag}\""),
        },
        update: match used {
            Use::Both { .. } => Some(format!("pip install {package}=={version}")),
            _ => None,
        },
        depend: match used {
            Use::Both { .. } | Use::Library => {
                Some((format!("{package}=={version}"), "requirements.txt"))
            }
            _ => None,
        },
        verify: match used {
            Use::Program { .. } | Use::Both { .. } | Use::ProgramAt(..) => {
                format!("{package} --version")
            }
            Use::Library | Use::LibraryAt(..) => format!("pip show {package}"),
        },
        raise: vec![format!("uv version --frozen {version}")],
        build: "python -m build",
        publish: Some("python -m build && twine upload dist/*".to_owned()),
        // The index has no command for it: its owners do it on the project's page.
        withdraw: Way::ByHand(format!("yank {package} {version} on its page at PyPI")),
        restore: Way::ByHand(format!(
            "take the yank of {package} {version} back on its page at PyPI"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type() {
        let of = |used| words(used, "pond", "1.0.5");
        let program = of(Use::Program { locked: false });
        assert_eq!(program.install, "pipx install --force pond==1.0.5");
        assert_eq!((&program.update, &program.depend), (&None, &None));
        let both = of(Use::Both { locked: false });
        let library = of(Use::Library);
        assert_eq!(both.update.as_ref(), Some(&library.install));
        assert_eq!(library.install, "pip install pond==1.0.5");
        assert_eq!(both.depend, library.depend);
        let (line, file) = library.depend.unwrap();
        assert_eq!((line.as_str(), file), ("pond==1.0.5", "requirements.txt"));
        let at = of(Use::LibraryAt("https://x.test/a/pond", "v1.0.5"));
        assert_eq!(
            at.install,
            "pip install \"pond @ git+https://x.test/a/pond@v1.0.5\""
        );
        assert!(matches!(at.withdraw, Way::ByHand(_)));
    }
}
