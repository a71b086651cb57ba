//! What people type.

use crate::ecosystem::words::{Use, Way, Words};

/// The words for a version of a gem.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    let depends = matches!(used, Use::Both { .. } | Use::Library);
    Words {
        tool: match used {
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
        },
        update: depends.then(|| format!("bundle update {package} --conservative")),
        depend: depends.then(|| (format!("gem \"{package}\", \"{version}\""), "Gemfile")),
        verify: match used {
            Use::Program { .. } | Use::Both { .. } => format!("{package} --version"),
            Use::Library => format!("gem list --exact {package}"),
            Use::ProgramAt(..) | Use::LibraryAt(..) => format!("bundle info {package}"),
        },
        // The version itself is written by hand.
        raise: vec!["bundle lock".to_owned()],
        build: "gem build",
        publish: Some(format!("gem build && gem push {package}-{version}.gem")),
        withdraw: Way::Command(format!("gem yank {package} -v {version}")),
        restore: Way::Never("a gem that was yanked cannot be pushed again under its number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type() {
        let of = |used| words(used, "pond", "1.0.5");
        let program = of(Use::Program { locked: false });
        assert_eq!(program.install, "gem install pond -v 1.0.5");
        assert_eq!((&program.update, &program.depend), (&None, &None));
        let library = of(Use::Library);
        assert_eq!(
            library.update.as_deref(),
            Some("bundle update pond --conservative")
        );
        let (line, file) = library.depend.unwrap();
        assert_eq!(
            (line.as_str(), file),
            ("gem \"pond\", \"1.0.5\"", "Gemfile")
        );
        assert_eq!(
            library.withdraw,
            Way::Command("gem yank pond -v 1.0.5".to_owned())
        );
        assert!(matches!(library.restore, Way::Never(_)));
    }
}
