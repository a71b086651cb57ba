//! What the steps of a job ship, by their text: tags, releases, packages, and
//! what goes along with them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that a step ships, or that it asks of what is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shipping {
    /// Crates, to their registry.
    Crates,
    /// Something else, to wherever.
    Others,
    /// A GitHub release. One that names a tag that is not there makes it.
    Release,
    /// A tag.
    Tag,
    /// Uploads to a GitHub release, or edits one, that is there already.
    Uploads,
    /// It wants the tag's signature.
    Signature,
    /// It makes what it ships the newest, whatever its number.
    Latest(Latest),
}

/// What says which version is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latest {
    /// The release that GitHub shows first.
    Github,
    /// The image `latest`.
    Image,
    /// The tag `latest` of an npm package.
    Npm,
    /// A tag of that name in the repository.
    Tag,
}

/// What a step ships, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ship {
    /// What.
    pub what: Shipping,
    /// The step's own `if:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

/// Actions by what they ship. Names are compared without their version.
const ACTIONS: &[(&str, &[Shipping])] = {
    use Shipping::{Crates, Others, Release, Tag, Uploads};
    &[
        ("katyo/publish-crates", &[Crates]),
        ("release-plz/action", &[Crates, Release, Tag]),
        ("marcoieni/release-plz-action", &[Crates, Release, Tag]),
        ("cycjimmy/semantic-release-action", &[Crates, Release, Tag]),
        ("codfish/semantic-release-action", &[Crates, Release, Tag]),
        ("go-semantic-release/action", &[Release, Tag]),
        ("python-semantic-release/python-semantic-release", &[Release, Tag]),
        ("googleapis/release-please-action", &[Release, Tag]),
        ("google-github-actions/release-please-action", &[Release, Tag]),
        ("pypa/gh-action-pypi-publish", &[Others]),
        ("js-devtools/npm-publish", &[Others]),
        ("rubygems/release-gem", &[Others]),
        ("helm/chart-releaser-action", &[Others, Release, Tag]),
        ("softprops/action-gh-release", &[Release]),
        ("ncipollo/release-action", &[Release]),
        ("actions/create-release", &[Release]),
        ("taiki-e/create-gh-release-action", &[Release]),
        ("svenstaro/upload-release-action", &[Release]),
        ("goreleaser/goreleaser-action", &[Release]),
        ("marvinpinto/action-automatic-releases", &[Release, Tag]),
        ("taiki-e/upload-rust-binary-action", &[Uploads]),
        ("abutler/upload-release-assets", &[Uploads]),
        ("shogo82148/actions-upload-release-asset", &[Uploads]),
        ("alexellis/upload-assets", &[Uploads]),
        ("anothrnick/github-tag-action", &[Tag]),
        ("mathieudutour/github-tag-action", &[Tag]),
        ("rickstaa/action-create-tag", &[Tag]),
        ("thejeff77/action-push-tag", &[Tag]),
        ("negz/create-tag", &[Tag]),
        ("tvdias/github-tagger", &[Tag]),
        ("klemensas/action-autotag", &[Tag]),
        ("laputansoft/github-tag-action", &[Tag]),
        ("salsify/action-detect-and-tag-new-version", &[Tag]),
        ("fischerscode/tagger", &[Tag]),
    ]
};

/// Commands by what they ship.
const COMMANDS: &[(&[&str], &[Shipping])] = {
    use Shipping::{Crates, Others, Release, Signature, Tag, Uploads};
    &[
        (&["cargo", "publish"], &[Crates]),
        (&["cargo", "release"], &[Crates, Tag]),
        (&["cargo", "workspaces", "publish"], &[Crates]),
        (&["cargo", "ws", "publish"], &[Crates]),
        (&["cargo", "smart-release"], &[Crates, Tag]),
        (&["release-plz", "release"], &[Crates, Release, Tag]),
        (&["semantic-release"], &[Crates, Release, Tag]),
        (&["knope", "release"], &[Release, Tag]),
        (&["npm", "publish"], &[Others]),
        (&["pnpm", "publish"], &[Others]),
        (&["yarn", "publish"], &[Others]),
        (&["yarn", "npm", "publish"], &[Others]),
        (&["changeset", "publish"], &[Others]),
        (&["twine", "upload"], &[Others]),
        (&["maturin", "publish"], &[Others]),
        (&["maturin", "upload"], &[Others]),
        (&["poetry", "publish"], &[Others]),
        (&["uv", "publish"], &[Others]),
        (&["gem", "push"], &[Others]),
        (&["docker", "push"], &[Others]),
        (&["gh", "release", "create"], &[Release]),
        (&["hub", "release", "create"], &[Release]),
        (&["gh", "release", "upload"], &[Uploads]),
        (&["gh", "release", "edit"], &[Uploads]),
        (&["git", "verify-tag"], &[Signature]),
        (&["git", "tag", "-v"], &[Signature]),
        (&["git", "tag", "--verify"], &[Signature]),
    ]
};

/// What the steps of a job ship, each once for each condition.
pub(super) fn of(job: &Value) -> Vec<Ship> {
    let mut all: Vec<Ship> = Vec::new();
    let steps = job.get("steps").and_then(Value::as_array);
    let steps: Vec<&Value> = steps.into_iter().flatten().collect();
    // A tag is made in one step and pushed in another one.
    let scripts: Vec<Vec<Vec<&str>>> = steps.iter().map(|step| commands(text(step, "run"))).collect();
    let pushes = scripts.iter().flatten().any(|c| pushes_tags(c));
    let images = steps.iter().any(|step| pushes_images(step))
        || scripts.iter().flatten().any(|c| has(c, &["docker", "push"]));
    for (step, script) in steps.iter().zip(&scripts) {
        let when = match step.get("if") {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Bool(is)) => Some(is.to_string()),
            _ => None,
        };
        let mut found: Vec<Shipping> = action(step);
        found.extend(script.iter().flat_map(|c| command(c, pushes)));
        found.extend(latest(step, script, images).map(Shipping::Latest));
        for what in found {
            let ship = Ship { what, when: when.clone() };
            if !all.contains(&ship) {
                all.push(ship);
            }
        }
    }
    all
}

fn text<'a>(step: &'a Value, key: &str) -> &'a str {
    step.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The action's name, in lower case and without its version.
fn named(step: &Value) -> String {
    let uses = text(step, "uses");
    uses.split('@').next().unwrap_or_default().to_ascii_lowercase()
}

/// An input of the action, as text.
fn input(step: &Value, name: &str) -> Option<String> {
    match step.get("with")?.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// What the step's action ships, as far as its inputs let it.
fn action(step: &Value) -> Vec<Shipping> {
    let name = named(step);
    let is = |input_name: &str, wanted: &str| input(step, input_name).as_deref() == Some(wanted);
    let idle = is("dry-run", "true")
        || is("dry_run", "true")
        || is("command", "release-pr")
        || is("skip-github-release", "true")
        || is("args", "check");
    if idle {
        return Vec::new();
    }
    if name == "changesets/action" {
        return match input(step, "publish") {
            Some(_) => vec![Shipping::Others, Shipping::Release, Shipping::Tag],
            None => Vec::new(),
        };
    }
    if pushes_images(step) {
        return vec![Shipping::Others];
    }
    let known = ACTIONS.iter().find(|(action, _)| *action == name);
    known.map_or_else(Vec::new, |(_, what)| what.to_vec())
}

fn pushes_images(step: &Value) -> bool {
    let name = named(step);
    let builds = name == "docker/build-push-action" || name == "docker/bake-action";
    builds && input(step, "push").is_some_and(|push| push != "false")
}

/// The commands of a script, each in words.
fn commands(script: &str) -> Vec<Vec<&str>> {
    let mut all: Vec<Vec<&str>> = Vec::new();
    let mut goes_on = false;
    for line in script.lines() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.starts_with('#') {
            continue;
        }
        let (line, more) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        for (at, part) in line.split(['|', ';', '&']).enumerate() {
            let words = part
                .split(|c: char| c.is_whitespace() || "\"'()`".contains(c))
                // `cargo +nightly publish` is `cargo publish`.
                .filter(|word| !word.is_empty() && *word != "$" && !word.starts_with('+'));
            match all.last_mut() {
                Some(last) if at == 0 && goes_on => last.extend(words),
                _ => all.push(words.collect()),
            }
        }
        goes_on = more;
    }
    all.retain(|words| !words.is_empty());
    all
}

fn has(words: &[&str], command: &[&str]) -> bool {
    words.windows(command.len()).any(|part| part == command)
}

/// Whether it only says so, or only tries.
fn is_idle(words: &[&str]) -> bool {
    let said = words.first().is_some_and(|w| matches!(*w, "echo" | "printf"));
    said || words
        .iter()
        .any(|w| matches!(*w, "--dry-run" | "-n" | "--help" | "--no-publish") || w.starts_with("--dry-run="))
}

/// What a command ships.
fn command(words: &[&str], pushes: bool) -> Vec<Shipping> {
    if is_idle(words) {
        return Vec::new();
    }
    let known = COMMANDS.iter().filter(|(command, _)| has(words, command));
    let mut found: Vec<Shipping> = known.flat_map(|(_, what)| what.iter().copied()).collect();
    if pushes && makes_tag(words) {
        found.push(Shipping::Tag);
    }
    let by_api = words.iter().any(|w| w.contains("git/refs")) && words.iter().any(|w| w.contains("refs/tags/"));
    if has(words, &["gh", "api"]) && by_api {
        found.push(Shipping::Tag);
    }
    found
}

/// `git tag` with a name: without one, or with these, it only looks.
fn makes_tag(words: &[&str]) -> bool {
    const LOOKS: &[&str] = &[
        "-l", "--list", "-v", "--verify", "-d", "--delete", "--contains", "--points-at", "--merged",
        "--no-merged", "--sort", "-n", "--no-contains", "--column", "--format",
    ];
    let Some(at) = words.windows(2).position(|part| part == ["git", "tag"]) else {
        return false;
    };
    let rest = words.get(at + 2..).unwrap_or_default();
    let looks = |word: &&str| {
        let name = word.split('=').next().unwrap_or_default();
        LOOKS.contains(&name)
    };
    !rest.is_empty() && !rest.iter().any(|word| looks(&word))
}

/// Whether a `git push` may bring tags.
fn pushes_tags(words: &[&str]) -> bool {
    !is_idle(words) && has(words, &["git", "push"])
}

/// What the step makes the newest, whatever its number.
fn latest(step: &Value, script: &[Vec<&str>], images: bool) -> Option<Latest> {
    let yes = |name: &str| input(step, name).as_deref() == Some("true");
    if yes("make_latest") || yes("makeLatest") {
        return Some(Latest::Github);
    }
    let name = named(step);
    if name == "docker/metadata-action" && images && moves_image(step) {
        return Some(Latest::Image);
    }
    let tags = input(step, "tags").unwrap_or_default();
    if pushes_images(step) && tags.split([',', '\n']).any(|tag| tag.trim().ends_with(":latest")) {
        return Some(Latest::Image);
    }
    if name == "js-devtools/npm-publish" && input(step, "tag").is_none() {
        return Some(Latest::Npm);
    }
    let of = |words: &Vec<&str>| {
        if is_idle(words) {
            return None;
        }
        let says = |word: &str| words.contains(&word);
        let to_github = has(words, &["gh", "release", "create"]) || has(words, &["gh", "release", "edit"]);
        if to_github && (says("--latest") || says("--latest=true")) {
            return Some(Latest::Github);
        }
        let image = has(words, &["docker", "push"])
            || says("--push")
            || has(words, &["imagetools", "create"])
            || has(words, &["crane", "tag"]);
        let latest = |w: &&str| w.ends_with(":latest");
        if image && (words.iter().any(latest) || has(words, &["crane", "tag"]) && says("latest")) {
            return Some(Latest::Image);
        }
        let npm = [["npm", "publish"], ["pnpm", "publish"]].iter().any(|c| has(words, c));
        if npm && !words.iter().any(|w| *w == "--tag" || w.starts_with("--tag=")) {
            return Some(Latest::Npm);
        }
        let tag = makes_tag(words) && (says("-f") || says("--force") || says("-fa"));
        (tag && (says("latest") || says("stable"))).then_some(Latest::Tag)
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
