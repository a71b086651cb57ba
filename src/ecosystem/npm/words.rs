//! What people type for npm's packages.

use crate::ecosystem::words::{Use, Way, Words};

/// The words for a version of a package.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    let at = format!("{package}@{version}");
    Words {
        tool: "npm",
        install: match used {
            Use::Program { .. } | Use::Both { .. } => format!("npm install -g {at}"),
            Use::Library => format!("npm install {at}"),
            Use::ProgramAt(url, tag) => format!("npm install -g git+{url}.git#{tag}"),
            Use::LibraryAt(url, tag) => format!("npm install git+{url}.git#{tag}"),
        },
        update: match used {
            Use::Both { .. } => Some(format!("npm install {at}")),
            _ => None,
        },
        depend: match used {
            Use::Both { .. } | Use::Library => {
                Some((format!("\"{package}\": \"^{version}\""), "package.json"))
            }
            _ => None,
        },
        verify: match used {
            Use::Program { .. } | Use::Both { .. } => format!("npx -y {at} --version"),
            Use::ProgramAt(..) => format!("npm ls -g {package}"),
            Use::Library | Use::LibraryAt(..) => format!("npm ls {package}"),
        },
        raise: vec![format!(
            "npm version {version} --no-git-tag-version --ignore-scripts"
        )],
        build: "npm ci && npm run build --if-present",
        publish: Some("npm publish".to_owned()),
        withdraw: Way::Command(format!("npm deprecate {at} \"taken back, do not use it\"")),
        restore: Way::Command(format!("npm deprecate {at} \"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npms_commands() {
        let of = |used| words(used, "@pond/duck", "1.0.5");
        let program = of(Use::Program { locked: false });
        assert_eq!(program.install, "npm install -g @pond/duck@1.0.5");
        assert_eq!(program.verify, "npx -y @pond/duck@1.0.5 --version");
        assert_eq!((&program.update, &program.depend), (&None, &None));
        let library = of(Use::Library);
        assert_eq!(library.install, "npm install @pond/duck@1.0.5");
        assert_eq!(library.verify, "npm ls @pond/duck");
        let both = of(Use::Both { locked: true });
        assert_eq!(both.update.as_ref(), Some(&library.install));
        let line = "\"@pond/duck\": \"^1.0.5\"".to_owned();
        assert_eq!(both.depend, Some((line, "package.json")));
        let at = of(Use::LibraryAt("https://x.test/pond/duck", "v1.0.5"));
        assert_eq!(
            at.install,
            "npm install git+https://x.test/pond/duck.git#v1.0.5"
        );
        let undone = "npm deprecate @pond/duck@1.0.5 \"\"".to_owned();
        assert_eq!(program.restore, Way::Command(undone));
    }
}
