//! A release that is taken back: from which state, by whom, and what is left.

use hotfix_bot::sim::actions::Failure;

use crate::support::ahead;
use crate::support::story::Story;

const FILE: &str = ".github/hotfix.toml";

/// The sample's configuration with a section `[rollback]`.
async fn configured(lines: &str) -> Story {
    let s = Story::begin().await;
    let text = s.text_at("refs/heads/main", FILE);
    let text = format!("{text}\n[rollback]\n{lines}\n");
    s.pushes("main", "ci: how to take back", &[(FILE, Some(&text))])
        .await;
    s.pass(6).await;
    s
}

/// Title, text, whether it is GitHub's Latest.
fn release(s: &Story, tag: &str) -> Option<(String, String, bool)> {
    s.look(|view| {
        let latest = view.repo.releases.latest().map(|it| it.id);
        let it = view.repo.releases.by_tag(tag)?;
        let (name, body) = (it.name.clone(), it.body.clone());
        Some((
            name.unwrap_or_default(),
            body.unwrap_or_default(),
            latest == Some(it.id),
        ))
    })
}

/// What every rollback leaves behind that is done.
#[track_caller]
fn told(s: &Story, issue: u64) {
    let (number, title, body) = s.failure().expect("an issue about the failure");
    assert_eq!(title, "[HOTFIX FAILED] v1.0.5 introduced regression");
    assert!(
        body.contains("it burns") && body.contains("Stay on"),
        "{body}"
    );
    assert!(body.contains(&format!("issues/{issue}")), "{body}");
    let comments = s.bot_comments(issue);
    let comment = comments
        .iter()
        .find(|(_, text)| text.contains(":rollback:"));
    let (_, comment) = comment.expect("a comment");
    for words in [
        "v1.0.5 was taken back",
        "Stay on",
        "still has the bug",
        "/hotfix start v1.0.4",
    ] {
        assert!(comment.contains(words), "no “{words}” in\n{comment}");
    }
    assert!(comment.contains(&format!("issues/{number}")), "{comment}");
    assert!(s.look(|view| view.repo.issues[&issue].open));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finished_hotfix_is_taken_back_and_the_next_one_begins_at_the_same_release() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.ends(issue).await;
    s.pass(10).await;
    let notes = release(&s, "v1.0.5").expect("a release").1;
    s.takes_back(issue).await;
    // The yank is an owner's; all else is done.
    s.shows(issue, "cargo yank --version 1.0.5 lantern");
    let (title, text, latest) = release(&s, "v1.0.5").expect("a release");
    assert_eq!(title, "YANKED: v1.0.5");
    assert!(text.starts_with("<!-- hotfix-bot:yanked -->"), "{text}");
    assert!(text.ends_with(&notes) && !latest, "{text}");
    assert!(release(&s, "v1.0.4").expect("a release").2, "Latest again");
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), Some(head));
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    told(&s, issue);
    s.shows(issue, "taken back");
    let closing = s.bot_comments(issue);
    assert!(closing.iter().all(|(_, text)| !text.contains("Fixed in")));
    // Said once more, it changes nothing.
    let again = s
        .says("maintainer", issue, "/hotfix rollback reason=more")
        .await;
    s.pass(1).await;
    assert_eq!(s.reactions(again).last().expect("an answer"), "-1");
    s.says("maintainer", issue, "/hotfix start v1.0.4").await;
    s.pass(2).await;
    let branch = s.commit_of("refs/heads/hotfix/v1.0.6").expect("a branch");
    let parent = s.look(|view| view.repo.git.commit(&branch)?.parents.first().cloned());
    assert_eq!(parent, s.commit_of("refs/tags/v1.0.4"));
    let newest = s.bot_comments(issue).pop().expect("a status comment").1;
    assert!(newest.contains("v1.0.5 was taken back"), "{newest}");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_published_the_end_is_waited_for() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.pass(1).await;
    s.takes_back(issue).await;
    s.shows(issue, "gh run cancel");
    assert_eq!(s.yanked("lantern", "1.0.5"), None, "not published yet");
    s.pass(30).await;
    assert_eq!(
        s.yanked("lantern", "1.0.5"),
        Some(false),
        "it was published"
    );
    s.shows(issue, "cargo yank --version 1.0.5 lantern");
    assert_eq!(
        release(&s, "v1.0.5").expect("a release").0,
        "YANKED: v1.0.5"
    );
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    told(&s, issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_was_published_the_tag_goes_if_the_configuration_says_so() {
    let s = configured("delete_tag = true").await;
    let (issue, head) = s.ready().await;
    s.failing(Failure::first_attempt("publish.yml"));
    s.failing(Failure::first_attempt("release.yml"));
    s.releases(issue, &head).await;
    s.takes_back(issue).await;
    s.pass(3).await;
    assert_eq!(
        s.commit_of("refs/tags/v1.0.5"),
        None,
        "{}",
        s.status(issue).1
    );
    assert!(s.has_branch(), "the failed fix stays to be looked at");
    told(&s, issue);
    s.says("maintainer", issue, "/hotfix start v1.0.4").await;
    s.pass(2).await;
    assert!(s.commit_of("refs/heads/hotfix/v1.0.6").is_some());
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_yanks_with_its_token() {
    let s = configured("yank = \"token\"").await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.takes_back(issue).await;
    assert_eq!(s.yanked("lantern", "1.0.5"), Some(true));
    told(&s, issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_the_registry_refuses_leaves_the_yank_to_an_owner() {
    let s = configured("yank = \"token\"").await;
    s.sim().world().registry.tokens = vec!["another".into()];
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.takes_back(issue).await;
    assert_eq!(s.yanked("lantern", "1.0.5"), Some(false));
    s.shows(issue, "requires authentication");
    s.shows(issue, "cargo yank --version 1.0.5 lantern");
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    told(&s, issue);
    s.silence().await;
}

/// The token is the server's, and what it may do is not this repository's to say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_servers_token_yanks_no_crate_that_names_another_repository() {
    let s = configured("yank = \"token\"").await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    let other = "https://github.test/somebody/else";
    s.sim().world().registry.set_repository("lantern", other);
    s.takes_back(issue).await;
    assert_eq!(s.yanked("lantern", "1.0.5"), Some(false));
    s.shows(issue, "does not name this repository");
    s.shows(issue, "cargo yank --version 1.0.5 lantern");
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    told(&s, issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_immutable_release_is_marked_and_keeps_its_tag() {
    let s = configured("delete_tag = true\nyank = \"token\"").await;
    let repo = s.repo();
    s.sim()
        .world()
        .repos
        .get_mut(&repo)
        .unwrap()
        .releases
        .immutable = true;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.takes_back(issue).await;
    assert_eq!(
        release(&s, "v1.0.5").expect("a release").0,
        "YANKED: v1.0.5"
    );
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), Some(head));
    told(&s, issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_forward_port_is_held() {
    let s = Story::begin_with(|sim, _| ahead::seed(sim)).await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.pass(1).await;
    let (port, open, _) = s.pull_of("forward-port/v1.0.5").expect("a forward-port");
    assert!(open, "it waits for its runs");
    s.takes_back(issue).await;
    let (_, open, merged) = s.pull_of("forward-port/v1.0.5").expect("a forward-port");
    assert!(!open && !merged, "{}", s.status(issue).1);
    let body = s.look(|view| view.repo.issues[&port].body.clone());
    let body = body.unwrap_or_default();
    assert!(body.starts_with("Held: v1.0.5 was taken back"), "{body}");
    s.pass(30).await;
    s.yanks("lantern", "1.0.5");
    s.pass(3).await;
    told(&s, issue);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_vulnerability_nothing_is_told_outside_of_its_issue() {
    let s = configured("yank = \"token\"\nissue_title = \"{tag} failed: {summary}\"").await;
    let reporter = s.person("reporter");
    let issue = reporter
        .open_issue("lantern leaks the oil price", "To everybody.")
        .expect("an issue");
    let maintainer = s.person("maintainer");
    maintainer.label(issue, "security").expect("a label");
    maintainer.label(issue, "P0").expect("a label");
    s.pass(1).await;
    let head = s.ready_after(issue).await;
    s.releases(issue, &head).await;
    s.takes_back(issue).await;
    s.pass(1).await;
    let (_, title, body) = s.failure().expect("an issue about the failure");
    assert_eq!(title, "v1.0.5 failed: a critical bug");
    let (name, notes, _) = release(&s, "v1.0.5").expect("a release");
    let notice = notes.split("<!-- /hotfix-bot:yanked -->").next();
    let notice = notice.unwrap_or_default();
    for text in [&title, &body, &name, notice] {
        assert!(
            !text.contains("leaks") && !text.contains("it burns"),
            "{text}"
        );
    }
    s.silence().await;
}
