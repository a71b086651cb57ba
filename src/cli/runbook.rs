//! `hotfix-bot runbook owner/repo#n`: the commands that are left, to finish by hand.

use super::exit::{Exit, block_on, complain};
use super::the_case::TheCase;
use crate::domain::facts::stored;
use crate::domain::text::runbook;

/// Arguments of `runbook`.
pub type Args = TheCase;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Prints what `/hotfix runbook` would answer, from the database alone: also where GitHub does not \
answer, or the server is gone. Changes nothing. Exit code 1: there is no such hotfix, or it cannot \
be read.";

/// Prints them.
pub fn run(args: &Args) -> Exit {
    block_on(async {
        let peeked = match args.read().await {
            Ok(peeked) => peeked,
            Err(exit) => return exit,
        };
        match stored::read(peeked.schema, &peeked.facts) {
            Ok(facts) => {
                println!("{}", runbook(&facts));
                Exit::Done
            }
            Err(why) => complain(Exit::Failed, why),
        }
    })
}
