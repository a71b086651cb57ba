//! Which reviews approve: every state, of whoever gave it, in any order.

use super::world::{World, needs, ready_of, sha};
use crate::domain::ids::Person;
use crate::domain::need::{NeedKind, NotCounted, Part, Uncounted};
use crate::domain::objects::{Hands, Object, Review};

/// A review: whose, its state, of which commit, whether they may write.
type Row = (&'static str, &'static str, char, bool);

#[test]
fn a_persons_last_verdict_on_the_head_counts() {
    const HEAD: char = 'f';
    let table: &[(&[Row], bool, bool)] = &[
        (&[("maintainer", "APPROVED", HEAD, true)], true, false),
        (&[("maintainer", "APPROVED", 'e', true)], false, false),
        (&[("passer-by", "APPROVED", HEAD, false)], false, false),
        (
            &[("passer-by", "CHANGES_REQUESTED", HEAD, false)],
            false,
            false,
        ),
        (&[("maintainer", "DISMISSED", HEAD, true)], false, false),
        (&[("maintainer", "COMMENTED", HEAD, true)], false, false),
        (&[("maintainer", "PENDING", HEAD, true)], false, false),
        (
            &[
                ("maintainer", "APPROVED", HEAD, true),
                ("maintainer", "COMMENTED", HEAD, true),
            ],
            true,
            false,
        ),
        (
            &[
                ("maintainer", "APPROVED", HEAD, true),
                ("maintainer", "DISMISSED", HEAD, true),
            ],
            false,
            false,
        ),
        (
            &[
                ("maintainer", "CHANGES_REQUESTED", 'e', true),
                ("maintainer", "APPROVED", HEAD, true),
            ],
            true,
            false,
        ),
        (
            &[
                ("maintainer", "APPROVED", HEAD, true),
                ("maintainer", "CHANGES_REQUESTED", 'e', true),
            ],
            false,
            true,
        ),
        (
            &[
                ("maintainer", "APPROVED", HEAD, true),
                ("other", "CHANGES_REQUESTED", HEAD, true),
            ],
            true,
            true,
        ),
        (
            &[
                ("maintainer", "APPROVED", HEAD, true),
                ("other", "CHANGES_REQUESTED", HEAD, true),
                ("other", "DISMISSED", HEAD, true),
            ],
            true,
            false,
        ),
        (&[("developer", "APPROVED", HEAD, true)], false, false),
    ];
    for (rows, approved, changes) in table {
        let w = reviewed(rows);
        let needs = needs(&w);
        let is = |of: fn(&NeedKind) -> bool| needs.iter().any(of);
        let open = is(|need| matches!(need, NeedKind::Approval { .. }));
        let asked = is(|need| matches!(need, NeedKind::ChangesRequested { .. }));
        assert_eq!((!open, asked), (*approved, *changes), "{rows:?}");
    }
}

/// A hotfix that is ready but for its reviews, which are these.
fn reviewed(rows: &[Row]) -> World {
    let mut w = ready_of(World::labelled_by("maintainer"));
    reviews(&mut w, rows);
    w
}

fn reviews(w: &mut World, rows: &[Row]) {
    let review = |(login, state, commit, may_write): &Row| Review {
        login: (*login).into(),
        state: (*state).into(),
        commit: sha(*commit),
        may_write: *may_write,
        ..Review::default()
    };
    w.reviews = rows.iter().map(review).collect();
    w.tell(crate::domain::event::Event::Touched {
        objects: vec![Object::Branch, Object::Reviews],
    });
    w.run();
}

/// Why each approval does not count.
fn uncounted(w: &World) -> Vec<(String, NotCounted)> {
    let all = needs(w).into_iter().find_map(|need| match need {
        NeedKind::Approval { uncounted, .. } => Some(uncounted),
        _ => None,
    });
    let all = all.expect("an approval is asked for").into_iter();
    all.map(|Uncounted { login, why }| (login, why)).collect()
}

#[test]
fn an_approval_that_does_not_count_says_why() {
    const HEAD: char = 'f';
    let fix = || sha(HEAD);
    let table: &[(&[Row], Option<NotCounted>)] = &[
        (
            &[("developer", "APPROVED", HEAD, true)],
            Some(NotCounted::Theirs(Part::Wrote(fix()))),
        ),
        // Whatever else is wrong with it: that it is their work stays so.
        (
            &[("developer", "APPROVED", 'e', false)],
            Some(NotCounted::Theirs(Part::Wrote(fix()))),
        ),
        (
            &[("passer-by", "APPROVED", 'e', false)],
            Some(NotCounted::Outsider),
        ),
        (
            &[("maintainer", "APPROVED", 'e', true)],
            Some(NotCounted::Older(sha('e'))),
        ),
        (
            &[("maintainer", "DISMISSED", HEAD, false)],
            Some(NotCounted::Dismissed),
        ),
        (
            &[
                ("maintainer", "APPROVED", HEAD, true),
                ("maintainer", "CHANGES_REQUESTED", HEAD, true),
            ],
            Some(NotCounted::ChangesRequested),
        ),
        // No approval.
        (&[("maintainer", "CHANGES_REQUESTED", HEAD, true)], None),
        (&[("passer-by", "CHANGES_REQUESTED", HEAD, false)], None),
        (&[("maintainer", "COMMENTED", HEAD, true)], None),
    ];
    for (rows, expected) in table {
        let found = uncounted(&reviewed(rows));
        let login = rows[0].0.to_owned();
        let expected: Vec<_> = expected
            .iter()
            .map(|it| (login.clone(), it.clone()))
            .collect();
        assert_eq!(found, expected, "{rows:?}");
    }
}

#[test]
fn what_somebody_did_of_the_fix_is_named_as_what_it_was() {
    const HEAD: char = 'f';
    let mut w = ready_of(World::labelled_by("maintainer"));
    let person = |login: &str| Person::new(0, login);
    if let Some(head) = w.head.as_mut()
        && let Some(fix) = head.commits.last_mut()
    {
        fix.hands = Some(Hands {
            people: ["writer", "committer", "other"].map(person).to_vec(),
            committers: vec![person("committer")],
            co_authors: vec![person("other")],
            ..Hands::default()
        });
    }
    let all: Vec<Row> = ["writer", "committer", "other"]
        .map(|login| (login, "APPROVED", HEAD, true))
        .to_vec();
    reviews(&mut w, &all);
    let theirs =
        |login: &str, part: fn(_) -> Part| (login.to_owned(), NotCounted::Theirs(part(sha(HEAD))));
    let expected = [
        theirs("writer", Part::Wrote),
        theirs("committer", Part::Committed),
        theirs("other", Part::CoWrote),
    ];
    assert_eq!(uncounted(&w), expected);
}
