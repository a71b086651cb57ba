//! The command line. Each command is one file with its arguments and a `run`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod check_config;
pub mod rehearse;
pub mod serve;

/// Carries an emergency release from the label P0 to the closed issue.
#[derive(Debug, Parser)]
#[command(
    name = "hotfix-bot",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: webhook, health and metrics
    #[command(after_help = serve::AFTER_HELP)]
    Serve(Box<serve::Args>),
    /// Play a whole hotfix at a desk: nothing leaves this machine
    #[command(after_help = rehearse::AFTER_HELP)]
    Rehearse(rehearse::RehearseArgs),
    /// Say what is wrong with a repository's hotfix.toml
    CheckConfig(check_config::Args),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done: code 0.
    Done,
    /// It could not do its work: code 1.
    Failed,
    /// A wrong setting, argument or file to look at: code 2.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
        })
    }
}

/// Runs the command that the arguments name (the first is the program's own
/// name). Errors are one line on stderr.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are "errors" too; a closed pipe is none of ours.
            let _ = e.print();
            return if e.exit_code() == 0 {
                Exit::Done
            } else {
                Exit::Usage
            };
        }
    };
    // rustls is built without a default; ring is the one crypto library here.
    // It fails only where a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match cli.command {
        Command::Serve(args) => serve::run(*args),
        Command::Rehearse(args) => rehearse::run(&args),
        Command::CheckConfig(args) => check_config::run(&args),
    }
}

/// Says on stderr why a command ended.
fn complain(exit: Exit, why: impl std::fmt::Display) -> Exit {
    eprintln!("hotfix-bot: {why}");
    exit
}

/// Runs a future on a runtime of its own.
fn block_on(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(work),
        Err(e) => complain(Exit::Failed, format_args!("cannot start: {e}")),
    }
}
