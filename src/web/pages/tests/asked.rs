//! How often GitHub is asked, what it wants first, and servers below a path.

use super::super::Viewer;
use super::house::{Frozen, House, REPO};
use super::signed_in::{HIDDEN, furnish, furnished, whole};
use super::signing::{AT, SSO, SignsIn, cookies, leaves, signs_in, to};

const MINUTE: i64 = 60_000;

/// An open list is asked for every 20 seconds, with calls of its reader's own.
#[tokio::test]
async fn a_list_that_stays_open_asks_github_seldom() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    for id in 100..220 {
        house.repo(id, &format!("r{id}"), true).await;
        house.case(id, 1, &Frozen::named("v1/fix")).await;
    }
    let eve = signs_in(&house, &hub, "eve").await;
    for _ in 0..12 {
        let list = house.with_cookie(&eve, "/part").await;
        assert_eq!(list.status, 200);
        house.later(20_000);
    }
    let asked = hub.known().asked.len();
    assert!((1..=100).contains(&asked), "{asked} in four minutes");
    // The newest are asked for first.
    assert!(hub.known().asked.contains(&"harbour/r219".to_owned()));
    // By its name it is asked for at once all the same.
    let before = hub.known().asked.len();
    house.with_cookie(&eve, "/h/harbour/r219/1").await;
    assert_eq!(hub.known().asked.len(), before + 1);
}

/// Where no more may be asked for, what everybody sees is shown all the same.
#[tokio::test]
async fn a_list_keeps_what_is_public_though_no_more_is_asked_for() {
    let (house, hub) = furnished(Viewer::Anybody).await;
    for id in 100..220 {
        house.repo(id, &format!("r{id}"), true).await;
        house.case(id, 1, &Frozen::named("v1/fix")).await;
    }
    let eve = signs_in(&house, &hub, "eve").await;
    let list = house.with_cookie(&eve, "/").await.body;
    assert!(list.contains("/h/harbour/lantern/1\""), "{list}");
    assert!(!list.contains("harbour/r"), "{list}");
}

#[tokio::test]
async fn a_single_sign_on_is_told_with_its_address_whether_it_is_there_or_not() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    hub.known().sso.insert("harbour".into());
    let known = "/h/harbour/cellar/1";
    let answer = house.with_cookie(&mia, known).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert!(
        answer.body.contains(&format!("href=\"{SSO}\"")),
        "{}",
        answer.body
    );
    // It rests on GitHub's word alone: a hotfix that we do not have says the same.
    let none = house.with_cookie(&mia, "/h/harbour/cellar/77").await;
    assert_eq!(whole(&none), whole(&answer));
    let repo = house.with_cookie(&mia, "/r/harbour/cellar").await;
    assert_eq!(whole(&repo), whole(&answer));
    let list = house.with_cookie(&mia, "/").await;
    assert_eq!(list.status, 200);
    assert_eq!(list.body.matches(SSO).count(), 1, "{}", list.body);
    assert!(!list.body.contains("cellar"), "{}", list.body);
    // She passes it.
    hub.known().sso.clear();
    house.later(MINUTE / 2);
    assert_eq!(house.with_cookie(&mia, known).await.status, 200);
}

#[tokio::test]
async fn what_is_public_waits_for_no_single_sign_on() {
    let (house, hub) = furnished(Viewer::Anybody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    hub.known().sso.insert("harbour".into());
    let public = house.with_cookie(&mia, "/h/harbour/lantern/1").await;
    assert_eq!(public.status, 200);
    let hidden = house.with_cookie(&mia, "/h/harbour/cellar/1").await;
    assert_eq!(hidden.status, 403);
}

/// Tabs that were opened yesterday come back together.
#[tokio::test]
async fn several_windows_sign_in_at_once() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let pages = ["/h/harbour/cellar/1", "/h/harbour/lantern/1", "/"];
    let mut left = Vec::new();
    for next in pages {
        left.push((next, leaves(&house, next).await));
    }
    // The browser keeps all of their cookies, and they come back in another order.
    let shown: Vec<&str> = left
        .iter()
        .map(|(_, (cookie, _))| cookie.as_str())
        .collect();
    let mut jar = shown.join("; ");
    for (next, (cookie, github)) in left.iter().rev() {
        let back = house.with_cookie(&jar, &hub.says("mia", github)).await;
        assert_eq!(to(&back), format!("{AT}{next}"), "{}", back.body);
        let [session] = &cookies(&back)[..] else {
            panic!("one cookie");
        };
        let ended = cookie.split('=').next().unwrap();
        let mut rest: Vec<&str> = jar.split("; ").collect();
        rest.retain(|it| !it.starts_with(ended) && !it.starts_with("__Host-hotfix="));
        rest.push(session);
        jar = rest.join("; ");
    }
    // The last of them is signed in, for all.
    for page in pages {
        assert_eq!(house.with_cookie(&jar, page).await.status, 200, "{page}");
    }
}

/// All that a page leads to or asks for is below the path that a proxy takes away.
fn all_below(base: &str, page: &str) {
    for part in [
        "href=\"",
        "src=\"",
        "action=\"",
        "data-part=\"",
        "data-events=\"",
    ] {
        for it in page.split(part).skip(1) {
            let to = it.split('"').next().unwrap();
            let ours = to.starts_with(&format!("{base}/"));
            let other = to.starts_with("https://") || to.starts_with('#') || to.starts_with('?');
            assert!(ours || other, "{part}{to}: {page}");
        }
    }
}

#[tokio::test]
async fn below_a_path_everything_stays_below_it() {
    const BASE: &str = "/tools/bot";
    let with = SignsIn {
        base: BASE,
        ..SignsIn::default()
    };
    let (house, hub, _) = with.house(Viewer::Nobody).await;
    furnish(&house, &hub).await;
    let answer = house.get("/h/harbour/cellar/1").await;
    let login = to(&answer);
    assert_eq!(login, format!("{BASE}/login?next=/h/harbour/cellar/1"));
    let left = house.get(login.strip_prefix(BASE).unwrap()).await;
    let set = left.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(set.contains(&format!("; Path={BASE};")), "{set}");
    let cookie = set.split(';').next().unwrap();
    let back = house
        .with_cookie(cookie, &hub.says("mia", &to(&left)))
        .await;
    assert_eq!(to(&back), format!("{AT}{BASE}/h/harbour/cellar/1"));
    let session = back.headers.get_all("set-cookie").iter();
    let session = session.map(|it| it.to_str().unwrap());
    let session = session.map(|it| it.split(';').next().unwrap());
    let mut session = session.filter(|it| it.starts_with("__Secure-hotfix="));
    let session = session.next_back().unwrap().to_owned();
    let mut newer = Frozen::named("v1/fix");
    newer.schema = 99;
    house.case(HIDDEN, 3, &newer).await;
    hub.known().pushes.insert(("mia".into(), HIDDEN));
    house.case(HIDDEN, 4, &Frozen::named("v1/over")).await;
    for path in [
        "/",
        "/part",
        "/h/harbour/cellar/1",
        "/h/harbour/cellar/1/part",
        "/h/harbour/cellar/1/print",
        "/h/harbour/cellar/3",
        "/h/harbour/cellar/4",
        "/r/harbour/cellar",
        "/help",
        "/nowhere",
        "/signed-out",
        "/login/callback",
    ] {
        all_below(BASE, &house.with_cookie(&session, path).await.body);
    }
    hub.known()
        .former
        .extend([("harbour/old".into(), "harbour/cellar".into())]);
    let moved = house.with_cookie(&session, "/h/harbour/old/1").await;
    assert_eq!(to(&moved), format!("{BASE}/h/harbour/cellar/1"));
    let out = [
        ("cookie", session.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    let out = house.post("/logout", &out).await;
    assert_eq!(to(&out), format!("{AT}{BASE}/signed-out"));
}

/// At a desk nothing is asked of anybody.
#[tokio::test]
async fn what_has_its_host_for_itself_has_no_path() {
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    all_below("", &house.page("/h/harbour/lantern/1").await);
}
