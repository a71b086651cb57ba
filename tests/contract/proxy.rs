//! A validating proxy between server and stand-in: a whole rehearsal, whose
//! times are simulated, and a shorter one by the system's clock (`realtime`),
//! where tokens' kinds and times are checked as well.
//!
//! `GITHUB_CONTRACT_PROXY` names a Node script that is called with
//! `--upstream URL --port N --log FILE --calls FILE --quiet`, and with
//! `--no-auth-checks` where times are simulated. It writes one JSON object a
//! line: into the first file each violation, with its `severity`, into the
//! second each call.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::TcpListener as Probe;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hotfix_bot::rehearsal::{Narrator, RealServer, RehearseArgs, ServerSetup, Stage, play};
use serde_json::Value;

/// The proxy's script; says what is left out where none is named.
pub fn script() -> Option<OsString> {
    let script = std::env::var_os("GITHUB_CONTRACT_PROXY").filter(|v| !v.is_empty());
    if script.is_none() {
        println!("LEFT OUT: GITHUB_CONTRACT_PROXY names no proxy");
    }
    script
}

/// The proxy; killed at the end.
pub struct Proxy {
    child: Child,
    port: u16,
    violations: PathBuf,
    calls: PathBuf,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Proxy {
    /// Starts it before `upstream`, its files in `dir`; returns when it listens.
    pub async fn start(
        script: &OsString,
        upstream: &str,
        dir: &Path,
        more: &[&str],
    ) -> Result<Proxy, String> {
        let free = Probe::bind("127.0.0.1:0").and_then(|probe| probe.local_addr());
        let port = free.map_err(|e| e.to_string())?.port();
        let (violations, calls) = (dir.join("violations.jsonl"), dir.join("calls.jsonl"));
        let child = Command::new("node")
            .arg(script)
            .args(["--upstream", upstream, "--port", &port.to_string()])
            .arg("--log")
            .arg(&violations)
            .arg("--calls")
            .arg(&calls)
            .arg("--quiet")
            .args(more)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| e.to_string())?;
        let proxy = Proxy {
            child,
            port,
            violations,
            calls,
        };
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
        Ok(proxy)
    }

    /// Where the API is through it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The calls that passed, if none of them, and no answer, is an error.
    #[track_caller]
    pub fn calls(self) -> Vec<Value> {
        let (violations, calls) = (lines(&self.violations), lines(&self.calls));
        let is_error = |violation: &&Value| violation["severity"] == "error";
        let errors: Vec<String> = violations
            .iter()
            .filter(is_error)
            .map(Value::to_string)
            .collect();
        let mut others: BTreeMap<String, usize> = BTreeMap::new();
        for violation in violations.iter().filter(|v| !is_error(v)) {
            let key = ["severity", "kind", "operationId", "detail"];
            let key = key.map(|key| violation[key].to_string()).join(" ");
            *others.entry(key).or_default() += 1;
        }
        for (other, times) in &others {
            println!("{times} times {other}");
        }
        println!(
            "{} calls passed the proxy; {} errors",
            calls.len(),
            errors.len()
        );
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        calls
    }
}

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON in each line")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_passes_a_validating_proxy() {
    let Some(script) = script() else {
        return;
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let mut running = None;
    let begin = async |setup: ServerSetup, _: &Stage| {
        let simulated = ["--no-auth-checks"];
        let proxy = Proxy::start(&script, &setup.api_url, dir.path(), &simulated).await?;
        let api_url = running.insert(proxy).url();
        RealServer::start(ServerSetup { api_url, ..setup }).await
    };
    let mut narrator = Narrator::new(Box::new(std::io::sink()), false);
    let report = play(&RehearseArgs::default(), begin, &mut narrator)
        .await
        .unwrap();
    assert_eq!(report.outcome, "finished", "{}", report.reason);
    let passed = running.unwrap().calls().len();
    assert!(passed > 100, "only {passed} calls passed the proxy");
}
