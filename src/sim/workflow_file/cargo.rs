//! `cargo publish`, and the action that does it for a workspace.

use super::args::{Args, readable};

/// What of a repository's crates goes to the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crates {
    /// `-p NAME`.
    pub package: Option<String>,
    /// `--manifest-path`, or that of the step's `working-directory`; else the root's
    /// manifest is meant.
    pub manifest: Option<String>,
    /// Every package of the workspace, where it is not there already.
    pub all: bool,
}

/// What `cargo publish` with these arguments publishes.
pub(super) fn publish(rest: &[&str]) -> Option<Crates> {
    let args = Args::of(rest);
    let found = Crates {
        package: args.value(&["-p", "--package"]).and_then(readable),
        manifest: args.value(&["--manifest-path"]).and_then(readable),
        all: args.has(&["--workspace", "--all"]),
    };
    (!args.has(&["--dry-run", "-n"])).then_some(found)
}

/// What `katyo/publish-crates` does at a folder; it leaves alone what is there already.
pub(super) fn workspace(folder: Option<String>) -> Crates {
    let mut all = Crates {
        all: true,
        ..Crates::default()
    };
    if let Some(folder) = folder.and_then(readable) {
        all.work_in(&folder);
    }
    all
}

impl Crates {
    /// Where the command runs in this folder.
    pub(super) fn work_in(&mut self, dir: &str) {
        let path = self.manifest.take();
        let path = path.unwrap_or_else(|| "Cargo.toml".to_owned());
        let whole = format!("{dir}/{path}");
        let parts = whole.split('/').filter(|part| !["", "."].contains(part));
        self.manifest = Some(parts.collect::<Vec<_>>().join("/"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_publish_finds_its_manifest() {
        for (dir, manifest, expected) in [
            ("./tokenizers", None, "tokenizers/Cargo.toml"),
            (".", None, "Cargo.toml"),
            ("./", Some("a/Cargo.toml"), "a/Cargo.toml"),
            (".github/x/", None, ".github/x/Cargo.toml"),
        ] {
            let mut crates = Crates {
                manifest: manifest.map(str::to_owned),
                ..Crates::default()
            };
            crates.work_in(dir);
            assert_eq!(crates.manifest.as_deref(), Some(expected), "{dir}");
        }
        let of = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            publish(&words)
        };
        assert!(of("--workspace --locked").is_some_and(|it| it.all));
        assert!(of("-p a").is_some_and(|it| !it.all));
        assert_eq!(of("--workspace --dry-run"), None);
        let below = workspace(Some("./rust".to_owned()));
        assert_eq!(below.manifest.as_deref(), Some("rust/Cargo.toml"));
        assert!(below.all && workspace(None).manifest.is_none());
    }
}
