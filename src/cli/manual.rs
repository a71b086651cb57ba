//! `hotfix-bot completions SHELL` and `hotfix-bot man DIR`: what a package puts
//! beside the program.

use std::io::Write;
use std::path::PathBuf;

use clap::Command;
use clap_complete::Shell;

use super::exit::{Exit, complain};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// The folder, which is made where it is not there
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// Prints the completions.
pub fn completions(args: &CompletionsArgs, mut cli: Command) -> Exit {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut cli, "hotfix-bot", &mut out);
    match std::io::stdout().write_all(&out) {
        Ok(()) => Exit::Done,
        Err(error) => complain(Exit::Failed, format_args!("standard output: {error}")),
    }
}

/// Writes a page for the program and one for each command.
pub fn man(args: &ManArgs, cli: Command) -> Exit {
    let shown = args.dir.display();
    let written =
        std::fs::create_dir_all(&args.dir).and_then(|()| clap_mangen::generate_to(cli, &args.dir));
    match written {
        Ok(()) => Exit::Done,
        Err(error) => complain(Exit::Failed, format_args!("{shown}: {error}")),
    }
}
