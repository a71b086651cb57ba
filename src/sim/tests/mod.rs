//! The stand-in from outside: real HTTP, real git.

mod auth;
mod contract;
mod hooks;
mod issues;
mod manifests;
mod oauth;
mod pulls;
mod refs;

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;

pub(super) const NOW: Millis = 1_769_850_000_000;
pub(super) const SECRET: &str = "a test secret";

/// A stand-in with one repository, `acme/caro`, and an App on it.
pub(super) struct Desk {
    pub sim: Sim,
    pub repo: u64,
    pub app: u64,
    pub installation: u64,
    pub client: reqwest::Client,
    pub token: String,
    /// The tagged commit `v1.0.4`, one behind main.
    pub released: String,
    pub main: String,
    _dir: tempfile::TempDir,
}

/// An answer, read to its end.
pub(super) struct Got {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    #[track_caller]
    pub fn says(self, status: u16, message: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        let text = self.body.to_string();
        assert!(text.contains(message), "{text}");
    }
}

/// What the App is granted where nothing else is said.
pub const ALL: &[(&str, &str)] = &[
    ("contents", "write"),
    ("issues", "write"),
    ("pull_requests", "write"),
    ("actions", "write"),
    ("checks", "write"),
    ("workflows", "write"),
];

impl Desk {
    pub async fn new() -> Self {
        Self::with(ALL).await
    }

    pub async fn with(permissions: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sim = Sim::start(SimOptions {
            dir: dir.path().to_owned(),
            clock: SimClock::owned(NOW),
            index_lag_ms: 0,
            fresh_token_refusals: 0,
        })
        .await
        .unwrap();
        let (repo, app, installation, released, main) = {
            let mut world = sim.world();
            world.add_org("acme");
            let repo = world.create_repo("acme", "caro", false).unwrap();
            for (login, role) in [
                ("mia", Role::Maintain),
                ("dev", Role::Write),
                ("tri", Role::Triage),
                ("boss", Role::Admin),
            ] {
                world.set_role(repo, login, role);
            }
            world.add_user("rita");
            world.add_label(repo, "P0", "b60205");
            let seed = |message, at, files| Seed {
                author: "dev",
                message,
                at,
                files,
            };
            let released = world
                .seed(
                    repo,
                    "main",
                    &[seed(
                        "First\n",
                        NOW - 9_000_000,
                        &[("src/lib.rs", Some("one\n")), ("README.md", Some("caro\n"))],
                    )],
                )
                .unwrap();
            world
                .seed_tag(repo, "v1.0.4", &released, Some("v1.0.4\n"))
                .unwrap();
            let main = world
                .seed(
                    repo,
                    "main",
                    &[seed("Second\n", NOW - 8_000_000, &[("new", Some("x\n"))])],
                )
                .unwrap();
            let app = world
                .add_app(&NewApp {
                    slug: "hotfix",
                    owner: "acme",
                    key_pem: TEST_APP_KEY,
                    webhook_secret: SECRET,
                    permissions,
                    events: &[],
                })
                .unwrap();
            let installation = world.install_app(app, &[repo]).unwrap();
            (repo, app, installation, released, main)
        };
        let client = reqwest::Client::builder()
            .no_proxy()
            .user_agent("sim-tests")
            .build()
            .unwrap();
        let mut desk = Self {
            sim,
            repo,
            app,
            installation,
            client,
            token: String::new(),
            released,
            main,
            _dir: dir,
        };
        desk.token = desk.new_token().await;
        desk
    }

    pub fn jwt(&self, iat: i64, exp: i64) -> String {
        let der: String = TEST_APP_KEY
            .lines()
            .filter(|l| !l.starts_with("-----"))
            .collect();
        let key = RsaKeyPair::from_der(&STANDARD.decode(der).unwrap()).unwrap();
        let part = |v: Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let now = self.sim.clock().now() / 1_000;
        let head = part(json!({ "alg": "RS256", "typ": "JWT" }));
        let claims =
            part(json!({ "iat": now + iat, "exp": now + exp, "iss": self.app.to_string() }));
        let signed = format!("{head}.{claims}");
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub async fn new_token(&self) -> String {
        let path = format!("/app/installations/{}/access_tokens", self.installation);
        let jwt = self.jwt(-60, 540);
        let got = self
            .send("POST", &path, &jwt, Some(json!({})))
            .await
            .unwrap();
        got.is(201)["token"].as_str().unwrap().to_owned()
    }

    /// A request with any token; an error when the connection was cut.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> Result<Got, reqwest::Error> {
        let url = format!("{}{path}", self.sim.api_url());
        let mut request = self
            .client
            .request(method.parse().unwrap(), url)
            .header("authorization", format!("Bearer {token}"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Got {
            status,
            headers,
            body,
        })
    }

    /// A request of the installation below `/repos/acme/caro`.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> Got {
        let path = format!("/repos/acme/caro{path}");
        let body = (!body.is_null()).then_some(body);
        self.send(method, &path, &self.token, body).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Got {
        self.call("GET", path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Got {
        self.call("POST", path, body).await
    }

    pub async fn graphql(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        self.send("POST", "/graphql", &self.token, Some(body))
            .await
            .unwrap()
            .is(200)
    }

    pub fn person(&self, login: &str) -> Person {
        self.sim.person(login, self.repo)
    }

    /// A hotfix branch with one commit on top of the release; gives the commit.
    pub fn hotfix(&self) -> String {
        let dev = self.person("dev");
        dev.create_branch("hotfix/v1.0.5", &self.released).unwrap();
        dev.push_commit("hotfix/v1.0.5", "Fix\n", &[("src/lib.rs", Some("two\n"))])
            .unwrap()
    }
}

/// Headers and body of one delivery.
type Received = (reqwest::header::HeaderMap, Vec<u8>);

/// A webhook that keeps what it gets.
pub(super) struct Receiver {
    pub url: String,
    pub got: Arc<Mutex<Vec<Received>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    pub async fn new() -> Self {
        let got = Arc::new(Mutex::new(Vec::new()));
        let keep = got.clone();
        let hook = move |headers: axum::http::HeaderMap, body: axum::body::Bytes| {
            let keep = keep.clone();
            async move {
                keep.lock().unwrap().push((headers, body.to_vec()));
                "ok"
            }
        };
        let router = axum::Router::new().route("/webhook", axum::routing::post(hook));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, got, task }
    }
}

/// Waits until nothing is under way in the stand-in.
pub(super) async fn quiet(sim: &Sim) {
    while !sim.is_quiet() {
        tokio::task::yield_now().await;
    }
}
