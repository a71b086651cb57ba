//! What publishes nothing, though it reaches outside.

use super::publishing::{MAIN, TAG, file, of_base, with};
use crate::domain::shipping::Publishes;

/// A draft of the notes is seen by nobody: neither the merge nor the tag publishes by it.
#[test]
fn a_draft_of_the_notes_publishes_nothing() {
    let drafter =
        |with: &str| format!("steps: [{{uses: release-drafter/release-drafter@v7{with}}}]");
    let of = |on: &str, job: &str| of_base(with(&[("draft.yml", &file(on, job))]));
    for (with, publishes) in [
        ("", false),
        (", with: {config-name: a.yml, commitish: main}", false),
        (", with: {publish: 'false'}", false),
        (", with: {publish: 'true'}", true),
    ] {
        let found = of(MAIN, &drafter(with));
        assert_eq!(!found.on_merge.is_empty(), publishes, "{with}");
        assert!(!found.on_merge.iter().any(|on| on.unclear), "{with}");
    }
    assert_eq!(of(TAG, &drafter("")).publishes, Publishes::Person);
}

/// What hears of issues and of merged pull requests keeps a list elsewhere.
#[test]
fn what_keeps_a_list_of_issues_publishes_nothing() {
    let job = "uses: a/b/.github/workflows/jira.yml@main, secrets: {t: '${{ secrets.T }}'}";
    let of = |on: &str, job: &str| {
        let text = format!("on: {on}\njobs: {{a: {{{job}}}}}\n");
        let found = of_base(with(&[("jira.yml", &text)]));
        !found.on_merge.is_empty()
    };
    let closed = "pull_request_target: {types: [opened, closed]}";
    assert!(!of(&format!("{{issues: {{}}, {closed}}}"), job));
    assert!(!of(&format!("{{issue_comment: {{}}, {closed}}}"), job));
    assert!(of(&format!("{{{closed}}}"), job));
    // What it does is seen.
    let publishes = "runs-on: x, steps: [{run: cargo publish}]";
    assert!(of(&format!("{{issues: {{}}, {closed}}}"), publishes));
}

/// Another repository is told of a release by its tag, of anything else by a push.
#[test]
fn what_tells_another_repository_may_publish_by_the_tag() {
    let job = "steps: [{run: 'gh workflow run publish.yml --repo acme/charts -f tag=x'}]";
    let of = |on: &str| of_base(with(&[("tell.yml", &file(on, job))]));
    assert!(
        matches!(of(TAG).publishes, Publishes::Tag { .. }),
        "{:?}",
        of(TAG)
    );
    assert_eq!(of(MAIN).publishes, Publishes::Person);
    assert!(of(MAIN).on_merge.is_empty());
}
