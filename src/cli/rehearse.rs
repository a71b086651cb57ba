//! `hotfix-bot rehearse`: a whole hotfix at a desk.

use std::io::{IsTerminal, Write};

use super::exit::{Exit, block_on, complain};
use crate::rehearsal::{Narrator, RealServer, ServerSetup, Stage, Trouble, play, scenarios};
use crate::telemetry;

/// Arguments of `rehearse`.
pub type Args = crate::rehearsal::RehearseArgs;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Exit code 0: the stand-in's world shows a finished hotfix, or what the scenario expects. 1: unfinished, because the bot asked \
something that nobody of the cast may answer, or because it failed; the last line and the report \
say which. 2: called wrongly, or a repository of a kind that is not supported. The log of the \
server goes to stderr if RUST_LOG is set.";

/// Plays a rehearsal with the real server and prints it to standard output.
pub fn run(args: &Args) -> Exit {
    if args.scenario.as_deref() == Some("list") {
        return match std::io::stdout().write_all(scenarios().as_bytes()) {
            Ok(()) => Exit::Done,
            Err(error) => complain(Exit::Failed, format_args!("standard output: {error}")),
        };
    }
    if let Some(filter) = std::env::var("RUST_LOG").ok().filter(|f| !f.is_empty())
        && let Err(e) = telemetry::init_log(&filter)
    {
        return complain(Exit::Usage, format_args!("RUST_LOG: {e}"));
    }
    block_on(rehearse(args))
}

async fn rehearse(args: &Args) -> Exit {
    let stdout = std::io::stdout();
    let colour = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let mut narrator = Narrator::new(Box::new(stdout), colour);
    let start = async |setup: ServerSetup, _: &Stage| RealServer::start(setup).await;
    let trouble = match play(args, start, &mut narrator).await {
        Ok(report) if report.is_as_expected() => return Exit::Done,
        Ok(_) => return Exit::Failed,
        Err(trouble) => trouble,
    };
    let _ = writeln!(std::io::stderr(), "hotfix-bot rehearse: {trouble}");
    match trouble {
        Trouble::Usage(_) => Exit::Usage,
        Trouble::Failed(_) => Exit::Failed,
    }
}
