//! Questions that are asked by a command: each gets one answer, where it was asked.

use super::world::{World, ready};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::SaidState;
use crate::domain::obstacle::Obstacle;
use crate::domain::refused::Refused;

const ASKED: [&str; 5] = ["plan", "preview", "timeline", "timeline full", "runbook"];

/// The answers that were written: to which comment, and what they say.
fn replies(w: &World) -> Vec<(u64, String)> {
    let reply = |act: &Effect| match act {
        Act::Reply { comment, body, .. } => Some((*comment, body.clone())),
        _ => None,
    };
    w.acts.iter().filter_map(reply).collect()
}

#[test]
fn each_question_gets_one_answer_at_any_time() {
    let mut w = World::labelled_by("maintainer");
    for stage in 0..2 {
        for question in ASKED {
            let before = replies(&w).len();
            let comment = w.say("developer", &format!("/hotfix {question}"));
            assert_eq!(w.last_said(), &SaidState::Done, "{question}");
            w.look();
            let all = replies(&w);
            assert_eq!(all.len(), before + 1, "{stage}: {question}");
            let (to, body) = all.last().expect("an answer");
            let marker = format!("<!-- hotfix-bot:reply-{comment}:7 -->\n@developer asked.");
            assert!(*to == comment && body.starts_with(&marker), "{body}");
        }
        w = ready();
    }
}

#[test]
fn several_questions_of_a_comment_are_answered_together() {
    let mut w = ready();
    w.say(
        "developer",
        "/hotfix plan\n/hotfix preview\n/hotfix plan\n/hotfix status",
    );
    let all = replies(&w);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1.matches("**At once:**").count(), 1);
    assert!(all[0].1.contains("**Will ship:"), "{}", all[0].1);
}

#[test]
fn an_answer_goes_to_where_it_was_asked() {
    let mut w = ready();
    for pull in [None, Some(13)] {
        let mut heard = w.writes_a_comment("developer", "/hotfix plan");
        heard.pull = pull;
        w.tell(Event::Commented(heard));
        w.run();
        let to = w.acts.iter().rev().find_map(|act| match act {
            Act::Reply { pull, .. } => Some(*pull),
            _ => None,
        });
        assert_eq!(to, Some(pull));
    }
}

#[test]
fn who_has_no_part_is_answered_at_a_bounded_rate_and_leaves_nothing_behind() {
    let mut w = ready();
    w.say("passer-by", "/hotfix plan");
    assert_eq!(replies(&w).len(), 1);
    for who in ["passer-by", "another", "third"] {
        w.say(who, "/hotfix preview");
    }
    assert_eq!(replies(&w).len(), 1);
    assert!(w.facts.said.iter().all(|said| !said.passing) && w.facts.replied.is_empty());
    // Those who have a part are not held up by them.
    w.say("developer", "/hotfix preview");
    assert_eq!(replies(&w).len(), 2);
    w.now += 10 * 60_000;
    w.say("another", "/hotfix preview");
    assert_eq!(replies(&w).len(), 3);
}

#[test]
fn an_answer_that_is_refused_is_not_tried_for_ever() {
    let mut w = ready();
    let why = Obstacle::Refused("the conversation is locked".into());
    w.instead
        .insert("reply/501", Outcome::Refused { obstacle: why });
    let mut heard = w.writes_a_comment("developer", "/hotfix plan");
    let comment = heard.comment;
    heard.comment = 501;
    w.tell(Event::Commented(heard));
    w.run();
    assert!(comment > 0 && w.facts.replied.is_empty());
    let before = w.acts.len();
    w.look();
    assert_eq!(w.acts.len(), before);
}

#[test]
fn a_question_waits_for_the_other_lines_of_its_comment() {
    let mut w = ready();
    w.say("passer-by", "/hotfix plan\n/hotfix cancel reason=no");
    assert_eq!(replies(&w).len(), 1);
    let mut w = World::labelled_by("maintainer");
    w.say("developer", "/hotfix plan\n/hotfix cancel reason=no");
    let refused =
        |state: &SaidState| matches!(state, SaidState::Refused(Refused::RoleTooLow { .. }));
    assert!(refused(w.last_said()));
    assert_eq!(replies(&w).len(), 1);
}
