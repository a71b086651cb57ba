//! What people type for a Go module.

use super::module;
use crate::ecosystem::words::{Use, Way, Words, checkout};

/// The commands for one version of a module.
pub fn words(used: Use<'_>, package: &str, version: &str) -> Words {
    let get = format!("go get {package}@v{version}");
    let depend = Some((format!("require {package} v{version}"), "go.mod"));
    let list = format!("go list -m {package}");
    let shown = |name: &str| format!("go version -m \"$(command -v {name})\"");
    let name = module::program(package);
    let (install, update, depend, verify) = match used {
        Use::Program { .. } => (
            format!("go install {package}@v{version}"),
            None,
            None,
            shown(name),
        ),
        // A program of a module stands below `cmd`.
        Use::Both { .. } => (
            format!("go install {package}/cmd/...@v{version}"),
            Some(get),
            depend,
            shown(name),
        ),
        Use::Library => (get, None, depend, list),
        Use::ProgramAt(_, tag) | Use::LibraryAt(_, tag) => {
            return Words {
                tool: "Go",
                build: BUILD,
                ..checkout(tag)
            };
        }
    };
    Words {
        tool: "Go",
        install,
        update,
        depend,
        verify,
        raise: Vec::new(),
        build: BUILD,
        publish: None,
        withdraw: Way::ByHand(format!(
            "retract v{version} in the go.mod of a later version (retract v{version} // reason); what the module proxy has of it stays"
        )),
        restore: Way::ByHand(format!(
            "take the line that retracts v{version} out of the go.mod of a later version"
        )),
    }
}

const BUILD: &str = "go build ./...";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gos_commands() {
        let of = |used| words(used, "example.test/a/caro/v2", "2.0.1");
        let program = of(Use::Program { locked: false });
        assert_eq!(program.install, "go install example.test/a/caro/v2@v2.0.1");
        assert_eq!(program.verify, "go version -m \"$(command -v caro)\"");
        assert_eq!((program.publish, program.depend), (None, None));
        let both = of(Use::Both { locked: false });
        assert_eq!(
            both.install,
            "go install example.test/a/caro/v2/cmd/...@v2.0.1"
        );
        let library = of(Use::Library);
        assert_eq!(library.install, "go get example.test/a/caro/v2@v2.0.1");
        assert_eq!(both.update, Some(library.install));
        assert!(matches!(library.withdraw, Way::ByHand(words) if words.contains("retract v2.0.1")));
        // What the proxy does not serve is had from the repository.
        let at = of(Use::ProgramAt("https://hub.test/a/caro", "v2.0.1"));
        assert_eq!(at.install, "git fetch --tags && git checkout v2.0.1");
    }
}
