//! Boxes that are ticked in the status comment: the same as the command, by who
//! did it, and put back where that does not hold.

use super::world::{World, ready};
use crate::domain::command::{Line, ticked};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::{Event, Heard};
use crate::domain::facts::SaidState;
use crate::domain::ids::Actor;
use crate::domain::item::Item;
use crate::domain::objects::CommentKind;
use crate::domain::refused::Refused;

fn body(w: &World) -> String {
    let status = |act: &Effect| match act {
        Act::Comment {
            kind: CommentKind::Status,
            body,
            ..
        } => Some(body.clone()),
        _ => None,
    };
    w.acts.iter().rev().find_map(status).expect("a status")
}

/// Somebody ticks or clears the box of this name.
fn tick(w: &mut World, login: &str, name: &str, on: bool) {
    let before = body(w);
    let (from, to) = if on {
        ("- [ ]", "- [x]")
    } else {
        ("- [x]", "- [ ]")
    };
    let line = before
        .lines()
        .find(|line| line.contains(&format!(":{name} -->")))
        .unwrap_or_else(|| panic!("no box {name} in:\n{before}"));
    let after = before.replace(line, &line.replace(from, to));
    assert_ne!(before, after, "{line}");
    tell(w, Actor::person(login), ticked(&before, &after));
}

fn tell(w: &mut World, by: Actor, lines: Vec<Line>) {
    let comment = w.facts.comments[&CommentKind::Status]
        .id
        .expect("it stands");
    let heard = Heard {
        comment,
        by: by.clone(),
        lines,
        written: Some(w.now),
        ..Heard::default()
    };
    w.tell(Event::CommentEdited {
        comment,
        by,
        ticked: Some(Box::new(heard)),
    });
    w.run();
}

fn box_of(w: &World, name: &str) -> String {
    let text = body(w);
    let line = text
        .lines()
        .find(|line| line.contains(&format!(":{name} -->")));
    line.unwrap_or_default().to_owned()
}

#[test]
fn a_tick_is_the_same_as_the_command() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    tick(&mut w, "developer", "manual-test", true);
    let word = &w.facts.words[&Item::ManualTest];
    assert_eq!(
        (word.by.login.as_str(), word.head.is_some()),
        ("developer", true)
    );
    assert!(box_of(&w, "manual-test").starts_with("- [x]"));
    tick(&mut w, "maintainer", "manual-test", false);
    assert!(w.facts.words.is_empty());
    assert!(box_of(&w, "manual-test").starts_with("- [ ]"));
    // Nobody reacts to the bot's own comment.
    assert!(w.wrote.iter().all(|slot| !slot.starts_with("react/")));
}

#[test]
fn the_matrix_is_answered_by_boxes() {
    let mut w = World::labelled_by("maintainer");
    for name in [
        "condition=all-users",
        "workaround=no",
        "affected=50",
        "approach=minimal",
    ] {
        assert!(w.facts.assessed_by.is_none() || !w.facts.answers.is_empty());
        tick(&mut w, "developer", name, true);
        assert_eq!(w.last_said(), &SaidState::Done, "{name}");
    }
    assert!(w.outlook_assessed(), "{:?}", w.facts.answers);
    assert_eq!(w.facts.answers.affected, Some(50));
}

#[test]
fn a_tick_that_does_not_hold_is_put_back_and_said() {
    for (login, name, on) in [
        // Only a fact settles it.
        ("maintainer", "tagged", true),
        ("maintainer", "branch-created", false),
        // It needs words.
        ("maintainer", "critical-path", true),
        // Their role is too low.
        ("reporter", "manual-test", true),
    ] {
        let mut w = World::labelled_by("maintainer");
        w.push_fix('f');
        let before = box_of(&w, name);
        tick(&mut w, login, name, on);
        assert!(matches!(w.last_said(), SaidState::Refused(_)), "{name}");
        assert_eq!(box_of(&w, name), before, "{name}");
        let text = body(&w);
        assert!(
            text.contains("**Not carried out:**") && text.contains(", by a box, "),
            "{text}"
        );
        assert!(w.facts.words.is_empty());
    }
    // Of somebody without a part in it nothing is left but what stood there.
    let mut w = ready();
    let before = body(&w);
    tick(&mut w, "passer-by", "tests-added", false);
    assert_eq!(body(&w), before);
    assert!(w.facts.said.iter().all(|said| !said.tick));
}

#[test]
fn a_tick_is_about_the_head_that_was_shown() {
    let mut w = World::labelled_by("maintainer");
    w.push_fix('f');
    let lines = || {
        vec![Line {
            number: 1,
            text: "/hotfix check manual-test".into(),
        }]
    };
    // Another head came, and the comment did not show it yet.
    w.push_unheard('9');
    let before = w.now;
    w.look();
    let comment = w.facts.comments[&CommentKind::Status]
        .id
        .expect("it stands");
    let by = Actor::person("developer");
    let heard = Heard {
        comment,
        by: by.clone(),
        lines: lines(),
        written: Some(before),
        ..Heard::default()
    };
    w.tell(Event::CommentEdited {
        comment,
        by,
        ticked: Some(Box::new(heard)),
    });
    w.run();
    assert!(
        matches!(
            w.last_said(),
            SaidState::Refused(Refused::NotTheHead { .. })
        ),
        "{:?}",
        w.last_said()
    );
}

#[test]
fn a_bots_tick_says_nothing_and_ticks_do_not_pile_up() {
    let mut w = ready();
    let bot = Actor {
        bot: true,
        ..Actor::person("robot[bot]")
    };
    let lines = |on: bool| {
        let verb = if on { "check" } else { "uncheck" };
        vec![Line {
            number: 1,
            text: format!("/hotfix {verb} manual-test"),
        }]
    };
    let before = w.facts.said.len();
    tell(&mut w, bot, lines(true));
    assert_eq!(w.facts.said.len(), before);
    for n in 0..30 {
        tell(&mut w, Actor::person("developer"), lines(n % 2 == 0));
    }
    let ticks = w.facts.said.iter().filter(|said| said.tick).count();
    assert_eq!(ticks, 10);
}
