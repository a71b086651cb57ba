//! Tags beside the release's: made with it, moved to it, moved back.

use super::world::{World, base, needs, published, ready_of, sha, status, writes};
use crate::domain::derive::beside::Beside;
use crate::domain::effect::Act;
use crate::domain::facts::SaidState;
use crate::domain::ids::Sha;
use crate::domain::need::NeedKind;
use crate::domain::objects::{Base, Object, Pointer, Tag};
use crate::domain::policy::Policy;
use crate::domain::undo::Undo;
use crate::domain::withdrawal::token_now;

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.release.also_tags = vec!["sdk/v{version}".to_owned()];
    policy.release.moving_tags = vec!["v{major}".to_owned(), "v{major}.{minor}".to_owned()];
    policy
}

fn at(name: &str, commit: &Sha) -> Pointer {
    Pointer {
        name: name.to_owned(),
        at: Some(Tag {
            object: commit.clone(),
            commit: commit.clone(),
            annotated: false,
        }),
    }
}

/// Ready to release, with these tags beside the base's.
fn ready(base: Base, pointers: Vec<Pointer>) -> World {
    let mut w = World::new(base, policy());
    w.pointers = pointers;
    w.begin("maintainer");
    ready_of(w)
}

/// What of tags was written, in order.
fn pointed(w: &World) -> Vec<String> {
    let word = |act: &Act<_, _>| match act {
        Act::Point { tag, was, .. } => Some(format!(
            "{tag}{}",
            if was.is_some() { " moved" } else { "" }
        )),
        Act::Undo(Undo::Repoint { tag, .. }) => Some(format!("{tag} back")),
        _ => None,
    };
    w.acts.iter().filter_map(word).collect()
}

fn finished(w: &mut World) {
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over, "{:?}", needs(w));
}

#[test]
fn one_is_made_with_the_tag_and_others_are_moved_after_the_verification() {
    let base = base();
    let stood = base.commit.clone();
    let mut w = ready(base, vec![at("v1", &stood), at("v1.0", &stood)]);
    let text = status(&w);
    assert!(
        text.contains("**Tagged with it:** `sdk/v1.0.5`, on the same commit"),
        "{text}"
    );
    assert!(
        text.contains("**Moved:** `v1` and `v1.0` on from `v1.0.4`, once the release is verified"),
        "{text}"
    );
    w.say("maintainer", "/hotfix release fffffff");
    assert_eq!(*w.last_said(), SaidState::Done);
    published(&mut w);
    assert_eq!(pointed(&w), ["sdk/v1.0.5"], "nothing moves unverified");
    finished(&mut w);
    assert_eq!(pointed(&w), ["sdk/v1.0.5", "v1 moved", "v1.0 moved"]);
    let released = w.tag.as_ref().unwrap().commit.clone();
    let all = w.pointers.iter().map(|it| it.at.as_ref().unwrap());
    assert!(all.clone().all(|at| at.commit == released));
    assert_eq!(all.count(), 3);
    // Before the announcement, so that whoever reads it gets the fix.
    let order = writes(&w);
    let place = |slot: &str| order.iter().position(|it| *it == slot).unwrap();
    assert!(place("point/v1") < place("close-issue"), "{order:?}");
    assert!(place("point/sdk/v1.0.5") > place("tag"), "{order:?}");
}

#[test]
fn what_stands_at_another_release_is_left_there() {
    let base = Base {
        newest: Some("v1.1.0".to_owned()),
        ..base()
    };
    let stood = base.commit.clone();
    let newer = sha('8');
    let mut w = ready(base, vec![at("v1", &newer), at("v1.0", &stood)]);
    let text = status(&w);
    assert!(text.contains("**Not moved:** `v1` stays on"), "{text}");
    assert!(
        text.contains("**Moved:** `v1.0` on from `v1.0.4`"),
        "{text}"
    );
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    finished(&mut w);
    assert_eq!(pointed(&w), ["sdk/v1.0.5", "v1.0 moved"]);
    let v1 = w.pointers.iter().find(|it| it.name == "v1").unwrap();
    assert_eq!(v1.at.as_ref().unwrap().commit, newer);
}

#[test]
fn an_older_line_begins_none_and_the_newest_does() {
    for (newest, expected) in [
        (None, vec!["sdk/v1.0.5", "v1", "v1.0"]),
        (Some("v2.0.0".to_owned()), vec!["sdk/v1.0.5"]),
    ] {
        let mut w = ready(Base { newest, ..base() }, Vec::new());
        w.say("maintainer", "/hotfix release fffffff");
        published(&mut w);
        finished(&mut w);
        assert_eq!(pointed(&w), expected);
    }
}

#[test]
fn a_tag_that_is_taken_gates_the_release() {
    let elsewhere = sha('8');
    let mut w = ready(base(), vec![at("sdk/v1.0.5", &elsewhere)]);
    w.say("maintainer", "/hotfix release fffffff");
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    let wrong =
        |need: &NeedKind| matches!(need, NeedKind::TagWrong { tag, .. } if tag == "sdk/v1.0.5");
    assert!(needs(&w).iter().any(wrong), "{:?}", needs(&w));
    assert_eq!(pointed(&w), Vec::<String>::new());
}

#[test]
fn one_that_somebody_moves_before_the_decision_changes_what_was_shown() {
    let base = base();
    let stood = base.commit.clone();
    let mut w = ready(base, vec![at("v1", &stood)]);
    w.pointers = vec![at("v1", &sha('8'))];
    w.facts.touch(Object::Pointers);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    let moved = w.pointers.iter().find(|it| it.name == "v1").unwrap();
    assert_eq!(moved.at.as_ref().unwrap().commit, sha('8'));
    assert!(!pointed(&w).contains(&"v1 moved".to_owned()));
}

#[test]
fn a_rollback_moves_back_what_was_moved() {
    let base = base();
    let stood = base.commit.clone();
    let mut w = ready(base, vec![at("v1", &stood), at("v1.0", &stood)]);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    finished(&mut w);
    w.facts.come_back();
    w.plan = crate::domain::plan::plan(&w.facts);
    // Somebody was faster with one of them.
    let v1_0 = w.pointers.iter_mut().find(|it| it.name == "v1.0");
    *v1_0.unwrap() = at("v1.0", &sha('8'));
    w.say("maintainer", "/hotfix rollback reason=\"it burns\"");
    let text = status(&w);
    assert!(
        text.contains("I move `v1` and `v1.0` back to `v1.0.4`"),
        "{text}"
    );
    let token = super::world::seen(&w, token_now).expect("a token");
    w.say("maintainer", &format!("/hotfix rollback {token}"));
    let back: Vec<String> = pointed(&w).split_off(3);
    assert_eq!(back, ["v1 back"]);
    let v1 = w.pointers.iter().find(|it| it.name == "v1").unwrap();
    assert_eq!(v1.at.as_ref().unwrap().commit, stood);
    assert!(status(&w).contains("`v1` is back at the release before"));
}

/// Tags that stand where the base's does are told before the decision, unless a key
/// names them.
#[test]
fn a_tag_that_follows_the_releases_unasked_is_told_with_its_key() {
    let beside = |tag: &str, pattern: &str, moves| Beside {
        tag: tag.to_owned(),
        pattern: pattern.to_owned(),
        moves,
    };
    let mut base = base();
    base.beside = vec![
        beside("v1", "v{major}", true),
        beside("sdk/v1.0.4", "sdk/v{version}", false),
    ];
    let of = |policy: Policy| {
        let mut w = World::new(base.clone(), policy);
        w.begin("maintainer");
        ready_of(w)
    };
    let words = status(&of(Policy::default()));
    for line in [
        "- `v1` stands where `v1.0.4` does, and stays there: who uses it gets the fix once \
         it is moved, which `release.moving_tags = [\"v{major}\"]` does\n",
        "- `sdk/v1.0.4` stands where `v1.0.4` does: this release gets none like it, unless \
         `release.also_tags = [\"sdk/v{version}\"]` says so\n",
    ] {
        assert!(words.contains(line), "{line}\n\n{words}");
    }
    let words = status(&of(policy()));
    assert!(!words.contains("stands where"), "{words}");
}
