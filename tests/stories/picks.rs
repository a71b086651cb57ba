//! The fix is on main already: it is picked onto the hotfix branch.

use hotfix_bot::sim::{MergeRequest, Method};

use crate::support::story::{ASSESS, Story};

const BRANCH: &str = "refs/heads/hotfix/v1.0.5";
pub(super) const FIX: (&str, Option<&str>) = ("src/fix.rs", Some("pub fn fix() {}\n"));
pub(super) const TEST: (&str, Option<&str>) = ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n"));

/// A commit's message and its files.
pub(super) type Change<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

/// A pull request with these commits is merged; gives its number and what main
/// got.
async fn merged(s: &Story, method: Method, commits: &[Change<'_>]) -> (u64, String) {
    merged_with(s, "It starts.", method, commits).await
}

/// The same, with this text.
pub(super) async fn merged_with(
    s: &Story,
    text: &str,
    method: Method,
    commits: &[Change<'_>],
) -> (u64, String) {
    let main = s.commit_of("refs/heads/main").expect("main");
    let developer = s.person("developer");
    developer.create_branch("topic", &main).expect("a branch");
    for (message, files) in commits {
        developer
            .push_commit("topic", message, files)
            .expect("a push");
    }
    let pull = developer.open_pull("fix: start again", text, "topic", "main");
    let pull = pull.expect("a pull request");
    s.pass(1).await;
    let request = MergeRequest {
        method,
        ..MergeRequest::default()
    };
    let sha = s
        .person("developer")
        .merge_as(pull, &request)
        .expect("a merge");
    s.pass(1).await;
    (pull, sha)
}

/// The messages on the hotfix branch since the release, oldest first.
fn messages(s: &Story) -> Vec<String> {
    s.look(|view| {
        let git = &view.repo.git;
        let (base, head) = (git.read_ref("refs/tags/v1.0.4"), git.read_ref(BRANCH));
        let (base, head) = (
            base.and_then(|tag| git.peel(&tag)),
            head.expect("the branch"),
        );
        let log = git.log(base.as_deref(), &head, None, 100).expect("a log");
        let all = log.iter().rev().filter_map(|sha| git.commit(sha));
        all.map(|commit| commit.message).collect()
    })
}

/// From the label on: the answers of the matrix.
async fn begun(s: &Story) -> u64 {
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    issue
}

pub(super) async fn shipped(s: &Story, issue: u64) {
    s.pass(6).await;
    s.vouched(issue).await;
    let head = s.commit_of(BRANCH).expect("a head");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.finished(issue);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_fixes_the_issue_is_offered_and_does_not_close_it() {
    let s = Story::begin().await;
    let issue = begun(&s).await;
    s.pass(1).await;
    assert!(
        !s.status(issue).1.contains("/hotfix pick #2"),
        "{}",
        s.status(issue).1
    );
    let text = format!("It starts.\n\nFixes #{issue}");
    let (pull, _) = merged_with(&s, &text, Method::Squash, &[("fix: start", &[FIX, TEST])]).await;
    s.pass(3).await;
    let closed = s.look(|view| {
        view.repo.issues[&issue]
            .events
            .iter()
            .any(|it| it.event == "closed")
    });
    assert!(closed, "the keyword closes it");
    assert!(s.look(|view| view.repo.issues[&issue].open));
    let status = s.status(issue).1;
    let command = format!("/hotfix pick #{pull}");
    assert!(status.contains(&command), "{status}");
    assert_eq!(
        status
            .matches("A keyword in a merged commit closed")
            .count(),
        1
    );
    s.says("developer", issue, &command).await;
    s.pass(2).await;
    assert!(
        !s.status(issue).1.contains(&command),
        "{}",
        s.status(issue).1
    );
    shipped(&s, issue).await;
    s.silence().await;
}

/// The label comes when all is merged and the issue is closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_that_a_merge_closed_before_the_label_is_opened_again() {
    let s = Story::begin().await;
    let reporter = s.person("reporter");
    let opened = reporter.open_issue("lantern does not start", "It ends at once.");
    let issue = opened.expect("an issue");
    let text = format!("Fixes #{issue}");
    let (pull, _) = merged_with(&s, &text, Method::Merge, &[("fix: start", &[FIX, TEST])]).await;
    s.person("maintainer").label(issue, "P0").expect("a label");
    s.pass(3).await;
    assert!(s.look(|view| view.repo.issues[&issue].open));
    let status = s.status(issue).1;
    assert!(
        status.contains(&format!("/hotfix pick #{pull}")),
        "{status}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_squashed_pull_request_is_picked_and_ships() {
    let s = Story::begin().await;
    let commits: [Change<'_>; 2] = [("fix: start", &[FIX]), ("test: start", &[TEST])];
    let (pull, sha) = merged(&s, Method::Squash, &commits).await;
    let issue = begun(&s).await;
    let said = s
        .says("developer", issue, &format!("/hotfix pick #{pull}"))
        .await;
    s.pass(2).await;
    assert_eq!(s.reactions(said).last().map(String::as_str), Some("+1"));
    let all = messages(&s);
    let [_, picked] = &all[..] else {
        panic!("{all:?}")
    };
    assert!(
        picked.starts_with(&format!("fix: start again (#{pull})")),
        "{picked}"
    );
    assert!(
        picked.ends_with(&format!("\n\n(cherry picked from commit {sha})\n")),
        "{picked}"
    );
    assert_eq!(s.text_at(BRANCH, "src/fix.rs"), "pub fn fix() {}\n");
    let (by, committer, original) = s.look(|view| {
        let git = &view.repo.git;
        let one = git.commit(&git.read_ref(BRANCH).unwrap()).unwrap();
        (
            one.author,
            one.committer.name,
            git.commit(&sha).unwrap().author,
        )
    });
    assert_eq!(
        (by.name, by.email, by.at),
        (original.name, original.email, original.at)
    );
    assert!(committer.ends_with("[bot]"), "{committer}");
    // Twice adds nothing.
    s.says("developer", issue, &format!("/hotfix pick {}", &sha[..10]))
        .await;
    s.pass(2).await;
    assert_eq!(messages(&s), all);
    s.shows(issue, "is in it already");
    shipped(&s, issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commits_of_a_merged_pull_request_come_in_order() {
    let s = Story::begin().await;
    let commits: [Change<'_>; 2] = [("fix: start", &[FIX]), ("test: start", &[TEST])];
    for method in [Method::Merge, Method::Rebase] {
        let s = Story::begin().await;
        let (pull, _) = merged(&s, method, &commits).await;
        let issue = begun(&s).await;
        s.says("developer", issue, &format!("/hotfix pick #{pull}"))
            .await;
        s.pass(2).await;
        let all = messages(&s);
        let [_, first, second] = &all[..] else {
            panic!("{all:?}")
        };
        assert!(first.starts_with("fix: start\n"), "{first}");
        assert!(second.starts_with("test: start\n"), "{second}");
        s.silence().await;
    }
    let (pull, merge) = merged(&s, Method::Merge, &commits).await;
    let issue = begun(&s).await;
    // A merge has no change of its own.
    s.says("developer", issue, &format!("/hotfix pick {merge}"))
        .await;
    s.pass(2).await;
    s.shows(issue, "is no merge");
    s.says("developer", issue, &format!("/hotfix pick #{pull}"))
        .await;
    s.hides(issue, "is no merge");
    shipped(&s, issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_names_what_the_fix_builds_on_and_leaves_the_branch_alone() {
    let s = Story::begin().await;
    let before = s
        .pushes(
            "main",
            "fix: go deeper",
            &[("src/deep.rs", Some("pub fn deep() {}\n"))],
        )
        .await;
    let deeper = [("src/deep.rs", Some("pub fn deep() { start() }\n")), TEST];
    let fix = s.pushes("main", "fix: start from the deep", &deeper).await;
    let issue = begun(&s).await;
    let head = s.commit_of(BRANCH);
    s.says("developer", issue, &format!("/hotfix pick {fix}"))
        .await;
    s.pass(2).await;
    assert_eq!(s.commit_of(BRANCH), head, "nothing half-done");
    s.shows(
        issue,
        "`src/deep.rs` (the commit changes it, and the hotfix branch has no such file)",
    );
    s.shows(
        issue,
        &format!("git switch hotfix/v1.0.5 && git cherry-pick -x {fix}"),
    );
    let command = format!("/hotfix pick {} {fix}", &before[..7]);
    s.shows(issue, &command);
    s.says("developer", issue, &command).await;
    s.pass(2).await;
    s.hides(issue, "does not fit");
    assert_eq!(messages(&s).len(), 3);
    shipped(&s, issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_picked_is_refused_with_the_way_out() {
    let s = Story::begin().await;
    let main = s.commit_of("refs/heads/main").expect("main");
    let developer = s.person("developer");
    developer.create_branch("topic", &main).expect("a branch");
    let topic = developer
        .push_commit("topic", "fix: start", &[FIX])
        .expect("a push");
    let pull = developer
        .open_pull("fix: start", "It starts.", "topic", "main")
        .expect("a pull request");
    let issue = begun(&s).await;
    let all = messages(&s);
    for (what, words) in [
        ("0123456789".to_owned(), "no commit here is `0123456789`"),
        (topic, "Bring it there first"),
        (
            format!("#{pull}"),
            "it is open, and only what is on `main` is picked",
        ),
        (format!("#{issue}"), "there is no pull request"),
    ] {
        s.says("developer", issue, &format!("/hotfix pick {what}"))
            .await;
        s.pass(2).await;
        s.shows(issue, words);
        assert_eq!(messages(&s), all, "{what}");
    }
    for (what, answer) in [
        ("https://github.com/other/lantern/pull/1", "-1"),
        ("main", "confused"),
        ("", "confused"),
    ] {
        let said = s
            .says("developer", issue, &format!("/hotfix pick {what}"))
            .await;
        s.pass(1).await;
        assert_eq!(
            s.reactions(said).last().map(String::as_str),
            Some(answer),
            "{what}"
        );
    }
    // What the release has is no fix.
    let base = s.look(|view| {
        let git = &view.repo.git;
        git.peel(&git.read_ref("refs/tags/v1.0.4").unwrap())
            .unwrap()
    });
    s.says("developer", issue, &format!("/hotfix pick {base}"))
        .await;
    s.pass(2).await;
    s.shows(issue, "is in it already");
    assert_eq!(messages(&s), all);
    s.silence().await;
}
