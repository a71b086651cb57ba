//! A model of the decision: the real `decide`, every interleaving of what
//! people do and of what becomes of deliveries and reads, in a small world, to a
//! stated depth. What must never happen is checked in each state.
//!
//! The depth of a run is set by `HOTFIX_MODEL_MOVES` (moves of people and of
//! bad luck on one way); without it, by what the suite has time for.
//! `cargo test --release --test model -- --nocapture` tells how far it came.

mod bot;
mod canon;
mod hub;
mod moves;
mod promises;
mod scenes;
mod state;

use std::time::Instant;

use stateright::{Checker, Model};

use scenes::Scene;

/// Visits every state of a scene; a promise that is broken fails with the way
/// that leads there.
fn visit(scene: &Scene) {
    let began = Instant::now();
    let checker = scene.clone().checker();
    let checker = checker.threads(2).spawn_bfs().join();
    println!(
        "{}: {} states of {} visited, {} moves deep, {} steps at most, {:.1} s",
        scene.name,
        checker.unique_state_count(),
        checker.state_count(),
        scene.moves,
        checker.max_depth(),
        began.elapsed().as_secs_f64(),
    );
    let broken = checker.discoveries().into_iter().next();
    if let Some((promise, path)) = broken {
        let mut way = String::new();
        for (state, action) in path.into_vec() {
            match action {
                Some(action) => way.push_str(&format!("  {}\n", state.tells(&action))),
                None => way.push_str(&format!("{}\n", state.ends_with())),
            }
        }
        panic!("{}: broken: {promise}\n{way}", scene.name);
    }
}

#[test]
fn nothing_is_tagged_without_its_own_tests_approval_and_word() {
    visit(&scenes::deciding(scenes::moves(2)));
}

#[test]
fn what_was_tried_is_what_is_tagged() {
    visit(&scenes::trying(scenes::moves(5)));
}

#[test]
fn nobody_approves_what_they_wrote() {
    visit(&scenes::writing(scenes::moves(4)));
}

#[test]
fn nothing_ends_while_the_default_branch_lacks_the_fix() {
    visit(&scenes::merging(scenes::moves(2)));
}

#[test]
fn no_label_is_lost() {
    visit(&scenes::labelling(scenes::moves(2)));
}

#[test]
fn no_label_is_lost_where_people_change_their_minds() {
    visit(&scenes::changing(scenes::moves(3)));
}

#[test]
fn no_label_is_lost_between_two_issues() {
    visit(&scenes::two_issues(scenes::moves(2)));
}
