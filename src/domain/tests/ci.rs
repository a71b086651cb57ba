//! Where no push of the hotfix branch starts the tests, and where one person
//! works alone.

use super::world::{
    ASSESS, World, base, needs, people, ready_of, seen, sha, status, workflow, writes,
};
use crate::domain::event::Event;
use crate::domain::facts::SaidState;
use crate::domain::need::{CheckFrom, NeedKind, RequiredBy};
use crate::domain::objects::{Base, Check, CheckState, FailedJob, Halt, Halted, RequiredCheck};
use crate::domain::policy::{self, Policy};
use crate::domain::refused::Refused;

const ON_MAIN: &str = "on:\n  push:\n    branches: [main]\njobs: {}\n";
const BY_HAND: &str = "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\njobs: {}\n";
const WITH_INPUT: &str = "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\n    inputs:\n      which:\n        required: true\njobs: {}\n";

fn tested_by(ci: &str) -> Base {
    let mut base = base();
    base.workflows[0] = workflow("ci.yml", ci);
    base
}

fn fixed(base: Base) -> World {
    let mut w = World::of(base, Policy::default(), "maintainer");
    w.push_fix('f');
    w
}

fn cannot_start(w: &World) -> bool {
    needs(w).iter().any(|n| {
        matches!(
            n,
            NeedKind::RunMissing {
                can_start: false,
                ..
            }
        )
    })
}

#[test]
fn what_no_push_starts_is_dispatched_once_for_each_head() {
    let mut w = fixed(tested_by(BY_HAND));
    assert_eq!(w.dispatched, ["ci.yml"]);
    assert!(!cannot_start(&w), "{:?}", needs(&w));
    w.look();
    assert_eq!(w.dispatched.len(), 1);
    w.push_fix('9');
    assert_eq!(w.dispatched.len(), 2);
    w.say("developer", "/hotfix test");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(w.dispatched.len(), 3);
    w.say("developer", "/hotfix test ci");
    assert_eq!(w.dispatched.len(), 4);
    w.say("developer", "/hotfix test lint");
    assert!(
        matches!(w.last_said(), SaidState::Refused(Refused::NoSuchTest { asked, there })
        if asked == "lint" && *there == ["ci.yml"])
    );
    w.wait(3_600_000);
    assert_eq!(w.dispatched.len(), 4);
}

#[test]
fn a_dispatched_run_that_ends_badly_is_a_need_and_no_second_dispatch() {
    for (end, words) in [
        ("failure", "failed"),
        ("cancelled", "failed"),
        ("startup_failure", "failed"),
        ("skipped", "skipped"),
    ] {
        let mut w = fixed(tested_by(BY_HAND));
        assert_eq!(w.dispatched, ["ci.yml"]);
        w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), end);
        let mut run = w.runs.last().unwrap().clone();
        run.event = "workflow_dispatch".to_owned();
        w.run_is(run.clone());
        let asks = |w: &World| {
            needs(w).iter().any(|need| match need {
                NeedKind::RunFailed { .. } => words == "failed",
                NeedKind::RunSkipped { .. } => words == "skipped",
                _ => false,
            })
        };
        assert!(asks(&w), "{end}: {:?}", needs(&w));
        for attempt in 2..6 {
            w.wait(3_600_000);
            w.look();
            run.attempt = attempt;
            w.run_is(run.clone());
        }
        assert!(asks(&w), "{end}: {:?}", needs(&w));
        assert_eq!(w.dispatched.len(), 1, "{end}");
    }
}

#[test]
fn what_pushes_start_is_dispatched_when_told_alone() {
    let both = BY_HAND.replace("[main]", "['**']");
    let mut w = fixed(tested_by(&both));
    assert!(w.dispatched.is_empty());
    w.say("developer", "/hotfix test");
    assert_eq!(w.dispatched, ["ci.yml"]);
}

#[test]
fn the_missing_trigger_is_named_and_a_persons_word_does() {
    for ci in [ON_MAIN, WITH_INPUT] {
        let mut w = fixed(tested_by(ci));
        assert!(cannot_start(&w) && w.dispatched.is_empty(), "{ci}");
        w.say("developer", "/hotfix test");
        assert!(matches!(w.last_said(), SaidState::Refused(_)));
        w.say("reporter", "/hotfix test enable");
        assert!(matches!(w.last_said(), SaidState::Refused(_)));
        w.say(
            "developer",
            "/hotfix check critical-path note=\"ran it all\"",
        );
        assert_eq!(*w.last_said(), SaidState::Done);
        assert!(!cannot_start(&w));
        w.push_fix('9');
        assert!(cannot_start(&w), "the word was for the other head");
    }
}

#[test]
fn a_file_that_main_lacks_cannot_be_dispatched() {
    let mut base = tested_by(BY_HAND);
    base.main_workflows = vec![workflow("other.yml", ON_MAIN)];
    let w = fixed(base);
    assert!(w.dispatched.is_empty() && cannot_start(&w));
}

#[test]
fn enabling_adds_one_commit_that_is_no_fix() {
    let mut w = fixed(tested_by(ON_MAIN));
    w.say("developer", "/hotfix test enable");
    assert_eq!(writes(&w), ["branch", "bump", "pull", "enable"]);
    assert!(!cannot_start(&w), "{:?}", needs(&w));
    w.say("developer", "/hotfix test enable");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    let preview = seen(&w, |view| view.preview.clone()).unwrap();
    assert_eq!((&preview.head, preview.commits.len()), (&sha('7'), 3));
    assert!(status(&w).contains("(CI only)"));
    w.look();
    assert_eq!(w.wrote.iter().filter(|s| *s == "enable").count(), 1);
}

#[test]
fn enabling_alone_is_no_fix() {
    let mut w = World::of(tested_by(ON_MAIN), Policy::default(), "maintainer");
    w.say("developer", "/hotfix test enable");
    assert!(needs(&w).iter().any(|n| matches!(n, NeedKind::Fix { .. })));
}

fn alone(policy: Policy) -> World {
    let mut w = World::of(base(), policy, "maintainer");
    w.writers = Some(people(&["maintainer"]));
    w.say("maintainer", ASSESS);
    w.push_fix_by("maintainer", 'f');
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    w.say("maintainer", "/hotfix check manual-test");
    w
}

#[test]
fn where_one_person_may_write_their_decision_is_the_approval() {
    let mut w = alone(Policy::default());
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Release { .. }))
    );
    w.say("maintainer", "/hotfix release fffffff");
    let ship = w.line().decision.as_ref().unwrap();
    assert_eq!(ship.record.single_handed.as_deref(), Some("maintainer"));
    assert!(w.tag.is_some() && ship.record.approved_by.is_empty());
    let status = status(&w);
    assert!(status.contains("single-handed"), "{status}");
}

#[test]
fn a_number_of_approvals_is_asked_of_one_person_too() {
    let policy = policy::parse("[merge]\napprovals = 1\n").unwrap();
    let w = alone(policy);
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Approval { .. }))
    );
}

#[test]
fn several_or_unseen_writers_approve_by_review() {
    for writers in [None, Some(people(&["a", "b"])), Some(vec![])] {
        let mut w = World::labelled_by("maintainer");
        w.writers = writers;
        w.push_fix('f');
        assert!(
            needs(&w)
                .iter()
                .any(|n| matches!(n, NeedKind::Approval { .. }))
        );
    }
    let w = ready_of(World::labelled_by("maintainer"));
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Release { .. }))
    );
}

/// The sample's CI, and an audit that some paths alone start.
fn audited(audit: &str) -> Base {
    let mut base = base();
    base.workflows.push(workflow("audit.yml", audit));
    base
}

const AUDIT: &str = "on:\n  push:\n    paths: ['**/Cargo.toml', '**/Cargo.lock']\njobs: {}\n";

/// The developer pushes a commit that changes these paths.
fn push(w: &mut World, digit: char, paths: &[&str]) {
    w.push_unheard(digit);
    let head = w.head.as_mut().unwrap();
    let commit = head.commits.last_mut().unwrap();
    commit.paths = paths.iter().map(|path| (*path).to_owned()).collect();
    w.look();
}

fn missing(w: &World) -> Vec<(String, bool)> {
    let one = |need| match need {
        NeedKind::RunMissing {
            file, can_start, ..
        } => Some((file, can_start)),
        _ => None,
    };
    needs(w).into_iter().filter_map(one).collect()
}

fn runs_by(w: &mut World, id: u64, file: &str, digit: char, conclusion: &str) {
    w.run_ends(id, file, "hotfix/v1.0.5", &sha(digit), conclusion);
}

#[test]
fn what_no_changed_path_starts_is_not_waited_for() {
    let mut w = World::of(audited(AUDIT), Policy::default(), "maintainer");
    // The bump changes the manifest; no fix does.
    push(&mut w, 'f', &["src/lib.rs", "tests/start.rs"]);
    assert_eq!(missing(&w), [("ci.yml".to_owned(), true)]);
    let status = status(&w);
    let row = "`ci.yml`; `audit.yml` only where the changed paths start it";
    assert!(status.contains(row), "{status}");
    let w = ready_of(w);
    assert!(
        needs(&w)
            .iter()
            .any(|n| matches!(n, NeedKind::Release { .. }))
    );
}

#[test]
fn what_the_last_commit_starts_is_waited_for_until_a_word() {
    let mut w = World::of(audited(AUDIT), Policy::default(), "maintainer");
    push(&mut w, 'f', &["src/lib.rs", "Cargo.toml"]);
    runs_by(&mut w, 1, "ci.yml", 'f', "success");
    assert_eq!(missing(&w), [("audit.yml".to_owned(), true)]);
    // GitHub compares whole pushes: it may have started nothing.
    w.say("developer", "/hotfix check critical-path note=\"by hand\"");
    assert_eq!(missing(&w), []);
    // The next push leaves its paths alone, and it cannot be dispatched.
    push(&mut w, '9', &["src/lib.rs"]);
    runs_by(&mut w, 2, "ci.yml", '9', "success");
    assert_eq!(missing(&w), []);
}

#[test]
fn a_run_that_there_is_counts_whatever_the_paths_say() {
    let mut w = World::of(audited(AUDIT), Policy::default(), "maintainer");
    push(&mut w, 'f', &["src/lib.rs"]);
    runs_by(&mut w, 1, "audit.yml", 'f', "failure");
    let failed = |w: &World| {
        needs(w)
            .iter()
            .any(|n| matches!(n, NeedKind::RunFailed { run, .. } if run.file() == "audit.yml"))
    };
    assert!(failed(&w), "{:?}", needs(&w));
    runs_by(&mut w, 1, "audit.yml", 'f', "success");
    assert!(!failed(&w));
}

#[test]
fn what_concerns_the_fix_and_can_be_dispatched_is() {
    let audit = AUDIT.replace("on:\n", "on:\n  workflow_dispatch:\n");
    let mut w = World::of(audited(&audit), Policy::default(), "maintainer");
    push(&mut w, 'f', &["Cargo.toml"]);
    assert!(w.dispatched.is_empty(), "the push starts it");
    push(&mut w, '9', &["src/lib.rs"]);
    assert_eq!(w.dispatched, ["audit.yml"]);
    // Where the fix does not concern it, only when told.
    let mut w = World::of(audited(&audit), Policy::default(), "maintainer");
    push(&mut w, 'f', &["src/lib.rs"]);
    assert!(w.dispatched.is_empty());
    w.say("developer", "/hotfix test audit");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(w.dispatched, ["audit.yml"]);
    assert!(missing(&w).contains(&("audit.yml".to_owned(), true)));
}

#[test]
fn a_trigger_that_leaves_out_the_branch_is_named_where_the_fix_concerns_it() {
    let ci = "on:\n  push:\n    branches: [main]\n    paths-ignore: ['docs/**']\n  pull_request:\n    paths-ignore: ['docs/**']\njobs: {}\n";
    let mut w = World::of(tested_by(ci), Policy::default(), "maintainer");
    push(&mut w, 'f', &["docs/a.md"]);
    assert!(needs(&w).contains(&NeedKind::NoTests), "{:?}", needs(&w));
    let status = status(&w);
    assert!(status.contains("do not start `ci.yml`"), "{status}");
    push(&mut w, '9', &["src/lib.rs"]);
    assert_eq!(missing(&w), [("ci.yml".to_owned(), false)]);
}

/// A workflow for the pull requests of another App skips ours.
#[test]
fn what_runs_for_another_apps_pull_requests_alone_is_no_test() {
    for (when, counts) in [
        ("github.actor == 'dependabot[bot]'", false),
        (
            "github.event.pull_request.user.login == 'renovate[bot]'",
            false,
        ),
        ("github.event.pull_request.head.repo.fork", false),
        ("github.actor != 'dependabot[bot]'", true),
        ("github.actor == 'developer'", true),
        // A review by a program.
        (
            "always()\n    steps: [{uses: anthropics/claude-code-action@v1}]",
            false,
        ),
        (
            "always()\n    steps: [{uses: cypress-io/github-action@v6}]",
            true,
        ),
    ] {
        let mut base = base();
        let text = format!("on: pull_request\njobs:\n  a:\n    if: {when}\n");
        base.workflows.push(workflow("merge.yml", &text));
        let w = fixed(base);
        let asked = missing(&w).iter().any(|(file, _)| file == "merge.yml");
        assert_eq!(asked, counts, "{when}");
    }
}

#[test]
fn a_named_file_is_required_whatever_its_paths() {
    let policy = policy::parse("[test]\nworkflows = [\"audit.yml\"]\n").unwrap();
    let mut w = World::of(audited(AUDIT), policy, "maintainer");
    push(&mut w, 'f', &["src/lib.rs"]);
    assert_eq!(missing(&w), [("audit.yml".to_owned(), false)]);
    let status = status(&w);
    let words = "its `paths` leave out what the last commit changes";
    assert!(status.contains(words), "{status}");
    w.say("developer", "/hotfix check critical-path note=\"audited\"");
    assert_eq!(missing(&w), []);
}

#[test]
fn which_workflows_count_is_said_once_the_branch_stands() {
    let mut w = World::labelled_by("maintainer");
    let rows = ["Tests required on the head", "Release workflows"];
    let text = status(&w);
    assert!(rows.iter().all(|row| text.contains(row)), "{text}");
    // Somebody deletes the branch.
    w.head = None;
    w.look();
    let text = status(&w);
    assert!(!rows.iter().any(|row| text.contains(row)), "{text}");
    assert!(text.contains("| Base |"), "{text}");
}

const DEPLOYS: &str = "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\njobs:\n  ship:\n    environment: live\n    steps:\n      - run: make deploy\n";
const BOTH: &str = "on:\n  pull_request:\n  workflow_dispatch:\njobs:\n  test:\n    steps:\n      - run: make test\n  ship:\n    if: startsWith(github.ref, 'refs/tags/')\n    permissions: {contents: write}\n    steps:\n      - run: gh release create x\n";

#[test]
fn what_pushes_alone_start_and_reaches_outside_is_no_test_and_is_not_started() {
    let mut w = fixed(tested_by(DEPLOYS));
    assert!(w.dispatched.is_empty());
    assert!(needs(&w).contains(&NeedKind::NoTests), "{:?}", needs(&w));
    let text = status(&w);
    assert!(text.contains("could reach outside"), "{text}");
    w.say("developer", "/hotfix test enable");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("developer", "/hotfix test run=ci.yml");
    assert!(
        matches!(w.last_said(), SaidState::Refused(Refused::NotHarmless { file, .. })
        if file == "ci.yml"),
        "{:?}",
        w.last_said()
    );
    assert!(w.dispatched.is_empty());
    w.say("maintainer", "/hotfix test run=ci.yml");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(w.dispatched.is_empty(), "nobody confirmed it");
    let text = status(&w);
    assert!(text.contains("A second word for `ci.yml`"), "{text}");
    w.say("developer", "/hotfix confirm");
    assert!(w.dispatched.is_empty());
    w.say("maintainer", "/hotfix confirm");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(w.dispatched, ["ci.yml"]);
    assert!(needs(&w).contains(&NeedKind::NoTests), "its run is no test");
    w.say("maintainer", "/hotfix confirm");
    let nothing = SaidState::Refused(Refused::NothingToConfirm);
    assert_eq!((w.last_said(), w.dispatched.len()), (&nothing, 1));
}

#[test]
fn what_was_asked_for_on_another_head_is_not_started() {
    let mut w = fixed(tested_by(DEPLOYS));
    w.say("maintainer", "/hotfix test run=ci.yml");
    // Written when the page still showed the head before.
    let heard = w.writes_a_comment("maintainer", "/hotfix confirm");
    w.push_fix('9');
    w.tell(Event::Commented(heard));
    w.run();
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("maintainer", "/hotfix confirm");
    let nothing = SaidState::Refused(Refused::NothingToConfirm);
    assert_eq!(*w.last_said(), nothing);
    assert!(w.dispatched.is_empty());
    // A confirmation that was taken back, or changed, starts nothing.
    w.say("maintainer", "/hotfix test run=ci.yml");
    let heard = w.writes_a_comment("maintainer", "/hotfix confirm");
    w.bodies.insert(heard.comment, "never mind".to_owned());
    w.tell(Event::Commented(heard));
    w.run();
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::TakenBack { .. })
    ));
    assert!(w.dispatched.is_empty());
    w.say("maintainer", "/hotfix confirm");
    assert_eq!(w.dispatched, ["ci.yml"]);
}

fn checked_by(name: &str, app: Option<u64>) -> World {
    let mut base = base();
    base.main.checks = vec![RequiredCheck {
        name: name.to_owned(),
        app,
    }];
    World::of(base, Policy::default(), "maintainer")
}

fn missing_check(w: &World) -> Option<CheckFrom> {
    needs(w).into_iter().find_map(|need| match need {
        NeedKind::Check {
            by: RequiredBy::Rules { from, .. },
            ..
        } => Some(from),
        _ => None,
    })
}

#[test]
fn what_the_rules_require_holds_the_release_up_by_name_and_app() {
    // A job of a required workflow: its run proves it, and nothing is read.
    for app in [None, Some(15_368)] {
        let mut w = ready_of(checked_by("test", app));
        assert_eq!(missing_check(&w), None);
        assert!(w.facts.lines.only().1.seen.checks.get().is_none());
        let text = status(&w);
        assert!(text.contains("`test` (a job of `ci.yml`)"), "{text}");
        w.say("maintainer", "/hotfix release ffffffff");
        assert_eq!(*w.last_said(), SaidState::Done);
    }
    for (app, from) in [
        (None, CheckFrom::Elsewhere),
        (Some(15_368), CheckFrom::Nothing),
        (Some(7), CheckFrom::App),
    ] {
        let mut w = ready_of(checked_by("scan", app));
        assert_eq!(missing_check(&w), Some(from));
        w.say("maintainer", "/hotfix release ffffffff");
        assert!(matches!(
            w.last_said(),
            SaidState::Refused(Refused::GatesOpen { .. })
        ));
        w.say(
            "maintainer",
            "/hotfix override required-checks reason=\"looked at it\"",
        );
        assert_eq!((w.last_said(), missing_check(&w)), (&SaidState::Done, None));
        w.push_fix('9');
        assert!(
            missing_check(&w).is_some(),
            "the word was for the other head"
        );
        w.checks = vec![Check {
            name: "scan".to_owned(),
            state: CheckState::Passed,
            app: Some(7),
            ..Check::default()
        }];
        w.look();
        let met = app.is_none_or(|app| app == 7);
        assert_eq!(missing_check(&w).is_none(), met, "{app:?}");
    }
}

#[test]
fn a_file_that_is_test_and_release_counts_and_is_not_dispatched() {
    let mut w = fixed(tested_by(BOTH));
    assert!(w.dispatched.is_empty());
    assert_eq!(missing(&w), [("ci.yml".to_owned(), false)]);
    w.say("developer", "/hotfix test ci");
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::NotHarmless { .. })
    ));
    w.say("developer", "/hotfix test enable");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    assert!(w.dispatched.is_empty());
}

#[test]
fn a_fix_that_makes_the_tests_reach_outside_is_not_dispatched() {
    let harmless = "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\njobs:\n  test:\n    steps:\n      - run: cargo test\n";
    let harmful = harmless.replace("cargo test", "npm publish");
    let mut w = World::of(tested_by(harmless), Policy::default(), "maintainer");
    w.push_unheard('f');
    w.head.as_mut().unwrap().workflows = vec![workflow("ci.yml", &harmful)];
    w.look();
    assert!(w.dispatched.is_empty());
    assert_eq!(missing(&w), [("ci.yml".to_owned(), false)]);
}

const OLD: &str =
    "on:\n  push:\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-20.04\n    steps: []\n";

/// This job of a run failed.
fn failed_in(run: u64, job: &str) -> Halted {
    Halted {
        of: Halt {
            run,
            attempt: 1,
            ..Halt::default()
        },
        jobs: vec![FailedJob {
            name: job.into(),
            ..FailedJob::default()
        }],
        ..Halted::default()
    }
}

#[test]
fn tests_that_ask_for_a_machine_that_is_gone_say_so_and_the_way_out() {
    let asks =
        "Its job `test` asks for a machine called `ubuntu-20.04`, and GitHub has none any more";
    let pick = "`main` has mended that: `/hotfix pick <commit>`";
    let mut old = tested_by(OLD);
    old.main_workflows = old.workflows.clone();
    let mut mended = tested_by(OLD);
    mended.main_workflows = vec![workflow("ci.yml", &OLD.replace("20.04", "24.04"))];
    for (base, is_mended) in [(old, false), (mended, true)] {
        let mut w = fixed(base);
        w.run_is(crate::domain::objects::Run {
            id: 1,
            attempt: 1,
            path: ".github/workflows/ci.yml".into(),
            event: "push".into(),
            ref_name: "hotfix/v1.0.5".into(),
            sha: sha('f'),
            status: "queued".into(),
            started_at: w.now,
            ..Default::default()
        });
        let text = status(&w);
        assert!(text.contains(asks), "{text}");
        assert_eq!(text.contains(pick), is_mended, "{text}");
        w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
        assert!(status(&w).contains(asks), "{}", status(&w));
        w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
        assert!(!status(&w).contains(asks), "{}", status(&w));
    }
    // Another job failed: the machine explains nothing.
    for (job, explains) in [("test", true), ("lint", false)] {
        let mut w = fixed(tested_by(OLD));
        w.halted = vec![failed_in(1, job)];
        w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
        assert_eq!(status(&w).contains(asks), explains, "{}", status(&w));
    }
}
