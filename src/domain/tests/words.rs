//! What words stand on, until when they can be taken back, and what is kept of
//! them.

use super::world::{ASSESS, World, published, ready, seen, sha, status};
use crate::domain::behind::behind_gates;
use crate::domain::command::{Command, MOST, Stake, VERBS, parse_comment};
use crate::domain::decide::decide;
use crate::domain::effect::{Act, Slot};
use crate::domain::event::{Event, Heard, Outcome};
use crate::domain::facts::{Facts, SaidState};
use crate::domain::ids::{Actor, Millis};
use crate::domain::item::{Item, When};
use crate::domain::objects::{HOUR, Object, Reaction};
use crate::domain::reactions::EYES;
use crate::domain::read::Read;
use crate::domain::refused::Refused;
use crate::domain::sees::stands;
use crate::domain::wish::Lane;

const RELEASE: &str = "/hotfix release fffffff";

/// One command of each verb that is carried out, and of each item.
fn commands() -> Vec<Command> {
    let mut all = vec![
        "confirm".to_owned(),
        "release fffffff".to_owned(),
        "waive forward-port reason=x".to_owned(),
        "cancel reason=x".to_owned(),
        "override judge reason=x".to_owned(),
        "assess workaround=no".to_owned(),
        "start v1.0.4".to_owned(),
        "pick 0a1b2c3".to_owned(),
        "downgrade P1 reason=x".to_owned(),
        "extend fix 30m reason=x".to_owned(),
        "assign fix @x".to_owned(),
        "join #8".to_owned(),
        "rollback reason=x".to_owned(),
        "advisory publish GHSA-2f4g-5h6j-7m8p".to_owned(),
    ];
    all.extend(VERBS.iter().map(|verb| verb.name().to_owned()));
    for item in Item::ALL {
        all.push(format!("check {item} note=x"));
        all.push(format!("uncheck {item} note=x"));
    }
    let parsed = all
        .iter()
        .flat_map(|it| parse_comment(&format!("/hotfix {it}")));
    parsed.filter_map(|line| line.result.ok()).collect()
}

/// Whether a command that was written before the last page stands.
fn stood(w: &World, command: &Command, written: Millis) -> Result<(), Refused> {
    seen(w, |view| stands(command, Some(written), view))
}

#[test]
fn every_verb_stands_on_what_was_shown_or_cannot_depend_on_it() {
    // Something else is shown each time: what stands on it falls, the rest does
    // not.
    type Change = fn(&mut World);
    let changes: [(Stake, Change); 4] = [
        (Stake::Head, |w| w.push_fix('9')),
        (Stake::Answers, |w| {
            w.say("developer", "/hotfix assess affected=50");
        }),
        (Stake::Preview, |w| {
            w.issue.title = "Free lamps".into();
            w.look();
        }),
        (Stake::Hold, |w| {
            w.say("developer", "/hotfix hold");
        }),
    ];
    let verbs: std::collections::BTreeSet<_> = commands().iter().map(Command::verb).collect();
    let carried_out = VERBS.iter().filter(|verb| verb.is_carried_out());
    assert!(
        carried_out.clone().all(|verb| verbs.contains(verb)),
        "{verbs:?}"
    );
    for (changed, change) in changes {
        let mut w = ready();
        let written = w.now;
        w.now += 10_000;
        change(&mut w);
        for command in commands() {
            let stake = command.stake();
            let head_too = changed == Stake::Head && stake == Stake::Preview;
            let falls = stake == changed || head_too;
            // A commit that is named is the word itself.
            let before = stood(&w, &command, written);
            assert_eq!(
                before.is_err(),
                falls,
                "{changed:?}: {command:?}: {before:?}"
            );
            let after = stood(&w, &command, w.now);
            // Nothing waits for a confirmation here.
            assert!(after.is_ok(), "{changed:?}: {command:?}: {after:?}");
        }
    }
}

#[test]
fn nothing_shown_means_that_the_commit_is_named() {
    let mut w = ready();
    w.facts.comments.clear();
    for command in commands() {
        let falls = match command.stake() {
            Stake::Head => command.verb().name().ends_with("check"),
            Stake::Answers | Stake::Preview => true,
            Stake::Nothing | Stake::Item | Stake::Hold => false,
        };
        assert_eq!(stood(&w, &command, w.now).is_err(), falls, "{command:?}");
    }
}

#[test]
fn everything_behind_a_gate_is_seen_again_before_the_lock() {
    let mut seen_again = 0;
    for object in behind_gates() {
        let mut w = ready();
        // Checks are looked at where the configuration names some.
        if !w.facts.state(w.line(), object).known {
            continue;
        }
        seen_again += 1;
        let heard = w.writes_a_comment("maintainer", RELEASE);
        w.tell(Event::Commented(heard));
        // The role, and then the decision; everything but this one is answered.
        for _ in 0..40 {
            let slot = Slot::Read(object);
            let reads = w.plan.wishes.iter();
            let mut reads = reads.filter(|it| it.act.lane() == Lane::Read && it.act.slot() != slot);
            let Some(wish) = reads.next().cloned() else {
                break;
            };
            let outcome = w.answer(&wish.act);
            w.tell(Event::Ended {
                line: wish.line.clone(),
                slot: wish.act.slot(),
                subject: wish.subject.clone(),
                generation: wish.generation,
                began: w.now,
                outcome,
            });
        }
        let decision = w.line().decision.as_ref().expect("decided");
        assert_eq!(decision.locked, None, "{object:?}");
        w.run();
        assert!(w.tag.is_some(), "{object:?}");
    }
    assert!(seen_again >= 6, "{seen_again}");
}

#[test]
fn a_read_that_began_too_early_is_repeated_at_once() {
    let mut w = World::labelled_by("maintainer");
    let first = w.writes_a_comment("developer", ASSESS);
    let second = w.writes_a_comment("developer", "/hotfix hold");
    let other = w.writes_a_comment("maintainer", "/hotfix status");
    w.tell(Event::Commented(first));
    let is_role = |login: &str, act: &crate::domain::effect::Effect| matches!(act, Act::Read(Read::Role { login: of, .. }) if of == login);
    let wishes = w.plan.wishes.clone();
    let role = wishes.iter().find(|it| is_role("developer", &it.act));
    let role = role.expect("a role is read");
    let began = w.now;
    w.tell(Event::Commented(second));
    w.tell(Event::Commented(other));
    let outcome = w.answer(&role.act);
    w.tell(Event::Ended {
        line: role.line.clone(),
        slot: role.act.slot(),
        subject: role.subject.clone(),
        generation: role.generation,
        began,
        outcome,
    });
    let again = w.plan.wishes.iter().any(|it| is_role("developer", &it.act));
    assert!(again, "{:?}", w.plan.wishes);
    w.run();
    assert!(w.facts.hold.is_some());
    assert!(w.facts.said.iter().all(|it| it.state == SaidState::Done));
}

#[test]
fn who_waits_holds_up_nobody_else() {
    let mut w = World::labelled_by("maintainer");
    let stuck = w.writes_a_comment("developer", ASSESS);
    let other = w.writes_a_comment("maintainer", "/hotfix hold");
    w.tell(Event::Commented(stuck));
    w.tell(Event::Commented(other));
    for _ in 0..10 {
        let wishes = w.plan.wishes.iter();
        let of_maintainer = |act: &crate::domain::effect::Effect| matches!(act, Act::Read(Read::Role { login, .. }) if login == "maintainer");
        let Some(wish) = wishes.clone().find(|it| of_maintainer(&it.act)).cloned() else {
            break;
        };
        let outcome = w.answer(&wish.act);
        w.tell(Event::Ended {
            line: wish.line.clone(),
            slot: wish.act.slot(),
            subject: wish.subject.clone(),
            generation: wish.generation,
            began: w.now,
            outcome,
        });
    }
    assert!(w.facts.hold.is_some());
    assert_eq!(w.facts.answers, Default::default());
}

#[test]
fn what_cannot_be_undone_is_asked_for_once_more() {
    for (word, why) in [
        ("", Refused::TakenBack { deleted: true }),
        ("not yet", Refused::TakenBack { deleted: false }),
        (
            "please wait\n\n/hotfix cancel reason=x",
            Refused::TakenBack { deleted: false },
        ),
    ] {
        let mut w = World::labelled_by("maintainer");
        let heard = w.writes_a_comment("maintainer", "/hotfix cancel reason=x");
        let comment = heard.comment;
        w.tell(Event::Commented(heard));
        // Nobody is told.
        match word {
            "" => drop(w.bodies.remove(&comment)),
            word => drop(w.bodies.insert(comment, word.into())),
        }
        w.run();
        assert_eq!(*w.last_said(), SaidState::Refused(why));
        assert!(w.facts.cancelled.is_none() && w.facts.reread.is_empty());
    }
}

#[test]
fn a_release_is_taken_back_until_it_is_locked() {
    for told in [true, false] {
        let mut w = ready();
        let heard = w.writes_a_comment("maintainer", RELEASE);
        let comment = heard.comment;
        w.tell(Event::Commented(heard));
        w.bodies.remove(&comment);
        if told {
            w.tell(Event::CommentDeleted { comment });
        }
        w.run();
        let deleted = SaidState::Refused(Refused::TakenBack { deleted: true });
        assert_eq!(*w.last_said(), deleted);
        assert!(w.tag.is_none() && w.line().decision.is_none());
        w.say("maintainer", RELEASE);
        assert!(w.tag.is_some());
    }
}

#[test]
fn a_word_that_is_older_than_the_tags_deletion_makes_it_no_more() {
    for (by, before, again) in [
        ("maintainer", true, true),
        ("maintainer", false, false),
        ("hotfix-bot[bot]", false, true),
    ] {
        let mut w = World::labelled_by("maintainer");
        w.push_fix('f');
        w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "failure");
        let deleted = Event::TagDeleted {
            by: Actor {
                login: by.into(),
                ..Actor::default()
            },
        };
        let heard = w.writes_a_comment("developer", "/hotfix retry");
        match before {
            true => w.tell(deleted.clone()),
            false => w.tell(Event::Commented(heard.clone())),
        }
        match before {
            true => w.tell(Event::Commented(heard)),
            false => w.tell(deleted),
        }
        w.run();
        let is = match again {
            true => SaidState::Done,
            false => SaidState::Refused(Refused::TagDeleted),
        };
        assert_eq!(*w.last_said(), is, "{by} {before}");
        assert_eq!(w.wrote.iter().any(|s| s == "rerun/1"), again);
    }
}

#[test]
fn a_comment_that_cannot_be_read_refuses_after_ten_minutes() {
    for word in ["/hotfix cancel reason=x", RELEASE] {
        let mut w = ready();
        let heard = w.writes_a_comment("maintainer", word);
        let slot: &'static str = format!("read/word/{}", heard.comment).leak();
        let silent = Outcome::Unanswered {
            message: "503".into(),
            since: w.now,
        };
        w.instead.insert(slot, silent);
        w.tell(Event::Commented(heard));
        for _ in 0..40 {
            let wishes = w.plan.wishes.iter();
            let Some(wish) = wishes
                .clone()
                .find(|it| it.act.slot().to_string() != slot)
                .cloned()
            else {
                break;
            };
            let outcome = w.answer(&wish.act);
            w.tell(Event::Ended {
                line: wish.line.clone(),
                slot: wish.act.slot(),
                subject: wish.subject.clone(),
                generation: wish.generation,
                began: w.now,
                outcome,
            });
        }
        w.now += 11 * 60_000;
        w.tell(Event::Wake);
        assert_eq!(
            *w.last_said(),
            SaidState::Refused(Refused::CommentUnreadable)
        );
        assert!(w.tag.is_none() && w.facts.cancelled.is_none());
    }
}

#[test]
fn what_is_older_than_an_hour_is_asked_for_again() {
    for word in ["/hotfix hold", "/hotfix cancel reason=x", RELEASE] {
        let mut w = ready();
        let heard = w.writes_a_comment("maintainer", word);
        w.tell(Event::Commented(Heard {
            age: HOUR + 1,
            late: true,
            ..heard
        }));
        w.run();
        assert_eq!(*w.last_said(), SaidState::Refused(Refused::TooOld));
        assert!(w.facts.hold.is_none() && w.tag.is_none() && w.facts.cancelled.is_none());
        assert!(status(&w).contains("older than an hour"));
    }
}

#[test]
fn what_came_by_the_log_is_asked_for_once_more() {
    let mut w = World::labelled_by("maintainer");
    let heard = w.writes_a_comment("developer", "/hotfix hold");
    w.bodies.remove(&heard.comment);
    w.tell(Event::Commented(Heard {
        age: 300_000,
        late: true,
        ..heard
    }));
    w.run();
    let deleted = SaidState::Refused(Refused::TakenBack { deleted: true });
    assert_eq!(*w.last_said(), deleted);
    assert!(w.facts.hold.is_none());
}

#[test]
fn a_change_that_is_heard_of_first_counts() {
    let mut w = World::labelled_by("maintainer");
    let heard = w.writes_a_comment("developer", "/hotfix hold");
    w.tell(Event::CommentEdited {
        comment: heard.comment,
        by: Actor::person("developer"),
        ticked: None,
    });
    w.tell(Event::Commented(heard));
    w.run();
    assert_eq!(*w.last_said(), SaidState::Edited);
    assert!(w.facts.hold.is_none());
}

#[test]
fn a_release_waits_for_its_verdict() {
    let mut w = ready();
    let heard = w.writes_a_comment("maintainer", RELEASE);
    let comment = heard.comment;
    w.tell(Event::Commented(heard));
    let wanted = |w: &World| -> Vec<(Reaction, Millis)> {
        let wishes = w.plan.wishes.iter();
        let reactions = wishes.filter_map(|wish| match wish.act {
            Act::React { reaction, .. } => Some((reaction, wish.delay)),
            _ => None,
        });
        reactions.collect()
    };
    assert_eq!(wanted(&w), [(Reaction::Eyes, EYES)], "if it takes long");
    w.run();
    assert_eq!(*w.last_said(), SaidState::Done);
    let of = w.facts.reacted.iter().filter(|(of, _)| *of == comment);
    let given: Vec<Reaction> = of.map(|(_, reaction)| *reaction).collect();
    assert_eq!(given, [Reaction::Done]);
}

#[test]
fn a_release_that_was_decided_on_another_repository_gets_its_verdict() {
    let mut w = ready();
    let heard = w.writes_a_comment("maintainer", RELEASE);
    w.tell(Event::Commented(heard));
    while w.line().decision.is_none() {
        let reads = w.plan.wishes.iter();
        let read = reads.clone().find(|it| it.act.lane() == Lane::Read);
        let wish = read.expect("something is read").clone();
        w.carry_out(&wish);
    }
    assert_eq!(*w.last_said(), SaidState::Deciding);
    w.tell(Event::Repository {
        repo: w.facts.repo.clone(),
        another: true,
    });
    assert!(w.line().decision.is_none() && w.tag.is_none());
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
}

#[test]
fn a_word_for_an_item_is_taken_when_there_is_something_to_speak_of() {
    let takes = |w: &World, item: Item| {
        let text = format!("/hotfix check {item} note=x");
        let command = parse_comment(&text).remove(0).result.unwrap();
        seen(w, |view| {
            crate::domain::available::accepted(&command, view).is_ok()
        })
    };
    let begun = World::labelled_by("maintainer");
    let fixed = ready();
    let mut tagged = ready();
    tagged.say("maintainer", RELEASE);
    let mut out = ready();
    out.say("maintainer", RELEASE);
    published(&mut out);
    for item in Item::ALL.iter().copied() {
        let taken = [&begun, &fixed, &tagged, &out].map(|w| takes(w, item));
        let expected = match item.when() {
            When::Never => [false; 4],
            When::UntilTheDecision => [!item.is_bound_to_head(), true, false, false],
            When::OnceOut => [false, false, false, true],
            When::Always => [true; 4],
        };
        assert_eq!(taken, expected, "{item}");
    }
}

/// How long the facts are as they are stored, and how much is wanted.
fn size(w: &World) -> (usize, usize) {
    let stored = serde_json::to_string(&w.facts).unwrap();
    (stored.len(), w.plan.wishes.len())
}

fn flood(f: &mut Facts, now: &mut Millis, comments: std::ops::Range<u64>, body: &str) {
    let heard = |n: u64| Heard::of(n, Actor::person("stranger"), body);
    for n in comments {
        *now += 1;
        decide(f, &Event::Commented(heard(n)), *now);
    }
}

#[test]
fn a_strangers_flood_leaves_nothing_behind() {
    for body in [
        "/hotfix cancel reason=x\n".repeat(5_000),
        "/hotfix cancel reason=x\n".repeat(20),
        "/hotfix relase now".to_owned(),
        "/hotfix status".to_owned(),
        format!("/hotfix cancel reason={}", "x".repeat(60_000)),
    ] {
        let mut w = World::labelled_by("maintainer");
        w.roles.insert("stranger", "read");
        let before = size(&w);
        // Before their role is known.
        let mut now = w.now;
        flood(&mut w.facts, &mut now, 10_000..10_500, &body);
        w.now = now;
        w.tell(Event::Wake);
        let (long, wishes) = size(&w);
        assert!(long < before.0 + 100_000, "{long}");
        assert!(wishes < before.1 + 2 + 2 * MOST, "{wishes}");
        w.run();
        // And after it.
        let mut now = w.now;
        flood(&mut w.facts, &mut now, 20_000..20_500, &body);
        w.now = now + 120_000;
        w.tell(Event::Wake);
        w.run();
        assert!(w.facts.said.is_empty() && w.facts.strangers.is_empty());
        assert!(!w.facts.roles.contains_key("stranger") && w.facts.reacted.is_empty());
        let after = size(&w);
        assert!(after.0 < before.0 + 1_000, "{} to {}", before.0, after.0);
        assert_eq!(after.1, 0, "{:?}", w.plan.wishes);
    }
}

#[test]
fn a_role_that_was_forgotten_is_asked_for_anew() {
    let mut w = ready();
    w.roles.insert("stranger", "read");
    let mut asked = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let heard = w.writes_a_comment("stranger", "/hotfix hold");
        w.tell(Event::Commented(heard));
        let slot = Slot::Role("stranger".into());
        let wish = w.plan.wishes.iter().find(|wish| wish.act.slot() == slot);
        let wish = wish.expect("their role is asked for");
        assert!(
            asked.insert(wish.generation),
            "asked under a key that is done"
        );
        w.run();
        assert!(!w.facts.roles.contains_key("stranger"));
        w.now += 2 * 60_000;
    }
}

#[test]
fn what_was_settled_is_kept_within_bounds_and_never_taken_twice() {
    let mut w = World::labelled_by("maintainer");
    let first = w.writes_a_comment("developer", "/hotfix hold");
    w.tell(Event::Commented(first.clone()));
    w.run();
    w.say("developer", "/hotfix unhold");
    for _ in 0..400 {
        w.say("developer", "/hotfix status");
    }
    assert!(w.facts.said.len() < 60 && w.facts.heard.len() <= 256);
    assert!(w.facts.reacted.len() < 200);
    w.tell(Event::Commented(first));
    w.run();
    assert!(w.facts.hold.is_none());
}

#[test]
fn more_than_twenty_commands_are_answered_once() {
    let mut w = World::labelled_by("maintainer");
    let many = "/hotfix hold\n".repeat(MOST + 1);
    w.say("developer", &many);
    assert_eq!(
        *w.last_said(),
        SaidState::Refused(Refused::TooMany { most: MOST })
    );
    assert_eq!(w.facts.said.len(), 1);
    assert!(w.facts.hold.is_none());
    w.say("developer", &"/hotfix status\n".repeat(MOST));
    assert_eq!(*w.last_said(), SaidState::Done);
}

#[test]
fn an_approval_on_top_is_no_other_preview() {
    let mut w = ready();
    let written = w.now;
    w.now += 5_000;
    w.roles.insert("second", "write");
    w.approve("second", &sha('f'));
    let command = parse_comment(RELEASE).remove(0).result.unwrap();
    assert_eq!(stood(&w, &command, written), Ok(()));
    w.tell(Event::Touched {
        objects: vec![Object::Reviews],
    });
    w.run();
    w.say("maintainer", RELEASE);
    assert!(w.tag.is_some());
}
