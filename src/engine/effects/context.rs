//! What effects are carried out with, and what a look finds.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use super::commits::{effect, with_trailers};
use crate::clock::Clock;
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::stored;
use crate::domain::ids::{LineId, Sha};
use crate::domain::obstacle::Obstacle;
use crate::engine::handle::Engine;
use crate::engine::step::Cause;
use crate::github::ops::RepoCommit;
use crate::github::{Error, Repo};
use crate::notify::Channels;
use crate::registry::{Registries, StatusPages};
use crate::store::{OutboxRow, StoreError};

/// What an effect is carried out with.
pub struct Context {
    /// The repository, as its installation may reach it.
    pub repo: Repo,
    /// The repository's id, which the name may have lost.
    pub repo_id: i64,
    /// Whether an answer was held against that id.
    pub proven: AtomicBool,
    /// The registries.
    pub registry: Registries,
    /// The channels.
    pub channels: Channels,
    /// The status pages, and the clock by which their answers age.
    pub pages: (StatusPages, Clock),
    /// The default branch's short name, as it was last heard of.
    pub default_branch: String,
    /// The issue's number.
    pub issue: i64,
    /// The bot's own login.
    pub bot: String,
    /// The effect's key as text, `case/line/slot/subject/generation`: our
    /// commits carry it as a trailer.
    pub key: String,
    /// How often it was attempted, this time included.
    pub attempts: i64,
    /// The commits that our own calls made.
    pub made: Box<dyn Made>,
}

/// What a call of [`Made`] comes to.
pub type Noted<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// The commits that our own calls made. Each is noted before a ref leads to it:
/// after a crash the notes tell ours from one that looks like it.
pub trait Made: Send + Sync {
    /// Notes one. Nothing may lead to it if that fails.
    fn note<'a>(&'a self, commit: &'a Sha) -> Noted<'a, ()>;

    /// Whether it was noted.
    fn has<'a>(&'a self, commit: &'a Sha) -> Noted<'a, bool>;
}

/// They are kept in the facts of the case.
struct InFacts {
    engine: Engine,
    case: i64,
    line: LineId,
}

impl Made for InFacts {
    fn note<'a>(&'a self, commit: &'a Sha) -> Noted<'a, ()> {
        Box::pin(async move {
            let made = Event::CommitMade {
                line: self.line.clone(),
                commit: commit.clone(),
            };
            let step = self.engine.step(self.case, &Cause::News, vec![made]);
            step.await.map(|_| ()).map_err(not_now)
        })
    }

    fn has<'a>(&'a self, commit: &'a Sha) -> Noted<'a, bool> {
        Box::pin(async move {
            let row = self.engine.store().case(self.case).await.map_err(not_now)?;
            let row = row.ok_or(Error::NotFound)?;
            let facts = stored::read(row.schema, &row.facts).map_err(not_now)?;
            let line = facts.lines.get(&self.line);
            Ok(line.is_some_and(|line| line.made.has(commit)))
        })
    }
}

/// What belongs to no case makes no commit.
struct NoCommits;

impl Made for NoCommits {
    fn note<'a>(&'a self, _: &'a Sha) -> Noted<'a, ()> {
        Box::pin(async { Err(Error::invalid("no case is there to note a commit")) })
    }

    fn has<'a>(&'a self, _: &'a Sha) -> Noted<'a, bool> {
        Box::pin(async { Ok(false) })
    }
}

/// Nothing was done: tried again.
fn not_now(error: impl std::fmt::Display) -> Error {
    Error::Transient(format!("what was made could not be noted or read: {error}"))
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
    /// This is in its way.
    In(Obstacle),
}

impl Context {
    /// A commit's message with the bot's trailers, and these before them.
    pub fn signed(&self, message: &str, further: &[String]) -> String {
        let issue = format!("{}#{}", self.full_name(), self.issue);
        with_trailers(message, further, &issue, &self.key)
    }

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
        let gone = |message: &str| Ok(Err(refused(message)));
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
            repo: installation.only(repo.id).repo(repo.owner, repo.name),
            repo_id: repo.id,
            proven: AtomicBool::new(false),
            registry: engine.0.registry.clone(),
            channels: engine.0.channels.clone(),
            pages: (engine.0.pages.clone(), engine.clock().clone()),
            default_branch: repo.default_branch,
            issue: case.issue,
            bot: engine.bot().to_owned(),
            attempts: row.attempts,
            made: Box::new(InFacts {
                engine: engine.clone(),
                case: row.case_id,
                line: LineId::new(row.line.as_str()),
            }),
            key: format!(
                "{}/{}/{}/{}/{}",
                row.case_id, row.line, row.slot, row.subject, row.generation
            ),
        }))
    }

    /// The context of what belongs to no case; none where the App cannot reach the
    /// repository.
    ///
    /// # Errors
    /// The store's.
    pub async fn beside(engine: &Engine, repo: i64) -> Result<Option<Context>, StoreError> {
        let Some(repo) = engine.store().repo(repo).await? else {
            return Ok(None);
        };
        let Some(installation) = repo.installation_id else {
            return Ok(None);
        };
        let installation = engine.0.github.installation(installation);
        Ok(Some(Context {
            repo: installation.only(repo.id).repo(repo.owner, repo.name),
            repo_id: repo.id,
            proven: AtomicBool::new(false),
            registry: engine.0.registry.clone(),
            channels: engine.0.channels.clone(),
            pages: (engine.0.pages.clone(), engine.clock().clone()),
            default_branch: repo.default_branch,
            issue: 0,
            bot: engine.bot().to_owned(),
            attempts: 1,
            made: Box::new(NoCommits),
            key: String::new(),
        }))
    }

    /// The repository as `owner/name`, for logs.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.repo.owner(), self.repo.name())
    }

    /// The installation's id, which rate limits belong to.
    pub fn installation(&self) -> i64 {
        self.repo.installation().id()
    }

    /// Whether this effect made the commit.
    pub(super) async fn is_mine(&self, commit: &RepoCommit) -> Result<bool, Error> {
        let says_so = effect(commit, |login| self.is_bot(login)) == Some(&self.key);
        Ok(says_so && self.made.has(&Sha::new(commit.sha.clone())).await?)
    }

    /// GraphQL's id of the case's own repository: what is changed by it is changed
    /// there, whatever its name is by now. 1 call, once.
    ///
    /// # Errors
    /// What GitHub answers; `OtherRepository` where the name is another's.
    pub async fn node_id(&self) -> Result<String, Error> {
        let known = self.repo.node_id().await?;
        known.ok_or(Error::OtherRepository)
    }

    /// Whether an answer is of the case's repository.
    ///
    /// # Errors
    /// `OtherRepository` where it is not.
    pub fn is_ours(&self, repo_id: i64) -> Result<(), Error> {
        if repo_id != self.repo_id {
            return Err(Error::OtherRepository);
        }
        self.proven.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Whether a login is the bot's own.
    pub(super) fn is_bot(&self, login: &str) -> bool {
        login.eq_ignore_ascii_case(&self.bot)
    }
}

/// What is left as it is, because of what was found.
pub(super) fn refused(found: impl Into<String>) -> Outcome {
    Outcome::Refused {
        obstacle: Obstacle::Found(found.into().into()),
    }
}

/// What GitHub refused, in its words.
pub(super) fn said_no(words: impl Into<String>) -> Outcome {
    Outcome::Refused {
        obstacle: Obstacle::Refused(words.into().into()),
    }
}

/// What a look says where an attempt was answered "that is so already".
pub(super) fn found(found: Found, otherwise: impl FnOnce() -> Outcome) -> Outcome {
    match found {
        Found::Done(outcome) => outcome,
        Found::Other(found) => refused(found),
        Found::In(obstacle) => Outcome::Refused { obstacle },
        Found::Not => otherwise(),
    }
}
