//! The page of a rehearsal, read over HTTP whenever everything is at rest.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::super::args::RehearseArgs;
use super::super::narrator::Narrator;
use super::super::real_server::RealServer;
use super::super::server::{Server, ServerSetup};
use super::super::stage::Stage;
use super::super::{Report, play};
use crate::clock::Millis;
use crate::domain::need::Need;

/// Each standing that was met, with the first page that showed it.
type Shown = Arc<Mutex<Vec<(String, String)>>>;

/// The real server, of which somebody looks at the page.
struct Watched {
    server: RealServer,
    shown: Shown,
}

impl Watched {
    async fn get(&self, path: &str) -> Option<String> {
        let url = self.server.page_url().unwrap();
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).await.ok()?;
        let ask = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        head.starts_with("HTTP/1.1 200 ").then(|| body.to_owned())
    }

    async fn look(&self) {
        let Some(list) = self.get("/").await else {
            return;
        };
        let Some((_, rest)) = list.split_once("<h3><a href=\"") else {
            return;
        };
        let here = rest.split('"').next().unwrap();
        let page = self.get(here).await.expect("a page that the list leads to");
        let (_, rest) = page.split_once("<div class=\"state ").unwrap();
        let standing = rest.split('"').next().unwrap().to_owned();
        let mut shown = self.shown.lock().unwrap();
        if shown.last().is_none_or(|(last, _)| *last != standing) {
            shown.push((standing, page));
        }
    }
}

impl Server for Watched {
    fn webhook_url(&self) -> String {
        self.server.webhook_url()
    }

    async fn busy(&self, now: Millis) -> bool {
        self.server.busy(now).await
    }

    async fn next_due(&self) -> Option<Millis> {
        // All is at rest when this is asked.
        self.look().await;
        self.server.next_due().await
    }

    async fn needs(&self) -> Option<Vec<Need>> {
        self.server.needs().await
    }

    async fn leaves(&self) {
        self.server.leaves().await;
    }

    async fn returns(&self) {
        self.server.returns().await;
    }

    async fn stop(self) {
        self.look().await;
        self.server.stop().await;
    }
}

async fn watched(scenario: &str) -> (Report, Vec<(String, String)>) {
    let args = RehearseArgs {
        scenario: Some(scenario.to_owned()),
        ..RehearseArgs::default()
    };
    let shown = Shown::default();
    let start = async |setup: ServerSetup, _: &Stage| {
        let page = Some((Ipv4Addr::LOCALHOST, 0).into());
        let server = RealServer::start(ServerSetup { page, ..setup }).await?;
        let shown = shown.clone();
        Ok(Watched { server, shown })
    };
    let mut narrator = Narrator::new(Box::new(std::io::sink()), false);
    let report = play(&args, start, &mut narrator).await.unwrap();
    let shown = shown.lock().unwrap().clone();
    (report, shown)
}

fn first<'a>(shown: &'a [(String, String)], standing: &str) -> &'a str {
    let found = shown.iter().find(|(it, _)| it == standing);
    let all: Vec<_> = shown.iter().map(|(it, _)| it).collect();
    &found.unwrap_or_else(|| panic!("{standing} in {all:?}")).1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_follows_the_hotfix_through_red_tests_to_its_end() {
    let (report, shown) = watched("red-tests").await;
    assert!(report.is_as_expected(), "{}", report.reason);

    let failed = first(&shown, "failed");
    let (banner, _) = failed.split_once("<h2 id=\"now\">").unwrap();
    assert!(
        banner.contains("<strong>ci.yml failed</strong>"),
        "{banner}"
    );
    assert!(failed.contains("/hotfix retry"), "{failed}");

    let ready = first(&shown, "ready");
    let (_, now) = ready.split_once("<h2 id=\"now\">").unwrap();
    let (now, ships) = now.split_once("<h2 id=\"ships\">").unwrap();
    assert!(
        now.contains("<pre tabindex=\"0\"><code>/hotfix release "),
        "{now}"
    );
    let (ships, _) = ships.split_once("<h2 id=\"times\">").unwrap();
    for words in [
        "Will ship: ",
        "Will not ship: ",
        "No way back:",
        "fix(critical)",
    ] {
        assert!(ships.contains(words), "{words}: {ships}");
    }

    let (standing, over) = shown.last().unwrap();
    assert_eq!(standing, "done");
    for words in ["Nothing is needed any more.", " is out.", "24 of 24"] {
        assert!(over.contains(words), "{words}: {over}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_where_it_was_after_the_server_was_away() {
    let (report, shown) = watched("away").await;
    assert!(report.is_as_expected(), "{}", report.reason);
    let (standing, _) = shown.last().unwrap();
    assert_eq!(standing, "done");
}
