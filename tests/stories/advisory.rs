//! The security advisory: linked by a word, published by a word once users have the
//! fix, and nothing of what it says anywhere but there.

use hotfix_bot::sim::Who;
use hotfix_bot::sim::advisory::{Advisory, Vulnerability};

use crate::support::story::Story;

const ID: &str = "GHSA-2f4g-5h6j-7m8p";
/// What nobody may read before it is published.
const SECRET: &str = "quietzebra";

/// A story with a draft that says what is secret, and an App with this right on it.
async fn begin(
    right: Option<&str>,
    entries: &'static [(&'static str, Option<&'static str>)],
) -> Story {
    let s = Story::begin_with(|sim, scene| {
        let mut world = sim.world();
        let author = world.add_user("maintainer");
        let entry = |(package, patched): &(&str, Option<&str>)| Vulnerability {
            ecosystem: "rust".to_owned(),
            package: (*package).to_owned(),
            range: Some(format!("< 1.0.5, {SECRET}")),
            patched: patched.map(str::to_owned),
            functions: vec![SECRET.to_owned()],
        };
        let words = (
            ID,
            &*format!("{SECRET} in a line"),
            &*format!("{SECRET} at length"),
        );
        let entries = entries.iter().map(entry).collect();
        let drafted = world.draft_advisory(scene.repo, words, entries, &Who::person(author));
        drafted.expect("a draft");
        let installation = world.installations.values_mut().next().expect("one");
        if let Some(level) = right {
            let (name, level) = ("repository_advisories".to_owned(), level.to_owned());
            installation.permissions.insert(name, level);
        }
    });
    s.await
}

fn advisory(s: &Story) -> Advisory {
    s.look(|view| view.repo.advisories.get(ID).cloned().expect("the advisory"))
}

fn patched(s: &Story) -> Vec<Option<String>> {
    let all = advisory(s).vulnerabilities.into_iter();
    all.map(|it| it.patched).collect()
}

/// The bot's own writes to advisories.
fn writes(s: &Story) -> usize {
    let all = s.wrote_since(0);
    all.iter()
        .filter(|it| it.contains("/security-advisories/"))
        .count()
}

/// Nothing of what the advisory says stands in what the bot wrote to GitHub, but in the
/// advisory itself, nor in its database.
fn tells_nothing(s: &Story) {
    for write in s.wrote_since(0) {
        let own = write.starts_with("PATCH") && write.contains("/security-advisories/");
        assert!(own || !write.contains(SECRET), "{write}");
    }
    let Some(path) = s.database().map(ToOwned::to_owned) else {
        return;
    };
    for end in ["", "-wal"] {
        let file = std::path::PathBuf::from(format!("{}{end}", path.display()));
        let bytes = std::fs::read(&file).unwrap_or_default();
        let found = bytes
            .windows(SECRET.len())
            .any(|it| it == SECRET.as_bytes());
        assert!(!found, "{}", file.display());
        assert!(end == "-wal" || !bytes.is_empty());
    }
}

/// Linked before the release; gives issue and head.
async fn linked(s: &Story) -> (u64, String) {
    let (issue, head) = s.ready().await;
    let said = s
        .says("maintainer", issue, &format!("/hotfix advisory {ID}"))
        .await;
    assert_eq!(s.reactions(said).last().expect("an answer"), "+1");
    s.shows(
        issue,
        &format!("/harbour/lantern/security/advisories/{ID})"),
    );
    (issue, head)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_published_by_a_word_once_users_have_the_fix() {
    let s = begin(Some("write"), &[("lantern", None), ("other", None)]).await;
    let (issue, head) = linked(&s).await;
    let early = s
        .says(
            "maintainer",
            issue,
            &format!("/hotfix advisory publish {ID}"),
        )
        .await;
    assert_eq!(s.reactions(early).last().expect("an answer"), "-1");
    s.shows(issue, "not yet: users do not have the fix");
    s.releases(issue, &head).await;
    s.shows(issue, &format!("/hotfix advisory publish {ID}"));
    s.shows(issue, "its private fork is deleted");
    let low = s
        .says(
            "developer",
            issue,
            &format!("/hotfix advisory publish {ID}"),
        )
        .await;
    assert_eq!(s.reactions(low).last().expect("an answer"), "-1");
    assert_eq!((writes(&s), &*advisory(&s).state), (0, "draft"));
    let said = s
        .says(
            "maintainer",
            issue,
            &format!("/hotfix advisory publish {ID}"),
        )
        .await;
    assert_eq!(s.reactions(said).last().expect("an answer"), "+1");
    s.pass(2).await;
    assert_eq!((writes(&s), &*advisory(&s).state), (1, "published"));
    // Its own package alone is filled in, and everything else stays as it was.
    assert_eq!(patched(&s), [Some("1.0.5".to_owned()), None]);
    let range = Some(format!("< 1.0.5, {SECRET}"));
    let whole = |it: &Vulnerability| it.range == range && it.functions == [SECRET];
    assert!(advisory(&s).vulnerabilities.iter().all(whole));
    s.shows(issue, "**The vulnerability is told** by");
    s.ends(issue).await;
    tells_nothing(&s);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_named_is_not_written_over() {
    let s = begin(Some("write"), &[("lantern", Some("1.0.4.1"))]).await;
    let (issue, head) = linked(&s).await;
    s.releases(issue, &head).await;
    s.says(
        "maintainer",
        issue,
        &format!("/hotfix advisory publish {ID}"),
    )
    .await;
    s.pass(2).await;
    assert_eq!(advisory(&s).state, "published");
    assert_eq!(patched(&s), [Some("1.0.4.1".to_owned())]);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_may_not_leaves_it_to_a_person_and_sees_that_it_is_done() {
    // Nothing of it is seen; or it is seen, and may not be changed.
    for (right, words) in [
        (None, "the bot may not see it"),
        (Some("read"), "did not let the bot publish it"),
    ] {
        let s = begin(right, &[("lantern", None)]).await;
        let (issue, head) = linked(&s).await;
        s.releases(issue, &head).await;
        s.says(
            "maintainer",
            issue,
            &format!("/hotfix advisory publish {ID}"),
        )
        .await;
        s.pass(5).await;
        s.shows(issue, words);
        s.says("maintainer", issue, "/hotfix check fresh-install")
            .await;
        s.says("reporter", issue, "/hotfix confirm-fixed").await;
        s.pass(5).await;
        // Nothing else waits.
        s.look(|view| assert!(!view.repo.issues[&issue].open));
        assert_eq!(advisory(&s).state, "draft");
        assert!(!s.kept(issue).await.1, "it is not over");
        s.person("maintainer")
            .publish_advisory(ID)
            .expect("by hand");
        s.pass(40).await;
        s.shows(issue, "**The vulnerability is told** by");
        s.finished(issue);
        tells_nothing(&s);
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_github_refuses_quotes_nothing_and_a_word_ends_the_wait() {
    let s = begin(Some("write"), &[]).await;
    {
        let mut world = s.sim().world();
        let repo = world.repos.get_mut(&s.repo()).expect("the repository");
        let draft = repo.advisories.get_mut(ID).expect("the draft");
        draft.incomplete = true;
    }
    let (issue, head) = linked(&s).await;
    s.releases(issue, &head).await;
    s.says(
        "maintainer",
        issue,
        &format!("/hotfix advisory publish {ID}"),
    )
    .await;
    s.pass(2).await;
    s.shows(issue, "did not let the bot publish it");
    assert_eq!(writes(&s), 1, "it is not tried again by itself");
    tells_nothing(&s);
    s.says("maintainer", issue, &format!("/hotfix advisory done {ID}"))
        .await;
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_published_is_said_and_nothing_is_written() {
    let s = begin(Some("write"), &[("lantern", None)]).await;
    let (issue, head) = linked(&s).await;
    s.releases(issue, &head).await;
    s.person("maintainer")
        .publish_advisory(ID)
        .expect("by hand");
    s.pass(20).await;
    s.shows(issue, "**The vulnerability is told** by");
    assert_eq!(writes(&s), 0);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_in_passing_and_one_of_another_repository_are_not_taken_over() {
    let s = begin(Some("write"), &[("lantern", None)]).await;
    let (issue, head) = s.ready().await;
    s.says("maintainer", issue, &format!("I think this is {ID}."))
        .await;
    let page = format!("https://github.test/acme/other/security/advisories/{ID}");
    for (who, words, answer) in [
        ("maintainer", page.as_str(), "-1"),
        ("maintainer", "CVE-2026-1234", "confused"),
        ("developer", ID, "-1"),
        ("reporter", ID, "-1"),
    ] {
        let said = s
            .says(who, issue, &format!("/hotfix advisory {words}"))
            .await;
        assert_eq!(
            s.reactions(said).last().map(String::as_str),
            Some(answer),
            "{words}"
        );
    }
    s.hides(issue, &format!("security/advisories/{ID}"));
    let page = format!("https://github.test/harbour/lantern/security/advisories/{ID}");
    s.says("maintainer", issue, &format!("/hotfix advisory {page}"))
        .await;
    s.shows(issue, &format!("({page})"));
    s.says("maintainer", issue, "/hotfix advisory none").await;
    s.hides(issue, &format!("({page})"));
    s.releases(issue, &head).await;
    s.ends(issue).await;
    assert_eq!(advisory(&s).state, "draft");
    // What is over comes back for it.
    s.says("maintainer", issue, &format!("/hotfix advisory {ID}"))
        .await;
    s.pass(1).await;
    s.says(
        "maintainer",
        issue,
        &format!("/hotfix advisory publish {ID}"),
    )
    .await;
    s.pass(5).await;
    assert_eq!(advisory(&s).state, "published");
    s.finished(issue);
    s.silence().await;
}
