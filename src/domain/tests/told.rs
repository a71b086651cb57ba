//! What stands outside of the issue's own comments: words of people that act
//! nowhere, and of a vulnerability none before its release.

use super::port::{conflicting_of, keeps_known_issues};
use super::sample::workflow;
use super::world::{World, base, published, ready_of, seen, sha};
use crate::domain::effect::{Act, Effect};
use crate::domain::evidence::{Entry, Evidence, ItemState};
use crate::domain::item::Item;
use crate::domain::objects::Run;
use crate::domain::policy::{Policy, PublishedBy};
use crate::domain::undo::Undo;
use crate::domain::workflow_file::skips_ci;

/// What each write tells the world outside of the issue's own comments: its
/// slot, the texts that are messages or titles, and all others. A new one does
/// not compile before it is here.
fn told(act: &Effect) -> (Vec<&str>, Vec<&str>) {
    match act {
        Act::PushBump { message, entry, .. } => (vec![message], vec![entry]),
        Act::CreateBranch { raise, .. } => {
            let raise = raise.iter();
            let texts = raise.map(|raise| (raise.message.as_str(), raise.entry.as_str()));
            texts.unzip()
        }
        Act::EnableTests { message, .. } | Act::PushPort { message, .. } => (vec![message], vec![]),
        Act::PushEntry { message, entry, .. } => {
            let fields = entry.fields.iter().map(|(_, text)| text.as_str());
            (
                vec![message],
                fields.chain([entry.title.as_str()]).collect(),
            )
        }
        Act::OpenPull { title, body, .. } => (vec![title], vec![body]),
        Act::Describe { title, body, .. } => {
            (title.iter().map(String::as_str).collect(), vec![body])
        }
        Act::CreateTag { message, .. } | Act::Point { message, .. } => (vec![], vec![message]),
        Act::Merge { title, message, .. } => (vec![title, message], vec![]),
        Act::WriteNotes { block, .. } => (vec![], vec![block]),
        Act::Guard { title, .. } | Act::State { title, .. } => (vec![], vec![title]),
        Act::Undo(Undo::Report { title, body, .. }) => (vec![], vec![title, body]),
        Act::Undo(Undo::Revert {
            message,
            title,
            body,
            ..
        }) => (vec![message, title], vec![body]),
        Act::Undo(Undo::Mark { prefix, notice, .. }) => (vec![], vec![prefix, notice]),
        Act::Announce(it) => {
            let bulletin = it.bulletin.as_deref();
            let texts = bulletin.map_or_else(Vec::new, |it| vec![it.title.as_str(), &it.text]);
            (vec![], texts)
        }
        Act::Undo(_) => (vec![], vec![]),
        Act::Comment { .. }
        | Act::PushPicks { .. }
        | Act::Dispatch { .. }
        | Act::Reply { .. }
        | Act::Launch { .. }
        | Act::React { .. }
        | Act::Label { .. }
        | Act::MarkReady { .. }
        | Act::Rerun { .. }
        | Act::Discuss { .. }
        | Act::PublishAdvisory { .. }
        | Act::CloseIssue
        | Act::ReopenIssue
        | Act::DeleteBranch { .. }
        | Act::ClosePull { .. }
        | Act::Read(_) => (vec![], vec![]),
    }
}

/// Ready to release, with a file of known issues and a pull request that will
/// conflict.
fn titled(title: &str, labels: &[&str], mut policy: Policy) -> World {
    policy.announce.channels = vec!["slack".into(), "discord".into(), "hook".into()];
    let base = keeps_known_issues().base;
    let mut w = World::new(base, policy);
    w.issue.title = title.into();
    w.issue.labels = labels.iter().map(|label| (*label).to_owned()).collect();
    w.begin("maintainer");
    for (item, note) in [
        ("root-cause", "an empty lens"),
        ("prevention", "ask first"),
        ("symptoms", title),
    ] {
        let note = format!("/hotfix check {item} note=\"{note}\"");
        w.say("developer", &note);
    }
    conflicting_of(ready_of(w))
}

fn ends(w: &mut World) {
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
}

/// Every slot in which words are told outside.
const TELLS: [&str; 9] = [
    "bump",
    "pull",
    "tag",
    "carry/port",
    "pull/port",
    "merge/port",
    "carry/known",
    "pull/known",
    "merge/known",
];

#[track_caller]
fn wrote(w: &World, slots: &[&str]) {
    for slot in slots {
        assert!(
            w.wrote.iter().any(|s| s == slot),
            "no {slot}: {:?}",
            w.wrote
        );
    }
}

#[test]
fn nothing_of_a_title_or_a_note_acts_anywhere() {
    let evil = "[skip ci] Fixes #1, @everyone: closes o/r#2 https://github.com/o/r/issues/3 Co-authored-by: E <e@v.il>";
    let mut policy = Policy::default();
    policy.version.commit = "chore: bump {version} [No CI]\n\nFixes #12".into();
    policy.merge.tag_message = "{tag} [ci skip]\n\n{summary}".into();
    let mut w = titled(evil, &[], policy);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    ends(&mut w);
    assert!(w.plan.over);
    wrote(&w, &TELLS);
    for act in &w.acts {
        let (messages, others) = told(act);
        for text in messages.iter().chain(&others) {
            let lower = text.to_lowercase();
            for acts in ["@everyone", "@v.il", "#1,", "o/r#2", "#3"] {
                assert!(!lower.contains(acts), "{acts}: {text}");
            }
            assert!(!skips_ci(text), "{text}");
            let trailer = text.lines().any(|line| line.starts_with("Co-authored-by:"));
            assert!(!trailer, "{text}");
        }
        for text in messages {
            let lower = text.to_lowercase();
            for closes in ["fixes #", "closes #", "fixes https", "closes https"] {
                assert!(!lower.contains(closes), "{closes}: {text}");
            }
        }
    }
}

#[test]
fn of_a_vulnerability_nothing_is_told_before_its_release() {
    let title = "Zebra tokens overflow quietly";
    let words = title.to_lowercase();
    let words: Vec<_> = words.split(' ').collect();
    let speaks = |act: &Effect| {
        let (messages, others) = told(act);
        let mut texts = messages.into_iter().chain(others).map(str::to_lowercase);
        texts.any(|text| words.iter().any(|word| text.contains(word)))
    };
    let mut w = titled(title, &["P0", "security"], Policy::default());
    for commit in &mut w.head.as_mut().unwrap().commits {
        commit.subject = title.into();
    }
    w.look();
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.tag.is_some());
    wrote(&w, &TELLS[..6]);
    assert!(
        !w.wrote.iter().any(|slot| slot.ends_with("/known")),
        "the entry tells what it was: {:?}",
        w.wrote
    );
    for act in &w.acts {
        assert!(!speaks(act), "{act:?}");
    }
    // The users have it: now it is told.
    let before = w.acts.len();
    published(&mut w);
    ends(&mut w);
    assert!(w.plan.over);
    wrote(&w, &TELLS);
    for slot in ["notes", "carry/known", "pull/known"] {
        let of = |act: &&Effect| act.slot().to_string() == slot;
        let act = w.acts[before..].iter().find(of);
        assert!(act.is_some_and(speaks), "{act:?}");
    }
}

#[test]
fn every_workflow_that_was_waited_for_is_named() {
    const OTHER: &str = "on:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ./release.sh\n";
    let mut base = base();
    base.workflows.push(workflow("release.yml", OTHER));
    let mut w = ready_of(World::of(base, Policy::default(), "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    let entry = |w: &World, item: Item| -> Entry {
        seen(w, |view| {
            let mut all = view.checklist.iter();
            all.find(|entry| entry.item == item).cloned().unwrap()
        })
    };
    let state = entry(&w, Item::ReleaseWorkflow).state;
    assert_eq!(state, ItemState::Open, "it is waited for");
    published(&mut w);
    w.run_ends(3, "release.yml", "v1.0.5", &sha('f'), "success");
    let files = |item: Item| match entry(&w, item).evidence {
        Evidence::Runs { runs } => runs.iter().map(|run| run.file().to_owned()).collect(),
        other => vec![format!("{other:?}")],
    };
    assert_eq!(files(Item::PublishWorkflow), ["publish.yml"]);
    assert_eq!(files(Item::ReleaseWorkflow), ["release.yml"]);
}

#[test]
fn what_a_published_release_starts_counts_once_it_passed() {
    const ON: &str =
        "on: {release: {types: [published]}}\njobs: {a: {runs-on: x, steps: [{run: ./ship}]}}\n";
    let mut base = base();
    base.workflows.retain(|it| it.name() != "publish.yml");
    base.workflows.push(workflow("ship.yml", ON));
    let mut policy = Policy::default();
    policy.release.published_by = PublishedBy::Release;
    let mut w = ready_of(World::of(base, policy, "maintainer"));
    w.say("maintainer", "/hotfix release fffffff");
    let files = |w: &World| -> Vec<String> {
        let entry = seen(w, |view| {
            let mut all = view.checklist.iter();
            all.find(|it| it.item == Item::PublishWorkflow).cloned()
        });
        match entry.expect("it").evidence {
            Evidence::Runs { runs } => runs.iter().map(|run| run.file().to_owned()).collect(),
            _ => Vec::new(),
        }
    };
    assert!(files(&w).is_empty());
    w.run_is(Run {
        id: 3,
        attempt: 1,
        path: ".github/workflows/ship.yml".into(),
        event: "release".into(),
        ref_name: "v1.0.5".into(),
        sha: sha('f'),
        status: "completed".into(),
        conclusion: Some("success".into()),
        ..Run::default()
    });
    assert_eq!(files(&w), ["ship.yml"]);
}
