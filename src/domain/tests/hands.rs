//! What people do by hand: it is seen, said, and gone on from.

use super::world::{World, base, needs, ready_of, sha, status};
use crate::domain::event::Event;
use crate::domain::facts::News;
use crate::domain::need::NeedKind;
use crate::domain::objects::{Object, Tag};
use crate::domain::policy::Policy;

const MINUTE: i64 = 60_000;

fn begun() -> World {
    World::of(base(), Policy::default(), "maintainer")
}

fn tagged(w: &mut World, on: char, annotated: bool) {
    w.tag = Some(Tag {
        commit: sha(on),
        annotated,
        object: sha(on),
    });
    let objects = vec![Object::Tag];
    w.tell(Event::Touched { objects });
    w.run();
}

/// A tag by hand before the decision: on which commit, annotated or not, and
/// whether the decision is still offered.
#[test]
fn a_tag_made_by_hand_before_the_decision() {
    for (on, annotated, offered, words) in [
        ('f', true, true, "stands on it already, made by hand"),
        ('f', false, false, "is a lightweight one"),
        ('e', true, false, "which is not the tested commit"),
        ('e', false, false, "which is not the tested commit"),
    ] {
        let mut w = ready_of(begun());
        tagged(&mut w, on, annotated);
        let decides = |need: &NeedKind| matches!(need, NeedKind::Release { .. });
        let case = format!("{on} {annotated}");
        assert_eq!(
            needs(&w).iter().any(decides),
            offered,
            "{case}: {}",
            status(&w)
        );
        assert!(status(&w).contains(words), "{case}: {}", status(&w));
        w.say("maintainer", "/hotfix release fffffff");
        assert_eq!(w.line().locked().is_some(), offered, "{case}");
    }
}

#[test]
fn a_lightweight_tag_is_taken_as_it_is_by_a_word_before_and_after_the_decision() {
    let word = "/hotfix override lightweight-tag reason=protected";
    let mut w = ready_of(begun());
    tagged(&mut w, 'f', false);
    w.say("maintainer", word);
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.line().locked().is_some(), "{}", status(&w));
    // Somebody makes it behind the decision, and no rule lets it be replaced.
    let mut w = ready_of(begun());
    w.say("maintainer", "/hotfix release fffffff");
    tagged(&mut w, 'f', false);
    let wrong = |need: &NeedKind| matches!(need, NeedKind::TagWrong { .. });
    assert!(needs(&w).iter().any(wrong), "{}", status(&w));
    assert!(
        status(&w).contains("override lightweight-tag"),
        "{}",
        status(&w)
    );
    w.say("maintainer", word);
    assert!(!needs(&w).iter().any(wrong), "{}", status(&w));
    // One on another commit is nobody's to take.
    let mut w = ready_of(begun());
    tagged(&mut w, 'e', false);
    w.say("maintainer", word);
    assert!(needs(&w).iter().any(wrong), "{}", status(&w));
}

#[test]
fn what_a_forced_push_takes_away_is_named() {
    let mut w = ready_of(begun());
    let lost = |w: &World| {
        let news = w.facts.notices.iter();
        news.filter(|it| matches!(it.what, News::Lost { .. }))
            .count()
    };
    w.push_fix('e');
    assert_eq!(lost(&w), 0, "forward is no loss");
    let head = w.head.clone();
    if let Some(head) = w.head.as_mut() {
        let last = head.commits.pop().map(|it| it.sha);
        assert_eq!(last.as_ref(), Some(&head.sha));
        head.sha = sha('f');
    }
    w.wait(60 * MINUTE);
    assert_eq!(lost(&w), 1);
    let shown = status(&w);
    assert!(
        shown.contains("pushed by force: the branch stands at `fffffff`"),
        "{shown}"
    );
    assert!(shown.contains("Not on it any more: `eeeeeee`"), "{shown}");
    w.head = head;
    w.wait(60 * MINUTE);
    assert_eq!(lost(&w), 1, "forward again");
    assert!(!status(&w).contains("⚠ Somebody pushed by force"));
    w.head = None;
    w.wait(60 * MINUTE);
    assert_eq!(lost(&w), 2);
    assert!(
        status(&w).contains("Somebody deleted the branch"),
        "{}",
        status(&w)
    );
}
