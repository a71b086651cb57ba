//! Where the head was tried: platforms and commands, by words and by runs.

use super::world::{World, base, needs, ready_of, seen, sha, status, workflow};
use crate::domain::facts::SaidState;
use crate::domain::need::NeedKind;
use crate::domain::objects::{Build, RanJob};
use crate::domain::policy::{Policy, parse};
use crate::domain::procedure::tried::TriedBy;
use crate::domain::refused::Refused;

fn policy(test: &str) -> Policy {
    parse(&format!("[test]\n{test}\n")).unwrap()
}

/// The platforms that are still to be tried.
fn missing(w: &World) -> Vec<String> {
    let kinds = needs(w).into_iter();
    let mut missing = kinds.filter_map(|kind| match kind {
        NeedKind::Platforms { missing, .. } => Some(missing),
        _ => None,
    });
    missing.next().unwrap_or_default()
}

/// What ran each of the commands.
fn ran(w: &World) -> Vec<Option<TriedBy>> {
    seen(w, |view| {
        let preview = view.preview.as_ref().expect("a preview");
        preview.commands.iter().map(|it| it.by.clone()).collect()
    })
}

#[test]
fn each_platform_that_is_named_must_have_been_tried() {
    let both = policy(r#"platforms = ["macOS", "Windows"]"#);
    let mut w = ready_of(World::of(base(), both, "maintainer"));
    // A word that says no platform is the manual test, and no more.
    assert_eq!(missing(&w), ["macOS", "Windows"]);
    w.say("maintainer", "/hotfix release fffffff");
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::GatesOpen { .. })
    ));
    w.say(
        "developer",
        "/hotfix check manual-test fffffff platform=mac note=it starts",
    );
    assert_eq!(missing(&w), ["Windows"]);
    assert!(
        status(&w)
            .contains("**Platforms:** macOS ✓ @developer (“it starts”) · Windows: nobody yet")
    );
    w.say("developer", "/hotfix check manual-test platform=windows 11");
    assert_eq!(missing(&w), [] as [&str; 0]);
    w.say(
        "developer",
        "/hotfix uncheck manual-test platform=windows 11",
    );
    assert_eq!(missing(&w), ["Windows"]);
    w.say(
        "maintainer",
        "/hotfix override platforms reason=no Windows at hand",
    );
    assert_eq!(missing(&w), [] as [&str; 0]);
    w.say("maintainer", "/hotfix release fffffff");
    assert_eq!(*w.last_said(), SaidState::Done);
}

/// The runs of the head ran there.
fn ran_on(w: &mut World, labels: &[&str], passed: bool) {
    w.jobs.jobs = labels
        .iter()
        .zip(1..)
        .map(|(label, id)| RanJob {
            id,
            run: 1,
            name: format!("test on {label}").as_str().into(),
            labels: vec![(*label).to_owned()],
            passed,
            idle: false,
            url: format!("https://hub.test/job/{id}"),
        })
        .collect();
}

#[test]
fn a_job_that_passed_there_is_evidence() {
    let named = |labels: &[&str], passed| {
        let both = policy(r#"platforms = ["macOS", "Windows"]"#);
        let mut w = World::of(base(), both, "maintainer");
        ran_on(&mut w, labels, passed);
        ready_of(w)
    };
    let w = named(&["macos-14", "windows-2022"], true);
    assert_eq!(missing(&w), [] as [&str; 0]);
    assert!(status(&w).contains(
        "**Platforms:** macOS ✓ [test on macos-14](https://hub.test/job/1) · Windows ✓ [test on windows-2022](https://hub.test/job/2)"
    ));
    let w = named(&["ubuntu-latest", "windows-2022"], true);
    assert_eq!(missing(&w), ["macOS"]);
    let w = named(&["macos-14", "windows-2022"], false);
    assert_eq!(missing(&w), ["macOS", "Windows"]);
}

#[test]
fn while_the_runs_are_under_way_nobody_is_asked_what_they_may_show() {
    let windows = policy(r#"platforms = ["Windows"]"#);
    let mut w = World::of(base(), windows, "maintainer");
    ran_on(&mut w, &["windows-2022"], true);
    w.say("maintainer", super::world::ASSESS);
    w.push_fix('f');
    assert_eq!(missing(&w), [] as [&str; 0]);
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
    assert_eq!(missing(&w), [] as [&str; 0]);
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    assert_eq!(missing(&w), [] as [&str; 0]);
    // Run again, it ran elsewhere.
    ran_on(&mut w, &["ubuntu-latest"], true);
    let run = w.runs[0].clone();
    w.run_is(crate::domain::objects::Run { attempt: 2, ..run });
    assert_eq!(missing(&w), ["Windows"]);
}

#[test]
fn the_fixs_own_tests_and_what_was_built_are_named() {
    let mut w = World::labelled_by("maintainer");
    w.jobs.builds = vec![Build {
        id: 7,
        run: 1,
        name: "lantern-linux".into(),
    }];
    ran_on(&mut w, &["ubuntu-latest"], true);
    w.jobs.shown = vec![("starts_again".into(), 1)];
    w.say("maintainer", super::world::ASSESS);
    w.push_unheard('f');
    let head = w.head.as_mut().unwrap();
    head.files[0].tests = vec!["starts_again".into(), "stays_up".into()];
    w.look();
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    let page = status(&w);
    assert!(page.contains(
        "**The fix's own test:** `starts_again` [passed](https://hub.test/job/1) · `stays_up`, not seen in a log"
    ));
    assert!(
        page.contains("**To try it:** built by its runs: "),
        "{page}"
    );
    assert!(page.contains("git checkout fffffff && cargo build --release"));
}

#[test]
fn what_was_tried_counts_for_one_head() {
    let windows = policy(r#"platforms = ["Windows"]"#);
    let mut w = ready_of(World::of(base(), windows, "maintainer"));
    w.say("developer", "/hotfix check manual-test platform=all");
    assert_eq!(missing(&w), [] as [&str; 0]);
    w.push_fix('e');
    w.run_ends(2, "ci.yml", "hotfix/v1.0.5", &sha('e'), "success");
    assert_eq!(missing(&w), ["Windows"]);
}

#[test]
fn where_the_bug_was_seen_is_shown_and_waited_for_by_the_manual_test_alone() {
    let mut w = ready_of(World::labelled_by("maintainer"));
    w.say("maintainer", "/hotfix assess platform=Windows 11");
    assert!(status(&w).contains("**Platforms:** Windows 11: nobody yet"));
    assert_eq!(missing(&w), [] as [&str; 0]);
    w.say(
        "developer",
        "/hotfix check manual-test platform=Windows 11, Linux",
    );
    assert!(status(&w).contains("**Platforms:** Windows 11 ✓ @developer · Linux ✓ @developer"));
}

#[test]
fn the_commands_of_the_critical_path_are_shown_with_who_ran_them() {
    let all = policy(r#"commands = ["cargo test", "make e2e", "./smoke"]"#);
    let mut w = ready_of(World::of(base(), all, "maintainer"));
    let step = Some(TriedBy::Step {
        file: "ci.yml".into(),
    });
    assert_eq!(ran(&w), [step.clone(), None, None]);
    assert!(
        status(&w).contains(
            "- … `make e2e` — run it, then `/hotfix check critical-path fffffff command=2`"
        )
    );
    w.say("developer", "/hotfix check critical-path fffffff command=2");
    w.say(
        "developer",
        "/hotfix check critical-path command=./smoke note=three times",
    );
    assert!(ran(&w).iter().all(Option::is_some));
    assert!(status(&w).contains("- ✓ `cargo test` — a step of `ci.yml` runs it"));
    assert!(status(&w).contains("- ✓ `make e2e` — @developer"));
    w.say("developer", "/hotfix uncheck critical-path command=3");
    assert_eq!(ran(&w).last(), Some(&None));
    w.say("developer", "/hotfix check critical-path command=4");
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::NoSuchCommand { .. })
    ));
    // They are shown, and the runs are what is waited for.
    w.say("maintainer", "/hotfix release fffffff");
    assert_eq!(*w.last_said(), SaidState::Done);
}

#[test]
fn every_command_by_hand_stands_in_place_of_runs_that_cannot_be() {
    let main = "on:\n  push:\n    branches: [main]\njobs: {test: {runs-on: x, steps: [{run: cargo check}]}}";
    let mut base = base();
    base.workflows[0] = workflow("ci.yml", main);
    let all = policy(r#"commands = ["cargo test", "make e2e"]"#);
    let mut w = World::of(base, all, "maintainer");
    w.say("maintainer", super::world::ASSESS);
    w.push_fix('f');
    w.approve("maintainer", &sha('f'));
    w.say("maintainer", "/hotfix check manual-test");
    let waits = |w: &World| {
        let mut needs = needs(w).into_iter();
        needs.any(|need| matches!(need, NeedKind::RunMissing { .. }))
    };
    assert!(waits(&w));
    w.say("developer", "/hotfix check critical-path command=1");
    assert!(waits(&w));
    w.say("developer", "/hotfix check critical-path command=2");
    assert!(!waits(&w));
    w.say("developer", "/hotfix uncheck critical-path command=1");
    assert!(waits(&w));
}
