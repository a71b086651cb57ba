//! `hotfix-bot rehearse`: a whole hotfix at a desk.

use super::exit::{Exit, block_on, complain};
use crate::rehearsal::{FINISHED, RealServer, ServerSetup, Stage, USAGE, rehearse};
use crate::telemetry;

/// Arguments of `rehearse`.
pub type Args = crate::rehearsal::RehearseArgs;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Exit code 0: the stand-in's world shows a finished hotfix. 1: unfinished. 2: called wrongly. The log \
of the server goes to stderr if RUST_LOG is set.";

/// Plays a rehearsal with the real server.
pub fn run(args: &Args) -> Exit {
    if let Some(filter) = std::env::var("RUST_LOG").ok().filter(|f| !f.is_empty())
        && let Err(e) = telemetry::init_log(&filter)
    {
        return complain(Exit::Usage, format_args!("RUST_LOG: {e}"));
    }
    block_on(async {
        let start = async |setup: ServerSetup, _: &Stage| RealServer::start(setup).await;
        match rehearse(args, start).await {
            FINISHED => Exit::Done,
            USAGE => Exit::Usage,
            _ => Exit::Failed,
        }
    })
}
