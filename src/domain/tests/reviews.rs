//! Which reviews approve: every state, of whoever gave it, in any order.

use super::world::{World, needs, ready_of, sha};
use crate::domain::need::NeedKind;
use crate::domain::objects::{Object, Review};

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
        let mut w = ready_of(World::labelled_by("maintainer"));
        let review = |(login, state, commit, may_write): &Row| Review {
            login: (*login).into(),
            state: (*state).into(),
            commit: sha(*commit),
            may_write: *may_write,
            ..Review::default()
        };
        w.reviews = rows.iter().map(review).collect();
        w.tell(crate::domain::event::Event::Touched {
            objects: vec![Object::Reviews],
        });
        w.run();
        let needs = needs(&w);
        let is = |of: fn(&NeedKind) -> bool| needs.iter().any(of);
        let open = is(|need| matches!(need, NeedKind::Approval { .. }));
        let asked = is(|need| matches!(need, NeedKind::ChangesRequested { .. }));
        assert_eq!((!open, asked), (*approved, *changes), "{rows:?}");
    }
}
