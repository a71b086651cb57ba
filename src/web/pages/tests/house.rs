//! A store with cases from frozen facts, and its pages.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::super::{Pages, Viewer, router};
use crate::clock::Clock;
use crate::store::{CaseRow, NewCase, RepoRow, Store};

/// The repository that the frozen facts are of.
pub const REPO: i64 = 1002;

/// Two hours after the frozen hotfixes began.
const NOW: i64 = 1_772_448_600_000;

/// Facts below `tests/data/facts`, with what stands beside them.
#[derive(Clone)]
pub struct Frozen {
    pub name: String,
    pub schema: i64,
    pub facts: Value,
    pub phase: String,
    pub over: bool,
}

impl Frozen {
    fn read(schema: i64, path: &Path) -> Frozen {
        let text = std::fs::read_to_string(path).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        Frozen {
            name: path.file_stem().unwrap().display().to_string(),
            schema,
            facts: all["facts"].clone(),
            phase: all["phase"].as_str().unwrap().to_owned(),
            over: all["over"].as_bool().unwrap(),
        }
    }

    /// "v1/over".
    pub fn named(name: &str) -> Frozen {
        let schema = if name.starts_with("v1/") { 1 } else { 2 };
        Frozen::read(schema, &root().join(format!("{name}.json")))
    }

    /// All of them.
    pub fn all() -> Vec<Frozen> {
        let mut all = Vec::new();
        for schema in [1, 2] {
            let folder = root().join(format!("v{schema}"));
            for entry in std::fs::read_dir(folder).unwrap() {
                all.push(Frozen::read(schema, &entry.unwrap().path()));
            }
        }
        assert!(all.len() > 80, "{}", all.len());
        all
    }

    /// The same, when it is over.
    pub fn ended(mut self) -> Frozen {
        self.over = true;
        self
    }

    /// The same about an issue of this title.
    pub fn titled(mut self, title: &str) -> Frozen {
        let now = self.facts.pointer_mut("/issue/value/0/title").unwrap();
        *now = title.into();
        // What is decided has the title of the decision.
        for decided in ["title", "record"] {
            let at = format!("/lines//decision/{decided}");
            if let Some(it) = self.facts.pointer_mut(&at).filter(|it| it.is_string()) {
                *it = title.into();
            }
        }
        self
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/facts")
}

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// A store and its pages.
pub struct House {
    pub store: Store,
    pub stop: CancellationToken,
    pub router: Router,
    pub clock: Clock,
}

impl House {
    pub async fn new(viewer: Viewer) -> House {
        House::with(viewer, |_| {}).await
    }

    /// With bounds of its own.
    pub async fn with(viewer: Viewer, bounds: impl FnOnce(&mut Pages)) -> House {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let clock = Clock::owned(NOW);
        let mut pages = Pages::new(store.clone(), clock.clone(), viewer);
        bounds(&mut pages);
        let stop = CancellationToken::new();
        let house = House {
            router: router(pages, stop.clone()),
            store,
            stop,
            clock,
        };
        house.repo(REPO, "lantern", false).await;
        house
    }

    /// A repository of harbour's.
    pub async fn repo(&self, id: i64, name: &str, private: bool) {
        let row = RepoRow {
            id,
            installation_id: Some(3),
            owner: "harbour".into(),
            name: name.into(),
            default_branch: "main".into(),
            html_url: format!("https://github.test/harbour/{name}"),
            private,
            seen_at: 1,
        };
        self.store.put_repo(&row).await.unwrap();
    }

    /// A case of an issue.
    pub async fn case(&self, repo_id: i64, issue: i64, it: &Frozen) -> CaseRow {
        let mut tx = self.store.begin().await.unwrap();
        let new = NewCase {
            repo_id,
            issue,
            line: String::new(),
            facts: it.facts.to_string(),
            schema: it.schema,
            policy_src: None,
            policy: None,
            phase: it.phase.clone(),
            wake_at: None,
            opened_at: 1,
        };
        let mut row = tx.open_case(&new).await.unwrap();
        row.over_at = it.over.then_some(NOW);
        row.rev = tx.save_case(&row).await.unwrap();
        tx.commit().await.unwrap();
        row
    }

    /// It is saved once more.
    pub async fn save(&self, row: &mut CaseRow) {
        let mut tx = self.store.begin().await.unwrap();
        row.rev = tx.save_case(row).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn ask(&self, path: &str) -> axum::response::Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The same by a browser that shows these cookies.
    pub async fn ask_with(&self, cookie: &str, path: &str) -> axum::response::Response {
        let request = Request::get(path).header("cookie", cookie);
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// So many milliseconds pass.
    pub fn later(&self, millis: i64) {
        self.clock.advance_to(self.clock.now() + millis);
    }

    /// Asked by a browser that shows these cookies.
    pub async fn with_cookie(&self, cookie: &str, path: &str) -> Answer {
        Self::read(self.ask_with(cookie, path).await).await
    }

    /// A form that is sent, with these headers.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        Self::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// Asked by this name of the server.
    pub async fn get_as(&self, host: &str, path: &str) -> Answer {
        let request = Request::get(path).header("host", host);
        let request = request.body(Body::empty()).unwrap();
        Self::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        Self::read(self.ask(path).await).await
    }

    async fn read(answer: axum::response::Response) -> Answer {
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// What stands there, which must be something.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }
}
