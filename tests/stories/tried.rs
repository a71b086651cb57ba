//! Where the head was tried, what it was built as, and the fix's own test.

use hotfix_bot::sim::Sim;

use crate::support::bases::released_as;
use crate::support::story::{ASSESS, Story};

const FILE: &str = ".github/hotfix.toml";

/// A release whose tests run on two platforms.
const CI: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\njobs:\n  linux:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n  mac:\n    runs-on: macos-14\n    steps:\n      - run: cargo test\n";

fn prints(sim: &Sim, repo: u64) {
    let mut world = sim.world();
    let repo = world.repos.get_mut(&repo).expect("the repository");
    let settings = &mut repo.actions.settings;
    let line = "test fixed ... ok".to_owned();
    settings.logs.insert("ci.yml".to_owned(), vec![line]);
    let built = "lantern-macos".to_owned();
    settings.artifacts.insert("ci.yml".to_owned(), vec![built]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_platform_that_is_asked_for_is_tried_by_a_job_or_by_a_person() {
    let s = Story::begin_with(|sim, scene| {
        released_as(
            sim,
            scene,
            "v1.0.4",
            &[(".github/workflows/ci.yml", Some(CI))],
        );
        prints(sim, scene.repo);
    })
    .await;
    let text = "schema = 1\n\n[test]\nworkflows = [\"ci.yml\"]\ncommands = [\"cargo test\", \"./smoke\"]\nplatforms = [\"Linux\", \"macOS\", \"Windows\"]\n";
    s.pushes("main", "ci: platforms", &[(FILE, Some(text))])
        .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let fix = [
        ("src/fix.rs", Some("pub fn fix() {}\n")),
        ("tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
    ];
    let head = s
        .pushes("hotfix/v1.0.5", "fix(critical): start", &fix)
        .await;
    s.pass(6).await;
    s.shows(issue, "**The fix's own test:** `fixed` [passed]");
    s.shows(issue, "**To try it:** built by its runs: [lantern-macos]");
    s.shows(issue, "A try on Windows: by a job");
    s.shows(issue, "- ✓ `cargo test` — a step of `ci.yml` runs it");
    s.vouched(issue).await;
    let early = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &early).await;
    s.pass(2).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
    let word = format!("/hotfix check manual-test {} platform=windows", &head[..7]);
    s.says("developer", issue, &word).await;
    s.shows(issue, "Windows ✓ @developer");
    s.shows(issue, "ready to release");
    let ran = format!("/hotfix check critical-path {} command=2", &head[..7]);
    s.says("developer", issue, &ran).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
