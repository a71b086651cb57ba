//! `hotfix-bot setup-token`: another link to the set-up pages, for whoever has the
//! server's machine.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;

use super::database::Database;
use super::exit::{Exit, complain};
use crate::clock::{Clock, Millis};
use crate::settings::{credentials, public_url, setup_token};
use crate::web::random;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
For a server that has no App yet, whose link in the log is lost or older than an hour. It runs as the \
server's user, with the server's settings, while the server runs: the new link counts at once, and \
whoever was let in by an older one is shut out. Exit code 0: the link is on stdout. 1: the server has \
an App already, or the file beside CREDENTIALS_FILE cannot be written. 2: a setting is wrong.";

/// So long the link is good, milliseconds.
const GOOD_FOR: Millis = 3_600_000;

/// Arguments of `setup-token`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: Database,

    /// Where set-up keeps the App's credentials [default: credentials.env beside the database]
    #[arg(long, env = "CREDENTIALS_FILE", value_name = "FILE")]
    credentials_file: Option<PathBuf>,

    /// Where people reach the server: https, a host, nothing behind it
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

/// Makes a token and prints its link.
pub fn run(args: &Args) -> Exit {
    let database_url = match args.database.url() {
        Ok(url) => url,
        Err(wrong) => return complain(Exit::Usage, wrong),
    };
    let given = args.public_url.as_deref().map(str::trim);
    let base = match given.filter(|it| !it.is_empty()).map(public_url) {
        Some(Err(why)) => return complain(Exit::Usage, format_args!("PUBLIC_URL {why}")),
        Some(Ok(url)) => url,
        None => String::new(),
    };
    let file = credentials::path(
        args.credentials_file.as_deref(),
        database_url.expose_secret(),
    );
    if file.exists() {
        let file = file.display();
        let why = format!("the server has an App already: its credentials are in {file}");
        return complain(Exit::Failed, why);
    }
    let path = setup_token::path(&file);
    let made = random().and_then(|token| {
        let until = Clock::system().now() + GOOD_FOR;
        let written = setup_token::write(&path, &token, until);
        written.map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(token)
    });
    match made {
        Ok(token) => {
            println!("{base}/setup#{token}");
            Exit::Done
        }
        Err(why) => complain(Exit::Failed, why),
    }
}
