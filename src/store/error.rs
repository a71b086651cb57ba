//! What can go wrong with the store.

use std::path::PathBuf;

use sqlx::migrate::MigrateError;

/// What the store's methods answer.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address of the database is not one.
    #[error("DATABASE_URL {0}")]
    Address(String),
    /// A server works with the database, by its name.
    #[error("a server works with the database ({0}): stop it first")]
    Served(String),
    /// Another server has the lead, and this is for the one that has it.
    #[error("another server leads")]
    NotLeading,
    /// The database of a PostgreSQL server cannot be used as it is.
    #[error("the database {0}")]
    Unfit(String),
    /// Another process works with the file.
    #[error("{} is in use by another process{}; only one may work with it", path.display(),
        holder.as_deref().map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    InUse {
        /// The database's file.
        path: PathBuf,
        /// The number of the process that holds it, as far as it is known.
        holder: Option<String>,
    },
    /// A file cannot be created or opened.
    #[error("cannot open {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What stands at the database's path is nothing to work with.
    #[error("{} {why}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// A file of the database is no longer the one that is open.
    #[error("{} {what} while the server works with it: put it back, or stop the server, restore \
        a backup and start again", path.display())]
    Lost {
        /// The file.
        path: PathBuf,
        /// What became of it.
        what: &'static str,
    },
    /// The database was found to be damaged.
    #[error(
        "the database is damaged ({0}): stop the server and restore a backup; \
        `hotfix-bot check-db` says more"
    )]
    Damaged(String),
    /// Another server has taken the lead over.
    #[error("another server has taken the lead over")]
    TakenOver,
    /// The database was written by a later version of the program.
    #[error(
        "the database has migration {0}, which this version does not know: \
         it was written by a later version; run that one"
    )]
    Newer(i64),
    /// The tables could not be brought up to date.
    #[error("bringing the database's tables up to date: {0}")]
    Migrate(MigrateError),
    /// The case was changed since it was read.
    #[error("case {case_id} is no longer at revision {rev}")]
    Stale {
        /// The case.
        case_id: i64,
        /// The revision that was expected.
        rev: i64,
    },
    /// There is an open case for this issue already.
    #[error("issue {issue} of repository {repo_id} has an open case already")]
    AlreadyOpen {
        /// The repository.
        repo_id: i64,
        /// The issue's number.
        issue: i64,
    },
    /// The database itself.
    #[error("database, {doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Whether what was to be written is at fault, not the database: the same
    /// would fail again, and others would not.
    pub fn is_of_the_step(&self) -> bool {
        match self {
            StoreError::Stale { .. } | StoreError::AlreadyOpen { .. } => true,
            StoreError::Database {
                source: sqlx::Error::Database(said),
                ..
            } => {
                said.is_unique_violation()
                    || said.is_foreign_key_violation()
                    || said.is_check_violation()
                    || said.code().is_some_and(|code| is_of_a_value(&code))
            }
            _ => false,
        }
    }
}

/// Whether PostgreSQL refuses a value as such: a NUL in a text, a number out of its
/// range. Codes of SQLite have four digits at the most.
fn is_of_a_value(code: &str) -> bool {
    code.len() == 5 && code.starts_with("22")
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => StoreError::Newer(version),
            other => StoreError::Migrate(other),
        }
    }
}

/// Says what was being done when the database failed.
pub(super) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source })
    }
}

/// A word in the database that nobody here wrote.
#[derive(Debug, thiserror::Error)]
#[error("{word:?} is no {what}")]
pub struct UnknownWord {
    pub(super) what: &'static str,
    pub(super) word: String,
}
