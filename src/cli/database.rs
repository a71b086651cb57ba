//! Which database a command is about.

use secrecy::SecretString;

use crate::settings::{self, Wrong};

/// The one setting of commands that look at the database.
#[derive(Debug, Default, clap::Args)]
pub struct Database {
    /// Database: sqlite:FILE or postgres://… [default: sqlite:hotfix-bot.db]
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<SecretString>,
}

impl Database {
    /// The database's address.
    ///
    /// # Errors
    /// It is not one.
    pub fn url(&self) -> Result<SecretString, Wrong> {
        settings::database_url(self.database_url.clone())
    }
}
