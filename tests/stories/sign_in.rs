//! Somebody signs in to the real server at the stand-in, and sees what GitHub lets
//! them see, as long as it does.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use hotfix_bot::clock::Clock;
use hotfix_bot::server::assemble;
use hotfix_bot::settings::{AddressArgs, Args, Settings};
use hotfix_bot::sim::{NewApp, Role, Sim, SimClock, SimOptions, TEST_APP_KEY, Who};
use hotfix_bot::store::{NewCase, RepoRow, Store};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const START: i64 = 1_772_441_400_000;
const MINUTE: i64 = 60_000;
const PAGE: &str = "/h/acme/cellar/1";

/// A server with one hotfix of a private repository, which mia may read.
struct Machine {
    _dir: tempfile::TempDir,
    sim: Sim,
    clock: Clock,
    base: String,
    app: u64,
    repo: u64,
    shutdown: CancellationToken,
    served: JoinHandle<()>,
}

impl Machine {
    async fn new(pages: &str) -> Machine {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let sim = Sim::start(SimOptions {
            dir: dir.path().join("git"),
            clock: SimClock::owned(START),
            index_lag_ms: 0,
            fresh_token_refusals: 0,
        })
        .await
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (app, repo, installation, id, secret) = {
            let mut world = sim.world();
            world.add_org("acme");
            let repo = world.create_repo("acme", "cellar", true).unwrap();
            world.set_role(repo, "mia", Role::Read);
            world.set_role(repo, "boss", Role::Admin);
            world.add_user("eve");
            let app = world.add_app(&NewApp {
                slug: "hotfix",
                owner: "acme",
                key_pem: TEST_APP_KEY,
                webhook_secret: "hook-s3cret",
                permissions: &[("issues", "write"), ("contents", "write")],
                events: &[],
            });
            let app = app.unwrap();
            let installation = world.install_app(app, &[repo]).unwrap();
            world.set_callback_urls(app, &[&format!("{base}/login/callback")]);
            let of = &world.apps[&app];
            let (id, secret) = (of.client_id.clone(), of.client_secret.clone());
            (app, repo, installation, id, secret)
        };
        let database = format!("sqlite:{}/bot.db", dir.path().display());
        furnish(&database, repo as i64, installation as i64).await;
        let settings = Settings::read(Args {
            app_id: Some(app.to_string()),
            private_key: Some(TEST_APP_KEY.into()),
            webhook_secret: Some("hook-s3cret".into()),
            database_url: Some(database.into()),
            addresses: AddressArgs {
                github_api_url: Some(sim.api_url()),
                crates_io_url: Some(sim.crates_url()),
                crates_io_index_url: Some(sim.crates_index_url()),
                ..AddressArgs::default()
            },
            pages: Some(pages.into()),
            public_url: Some(base.clone()),
            client_id: Some(id),
            client_secret: Some(secret.into()),
            metrics_port: Some("0".into()),
            ..Args::default()
        });
        let (clock, shutdown) = (Clock::owned(START), CancellationToken::new());
        let settings = settings.unwrap();
        let server = assemble(&settings, clock.clone(), shutdown.clone());
        let server = server.await.unwrap();
        let served = tokio::spawn(async move { server.serve_on(listener).await.unwrap() });
        sim.set_webhook(Some(format!("{base}/webhook")));
        Machine {
            _dir: dir,
            sim,
            clock,
            base,
            app,
            repo,
            shutdown,
            served,
        }
    }

    /// So much time passes, for both sides.
    fn later(&self, millis: i64) {
        self.clock.advance_to(self.clock.now() + millis);
        let clock = self.sim.clock();
        clock.advance_to(clock.now() + millis);
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.served.await.unwrap();
    }
}

async fn furnish(database: &str, repo: i64, installation: i64) {
    let store = Store::open(database).await.unwrap();
    let row = RepoRow {
        id: repo,
        installation_id: Some(installation),
        owner: "acme".into(),
        name: "cellar".into(),
        default_branch: "main".into(),
        html_url: "https://github.test/acme/cellar".into(),
        private: true,
        seen_at: START,
    };
    store.put_repo(&row).await.unwrap();
    let text = include_str!("../data/facts/v1/over.json");
    let frozen: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut tx = store.begin().await.unwrap();
    let new = NewCase {
        repo_id: repo,
        issue: 1,
        line: String::new(),
        facts: frozen["facts"].to_string(),
        schema: 1,
        policy_src: None,
        policy: None,
        phase: frozen["phase"].as_str().unwrap().to_owned(),
        wake_at: None,
        opened_at: START,
    };
    let mut case = tx.open_case(&new).await.unwrap();
    case.over_at = Some(START);
    tx.save_case(&case).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
}

struct Answer {
    status: u16,
    to: String,
    body: String,
}

/// A browser: keeps the cookies of each host, follows nothing by itself.
struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<(String, String), String>,
    /// All that it got to keep for itself.
    secrets: Vec<String>,
}

impl Browser {
    fn new() -> Browser {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Browser {
            client: client.unwrap(),
            cookies: BTreeMap::new(),
            secrets: Vec::new(),
        }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder, url: &str) -> Answer {
        let host = url::Url::parse(url).unwrap().authority().to_owned();
        let ours = self.cookies.iter().filter(|((at, _), _)| *at == host);
        let shown: Vec<String> = ours.map(|((_, name), it)| format!("{name}={it}")).collect();
        let request = request.header("cookie", shown.join("; "));
        let answer = request.send().await.unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = set.split_once('=').unwrap();
            let at = (host.clone(), name.to_owned());
            match value {
                "" => drop(self.cookies.remove(&at)),
                value => {
                    self.secrets.push(value.to_owned());
                    self.cookies.insert(at, value.to_owned());
                }
            }
        }
        let to = answer.headers().get("location");
        Answer {
            status: answer.status().as_u16(),
            to: to.map_or(String::new(), |it| it.to_str().unwrap().to_owned()),
            body: answer.text().await.unwrap(),
        }
    }

    async fn get(&mut self, url: &str) -> Answer {
        let request = self.client.get(url);
        self.send(request, url).await
    }

    /// Clicks the button with these words.
    async fn click(&mut self, host: &str, page: &Answer, words: &str) -> Answer {
        let mut forms = page.body.split("<form").skip(1);
        let form = forms.find(|form| form.contains(words));
        let form = form.unwrap_or_else(|| panic!("no {words}: {}", page.body));
        let of = |tag: &str, name: &str| {
            let (_, value) = tag.split_once(&format!("{name}=\"")).unwrap();
            let value = value.split('"').next().unwrap();
            value.replace("&quot;", "\"").replace("&amp;", "&")
        };
        let url = format!("{host}{}", of(form, "action"));
        let inputs = form.split("<input").skip(1);
        let fields = inputs.map(|tag| (of(tag, "name"), of(tag, "value")));
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self.client.post(&url).body(body);
        let request = request.header("sec-fetch-site", "same-origin");
        self.send(request, &url).await
    }

    /// Goes through GitHub to a page, as somebody; says yes where it is asked.
    async fn sign_in(&mut self, machine: &Machine, login: &str, page: &str) -> Answer {
        let github = machine.sim.api_url();
        let mut at = self.get(&format!("{}{page}", machine.base)).await;
        for _ in 0..10 {
            at = match at.to.as_str() {
                "" if at.body.contains("Sign in to GitHub") => {
                    let words = format!("Sign in as {login}<");
                    self.click(&github, &at, &words).await
                }
                "" if at.body.contains(">Authorize ") => {
                    self.click(&github, &at, ">Authorize ").await
                }
                "" => return at,
                to if to.starts_with("/login?") => self.get(&format!("{}{to}", machine.base)).await,
                to if to.starts_with('/') => self.get(&format!("{github}{to}")).await,
                to => {
                    let to = to.to_owned();
                    self.secrets.extend(to.split_once("code=").map(|it| {
                        let code = it.1.split('&').next().unwrap();
                        code.to_owned()
                    }));
                    self.get(&to).await
                }
            };
        }
        panic!("it goes round in circles: {}", at.to)
    }
}

/// Waits for something that a delivery is about to do.
async fn until(mut ask: impl AsyncFnMut() -> bool) {
    while !ask().await {
        tokio::task::yield_now().await;
    }
}

/// All that is logged, down to the last trace.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn who_may_read_a_repository_sees_its_hotfixes_and_nobody_else() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // Where there is one subscriber alone, tracing asks whichever thread meets a line
    // first, and takes its no for everybody's.
    let other = tracing_subscriber::fmt().with_writer(std::io::sink);
    let _other = tracing::Dispatch::new(other.finish());
    // Of this thread, on which everything of this test runs.
    let guard = tracing::subscriber::set_default(subscriber);
    let machine = Machine::new("signed-in").await;
    let (mut mia, mut eve) = (Browser::new(), Browser::new());
    let seen = mia.sign_in(&machine, "mia", PAGE).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert!(seen.body.contains("acme/cellar"), "{}", seen.body);
    let none = eve.sign_in(&machine, "eve", PAGE).await;
    assert_eq!(none.status, 404, "{}", none.body);
    let absent = eve.get(&format!("{}/h/no/where/1", machine.base)).await;
    assert_eq!((absent.status, absent.body), (404, none.body));
    assert_eq!(
        eve.get(&format!("{}/metrics", machine.base)).await.status,
        404
    );
    drop(guard);
    let log = log.0.lock().unwrap().clone();
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains("signed in"), "it is logged at all");
    let tokens: Vec<String> = machine.sim.world().tokens.keys().cloned().collect();
    assert!(tokens.iter().filter(|it| it.starts_with("ghu_")).count() == 2);
    let secret = machine.sim.world().apps[&machine.app].client_secret.clone();
    let secrets = tokens.iter().chain(&mia.secrets).chain(&eve.secrets);
    for secret in secrets.chain([&secret]) {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    machine.stop().await;
}

#[tokio::test]
async fn what_github_takes_away_is_gone() {
    let machine = Machine::new("signed-in").await;
    let page = format!("{}{PAGE}", machine.base);
    let mut mia = Browser::new();
    assert_eq!(mia.sign_in(&machine, "mia", PAGE).await.status, 200);
    // GitHub is down, for a while.
    machine.sim.goes_down(true);
    machine.later(30 * MINUTE);
    let held = mia.get(&page).await;
    assert_eq!(held.status, 200);
    assert!(
        held.body.contains("GitHub does not answer"),
        "{}",
        held.body
    );
    machine.later(30 * MINUTE);
    assert_eq!(mia.get(&page).await.status, 503);
    machine.sim.goes_down(false);
    // It is not asked with every page meanwhile.
    assert_eq!(mia.get(&page).await.status, 503);
    machine.later(MINUTE / 2);
    assert_eq!(mia.get(&page).await.status, 200);
    // Her role is gone: no delivery tells that.
    machine
        .sim
        .world()
        .repo_mut(machine.repo)
        .unwrap()
        .roles
        .clear();
    machine.later(5 * MINUTE);
    assert_eq!(mia.get(&page).await.status, 404);
    // It becomes public, and private again: deliveries tell.
    let boss = {
        let mut world = machine.sim.world();
        world.set_role(machine.repo, "boss", Role::Admin);
        Who::person(world.add_user("boss"))
    };
    let set = |private| {
        let mut world = machine.sim.world();
        world.set_private(machine.repo, private, &boss).unwrap();
    };
    set(false);
    until(async || mia.get(&page).await.status == 200).await;
    set(true);
    until(async || mia.get(&page).await.status == 404).await;
    // She takes back at GitHub what she let the App do.
    {
        let mut world = machine.sim.world();
        world.set_role(machine.repo, "mia", Role::Read);
        let mia = world.add_user("mia");
        world.takes_back(machine.app, mia);
    }
    until(async || mia.get(&page).await.status == 303).await;
    let again = mia.sign_in(&machine, "mia", PAGE).await;
    assert_eq!(again.status, 200, "{}", again.body);
    // Eight hours later the way leads through GitHub, which asks nothing.
    machine.later(8 * 60 * MINUTE);
    assert_eq!(mia.get(&page).await.status, 303);
    let silent = mia.sign_in(&machine, "nobody", PAGE).await;
    assert_eq!(silent.status, 200, "{}", silent.body);
    let out = mia.click(&machine.base, &silent, "Sign out").await;
    assert_eq!(
        (out.status, out.to),
        (303, format!("{}/signed-out", machine.base))
    );
    assert_eq!(mia.get(&page).await.status, 303);
    machine.stop().await;
}

/// What everybody may see is asked of GitHub, whatever deliveries tell.
#[tokio::test]
async fn what_github_says_is_public_everybody_sees() {
    let machine = Machine::new("public").await;
    let page = format!("{}{PAGE}", machine.base);
    let mut anybody = Browser::new();
    let boss = Who::person(machine.sim.world().add_user("boss"));
    assert_eq!(anybody.get(&page).await.status, 404);
    let set = |private| {
        let mut world = machine.sim.world();
        world.set_private(machine.repo, private, &boss).unwrap();
    };
    let suspends = |on| {
        let mut world = machine.sim.world();
        let suspended = world.suspends(machine.app, machine.repo, on, &boss);
        suspended.unwrap();
    };
    set(false);
    until(async || anybody.get(&page).await.status == 200).await;
    set(true);
    until(async || anybody.get(&page).await.status == 404).await;
    set(false);
    until(async || anybody.get(&page).await.status == 200).await;
    suspends(true);
    until(async || anybody.get(&page).await.status == 404).await;
    suspends(false);
    // GitHub did not answer while it was suspended, and is asked again a minute later.
    machine.later(MINUTE);
    until(async || anybody.get(&page).await.status == 200).await;
    machine.stop().await;
}

/// Nobody asked: the doctor looks by itself, and the repository's page says what it
/// found, and since when.
#[tokio::test]
async fn a_repository_is_looked_at_each_week() {
    let machine = Machine::new("signed-in").await;
    let page = "/r/acme/cellar";
    let mut boss = Browser::new();
    let seen = boss.sign_in(&machine, "boss", page).await;
    assert!(seen.body.contains("not looked at yet"), "{}", seen.body);
    let url = format!("{}{page}", machine.base);
    machine.later(5 * MINUTE);
    let mut first = String::new();
    until(async || {
        first = boss.get(&url).await.body;
        first.contains("Looked at")
    })
    .await;
    assert!(first.contains("labels-missing"), "{first}");
    let looked = |body: &str| {
        let (_, at) = body.split_once("Looked at <time datetime=\"").unwrap();
        let at = at.split('"').next().unwrap().to_owned();
        let (_, since) = body.split_once("Since <time datetime=\"").unwrap();
        (at, since.split('"').next().unwrap().to_owned())
    };
    let (at, since) = looked(&first);
    assert_eq!(at, since);
    machine.later(7 * 24 * 60 * MINUTE);
    let mut later = String::new();
    until(async || {
        later = boss.sign_in(&machine, "boss", page).await.body;
        looked(&later).0 != at
    })
    .await;
    assert_eq!(looked(&later).1, since, "it stands since the first look");
    machine.stop().await;
}
