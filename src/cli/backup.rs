//! `hotfix-bot backup FILE`: a copy of the database, while the server works.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::database::Database;
use super::exit::{Exit, block_on, complain};
use crate::clock::Clock;
use crate::store;

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to make; nothing is overwritten
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    #[command(flatten)]
    database: Database,
}

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
The server may work meanwhile. The copy is one file, readable by its owner alone, is on the disk and \
was read to its end when the command ends. To restore it, stop the server, put it in the \
database's place, and start: what people said since is looked for in GitHub's log of deliveries, \
three days back. Exit code 0: there is a backup. 1: there is none. 2: called wrongly.";

/// Makes the copy, and says what it holds.
pub fn run(args: &Args) -> Exit {
    let url = match args.database.url() {
        Ok(url) => url,
        Err(wrong) => return complain(Exit::Usage, wrong),
    };
    block_on(async {
        match store::copy(url.expose_secret(), &args.file, Clock::system().now()).await {
            Ok(copied) => {
                let rows: i64 = copied.rows.values().sum();
                println!(
                    "{}: {} bytes, {rows} rows in {} tables, looked through",
                    args.file.display(),
                    copied.bytes,
                    copied.rows.len()
                );
                Exit::Done
            }
            Err(error) => complain(Exit::Failed, format_args!("no backup: {error}")),
        }
    })
}
