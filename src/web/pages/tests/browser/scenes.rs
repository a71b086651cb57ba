//! The pages and states that are looked at.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::super::super::Viewer;
use super::super::doctor::{Looks, found};
use super::super::house::{Frozen, House, REPO};
use super::super::signed_in::{HIDDEN, furnish};
use super::super::signing::{Hub, SignsIn, signs_in};
use crate::domain::checkup::Checkup;
use crate::store::CaseRow;

/// A page.
pub struct Scene {
    pub name: String,
    pub router: Router,
    pub path: String,
    /// What it is served from.
    _house: Arc<House>,
}

impl Scene {
    /// Of a house that lives elsewhere as well.
    pub fn of(name: &str, house: &Arc<House>, path: &str) -> Scene {
        Scene {
            name: name.to_owned(),
            router: house.router.clone(),
            path: path.to_owned(),
            _house: house.clone(),
        }
    }
}

/// The states of a hotfix that look different.
const STATES: [&str; 20] = [
    "v1/assess-asked",
    "v1/assess-low-role",
    "v1/fix",
    "v1/test-runs",
    "v1/runs-red",
    "v1/runs-release-failed",
    "v1/config-wrong",
    "v1/held",
    "v1/tag-refused",
    "v1/monitor",
    "v1/verify",
    "v1/known-open",
    "v1/cancelled",
    "v1/over",
    "v1/largest",
    "v2/release-undecided",
    "v2/behind",
    "v2/base-none",
    "v2/config-faults",
    "v2/bump-refused",
];

/// A hotfix that is saved again.
pub async fn living() -> (Arc<House>, CaseRow) {
    let house = House::new(Viewer::Desk).await;
    let row = house
        .case(REPO, 1, &Frozen::named("v2/release-undecided"))
        .await;
    (Arc::new(house), row)
}

async fn hotfixes(all: &mut Vec<Scene>) {
    let house = Arc::new(House::new(Viewer::Desk).await);
    for (issue, name) in (1..).zip(STATES) {
        house.case(REPO, issue, &Frozen::named(name)).await;
        let name = name.replace('/', "-");
        all.push(Scene::of(
            &name,
            &house,
            &format!("/h/harbour/lantern/{issue}"),
        ));
    }
    house
        .case(REPO, 90, &Frozen::named("v1/cancelled").ended())
        .await;
    house
        .case(REPO, 90, &Frozen::named("v1/over").titled(LONG))
        .await;
    let here = "/h/harbour/lantern/90";
    all.push(Scene::of("long-words", &house, here));
    all.push(Scene::of("print", &house, &format!("{here}/print")));
    let mut newer = Frozen::named("v1/fix");
    newer.schema = 99;
    house.case(REPO, 91, &newer).await;
    all.push(Scene::of("unreadable", &house, "/h/harbour/lantern/91"));
    all.push(Scene::of("list", &house, "/"));
    all.push(Scene::of("repository", &house, "/r/harbour/lantern"));
    all.push(Scene::of("help", &house, "/help"));
    all.push(Scene::of("not-found", &house, "/nowhere"));
    let empty = Arc::new(House::new(Viewer::Desk).await);
    all.push(Scene::of("list-empty", &empty, "/"));
}

/// A title without a place to break it at.
const LONG: &str = "thread_main_panicked_at_called_Option_unwrap_on_a_None_value_in_crate::settings::file::read_or_default_of_the_user";

async fn people(all: &mut Vec<Scene>) {
    let looks = Arc::new(Looks::default());
    let with = SignsIn {
        examiner: Some(looks.clone()),
        ..SignsIn::default()
    };
    let (house, hub, _) = with.house(Viewer::Anybody).await;
    furnish(&house, &hub).await;
    hub.known().pushes.insert(("dev".into(), HIDDEN));
    let house = Arc::new(house);
    all.push(Scene::of("stranger", &house, "/"));
    all.push(Scene::of("signed-out", &house, "/signed-out"));
    all.push(Scene::of("not-signed-in", &house, "/login/callback"));
    let dev = signs_in(&house, &hub, "dev").await;
    let kept = Checkup::after(None, &found(), house.clock.now());
    let kept = serde_json::to_string(&kept).unwrap();
    house
        .store
        .checked_up(HIDDEN, Some(&kept), 0)
        .await
        .unwrap();
    for (name, path) in [
        ("signed-in", "/"),
        ("signed-in-repository", "/r/harbour/cellar"),
        ("doctor", "/doctor/harbour/cellar"),
    ] {
        all.push(as_dev(name, &house, path, &dev).await);
    }
    all.extend(without_github(&house, &hub, &dev).await);
}

/// A browser shows its cookie by plain http as well, where the server looks for the
/// name that it has by https: so the page is what was made beforehand.
async fn as_dev(name: &str, house: &Arc<House>, path: &str, cookie: &str) -> Scene {
    let made = Request::get(path).header("cookie", cookie);
    let made = made.body(Body::empty()).unwrap();
    let made = house.router.clone().oneshot(made).await.unwrap();
    let (head, body) = made.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let made = (head.status, head.headers, body);
    let rest = house.router.clone();
    let router = Router::new()
        .route(path, axum::routing::get(move || async move { made }))
        .fallback_service(rest);
    Scene {
        router,
        ..Scene::of(name, house, path)
    }
}

async fn without_github(house: &Arc<House>, hub: &Hub, dev: &str) -> Vec<Scene> {
    let path = "/h/harbour/cellar/1";
    hub.known().sso.insert("harbour".into());
    house.later(6 * 60_000);
    let mut all = vec![
        as_dev("single-sign-on", house, path, dev).await,
        as_dev("single-sign-on-list", house, "/", dev).await,
    ];
    hub.known().sso.clear();
    house.later(6 * 60_000);
    as_dev("warm", house, path, dev).await;
    hub.known().down = true;
    house.later(6 * 60_000);
    all.push(as_dev("github-is-down", house, path, dev).await);
    let other = "/h/harbour/other/1";
    all.push(as_dev("not-now", house, other, dev).await);
    all
}

/// All of them.
pub async fn scenes() -> Vec<Scene> {
    let mut all = Vec::new();
    hotfixes(&mut all).await;
    people(&mut all).await;
    all
}
