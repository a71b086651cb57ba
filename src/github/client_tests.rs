//! Tokens, clocks and what is sent, against a small server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::Response;
use serde_json::json;

use super::super::json::parse_time;
use super::super::ops::{CreatePull, CreateRef, MergeOutcome, MergePull, NewPull, UpdateRef};
use super::super::testing::{Seen, Server, pem_pkcs1, reply, token, verify_jwt};
use super::*;

const NOON: &str = "2030-01-01T12:00:00Z";
const ONE: &str = "2030-01-01T13:00:00Z";
const TWO: &str = "2030-01-01T14:00:00Z";

fn at(text: &str) -> Millis {
    parse_time(text).unwrap()
}

/// `axum` stamps answers with the machine's clock; a stated `Date` wins.
fn dated(mut response: Response, date: &str) -> Response {
    response.headers_mut().insert("date", date.parse().unwrap());
    response
}

fn noon(response: Response) -> Response {
    dated(response, "Tue, 01 Jan 2030 12:00:00 GMT")
}

/// A repository with as little as GitHub always says of one.
fn repository(id: i64) -> Value {
    json!({
        "id": id, "name": "sample", "full_name": "acme/sample", "private": false,
        "default_branch": "main", "owner": {"login": "acme", "id": 2, "type": "Organization"},
        "homepage": null,
    })
}

/// A run with as little as GitHub always says of one.
fn run(id: i64) -> Value {
    json!({
        "id": id, "path": ".github/workflows/ci.yml", "workflow_id": 1, "head_sha": "abc",
        "event": "push", "head_branch": null,
    })
}

fn is_mint(seen: &Seen) -> bool {
    seen.target.ends_with("/access_tokens")
}

/// Mints `ghs_1` and answers everything else by `answer`.
async fn serving<F>(answer: F) -> (Server, Clock)
where
    F: Fn(&Seen) -> Response + Clone + Send + Sync + 'static,
{
    let server = Server::start(move |seen, _| {
        noon(if is_mint(seen) {
            token("ghs_1", ONE)
        } else {
            answer(seen)
        })
    })
    .await;
    (server, Clock::owned(at(NOON)))
}

#[tokio::test]
async fn eight_first_calls_mint_one_token() {
    let (server, clock) = serving(|_| reply(200, repository(7))).await;
    let repo = server.client(&clock).installation(3).repo("acme", "sample");
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let repo = repo.clone();
            tokio::spawn(async move { repo.get().await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().id, 7);
    }
    let seen = server.seen.lock().unwrap().clone();
    assert_eq!(seen.iter().filter(|s| is_mint(s)).count(), 1);
    let mint = seen.iter().find(|s| is_mint(s)).unwrap();
    let claims = verify_jwt(&mint.bearer).expect("signed by the App's key");
    assert_eq!(claims["iss"], "7");
    assert_eq!(claims["iat"], at(NOON) / 1_000 - 60);
    let call = seen.iter().find(|s| !is_mint(s)).unwrap();
    assert_eq!(call.bearer, "ghs_1");
    assert_eq!(
        call.user_agent,
        concat!("hotfix-bot/", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(call.accept, "application/vnd.github+json");
    assert_eq!(call.api_version, "2022-11-28");
}

#[tokio::test]
async fn who_waits_for_a_failing_mint_shares_its_error() {
    let server = Server::start(|_, _| noon(reply(404, json!({"message": "Not Found"})))).await;
    let repo = server
        .client(&Clock::owned(at(NOON)))
        .installation(3)
        .repo("acme", "sample");
    let calls = [0; 8].map(|_| {
        let repo = repo.clone();
        tokio::spawn(async move { repo.git_ref("heads/main").await })
    });
    for call in calls {
        // Not Ok(None): the installation is missing, not the ref.
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error, Error::NotInstalled(3));
    }
    assert!(server.lines().len() < 8, "{:?}", server.lines());
}

#[tokio::test]
async fn a_token_is_renewed_five_minutes_before_its_end() {
    let minted = Arc::new(AtomicUsize::new(0));
    let count = minted.clone();
    let server = Server::start(move |seen, _| {
        if is_mint(seen) {
            let n = count.fetch_add(1, Ordering::SeqCst);
            noon(token(&format!("ghs_{n}"), if n == 0 { ONE } else { TWO }))
        } else {
            let date = if seen.bearer == "ghs_0" {
                "Tue, 01 Jan 2030 12:00:00 GMT"
            } else {
                "Tue, 01 Jan 2030 12:55:00 GMT"
            };
            dated(reply(200, repository(1)), date)
        }
    })
    .await;
    let clock = Clock::owned(at(NOON));
    let repo = server.client(&clock).installation(3).repo("acme", "sample");
    repo.get().await.unwrap();
    clock.advance_to(at("2030-01-01T12:54:59Z"));
    repo.get().await.unwrap();
    // The answer above was dated noon; the clocks are brought together again.
    repo.installation()
        .github()
        .0
        .offset
        .store(0, Ordering::Relaxed);
    assert_eq!(minted.load(Ordering::SeqCst), 1);
    clock.advance_to(at("2030-01-01T12:55:00Z"));
    repo.get().await.unwrap();
    assert_eq!(minted.load(Ordering::SeqCst), 2);
    assert_eq!(server.seen.lock().unwrap().last().unwrap().bearer, "ghs_1");
}

#[tokio::test]
async fn a_fresh_tokens_401_is_temporary_an_old_ones_renews_it() {
    let refused = Arc::new(AtomicUsize::new(usize::MAX));
    let refuse = refused.clone();
    let minted = Arc::new(AtomicUsize::new(0));
    let count = minted.clone();
    let server = Server::start(move |seen, _| {
        if is_mint(seen) {
            let n = count.fetch_add(1, Ordering::SeqCst);
            return reply(201, json!({"token": format!("ghs_{n}"), "expires_at": ONE}));
        }
        let bad = format!("ghs_{}", refuse.load(Ordering::SeqCst));
        if seen.bearer == bad {
            reply(401, json!({"message": "Bad credentials"}))
        } else {
            reply(200, repository(1))
        }
    })
    .await;
    // This server dates its answers with the machine's clock.
    let clock = Clock::owned(Clock::system().now());
    let options = GitHubOptions::new(&server.url, "7", pem_pkcs1().into(), clock.clone());
    let repo = GitHub::new(options)
        .unwrap()
        .installation(3)
        .repo("acme", "sample");

    refused.store(0, Ordering::SeqCst);
    let error = repo.get().await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
    assert_eq!(minted.load(Ordering::SeqCst), 1, "a fresh token is kept");

    clock.advance_to(clock.now() + 10_000);
    assert_eq!(repo.get().await.unwrap().id, 1);
    assert_eq!(
        minted.load(Ordering::SeqCst),
        2,
        "an older one is replaced, and the call made again"
    );
}

#[tokio::test]
async fn drift_is_corrected_from_the_refusals_date() {
    // GitHub is an hour ahead of us.
    let ahead = at(ONE);
    let server = Server::start(move |seen, _| {
        let claims = verify_jwt(&seen.bearer).unwrap();
        let seconds = ahead / 1_000;
        let good =
            claims["iat"].as_i64().unwrap() <= seconds && claims["exp"].as_i64().unwrap() > seconds;
        let answer = if good {
            reply(200, json!({"id": 7, "slug": "hotfix-bot"}))
        } else {
            reply(
                401,
                json!({"message": "'Expiration time' claim ('exp') is too far in the past"}),
            )
        };
        dated(answer, "Tue, 01 Jan 2030 13:00:00 GMT")
    })
    .await;
    let github = server.client(&Clock::owned(at(NOON)));
    let app = github.app().await.unwrap();
    assert_eq!(app.bot_login(), "hotfix-bot[bot]");
    assert_eq!(server.lines().len(), 2, "refused once, then right");
    assert_eq!(github.offset(), 3_600_000);
    assert_eq!(github.now(), at(ONE));
}

#[tokio::test]
async fn a_refused_key_is_not_tried_twice() {
    let server = Server::start(|_, _| noon(reply(401, json!({"message": "bad"})))).await;
    let github = server.client(&Clock::owned(at(NOON)));
    assert_eq!(github.app().await.unwrap_err(), Error::Unauthorized);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn what_people_name_is_encoded() {
    let (server, clock) = serving(|seen| {
        if seen.target.contains("/contents/") {
            let file = json!({
                "type": "file", "path": "a b/#1.txt", "sha": "s", "size": 3,
                "encoding": "base64", "content": "aGk\nK\n",
            });
            reply(200, file)
        } else {
            reply(404, json!({"message": "Not Found"}))
        }
    })
    .await;
    let github = server.client(&clock);
    let repo = github.installation(3).repo("acme", "we?ird");
    let file = repo
        .file("a b/#1.txt", "hotfix/v1&x")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(file.bytes, b"hi\n");
    assert_eq!(repo.git_ref("refs/heads/hotfix/v1.0.5").await, Ok(None));
    assert_eq!(repo.permission("hotfix-bot[bot]").await, Ok(None));
    assert_eq!(repo.compare("v1.0.4", "hotfix/ü").await, Ok(None));
    assert_eq!(
        server.lines().split_off(1),
        [
            "GET /repos/acme/we%3Fird/contents/a%20b/%231.txt?ref=hotfix%2Fv1%26x",
            "GET /repos/acme/we%3Fird/git/ref/heads%2Fhotfix%2Fv1.0.5",
            "GET /repos/acme/we%3Fird/collaborators/hotfix-bot%5Bbot%5D/permission",
            "GET /repos/acme/we%3Fird/compare/v1.0.4...hotfix%2F%C3%BC?per_page=100",
        ]
    );
}

#[tokio::test]
async fn pages_are_followed_by_their_links() {
    let server = Server::start(|seen, _| {
        if is_mint(seen) {
            return noon(token("ghs_1", ONE));
        }
        let page = |items, next: Option<&str>| {
            let mut answer = reply(200, json!({"total_count": 3, "workflow_runs": items}));
            if let Some(next) = next {
                // As behind a proxy: another host, and it must not be called.
                let link = format!(
                    "<https://elsewhere.test/api/v3{next}>; rel=\"next\", <https://elsewhere.test/x>; rel=\"last\""
                );
                answer.headers_mut().insert("link", link.parse().unwrap());
            }
            noon(answer)
        };
        if seen.target.contains("page=2&") {
            page(json!([run(3)]), None)
        } else {
            let next = "/repos/acme/sample/actions/runs?page=2&per_page=100";
            page(json!([run(1), run(2)]), Some(next))
        }
    })
    .await;
    let mut options = GitHubOptions::new(
        format!("{}/api/v3/", server.url),
        "7",
        pem_pkcs1().into(),
        Clock::owned(at(NOON)),
    );
    options.call_timeout = Duration::from_secs(5);
    let github = GitHub::new(options).unwrap();
    let filter = super::super::ops::RunFilter {
        head_sha: Some("abc"),
        ..Default::default()
    };
    let installation = github.installation(3);
    let runs = installation.repo("acme", "sample").runs(&filter).await;
    assert_eq!(
        runs.unwrap().iter().map(|r| r.id).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    let _: Result<Value, _> = installation
        .graphql("graphql/x", false, "{x}", json!({}))
        .await;
    assert_eq!(
        server.lines(),
        [
            "POST /api/v3/app/installations/3/access_tokens",
            "GET /api/v3/repos/acme/sample/actions/runs?head_sha=abc&per_page=100",
            "GET /api/v3/repos/acme/sample/actions/runs?page=2&per_page=100",
            "POST /api/graphql",
        ]
    );
}

/// Refs come as GitHub likes to page them: so many pages of this size.
async fn of_pages(pages: usize, size: usize) -> Result<usize, Error> {
    let (server, clock) = serving(move |seen| {
        let page = seen
            .target
            .rsplit_once("page=")
            .map_or("1", |(_, page)| page);
        let page: usize = page.parse().unwrap();
        let refs = (0..size).map(|n| {
            json!({
                "ref": format!("refs/tags/v{page}.{n}"),
                "object": {"type": "commit", "sha": "0a".repeat(20)},
            })
        });
        let mut answer = reply(200, refs.collect());
        if page < pages {
            let next = format!(
                "<https://elsewhere.test/repos/acme/sample/git/matching-refs/tags?page={}>; \
                 rel=\"next\"",
                page + 1
            );
            answer.headers_mut().insert("link", next.parse().unwrap());
        }
        answer
    })
    .await;
    let repo = server.client(&clock).installation(3).repo("acme", "sample");
    repo.matching_refs("tags").await.map(|refs| refs.len())
}

#[tokio::test]
async fn a_list_is_read_to_its_end_or_is_none() {
    assert_eq!(of_pages(137, 30).await.unwrap(), 137 * 30);
    // 50,000 refs, and more to come.
    let endless = of_pages(usize::MAX, 1_000).await;
    assert!(matches!(endless, Err(Error::Transient(_))), "{endless:?}");
    // A page may be empty, and lead on all the same.
    assert_eq!(of_pages(3, 0).await.unwrap(), 0);
    let endless = of_pages(usize::MAX, 0).await;
    assert!(matches!(endless, Err(Error::Transient(_))), "{endless:?}");
}

#[tokio::test]
async fn refusals_that_mean_something_are_outcomes() {
    let (server, clock) = serving(|seen| match (seen.method.as_str(), &*seen.target) {
        ("POST", "/repos/acme/sample/git/refs") => {
            reply(422, json!({"message": "Reference already exists"}))
        }
        ("PATCH", "/repos/acme/sample/git/refs/heads%2Fx") => {
            reply(422, json!({"message": "Update is not a fast forward"}))
        }
        ("PATCH", _) => reply(422, json!({"message": "Reference does not exist"})),
        ("POST", "/repos/acme/sample/pulls") => {
            let message = match seen.body["head"].as_str() {
                Some("empty") => "No commits between main and empty",
                _ => "A pull request already exists for acme:x.",
            };
            let error = json!({"resource": "PullRequest", "code": "custom", "message": message});
            reply(
                422,
                json!({"message": "Validation Failed", "errors": [error]}),
            )
        }
        ("PUT", "/repos/acme/sample/pulls/1/merge") => {
            reply(405, json!({"message": "Pull Request is still a draft"}))
        }
        ("PUT", "/repos/acme/sample/pulls/2/merge") => reply(
            409,
            json!({
                "message": "Head branch was modified. Review and try the merge again."
            }),
        ),
        ("PUT", "/repos/acme/sample/pulls/3/merge") => reply(
            405,
            json!({
                "message": "Base branch was modified. Review and try the merge again."
            }),
        ),
        ("PUT", _) => reply(200, json!({"sha": "m", "merged": true, "message": "ok"})),
        ("POST", "/graphql") => reply(
            200,
            json!({
                "data": {"updateRefs": null},
                "errors": [{"type": "STALE_DATA", "message": "expected abc"}]
            }),
        ),
        _ => reply(501, json!({"message": "?"})),
    })
    .await;
    let repo = server.client(&clock).installation(3).repo("acme", "sample");
    assert_eq!(repo.create_ref("heads/x", "s").await, Ok(CreateRef::Exists));
    assert_eq!(
        repo.update_ref("heads/x", "s").await,
        Ok(UpdateRef::NotFastForward)
    );
    assert_eq!(
        repo.update_ref("heads/y", "s").await,
        Ok(UpdateRef::Missing)
    );
    let pull = |head| NewPull {
        head,
        base: "main",
        ..NewPull::default()
    };
    assert_eq!(repo.create_pull(&pull("x")).await, Ok(CreatePull::Exists));
    assert_eq!(
        repo.create_pull(&pull("empty")).await,
        Ok(CreatePull::NoCommits)
    );
    let how = MergePull {
        sha: "s",
        merge_method: "merge",
        ..MergePull::default()
    };
    assert_eq!(
        repo.merge_pull(1, &how).await,
        Ok(MergeOutcome::NotMergeable(
            "Pull Request is still a draft".into()
        ))
    );
    assert_eq!(repo.merge_pull(2, &how).await, Ok(MergeOutcome::HeadMoved));
    assert!(matches!(
        repo.merge_pull(3, &how).await,
        Err(Error::Transient(_))
    ));
    assert_eq!(
        repo.merge_pull(4, &how).await,
        Ok(MergeOutcome::Merged { sha: "m".into() })
    );
    assert_eq!(
        repo.update_refs("R_1", &[]).await,
        Ok(super::super::ops::UpdateRefs::Refused(
            "expected abc".into()
        ))
    );
}

#[tokio::test]
async fn a_renamed_repository_is_followed_with_the_method_kept() {
    let (server, clock) = serving(|seen| {
        if seen.target.starts_with("/repos/acme/old") {
            let code = if seen.method == "PATCH" { 307 } else { 301 };
            let to = seen.target.replace("/repos/acme/old", "/repositories/7");
            let mut answer = reply(code, json!({"message": "Moved Permanently"}));
            answer.headers_mut().insert("location", to.parse().unwrap());
            answer
        } else {
            let mut there = repository(5);
            there["body"] = seen.body["body"].clone();
            reply(200, there)
        }
    })
    .await;
    let repo = server.client(&clock).installation(3).repo("acme", "old");
    assert_eq!(repo.get().await.unwrap().id, 5);
    assert_eq!(repo.create_comment(1, "hi").await.unwrap().body, "hi");
    assert_eq!(repo.update_comment(5, "ho").await.unwrap().body, "ho");
    let seen = server.seen.lock().unwrap().clone();
    let carried: Vec<_> = seen
        .iter()
        .filter(|s| s.target.starts_with("/repositories/7") && s.body["body"].is_string())
        .map(|s| (s.method.as_str(), s.bearer.as_str()))
        .collect();
    assert_eq!(carried, [("POST", "ghs_1"), ("PATCH", "ghs_1")]);
}

/// A server that takes the request and closes the connection.
async fn cutting() -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut head = vec![0; 65_536];
                let n = stream.read(&mut head).await.unwrap();
                if String::from_utf8_lossy(&head[..n]).contains("access_tokens") {
                    let body = json!({"token": "ghs_1", "expires_at": "2999-01-01T00:00:00Z"});
                    let body = body.to_string();
                    let answer = format!(
                        "HTTP/1.1 201 Created\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, task)
}

#[tokio::test]
async fn a_lost_answer_is_ambiguous_for_a_write_alone() {
    let (url, task) = cutting().await;
    let clock = Clock::owned(at(NOON));
    let options = GitHubOptions::new(&url, "7", pem_pkcs1().into(), clock.clone());
    let repo = GitHub::new(options)
        .unwrap()
        .installation(3)
        .repo("acme", "sample");
    let error = repo.create_comment(1, "hi").await.unwrap_err();
    assert!(matches!(error, Error::Ambiguous(_)), "{error}");
    assert!(!format!("{error:?}").contains("ghs_"));
    let error = repo.get().await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
    task.abort();

    // Nobody listens: nothing was sent, a write may simply be tried again.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let options = GitHubOptions::new(dead, "7", pem_pkcs1().into(), clock);
    let github = GitHub::new(options).unwrap();
    let error = github.redeliver(1).await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named() {
    let with = |url: &str| {
        let key = pem_pkcs1().into();
        GitHub::new(GitHubOptions::new(url, "7", key, Clock::owned(0)))
    };
    for url in ["", "api.example.test", "ftp://x", "https://"] {
        let error = with(url).unwrap_err();
        assert!(error.to_string().contains("API URL"), "{error}");
    }
    assert!(with("https://ghe.example.test/api/v3").is_ok());
}

#[path = "remembered_tests.rs"]
mod remembered;

#[tokio::test]
async fn a_log_is_fetched_from_another_host_without_the_token() {
    let long = "x".repeat(5 * 1024 * 1024);
    let there = Server::start(move |_, _| {
        let body = axum::body::Body::from(format!("test a ... ok\n{long}"));
        Response::new(body)
    })
    .await;
    let link = format!("{}/signed?key=1", there.url);
    let (server, clock) = serving(move |seen| match seen.target.contains("/jobs/9/") {
        true => {
            let mut led = reply(302, json!({}));
            led.headers_mut().insert("location", link.parse().unwrap());
            led
        }
        false => reply(404, json!({"message": "Not Found"})),
    })
    .await;
    let repo = server.client(&clock).installation(3).repo("acme", "sample");
    let log = repo.job_log(9).await.unwrap().unwrap();
    assert!(log.starts_with("test a ... ok\n"));
    assert!(log.len() <= 4 * 1024 * 1024);
    let asked = there.seen.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].bearer, "");
    assert_eq!(asked[0].target, "/signed?key=1");
    assert_eq!(repo.job_log(8).await.unwrap(), None);
}
