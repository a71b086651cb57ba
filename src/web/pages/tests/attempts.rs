//! Several attempts of one issue, what is printed, and the times as data.

use serde_json::Value;

use super::super::Viewer;
use super::house::{Frozen, House, REPO};
use super::markup::{check, shown};

const HERE: &str = "/h/harbour/lantern/1";

/// An issue whose first attempt was cancelled, and that is under way again.
async fn again() -> (House, i64, i64) {
    let house = House::new(Viewer::Desk).await;
    let first = house
        .case(REPO, 1, &Frozen::named("v1/cancelled").ended())
        .await;
    let second = house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    (house, first.id, second.id)
}

#[tokio::test]
async fn an_earlier_attempt_has_its_page_and_says_what_it_is() {
    let (house, first, second) = again().await;
    let newest = house.page(HERE).await;
    assert!(
        newest.contains(&format!("href=\"{HERE}?case={first}\"")),
        "{newest}"
    );
    assert!(!newest.contains("an earlier attempt"));
    let earlier = house.page(&format!("{HERE}?case={first}")).await;
    check(&earlier);
    assert!(
        shown(&earlier).contains("This is an earlier attempt."),
        "{earlier}"
    );
    assert!(earlier.contains(&format!("href=\"{HERE}\"")), "{earlier}");
    // It does not change, so nothing asks for it again.
    assert!(!earlier.contains("data-events") && !earlier.contains("http-equiv"));
    assert!(newest.contains("data-events") && newest.contains("http-equiv"));
    for ending in ["/part", "/timeline.svg", "/timeline.json", "/print"] {
        let other = house.page(&format!("{HERE}{ending}?case={first}")).await;
        let now = house.page(&format!("{HERE}{ending}")).await;
        assert_ne!(other, now, "{ending}");
        let same = house.page(&format!("{HERE}{ending}?case={second}")).await;
        assert_eq!(same, now, "{ending}");
    }
}

#[tokio::test]
async fn an_attempt_of_another_issue_is_none_of_this_one() {
    let (house, ..) = again().await;
    let other = house.case(REPO, 2, &Frozen::named("v1/over")).await;
    for case in [other.id.to_string(), "0".into(), "x".into(), String::new()] {
        let answer = house.get(&format!("{HERE}?case={case}")).await;
        assert_eq!(answer.status, 404, "{case}");
    }
}

/// An earlier attempt about a vulnerability is no more for everybody than a newest one.
#[tokio::test]
async fn an_earlier_attempt_that_is_secret_is_not_told_of() {
    let house = House::new(Viewer::Anybody).await;
    let secret = Frozen::named("v1/fix").titled("RCE by a settings file");
    let first = house.case(REPO, 1, &secret.ended()).await;
    let newest = house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    let page = house.page(HERE).await;
    assert!(!page.contains("?case="), "{page}");
    let answer = house.get(&format!("{HERE}?case={}", first.id)).await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        house
            .get(&format!("{HERE}?case={}", newest.id))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn what_is_printed_is_open_and_does_not_change() {
    let house = House::new(Viewer::Desk).await;
    house
        .case(REPO, 1, &Frozen::named("v2/release-undecided"))
        .await;
    let page = house.page(HERE).await;
    assert!(page.contains(&format!("href=\"{HERE}/print\"")), "{page}");
    let print = house.page(&format!("{HERE}/print")).await;
    check(&print);
    let folds = print.matches("<details").count();
    assert!(folds > 3, "{print}");
    let open = |it: &str| it.split('>').next().unwrap().ends_with(" open");
    assert!(print.split("<details").skip(1).all(open), "{print}");
    assert!(page.split("<details").skip(1).any(|it| !open(it)), "{page}");
    assert!(!print.contains("data-events") && !print.contains("http-equiv"));
}

#[tokio::test]
async fn the_times_are_data_and_those_of_the_table() {
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &Frozen::named("v1/over")).await;
    let answer = house.get(&format!("{HERE}/timeline.json")).await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let it: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&it["schema"], &it["issue"]), (&1.into(), &1.into()));
    assert_eq!(
        (&it["repository"], &it["over"]),
        (&"harbour/lantern".into(), &true.into())
    );
    let page = house.page(HERE).await;
    let phases = it["phases"].as_array().unwrap();
    assert_eq!(phases.len(), 8);
    for phase in phases.iter().chain([&it["total"]]) {
        let name = phase["phase"].as_str().unwrap();
        let name = name.replace('&', "&#38;");
        assert!(
            page.contains(&format!("<th scope=\"row\">{name}</th>")),
            "{name}"
        );
        for field in ["lasted_seconds", "target_seconds", "maximum_seconds"] {
            assert!(phase[field].as_i64().unwrap() >= 0, "{phase}");
        }
    }
    assert!(it["total"]["lasted_seconds"].as_i64().unwrap() > 0, "{it}");
}
