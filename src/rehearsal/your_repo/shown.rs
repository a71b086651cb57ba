//! What in a repository shows that its packages are published.

use std::collections::BTreeSet;

use crate::rehearsal::project::{Kind, Package};
use crate::sim::Repo;
use crate::sim::actions::condition::Context;
use crate::sim::actions::files;
use crate::sim::actions::infer::{Effect, effects};

/// Words of a workflow that publishes, by kind.
fn publishing(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Cargo => &[
            "cargo publish",
            "cargo release",
            "release-plz",
            "crates-io-auth-action",
            "publish-crates",
            "CARGO_REGISTRY_TOKEN",
        ],
        Kind::Npm => &[
            "npm publish",
            "npm stage publish",
            "yarn publish",
            "bun publish",
            "changesets/action",
            "changeset publish",
            "semantic-release",
            "lerna publish",
            "release-it",
            "nx release",
            "NPM_TOKEN",
            "NODE_AUTH_TOKEN",
            "registry.npmjs.org",
        ],
        Kind::Python => &[
            "gh-action-pypi-publish",
            "twine upload",
            "poetry publish",
            "flit publish",
            "uv publish",
            "hatch publish",
            "pdm publish",
            "maturin publish",
            "maturin upload",
            "PYPI_",
        ],
        Kind::Ruby => &["gem push", "release-gem", "rake release", "RUBYGEMS"],
        Kind::Java => &[
            "MavenCentral",
            "MAVEN_CENTRAL",
            "OSSRH",
            "SONATYPE",
            "sonatype",
            " deploy",
        ],
        Kind::Helm => &["helm push", "chart-releaser", "cr upload"],
        Kind::Go | Kind::Action | Kind::Other => &[],
    }
}

/// What stands before a package's name where somebody is told to get it.
fn getting(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Cargo => &[
            "crates.io/crates/",
            "crates/v/",
            "docs.rs/",
            "cargo install ",
        ],
        Kind::Npm => &[
            "/package/",
            "npm/v/",
            "npm install ",
            "npm install --save ",
            "npm install --save-dev ",
            "npm install -D ",
            "npm install -g ",
            "npm install --global ",
            "npm i ",
            "npm i -D ",
            "npm i -g ",
            "yarn add ",
            "pnpm add ",
            "npx ",
            "unpkg.com/",
            "jsdelivr.net/npm/",
        ],
        Kind::Python => &[
            "/project/",
            "pypi/v/",
            "pypi/pyversions/",
            "/pypi/",
            "pip install ",
            "pip install -U ",
            "pip3 install ",
            "pipx install ",
            "uv add ",
            "uv tool install ",
            "poetry add ",
        ],
        Kind::Ruby => &[
            "/gems/",
            "gem/v/",
            "badge.fury.io/rb/",
            "gem install ",
            "gem '",
            "gem \"",
        ],
        Kind::Java => &["<artifactId>", "maven-central/v/", "/artifact/"],
        Kind::Helm => &["helm install ", "/packages/helm/", "helm upgrade "],
        Kind::Go | Kind::Action | Kind::Other => &[],
    }
}

/// Files at the root that tell a tool, or people, how to release.
const TOLD: &[&str] = &["cog.toml", "justfile", "Justfile", "Makefile"];

/// What in a repository speaks of a registry.
pub struct Shown {
    /// The lines of its workflows, and of what else tells how to release, that are no
    /// comments.
    workflows: String,
    /// Every README.
    readmes: String,
    /// The crates that the workflows publish, where they name each.
    crates: Option<BTreeSet<String>>,
}

/// The crates that the workflows of a commit publish; none: they name none, or not
/// all.
fn crates(repo: &Repo, commit: &str) -> Option<BTreeSet<String>> {
    let files = files::read(&repo.git, commit);
    let flows = files.iter().filter_map(|file| file.flow.as_ref().ok());
    let jobs = flows.flat_map(|flow| &flow.jobs);
    let steps = jobs.flat_map(|job| &job.steps);
    let done = steps.flat_map(|step| effects(step, &Context::default(), true));
    let named = done.filter_map(|effect| match effect {
        Effect::Publish(of) => Some(of.package),
        _ => None,
    });
    let all: Option<BTreeSet<String>> = named.collect();
    all.filter(|all| !all.is_empty())
}

impl Shown {
    /// Reads a commit.
    pub fn at(repo: &Repo, commit: &str) -> Shown {
        let git = &repo.git;
        let text = |path: &String| {
            let bytes = git.file_at(commit, path).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let files = git.paths_at(commit, ".github/workflows");
        let told = TOLD.iter().map(|path| (*path).to_owned());
        let workflows: Vec<String> = files.into_iter().chain(told).map(|it| text(&it)).collect();
        let lines = workflows.iter().flat_map(|it| it.lines());
        let lines: Vec<&str> = lines
            .filter(|it| !it.trim_start().starts_with('#'))
            .collect();
        let is_readme = |p: &&String| {
            let name = p.rsplit('/').next().unwrap_or(p).to_lowercase();
            name.starts_with("readme") && p.matches('/').count() < 3
        };
        let paths = git.paths_at(commit, "");
        let readmes: Vec<String> = paths.iter().filter(is_readme).map(text).collect();
        Shown {
            workflows: lines.join("\n"),
            readmes: readmes.join("\n"),
            crates: crates(repo, commit),
        }
    }

    /// What shows that a package is published, in words.
    pub fn by(&self, package: &Package) -> Option<&'static str> {
        let kind = package.kind;
        if kind == Kind::Go {
            return Some("its tags");
        }
        // A Maven name has its group in front.
        let name = package.name.rsplit(':').next().unwrap_or_default();
        if getting(kind).iter().any(|before| self.names(before, name)) {
            return Some("a README names it");
        }
        let others = match &self.crates {
            Some(crates) => kind == Kind::Cargo && !crates.contains(&package.name),
            None => false,
        };
        let mut words = publishing(kind).iter();
        let publishes = !others && words.any(|it| self.workflows.contains(it));
        publishes.then_some("a workflow publishes")
    }

    /// Whether a README has a name right behind these words.
    fn names(&self, before: &str, name: &str) -> bool {
        let mut found = self.readmes.match_indices(before);
        found.any(|(at, _)| {
            let rest = self.readmes.get(at + before.len()..).unwrap_or_default();
            let word = |c: char| c.is_ascii_alphanumeric() || "-_@/".contains(c);
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let rest = rest.get(..end).unwrap_or_default();
            // Behind the name a link may go on, or a version stand.
            let behind = rest
                .get(..name.len())
                .filter(|it| it.eq_ignore_ascii_case(name));
            let after = rest.get(name.len()..).unwrap_or_default();
            behind.is_some() && (after.is_empty() || after.starts_with(['@', '/']))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_or_a_workflow_shows_it() {
        let package = |kind, name: &str| Package {
            kind,
            name: name.to_owned(),
            dir: String::new(),
            manifest: String::new(),
            version: String::new(),
            published: true,
            in_workspace: false,
        };
        let by = |readme: &str, workflow: &str, kind, name: &str| {
            let shown = Shown {
                workflows: workflow.to_owned(),
                readmes: readme.to_owned(),
                crates: None,
            };
            shown.by(&package(kind, name))
        };
        let readme = Some("a README names it");
        let workflow = Some("a workflow publishes");
        for (text, file, kind, name, expected) in [
            ("npm install @a/tide", "", Kind::Npm, "@a/tide", readme),
            ("npm install tide-table", "", Kind::Npm, "tide", None),
            (
                "https://npm.test/package/tide@1/x",
                "",
                Kind::Npm,
                "tide",
                readme,
            ),
            ("pip install Tide", "", Kind::Python, "tide", readme),
            ("gem \"tide\"", "", Kind::Ruby, "tide", readme),
            (
                "<artifactId>tide</artifactId>",
                "",
                Kind::Java,
                "a:tide",
                readme,
            ),
            ("", "run: npm publish", Kind::Npm, "tide", workflow),
            ("", "run: npm publish", Kind::Python, "tide", None),
            ("", "", Kind::Go, "hub.test/a/tide", Some("its tags")),
        ] {
            assert_eq!(by(text, file, kind, name), expected, "{text}{file}");
        }
    }
}
