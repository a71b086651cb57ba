//! `hotfix-bot check-db`: says what is wrong with the database.

use secrecy::ExposeSecret as _;

use super::database::Database;
use super::exit::{Exit, block_on, complain};
use crate::domain::facts::stored;
use crate::store::{self, Amiss, Examined};

/// Arguments of `check-db`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    database: Database,
}

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Looks at every page and every reference (which PostgreSQL keeps itself), the tables' version, the facts of every open hotfix, and for \
rows that do not fit together. Changes nothing; the server may work meanwhile. Exit code 0: it is \
right. 1: it could not be looked at. 2: something is wrong, one line each.";

/// Looks, and says what is wrong.
pub fn run(args: &Args) -> Exit {
    let url = match args.database.url() {
        Ok(url) => url,
        Err(wrong) => return complain(Exit::Usage, wrong),
    };
    let reads = |schema, facts: &str| {
        stored::read(schema, facts)
            .map(drop)
            .map_err(|why| why.to_string())
    };
    block_on(async {
        match store::examine(url.expose_secret(), reads).await {
            Ok(examined) => tell(&examined),
            Err(error) => complain(Exit::Failed, error),
        }
    })
}

fn tell(examined: &Examined) -> Exit {
    for amiss in &examined.amiss {
        eprintln!("{}", line(amiss));
    }
    if examined.behind > 0 {
        println!(
            "its tables are of an earlier version; the next start brings them up to date ({} steps)",
            examined.behind
        );
    }
    if examined.amiss.is_empty() {
        println!("right; {} open", examined.cases);
        Exit::Done
    } else {
        Exit::Usage
    }
}

fn line(amiss: &Amiss) -> String {
    match amiss {
        Amiss::Page(what) => format!("damaged: {what}"),
        Amiss::Reference { table, row, parent } => {
            format!(
                "a row that does not fit: {table} {row} names a row of {parent} that is not there"
            )
        }
        Amiss::Newer(version) => format!(
            "newer: migration {version} is not known to this version; run the one that wrote it"
        ),
        Amiss::Facts { case, why } => format!("case {case}: its facts cannot be read: {why}"),
        Amiss::Orphans { what, rows } => {
            let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
            format!("rows that do not fit: {what}: {}", rows.join(", "))
        }
    }
}
