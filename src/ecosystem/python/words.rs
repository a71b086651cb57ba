//! What people type.

use crate::ecosystem::words::{Use, Words};

/// The words for a version of a package.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    Words {
        tool: match used {
            Use::Checkout(_) => "Git",
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
            Use::Checkout(tag) => format!("git fetch --tags && git checkout {tag}"),
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
            Use::Checkout(_) => "git describe --tags".to_owned(),
        },
        raise: match used {
            Use::Checkout(_) => Vec::new(),
            _ => vec![format!("uv version --frozen {version}")],
        },
        build: "python -m build",
        publish: "python -m build && twine upload dist/*".to_owned(),
        // The index has no command for it: its owners do it on the project's page.
        withdraw: format!("yank {package} {version} on its page on PyPI"),
        restore: format!("un-yank {package} {version} on its page on PyPI"),
    }
}
