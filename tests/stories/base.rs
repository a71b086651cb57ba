//! Which release is fixed, and which number comes after it.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::{Sim, releases};

use crate::support::bases::{commit, released_as, text};
use crate::support::story::{ASSESS, Story};

const FILE: &str = ".github/hotfix.toml";

/// A tag of another package, higher, and shown as GitHub's Latest.
fn latest_is_another(sim: &Sim, scene: &Scene) {
    let main = commit(sim, scene, "refs/heads/main");
    let hand = sim.person("maintainer", scene.repo);
    let tag = "lantern-wick-v2.0.0";
    hand.create_tag(tag, &main, Some("Wick 2.0.0")).unwrap();
    let mut world = sim.world();
    let who = world.add_user("maintainer");
    releases::seed(&mut world, scene.repo, tag, who, "", 1_772_441_000_000, &[]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_latest_of_a_higher_version_is_asked_about_and_start_answers() {
    let s = Story::begin_with(latest_is_another).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.shows(issue, "GitHub's Latest is `lantern-wick-v2.0.0`");
    s.shows(issue, "tag_pattern = \"lantern-wick-v{version}\"");
    assert!(!s.has_branch());
    // A branch, and of which release is not known.
    let lines = s.says("developer", issue, "/hotfix start line=trunk").await;
    let gone = s.says("developer", issue, "/hotfix start v1.0.9").await;
    s.pass(1).await;
    assert_eq!(s.reactions(lines).last().map(String::as_str), Some("-1"));
    assert_eq!(s.reactions(gone).last().map(String::as_str), Some("+1"));
    s.shows(issue, "there is no tag `v1.0.9`");
    assert!(!s.has_branch());

    s.says("developer", issue, "/hotfix start v1.0.4").await;
    s.pass(1).await;
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.shows(issue, "`v1.0.4`: somebody said so");
    let late = s.says("developer", issue, "/hotfix start v1.0.3").await;
    s.pass(1).await;
    assert_eq!(s.reactions(late).last().map(String::as_str), Some("-1"));
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// The newest release of a workspace without a package at its root, named after
/// the member that is called like the repository.
fn a_virtual_workspace(sim: &Sim, scene: &Scene) {
    let member = "[package]\nname = \"lantern\"\nversion = \"1.0.4\"\nedition = \"2024\"\n";
    let files = [
        ("Cargo.toml", Some("[workspace]\nmembers = [\"lantern\"]\n")),
        ("lantern/Cargo.toml", Some(member)),
        ("lantern/src/lib.rs", Some("\n")),
    ];
    released_as(sim, scene, "lantern-v1.0.4", &files);
    sim.person("maintainer", scene.repo)
        .push_commit("main", "chore: a workspace", &files)
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_virtual_workspace_is_named_by_its_repository() {
    let s = Story::begin_with(a_virtual_workspace).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(1).await;
    s.shows(issue, "### Hotfix lantern-v1.0.5 of");
    s.shows(issue, "`lantern-v1.0.4`: it is the highest of `lantern`");
    let manifest = s.text_at("refs/heads/hotfix/v1.0.5", "lantern/Cargo.toml");
    assert!(manifest.contains("version = \"1.0.5\""), "{manifest}");
    s.silence().await;
}

fn a_branch_in_the_way(sim: &Sim, scene: &Scene) {
    let main = commit(sim, scene, "refs/heads/main");
    let hand = sim.person("maintainer", scene.repo);
    hand.create_branch("hotfix", &main).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_in_the_way_is_named_and_a_number_below_which_one_stands_is_taken() {
    let s = Story::begin_with(a_branch_in_the_way).await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(issue, "the branch `hotfix` is in the way");
    s.shows(issue, "branch = \"hotfix-v{version}\"");
    assert!(s.refused_calls().is_empty(), "{:?}", s.refused_calls());
    let main = s.commit_of("refs/heads/main").unwrap();
    let hand = s.person("maintainer");
    hand.delete_branch("hotfix").unwrap();
    hand.create_branch("hotfix/v1.0.5/win", &main).unwrap();
    s.says("maintainer", issue, "/hotfix retry").await;
    s.pass(1).await;
    assert!(s.commit_of("refs/heads/hotfix/v1.0.6").is_some());
    s.shows(issue, "1.0.5 is taken by the branch `hotfix/v1.0.5/win`");
    s.silence().await;
}

/// Nothing but a prerelease.
fn a_prerelease_alone(sim: &Sim, scene: &Scene) {
    let raised = |path: &str| {
        let text = text(sim, scene, "refs/tags/v1.0.4", path);
        let (old, new) = ("version = \"1.0.4\"", "version = \"1.0.4-rc.1\"");
        text.replacen(old, new, 1)
    };
    let (manifest, lock) = (raised("Cargo.toml"), raised("Cargo.lock"));
    let files = [
        ("Cargo.toml", Some(manifest.as_str())),
        ("Cargo.lock", Some(lock.as_str())),
    ];
    released_as(sim, scene, "v1.0.4-rc.1", &files);
    let hand = sim.person("maintainer", scene.repo);
    for old in ["v1.0.0", "v1.0.1", "v1.0.2", "v1.0.3"] {
        let _ = hand.delete_tag(old);
    }
    sim.world()
        .repos
        .get_mut(&scene.repo)
        .unwrap()
        .releases
        .all
        .clear();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_prereleases_alone_the_line_is_shown_that_allows_them() {
    let s = Story::begin_with(a_prerelease_alone).await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(issue, "there are prereleases only (`v1.0.4-rc.1`");
    s.shows(issue, "[base]\nprereleases = true");
    assert!(!s.has_branch());
    let text = "schema = 1\n\n[base]\nprereleases = true\n";
    s.pushes("main", "ci: prereleases", &[(FILE, Some(text))])
        .await;
    s.pass(1).await;
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.silence().await;
}

/// Main has a section for the next number, and a release is being prepared.
fn numbers_are_claimed(sim: &Sim, scene: &Scene) {
    let log = text(sim, scene, "refs/heads/main", "CHANGELOG.md");
    let section = "## [1.0.5] - 2026-03-01\n\n- Not out yet.\n\n## [1.0.4]";
    let log = log.replacen("## [1.0.4]", section, 1);
    assert!(log.contains(section), "{log}");
    let hand = sim.person("maintainer", scene.repo);
    let files = [("CHANGELOG.md", Some(log.as_str()))];
    let main = hand.push_commit("main", "docs: ahead", &files).unwrap();
    hand.create_branch("next", &main).unwrap();
    let files = [("NEXT.md", Some("soon\n"))];
    hand.push_commit("next", "chore: next", &files).unwrap();
    hand.open_pull("chore: release v1.0.6", "", "next", "main")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_that_main_or_a_release_in_preparation_claims_are_left_to_them() {
    let s = Story::begin_with(numbers_are_claimed).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(1).await;
    assert!(s.commit_of("refs/heads/hotfix/v1.0.7").is_some());
    s.shows(issue, "1.0.5 is taken by a section of `CHANGELOG.md`");
    s.shows(issue, "1.0.6 is taken by pull request");
    s.silence().await;
}
