//! Whose work a commit is, and who may approve it: every way in which somebody
//! may have had a hand in it.

use proptest::prelude::*;

use super::world::{ASSESS, World, needs, people, seen, sha, status};
use crate::domain::effect::Slot;
use crate::domain::event::{Event, Heard};
use crate::domain::facts::{Facts, Push};
use crate::domain::ids::{Actor, LineId, Person};
use crate::domain::need::{NeedKind, Unclear};
use crate::domain::objects::{Commit, Hands, Object, Review};
use crate::domain::policy::{self, Policy};
use crate::domain::procedure::Case;
use crate::domain::procedure::authors::{authors, single_handed};
use crate::domain::procedure::commits::{is_fix, is_ours};
use crate::domain::procedure::fix::Fixed;
use crate::domain::procedure::test::approvals;

/// Where a commit's hand is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hand {
    /// Author, committer or co-author: GitHub tells which accounts.
    InIt,
    /// Pushed it.
    Pushed,
}

/// What the commit is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Fix,
    CiOnly,
    LooksLikeOurs,
}

const KINDS: [Kind; 3] = [Kind::Fix, Kind::CiOnly, Kind::LooksLikeOurs];

/// People who may write; Mia had another login before.
const MIA: (u64, &str) = (7, "mia");
const LEO: (u64, &str) = (8, "leo");

fn person((id, login): (u64, &str)) -> Person {
    Person::new(id, login)
}

fn commit(digit: char, kind: Kind, hands: Option<Hands>) -> Commit {
    Commit {
        sha: sha(digit),
        subject: "fix".into(),
        author: "somebody".into(),
        hands,
        effect: (kind == Kind::LooksLikeOurs).then(|| "7//bump/x/1".into()),
        paths: match kind {
            Kind::CiOnly => vec![".github/workflows/ci.yml".into()],
            _ => vec!["src/lib.rs".into(), "tests/start.rs".into()],
        },
        ..Commit::default()
    }
}

fn hands(people: &[Person], unknown: bool) -> Option<Hands> {
    Some(Hands {
        people: people.to_vec(),
        unknown,
        ..Hands::default()
    })
}

/// The developer's fix, and what is pushed on top of it.
fn on_top(commits: Vec<Commit>, pushes: Vec<Push>) -> World {
    let mut w = World::labelled_by("maintainer");
    w.say("maintainer", ASSESS);
    w.push_fix('c');
    for push in pushes {
        let branch = "hotfix/v1.0.5".into();
        w.tell(Event::Pushed { branch, push });
    }
    for commit in commits {
        w.push_commit(commit);
    }
    touched(&mut w);
    w
}

fn touched(w: &mut World) {
    let objects = vec![Object::Branch, Object::Reviews];
    w.tell(Event::Touched { objects });
    w.run();
}

fn push(before: char, after: char, by: Option<Person>) -> Push {
    Push {
        before: sha(before),
        after: sha(after),
        brought: None,
        by,
    }
}

fn approve(w: &mut World, who: (u64, &str), bot: bool) {
    let head = w.head.as_ref().unwrap().sha.clone();
    w.reviews.push(Review {
        login: who.1.into(),
        id: who.0,
        bot,
        state: "APPROVED".into(),
        commit: head,
        may_write: true,
        ..Review::default()
    });
    touched(w);
}

fn approved_by(w: &World) -> Vec<String> {
    seen(w, |view| view.preview.as_ref().unwrap().approved_by.clone())
}

fn unclear(w: &World) -> Option<Unclear> {
    needs(w).into_iter().find_map(|need| match need {
        NeedKind::Approval { unclear, .. } => unclear,
        _ => None,
    })
}

#[test]
fn nobody_who_had_a_hand_in_any_commit_approves_it() {
    for kind in KINDS {
        for hand in [Hand::InIt, Hand::Pushed] {
            for (known, login) in [(7, "was-mia"), (0, "MIA")] {
                let of = Person::new(known, login);
                let (hands, by) = match hand {
                    Hand::InIt => (hands(&[of], false), person(LEO)),
                    Hand::Pushed => (hands(&[person(LEO)], false), of),
                };
                let commits = vec![commit('f', kind, hands)];
                let mut w = on_top(commits, vec![push('c', 'f', Some(by))]);
                let what = format!("{kind:?} {hand:?} {known}");
                approve(&mut w, MIA, false);
                assert!(approved_by(&w).is_empty(), "{what}");
                assert_eq!(unclear(&w), None, "{what}");
                approve(&mut w, (9, "kim"), false);
                assert_eq!(approved_by(&w), ["kim"], "{what}");
            }
        }
    }
}

#[test]
fn where_somebody_is_not_known_whoever_pushed_anything_does_not_approve() {
    // Mia pushed something that is gone again.
    let gone = push('c', 'd', Some(person(MIA)));
    let leo = || push('c', 'f', Some(person(LEO)));
    for (kind, hands, heard, expected) in KINDS.into_iter().flat_map(|kind| {
        let known = || hands(&[person(LEO)], false);
        [
            (kind, known(), Some(leo()), None),
            (
                kind,
                hands(&[], true),
                Some(leo()),
                Some(Unclear::Address(sha('f'))),
            ),
            (kind, known(), None, Some(Unclear::Push(sha('f')))),
            (
                kind,
                known(),
                Some(push('c', 'f', None)),
                Some(Unclear::Push(sha('f'))),
            ),
        ]
    }) {
        let pushes = [Some(gone.clone()), heard].into_iter().flatten();
        let mut w = on_top(vec![commit('f', kind, hands)], pushes.collect());
        assert_eq!(unclear(&w), expected, "{kind:?}");
        approve(&mut w, MIA, false);
        assert_eq!(approved_by(&w).is_empty(), expected.is_some(), "{kind:?}");
        approve(&mut w, (9, "kim"), false);
        assert!(approved_by(&w).contains(&"kim".to_owned()), "{kind:?}");
    }
}

#[test]
fn what_looks_like_ours_is_a_persons_until_our_call_made_it() {
    let looks = commit('f', Kind::LooksLikeOurs, hands(&[], true));
    let mut w = on_top(vec![looks.clone()], Vec::new());
    let line = w.line();
    assert!(is_fix(line, &looks) && !is_ours(line, &looks));
    let bump = w.head.as_ref().unwrap().commits[0].clone();
    assert!(is_ours(line, &bump) && !is_fix(line, &bump));
    w.tell(Event::CommitMade {
        line: LineId::default(),
        commit: sha('f'),
    });
    assert!(is_ours(w.line(), &looks));
}

#[test]
fn a_pick_is_somebodys_work_and_who_asked_for_it_does_not_approve() {
    let mut w = World::labelled_by("maintainer");
    w.say("maintainer", ASSESS);
    w.say("developer", "/hotfix pick 1111111");
    let picked = w.head.as_ref().unwrap().commits.last().cloned().unwrap();
    assert!(is_fix(w.line(), &picked) && !is_ours(w.line(), &picked));
    for login in ["kim", "developer"] {
        approve(&mut w, (0, login), false);
        assert!(approved_by(&w).is_empty(), "{login}");
    }
    approve(&mut w, (0, "maintainer"), false);
    assert_eq!(approved_by(&w), ["maintainer"]);
    // Whoever wrote it wrote its message and its address, the bot's among them.
    let mut disguised = picked.clone();
    disguised.effect = Some("bump".into());
    assert!(!is_ours(w.line(), &disguised));
    // What only says that it was picked is whose it is, and the bot is nobody.
    let mut forged = commit('f', Kind::Fix, hands(&[], false));
    forged.picked = Some(sha('1'));
    forged.hands = forged.hands.map(|hands| Hands {
        by_bot: true,
        ..hands
    });
    let w = on_top(vec![forged.clone()], Vec::new());
    assert!(!is_ours(w.line(), &forged));
    let case = Case::of(&w.facts, &w.facts.policy.get().unwrap().policy);
    assert_eq!(authors(&case, &[forged.clone()]).unknown, Some(forged.sha));
}

#[test]
fn an_apps_review_and_its_word_count_nowhere() {
    let mut w = on_top(Vec::new(), Vec::new());
    approve(&mut w, (99, "app[bot]"), true);
    assert!(approved_by(&w).is_empty());
    w.reviews[0].state = "CHANGES_REQUESTED".into();
    touched(&mut w);
    let asked = |n: &NeedKind| matches!(n, NeedKind::ChangesRequested { .. });
    assert!(!needs(&w).iter().any(asked));
    let said = w.facts.said.len();
    let app = Actor {
        bot: true,
        ..Actor::person("maintainer")
    };
    let heard = Heard::of(900, app, "/hotfix cancel reason=x");
    w.tell(Event::Commented(heard));
    assert_eq!(w.facts.said.len(), said);
}

#[test]
fn a_number_of_approvals_and_approving_ones_own_are_as_configured() {
    let own = policy::parse("[merge]\nallow_self_approval = true\n").unwrap();
    let mut w = World::of(super::sample::base(), own, "maintainer");
    w.push_fix('f');
    w.approve("developer", &sha('f'));
    assert_eq!(approved_by(&w), ["developer"]);
    let two = policy::parse("[merge]\napprovals = 2\n").unwrap();
    let mut w = World::of(super::sample::base(), two, "maintainer");
    w.push_fix('f');
    w.approve("maintainer", &sha('f'));
    // The same account under another login is no second person.
    for (id, login) in [(7, "mia"), (7, "was-mia")] {
        approve(&mut w, (id, login), false);
    }
    assert_eq!(approved_by(&w), ["maintainer", "was-mia"]);
}

#[test]
fn single_handed_is_only_who_pushed_all_of_it_alone() {
    let me = || Some(person(MIA));
    let is = |writers: Option<Vec<Person>>, pushes: Vec<Push>, unknown: bool| {
        let mut w = World::labelled_by("maintainer");
        w.writers = writers;
        w.say("maintainer", ASSESS);
        for push in pushes {
            let branch = "hotfix/v1.0.5".into();
            w.tell(Event::Pushed { branch, push });
        }
        w.push_commit(commit('e', Kind::CiOnly, hands(&[person(MIA)], false)));
        w.push_commit(commit('f', Kind::Fix, hands(&[person(MIA)], unknown)));
        touched(&mut w);
        let words = status(&w).contains("single-handed");
        let commits = w.head.as_ref().unwrap().commits.clone();
        let is = seen(&w, |view| single_handed(&view.case, &commits).is_some());
        assert_eq!(is, words);
        is
    };
    let alone = || Some(vec![person(MIA)]);
    let all = || vec![push('b', 'e', me()), push('e', 'f', me())];
    assert!(is(alone(), all(), false));
    assert!(is(alone(), all(), true), "whoever wrote it, they pushed it");
    let renamed = Some(vec![Person::new(7, "was-mia")]);
    assert!(is(renamed, all(), false));
    let other = Some(vec![Person::new(70, "mia")]);
    assert!(!is(other, all(), false), "the login was taken over");
    assert!(!is(Some(people(&["mia", "leo"])), all(), false));
    assert!(!is(None, all(), false));
    assert!(!is(alone(), vec![push('e', 'f', me())], false), "not all");
    let helped = vec![push('b', 'e', Some(person(LEO))), push('e', 'f', me())];
    assert!(!is(alone(), helped, false));
    let by_an_app = vec![push('b', 'e', None), push('e', 'f', me())];
    assert!(!is(alone(), by_an_app, false));
}

/// Everything is answered but who may write.
fn run_but_for_the_writers(w: &mut World) {
    let writers = Slot::Read(Object::Writers);
    loop {
        let mut wishes = w.plan.wishes.iter();
        let Some(wish) = wishes.find(|wish| wish.act.slot() != writers).cloned() else {
            return;
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
}

#[test]
fn no_decision_is_carried_out_before_it_was_seen_who_may_write_by_now() {
    let alone = || {
        let mut w = World::labelled_by("maintainer");
        w.writers = Some(people(&["maintainer"]));
        w.say("maintainer", ASSESS);
        w.push_fix_by("maintainer", 'f');
        w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
        w.say("maintainer", "/hotfix check manual-test");
        let heard = w.writes_a_comment("maintainer", "/hotfix release fffffff");
        w.tell(Event::Commented(heard));
        run_but_for_the_writers(&mut w);
        let decision = w.line().decision.as_ref();
        assert_eq!(decision.map(|d| d.locked), Some(None));
        w
    };
    let mut w = alone();
    w.run();
    assert!(w.tag.is_some());

    let mut w = alone();
    w.writers = Some(people(&["developer", "maintainer"]));
    w.run();
    assert!(w.tag.is_none() && w.line().decision.is_none(), "it lapsed");
    let asked = |n: &NeedKind| matches!(n, NeedKind::Approval { .. });
    assert!(needs(&w).iter().any(asked));

    // Where it decides nothing, nobody asks.
    let policy = policy::parse("[merge]\napprovals = 0\n").unwrap();
    let mut w = World::of(super::sample::base(), policy, "maintainer");
    w.say("maintainer", ASSESS);
    w.push_fix('f');
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    w.say("maintainer", "/hotfix check manual-test");
    w.say("maintainer", "/hotfix release fffffff");
    assert!(w.tag.is_some());
    assert!(w.line().seen.writers.get().is_none());
}

/// Who had which hand in the commits on top, whom GitHub does not know, which
/// pushes were heard of; by people of ids 1 to 5.
fn history() -> impl Strategy<Value = Vec<(Kind, Vec<u64>, bool, Option<u64>)>> {
    let kind = prop::sample::select(KINDS.to_vec());
    let one = (
        kind,
        prop::collection::vec(1_u64..6, 0..3),
        any::<bool>(),
        prop::option::of(1_u64..6),
    );
    prop::collection::vec(one, 1..5)
}

proptest! {
    #[test]
    fn who_is_among_the_people_of_a_commit_is_never_an_approver(
        history in history(),
        reviewers in prop::collection::vec(1_u64..8, 1..6),
    ) {
        let login = |id: u64| format!("person-{id}");
        let mut facts = Facts::default();
        let line = facts.lines.only_mut();
        let mut commits = Vec::new();
        let mut before = 'c';
        for (digit, (kind, hand, unknown, by)) in "1234".chars().zip(&history) {
            let people: Vec<Person> = hand.iter().map(|id| Person::new(*id, login(*id))).collect();
            commits.push(commit(digit, *kind, hands(&people, *unknown)));
            if let Some(id) = by {
                let by = Person::new(*id, "other-login");
                line.pushes.heard(push(before, digit, Some(by)));
            }
            before = digit;
        }
        let reviews = reviewers.iter().map(|id| Review {
            login: login(*id),
            id: *id,
            state: "APPROVED".into(),
            commit: sha(before),
            may_write: true,
            ..Review::default()
        });
        line.seen.reviews.learn(reviews.collect(), 1);
        let fixed = Fixed {
            head: sha(before),
            tree: sha(before),
            commits: Vec::new(),
            pull: 13,
        };
        let (policy, facts) = (Policy::default(), facts);
        let (approved, _) = approvals(&Case::of(&facts, &policy), &fixed, &commits);
        for (_, hand, _, by) in &history {
            for id in hand.iter().chain(by) {
                prop_assert!(!approved.contains(&login(*id)), "{id}: {approved:?}");
            }
        }
        // Whoever is none of them does.
        for id in [6, 7].iter().filter(|id| reviewers.contains(id)) {
            prop_assert!(approved.contains(&login(*id)));
        }
    }
}
