//! What conditions come to.

use super::*;

#[test]
fn conditions_hold_or_do_not_or_nobody_knows() {
    let start = Start {
        event: "push",
        full_ref: "refs/heads/hotfix/v1.0.5",
        ..Start::default()
    };
    for (text, expected) in [
        ("false", Some(false)),
        ("${{ false }}", Some(false)),
        ("github.ref == 'refs/heads/main'", Some(false)),
        (
            "github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/tags/')",
            Some(false),
        ),
        ("${{ github.ref_name != 'main' }}", Some(true)),
        ("!(github.event_name == 'PUSH')", Some(false)),
        (
            "github.event_name == 'push' && github.ref_type == 'branch'",
            Some(true),
        ),
        (
            "github.repository == 'a/b' && github.ref == 'x'",
            Some(false),
        ),
        ("github.repository == 'a/b' || github.ref == 'x'", None),
        ("contains(github.ref, 'hotfix/')", Some(true)),
        // A push has no pull request.
        ("github.event.pull_request.draft == false", Some(true)),
        ("!github.event.pull_request.draft", Some(true)),
        ("github.event.pull_request.merged == true", Some(false)),
        ("github.event.pull_request.merged", Some(false)),
        ("github.event.pull_request.user.login != 'x'", Some(true)),
        ("github.event.pull_request.number == '0'", None),
        // Nor a release, inputs or an action.
        ("github.event.action == 'published'", Some(false)),
        ("github.event.release.tag_name == 'v1.0.5'", Some(false)),
        (
            "startsWith(github.event.release.tag_name, 'v')",
            Some(false),
        ),
        ("github.event.inputs.publish == 'true'", Some(false)),
        ("github.event.released", None),
        ("github.event.pull_request.base.repo == ''", Some(true)),
        ("startsWith(github.head_ref, 'release/')", Some(false)),
        (
            "contains(github.event.pull_request.labels.*.name, 'x')",
            Some(false),
        ),
        (
            "github.event.pull_request || github.ref == 'x'",
            Some(false),
        ),
        ("needs.a.outputs.run == 'true'", None),
        ("contains(fromJSON('[1]'), 1)", None),
        ("always()", Some(true)),
        ("github['ref'] == 'x'", None),
        ("'it''s' == 'it''s'", Some(true)),
        ("github.ref ==", None),
        ("github.ref == 'x", None),
        ("${{ a }} && ${{ b }}", None),
        ("", None),
    ] {
        assert_eq!(holds(text, Cause::Ref(start)), expected, "{text}");
    }
    let pulled = Start {
        event: "pull_request",
        ..start
    };
    for text in [
        "github.event.pull_request.draft == false",
        "github.head_ref == 'x'",
    ] {
        assert_eq!(holds(text, Cause::Ref(pulled)), None, "{text}");
    }
}

/// Which branch a pull request of ours brings is known.
#[test]
fn a_condition_that_asks_for_another_branch_never_holds_for_ours() {
    let ours = Start {
        event: "pull_request",
        full_ref: "refs/pull/1/merge",
        head: Some("hotfix/v1.0.5"),
        ..Start::default()
    };
    for (text, expected) in [
        ("startsWith(github.head_ref, 'release-v')", Some(false)),
        ("startsWith(github.head_ref, 'hotfix/')", Some(true)),
        (
            "github.event.pull_request.head.ref == 'release'",
            Some(false),
        ),
        ("github.base_ref == 'main'", None),
    ] {
        assert_eq!(holds(text, Cause::Ref(ours)), expected, "{text}");
    }
}

/// Which Apps did not open a pull request of ours is known, although not who pushed
/// to it.
#[test]
fn a_pull_request_of_ours_is_nobody_elses() {
    let start = Start {
        event: "pull_request",
        full_ref: "refs/pull/1/merge",
        repo: "harbour/lantern",
        by: Some("hotfix-bot[bot]"),
        head: None,
    };
    for (text, expected) in [
        ("github.actor == 'dependabot[bot]'", Some(false)),
        ("github.actor != 'dependabot[bot]'", Some(true)),
        ("github.actor == 'Hotfix-Bot[bot]'", None),
        ("github.actor == 'mia'", None),
        (
            "github.event.pull_request.user.login == 'renovate[bot]'",
            Some(false),
        ),
        (
            "github.event.pull_request.user.login == 'hotfix-bot[bot]'",
            Some(true),
        ),
        ("github.event.pull_request.head.repo.fork", Some(false)),
        (
            "github.event.pull_request.head.repo.full_name == github.repository",
            Some(true),
        ),
        ("github.event.pull_request.draft == false", None),
        ("github.event.action == 'opened'", None),
    ] {
        assert_eq!(holds(text, Cause::Ref(start)), expected, "{text}");
        let nobody = Start { by: None, ..start };
        let told = holds(text, Cause::Ref(nobody));
        assert_eq!(told, None, "{text}");
    }
}

#[test]
fn where_it_runs_and_who_did_it_may_be_known() {
    let start = Start {
        event: "push",
        full_ref: "refs/tags/v1.0.5",
        repo: "harbour/lantern",
        by: Some("hotfix-bot[bot]"),
        head: None,
    };
    let nobody = Start { by: None, ..start };
    let nowhere = Start { repo: "", ..start };
    for (text, known, by_nobody, nowhere_at_all) in [
        (
            "github.repository == 'Harbour/Lantern'",
            Some(true),
            Some(true),
            None,
        ),
        (
            "github.repository == 'pier/lantern'",
            Some(false),
            Some(false),
            None,
        ),
        (
            "github.repository_owner == 'harbour'",
            Some(true),
            Some(true),
            None,
        ),
        (
            "github.repository_owner != 'pier'",
            Some(true),
            Some(true),
            None,
        ),
        (
            "startsWith(github.repository, 'pier/')",
            Some(false),
            Some(false),
            None,
        ),
        ("github.actor == 'mia'", Some(false), None, Some(false)),
        (
            "github.actor != 'dependabot[bot]'",
            Some(true),
            None,
            Some(true),
        ),
        (
            "github.triggering_actor == 'mia'",
            Some(false),
            None,
            Some(false),
        ),
        (
            "contains('mia,kim', github.actor)",
            Some(false),
            None,
            Some(false),
        ),
    ] {
        assert_eq!(holds(text, Cause::Ref(start)), known, "{text}");
        assert_eq!(holds(text, Cause::Ref(nobody)), by_nobody, "{text}");
        assert_eq!(holds(text, Cause::Ref(nowhere)), nowhere_at_all, "{text}");
    }
}

#[test]
fn a_merged_pull_request_is_known_but_for_what_is_not() {
    let labels = ["Release".to_owned(), "bug".to_owned()];
    let pull = Merged {
        repo: "harbour/lantern",
        head: "hotfix/v1.0.5",
        base: "main",
        title: Some("Hotfix v1.0.5: starts again"),
        labels: &labels,
        by: "hotfix-bot[bot]",
    };
    let of = |pull: Merged<'_>, text: &str| holds(text, Cause::Merged(pull));
    for (text, expected) in [
        ("github.event.pull_request.merged", Some(true)),
        ("github.event.pull_request.merged == true", Some(true)),
        ("github.event.pull_request.merged == 'true'", None),
        ("startsWith(github.head_ref, 'release/')", Some(false)),
        (
            "startsWith(github.event.pull_request.head.ref, 'hotfix/')",
            Some(true),
        ),
        (
            "github.event.pull_request.head.label == 'harbour:release'",
            Some(false),
        ),
        (
            "contains(github.event.pull_request.labels.*.name, 'release')",
            Some(true),
        ),
        (
            "contains(github.event.pull_request.labels.*.name, 'rel')",
            Some(false),
        ),
        (
            "contains(github.event.pull_request.title, 'chore: release')",
            Some(false),
        ),
        (
            "startsWith(github.event.pull_request.title, 'hotfix')",
            Some(true),
        ),
        (
            "github.repository == 'harbour/lantern' && github.base_ref == 'main'",
            Some(true),
        ),
        ("github.repository_owner == 'other' && x", Some(false)),
        ("github.event.pull_request.merge_commit_sha != ''", None),
        (
            "contains(toJSON(github.event.pull_request.labels), 'release')",
            None,
        ),
        ("github.ref == 'refs/heads/main'", None),
    ] {
        assert_eq!(of(pull, text), expected, "{text}");
    }
    let untitled = Merged {
        title: None,
        ..pull
    };
    assert_eq!(
        of(untitled, "contains(github.event.pull_request.title, 'x')"),
        None
    );
}

#[test]
fn all_jobs_must_be_out() {
    let start = Start {
        event: "push",
        full_ref: "refs/heads/x",
        ..Start::default()
    };
    let job = |id: &str, when: Option<&str>, needs: &[&str]| Job {
        id: id.into(),
        when: when.map(str::to_owned),
        needs: needs.iter().map(|n| (*n).to_owned()).collect(),
        ..Job::default()
    };
    let main = Some("github.ref == 'refs/heads/main'");
    let why = main.map(|when| vec![when.to_owned()]);
    assert_eq!(never(&[job("a", main, &[])], start), why);
    assert_eq!(
        never(&[job("b", None, &["a"]), job("a", main, &[])], start),
        why
    );
    assert_eq!(
        never(&[job("a", main, &[]), job("b", None, &[])], start),
        None
    );
    assert_eq!(
        never(
            &[job("a", main, &[]), job("b", Some("always()"), &["a"])],
            start
        ),
        None
    );
    assert_eq!(never(&[], start), None);
}
