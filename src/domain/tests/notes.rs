//! The block in the release notes is written again.

use super::world::{World, published, ready, ready_of, status};
use crate::domain::effect::Act;
use crate::domain::event::Outcome;
use crate::domain::facts::{News, SaidState};
use crate::domain::item::Item;
use crate::domain::objects::NotesWere;
use crate::domain::policy::Policy;
use crate::domain::refused::Refused;

fn written(w: &World) -> Vec<String> {
    let block = |act: &_| match act {
        Act::WriteNotes { block, .. } => Some(String::clone(block)),
        _ => None,
    };
    w.acts.iter().filter_map(block).collect()
}

fn finished(mut w: World) -> World {
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    assert!(w.plan.over, "{}", status(&w));
    w
}

#[test]
fn it_is_written_again_whenever_somebody_asks() {
    let mut w = ready();
    w.say("developer", "/hotfix notes");
    assert!(matches!(
        w.last_said(),
        SaidState::Refused(Refused::BeforeTheTag { .. })
    ));
    w.say("maintainer", "/hotfix release fffffff");
    w.say("developer", "/hotfix notes");
    let early = SaidState::Refused(Refused::TooEarly {
        item: Item::ReleaseNotes,
    });
    assert_eq!(*w.last_said(), early);
    published(&mut w);
    assert!(written(&w).is_empty(), "its turn is after the verification");
    w.say("developer", "/hotfix notes");
    assert_eq!(written(&w).len(), 1);
    let words = "/hotfix check what-was-fixed note=\"it looks for the file first\"";
    w.say("developer", words);
    let was = NotesWere::Other { new: 1, gone: 1 };
    let hash = "another".to_owned();
    let was = Some(was);
    w.instead
        .insert("notes", Outcome::NotesWritten { hash, was });
    w.say("developer", "/hotfix notes");
    let all = written(&w);
    assert_eq!(all.len(), 2);
    assert!(all[1].contains("it looks for the file first"), "{}", all[1]);
    let text = status(&w);
    let told = "@developer had the bot's block in the release notes written again; it said something else: 1 line new, 1 gone";
    assert!(text.contains(told), "{text}");
    let again = |it: &News| matches!(it, News::NotesAgain { .. });
    let notices = w.facts.notices.iter().filter(|it| again(&it.what));
    assert_eq!(notices.count(), 2);
}

#[test]
fn also_when_everything_is_over_and_its_times_stay() {
    let mut w = finished(ready());
    let proven = w.line().proven.clone();
    assert!(w.facts.has_released());
    w.facts.come_back();
    w.plan = crate::domain::plan::plan(&w.facts);
    w.say("developer", "/hotfix notes");
    assert_eq!(written(&w).len(), 2);
    assert_eq!(w.line().proven, proven);
    assert!(w.plan.over, "{}", status(&w));
}

#[test]
fn where_the_notes_are_left_to_others_none_is_written() {
    let mut policy = Policy::default();
    policy.announce.notes = String::new();
    let w = ready_of(World::of(super::world::base(), policy, "maintainer"));
    let mut w = finished(w);
    assert!(written(&w).is_empty());
    w.facts.come_back();
    w.plan = crate::domain::plan::plan(&w.facts);
    w.say("developer", "/hotfix notes");
    assert_eq!(*w.last_said(), SaidState::Refused(Refused::OwnNotes));
}
