//! Other CI systems than GitHub Actions, by the files that tell them what to do.

mod tags;

pub use self::tags::leaves_tags_out;

/// What tells getsentry/craft how to release: it makes the tag, and publishes, by a
/// decision that is made elsewhere. (craft.sentry.dev, configuration.)
const CRAFT: &str = ".craft.yml";

/// Where such a file stands, in lower case; a `*` stands for anything without a
/// slash. (Each system's own documentation.)
const FILES: &[&str] = &[
    ".circleci/config.yml",
    ".circleci/config.yaml",
    ".gitlab-ci.yml",
    ".gitlab-ci.yaml",
    "azure-pipelines*.yml",
    "azure-pipelines*.yaml",
    ".azure-pipelines/*.yml",
    ".azure-pipelines.yml",
    ".travis.yml",
    "jenkinsfile",
    ".buildkite/pipeline*.yml",
    ".buildkite/pipeline*.yaml",
    ".drone.yml",
    ".drone.yaml",
    ".woodpecker.yml",
    ".woodpecker.yaml",
    ".woodpecker/*.yml",
    ".woodpecker/*.yaml",
    ".cirrus.yml",
    ".cirrus.star",
    "appveyor.yml",
    ".appveyor.yml",
    "bitbucket-pipelines.yml",
    ".semaphore/semaphore.yml",
    ".builds/*.yml",
    ".build.yml",
    "cloudbuild.yaml",
    "wercker.yml",
    ".teamcity/settings.kts",
    CRAFT,
];

/// Those of these paths that tell another CI system what to do.
pub fn other_ci(paths: &[&str]) -> Vec<String> {
    let is_one = |path: &&&str| {
        let path = path.to_ascii_lowercase();
        FILES.iter().any(|file| fits(file, &path))
    };
    let found = paths.iter().filter(is_one);
    found.map(|path| (*path).to_owned()).collect()
}

/// What stands in a file that publishes, or that has it done elsewhere: by a script, a
/// target of a build tool, something included, with a secret.
const TELLING: &[&str] = &[
    "publish",
    "deploy",
    "release",
    "upload",
    "push",
    "twine",
    "secure",
    "secret",
    "token",
    "api_key",
    "apikey",
    "password",
    "credential",
    "include:",
    "extends:",
    "orbs:",
    "template",
    "import:",
    "plugins:",
    "./",
    ".sh",
    ".ps1",
    ".psm1",
    ".bat",
    ".cmd",
    ".py",
    ".rb",
    ".js",
    "make",
    "rake",
    "mage ",
    "just ",
    "npm run",
    "yarn",
    "pnpm",
    "gradle",
    "mvn",
    "nox",
    "tox",
    "bazel",
    "xtask",
    "cargo run",
    "docker",
    "ansible",
    "bash ",
    " sh ",
    "powershell",
    "pwsh",
    "python ",
    "ruby ",
    "node ",
    "npx",
    "lerna",
    "sbt",
    "nuget",
    "invoke",
    "aws ",
    "gsutil",
    "gcloud",
    "scp ",
    "rsync",
    "ftp",
    "kubectl",
    "helm",
    "curl -t",
];

/// What has such a word in it and publishes nothing.
const HARMLESS: &[&str] = &[
    "--release",
    "target/release",
    "on_push",
    "pull_request",
    "nuget install",
    "nuget restore",
];

/// Whether it tests nothing, and releases alone.
pub fn only_releases(path: &str) -> bool {
    path == CRAFT
}

/// Whether what the file of this path says may publish a tag's release. Only what plainly
/// does not is told from the rest: nobody sees what another system does.
pub fn may_publish(path: &str, text: &str) -> bool {
    only_releases(path) || !leaves_tags_out(path, text) && says_publishing(text)
}

fn says_publishing(text: &str) -> bool {
    let says = text.lines().map(str::trim_start);
    let says = says.filter(|line| !line.starts_with('#'));
    says.map(str::to_ascii_lowercase).any(|mut line| {
        for harmless in HARMLESS {
            line = line.replace(harmless, "");
        }
        TELLING.iter().any(|word| line.contains(word))
    })
}

fn fits(file: &str, path: &str) -> bool {
    let Some((before, after)) = file.split_once('*') else {
        return file == path;
    };
    let rest = path.strip_prefix(before);
    let between = rest.and_then(|rest| rest.strip_suffix(after));
    between.is_some_and(|between| !between.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_publishes_nothing() {
        for tests in [
            "test_script:\n  - cargo test --lib --release\n",
            "install:\n  - cmd: nuget install redis-64 -excludeversion\n  - nuget restore\n",
            "install:\n  - appveyor DownloadFile https://win.rustup.rs/ -FileName r.exe\n# deploy: no\n",
            "language: rust\nscript:\n  - cargo test --all\ncache: cargo\n",
            "install:\n  - SET SQLITE3_INCLUDE_DIR=%APPVEYOR_BUILD_FOLDER%\n",
            "task:\n  freebsd_instance:\n    image_family: freebsd-14\n  test_script:\n    - cargo test\n",
            "",
        ] {
            assert!(!says_publishing(tests), "{tests}");
        }
        for publishes in [
            "deploy:\n  provider: NuGet\n",
            "script:\n  - cargo publish\n",
            "script:\n  - ./ci/after.sh\n",
            "steps:\n  - script: make all\n",
            "env:\n  global:\n    - secure: abc\n",
            "include:\n  - project: ours/ci\n",
            "orbs:\n  gh: circleci/github-cli@2\n",
            "script:\n  - python setup.py sdist && twine upload dist/*\n",
            "- task: PublishBuildArtifacts@1\n",
            "after_success:\n  - bash ci/after\n",
            "script: npx lerna version\n",
            "steps:\n  - run: aws s3 cp target/a.zip s3://ours/\n",
            "steps:\n  - run: rsync -a target/a.zip ours:/srv/\n",
            "build_script:\n  - cargo build --release && git push --tags\n",
        ] {
            assert!(says_publishing(publishes), "{publishes}");
        }
    }

    #[test]
    fn what_runs_for_no_tag_publishes_no_release() {
        let text = "branches:\n  only: [master]\ndeploy:\n  provider: npm\n";
        assert!(!may_publish(".travis.yml", text));
        assert!(may_publish("appveyor.yml", text));
        assert!(may_publish(".craft.yml", "minVersion: 1.0.0\n"));
    }

    #[test]
    fn each_system_is_known_by_its_file() {
        for path in [
            ".circleci/config.yml",
            ".gitlab-ci.yml",
            "azure-pipelines.yml",
            "azure-pipelines-release.yml",
            ".travis.yml",
            "Jenkinsfile",
            ".buildkite/pipeline.yml",
            ".buildkite/pipeline.release.yml",
            ".drone.yml",
            ".woodpecker.yml",
            ".woodpecker/release.yaml",
            ".cirrus.yml",
            "appveyor.yml",
            ".appveyor.yml",
            "bitbucket-pipelines.yml",
            ".semaphore/semaphore.yml",
            ".craft.yml",
        ] {
            assert_eq!(other_ci(&["a", path]), [path]);
        }
        for path in [
            ".github/workflows/ci.yml",
            "examples/.travis.yml",
            "docs/Jenkinsfile",
            ".buildkite/hooks/pipeline.sh",
            ".woodpecker/scripts/a.yml",
            "travis.yml",
            "azure-pipelines/readme.md",
        ] {
            assert!(other_ci(&[path]).is_empty(), "{path}");
        }
    }
}
