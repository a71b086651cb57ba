use std::sync::Mutex;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response as Answer};

use reqwest::StatusCode;

use super::*;

type Seen = Arc<Mutex<Vec<String>>>;

/// A registry that answers by path, and who asked for what.
async fn serving(answer: fn(&str) -> Answer) -> (CratesIo, Seen) {
    let seen = Seen::default();
    let log = seen.clone();
    let app = Router::new().fallback(move |request: Request| async move {
        let path = request.uri().path().to_owned();
        let agent = request.headers()["user-agent"].to_str().unwrap();
        log.lock().unwrap().push(format!("{path} {agent}"));
        answer(&path)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let clock = Clock::owned(1_000_000);
    let index = format!("sparse+{url}/index/");
    let options = CratesIoOptions::new(&url, index, "ops@example.test", clock);
    (CratesIo::new(options).unwrap(), seen)
}

fn status(code: u16) -> Answer {
    StatusCode::from_u16(code).unwrap().into_response()
}

const INDEX: &str = concat!(
    r#"{"name":"Sample","vers":"1.0.4","deps":[],"cksum":"aa","features":{},"yanked":true}"#,
    "\n",
    "{\"v\":9,\"later\":true}\n",
    r#"{"name":"Sample","vers":"1.0.5","deps":[],"cksum":"bb","features":{},"yanked":false}"#,
    "\n",
);

const API: &str = r#"{"version":{"id":1,"num":"1.0.5","yanked":false,"checksum":"bb","created_at":"2024-01-02T03:04:05.123456+00:00"}}"#;

#[test]
fn where_the_index_keeps_a_crate() {
    let at = |name| index_path(name).unwrap();
    assert_eq!(at("a"), "1/a");
    assert_eq!(at("AB"), "2/ab");
    assert_eq!(at("abc"), "3/a/abc");
    assert_eq!(at("abcd"), "ab/cd/abcd");
    assert_eq!(at("Cargo_Edit-x"), "ca/rg/cargo_edit-x");
    for wrong in ["", "../x", "a/b", "ü", &"x".repeat(65)] {
        assert!(matches!(index_path(wrong), Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn a_version_in_the_index() {
    let (registry, seen) = serving(|path| match path {
        "/index/sa/mp/sample" => INDEX.into_response(),
        "/api/v1/crates/Sample/1.0.5" => API.into_response(),
        _ => status(404),
    })
    .await;
    let fact = registry.version("Sample", "1.0.5").await.unwrap().unwrap();
    assert_eq!(
        fact,
        VersionFact {
            num: "1.0.5".into(),
            yanked: false,
            checksum: "bb".into(),
            created_at: Some(1_704_164_645_123),
            in_index: true,
            disputed: false,
        }
    );
    let old = registry.version("Sample", "1.0.4").await.unwrap().unwrap();
    assert!(old.yanked && old.created_at.is_none());
    assert_eq!(registry.version("Sample", "1.0.6").await, Ok(None));
    assert_eq!(registry.versions("other").await, Ok(Vec::new()));
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|s| s.contains("(ops@example.test)")));
}

#[tokio::test]
async fn a_crate_names_its_repository_or_none() {
    let (registry, _) = serving(|path| match path {
        "/api/v1/crates/sample" => {
            r#"{"crate":{"id":"sample","repository":"https://example.test/a/b"},"versions":[]}"#
                .into_response()
        }
        "/api/v1/crates/bare" => r#"{"crate":{"repository":null}}"#.into_response(),
        "/api/v1/crates/odd" => "[]".into_response(),
        _ => status(404),
    })
    .await;
    let link = Some("https://example.test/a/b".to_owned());
    assert_eq!(registry.repository("sample").await, Ok(link));
    assert_eq!(registry.repository("bare").await, Ok(None));
    assert_eq!(registry.repository("other").await, Ok(None));
    assert!(registry.repository("odd").await.is_err());
}

#[tokio::test]
async fn the_api_knows_before_the_index() {
    let (registry, _) = serving(|path| match path {
        "/api/v1/crates/sample/1.0.5" => API.into_response(),
        _ => status(404),
    })
    .await;
    let fact = registry.version("sample", "1.0.5").await.unwrap().unwrap();
    assert!(!fact.in_index);
    assert_eq!(fact.checksum, "bb");
}

#[tokio::test]
async fn not_knowing_is_not_absence() {
    let (registry, _) = serving(|_| status(503)).await;
    let error = registry.version("sample", "1.0.5").await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");

    let (registry, _) = serving(|path| {
        if path.starts_with("/index") {
            status(404)
        } else {
            ([("retry-after", "7")], status(429)).into_response()
        }
    })
    .await;
    assert_eq!(
        registry.version("sample", "1.0.5").await,
        Err(Error::RateLimited { until: 1_007_000 })
    );
}
