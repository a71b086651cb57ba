//! Which files of the release a tag would not start, by their filters for tags.

use super::publishing::{TAG, file, run, with};
use super::world::{World, seen};
use crate::domain::policy::Policy;
use crate::domain::procedure::release_runs::workflows;
use crate::domain::procedure::stopped::stopped;

#[test]
fn a_test_is_no_release_workflow_that_would_not_start() {
    let test = run("cargo test");
    let publish = run("cargo publish");
    let script = run("./release.sh");
    let told = |at_base: &[(&str, &str)], on_main: &[(&str, &str)]| {
        let mut base = with(at_base);
        base.main_workflows = with(on_main).workflows;
        let w = World::of(base, Policy::default(), "maintainer");
        seen(&w, |view| {
            let branched = view.proofs().branched.as_ref().expect("a branch");
            stopped(&view.case, branched).len()
        })
    };
    for (on, job, expected) in [
        // On the default branch alone.
        ("push", &test, 0),
        ("[push, pull_request]", &test, 0),
        ("{push: {tags: ['v*']}}", &test, 1),
        ("push", &publish, 1),
        ("{push: {branches: [main]}}", &publish, 0),
    ] {
        assert_eq!(told(&[], &[("w.yml", &file(on, job))]), expected, "{on}");
    }
    for (on, job, expected) in [
        // At the base, with filters that take nothing.
        ("{push: {tags-ignore: ['*']}}", &test, 0),
        ("{push: {branches: ['**'], tags-ignore: ['**']}}", &test, 0),
        ("{push: {tags-ignore: ['**']}}", &publish, 1),
        ("{push: {tags: ['^v1$']}}", &publish, 1),
        // Whatever it takes, it tests alone.
        ("{push: {tags: ['^v1$']}}", &test, 0),
        ("{push: {branches: ['*'], tags: ['v0.*']}}", &test, 0),
        ("{push: {tags: ['v2.*']}}", &script, 1),
        ("{push: {tags: ['v*', '!v1.0.*']}}", &publish, 1),
        ("{push: {tags: ['v2.*']}}", &publish, 1),
        ("{push: {tags: ['release/*']}}", &publish, 1),
        // Another product's, and builds that are no releases.
        ("{push: {tags: ['wick-v*']}}", &publish, 0),
        ("{push: {tags: ['nightly-*', 'nightly']}}", &publish, 0),
        ("{push: {tags: ['wick-v*.*.*']}}", &publish, 0),
        ("{push: {tags: ['wick-v[0-9]+.[0-9]+.*']}}", &publish, 0),
        ("{push: {tags: ['^wick-v[0-9].+$']}}", &publish, 0),
    ] {
        let text = file(on, job);
        let files = [("w.yml", text.as_str())];
        assert_eq!(told(&files, &files), expected, "{on}");
    }
}

/// Beside one that ships, a file whose filters take nothing was meant to where they
/// are regular expressions, which GitHub does not read; others are for other tags.
#[test]
fn beside_one_that_ships_only_what_can_take_nothing_is_wrong() {
    let publish = run("cargo publish");
    for (tags, expected) in [
        (r"^v\d+\.\d+", 1),
        (r"v\d+", 1),
        (r"v(\d+)", 1),
        ("v.+", 1),
        ("v.*", 1),
        ("v[0-9]{1,2}", 1),
        // What GitHub reads, and for other tags.
        ("v2.*", 0),
        ("v2.*.*", 0),
        ("wick-v*.*.*", 0),
        ("wick-v[0-9]+.[0-9]+.*", 0),
        (r"wick-v\d+", 0),
        ("[2-9].*", 0),
    ] {
        let other = file(
            &format!("{{push: {{tags: ['{}']}}}}", tags.replace(r"\\", r"\")),
            &publish,
        );
        let own = file(TAG, &publish);
        let base = with(&[("other.yml", &other), ("own.yml", &own)]);
        let w = World::of(base, Policy::default(), "maintainer");
        let stops = seen(&w, |view| {
            let branched = view.proofs().branched.as_ref().expect("a branch");
            stopped(&view.case, branched).len()
        });
        assert_eq!(stops, expected, "{tags}");
    }
}

/// Another product's tags are there, and GitHub's Latest is one of them.
#[test]
fn a_file_that_takes_another_products_latest_is_none_of_ours() {
    let text = file("{push: {tags: ['v*.*.*']}}", &run("cargo publish"));
    for (latest, expected) in [("v2.6.1", 0), ("wick-v8.3.0", 1), ("v", 1)] {
        let mut base = with(&[("release-cli.yml", &text)]);
        base.tag = "wick-v8.3.0".into();
        base.tag_pattern = "wick-v{version}".into();
        base.version = "8.3.0".into();
        base.latest = Some(latest.to_owned());
        let w = World::of(base, Policy::default(), "maintainer");
        let stops = seen(&w, |view| {
            let branched = view.proofs().branched.as_ref().expect("a branch");
            assert!(branched.tag.starts_with("wick-v"), "{}", branched.tag);
            stopped(&view.case, branched).len()
        });
        assert_eq!(stops, expected, "{latest}");
    }
}

/// A file for tags of another name starts on every tag, and does nothing: where
/// another file ships the release, nobody waits for it.
#[test]
fn a_file_for_tags_of_others_is_left_out() {
    let publish = run("cargo publish");
    let of = |prefix: &str| {
        let when = format!("if: \"startsWith(github.ref_name, '{prefix}')\"");
        file(TAG, &format!("{when}, {publish}"))
    };
    for (other, own, expected) in [
        ("internal-", "v", 0),
        // Nothing else ships it: the file was meant to.
        ("internal-", "other-", 2),
    ] {
        let (other, own) = (of(other), of(own));
        let base = with(&[("other.yml", &other), ("own.yml", &own)]);
        let w = World::of(base, Policy::default(), "maintainer");
        let (stops, waited) = seen(&w, |view| {
            let branched = view.proofs().branched.as_ref().expect("a branch");
            let all = workflows(&view.case, branched).into_iter();
            let waited: Vec<String> = all.filter(|w| w.required).map(|w| w.file).collect();
            (stopped(&view.case, branched).len(), waited)
        });
        assert_eq!(stops, expected, "{own}");
        assert_eq!(waited.contains(&"other.yml".to_owned()), expected > 0);
        assert!(waited.contains(&"own.yml".to_owned()));
    }
}
