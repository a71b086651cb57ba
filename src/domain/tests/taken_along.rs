//! What a release would take along that is not what is tagged, and what belongs to it
//! that nobody sees.

use super::publishing::{TAG, file, of_base, run, with};
use super::world::{World, base, needs, ready_of, status, workflow};
use crate::domain::need::{NeedKind, Stopped};
use crate::domain::objects::{Asset, Release};
use crate::domain::policy::{Policy, TagAt};
use crate::domain::shipping::{Publishes, Tags};

const BY_HAND: &str = "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\njobs: {}\n";

/// What publishes what the default branch holds, and not what is tagged, is said before
/// there is a tag.
#[test]
fn a_release_of_what_is_not_tagged_is_stopped_before() {
    const AFTER: &str = "{workflow_run: {workflows: [Release], types: [completed]}}";
    const RELEASED: &str = "{release: {types: [published]}}";
    let release = format!(
        "name: Release\n{}",
        file(TAG, &run("gh release create $TAG"))
    );
    let stops = |on: &str, of: &str, script: &str, tag_at: TagAt| {
        let job = format!("steps: [{{uses: actions/checkout@v5{of}}}, {{run: '{script}'}}]");
        let base = with(&[("release.yml", &release), ("w.yml", &file(on, &job))]);
        let mut policy = Policy::default();
        policy.merge.tag_at = tag_at;
        let w = ready_of(World::of(base, policy, "maintainer"));
        let all = needs(&w).into_iter();
        let all = all.filter_map(|need| match need {
            NeedKind::ReleaseStopped {
                why: Stopped::Checkout(of),
                ..
            } => Some(of),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    let publish = "cargo publish";
    let with_ref = |of: &str| format!(", with: {{ref: '{of}'}}");
    let commitish = "${{ github.event.release.target_commitish }}";
    let head = with_ref("${{ github.event.workflow_run.head_sha }}");
    let upload = "cargo build && gh release upload x a.zip";
    for (on, of, script, expected) in [
        (AFTER, String::new(), publish, Some("")),
        (AFTER, with_ref("main"), publish, Some("main")),
        (AFTER, head, publish, None),
        (AFTER, String::new(), "cargo test", None),
        (
            AFTER,
            String::new(),
            "git checkout x && cargo publish",
            None,
        ),
        (TAG, String::new(), publish, None),
        (
            TAG,
            with_ref("refs/heads/main"),
            publish,
            Some("refs/heads/main"),
        ),
        (TAG, with_ref("${{ github.ref }}"), publish, None),
        (RELEASED, with_ref(commitish), upload, Some(commitish)),
        (RELEASED, String::new(), upload, None),
    ] {
        let expected: Vec<String> = expected.map(str::to_owned).into_iter().collect();
        let found = stops(on, &of, script, TagAt::Auto);
        assert_eq!(found, expected, "{on} {of} {script}");
    }
    // Then the tag is on the default branch.
    assert!(stops(AFTER, "", publish, TagAt::Merge).is_empty());
}

/// Where what the tag starts makes the release, the tag is there before it: what is
/// called a release's besides adds to it, and publishes packages where it is handed
/// something for that.
#[test]
fn what_adds_to_a_release_makes_no_tag() {
    const HAND: &str = "{workflow_dispatch: {inputs: {tag: {required: true}}}}";
    let besides = |job: &str| {
        let job = format!("permissions: {{contents: write}}, {job}");
        let release = file(TAG, &run("gh release create $TAG"));
        let all = [
            ("release.yml", release),
            ("release-msi.yml", file(HAND, &job)),
        ];
        let all: Vec<_> = all
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        of_base(with(&all))
    };
    let script = "steps: [{run: nu ci/release-msi.nu}]";
    let found = besides(script);
    assert_eq!(
        (found.tags, found.publishes),
        (Tags::Bot, Publishes::Person)
    );
    let found = besides(&format!("env: {{T: '${{{{ secrets.T }}}}'}}, {script}"));
    assert_eq!(found.tags, Tags::Bot);
    assert!(matches!(found.publishes, Publishes::Unseen { .. }));
}

/// A crate that is published nowhere may be how a package for Python is built.
#[test]
fn what_publishes_is_looked_for_where_something_is_published() {
    let pypi = file(TAG, "steps: [{uses: pypa/gh-action-pypi-publish@v1}]");
    let by = |published: bool| {
        let mut base = with(&[("w.yml", &pypi)]);
        if published {
            let python = r#"{"name": "caro", "manifest": "pyproject.toml", "lock": null, "changelog": null, "on_registry": true, "kind": "python", "published": ["caro"]}"#;
            let python = serde_json::from_str(python).expect("a package");
            base.package.on_registry = false;
            base.package.published.clear();
            base.package.beside.push(python);
        }
        of_base(base).publishes
    };
    assert_eq!(by(false), Publishes::Person);
    let files = vec!["w.yml".to_owned()];
    assert_eq!(by(true), Publishes::Tag { files });
}

/// Who makes a release by hand is told how many files belong to it.
#[test]
fn a_release_by_hand_has_the_files_of_the_one_before() {
    let nightly = file("{schedule: [{cron: '0 0 * * *'}]}", &run("cargo test"));
    for (assets, expected) in [
        (0, None),
        (1, Some("with the 1 file that `v1.0.4` has")),
        (2, Some("with the 2 files that `v1.0.4` has")),
    ] {
        let mut base = with(&[("w.yml", &nightly)]);
        base.release = Some(Release {
            assets: vec![Asset::default(); assets],
            ..Release::default()
        });
        let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
        w.say("maintainer", "/hotfix release fffffff");
        w.look();
        let words = status(&w);
        assert!(words.contains("gh release create"), "{words}");
        let said = expected.is_some_and(|expected| words.contains(expected));
        assert_eq!(said, words.contains("that `v1.0.4` has"), "{words}");
        assert_eq!(said, assets > 0, "{words}");
    }
}

/// What a file that people start would take from the default branch, it is told to take
/// from what is released.
#[test]
fn what_is_started_by_hand_takes_what_is_released() {
    let by = |inputs: &str| {
        let on = format!("{{workflow_dispatch: {{inputs: {{{inputs}}}}}}}");
        let file = file(&on, &run("cargo publish"));
        match of_base(with(&[("release.yml", &file)])).publishes {
            Publishes::Dispatch(by) => by.inputs,
            other => panic!("{other:?}"),
        }
    };
    let tag = Some("v1.0.5".to_owned());
    for (inputs, filled) in [
        ("ref: {default: main}", Some("ref")),
        ("publish-ref: {default: main}", Some("publish-ref")),
        ("checkout_ref: {required: true}", Some("checkout_ref")),
        ("from: {default: main}", Some("from")),
        ("from: {default: other}", None),
        ("prefix: {}", None),
    ] {
        let filled: Vec<_> = filled
            .map(|it| (it.to_owned(), tag.clone()))
            .into_iter()
            .collect();
        assert_eq!(by(inputs), filled, "{inputs}");
    }
}

/// What fills caches tests nothing.
#[test]
fn what_fills_caches_is_no_test() {
    for (name, counts) in [("update-caches.yml", false), ("build.yml", true)] {
        let mut base = base();
        base.workflows[0] = workflow(name, BY_HAND);
        base.main_workflows = base.workflows.clone();
        let mut w = World::of(base, Policy::default(), "maintainer");
        w.push_fix('f');
        assert_eq!(!w.dispatched.is_empty(), counts, "{name}");
    }
}

/// A file of which every job is switched off tests nothing, whoever starts it.
#[test]
fn what_is_switched_off_is_no_test() {
    let text = |when: &str| {
        format!(
            "on: {{push: {{branches: [main]}}, workflow_dispatch: {{}}}}\njobs: {{t: {{{when}runs-on: x, steps: [{{run: cargo test}}]}}}}\n"
        )
    };
    for (when, counts) in [("if: false, ", false), ("if: true, ", true), ("", true)] {
        let mut base = base();
        base.workflows[0] = workflow("zig.yml", &text(when));
        base.main_workflows = base.workflows.clone();
        let mut w = World::of(base, Policy::default(), "maintainer");
        w.push_fix('f');
        assert_eq!(!w.dispatched.is_empty(), counts, "{when}");
    }
}
