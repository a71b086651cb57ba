//! People sign in and see what GitHub lets them see; and what strangers try.

use super::super::Viewer;
use super::house::{Answer, Frozen, House, REPO};
use super::signing::{AT, Hub, cookies, house, leaves, signs_in, to};

pub const HIDDEN: i64 = 5;
const OTHER: i64 = 6;
const MINUTE: i64 = 60_000;

pub fn whole(answer: &Answer) -> String {
    format!("{} {:?} {}", answer.status, answer.headers, answer.body)
}

/// A public repository, and a private one that mia may read and eve may not; what
/// GitHub knows of them.
pub async fn furnished(viewer: Viewer) -> (House, Hub) {
    let (house, hub, _) = house(viewer).await;
    furnish(&house, &hub).await;
    (house, hub)
}

pub async fn furnish(house: &House, hub: &Hub) {
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    house.repo(HIDDEN, "cellar", true).await;
    house.case(HIDDEN, 1, &Frozen::named("v1/fix")).await;
    let mut known = hub.known();
    known.repos.insert("harbour/lantern".into(), (REPO, false));
    known.repos.insert("harbour/cellar".into(), (HIDDEN, true));
    known.reads.insert(("mia".into(), HIDDEN));
}

/// What can be asked of a hotfix.
pub const ENDINGS: [&str; 7] = [
    "",
    "/part",
    "/events",
    "/timeline.svg",
    "/timeline.json",
    "/print",
    "?case=1",
];

#[tokio::test]
async fn a_reader_sees_what_is_theirs_and_nobody_else_does() {
    for viewer in [Viewer::Nobody, Viewer::Anybody] {
        let (house, hub) = furnished(viewer).await;
        let mia = signs_in(&house, &hub, "mia").await;
        let eve = signs_in(&house, &hub, "eve").await;
        let seen = house.with_cookie(&mia, "/h/harbour/cellar/1").await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        assert!(seen.body.contains("@mia") && seen.body.contains("Sign out"));
        for ending in ENDINGS {
            let absent = format!("/h/no/where/1{ending}");
            let absent = whole(&house.with_cookie(&eve, &absent).await);
            assert!(absent.starts_with("404"), "{absent}");
            for path in [
                "/h/harbour/cellar/1",
                "/h/harbour/cellar/7",
                "/h/harbour/lantern/7",
            ] {
                let path = format!("{path}{ending}");
                let answer = whole(&house.with_cookie(&eve, &path).await);
                assert_eq!(answer, absent, "{path}");
            }
        }
        let absent = whole(&house.with_cookie(&eve, "/r/no/where").await);
        for path in ["/r/harbour/cellar", "/r/harbour/cellar/part"] {
            assert_eq!(whole(&house.with_cookie(&eve, path).await), absent);
        }
        for (who, sees) in [(&mia, true), (&eve, false)] {
            for path in ["/", "/part"] {
                let list = house.with_cookie(who, path).await;
                assert_eq!(list.status, 200);
                assert_eq!(list.body.contains("cellar"), sees, "{path}");
                assert!(list.body.contains("/h/harbour/lantern/1"));
            }
        }
    }
}

/// Whether we know a name must not show in what GitHub is asked, nor how often.
#[tokio::test]
async fn what_we_do_not_know_is_asked_for_like_what_we_know() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let eve = signs_in(&house, &hub, "eve").await;
    for name in ["harbour/cellar", "no/where", "Harbour/Cellar", "no/where"] {
        house.with_cookie(&eve, &format!("/h/{name}/1")).await;
    }
    assert_eq!(hub.known().asked, ["harbour/cellar", "no/where"]);
    house.later(30_000);
    house.with_cookie(&eve, "/h/no/where/1").await;
    assert_eq!(hub.known().asked.len(), 3, "a no counts half a minute");
    // What cannot be a name is not taken anywhere.
    for name in ["..%2f..", ".%2e/user", "a/b%2fc", "a%00/b", "%c3%a4/b"] {
        let answer = house.with_cookie(&eve, &format!("/h/{name}/1")).await;
        assert_eq!(answer.status, 404, "{name}");
    }
    assert_eq!(hub.known().asked.len(), 3);
}

#[tokio::test]
async fn before_signing_in_everything_leads_there_and_says_nothing() {
    let (house, _) = furnished(Viewer::Nobody).await;
    for ending in ["", "/timeline.svg"] {
        for name in ["harbour/lantern/1", "harbour/cellar/1", "no/where/1"] {
            let answer = house.get(&format!("/h/{name}{ending}")).await;
            assert_eq!(answer.status, 303);
            assert_eq!(to(&answer), format!("/login?next=/h/{name}{ending}"));
            assert_eq!(answer.body, "");
        }
    }
    let script = whole(&house.get("/h/no/where/1/part").await);
    assert!(script.starts_with("401"), "{script}");
    for path in [
        "/part",
        "/h/harbour/cellar/1/part",
        "/h/harbour/lantern/1/events",
    ] {
        assert_eq!(whole(&house.get(path).await), script, "{path}");
    }
    let (head, script) = (
        house.get("/h/no/where/1?case=2").await,
        "/h/no/where/1%3Fcase%3D2",
    );
    assert_eq!(to(&head), format!("/login?next={script}"));
    assert_eq!(house.get("/").await.status, 303);
    for path in ["/help", "/robots.txt"] {
        assert_eq!(house.get(path).await.status, 200);
    }
}

/// A link to an earlier attempt leads to it, through sign-in and past a former name.
#[tokio::test]
async fn what_is_asked_of_a_page_is_kept_through_sign_in() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let link = "/h/harbour/cellar/1?case=2";
    let login = to(&house.get(link).await);
    assert_eq!(login, "/login?next=/h/harbour/cellar/1%3Fcase%3D2");
    let left = house.get(&login).await;
    let cookie = cookies(&left).remove(0);
    let back = house
        .with_cookie(&cookie, &hub.says("mia", &to(&left)))
        .await;
    assert_eq!(to(&back), format!("{AT}{link}"));
    let session = cookies(&back).remove(0);
    let page = house.with_cookie(&session, link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    // Who is signed in already is led there at once.
    let again = house.with_cookie(&session, &login).await;
    assert_eq!(to(&again), format!("{AT}{link}"));
    let former = ("harbour/old".to_owned(), "harbour/cellar".to_owned());
    hub.known().former.extend([former]);
    let moved = house.with_cookie(&session, "/h/harbour/old/1?case=2").await;
    assert_eq!((moved.status.as_u16(), to(&moved)), (301, link.to_owned()));
    // Who says no at GitHub first, and tries again.
    let (cookie, github) = leaves(&house, "/h/harbour/cellar/1%3Fcase%3D2").await;
    let state = github.split_once("state=").unwrap().1;
    let state = state.split('&').next().unwrap();
    let denied = format!("/login/callback?error=access_denied&state={state}");
    let denied = house.with_cookie(&cookie, &denied).await;
    assert_eq!(denied.status, 403);
    assert_eq!(denied.body.matches(&login).count(), 2, "{}", denied.body);
    // The cookie has the whole link, and is the browser's that left.
    let stranger = house.get(&hub.says("mia", &github)).await;
    assert_eq!(stranger.status, 400);
    assert!(!stranger.body.contains("cellar"), "{}", stranger.body);
}

/// Where everybody sees what is public, the way in is all that a page says more.
#[tokio::test]
async fn a_stranger_is_shown_the_way_in_and_nothing_else() {
    let (house, _) = furnished(Viewer::Anybody).await;
    let said = async |path: &str| whole(&house.get(path).await).replace(path, "PAGE");
    let absent = said("/h/nowhere/cellar/1").await;
    assert!(absent.starts_with("404") && absent.contains("/login?next=PAGE"));
    assert_eq!(said("/h/harbour/cellar/1").await, absent);
}

#[tokio::test]
async fn nobody_can_sign_in_where_there_is_no_app_to_sign_in_to() {
    let house = House::new(Viewer::Anybody).await;
    let absent = whole(&house.get("/nowhere").await);
    for path in ["/login", "/login/callback", "/signed-out", "/logout"] {
        assert_eq!(whole(&house.get(path).await), absent, "{path}");
    }
    assert!(!house.page("/").await.contains("Sign in"));
}

#[tokio::test]
async fn a_sign_in_leads_on_to_our_pages_alone() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    for (next, led) in [
        ("/h/harbour/lantern/1", "/h/harbour/lantern/1"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/%5Cevil.example", "/"),
        ("/%0d%0aSet-Cookie:%20x=y", "/"),
        (".evil.example", "/"),
        ("@evil.example", "/"),
    ] {
        let (cookie, github) = leaves(&house, next).await;
        let back = house.with_cookie(&cookie, &hub.says("mia", &github)).await;
        assert_eq!(to(&back), format!("{AT}{led}"), "{next}");
    }
}

/// Each refusal is a page with a link, sets no session, and uses no code.
#[tokio::test]
async fn who_did_not_leave_from_this_browser_is_not_signed_in() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let refused = async |cookie: &str, path: &str, status: u16| {
        let answer = house.with_cookie(cookie, path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(cookies(&answer).is_empty(), "{path}");
        assert!(
            answer.body.contains("href=\"/login?next=/\""),
            "{}",
            answer.body
        );
        assert!(answer.headers.get("location").is_none());
    };
    let (mine, github) = leaves(&house, "/").await;
    let (theirs, _) = leaves(&house, "/").await;
    let back = hub.says("eve", &github);
    // Somebody's own way back, sent to another: their browser did not leave.
    refused("", &back, 400).await;
    refused("a=b", &back, 400).await;
    refused(&theirs, &back, 400).await;
    // The cookie of a session is none of a sign-in, and one of a plain page neither.
    refused(&mine.replace("-login", ""), &back, 400).await;
    refused(&mine.replace("__Host-", ""), &back, 400).await;
    // Two of one name: one of them is forged; and theirs under the name of mine.
    refused(&format!("{mine}; {mine}x"), &back, 400).await;
    let (name, value) = (mine.split('=').next(), theirs.split_once('='));
    let forged = format!("{}={}", name.unwrap(), value.unwrap().1);
    refused(&forged, &back, 400).await;
    // A code, but no state; a state, but no code.
    let (code, state) = back.split_once("&state").unwrap();
    refused(&mine, code, 400).await;
    refused(&mine, &format!("{code}&state=x"), 400).await;
    assert_eq!(hub.known().codes.len(), 1, "no code was used");
    refused(&mine, &format!("/login/callback?state{state}"), 400).await;
    // That used the sign-in up.
    refused(&mine, &back, 400).await;
}

#[tokio::test]
async fn nothing_is_used_twice_and_nothing_late() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let (cookie, github) = leaves(&house, "/").await;
    let back = hub.says("mia", &github);
    assert_eq!(house.with_cookie(&cookie, &back).await.status, 303);
    let again = hub.says("eve", &github);
    for path in [&back, &again] {
        assert_eq!(house.with_cookie(&cookie, path).await.status, 400);
    }
    // A code of another sign-in, with a state of one's own: its verifier is another.
    let (_, theirs) = leaves(&house, "/").await;
    let (mine, github) = leaves(&house, "/").await;
    let code = hub.says("mia", &theirs);
    let code = code.split('&').next().unwrap();
    let state = github.split_once("state=").unwrap().1;
    let state = state.split('&').next().unwrap();
    let mixed = format!("{code}&state={state}");
    assert_eq!(house.with_cookie(&mine, &mixed).await.status, 502);
    let (late, github) = leaves(&house, "/").await;
    house.later(10 * MINUTE);
    let back = hub.says("mia", &github);
    assert_eq!(house.with_cookie(&late, &back).await.status, 400);
}

#[tokio::test]
async fn who_says_no_and_a_github_that_is_down_lead_in_no_circle() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let (cookie, github) = leaves(&house, "/").await;
    let state = github.split_once("state=").unwrap().1;
    let state = state.split('&').next().unwrap();
    let denied = format!("/login/callback?error=access_denied&state={state}");
    let answer = house.with_cookie(&cookie, &denied).await;
    assert_eq!(answer.status, 403);
    assert!(answer.headers.get("location").is_none() && cookies(&answer).is_empty());
    let (cookie, github) = leaves(&house, "/").await;
    let back = hub.says("mia", &github);
    hub.known().down = true;
    let answer = house.with_cookie(&cookie, &back).await;
    assert_eq!(answer.status, 503);
    assert!(answer.headers.get("location").is_none() && cookies(&answer).is_empty());
}

#[tokio::test]
async fn a_sign_out_is_one_and_not_another_sites() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    let elsewhere = signs_in(&house, &hub, "mia").await;
    let page = "/h/harbour/cellar/1";
    for from in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("x", "y"),
    ] {
        let answer = house.post("/logout", &[("cookie", &mia), from]).await;
        assert_eq!(answer.status, 403, "{from:?}");
        assert_eq!(house.with_cookie(&mia, page).await.status, 200);
    }
    assert_eq!(house.with_cookie(&mia, "/logout").await.status, 405);
    let from = ("sec-fetch-site", "same-origin");
    let answer = house.post("/logout", &[("cookie", &mia), from]).await;
    assert_eq!(
        (answer.status.as_u16(), to(&answer)),
        (303, format!("{AT}/signed-out"))
    );
    assert!(cookies(&answer).is_empty(), "it is taken away");
    assert_eq!(house.with_cookie(&mia, page).await.status, 303);
    assert_eq!(house.with_cookie(&elsewhere, page).await.status, 200);
    // The page that is shown then leads nowhere by itself.
    assert_eq!(house.with_cookie("", "/signed-out").await.status, 200);
}

#[tokio::test]
async fn a_session_is_new_at_each_sign_in_and_ends_after_eight_hours() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let eve = signs_in(&house, &hub, "eve").await;
    let (cookie, github) = leaves(&house, "/").await;
    let both = format!("{cookie}; {eve}");
    let back = house.with_cookie(&both, &hub.says("mia", &github)).await;
    let [mia] = &cookies(&back)[..] else {
        panic!("one cookie");
    };
    assert_ne!(*mia, eve);
    let page = "/h/harbour/cellar/1";
    assert_eq!(house.with_cookie(mia, page).await.status, 200);
    assert_eq!(
        house.with_cookie(&eve, page).await.status,
        303,
        "it is over"
    );
    house.later(8 * 60 * MINUTE);
    assert_eq!(house.with_cookie(mia, page).await.status, 303);
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_in_five_minutes() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    let page = "/h/harbour/cellar/1";
    assert_eq!(house.with_cookie(&mia, page).await.status, 200);
    hub.known().reads.clear();
    house.later(5 * MINUTE);
    let absent = whole(&house.with_cookie(&mia, "/h/no/where/1").await);
    assert_eq!(whole(&house.with_cookie(&mia, page).await), absent);
    assert!(!house.with_cookie(&mia, "/").await.body.contains("cellar"));
}

#[tokio::test]
async fn what_a_delivery_tells_is_asked_for_at_once() {
    let (house, hub, sign_in) = house(Viewer::Nobody).await;
    furnish(&house, &hub).await;
    let mia = signs_in(&house, &hub, "mia").await;
    let page = "/h/harbour/cellar/1";
    for tell in [
        |it: &super::super::SignIn| it.repo_changed(HIDDEN),
        |it: &super::super::SignIn| it.reach_changed(),
    ] {
        hub.known().reads.insert(("mia".into(), HIDDEN));
        sign_in.reach_changed();
        assert_eq!(house.with_cookie(&mia, page).await.status, 200);
        hub.known().reads.clear();
        assert_eq!(house.with_cookie(&mia, page).await.status, 200);
        tell(&sign_in);
        assert_eq!(house.with_cookie(&mia, page).await.status, 404);
    }
    let session = whole(&house.with_cookie(&mia, "/help").await);
    assert!(session.contains("@mia"));
    sign_in.revoked("mia".bytes().map(i64::from).sum());
    assert_eq!(house.with_cookie(&mia, page).await.status, 303);
}

#[tokio::test]
async fn a_token_that_counts_no_more_ends_the_session() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    hub.known().revoked.insert("mia".into());
    let answer = house.with_cookie(&mia, "/h/harbour/cellar/1").await;
    assert_eq!(answer.status, 303);
    assert_eq!(to(&answer), "/login?next=/h/harbour/cellar/1");
    assert!(!house.with_cookie(&mia, "/help").await.body.contains("@mia"));
}

#[tokio::test]
async fn while_github_is_down_a_yes_holds_an_hour_and_no_longer() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    let eve = signs_in(&house, &hub, "eve").await;
    let page = "/h/harbour/cellar/1";
    assert_eq!(house.with_cookie(&mia, page).await.status, 200);
    assert_eq!(house.with_cookie(&eve, page).await.status, 404);
    hub.known().down = true;
    house.later(59 * MINUTE);
    for (path, said) in [(page, true), ("/", true), ("/r/harbour/cellar", true)] {
        let answer = house.with_cookie(&mia, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.body.contains("GitHub does not answer"),
            said,
            "{path}"
        );
    }
    // Who had no yes gets one from nobody, and learns nothing by it.
    let down = whole(&house.with_cookie(&eve, "/h/no/where/1").await);
    assert!(down.starts_with("503"), "{down}");
    for path in [page, "/h/harbour/lantern/1"] {
        assert_eq!(whole(&house.with_cookie(&eve, path).await), down, "{path}");
    }
    assert_eq!(house.with_cookie(&eve, "/").await.status, 503);
    house.later(MINUTE);
    let answer = house.with_cookie(&mia, page).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
}

/// Where everybody sees what is public, they do so whatever becomes of GitHub.
#[tokio::test]
async fn what_is_public_needs_no_github() {
    let (house, hub) = furnished(Viewer::Anybody).await;
    let eve = signs_in(&house, &hub, "eve").await;
    hub.known().down = true;
    for path in ["/h/harbour/lantern/1", "/"] {
        assert_eq!(house.with_cookie(&eve, path).await.status, 200, "{path}");
        assert_eq!(house.get(path).await.status, 200, "{path}");
    }
    for path in ["/h/harbour/cellar/1", "/h/no/where/1"] {
        assert_eq!(house.with_cookie(&eve, path).await.status, 503, "{path}");
    }
    assert!(house.page("/").await.contains("/login?next=/"));
}

/// A vulnerability of a public repository is for those who work on it.
#[tokio::test]
async fn a_vulnerability_is_not_for_everybody_who_has_an_account() {
    let (house, hub) = furnished(Viewer::Anybody).await;
    let secret = Frozen::named("v1/fix").titled("RCE by a settings file");
    house.case(REPO, 2, &secret).await;
    house.case(HIDDEN, 2, &secret).await;
    let mut newer = Frozen::named("v1/fix");
    newer.schema = 99;
    house.case(HIDDEN, 3, &newer).await;
    hub.known().pushes.insert(("dev".into(), REPO));
    hub.known().pushes.insert(("dev".into(), HIDDEN));
    let mia = signs_in(&house, &hub, "mia").await;
    let dev = signs_in(&house, &hub, "dev").await;
    for (who, path, status) in [
        (&mia, "/h/harbour/lantern/2", 404),
        (&dev, "/h/harbour/lantern/2", 200),
        // Who was invited reads the issue itself.
        (&mia, "/h/harbour/cellar/2", 200),
        (&mia, "/h/harbour/cellar/3", 404),
        (&dev, "/h/harbour/cellar/3", 200),
    ] {
        let answer = house.with_cookie(who, path).await;
        assert_eq!(answer.status, status, "{who} {path}");
        assert!(!answer.body.contains("RCE"), "neutral words even so");
    }
}

#[tokio::test]
async fn a_name_that_is_another_s_by_now_shows_nothing_of_before() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    // Renamed, and the name was taken by another repository that mia may read.
    {
        let mut known = hub.known();
        known.repos.insert("harbour/cellar".into(), (OTHER, true));
        known.repos.insert("harbour/vault".into(), (HIDDEN, true));
        known.reads.clear();
        known.reads.insert(("mia".into(), OTHER));
    }
    let absent = whole(&house.with_cookie(&mia, "/h/no/where/1").await);
    for path in ["/h/harbour/cellar/1", "/h/harbour/vault/1"] {
        assert_eq!(
            whole(&house.with_cookie(&mia, path).await),
            absent,
            "{path}"
        );
    }
    let list = house.with_cookie(&mia, "/").await.body;
    assert!(!list.contains("cellar"), "nor in a list");
}

#[tokio::test]
async fn a_former_name_leads_to_the_present_one() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    let former = ("harbour/old".into(), "harbour/cellar".into());
    hub.known().former.extend([former]);
    for (path, to_) in [
        ("/h/harbour/old/1", "/h/harbour/cellar/1"),
        ("/h/harbour/old/1/part", "/h/harbour/cellar/1/part"),
        ("/r/harbour/old", "/r/harbour/cellar"),
    ] {
        let answer = house.with_cookie(&mia, path).await;
        assert_eq!(answer.status, 301, "{path}");
        assert_eq!(to(&answer), to_);
    }
}

#[tokio::test]
async fn what_the_app_was_taken_off_is_shown_to_nobody() {
    let (house, hub) = furnished(Viewer::Nobody).await;
    let mia = signs_in(&house, &hub, "mia").await;
    let mut tx = house.store.begin().await.unwrap();
    tx.remove_repo(HIDDEN).await.unwrap();
    tx.commit().await.unwrap();
    let absent = whole(&house.with_cookie(&mia, "/h/no/where/1").await);
    let answer = house.with_cookie(&mia, "/h/harbour/cellar/1").await;
    assert_eq!(whole(&answer), absent);
    assert!(!house.with_cookie(&mia, "/").await.body.contains("cellar"));
}

/// What is hidden takes nobody's place in a list.
#[tokio::test]
async fn a_list_is_full_though_the_newest_are_hidden() {
    for viewer in [Viewer::Nobody, Viewer::Anybody] {
        let (house, hub) = furnished(viewer).await;
        let secret = Frozen::named("v1/fix").titled("RCE by a settings file");
        for issue in 2..40 {
            house.case(REPO, issue, &secret).await;
            house.case(HIDDEN, issue, &Frozen::named("v1/fix")).await;
        }
        let eve = signs_in(&house, &hub, "eve").await;
        let list = house.with_cookie(&eve, "/").await.body;
        assert!(list.contains("/h/harbour/lantern/1\""), "{viewer:?}");
        assert!(!list.contains("cellar"), "{viewer:?}");
    }
}
