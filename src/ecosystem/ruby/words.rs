//! What people type.

use crate::ecosystem::words::{Use, Words};

/// The words for a version of a gem.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    let depends = matches!(used, Use::Both { .. } | Use::Library);
    Words {
        tool: match used {
            Use::Checkout(_) => "Git",
            Use::Library | Use::LibraryAt(..) => "Bundler",
            _ => "RubyGems",
        },
        install: match used {
            Use::Program { .. } | Use::Both { .. } | Use::Library => {
                format!("gem install {package} -v {version}")
            }
            Use::ProgramAt(url, tag) | Use::LibraryAt(url, tag) => {
                format!("bundle add {package} --git {url} --ref {tag}")
            }
            Use::Checkout(tag) => format!("git fetch --tags && git checkout {tag}"),
        },
        update: depends.then(|| format!("bundle update {package} --conservative")),
        depend: depends.then(|| (format!("gem \"{package}\", \"{version}\""), "Gemfile")),
        verify: match used {
            Use::Program { .. } | Use::Both { .. } => format!("{package} --version"),
            Use::Library => format!("gem list --exact {package}"),
            Use::ProgramAt(..) | Use::LibraryAt(..) => format!("bundle info {package}"),
            Use::Checkout(_) => "git describe --tags".to_owned(),
        },
        raise: match used {
            Use::Checkout(_) => Vec::new(),
            _ => vec!["bundle lock".to_owned()],
        },
        build: "gem build",
        publish: format!("gem build && gem push {package}-{version}.gem"),
        withdraw: format!("gem yank {package} -v {version}"),
        // A gem that was yanked cannot be pushed again under its number.
        restore: String::new(),
    }
}
