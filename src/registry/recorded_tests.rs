//! The answers of real registries, cut small, and what is read of them.

use std::sync::Mutex;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response as Answer};
use sha2::{Digest, Sha256};

use super::*;
use crate::clock::Clock;
use crate::domain::ids::Sha;
use crate::domain::objects::{Origin, RegistryKind};

const SHA: &str = "6277584a6277584a6277584a6277584a6277584a";

/// Registries that all stand at one address, each below its own name; `{root}` in a
/// body is that address.
async fn serving(answer: fn(&str) -> Answer) -> (Registries, String) {
    let asked: std::sync::Arc<Mutex<Vec<String>>> = std::sync::Arc::default();
    let log = asked.clone();
    let app = Router::new().fallback(move |request: Request| async move {
        // Nobody's token goes along.
        assert!(!request.headers().contains_key("authorization"));
        let path = request.uri().path().to_owned();
        log.lock().unwrap().push(path.clone());
        answer(&path)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let clock = Clock::owned(1_000_000);
    let mut options = CratesIoOptions::new(&url, &url, "ops@example.test", clock);
    options.token = Some("cio-secret".to_owned().into());
    let at = |name: &str| Some(format!("{url}/{name}"));
    let roots = Roots {
        npm: at("npm"),
        pypi: at("pypi"),
        rubygems: at("gems"),
        go_proxy: at("proxy"),
        go_sums: at("sums"),
        maven: at("maven"),
        oci: at("oci"),
        oci_for_all: true,
        helm: at("helm"),
        helm_is_set: true,
        ..Roots::default()
    };
    (Registries::new(CratesIo::new(options).unwrap(), roots), url)
}

fn asked<'a>(registry: RegistryKind, name: &'a str, version: &'a str) -> Asked<'a> {
    Asked {
        registry,
        name,
        version,
        by: ("harbour", "lantern"),
    }
}

fn missing() -> Answer {
    StatusCode::NOT_FOUND.into_response()
}

fn from(commit: &str) -> Origin {
    Origin::Commit {
        commit: Sha::new(commit),
        dirty: false,
    }
}

#[tokio::test]
async fn npm() {
    const DOCUMENT: &str = r#"{"_id":"@harbour/lantern","name":"@harbour/lantern",
        "dist-tags":{"latest":"5.0.1","latest-4":"4.2.1"},
        "versions":{
            "4.2.0":{"name":"@harbour/lantern","version":"4.2.0","deprecated":"broken, use 4.2.1","dist":{"shasum":"aa","tarball":"x"}},
            "4.2.1":{"name":"@harbour/lantern","version":"4.2.1","dist":{"integrity":"sha512-xx","shasum":"bb","tarball":"x"}},
            "5.0.1":{"name":"@harbour/lantern","version":"5.0.1","deprecated":"","dist":{"shasum":"cc","tarball":"x"}}},
        "time":{"created":"2024-01-01T00:00:00.000Z","modified":"2024-01-01T00:00:00.000Z","4.2.0":"2024-01-01T00:00:00.000Z","4.2.1":"2024-01-01T00:00:00.000Z","4.1.9":"2024-01-01T00:00:00.000Z","5.0.1":"2024-01-01T00:00:00.000Z"},
        "repository":{"type":"git","url":"git+https://github.test/harbour/lantern.git"}}"#;
    const VERSION: &str = r#"{"_id":"@harbour/lantern@4.2.1","name":"@harbour/lantern","version":"4.2.1",
        "gitHead":"6277584a6277584a6277584a6277584a6277584a",
        "dist":{"integrity":"sha512-xx","shasum":"bb","tarball":"https://registry.test/x.tgz","fileCount":9}}"#;
    let (all, _) = serving(|path| match path {
        "/npm/@harbour%2Flantern" => DOCUMENT.into_response(),
        "/npm/@harbour%2Flantern/4.2.1" => VERSION.into_response(),
        "/npm/new" | "/npm/new/1.0.0" => match path.ends_with("1.0.0") {
            true => r#"{"name":"new","version":"1.0.0","dist":{"shasum":"bb","tarball":"x"}}"#
                .into_response(),
            false => missing(),
        },
        _ => missing(),
    })
    .await;
    let of = |version| asked(RegistryKind::Npm, "@harbour/lantern", version);
    let named = all.named(of("4.2.1")).await.unwrap().unwrap();
    assert_eq!(
        named.link.as_deref(),
        Some("git+https://github.test/harbour/lantern.git")
    );
    assert_eq!(named.pointer.as_deref(), Some("5.0.1"));
    // What was unpublished is taken, and nobody can get it.
    assert_eq!(named.versions, ["4.2.0", "4.2.1", "5.0.1", "4.1.9"]);
    assert_eq!(named.withdrawn, ["4.2.0", "4.1.9"]);
    let found = all.version(of("4.2.1")).await.unwrap().unwrap();
    assert!(found.listed && !found.withdrawn && !found.disputed);
    assert_eq!(found.checksum(), "sha512-xx");
    assert_eq!(found.origin, from(SHA));
    assert_eq!(found.pointer.as_deref(), Some("5.0.1"));
    assert_eq!(all.version(of("4.2.2")).await, Ok(None));
    // The version is known before the document lists it.
    let new = all
        .version(asked(RegistryKind::Npm, "new", "1.0.0"))
        .await
        .unwrap();
    assert!(!new.unwrap().listed);
}

#[tokio::test]
async fn pypi() {
    const RELEASE: &str = r#"{"info":{"name":"Lantern","version":"1.0.5","home_page":"","project_urls":{"Documentation":"https://docs.test/en/latest","Source Code":"https://github.test/harbour/lantern"},"yanked":false,"yanked_reason":null},
        "last_serial":1,
        "urls":[
            {"digests":{"blake2b_256":"x","md5":"x","sha256":"aa"},"filename":"lantern-1.0.5-py3-none-any.whl","packagetype":"bdist_wheel","size":10,"url":"https://files.test/a","yanked":false,"yanked_reason":null},
            {"digests":{"sha256":"bb"},"filename":"lantern-1.0.5.tar.gz","packagetype":"sdist","size":20,"url":"https://files.test/b","yanked":false,"yanked_reason":null}],
        "vulnerabilities":[]}"#;
    const INDEX: &str = r#"{"meta":{"api-version":"1.3"},"name":"lantern","versions":["1.0.4","1.0.5"],
        "files":[
            {"filename":"lantern-1.0.4.tar.gz","hashes":{"sha256":"cc"},"yanked":"broken"},
            {"filename":"lantern-1.0.5.tar.gz","hashes":{"sha256":"bb"},"yanked":false}]}"#;
    const EMPTY: &str = r#"{"info":{"name":"Lantern","version":"1.0.6"},"urls":[]}"#;
    let (all, _) = serving(|path| match path {
        "/pypi/pypi/lantern/1.0.5/json" | "/pypi/pypi/lantern/json" => RELEASE.into_response(),
        "/pypi/pypi/lantern/1.0.6/json" => EMPTY.into_response(),
        "/pypi/simple/lantern/" => INDEX.into_response(),
        _ => missing(),
    })
    .await;
    let of = |version| asked(RegistryKind::Pypi, "Lantern", version);
    let found = all.version(of("1.0.5")).await.unwrap().unwrap();
    // Half of it is listed so far.
    assert!(!found.listed && !found.withdrawn && !found.disputed);
    let files: Vec<_> = found.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        files,
        ["lantern-1.0.5-py3-none-any.whl", "lantern-1.0.5.tar.gz"]
    );
    // A release without files is none.
    assert_eq!(all.version(of("1.0.6")).await, Ok(None));
    let named = all.named(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(named.versions, ["1.0.4", "1.0.5"]);
    assert_eq!(named.withdrawn, ["1.0.4"]);
    assert_eq!(
        named.link.as_deref(),
        Some("https://github.test/harbour/lantern")
    );
}

#[tokio::test]
async fn rubygems() {
    const FILE: &[u8] = b"a gem";
    let (all, _) = serving(|path| {
        let sha = hex::encode(Sha256::digest(FILE));
        match path {
            "/gems/api/v2/rubygems/lantern/versions/1.0.5.json" => {
                format!(r#"{{"number":"1.0.5","platform":"ruby","prerelease":false,"sha":"{sha}","metadata":{{}}}}"#).into_response()
            }
            "/gems/info/lantern" => format!(
                "---\n1.0.4 rack:>= 2|checksum:aa,ruby:>= 2.7\n1.0.5 rack:>= 2&< 4,rake:>= 0|checksum:{sha}\n1.0.5-java |checksum:{sha}\n1.0.50 |checksum:dd\n"
            )
            .into_response(),
            "/gems/api/v1/versions/lantern.json" => {
                r#"[{"number":"1.0.5","platform":"java"},{"number":"1.0.5","platform":"ruby"},{"number":"1.0.4","platform":"ruby"}]"#.into_response()
            }
            "/gems/api/v1/gems/lantern.json" => {
                r#"{"name":"lantern","homepage_uri":"https://lantern.test","source_code_uri":"https://github.test/harbour/lantern"}"#.into_response()
            }
            "/gems/gems/lantern-1.0.5.gem" => FILE.into_response(),
            "/gems/gems/lantern-1.0.5-java.gem" => b"another gem".into_response(),
            _ => missing(),
        }
    })
    .await;
    let of = |version| asked(RegistryKind::Gem, "lantern", version);
    let found = all.version(of("1.0.5")).await.unwrap().unwrap();
    assert!(found.listed && !found.disputed);
    let files: Vec<_> = found.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(files, ["lantern-1.0.5.gem", "lantern-1.0.5-java.gem"]);
    // One of its files is not what the index names.
    assert_eq!(all.origin(of("1.0.5"), &found).await, Ok(Origin::Altered));
    let named = all.named(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(named.versions, ["1.0.5", "1.0.4"]);
    assert_eq!(
        named.link.as_deref(),
        Some("https://github.test/harbour/lantern")
    );
    assert_eq!(all.version(of("1.0.6")).await, Ok(None));
}

#[tokio::test]
async fn go() {
    let (all, _) = serving(|path| match path {
        "/proxy/github.test/!harbour/lantern/@v/v1.0.5.info" => format!(
            r#"{{"Version":"v1.0.5","Time":"2026-01-02T03:04:05Z","Origin":{{"VCS":"git","URL":"https://github.test/Harbour/lantern","Hash":"{SHA}","Ref":"refs/tags/v1.0.5"}}}}"#
        )
        .into_response(),
        "/proxy/github.test/!harbour/lantern/@latest" => {
            r#"{"Version":"v1.2.0","Time":"2026-01-02T03:04:05Z","Origin":{"VCS":"git","URL":"https://github.test/Harbour/lantern"}}"#.into_response()
        }
        "/proxy/github.test/!harbour/lantern/@v/v1.2.0.mod" => {
            "module github.test/Harbour/lantern\n\nretract v1.0.4 // wrong\n".into_response()
        }
        "/proxy/github.test/!harbour/lantern/@v/list" => "v1.0.4\nv1.0.5\nv1.2.0\n".into_response(),
        "/sums/lookup/github.test/!harbour/lantern@v1.0.5" => {
            "7\ngithub.test/Harbour/lantern v1.0.5 h1:abc=\ngithub.test/Harbour/lantern v1.0.5/go.mod h1:def=\n\ngo.sum database tree\n".into_response()
        }
        // Go's proxy answers 404 or 410, with words.
        _ => (StatusCode::GONE, "not found: unknown revision").into_response(),
    })
    .await;
    let of = |version| asked(RegistryKind::Go, "github.test/Harbour/lantern", version);
    let found = all.version(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(found.origin, from(SHA));
    assert_eq!(found.checksum(), "h1:abc=");
    assert!(found.listed && !found.withdrawn);
    assert_eq!(all.version(of("1.0.6")).await, Ok(None));
    let named = all.named(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(named.withdrawn, ["v1.0.4"]);
    assert_eq!(
        named.link.as_deref(),
        Some("https://github.test/Harbour/lantern")
    );
}

#[tokio::test]
async fn maven() {
    const POM: &str = "<project><modelVersion>4.0.0</modelVersion><groupId>test.harbour</groupId><artifactId>lantern</artifactId><version>1.0.5</version><scm><connection>scm:git:https://github.test/harbour/lantern.git</connection><tag>v1.0.5</tag></scm></project>";
    let (all, _) = serving(|path| match path {
        "/maven/test/harbour/lantern/1.0.5/lantern-1.0.5.pom" => POM.into_response(),
        "/maven/test/harbour/lantern/1.0.5/lantern-1.0.5.pom.sha1" => {
            "0000000000000000000000000000000000000000".into_response()
        }
        "/maven/test/harbour/lantern/maven-metadata.xml" => {
            "<metadata><groupId>test.harbour</groupId><versioning><latest>2.0.0</latest><release>2.0.0</release><versions><version>1.0.4</version><version>1.0.5</version><version>2.0.0</version></versions></versioning></metadata>".into_response()
        }
        _ => missing(),
    })
    .await;
    let of = |version| asked(RegistryKind::Maven, "test.harbour:lantern", version);
    let found = all.version(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(found.pointer.as_deref(), Some("2.0.0"));
    // The file is not the one of which the checksum stands beside it.
    assert!(found.disputed);
    assert_eq!(found.origin, Origin::Altered);
    assert_eq!(all.version(of("1.0.6")).await, Ok(None));
    let named = all.named(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(named.versions, ["1.0.4", "1.0.5", "2.0.0"]);
    assert_eq!(
        named.link.as_deref(),
        Some("https://github.test/harbour/lantern.git")
    );
}

#[tokio::test]
async fn charts() {
    const INDEX: &str = "apiVersion: v1\nentries:\n  lantern:\n  - apiVersion: v2\n    created: \"2026-01-02T03:04:05.678Z\"\n    digest: aabb\n    home: https://lantern.test/\n    name: lantern\n    sources:\n    - https://github.test/harbour/lantern\n    urls:\n    - https://github.test/harbour/lantern/releases/download/lantern-1.0.5/lantern-1.0.5.tgz\n    version: 1.0.5\n  - version: 1.0.4\ngenerated: \"2026-01-02T03:04:05.678Z\"\n";
    let (all, _) = serving(|path| match path {
        "/helm/index.yaml" => INDEX.into_response(),
        _ => missing(),
    })
    .await;
    let of = |version| asked(RegistryKind::Helm, "lantern", version);
    let found = all.version(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(found.checksum(), "aabb");
    assert_eq!(all.version(of("1.0.6")).await, Ok(None));
    let named = all.named(of("1.0.5")).await.unwrap().unwrap();
    assert_eq!(named.versions, ["1.0.5", "1.0.4"]);
    assert_eq!(
        named.link.as_deref(),
        Some("https://github.test/harbour/lantern")
    );
    assert_eq!(
        all.named(asked(RegistryKind::Helm, "other", "1")).await,
        Ok(None)
    );
}

#[tokio::test]
async fn an_index_without_charts_has_none() {
    let (all, _) = serving(|_| "apiVersion: v1\nentries:\n".into_response()).await;
    let of = asked(RegistryKind::Helm, "lantern", "1.0.5");
    assert_eq!(all.version(of).await, Ok(None));
    assert_eq!(all.named(of).await, Ok(None));
}

#[tokio::test]
async fn what_a_repository_names_is_asked_in_the_public_net_alone() {
    let (all, url) = serving(|_| missing()).await;
    let open = Registries::new(
        all.crates_io().clone(),
        Roots {
            oci: Some(url.clone()),
            helm: Some(url.clone()),
            ..Roots::default()
        },
    );
    let chart = format!("{url}/charts/lantern");
    for at in [
        asked(RegistryKind::Helm, &chart, "1.0.5"),
        asked(
            RegistryKind::Helm,
            "https://10.0.0.1/charts/lantern",
            "1.0.5",
        ),
        asked(RegistryKind::Oci, "127.0.0.1/harbour/lantern", "1.0.5"),
        asked(
            RegistryKind::Oci,
            "169.254.169.254/harbour/lantern",
            "1.0.5",
        ),
    ] {
        let found = open.version(at).await;
        assert!(matches!(found, Err(Error::Invalid(_))), "{at:?}: {found:?}");
    }
    // What is not told is not asked.
    let found = open
        .version(asked(RegistryKind::Npm, "lantern", "1.0.5"))
        .await;
    assert!(matches!(found, Err(Error::Invalid(_))), "{found:?}");
}
