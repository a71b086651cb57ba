//! Every page and state in a real browser: axe finds nothing in it, in both schemes,
//! nothing goes sideways on a small phone, and pictures of them are made below
//! `target/screenshots`. Left out, loudly, where there is no chromium, or no axe-core
//! (`AXE_CORE` names the file `axe.min.js` of its npm package).

mod devtools;
mod scenes;
mod set_up;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::devtools::Browser;
use self::scenes::{Scene, scenes};
use super::super::Viewer;
use super::house::{Frozen, House, REPO};

/// What is looked for: all that axe knows, and its advice.
const AXE: &str = "axe.run(document, { resultTypes: ['violations'] }).then((r) => \
    r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' | ')))";

/// The first and the last of what reaches beyond the window.
const BEYOND: &str = "(() => { const all = [...document.querySelectorAll('body *')]\
    .filter((it) => it.getBoundingClientRect().right > innerWidth)\
    .map((it) => it.outerHTML.slice(0, 120)); return [all[0], all.at(-1)].join(' … '); })()";

/// Widths of a phone, a larger one, and a desk, CSS pixels.
const WIDTHS: [u32; 3] = [320, 390, 900];

fn axe() -> Option<String> {
    std::fs::read_to_string(std::env::var_os("AXE_CORE")?).ok()
}

fn pictures() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or(Path::new(env!("CARGO_MANIFEST_DIR")).join("target"));
    target.join("screenshots")
}

/// Serves a scene on a port of its own; its address.
async fn served(scene: &Scene) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = scene.router.clone();
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, task)
}

/// The page that is open, in all its looks; what is wrong with it.
fn looks(browser: &mut Browser, name: &str, axe: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let folder = pictures();
    std::fs::create_dir_all(&folder).unwrap();
    browser.says(axe);
    for scheme in ["light", "dark"] {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let media = json!({"media": "", "features": features});
        browser.call("Emulation.setEmulatedMedia", media);
        let dark = browser.says("matchMedia('(prefers-color-scheme: dark)').matches");
        assert_eq!(dark, json!(scheme == "dark"), "it is as it was asked for");
        for width in WIDTHS {
            browser.is_wide(width);
            let over = browser.says("document.documentElement.scrollWidth - innerWidth");
            if over.as_i64().is_none_or(|over| over > 0) {
                let at = browser.says(BEYOND);
                wrong.push(format!("{name} at {width}: {over} too wide: {at}"));
            }
            browser.pictures(&folder.join(format!("{name}-{width}-{scheme}.png")));
        }
        for it in browser.says(AXE).as_array().unwrap() {
            wrong.push(format!("{name} {scheme}: {it}"));
        }
    }
    let print = json!({"media": "print", "features": []});
    browser.call("Emulation.setEmulatedMedia", print);
    browser.is_wide(794);
    browser.pictures(&folder.join(format!("{name}-print.png")));
    wrong
}

/// axe-core, and a browser to run it in; none, said loudly: one of them is missing.
fn judges() -> Option<(String, Browser)> {
    let Some(axe) = axe() else {
        eprintln!("LEFT OUT: there is no axe-core: AXE_CORE does not name its file");
        return None;
    };
    let Some(browser) = Browser::starts() else {
        eprintln!("LEFT OUT: there is no chromium");
        return None;
    };
    Some((axe, browser))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_and_state_is_accessible_and_fits_a_phone() {
    let Some((axe, mut browser)) = judges() else {
        return;
    };
    let mut wrong = Vec::new();
    let mut pages = 0;
    for scene in scenes().await {
        let (url, task) = served(&scene).await;
        wrong.extend(tokio::task::block_in_place(|| {
            browser.opens(&format!("{url}{}", scene.path));
            looks(&mut browser, &scene.name, &axe)
        }));
        pages += 1;
        task.abort();
    }
    assert!(pages >= 20, "{pages}");
    assert_eq!(wrong, Vec::<String>::new());
}

/// The script copies, keeps the page true and the place where somebody reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_follows_its_hotfix_and_keeps_the_focus() {
    let Some(mut browser) = Browser::starts() else {
        eprintln!("LEFT OUT: there is no chromium");
        return;
    };
    let (house, mut row) = scenes::living().await;
    let scene = Scene::of("living", &house, "/h/harbour/lantern/1");
    let (url, task) = served(&scene).await;
    tokio::task::block_in_place(|| {
        browser.opens(&format!("{url}{}", scene.path));
        browser.waits("document.getElementById('live-state').textContent !== ''");
        browser.says("document.querySelector('#live a').focus()");
        browser.says("document.querySelector('#live').dataset.old = 1");
        browser.says("document.querySelector('details').open = false");
    });
    house.save(&mut row).await;
    tokio::task::block_in_place(|| {
        browser.waits("!document.querySelector('#live').dataset.old");
        let kept = "document.activeElement === document.querySelector('#live a')";
        assert_eq!(browser.says(kept), json!(true));
        let folded = browser.says("document.querySelector('details').open");
        assert_eq!(folded, json!(false));
        let buttons = browser.says("document.querySelectorAll('.block button').length > 0");
        assert_eq!(buttons, Value::Bool(true), "127.0.0.1 may copy");
    });
    task.abort();
    house.stop.cancel();
}

/// Where it gets no stream, the page asks now and then and stays true.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_gets_no_stream_asks_now_and_then() {
    let Some(mut browser) = Browser::starts() else {
        eprintln!("LEFT OUT: there is no chromium");
        return;
    };
    let house = Arc::new(House::with(Viewer::Desk, |pages| pages.streams = 0).await);
    let facts = Frozen::named("v2/release-undecided");
    let mut row = house.case(REPO, 1, &facts).await;
    let scene = Scene::of("refused", &house, "/h/harbour/lantern/1");
    let (url, task) = served(&scene).await;
    tokio::task::block_in_place(|| {
        // Fifteen seconds are a blink in this browser.
        let hurry = "const slow = setInterval; \
            window.setInterval = (run, after) => slow(run, after / 500)";
        let hurry = json!({"source": hurry});
        browser.call("Page.addScriptToEvaluateOnNewDocument", hurry);
        browser.opens(&format!("{url}{}", scene.path));
        let said = "document.getElementById('live-state').textContent";
        browser.waits(&format!("{said} === 'Looked at every 15 seconds.'"));
        browser.says("document.querySelector('#live').dataset.old = 1");
    });
    house.save(&mut row).await;
    tokio::task::block_in_place(|| {
        browser.waits("!document.querySelector('#live').dataset.old");
        let tries = "performance.getEntriesByType('resource')\
            .filter((it) => it.name.endsWith('/events')).length";
        assert_eq!(
            browser.says(tries),
            json!(1),
            "it does not ask for it with each answer"
        );
    });
    task.abort();
}

/// A hotfix of which so much is to be told that its page has a hundred events.
fn eventful() -> Frozen {
    let mut it = Frozen::named("v1/largest");
    let began = it.facts["trigger"]["at"].as_i64().unwrap();
    let told = |n: i64| {
        let text = format!("@developer took `P0` off, and put it on again, for the {n}th time.");
        json!({"at": began + 30_000 * n, "text": text})
    };
    it.facts["notices"] = (1..=79).map(told).collect();
    it
}

/// What somebody waits for at three in the morning: bytes, and the first paint, of which
/// docs/performance.md tells. Nothing is asserted of times.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_long_hotfix_is_light() {
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &eventful()).await;
    let here = "/h/harbour/lantern/1";
    let page = house.page(here).await;
    let events = page.split("<ol class=\"events\"").nth(1).unwrap();
    let events = events.matches("<li>").count();
    let files = super::super::assets::addresses();
    let (css, js) = (house.page(&files.css).await, house.page(&files.js).await);
    println!(
        "{events} events: {} bytes of HTML, {} of style, {} of script",
        page.len(),
        css.len(),
        js.len()
    );
    assert_eq!(events, 100);
    assert!(page.len() < 400 * events + 20_000, "{} bytes", page.len());
    assert!(css.len() + js.len() < 24_000);
    let Some(mut browser) = Browser::starts() else {
        eprintln!("LEFT OUT: there is no chromium");
        return;
    };
    let house = Arc::new(house);
    let scene = Scene::of("largest", &house, here);
    let (url, task) = served(&scene).await;
    tokio::task::block_in_place(|| {
        browser.call("Network.enable", json!({}));
        browser.call("Network.setCacheDisabled", json!({"cacheDisabled": true}));
        let mut all = Vec::new();
        for _ in 0..9 {
            browser.opens(&format!("{url}{here}"));
            let paint = "performance.getEntriesByName('first-contentful-paint')";
            browser.waits(&format!("{paint}.length > 0"));
            let paint = browser.says(&format!("{paint}[0].startTime"));
            all.push(paint.as_f64().unwrap().round() as u64);
        }
        let first = all[0];
        all.sort_unstable();
        println!(
            "first paint after {first} ms at first, {} ms as a rule: {all:?}",
            all[4]
        );
    });
    task.abort();
}
