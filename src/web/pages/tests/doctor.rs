//! `/doctor`: who sees it, and how often is looked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::super::{Examiner, NotExamined, Viewer};
use super::house::{Frozen, House, REPO};
use super::markup::{check, shown};
use super::signed_in::{HIDDEN, furnish, whole};
use super::signing::{Hub, SignsIn, signs_in};
use crate::domain::ailments::{Around, Eyes};
use crate::domain::checkup::Checkup;
use crate::domain::quiet_day::{Examined, examined, quiet_day};
use crate::domain::text::iso;
use crate::store::RepoRow;
use crate::web::BoxFuture;

const HERE: &str = "/doctor/harbour/cellar";
const MINUTE: i64 = 60_000;

/// What was looked at, and what comes of it.
#[derive(Default)]
pub struct Looks {
    count: AtomicUsize,
    /// It waits for this, where it is set.
    holds: Mutex<Option<Arc<Notify>>>,
    fails: Mutex<Option<NotExamined>>,
}

/// What the doctor says of a repository on which the App is not installed.
pub fn found() -> Examined {
    let around = Around {
        eyes: Eyes::App,
        not_installed: true,
        ..Around::default()
    };
    examined(&quiet_day(Default::default(), "hotfix[bot]", 1), &around)
}

impl Examiner for Looks {
    fn examine(&self, repo: RepoRow) -> BoxFuture<'_, Result<Examined, NotExamined>> {
        Box::pin(async move {
            assert!(repo.installation_id.is_some());
            self.count.fetch_add(1, Ordering::SeqCst);
            let holds = self.holds.lock().unwrap().clone();
            if let Some(holds) = holds {
                holds.notified().await;
            }
            match *self.fails.lock().unwrap() {
                Some(why) => Err(why),
                None => Ok(found()),
            }
        })
    }
}

async fn house() -> (House, Hub, Arc<Looks>) {
    house_that(false).await
}

async fn house_that(hurried: bool) -> (House, Hub, Arc<Looks>) {
    let looks = Arc::new(Looks::default());
    let with = SignsIn {
        examiner: Some(looks.clone()),
        hurried,
        ..SignsIn::default()
    };
    let (house, hub, _) = with.house(Viewer::Nobody).await;
    furnish(&house, &hub).await;
    hub.known().pushes.insert(("dev".into(), HIDDEN));
    (house, hub, looks)
}

#[tokio::test]
async fn who_may_push_sees_it_and_nobody_else_learns_of_it() {
    let (house, hub, looks) = house().await;
    let dev = signs_in(&house, &hub, "dev").await;
    let mia = signs_in(&house, &hub, "mia").await;
    for ending in ["", "/part", "?fresh"] {
        let absent = whole(
            &house
                .with_cookie(&mia, &format!("/doctor/no/where{ending}"))
                .await,
        );
        assert!(absent.starts_with("404"), "{absent}");
        // She may read both, and that is not enough.
        for name in ["harbour/cellar", "harbour/lantern"] {
            let path = format!("/doctor/{name}{ending}");
            let answer = house.with_cookie(&mia, &path).await;
            assert_eq!(whole(&answer), absent, "{path}");
        }
    }
    assert_eq!(looks.count.load(Ordering::SeqCst), 0, "nothing was asked");
    let page = house.with_cookie(&dev, HERE).await;
    assert_eq!(page.status, 200, "{}", page.body);
    check(&page.body);
    let text = shown(&page.body);
    for told in found().findings {
        assert!(
            text.contains(told.name) && text.contains(&told.costs),
            "{text}"
        );
    }
    assert!(text.contains("would stop a hotfix"), "{text}");
    // A stranger is led to sign in, whatever they ask for.
    for path in [HERE, "/doctor/no/where"] {
        assert_eq!(house.get(path).await.status, 303, "{path}");
    }
    let list = house.with_cookie(&dev, "/r/harbour/cellar").await.body;
    assert!(list.contains(&format!("href=\"{HERE}\"")), "{list}");
    assert!(list.contains("not looked at yet"), "{list}");
    let list = house.with_cookie(&mia, "/r/harbour/cellar").await.body;
    assert!(
        !list.contains("/doctor/") && !list.contains("would meet"),
        "{list}"
    );
}

/// The repository's page says what was found last, when, and since when each of it.
#[tokio::test]
async fn the_repositorys_page_shows_the_last_look_to_whoever_may_push() {
    let (house, hub, _) = house().await;
    let dev = signs_in(&house, &hub, "dev").await;
    let mia = signs_in(&house, &hub, "mia").await;
    let first = house.clock.now();
    let one = Checkup::after(None, &found(), first);
    house.later(3 * 60 * MINUTE);
    let two = Checkup::after(Some(&one), &found(), house.clock.now());
    let two = serde_json::to_string(&two).unwrap();
    house.store.checked_up(HIDDEN, Some(&two), 0).await.unwrap();
    house.later(MINUTE);
    let page = house.with_cookie(&dev, "/r/harbour/cellar").await.body;
    check(&page);
    let text = shown(&page);
    let (since, at) = (iso(first), iso(house.clock.now() - MINUTE));
    for it in [&since, &at] {
        assert!(page.contains(&format!("datetime=\"{it}\"")), "{it}: {page}");
    }
    assert!(text.contains("1 would stop a hotfix"), "{text}");
    assert!(text.contains(found().findings[0].name), "{text}");
    let hers = house.with_cookie(&mia, "/r/harbour/cellar").await.body;
    assert!(!hers.contains(found().findings[0].name), "{hers}");
    // What cannot be read counts for nothing.
    house.store.checked_up(HIDDEN, Some("{}"), 0).await.unwrap();
    let page = house.with_cookie(&dev, "/r/harbour/cellar").await.body;
    assert!(page.contains("not looked at yet"), "{page}");
}

#[tokio::test]
async fn one_look_counts_for_ten_minutes_and_a_fresh_one_for_one() {
    let (house, hub, looks) = house().await;
    let dev = signs_in(&house, &hub, "dev").await;
    let count = || looks.count.load(Ordering::SeqCst);
    let fresh = format!("{HERE}?fresh");
    for (path, later, looked) in [
        (HERE, 0, 1),
        (HERE, 0, 1),
        (fresh.as_str(), 0, 1),
        (&fresh, MINUTE - 1, 1),
        (&fresh, 1, 2),
        (HERE, 10 * MINUTE - 1, 2),
        (HERE, 1, 3),
    ] {
        house.later(later);
        assert_eq!(house.with_cookie(&dev, path).await.status, 200);
        assert_eq!(count(), looked, "{path} after {later}");
    }
    // A page that stays open makes nobody look.
    house.later(60 * MINUTE);
    let part = format!("{HERE}/part");
    assert_eq!(house.with_cookie(&dev, &part).await.status, 200);
    assert_eq!(count(), 3);
}

#[tokio::test]
async fn a_look_that_takes_long_is_one_for_all_and_appears_when_it_ends() {
    let (house, hub, looks) = house_that(true).await;
    let dev = signs_in(&house, &hub, "dev").await;
    let holds = Arc::new(Notify::new());
    *looks.holds.lock().unwrap() = Some(holds.clone());
    for _ in 0..3 {
        let page = house.with_cookie(&dev, HERE).await;
        check(&page.body);
        assert!(page.body.contains("GitHub is being asked"), "{}", page.body);
        assert!(
            page.body.contains("http-equiv"),
            "without a script it is loaded anew"
        );
    }
    assert_eq!(looks.count.load(Ordering::SeqCst), 1);
    holds.notify_one();
    let page = loop {
        let page = house.with_cookie(&dev, HERE).await.body;
        if !page.contains("GitHub is being asked") {
            break page;
        }
        tokio::task::yield_now().await;
    };
    assert!(
        page.contains("would stop a hotfix") && !page.contains("http-equiv"),
        "{page}"
    );
    let part = house.with_cookie(&dev, &format!("{HERE}/part")).await.body;
    assert!(part.contains("would stop a hotfix"), "{part}");
}

#[tokio::test]
async fn where_it_was_not_looked_it_says_so_and_is_tried_again() {
    let (house, hub, looks) = house().await;
    let dev = signs_in(&house, &hub, "dev").await;
    for (why, says) in [
        (NotExamined::Failed, "could not be looked at"),
        (NotExamined::Thrift, "the rest is for hotfixes"),
    ] {
        *looks.fails.lock().unwrap() = Some(why);
        house.later(MINUTE);
        let page = house.with_cookie(&dev, HERE).await;
        check(&page.body);
        assert!(page.body.contains(says), "{}", page.body);
    }
    *looks.fails.lock().unwrap() = None;
    house.later(MINUTE);
    let page = house.with_cookie(&dev, HERE).await.body;
    assert!(page.contains("would stop a hotfix"), "{page}");
}

#[tokio::test]
async fn where_nobody_looks_there_is_no_such_page() {
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    assert_eq!(house.get("/doctor/harbour/lantern").await.status, 404);
    assert!(!house.page("/r/harbour/lantern").await.contains("/doctor/"));
}
