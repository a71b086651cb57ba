//! The pages of set-up, gone through by the browser itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::zeroize::Zeroizing;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::devtools::Browser;
use super::{judges, looks};
use crate::clock::Clock;
use crate::web::BoxFuture;
use crate::web::setup::{Backend, Created, NotCreated, Outcome, Rest, SetUp, rest, start};

/// The form that leads to GitHub is there.
const LED_ON: &str = "document.querySelector('form[action*=\"/settings/apps/new\"]') !== null";
/// The state that it takes along.
const STATE: &str = "new URL(document.forms[0].action).searchParams.get('state')";

/// A GitHub and a disk that do as they are told.
#[derive(Default)]
struct Machine {
    knows_code: AtomicBool,
    keeps: AtomicBool,
}

impl Backend for Machine {
    fn convert(&self, _: String) -> BoxFuture<'_, Result<Created, NotCreated>> {
        let known = self.knows_code.load(Ordering::SeqCst);
        Box::pin(async move {
            let secret = |it: &str| it.to_owned().into();
            known.then_some(()).ok_or(NotCreated::Code)?;
            Ok(Created {
                id: 7,
                name: "Hotfix Bot ACME".into(),
                html_url: "http://127.0.0.1:1/apps/hotfix".into(),
                client_id: "Iv1.1".into(),
                client_secret: secret("a"),
                webhook_secret: secret("b"),
                pem: secret("c"),
            })
        })
    }

    fn keep(&self, _: &Created, _: &str) -> Result<(), String> {
        let keeps = self.keeps.load(Ordering::SeqCst);
        keeps
            .then_some(())
            .ok_or("Read-only file system (os error 30)".into())
    }

    fn file(&self, _: &Created, _: &str) -> Result<Zeroizing<String>, String> {
        Ok(String::new().into())
    }

    fn address(&self, typed: &str) -> Result<String, String> {
        Ok(typed.to_owned())
    }

    fn unreachable(&self, _: &str) -> bool {
        false
    }

    fn renewed(&self) -> Option<([u8; 32], i64)> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_set_up_is_accessible_and_fits_a_phone() {
    let Some((axe, mut browser)) = judges() else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (machine, stop) = (Arc::new(Machine::default()), CancellationToken::new());
    let clock = Clock::owned(1_772_441_400_000);
    let pages = SetUp {
        clock,
        token: "the-token".into(),
        public_url: Some(url.clone()),
        github: "https://github.test".into(),
        file: "/data/credentials.env".into(),
        backend: machine.clone(),
    };
    let (served, outcome) = start(listener, pages, stop.clone());
    let mut wrong = Vec::new();
    let mut look = |browser: &mut Browser, name: &str| {
        wrong.extend(looks(browser, &format!("set-up-{name}"), &axe));
    };
    tokio::task::block_in_place(|| {
        browser.opens(&format!("{url}/setup"));
        look(&mut browser, "unlock");
        browser.leaves(&format!("{url}/setup#the-token"));
        browser.waits("document.querySelector('form[action$=\"/setup/manifest\"]') !== null");
        look(&mut browser, "choice");
        let form = "document.querySelector('form[action$=\"/setup/manifest\"]')";
        browser.says(&format!("{form}.requestSubmit()"));
        browser.waits(LED_ON);
        look(&mut browser, "handover");
        let state = browser.says(STATE);
        let state = state.as_str().unwrap().to_owned();
        browser.opens(&format!("{url}/setup/created?code=x&state={state}"));
        look(&mut browser, "code-refused");
        browser.opens(&format!("{url}/setup/created?code=x&state={state}"));
        look(&mut browser, "state-used");
        machine.knows_code.store(true, Ordering::SeqCst);
        // Back to the choice, and through once more.
        browser.opens(&format!("{url}/setup"));
        browser.says(&format!("{form}.requestSubmit()"));
        browser.waits(LED_ON);
        let state = browser.says(STATE);
        let state = state.as_str().unwrap();
        browser.opens(&format!("{url}/setup/created?code=x&state={state}"));
        look(&mut browser, "keep");
    });
    drop(outcome);
    stop.cancel();
    served.await.unwrap();
    assert_eq!(wrong, Vec::<String>::new());
}

/// What is shown once the App is there.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_page_of_set_up_is_accessible_in_each_state() {
    let Some((axe, mut browser)) = judges() else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (machine, stop) = (Arc::new(Machine::default()), CancellationToken::new());
    machine.knows_code.store(true, Ordering::SeqCst);
    machine.keeps.store(true, Ordering::SeqCst);
    let pages = SetUp {
        clock: Clock::owned(1_772_441_400_000),
        token: "the-token".into(),
        public_url: Some(url.clone()),
        github: "https://github.test".into(),
        file: "/data/credentials.env".into(),
        backend: machine,
    };
    let (served, outcome) = start(listener, pages, stop.clone());
    tokio::task::block_in_place(|| {
        browser.leaves(&format!("{url}/setup#the-token"));
        let form = "document.querySelector('form[action$=\"/setup/manifest\"]')";
        browser.waits(&format!("{form} !== null"));
        browser.says(&format!("{form}.requestSubmit()"));
        browser.waits(LED_ON);
        let state = browser.says(STATE);
        let state = state.as_str().unwrap();
        // It leads on to GitHub, where nobody is.
        browser.leaves(&format!("{url}/setup/created?code=x&state={state}"));
    });
    let Ok(Outcome::Kept(finished)) = outcome.await else {
        panic!("it is not kept");
    };
    stop.cancel();
    served.await.unwrap();
    let heard = Arc::new(AtomicBool::new(false));
    let there = Arc::new(AtomicBool::new(false));
    let installed = there.clone();
    let look = move || -> BoxFuture<'static, Option<Vec<String>>> {
        let installed = installed.load(Ordering::SeqCst);
        Box::pin(async move {
            let all = ["acme/caro", "acme/lantern"].map(str::to_owned);
            Some(if installed { all.to_vec() } else { Vec::new() })
        })
    };
    let clock = finished.clock();
    let router = rest(Rest {
        finished,
        heard: heard.clone(),
        look: Arc::new(look),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut wrong = Vec::new();
    tokio::task::block_in_place(|| {
        for name in ["begun", "whole"] {
            browser.opens(&format!("{url}/setup/done"));
            wrong.extend(looks(&mut browser, &format!("set-up-done-{name}"), &axe));
            heard.store(true, Ordering::SeqCst);
            there.store(true, Ordering::SeqCst);
            clock.advance_to(clock.now() + 60_000);
        }
        browser.opens(&format!("{url}/setup/installed"));
        wrong.extend(looks(&mut browser, "set-up-installed", &axe));
    });
    task.abort();
    assert_eq!(wrong, Vec::<String>::new());
}
