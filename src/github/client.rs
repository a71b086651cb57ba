//! The App as a client: who it is, what time it is at GitHub, and calls made
//! with the right token.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::auth::AppKey;
use super::budget::Budget;
use super::call::{Call, MayWrite, Reply, path};
use super::error::{Error, Seen};
use super::foreseen::{Foreseen, Told};
use super::json::{decode, parse_time};
use super::memory::{Key, Memory};
use super::tokens::{Minted, Permissions, Scope, Token, Tokens};
use super::transport::{Bearer, Transport};
use crate::clock::{Clock, Millis};

/// A difference of clocks, in milliseconds, that may explain a refused JWT.
const DRIFT: Millis = 5_000;

/// A list of more items, or on more pages, is not read to its end, and is none then:
/// what a part of it does not hold may stand in the rest.
const LONGEST: usize = 50_000;
const MOST_PAGES: usize = 2_000;

/// How we are called.
pub(super) const USER_AGENT: &str = concat!("hotfix-bot/", env!("CARGO_PKG_VERSION"));
/// The version of GitHub's API that is spoken.
pub(super) const API_VERSION: &str = "2022-11-28";

/// What a client of GitHub needs to know.
#[derive(Clone)]
pub struct GitHubOptions {
    /// Root of the REST API, such as a GitHub Enterprise server's
    /// `https://host/api/v3`.
    pub api_url: String,
    /// GraphQL's address; without it, derived from `api_url`.
    pub graphql_url: Option<String>,
    /// The App's id or client id: the JWT's issuer.
    pub app_id: String,
    /// The App's private key, PEM.
    pub private_key: SecretString,
    /// A person's token, in place of the App: what only an App may ask is refused.
    pub person: Option<SecretString>,
    /// Our clock.
    pub clock: Clock,
    /// GitHub refuses calls without one.
    pub user_agent: String,
    /// `X-GitHub-Api-Version`.
    pub api_version: String,
    /// How long one call may take. GitHub cuts its own calls at 10 s.
    pub call_timeout: Duration,
    /// Whether a call that changes something may leave, asked right before it does;
    /// none: always.
    pub may_write: Option<MayWrite>,
}

impl GitHubOptions {
    /// Options with the usual user agent, API version and 15 s for a call.
    pub fn new(
        api_url: impl Into<String>,
        app_id: impl Into<String>,
        private_key: SecretString,
        clock: Clock,
    ) -> Self {
        GitHubOptions {
            api_url: api_url.into(),
            graphql_url: None,
            app_id: app_id.into(),
            private_key,
            person: None,
            clock,
            user_agent: USER_AGENT.into(),
            api_version: API_VERSION.into(),
            call_timeout: Duration::from_secs(15),
            may_write: None,
        }
    }
}

/// The App at GitHub; clones share tokens, clock and connections.
#[derive(Clone)]
pub struct GitHub(Arc<Inner>);

struct Inner {
    transport: Transport,
    identity: Identity,
    app_id: String,
    clock: Clock,
    /// GitHub's clock minus ours, from the `Date` of its last answer.
    offset: AtomicI64,
    tokens: Tokens,
    memory: Memory,
    foreseen: Foreseen,
    told: Told,
}

/// Who asks.
enum Identity {
    App(AppKey),
    Person(SecretString),
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHub")
            .field("app_id", &self.0.app_id)
            .finish_non_exhaustive()
    }
}

/// With whose rights a call is made.
#[derive(Clone, Copy)]
enum Who {
    App,
    /// Whether it is asked for whoever wants it next.
    Installation(Scope, bool),
}

/// GitHub's answer to a mint.
#[derive(Deserialize)]
struct AccessToken {
    token: String,
    expires_at: String,
    #[serde(default)]
    permissions: Option<Permissions>,
}

impl GitHub {
    /// Sets the client up; nothing is called yet. Must run within tokio.
    ///
    /// # Errors
    /// `Invalid` when an address or the key cannot be used.
    pub fn new(options: GitHubOptions) -> Result<Self, Error> {
        let transport = Transport::new(
            &options.api_url,
            options.graphql_url.as_deref(),
            &options.user_agent,
            &options.api_version,
            options.call_timeout,
        )?
        .asking(options.may_write.clone());
        Ok(GitHub(Arc::new(Inner {
            transport,
            identity: match options.person {
                Some(token) => Identity::Person(token),
                None => Identity::App(AppKey::read(&options.private_key)?),
            },
            app_id: options.app_id,
            clock: options.clock,
            offset: AtomicI64::new(0),
            tokens: Tokens::default(),
            memory: Memory::default(),
            foreseen: Foreseen::default(),
            told: Told::default(),
        })))
    }

    /// GitHub's clock minus ours in milliseconds, by the `Date` of its last
    /// answer (whole seconds, so up to one second too low).
    pub fn offset(&self) -> Millis {
        self.0.offset.load(Ordering::Relaxed)
    }

    /// The App's id or client id.
    pub fn app_id(&self) -> &str {
        &self.0.app_id
    }

    /// The time at GitHub, as well as we know it.
    pub fn now(&self) -> Millis {
        self.0.clock.now() + self.offset()
    }

    /// What is left of an installation's calls, as GitHub's last answer said.
    pub fn budget(&self, installation: i64) -> Option<Budget> {
        self.0.transport.budget(&installation.to_string())
    }

    /// Our clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// A handle that acts as the installation with this id.
    pub fn installation(&self, id: i64) -> Installation {
        Installation {
            github: self.clone(),
            scope: Scope {
                installation: id,
                repo: None,
            },
            ahead: false,
        }
    }

    /// A call with the App's own JWT (`/app/...` and little else).
    pub(super) async fn as_app(&self, call: &Call) -> Result<Reply, Error> {
        let used = self.offset();
        let reply = self.as_app_once(call).await?;
        // A JWT is refused when the clocks differ by more than its margins; the
        // refusal's own Date tells by how much.
        if reply.is(401) && (self.offset() - used).abs() > DRIFT {
            return self.as_app_once(call).await;
        }
        Ok(reply)
    }

    async fn as_app_once(&self, call: &Call) -> Result<Reply, Error> {
        let Identity::App(key) = &self.0.identity else {
            return Err(Error::invalid("that takes the App's own credentials"));
        };
        let jwt = key.jwt(&self.0.app_id, self.now())?;
        let bearer = Bearer {
            secret: Some(&jwt),
            label: "app",
        };
        self.exchange(call, &bearer).await
    }

    async fn exchange(&self, call: &Call, bearer: &Bearer<'_>) -> Result<Reply, Error> {
        let now = self.0.clock.now();
        let mut reply = self
            .0
            .transport
            .send(call, bearer, now, self.offset())
            .await?;
        if let Some(date) = reply.date {
            let offset = date - self.0.clock.now();
            self.0.offset.store(offset, Ordering::Relaxed);
            reply.seen.offset = offset;
        }
        Ok(reply)
    }

    /// A call within one repository is answered by what is known of it where
    /// that cannot change, or where GitHub says that it has not.
    async fn as_installation(
        &self,
        scope: Scope,
        call: &Call,
        ahead: bool,
    ) -> Result<Reply, Error> {
        let address = scope.repo.zip(call.address());
        let Some(key) = address.map(|(repo, address)| Key::Answer(repo, address)) else {
            return self.with_rights(scope, call).await;
        };
        let (age, foreseen) = (self.0.clock.age(), &self.0.foreseen);
        if !ahead && let Some(reply) = foreseen.take(&key, age, self.seen(call)) {
            return Ok(reply);
        }
        // On the heap: many of these stand side by side in one future.
        let reply = Box::pin(self.remembered(scope, call, key.clone())).await?;
        if ahead {
            foreseen.keep(key, &reply, age);
        }
        Ok(reply)
    }

    fn seen(&self, call: &Call) -> Seen {
        Seen {
            operation: call.operation,
            write: false,
            now: self.0.clock.now(),
            offset: self.offset(),
        }
    }

    async fn remembered(&self, scope: Scope, call: &Call, key: Key) -> Result<Reply, Error> {
        let known = self.0.memory.answer(&key);
        let seen = self.seen(call);
        let reply = match known {
            Some(known) if call.fixed => return Ok(Reply::again(known, seen, None)),
            Some(known) if !known.etag.is_empty() => {
                let call = Call {
                    known: Some(known.etag.clone()),
                    ..call.clone()
                };
                let reply = self.with_rights(scope, &call).await?;
                if reply.is(304) {
                    return Ok(Reply::again(known, reply.seen, reply.date));
                }
                reply
            }
            _ => self.with_rights(scope, call).await?,
        };
        if let Some(known) = reply.known(call.fixed) {
            self.0.memory.keep_answer(key, known);
        }
        Ok(reply)
    }

    async fn with_rights(&self, scope: Scope, call: &Call) -> Result<Reply, Error> {
        let label = scope.installation.to_string();
        let token = self.token(scope).await?;
        let reply = self.with_token(&label, &token, call).await?;
        if !reply.is(401) {
            return Ok(reply);
        }
        self.0.tokens.forget(scope, token.serial).await;
        let token = self.token(scope).await?;
        self.with_token(&label, &token, call).await
    }

    /// One call with a token. A fresh token's refusal is lag between GitHub's
    /// servers, seen for some seconds as 401 and also as 403: no verdict yet.
    async fn with_token(&self, label: &str, token: &Token, call: &Call) -> Result<Reply, Error> {
        let bearer = Bearer {
            secret: Some(&token.secret),
            label,
        };
        let reply = self.exchange(call, &bearer).await?;
        let lag =
            reply.is(401) || (reply.is(403) && reply.message().contains("Resource not accessible"));
        if lag && token.is_fresh(self.0.clock.age()) {
            return Err(Error::Transient(format!(
                "{}: GitHub does not know the new token yet",
                call.operation
            )));
        }
        Ok(reply)
    }

    /// The next call mints a token: one has the rights of when it was minted, so
    /// after a refusal only a new one shows what was granted meanwhile.
    pub async fn forget_token(&self, installation: i64) {
        self.0.tokens.forget_any(installation).await;
    }

    async fn token(&self, scope: Scope) -> Result<Token, Error> {
        if let Identity::Person(token) = &self.0.identity {
            return Ok(Token::of_a_person(token));
        }
        let mint = || self.mint(scope);
        self.0.tokens.get(scope, self.now(), mint).await
    }

    /// `POST /app/installations/{id}/access_tokens`. Minting twice harms
    /// nobody, so a lost answer is only `Transient`.
    async fn mint(&self, scope: Scope) -> Result<Minted, Error> {
        let id = scope.installation;
        let mut call = Call::post(
            "apps/create-installation-access-token",
            path(&["app", "installations", &id.to_string(), "access_tokens"]),
            match scope.repo {
                Some(repo) => json!({ "repository_ids": [repo] }),
                None => json!({}),
            },
        );
        call.write = false;
        let reply = self.as_app(&call).await?;
        // A repository that was deleted, moved away or taken from the App.
        if let (true, Some(repo), Error::Invalid { .. }) =
            (reply.is(422), scope.repo, reply.error())
        {
            return Err(Error::Forbidden {
                message: format!(
                    "the App's installation {id} does not reach the repository {repo} (any more)"
                ),
                needs: None,
            });
        }
        // "There is no such installation" must not read as "there is no such
        // ref" to whoever asked for one.
        if reply.is(404) {
            // A proxy's page is none of GitHub's words.
            return Err(match reply.error() {
                Error::NotFound => Error::NotInstalled(id),
                strange => strange,
            });
        }
        let minted: AccessToken = reply.json()?;
        let expires_at = parse_time(&minted.expires_at);
        match expires_at {
            Some(expires_at) if !minted.token.is_empty() => Ok(Minted {
                secret: minted.token.into(),
                minted_at: self.0.clock.age(),
                expires_at,
                granted: minted.permissions.map(Arc::new),
            }),
            _ => Err(Error::Transient(
                "GitHub's answer held no token with an end: expected token and expires_at".into(),
            )),
        }
    }

    async fn call(&self, who: Who, call: &Call) -> Result<Reply, Error> {
        match who {
            Who::App => self.as_app(call).await,
            Who::Installation(scope, ahead) => self.as_installation(scope, call, ahead).await,
        }
    }

    async fn list<T: DeserializeOwned>(
        &self,
        who: Who,
        call: Call,
        key: Option<&str>,
        pages: Option<usize>,
    ) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        let mut read = 0;
        let mut call = match call.paged {
            true => call.query("per_page", "100"),
            false => call,
        };
        loop {
            let reply = self.call(who, &call).await?;
            let next = reply.next_page();
            let seen = reply.seen;
            let mut page: Value = reply.json()?;
            let page = match key {
                // Where the list is missing it is not empty.
                Some(key) => page.get_mut(key).map(Value::take).unwrap_or_default(),
                None => page,
            };
            let page: Vec<T> = decode(page).map_err(|why| {
                seen.strange(format!(
                    "the answer to {} could not be read: {why}",
                    call.operation
                ))
            })?;
            items.extend(page);
            read += 1;
            match next.filter(|_| pages.is_none_or(|pages| read < pages)) {
                Some(_) if items.len() >= LONGEST || read >= MOST_PAGES => {
                    return Err(seen.strange(format!(
                        "the list of {} does not end with {} items on {read} pages",
                        call.operation,
                        items.len()
                    )));
                }
                Some(next) => call = call.at(next),
                None => return Ok(items),
            }
        }
    }

    pub(super) async fn list_as_app<T: DeserializeOwned>(
        &self,
        call: Call,
    ) -> Result<Vec<T>, Error> {
        self.list(Who::App, call, None, None).await
    }
}

/// Acts with the rights of one installation.
#[derive(Clone, Debug)]
pub struct Installation {
    github: GitHub,
    scope: Scope,
    /// Whether answers are kept for whoever wants them next.
    ahead: bool,
}

impl Installation {
    /// Its id.
    pub fn id(&self) -> i64 {
        self.scope.installation
    }

    /// The same with tokens that are good for the repository of this id alone,
    /// whatever its name.
    pub fn only(mut self, repo: i64) -> Installation {
        self.scope.repo = Some(repo);
        self
    }

    /// What its present token may do; none: GitHub does not say. No call, unless
    /// there is no token yet.
    pub async fn granted(&self) -> Result<Option<Arc<Permissions>>, Error> {
        Ok(self.github.token(self.scope).await?.granted)
    }

    /// The App that it is an installation of.
    pub fn github(&self) -> &GitHub {
        &self.github
    }

    /// A handle on one of its repositories, by its present name.
    pub fn repo(&self, owner: impl Into<String>, name: impl Into<String>) -> Repo {
        Repo {
            installation: self.clone(),
            owner: owner.into(),
            name: name.into(),
        }
    }

    pub(super) async fn call(&self, call: &Call) -> Result<Reply, Error> {
        self.github
            .as_installation(self.scope, call, self.ahead)
            .await
    }

    /// All items of a list: the answer itself, or the array below `key`.
    ///
    /// # Errors
    /// What GitHub answers; `Transient` where the list does not end with 50,000
    /// items or 2,000 pages.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        call: Call,
        key: Option<&str>,
    ) -> Result<Vec<T>, Error> {
        let who = Who::Installation(self.scope, self.ahead);
        self.github.list(who, call, key, None).await
    }

    /// As [`Self::list`], to so many pages of 100.
    pub(super) async fn list_pages<T: DeserializeOwned>(
        &self,
        call: Call,
        key: Option<&str>,
        pages: usize,
    ) -> Result<Vec<T>, Error> {
        let who = Who::Installation(self.scope, self.ahead);
        self.github.list(who, call, key, Some(pages)).await
    }
}

/// A repository as an installation sees it.
#[derive(Clone, Debug)]
pub struct Repo {
    installation: Installation,
    owner: String,
    name: String,
}

impl Repo {
    /// Login of its owner.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same, to ask for whoever wants to know next: each answer is given to
    /// who asks the same within ten seconds, once.
    pub fn ahead(&self) -> Repo {
        let mut ahead = self.clone();
        ahead.installation.ahead = true;
        ahead
    }

    /// With whose rights it is reached.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// The path of something below the repository.
    pub(super) fn path(&self, segments: &[&str]) -> String {
        let mut all = vec!["repos", self.owner.as_str(), self.name.as_str()];
        all.extend(segments);
        path(&all)
    }

    pub(super) async fn call(&self, call: Call) -> Result<Reply, Error> {
        self.installation.call(&call).await
    }

    /// What is remembered, and of which repository: where its id is not known,
    /// nothing is.
    pub(super) fn memory(&self) -> Option<(&Memory, i64)> {
        let repo = self.installation.scope.repo?;
        Some((&self.installation.github.0.memory, repo))
    }

    /// What was told of the repository with something else, for whoever does not ask
    /// ahead.
    pub(super) fn told(&self) -> Option<(&Told, i64)> {
        let repo = self.installation.scope.repo?;
        let asks = !self.installation.ahead;
        asks.then_some((&self.installation.github.0.told, repo))
    }

    /// The age of the process, milliseconds.
    pub(super) fn age(&self) -> Millis {
        self.installation.github.0.clock.age()
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
