//! Rooms and programs that are told: what they hear, and that nothing waits for them.

use hotfix_bot::sim::chat::{Mood, Posted, Receiver};

use crate::support::story::Story;

const FILE: &str = ".github/hotfix.toml";

/// The sample, with these channels.
async fn telling(channels: &str) -> Story {
    let s = Story::begin().await;
    let text = s.text_at("refs/heads/main", FILE);
    let text = format!("{text}\n[announce]\nchannels = {channels}\n");
    s.pushes("main", "ci: who is told", &[(FILE, Some(&text))])
        .await;
    s.pass(6).await;
    s
}

/// What a receiver took, as its headlines are now.
fn titles(s: &Story, receiver: Receiver) -> Vec<String> {
    let world = s.sim().world();
    world
        .chat
        .of(receiver)
        .map(|it| it.title().to_owned())
        .collect()
}

/// The kinds of what a program heard, by the time of what happened: it may hear of
/// it in another order.
fn types(s: &Story) -> Vec<String> {
    let world = s.sim().world();
    let mut heard: Vec<&Posted> = world.chat.of(Receiver::Webhook).collect();
    let text = |it: &Posted, key: &str| it.body[key].as_str().unwrap_or_default().to_owned();
    heard.sort_by_key(|it| text(it, "at"));
    heard.iter().map(|it| text(it, "type")).collect()
}

/// Nothing that was sent broke a receiver's rules.
#[track_caller]
fn taken(s: &Story) {
    let refused = s.sim().world().chat.refused.clone();
    assert!(refused.is_empty(), "{refused:#?}");
}

fn moods(s: &Story, receiver: Receiver, moods: &[Mood]) {
    let mut world = s.sim().world();
    world.chat.moods.insert(receiver, moods.to_vec());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_is_taken_back_is_told_and_the_news_of_it_edited() {
    let s = telling(r#"["slack", "discord", "webhook"]"#).await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(10).await;
    let out = "v1.0.5 of lantern is out".to_owned();
    assert!(titles(&s, Receiver::Discord).contains(&out));
    s.shows(issue, "told on `slack`, `discord` and `webhook`");
    s.takes_back(issue).await;
    s.yanks("lantern", "1.0.5");
    s.pass(5).await;
    let back = "v1.0.5 of lantern is taken back";
    for receiver in Receiver::ALL {
        let titles = titles(&s, receiver);
        assert!(
            titles.iter().any(|it| it.replace('\\', "") == back),
            "{receiver:?}: {titles:?}"
        );
    }
    let titles = titles(&s, Receiver::Discord);
    assert!(!titles.contains(&out), "it says so no more: {titles:?}");
    assert_eq!(
        types(&s),
        [
            "started",
            "ready",
            "tagged",
            "released",
            "finished",
            "rolled_back"
        ]
    );
    taken(&s);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_down_holds_nothing_up_and_hears_of_all_of_it_later() {
    let s = telling(r#"["webhook", "slack"]"#).await;
    // Longer than the whole hotfix takes.
    moods(&s, Receiver::Webhook, &vec![Mood::Status(503); 120]);
    moods(&s, Receiver::Slack, &[Mood::Status(404)]);
    let (issue, head) = s.ready().await;
    s.shows(issue, "the channel `webhook` takes nothing since");
    s.releases(issue, &head).await;
    s.ends(issue).await;
    assert!(titles(&s, Receiver::Webhook).is_empty());
    let before = s.wrote();
    moods(&s, Receiver::Webhook, &[]);
    s.pass(10).await;
    // That it is told is all there is to say.
    let wrote = s.wrote_since(before);
    assert!(wrote.len() <= 6, "{wrote:#?}");
    assert!(
        wrote.iter().all(|it| it.starts_with("PATCH ")),
        "{wrote:#?}"
    );
    s.shows_no_more(issue, "takes nothing since");
    assert_eq!(
        types(&s),
        ["started", "ready", "tagged", "released", "finished"]
    );
    taken(&s);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_a_question_in_a_room_and_tried_again_for_a_program() {
    let s = telling(r#"["slack", "webhook"]"#).await;
    moods(&s, Receiver::Slack, &[Mood::Lost, Mood::Limited(30)]);
    moods(&s, Receiver::Webhook, &[Mood::Lost, Mood::Limited(30)]);
    let issue = s.labelled_by("maintainer").await;
    s.pass(4).await;
    let started = |receiver| {
        let titles = titles(&s, receiver);
        titles.iter().filter(|it| it.contains("started")).count()
    };
    assert_eq!(started(Receiver::Slack), 1, "never twice by itself");
    s.shows(issue, "the channel `slack` did not answer when it was told");
    assert_eq!(started(Receiver::Webhook), 1);
    assert_eq!(
        s.sim().world().chat.repeated,
        1,
        "it had it, and is told again"
    );
    s.says("developer", issue, "/hotfix announce").await;
    s.pass(2).await;
    assert_eq!(started(Receiver::Slack), 2, "somebody looked");
    s.says(
        "maintainer",
        issue,
        "/hotfix cancel reason=\"a false alarm\"",
    )
    .await;
    s.pass(2).await;
    assert!(
        titles(&s, Receiver::Slack)
            .iter()
            .any(|it| it.contains("given up"))
    );
    taken(&s);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_after_the_end_is_said_and_can_be_told_once_more() {
    let s = telling(r#"["slack", "webhook"]"#).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    moods(&s, Receiver::Slack, &[Mood::Status(404)]);
    // A program that is being mended, for a moment.
    moods(
        &s,
        Receiver::Webhook,
        &[Mood::Status(401), Mood::Status(400)],
    );
    s.says("maintainer", issue, "/hotfix cancel reason=\"no bug\"")
        .await;
    s.pass(4).await;
    s.shows(issue, "the channel `slack` was not told");
    assert_eq!(types(&s), ["started", "cancelled"]);
    let given_up = || {
        let titles = titles(&s, Receiver::Slack);
        titles.iter().filter(|it| it.contains("given up")).count()
    };
    assert_eq!(given_up(), 0);
    s.says("developer", issue, "/hotfix announce").await;
    s.pass(4).await;
    assert_eq!(given_up(), 1);
    s.shows_no_more(issue, "was not told");
    // What came of it is known: it is not told again by coming back.
    s.says("developer", issue, "/hotfix announce").await;
    s.pass(4).await;
    assert_eq!(given_up(), 2, "somebody asked");
    taken(&s);
    s.silence().await;
}

/// What an address holds stands nowhere but in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_an_address_stands_in_a_comment_or_in_the_database() {
    let s = telling(r#"["slack", "discord", "webhook"]"#).await;
    for receiver in Receiver::ALL {
        moods(
            &s,
            receiver,
            &[Mood::Status(404), Mood::Lost, Mood::Redirect("/x".into())],
        );
    }
    let issue = s.labelled_by("maintainer").await;
    s.pass(10).await;
    s.says("developer", issue, "/hotfix announce").await;
    s.pass(10).await;
    s.says("maintainer", issue, "/hotfix cancel reason=\"that is all\"")
        .await;
    s.pass(5).await;
    let mut seen = s
        .bot_comments(issue)
        .into_iter()
        .map(|(_, text)| text)
        .collect::<String>();
    let Some(database) = s.database() else {
        // What stands in a file is of interest.
        return s.silence().await;
    };
    for file in ["", "-wal"] {
        let path = format!("{}{file}", database.display());
        let bytes = std::fs::read(path).unwrap_or_default();
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(seen.contains("announce/0/slack"), "it was told");
    for secret in ["s3cret", "/chat/", "whsec_"] {
        assert!(!seen.contains(secret), "{secret}");
    }
    s.silence().await;
}

/// The sample, with a category for the discussion; what the App was granted.
async fn discussing(category: &str, right: Option<&str>) -> Story {
    let s = Story::begin_with(|sim, scene| {
        let mut world = sim.world();
        let found = world.repos.get_mut(&scene.repo).expect("the repository");
        found.releases.categories = vec!["Announcements".to_owned()];
        let installation = world.installations.values_mut().next().expect("one");
        if let Some(level) = right {
            let (name, level) = ("discussions".to_owned(), level.to_owned());
            installation.permissions.insert(name, level);
        }
    })
    .await;
    let text = s.text_at("refs/heads/main", FILE);
    let text = format!("{text}\n[announce]\ndiscussion_category = \"{category}\"\n");
    s.pushes("main", "ci: where it is discussed", &[(FILE, Some(&text))])
        .await;
    s.pass(6).await;
    s
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_is_discussed_where_the_configuration_says() {
    let s = discussing("Announcements", Some("write")).await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(10).await;
    s.shows(issue, "[discussion](");
    let opened = s.look(|view| {
        let release = view.repo.releases.by_tag("v1.0.5");
        release.is_some_and(|it| it.discussion.is_some())
    });
    assert!(opened);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_discussion_can_be_opened_that_is_said_and_nothing_waits() {
    // The category is there and the right is not; and the other way round.
    for (category, right) in [("Announcements", None), ("News", Some("write"))] {
        let s = discussing(category, right).await;
        let (issue, head) = s.ready().await;
        s.releases(issue, &head).await;
        s.ends(issue).await;
        s.pass(10).await;
        s.shows(issue, &format!("GitHub opens none in `{category}`"));
        s.silence().await;
    }
}
