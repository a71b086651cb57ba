//! `hotfix-bot copy-db`: everything from one database into another.

use secrecy::{ExposeSecret as _, SecretString};

use super::exit::{Exit, block_on, complain};
use crate::clock::Clock;
use crate::settings::{database_url, shown_database};
use crate::store;

/// Arguments of `copy-db`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database that is copied
    #[arg(long, value_name = "URL")]
    pub from: SecretString,

    /// The database that it is copied into, which is empty
    #[arg(long, value_name = "URL")]
    pub to: SecretString,
}

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Both are sqlite:FILE or postgres://USER@HOST/DATABASE; a password in an address is seen by who lists \
processes, PGPASSWORD is not. The server is stopped meanwhile: whoever has one of them keeps this \
from beginning. What was written is held against what was read, table by table, and it is all there \
or nothing is. The next start on the copy looks in GitHub's log of deliveries for what came since, \
three days back. Exit code 0: it is copied. 1: it is not, and the other database is as empty as it \
was. 2: called wrongly.";

/// Copies, and says what.
pub fn run(args: Args) -> Exit {
    let read = |name: &str, url: SecretString| match url.expose_secret().trim() {
        "" => Err(format!(
            "--{name} is empty: expected the address of a database"
        )),
        _ => database_url(Some(url)).map_err(|wrong| format!("--{name} {}", wrong.why)),
    };
    let (from, to) = match (read("from", args.from), read("to", args.to)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(why), _) | (_, Err(why)) => return complain(Exit::Usage, why),
    };
    block_on(async {
        let now = Clock::system().now();
        match store::transfer(from.expose_secret(), to.expose_secret(), now).await {
            Ok(rows) => {
                for (table, rows) in &rows {
                    println!("{table}: {rows}");
                }
                println!("copied to {}", shown_database(to.expose_secret()));
                Exit::Done
            }
            Err(error) => complain(Exit::Failed, format_args!("not copied: {error}")),
        }
    })
}
