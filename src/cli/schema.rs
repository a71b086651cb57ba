//! `hotfix-bot schema`: the JSON schema of `hotfix.toml`, for editors.

use std::io::Write as _;

use super::exit::{Exit, complain};
use crate::domain::policy;

/// What follows the help.
pub const AFTER_HELP: &str = "\
An editor with a TOML language server (taplo) completes and checks the file by it:
  hotfix-bot schema > .github/hotfix.schema.json
and as the first line of .github/hotfix.toml:
  #:schema ./hotfix.schema.json";

/// Prints it.
pub fn run() -> Exit {
    match serde_json::to_string_pretty(&policy::schema()) {
        Ok(text) => {
            // A pipe that is closed early is nobody's fault.
            let _ = writeln!(std::io::stdout(), "{text}");
            Exit::Done
        }
        Err(error) => complain(Exit::Failed, format_args!("the schema: {error}")),
    }
}
