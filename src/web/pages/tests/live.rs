//! The stream of changes.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http_body_util::BodyExt as _;

use super::super::Viewer;
use super::house::{Frozen, House, REPO};
use super::signed_in::furnish;
use super::signing::{SignsIn, signs_in};

const HERE: &str = "/h/harbour/lantern/1/events";

/// The next words of a stream; none: it ended.
async fn next(body: &mut Body) -> Option<String> {
    let frame = body.frame().await?.unwrap();
    let data = frame.into_data().unwrap();
    Some(String::from_utf8(data.to_vec()).unwrap())
}

#[tokio::test]
async fn it_says_the_state_at_first_and_each_one_that_follows() {
    let quick = |pages: &mut super::Pages| pages.gather = Duration::ZERO;
    let house = House::with(Viewer::Anybody, quick).await;
    let mut row = house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let page = house.page("/h/harbour/lantern/1").await;
    let answer = house.ask(HERE).await;
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "no-store, no-transform");
    assert_eq!(headers["x-accel-buffering"], "no");
    let mut body = answer.into_body();
    let mark = |rev: i64| format!("{}.{rev}", row.id);
    let first = mark(row.rev);
    let next_one = mark(row.rev + 1);
    assert_eq!(
        next(&mut body).await,
        Some(format!("event: changed\ndata: {first}\n\n"))
    );
    assert!(page.contains(&format!("data-mark=\"{first}\"")), "{page}");
    house.save(&mut row).await;
    let event = format!("event: changed\ndata: {next_one}\n\n");
    assert_eq!(next(&mut body).await, Some(event));
    // Another hotfix is no news here; what the repository became ends it.
    house.case(REPO, 2, &Frozen::named("v1/over")).await;
    house.repo(REPO, "lantern", true).await;
    house.save(&mut row).await;
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn it_ends_with_the_server_and_after_its_time() {
    let house = House::new(Viewer::Anybody).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let mut body = house.ask(HERE).await.into_body();
    assert!(next(&mut body).await.is_some());
    house.stop.cancel();
    assert_eq!(next(&mut body).await, None);

    let short = |pages: &mut super::Pages| pages.stream_time = Duration::ZERO;
    let house = House::with(Viewer::Anybody, short).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let mut body = house.ask(HERE).await.into_body();
    // What it began with, at most.
    while next(&mut body).await.is_some() {}
}

#[tokio::test]
async fn so_many_streams_and_pages_at_one_time_and_no_more() {
    let one = |pages: &mut super::Pages| pages.streams = 1;
    let house = House::with(Viewer::Anybody, one).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let held = house.ask(HERE).await;
    assert_eq!(held.status(), 200);
    let refused = house.get(HERE).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.headers["retry-after"], "5");
    drop(held);
    assert_eq!(house.ask(HERE).await.status(), 200);

    let none = |pages: &mut super::Pages| (pages.at_once, pages.turn) = (0, Duration::ZERO);
    let house = House::with(Viewer::Anybody, none).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    assert_eq!(house.get("/h/harbour/lantern/1").await.status, 503);
}

/// Twenty tabs of one person are four streams; the others ask now and then instead.
#[tokio::test]
async fn a_person_with_many_tabs_leaves_streams_to_others() {
    const THEIRS: &str = "/h/harbour/cellar/1/events";
    let (house, hub, _) = SignsIn::default().house(Viewer::Nobody).await;
    furnish(&house, &hub).await;
    hub.known()
        .pushes
        .insert(("dev".into(), super::signed_in::HIDDEN));
    let mia = signs_in(&house, &hub, "mia").await;
    let mut open: Vec<Response> = Vec::new();
    for tab in 1..=20 {
        let answer = house.ask_with(&mia, THEIRS).await;
        match tab {
            1..=4 => open.push(answer),
            _ => {
                assert_eq!(answer.status(), 429, "{tab}");
                assert_eq!(
                    answer.headers()["content-type"],
                    "text/plain; charset=utf-8"
                );
            }
        }
    }
    assert!(open.iter().all(|it| it.status() == 200));
    // Whoever signs in once more is the same person; what is not there says no more.
    let again = signs_in(&house, &hub, "mia").await;
    for path in [THEIRS, "/h/no/where/1/events"] {
        assert_eq!(house.ask_with(&again, path).await.status(), 429, "{path}");
    }
    let page = house.with_cookie(&again, "/h/harbour/cellar/1").await;
    assert_eq!(page.status, 200, "the page itself is there");
    let dev = signs_in(&house, &hub, "dev").await;
    assert_eq!(house.ask_with(&dev, THEIRS).await.status(), 200);
    // A tab is closed.
    open.pop();
    assert_eq!(house.ask_with(&mia, THEIRS).await.status(), 200);
}

#[tokio::test]
async fn who_did_not_sign_in_leaves_half_of_the_streams() {
    let four = SignsIn {
        streams: Some(4),
        ..SignsIn::default()
    };
    let (house, hub, _) = four.house(Viewer::Anybody).await;
    furnish(&house, &hub).await;
    let open = [house.ask(HERE).await, house.ask(HERE).await];
    assert!(open.iter().all(|it| it.status() == 200));
    assert_eq!(house.ask(HERE).await.status(), 503);
    let mia = signs_in(&house, &hub, "mia").await;
    let hers = [
        house.ask_with(&mia, HERE).await,
        house.ask_with(&mia, HERE).await,
    ];
    assert!(hers.iter().all(|it| it.status() == 200));
    assert_eq!(
        house.ask_with(&mia, HERE).await.status(),
        503,
        "all are taken"
    );
}
