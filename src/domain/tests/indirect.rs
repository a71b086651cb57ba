//! What workflows do by what they call and run: files of other repositories, scripts
//! and targets of their own.

use super::publishing::{MAIN, TAG, file, of_base, run, with};
use super::world::{World, base, needs, ready_of};
use crate::domain::need::{NeedKind, Stopped};
use crate::domain::objects::LocalAction;
use crate::domain::policy::Policy;
use crate::domain::procedure::harm;
use crate::domain::shipping::Publishes;

const PACKAGE: &str = r#"{"scripts": {
    "ship": "npm run build && cargo publish", "build": "tsc", "outer": "npm run ship",
    "round": "npm run round"}}"#;
const MAKEFILE: &str = "all: dist\ndist: build\n\tcargo publish\nbuild:\n\tcargo build\n";
const SHELL: &str = "set -e\nif [ -n \"$X\" ]; then cargo publish; fi\n";

/// What is read of the repository, as the engine does it.
fn read(base: &crate::domain::objects::Base) -> Vec<LocalAction> {
    let mut known = Vec::new();
    loop {
        let wanted = harm::wanted(&base.workflows, &known);
        if wanted.is_empty() {
            return known;
        }
        known.extend(wanted.into_iter().map(|key| {
            let text = match harm::files(&key).first().map(String::as_str) {
                Some("package.json") => Some(PACKAGE),
                Some("Makefile") => Some(MAKEFILE),
                Some("ci/ship.sh") => Some(SHELL),
                Some("ci/all.sh") => Some("make dist\n"),
                Some("ci/look.sh") => Some("cargo test\n"),
                _ => None,
            };
            LocalAction::read(key, text)
        }));
    }
}

/// Each way to a command that publishes, and each that only seems one: on the tag, with
/// the merge, and before the decision.
#[test]
fn a_script_publishes_what_its_commands_do() {
    for (script, publishes) in [
        ("npm run ship", true),
        ("npm run outer", true),
        ("yarn ship", true),
        ("make", true),
        ("make dist", true),
        ("./ci/ship.sh", true),
        ("bash ci/all.sh", true),
        ("npm run build", false),
        ("npm run round", false),
        ("npm run gone", false),
        ("make build", false),
        ("./ci/look.sh", false),
        ("./target/debug/tool", false),
    ] {
        let of = |on: &str, rights: &str| {
            let mut base = with(&[("w.yml", &file(on, &format!("{rights}{}", run(script))))]);
            base.actions = read(&base);
            base
        };
        let found = of_base(of(TAG, ""));
        let by_tag = matches!(found.publishes, Publishes::Tag { .. });
        assert_eq!(by_tag, publishes, "{script}: {:?}", found.publishes);
        let found = of_base(of(MAIN, ""));
        assert_eq!(!found.on_merge.is_empty(), publishes, "{script}");
        let base = of(MAIN, "");
        let harm = harm::harm(&base.workflows, &[&base.actions], "w.yml");
        assert_eq!(!harm.is_empty(), publishes, "{script}: {harm:?}");
        // What can do no harm is not read.
        let base = of(MAIN, "permissions: {contents: read}, ");
        assert_eq!(base.actions, [], "{script}");
    }
}

/// A workflow of another repository is read by nobody: where it is handed the right to
/// write, or a secret, or says that it releases, it may publish.
#[test]
fn a_workflow_elsewhere_may_publish() {
    for (job, by_tag, by_merge) in [
        ("uses: a/b/.github/workflows/x.yml@v1", true, false),
        ("uses: a/b/.github/workflows/release.yml@v1", true, true),
        (
            "uses: a/b/.github/workflows/check-release.yml@v1",
            true,
            false,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, secrets: inherit",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, secrets: {t: '${{ secrets.T }}'}",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, permissions: {contents: write}",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, permissions: {id-token: write}",
            true,
            true,
        ),
        (
            "uses: a/b/.github/workflows/release.yml@v1, permissions: {contents: read}",
            false,
            false,
        ),
        (
            "uses: a/b/.github/workflows/x.yml@v1, permissions: {contents: read}, secrets: inherit",
            true,
            true,
        ),
        (
            "uses: ./.github/workflows/gone.yml, secrets: inherit",
            true,
            true,
        ),
    ] {
        let of = |on: &str| {
            of_base(with(&[(
                "w.yml",
                &format!("on: {on}\njobs: {{a: {{{job}}}}}"),
            )]))
        };
        let found = of(TAG).publishes;
        assert_eq!(
            matches!(found, Publishes::Tag { .. }),
            by_tag,
            "{job}: {found:?}"
        );
        let found = of(MAIN);
        assert_eq!(!found.on_merge.is_empty(), by_merge, "{job}");
        // Nobody is told to publish what may be published by the merge.
        let unseen = matches!(found.publishes, Publishes::Unseen { .. });
        assert_eq!(unseen, by_merge, "{job}: {:?}", found.publishes);
    }
}

/// What refuses the tag may stand in what the tag's file calls, uses or runs.
#[test]
fn a_refusal_is_found_wherever_it_stands() {
    let asks = "uses: taiki-e/create-gh-release-action@v1, with: {changelog: site/log.md}";
    let called = format!("on: workflow_call\njobs: {{a: {{runs-on: x, steps: [{{{asks}}}]}}}}");
    let action = format!("runs: {{using: composite, steps: [{{{asks}}}]}}");
    let read = |key: &str, text: &str| LocalAction::read(key.to_owned(), Some(text));
    let actions = [
        read("act", &action),
        read("outer", "runs: {using: composite, steps: [{uses: ./act}]}"),
        read("./ci/notes.sh", "parse-changelog site/log.md \"$V\"\n"),
        read(
            "package.json#notes",
            r#"{"scripts": {"notes": "./ci/notes.sh"}}"#,
        ),
    ];
    for (job, stops) in [
        ("uses: ./.github/workflows/called.yml", true),
        ("steps: [{uses: ./act}]", true),
        ("steps: [{uses: ./outer}]", true),
        ("steps: [{run: ./ci/notes.sh}]", true),
        ("steps: [{run: npm run notes}]", true),
        (
            "steps: [{uses: ./act, if: \"github.ref == 'refs/heads/main'\"}]",
            false,
        ),
        ("steps: [{uses: ./gone}]", false),
    ] {
        let mut base = with(&[
            ("w.yml", &format!("on: {TAG}\njobs: {{a: {{{job}}}}}")),
            ("called.yml", &called),
        ]);
        base.actions = actions.to_vec();
        let w = ready_of(World::of(base, Policy::default(), "maintainer"));
        let mut all = needs(&w).into_iter();
        let section = Stopped::Section("site/log.md".to_owned());
        let found =
            all.any(|need| matches!(need, NeedKind::ReleaseStopped { why, .. } if why == section));
        assert_eq!(found, stops, "{job}");
    }
}

/// The scripts of the sample are read like those of any other.
#[test]
fn nothing_is_read_that_can_do_no_harm() {
    assert_eq!(harm::wanted(&base().workflows, &[]), Vec::<String>::new());
}
