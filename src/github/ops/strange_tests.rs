//! Every call against answers that are none of GitHub's: a proxy's page, JSON of
//! another shape, a redirect elsewhere. None of them ends as a fact.

use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

use super::contract_tests::{Running, calls};
use crate::clock::Clock;
use crate::github::testing::{Server, reply, token};
use crate::github::{Error, GitHub, Repo};

const LATER: &str = "2999-01-01T00:00:00Z";
const PAGE: &str = "<!doctype html><title>Unicorn!</title>";

fn page(status: u16, text: &'static str) -> Response {
    Response::builder()
        .status(status)
        .body(Body::from(text))
        .unwrap()
}

fn elsewhere(status: u16) -> Response {
    Response::builder()
        .status(status)
        .header("location", "http://elsewhere.test/login")
        .body(Body::from(PAGE))
        .unwrap()
}

type Strange = (&'static str, fn() -> Response);

const STRANGE: &[Strange] = &[
    ("empty 200", || page(200, "")),
    ("204", || page(204, "")),
    ("HTML 200", || page(200, PAGE)),
    ("text 200", || page(200, "OK")),
    ("JSON text 200", || page(200, "\"OK\"")),
    ("null 200", || page(200, "null")),
    ("cut JSON 200", || page(200, "{\"id\": 7, \"name\": \"sam")),
    ("cut list 200", || page(200, "[{\"id\": 7, \"na")),
    ("{} 200", || reply(200, json!({}))),
    ("message 200", || reply(200, json!({"message": "hello"}))),
    ("list of something else", || {
        reply(200, json!([{"message": "hello"}]))
    }),
    ("list of {}", || reply(200, json!([{}]))),
    ("list of numbers", || reply(200, json!([1, 2, 3]))),
    ("data null", || reply(200, json!({"data": null}))),
    ("data {}", || reply(200, json!({"data": {}}))),
    ("202 being made", || reply(202, json!({}))),
    ("400", || reply(400, json!({"message": "Bad Request"}))),
    ("HTML 400", || page(400, PAGE)),
    ("HTML 403", || page(403, PAGE)),
    ("HTML 404", || page(404, PAGE)),
    ("{} 404", || reply(404, json!({}))),
    ("HTML 405", || page(405, PAGE)),
    ("HTML 409", || page(409, PAGE)),
    ("HTML 410", || page(410, PAGE)),
    ("HTML 422", || page(422, PAGE)),
    ("405", || reply(405, json!({"message": "Not Allowed"}))),
    ("501", || reply(501, json!({"message": "Not Implemented"}))),
    ("HTML 502", || page(502, PAGE)),
    ("HTML 503", || page(503, PAGE)),
    ("HTML 504", || page(504, PAGE)),
    ("301 elsewhere", || elsewhere(301)),
    ("302 elsewhere", || elsewhere(302)),
    ("307 elsewhere", || elsewhere(307)),
    ("308 elsewhere", || elsewhere(308)),
    ("300 without a place", || page(300, "")),
    ("304 unasked", || page(304, "")),
];

/// Writes of which only is asked whether they worked; GitHub may answer nothing.
const WITHOUT_ANSWER: &[&str] = &[
    "apps/redeliver-webhook-delivery",
    "issues/add-labels",
    "issues/create-label",
    "reactions/create-for-issue-comment",
    "git/delete-ref",
    "actions/re-run-workflow-failed-jobs",
    "actions/re-run-workflow",
    "actions/create-workflow-dispatch",
];

fn all<'a>(github: &'a GitHub, repo: &'a Repo) -> Vec<(&'static str, Running<'a>)> {
    let mut all = calls(github, repo);
    all.push((
        "graphql/repository",
        Box::pin(async { repo.commit_authors("abc").await.map(drop) }),
    ));
    all.push((
        "graphql/updateRefs",
        Box::pin(async { repo.update_refs("R_1", &[]).await.map(drop) }),
    ));
    all.push((
        "repos/list-collaborators",
        Box::pin(async { repo.collaborators().await.map(drop) }),
    ));
    all.push((
        "repos/list-commits",
        Box::pin(async { repo.commits_of("main", "CHANGELOG.md", 2).await.map(drop) }),
    ));
    all.push((
        "repos/compare-commits-with-basehead",
        Box::pin(async { repo.compare_files("v1", "main").await.map(drop) }),
    ));
    all.push((
        "pulls/list",
        Box::pin(async { repo.open_pulls(1).await.map(drop) }),
    ));
    all
}

#[tokio::test]
async fn a_strange_answer_to_a_read_is_no_fact_and_to_a_write_a_doubt() {
    let clock = Clock::owned(Clock::system().now());
    for (what, answer) in STRANGE {
        let server = Server::start(move |seen, _| {
            if seen.target.ends_with("/access_tokens") {
                token("ghs_1", LATER)
            } else {
                answer()
            }
        })
        .await;
        let github = server.client(&clock);
        let repo = github.installation(1).repo("acme", "sample");
        for (operation, call) in all(&github, &repo) {
            let came = call.await;
            let seen = server.seen.lock().unwrap().last().unwrap().clone();
            let query = operation == "graphql/repository";
            let read = seen.method == "GET" || query;
            let Err(error) = came else {
                // A refusal in GitHub's words: nothing was changed.
                let refused = match operation {
                    "graphql/updateRefs" => ["400", "405", "501"].contains(what),
                    "pulls/merge" => *what == "405",
                    _ => false,
                };
                let nothing = !read && WITHOUT_ANSWER.contains(&operation);
                assert!(
                    refused || nothing && !what.contains("HTML") && !what.contains("cut"),
                    "{operation}: {what}"
                );
                continue;
            };
            let again = matches!(error, Error::Transient(_));
            let doubt = matches!(error, Error::Ambiguous(_));
            // What GitHub says of a write in its own words is its answer.
            let refused = matches!(error, Error::Invalid { .. } | Error::Conflict(_));
            let fits = if read {
                again
            } else {
                again || doubt || refused
            };
            assert!(fits, "{operation}: {what}: {error:?}");
        }
    }
}

#[tokio::test]
async fn an_empty_list_is_one_only_where_a_list_was_asked_for() {
    let clock = Clock::owned(Clock::system().now());
    let server = Server::start(move |seen, _| {
        if seen.target.ends_with("/access_tokens") {
            token("ghs_1", LATER)
        } else {
            reply(200, json!([]))
        }
    })
    .await;
    let github = server.client(&clock);
    let repo = github.installation(1).repo("acme", "sample");
    let mut lists = Vec::new();
    for (operation, call) in all(&github, &repo) {
        if call.await.is_ok() {
            lists.push(operation);
        }
    }
    lists.sort_unstable();
    lists.dedup();
    lists.retain(|operation| !WITHOUT_ANSWER.contains(operation));
    assert_eq!(
        lists,
        [
            "apps/list-installations",
            "apps/list-webhook-deliveries",
            "git/list-matching-refs",
            "issues/list-comments",
            "issues/list-events",
            "issues/list-for-repo",
            "issues/list-labels-for-repo",
            "pulls/list",
            "pulls/list-commits",
            "pulls/list-files",
            "pulls/list-reviews",
            "repos/get-branch-rules",
            // A folder, which is no file.
            "repos/get-content",
            "repos/get-repo-rulesets",
            "repos/list-collaborators",
            "repos/list-commits",
            "repos/list-releases",
        ]
    );
}

#[tokio::test]
async fn a_token_goes_to_no_other_host_and_a_circle_ends() {
    let clock = Clock::owned(Clock::system().now());
    let other = Server::start(|_, _| reply(200, json!({"id": 1}))).await;
    let to = other.url.clone();
    let server = Server::start(move |seen, _| {
        if seen.target.ends_with("/access_tokens") {
            return token("ghs_1", LATER);
        }
        let to = match seen.target.as_str() {
            "/repos/acme/sample" => format!("{to}/repos/acme/sample"),
            there => format!("{there}&again=1"),
        };
        Response::builder()
            .status(307)
            .header("location", to)
            .body(Body::empty())
            .unwrap()
    })
    .await;
    let repo = server.client(&clock).installation(1).repo("acme", "sample");
    let error = repo.get().await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error:?}");
    assert_eq!(other.lines(), Vec::<String>::new());
    let error = repo.comments(1, None).await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error:?}");
    assert!(server.lines().len() < 8, "{:?}", server.lines());
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let clock = Clock::owned(Clock::system().now());
    let server = Server::start(|seen, _| {
        if seen.target.ends_with("/access_tokens") {
            return token("ghs_1", LATER);
        }
        // 64 MB of a list that has no end.
        let part = axum::body::Bytes::from(vec![b'['; 1 << 20]);
        let parts = (0..64).map(move |_| Ok::<_, std::io::Error>(part.clone()));
        Response::new(Body::new(Parts(parts.collect())))
    })
    .await;
    let repo = server.client(&clock).installation(1).repo("acme", "sample");
    let error = repo.get().await.unwrap_err();
    assert!(error.to_string().contains("longer than"), "{error}");
    let written: Result<Value, Error> = repo
        .create_comment(1, "hi")
        .await
        .map(|made| json!(made.id));
    assert!(matches!(written, Err(Error::Ambiguous(_))), "{written:?}");
}

/// A body of parts.
struct Parts(std::collections::VecDeque<Result<axum::body::Bytes, std::io::Error>>);

impl hyper::body::Body for Parts {
    type Data = axum::body::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        let part = self.0.pop_front();
        std::task::Poll::Ready(part.map(|part| part.map(hyper::body::Frame::data)))
    }
}
