//! Which steps publish to another registry than crates.io, by their text.

use super::args::Args;
use super::condition::Context;
use super::parts::StepDef;

/// A registry beside crates.io.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// npm.
    Npm,
    /// PyPI.
    Pypi,
    /// RubyGems.
    Gem,
    /// Go's module proxy: the tag is what is published.
    Go,
    /// Maven Central.
    Maven,
    /// Images and charts.
    Oci,
    /// A chart repository.
    Helm,
}

/// A package that is published there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// Where.
    pub place: Place,
    /// The folder, where it is not the root.
    pub dir: Option<String>,
    /// npm's `--tag`.
    pub pointer: Option<String>,
    /// Every package of the repository, and not the one at the folder.
    pub all: bool,
    /// The image as it is written, tag included.
    pub image: Option<String>,
}

impl Publish {
    fn to(place: Place) -> Publish {
        Publish {
            place,
            dir: None,
            pointer: None,
            all: false,
            image: None,
        }
    }

    fn image(image: &str) -> Publish {
        Publish {
            image: Some(image.to_owned()),
            ..Publish::to(Place::Oci)
        }
    }
}

/// Whether a word means a registry for trying things out.
fn is_a_trial(word: &str) -> bool {
    ["testpypi", "test.pypi", "localhost", "127.0.0.1"]
        .iter()
        .any(|trial| word.contains(trial))
}

/// What a command publishes; none: it is none of these.
pub(super) fn of_command(words: &[&str]) -> Option<Vec<Publish>> {
    let tool = words.first()?.rsplit('/').next()?;
    // What runs a tool of the project's.
    let (tool, words) = match (tool, words.get(1..)?) {
        ("python" | "python3" | "uv" | "bundle", ["-m" | "run" | "exec", tool, rest @ ..]) => {
            (*tool, rest)
        }
        ("npx" | "uvx" | "pipx", ["run", tool, rest @ ..] | [tool, rest @ ..]) => (*tool, rest),
        (tool, rest) => (tool, rest),
    };
    let dry = words.iter().any(|word| {
        ["--dry-run", "-n", "--help", "--check", "--build"].contains(word) && *word != "--build"
            || is_a_trial(word)
    });
    let verb = |wanted: &str| words.iter().find(|it| !it.starts_with('-')) == Some(&wanted);
    let one = |place| Some(vec![Publish::to(place)]);
    let found = match tool {
        "npm" | "pnpm" | "yarn" | "bun"
            if verb("publish")
                || words.starts_with(&["npm", "publish"])
                || words.starts_with(&["stage", "publish"]) =>
        {
            Some(vec![of_npm(words)])
        }
        "twine" if verb("upload") => one(Place::Pypi),
        "uv" | "poetry" | "flit" | "hatch" | "pdm" if verb("publish") => one(Place::Pypi),
        "maturin" if verb("publish") || verb("upload") => one(Place::Pypi),
        "gem" if verb("push") => one(Place::Gem),
        "mvn" | "mvnw"
            if words
                .iter()
                .any(|it| *it == "deploy" || it.ends_with(":deploy")) =>
        {
            one(Place::Maven)
        }
        "gradle" | "gradlew" if words.iter().any(|it| is_gradles_publish(it)) => one(Place::Maven),
        "docker" | "podman" if verb("push") => {
            let image = words.iter().rfind(|it| !it.starts_with('-'));
            image.map(|image| vec![Publish::image(image)])
        }
        "docker" if words.contains(&"build") && words.contains(&"--push") => {
            let after = words.iter().zip(words.iter().skip(1));
            let tags = after.filter(|(flag, _)| ["-t", "--tag"].contains(*flag));
            Some(tags.map(|(_, image)| Publish::image(image)).collect())
        }
        "helm" if verb("push") => {
            let root = words.iter().find_map(|it| it.strip_prefix("oci://"))?;
            Some(vec![Publish {
                image: Some(root.to_owned()),
                ..Publish::to(Place::Helm)
            }])
        }
        "cr" if verb("upload") || verb("index") => one(Place::Helm),
        _ => None,
    };
    match dry {
        true => found.map(|_| Vec::new()),
        false => found,
    }
}

/// `publish`, `publishAllPublicationsToMavenCentralRepository`,
/// `publishAndReleaseToMavenCentral`; not `publishToMavenLocal`.
fn is_gradles_publish(task: &str) -> bool {
    let task = task.rsplit(':').next().unwrap_or(task);
    task.starts_with("publish") && !task.contains("Local") || task == "uploadArchives"
}

fn of_npm(words: &[&str]) -> Publish {
    let args = Args::of(words);
    let after = |flags: &[&str]| {
        let mut pairs = words.iter().zip(words.iter().skip(1));
        let found = pairs.find(|(flag, _)| flags.contains(*flag));
        found.map(|(_, value)| (*value).to_owned())
    };
    let folder = args.plain.iter().find(|it| it.starts_with("./"));
    let all = ["-r", "--recursive", "--workspaces", "-ws"];
    Publish {
        pointer: after(&["--tag"]).or_else(|| args.value(&["--tag"])),
        dir: after(&["--prefix", "-C"])
            .or_else(|| folder.cloned())
            .map(|dir| bare(&dir)),
        all: words.iter().any(|it| all.contains(it)),
        ..Publish::to(Place::Npm)
    }
}

/// A folder without what leads to it.
pub(super) fn bare(dir: &str) -> String {
    dir.trim_start_matches("./").trim_matches('/').to_owned()
}

/// What an action publishes; none: it is none of these.
pub(super) fn of_action(
    action: &str,
    step: &StepDef,
    fill: impl Fn(&str, &Context) -> String,
    context: &Context,
) -> Option<Vec<Publish>> {
    let with = |name: &str| step.with.get(name).map(|text| fill(text, context));
    let yes = |name: &str| with(name).as_deref() == Some("true");
    let found = match action {
        "pypa/gh-action-pypi-publish" => {
            let to = with("repository-url").or_else(|| with("repository_url"));
            match to.is_some_and(|to| is_a_trial(&to)) {
                true => Vec::new(),
                false => vec![Publish::to(Place::Pypi)],
            }
        }
        "pyo3/maturin-action" | "messense/maturin-action" => {
            let command = with("command").unwrap_or_default();
            if !["publish", "upload"].contains(&command.trim()) {
                return None;
            }
            let args = with("args").unwrap_or_default();
            let words: Vec<&str> = args.split_whitespace().collect();
            let flags = words.iter().zip(words.iter().skip(1));
            let mut flags = flags.filter(|(flag, _)| ["-m", "--manifest-path"].contains(*flag));
            let manifest = flags
                .next()
                .and_then(|(_, path)| path.strip_suffix("Cargo.toml"));
            let dir = manifest
                .map(bare)
                .or_else(|| with("working-directory").map(|it| bare(&it)));
            match words.iter().any(|it| is_a_trial(it)) {
                true => Vec::new(),
                false => vec![Publish {
                    dir: dir.filter(|dir| !dir.is_empty()),
                    ..Publish::to(Place::Pypi)
                }],
            }
        }
        "rubygems/release-gem" => vec![Publish::to(Place::Gem)],
        "js-devtools/npm-publish" if yes("dry-run") => Vec::new(),
        "js-devtools/npm-publish" => {
            let package = with("package").unwrap_or_default();
            let dir = package.strip_suffix("package.json").unwrap_or(&package);
            vec![Publish {
                pointer: with("tag"),
                dir: Some(bare(dir)).filter(|dir| !dir.is_empty()),
                ..Publish::to(Place::Npm)
            }]
        }
        "docker/build-push-action" if !yes("push") => Vec::new(),
        "docker/build-push-action" => {
            let tags = with("tags").unwrap_or_default();
            let tags = tags.split(['\n', ',']).map(str::trim);
            tags.filter(|tag| !tag.is_empty())
                .map(Publish::image)
                .collect()
        }
        "helm/chart-releaser-action" => vec![Publish {
            all: true,
            ..Publish::to(Place::Helm)
        }],
        _ => return None,
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str) -> Option<Vec<Publish>> {
        let words: Vec<&str> = command.split_whitespace().collect();
        of_command(&words)
    }

    #[test]
    fn publishing_commands_are_told_from_those_that_only_look_so() {
        for (command, place) in [
            ("npm publish --access public", Place::Npm),
            ("pnpm -r publish --no-git-checks", Place::Npm),
            ("yarn npm publish", Place::Npm),
            ("twine upload dist/*", Place::Pypi),
            ("python -m twine upload dist/*", Place::Pypi),
            ("uv publish", Place::Pypi),
            ("uv run flit publish", Place::Pypi),
            ("poetry publish --build", Place::Pypi),
            ("gem push lantern-1.0.5.gem", Place::Gem),
            ("bundle exec gem push x.gem", Place::Gem),
            ("mvn -B -Prelease deploy", Place::Maven),
            ("./mvnw clean deploy", Place::Maven),
            ("./gradlew publishAndReleaseToMavenCentral", Place::Maven),
            ("docker push ghcr.test/harbour/lantern:1.0.5", Place::Oci),
            (
                "docker buildx build --push -t harbour/lantern:1 .",
                Place::Oci,
            ),
            (
                "helm push lantern-1.0.5.tgz oci://ghcr.test/harbour/charts",
                Place::Helm,
            ),
        ] {
            let found = of(command).unwrap_or_default();
            assert_eq!(found.first().map(|it| it.place), Some(place), "{command}");
        }
        for command in [
            "npm publish --dry-run",
            "twine upload -r testpypi dist/*",
            "poetry publish --dry-run",
        ] {
            assert_eq!(of(command), Some(Vec::new()), "{command}");
        }
        for command in [
            "npm pack",
            "npm ci",
            "twine check dist/*",
            "gem build x.gemspec",
            "mvn verify",
            "./gradlew publishToMavenLocal",
            "docker build .",
            "helm package .",
            "uv build",
        ] {
            assert_eq!(of(command), None, "{command}");
        }
    }

    #[test]
    fn an_action_that_builds_wheels_uploads_them_where_it_is_told_to() {
        for (command, args, dir) in [
            ("upload", "--skip-existing wheels-*/*", Some(None)),
            ("publish", "-m py/Cargo.toml", Some(Some("py"))),
            ("publish", "--manifest-path ./Cargo.toml", Some(None)),
            ("build", "--release", None),
            ("sdist", "--out dist", None),
        ] {
            let with = [("command", command), ("args", args)];
            let with = with.map(|(name, text)| (name.to_owned(), text.to_owned()));
            let step = StepDef {
                with: with.into(),
                ..StepDef::default()
            };
            let fill = |text: &str, _: &Context| text.to_owned();
            let context = Context::default();
            let found = of_action("pyo3/maturin-action", &step, fill, &context);
            let found = found.map(|all| all[0].dir.clone());
            let expected = dir.map(|dir| dir.map(str::to_owned));
            assert_eq!(found, expected, "{command} {args}");
        }
    }

    #[test]
    fn what_a_package_is_and_where_its_pointer_goes_is_read() {
        let found = of("npm publish ./packages/core --tag latest-4").unwrap();
        assert_eq!(found[0].pointer.as_deref(), Some("latest-4"));
        assert_eq!(found[0].dir.as_deref(), Some("packages/core"));
        assert!(of("pnpm -r publish --tag=next").unwrap()[0].all);
        assert_eq!(
            of("pnpm publish --tag=next").unwrap()[0].pointer.as_deref(),
            Some("next")
        );
        let image = of("docker push harbour/lantern:1.0.5").unwrap();
        assert_eq!(image[0].image.as_deref(), Some("harbour/lantern:1.0.5"));
    }
}
