//! Nobody learns of what is not shown to everybody.

use super::Viewer;
use super::house::{Answer, Frozen, House, REPO};
use super::signed_in::ENDINGS;

/// What tells one answer from another.
fn whole(answer: &Answer) -> String {
    format!("{} {:?} {}", answer.status, answer.headers, answer.body)
}

const HIDDEN: i64 = 5;
const GONE: i64 = 6;

/// A public repository with a hotfix, one about a vulnerability, one that cannot be
/// read; a private one; one that the App was taken off.
async fn house(viewer: Viewer) -> House {
    let house = House::new(viewer).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let secret = Frozen::named("v1/fix").titled("RCE by a settings file");
    house.case(REPO, 2, &secret).await;
    let mut newer = Frozen::named("v1/fix");
    newer.schema = 99;
    house.case(REPO, 3, &newer).await;
    house.case(REPO, 4, &Frozen::named("v1/ignored")).await;
    house.repo(HIDDEN, "cellar", true).await;
    house.case(HIDDEN, 1, &Frozen::named("v1/fix")).await;
    house.case(HIDDEN, 2, &Frozen::named("v1/over")).await;
    house.repo(GONE, "attic", false).await;
    house.case(GONE, 1, &Frozen::named("v1/fix")).await;
    let mut tx = house.store.begin().await.unwrap();
    tx.remove_repo(GONE).await.unwrap();
    tx.commit().await.unwrap();
    house
}

#[tokio::test]
async fn what_is_hidden_is_as_if_it_were_not_there() {
    let house = house(Viewer::Anybody).await;
    let hotfixes = [
        "harbour/cellar/1",
        "harbour/cellar/2",
        "harbour/cellar/3",
        "harbour/attic/1",
        "harbour/lantern/2",
        "harbour/lantern/3",
        "harbour/lantern/4",
        "harbour/lantern/77",
        "harbour/lantern/0x1",
        "nobody/nothing/1",
    ];
    for ending in ENDINGS {
        let absent = whole(&house.get(&format!("/h/no/where/1{ending}")).await);
        assert!(absent.starts_with("404"), "{absent}");
        for hotfix in hotfixes {
            let answer = house.get(&format!("/h/{hotfix}{ending}")).await;
            assert_eq!(whole(&answer), absent, "{hotfix}{ending}");
        }
    }
    let absent = whole(&house.get("/nowhere").await);
    for path in [
        "/r/harbour/cellar",
        "/r/harbour/attic",
        "/r/no/where",
        "/r/harbour/cellar/part",
    ] {
        assert_eq!(whole(&house.get(path).await), absent, "{path}");
    }
    for path in ["/", "/part", "/r/harbour/lantern", "/help"] {
        let page = house.page(path).await;
        for name in ["cellar", "attic", "RCE", "lantern/2", "lantern/3"] {
            assert!(!page.contains(name), "{path} names {name}");
        }
    }
    assert!(house.page("/").await.contains("/h/harbour/lantern/1"));
}

/// What says whether it is about a vulnerability is not known.
#[tokio::test]
async fn what_may_be_about_a_vulnerability_is_hidden() {
    let house = House::new(Viewer::Anybody).await;
    for (issue, at) in (1..).zip(["/issue", "/policy"]) {
        let mut unread = Frozen::named("v1/fix");
        let value = unread.facts.pointer_mut(&format!("{at}/value"));
        *value.expect("it was read") = serde_json::Value::Null;
        house.case(REPO, issue, &unread).await;
        let answer = house.get(&format!("/h/harbour/lantern/{issue}")).await;
        assert_eq!(answer.status, 404, "{at}");
    }
    assert!(!house.page("/").await.contains("/h/harbour/lantern"));
}

/// Neither the answer nor its time tells what is there while others are served.
#[tokio::test]
async fn a_busy_server_says_the_same_of_everything() {
    let bounds = |pages: &mut super::super::Pages| {
        (pages.at_once, pages.turn) = (0, std::time::Duration::ZERO);
    };
    let house = House::with(Viewer::Anybody, bounds).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let secret = Frozen::named("v1/fix").titled("RCE by a settings file");
    house.case(REPO, 2, &secret).await;
    let busy = whole(&house.get("/h/no/where/1").await);
    assert!(busy.starts_with("503"), "{busy}");
    for path in [
        "/",
        "/r/harbour/lantern",
        "/h/harbour/lantern/1",
        "/h/harbour/lantern/2",
    ] {
        assert_eq!(whole(&house.get(path).await), busy, "{path}");
    }
}

/// A name of another site's that leads here reads nothing.
#[tokio::test]
async fn a_desk_answers_to_this_machine_alone() {
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    for (host, status) in [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("localhost:8080", 200),
        ("evil.example:8080", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ] {
        let answer = house.get_as(host, "/h/harbour/lantern/1").await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn at_the_desk_all_of_it_is_there() {
    let house = house(Viewer::Desk).await;
    let page = house.page("/").await;
    for name in [
        "cellar/1",
        "cellar/2",
        "attic/1",
        "lantern/1",
        "lantern/2",
        "lantern/3",
    ] {
        assert!(page.contains(&format!("/h/harbour/{name}\"")), "{name}");
    }
    // Even there a vulnerability has neutral words.
    assert!(!page.contains("RCE"), "{page}");
}

#[tokio::test]
async fn a_vulnerability_is_shown_once_users_have_the_release() {
    let house = House::new(Viewer::Anybody).await;
    let mut over = Frozen::named("v1/over");
    over.facts["security"] = true.into();
    house.case(REPO, 1, &over).await;
    house.page("/h/harbour/lantern/1").await;
    let mut before = Frozen::named("v1/monitor");
    before.facts["security"] = true.into();
    house.case(REPO, 2, &before).await;
    assert_eq!(house.get("/h/harbour/lantern/2").await.status, 404);
}

/// An old link leads on, and never to what is hidden.
#[tokio::test]
async fn a_former_name_leads_to_the_present_one() {
    for viewer in [Viewer::Anybody, Viewer::Desk] {
        let house = House::new(viewer).await;
        house.case(REPO, 1, &Frozen::named("v1/fix")).await;
        house.repo(REPO, "lamp", false).await;
        house.page("/h/harbour/lamp/1").await;
        for (path, to) in [
            ("/h/harbour/lantern/1", "/h/harbour/lamp/1"),
            ("/h/Harbour/Lantern/1/part", "/h/harbour/lamp/1/part"),
            ("/r/harbour/lantern", "/r/harbour/lamp"),
        ] {
            let answer = house.get(path).await;
            assert_eq!(answer.status, 301, "{path}");
            assert_eq!(answer.headers["location"], to);
        }
        // Another took the name, and is nobody's business.
        house.repo(HIDDEN, "lantern", true).await;
        house.case(HIDDEN, 2, &Frozen::named("v1/fix")).await;
        let expected = if viewer == Viewer::Desk { 200 } else { 404 };
        let answer = house.get("/h/harbour/lantern/2").await;
        assert_eq!(answer.status, expected, "{viewer:?}");
    }
    let house = House::new(Viewer::Anybody).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    house.repo(REPO, "lamp", true).await;
    let absent = whole(&house.get("/h/no/where/1").await);
    let answer = house.get("/h/harbour/lantern/1").await;
    assert_eq!(whole(&answer), absent, "renamed, and private");
}

#[tokio::test]
async fn a_repository_that_becomes_private_is_gone_at_once() {
    let house = House::new(Viewer::Anybody).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    house.page("/h/harbour/lantern/1").await;
    house.repo(REPO, "lantern", true).await;
    let absent = whole(&house.get("/nowhere").await);
    for path in ["/h/harbour/lantern/1", "/r/harbour/lantern"] {
        assert_eq!(whole(&house.get(path).await), absent, "{path}");
    }
}
