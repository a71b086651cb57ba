//! What is heard and is known already asks for no look.

use super::world::{World, base, ready_of, sha};
use crate::domain::apply::apply;
use crate::domain::event::Event;
use crate::domain::facts::{Facts, Push};
use crate::domain::ids::Actor;
use crate::domain::objects::{Object, RUNS};
use crate::domain::policy::Policy;

fn ready() -> Facts {
    ready_of(World::of(base(), Policy::default(), "maintainer")).facts
}

/// Whether the event asks for a look at the object.
fn touches(f: &Facts, event: &Event, object: Object) -> bool {
    let mut after = f.clone();
    apply(&mut after, event, f.now);
    let dirty = |f: &Facts| f.state(f.lines.only().1, object).dirty;
    dirty(&after) > dirty(f)
}

#[test]
fn a_push_that_brings_what_is_known_to_stand_there() {
    let mut f = ready();
    let push = |branch: &str, after: char| Event::Pushed {
        branch: branch.into(),
        push: Push {
            before: sha('9'),
            after: sha(after),
            brought: None,
            by: None,
        },
    };
    assert!(!touches(&f, &push("hotfix/v1.0.5", 'f'), Object::Branch));
    assert!(touches(&f, &push("hotfix/v1.0.5", 'b'), Object::Branch));
    assert!(!touches(&f, &push("hotfix/v1.0.6", 'b'), Object::Branch));
    // It was seen to be gone: somebody made it again.
    let branch = &mut f.lines.only_mut().seen.branch;
    branch.value.as_mut().unwrap().head = None;
    assert!(touches(&f, &push("hotfix/v1.0.5", 'f'), Object::Branch));
}

#[test]
fn a_run_that_was_on_its_way() {
    let mut f = ready();
    let event = |run, attempt| Event::Running { run, attempt };
    let held = |f: &Facts, event: &Event, expected: bool| {
        for object in RUNS {
            assert_eq!(touches(f, event, object), expected, "{event:?} {object:?}");
        }
    };
    held(&f, &event(1, 1), true);
    for (status, news) in [
        ("requested", false),
        ("queued", false),
        ("pending", false),
        ("in_progress", false),
        ("waiting", true),
        ("completed", true),
        ("of another kind", true),
    ] {
        let runs = &mut f.lines.only_mut().seen.runs;
        let run = runs.value.as_mut().unwrap().runs.first_mut().unwrap();
        assert_eq!((run.id, run.attempt), (1, 1));
        run.status = status.into();
        held(&f, &event(1, 1), news);
        held(&f, &event(1, 2), true);
        held(&f, &event(2, 1), true);
    }
}

#[test]
fn the_end_of_the_issue_by_our_own_call() {
    let mut f = ready();
    let closed = |login: &str| Event::IssueState {
        open: false,
        by: Actor {
            login: login.into(),
            ..Actor::default()
        },
        changed: 0,
    };
    let ours = closed(&f.bot);
    assert!(touches(&f, &ours, Object::Issue), "by a keyword, perhaps");
    f.issue_closed = Some(f.now);
    assert!(!touches(&f, &ours, Object::Issue));
    assert!(touches(&f, &closed("mia"), Object::Issue));
}

#[test]
fn the_label_that_our_own_call_put_on_the_issue() {
    let mut f = ready();
    let label = f.policy().announce.label.clone();
    let put = |label: &str, login: &str| Event::Labeled {
        label: label.into(),
        by: Actor {
            login: login.into(),
            ..Actor::default()
        },
        issue: f.issue.get().unwrap().clone(),
        changed: 0,
    };
    let (ours, theirs, other) = (put(&label, &f.bot), put(&label, "mia"), put("P0", &f.bot));
    assert!(
        touches(&f, &ours, Object::Issue),
        "no call of ours is known"
    );
    f.labelled = Some(f.now);
    assert!(!touches(&f, &ours, Object::Issue));
    assert!(touches(&f, &theirs, Object::Issue));
    assert!(touches(&f, &other, Object::Issue));
}
