//! How a case hears of its release line's branch.

use super::world::{World, base, sha, status, workflow};
use crate::domain::derive::line::Why;
use crate::domain::event::Event;
use crate::domain::facts::{Claim, Push};
use crate::domain::objects::{Base, LineBranch, Main};
use crate::domain::policy::Policy;

fn of_line() -> Base {
    Base {
        line: Some(LineBranch {
            at: Main {
                branch: "1.x".into(),
                ..Main::default()
            },
            why: Why::Numbered,
            workflows: Vec::new(),
        }),
        ..base()
    }
}

fn claims_it(w: &World) -> bool {
    w.line().claims.contains(&Claim::Line("1.x".into()))
}

#[test]
fn a_push_to_it_is_looked_at_and_one_elsewhere_is_not() {
    let mut w = World::of(of_line(), Policy::default(), "maintainer");
    assert!(claims_it(&w));
    let mut push = |branch: &str| {
        let before = w.line().seen.main.dirty;
        w.tell(Event::Pushed {
            branch: branch.into(),
            push: Push {
                before: sha('1'),
                after: sha('2'),
                brought: None,
                by: None,
            },
        });
        w.run();
        w.line().seen.main.dirty - before
    };
    assert_eq!((push("1.x"), push("2.x")), (1, 0));
    let w = World::labelled_by("maintainer");
    assert!(
        !w.line()
            .claims
            .iter()
            .any(|it| matches!(it, Claim::Line(_)))
    );
}

#[test]
fn who_is_behind_on_it_asks_again_when_woken() {
    let mut w = World::of(of_line(), Policy::default(), "maintainer");
    let claim = Claim::Line("1.x".into());
    let line = w.facts.lines.only_mut();
    line.claims.retain(|it| *it != claim);
    let id = w.facts.lines.only().0.clone();
    w.tell(Event::Claimed {
        line: id,
        claim,
        behind: Some(3),
        issue: None,
    });
    assert!(!claims_it(&w));
    assert_eq!(w.plan.claims, [], "it is told by the other's");
    w.tell(Event::Wake);
    assert!(claims_it(&w), "the other is over");
}

/// A branch that a workflow resets to each release is read by people, and a fix that
/// is merged into it is lost at the next one.
#[test]
fn a_branch_that_a_workflow_moves_is_no_line() {
    let moving = "on: {release: {types: [published]}}\njobs: {a: {runs-on: x, steps: [{run: 'git push -f origin HEAD:1.x'}]}}";
    for (why, on_main, goes) in [
        (Why::Named, true, false),
        (Why::Numbered, false, false),
        (Why::Said, true, true),
        (Why::Configured, false, true),
    ] {
        let mut base = of_line();
        base.line.as_mut().expect("a line").why = why;
        let files = match on_main {
            true => &mut base.main_workflows,
            false => &mut base.workflows,
        };
        files.push(workflow("post.yml", moving));
        base.leave_pointer();
        assert_eq!(base.line.is_some(), goes, "{why:?}");
        let w = World::of(base, Policy::default(), "maintainer");
        let says = "The fix goes to `main` alone: `post.yml` moves `1.x` from release to release";
        assert_eq!(status(&w).contains(says), !goes, "{}", status(&w));
    }
    let mut base = of_line();
    base.leave_pointer();
    assert!(base.line.is_some(), "nobody moves it");
}
