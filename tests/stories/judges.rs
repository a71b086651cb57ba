//! A fix that changes what it is judged by, a tag that would start nothing, and
//! gates that are configured.

use hotfix_bot::sim::Role;
use hotfix_bot::sim::actions::Failure;

use crate::support::bases::at_the_base;
use crate::support::story::{ASSESS, Story};

const BRANCH: &str = "hotfix/v1.0.5";
const CI: &str = ".github/workflows/ci.yml";
const RELEASE: &str = ".github/workflows/release.yml";
const FILE: &str = ".github/hotfix.toml";
const PASS: &str = "/hotfix override judge reason=\"read it, it is right\"";

/// The same tests with another step.
fn ci(step: &str) -> String {
    format!(
        "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"
    )
}

/// A labelled issue with the matrix answered, and the fix on the branch.
async fn fixed(s: &Story) -> u64 {
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.fixes().await;
    issue
}

/// The head is tested and approved, and a release of it is refused.
async fn refused(s: &Story, issue: u64, head: &str) {
    s.pass(6).await;
    s.vouched(issue).await;
    let command = format!("/hotfix release {}", &head[..7]);
    let said = s.says("maintainer", issue, &command).await;
    assert_eq!(s.reactions(said), ["-1"], "{}", s.status(issue).1);
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_that_replaces_its_tests_is_named_and_its_author_may_not_pass_it() {
    let s = Story::begin().await;
    s.with_role("developer", Role::Maintain);
    let issue = fixed(&s).await;
    let head = s
        .pushes(BRANCH, "ci: quicker", &[(CI, Some(&ci("run: \"true\"")))])
        .await;
    refused(&s, issue, &head).await;
    s.shows(issue, "the fix itself changes `.github/workflows/ci.yml`");
    let own = s.says("developer", issue, PASS).await;
    assert_eq!(s.reactions(own), ["-1"]);
    s.shows(issue, "for somebody who wrote nothing of this fix");
    let passed = s.says("maintainer", issue, PASS).await;
    assert_eq!(s.reactions(passed), ["+1"]);
    s.shows(
        issue,
        "**Overridden:** `judge` by @maintainer (“read it, it is right”)",
    );
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    let closing = s.bot_comments(issue).pop().unwrap().1;
    assert!(closing.contains("Overridden: `judge`"), "{closing}");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_about_the_judge_ends_with_its_head() {
    let s = Story::begin().await;
    let issue = fixed(&s).await;
    let files = [(CI, Some(ci("run: cargo test --lib")))];
    let files: Vec<_> = files.iter().map(|(p, t)| (*p, t.as_deref())).collect();
    s.pushes(BRANCH, "ci: fewer", &files).await;
    s.says("maintainer", issue, PASS).await;
    s.shows(issue, "**Overridden:** `judge`");
    let more = [("src/more.rs", Some("pub fn more() {}\n"))];
    let head = s.pushes(BRANCH, "fix: more", &more).await;
    s.hides(issue, "**Overridden:**");
    refused(&s, issue, &head).await;
    s.says("maintainer", issue, PASS).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_tests_run_is_a_judge_too() {
    let s = Story::begin_with(|sim, scene| {
        let ci = ci("run: ./scripts/ci.sh\n      - uses: ./.github/actions/lint");
        let action = "name: Lint\nruns:\n  using: composite\n  steps:\n    - run: cargo clippy\n      shell: bash\n";
        let files = [
            (CI, Some(ci.as_str())),
            ("scripts/ci.sh", Some("cargo test\n")),
            ("scripts/lib.py", Some("print()\n")),
            (".github/actions/lint/action.yml", Some(action)),
            ("tests/old.rs", Some("#[test]\nfn old() {}\n#[test]\nfn older() {}\n")),
        ];
        at_the_base(sim, scene, &files);
    })
    .await;
    let issue = fixed(&s).await;
    s.hides(issue, "the fix itself changes");
    let changes: [(&str, Option<&str>); 5] = [
        ("scripts/ci.sh", Some("true\n")),
        ("scripts/lib.py", Some("exit()\n")),
        (
            ".github/actions/lint/action.yml",
            Some("name: Lint\nruns:\n  using: composite\n  steps: []\n"),
        ),
        ("tests/old.rs", Some("#[test]\nfn old() {}\n")),
        ("tests/old.rs", None),
    ];
    for (path, text) in changes {
        s.pushes(BRANCH, "fix: quicker", &[(path, text)]).await;
        s.pass(1).await;
        s.shows(issue, path);
    }
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    refused(&s, issue, &head).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tests_of_a_manifest_that_are_switched_off_are_named() {
    let s = Story::begin().await;
    let issue = fixed(&s).await;
    let manifest = s.text_at("refs/heads/hotfix/v1.0.5", "Cargo.toml");
    let off = manifest.replace("[package]\n", "[package]\nautotests = false\n");
    let head = s
        .pushes(BRANCH, "fix: build", &[("Cargo.toml", Some(&off))])
        .await;
    s.shows(issue, "the fix itself changes `Cargo.toml`");
    refused(&s, issue, &head).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trigger_that_the_bot_adds_is_no_judge_of_the_fix() {
    let s = Story::begin_with(|sim, scene| {
        let main = ci("run: cargo test").replace(", 'hotfix/**'", "");
        at_the_base(sim, scene, &[(CI, Some(&main))]);
    })
    .await;
    let issue = fixed(&s).await;
    s.says("developer", issue, "/hotfix test enable").await;
    s.pass(6).await;
    s.hides(issue, "the fix itself changes");
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_would_not_start_the_release_is_not_made() {
    let by_hand = "name: Release\non: workflow_dispatch\njobs: {}\n";
    let other = "name: Release\non:\n  push:\n    tags: ['release-*']\njobs: {}\n";
    let never = "name: Release\non:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    if: false\n    runs-on: x\n    steps: []\n";
    for (text, words) in [
        (None, "the fix removes it"),
        (Some(by_hand), "the trigger of `release.yml` back"),
        (Some(other), "the trigger of `release.yml` back"),
        (Some(never), "no job of it runs for `v1.0.5`"),
        (Some("a: [\n"), "GitHub cannot read it"),
    ] {
        let s = Story::begin().await;
        let issue = fixed(&s).await;
        let head = s.pushes(BRANCH, "ci: tidy", &[(RELEASE, text)]).await;
        s.shows(issue, words);
        refused(&s, issue, &head).await;
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_release_workflow_it_is_released_when_a_commander_says_so() {
    let s = Story::begin().await;
    s.pushes("main", "ci: no file", &[(FILE, None)]).await;
    let issue = fixed(&s).await;
    let head = s.pushes(BRANCH, "ci: tidy", &[(RELEASE, None)]).await;
    refused(&s, issue, &head).await;
    let word = "/hotfix override release-workflows reason=\"the page is made by hand\"";
    let early = s.says("developer", issue, word).await;
    assert_eq!(s.reactions(early), ["-1"]);
    s.says("maintainer", issue, word).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.hides(issue, "`release.yml` has not started");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_workflow_on_main_alone_or_with_odd_filters_is_told_before() {
    let release = "name: Release\non:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: gh release create x\n";
    let s = Story::begin_with(|sim, scene| at_the_base(sim, scene, &[(RELEASE, None)])).await;
    let files = [(FILE, None), (RELEASE, Some(release))];
    s.pushes("main", "ci: release", &files).await;
    let issue = fixed(&s).await;
    s.shows(issue, "it is on `main` and not at `v1.0.4`");
    let head = s
        .pushes(BRANCH, "ci: release", &[(RELEASE, Some(release))])
        .await;
    s.pass(6).await;
    s.hides(issue, "not at `v1.0.4`");
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;

    let odd = release.replace("'v*'", r"'^v\d+\.\d+\.\d+$'");
    let s = Story::begin_with(|sim, scene| at_the_base(sim, scene, &[(RELEASE, Some(&odd))])).await;
    s.pushes("main", "ci: no file", &[(FILE, None)]).await;
    let issue = fixed(&s).await;
    s.shows(issue, "it has filters for tags");
    s.pass(6).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_run_that_does_not_come_is_a_need() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.disable("release.yml");
    s.releases(issue, &head).await;
    s.released(&head);
    s.shows(
        issue,
        "`release.yml` has not started for `v1.0.5`, and it should have by now",
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_that_can_never_run_on_the_branch_are_named_and_a_word_does() {
    let s = Story::begin_with(|sim, scene| {
        let ci = "name: CI\non: [push, pull_request]\njobs:\n  test:\n    if: github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/tags/')\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
        at_the_base(sim, scene, &[(CI, Some(ci))]);
    })
    .await;
    let issue = fixed(&s).await;
    s.pass(6).await;
    s.shows(issue, "no job of it runs on this branch");
    s.hides(issue, "/hotfix retry");
    let word = "/hotfix check critical-path note=\"cargo test, here\"";
    s.says("developer", issue, word).await;
    s.vouched(issue).await;
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_that_are_named_must_pass_on_the_head() {
    let s = Story::begin().await;
    let text = "[test]\nworkflows = [\"ci.yml\"]\nchecks = [\"lint\", \"test (ubuntu-latest)\"]\n";
    s.pushes("main", "ci: checks", &[(FILE, Some(text))]).await;
    let issue = fixed(&s).await;
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    refused(&s, issue, &head).await;
    s.shows(issue, "The check `lint` on");
    s.hides(issue, "The check `test (ubuntu-latest)`");
    s.status_is(&head, "lint", "failure");
    s.pass(3).await;
    s.shows(issue, "it failed");
    s.status_is(&head, "lint", "success");
    s.pass(3).await;
    s.shows(issue, "**Open gates:** none");
    s.shows(issue, "check `lint` passed");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gate_that_is_configured_is_never_silently_absent() {
    let s = Story::begin().await;
    let text = "[merge]\ntag_at = \"merge\"\n\n[test]\nworkflows = [\"ci.yml\"]\n\n[verify]\nregistries = [\"auto\", \"hex:lantern\"]\n";
    s.pushes("main", "ci: gates", &[(FILE, Some(text))]).await;
    let issue = fixed(&s).await;
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    refused(&s, issue, &head).await;
    s.shows(issue, "`merge.tag_at` asks for a tag on the merge, but");
    s.shows(issue, "`verify.registries` is set");
    let one = "/hotfix override merge.tag_at reason=\"the head will do\"";
    s.says("maintainer", issue, one).await;
    s.shows(issue, "**Open gates: 1**");
    for never in ["head", "roles", "hold"] {
        let text = format!("/hotfix override {never} reason=\"now\"");
        let said = s.says("maintainer", issue, &text).await;
        assert_eq!(s.reactions(said), ["confused"], "{never}");
    }
    let other = "/hotfix override verify.registries reason=\"looked at it\"";
    s.says("maintainer", issue, other).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_red_run_is_not_made_good_by_one_that_is_started_otherwise() {
    let s = Story::begin_with(|sim, scene| {
        let both = ci("run: cargo test").replace("  pull_request:", "  workflow_dispatch:");
        at_the_base(sim, scene, &[(CI, Some(&both))]);
    })
    .await;
    s.failing(Failure::first_attempt("ci.yml"));
    let issue = fixed(&s).await;
    s.pass(6).await;
    s.shows(issue, "/hotfix retry");
    s.passing();
    s.says("developer", issue, "/hotfix test").await;
    s.pass(6).await;
    let head = s.commit_of("refs/heads/hotfix/v1.0.5").unwrap();
    refused(&s, issue, &head).await;
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(6).await;
    // The older of the two is run once more, and fails.
    s.failing(Failure::always("ci.yml"));
    s.run_again("ci.yml", "workflow_dispatch");
    s.pass(6).await;
    refused(&s, issue, &head).await;
    s.passing();
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(6).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_will_not_ship_is_of_the_moment() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let before = s.status(issue).1;
    let line = |text: &str| {
        let line = text.lines().find(|l| l.starts_with("**Will not ship"));
        line.map(str::to_owned)
    };
    let more = [("src/new.rs", Some("pub fn new() {}\n"))];
    s.pushes("main", "feat: more", &more).await;
    s.pass(1).await;
    let after = s.status(issue).1;
    assert_ne!(line(&before), line(&after), "{after}");
    // One that nobody is told of is seen after the decision.
    s.sim().set_webhook(None);
    let more = [("src/newer.rs", Some("pub fn newer() {}\n"))];
    s.pushes("main", "feat: yet more", &more).await;
    s.hear();
    s.releases(issue, &head).await;
    s.released(&head);
    assert_ne!(line(&after), line(&s.status(issue).1));
    s.ends(issue).await;
    s.silence().await;
}
