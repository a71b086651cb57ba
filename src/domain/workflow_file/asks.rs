//! What a step asks of the tag before it makes the release, and fails without:
//! a section of the changelog, a branch that holds the tag.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ships::{Ship, Shipping};
use super::step::{input, named, text};
use super::{held, shell};

/// What a step fails without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "asks", content = "of", rename_all = "snake_case")]
pub enum Asks {
    /// The tag's commit is on a branch that this pattern takes, a regular
    /// expression. (taiki-e/create-gh-release-action: `branch`; what scripts ask git,
    /// see `held`.)
    Branch(String),
    /// This file has a section of the version. (taiki-e/create-gh-release-action:
    /// `changelog`; mindsers/changelog-reader-action; anton-yurchenko/git-release.)
    Section(String),
    /// What it publishes is what it checks out: this `ref`; empty: the commit of the
    /// event. (actions/checkout: `ref`.)
    Checkout(String),
    /// The message of the tagged commit says so: it has this text; empty: a script
    /// decides what it looks for.
    Message(String),
    /// It is started on a tag, whatever starts it: a script looks at the kind of the ref.
    Tag,
}

impl Asks {
    /// The path that is meant for releases whose tags begin so: `$prefix` is the tag
    /// without `-v1.0.5`. (taiki-e/create-gh-release-action: `changelog`, `prefix`.)
    pub fn path(path: &str, before_version: &str) -> String {
        let named = |it: &&str| it.is_empty() || it.ends_with('-');
        let prefix = before_version.strip_suffix('v').filter(named);
        let prefix = prefix.unwrap_or(before_version);
        let prefix = prefix.strip_suffix('-').unwrap_or(prefix);
        let filled = path.replace("$prefix", prefix);
        filled.trim_start_matches('/').to_owned()
    }

    /// Whether a branch is one of those that are asked for; none: the pattern is
    /// more than names and `.*`.
    pub fn takes(pattern: &str, branch: &str) -> Option<bool> {
        let pattern = pattern.trim();
        let inner = pattern
            .strip_prefix('(')
            .and_then(|it| it.strip_suffix(')'));
        let pattern = inner.unwrap_or(pattern);
        let plain = |c: char| c.is_ascii_alphanumeric() || "/_-.*|\\".contains(c);
        if !pattern.chars().all(plain) {
            return None;
        }
        let takes = |one: &str| {
            let one = one.replace("\\.", ".");
            let mut parts = one.split(".*");
            let first = parts.next().unwrap_or_default();
            let Some(mut rest) = branch.strip_prefix(first) else {
                return false;
            };
            let mut open = false;
            for part in parts {
                let Some(at) = rest.rfind(part) else {
                    return false;
                };
                rest = rest.get(at + part.len()..).unwrap_or_default();
                open = part.is_empty();
            }
            rest.is_empty() || open
        };
        Some(pattern.split('|').any(takes))
    }
}

/// What the steps of a job ask for.
pub(super) fn of(job: &Value) -> Vec<Asks> {
    let steps = job.get("steps").and_then(Value::as_array);
    let steps = steps.into_iter().flatten();
    let env = job.get("env");
    let mut all: Vec<Asks> = steps.flat_map(|step| of_step(step, env)).collect();
    all.dedup();
    all
}

/// What a job checks out whose packages, or whose files for the release, come of it.
pub(super) fn checkout(job: &Value, ships: &[Ship]) -> Option<Asks> {
    let steps = job.get("steps").and_then(Value::as_array)?;
    let is = |all: &[Shipping]| ships.iter().any(|it| all.contains(&it.what));
    let builds = || {
        let says = |step: &Value| {
            let run = text(step, "run");
            run.contains("build") || named(step).contains("build") || named(step).contains("rust")
        };
        steps.iter().any(says)
    };
    let packages = is(&[Shipping::Crates, Shipping::Others]);
    let files = is(&[Shipping::Uploads, Shipping::Release]) && builds();
    // A command may take another one.
    let moves = |step: &Value| {
        let all = shell::commands(text(step, "run"));
        let mut all = all.iter().flat_map(|words| {
            ["checkout", "switch", "reset"].map(|it| shell::after(words, &["git", it]))
        });
        all.any(|found| found.is_some())
    };
    if !(packages || files) || steps.iter().any(moves) {
        return None;
    }
    let given = |step: &Value, name| step.pointer(&format!("/with/{name}")).is_some();
    let whole = |step: &&Value| {
        let aside = given(step, "repository") || given(step, "path");
        named(step) == "actions/checkout" && !aside
    };
    let last = steps.iter().rfind(whole)?;
    let of = input(last, "ref").unwrap_or_default();
    // Files are made anew for the event's own commit as a rule.
    (packages || !of.is_empty()).then_some(Asks::Checkout(of))
}

/// What a step checks out that is told it by an input alone: that must be there.
fn told(step: &Value) -> Option<Asks> {
    let of = input(step, "ref").filter(|_| named(step) == "actions/checkout")?;
    let (_, inner) = of.split_once("${{")?;
    let name = inner.strip_suffix("}}")?.trim();
    let name = name.strip_prefix("github.event.").unwrap_or(name);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = name.strip_prefix("inputs.")?;
    name.chars()
        .all(is_name)
        .then(|| Asks::Checkout(of.clone()))
}

/// Whether a script fails on anything but a tag.
fn wants_a_tag(step: &Value) -> bool {
    let scripts = [text(step, "run").to_owned()].into_iter();
    let mut scripts = scripts.chain(input(step, "script"));
    scripts.any(|script| {
        let script = script.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| script.contains(word));
        has(&["ref_type", "reftype"])
            && has(&["'tag'", "\"tag\""])
            && has(&["setfailed", "exit 1", "::error", "throw "])
    })
}

/// What the steps of a composite action ask for.
pub fn of_action(text: &str) -> Vec<Asks> {
    let root: Value = crate::ecosystem::yaml::read(text).unwrap_or_default();
    root.get("runs").map(of).unwrap_or_default()
}

/// Whether a step's condition asks for a tag alone.
fn is_for_tags(when: &str) -> bool {
    let when: String = when.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = when
        .strip_prefix("${{")
        .and_then(|it| it.strip_suffix("}}"));
    let tags = [
        "startsWith(github.ref,'refs/tags/')",
        "startsWith(github.ref,'refs/tags/v')",
        "github.ref_type=='tag'",
    ];
    tags.contains(&inner.unwrap_or(&when))
}

fn of_step(step: &Value, env: Option<&Value>) -> Vec<Asks> {
    // What a condition or `continue-on-error` lets pass fails nothing for sure.
    let passes = step.get("if").is_some() && !is_for_tags(text(step, "if"));
    if passes || step.get("continue-on-error").is_some() {
        return Vec::new();
    }
    // The action's own `$prefix` is filled in for a tag (`Asks::path`).
    let known = |text: String| {
        let path = text.trim().trim_start_matches("./").to_owned();
        let open = path.replace("$prefix", "").contains('$');
        (!path.is_empty() && !open).then_some(path)
    };
    let given = |name: &str| input(step, name).and_then(known);
    let section = |path: Option<String>| path.map(Asks::Section);
    let found = match named(step).as_str() {
        "taiki-e/create-gh-release-action" => [
            given("branch").map(Asks::Branch),
            section(given("changelog")),
        ],
        // Without a version it reads whatever stands on top.
        "mindsers/changelog-reader-action" if input(step, "version").is_some() => {
            let path = input(step, "path").unwrap_or_else(|| "CHANGELOG.md".to_owned());
            [section(known(path)), None]
        }
        "anton-yurchenko/git-release" => {
            let env = |name: &str| step.pointer(&format!("/env/{name}"));
            let may_lack = env("ALLOW_EMPTY_CHANGELOG").is_some() || env("UNRELEASED").is_some();
            let path = env("CHANGELOG_FILE").and_then(Value::as_str);
            let path = known(path.unwrap_or("CHANGELOG.md").to_owned());
            [section(path).filter(|_| !may_lack), None]
        }
        _ => [None, None],
    };
    let by_command = shell::commands(text(step, "run"));
    let by_command = by_command.iter().filter_map(|words| {
        let rest = shell::after(words, &["parse-changelog"])?;
        let mut plain = rest.iter().filter(|word| !word.starts_with('-'));
        // The file, and behind it the version.
        let (path, version) = (plain.next()?, plain.next());
        version.and_then(|_| known(path.clone())).map(Asks::Section)
    });
    let tag = wants_a_tag(step).then_some(Asks::Tag);
    let all = found.into_iter().flatten().chain(by_command);
    let held = held::asked(step, env).map(Asks::Branch);
    all.chain(held).chain(told(step)).chain(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::Asks::{Branch, Section};
    use super::*;

    #[test]
    fn a_release_is_refused_without_what_its_step_asks_for() {
        let taiki = "uses: taiki-e/create-gh-release-action@v1";
        let section = |path: &str| Section(path.to_owned());
        for (step, asks) in [
            (taiki.to_owned(), vec![]),
            (
                format!("{taiki}, with: {{changelog: CHANGELOG.md, branch: main, title: x}}"),
                vec![Branch("main".to_owned()), section("CHANGELOG.md")],
            ),
            (
                format!("{taiki}, with: {{changelog: ./site/log.md}}"),
                vec![section("site/log.md")],
            ),
            (
                format!("{taiki}, with: {{changelog: '${{{{ x }}}}'}}"),
                vec![],
            ),
            (
                format!("{taiki}, with: {{changelog: $NAME/log.md}}"),
                vec![],
            ),
            (
                format!("{taiki}, with: {{changelog: $prefix/log.md}}"),
                vec![section("$prefix/log.md")],
            ),
            (format!("{taiki}, with: {{branch: main}}, if: x"), vec![]),
            (
                format!("{taiki}, with: {{branch: main}}, if: github.ref_type == 'tag'"),
                vec![Branch("main".to_owned())],
            ),
            (
                format!("{taiki}, with: {{branch: main}}, if: github.ref_type != 'tag'"),
                vec![],
            ),
            (
                "uses: mindsers/changelog-reader-action@v2, with: {version: x}".to_owned(),
                vec![section("CHANGELOG.md")],
            ),
            (
                "uses: mindsers/changelog-reader-action@v2".to_owned(),
                vec![],
            ),
            (
                "uses: anton-yurchenko/git-release@v6".to_owned(),
                vec![section("CHANGELOG.md")],
            ),
            (
                "uses: anton-yurchenko/git-release@v6, env: {ALLOW_EMPTY_CHANGELOG: 'true'}"
                    .to_owned(),
                vec![],
            ),
            (
                "run: parse-changelog CHANGELOG.md \"$VERSION\" > notes.md".to_owned(),
                vec![section("CHANGELOG.md")],
            ),
            ("run: parse-changelog CHANGELOG.md".to_owned(), vec![]),
            ("uses: softprops/action-gh-release@v2".to_owned(), vec![]),
        ] {
            let text = format!("steps: [{{{step}}}]");
            let job: Value = serde_saphyr::from_str(&text).unwrap();
            assert_eq!(of(&job), asks, "{step}");
        }
    }

    /// What is published is what the last checkout of the repository itself holds.
    #[test]
    fn what_is_published_is_what_is_checked_out() {
        let out = "uses: actions/checkout@v5";
        let publish = "{run: cargo publish}";
        let upload = "{run: gh release upload x a.zip}";
        for (steps, of) in [
            (format!("{{{out}}}, {publish}"), Some("")),
            (
                format!("{{{out}, with: {{ref: main}}}}, {publish}"),
                Some("main"),
            ),
            (
                format!("{{{out}}}, {{{out}, with: {{ref: x, path: y}}}}, {publish}"),
                Some(""),
            ),
            (
                format!("{{{out}}}, {{{out}, with: {{repository: a/b}}}}, {publish}"),
                Some(""),
            ),
            (
                format!("{{{out}}}, {{run: git checkout \"$TAG\"}}, {publish}"),
                None,
            ),
            (publish.to_owned(), None),
            (format!("{{{out}}}, {{run: cargo test}}"), None),
            (format!("{{{out}, with: {{ref: main}}}}, {upload}"), None),
            (format!("{{{out}}}, {{run: cargo build}}, {upload}"), None),
            (
                format!("{{{out}, with: {{ref: main}}}}, {{run: cargo build}}, {upload}"),
                Some("main"),
            ),
        ] {
            let text = format!("steps: [{steps}]");
            let job: Value = serde_saphyr::from_str(&text).unwrap();
            let found = checkout(&job, &super::super::ships::of(&job, None));
            let expected = of.map(|of| Asks::Checkout(of.to_owned()));
            assert_eq!(found, expected, "{steps}");
        }
    }

    #[test]
    fn a_path_by_the_tags_prefix_is_filled_in() {
        for (before, path) in [
            ("", "CHANGELOG.md"),
            ("v", "CHANGELOG.md"),
            ("tracing-", "tracing/CHANGELOG.md"),
            ("tracing-core-v", "tracing-core/CHANGELOG.md"),
            ("conv-", "conv/CHANGELOG.md"),
        ] {
            assert_eq!(Asks::path("$prefix/CHANGELOG.md", before), path);
            assert_eq!(Asks::path("log.md", before), "log.md");
        }
    }

    #[test]
    fn a_pattern_takes_the_branch_or_does_not() {
        for (pattern, takes) in [
            ("main", Some(false)),
            ("hotfix/v1.0.5", Some(true)),
            ("main|hotfix/.*", Some(true)),
            ("(main|v[0-9]+)", None),
            ("(main|release/.*)", Some(false)),
            (".*", Some(true)),
            (".*1.0.5", Some(true)),
            ("hotfix/v1\\.0\\.5", Some(true)),
            ("hotfix", Some(false)),
        ] {
            assert_eq!(Asks::takes(pattern, "hotfix/v1.0.5"), takes, "{pattern}");
        }
    }
}
