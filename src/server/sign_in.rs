//! People sign in by GitHub's web flow of the App, and are asked for with their own
//! tokens.

use std::sync::Arc;

use secrecy::SecretString;

use super::error::ServerError;
use crate::clock::Clock;
use crate::github::webhook::{revoked_by, touched_repo};
use crate::github::{Access, Error, People};
use crate::settings::{Settings, Shown};
use crate::web::{Authority, BoxFuture, Grant, NotAsked, NotSignedIn, Person, SignIn, Word};

/// Where people sign in; none: nobody can, or there is nothing to see.
pub(super) fn sign_in(
    settings: &Settings,
    clock: &Clock,
) -> Result<Option<Arc<SignIn>>, ServerError> {
    let with = match (settings.pages, &settings.sign_in) {
        (Shown::Public | Shown::SignedIn, Some(with)) => with,
        _ => return Ok(None),
    };
    let people = People::new(
        &with.web_url,
        &settings.github_api_url,
        &with.client_id,
        with.client_secret.clone(),
        clock.clone(),
    );
    let people = people.map_err(|e| ServerError::new("cannot start", e))?;
    let at = with.public_url.clone();
    let sign_in = SignIn::new(Arc::new(AtGitHub(people)), clock.clone(), at);
    let sign_in = sign_in.map_err(|why| ServerError::new("cannot let people sign in", why))?;
    Ok(Some(Arc::new(sign_in)))
}

/// A signed delivery may tell that somebody's rights changed. One that is replayed
/// makes GitHub be asked once more, or somebody sign in again, and no more than that.
pub(super) fn heard(people: &SignIn, event: &str, body: &str) {
    match event {
        "github_app_authorization" => {
            if let Some(user) = revoked_by(body) {
                people.revoked(user);
            }
        }
        "repository" => {
            if let Some(repo) = touched_repo(body) {
                people.repo_changed(repo);
            }
        }
        "installation" | "installation_repositories" => people.reach_changed(),
        _ => {}
    }
}

/// GitHub, as people sign in there.
struct AtGitHub(People);

impl Authority for AtGitHub {
    fn leads_to(&self, back: &str, state: &str, challenge: &str) -> Option<String> {
        self.0.authorize_url(back, state, challenge).ok()
    }

    fn person<'a>(
        &'a self,
        code: &'a str,
        verifier: &'a str,
        back: &'a str,
    ) -> BoxFuture<'a, Result<Person, NotSignedIn>> {
        Box::pin(async move {
            let said = |error: Error| match error {
                // Anybody can come with a code that is none.
                Error::Invalid { .. } | Error::Unauthorized => {
                    tracing::debug!(%error, "GitHub does not let somebody sign in");
                    NotSignedIn::Refused
                }
                error => {
                    tracing::warn!(%error, "GitHub lets nobody sign in");
                    NotSignedIn::Unreached
                }
            };
            let got = self.0.exchange(code, verifier, back).await.map_err(said)?;
            let me = self.0.me(&got.token).await.map_err(said)?;
            Ok(Person {
                id: me.id,
                login: me.login,
                token: got.token,
                lasts: got.lasts,
            })
        })
    }

    fn grant<'a>(
        &'a self,
        token: &'a SecretString,
        owner: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Word, NotAsked>> {
        Box::pin(async move {
            match self.0.repository(token, owner, name).await {
                Ok(Access::Readable(it)) => Ok(Word::Yes(Grant {
                    id: it.id,
                    full_name: format!("{}/{}", it.owner, it.name),
                    private: it.private,
                    push: it.push,
                })),
                Ok(Access::Nothing) => Ok(Word::No),
                Ok(Access::SingleSignOn(at)) => Ok(Word::SingleSignOn(at)),
                Err(Error::Unauthorized) => Err(NotAsked::Over),
                // Each person has a limit of their own.
                Err(Error::RateLimited { .. }) => Err(NotAsked::TooMuch),
                Err(error) => {
                    tracing::warn!(%error, "what somebody may see is not known");
                    Err(NotAsked::Unreached)
                }
            }
        })
    }
}
