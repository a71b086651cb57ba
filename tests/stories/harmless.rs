//! Workflows that reach outside: nobody starts them on a commit that nobody
//! decided on.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;

use crate::support::bases::at_the_base;
use crate::support::story::{ASSESS, Story};

const CI: &str = ".github/workflows/ci.yml";
const PUBLISH: &str = ".github/workflows/ship.yml";

/// Started by hand, and by pushes to main alone.
fn by_hand(job: &str) -> String {
    format!(
        "name: It\non:\n  push:\n    branches: [main]\n  workflow_dispatch:\njobs:\n  it:\n    runs-on: ubuntu-latest\n{job}"
    )
}

/// At the base and on main.
fn everywhere(sim: &Sim, scene: &Scene, path: &str, text: &str) {
    at_the_base(sim, scene, &[(path, Some(text))]);
    let hand = sim.person("maintainer", scene.repo);
    hand.push_commit("main", "ci: another", &[(path, Some(text))])
        .unwrap();
}

/// The runs of a file that somebody dispatched.
fn dispatched(s: &Story, path: &str) -> usize {
    s.look(|view| {
        let runs = view.repo.actions.runs.values();
        runs.filter(|run| run.path == path && run.event == "workflow_dispatch")
            .count()
    })
}

/// A hotfix whose fix is there, and tested by one run that the bot started.
async fn is_tested(s: &Story) -> u64 {
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.fixes().await;
    s.pass(10).await;
    assert_eq!(dispatched(s, CI), 1, "{}", s.status(issue).1);
    issue
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_publishes_on_pushes_runs_where_a_commander_names_it() {
    let s = Story::begin_with(|sim, scene| {
        let ship = by_hand(
            "    permissions: {id-token: write}\n    steps:\n      - uses: release-plz/action@v0.5\n",
        );
        everywhere(sim, scene, PUBLISH, &ship);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.fixes().await;
    s.pass(10).await;
    s.says("maintainer", issue, "/hotfix test").await;
    s.says("developer", issue, "/hotfix test enable").await;
    s.pass(2).await;
    assert_eq!(dispatched(&s, PUBLISH), 0);
    let refused = s
        .says("developer", issue, "/hotfix test run=ship.yml")
        .await;
    assert_eq!(s.reactions(refused), ["-1"]);
    s.shows(issue, "publishes to `crates.io`");
    assert_eq!(dispatched(&s, PUBLISH), 0);
    let run = s
        .says("maintainer", issue, "/hotfix test run=ship.yml")
        .await;
    assert_eq!(s.reactions(run), ["+1"]);
    s.pass(2).await;
    assert_eq!(dispatched(&s, PUBLISH), 0, "nobody confirmed it");
    s.shows(issue, "a second word for `ship.yml`");
    s.shows(
        issue,
        "(job `it` may write `id-token`, publishes to `crates.io`",
    );
    let low = s.says("developer", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(low), ["-1"]);
    let said = s.says("maintainer", issue, "/hotfix confirm").await;
    assert_eq!(s.reactions(said), ["+1"]);
    s.pass(2).await;
    assert_eq!(dispatched(&s, PUBLISH), 1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_repositorys_own_actions_are_judged_by_their_steps() {
    const ACTION: &str = ".github/actions/release-check/action.yml";
    let action = |run: &str| {
        format!(
            "name: Check\nruns:\n  using: composite\n  steps:\n    - run: {run}\n      shell: bash\n"
        )
    };
    let s = Story::begin_with(|sim, scene| {
        let ci = by_hand("    steps:\n      - uses: actions/checkout@v4\n      - uses: ./.github/actions/release-check\n");
        let check = action("cargo test");
        let files = [(CI, Some(ci.as_str())), (ACTION, Some(check.as_str()))];
        at_the_base(sim, scene, &files);
        let hand = sim.person("maintainer", scene.repo);
        hand.push_commit("main", "ci: another", &files).unwrap();
    })
    .await;
    let issue = is_tested(&s).await;
    // On a head that makes it publish, nobody starts it.
    let bad = action("npm publish");
    s.pushes(
        "hotfix/v1.0.5",
        "fix: more",
        &[(ACTION, Some(bad.as_str()))],
    )
    .await;
    s.pass(10).await;
    assert_eq!(dispatched(&s, CI), 1);
    s.shows(issue, "job `it` publishes to `npm`");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_that_the_tests_run_is_judged_by_its_commands() {
    const SCRIPT: &str = "ci/all.sh";
    let s = Story::begin_with(|sim, scene| {
        let ci = by_hand("    steps:\n      - run: make all\n");
        let make = "all:\n\t./ci/all.sh\n";
        let files = [
            (CI, Some(ci.as_str())),
            ("Makefile", Some(make)),
            (SCRIPT, Some("cargo test\n")),
        ];
        at_the_base(sim, scene, &files);
        let hand = sim.person("maintainer", scene.repo);
        hand.push_commit("main", "ci: another", &files).unwrap();
    })
    .await;
    let issue = is_tested(&s).await;
    // On a head that makes it publish, nobody starts it.
    let bad = "cargo test\ncd out && npm publish\n";
    s.pushes("hotfix/v1.0.5", "fix: more", &[(SCRIPT, Some(bad))])
        .await;
    s.pass(10).await;
    assert_eq!(dispatched(&s, CI), 1);
    s.shows(issue, "job `it` publishes to `npm`");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_that_makes_the_tests_publish_is_not_dispatched() {
    let s = Story::begin_with(|sim, scene| {
        let ci = by_hand("    steps:\n      - run: cargo test\n");
        everywhere(sim, scene, CI, &ci);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let bad = by_hand("    steps:\n      - name: test\n        run: npm publish\n");
    s.pushes(
        "hotfix/v1.0.5",
        "fix: it",
        &[
            ("src/fix.rs", Some("pub fn fix() {}\n")),
            (CI, Some(bad.as_str())),
        ],
    )
    .await;
    s.pass(10).await;
    assert_eq!(dispatched(&s, CI), 0);
    s.shows(issue, "could reach outside (job `it` publishes to `npm`)");
    // A harmless one is, where nothing else starts it.
    let good = by_hand("    steps:\n      - run: cargo test --locked\n");
    s.pushes("hotfix/v1.0.5", "ci: right", &[(CI, Some(good.as_str()))])
        .await;
    s.pass(10).await;
    assert_eq!(dispatched(&s, CI), 1);
    s.silence().await;
}
