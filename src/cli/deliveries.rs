//! `hotfix-bot deliveries retry`: what was set aside is tried again, whether the
//! server runs or not.

use clap::Subcommand;
use secrecy::ExposeSecret as _;

use super::database::Database;
use super::exit::{Exit, block_on, complain};
use crate::clock::Clock;
use crate::store::retry_set_aside;

/// Arguments of `deliveries`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Try deliveries again that could not be worked on
    Retry,
}

/// Marks them; a running server takes them within half a minute.
pub fn run(args: &Args) -> Exit {
    let What::Retry = args.what;
    let url = match args.database.url() {
        Ok(url) => url,
        Err(wrong) => return complain(Exit::Usage, wrong),
    };
    block_on(async {
        match retry_set_aside(url.expose_secret(), Clock::system().now()).await {
            Ok(0) => {
                println!("no delivery was set aside");
                Exit::Done
            }
            Ok(count) => {
                println!("{count} to be tried again, within half a minute of a running server");
                Exit::Done
            }
            Err(error) => complain(Exit::Failed, error),
        }
    })
}
