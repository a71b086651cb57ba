//! Runs that fail, before the tag and after it.

use hotfix_bot::sim::actions::Failure;

use crate::support::bases::everywhere;
use crate::support::story::{ASSESS, Story};

/// Installs what was released, where it is started by hand.
const INSTALL: &str = "name: Install\non:\n  workflow_dispatch:\njobs:\n  install:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo install lantern\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn red_ci_is_a_need_and_retry_runs_it_again() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.pass(6).await;
    s.failing(Failure::first_attempt("ci.yml"));
    let head = s.fixes().await;
    s.pass(6).await;
    s.shows(issue, "/hotfix retry");
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.hides(issue, "it was done before");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_workflow_that_fails_is_run_again() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.failing(Failure::first_attempt("release.yml"));
    s.releases(issue, &head).await;
    s.released(&head);
    s.shows(issue, "/hotfix retry");
    s.shows(issue, "release.yml");
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(30).await;
    s.hides(issue, "it was done before");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_installs_the_release_once_it_is_out() {
    let s = Story::begin_with(|sim, scene| {
        let config = "[verify]\ninstall = \"workflow:install.yml\"\nask_reporter = false\n";
        let files = [
            (".github/hotfix.toml", Some(config)),
            (".github/workflows/install.yml", Some(INSTALL)),
        ];
        everywhere(sim, scene, &files);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "**Installed afresh by:** `install.yml`");
    s.releases(issue, &head).await;
    s.pass(30).await;
    let installs = |s: &Story| {
        let world = s.sim().world();
        let runs = world.repos[&s.repo()].actions.runs.values();
        runs.filter(|run| run.path.ends_with("install.yml")).count()
    };
    assert_eq!(installs(&s), 1);
    let said = "/hotfix check fix-verified note=\"it starts again\"";
    s.says("maintainer", issue, said).await;
    s.pass(3).await;
    s.finished(issue);
    assert_eq!(installs(&s), 1);
    let all = s.bot_comments(issue).into_iter();
    let mut told = all
        .map(|(_, text)| text)
        .filter(|it| it.contains(" is out: "));
    let told = told.next().expect("the verification");
    assert!(told.contains("- ✓ Fresh install (`install.yml`"), "{told}");
    assert!(!told.contains("@reporter, please"), "{told}");
    s.silence().await;
}

/// What tests is left out by its condition, and the run passes.
const HOLLOW: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo clippy\n  test:\n    runs-on: ubuntu-latest\n    if: github.event_name == 'merge_group'\n    steps:\n      - run: cargo test\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_left_its_tests_out_asks_for_a_word_and_the_release_goes_on() {
    let s = Story::begin_with(|sim, scene| {
        everywhere(sim, scene, &[(".github/workflows/ci.yml", Some(HOLLOW))]);
    })
    .await;
    let (issue, head) = s.ready().await;
    let asked = "passed and tested nothing, for GitHub left out `test`";
    s.shows(issue, asked);
    s.shows(issue, "merge_group");
    let release = format!("/hotfix release {}", &head[..7]);
    let refused = s.says("maintainer", issue, &release).await;
    s.pass(2).await;
    assert_eq!(s.reactions(refused).last().expect("an answer"), "-1");
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
    // Starting it once more would leave out the same.
    s.hides(issue, "`/hotfix retry`");
    let word = format!(
        "/hotfix check critical-path {} note=\"on my machine\"",
        &head[..7]
    );
    s.says("developer", issue, &word).await;
    s.shows(issue, "ready to release");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
