//! The real program in real time, on a database of PostgreSQL, and the stand-in that it
//! works with.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hotfix_bot::sim::clock::SimClock;
use hotfix_bot::sim::{NewApp, Person, Role, Seed, Sim, SimOptions, TEST_APP_KEY};

const SECRET: &str = "a-secret-of-this-test";
/// A step in real time on a loaded machine takes much less than this.
const PATIENCE: Duration = Duration::from_secs(90);

/// Asks until there is an answer; what is waited for is another process.
pub async fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The program; killed if the test fails before it ends.
pub struct Program {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Program {
    pub fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub fn says(&self, words: &str) -> bool {
        self.lines().iter().any(|line| line.contains(words))
    }

    pub async fn webhook(&self) -> String {
        until("it listens", || {
            self.lines().iter().find_map(|line| {
                let at = line
                    .find("http://127.0.0.1:")
                    .filter(|_| line.contains("listening on"))?;
                let rest = &line[at..];
                Some(format!("{}/webhook", &rest[..rest.find("/webhook")?]))
            })
        })
        .await
    }

    pub async fn leads(&self) {
        until("it leads", || self.says("\"took over\"").then_some(())).await;
    }

    pub async fn stands_by(&self) {
        until("it stands by", || {
            self.says("another server leads").then_some(())
        })
        .await;
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// Its exit code, when it has ended.
    pub async fn ended(&mut self) -> Option<i32> {
        let ended = until("it ends", || self.child.try_wait().unwrap()).await;
        ended.code()
    }

    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The stand-in with a repository that the App is installed on.
pub struct House {
    pub sim: Sim,
    repo: u64,
    app: u64,
    dir: tempfile::TempDir,
}

impl House {
    pub async fn new() -> House {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let sim = Sim::start(SimOptions {
            dir: dir.path().join("git"),
            clock: SimClock::system(),
            index_lag_ms: 0,
            fresh_token_refusals: 0,
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
            let cargo = "[package]\nname = \"tool\"\nversion = \"0.1.0\"\n";
            let files = [
                ("Cargo.toml", Some(cargo)),
                ("src/main.rs", Some("fn main() {}\n")),
            ];
            let seed = Seed {
                author: "maintainer",
                message: "Begin",
                at: sim.clock().now() - 1_000_000,
                files: &files,
            };
            let sha = world.seed(repo, "main", &[seed]).unwrap();
            world
                .seed_tag(repo, "v0.1.0", &sha, Some("v0.1.0"))
                .unwrap();
            let app = world
                .add_app(&NewApp {
                    slug: "hotfix-bot",
                    owner: "acme",
                    key_pem: TEST_APP_KEY,
                    webhook_secret: SECRET,
                    permissions: &hotfix_bot::rehearsal::PERMISSIONS,
                    events: &[],
                })
                .unwrap();
            world.install_app(app, &[repo]).unwrap();
            (repo, app)
        };
        House {
            sim,
            repo,
            app,
            dir,
        }
    }

    /// A server of it.
    pub fn serves(&self, database_url: &str) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"))
            .arg("serve")
            .env_clear()
            .envs([
                ("APP_ID", self.app.to_string()),
                ("PRIVATE_KEY", TEST_APP_KEY.replace('\n', "\\n")),
                ("WEBHOOK_SECRET", SECRET.to_owned()),
                ("PORT", "0".to_owned()),
                ("DATABASE_URL", database_url.to_owned()),
                ("GITHUB_API_URL", self.sim.api_url()),
                ("CRATES_IO_URL", self.sim.crates_url()),
                ("CRATES_IO_INDEX_URL", self.sim.crates_index_url()),
                ("RUST_LOG", "info".to_owned()),
            ])
            .current_dir(self.dir.path())
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

    /// GitHub sends to this one.
    pub async fn sends_to(&self, program: &Program) {
        self.sim.set_webhook(Some(program.webhook().await));
    }

    fn person(&self) -> Person {
        self.sim.person("maintainer", self.repo)
    }

    /// An issue, labelled.
    pub fn labelled(&self) -> u64 {
        let person = self.person();
        let issue = person.open_issue("It does not start", "At all.").unwrap();
        person.label(issue, "P0").unwrap();
        issue
    }

    /// Waits until the hotfix of the issue has its pull request, and holds that nothing
    /// was made twice.
    pub async fn is_prepared(&self, issue: u64) {
        until("a draft pull request", || {
            let world = self.sim.world();
            let pull = world.repos[&self.repo].pull(issue + 1);
            pull.ok().and_then(|(_, pull)| pull.draft.then_some(()))
        })
        .await;
        let world = self.sim.world();
        let done = |operation: &str| {
            let calls = world.log.calls.iter();
            let of = calls.filter(|c| c.operation.as_deref() == Some(operation));
            of.filter(|c| c.status == 201).count()
        };
        assert_eq!(done("git/create-ref"), 1, "one branch");
        assert_eq!(done("pulls/create"), 1, "one pull request");
    }
}
