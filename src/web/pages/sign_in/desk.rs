//! Where people sign in, and where it is asked what they may see.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::sync::{AcquireError, Semaphore};

use super::authority::{Authority, Grant, NotAsked, NotSignedIn, Person, Word};
use super::cookies::{Cookie, Jar};
use super::flow::{Flow, Leaves, Returned, TAKES};
use super::rights::{Asked, Known, Rights, key};
use super::sessions::{Session, Sessions};
use crate::clock::{Clock, Millis};

/// So many calls to GitHub are under way at one time, over all people.
const AT_ONCE: usize = 16;
/// So many exchanges of a code are: strangers can ask for one.
const ENTERING: usize = 4;
/// So many questions of one person are.
const EACH: usize = 4;
/// So long one waits for its turn.
const TURN: Duration = Duration::from_secs(3);
/// After GitHub did not answer, nobody is asked about for so long, milliseconds: what
/// was known before holds meanwhile.
const DOWN: Millis = 20_000;

/// Where people sign in.
pub struct SignIn {
    authority: Arc<dyn Authority>,
    clock: Clock,
    public_url: String,
    jar: Jar,
    memory: Mutex<Memory>,
    turns: Semaphore,
    entering: Semaphore,
}

struct Memory {
    /// The questions under way, by who asked.
    asking: HashMap<i64, Arc<Semaphore>>,
    /// Until when GitHub is not asked, for it did not answer.
    down: Millis,
    flow: Flow,
    sessions: Sessions,
    rights: Rights,
}

/// A right, and since when GitHub was not asked of it, where it did not answer now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The right.
    pub grant: Grant,
    /// GitHub said it then, and does not answer now; none: it is of now.
    pub since: Option<Millis>,
}

fn held_now(word: Word) -> Result<Option<Held>, NotAsked> {
    match word {
        Word::Yes(grant) => Ok(Some(Held { grant, since: None })),
        Word::No => Ok(None),
        Word::SingleSignOn(at) => Err(NotAsked::SingleSignOn(at)),
    }
}

/// What a name of GitHub's may be made of; there is nothing by another.
fn is_name(owner: &str, name: &str) -> bool {
    let plain = |it: &str, more: &[u8]| {
        !it.is_empty()
            && it
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    plain(owner, b"-_")
        && owner.len() <= 100
        && plain(name, b"-_.")
        && name.len() <= 100
        && !matches!(name, "." | "..")
}

impl SignIn {
    /// People reach the server at `public_url`, without a closing slash.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn new(
        authority: Arc<dyn Authority>,
        clock: Clock,
        public_url: String,
    ) -> Result<SignIn, String> {
        Ok(SignIn {
            authority,
            clock,
            jar: Jar::of(&public_url),
            public_url,
            memory: Mutex::new(Memory {
                asking: HashMap::new(),
                down: 0,
                flow: Flow::new()?,
                sessions: Sessions::default(),
                rights: Rights::default(),
            }),
            turns: Semaphore::new(AT_ONCE),
            entering: Semaphore::new(ENTERING),
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn public_url(&self) -> &str {
        &self.public_url
    }

    fn back(&self) -> String {
        format!("{}/login/callback", self.public_url)
    }

    /// Who sent the request, if they are signed in.
    pub fn session(&self, headers: &HeaderMap) -> Option<Arc<Session>> {
        let cookie = self.jar.shown(Cookie::Session, headers)?;
        self.memory().sessions.of(cookie, self.clock.now())
    }

    /// The names and the reach of our cookies.
    pub(super) fn jar(&self) -> &Jar {
        &self.jar
    }

    /// A browser leaves for GitHub: where to, and the headers that set its cookie.
    pub(super) fn leaves(&self, next: &str, headers: &HeaderMap) -> Option<(String, Vec<String>)> {
        let left = self.memory().flow.leaves(next, self.clock.now());
        let Leaves {
            cookie,
            state,
            challenge,
        } = left.inspect_err(|why| tracing::error!(why)).ok()?;
        let to = self.authority.leads_to(&self.back(), &state, &challenge)?;
        // Several windows may be on their way, each by a cookie of its own.
        let mut cookies = self.jar.crowd_out(headers);
        let own = Cookie::Login(&state);
        cookies.push(self.jar.set(own, &cookie, TAKES / 1_000));
        Some((to, cookies))
    }

    /// A browser comes back.
    pub(super) fn returns(&self, headers: &HeaderMap, state: &str) -> Option<Returned> {
        let cookie = self.jar.shown(Cookie::Login(state), headers)?;
        let now = self.clock.now();
        self.memory().flow.returns(cookie, state, now)
    }

    /// Exchanges its code; gives the cookie of a session of its own, and for how long
    /// that lasts, milliseconds.
    pub(super) async fn enters(
        &self,
        code: &str,
        verifier: &str,
    ) -> Result<(String, Millis), NotSignedIn> {
        let turn = tokio::time::timeout(TURN, self.entering.acquire()).await;
        let _turn = turn.map_err(|_| NotSignedIn::Unreached)?;
        let person: Person = self.authority.person(code, verifier, &self.back()).await?;
        let (user, login) = (person.id, person.login.clone());
        let opened = self.memory().sessions.open(person, self.clock.now());
        let opened = opened.map_err(|why| {
            tracing::error!(why);
            NotSignedIn::Unreached
        })?;
        tracing::info!(user, login, "signed in");
        Ok(opened)
    }

    /// Somebody signs out, or their token counts no more.
    pub(super) fn leave(&self, session: &Session) {
        let mut memory = self.memory();
        memory.sessions.end(session);
        if !memory.sessions.has_user(session.user) {
            memory.rights.forget_user(session.user);
            memory.asking.remove(&session.user);
        }
    }

    /// Somebody takes back at GitHub what they let the App do.
    pub fn revoked(&self, user: i64) {
        let mut memory = self.memory();
        memory.sessions.end_all_of(user);
        memory.rights.forget_user(user);
        memory.asking.remove(&user);
    }

    /// Something changed about a repository at GitHub: its rights are asked for anew.
    pub fn repo_changed(&self, id: i64) {
        self.memory().rights.forget_repo(id);
    }

    /// Something changed about what the App reaches.
    pub fn reach_changed(&self) {
        self.memory().rights.forget_all();
    }

    /// What of the repository by this name is for somebody, by GitHub's word; none: it
    /// is not there, or not for them. It is asked for whatever the name: how long it
    /// takes must not tell whether we know it.
    ///
    /// # Errors
    /// It is not known.
    pub async fn held(
        &self,
        session: &Session,
        owner: &str,
        name: &str,
        asked: Asked,
    ) -> Result<Option<Held>, NotAsked> {
        if !is_name(owner, name) {
            return Ok(None);
        }
        let (user, key) = (session.user, key(owner, name));
        let (began, own, down) = {
            let mut memory = self.memory();
            let now = self.clock.now();
            if !memory.sessions.has(session, now) {
                return Err(NotAsked::Over);
            }
            if let Known::Answer(word) = memory.rights.known(user, &key, asked, now) {
                return held_now(word);
            }
            let own = memory.asking.entry(user);
            let own = own
                .or_insert_with(|| Arc::new(Semaphore::new(EACH)))
                .clone();
            (memory.rights.asks(), own, now < memory.down)
        };
        let turn = async { Ok((own.acquire().await?, self.turns.acquire().await?)) };
        let turn = tokio::time::timeout(TURN, turn);
        let turn: Option<Result<_, AcquireError>> = match down {
            true => None,
            false => turn.await.ok(),
        };
        let answer = match &turn {
            Some(Ok(_)) => self.authority.grant(&session.token, owner, name).await,
            _ if down => Err(NotAsked::Unreached),
            _ => Err(NotAsked::TooMuch),
        };
        drop(turn);
        let now = self.clock.now();
        if answer == Err(NotAsked::Unreached) && !down {
            self.memory().down = now.saturating_add(DOWN);
        }
        if answer == Err(NotAsked::Over) {
            self.leave(session);
        }
        let mut memory = self.memory();
        if !memory.sessions.has(session, now) {
            return Err(NotAsked::Over);
        }
        match answer {
            Ok(word) => {
                memory.rights.learn((user, key), word.clone(), began, now);
                held_now(word)
            }
            Err(NotAsked::TooMuch) => Err(NotAsked::TooMuch),
            Err(why) => match memory.rights.last_yes(user, &key, now) {
                Some((grant, at)) => Ok(Some(Held {
                    grant,
                    since: Some(at),
                })),
                None => Err(why),
            },
        }
    }
}
