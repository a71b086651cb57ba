//! What the pages work with, and how a hotfix is found.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::html::Html;
use super::looks::{Doctor, Examiner};
use super::seats::Seats;
use super::seen::{Right, Seen, Viewer, seen};
use super::sign_in::{Asked, Held, NotAsked, SignIn};
use super::who::Who;
use crate::clock::{Clock, Millis};
use crate::domain::view::View;
use crate::store::{PagedCase, RepoRow, Store, StoreError};

/// So many rights are asked for at one time, for one page.
const ASKS: usize = 4;

/// What the pages work with.
#[derive(Clone)]
pub struct Pages {
    /// What is shown.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Who looks, where nobody signed in.
    pub viewer: Viewer,
    /// The path below which the server is reached, as a proxy takes it away; empty: it
    /// has its host for itself.
    pub base: Arc<str>,
    /// Where people sign in; none: nobody can.
    pub sign_in: Option<Arc<SignIn>>,
    /// Who looks at repositories on a quiet day; none: nobody does.
    pub examiner: Option<Arc<dyn Examiner>>,
    /// A page waits so long for a look; then it says that one is under way.
    pub looks: Duration,
    /// So many pages are made at one time.
    pub at_once: usize,
    /// Who comes while they are is told to come later after this.
    pub turn: Duration,
    /// So many streams are open at one time, over all people (`seats`); who comes later
    /// asks now and then.
    pub streams: usize,
    /// A stream ends after this.
    pub stream_time: Duration,
    /// What changes within this is told once.
    pub gather: Duration,
}

impl Pages {
    /// With the usual bounds.
    pub fn new(store: Store, clock: Clock, viewer: Viewer) -> Pages {
        Pages {
            store,
            clock,
            viewer,
            base: "".into(),
            sign_in: None,
            examiner: None,
            looks: Duration::from_secs(4),
            at_once: 4,
            turn: Duration::from_secs(2),
            streams: 64,
            stream_time: Duration::from_secs(30 * 60),
            gather: Duration::from_secs(1),
        }
    }
}

/// What the handlers share.
pub(super) struct Shared {
    pub(super) pages: Pages,
    room: Semaphore,
    pub(super) doctor: Option<Doctor>,
    pub(super) seats: Arc<Seats>,
    pub(super) stopping: CancellationToken,
}

impl Shared {
    pub(super) fn new(pages: Pages, stopping: CancellationToken) -> Shared {
        Shared {
            room: Semaphore::new(pages.at_once),
            doctor: pages.examiner.clone().map(Doctor::new),
            seats: Arc::new(Seats::new(pages.streams)),
            pages,
            stopping,
        }
    }
}

/// Why there is no page.
#[derive(Clone, Debug)]
pub(super) enum No {
    /// It is not there, or not for this viewer.
    Missing,
    /// Not now.
    Later,
    /// They have as many streams open as one person may.
    Enough,
    /// Not before somebody signs in.
    SignIn,
    /// Not before a single sign-on at GitHub, at this address if it is known.
    SignOn(Option<String>),
    /// The repository is called so by now: `owner/name`.
    Moved(String),
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> No {
        tracing::warn!(%error, "a page could not be read");
        No::Later
    }
}

/// What stands around it is `who`'s.
impl IntoResponse for No {
    fn into_response(self) -> Response {
        let mut answer = StatusCode::NOT_FOUND.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Whose eyes look at a repository, asked before anything else.
#[derive(Clone, Debug)]
pub(super) enum Eyes {
    /// At everything.
    Desk,
    /// At what everybody sees.
    Stranger,
    /// At what GitHub lets them see; none: nothing by this name.
    Person(Option<Held>),
    /// Somebody's, of whom GitHub tells nothing now.
    Blind,
    /// Somebody's, whom GitHub tells nothing before a single sign-on.
    SignOn(Option<String>),
}

/// Why a repository is left out of a list.
#[derive(Clone, Debug)]
pub(super) enum LeftOut {
    /// It is nothing of theirs.
    NotTheirs,
    /// GitHub does not answer.
    NotAnswered,
    /// GitHub says nothing before a single sign-on, at this address if it is known.
    SignOn(Option<String>),
}

/// A repository, as somebody sees it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) row: RepoRow,
    pub(super) right: Right,
    /// Since when GitHub was not asked of it, where it does not answer.
    pub(super) since: Option<Millis>,
}

impl Found {
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.row.owner, self.row.name)
    }
}

/// Which attempt of an issue's is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attempt {
    /// The newest.
    Newest,
    /// The case with this row.
    Case(i64),
}

/// A hotfix, as somebody sees it.
pub(super) struct Shown<T> {
    pub(super) repo: Found,
    pub(super) case: PagedCase,
    /// All attempts of its issue that they see, when each began, the newest first.
    pub(super) attempts: Vec<(i64, Millis)>,
    pub(super) it: Seen<T>,
}

impl Shared {
    pub(super) fn now(&self) -> Millis {
        self.pages.clock.now()
    }

    /// Waits until a page may be made: few are at a time, from the first look into the
    /// store until it is written. Whatever was asked for: how long it takes must not
    /// tell whether it is there.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, No> {
        let turn = tokio::time::timeout(self.pages.turn, self.room.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or(No::Later)
    }

    /// Makes something of facts, beside everything else.
    pub(super) async fn made<T: Send + 'static>(
        &self,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, No> {
        tokio::task::spawn_blocking(make).await.map_err(|error| {
            tracing::error!(%error, "a page could not be made");
            No::Later
        })
    }

    /// Asks GitHub what is somebody's by this name. Before a turn is taken: others
    /// need not wait for it.
    pub(super) async fn eyes(
        &self,
        who: &Who,
        (owner, name): (&str, &str),
        asked: Asked,
    ) -> Result<Eyes, No> {
        let session = match who {
            Who::Desk => return Ok(Eyes::Desk),
            Who::Stranger => return Ok(Eyes::Stranger),
            Who::Person(session) => session,
        };
        let Some(sign_in) = &self.pages.sign_in else {
            return Ok(Eyes::Stranger);
        };
        match sign_in.held(session, owner, name, asked).await {
            Ok(held) => Ok(Eyes::Person(held)),
            Err(NotAsked::Over) => Err(No::SignIn),
            Err(NotAsked::Unreached | NotAsked::TooMuch) => Ok(Eyes::Blind),
            Err(NotAsked::SingleSignOn(at)) => Ok(Eyes::SignOn(at)),
        }
    }

    /// What everybody sees, where everybody does.
    async fn public(&self, row: Option<RepoRow>) -> Result<Option<Found>, No> {
        let open = self.pages.viewer == Viewer::Anybody;
        // Also of what is not there: both take as long.
        let id = row.as_ref().map_or(0, |row| row.id);
        let open = open && self.pages.store.is_open_to_all(id).await?;
        Ok(row.filter(|_| open).map(|row| Found {
            row,
            right: Right::Public,
            since: None,
        }))
    }

    /// A repository by its name, if these eyes see it.
    pub(super) async fn repo(&self, eyes: Eyes, owner: &str, name: &str) -> Result<Found, No> {
        let store = &self.pages.store;
        let asked = format!("{owner}/{name}");
        let is = |it: &str| it.eq_ignore_ascii_case(&asked);
        let held = match eyes {
            Eyes::Person(Some(held)) => held,
            Eyes::Desk | Eyes::Stranger | Eyes::Person(None) | Eyes::Blind | Eyes::SignOn(_) => {
                let row = match store.repo_by_name(owner, name).await? {
                    Some(row) => Some(row),
                    None => store.repo_by_former_name(owner, name).await?,
                };
                let found = match eyes {
                    Eyes::Desk => row.map(at_the_desk),
                    _ => self.public(row).await?,
                };
                let no = match eyes {
                    Eyes::Blind => No::Later,
                    Eyes::SignOn(at) => No::SignOn(at),
                    _ => No::Missing,
                };
                let found = found.ok_or(no)?;
                return match is(&found.full_name()) {
                    true => Ok(found),
                    false => Err(No::Moved(found.full_name())),
                };
            }
        };
        // By its id: a name may be another one's by now.
        let row = store.repo(held.grant.id).await?;
        let found = row.and_then(|row| theirs(row, &held)).ok_or(No::Missing)?;
        match is(&found.full_name()) || is(&held.grant.full_name) {
            true => Ok(found),
            false => Err(No::Moved(found.full_name())),
        }
    }

    /// Which of these repositories somebody sees, and why others may be left out. Of the
    /// first `room` GitHub is asked; of the rest they see what everybody does.
    pub(super) async fn of_these(
        &self,
        who: &Who,
        rows: Vec<RepoRow>,
        room: usize,
    ) -> Result<Vec<Result<Found, LeftOut>>, No> {
        let asked = stream::iter(rows.into_iter().enumerate().map(|(at, row)| async move {
            let name = (row.owner.as_str(), row.name.as_str());
            let eyes = match (at < room, who) {
                (false, Who::Person(_)) => Eyes::Stranger,
                _ => self.eyes(who, name, Asked::InAList).await?,
            };
            let why = match eyes {
                Eyes::Desk => return Ok(Ok(at_the_desk(row))),
                Eyes::Person(Some(held)) if held.grant.id == row.id => {
                    return Ok(theirs(row, &held).ok_or(LeftOut::NotTheirs));
                }
                Eyes::Stranger | Eyes::Person(_) => LeftOut::NotTheirs,
                Eyes::Blind => LeftOut::NotAnswered,
                Eyes::SignOn(at) => LeftOut::SignOn(at),
            };
            Ok::<_, No>(self.public(Some(row)).await?.ok_or(why))
        }));
        asked.buffered(ASKS).try_collect().await
    }

    /// A hotfix by its address, if somebody sees it, made into something: the newest
    /// attempt, or this one.
    pub(super) async fn hotfix<T: Send + 'static>(
        &self,
        who: &Who,
        path: Result<Path<[String; 3]>, PathRejection>,
        attempt: Attempt,
        show: impl FnOnce(&View<'_>) -> T + Send + 'static,
    ) -> Result<Shown<T>, No> {
        let asked = path.ok().map(|Path(it)| it);
        let eyes = match &asked {
            Some([owner, name, _]) => {
                let name = (owner.as_str(), name.as_str());
                Some(self.eyes(who, name, Asked::ByName).await?)
            }
            None => None,
        };
        let _turn = self.turn().await?;
        let ([owner, name, issue], eyes) = asked.zip(eyes).ok_or(No::Missing)?;
        let (issue, line) = match issue.split_once('-') {
            Some((issue, line)) if !line.is_empty() => (issue.to_owned(), line.to_owned()),
            Some(_) => return Err(No::Missing),
            None => (issue, String::new()),
        };
        let issue: i64 = issue.parse().map_err(|_| No::Missing)?;
        let repo = self.repo(eyes, &owner, &name).await?;
        let store = &self.pages.store;
        let cases = store.paged_attempts(repo.row.id, issue, &line).await?;
        let right = repo.right;
        let made = self.made(move || {
            let is_wanted = |at: usize, case: &PagedCase| match attempt {
                Attempt::Newest => at == 0,
                Attempt::Case(id) => case.id == id,
            };
            let at = (0..).zip(&cases).find(|(at, case)| is_wanted(*at, case));
            let case = at.map(|(_, case)| case.clone())?;
            let it = seen(right, &case, show)?;
            let others = cases.iter();
            let theirs = others.filter(|it| it.id == case.id || seen(right, it, |_| ()).is_some());
            let attempts = theirs.map(|it| (it.id, it.opened_at)).collect();
            Some((case, attempts, it))
        });
        let (case, attempts, it) = made.await?.ok_or(No::Missing)?;
        Ok(Shown {
            repo,
            case,
            attempts,
            it,
        })
    }
}

/// What a template makes.
pub(super) fn written(template: &impl askama::Template) -> Result<Html, No> {
    Html::of(template).map_err(|error| {
        tracing::error!(%error, "a page could not be written");
        No::Later
    })
}

fn at_the_desk(row: RepoRow) -> Found {
    Found {
        row,
        right: Right::All,
        since: None,
    }
}

/// What is somebody's of a repository that the App still reaches.
fn theirs(row: RepoRow, held: &Held) -> Option<Found> {
    row.installation_id?;
    Some(Found {
        row,
        right: match (held.grant.push, held.grant.private) {
            (true, _) => Right::All,
            (false, true) => Right::Invited,
            (false, false) => Right::Public,
        },
        since: held.since,
    })
}

/// Which state of which case it is.
pub(super) fn mark(case: i64, rev: i64) -> String {
    format!("{case}.{rev}")
}
