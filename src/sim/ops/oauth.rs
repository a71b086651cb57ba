//! Somebody lets an App know who they are, and takes that back. (GitHub
//! documentation: generating a user access token for a GitHub App, refreshing user
//! access tokens.)

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::sim::auth::Actor;
use crate::sim::clock::Millis;
use crate::sim::model::app::TokenOwner;
use crate::sim::model::oauth::Code;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Role, Token, UserId, Who, World};

/// A code is good for ten minutes.
const CODE_MS: Millis = 600_000;
/// A token lives for eight hours, ...
pub const TOKEN_MS: Millis = 8 * 3_600_000;
/// ... and what renews it for six months.
pub const REFRESH_MS: Millis = 15_897_600_000;

/// What the exchange refuses with.
pub type Denied = &'static str;

impl World {
    /// Where people may be led back to by an App.
    pub fn set_callback_urls(&mut self, app: u64, urls: &[&str]) {
        if let Some(app) = self.apps.get_mut(&app) {
            let urls = urls.iter().map(|it| (*it).to_owned());
            app.registration.callback_urls = urls.collect();
        }
    }

    /// Somebody lets an App know who they are; gives the code.
    pub fn authorizes(
        &mut self,
        app: u64,
        user: UserId,
        redirect_uri: &str,
        challenge: Option<&str>,
    ) -> String {
        self.oauth.authorized.insert((app, user));
        let code = self.opaque(1);
        let it = Code {
            app,
            user,
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge.map(str::to_owned),
            until: self.now() + CODE_MS,
        };
        self.oauth.codes.insert(code.clone(), it);
        code
    }

    /// Exchanges a code, once, for a token and what renews it.
    ///
    /// # Errors
    /// GitHub's word for what is wrong.
    pub fn exchange(
        &mut self,
        app: u64,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> Result<Value, Denied> {
        let now = self.now();
        let it = self.oauth.codes.remove(code);
        let it = it.filter(|it| it.app == app && now < it.until);
        let it = it.ok_or("bad_verification_code")?;
        if redirect_uri.is_some_and(|uri| uri != it.redirect_uri) {
            return Err("redirect_uri_mismatch");
        }
        let proof = verifier.map(|it| URL_SAFE_NO_PAD.encode(Sha256::digest(it)));
        if it.challenge.is_some() && it.challenge != proof {
            return Err("bad_verification_code");
        }
        Ok(self.new_token_of(app, it.user))
    }

    /// Renews a token, once; the old one counts no more.
    ///
    /// # Errors
    /// GitHub's word for what is wrong.
    pub fn refresh(&mut self, app: u64, token: &str) -> Result<Value, Denied> {
        let now = self.now();
        let found = self.oauth.refresh.remove(token);
        let found = found.filter(|(of, _, until)| *of == app && now < *until);
        let (_, user, _) = found.ok_or("bad_refresh_token")?;
        let owner = TokenOwner::Through { app, user };
        self.tokens.retain(|_, it| it.owner != owner);
        Ok(self.new_token_of(app, user))
    }

    fn new_token_of(&mut self, app: u64, user: UserId) -> Value {
        let (text, renews) = (self.opaque(1), self.opaque(1));
        let (text, renews) = (format!("ghu_{text}"), format!("ghr_{renews}"));
        let token = Token {
            owner: TokenOwner::Through { app, user },
            expires_at: self.now() + TOKEN_MS,
            permissions: BTreeMap::new(),
            repos: BTreeSet::new(),
            refusals_left: 0,
        };
        self.tokens.insert(text.clone(), token);
        let until = self.now() + REFRESH_MS;
        self.oauth
            .refresh
            .insert(renews.clone(), (app, user, until));
        json!({
            "access_token": text,
            "expires_in": TOKEN_MS / 1_000,
            "refresh_token": renews,
            "refresh_token_expires_in": REFRESH_MS / 1_000,
            "token_type": "bearer",
            "scope": "",
        })
    }

    /// Somebody takes back what they let an App do: it is told, and their tokens count
    /// no more.
    pub fn takes_back(&mut self, app: u64, user: UserId) {
        self.oauth.authorized.remove(&(app, user));
        self.oauth
            .refresh
            .retain(|_, it| (it.0, it.1) != (app, user));
        let owner = TokenOwner::Through { app, user };
        self.tokens.retain(|_, it| it.owner != owner);
        self.emit_revoked(app, user);
    }

    /// What an account may in a repository, through whatever they ask: by an App's
    /// token a private one only where that is installed, and not suspended.
    pub fn role_through(&self, repo: u64, actor: &Actor) -> Option<Role> {
        let Actor::User { user, app } = actor else {
            return None;
        };
        let is_private = self.repos.get(&repo)?.private;
        let reached = match app {
            Some(app) if is_private => self
                .installations
                .values()
                .any(|it| it.app == *app && it.repos.contains(&repo) && it.suspended_at.is_none()),
            _ => true,
        };
        self.role(repo, *user).filter(|_| reached)
    }

    /// Makes a repository private, or public.
    ///
    /// # Errors
    /// Only its administrators may.
    pub fn set_private(&mut self, repo: u64, private: bool, who: &Who) -> Result<(), Refusal> {
        self.require(repo, who, Role::Admin)?;
        let now = self.now();
        let of = self.repo_mut(repo)?;
        of.private = private;
        of.updated_at = now;
        let action = if private { "privatized" } else { "publicized" };
        self.emit(repo, "repository", Some(action), json!({}), who.user);
        Ok(())
    }
}
