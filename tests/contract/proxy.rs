//! A whole rehearsal through a validating proxy between server and stand-in.
//!
//! `GITHUB_CONTRACT_PROXY` names a Node script that is called with
//! `--upstream URL --port N --log FILE --calls FILE --quiet --no-auth-checks`
//! (times are simulated, so token times cannot be checked). It writes one JSON
//! object a line: into the first file each violation, with its `severity`, into
//! the second each call.

use std::net::TcpListener as Probe;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hotfix_bot::cli::rehearse::{Narrator, RehearseArgs, Server, ServerSetup, Stage, play};
use hotfix_bot::cli::serve::{ServeError, assemble, serve_on};
use hotfix_bot::engine::Engine;
use hotfix_bot::settings::{Settings, graphql_url};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

struct Proxied {
    engine: Engine,
    url: String,
    shutdown: CancellationToken,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Server for Proxied {
    fn webhook_url(&self) -> String {
        self.url.clone()
    }

    async fn busy(&self, now: i64) -> bool {
        self.engine.busy(now).await.map_or(true, |left| left > 0)
    }

    async fn next_due(&self) -> Option<i64> {
        self.engine.next_due().await.ok().flatten()
    }

    async fn stop(self) {
        self.shutdown.cancel();
        let _ = self.served.await;
    }
}

async fn start(setup: ServerSetup, api_url: String) -> Result<Proxied, String> {
    let settings = Settings {
        app_id: setup.app_id.to_string(),
        private_key: setup.private_key.to_owned().into(),
        webhook_secrets: vec![setup.webhook_secret.to_owned().into()],
        host: "127.0.0.1".to_owned(),
        port: 0,
        database_url: format!("sqlite:{}", setup.database.display()),
        github_graphql_url: graphql_url(&api_url),
        github_api_url: api_url,
        crates_io_url: setup.crates_url.clone(),
        crates_io_index_url: setup.crates_index_url.clone(),
        rust_log: String::new(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhook", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let machinery = assemble(&settings, setup.clock.clone(), shutdown.clone())
        .await
        .map_err(|e| e.to_string())?;
    Ok(Proxied {
        engine: machinery.engine.clone(),
        url,
        shutdown,
        served: tokio::spawn(serve_on(listener, machinery, setup.clock)),
    })
}

/// The proxy, killed at the end.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_passes_a_validating_proxy() {
    let Some(script) = std::env::var_os("GITHUB_CONTRACT_PROXY").filter(|v| !v.is_empty()) else {
        return println!("LEFT OUT: GITHUB_CONTRACT_PROXY names no proxy");
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("violations.jsonl");
    let port = Probe::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut running = None;
    let calls = dir.path().join("calls.jsonl");
    let (log_file, calls_file) = (log.clone(), calls.clone());
    let begin = async |setup: ServerSetup, _: &Stage| {
        let child = Command::new("node")
            .arg(&script)
            .args(["--upstream", &setup.api_url, "--port", &port.to_string()])
            .arg("--log")
            .arg(&log_file)
            .arg("--calls")
            .arg(&calls_file)
            .args(["--quiet", "--no-auth-checks"])
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| e.to_string())?;
        running = Some(Proxy(child));
        let since = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            if since.elapsed() > Duration::from_secs(60) {
                return Err("the proxy does not listen".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        start(setup, format!("http://127.0.0.1:{port}")).await
    };
    let mut narrator = Narrator::new(Box::new(std::io::sink()), false);
    let report = play(&RehearseArgs::default(), begin, &mut narrator)
        .await
        .unwrap();
    drop(running);
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    let passed = std::fs::read_to_string(&calls).unwrap_or_default();
    let passed = passed.lines().count();
    println!("{passed} calls passed the proxy");
    assert!(passed > 100, "only {passed} calls passed the proxy");
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    let mut errors = Vec::new();
    for line in text.lines() {
        let violation: Value = serde_json::from_str(line).unwrap();
        if violation["severity"] == "error" {
            errors.push(line);
        } else {
            println!("{line}");
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
