//! Deliveries as they really come: twice, in any order, not at all. And a
//! server that is away for an hour. The world comes out the same.

mod support;

use std::sync::LazyLock;

use hotfix_bot::sim::{DeliveryOrder, Sim};
use support::{Played, Troubles, play};

static CALM: LazyLock<Played> = LazyLock::new(|| {
    let calm = play(Troubles::default());
    assert_eq!(calm.report.outcome, "finished", "{}", calm.story);
    calm
});

/// Plays it, and holds the world against the undisturbed one.
#[track_caller]
fn same_world(troubles: Troubles) -> Played {
    let played = play(troubles);
    assert_eq!(
        played.report.outcome, "finished",
        "{}\n{}",
        played.report.reason, played.story
    );
    if let Some(difference) = CALM.ending.difference(&played.ending) {
        panic!("{}\n{difference}", played.story);
    }
    played
}

fn order(order: DeliveryOrder) -> Troubles {
    Troubles {
        before: Some(Box::new(move |sim: &Sim| {
            sim.world().deliveries.order = order;
        })),
        ..Troubles::default()
    }
}

#[test]
fn every_delivery_twice() {
    let played = same_world(order(DeliveryOrder::Twice));
    let deliveries = &played.report.deliveries;
    assert_eq!(deliveries.duplicates * 2, deliveries.sent);
}

#[test]
fn in_any_order() {
    for seed in [1, 20, 300, 4_000] {
        same_world(order(DeliveryOrder::Shuffled(seed)));
    }
}

#[test]
fn every_third_is_lost() {
    let played = same_world(order(DeliveryOrder::DropEvery(3)));
    assert!(played.report.deliveries.dropped > 50);
}

#[test]
fn every_one_is_lost() {
    let played = same_world(order(DeliveryOrder::DropEvery(1)));
    assert_eq!(played.report.deliveries.sent, 0);
}

#[test]
fn all_are_lost_for_an_hour() {
    // Before the label, in the middle, from the approval on.
    for from in [0, 20, 45] {
        same_world(Troubles {
            deaf: Some((from, from + 60)),
            ..Troubles::default()
        });
    }
}

#[test]
fn the_bot_is_down_for_an_hour() {
    for from in [5, 20, 45, 56] {
        let played = same_world(Troubles {
            down: Some((from, from + 60)),
            ..Troubles::default()
        });
        assert!(played.story.len() > 100);
    }
}
