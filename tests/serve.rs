//! The real program in real time: started with settings, told of a label by a
//! signed delivery, asked for its health and metrics, stopped by SIGTERM.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hotfix_bot::sim::clock::SimClock;
use hotfix_bot::sim::{FaultPlan, FaultWhen, NewApp, Role, Seed, Sim, SimOptions, TEST_APP_KEY};

const SECRET: &str = "a-secret-of-this-test";
/// A step in real time on a loaded machine takes much less than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program; killed if the test fails before it is stopped.
struct Program {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Program {
    fn start(sim: &Sim, app: u64, dir: &std::path::Path) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"))
            .arg("serve")
            .env_clear()
            .envs([
                ("APP_ID", app.to_string()),
                ("PRIVATE_KEY", TEST_APP_KEY.replace('\n', "\\n")),
                ("WEBHOOK_SECRET", format!("the-next-one,{SECRET}")),
                ("PORT", "0".to_owned()),
                ("GITHUB_API_URL", sim.api_url()),
                ("CRATES_IO_URL", sim.crates_url()),
                ("CRATES_IO_INDEX_URL", sim.crates_index_url()),
                ("RUST_LOG", "debug".to_owned()),
                ("WATCHDOG_USEC", "3000000".to_owned()),
            ])
            .env("NOTIFY_SOCKET", dir.join("notify"))
            .current_dir(dir)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let into = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                into.lock().unwrap().push(line);
            }
        });
        Program { child, log }
    }

    fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    async fn address(&self) -> String {
        until("it listens", || {
            self.lines().iter().find_map(|line| {
                let at = line
                    .find("http://127.0.0.1:")
                    .filter(|_| line.contains("listening on"))?;
                let rest = &line[at..];
                Some(rest[..rest.find("/webhook")?].to_owned())
            })
        })
        .await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks until there is an answer; what is waited for is another process.
async fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn get(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_becomes_a_draft_pull_request_and_the_program_stops_in_order() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let sim = Sim::start(SimOptions {
        dir: dir.path().join("git"),
        clock: SimClock::system(),
        index_lag_ms: 0,
        fresh_token_refusals: 1,
    })
    .await
    .unwrap();
    let (repo, app) = {
        let mut world = sim.world();
        world.add_org("acme");
        let repo = world.create_repo("acme", "tool", false).unwrap();
        world.add_user("maintainer");
        world.set_role(repo, "maintainer", Role::Maintain);
        world.add_label(repo, "P0", "b60205");
        let files = [
            (
                "Cargo.toml",
                Some("[package]\nname = \"tool\"\nversion = \"0.1.0\"\n"),
            ),
            ("src/main.rs", Some("fn main() {}\n")),
        ];
        let now = sim.clock().now();
        let seed = Seed {
            author: "maintainer",
            message: "Begin",
            at: now - 1_000_000,
            files: &files,
        };
        let sha = world.seed(repo, "main", &[seed]).unwrap();
        world
            .seed_tag(repo, "v0.1.0", &sha, Some("v0.1.0"))
            .unwrap();
        let permissions = hotfix_bot::rehearsal::PERMISSIONS;
        let app = world
            .add_app(&NewApp {
                slug: "hotfix-bot",
                owner: "acme",
                key_pem: TEST_APP_KEY,
                webhook_secret: SECRET,
                permissions: &permissions,
                events: &[],
            })
            .unwrap();
        world.install_app(app, &[repo]).unwrap();
        (repo, app)
    };

    let systemd = UnixDatagram::bind(dir.path().join("notify")).unwrap();
    systemd.set_read_timeout(Some(PATIENCE)).unwrap();
    let told = || {
        let mut words = [0; 64];
        let length = systemd.recv(&mut words).unwrap();
        String::from_utf8_lossy(&words[..length]).into_owned()
    };
    let mut program = Program::start(&sim, app, dir.path());
    let address = program.address().await;
    sim.set_webhook(Some(format!("{address}/webhook")));
    assert_eq!(get(&format!("{address}/healthz")).await.0, 200);
    assert_eq!(get(&format!("{address}/readyz")).await.0, 200);
    assert_eq!((told(), told()), ("READY=1".into(), "WATCHDOG=1".into()));
    let health = |port: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
        let asked = command.arg("health").env("PORT", port).output().unwrap();
        asked.status.code()
    };
    let port = address.rsplit(':').next().unwrap();
    assert_eq!((health(port), health("1")), (Some(0), Some(1)));
    let pid = program.child.id().to_string();
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(sent.success());
    };
    for name in ["HUP", "XFSZ"] {
        signal(&format!("-{name}"));
        until("it has heard of it", || {
            let lines = program.lines();
            let heard = lines.iter().any(|l| l.contains(&format!("SIG{name}")));
            heard.then_some(())
        })
        .await;
    }

    let person = sim.person("maintainer", repo);
    let issue = person.open_issue("It does not start", "At all.").unwrap();
    person.label(issue, "P0").unwrap();
    let pull = until("a draft pull request", || {
        let world = sim.world();
        world.repos[&repo]
            .pull(issue + 1)
            .ok()
            .map(|(_, pull)| pull.draft)
    })
    .await;
    assert!(pull, "it is a draft");
    let metrics = until("the metrics of it", || {
        let lines = program.lines();
        lines.iter().any(|l| l.contains("\"pull\"")).then_some(())
    });
    metrics.await;
    let (status, metrics) = get(&format!("{address}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "hotfix_deliveries_total{event=\"issues\",outcome=\"stored\"}",
        "hotfix_effects_total{slot=\"branch\",outcome=\"done\"} 1",
        "hotfix_github_calls_total{operation=\"git/create-ref\",status=\"201\"} 1",
        "hotfix_github_rate_limit_left{",
        "hotfix_cases{phase=",
        "hotfix_inbox_pending ",
        "hotfix_inbox_age_seconds ",
        "hotfix_outbox{state=\"acting\"}",
        "hotfix_outbox_age_seconds{state=\"waiting\"}",
        "hotfix_database_bytes ",
        "hotfix_commit_seconds_bucket{of=\"deliveries\",le=",
        "hotfix_commit_seconds_bucket{of=\"step\",le=",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }

    // One delivery is followed from the socket to its effects by the keys.
    let lines = program.lines();
    let applied = lines
        .iter()
        .find(|l| l.contains("a hotfix begins"))
        .expect("the label's delivery");
    for key in [
        "\"delivery\":",
        "\"event\":\"issues\"",
        "\"repo\":\"acme/tool\"",
        "\"issue\":",
        "\"case\":",
    ] {
        assert!(applied.contains(key), "no {key} in {applied}");
    }
    assert!(lines.iter().any(|l| {
        [
            "\"effect\":\"branch\"",
            "\"attempt\":1",
            "\"repo\":\"acme/tool\"",
            "\"case\":",
        ]
        .iter()
        .all(|key| l.contains(key))
    }));
    for line in &lines {
        let secret = [SECRET, "ghs_", "PRIVATE KEY", "MIIE", "Bearer "]
            .iter()
            .find(|s| line.contains(**s));
        assert_eq!(secret, None, "a secret in the log: {line}");
    }

    // A call that hangs does not keep it from stopping.
    sim.plan_fault(Some(FaultPlan {
        at: sim.writes_seen(),
        when: FaultWhen::After,
    }));
    person.comment(issue, "/hotfix help").unwrap();
    sim.fault_struck().await.expect("a write that hangs");
    signal("-TERM");
    let ended = until("it stops", || program.child.try_wait().unwrap()).await;
    assert_eq!(ended.code(), Some(0));
    for words in ["did not end in time", "\"stopped\""] {
        let said = program.lines().iter().any(|l| l.contains(words));
        assert!(said, "{words}");
    }
}
