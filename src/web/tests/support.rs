//! A server on a free port with an inbox in memory, and a sender.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::super::*;
use crate::clock::Clock;
use crate::store::Fact;
use crate::telemetry;

/// Where the server's clock stands.
pub const NOW: i64 = 1_700_000_000_000;

/// An inbox that can be held and can fail.
pub struct Memory {
    kept: Mutex<Vec<(String, Fact)>>,
    batches: Mutex<Vec<usize>>,
    fails: AtomicBool,
    held: watch::Sender<bool>,
    entries: Semaphore,
}

impl Memory {
    pub fn new() -> Arc<Self> {
        Arc::new(Memory {
            kept: Mutex::default(),
            batches: Mutex::default(),
            fails: AtomicBool::new(false),
            held: watch::Sender::new(false),
            entries: Semaphore::new(0),
        })
    }

    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    pub fn release(&self) {
        self.held.send_replace(false);
    }

    /// Waits until a commit began.
    pub async fn entered(&self) {
        self.entries.acquire().await.unwrap().forget();
    }

    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    /// What was kept: the delivery's id, its repository and its fact.
    pub fn kept(&self) -> Vec<(String, Option<i64>, String)> {
        let kept = self.kept.lock().unwrap();
        let shown = kept
            .iter()
            .map(|(id, fact)| (id.clone(), fact.repo_id, fact.json.clone()));
        shown.collect()
    }

    pub fn batches(&self) -> Vec<usize> {
        self.batches.lock().unwrap().clone()
    }
}

impl Inbox for Memory {
    fn put(&self, batch: Vec<NewDelivery>) -> BoxFuture<'_, Result<Vec<Put>, String>> {
        Box::pin(async move {
            self.entries.add_permits(1);
            self.batches.lock().unwrap().push(batch.len());
            let _ = self.held.subscribe().wait_for(|held| !held).await;
            if self.fails.load(Ordering::SeqCst) {
                return Err("the disk is full".into());
            }
            let mut kept = self.kept.lock().unwrap();
            let mut known: HashSet<String> = kept.iter().map(|(id, _)| id.clone()).collect();
            let put = |d: NewDelivery| {
                if known.insert(d.delivery_id.clone()) {
                    kept.push((d.delivery_id, d.fact));
                    Put::Stored
                } else {
                    Put::Duplicate
                }
            };
            Ok(batch.into_iter().map(put).collect())
        })
    }
}

/// A signature that depends on every byte, and on nothing else.
fn sign(raw: &[u8]) -> String {
    let sum = raw.iter().fold(0_u64, |sum, b| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*b))
    });
    format!("sha256={sum:x}")
}

pub struct Server {
    pub address: SocketAddr,
    pub inbox: Arc<Memory>,
    pub shutdown: CancellationToken,
    pub task: JoinHandle<()>,
    /// How many payloads were decoded.
    pub asked: Arc<AtomicUsize>,
    ready: Arc<Mutex<Result<(), String>>>,
}

pub fn events(asked: &AtomicUsize) -> usize {
    asked.load(Ordering::SeqCst)
}

#[derive(Debug)]
pub struct Answer {
    /// 0: the connection ended without an answer.
    pub status: u16,
    pub body: String,
}

impl Server {
    pub async fn start(limits: Limits) -> Server {
        Server::with(limits, None).await
    }

    /// With the metrics at a listener of their own.
    pub async fn with(limits: Limits, metrics_at: Option<TcpListener>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inbox = Memory::new();
        let asked = Arc::new(AtomicUsize::new(0));
        let ready = Arc::new(Mutex::new(Ok(())));
        let shutdown = CancellationToken::new();
        let counted = asked.clone();
        let concerns = move |_: &str, payload: &str| {
            counted.fetch_add(1, Ordering::SeqCst);
            let Ok(Value::Object(payload)) = serde_json::from_str(payload) else {
                return Concern::Malformed("expected a JSON object".into());
            };
            match payload.get("drop").and_then(Value::as_str) {
                Some("unknown") => Concern::Drop("unknown"),
                Some(_) => Concern::Drop("ignored"),
                None => {
                    let repo = payload.get("keep").and_then(Value::as_i64);
                    Concern::Keep(Fact::plain(repo, Value::Object(payload).to_string()))
                }
            }
        };
        let answer = ready.clone();
        let web = Web {
            clock: Clock::owned(NOW),
            webhook: Webhook::new(|raw, signature| sign(raw) == signature, concerns),
            inbox: inbox.clone(),
            ready: Arc::new(move || {
                let answer = answer.lock().unwrap().clone();
                Box::pin(async move { answer })
            }),
            metrics: telemetry::metrics(),
            limits,
            pages: None,
            metrics_at,
            public_url: None,
            rest: None,
        };
        let task = super::super::start(listener, web, shutdown.clone());
        Server {
            address,
            inbox,
            shutdown,
            task,
            asked,
            ready,
        }
    }

    pub fn ready(&self, answer: Result<(), &str>) {
        *self.ready.lock().unwrap() = answer.map_err(str::to_owned);
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub async fn send(&self, delivery: Delivery) -> Answer {
        exchange(self.address, &delivery.text())
            .await
            .unwrap_or_else(none)
    }

    pub fn spawn(&self, delivery: Delivery) -> JoinHandle<Answer> {
        let address = self.address;
        tokio::spawn(async move {
            exchange(address, &delivery.text())
                .await
                .unwrap_or_else(none)
        })
    }

    pub async fn get(&self, path: &str) -> Answer {
        get(self.address, path).await
    }

    pub async fn metrics(&self) -> String {
        self.get("/metrics").await.body
    }

    /// Sends bytes and waits for the end of the connection.
    pub async fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        exchange(self.address, bytes).await
    }

    /// Waits until the port takes no connection any more.
    pub async fn until_refused(&self) {
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}

/// Asks at an address.
pub async fn get(address: SocketAddr, path: &str) -> Answer {
    let text = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    exchange(address, text.as_bytes())
        .await
        .unwrap_or_else(none)
}

fn none() -> Answer {
    Answer {
        status: 0,
        body: String::new(),
    }
}

/// Sends bytes and reads to the end; the server may answer and hang up before
/// it took them all.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let mut text = Vec::new();
    let (_, _) = tokio::join!(to.write_all(bytes), from.read_to_end(&mut text));
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer {
        status,
        body: body.to_owned(),
    })
}

/// A request to the webhook.
#[derive(Clone)]
pub struct Delivery {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Delivery {
    pub fn new(id: &str, kind: &str, body: &[u8]) -> Self {
        let headers = [
            ("Host", "x"),
            ("Connection", "close"),
            ("Content-Type", kind),
            ("Content-Length", &body.len().to_string()),
            ("X-GitHub-Event", "issues"),
            ("X-GitHub-Delivery", id),
            ("X-Hub-Signature-256", &sign(body)),
        ];
        Delivery {
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            body: body.to_vec(),
        }
    }

    pub fn json(id: &str, body: &str) -> Self {
        Self::new(id, "application/json", body.as_bytes())
    }

    pub fn form(id: &str, body: &str) -> Self {
        Self::new(id, "application/x-www-form-urlencoded", body.as_bytes())
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| n != name);
        self
    }

    pub fn with(self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        changed.headers.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// Another body of the same length under the same signature.
    pub fn altered(mut self, body: &str) -> Self {
        assert_eq!(self.body.len(), body.len());
        self.body = body.as_bytes().to_vec();
        self
    }

    fn text(&self) -> Vec<u8> {
        let mut text = String::from("POST /webhook HTTP/1.1\r\n");
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        [text.as_bytes(), &self.body].concat()
    }
}
