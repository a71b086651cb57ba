//! What the steps of a job ship, by their text: tags, releases, packages, and
//! what goes along with them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::Act;
use super::acts;
use super::known::{CRATES, GEMS, IMAGE, MAVEN, NPM, PYPI, SCORE, STORE};
use super::latest::{Latest, latest, unsaid};
use super::shell::{self, Words};
use super::step::{input, is_idle, named, text};
use super::{elsewhere, leans, own, parallel, tools};

/// Something that a step ships, or that it asks of what is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shipping {
    /// Crates, to their registry.
    Crates,
    /// Something else, to wherever.
    Others,
    /// An image.
    Image,
    /// Something, by a script or a tool of which nobody can tell what and where.
    Unclear,
    /// Something in another repository, that it has a workflow there do.
    Elsewhere,
    /// A GitHub release. One that names a tag that is not there makes it.
    Release,
    /// A tag.
    Tag,
    /// Uploads to a GitHub release, or edits one, that is there already.
    Uploads,
    /// A pull request for a release: it publishes nothing by itself.
    Proposes,
    /// It wants the tag's signature.
    Signature,
    /// It makes what it ships the newest, whatever its number.
    Latest(Latest),
}

/// How sure it is that something is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// It is not, before a pull request is merged that the same file opens for a
    /// release (release-please).
    Proposed,
    /// It may be, or may not.
    No,
    /// It is once its job is reached, which takes jobs or callers of which that
    /// is not known.
    OnceReached,
    /// Nothing but the cause of the run decides it.
    Yes,
}

/// What a step ships, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ship {
    /// What.
    pub what: Shipping,
    /// The step's own `if:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The crates, where its commands name all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// Whether it comes of the merge of a pull request alone that the same step
    /// opens.
    #[serde(default, skip_serializing_if = "is_not")]
    pub proposed: bool,
    /// What of the repository the step uses: the folder of an action (empty: the
    /// root), a file or a target (see `own`). What that one ships it ships, and until
    /// it is read nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_not(is: &bool) -> bool {
    !*is
}

/// What uploads to a release, or edits one, and makes none.
const UPLOADS: &[&str] = &[
    "taiki-e/upload-rust-binary-action",
    "actions/upload-release-asset",
    "abutler/upload-release-assets",
    "shogo82148/actions-upload-release-asset",
    "alexellis/upload-assets",
];

/// What opens a pull request for a release, and releases by its merge at most.
const PROPOSING: &[&str] = &[
    "cargo-bins/release-pr",
    "googleapis/release-please-action",
    "google-github-actions/release-please-action",
];

/// Commands that do the same.
const PROPOSALS: &[&[&str]] = &[&["release-plz", "release-pr"], &["release-please"]];

/// Commands that make the tag besides.
const TAGGING: &[&[&str]] = &[&["cargo", "smart-release"], &["knope", "release"]];

/// Commands that look at a tag's signature.
const SIGNATURE: &[&[&str]] = &[
    &["git", "verify-tag"],
    &["git", "tag", "-v"],
    &["git", "tag", "--verify"],
];

/// Where the rows of the one table of acts publish to; another name is that of
/// a script, of which nobody knows where.
const ELSEWHERE: &[&str] = &[NPM, PYPI, GEMS, MAVEN, STORE];

/// What the steps of a composite action ship; none: it cannot be read, or is a
/// program.
pub fn of_own_action(text: &str) -> Option<Vec<Ship>> {
    let mut root: Value = crate::ecosystem::yaml::read(text).ok()?;
    let runs = root.get_mut("runs")?;
    parallel::in_steps(runs);
    let composite = runs.get("using").and_then(Value::as_str) == Some("composite");
    composite.then(|| of(runs, Some("")))
}

/// What the steps of a job ship, each once for each condition.
///
/// Of a job that could reach outside, `within` is the folder that it works in: what it
/// runs of the repository is told as well.
pub(super) fn of(job: &Value, within: Option<&str>) -> Vec<Ship> {
    let mut all: Vec<Ship> = Vec::new();
    let steps = job.get("steps").and_then(Value::as_array);
    let steps = steps.into_iter().flatten();
    let steps: Vec<_> = steps.map(|step| (step, acts::of_step(step))).collect();
    let acts = || steps.iter().flat_map(|(_, acts)| acts);
    // A tag is made in one step and pushed in another one.
    let pushes = acts().any(|act| *act == Act::Pushes);
    let images = acts().any(|act| matches!(act, Act::Publishes { what } if what == IMAGE));
    for (step, acts) in &steps {
        let when = match step.get("if") {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Bool(is)) => Some(is.to_string()),
            _ => None,
        };
        let script = shell::commands(text(step, "run"));
        let mut found: Vec<Shipping> = acts
            .iter()
            .flat_map(|act| act_of(act, step, &script))
            .collect();
        found.retain(|what| *what != Shipping::Tag || pushes || step.get("uses").is_some());
        found.extend(besides(&script, step));
        let handed = is_handed(step) || is_handed(job);
        // An action that nobody knows, and that says what it is handed a token for.
        let unknown = acts.iter().any(|act| matches!(act, Act::Unknown(_)));
        let unknown = unknown && acts::says_reaching(&named(step));
        let own = script.iter().any(is_of_the_project);
        if found.is_empty() && handed && (own || unknown) {
            found.push(Shipping::Unclear);
        }
        let moved = latest(step, &script, images);
        let releases = found.contains(&Shipping::Release) || found.contains(&Shipping::Uploads);
        let moved = moved.or_else(|| unsaid(step, &script).filter(|_| releases));
        found.extend(moved.map(Shipping::Latest));
        let used_folders = acts.iter().filter_map(|act| match act {
            Act::Uses(folder) => Some(used(folder.clone(), when.clone())),
            _ => None,
        });
        all.extend(used_folders);
        if let Some(within) = within {
            let own = step.get("working-directory").and_then(Value::as_str);
            let folder = own.map_or_else(|| within.to_owned(), |own| leans::join("", own));
            let told = acts::RUNNING.iter().filter_map(|name| input(step, name));
            let told = told.chain([text(step, "run").to_owned()]);
            for key in told.flat_map(|told| own::of(&told, &folder)) {
                let ship = used(key, when.clone());
                if !all.contains(&ship) {
                    all.push(ship);
                }
            }
        }
        for what in found {
            let packages = match what {
                Shipping::Crates => crates(&script),
                _ => Vec::new(),
            };
            let ship = Ship {
                what,
                when: when.clone(),
                packages,
                proposed: what == Shipping::Release && PROPOSING.contains(&named(step).as_str()),
                uses: None,
            };
            if !all.contains(&ship) {
                all.push(ship);
            }
        }
    }
    all
}

/// What is used of the repository, and ships whatever that does.
pub(super) fn used(key: String, when: Option<String>) -> Ship {
    Ship {
        what: Shipping::Unclear,
        when,
        packages: Vec::new(),
        proposed: false,
        uses: Some(key),
    }
}

/// The crates that the commands of a script publish; none: one of them does not name
/// its own.
fn crates(script: &[Words]) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for words in script.iter().filter(|words| !is_idle(words)) {
        let Some(rest) = shell::after(words, &["cargo", "publish"]) else {
            continue;
        };
        let whole = ["--workspace", "--all", "--exclude"];
        let mut found = Vec::new();
        for (at, word) in rest.iter().enumerate() {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            match (key, value) {
                ("-p" | "--package", "") => found.extend(rest.get(at + 1).cloned()),
                ("-p" | "--package", value) => found.push(value.to_owned()),
                _ => {}
            }
        }
        let is_name = |name: &String| {
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        };
        let all = rest.iter().any(|word| whole.contains(&word.as_str()));
        if found.is_empty() || all || !found.iter().all(is_name) {
            return Vec::new();
        }
        named.extend(found);
    }
    named
}

/// Whether the token of a registry is handed to it.
fn is_handed(of: &Value) -> bool {
    let env = of.get("env").and_then(Value::as_object);
    let mut names = env.into_iter().flatten().map(|(name, _)| name.as_str());
    names.any(|name| {
        let begins = TOKENS.iter().any(|(begins, _)| name.starts_with(begins));
        begins && TOKENS.iter().any(|(_, ends)| name.ends_with(ends))
    })
}

/// How the variables begin and end that hold the tokens of registries.
const TOKENS: &[(&str, &str)] = &[
    ("CARGO_REGISTR", "TOKEN"),
    ("CRATES_IO", "TOKEN"),
    ("NPM_", "TOKEN"),
    ("NODE_AUTH", "TOKEN"),
    ("PYPI_", "TOKEN"),
    ("TWINE_", "PASSWORD"),
    ("GEM_HOST", "KEY"),
    ("RUBYGEMS", "KEY"),
    ("NPM_", "KEY"),
    ("PYPI_", "KEY"),
    ("UV_PUBLISH", "TOKEN"),
    ("MATURIN_", "TOKEN"),
    ("POETRY_", "TOKEN"),
    ("FLIT_", "PASSWORD"),
];

/// Whether a command runs something of the project's own, of which nobody knows
/// what it does.
fn is_of_the_project(words: &Words) -> bool {
    let own: &[&[&str]] = &[&["cargo", "run"], &["cargo", "xtask"], &["make"], &["just"]];
    let at = shell::program_at(words).and_then(|at| words.get(at));
    let script = at.is_some_and(|word| word.contains('/') || word.ends_with(".sh"));
    script || own.iter().any(|own| shell::after(words, own).is_some())
}

/// What an act of a step ships.
fn act_of(act: &Act, step: &Value, script: &[Words]) -> Option<Shipping> {
    match act {
        Act::Publishes { what } if what == CRATES => Some(Shipping::Crates),
        Act::Publishes { what } if what == IMAGE => Some(Shipping::Image),
        Act::Publishes { what } if ELSEWHERE.contains(&what.as_str()) => Some(Shipping::Others),
        Act::Publishes { what } if what == SCORE => None,
        Act::Publishes { .. } => Some(Shipping::Unclear),
        Act::Tags => Some(Shipping::Tag),
        Act::Releases => release(step, script),
        _ => None,
    }
}

/// Whether it makes the release, or works on one that is there.
fn release(step: &Value, script: &[Words]) -> Option<Shipping> {
    let name = named(step);
    if UPLOADS.contains(&name.as_str()) {
        return Some(Shipping::Uploads);
    }
    if !name.is_empty() {
        return Some(Shipping::Release);
    }
    let is = |command: &[&str]| {
        script
            .iter()
            .any(|words| shell::after(words, command).is_some())
    };
    // What `dist` hosts it hosts elsewhere; the release is made beside it.
    let dist = is(&["dist", "host"]) || is(&["cargo-dist", "host"]);
    let uploads = is(&["gh", "release", "upload"]) || is(&["gh", "release", "edit"]);
    let by = |words: &Words| ["gh", "hub"].map(|it| shell::after(words, &[it]).is_some());
    let made = |words: &Words| {
        let create = |it: &[String]| matches!(it, [a, b] if a == "release" && b == "create");
        by(words).contains(&true) && words.windows(2).any(create)
    };
    match script.iter().any(made) || !(dist || uploads) {
        true => Some(Shipping::Release),
        false => uploads.then_some(Shipping::Uploads),
    }
}

/// What is no act to the outside, or is more than the act says.
fn besides(script: &[Words], step: &Value) -> Vec<Shipping> {
    let is = |all: &[&[&str]]| {
        let one = |words: &Words| {
            all.iter()
                .any(|command| shell::after(words, command).is_some())
        };
        let idle = |words: &Words| is_idle(words) || words.iter().any(|w| w == "--no-tag");
        script.iter().filter(|words| !idle(words)).any(one)
    };
    let mut found = Vec::new();
    if is(SIGNATURE) {
        found.push(Shipping::Signature);
    }
    if elsewhere::starts_elsewhere(script, step) {
        found.push(Shipping::Elsewhere);
    }
    let name = named(step);
    let plz =
        name == "release-plz/action" && input(step, "command").as_deref() == Some("release-pr");
    if plz || PROPOSING.contains(&name.as_str()) || is(PROPOSALS) {
        found.push(Shipping::Proposes);
    }
    // It tags what it published, or what its command tagged, and makes the releases.
    // (changesets/action: `publish`, `createGithubReleases`; since v2 with hyphens.)
    let given = |one, other| input(step, one).or_else(|| input(step, other));
    if name == "changesets/action" && given("publish", "publish-script").is_some() {
        found.push(Shipping::Tag);
        let makes = given("createGithubReleases", "create-github-releases");
        let makes = makes.is_none_or(|it| it != "false");
        found.extend(makes.then_some(Shipping::Release));
    }
    let cargo = script.iter().filter_map(tools::cargo_release);
    if is(TAGGING) || cargo.into_iter().any(|it| it.tags) {
        found.push(Shipping::Tag);
    }
    // It publishes whatever its plugins do, under a tag of its own.
    if named(step).contains("semantic-release") || is(&[&["semantic-release"]]) {
        found.extend([Shipping::Crates, Shipping::Tag]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Shipping::{Crates, Image, Others, Release, Signature, Tag, Unclear, Uploads};
    use super::*;

    fn ships(steps: &str) -> Vec<Shipping> {
        let job: Value = serde_saphyr::from_str(&format!("steps: {steps}")).unwrap();
        let all = of(&job, None).into_iter().map(|ship| ship.what);
        let says = |what: &Shipping| !matches!(what, Shipping::Latest(Latest::Unsaid(_)));
        all.filter(says).collect()
    }

    fn run(script: &str) -> Vec<Shipping> {
        ships(&format!(
            "[{{run: {}}}]",
            serde_json::to_string(script).unwrap()
        ))
    }

    #[test]
    fn what_a_script_ships() {
        let of_github = Shipping::Latest(Latest::Github);
        for (script, expected) in [
            ("cargo publish", vec![Crates]),
            ("cargo publish --dry-run", vec![]),
            ("cargo release --execute", vec![Crates, Tag]),
            (
                "cargo release minor --no-publish --no-tag --execute",
                vec![],
            ),
            ("cargo release minor --no-tag --execute", vec![Crates]),
            ("cargo release patch --no-confirm", vec![]),
            ("npx semantic-release", vec![Others, Release, Crates, Tag]),
            ("git tag v1 && git push origin v1", vec![Tag]),
            ("git tag v1", vec![]),
            ("git tag --list && git push", vec![]),
            ("git verify-tag \"$TAG\"", vec![Signature]),
            ("git tag -v $TAG", vec![Signature]),
            ("gh release create $TAG dist/*", vec![Release]),
            ("gh release create $TAG --latest", vec![Release, of_github]),
            ("gh release create $TAG --latest=false", vec![Release]),
            ("gh release upload $TAG a.zip", vec![Uploads]),
            (
                "gh release upload $TAG a\ngh release edit $TAG --draft=false",
                vec![Uploads],
            ),
            (
                "gh release create $TAG\ngh release upload $TAG a",
                vec![Release],
            ),
            ("dist host --steps=upload --steps=release", vec![]),
            (
                "dist host\ngh release upload $TAG artifacts/*",
                vec![Uploads],
            ),
            ("gh release view $TAG", vec![]),
            ("make release", vec![Unclear]),
            ("npm publish", vec![Others, Shipping::Latest(Latest::Npm)]),
            ("npm publish --tag latest-4", vec![Others]),
            (
                "npm stage publish",
                vec![Others, Shipping::Latest(Latest::Npm)],
            ),
            ("docker push x:$TAG", vec![Image]),
            (
                "docker push x:latest",
                vec![Image, Shipping::Latest(Latest::Image)],
            ),
            (
                "git tag -f latest && git push -f origin latest",
                vec![Tag, Shipping::Latest(Latest::Tag)],
            ),
        ] {
            assert_eq!(run(script), expected, "{script}");
        }
    }

    #[test]
    fn what_an_action_ships() {
        let image = Shipping::Latest(Latest::Image);
        let meta = "{uses: docker/metadata-action@v5, with: {";
        let push = "{uses: docker/build-push-action@v6, with: {push: true}}";
        for (steps, expected) in [
            (
                "[{uses: release-plz/action@v0.5}]".to_owned(),
                vec![Crates, Release],
            ),
            (
                "[{uses: release-plz/action@v0.5, with: {command: release-pr}}]".into(),
                vec![Shipping::Proposes],
            ),
            (
                "[{uses: cargo-bins/release-pr@v2}]".into(),
                vec![Shipping::Proposes],
            ),
            (
                "[{uses: ossf/scorecard-action@v2, with: {publish_results: true}}]".into(),
                vec![],
            ),
            (
                "[{uses: softprops/action-gh-release@v2}]".into(),
                vec![Release],
            ),
            (
                "[{uses: softprops/action-gh-release@v2, with: {make_latest: true}}]".into(),
                vec![Release, Shipping::Latest(Latest::Github)],
            ),
            (
                "[{uses: softprops/action-gh-release@v2, with: {make_latest: '${{ x }}'}}]".into(),
                vec![Release],
            ),
            (
                "[{uses: taiki-e/upload-rust-binary-action@v1}]".into(),
                vec![Uploads],
            ),
            ("[{uses: rickstaa/action-create-tag@v1}]".into(), vec![Tag]),
            (
                "[{uses: a/release-gem@v1, env: {GEM_HOST_API_KEY: x}}]".into(),
                vec![Unclear],
            ),
            ("[{uses: a/release-gem@v1}]".into(), vec![]),
            (
                "[{uses: a/setup-gem@v1, env: {GEM_HOST_API_KEY: x}}]".into(),
                vec![],
            ),
            // An input that names a program runs none.
            (
                "[{uses: goreleaser/goreleaser-action@v7, with: {distribution: goreleaser, args: release --snapshot --skip=publish}}]"
                    .into(),
                vec![],
            ),
            (
                "[{uses: goreleaser/goreleaser-action@v7, with: {distribution: goreleaser, args: release --clean}}]"
                    .into(),
                vec![Release],
            ),
            ("[{uses: changesets/action@v1}]".into(), vec![]),
            (
                "[{uses: changesets/action@v2, with: {publish-script: pnpm ci:x}}]".into(),
                vec![Others, Tag, Release],
            ),
            (
                "[{uses: changesets/action@v1, with: {publish: x, createGithubReleases: false}}]"
                    .into(),
                vec![Others, Tag],
            ),
            (
                "[{run: cargo run -p xtask -- ci, env: {CARGO_REGISTRY_TOKEN: x}}]".into(),
                vec![Unclear],
            ),
            (
                "[{run: cargo test, env: {CARGO_REGISTRY_TOKEN: x}}]".into(),
                vec![],
            ),
            // What runs a file of the project, whatever its language.
            (
                "[{run: raku packaging/ready.raku --target=npm, env: {NPM_API_KEY: x}}]".into(),
                vec![Unclear],
            ),
            (
                "[{run: nu ci/all.nu, env: {MATURIN_PYPI_TOKEN: x}}]".into(),
                vec![Unclear],
            ),
            ("[{run: nu ci/all.nu, env: {OTHER_TOKEN: x}}]".into(), vec![]),
            (
                "[{run: cargo run -p xtask -- ci, env: {OTHER_TOKEN: x}}]".into(),
                vec![],
            ),
            (
                "[{uses: release-drafter/release-drafter@v6}]".into(),
                vec![],
            ),
            (format!("[{push}]"), vec![Image]),
            (
                format!("[{meta}tags: 'type=semver,pattern={{{{version}}}}'}}}}, {push}]"),
                vec![image, Image],
            ),
            (
                format!("[{meta}flavor: 'latest=false', tags: 'type=semver'}}}}, {push}]"),
                vec![Image],
            ),
            (
                format!("[{meta}flavor: 'latest = true', tags: 'type=sha'}}}}, {push}]"),
                vec![image, Image],
            ),
            (
                format!(
                    "[{meta}tags: 'type=raw,value=latest,enable=${{{{ x }}}}', flavor: latest=false}}}}, {push}]"
                ),
                vec![Image],
            ),
            (format!("[{meta}tags: 'type=semver'}}}}]"), vec![]),
            (
                "[{uses: docker/build-push-action@v6, with: {push: true, tags: 'a:1,a:latest'}}]"
                    .into(),
                vec![Image, image],
            ),
        ] {
            assert_eq!(ships(&steps), expected, "{steps}");
        }
    }

    #[test]
    fn a_step_names_its_crates_or_does_not() {
        for (script, expected) in [
            ("cargo publish -p wick", &["wick"][..]),
            ("cargo publish --package=wick --locked", &["wick"]),
            (
                "cargo publish -p wick && cargo publish -p lamp",
                &["wick", "lamp"],
            ),
            ("cargo publish -p wick -p lamp", &["wick", "lamp"]),
            ("cargo publish --dry-run; cargo publish -p wick", &["wick"]),
            ("cargo publish -p wick; cargo publish", &[]),
            ("cargo publish --workspace -p wick", &[]),
            ("cargo publish -p \"$CRATE\"", &[]),
            ("cargo publish", &[]),
        ] {
            let job = serde_json::json!({ "steps": [{ "run": script }] });
            let packages = of(&job, None).into_iter().find(|it| it.what == Crates);
            assert_eq!(packages.unwrap().packages, expected, "{script}");
        }
    }

    #[test]
    fn the_condition_of_a_step_goes_along() {
        let job = "steps: [{run: cargo publish, if: \"github.ref == 'x'\"}, {run: cargo publish}]";
        let job: Value = serde_saphyr::from_str(job).unwrap();
        let when: Vec<_> = of(&job, None).into_iter().map(|ship| ship.when).collect();
        assert_eq!(when, [Some("github.ref == 'x'".to_owned()), None]);
    }
}
