//! What falls due on the stand-in's clock, and who carries it out.

use super::actions::progress::advance;
use super::effects;
use super::model::run::ActionsJob;
use super::world::{Job, World};

/// Carries out everything that is due at the clock's present moment.
pub(super) fn run_due(world: &mut World) {
    let now = world.now();
    while let Some(entry) = world.schedule.first_entry() {
        if entry.key().0 > now {
            break;
        }
        let job = entry.remove();
        run_job(world, job);
    }
}

/// Carries out one job that became due.
pub(super) fn run_job(world: &mut World, job: Job) {
    match job {
        Job::Actions(ActionsJob::Advance {
            repo,
            run,
            attempt,
            level,
        }) => advance(world, repo, run, attempt, level),
        Job::Actions(ActionsJob::Effect {
            repo,
            run,
            job,
            index,
        }) => effects::carry_out(world, repo, run, job, index),
        Job::Deliver(index) => world.release_delivery(index),
        Job::IndexMoves => {}
    }
}
