//! Branch, pull request and issue get another name or state by somebody's hand while
//! the hotfix goes on.

use crate::support::story::Story;

const BRANCH: &str = "hotfix/v1.0.5";

/// GitHub makes the new name, takes the old one away and closes the pull request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_with_another_name_is_asked_for_under_its_own() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let maintainer = s.person("maintainer");
    maintainer.create_branch("hotfix/boat", &head).expect("it");
    maintainer.delete_branch(BRANCH).expect("it");
    s.pass(3).await;
    s.shows(issue, BRANCH);
    s.shows(
        issue,
        &format!("git push origin {head}:refs/heads/{BRANCH}"),
    );
    s.refuses_to_release(issue, &head).await;
    // The pull request is what it was once both are back.
    // Whoever pushes it is one of its authors: who wrote it does.
    let developer = s.person("developer");
    developer.create_branch(BRANCH, &head).expect("it");
    s.pass(3).await;
    assert!(s.pull_of(BRANCH).is_some_and(|(_, open, _)| !open));
    s.shows(issue, "reopen it");
    maintainer.reopen(s.pull()).expect("it");
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    assert!(
        s.commit_of("refs/heads/hotfix/boat").is_some(),
        "a person's"
    );
    s.silence().await;
}

/// A draft is marked ready by the bot before the merge, as often as it takes; its title
/// is a person's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_again_is_released_and_merged() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let maintainer = s.person("maintainer");
    let pull = s.pull();
    let is_draft = || {
        s.look(|view| {
            let issue = &view.repo.issues[&pull];
            issue.pull.as_ref().is_some_and(|it| it.draft)
        })
    };
    if !is_draft() {
        maintainer.set_draft(pull, true).expect("it");
    } else {
        maintainer.set_draft(pull, false).expect("it");
        s.pass(2).await;
        maintainer.set_draft(pull, true).expect("it");
    }
    maintainer
        .edit_issue(pull, Some("The boat"), None)
        .expect("a title");
    s.pass(2).await;
    assert!(is_draft());
    s.releases(issue, &head).await;
    s.released(&head);
    let title = s.look(|view| view.repo.issues[&pull].title.clone());
    assert_eq!(title, "The boat");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_closed_before_the_decision_is_asked_about() {
    for heard in [true, false] {
        let s = Story::begin().await;
        let (issue, head) = s.ready().await;
        let close = || s.person("maintainer").close(issue, Some("completed"));
        match heard {
            true => close(),
            false => s.unheard(close),
        }
        .expect("it");
        if heard {
            s.pass(2).await;
            s.shows(issue, "@maintainer closed the issue before the release");
        }
        s.refuses_to_release(issue, &head).await;
        s.shows(issue, "closed the issue before the release");
        s.person("maintainer").reopen(issue).expect("it");
        s.pass(2).await;
        s.shows(issue, "**Open gates:** none");
        s.releases(issue, &head).await;
        s.released(&head);
        s.ends(issue).await;
        s.silence().await;
    }
}

/// Closed while it waits for its approval; whoever approves is not told that all is well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_closed_before_the_approval_holds_the_release_and_nothing_else() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, crate::support::story::ASSESS)
        .await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.person("maintainer").close(issue, None).expect("it");
    s.pass(1).await;
    s.vouched(issue).await;
    s.refuses_to_release(issue, &head).await;
    s.shows(issue, "closed the issue before the release");
    s.person("maintainer").reopen(issue).expect("it");
    s.pass(1).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// What is decided goes on: its users wait for it, and the issue stays closed, with its
/// closing comment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_closed_while_it_is_published_stays_closed_and_is_told_the_end() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.until(|s| s.commit_of("refs/tags/v1.0.5").is_some()).await;
    s.person("maintainer").close(issue, None).expect("it");
    s.pass(30).await;
    s.released(&head);
    let open = s.look(|view| view.repo.issues[&issue].open);
    assert!(!open, "what a person closed stays closed");
    s.ends(issue).await;
    assert!(s.bot_comments(issue).len() > 1, "a closing comment");
    s.silence().await;
}
