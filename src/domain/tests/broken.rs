//! Somebody says that the released version does not fix it.

use super::world::{World, needs, published, ready, status};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::Event;
use crate::domain::facts::SaidState;
use crate::domain::ids::Actor;
use crate::domain::need::NeedKind;
use crate::domain::objects::CommentKind;
use crate::domain::refused::Refused;

const SAYS: &str = "/hotfix still-broken note=\"it ends with 2\"";

/// Released, and out.
fn out() -> World {
    let mut w = ready();
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    w
}

fn finished() -> World {
    let mut w = out();
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over && !w.issue.open);
    w
}

/// The case comes back, as the engine lets it.
fn comes_back(w: &mut World) {
    assert!(w.facts.has_released());
    w.facts.come_back();
    w.plan = crate::domain::plan::plan(&w.facts);
}

fn is_asked(w: &World) -> bool {
    let broken = |need: &NeedKind| matches!(need, NeedKind::StillBroken { .. });
    needs(w).iter().any(broken)
}

fn count(w: &World, of: impl Fn(&Effect) -> bool) -> usize {
    w.acts.iter().filter(|act| of(act)).count()
}

fn last(w: &World, of: CommentKind) -> String {
    let body = |act: &Effect| match act {
        Act::Comment { kind, body, .. } if *kind == of => Some(body.clone()),
        _ => None,
    };
    w.acts.iter().rev().find_map(body).unwrap_or_default()
}

#[test]
fn before_it_is_out_nobody_can_have_tried_it() {
    let mut w = ready();
    w.say("reporter", SAYS);
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::TooEarly { .. })
    ));
    assert!(w.facts.broken.is_none());
}

#[test]
fn before_it_is_announced_the_announcement_waits_for_a_decision() {
    let mut w = out();
    w.say("reporter", SAYS);
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(is_asked(&w), "{:?}", needs(&w));
    let text = status(&w);
    for words in [
        "does not fix it (“it ends with 2”)",
        "nothing is announced",
        "/hotfix confirm-fixed",
        "/hotfix check fix-verified note=…",
        "/hotfix rollback reason=…",
    ] {
        assert!(text.contains(words), "no “{words}” in\n{text}");
    }
    w.wait(3 * 3_600_000);
    let told = |act: &_| {
        matches!(
            act,
            Act::WriteNotes { .. }
                | Act::CloseIssue
                | Act::Comment {
                    kind: CommentKind::Closing,
                    ..
                }
        )
    };
    assert_eq!(count(&w, told), 0);
    // One comment calls who decides.
    let calls = |act: &Effect| matches!(act, Act::Comment { kind: CommentKind::Moment(_), body, .. } if body.contains("does not fix it, says"));
    assert!(count(&w, calls) >= 1);
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over && !w.issue.open, "{}", status(&w));
}

#[test]
fn the_newer_word_counts_whoever_gives_it() {
    let mut w = out();
    w.say("developer", SAYS);
    assert!(is_asked(&w), "who may write may say it, too");
    w.say(
        "developer",
        "/hotfix check fix-verified note=\"it was the old one\"",
    );
    assert!(w.plan.over, "{}", status(&w));
    // A passer-by says nothing about it.
    let mut w = out();
    w.roles.insert("passer-by", "read");
    w.say("passer-by", SAYS);
    assert!(!is_asked(&w));
}

#[test]
fn a_comment_that_is_edited_or_deleted_says_it_no_more() {
    for deleted in [false, true] {
        let mut w = out();
        let comment = w.say("reporter", SAYS);
        assert!(is_asked(&w));
        w.tell(match deleted {
            true => Event::CommentDeleted { comment },
            false => Event::CommentEdited {
                comment,
                by: Actor::person("reporter"),
                ticked: None,
            },
        });
        w.run();
        // It is not fixed by that: somebody says so.
        let fixed = |need: &NeedKind| matches!(need, NeedKind::FixVerified { .. });
        assert!(!is_asked(&w) && needs(&w).iter().any(fixed));
        w.say("reporter", "/hotfix confirm-fixed");
        assert!(w.plan.over, "{}", status(&w));
    }
}

#[test]
fn after_it_was_announced_the_issue_is_opened_again_once() {
    let mut w = finished();
    comes_back(&mut w);
    w.say("reporter", SAYS);
    assert!(!w.plan.over && w.issue.open, "{}", status(&w));
    assert!(is_asked(&w));
    let closing = last(&w, CommentKind::Closing);
    assert!(closing.contains("may not fix it"), "{closing}");
    assert!(closing.contains("“it ends with 2”"), "{closing}");
    let reopens = |act: &_| matches!(act, Act::ReopenIssue);
    assert_eq!(count(&w, reopens), 1);
    // Who closes it after that means it.
    w.issue.open = false;
    w.issue.closed_by = Some("maintainer".into());
    w.tell(Event::Touched {
        objects: vec![crate::domain::objects::Object::Issue],
    });
    w.run();
    w.say("reporter", SAYS);
    assert_eq!(count(&w, reopens), 1);
    w.issue.open = true;
    w.tell(Event::Touched {
        objects: vec![crate::domain::objects::Object::Issue],
    });
    w.run();
    let verified = w
        .line()
        .proven
        .get(&crate::domain::step_name::StepName::Verify);
    assert!(verified.is_some(), "what took so long took so long");
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over && !w.issue.open, "{}", status(&w));
    let closing = last(&w, CommentKind::Closing);
    assert!(closing.contains("### Fixed in"), "{closing}");
    assert_eq!(count(&w, |act| matches!(act, Act::CloseIssue)), 2);
}

#[test]
fn after_it_was_announced_the_release_can_be_taken_back() {
    let mut w = finished();
    comes_back(&mut w);
    w.say("reporter", SAYS);
    w.say("maintainer", "/hotfix rollback reason=\"it ends with 2\"");
    assert_eq!(*w.last_said(), SaidState::Done);
    let confirm = |need: &NeedKind| matches!(need, NeedKind::ConfirmRollback { .. });
    assert!(needs(&w).iter().any(confirm), "{}", status(&w));
}

/// A word that is refused leaves a hotfix that is over as it was.
#[test]
fn a_stranger_opens_nothing_again() {
    let mut w = finished();
    w.roles.insert("passer-by", "read");
    comes_back(&mut w);
    w.say("passer-by", SAYS);
    assert!(w.plan.over && !w.issue.open, "{}", status(&w));
}
