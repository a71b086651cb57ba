//! Deliveries: GitHub's examples are taken by the real server, and the
//! stand-in's payloads look like GitHub's examples.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use hotfix_bot::clock::Clock;
use hotfix_bot::rehearsal::Stage;
use hotfix_bot::server::assemble;
use hotfix_bot::settings::{Settings, graphql_url};
use hotfix_bot::sim::deliveries::signature;
use hotfix_bot::store::Store;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::examples::{self, Example};
use crate::rehearsal::kept;

const START: i64 = 1_772_441_400_000;
/// How long the engine may need for all that was sent, really.
const PATIENCE: Duration = Duration::from_secs(120);

struct Sender {
    http: reqwest::Client,
    url: String,
    secret: &'static str,
    sent: usize,
}

impl Sender {
    async fn send(&mut self, event: &str, payload: &Value) {
        self.sent += 1;
        let body = payload.to_string();
        let answer = self
            .http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("x-github-event", event)
            .header("x-github-delivery", format!("example-{}", self.sent))
            .header(
                "x-hub-signature-256",
                signature(self.secret, body.as_bytes()),
            )
            .body(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let action = payload["action"].as_str().unwrap_or("");
        assert!(
            status.is_success(),
            "{event} {action}: {status} {}",
            answer.text().await.unwrap_or_default()
        );
    }
}

fn settings(stage: &Stage, database: &str) -> Settings {
    Settings {
        app_id: stage.scene.app.to_string(),
        private_key: stage.private_key.to_owned().into(),
        webhook_secrets: vec![stage.webhook_secret.to_owned().into()],
        host: "127.0.0.1".to_owned(),
        port: 0,
        database_url: database.into(),
        github_graphql_url: graphql_url(&stage.sim.api_url()),
        github_api_url: stage.sim.api_url(),
        crates_io_url: stage.sim.crates_url(),
        crates_io_index_url: stage.sim.crates_index_url(),
        registries: hotfix_bot::rehearsal::registry_urls(&stage.sim),
        github_status_url: None,
        crates_io_status_url: None,
        crates_io_token: None,
        channels: Vec::new(),
        pages: Default::default(),
        sign_in: None,
        metrics_port: None,
        public_url: None,
        rust_log: String::new(),
    }
}

/// The example as an App gets it.
fn installed(example: &Example) -> Value {
    let mut payload = example.payload.clone();
    if payload.get("installation").is_none() {
        payload["installation"] = json!({ "id": 5, "node_id": "MDEyOk9yZ2FuaXphdGlvbjU=" });
    }
    payload
}

/// As examples of `issues` `labeled`, what begins a hotfix on each issue that
/// an example names: what follows then meets a case.
fn beginnings(examples: &[Example]) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for example in examples.iter().filter(|e| e.payload["issue"].is_object()) {
        let payload = installed(example);
        let issue = payload["issue"]["number"].as_i64();
        let repo = payload["repository"]["id"].as_i64();
        if repo.is_some() && known.insert((repo, issue)) {
            let mut payload = payload;
            payload["action"] = json!("labeled");
            payload["label"] = json!({ "id": 1, "name": "P0", "color": "b60205" });
            found.push(payload);
        }
    }
    found
}

async fn wait_until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !done().await {
        assert!(since.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_taken_and_stops_no_worker() {
    let Some(examples) = examples::find() else {
        return;
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::set(&dir.path().join("git"), START, &Default::default(), None)
        .await
        .unwrap();
    let database = format!("sqlite:{}", dir.path().join("bot.db").display());
    let settings = settings(&stage, &database);
    let clock = Clock::owned(START);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhook", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let server = assemble(&settings, clock.clone(), shutdown.clone())
        .await
        .unwrap();
    let engine = server.engine.clone();
    let served = tokio::spawn(server.serve_on(listener));
    let mut sender = Sender {
        http: reqwest::Client::new(),
        url: url.clone(),
        secret: stage.webhook_secret,
        sent: 0,
    };

    for example in &examples {
        sender.send(&example.event, &installed(example)).await;
    }
    for beginning in beginnings(&examples) {
        sender.send("issues", &beginning).await;
    }
    for example in &examples {
        sender.send(&example.event, &installed(example)).await;
    }
    println!(
        "{} examples, {} deliveries sent",
        examples.len(),
        sender.sent
    );
    let rested = "the engine does not come to rest after the examples";
    wait_until(rested, async || engine.busy(START).await.unwrap() == 0).await;

    // All workers still work: a real label leads to the status comment.
    stage.sim.set_webhook(Some(url));
    stage
        .sim
        .person("reporter", stage.scene.repo)
        .open_issue("It does not start", "at all")
        .unwrap();
    stage
        .sim
        .person("maintainer", stage.scene.repo)
        .label(1, "P0")
        .unwrap();
    wait_until("no status comment after the examples", async || {
        let world = stage.sim.world();
        let calls = &world.log.calls;
        calls
            .iter()
            .any(|c| c.operation.as_deref() == Some("issues/create-comment") && c.status == 201)
    })
    .await;
    stage.sim.set_webhook(None);
    shutdown.cancel();
    served.await.unwrap().unwrap();
    // It holds the database.
    drop(engine);
    let store = Store::open(&database).await.unwrap();
    let (_, dead) = store.inbox_counts().await.unwrap();
    assert_eq!(dead, 0, "deliveries were put aside");
    store.close().await;
}

/// Where the stand-in's payloads differ from the examples, and why. `*` stands
/// for every event; a path without a slash is a key of the payload itself.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "*",
        "installation",
        "every delivery to an App has it; many examples were recorded with a repository's hook",
    ),
    (
        "*",
        "organization",
        "the sample belongs to an organisation, some examples to a user",
    ),
    ("*", "sender/user_view_type", NEWER),
    ("*", "repository/allow_forking", NEWER),
    ("*", "repository/has_discussions", NEWER),
    (
        "*",
        "issue/draft",
        "optional in the description; GitHub has it on a pull request's issue",
    ),
    (
        "*",
        "issue/performed_via_github_app",
        "in some examples only",
    ),
    ("*", "issue/state_reason", NEWER),
    ("*", "issue/timeline_url", NEWER),
    ("workflow_run", "workflow_run/referenced_workflows", NEWER),
    ("check_suite", "check_suite/rerequestable", NEWER),
    ("check_suite", "check_suite/runs_rerequestable", NEWER),
    ("release", "release/immutable", NEWER),
    ("release", "release/updated_at", NEWER),
];

const NEWER: &str = "newer than the examples; in GitHub's description of the payload";

/// The keys of a payload and of the objects right in it, as paths.
fn paths(payload: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (key, value) in payload.as_object().unwrap() {
        found.insert(key.clone());
        // What was changed differs from case to case.
        if let Value::Object(fields) = value
            && key != "changes"
        {
            found.extend(fields.keys().map(|field| format!("{key}/{field}")));
        }
    }
    found
}

/// The differing paths: missing (in every example that has the object) and
/// strange (in none of them).
fn differences(ours: &Value, examples: &[&Value]) -> Vec<String> {
    let known: Vec<BTreeSet<String>> = examples.iter().map(|e| paths(e)).collect();
    let mine = paths(ours);
    let comparable = |path: &str, keys: &BTreeSet<String>| match path.split_once('/') {
        // An object that is not there, or null, says nothing of its fields.
        Some((object, _)) => keys.iter().any(|k| k.starts_with(&format!("{object}/"))),
        None => true,
    };
    let mut found = BTreeSet::new();
    for path in known.iter().flatten().filter(|p| !mine.contains(*p)) {
        let all = known
            .iter()
            .filter(|keys| comparable(path, keys))
            .all(|keys| keys.contains(path));
        if all && comparable(path, &mine) {
            found.insert(path.clone());
        }
    }
    for path in mine.iter() {
        let comparable: Vec<_> = known.iter().filter(|k| comparable(path, k)).collect();
        if !comparable.is_empty() && comparable.iter().all(|keys| !keys.contains(path)) {
            found.insert(path.clone());
        }
    }
    found.into_iter().collect()
}

#[test]
fn the_stand_ins_payloads_have_the_keys_of_the_examples() {
    let Some(examples) = examples::find() else {
        return;
    };
    let mut kinds: BTreeMap<(String, Option<String>), Vec<&Value>> = BTreeMap::new();
    for delivery in &kept().deliveries {
        let event = delivery["event"].as_str().unwrap().to_owned();
        let action = delivery["action"].as_str().map(str::to_owned);
        let seen = kinds.entry((event, action)).or_default();
        seen.push(&delivery["payload"]);
    }
    assert!(kinds.len() > 15, "only {} kinds of deliveries", kinds.len());
    let mut found = BTreeSet::new();
    let mut used = BTreeSet::new();
    for ((event, action), payloads) in &kinds {
        let of_event = examples.iter().filter(|e| e.event == *event);
        let mut of_kind: Vec<&Value> = of_event
            .clone()
            .filter(|e| e.action == *action)
            .map(|e| &e.payload)
            .collect();
        if of_kind.is_empty() {
            println!(
                "no example of {event} {}: held against the event's others",
                action.as_deref().unwrap_or("")
            );
            of_kind = of_event.map(|e| &e.payload).collect();
        }
        assert!(!of_kind.is_empty(), "no example of {event}");
        for path in payloads.iter().flat_map(|p| differences(p, &of_kind)) {
            let exception = EXCEPTIONS
                .iter()
                .position(|(e, p, _)| *p == path && (*e == "*" || e == event));
            match exception {
                Some(index) => drop(used.insert(index)),
                None => drop(found.insert(format!(
                    "{event} {}: {path}",
                    action.as_deref().unwrap_or("")
                ))),
            }
        }
    }
    let unused: Vec<&str> = EXCEPTIONS
        .iter()
        .enumerate()
        .filter(|(index, _)| !used.contains(index))
        .map(|(_, (_, path, _))| *path)
        .collect();
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(unused.is_empty(), "exceptions without need: {unused:?}");
}
