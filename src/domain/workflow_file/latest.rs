//! What makes a release, an image or a package the newest, whatever its number.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shell::{self, Words};
use super::step::{input, is_idle, named};

/// What says which version is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latest {
    /// The release that GitHub shows first.
    Github,
    /// The same, for nothing is said of it and GitHub's own default does it. (REST,
    /// "Create a release" and "Update a release": `make_latest` is `true` unless it
    /// is given.)
    Unsaid(Says),
    /// The image `latest`.
    Image,
    /// The tag `latest` of an npm package.
    Npm,
    /// A tag of that name in the repository.
    Tag,
}

/// What keeps a release from becoming GitHub's latest, where it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// The input `make_latest: false`.
    MakeLatest,
    /// The input `makeLatest: false`.
    MakeLatestCamel,
    /// The input `latest: false`.
    LatestInput,
    /// The flag `--latest=false` of `gh release`.
    Flag,
    /// Nothing: the action has no word for it.
    Nothing,
}

/// The actions that make a release as GitHub's latest unless they are told
/// otherwise, with the word that tells them.
const MAKERS: &[(&str, Says)] = &[
    ("softprops/action-gh-release", Says::MakeLatest),
    ("svenstaro/upload-release-action", Says::MakeLatest),
    ("ncipollo/release-action", Says::MakeLatestCamel),
    ("release-drafter/release-drafter", Says::LatestInput),
    ("taiki-e/create-gh-release-action", Says::Nothing),
    ("actions/create-release", Says::Nothing),
    ("marvinpinto/action-automatic-releases", Says::Nothing),
];

/// What makes the release that a step publishes GitHub's latest, although it says
/// nothing of that; none: it says something, or makes none that could be.
pub(super) fn unsaid(step: &Value, script: &[Words]) -> Option<Latest> {
    let name = named(step);
    if let Some((_, says)) = MAKERS.iter().find(|(maker, _)| *maker == name) {
        let given = |name: &&str| input(step, name).is_some_and(|it| !it.is_empty());
        let told = ["make_latest", "makeLatest", "latest"].iter().any(given);
        // A draft, and a prerelease, cannot be.
        let is = |name: &&str| input(step, name).as_deref() == Some("true");
        let cannot = ["draft", "prerelease"].iter().any(is);
        return (!told && !cannot).then_some(Latest::Unsaid(*says));
    }
    let of = |words: &&Words| {
        let is = |command: &[&str]| shell::after(words, command).is_some();
        let says = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let drafts = says(&["--draft", "-d", "--draft=true"]);
        let created = is(&["gh", "release", "create"]) && !drafts;
        let published = is(&["gh", "release", "edit"]) && says(&["--draft=false"]);
        let pre = says(&["--prerelease", "-p", "--prerelease=true"]);
        let told = words.iter().any(|word| word.starts_with("--latest"));
        !is_idle(words) && (created || published) && !pre && !told
    };
    script.iter().find(of).map(|_| Latest::Unsaid(Says::Flag))
}

fn pushes_images(step: &Value) -> bool {
    let name = named(step);
    let builds = name == "docker/build-push-action" || name == "docker/bake-action";
    builds && input(step, "push").is_some_and(|push| push != "false")
}

/// What the step makes the newest, whatever its number.
pub(super) fn latest(step: &Value, script: &[Words], images: bool) -> Option<Latest> {
    let yes = |name: &str| input(step, name).as_deref() == Some("true");
    if yes("make_latest") || yes("makeLatest") {
        return Some(Latest::Github);
    }
    let name = named(step);
    if name == "docker/metadata-action" && images && moves_image(step) {
        return Some(Latest::Image);
    }
    let tags = input(step, "tags").unwrap_or_default();
    if pushes_images(step)
        && tags
            .split([',', '\n'])
            .any(|tag| tag.trim().ends_with(":latest"))
    {
        return Some(Latest::Image);
    }
    if name == "js-devtools/npm-publish" && input(step, "tag").is_none() {
        return Some(Latest::Npm);
    }
    let of = |words: &Words| {
        if is_idle(words) {
            return None;
        }
        let says = |word: &str| words.iter().any(|w| w == word);
        let is = |command: &[&str]| shell::after(words, command).is_some();
        let github = is(&["gh", "release", "create"]) || is(&["gh", "release", "edit"]);
        if github && (says("--latest") || says("--latest=true")) {
            return Some(Latest::Github);
        }
        let image = is(&["docker", "push"]) || is(&["imagetools", "create"]) || says("--push");
        let named = words.iter().any(|word| word.ends_with(":latest"));
        if image && named || is(&["crane", "tag"]) && says("latest") {
            return Some(Latest::Image);
        }
        let npm = is(&["npm", "publish"]) || is(&["pnpm", "publish"]);
        let npm = npm || is(&["npm", "stage", "publish"]);
        if npm
            && !words
                .iter()
                .any(|w| w == "--tag" || w.starts_with("--tag="))
        {
            return Some(Latest::Npm);
        }
        let forced = ["-f", "--force", "-fa", "-af"]
            .iter()
            .any(|flag| says(flag));
        let moved = is(&["git", "tag"]) && forced;
        (moved && (says("latest") || says("stable"))).then_some(Latest::Tag)
    };
    script.iter().find_map(of)
}

/// Whether `docker/metadata-action` makes `latest` of whatever tag is pushed: by
/// itself it does so for each that is a version.
fn moves_image(step: &Value) -> bool {
    let flavor = input(step, "flavor").unwrap_or_default();
    let flavor: String = flavor.chars().filter(|c| !c.is_whitespace()).collect();
    let tags = input(step, "tags").unwrap_or_default();
    let raw = |line: &str| {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        (line == "latest" || line.contains("type=raw") && line.contains("value=latest"))
            && !line.contains("enable=")
    };
    if flavor.contains("latest=true") || tags.lines().any(raw) {
        return true;
    }
    let by_itself = !flavor.contains("latest=false");
    by_itself && (tags.is_empty() || tags.contains("type=semver") || tags.contains("event=tag"))
}

#[cfg(test)]
mod tests {
    use super::super::ships::{Shipping, of};
    use super::*;

    #[test]
    fn what_says_nothing_becomes_the_latest_by_itself() {
        let of = |step: &str| {
            let job: Value = serde_saphyr::from_str(&format!("steps: [{step}]")).unwrap();
            let mut all = of(&job, None).into_iter();
            all.find_map(|ship| match ship.what {
                Shipping::Latest(what) => Some(what),
                _ => None,
            })
        };
        let maker = |name: &str, with: &str| of(&format!("{{uses: {name}@v2, with: {{{with}}}}}"));
        let run = |script: &str| of(&format!("{{run: '{script}'}}"));
        for (name, says) in MAKERS {
            let with = match *name {
                "release-drafter/release-drafter" => "publish: true",
                _ => "tag: x",
            };
            assert_eq!(maker(name, with), Some(Latest::Unsaid(*says)), "{name}");
            for cannot in ["draft: true", "prerelease: true"] {
                let with = format!("{with}, {cannot}");
                assert_eq!(maker(name, &with), None, "{name} {cannot}");
            }
        }
        let softprops = "softprops/action-gh-release";
        for (with, expected) in [
            ("make_latest: false", None),
            ("make_latest: 'false'", None),
            ("make_latest: legacy", None),
            ("make_latest: '${{ x }}'", None),
            ("make_latest: true", Some(Latest::Github)),
            (
                "draft: false, prerelease: '${{ x }}'",
                Some(Latest::Unsaid(Says::MakeLatest)),
            ),
        ] {
            assert_eq!(maker(softprops, with), expected, "{with}");
        }
        assert_eq!(maker("ncipollo/release-action", "makeLatest: false"), None);
        let flag = Some(Latest::Unsaid(Says::Flag));
        for (script, expected) in [
            ("gh release create $TAG --generate-notes", flag),
            ("gh release create $TAG --draft=false", flag),
            ("gh release create $TAG --latest=false", None),
            ("gh release create $TAG --latest=$NEWEST", None),
            ("gh release create $TAG --latest", Some(Latest::Github)),
            ("gh release create $TAG --draft", None),
            ("gh release create $TAG -p", None),
            ("gh release edit $TAG --draft=false", flag),
            ("gh release edit $TAG --draft=false --latest=false", None),
            ("gh release edit $TAG --notes x", None),
            ("gh release upload $TAG a", None),
        ] {
            assert_eq!(run(script), expected, "{script}");
        }
    }
}
