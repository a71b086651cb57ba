//! Publishers that are easily overlooked, or taken for what they are not.

use super::publishing::{CLOSED, MAIN, TAG, file, of_base, run, with};
use super::world::{World, base, needs, published, ready_of, sha, status};
use crate::domain::need::{NeedKind, Stopped};
use crate::domain::objects::LocalAction;
use crate::domain::policy::{Policy, PublishedBy, TagAt};
use crate::domain::shipping::{Publishes, Tags};
use crate::domain::workflow_file::{Latest, Says};
use crate::ecosystem::Kind;

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
        action("setup", "{run: cargo fetch, shell: bash}"),
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
    let handed = "permissions: {contents: write}, ";
    for (folder, by_merge, with_rights) in [
        ("publish", true, true),
        ("setup", false, false),
        ("gone", false, true),
        ("program", false, true),
    ] {
        let found = of(MAIN, &uses(folder));
        assert_eq!(!found.on_merge.is_empty(), by_merge, "{folder}");
        let found = of(MAIN, &format!("{handed}{}", uses(folder)));
        assert_eq!(
            !found.on_merge.is_empty(),
            with_rights,
            "{folder} with rights"
        );
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

/// What is started by hand for betas is no publisher of a stable release.
#[test]
fn what_releases_betas_releases_nothing_stable() {
    let hand = "{workflow_dispatch: {inputs: {version: {required: true}}}}";
    let by = |name: &str| of_base(with(&[(name, &file(hand, &run("cargo publish")))])).publishes;
    for name in [
        "beta.yml",
        "release-nightly.yml",
        "canary_release.yaml",
        "pre.snapshot.yml",
    ] {
        assert_eq!(by(name), Publishes::Person, "{name}");
    }
    for name in ["release.yml", "alphabet.yml", "stable.yml"] {
        assert!(matches!(by(name), Publishes::Dispatch(_)), "{name}");
    }
    // Nor does a merge publish one by it.
    let merged = |name: &str| {
        let makes = file(
            MAIN,
            &run("git tag x && git push --tags && gh release create x"),
        );
        of_base(with(&[(name, &makes)])).on_merge.len()
    };
    assert_eq!((merged("snapshot.yml"), merged("nightly.yaml")), (0, 0));
    assert_eq!(merged("snap.yml"), 1);
}

/// What checks out the tag that it is told, or fails on anything but a tag, makes none:
/// the bot does, and it is started there.
#[test]
fn what_needs_the_tag_does_not_make_it() {
    let makes = "{uses: softprops/action-gh-release@v2, with: {draft: true}}";
    let out = |of: &str| format!("{{uses: actions/checkout@v6, with: {{ref: \"{of}\"}}}}");
    let script =
        |text: &str| format!("{{uses: actions/github-script@v8, with: {{script: \"{text}\"}}}}");
    let asks = "if (refType !== 'tag' && !dry) { core.setFailed('on a tag') }";
    for (input, step, by_bot) in [
        ("version", out("v${{ inputs.version }}"), true),
        ("tag", out("${{ inputs.tag }}"), true),
        ("tag", out("refs/tags/${{ github.event.inputs.tag }}"), true),
        ("note", script(asks), true),
        (
            "note",
            "{run: \"[ $GITHUB_REF_TYPE = 'tag' ] || exit 1\"}".to_owned(),
            true,
        ),
        // The branch's, or anything's.
        ("version", out("${{ inputs.version }}-build"), false),
        ("ref", out("${{ inputs.ref }}"), false),
        ("tag", out("${{ inputs.tag || github.ref }}"), false),
        ("version", out("main"), false),
        ("version", script("core.info(context.ref_type)"), false),
    ] {
        let hand = format!("{{workflow_dispatch: {{inputs: {{{input}: {{required: true}}}}}}}}");
        let job = format!("steps: [{step}, {makes}, {{run: cargo publish}}]");
        let found = of_base(with(&[("w.yml", &file(&hand, &job))]));
        let Publishes::Dispatch(by) = &found.publishes else {
            panic!("{step}: {found:?}");
        };
        assert_eq!(by.at, "v1.0.5", "{step}");
        assert_eq!(found.tags == Tags::Bot, by_bot, "{step}: {:?}", found.tags);
    }
}

/// An action's workflows try it on the spot, with all that they are handed.
#[test]
fn an_action_that_is_tried_by_its_own_repository_publishes_nothing_by_that() {
    let program = "runs: {using: node24, main: dist/index.js}";
    let job = "permissions: {contents: write}, steps: [{uses: ./}]";
    for on in [MAIN, TAG] {
        let mut base = with(&[("w.yml", &file(on, job))]);
        base.actions = vec![LocalAction::read(String::new(), Some(program))];
        let found = of_base(base);
        assert_eq!(found.on_merge, []);
        assert!(!matches!(found.publishes, Publishes::Tag { .. }), "{on}");
    }
}

/// What Maven deploys of a snapshot is no release.
#[test]
fn a_snapshot_is_not_published_with_the_merge() {
    for (version, is_release) in [
        (Some("1.0.6-SNAPSHOT"), false),
        (Some("1.0.6"), true),
        (None, true),
    ] {
        let mut base = with(&[("w.yml", &file(MAIN, &run("mvn -B deploy")))]);
        base.package.kind = Kind::Java;
        base.main.version = version.map(str::to_owned);
        assert_eq!(
            !of_base(base).on_merge.is_empty(),
            is_release,
            "{version:?}"
        );
    }
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

/// What a file publishes once a pull request is merged that it opens itself, the
/// merge of the fix does not publish; and nothing waits for that.
#[test]
fn what_only_proposes_a_release_is_told_apart() {
    let please = "p: {steps: [{uses: googleapis/release-please-action@v4}]}";
    let when = "if: \"${{ needs.p.outputs.release_created }}\"";
    let after = format!("c: {{needs: p, {when}, steps: [{{run: cargo publish}}]}}");
    let waits = "d: {needs: c, steps: [{run: gh release upload x y}]}";
    let same = format!(
        "p: {{steps: [{{uses: googleapis/release-please-action@v4}}, {{{when}, run: cargo publish}}]}}"
    );
    let always = "c: {needs: p, steps: [{run: cargo publish}]}";
    let not = after.replace("release_created", "release_created != 'true'");
    let plz = "p: {steps: [{run: release-plz release-pr}, {run: release-plz release}]}";
    for (jobs, proposes) in [
        (please.to_owned(), true),
        (format!("{please}, {after}"), true),
        (format!("{please}, {after}, {waits}"), true),
        (same, true),
        // These run with every push.
        (format!("{please}, {always}"), false),
        (format!("{please}, {not}"), false),
        // Another file says so by a step of its own.
        (after.replace("needs: p, ", ""), false),
        (plz.to_owned(), false),
    ] {
        let text = format!("on: {{push: {{branches: [main]}}}}\njobs: {{{jobs}}}\n");
        let found = of_base(with(&[("w.yml", &text)]));
        let of: Vec<bool> = found.on_merge.iter().map(|on| on.proposes).collect();
        assert_eq!(of, [proposes], "{text}");
    }
    let text = format!("on: {{push: {{branches: [main]}}}}\njobs: {{{please}, {after}}}\n");
    let mut w = ready_of(World::of(
        with(&[("w.yml", &text)]),
        Policy::default(),
        "maintainer",
    ));
    let asked = needs(&w).into_iter().find_map(|need| match need {
        NeedKind::MergePublishes { files, proposes } => Some((files, proposes)),
        _ => None,
    });
    assert_eq!(asked, Some((vec!["w.yml".to_owned()], true)));
    w.say("maintainer", "/hotfix override publish-by-hand reason=x");
    w.say("maintainer", "/hotfix release fffffff");
    let waits = |need: &NeedKind| matches!(need, NeedKind::MergeWaits { .. });
    assert!(!needs(&w).iter().any(waits), "{:?}", needs(&w));
}

/// What surely publishes is decided of; what nobody sees into is not named beside it.
#[test]
fn what_only_may_publish_is_not_named_beside_what_does() {
    let on = "on: {push: {branches: [main]}}\njobs: ";
    let sure = format!("{on}{{p: {{runs-on: x, steps: [{{run: cargo publish}}]}}}}\n");
    let calls = format!(
        "{on}{{p: {{permissions: {{contents: write}}, uses: o/templates/.github/workflows/readme.yaml@main}}}}\n"
    );
    let base = with(&[("readme.yml", &calls), ("release.yml", &sure)]);
    let w = ready_of(World::of(base, Policy::default(), "maintainer"));
    let asked = needs(&w).into_iter().find_map(|need| match need {
        NeedKind::MergePublishes { files, .. } => Some(files),
        _ => None,
    });
    assert_eq!(asked, Some(vec!["release.yml".to_owned()]));
}

/// A workflow that people start, that asks for the version, and calls what nobody
/// reads, may make the tag: the bot makes none, and a person starts it.
#[test]
fn what_may_make_the_tag_out_of_sight_is_left_to_a_person() {
    let by = |name: &str, inputs: &str, call: &str| {
        let text = format!(
            "on: {{workflow_dispatch: {{inputs: {{{inputs}}}}}}}\njobs: {{release: {{permissions: {{contents: write}}, uses: {call}}}}}\n"
        );
        of_base(with(&[(name, &text)])).tags
    };
    let there = "taiki-e/github-actions/.github/workflows/rust-release.yml@v1";
    for (name, inputs, call, tags) in [
        ("release.yml", "version: {required: true}", there, true),
        ("release.yml", "tag: {}", there, true),
        ("release.yml", "release-version: {}", there, true),
        ("release.yml", "bump: {}", there, true),
        // Nothing says which release it would make.
        ("release.yml", "channel: {}", there, false),
        ("release.yml", "", there, false),
        // It is called nothing of the kind.
        ("deps.yml", "version: {}", there, false),
    ] {
        let found = by(name, inputs, call);
        let is = matches!(&found, Tags::Workflow(by) if by.at == "hotfix/v1.0.5");
        assert_eq!(is, tags, "{name} {inputs} {call}: {found:?}");
    }
    let text = format!(
        "on: {{workflow_dispatch: {{inputs: {{version: {{required: true}}}}}}}}\njobs: {{release: {{permissions: {{contents: write}}, uses: {there}}}}}\n"
    );
    let mut w = ready_of(World::of(
        with(&[("release.yml", &text)]),
        Policy::default(),
        "maintainer",
    ));
    assert!(status(&w).contains("calls what the bot does not see, so that the bot makes none"));
    w.say("maintainer", "/hotfix release fffffff");
    w.look();
    assert_eq!(w.tag, None);
    assert_eq!(w.launched, []);
    let words = status(&w);
    assert!(
        words.contains("gh workflow run release.yml --ref hotfix/v1.0.5 -f 'version=1.0.5'"),
        "{words}"
    );
    assert!(words.contains("If it makes none: "), "{words}");
}

/// The shape of uv's and ruff's: a person starts it with the tag, and what it calls
/// of its own commit publishes; its last job makes tag and release.
#[test]
fn a_release_that_is_started_with_its_tag_makes_it() {
    let release = "on: {workflow_dispatch: {inputs: {tag: {required: true, default: dry-run}}}}\njobs:\n  plan: {steps: [{run: dist plan}]}\n  crates: {needs: plan, if: \"inputs.tag != 'dry-run'\", uses: $/.github/workflows/crates.yml}\n  announce: {needs: crates, steps: [{run: \"gh release create $TAG --target $SHA\"}]}\n";
    let crates = "on: workflow_call\njobs: {p: {steps: [{run: cargo publish}]}}\n";
    let found = of_base(with(&[("release.yml", release), ("crates.yml", crates)]));
    let tag = Some(("tag".to_owned(), Some("v1.0.5".to_owned())));
    assert!(
        matches!(&found.tags, Tags::Workflow(by) if by.inputs.first() == tag.as_ref()),
        "{:?}",
        found.tags
    );
    assert!(matches!(&found.publishes, Publishes::Dispatch(by) if by.file == "release.yml"));
}

/// What the tag's workflow refuses the tag for is said before there is one.
#[test]
fn a_release_that_would_refuse_the_tag_is_stopped_before() {
    let taiki = |with: &str| {
        format!("steps: [{{uses: taiki-e/create-gh-release-action@v1, with: {{{with}}}}}]")
    };
    let of = |job: &str, tag_at| {
        let base = with(&[("w.yml", &file(TAG, job))]);
        let mut policy = Policy::default();
        policy.merge.tag_at = tag_at;
        let w = ready_of(World::of(base, policy, "maintainer"));
        let all = needs(&w).into_iter();
        let all = all.filter_map(|need| match need {
            NeedKind::ReleaseStopped { why, .. } => Some(why),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    let stops = |job: &str| of(job, TagAt::Auto);
    assert_eq!(stops(&taiki("changelog: CHANGELOG.md")), []);
    let section = Stopped::Section("site/log.md".to_owned());
    assert_eq!(stops(&taiki("changelog: site/log.md")), [section]);
    let branch = Stopped::Branch("main".to_owned());
    assert_eq!(stops(&taiki("branch: main")), [], "it is merged first");
    let all = of(&taiki("branch: main"), TagAt::Head);
    assert_eq!(all, std::slice::from_ref(&branch));
    // A script of its own asks for the same, of the default branch by whatever name.
    let script = "env: {M: '${{ github.event.repository.default_branch }}'}, steps: [\
        {if: \"startsWith(github.ref, 'refs/tags/')\", \
         run: 'git merge-base --is-ancestor HEAD \"origin/$M\"'}, {run: cargo publish}]";
    assert_eq!(stops(script), [], "it is merged first");
    assert_eq!(of(script, TagAt::Head), [branch]);
    assert_eq!(stops(&taiki("branch: 'main|hotfix/.*'")), []);
    assert_eq!(stops(&taiki("branch: 'v[0-9]'")), [], "nobody can tell");
    // Somebody writes the section.
    let mut base = base();
    base.workflows = with(&[("w.yml", &file(TAG, &taiki("changelog: site/log.md")))]).workflows;
    let mut w = World::of(base, Policy::default(), "maintainer");
    w.push_unheard('f');
    let head = w.head.as_mut().expect("a head");
    head.files.push(crate::domain::objects::File {
        path: "site/log.md".into(),
        additions: 3,
        ..Default::default()
    });
    w.look();
    assert!(
        !needs(&w)
            .iter()
            .any(|it| matches!(it, NeedKind::ReleaseStopped { .. }))
    );
}

/// The tag stands on the fix, and what is published by a commit's message is not.
#[test]
fn what_publishes_by_the_commits_message_is_asked_about_once_there_is_a_fix() {
    let message = "github.event.head_commit.message";
    let by = |of: &str| {
        let when = format!("if: \"contains({message}, '{of}')\"");
        file(TAG, &format!("{when}, {}", run("cargo publish")))
    };
    let script = run("git log -1 --format=%s | grep x && cargo publish");
    for (text, subject, expected) in [
        (
            by("chore: release"),
            "fix: the crash",
            Some("chore: release"),
        ),
        (by("chore: release"), "chore: release it", None),
        (file(TAG, &script), "fix: the crash", Some("")),
        (file(TAG, &script), "1.0.5", None),
        // No tag's push starts it.
        (
            file("{release: {types: [published]}}", &script),
            "fix",
            None,
        ),
    ] {
        let base = with(&[("w.yml", &text)]);
        let mut w = World::of(base, Policy::default(), "maintainer");
        let stops = |w: &World| {
            let found = needs(w).into_iter().find_map(|need| match need {
                NeedKind::ReleaseStopped { why, .. } => Some(why),
                _ => None,
            });
            found.map(|why| match why {
                Stopped::Message(of) => of,
                other => format!("{other:?}"),
            })
        };
        assert_eq!(stops(&w), None, "there is no fix yet");
        w.push_unheard('f');
        let head = w.head.as_mut().expect("a head");
        let last = head.commits.last_mut().expect("a commit");
        last.subject = subject.into();
        w.look();
        assert_eq!(stops(&w).as_deref(), expected, "{text} {subject}");
    }
}
