//! Who tags and who publishes: a table over the ways in which repositories do.

use super::world::{World, base, needs, published, ready_of, seen, status, workflow};
use crate::domain::facts::SaidState;
use crate::domain::need::NeedKind;
use crate::domain::objects::{Base, Built, Origin};
use crate::domain::policy::{Policy, PublishedBy, TaggedBy};
use crate::domain::procedure::publishing::{Publishing, publishing};
use crate::domain::procedure::release_runs::workflows;
use crate::domain::procedure::stopped::stopped;
use crate::domain::shipping::{Merging, Publishes, Tags};
use crate::domain::workflow_file::Latest;
use crate::ecosystem::Kind;

/// A base whose workflows, besides the tests, are these.
pub(super) fn with(files: &[(&str, &str)]) -> Base {
    let mut base = base();
    base.workflows.truncate(1);
    let all = files.iter().map(|(name, text)| workflow(name, text));
    base.workflows.extend(all);
    base.main_workflows = base.workflows.clone();
    base
}

pub(super) fn file(on: &str, job: &str) -> String {
    format!("on: {on}\njobs: {{a: {{runs-on: x, {job}}}}}")
}

pub(super) fn run(script: &str) -> String {
    format!("steps: [{{run: '{script}'}}]")
}

pub(super) fn of_base(base: Base) -> Publishing {
    of_world(&World::of(base, Policy::default(), "maintainer"))
}

pub(super) fn of_world(w: &World) -> Publishing {
    seen(w, |view| {
        let branched = view.proofs().branched.as_ref().expect("a branch");
        publishing(&view.case, branched)
    })
}

pub(super) fn one(on: &str, job: &str) -> Publishing {
    of_base(with(&[("w.yml", &file(on, job))]))
}

pub(super) const TAG: &str = "{push: {tags: ['v*']}}";
pub(super) const MAIN: &str = "{push: {branches: [main]}}";
pub(super) const CLOSED: &str = "{pull_request: {types: [closed]}}";
const HAND: &str = "{workflow_dispatch: {inputs: {tag: {required: true}, dry-run: {default: 'true'}, channel: {required: true}, note: {}}}}";

#[test]
fn who_publishes() {
    let publish = run("cargo publish");
    let by = |on: &str| one(on, &publish).publishes;
    let tag = || Publishes::Tag {
        files: vec!["w.yml".into()],
    };
    assert_eq!(by(TAG), tag());
    assert_eq!(one(TAG, &run("make release")).publishes, tag());
    assert_eq!(
        one(TAG, &run("cargo publish --dry-run")).publishes,
        Publishes::Person
    );
    assert_eq!(
        one(TAG, &run("gh release create x")).publishes,
        Publishes::Person
    );
    let of_release = Publishes::Release {
        file: "w.yml".into(),
    };
    assert_eq!(by("{release: {types: [published]}}"), of_release);
    assert_eq!(by("{release: {types: [released]}}"), of_release);
    assert_eq!(by("{release: {types: [deleted]}}"), Publishes::Person);
    assert_eq!(by(MAIN), Publishes::Merge);
    assert_eq!(
        by("{push: {branches: [main]}, workflow_dispatch: }"),
        Publishes::Merge
    );
    assert_eq!(by("{push: {branches: [next]}}"), Publishes::Person);
    assert_eq!(by("{schedule: [{cron: '0 0 * * *'}]}"), Publishes::Person);
    let Publishes::Dispatch(by_hand) = by(HAND) else {
        panic!("{:?}", by(HAND))
    };
    let inputs: Vec<_> = by_hand
        .inputs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_deref()))
        .collect();
    assert_eq!(
        inputs,
        [
            ("tag", Some("v1.0.5")),
            ("dry-run", Some("false")),
            ("channel", None)
        ]
    );
    assert_eq!(
        (by_hand.file.as_str(), by_hand.at.as_str()),
        ("w.yml", "v1.0.5")
    );
    // A file that the tag starts calls the one that publishes.
    let called = of_base(with(&[
        (
            "release.yml",
            &file(TAG, "uses: ./.github/workflows/publish.yml"),
        ),
        ("publish.yml", &file("{workflow_call: }", &publish)),
    ]));
    assert_eq!(
        called.publishes,
        Publishes::Tag {
            files: vec!["release.yml".into()]
        }
    );
    // A job of the tests that the tag lets run.
    let guarded = format!("if: \"startsWith(github.ref, 'refs/tags/')\", {publish}");
    assert_eq!(one("{push: }", &guarded).publishes, tag());
    assert_eq!(one("{push: }", &guarded).on_merge, []);
}

/// Jobs that run in another repository alone, or for one person, never run here
/// for a tag of the bot's: that is known before there is one.
#[test]
fn what_never_runs_here_is_told_before_the_tag() {
    let publish = run("cargo publish");
    let when = |when: &str| file(TAG, &format!("if: \"{when}\", {publish}"));
    for (text, tagged_by, stops) in [
        ("github.repository == 'acme/lantern'", TaggedBy::Auto, 0),
        ("github.repository == 'other/lantern'", TaggedBy::Auto, 1),
        ("github.repository_owner == 'other'", TaggedBy::Auto, 1),
        ("github.actor == 'maintainer'", TaggedBy::Auto, 1),
        ("github.actor == 'hotfix-bot[bot]'", TaggedBy::Auto, 0),
        ("github.actor != 'dependabot[bot]'", TaggedBy::Bot, 0),
        // A person makes the tag.
        ("github.actor == 'maintainer'", TaggedBy::Person, 0),
        ("github.repository == 'other/lantern'", TaggedBy::Person, 1),
    ] {
        let mut policy = Policy::default();
        policy.release.tagged_by = tagged_by;
        let w = World::of(with(&[("w.yml", &when(text))]), policy, "maintainer");
        let (stopped, publishes) = seen(&w, |view| {
            let branched = view.proofs().branched.as_ref().expect("a branch");
            let by = publishing(&view.case, branched).publishes;
            (stopped(&view.case, branched).len(), by)
        });
        assert_eq!(stopped, stops, "{text}");
        assert_eq!(publishes == Publishes::Person, stops > 0, "{text}");
    }
}

/// What the creation of the tag starts is not asked of a person besides.
#[test]
fn what_publishes_when_the_tag_is_created_is_known() {
    let by = |job: &str| one("create", job).publishes;
    let guarded = |when: &str| format!("if: \"{when}\", {}", run("cargo publish"));
    let tag = Publishes::Tag {
        files: vec!["w.yml".into()],
    };
    assert_eq!(by(&guarded("github.ref_type == 'tag'")), tag);
    assert_eq!(by(&guarded("startsWith(github.ref, 'refs/tags/v')")), tag);
    assert_eq!(
        by(&guarded(
            "github.event_name == 'create' && github.ref_type == 'tag'"
        )),
        tag
    );
    assert_eq!(
        by(&guarded("github.event_name == 'push'")),
        Publishes::Person
    );
    let base = with(&[(
        "w.yml",
        &file("create", &guarded("github.ref_type == 'tag'")),
    )]);
    let w = World::of(base, Policy::default(), "maintainer");
    let waited = seen(&w, |view| {
        let branched = view.proofs().branched.as_ref().expect("a branch");
        let all = workflows(&view.case, branched).into_iter();
        all.map(|w| (w.file, w.required)).collect::<Vec<_>>()
    });
    assert_eq!(
        waited,
        [("w.yml".to_owned(), false)],
        "nobody knows whether it starts"
    );
}

#[test]
fn what_the_configuration_says_holds() {
    let mut policy = Policy::default();
    policy.release.published_by = PublishedBy::Person;
    policy.release.tagged_by = TaggedBy::Person;
    let base = with(&[("w.yml", &file(MAIN, &run("cargo publish")))]);
    let w = ready_of(World::of(base, policy, "maintainer"));
    let found = of_world(&w);
    assert_eq!(found.publishes, Publishes::Person);
    assert_eq!(
        found.tags,
        Tags::Signed {
            file: String::new()
        }
    );
    let gate = |n: &NeedKind| matches!(n, NeedKind::MergePublishes { .. });
    assert!(!needs(&w).iter().any(gate), "{:?}", needs(&w));
}

#[test]
fn who_tags() {
    let tags = |on: &str, script: &str| one(on, &run(script)).tags;
    assert_eq!(tags(TAG, "cargo publish"), Tags::Bot);
    let signed = Tags::Signed {
        file: "w.yml".into(),
    };
    assert_eq!(tags(TAG, "git verify-tag $TAG && cargo publish"), signed);
    assert_eq!(tags(TAG, "git tag -v $TAG; cargo publish"), signed);
    assert_eq!(tags(MAIN, "git verify-tag $TAG"), Tags::Bot);
    let by_itself =
        |script: &str| matches!(tags(HAND, script), Tags::Workflow(by) if by.at == "hotfix/v1.0.5");
    assert!(by_itself(
        "git tag v1 && git push origin v1 && cargo publish"
    ));
    assert!(by_itself("cargo publish && gh release create v1"));
    assert!(by_itself("cargo release --execute"));
    assert!(!by_itself("cargo publish"));
    // One that makes a tag for another one to start by it is a helper.
    let helper = of_base(with(&[
        (
            "tag.yml",
            &file(
                "{workflow_dispatch: }",
                &run("git tag v1 && git push --tags"),
            ),
        ),
        ("w.yml", &file(TAG, &run("cargo publish"))),
    ]));
    assert_eq!(helper.tags, Tags::Bot);
}

#[test]
fn what_a_merge_publishes() {
    let on = |on: &str, job: &str| {
        let all = one(on, job).on_merge.into_iter();
        all.map(|on| on.by).collect::<Vec<_>>()
    };
    let publish = run("cargo publish");
    let when = |when: &str, on_: &str| on(on_, &format!("if: \"{when}\", {publish}"));
    assert_eq!(on(MAIN, &publish), [Merging::Push]);
    assert_eq!(
        on(MAIN, "steps: [{uses: release-plz/action@v0.5}]"),
        [Merging::Push]
    );
    assert_eq!(
        on(
            MAIN,
            "steps: [{uses: release-plz/action@v0.5, with: {command: release-pr}}]"
        ),
        []
    );
    assert_eq!(on(MAIN, &run("npx semantic-release")), [Merging::Push]);
    assert_eq!(on(MAIN, &run("cargo test")), []);
    assert_eq!(
        on(
            MAIN,
            "steps: [{uses: docker/build-push-action@v6, with: {push: true}}]"
        ),
        []
    );
    assert_eq!(when("github.ref == 'refs/heads/release'", MAIN), []);
    assert_eq!(when("steps.a.outputs.b == 'c'", "{pull_request: }"), []);
    assert_eq!(on(CLOSED, &publish), [Merging::Closed]);
    assert_eq!(
        on("{pull_request_target: {types: [closed]}}", &publish),
        [Merging::Closed]
    );
    assert_eq!(on("{pull_request_target: }", &publish), []);
    assert_eq!(
        on(
            "{pull_request: {types: [closed], branches: [next]}}",
            &publish
        ),
        []
    );
    for (text, matches) in [
        ("github.event.pull_request.merged", true),
        ("startsWith(github.head_ref, 'release/')", false),
        ("startsWith(github.head_ref, 'hotfix/')", true),
        ("startsWith(github.head_ref, 'forward-port/')", true),
        (
            "contains(github.event.pull_request.labels.*.name, 'release')",
            false,
        ),
        ("github.event.pull_request.user.login == 'x'", false),
        ("github.event.pull_request.user.type == 'Bot'", true),
        ("needs.x.outputs.y == 'true'", true),
    ] {
        assert_eq!(!when(text, CLOSED).is_empty(), matches, "{text}");
    }
}

#[test]
fn an_older_line_is_told_from_the_newest() {
    let docker =
        "steps: [{uses: docker/build-push-action@v6, with: {push: true, tags: 'a:latest'}}]";
    let under = |dist_tag: Option<&str>, newest: Option<&str>, job: &str| {
        let mut base = with(&[("w.yml", &file(TAG, job))]);
        base.package.kind = Kind::Npm;
        base.package.dist_tag = dist_tag.map(str::to_owned);
        base.newest = newest.map(str::to_owned);
        let all = of_base(base).latest.into_iter();
        all.map(|(_, what)| what).collect::<Vec<_>>()
    };
    let latest = |newest: Option<&str>, job: &str| under(None, newest, job);
    assert_eq!(latest(None, docker), []);
    assert_eq!(latest(Some("v2.0.0"), docker), [Latest::Image]);
    let when = |when: &str| latest(Some("v2.0.0"), &format!("if: \"{when}\", {docker}"));
    assert_eq!(
        when("startsWith(github.ref, 'refs/tags/v')"),
        [Latest::Image]
    );
    assert_eq!(when("startsWith(github.ref, 'refs/tags/v2')"), []);
    assert_eq!(when("needs.newest.outputs.is == 'true'"), []);
    let tagged = |tag: Option<&str>| under(tag, Some("v2.0.0"), &run("npm publish"));
    assert_eq!(tagged(Some("latest-1")), []);
    assert_eq!(tagged(Some("latest")), [Latest::Npm]);
    assert_eq!(tagged(None), [Latest::Npm]);
}

#[test]
fn a_draft_is_wanted_where_nothing_makes_the_release() {
    let upload = file(TAG, &run("gh release upload $TAG a"));
    let create = file(TAG, &run("gh release create $TAG"));
    let drafts = |files: &[(&str, &str)]| of_base(with(files)).drafts;
    assert_eq!(drafts(&[("w.yml", &upload)]).as_deref(), Some("w.yml"));
    assert_eq!(drafts(&[("w.yml", &upload), ("x.yml", &create)]), None);
    for made in ["gh", "hub"] {
        let both = format!("{made} release create $TAG && gh release upload $TAG a");
        assert_eq!(
            drafts(&[("w.yml", &file(TAG, &run(&both)))]),
            None,
            "{made}"
        );
    }
    let on_release = upload.replace(TAG, "{release: {types: [published]}}");
    assert_eq!(drafts(&[("w.yml", &on_release)]), None);
}

#[test]
fn an_older_line_that_became_the_latest_is_asked_about_until_it_is_not() {
    let mut base = base();
    base.newest = Some("v2.0.0".into());
    let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.release.as_mut().expect("a release").latest = true;
    w.look();
    let moved = |w: &World| {
        needs(w)
            .iter()
            .any(|n| matches!(n, NeedKind::LatestMoved { .. }))
    };
    assert!(moved(&w), "{:?}", needs(&w));
    assert!(status(&w).contains("gh release edit v2.0.0 --latest"));
    w.say("maintainer", "/hotfix waive latest reason=\"wanted\"");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(!moved(&w));
}

#[test]
fn what_was_not_recorded_promises_nothing() {
    for (origin, loud) in [
        (Origin::Unread, false),
        (Origin::NotRecorded, false),
        (Origin::Unreadable, false),
        (
            Origin::Commit {
                commit: super::world::sha('f'),
                dirty: true,
            },
            false,
        ),
        (
            Origin::Commit {
                commit: super::world::sha('e'),
                dirty: false,
            },
            true,
        ),
    ] {
        let mut w = ready_of(World::of(base(), Policy::default(), "maintainer"));
        w.say("maintainer", "/hotfix release fffffff");
        published(&mut w);
        let built = Built {
            package: "lantern".into(),
            checksum: "ab".repeat(32),
            origin: origin.clone(),
        };
        w.registry.as_mut().expect("it").built = vec![built];
        w.look();
        let other = needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::PublishedOther { .. }));
        assert_eq!(other, loud, "{origin:?}");
    }
}

/// What every branch starts would take the bump for a release.
#[test]
fn a_push_that_would_publish_is_asked_about_before_there_is_a_branch() {
    let publish = run("cargo publish");
    let guarded = |when: &str| format!("if: \"{when}\", {publish}");
    let branches = |pattern: &str| format!("{{push: {{branches: ['{pattern}']}}}}");
    let asked = |w: &World| {
        needs(w).into_iter().find_map(|need| match need {
            NeedKind::PushPublishes {
                files, otherwise, ..
            } => Some((files, otherwise)),
            _ => None,
        })
    };
    let dist = "needs: plan, if: \"needs.plan.outputs.publishing == 'true'\", steps: [{run: gh release create x}]";
    let hotfix = &branches("hotfix/**");
    let other = Some("hotfix-v{version}");
    for (on, job, expected) in [
        ("push", publish.clone(), Some(None)),
        (
            "[push, pull_request]",
            run("gh release create v1"),
            Some(None),
        ),
        ("push", run("git tag v1 && git push --tags"), Some(None)),
        ("push", run("npm publish"), Some(None)),
        ("create", publish.clone(), Some(None)),
        (hotfix, publish.clone(), Some(other)),
        (&branches("**"), publish.clone(), Some(None)),
        ("pull_request", publish.clone(), Some(None)),
        ("push", guarded("steps.x.outputs.new == 'true'"), Some(None)),
        // What keeps it from the branch.
        ("push", guarded("github.ref == 'refs/heads/main'"), None),
        (
            "push",
            guarded("startsWith(github.ref, 'refs/tags/')"),
            None,
        ),
        ("create", guarded("github.ref_type == 'tag'"), None),
        ("[pull_request, {}]", dist.to_owned(), None),
        (TAG, publish.clone(), None),
        (MAIN, publish.clone(), None),
        (CLOSED, publish.clone(), None),
        ("push", run("cargo publish --dry-run"), None),
        ("push", run("cargo test"), None),
    ] {
        let base = with(&[("w.yml", &file(on, &job))]);
        let mut w = World::of(base, Policy::default(), "maintainer");
        let found = asked(&w);
        let expected = expected.map(|it: Option<&str>| it.map(str::to_owned));
        assert_eq!(found.clone().map(|(_, it)| it), expected, "{on} {job}");
        assert_eq!(w.wrote.contains(&"branch".to_owned()), found.is_none());
        if found.is_some() {
            w.say("developer", "/hotfix waive push reason=now");
            assert!(asked(&w).is_some(), "a maintainer's word");
            w.say("maintainer", "/hotfix waive push reason=\"it is a stub\"");
            assert!(w.wrote.contains(&"branch".to_owned()), "{:?}", needs(&w));
        }
    }
}

/// Of a pull request's jobs that ask for what only the run knows, such as a plan,
/// nothing is said; nor of those that wait for them, or that they call.
#[test]
fn what_a_plan_decides_does_not_keep_the_branch_from_being_made() {
    let plan = "plan: {runs-on: x, steps: [{run: dist plan}]}";
    let host = "host: {runs-on: x, needs: plan, if: \"needs.plan.outputs.publishing == 'true'\", steps: [{run: gh release create x}]}";
    let calls = "uses: ./.github/workflows/crates.yml";
    let crates = file("workflow_call", &run("cargo publish"));
    for (jobs, asked) in [
        (format!("{plan}, {host}"), false),
        (
            format!(
                "{plan}, {host}, npm: {{runs-on: x, needs: host, {}}}",
                run("npm publish")
            ),
            false,
        ),
        (
            format!(
                "{plan}, c: {{needs: plan, if: '!fromJson(needs.plan.outputs.val).pre', {calls}}}"
            ),
            false,
        ),
        (
            format!("{plan}, {host}, c: {{needs: host, {calls}}}"),
            false,
        ),
        // What nothing keeps from it.
        (format!("{plan}, c: {{needs: plan, {calls}}}"), true),
        (
            format!("{plan}, {host}, c: {{needs: host, if: always(), {calls}}}"),
            true,
        ),
        (format!("c: {{{calls}}}"), true),
    ] {
        let text = format!("on: [pull_request]\njobs: {{{jobs}}}");
        let base = with(&[("release.yml", &text), ("crates.yml", &crates)]);
        let w = World::of(base, Policy::default(), "maintainer");
        let mut found = needs(&w).into_iter();
        let found = found.any(|it| matches!(it, NeedKind::PushPublishes { .. }));
        assert_eq!(found, asked, "{text}");
    }
}
