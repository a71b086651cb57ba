//! The command line. Each command is one file with its arguments and a `run`.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

mod backup;
mod check_config;
mod check_db;
mod copy_db;
mod database;
mod deliveries;
mod doctor;
mod exit;
mod health;
mod manual;
mod notify;
mod notify_test;
mod rehearse;
mod replay;
mod runbook;
mod schema;
mod serve;
mod setup_token;
mod signals;
mod the_case;

pub use self::exit::Exit;

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
    Rehearse(Box<rehearse::Args>),
    /// Say what is wrong with a repository's hotfix.toml
    CheckConfig(check_config::Args),
    /// Say what would stop or slow a hotfix of a repository, on a quiet day
    #[command(after_help = doctor::AFTER_HELP)]
    Doctor(Box<doctor::Args>),
    /// Print the JSON schema of hotfix.toml, for editors
    #[command(after_help = schema::AFTER_HELP)]
    Schema,
    /// Copy the database, while the server works
    #[command(after_help = backup::AFTER_HELP)]
    Backup(backup::Args),
    /// Copy everything into another database, with the server stopped
    #[command(after_help = copy_db::AFTER_HELP)]
    CopyDb(copy_db::Args),
    /// Say what is wrong with the database
    #[command(after_help = check_db::AFTER_HELP)]
    CheckDb(check_db::Args),
    /// Print the commands that are left of a hotfix, to finish it by hand
    #[command(after_help = runbook::AFTER_HELP)]
    Runbook(runbook::Args),
    /// Take a hotfix's journal through the same decisions once more
    #[command(after_help = replay::AFTER_HELP)]
    Replay(replay::Args),
    /// Send a test message to one of the server's channels
    #[command(after_help = notify_test::AFTER_HELP)]
    NotifyTest(notify_test::Args),
    /// Ask the server on this machine whether it is ready
    Health(health::Args),
    /// Print another link to the set-up pages of a server that has no App yet
    #[command(after_help = setup_token::AFTER_HELP)]
    SetupToken(setup_token::Args),
    /// What was delivered and could not be worked on
    Deliveries(deliveries::Args),
    /// Print the completions of a shell
    Completions(manual::CompletionsArgs),
    /// Write the manual pages into a folder
    Man(manual::ManArgs),
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
        Command::Doctor(args) => doctor::run(*args),
        Command::Schema => schema::run(),
        Command::Backup(args) => backup::run(&args),
        Command::CopyDb(args) => copy_db::run(args),
        Command::CheckDb(args) => check_db::run(&args),
        Command::Runbook(args) => runbook::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::NotifyTest(args) => notify_test::run(&args),
        Command::Health(args) => health::run(&args),
        Command::SetupToken(args) => setup_token::run(&args),
        Command::Deliveries(args) => deliveries::run(&args),
        Command::Completions(args) => manual::completions(&args, Cli::command()),
        Command::Man(args) => manual::man(&args, Cli::command()),
    }
}

#[cfg(test)]
mod tests;
