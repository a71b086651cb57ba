//! Publishers that are easily overlooked, or taken for what they are not.

use super::publishing::{CLOSED, MAIN, TAG, file, of_base, run, with};
use super::world::{World, base, needs, published, ready_of, sha, status};
use crate::domain::need::NeedKind;
use crate::domain::objects::LocalAction;
use crate::domain::policy::{Policy, PublishedBy};
use crate::domain::shipping::Publishes;
use crate::domain::workflow_file::{Latest, Says};

/// What an action of the repository publishes, the file publishes that uses it;
/// of one that was not read it is not said that it does not.
#[test]
fn what_an_action_of_the_repository_publishes_is_seen() {
    let action = |folder: &str, steps: &str| {
        let text = format!("runs: {{using: composite, steps: [{steps}]}}");
        LocalAction::read(folder.to_owned(), Some(&text))
    };
    let both = "{run: cargo publish, shell: bash}, {uses: softprops/action-gh-release@v2}";
    let never = "{run: cargo publish, if: \"github.ref == 'refs/heads/main'\", shell: bash}";
    let program = LocalAction::read(
        "program".to_owned(),
        Some("runs: {using: node24, main: x.js}"),
    );
    let actions = vec![
        action("publish", both),
        action("outer", "{uses: ./publish}"),
        action("round", "{uses: ./round}"),
        action("setup", "{run: make deps, shell: bash}"),
        action("never", never),
        program,
    ];
    let of = |on: &str, job: &str| {
        let mut base = with(&[("w.yml", &file(on, job))]);
        base.actions.clone_from(&actions);
        of_base(base)
    };
    let uses = |folder: &str| format!("steps: [{{uses: ./{folder}}}]");
    for (folder, by_tag) in [
        ("publish", true),
        ("outer", true),
        // Nobody sees what it does.
        ("program", true),
        ("gone", true),
        ("setup", false),
        ("round", false),
        ("never", false),
    ] {
        let found = of(TAG, &uses(folder));
        let is = matches!(found.publishes, Publishes::Tag { .. });
        assert_eq!(is, by_tag, "{folder}: {:?}", found.publishes);
    }
    for (folder, by_merge) in [("publish", true), ("setup", false), ("gone", false)] {
        let found = of(MAIN, &uses(folder));
        assert_eq!(!found.on_merge.is_empty(), by_merge, "{folder}");
    }
    let guarded = "steps: [{uses: ./publish, if: \"github.ref == 'refs/heads/main'\"}]";
    assert_eq!(of(TAG, guarded).publishes, Publishes::Person);
}

/// GitHub makes a new release the latest unless it is told otherwise: for an older
/// line that is asked about before the decision.
#[test]
fn an_older_line_is_not_made_the_latest_by_default() {
    let job =
        |with: &str| format!("steps: [{{uses: softprops/action-gh-release@v2, with: {{{with}}}}}]");
    let asked = |newest: Option<&str>, job: &str| {
        let mut base = base();
        base.workflows
            .extend(with(&[("w.yml", &file(TAG, job))]).workflows.pop());
        base.newest = newest.map(str::to_owned);
        let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
        let found = |w: &World| {
            let all = needs(w).into_iter();
            let all = all.filter_map(|need| match need {
                NeedKind::MakesLatest { file, what, .. } => Some((file, what)),
                _ => None,
            });
            all.collect::<Vec<_>>()
        };
        let before = found(&w);
        w.say(
            "maintainer",
            "/hotfix override latest reason=\"put back after it\"",
        );
        assert_eq!(found(&w), [], "{job}");
        before
    };
    let unsaid = Latest::Unsaid(Says::MakeLatest);
    let older = Some("v2.0.0");
    assert_eq!(
        asked(older, &job("files: a")),
        [("w.yml".to_owned(), unsaid)]
    );
    assert_eq!(asked(older, &job("make_latest: false")), []);
    assert_eq!(asked(None, &job("files: a")), []);
}

/// What only another CI system's files could tell is asked, and is not ordered as if
/// nothing did it.
#[test]
fn another_ci_system_may_publish() {
    let of = |on: &str, script: &str| {
        let mut base = with(&[("w.yml", &file(on, &run(script)))]);
        base.other_ci = vec![".circleci/config.yml".to_owned()];
        base
    };
    let unseen = Publishes::Unseen {
        files: vec![".circleci/config.yml".to_owned()],
    };
    let nightly = "{schedule: [{cron: '0 0 * * *'}]}";
    assert_eq!(of_base(of(nightly, "cargo test")).publishes, unseen);
    let tag = of_base(of(TAG, "cargo publish")).publishes;
    assert!(matches!(tag, Publishes::Tag { .. }), "{tag:?}");
    for (by, asked) in [(PublishedBy::Auto, true), (PublishedBy::Tag, false)] {
        let mut policy = Policy::default();
        policy.release.published_by = by;
        let world = World::of(of(nightly, "cargo test"), policy, "maintainer");
        let mut w = ready_of(world);
        w.say("maintainer", "/hotfix release fffffff");
        w.look();
        let by = needs(&w).into_iter().find_map(|need| match need {
            NeedKind::PublishNow { by, .. } => Some(by),
            _ => None,
        });
        assert_eq!(by, asked.then(|| unseen.clone()));
        let words = status(&w);
        assert_eq!(words.contains("Look there first"), asked, "{words}");
        assert!(!words.contains("no workflow of this repository is known"));
    }
}

/// A workflow that people start for a release is no publisher at the tag where it
/// opens a pull request alone; one that nobody can read may be.
#[test]
fn what_people_start_is_told_apart() {
    const HAND: &str = "{workflow_dispatch: }";
    let by = |name: &str, job: &str| of_base(with(&[(name, &file(HAND, job))])).publishes;
    for step in [
        "uses: cargo-bins/release-pr@v2",
        "uses: peter-evans/create-pull-request@v7",
        "uses: googleapis/release-please-action@v4",
        "uses: release-plz/action@v0.5, with: {command: release-pr}",
        "run: release-plz release-pr",
    ] {
        let job = format!("permissions: {{contents: write}}, steps: [{{{step}}}]");
        assert_eq!(by("propose.yml", &job), Publishes::Person, "{step}");
    }
    let writes = |level: &str| {
        let task = "steps: [{run: pixi run -e release create-tag}]";
        format!("permissions: {{contents: {level}}}, {task}")
    };
    let unseen = Publishes::Unseen {
        files: vec!["release.yml".to_owned()],
    };
    assert_eq!(by("release.yml", &writes("write")), unseen);
    assert_eq!(by("release.yml", &writes("read")), Publishes::Person);
    assert_eq!(by("deps.yml", &writes("write")), Publishes::Person);
    // The opener beside what its merge starts.
    let opens = file(HAND, "steps: [{uses: cargo-bins/release-pr@v2}]");
    let closed = file(CLOSED, &run("cargo publish"));
    let both = of_base(with(&[
        ("release-pr.yml", &opens),
        ("release.yml", &closed),
    ]));
    assert_eq!(both.publishes, Publishes::Merge);
}

/// A score is none of a release.
#[test]
fn a_score_is_not_published_with_the_merge() {
    let job = "steps: [{uses: ossf/scorecard-action@v2, with: {publish_results: true}}]";
    assert_eq!(of_base(with(&[("w.yml", &file(MAIN, job))])).on_merge, []);
}

/// What the tag's workflows only may do, and have not done, a person is asked for
/// once they are through for long enough; a draft that is left as well.
#[test]
fn what_did_not_come_out_is_asked_for() {
    let minutes = |n: i64| n * 60 * 1_000;
    let asked = |w: &World| {
        needs(w).into_iter().find_map(|need| match need {
            NeedKind::PublishNow {
                by,
                registry,
                release,
            } => Some((by, registry, release)),
            _ => None,
        })
    };
    let of_tag = Publishes::Tag {
        files: vec!["w.yml".to_owned()],
    };
    let draft = "cargo publish && gh release create x --draft";
    for (script, registry, release, expected) in [
        // It only packs.
        ("make release", false, None, Some((true, true))),
        ("make release", true, Some(false), None),
        ("make release", false, Some(false), Some((true, false))),
        // Nothing publishes the draft.
        (draft, true, Some(true), Some((false, true))),
        (draft, true, Some(false), None),
        // The registry may take its time.
        (draft, false, Some(false), None),
    ] {
        let base = with(&[("w.yml", &file(TAG, &run(script)))]);
        let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
        w.say("maintainer", "/hotfix release fffffff");
        published(&mut w);
        if !registry {
            w.registry = None;
        }
        match release {
            Some(draft) => w.release.as_mut().expect("a release").draft = draft,
            None => w.release = None,
        }
        w.run_ends(9, "w.yml", "v1.0.5", &sha('f'), "success");
        w.look();
        let at_once = asked(&w).filter(|(_, registry, _)| *registry || script == draft);
        assert_eq!(at_once, None, "{script}: it was over this moment");
        w.wait(minutes(12));
        let expected = expected.map(|(registry, release)| (of_tag.clone(), registry, release));
        assert_eq!(asked(&w), expected, "{script} {registry} {release:?}");
    }
}

/// A workflow of another repository that the tag calls may publish: nobody reads it.
#[test]
fn what_another_repository_is_called_for_may_publish() {
    let call = |rights: &str| {
        format!(
            "on:\n  push:\n    tags: ['v*']\njobs:\n  release:\n    uses: acme/shared/.github/workflows/release.yml@v1\n{rights}"
        )
    };
    let of = |rights: &str| of_base(with(&[("release.yml", &call(rights))])).publishes;
    for rights in [
        "",
        "    secrets: inherit\n",
        "    permissions: {contents: write}\n",
    ] {
        let by = of(rights);
        assert!(matches!(by, Publishes::Tag { .. }), "{rights}: {by:?}");
    }
    assert_eq!(of("    permissions: {contents: read}\n"), Publishes::Person);
}
