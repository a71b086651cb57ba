//! A machine with nothing set, a browser, and what both are asked.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use hotfix_bot::clock::Clock;
use hotfix_bot::server::{FirstRunEnd, FirstRunError, assemble, first_run};
use hotfix_bot::settings::{AddressArgs, Args, Begin, begin};
use hotfix_bot::sim::{Sim, SimClock, SimOptions};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const START: i64 = 1_772_441_400_000;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;

/// How a server ended.
#[derive(Debug, PartialEq)]
pub enum End {
    Stopped,
    TakenAlong,
    Known(String),
}

/// A machine with nothing set, and GitHub.
pub struct Machine {
    pub dir: tempfile::TempDir,
    pub sim: Sim,
    pub clock: Clock,
    pub base: String,
    pub link: String,
    pub told: Arc<Mutex<Vec<String>>>,
    pub shutdown: CancellationToken,
    pub served: JoinHandle<End>,
}

impl Machine {
    pub async fn new() -> Machine {
        Machine::with(|_| ()).await
    }

    /// A folder in which something stands already.
    pub async fn with(before: impl FnOnce(&std::path::Path)) -> Machine {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        before(dir.path());
        let sim = Sim::start(SimOptions {
            dir: dir.path().join("git"),
            clock: SimClock::owned(START),
            index_lag_ms: 0,
            fresh_token_refusals: 0,
        })
        .await
        .unwrap();
        {
            let mut world = sim.world();
            world.add_org("acme");
            world.create_repo("acme", "lantern", false).unwrap();
            world.sign_in("mia");
        }
        let clock = Clock::owned(START);
        let mut machine = Machine {
            dir,
            sim,
            clock,
            base: String::new(),
            link: String::new(),
            told: Arc::default(),
            shutdown: CancellationToken::new(),
            served: tokio::spawn(async { End::Stopped }),
        };
        machine.start().await;
        machine
    }

    pub fn args(&self) -> Args {
        Args {
            database_url: Some(format!("sqlite:{}/bot.db", self.dir.path().display()).into()),
            addresses: AddressArgs {
                github_api_url: Some(self.sim.api_url()),
                crates_io_url: Some(self.sim.crates_url()),
                crates_io_index_url: Some(self.sim.crates_index_url()),
                ..AddressArgs::default()
            },
            public_url: Some(self.base.clone()),
            ..Args::default()
        }
    }

    /// Starts the server, as `serve` does.
    pub async fn start(&mut self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.base = format!("http://{}", listener.local_addr().unwrap());
        self.shutdown = CancellationToken::new();
        let run = match begin(self.args()).unwrap() {
            Begin::FirstRun(run) => run,
            Begin::Ready(settings) => {
                let server = assemble(&settings, self.clock.clone(), self.shutdown.clone());
                let server = server.await.unwrap();
                self.served = tokio::spawn(async move {
                    server.serve_on(listener).await.unwrap();
                    End::Stopped
                });
                return;
            }
        };
        let (clock, shutdown) = (self.clock.clone(), self.shutdown.clone());
        let (said, saying) = tokio::sync::oneshot::channel();
        let told = self.told.clone();
        self.served = tokio::spawn(async move {
            let end = first_run(&run, clock.clone(), listener, shutdown.clone(), |link| {
                told.lock().unwrap().push(link.to_owned());
                said.send(link.to_owned()).unwrap();
            });
            match end.await {
                Ok(FirstRunEnd::Ready(it)) => {
                    let server = assemble(&it.settings, clock, shutdown).await.unwrap();
                    let server = server.after(it.finished);
                    server.serve_on(it.listener).await.unwrap();
                    End::Stopped
                }
                Ok(FirstRunEnd::Stopped) => End::Stopped,
                Ok(FirstRunEnd::TakenAlong) => End::TakenAlong,
                Err(FirstRunError::Known(app)) => End::Known(app),
                Err(other) => panic!("{other}"),
            }
        });
        self.link = saying.await.unwrap_or_default();
    }

    pub async fn stop(&mut self) -> End {
        self.shutdown.cancel();
        (&mut self.served).await.unwrap()
    }

    pub fn token(&self) -> &str {
        self.link.split_once('#').unwrap().1
    }

    pub fn credentials(&self) -> PathBuf {
        self.dir.path().join("credentials.env")
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// A browser that was let in.
    pub async fn let_in(&self) -> Browser {
        let mut browser = self.browser();
        let entered = browser
            .post("/setup/unlock", &[("token", self.token())])
            .await;
        assert_eq!((entered.status, entered.to()), (303, "/setup".to_owned()));
        browser
    }

    /// Confirms the manifest at GitHub; gives the way back.
    pub async fn confirm(&self, browser: &mut Browser) -> String {
        let form = browser.post("/setup/manifest", &choice()).await;
        assert_eq!(form.status, 200, "{}", form.body);
        let asked = browser.submit(&form).await;
        assert!(
            asked.body.contains("Create GitHub App Hotfix Bot acme"),
            "{}",
            asked.body
        );
        let created = browser.submit_at(&self.sim.api_url(), &asked).await;
        assert_eq!(created.status, 302, "{}", created.body);
        created.to()
    }
}

pub fn choice() -> [(&'static str, &'static str); 4] {
    [
        ("where", "org"),
        ("org", "acme"),
        ("name", ""),
        ("wish", "discussions"),
    ]
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn to(&self) -> String {
        let to = self.headers.get("location");
        to.map(|it| it.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }
}

/// The answer to a request. A kept connection may end with a request on its way, as it
/// does where set-up hands over to the server: what only reads is sent once more then,
/// as browsers do (RFC 9112, 9.3.1).
async fn sent(request: reqwest::RequestBuilder) -> reqwest::Response {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let again = request.try_clone().filter(|it| it.method() == "GET");
    match (client.execute(request).await, again) {
        (Ok(answer), _) => answer,
        (Err(_), Some(again)) => client.execute(again).await.unwrap(),
        (Err(why), None) => panic!("{why}"),
    }
}

/// A browser: keeps cookies, says where a form stood, follows nothing by itself.
pub struct Browser {
    pub client: reqwest::Client,
    pub base: String,
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(base: &str) -> Browser {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Browser {
            client,
            base: base.to_owned(),
            cookie: None,
        }
    }

    /// Sends a request, with the cookie where it is to the server.
    pub async fn send(&mut self, request: reqwest::RequestBuilder, url: &str) -> Answer {
        let ours = url.starts_with(&self.base);
        let request = match &self.cookie {
            Some(cookie) if ours => request.header("cookie", cookie),
            _ => request,
        };
        let answer = sent(request).await;
        let headers = answer.headers().clone();
        if let Some(set) = headers.get("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(
                set.contains("HttpOnly") && set.contains("SameSite=Lax"),
                "{set}"
            );
            self.cookie = Some(set.split(';').next().unwrap().to_owned());
        }
        Answer {
            status: answer.status().as_u16(),
            headers,
            body: answer.text().await.unwrap(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.base),
        };
        self.send(self.client.get(&url), &url).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("origin", &self.base.clone()),
        ];
        self.post_from(path, fields, &headers).await
    }

    pub async fn post_from(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.base),
        };
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut request = self
            .client
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_str(value).unwrap());
        }
        self.send(request, &url).await
    }

    /// Clicks the button of the one form whose fields are hidden.
    pub async fn submit(&mut self, page: &Answer) -> Answer {
        self.submit_at("", page).await
    }

    pub async fn submit_at(&mut self, host: &str, page: &Answer) -> Answer {
        let form = &page.body[page.body.find("<form").unwrap()..];
        let form = &form[..form.find("</form>").unwrap()];
        let of = |tag: &str, name: &str| {
            let at = tag.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
            let value = &tag[at..];
            plain(&value[..value.find('"').unwrap()])
        };
        let action = format!("{host}{}", of(form, "action"));
        let hidden = form.split("<input").skip(1);
        let fields: Vec<(String, String)> = hidden
            .map(|tag| (of(tag, "name"), of(tag, "value")))
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let origin = self.base.clone();
        self.post_from(
            &action,
            &fields,
            &[("origin", &origin), ("sec-fetch-site", "cross-site")],
        )
        .await
    }
}

/// An attribute's text.
pub fn plain(escaped: &str) -> String {
    ["quot;", "#34;"]
        .iter()
        .fold(escaped.to_owned(), |text, it| {
            text.replace(&format!("&{it}"), "\"")
        })
        .replace("&lt;", "<")
        .replace("&#60;", "<")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// Waits for something that another task is about to do.
pub async fn until(mut ask: impl AsyncFnMut() -> bool) {
    let limit = std::time::Duration::from_secs(60);
    let asked = async {
        while !ask().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(limit, asked).await.expect("in vain");
}

/// What the App of the stand-in has that nobody may read.
pub fn secrets(sim: &Sim) -> Vec<String> {
    let world = sim.world();
    let apps = world.apps.values();
    apps.flat_map(|app| [app.webhook_secret.clone(), app.client_secret.clone()])
        .chain(["PRIVATE KEY".to_owned()])
        .collect()
}
