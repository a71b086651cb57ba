//! The security advisory: linked by a person, published by a commander's word, and
//! never before users have the fix.

use super::world::{World, base, needs, published, ready_of, status};
use crate::domain::effect::{Act, Slot};
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::{Among, LineAt, LineState, Other, SaidState};
use crate::domain::ids::LineId;
use crate::domain::line_name::LineName;
use crate::domain::need::NeedKind;
use crate::domain::objects::{AdvisoryState, Object, Observation, OnRegistry};
use crate::domain::policy::Policy;
use crate::domain::refused::{NoAdvisory, Refused};

const ID: &str = "GHSA-2f4g-5h6j-7m8p";
const OTHER: &str = "GHSA-9q2r-3v4w-5x6c";

/// Ready to be released, with an advisory that stands so.
fn linked(state: AdvisoryState) -> World {
    let mut w = ready_of(World::of(base(), Policy::default(), "maintainer"));
    w.advisory = state;
    w.say("maintainer", &format!("/hotfix advisory {ID}"));
    assert_eq!(w.last_said(), &SaidState::Done);
    w
}

fn released(w: &mut World) {
    w.say("maintainer", "/hotfix release fffffff");
    published(w);
}

fn ends(w: &mut World) {
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
}

/// What was to be published, and by which versions.
fn publishes(w: &World) -> Vec<&[OnRegistry]> {
    let all = w.acts.iter().filter_map(|act| match act {
        Act::PublishAdvisory { id, fixed } if id.as_str() == ID => Some(fixed.as_slice()),
        _ => None,
    });
    all.collect()
}

fn refused(w: &mut World, who: &str, words: &str) -> NoAdvisory {
    w.say(who, &format!("/hotfix advisory {words}"));
    match w.last_said() {
        SaidState::Refused(Refused::NoAdvisory { is }) => is.clone(),
        other => panic!("{words}: {other:?}"),
    }
}

/// Where the advisory stands that is asked about, and whether GitHub kept it.
fn asked(w: &World) -> Option<(AdvisoryState, bool)> {
    needs(w).into_iter().find_map(|kind| match kind {
        NeedKind::Advisory(need) => Some((need.state, need.kept)),
        _ => None,
    })
}

#[test]
fn it_is_published_by_a_word_and_never_before_users_have_the_fix() {
    let mut w = linked(AdvisoryState::Draft);
    assert!(w.facts.security, "what has an advisory is a vulnerability");
    assert!(status(&w).contains(&format!("its advisory, {ID}")));
    let early = refused(&mut w, "maintainer", &format!("publish {ID}"));
    assert_eq!(early, NoAdvisory::Embargo);
    let seen = &w.line().seen.advisory;
    assert!(seen.get().is_none(), "nobody looks at it before");
    released(&mut w);
    assert_eq!(asked(&w), Some((AdvisoryState::Draft, false)));
    let another = refused(&mut w, "maintainer", &format!("publish {OTHER}"));
    assert!(matches!(another, NoAdvisory::Another { id } if id.as_str() == ID));
    w.say("developer", &format!("/hotfix advisory publish {ID}"));
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::RoleTooLow { .. })
    ));
    assert!(publishes(&w).is_empty());
    w.say("maintainer", &format!("/hotfix advisory publish {ID}"));
    let all = publishes(&w);
    assert_eq!(all.len(), 1);
    let fixed: Vec<_> = all[0]
        .iter()
        .map(|it| (&*it.package, &*it.version))
        .collect();
    assert_eq!(fixed, [("lantern", "1.0.5")]);
    assert_eq!(asked(&w), None);
    assert!(status(&w).contains("published at the word of @maintainer"));
    let again = refused(&mut w, "maintainer", &format!("publish {ID}"));
    assert_eq!(again, NoAdvisory::Published);
    ends(&mut w);
    assert!(w.plan.over, "{:?}", needs(&w));
}

#[test]
fn what_the_app_may_not_is_left_to_a_person_and_holds_nothing_up() {
    let mut w = linked(AdvisoryState::Hidden);
    released(&mut w);
    ends(&mut w);
    assert_eq!(asked(&w), Some((AdvisoryState::Hidden, false)));
    assert!(!w.issue.open, "the issue is closed all the same");
    assert!(w.wrote.iter().any(|slot| slot.starts_with("delete-branch")));
    assert!(!w.plan.over);
    assert!(publishes(&w).is_empty());
    w.say("maintainer", &format!("/hotfix advisory done {ID}"));
    assert!(w.plan.over, "{:?}", needs(&w));
    assert!(status(&w).contains("as @maintainer says"));
}

#[test]
fn what_a_person_published_is_seen_and_nothing_is_written() {
    let mut w = linked(AdvisoryState::Draft);
    w.advisory = AdvisoryState::Published;
    released(&mut w);
    assert_eq!(asked(&w), None);
    assert!(status(&w).contains("**The vulnerability is told** by"));
    ends(&mut w);
    assert!(w.plan.over && publishes(&w).is_empty());
}

#[test]
fn what_github_refused_is_tried_again_by_the_word_alone() {
    let mut w = linked(AdvisoryState::Draft);
    released(&mut w);
    w.refuses = Some(AdvisoryState::Draft);
    w.say("maintainer", &format!("/hotfix advisory publish {ID}"));
    assert_eq!(publishes(&w).len(), 1);
    assert_eq!(asked(&w), Some((AdvisoryState::Draft, true)));
    w.look();
    assert_eq!(publishes(&w).len(), 1);
    w.refuses = None;
    w.say("maintainer", &format!("/hotfix advisory publish {ID}"));
    assert_eq!((publishes(&w).len(), asked(&w)), (2, None));
}

#[test]
fn another_one_takes_its_place_and_none_at_all() {
    let mut w = linked(AdvisoryState::Draft);
    released(&mut w);
    w.say("maintainer", &format!("/hotfix advisory {OTHER}"));
    // An answer about the one before, which comes late, is none about this one.
    let began = w.now;
    w.tell(Event::Ended {
        line: LineId::default(),
        slot: Slot::Read(Object::Advisory),
        subject: ID.into(),
        generation: 99,
        began,
        outcome: Outcome::seen(Observation::Advisory(AdvisoryState::Published)),
    });
    let linked = w.facts.advisory.as_deref().expect("the other one");
    assert!(linked.id.as_str() == OTHER && !linked.is_settled());
    w.say("maintainer", "/hotfix advisory none");
    assert!(w.facts.advisory.is_none() && w.facts.security);
    assert_eq!(asked(&w), None);
    assert_eq!(refused(&mut w, "maintainer", "none"), NoAdvisory::NotLinked);
    let page = "https://elsewhere.test/acme/caro/security/advisories/";
    let other = refused(&mut w, "maintainer", &format!("{page}{ID}"));
    assert_eq!(other, NoAdvisory::Elsewhere);
    w.say("maintainer", "/hotfix advisory CVE-2026-1");
    assert!(matches!(w.last_said(), SaidState::Confused(_)));
    ends(&mut w);
    assert!(w.plan.over);
}

#[test]
fn one_that_is_over_is_open_again_for_its_advisory() {
    let mut w = ready_of(World::of(base(), Policy::default(), "maintainer"));
    released(&mut w);
    ends(&mut w);
    assert!(w.plan.over);
    w.facts.come_back();
    w.say("maintainer", &format!("/hotfix advisory {ID}"));
    assert_eq!(asked(&w), Some((AdvisoryState::Draft, false)));
    w.say("maintainer", &format!("/hotfix advisory publish {ID}"));
    assert_eq!(publishes(&w).len(), 1);
    assert!(w.plan.over, "{:?}", needs(&w));
}

#[test]
fn of_several_lines_the_users_of_all_of_them_come_first() {
    let mut w = linked(AdvisoryState::Draft);
    let line = |name: &str| LineName::read(name).expect("a line");
    let mut among = Among::new(line("1.x"));
    let other = |at| Other {
        case: 9,
        is: LineState {
            at,
            tag: None,
            page: String::new(),
            fix: None,
        },
    };
    let under = LineAt::Under {
        step: None,
        held: false,
    };
    among.others.insert(line("0.x"), other(under));
    w.facts.among = Some(Box::new(among));
    released(&mut w);
    assert_eq!(asked(&w), None);
    let early = refused(&mut w, "maintainer", &format!("publish {ID}"));
    assert_eq!(early, NoAdvisory::Embargo);
    let among = w.facts.among.as_mut().expect("the others");
    among.others.insert(line("0.x"), other(LineAt::Done));
    w.look();
    assert_eq!(asked(&w), Some((AdvisoryState::Draft, false)));
    w.say("maintainer", &format!("/hotfix advisory publish {ID}"));
    assert_eq!(publishes(&w), [&[][..]], "which range is whose people know");
}
