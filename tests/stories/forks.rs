//! A fix by somebody who may not push here: it comes from a fork. Of its pushes
//! nobody hears, nobody else may push there, its runs have no secrets, and those of a
//! first pull request wait until somebody lets them start.

use crate::support::story::{ASSESS, Story};

const BRANCH: &str = "refs/heads/hotfix/v1.0.5";
const FIX: (&str, Option<&str>) = ("src/fix.rs", Some("pub fn fix() {}\n"));
const TEST: (&str, Option<&str>) = ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n"));
const FILE: &str = ".github/hotfix.toml";

/// From the label on: the branch stands, and a fix is waited for.
async fn begun(s: &Story) -> (u64, String) {
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.pass(1).await;
    (issue, s.commit_of(BRANCH).expect("a branch"))
}

/// The contributor pushed the branch to their fork under its own name, and leads it
/// back: whatever is asked by the branch's name finds two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_request_into_the_hotfix_branch_is_named_and_ships_once_a_person_merged_it() {
    let s = Story::begin().await;
    let (issue, bump) = begun(&s).await;
    let ours = s.pull();
    let names = ("hotfix/v1.0.5", "hotfix/v1.0.5");
    let ada = s.person("ada");
    let (pull, fix) = ada
        .open_pull_from_fork("fix: start", &bump, &[FIX, TEST], names)
        .expect("a pull request");
    s.pass(2).await;
    s.shows(
        issue,
        &format!("/pull/{pull}) by @ada leads there, from a fork"),
    );
    s.shows(issue, &format!("gh pr merge {pull} --merge"));
    assert_eq!(s.pull(), ours, "its own pull request is the bot's");
    assert_eq!(s.commit_of(BRANCH).as_deref(), Some(&*bump));
    // It is nothing that ships before it is merged.
    s.refuses_to_release(issue, &fix).await;
    s.person("developer").merge_pull(pull).expect("a merge");
    s.pass(8).await;
    s.hides(issue, "leads there");
    let head = s.commit_of(BRANCH).expect("a head");
    assert_ne!(head, bump);
    // Who merged it pushed it, and does not approve it; nor does its author.
    s.approves("developer").await;
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.refuses_to_release(issue, &head).await;
    s.approves("maintainer").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// It brings a workflow of its own, which starts for every pull request: of the
/// sample's own none does for those to a hotfix branch.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workflows_that_wait_for_an_approval_are_named_with_who_can_give_it() {
    const FLOW: &str = "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
    let s = Story::begin().await;
    let (issue, bump) = begun(&s).await;
    let ada = s.person("ada");
    let files = [FIX, TEST, (".github/workflows/own.yml", Some(FLOW))];
    let (pull, fix) = ada
        .open_pull_from_fork("fix: start", &bump, &files, ("start", "hotfix/v1.0.5"))
        .expect("a pull request");
    s.pass(2).await;
    let waits = "Its workflows wait until somebody with write access";
    s.shows(issue, waits);
    s.shows(
        issue,
        "[lets them start](https://github.test/harbour/lantern/actions/runs/",
    );
    // Its author is not that somebody.
    assert!(ada.approve_runs(&fix).is_err());
    s.person("developer").approve_runs(&fix).expect("approved");
    s.pass(6).await;
    s.hides(issue, waits);
    s.shows(issue, &format!("gh pr merge {pull} --merge"));
    // Closed, it is offered no longer.
    ada.close(pull, None).expect("closed");
    s.pass(2).await;
    s.hides(issue, "leads there");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fork_that_is_deleted_midway_takes_its_offer_back_and_what_was_merged_stays() {
    let s = Story::begin().await;
    let (issue, bump) = begun(&s).await;
    let ada = s.person("ada");
    let (pull, _) = ada
        .open_pull_from_fork(
            "fix: start",
            &bump,
            &[FIX, TEST],
            ("start", "hotfix/v1.0.5"),
        )
        .expect("a pull request");
    s.pass(2).await;
    s.shows(issue, &format!("gh pr merge {pull} --merge"));
    ada.delete_fork().expect("deleted");
    s.pass(2).await;
    s.hides(issue, &format!("gh pr merge {pull} --merge"));
    s.shows(issue, "push its commits there, with a test");
    // Another one, merged before its fork goes.
    let (pull, _) = ada
        .open_pull_from_fork(
            "fix: start",
            &bump,
            &[FIX, TEST],
            ("again", "hotfix/v1.0.5"),
        )
        .expect("a pull request");
    s.pass(1).await;
    s.person("developer").merge_pull(pull).expect("a merge");
    ada.delete_fork().expect("deleted");
    s.pass(8).await;
    s.vouched(issue).await;
    let head = s.commit_of(BRANCH).expect("a head");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_merged_into_main_from_a_fork_that_is_gone_is_picked_with_its_author() {
    let s = Story::begin().await;
    let main = s.commit_of("refs/heads/main").expect("main");
    let ada = s.person("ada");
    let (pull, _) = ada
        .open_pull_from_fork("fix: start", &main, &[FIX, TEST], ("start", "main"))
        .expect("a pull request");
    let (issue, _) = begun(&s).await;
    // Open, it is nothing to pick.
    s.says("developer", issue, &format!("/hotfix pick #{pull}"))
        .await;
    s.pass(2).await;
    s.shows(issue, "it is open, and only what is on `main` is picked");
    s.person("developer").merge_pull(pull).expect("a merge");
    ada.delete_fork().expect("deleted");
    s.pass(2).await;
    s.says("developer", issue, &format!("/hotfix pick #{pull}"))
        .await;
    s.pass(3).await;
    let (author, message) = s.look(|view| {
        let git = &view.repo.git;
        let head = git.read_ref(BRANCH).and_then(|sha| git.commit(&sha));
        let head = head.expect("a commit");
        (head.author.name, head.message)
    });
    assert_eq!(author, "ada");
    assert!(message.starts_with("fix: start\n"), "{message}");
    s.pass(6).await;
    s.vouched(issue).await;
    let head = s.commit_of(BRANCH).expect("a head");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// A first contributor's configuration is judged without letting any of their
/// workflows start; of a push to a fork the pull request alone tells.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_from_a_fork_is_judged_on_each_of_its_heads() {
    let s = Story::begin().await;
    let main = s.commit_of("refs/heads/main").expect("main");
    let ada = s.person("ada");
    let nothing = [("docs/a.md", Some("a\n"))];
    let (pull, first) = ada
        .open_pull_from_fork("ci: hotfixes", &main, &nothing, ("config", "main"))
        .expect("a pull request");
    s.pass(1).await;
    let verdict = |head: &str| {
        s.look(|view| {
            let runs = view.repo.checks.runs.values();
            let of = runs.filter(|it| it.name == "Hotfix: configuration" && it.head_sha == head);
            of.map(|it| it.conclusion.clone().unwrap_or_default())
                .collect::<Vec<_>>()
        })
    };
    assert!(verdict(&first).is_empty());
    let wrong = [(FILE, Some("[trigger]\nwho = \"writer\"\n"))];
    let wrong = ada.push_to_fork(pull, "ci: hotfixes", &wrong);
    let wrong = wrong.expect("a push");
    s.pass(1).await;
    assert_eq!(verdict(&wrong), ["failure"]);
    let right = [(FILE, Some("schema = 1\n"))];
    let right = ada.push_to_fork(pull, "ci: right", &right).expect("a push");
    s.pass(1).await;
    assert_eq!(verdict(&right), ["success"]);
    // None of its own workflows ran meanwhile.
    let began = s.look(|view| {
        let mut runs = view.repo.actions.runs.values();
        runs.any(|run| run.head_sha == right && !run.jobs.is_empty())
    });
    assert!(!began);
    ada.delete_fork().expect("deleted");
    s.pass(1).await;
    s.silence().await;
}
