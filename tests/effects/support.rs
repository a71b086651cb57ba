//! A stand-in with a crate that had a release, and a context to act in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hotfix_bot::clock::Clock;
use hotfix_bot::domain::effect::{Effect, Raise};
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{Observation, Package, PullKind};
use hotfix_bot::domain::obstacle::Obstacle;
use hotfix_bot::domain::outside::Outside;
use hotfix_bot::domain::read::Read;
use hotfix_bot::ecosystem::{Changelog, Member, Registry};
use hotfix_bot::engine::effects::{Context, Found, Made, Noted, act, look};
use hotfix_bot::github::{GitHub, GitHubOptions};
use hotfix_bot::notify::Channels;
use hotfix_bot::registry::{CratesIo, CratesIoOptions, Reach, Registries, StatusPages};
use hotfix_bot::rehearsal::registry_urls;
use hotfix_bot::server::roots;
use hotfix_bot::sim::{
    NewApp, Person, Role, Seed, Sim, SimClock, SimOptions, TEST_APP_KEY, World, releases,
};

pub const NOW: i64 = 1_769_850_000_000;
pub const BRANCH: &str = "hotfix/v1.0.5";
pub const KEY: &str = "1/0/bump/x/1";

const LOCK: &str = "# It is not intended for manual editing.\nversion = 4\n\n\
    [[package]]\nname = \"caro\"\nversion = \"1.0.4\"\n";
const LOG: &str = "# Changelog\n\n## [1.0.4] - 2026-01-01\n\n### Fixed\n\n- Something\n";
const CI: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\njobs:\n  \
    test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
const PUBLISH: &str = "name: Publish\non:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    \
    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n";

fn manifest(version: &str) -> String {
    format!("[package]\nname = \"caro\"\nversion = \"{version}\"\nedition = \"2021\"\n")
}

/// A stand-in with `acme/caro`: 1.0.4 is released, main is ahead.
pub struct House {
    pub sim: Sim,
    pub repo: u64,
    /// The commit of `v1.0.4`.
    pub base: Sha,
    pub main: Sha,
    pub issue: u64,
    pub dir: tempfile::TempDir,
    github: GitHub,
    registry: Registries,
    installation: i64,
    made: Kept,
}

/// Commits that were noted, without a case.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<Sha>>>);

impl Made for Kept {
    fn note<'a>(&'a self, commit: &'a Sha) -> Noted<'a, ()> {
        self.0.lock().unwrap().push(commit.clone());
        Box::pin(async { Ok(()) })
    }

    fn has<'a>(&'a self, commit: &'a Sha) -> Noted<'a, bool> {
        let there = self.0.lock().unwrap().contains(commit);
        Box::pin(async move { Ok(there) })
    }
}

impl House {
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sim = Sim::start(SimOptions {
            dir: dir.path().join("git"),
            clock: SimClock::owned(NOW),
            index_lag_ms: 0,
            fresh_token_refusals: 0,
        })
        .await
        .unwrap();
        let (repo, base, main, app, installation) = furnish(&mut sim.world());
        let issue = sim.person("rita", repo).open_issue("It hangs", "").unwrap();
        let clock = Clock::owned(NOW);
        let key = TEST_APP_KEY.to_owned().into();
        let github = GitHubOptions::new(sim.api_url(), app.to_string(), key, clock.clone());
        let mut registry = CratesIoOptions::new(
            sim.crates_url(),
            sim.crates_index_url(),
            "ops@example.test",
            clock,
        );
        registry.call_timeout = Duration::from_secs(10);
        registry.reach = Reach::Anywhere;
        House {
            repo,
            base: Sha::new(base),
            main: Sha::new(main),
            issue,
            dir,
            github: GitHub::new(github).unwrap(),
            registry: Registries::new(
                CratesIo::new(registry).unwrap(),
                roots(&registry_urls(&sim)),
            ),
            installation: i64::try_from(installation).unwrap(),
            made: Kept::default(),
            sim,
        }
    }

    pub fn context(&self) -> Context {
        let repo_id = i64::try_from(self.repo).unwrap();
        Context {
            repo: self
                .github
                .installation(self.installation)
                .only(repo_id)
                .repo("acme", "caro"),
            repo_id,
            proven: Default::default(),
            registry: self.registry.clone(),
            channels: Channels::new([], Clock::owned(NOW)),
            pages: (StatusPages::default(), Clock::owned(NOW)),
            default_branch: "main".into(),
            issue: i64::try_from(self.issue).unwrap(),
            bot: "hotfix[bot]".into(),
            attempts: 1,
            key: KEY.into(),
            made: Box::new(self.made.clone()),
        }
    }

    pub async fn act(&self, effect: &Effect) -> Outcome {
        act(&self.context(), effect).await.unwrap()
    }

    pub async fn look(&self, effect: &Effect) -> Found {
        look(&self.context(), effect).await.unwrap()
    }

    /// What a read answers.
    pub async fn read(&self, read: Read) -> Observation {
        match self.act(&Effect::Read(read)).await {
            Outcome::Seen(seen) => *seen,
            other => panic!("{other:?}"),
        }
    }

    /// Looks, acts, looks: not there, done, there with the same outcome.
    pub async fn once(&self, effect: &Effect) -> Outcome {
        assert_eq!(self.look(effect).await, Found::Not, "before {effect:?}");
        let outcome = self.act(effect).await;
        assert!(!matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
        assert_eq!(self.look(effect).await, Found::Done(outcome.clone()));
        outcome
    }

    pub fn person(&self, login: &str) -> Person {
        self.sim.person(login, self.repo)
    }

    pub fn package(&self) -> Package {
        Package {
            name: "caro".into(),
            manifest: "Cargo.toml".into(),
            lock: Some("Cargo.lock".into()),
            changelog: Some("CHANGELOG.md".into()),
            changelogs: vec![Changelog {
                path: "CHANGELOG.md".into(),
                ..Changelog::default()
            }],
            on_registry: true,
            manifests: vec!["Cargo.toml".into()],
            own: vec!["caro".into()],
            published: vec!["caro".into()],
            root: "Cargo.toml".into(),
            members: vec![Member {
                name: "caro".into(),
                manifest: "Cargo.toml".into(),
                version: "1.0.4".into(),
                released: true,
                publish: true,
            }],
            program: Some(false),
            library: Some(true),
            registry: Registry::Ours,
            ..Package::default()
        }
    }

    pub fn create_branch(&self) -> Effect {
        Effect::CreateBranch {
            branch: BRANCH.into(),
            sha: self.base.clone(),
            raise: None,
        }
    }

    /// The branch that begins with the bump.
    pub fn create_bumped(&self) -> Effect {
        Effect::CreateBranch {
            branch: BRANCH.into(),
            sha: self.base.clone(),
            raise: Some(Box::new(Raise {
                package: self.package(),
                version: "1.0.5".into(),
                entry: "Critical: it hangs (#1)".into(),
                date: "2026-01-31".into(),
                message: "chore: bump version to 1.0.5 for hotfix".into(),
            })),
        }
    }

    pub fn bump(&self, parent: &Sha) -> Effect {
        Effect::PushBump {
            branch: BRANCH.into(),
            parent: parent.clone(),
            package: self.package(),
            version: "1.0.5".into(),
            entry: "Critical: it hangs (#1)".into(),
            date: "2026-01-31".into(),
            message: "chore: bump version to 1.0.5 for hotfix".into(),
            was: None,
        }
    }

    pub fn open_pull(&self) -> Effect {
        Effect::OpenPull {
            head: BRANCH.into(),
            base: "main".into(),
            title: "Hotfix v1.0.5".into(),
            body: "It hangs.".into(),
            pull: PullKind::Hotfix,
            ready: false,
        }
    }

    /// The branch with the bump on it; gives the head.
    pub async fn bumped(&self) -> Sha {
        self.act(&self.create_branch()).await;
        let bumped = self.act(&self.bump(&self.base)).await;
        assert_eq!(bumped, Outcome::Done);
        self.head(BRANCH)
    }

    /// The draft pull request of a bumped branch with a fix: number, GraphQL id
    /// and head.
    pub async fn pulled(&self) -> (u64, String, Sha) {
        self.bumped().await;
        let fix = [(
            "src/lib.rs",
            Some("pub fn f() {}\n#[test]\nfn works() {}\n"),
        )];
        let head = self
            .person("dev")
            .push_commit(BRANCH, "fix(critical): it\n", &fix);
        match self.act(&self.open_pull()).await {
            Outcome::PullOpened { number, pull } => (number, pull.node_id, Sha::new(head.unwrap())),
            other => panic!("{other:?}"),
        }
    }

    /// Where a branch stands.
    pub fn head(&self, branch: &str) -> Sha {
        let world = self.sim.world();
        let git = &world.repos[&self.repo].git;
        Sha::new(git.read_ref(&format!("refs/heads/{branch}")).unwrap())
    }

    /// The file's text at a ref.
    pub fn file(&self, at: &str, path: &str) -> String {
        let world = self.sim.world();
        let git = &world.repos[&self.repo].git;
        let commit = git.read_ref(at).unwrap();
        let commit = git.peel(&commit).unwrap();
        String::from_utf8(git.file_at(&commit, path).unwrap()).unwrap()
    }

    /// How often an operation was called since the start.
    pub fn calls(&self, operation: &str) -> usize {
        let world = self.sim.world();
        let of =
            |call: &&hotfix_bot::sim::log::CallRecord| call.operation.as_deref() == Some(operation);
        world.log.calls.iter().filter(of).count()
    }

    /// All calls so far.
    pub fn asked(&self) -> usize {
        self.sim.world().log.calls.len()
    }

    /// Lets everything happen that is due some time.
    pub fn run_on(&self) {
        while let Some(due) = self.sim.next_due() {
            self.sim.clock().advance_to(due);
            self.sim.tick();
        }
    }
}

/// What the bot found in an effect's way.
pub fn refusal(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused {
            obstacle: Obstacle::Found(words),
        } => written(&words),
        other => panic!("{other:?}"),
    }
}

/// GitHub's own words, where it is GitHub that refused.
pub fn refused_by_github(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused {
            obstacle: Obstacle::Refused(words),
        } => written(&words),
        other => panic!("{other:?}"),
    }
}

/// As it is stored.
fn written(words: &Outside) -> String {
    let json = serde_json::to_value(words).expect("a string");
    json.as_str().unwrap_or_default().to_owned()
}

fn furnish(world: &mut World) -> (u64, String, String, u64, u64) {
    world.add_org("acme");
    let repo = world.create_repo("acme", "caro", false).unwrap();
    world.set_role(repo, "dev", Role::Write);
    world.set_role(repo, "mia", Role::Maintain);
    world.add_user("rita");
    let (old, new) = (manifest("1.0.4"), manifest("1.2.0"));
    let seed = |message, files| Seed {
        author: "dev",
        message,
        at: NOW - 9_000_000,
        files,
    };
    let files = [
        ("Cargo.toml", Some(old.as_str())),
        ("Cargo.lock", Some(LOCK)),
        ("CHANGELOG.md", Some(LOG)),
        ("src/lib.rs", Some("pub fn f() { loop {} }\n")),
        (".github/workflows/ci.yml", Some(CI)),
        (".github/workflows/publish.yml", Some(PUBLISH)),
        (".github/workflows/odd.yaml", Some("just text\n")),
        (".github/workflows/README.md", Some("no workflow\n")),
    ];
    let base = world
        .seed(repo, "main", &[seed("Begin\n", &files)])
        .unwrap();
    world
        .seed_tag(repo, "v1.0.4", &base, Some("v1.0.4\n"))
        .unwrap();
    world.seed_tag(repo, "v1.0.3", &base, None).unwrap();
    let author = world.add_user("dev");
    releases::seed(
        world,
        repo,
        "v1.0.4",
        author,
        "Notes\n",
        NOW - 8_000_000,
        &["caro.tar.gz", "SHA256SUMS"],
    );
    let raised = [("Cargo.toml", Some(new.as_str()))];
    let ahead = [
        seed("feat: more\n\nOf it.\n", &[("src/more.rs", Some("\n"))][..]),
        seed("feature flags\n", &raised[..]),
    ];
    let main = world.seed(repo, "main", &ahead).unwrap();
    world
        .seed_tag(repo, "v1.1.0-rc.1", &main, Some("rc\n"))
        .unwrap();
    world
        .registry
        .publish_existing(NOW - 8_000_000, "caro", "1.0.4")
        .unwrap();
    hotfix_bot::sim::registry::names_repository(world, "caro", repo);
    let permissions = &[
        ("contents", "write"),
        ("issues", "write"),
        ("pull_requests", "write"),
        ("actions", "write"),
        ("checks", "read"),
        ("statuses", "read"),
        ("workflows", "write"),
    ];
    let app = NewApp {
        slug: "hotfix",
        owner: "acme",
        key_pem: TEST_APP_KEY,
        webhook_secret: "a test secret",
        permissions,
        events: &[],
    };
    let app = world.add_app(&app).unwrap();
    let installation = world.install_app(app, &[repo]).unwrap();
    (repo, base, main, app, installation)
}
