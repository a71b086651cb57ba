//! The stream of changes.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;

use super::Viewer;
use super::house::{Frozen, House, REPO};

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
