//! What channels are told, once and in which order, and what they are not told.

use super::sample::workflow;
use super::world::{World, base, needs, published, ready_of, seen, sha, status};
use crate::domain::bulletin::{Announce, Bulletin};
use crate::domain::effect::Act;
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::{SaidState, Word};
use crate::domain::happening::{Happening, HappeningKind};
use crate::domain::item::Item;
use crate::domain::need::{ChannelTrouble, Need, NeedKind, Who};
use crate::domain::objects::ChannelKind;
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::Policy;
use crate::domain::refused::Refused;
use crate::domain::text::is_secret;
use crate::domain::wish::Class;

fn named(channels: &[&str]) -> Policy {
    let mut policy = Policy::default();
    policy.announce.channels = channels.iter().map(|it| (*it).to_owned()).collect();
    policy
}

fn of(channels: &[&str]) -> World {
    World::of(base(), named(channels), "maintainer")
}

fn announced(w: &World) -> impl Iterator<Item = &Announce> {
    w.acts.iter().filter_map(|act| match act {
        Act::Announce(it) => Some(&**it),
        _ => None,
    })
}

/// What a channel was told, in order; `+` before what was edited.
fn told(w: &World, channel: &str) -> Vec<String> {
    let mine = announced(w).filter(|it| it.channel == channel);
    let word = |it: &Announce| {
        let event = it.bulletin.as_ref().expect("words").event.word();
        match &it.edits {
            Some(id) => format!("+{event} {id}"),
            None => event.to_owned(),
        }
    };
    mine.map(word).collect()
}

fn troubles(w: &World) -> Vec<(String, ChannelTrouble)> {
    let of = |it: Need| match it.kind {
        NeedKind::Channel { channel, trouble } => Some((channel, trouble)),
        _ => None,
    };
    seen(w, |view| view.untold.clone())
        .into_iter()
        .filter_map(of)
        .collect()
}

fn finished(channels: &[&str]) -> World {
    let mut w = ready_of(of(channels));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    w
}

#[test]
fn everybody_is_told_what_happens_and_nobody_twice() {
    let w = finished(&["slack", "Discord", "hook", "hook"]);
    assert!(w.plan.over, "{:?}", needs(&w));
    let all = ["started", "ready", "tagged", "released"];
    assert_eq!(told(&w, "hook"), [&all[..], &["finished"]].concat());
    assert_eq!(told(&w, "slack"), [&all[..], &["finished"]].concat());
    // The message that it is out says that it is over.
    assert_eq!(told(&w, "discord"), all);
    let out = announced(&w).filter(|it| it.channel == "discord").last();
    let out = out.unwrap().bulletin.as_ref().unwrap();
    assert!(out.text.contains("Everything is done"), "{}", out.text);
    // A program tells by the id what it has.
    let mut ids: Vec<_> = announced(&w)
        .filter(|it| it.channel == "hook")
        .map(|it| it.bulletin.as_ref().unwrap().id.clone())
        .collect();
    let before = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), before);
}

fn discusses(page: Option<&str>) -> World {
    let mut policy = Policy::default();
    policy.announce.discussion_category = "News".to_owned();
    let mut w = World::of(base(), policy, "maintainer");
    w.discussions = page.map(str::to_owned);
    w = ready_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    w
}

fn untold(w: &World) -> Vec<Need> {
    seen(w, |view| view.untold.clone())
}

#[test]
fn one_discussion_of_the_release_is_opened_after_its_notes() {
    let w = discusses(Some("https://github.test/discussions/9"));
    assert!(w.plan.over, "{:?}", needs(&w));
    let at = |is: fn(&Act<String, _>) -> bool| w.acts.iter().position(is);
    let notes = at(|act| matches!(act, Act::WriteNotes { .. }));
    let opened = at(|act| matches!(act, Act::Discuss { category, .. } if category == "News"));
    assert!(notes < opened && opened.is_some(), "{notes:?} {opened:?}");
    let all = w.acts.iter();
    let times = all.filter(|it| matches!(it, Act::Discuss { .. })).count();
    assert_eq!(times, 1);
    let text = status(&w);
    assert!(
        text.contains("[discussion](https://github.test/discussions/9)"),
        "{text}"
    );
}

#[test]
fn a_discussion_that_github_does_not_open_is_said_and_holds_nothing_up() {
    let mut w = discusses(None);
    assert!(w.plan.over, "{:?}", needs(&w));
    let category = "News".to_owned();
    let kind = NeedKind::NoDiscussion { category };
    assert_eq!(untold(&w), [Need::new(Who::Commander, kind)]);
    // Somebody did it by hand.
    let by = w.facts.assessed_by.clone().expect("somebody");
    let word = Word {
        by,
        note: None,
        head: None,
    };
    w.facts.words.insert(Item::Community, word);
    assert_eq!(untold(&w), []);
}

#[test]
fn nothing_is_told_where_nobody_is_named() {
    let w = finished(&[]);
    assert!(w.plan.over);
    assert_eq!(announced(&w).count(), 0);
    assert!(w.facts.happened.is_empty());
}

#[test]
fn who_may_not_be_told_is_said_and_holds_nothing_up() {
    let w = finished(&["nobody", "closed"]);
    assert!(w.plan.over);
    assert_eq!(announced(&w).count(), 0);
    let w = of(&["nobody", "closed"]);
    assert_eq!(
        troubles(&w),
        [
            ("nobody".to_owned(), ChannelTrouble::Unknown),
            ("closed".to_owned(), ChannelTrouble::Closed)
        ]
    );
}

fn refuses(w: &mut World, slot: &'static str, obstacle: Obstacle) {
    w.instead.insert(slot, Outcome::Refused { obstacle });
}

#[test]
fn what_did_not_get_through_is_told_once_more_by_a_word() {
    let mut w = World::new(base(), named(&["slack", "hook"]));
    refuses(&mut w, "announce/0/slack", Obstacle::Unknown);
    refuses(
        &mut w,
        "announce/0/hook",
        Obstacle::Found("it answered 404".into()),
    );
    w.begin("maintainer");
    w.look();
    assert_eq!(told(&w, "slack"), ["started"], "not again by itself");
    let words = "it answered 404".into();
    assert_eq!(
        troubles(&w),
        [
            ("slack".to_owned(), ChannelTrouble::Unclear),
            ("hook".to_owned(), ChannelTrouble::Refused { words })
        ]
    );
    w.instead.clear();
    w.say("developer", "/hotfix announce");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(told(&w, "slack"), ["started", "started"]);
    assert_eq!(told(&w, "hook"), ["started", "started"]);
    assert_eq!(troubles(&w), []);
    // Nothing is stuck: what is so now, once more, as another message.
    w.say("developer", "/hotfix announce");
    assert_eq!(told(&w, "hook"), ["started"; 3]);
    let ids: Vec<_> = announced(&w)
        .filter(|it| it.channel == "hook")
        .map(|it| it.bulletin.as_ref().unwrap().id.clone())
        .collect();
    assert_eq!(ids[0], ids[1], "the same, tried again");
    assert_ne!(ids[1], ids[2]);
}

#[test]
fn a_word_without_anybody_to_tell_is_refused() {
    let mut w = of(&[]);
    w.say("developer", "/hotfix announce");
    assert_eq!(*w.last_said(), SaidState::Refused(Refused::NoChannels));
}

#[test]
fn in_a_room_only_the_newest_counts() {
    let mut w = ready_of(of(&["slack", "hook"]));
    // Nobody is told for a while.
    w.instead.insert(
        "announce/2/slack",
        Outcome::Unanswered {
            message: "no connection".into(),
            since: w.now,
        },
    );
    w.facts.sent.clear();
    w.acts.clear();
    w.tell(Event::Back { since: None });
    let due = w.plan.wishes.iter().filter_map(|wish| match &wish.act {
        Act::Announce(it) => Some(format!("{} {}", it.channel, it.n)),
        _ => None,
    });
    let due: Vec<_> = due.collect();
    assert_eq!(due, ["slack 1", "hook 0", "hook 1"]);
    // A head that is ready no more is news to nobody.
    w.push_fix('a');
    assert!(
        !told(&w, "slack").contains(&"ready".to_owned()),
        "{:?}",
        told(&w, "slack")
    );
}

#[test]
fn a_maximum_that_is_over_is_told_rather_twice_than_not_at_all() {
    let mut w = of(&["slack"]);
    w.wait(40 * 60_000);
    assert_eq!(told(&w, "slack"), ["started", "escalated"]);
    let classes: Vec<_> = w
        .acts
        .iter()
        .filter(|act| matches!(act, Act::Announce(_)))
        .map(|act| act.class())
        .collect();
    assert_eq!(classes, [Class::Once, Class::Unique]);
    let mut hook = of(&["hook"]);
    hook.wait(1_000);
    assert!(announced(&hook).all(|it| it.urgent && it.kind == ChannelKind::Webhook));
}

#[test]
fn a_hotfix_that_is_given_up_is_told_to_who_heard_of_it() {
    let mut w = of(&["slack", "hook"]);
    w.say(
        "maintainer",
        "/hotfix cancel reason=\"it was the wrong cable\"",
    );
    assert!(w.plan.over);
    assert_eq!(told(&w, "slack"), ["started", "cancelled"]);
    let last = announced(&w).last().unwrap().bulletin.as_ref().unwrap();
    assert!(last.text.contains("wrong cable"), "{}", last.text);
    // The label was a mistake, and nobody heard of it.
    let mut w = World::new(base(), named(&["slack"]));
    refuses(&mut w, "announce/0/slack", Obstacle::Unknown);
    w.begin("maintainer");
    w.say("maintainer", "/hotfix cancel reason=\"a mistake\"");
    assert_eq!(told(&w, "slack"), ["started"]);
}

#[test]
fn of_a_vulnerability_number_and_version_are_told() {
    let mut w = World::new(base(), named(&["slack", "discord", "hook"]));
    w.issue.title = "Heap overflow in the wick parser".into();
    w.issue.labels = vec!["security".into()];
    w.begin("maintainer");
    w.wait(40 * 60_000);
    let mut w = ready_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    let before: Vec<_> = announced(&w).cloned().collect();
    assert!(before.len() >= 9, "{before:?}");
    for it in &before {
        let text = serde_json::to_string(it).unwrap().to_lowercase();
        for word in [
            "overflow",
            "wick",
            "heap",
            "fffffff",
            "ci.yml",
            "developer",
            "src/lib",
        ] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        let bulletin = it.bulletin.as_ref().unwrap();
        let details = &bulletin.details;
        assert_eq!(
            (&details.title, &details.head, &details.actor),
            (&None, &None, &None)
        );
        assert!(details.timeline.is_empty() && details.waiting.is_none() && details.base.is_none());
        assert!(details.number == 12 && bulletin.event != HappeningKind::Released);
    }
    published(&mut w);
    w.say("maintainer", "/hotfix check fresh-install");
    w.say("reporter", "/hotfix confirm-fixed");
    let out =
        announced(&w).find(|it| it.bulletin.as_ref().unwrap().event == HappeningKind::Released);
    let out = out.unwrap().bulletin.as_ref().unwrap();
    assert!(out.text.contains("Heap overflow"), "{}", out.text);
}

#[test]
fn the_community_is_notified_where_a_channel_heard_that_it_is_out() {
    use crate::domain::evidence::ItemState;
    use crate::domain::item::Item;
    let state = |w: &World| {
        seen(w, |view| {
            let mut all = view.checklist.iter();
            let it = all.find(|it| it.item == Item::Community);
            it.expect("an item").state
        })
    };
    assert_eq!(state(&of(&[])), ItemState::NotApplicable);
    assert_eq!(state(&of(&["slack"])), ItemState::Open);
    assert_eq!(state(&finished(&["slack"])), ItemState::Done);
    // Where none heard of it, a person's word counts.
    let mut w = ready_of(of(&["nobody"]));
    w.say("maintainer", "/hotfix release fffffff");
    published(&mut w);
    w.say("maintainer", "/hotfix check community");
    assert_eq!(state(&w), ItemState::ByHand);
}

/// The words of a program's message of this kind, the last one.
fn last_of(w: &World, event: HappeningKind) -> Bulletin {
    let all = announced(w).filter_map(|it| it.bulletin.as_deref());
    let mine = all.filter(|it| it.event == event).last();
    mine.expect("it was told").clone()
}

#[test]
fn who_is_not_told_yet_is_told_once_however_often_somebody_asks() {
    let mut w = of(&["slack", "hook"]);
    w.facts.sent.remove("slack");
    w.acts.clear();
    w.say("developer", "/hotfix announce");
    assert_eq!(
        *w.last_said(),
        SaidState::Refused(Refused::NothingToAnnounce),
        "it is under way"
    );
    assert_eq!(
        (told(&w, "slack"), told(&w, "hook")),
        (vec!["started".to_owned()], Vec::new())
    );
    // Its operator opened it after it was asked for.
    w.facts.happened[0].again = 2;
    w.facts.sent.remove("slack");
    w.acts.clear();
    w.look();
    assert_eq!(told(&w, "slack"), ["started"]);
}

#[test]
fn what_is_told_too_late_offers_nothing_that_is_over() {
    let mut w = ready_of(of(&["hook"]));
    assert_eq!(told(&w, "hook"), ["started", "ready"]);
    let ready = last_of(&w, HappeningKind::Ready);
    assert!(ready.text.contains("/hotfix release fffffff"));
    assert!(ready.details.waiting.is_some());
    // It was down, and the head moved on.
    w.facts.sent.get_mut("hook").unwrap().remove(&1);
    w.acts.clear();
    w.push_fix('a');
    let ready = last_of(&w, HappeningKind::Ready);
    assert!(!ready.text.contains("/hotfix"), "{}", ready.text);
    assert_eq!(ready.details.waiting, None);
    assert_eq!(ready.details.head, Some(sha('f').as_str().to_owned()));
}

#[test]
fn what_can_be_edited_is_not_posted_a_second_time() {
    let mut w = finished(&["slack", "discord"]);
    // Somebody asked for it, before there was anything newer.
    let mut all = w.facts.happened.iter_mut();
    let out = all.find(|it| it.what == Happening::Released).unwrap();
    out.again = 1;
    w.facts.come_back();
    w.look();
    let out = |channel| {
        let told = told(&w, channel);
        told.iter().filter(|it| *it == "released").count()
    };
    assert_eq!((out("slack"), out("discord")), (2, 1));
    let mut places: Vec<_> = w.plan.wishes.iter().map(|it| it.place()).collect();
    let before = places.len();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), before);
}

#[test]
fn a_room_that_perhaps_heard_it_is_not_told_again_by_a_retry() {
    let mut w = World::new(base(), named(&["slack"]));
    refuses(&mut w, "announce/0/slack", Obstacle::Unknown);
    w.begin("maintainer");
    w.instead.clear();
    w.say("maintainer", "/hotfix retry");
    assert_eq!(*w.last_said(), SaidState::Refused(Refused::NothingToRetry));
    assert_eq!(told(&w, "slack"), ["started"], "nobody looked there");
    w.say("maintainer", "/hotfix announce");
    assert_eq!(told(&w, "slack"), ["started", "started"]);
}

#[test]
fn what_fails_after_the_end_is_said_and_told_by_a_word() {
    let mut w = of(&["slack"]);
    let gone = Obstacle::Found("it answered 404".into());
    refuses(&mut w, "announce/1/slack", gone);
    w.say("maintainer", "/hotfix cancel reason=\"no bug\"");
    assert!(w.plan.over);
    assert!(status(&w).contains("it answered 404"), "{}", status(&w));
    assert!(status(&w).contains("/hotfix announce"), "{}", status(&w));
    assert!(w.plan.wishes.is_empty(), "{:?}", w.plan.wishes);
    // The case comes back, as the engine lets it.
    w.instead.clear();
    w.facts.come_back();
    w.say("developer", "/hotfix announce");
    assert_eq!(*w.last_said(), SaidState::Done);
    assert!(w.plan.over && w.plan.wishes.is_empty());
    assert_eq!(told(&w, "slack"), ["started", "cancelled", "cancelled"]);
    assert!(!status(&w).contains("it answered 404"), "{}", status(&w));
}

/// Nothing but the release's runs shows whether it is out.
#[test]
fn of_a_vulnerability_nothing_is_told_while_the_release_runs() {
    let mut base = base();
    base.package.on_registry = false;
    base.release = None;
    let image = "on:\n  push:\n    tags: ['v*']\njobs:\n  image:\n    runs-on: x\n    steps:\n    - run: docker push lantern\n";
    base.workflows
        .retain(|it| !it.path.ends_with("publish.yml"));
    base.workflows.push(workflow("publish.yml", image));
    let mut w = World::new(base, named(&["slack", "hook"]));
    w.issue.title = "Heap overflow in the wick parser".into();
    w.issue.labels = vec!["security".into()];
    w.begin("maintainer");
    let mut w = ready_of(w);
    w.say("maintainer", "/hotfix release fffffff");
    let told = last_of(&w, HappeningKind::Tagged);
    assert_eq!((&told.text, &told.details.title), (&String::new(), &None));
    assert_eq!((&told.details.head, &told.details.base), (&None, &None));
    seen(&w, |view| {
        assert!(view.proofs().tagged.is_some() && view.proofs().monitored.is_none());
        assert!(is_secret(view));
    });
    w.run_ends(2, "publish.yml", "v1.0.5", &sha('f'), "success");
    seen(&w, |view| assert!(!is_secret(view)));
}
