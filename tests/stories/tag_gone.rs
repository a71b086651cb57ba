//! A tag that somebody deletes before what it stands on is merged.

use crate::support::ahead;
use crate::support::story::Story;

const TAG: &str = "refs/tags/v1.0.5";
const MAIN: &str = "refs/heads/main";
const PORT: &str = "forward-port/v1.0.5";

/// Up to the tag, which is deleted at once; the bot hears of it or does not.
async fn deleted(heard: bool) -> (Story, u64, String) {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let main = s.commit_of(MAIN);
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    s.until(|s| s.commit_of(TAG).is_some()).await;
    let delete = || s.person("maintainer").delete_tag("v1.0.5").unwrap();
    match heard {
        true => delete(),
        false => s.unheard(delete),
    }
    s.pass(6).await;
    assert_eq!(s.commit_of(TAG), None);
    assert_eq!(s.commit_of(MAIN), main, "nothing is merged without its tag");
    s.shows(issue, "somebody deleted it");
    let told = |s: &Story| {
        let comments = s.bot_comments(issue);
        let of_it = |it: &&(u64, String)| it.1.contains("Somebody deleted the tag v1.0.5");
        comments.iter().filter(of_it).count()
    };
    // The status comment, and one that calls somebody.
    assert_eq!(told(&s), 2);
    (s, issue, head)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_merged_without_its_tag_and_a_word_makes_it_again() {
    let (s, issue, head) = deleted(true).await;
    s.says("maintainer", issue, "/hotfix retry").await;
    s.pass(5).await;
    s.released(&head);
    // The first tag published it, and the second one's run finds that out.
    s.pass(10).await;
    s.shows(issue, "nothing can be published twice");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_told_of_the_tag_is_seen_at_the_merge() {
    let (s, issue, _) = deleted(false).await;
    s.says("maintainer", issue, "/hotfix cancel reason=changed")
        .await;
    // The runs of the first tag end, and the release that is published makes it anew.
    s.pass(15).await;
    s.shows(issue, "but is a lightweight one");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_forward_port_wants_the_tag_too() {
    let s = Story::begin_with(|sim, _| ahead::seed(sim)).await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    s.until(|s| s.pull_of(PORT).is_some()).await;
    let main = s.commit_of(MAIN);
    s.unheard(|| s.person("maintainer").delete_tag("v1.0.5").unwrap());
    s.pass(6).await;
    assert_eq!(s.commit_of(MAIN), main, "{}", s.status(issue).1);
    s.shows(issue, "somebody deleted it");
    s.says("maintainer", issue, "/hotfix retry").await;
    s.pass(10).await;
    assert!(s.pull_of(PORT).is_some_and(|(.., merged)| merged));
    // The runs of the second tag end.
    s.pass(20).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_of_before_the_tag_was_deleted_once_more_does_not_make_it_again() {
    let (s, issue, head) = deleted(false).await;
    let maintainer = s.person("maintainer");
    s.unheard(|| maintainer.comment(issue, "/hotfix retry").unwrap());
    // Another tag stands there meanwhile, and is deleted, too.
    s.unheard(|| maintainer.create_tag("v1.0.5", &head, None).unwrap());
    s.unheard(|| maintainer.delete_tag("v1.0.5").unwrap());
    // The App's log has all of it.
    s.pass(15).await;
    s.shows(
        issue,
        "the news that somebody deleted the tag came after it",
    );
    // The one that stands is the release's, which the runs of the first tag published.
    s.shows(issue, "but is a lightweight one");
}
