//! A GitHub that lets people sign in, and a browser of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret as _, SecretString};

use super::super::{
    Authority, Examiner, Grant, NotAsked, NotSignedIn, Person, SignIn, Viewer, Word,
};
use super::house::{Answer, House};
use crate::web::BoxFuture;

/// Where people reach the server.
pub const AT: &str = "https://h.example";

/// Where an organisation's single sign-on is passed.
pub const SSO: &str = "https://github.test/orgs/harbour/sso?authorization_request=A1";

/// What GitHub knows.
#[derive(Default)]
pub struct Known {
    /// Codes that count, with the challenge that they were given for.
    pub codes: BTreeMap<String, String>,
    /// Repositories by their name: id, whether private.
    pub repos: BTreeMap<String, (i64, bool)>,
    /// Names of before, and what they lead to.
    pub former: BTreeMap<String, String>,
    /// Who may read which private one, and push to which: token and id.
    pub reads: BTreeSet<(String, i64)>,
    pub pushes: BTreeSet<(String, i64)>,
    /// Tokens that count no more.
    pub revoked: BTreeSet<String>,
    /// Accounts that want their single sign-on first.
    pub sso: BTreeSet<String>,
    pub down: bool,
    /// What was asked for.
    pub asked: Vec<String>,
}

#[derive(Clone, Default)]
pub struct Hub(pub Arc<Mutex<Known>>);

impl Authority for Hub {
    fn leads_to(&self, back: &str, state: &str, challenge: &str) -> Option<String> {
        let below = back.strip_prefix(AT).unwrap();
        assert!(below.ends_with("/login/callback"), "{back}");
        Some(format!(
            "https://github.test/authorize?state={state}&code_challenge={challenge}"
        ))
    }

    /// A code is the login and something.
    fn person<'a>(
        &'a self,
        code: &'a str,
        verifier: &'a str,
        _back: &'a str,
    ) -> BoxFuture<'a, Result<Person, NotSignedIn>> {
        Box::pin(async move {
            use base64::Engine as _;
            use sha2::Digest as _;
            let mut known = self.0.lock().unwrap();
            if known.down {
                return Err(NotSignedIn::Unreached);
            }
            let proof = base64::engine::general_purpose::URL_SAFE_NO_PAD
                .encode(sha2::Sha256::digest(verifier));
            let challenge = known.codes.remove(code).ok_or(NotSignedIn::Refused)?;
            if challenge != proof {
                return Err(NotSignedIn::Refused);
            }
            let login = code.split('-').next().unwrap().to_owned();
            Ok(Person {
                id: login.bytes().map(i64::from).sum(),
                token: SecretString::from(login.clone()),
                login,
                lasts: None,
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
            let token = token.expose_secret().to_owned();
            let full_name = format!("{owner}/{name}").to_ascii_lowercase();
            let mut known = self.0.lock().unwrap();
            known.asked.push(full_name.clone());
            if known.down {
                return Err(NotAsked::Unreached);
            }
            if known.revoked.contains(&token) {
                return Err(NotAsked::Over);
            }
            let full_name = known.former.get(&full_name).cloned().unwrap_or(full_name);
            let Some((id, private)) = known.repos.get(&full_name).copied() else {
                return Ok(Word::No);
            };
            if known.sso.contains(full_name.split('/').next().unwrap()) {
                return Ok(Word::SingleSignOn(Some(SSO.to_owned())));
            }
            let whose = (token, id);
            let push = known.pushes.contains(&whose);
            let may = !private || push || known.reads.contains(&whose);
            let grant = Grant {
                id,
                full_name,
                private,
                push,
            };
            Ok(if may { Word::Yes(grant) } else { Word::No })
        })
    }
}

impl Hub {
    pub fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap()
    }

    /// GitHub leads somebody back, who was led there so; the way back.
    pub fn says(&self, login: &str, to: &str) -> String {
        let (state, challenge) = to.split_once("state=").unwrap().1.split_once('&').unwrap();
        let challenge = challenge.strip_prefix("code_challenge=").unwrap();
        let mut known = self.known();
        let code = format!("{login}-{}", known.codes.len());
        known.codes.insert(code.clone(), challenge.to_owned());
        format!("/login/callback?code={code}&state={state}")
    }
}

/// What a server on which people sign in has besides.
#[derive(Default)]
pub struct SignsIn {
    /// It is reached below this path.
    pub base: &'static str,
    pub examiner: Option<Arc<dyn Examiner>>,
    /// No page waits for a look.
    pub hurried: bool,
    /// So many streams are open at one time, where it is not the usual number.
    pub streams: Option<usize>,
}

/// A server on which people sign in, and its GitHub.
pub async fn house(viewer: Viewer) -> (House, Hub, Arc<SignIn>) {
    SignsIn::default().house(viewer).await
}

impl SignsIn {
    pub async fn house(self, viewer: Viewer) -> (House, Hub, Arc<SignIn>) {
        let hub = Hub::default();
        let (mut kept, ours) = (None, hub.clone());
        let house = House::with(viewer, |pages| {
            pages.base = self.base.into();
            pages.examiner = self.examiner;
            pages.streams = self.streams.unwrap_or(pages.streams);
            if self.hurried {
                pages.looks = std::time::Duration::ZERO;
            }
            let at = format!("{AT}{}", self.base);
            let sign_in = SignIn::new(Arc::new(ours), pages.clock.clone(), at);
            let sign_in = Arc::new(sign_in.unwrap());
            pages.sign_in = Some(sign_in.clone());
            kept = Some(sign_in);
        });
        let house = house.await;
        (house, hub, kept.unwrap())
    }
}

/// The cookies that an answer sets, as a browser shows them then; a cookie that is
/// taken away is not among them.
pub fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    let all = all.map(|it| it.to_str().unwrap());
    all.inspect(|it| {
        let whole = ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"];
        assert!(whole.iter().all(|part| it.contains(part)), "{it}");
        assert!(it.starts_with("__Host-") && !it.contains("Domain"), "{it}");
    })
    .map(|it| it.split(';').next().unwrap().to_owned())
    .filter(|it| !it.ends_with('='))
    .collect()
}

pub fn to(answer: &Answer) -> String {
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// A browser leaves to sign in; its cookie, and where it is led.
pub async fn leaves(house: &House, next: &str) -> (String, String) {
    let left = house.get(&format!("/login?next={next}")).await;
    assert_eq!(left.status, 303, "{}", left.body);
    let [cookie] = &cookies(&left)[..] else {
        panic!("one cookie");
    };
    (cookie.clone(), to(&left))
}

/// Somebody signs in; the cookie of their session.
pub async fn signs_in(house: &House, hub: &Hub, login: &str) -> String {
    let (cookie, github) = leaves(house, "/").await;
    let back = house.with_cookie(&cookie, &hub.says(login, &github)).await;
    assert_eq!(back.status, 303, "{}", back.body);
    assert_eq!(to(&back), format!("{AT}/"));
    let [session] = &cookies(&back)[..] else {
        panic!("one cookie");
    };
    session.clone()
}
