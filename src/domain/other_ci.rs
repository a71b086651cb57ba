//! Other CI systems than GitHub Actions, by the files that tell them what to do.

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
