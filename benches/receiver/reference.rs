//! What ours is held against: a receiver on plain axum and sqlx, which verifies,
//! keeps labels and commands, writes many in one commit at `synchronous=FULL`,
//! and answers after it. Two of them: one stores the few fields of a delivery
//! (the limit), one its body.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, QueryBuilder, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::payload::SECRET;

#[derive(Deserialize)]
struct Payload<'a> {
    action: &'a str,
    issue: Option<Number>,
    #[serde(borrow)]
    label: Option<Named<'a>>,
    #[serde(borrow)]
    comment: Option<Comment<'a>>,
    repository: Option<Id>,
    #[serde(borrow)]
    sender: Option<Login<'a>>,
}

#[derive(Deserialize)]
struct Number {
    number: i64,
}

#[derive(Deserialize)]
struct Id {
    id: i64,
}

#[derive(Deserialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Deserialize)]
struct Login<'a> {
    login: &'a str,
}

#[derive(Deserialize)]
struct Comment<'a> {
    id: i64,
    body: std::borrow::Cow<'a, str>,
}

struct Row {
    delivery: String,
    event: String,
    repo: i64,
    number: i64,
    by: String,
    text: String,
    id: i64,
    answer: oneshot::Sender<bool>,
}

struct Shared {
    rows: mpsc::Sender<Row>,
    bodies: bool,
}

/// Serves on a port that the system chooses, and says which.
pub async fn serve(database: &str, bodies: bool) {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(256);
    let mut conn = SqliteConnection::connect_with(&options)
        .await
        .expect("a database");
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS deliveries (id INTEGER PRIMARY KEY, \
         delivery TEXT NOT NULL UNIQUE, event TEXT NOT NULL, repo INTEGER NOT NULL, \
         number INTEGER NOT NULL, by_whom TEXT NOT NULL, text TEXT NOT NULL, \
         object INTEGER NOT NULL)",
    )
    .execute(&mut conn)
    .await
    .expect("a table");
    let (rows, waiting) = mpsc::channel(1_024);
    tokio::spawn(write(conn, waiting));
    let router = Router::new()
        .route("/webhook", post(receive))
        .with_state(Arc::new(Shared { rows, bodies }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    eprintln!(
        "listening on http://{}/webhook",
        listener.local_addr().expect("an address")
    );
    axum::serve(listener, router).await.expect("it serves");
}

async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    let mut given = [0; 32];
    let digits = text("x-hub-signature-256").trim_start_matches("sha256=");
    if hex::decode_to_slice(digits, &mut given).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(&body);
    if mac.verify_slice(&given).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let event = text("x-github-event");
    if !matches!(event, "issues" | "issue_comment") {
        return StatusCode::ACCEPTED;
    }
    let Ok(payload) = serde_json::from_slice::<Payload<'_>>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let said = match (&payload.label, &payload.comment) {
        (Some(label), None) if payload.action == "labeled" => (label.name, 0),
        (None, Some(comment))
            if payload.action == "created" && comment.body.contains("/hotfix") =>
        {
            (&*comment.body, comment.id)
        }
        _ => return StatusCode::ACCEPTED,
    };
    let (answer, answered) = oneshot::channel();
    let stored = match shared.bodies {
        true => String::from_utf8_lossy(&body).into_owned(),
        false => said.0.to_owned(),
    };
    let row = Row {
        delivery: text("x-github-delivery").to_owned(),
        event: event.to_owned(),
        repo: payload.repository.map_or(0, |it| it.id),
        number: payload.issue.map_or(0, |it| it.number),
        by: payload
            .sender
            .map(|it| it.login.to_owned())
            .unwrap_or_default(),
        text: stored,
        id: said.1,
        answer,
    };
    if shared.rows.send(row).await.is_err() || answered.await != Ok(true) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::ACCEPTED
}

async fn write(mut conn: SqliteConnection, mut waiting: mpsc::Receiver<Row>) {
    loop {
        let mut rows = Vec::new();
        if waiting.recv_many(&mut rows, 64).await == 0 {
            return;
        }
        let mut insert = QueryBuilder::new(
            "INSERT INTO deliveries (delivery, event, repo, number, by_whom, text, object) ",
        );
        insert.push_values(&rows, |mut to, row| {
            to.push_bind(&row.delivery)
                .push_bind(&row.event)
                .push_bind(row.repo)
                .push_bind(row.number)
                .push_bind(&row.by)
                .push_bind(&row.text)
                .push_bind(row.id);
        });
        insert.push(" ON CONFLICT (delivery) DO NOTHING");
        let stored = insert.build().execute(&mut conn).await.is_ok();
        for row in rows {
            let _ = row.answer.send(stored);
        }
    }
}
