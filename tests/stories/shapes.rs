//! Repositories of unusual shapes, each once seen somewhere: what is right for
//! them, or what is asked.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;

use crate::support::bases::{at_the_base, everywhere, text};
use crate::support::story::{ASSESS, Story};

const BRANCH: &str = "hotfix/v1.0.5";
const CONFIG: &str = ".github/hotfix.toml";
const PUBLISH: &str = ".github/workflows/publish.yml";

/// Tags what main gets, if it has no tag yet.
const TAGS: &str = "name: Tag\non:\n  push:\n    branches: [main]\njobs:\n  tag:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          VERSION=$(cargo pkgid | cut -d'#' -f2)\n          git tag \"v$VERSION\" && git push origin \"v$VERSION\"\n";

fn it_tags_itself(sim: &Sim, scene: &Scene) {
    let files = [(".github/workflows/tag.yml", Some(TAGS)), (CONFIG, None)];
    everywhere(sim, scene, &files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_workflow_tags_what_main_gets_there_is_one_tag_all_the_same() {
    let s = Story::begin_with(it_tags_itself).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "**The merge can publish, too:** `tag.yml`");
    s.releases(issue, &head).await;
    s.released(&head);
    let made = s.look(|view| {
        let log = view.repo.ref_log.iter();
        log.filter(|it| it.name == "refs/tags/v1.0.5").count()
    });
    assert_eq!(made, 1, "tagged once");
    s.ends(issue).await;
    s.silence().await;
}

/// The version stands in no manifest: what publishes writes it there.
fn a_placeholder(sim: &Sim, scene: &Scene) {
    let of = |path: &str| {
        let text = text(sim, scene, "refs/tags/v1.0.4", path);
        text.replacen("version = \"1.0.4\"", "version = \"0.0.0\"", 1)
    };
    let (manifest, lock) = (of("Cargo.toml"), of("Cargo.lock"));
    let files = [
        ("Cargo.toml", Some(manifest.as_str())),
        ("Cargo.lock", Some(lock.as_str())),
        (PUBLISH, None),
        (CONFIG, None),
    ];
    everywhere(sim, scene, &files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_placeholder_in_the_manifest_stays_and_the_tag_is_the_version() {
    let s = Story::begin_with(a_placeholder).await;
    let (issue, head) = s.ready().await;
    let at = |path: &str| s.text_at("refs/heads/hotfix/v1.0.5", path);
    assert!(at("Cargo.toml").contains("version = \"0.0.0\""));
    assert!(at("CHANGELOG.md").contains("## [1.0.5]"));
    s.shows(issue, "**Open gates:** none");
    s.releases(issue, &head).await;
    s.released(&head);
    let manifest = s.text_at("refs/heads/main", "Cargo.toml");
    assert!(manifest.contains("version = \"0.0.0\""), "{manifest}");
    s.shows(issue, "cargo publish -p lantern");
    publish(&s, &head);
    s.pass(40).await;
    s.ends(issue).await;
    s.silence().await;
}

/// Somebody publishes what this commit holds.
fn publish(s: &Story, commit: &str) {
    let mut world = s.sim().world();
    let git = &world.repos[&s.repo()].git;
    let file = git.archive(commit, "lantern-1.0.5").expect("a file");
    let now = world.now();
    let by = Some("maintainer");
    let done = world
        .registry
        .publish(now, now, "lantern", "1.0.5", file, by);
    done.expect("published");
}

/// A member with a version of its own, which users take by itself.
fn another_package(sim: &Sim, scene: &Scene) {
    let base = |path: &str| text(sim, scene, "refs/tags/v1.0.4", path);
    let manifest = format!(
        "{}\n[workspace]\nmembers = [\"wick\"]\n",
        base("Cargo.toml")
    );
    let lock = format!(
        "{}\n[[package]]\nname = \"wick\"\nversion = \"0.3.0\"\n",
        base("Cargo.lock")
    );
    let wick = "[package]\nname = \"wick\"\nversion = \"0.3.0\"\nedition = \"2024\"\n";
    let files = [
        ("Cargo.toml", Some(manifest.as_str())),
        ("Cargo.lock", Some(lock.as_str())),
        ("wick/Cargo.toml", Some(wick)),
        ("wick/src/lib.rs", Some("\n")),
    ];
    everywhere(sim, scene, &files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fix_outside_of_what_is_released_is_no_release_without_a_word() {
    let s = Story::begin_with(another_package).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let files = [
        ("wick/src/lib.rs", Some("pub fn fix() {}\n")),
        ("wick/tests/fix.rs", Some("#[test]\nfn fixed() {}\n")),
    ];
    let head = s.pushes(BRANCH, "fix: light it", &files).await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.shows(
        issue,
        "changes `wick` alone, which is no part of the release",
    );
    let command = format!("/hotfix release {}", &head[..7]);
    let early = s.says("maintainer", issue, &command).await;
    s.pass(2).await;
    assert_eq!(s.reactions(early).last().map(String::as_str), Some("-1"));
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
    let word = "/hotfix override not-released reason=\"by hand, right after\"";
    let own = s.says("developer", issue, word).await;
    assert_eq!(s.reactions(own), ["-1"]);
    s.says("maintainer", issue, word).await;
    s.releases(issue, &head).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
    s.ends(issue).await;
    s.silence().await;
}

/// Whatever is pushed to a branch for hotfixes is published.
const ON_HOTFIXES: &str = "name: Publish\non:\n  push:\n    branches: ['hotfix/**']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo publish\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_branch_is_made_whose_pushes_publish() {
    let s = Story::begin_with(|sim, scene| {
        at_the_base(sim, scene, &[(PUBLISH, Some(ON_HOTFIXES))]);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.shows(
        issue,
        "`publish.yml` would publish what the hotfix branch holds",
    );
    s.shows(issue, "/hotfix waive push reason=");
    assert!(!s.has_branch());
    let own = s
        .says("developer", issue, "/hotfix waive push reason=now")
        .await;
    s.pass(1).await;
    assert_eq!(s.reactions(own).last().map(String::as_str), Some("-1"));
    assert!(!s.has_branch());
    // Under another name nothing starts.
    let text = "schema = 1\n\n[base]\nbranch = \"fix-v{version}\"\n";
    s.pushes("main", "ci: another name", &[(CONFIG, Some(text))])
        .await;
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(1).await;
    assert!(
        s.commit_of("refs/heads/fix-v1.0.5").is_some(),
        "{}",
        s.status(issue).1
    );
    s.hides(issue, "would publish what the hotfix branch holds");
    let early = s
        .sim()
        .world()
        .registry
        .version("lantern", "1.0.5")
        .is_some();
    assert!(!early, "nothing is published");
    s.silence().await;
}
