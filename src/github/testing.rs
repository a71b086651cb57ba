//! What this room's tests share: a key, and a small server to ask.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http_body_util::BodyExt as _;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::{GitHub, GitHubOptions};
use crate::clock::Clock;

/// A key made for these tests alone: PKCS#1, DER, base64.
const KEY: [&str; 16] = [
    "MIIEowIBAAKCAQEA0fzWtlWGd0rGsTqz55DPleAlqzrQuPPnOegX3EKWM799Kuh6oalTCI027tyWuOdVGJCFrc8HqPZNPTDSsKI9",
    "RHPjTEbX69TrTcNjwGW0ZwFECUXI3PsWcxr325pVSvJg0ZKmdGDPT8hoPAwrm4vEjjguejqWp9ve2bgelKXj2hRBfL8usg/D6bjW",
    "QtHn8z0Z5NzkzDsngxr7+zWVGJtp0vRtxXq+n1VY/Kxy+3Vsyx6Occ7nfUhIC7MdKD+vGYlvgb5aDhYxlA63AOABamGACQeFbe8m",
    "6SbfdwOOPUZfrsbFb4beDcsQoNIrU9Ahg8KkQnp4o1eWj19nv1x8UiNl5QIDAQABAoIBACRtcS32TjpZjXhnT5hHRcuhM8etj1HW",
    "dfFUsvbx0i6t9F/CLqvmvNHJ9ZKgT8FJ2DhHsfkB5jlIaQPJeXNM4cYDOJYd4A04RY2a7K4Otqn7zTqykXLMWAulzQOalVtICsWw",
    "ZBHiTXRwtqxcDCCSsYlec6meik4aVWF9kEiHMqy88E6NOp2c/9Ba0QyPEW/vAt/28e9xsG9bqODo8gqUVAQ4/nkMRz7id2KwK1Xm",
    "QAXtaAqFQHr/5/K+ZT65C2BgEgyrvJsilzRTOIng5aLu0L9mH0yeYI051mNbFBkDWLOr6aYxfDZXnUuT7gV2KrAH177yzFr1lyA4",
    "W3+Q5tux28ECgYEA8iDtm5SgEeG/wncjRrrvGqx2Ni4Y/qyL4NzTA2Hhggxa3xyX8+SjepmkETERoJ+WZZgkIV4OLMfJcij+hk0e",
    "IUKKDutOddWjN9PJoyNAVZr8nHdcN/NvqhORc1gjjQ9MWKDDZDHaD3FCgRPI6k/dzGiRNyjr35ewOpM5i2SkgjECgYEA3gSHfR57",
    "FGEJmJJ2fnnAqOOmV0ldLiayOkrcXeO1JArZiTWlySY+h1TKDaoE6TxpBM01WIY2dbm3Rjqr3fD6MPrp9RmQ8OMARaod1RsZERIK",
    "IPJ7q03XAwNDdhxiNy9lOp0zJy3i06yBSRQuwLY8K6pjIq4N58oZJkioMHsXXfUCgYA4MpJTmPRqEhZ64UILyZlzfHHXc22TtqKk",
    "pzxGvbIkiA+TV0ShdADJlN1yrAvmVwQGQoCoSfdKR3inCYLB0yZaG+KFQfItAU/nxj03oxfshpN5EW8TAWp6dB4/QkbGF7XloDKZ",
    "j8SH7wa7hMcOM0lMhzylK9dLRx69CazCgLJ6EQKBgDK/TkjnIrLxy0O4lqUqJ0NzZZ4mAsp9xddVLTG4zrrCUB7wyEhGGZzNYLHm",
    "3uCBEnAqh7sIUoJuRNokpww//LAdakS/50VoXbOOwurnGr+wI+iMBICPdkoWAOGKc1ix2K2hKQQXlPVVROfzWQxrmy1P8QEIT91f",
    "cIgzq14JhLnRAoGBAMhxeUxY2F7VH+ReEngAy/PA51ilaX98eHrQFcuTaL8BcNMIzpl5pDBoj6isvxkFc9/fHASbq+A+lccFqbMc",
    "VS8eF3WgQVecFH+BN7zM/Obc4vVfjxK+byEXfeXPVu4cIrU2XxdhTVYWdKwlLaZwt00NImVW+pLYSh96AVE/GENU",
];

fn der() -> Vec<u8> {
    STANDARD.decode(KEY.concat()).unwrap()
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let lines = lines.join("\n");
    format!("-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n")
}

/// The key as GitHub hands it out.
pub fn pem_pkcs1() -> String {
    pem("RSA PRIVATE KEY", &der())
}

/// The same key in PKCS#8.
pub fn pem_pkcs8() -> String {
    let key = der();
    let length = |n: usize| [0x82, (n >> 8) as u8, n as u8];
    let mut inner = vec![0x02, 0x01, 0x00];
    inner.extend([
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]);
    inner.push(0x04);
    inner.extend(length(key.len()));
    inner.extend(&key);
    let mut whole = vec![0x30];
    whole.extend(length(inner.len()));
    whole.extend(inner);
    pem("PRIVATE KEY", &whole)
}

/// The claims of a JWT that this key signed with RS256.
pub fn verify_jwt(jwt: &str) -> Option<Value> {
    let (message, signature) = jwt.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let part =
        |text: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(text).ok()?).ok();
    if part(header)?["alg"] != "RS256" {
        return None;
    }
    let pair = RsaKeyPair::from_der(&der()).ok()?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public())
        .verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
        .ok()?;
    part(claims)
}

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Path and query, undecoded.
    pub target: String,
    pub bearer: String,
    pub user_agent: String,
    pub accept: String,
    pub api_version: String,
    pub if_none_match: String,
    pub body: Value,
}

/// A server that answers by a function of the request and remembers it.
pub struct Server {
    pub url: String,
    pub seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts it on a port of its own. `answer` gets the request and how many
    /// came before.
    pub async fn start<F>(answer: F) -> Self
    where
        F: Fn(&Seen, usize) -> Response + Clone + Send + Sync + 'static,
    {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let log = seen.clone();
        let app = Router::new().fallback(move |request: Request| {
            let (log, answer) = (log.clone(), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let header = |name: &str| {
                    parts
                        .headers
                        .get(name)
                        .map_or(String::new(), |v| v.to_str().unwrap().to_owned())
                };
                let one = Seen {
                    method: parts.method.to_string(),
                    target: parts.uri.path_and_query().unwrap().to_string(),
                    bearer: header("authorization")
                        .strip_prefix("Bearer ")
                        .unwrap_or_default()
                        .to_owned(),
                    user_agent: header("user-agent"),
                    accept: header("accept"),
                    api_version: header("x-github-api-version"),
                    if_none_match: header("if-none-match"),
                    body: serde_json::from_slice(&body).unwrap_or_default(),
                };
                let before = {
                    let mut log = log.lock().unwrap();
                    log.push(one.clone());
                    log.len() - 1
                };
                answer(&one, before)
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Server { url, seen, task }
    }

    /// A client for it, by `clock`.
    pub fn client(&self, clock: &Clock) -> GitHub {
        let options = GitHubOptions::new(&self.url, "7", pem_pkcs1().into(), clock.clone());
        GitHub::new(options).unwrap()
    }

    /// What was asked: method and target.
    pub fn lines(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|s| format!("{} {}", s.method, s.target))
            .collect()
    }
}

/// An answer with a JSON body.
pub fn reply(status: u16, body: Value) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.to_string().into())
        .unwrap()
}

/// A freshly minted token that lives until `expires_at`.
pub fn token(name: &str, expires_at: &str) -> Response {
    reply(201, json!({"token": name, "expires_at": expires_at}))
}
