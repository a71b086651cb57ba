//! Facts of the present schema, to be frozen: `UPDATE_FACTS=1 cargo test --lib
//! frozen` writes those that are missing. What is there is never written again,
//! and earlier schemas are never written at all.

use std::path::{Path, PathBuf};
use std::sync::Once;

use serde_json::json;

use super::port::{conflicting_of, keeps_known_issues, people_are_content};
use super::world::{World, base, needs, published, ready, ready_of, sha, workflow};
use crate::domain::event::{Event, Heard, Outcome};
use crate::domain::facts::{Facts, SCHEMA, stored};
use crate::domain::ids::Actor;
use crate::domain::objects::{ConfigFault, File, Run, Stale};
use crate::domain::obstacle::Obstacle;
use crate::domain::plan::plan;
use crate::domain::policy::{self, Policy};

/// Cases that an earlier version wrote, one of each phase and of what is kept
/// as it was said.
const EARLIER: &[&str] = &[
    "assess-asked",
    "base-none",
    "behind",
    "branch",
    "bump",
    "fix",
    "release-undecided",
    "monitor",
    "verify",
    "communicate",
    "close-branch",
    "cancelled",
    "ignored",
    "merge-blocked",
    "merge-stuck",
    "port-by-hand-marked",
    "said-refused-early",
    "unanswered-write",
];

/// The folder of a schema's frozen facts.
pub fn folder(schema: i64) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/facts");
    root.join(format!("v{schema}"))
}

/// The files of a schema's frozen facts; those of the present one are all there.
pub fn files(schema: i64) -> Vec<PathBuf> {
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(write_missing);
    let folder = folder(schema);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// The frozen facts of the present schema, as they are stored.
pub fn frozen_now() -> Vec<String> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let frozen: serde_json::Value = serde_json::from_str(&text).unwrap();
        frozen["facts"].to_string()
    };
    files(i64::from(SCHEMA)).into_iter().map(read).collect()
}

fn write_missing() {
    let folder = folder(i64::from(SCHEMA));
    for (name, facts) in earlier().into_iter().chain(worlds()) {
        let path = folder.join(format!("{name}.json"));
        if path.exists() {
            continue;
        }
        assert!(
            std::env::var_os("UPDATE_FACTS").is_some(),
            "{path:?} is missing: UPDATE_FACTS=1 writes it"
        );
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&path, frozen(&facts) + "\n").unwrap();
    }
}

/// The facts, and what the plan draws from them.
fn frozen(facts: &Facts) -> String {
    let plan = plan(facts);
    let wishes = plan.wishes.iter();
    let wishes = wishes.map(|w| (w.act.slot(), w.subject.clone(), w.generation));
    let wishes: Vec<_> = wishes.collect();
    format!(
        "{{\"facts\":{},\"phase\":{},\"over\":{},\"wishes\":{}}}",
        serde_json::to_string(facts).unwrap(),
        json!(plan.phase),
        plan.over,
        serde_json::to_string(&wishes).unwrap()
    )
}

/// Facts of the first schema, brought up.
fn earlier() -> Vec<(&'static str, Facts)> {
    let read = |name: &&'static str| {
        let text = std::fs::read_to_string(folder(1).join(format!("{name}.json"))).unwrap();
        let frozen: serde_json::Value = serde_json::from_str(&text).unwrap();
        (
            *name,
            stored::read(1, &frozen["facts"].to_string()).unwrap(),
        )
    };
    EARLIER.iter().map(read).collect()
}

/// Cases with what the present schema keeps as data.
pub fn worlds() -> Vec<(&'static str, Facts)> {
    type Made = fn() -> World;
    let all: [(&str, Made); 10] = [
        ("config-faults", config_faults),
        ("refusals", refusals),
        ("overruled", overruled),
        ("lapsed", lapsed),
        ("label-off", label_off),
        ("bump-refused", bump_refused),
        ("test-enabled", test_enabled),
        ("own-judge", own_judge),
        ("port-and-known-waived", port_and_known_waived),
        ("known-issue-over", known_issue_over),
    ];
    let facts = |(name, world): (&'static str, Made)| (name, world().facts);
    all.into_iter().map(facts).collect()
}

/// A configuration that is wrong.
fn config_faults() -> World {
    let text = "[trigger]\nwho = \"**writer**\"\nlabel = []\n";
    let errors = policy::parse(text).unwrap_err().into_iter();
    World::wrong(errors.map(|error| ConfigFault::of(error, text)).collect())
}

/// Commands that were refused, each for another reason, and not understood.
fn refusals() -> World {
    let mut w = World::labelled_by("maintainer");
    for (who, text) in [
        ("reporter", "/hotfix hold reason=\"**no**\""),
        ("developer", "/hotfix confirm-fixed"),
        ("developer", "/hotfix check tagged"),
        ("developer", "/hotfix check manual-test"),
        ("developer", "/hotfix check fresh-install"),
        ("developer", "/hotfix uncheck no-workaround"),
        ("developer", "/hotfix retry"),
        ("developer", "/hotfix unhold"),
        ("maintainer", "/hotfix confirm"),
        ("maintainer", "/hotfix waive forward-port reason=\"`x`\""),
        ("maintainer", "/hotfix release bbbbbbb"),
        ("maintainer", "/hotfix rollback"),
        ("maintainer", "/hotfix `relaese` now"),
    ] {
        w.say(who, text);
    }
    let heard = Heard::of(900, Actor::person("developer"), "/hotfix hold");
    w.tell(Event::Commented(Heard {
        edited: true,
        ..heard
    }));
    w.run();
    w.push_fix('f');
    w.say("developer", "/hotfix test [x](y)");
    w.say("maintainer", "/hotfix release `9999999`");
    w.say("maintainer", "/hotfix release fffffff");
    w
}

/// A start that was confirmed, and a severity.
fn overruled() -> World {
    let mut w = World::labelled_by("reporter");
    w.say("maintainer", "/hotfix confirm");
    w.say(
        "maintainer",
        "/hotfix assess condition=degraded workaround=yes affected=1 approach=minimal note=\"**rare**\"",
    );
    w.say("maintainer", "/hotfix confirm");
    w
}

/// A decision that no longer fits, found out after the bot was away.
fn lapsed() -> World {
    let mut base = base();
    base.package.stale = vec![Stale {
        name: "lantern".into(),
        found: "1.0.3".into(),
        expected: "1.0.4".into(),
    }];
    let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
    w.push_unheard('9');
    w.say("maintainer", "/hotfix release fffffff");
    let since = Some(w.now);
    w.tell(Event::Back { since });
    w.run();
    w
}

/// The label is taken off late: somebody must say what is meant.
fn label_off() -> World {
    let mut w = ready();
    w.now += 3_600_000;
    take_off(&mut w);
    w.say("developer", "/hotfix unhold");
    take_off(&mut w);
    w
}

fn take_off(w: &mut World) {
    w.unlabel("P0", Actor::person("developer"));
    w.run();
}

/// The bump is refused for what the bot found.
fn bump_refused() -> World {
    let mut w = World::new(base(), Policy::default());
    let found = "`Cargo.toml`: the version is not where it was";
    let obstacle = Obstacle::Found(found.into());
    w.instead.insert("bump", Outcome::Refused { obstacle });
    w.begin("maintainer");
    w
}

/// The tests of the branch were made to run on it, and fail.
fn test_enabled() -> World {
    let mut base = base();
    base.workflows[0] = workflow("ci.yml", "on:\n  push:\n    branches: [main]\njobs: {}\n");
    let mut w = World::of(base, Policy::default(), "maintainer");
    w.push_fix('f');
    w.say("developer", "/hotfix test enable");
    w.run_is(Run {
        id: 1,
        attempt: 1,
        path: ".github/workflows/ci.yml".into(),
        name: "CI **all**".into(),
        event: "push".into(),
        ref_name: "hotfix/v1.0.5".into(),
        sha: sha('7'),
        status: "completed".into(),
        conclusion: Some("failure".into()),
        failed_job: Some(("`test`".into(), "[linux](x)".into())),
        ..Run::default()
    });
    w
}

/// A fix that changes its tests' workflow, and a key that is not carried out;
/// the first is passed by a commander.
pub fn own_judge() -> World {
    let text = "[merge]\ntag_at = \"merge\"\n";
    let policy = policy::parse(text).unwrap();
    let mut w = World::new(base(), policy);
    w.begin("maintainer");
    w.push_unheard('f');
    let head = w.head.as_mut().unwrap();
    let path = ".github/workflows/ci.yml".to_owned();
    head.commits.last_mut().unwrap().paths.push(path.clone());
    head.files.push(File {
        path,
        additions: 1,
        deletions: 1,
        ..File::default()
    });
    w.look();
    w.say(
        "maintainer",
        "/hotfix override judge reason=\"**read** it\"",
    );
    w
}

/// Released with all that proves it, and ended without what is still open.
fn port_and_known_waived() -> World {
    let mut w = ready_of(keeps_known_issues());
    w.port.by_hand = vec![("src/lib.rs".into(), "both sides changed it".into())];
    let mut w = conflicting_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    take_off(&mut w);
    published(&mut w);
    people_are_content(&mut w);
    for what in ["forward-port", "known-issue"] {
        let text = format!("/hotfix waive {what} reason=\"**not here**\"");
        w.say("maintainer", &text);
    }
    assert!(w.plan.over, "{:?}", needs(&w));
    w
}

/// The whole way, with the entry in the known issues.
fn known_issue_over() -> World {
    let mut w = ready_of(keeps_known_issues());
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    people_are_content(&mut w);
    w.say(
        "developer",
        "/hotfix check root-cause note=\"an empty lens\"",
    );
    w.say("developer", "/hotfix check prevention note=\"ask first\"");
    assert!(w.plan.over, "{:?}", needs(&w));
    w
}
