//! A page for each state.

use super::Viewer;
use super::house::{Frozen, House, REPO};
use super::markup::{check, shown};

/// The page of these facts.
async fn page_of(name: &str) -> String {
    let house = House::new(Viewer::Desk).await;
    house.case(REPO, 1, &Frozen::named(name)).await;
    house.page("/h/harbour/lantern/1").await
}

#[tokio::test]
async fn every_frozen_case_has_a_page_a_part_and_a_picture() {
    let house = House::new(Viewer::Desk).await;
    let mut shown_at_all = 0;
    for (issue, it) in (1..).zip(Frozen::all()) {
        house.case(REPO, issue, &it).await;
        let here = format!("/h/harbour/lantern/{issue}");
        let answer = house.get(&here).await;
        if it.phase == "ignored" {
            assert_eq!(answer.status, 404, "{}", it.name);
            continue;
        }
        if answer.status == 404 {
            // Nothing has begun it.
            assert_eq!(it.facts["trigger"]["label"], "", "{}", it.name);
            continue;
        }
        shown_at_all += 1;
        assert_eq!(answer.status, 200, "{}", it.name);
        check(&answer.body);
        let part = house.page(&format!("{here}/part")).await;
        check(&part);
        assert!(answer.body.contains(part.trim()), "{}", it.name);
        let picture = house.page(&format!("{here}/timeline.svg")).await;
        check(&picture);
        assert_eq!(picture.matches("<g class=\"row").count(), 9, "{}", it.name);
        assert!(
            !picture.contains("NaN") && !picture.contains("inf"),
            "{picture}"
        );
    }
    assert!(shown_at_all > 70, "{shown_at_all}");
    for path in [
        "/",
        "/part",
        "/r/harbour/lantern",
        "/r/harbour/lantern/part",
        "/help",
    ] {
        check(&house.page(path).await);
    }
}

#[tokio::test]
async fn what_is_wanted_comes_first() {
    let page = page_of("v2/release-undecided").await;
    let order = ["now", "ships", "times", "checklist", "happened"];
    let places = order.map(|id| page.find(&format!("<h2 id=\"{id}\">")).expect(id));
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("<div class=\"state ready\">"), "{page}");
    // The command stands in a block, to be copied.
    let block = page.split("<div class=\"block\">").nth(1).unwrap();
    assert!(block.contains("/hotfix release "), "{block}");
    let text = shown(&page);
    for words in [
        "lantern 1.0.4 does not start",
        "Will ship: ",
        "No way back: ",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(page.matches("aria-current=\"step\"").count(), 1);
}

#[tokio::test]
async fn each_state_says_what_it_is() {
    for (name, standing, says) in [
        ("v1/assess-asked", "waiting", "Can be done now by"),
        ("v1/monitor", "working", "Under way:"),
        ("v1/runs-red", "failed", "ci.yml"),
        ("v2/release-undecided", "ready", "ready to release"),
        ("v1/held", "held", "On hold"),
        ("v1/verify", "waiting", "Step 8 of 10: Verify"),
        ("v1/over", "done", "Nothing is needed any more."),
        ("v1/cancelled", "cancelled", "Nothing more happens"),
        ("v1/config-wrong", "waiting", "configuration is wrong"),
    ] {
        let page = page_of(name).await;
        let text = shown(&page);
        let banner = format!("<div class=\"state {standing}\">");
        assert!(page.contains(&banner), "{name}: {text}");
        assert!(text.contains(says), "{name}: {text}");
    }
}

#[tokio::test]
async fn the_checklist_has_the_documents_items_and_events_are_newest_first() {
    let page = page_of("v1/over").await;
    assert_eq!(page.matches("<span class=\"tick\"").count(), 24);
    let times: Vec<&str> = page
        .split("<ol class=\"events\"")
        .nth(1)
        .unwrap()
        .split("<time datetime=\"")
        .skip(1)
        .map(|it| it.split('"').next().unwrap())
        .collect();
    assert!(times.len() > 10, "{times:?}");
    let (newest, _) = times.split_at(times.len() - 1);
    assert!(newest.is_sorted_by(|a, b| a >= b), "{times:?}");
}

#[tokio::test]
async fn the_lists_part_what_is_under_way_from_what_is_over() {
    let house = House::new(Viewer::Desk).await;
    let empty = shown(&house.page("/").await);
    assert!(empty.contains("Nothing is on fire."), "{empty}");
    house.case(REPO, 1, &Frozen::named("v1/fix")).await;
    house.case(REPO, 2, &Frozen::named("v1/over")).await;
    house.case(REPO, 3, &Frozen::named("v1/ignored")).await;
    for path in ["/", "/r/harbour/lantern"] {
        let page = house.page(path).await;
        let (open, over) = page.split_once("<h2 id=\"over\">").unwrap();
        let (first, second) = ("/h/harbour/lantern/1\"", "/h/harbour/lantern/2\"");
        assert!(open.contains(first) && !open.contains(second), "{path}");
        assert!(over.contains(second) && !over.contains(first), "{path}");
        assert!(!page.contains("/h/harbour/lantern/3\""), "{path}");
    }
    let of_repo = shown(&house.page("/r/harbour/lantern").await);
    assert!(of_repo.contains("Median recovery"), "{of_repo}");
    assert!(
        of_repo.contains("1 of 1") || of_repo.contains("0 of 1"),
        "{of_repo}"
    );
}

#[tokio::test]
async fn facts_that_cannot_be_read_say_so() {
    let house = House::new(Viewer::Desk).await;
    let mut newer = Frozen::named("v1/fix");
    newer.schema = 99;
    house.case(REPO, 1, &newer).await;
    let page = house.page("/h/harbour/lantern/1").await;
    check(&page);
    assert!(shown(&page).contains("This hotfix stands still"), "{page}");
    assert!(shown(&house.page("/").await).contains("harbour/lantern #1"));
}

#[tokio::test]
async fn help_is_the_table_of_commands() {
    let house = House::new(Viewer::Anybody).await;
    let text = shown(&house.page("/help").await);
    for (_, specs) in crate::domain::command::offered() {
        for spec in specs {
            assert!(text.contains(&spec.verb.usage()), "{}", spec.verb);
            assert!(text.contains(spec.help), "{}", spec.verb);
        }
    }
    assert!(text.contains("root-cause"), "{text}");
}
