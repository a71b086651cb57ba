//! People who sign in: GitHub's web flow of an App, and what is asked with their own
//! tokens.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::call::{Call, path};
use super::client::{API_VERSION, USER_AGENT};
use super::error::Error;
use super::transport::{Bearer, Transport};
use crate::clock::{Clock, Millis};

/// How long an answer is waited for: somebody looks at an empty page meanwhile.
const PATIENCE: Duration = Duration::from_secs(8);

/// The App as people sign in to it. (GitHub documentation: generating a user access
/// token for a GitHub App, the web application flow.)
pub struct People {
    pages: Transport,
    api: Transport,
    web_url: String,
    client_id: String,
    client_secret: SecretString,
    clock: Clock,
}

/// Somebody's token.
#[derive(Debug)]
pub struct UserToken {
    /// The token.
    pub token: SecretString,
    /// It ends after this, milliseconds; none: it does not end by itself.
    pub lasts: Option<Millis>,
}

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// GitHub's id, stable through renames.
    pub id: i64,
    /// The login at present.
    pub login: String,
}

/// A repository that somebody may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// GitHub's id.
    pub id: i64,
    /// The owner's login at present.
    pub owner: String,
    /// The name at present.
    pub name: String,
    /// Whether only the invited may.
    pub private: bool,
    /// Whether they may push as well.
    pub push: bool,
}

/// What a repository is to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// They may read it.
    Readable(Readable),
    /// It is not there, or not for them.
    Nothing,
    /// Not before they pass their organisation's single sign-on, at this address of
    /// GitHub's if it says so.
    SingleSignOn(Option<String>),
}

/// The answer to the exchange of a code: a refusal comes with 200 as well.
#[derive(Deserialize)]
struct Exchanged {
    access_token: Option<String>,
    expires_in: Option<i64>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Owner {
    login: String,
}

#[derive(Default, Deserialize)]
struct Rights {
    #[serde(default)]
    push: bool,
}

#[derive(Deserialize)]
struct Repository {
    id: i64,
    name: String,
    owner: Owner,
    private: bool,
    #[serde(default)]
    permissions: Rights,
}

impl People {
    /// The App with this client id and secret; `web_url` is the base of GitHub's
    /// pages, `api_url` of its REST API.
    ///
    /// # Errors
    /// An address is none.
    pub fn new(
        web_url: &str,
        api_url: &str,
        client_id: &str,
        client_secret: SecretString,
        clock: Clock,
    ) -> Result<Self, Error> {
        let transport = |url| Transport::new(url, None, USER_AGENT, API_VERSION, PATIENCE);
        Ok(People {
            pages: transport(web_url)?,
            api: transport(api_url)?,
            web_url: web_url.trim_end_matches('/').to_owned(),
            client_id: client_id.to_owned(),
            client_secret,
            clock,
        })
    }

    /// Where somebody is led to sign in, and let back to `redirect_uri` with a code
    /// and this state. `challenge`: of PKCE, S256, the one method that GitHub takes.
    ///
    /// # Errors
    /// The base of GitHub's pages is no address.
    pub fn authorize_url(
        &self,
        redirect_uri: &str,
        state: &str,
        challenge: &str,
    ) -> Result<String, Error> {
        let at = format!("{}/login/oauth/authorize", self.web_url);
        let pairs = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", redirect_uri),
            ("state", state),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
            ("allow_signup", "false"),
        ];
        let url = Url::parse_with_params(&at, pairs);
        url.map(String::from)
            .map_err(|_| Error::invalid("GitHub's pages have no address"))
    }

    /// Exchanges the code that GitHub sent along: `POST /login/oauth/access_token`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with GitHub's word for it: the code is unknown, used or too
    /// old, or the App's secret is wrong. Anything else: there is no answer.
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> Result<UserToken, Error> {
        let at = path(&["login", "oauth", "access_token"]);
        let call = Call::post("oauth/access-token", at, serde_json::Value::Null).form(&[
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ]);
        let nobody = Bearer {
            secret: None,
            label: "",
        };
        let reply = self.pages.send(&call, &nobody, self.clock.now(), 0).await?;
        let answer: Exchanged = reply.json()?;
        match (answer.access_token, answer.error) {
            (Some(token), None) => Ok(UserToken {
                token: SecretString::from(token),
                lasts: answer
                    .expires_in
                    .filter(|it| *it > 0)
                    .map(|it| it.saturating_mul(1_000)),
            }),
            (_, error) => Err(Error::invalid(error.unwrap_or_default())),
        }
    }

    /// Whose token it is: `GET /user`.
    ///
    /// # Errors
    /// [`Error::Unauthorized`]: the token counts no more.
    pub async fn me(&self, token: &SecretString) -> Result<Me, Error> {
        let call = Call::get("users/get-authenticated", path(&["user"]));
        let theirs = Bearer {
            secret: Some(token),
            label: "",
        };
        let now = self.clock.now();
        self.api.send(&call, &theirs, now, 0).await?.json()
    }

    /// What the repository of this name is to whose token it is:
    /// `GET /repos/{owner}/{repo}`. What was renamed is found by its former name.
    ///
    /// # Errors
    /// [`Error::Unauthorized`]: the token counts no more. Anything else: there is no
    /// answer.
    pub async fn repository(
        &self,
        token: &SecretString,
        owner: &str,
        name: &str,
    ) -> Result<Access, Error> {
        let call = Call::get("repos/get", path(&["repos", owner, name]));
        let theirs = Bearer {
            secret: Some(token),
            label: "",
        };
        let reply = self.api.send(&call, &theirs, self.clock.now(), 0).await?;
        if let Some(at) = reply.single_sign_on() {
            let at = at.filter(|at| is_below(at, &self.web_url));
            return Ok(Access::SingleSignOn(at.map(str::to_owned)));
        }
        match reply.maybe::<Repository>() {
            Ok(Some(it)) => Ok(Access::Readable(Readable {
                id: it.id,
                owner: it.owner.login,
                name: it.name,
                private: it.private,
                push: it.permissions.push,
            })),
            // What GitHub refuses to this person is nothing that it does not answer.
            Ok(None)
            | Err(Error::Forbidden { .. } | Error::Invalid { .. } | Error::Conflict(_)) => {
                Ok(Access::Nothing)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether an address is one of GitHub's pages, so that people may be led there.
fn is_below(address: &str, web_url: &str) -> bool {
    let (Ok(address), Ok(ours)) = (Url::parse(address), Url::parse(web_url)) else {
        return false;
    };
    address.origin() == ours.origin() && address.username().is_empty()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;
    use crate::github::testing::{Server, reply};

    /// What GitHub answers to somebody who asks for a repository.
    async fn asked(status: u16, sso: Option<&'static str>) -> Result<Access, Error> {
        let server = Server::start(move |_, _| {
            let mut answer = reply(status, json!({"message": "as it is"}));
            if let Some(sso) = sso {
                let sso = HeaderValue::from_static(sso);
                answer.headers_mut().insert("x-github-sso", sso);
            }
            answer
        });
        let server = server.await;
        let web = "https://github.test";
        let clock = Clock::owned(1_772_441_400_000);
        let people = People::new(web, &server.url, "id", "s3cret".to_owned().into(), clock);
        let token = SecretString::from("ghu_1".to_owned());
        people.unwrap().repository(&token, "acme", "caro").await
    }

    #[tokio::test]
    async fn a_single_sign_on_is_no_no() {
        let wanted =
            Some("required; url=https://github.test/orgs/acme/sso?authorization_request=A");
        let at = "https://github.test/orgs/acme/sso?authorization_request=A";
        let told = asked(403, wanted).await.unwrap();
        assert_eq!(told, Access::SingleSignOn(Some(at.to_owned())));
        // Nobody is led to a page that is not GitHub's.
        for elsewhere in [
            "required",
            "required; url=https://github.test.evil.example/orgs/acme/sso",
            "required; url=https://u@github.test/",
            "required; url=javascript:alert(1)",
            "required; url=http://github.test/orgs/acme/sso",
        ] {
            let told = asked(403, Some(elsewhere)).await.unwrap();
            assert_eq!(told, Access::SingleSignOn(None), "{elsewhere}");
        }
        assert_eq!(asked(403, None).await.unwrap(), Access::Nothing);
        let partial = Some("partial-results; organizations=1");
        assert_eq!(asked(403, partial).await.unwrap(), Access::Nothing);
    }

    /// Anybody can ask for a repository to which GitHub answers so: it is an answer, and
    /// no reason to ask for nobody's rights for a while.
    #[tokio::test]
    async fn what_github_refuses_to_somebody_is_an_answer() {
        for status in [404, 410, 422, 451, 409] {
            let told = asked(status, None).await;
            assert_eq!(told.unwrap(), Access::Nothing, "{status}");
        }
        assert!(matches!(asked(401, None).await, Err(Error::Unauthorized)));
        assert!(asked(502, None).await.is_err());
    }
}
