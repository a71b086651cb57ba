//! Who calls: App JWTs, installation tokens, people's tokens.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::model::budget::Payer;
use super::refusal::Refusal;
use super::world::{Token, TokenOwner, UserId, Who, World};

/// An installation token lives for an hour.
const TOKEN_MS: i64 = 3_600_000;
/// Calls an hour, of each budget.
const LIMIT: u32 = 5_000;
/// An installation has so many more for each repository above so many, up to a
/// ceiling.
const EACH: u32 = 50;
const ABOVE: u32 = 20;
const CEILING: u32 = 12_500;
/// A JWT may end at most ten minutes from now.
const LONGEST_JWT_S: i64 = 600;

/// The account behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// No token.
    Anonymous,
    /// The App itself, by JWT.
    App {
        /// The App's id.
        app: u64,
        /// The App's bot account.
        bot: UserId,
    },
    /// An installation token.
    Installation {
        /// The installation's id.
        installation: u64,
        /// The App's id.
        app: u64,
        /// The App's bot account.
        bot: UserId,
        /// The token, as sent.
        token: String,
    },
    /// A person's token.
    User {
        /// Their account.
        user: UserId,
        /// The App that asks in their name; none: they do themselves.
        app: Option<u64>,
    },
}

impl Actor {
    /// Whose budget a call is counted against.
    pub fn payer(&self) -> Option<Payer> {
        match self {
            Actor::Anonymous => None,
            Actor::App { app, .. } => Some(Payer::App(*app)),
            Actor::Installation { installation, .. } => Some(Payer::Installation(*installation)),
            Actor::User { user, .. } => Some(Payer::User(*user)),
        }
    }

    /// Who acts, for the functions of the world.
    pub fn who(&self) -> Who {
        match self {
            Actor::Anonymous => Who::person(0),
            Actor::App { app, bot } | Actor::Installation { app, bot, .. } => Who {
                user: *bot,
                app: Some(*app),
                via_github_token: false,
            },
            Actor::User { user, .. } => Who::person(*user),
        }
    }

    /// `app`, `installation`, `user` or `anonymous`, for the call log.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Anonymous => "anonymous",
            Actor::App { .. } => "app",
            Actor::Installation { .. } => "installation",
            Actor::User { .. } => "user",
        }
    }
}

fn unauthorized(message: &str) -> Refusal {
    Refusal::new(401, message)
}

impl World {
    /// The account behind an `Authorization` header.
    ///
    /// # Errors
    /// 401 for a token that is unknown, expired, too fresh, or a JWT that does
    /// not hold; 404 for a JWT of an unknown App.
    pub fn authenticate(&mut self, header: Option<&str>) -> Result<Actor, Refusal> {
        let Some(header) = header else {
            return Ok(Actor::Anonymous);
        };
        let (scheme, token) = header.split_once(' ').unwrap_or(("", header));
        let bearer = scheme.eq_ignore_ascii_case("bearer");
        if !bearer && !scheme.eq_ignore_ascii_case("token") {
            return Err(unauthorized("Bad credentials"));
        }
        let token = token.trim();
        if token.starts_with("gh") {
            return self.by_token(token);
        }
        if bearer && token.split('.').count() == 3 {
            return self.by_jwt(token);
        }
        Err(unauthorized("Bad credentials"))
    }

    fn by_token(&mut self, text: &str) -> Result<Actor, Refusal> {
        let now = self.now();
        let Some(token) = self.tokens.get_mut(text).filter(|t| t.expires_at > now) else {
            return Err(unauthorized("Bad credentials"));
        };
        if token.refusals_left > 0 {
            // A fresh token has not reached every server yet.
            token.refusals_left -= 1;
            return Err(unauthorized("Bad credentials"));
        }
        let id = match token.owner {
            TokenOwner::User(user) => return Ok(Actor::User { user, app: None }),
            TokenOwner::Through { app, user } => {
                let app = Some(app);
                return Ok(Actor::User { user, app });
            }
            TokenOwner::Installation(id) => id,
        };
        let installation = self.installations.get(&id);
        let Some(installation) = installation else {
            return Err(unauthorized("Bad credentials"));
        };
        if installation.suspended_at.is_some() {
            return Err(Refusal::new(403, "This installation has been suspended"));
        }
        let bot = self.apps.get(&installation.app).map_or(0, |a| a.bot);
        Ok(Actor::Installation {
            installation: id,
            app: installation.app,
            bot,
            token: text.to_owned(),
        })
    }

    fn by_jwt(&self, jwt: &str) -> Result<Actor, Refusal> {
        let broken = || unauthorized("A JSON web token could not be decoded");
        let (signed, signature) = jwt.rsplit_once('.').ok_or_else(broken)?;
        let (header, claims) = signed.split_once('.').ok_or_else(broken)?;
        let read = |part: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let header = read(header).ok_or_else(broken)?;
        let claims = read(claims).ok_or_else(broken)?;
        if header["alg"] != "RS256" {
            return Err(broken());
        }
        let issuer = match &claims["iss"] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(unauthorized("'Issuer' claim ('iss') must be an Integer")),
        };
        let app = self
            .apps
            .values()
            .find(|a| a.id.to_string() == issuer || a.client_id == issuer);
        let app = app.ok_or_else(|| Refusal::new(404, "Integration not found"))?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| broken())?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &app.public_key)
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| broken())?;
        let seconds = self.now().div_euclid(1_000);
        let exp = claims["exp"].as_i64().unwrap_or(0);
        if exp <= seconds {
            return Err(unauthorized(
                "'Expiration time' claim ('exp') must be a numeric value representing the future \
                 time at which the assertion expires",
            ));
        }
        if exp > seconds + LONGEST_JWT_S {
            return Err(unauthorized(
                "'Expiration time' claim ('exp') is too far in the future",
            ));
        }
        if claims["iat"].as_i64().is_none_or(|iat| iat > seconds) {
            return Err(unauthorized(
                "'Issued at' claim ('iat') must be an Integer representing the time that the \
                 assertion was issued",
            ));
        }
        Ok(Actor::App {
            app: app.id,
            bot: app.bot,
        })
    }

    /// Hands out an installation token with (at most) these permissions and
    /// repositories. Longer than tokens used to be, and with dots.
    pub fn new_installation_token(
        &mut self,
        installation: u64,
        permissions: BTreeMap<String, String>,
        repos: BTreeSet<u64>,
    ) -> String {
        let refusals_left = self.fresh_token_refusals;
        let text = format!(
            "ghs_{}.{}.{}",
            self.opaque(2),
            self.opaque(3),
            self.opaque(3)
        );
        let token = Token {
            owner: TokenOwner::Installation(installation),
            expires_at: self.now() + TOKEN_MS,
            permissions,
            repos,
            refusals_left,
        };
        self.tokens.insert(text.clone(), token);
        text
    }

    /// How many calls an hour somebody has.
    pub fn limit(&self, payer: Option<Payer>) -> u32 {
        let Some(Payer::Installation(id)) = payer else {
            return LIMIT;
        };
        let repos = self.installations.get(&id).map_or(0, |it| it.repos.len());
        let above = u32::try_from(repos).map_or(u32::MAX, |repos| repos.saturating_sub(ABOVE));
        LIMIT
            .saturating_add(above.saturating_mul(EACH))
            .min(CEILING)
    }

    /// Hands out a person's token, without end.
    pub fn new_user_token(&mut self, user: UserId) -> String {
        let text = format!("ghp_{}", self.opaque(1));
        let token = Token {
            owner: TokenOwner::User(user),
            expires_at: i64::MAX,
            permissions: BTreeMap::new(),
            repos: BTreeSet::new(),
            refusals_left: 0,
        };
        self.tokens.insert(text.clone(), token);
        text
    }

    /// Something that nobody can guess, such as a code: the same in every run.
    pub(super) fn opaque(&mut self, parts: usize) -> String {
        (0..parts)
            .map(|_| hex::encode(Sha256::digest(self.next_id().to_be_bytes())))
            .collect()
    }
}
