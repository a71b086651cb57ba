//! Carries one effect out. IO is dumb: `act` does what the effect says, `look`
//! says whether it is so already. Neither repeats anything; dispatch does.

use super::Engine;
use crate::domain::effect::Effect;
use crate::domain::event::Outcome;
use crate::github::{Error, Repo};
use crate::registry::CratesIo;
use crate::store::{OutboxRow, StoreError};

/// What an effect is carried out with.
pub struct Context {
    /// The repository, as its installation may reach it.
    pub repo: Repo,
    /// The registry.
    pub registry: CratesIo,
    /// The issue's number.
    pub issue: i64,
    /// The bot's own login.
    pub bot: String,
    /// The effect's key as text, `case/line/slot/subject/generation`: our
    /// commits carry it as a trailer.
    pub key: String,
}

/// What a look found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It is so already.
    Done(Outcome),
    /// It is not; it may be done.
    Not,
    /// Something else stands in its place: a person must look.
    Other(String),
}

impl Context {
    /// The context of a row; an outcome instead where the App cannot reach the
    /// repository.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn of(
        engine: &Engine,
        row: &OutboxRow,
    ) -> Result<Result<Context, Outcome>, StoreError> {
        let store = engine.store();
        let gone = |message: &str| {
            Ok(Err(Outcome::Refused {
                message: message.to_owned(),
            }))
        };
        let Some(case) = store.case(row.case_id).await? else {
            return gone("its case is gone");
        };
        let Some(repo) = store.repo(case.repo_id).await? else {
            return gone("its repository is not known");
        };
        let Some(installation) = repo.installation_id else {
            return gone("the App is not installed on the repository any more");
        };
        let installation = engine.0.github.installation(installation);
        Ok(Ok(Context {
            repo: installation.repo(repo.owner, repo.name),
            registry: engine.0.registry.clone(),
            issue: case.issue,
            bot: engine.0.bot.clone(),
            key: format!(
                "{}/{}/{}/{}/{}",
                row.case_id, row.line, row.slot, row.subject, row.generation
            ),
        }))
    }

    /// The installation's id, which rate limits belong to.
    pub fn installation(&self) -> i64 {
        self.repo.installation().id()
    }
}

/// Whether a write is so already.
///
/// # Errors
/// What GitHub or the registry answers.
pub async fn look(_context: &Context, _effect: &Effect) -> Result<Found, Error> {
    Ok(Found::Not)
}

/// Carries it out.
///
/// # Errors
/// What GitHub or the registry answers.
pub async fn act(_context: &Context, _effect: &Effect) -> Result<Outcome, Error> {
    Err(Error::Transient("not written yet".to_owned()))
}
