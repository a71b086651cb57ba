//! After the tag: how long runs may take, what failed ones show, what is not
//! done a second time, and what the release is held against.

use super::sample::PUBLISH;
use super::world::{World, base, needs, published, ready_of, seen, sha, status, workflow, writes};
use crate::domain::facts::SaidState;
use crate::domain::need::{Against, NeedKind, Start};
use crate::domain::objects::{
    Answered, Asset, Attested, AttestedFile, Built, FailedJob, Halt, Halted, Object, Origin, Run,
    Sums, SumsFile, Waiting,
};
use crate::domain::policy::{AutoOr, Install, Period, Policy, ReleaseWorkflow, VerifyUrl};
use crate::domain::refused::Refused;
use crate::domain::text::verification;

const MINUTE: i64 = 60_000;
const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Decided and tagged.
pub(super) fn decided(policy: Policy) -> World {
    let mut w = ready_of(World::of(base(), policy, "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    w
}

/// The tag's run, as it stands.
pub(super) fn publishes(w: &World, status: &str, conclusion: Option<&str>) -> Run {
    Run {
        id: 2,
        attempt: 1,
        path: ".github/workflows/publish.yml".into(),
        event: "push".into(),
        ref_name: "v1.0.5".into(),
        sha: sha('f'),
        status: status.into(),
        conclusion: conclusion.map(str::to_owned),
        started_at: w.now,
        created_at: w.now,
        updated_at: w.now,
        ..Run::default()
    }
}

fn has(w: &World, is_it: impl Fn(&NeedKind) -> bool) -> bool {
    needs(w).iter().any(is_it)
}

fn against(w: &World) -> Vec<Against> {
    let of = |need: NeedKind| match need {
        NeedKind::Against { what } => Some(what),
        _ => None,
    };
    needs(w).into_iter().filter_map(of).collect()
}

#[test]
fn a_run_that_takes_too_long_is_told_when_it_does() {
    let mut policy = Policy::default();
    policy.release.workflow = vec![ReleaseWorkflow {
        expect: Some(Period::minutes(7)),
        timeout: Period::minutes(20),
        ..ReleaseWorkflow::new("publish.yml")
    }];
    let mut w = decided(policy);
    let slow = |w: &World| has(w, |need| matches!(need, NeedKind::RunSlow { .. }));
    w.run_is(publishes(&w, "in_progress", None));
    assert!(
        status(&w).contains("; usually through by"),
        "{}",
        status(&w)
    );
    w.wait(19 * MINUTE);
    assert!(!slow(&w), "{:?}", needs(&w));
    w.wait(2 * MINUTE);
    assert!(slow(&w), "{:?}", needs(&w));
    // What waits for somebody is not slow.
    w.run_is(publishes(&w, "waiting", None));
    w.wait(30 * MINUTE);
    assert!(!slow(&w), "{:?}", needs(&w));
}

#[test]
fn a_run_that_waits_names_the_environment_and_who_may_approve() {
    let mut w = decided(Policy::default());
    w.halted = vec![Halted {
        of: Halt {
            run: 2,
            attempt: 1,
            waits: true,
            ..Halt::default()
        },
        environments: vec![Waiting {
            name: "crates-io".into(),
            reviewers: vec!["maintainer".into(), "release team".into()],
            until: None,
        }],
        ..Halted::default()
    }];
    w.run_is(publishes(&w, "waiting", None));
    let text = status(&w);
    let says = "waits for `crates-io`, which `maintainer` or `release team` may approve";
    assert!(text.contains(says), "{text}");
}

/// What a finished release has.
fn is_out(w: &mut World) {
    let mut other = decided(Policy::default());
    published(&mut other);
    (w.registry, w.release) = (other.registry, other.release);
}

/// The publish job failed, and its log ends so.
fn failed(w: &mut World) {
    w.halted = vec![Halted {
        of: Halt {
            run: 2,
            attempt: 1,
            waits: false,
            ..Halt::default()
        },
        jobs: vec![FailedJob {
            name: "publish".into(),
            url: "https://x.test/job/9".into(),
            step: Some("Publish".into()),
            log: vec!["error: ask @everyone".into(), "  exit 1".into()],
        }],
        ..Halted::default()
    }];
    w.run_is(publishes(w, "completed", Some("failure")));
}

#[test]
fn what_failed_is_shown_with_the_end_of_its_log() {
    let mut w = decided(Policy::default());
    failed(&mut w);
    let text = status(&w);
    for says in [
        "in [job “publish”](https://x.test/job/9), step “Publish”",
        "Nothing is out (crates.io has no `1.0.5`",
        "users still have the bug",
        "/hotfix retry",
        "```text\nerror: ask @everyone\n  exit 1\n```",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    // It passes: the log is gone.
    w.run_is(Run {
        attempt: 2,
        ..publishes(&w, "completed", Some("success"))
    });
    assert!(!status(&w).contains("everyone"));
}

#[test]
fn what_was_published_is_not_published_again_without_a_word_for_it() {
    let mut w = decided(Policy::default());
    is_out(&mut w);
    failed(&mut w);
    assert!(
        status(&w).contains("crates.io has `1.0.5` already"),
        "{}",
        status(&w)
    );
    let reruns = |w: &World| writes(w).iter().filter(|it| **it == "rerun/2").count();
    for said in ["/hotfix retry", "/hotfix retry monitor"] {
        w.say("developer", said);
        assert!(
            matches!(w.last_said(), SaidState::Refused(Refused::Repeats { file, .. }) if file == "publish.yml"),
            "{said}: {:?}",
            w.last_said()
        );
    }
    assert_eq!(reruns(&w), 0);
    w.say("developer", "/hotfix retry publish.yml");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(reruns(&w), 1);
}

#[test]
fn a_job_that_publishes_nothing_runs_again_as_it_is() {
    const TWO: &str = "on: {push: {tags: ['v*']}}\njobs:\n  publish: {runs-on: x, steps: [{run: cargo publish}]}\n  tell: {runs-on: x, needs: publish, steps: [{run: ./tell.txt}]}\n";
    let mut base = base();
    base.workflows[1] = workflow("publish.yml", TWO);
    let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    is_out(&mut w);
    failed(&mut w);
    w.halted[0].jobs[0].name = "tell".into();
    w.tell(crate::domain::event::Event::Touched {
        objects: vec![Object::Halted],
    });
    w.run();
    w.say("developer", "/hotfix retry");
    assert_eq!(*w.last_said(), SaidState::Done);
}

#[test]
fn a_run_that_failed_after_publishing_is_taken_by_a_commander() {
    let mut w = decided(Policy::default());
    is_out(&mut w);
    failed(&mut w);
    let waive = "/hotfix waive verification reason=\"only the message failed\"";
    w.say("developer", waive);
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("maintainer", waive);
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(!has(&w, |need| matches!(need, NeedKind::RunFailed { .. })));
    // One that fails later is another matter.
    w.now += MINUTE;
    w.run_is(Run {
        attempt: 2,
        ..publishes(&w, "completed", Some("failure"))
    });
    assert!(has(&w, |need| matches!(need, NeedKind::RunFailed { .. })));
}

/// A release whose base was attested or not, as it is itself; by a workflow that
/// attests, or not.
fn attested(attests: bool, at_base: Option<bool>, here: Option<bool>) -> World {
    let mut of = base();
    let was = "b".repeat(64);
    of.release.as_mut().expect("a release").assets[0].digest = Some(was.clone());
    if attests {
        let step = "    steps:\n      - uses: actions/attest-build-provenance@v3\n";
        of.workflows[1] = workflow("publish.yml", &PUBLISH.replace("    steps:\n", step));
    }
    let mut w = ready_of(World::of(of, Policy::default(), "maintainer"));
    w.attested = vec![Attested {
        file: AttestedFile {
            name: "lantern-1.0.5.tar.gz".into(),
            digest: HEX.to_owned(),
            base: was,
        },
        base: at_base,
        here,
    }];
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    let release = w.release.as_mut().expect("a release");
    release.assets[0].digest = Some(HEX.to_owned());
    w.look();
    w
}

#[test]
fn files_are_attested_where_those_of_the_base_are() {
    let (yes, no) = (Some(true), Some(false));
    let w = attested(true, yes, yes);
    assert_eq!(against(&w), []);
    let text = seen(&w, verification);
    assert!(
        text.contains("- ✓ Attested, as in `v1.0.4`: 1 file\n"),
        "{text}"
    );
    // It may come after the file.
    let mut w = attested(true, yes, no);
    let files = vec!["lantern-1.0.5.tar.gz".to_owned()];
    assert_eq!(against(&w), [Against::Unattested { files }]);
    w.attested[0].here = yes;
    w.wait(3 * MINUTE);
    assert_eq!(against(&w), []);
    // What GitHub does not tell is not missing.
    for (at_base, here) in [(None, None), (yes, None)] {
        let w = attested(true, at_base, here);
        assert_eq!(against(&w), []);
        let text = seen(&w, verification);
        assert!(
            text.contains("GitHub does not show them to the bot"),
            "{text}"
        );
    }
    // The base has none, or nothing attests: nobody asks for it.
    for w in [attested(true, no, None), attested(false, yes, no)] {
        assert_eq!(against(&w), []);
        assert!(!seen(&w, verification).contains("ttest"));
    }
}

/// A release with a file of checksums, which says this.
fn summed(says: Option<&str>) -> World {
    let mut w = decided(Policy::default());
    let file = SumsFile {
        id: 8,
        name: "SHA256SUMS".into(),
    };
    let line = |sum: &str| vec![("lantern-1.0.5.tar.gz".to_owned(), sum.to_owned())];
    w.sums = vec![Sums {
        file,
        says: says.map(line),
    }];
    published(&mut w);
    let release = w.release.as_mut().expect("a release");
    release.assets[0].digest = Some(HEX.to_owned());
    release.assets.push(Asset {
        name: "SHA256SUMS".into(),
        uploaded: true,
        size: 90,
        id: 8,
        digest: None,
    });
    w.look();
    w
}

#[test]
fn checksums_are_held_against_what_github_has() {
    let w = summed(Some(HEX));
    assert_eq!(against(&w), []);
    let text = seen(&w, verification);
    assert!(text.contains("- ✓ Checksums agree with 1 file\n"), "{text}");
    let mut w = summed(Some(&"0".repeat(64)));
    let wrong = vec!["lantern-1.0.5.tar.gz".to_owned()];
    assert_eq!(against(&w), [Against::Sums { wrong }]);
    w.say(
        "maintainer",
        "/hotfix waive verification reason=\"explained\"",
    );
    assert_eq!(against(&w), []);
    // Of what cannot be read nothing is known, and it says so.
    let w = summed(None);
    assert_eq!(against(&w), []);
    assert!(seen(&w, verification).contains("could not be read: `SHA256SUMS`"));
}

#[test]
fn a_file_that_is_not_the_indexs_is_told_loudly() {
    let mut w = decided(Policy::default());
    is_out(&mut w);
    w.registry.as_mut().expect("it").built = vec![Built {
        package: "lantern".into(),
        checksum: "ab".repeat(32),
        origin: Origin::Altered,
    }];
    w.run_is(publishes(&w, "completed", Some("success")));
    assert!(matches!(against(&w)[..], [Against::Altered { .. }]));
    assert!(!w.wrote.iter().any(|it| it == "comment/verification"));
    w.say("maintainer", "/hotfix waive published reason=\"a mirror\"");
    assert_eq!(against(&w), []);
}

#[test]
fn an_address_must_show_the_release() {
    let mut policy = Policy::default();
    policy.verify.urls = vec![VerifyUrl {
        url: "https://x.test/{version}".into(),
        ..VerifyUrl::default()
    }];
    let mut w = decided(policy);
    w.found = Answered::Lacks;
    published(&mut w);
    assert!(matches!(
        &against(&w)[..],
        [Against::Address { at, found: Answered::Lacks }]
            if at.url == "https://x.test/1.0.5" && at.contains == "1.0.5"
    ));
    // It is asked again, and `verify` asks at once.
    w.wait(5 * MINUTE);
    assert_eq!(against(&w).len(), 1);
    w.found = Answered::Shows;
    w.say("developer", "/hotfix verify");
    assert_eq!(against(&w), []);
    assert!(
        seen(&w, verification)
            .contains("- ✓ [`x.test/1.0.5`](https://x.test/1.0.5) shows `1.0.5`\n")
    );
}

#[test]
fn the_release_is_shown_as_the_one_before_was() {
    let with = |latest: Option<&str>, make_latest| {
        let mut base = base();
        base.latest = latest.map(str::to_owned);
        let mut policy = Policy::default();
        policy.release.make_latest = make_latest;
        let mut w = ready_of(World::of(base, policy, "maintainer"));
        w.say("maintainer", "/hotfix release fffffff");
        published(&mut w);
        w
    };
    let set = |w: &mut World, latest, prerelease| {
        let release = w.release.as_mut().expect("a release");
        (release.latest, release.prerelease) = (latest, prerelease);
        w.look();
    };
    let mut w = with(Some("v1.0.4"), AutoOr::Auto);
    assert_eq!(against(&w), [Against::NotLatest]);
    set(&mut w, false, true);
    assert_eq!(against(&w), [Against::Prerelease]);
    set(&mut w, true, false);
    assert_eq!(against(&w), []);
    // Another product's is the latest here.
    assert_eq!(against(&with(Some("other-v3.0.0"), AutoOr::Auto)), []);
    assert_eq!(against(&with(Some("v1.0.4"), AutoOr::Is(false))), []);
    assert_eq!(
        against(&with(Some("other-v3.0.0"), AutoOr::Is(true))),
        [Against::NotLatest]
    );
    let mut w = with(Some("v1.0.4"), AutoOr::Is(false));
    set(&mut w, true, false);
    assert!(has(&w, |need| matches!(need, NeedKind::LatestMoved { .. })));
}

#[test]
fn a_workflow_installs_it_once_it_is_out() {
    const INSTALL: &str = "on: {workflow_dispatch: {}}\njobs: {a: {runs-on: x, steps: [{run: cargo install lantern}]}}";
    let mut base = base();
    base.workflows.push(workflow("install.yml", INSTALL));
    base.main_workflows = base.workflows.clone();
    let mut policy = Policy::default();
    policy.verify.install = Install::Workflow("install.yml".into());
    let mut w = ready_of(World::of(base, policy, "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.launched.is_empty(), "nothing is out");
    published(&mut w);
    let launched = |w: &World| w.launched.len();
    assert_eq!(launched(&w), 1);
    assert!(has(&w, |need| matches!(
        need,
        NeedKind::ReleaseRunMissing {
            start: Start::Bot,
            ..
        }
    )));
    let run = |conclusion: &str| Run {
        id: 6,
        attempt: 1,
        path: ".github/workflows/install.yml".into(),
        event: "workflow_dispatch".into(),
        ref_name: "v1.0.5".into(),
        sha: sha('f'),
        status: "completed".into(),
        conclusion: Some(conclusion.into()),
        ..Run::default()
    };
    w.run_is(run("failure"));
    assert!(has(&w, |need| matches!(need, NeedKind::RunFailed { .. })));
    w.say("developer", "/hotfix retry");
    w.run_is(Run {
        attempt: 2,
        ..run("success")
    });
    assert!(seen(&w, verification).contains("- ✓ Fresh install (`install.yml`"));
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over, "{:?}", needs(&w));
    assert_eq!(launched(&w), 1);
}

#[test]
fn a_workflow_that_cannot_be_started_is_a_persons_matter() {
    let mut policy = Policy::default();
    policy.verify.install = Install::Workflow("none.yml".into());
    let mut w = decided(policy);
    published(&mut w);
    assert!(w.launched.is_empty());
    assert!(has(&w, |need| *need == NeedKind::FreshInstall));
}

#[test]
fn the_reporter_is_not_asked_where_the_configuration_says_no() {
    let mut policy = Policy::default();
    policy.verify.ask_reporter = false;
    let mut w = decided(policy);
    published(&mut w);
    let text = seen(&w, verification);
    assert!(!text.contains("@reporter"), "{text}");
    assert!(text.contains("/hotfix check fix-verified note=…"), "{text}");
    assert!(!status(&w).contains("confirm-fixed`"), "{}", status(&w));
}

#[test]
fn the_verification_is_kept_true_while_facts_come_in() {
    let mut w = decided(Policy::default());
    published(&mut w);
    let edits = |w: &World| {
        let all = w.wrote.iter();
        all.filter(|it| *it == "comment/verification").count()
    };
    assert_eq!(edits(&w), 1);
    w.say("maintainer", "/hotfix check fresh-install");
    assert_eq!(edits(&w), 2);
    // A file that is lost is told there, too.
    w.release.as_mut().expect("a release").assets.clear();
    w.look();
    assert_eq!(edits(&w), 3);
    assert!(
        seen(&w, verification)
            .contains("- … 0 of 1 files, as `v1.0.4` had: missing: `lantern-1.0.5.tar.gz`")
    );
}
