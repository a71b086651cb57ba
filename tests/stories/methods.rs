//! How a pull request is merged where merge commits are not wanted: the tag
//! stays on the tested commit, and main gets the same change by another one.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;
use serde_json::{Value, json};

use crate::support::story::Story;

const PORT: &str = "forward-port/v1.0.5";

/// What keeps merge commits out, and the method that is left.
type Case = (&'static str, fn(&Sim, u64));

const CASES: [Case; 4] = [
    ("squash", |sim, repo| settings(sim, repo, true, false)),
    ("rebase", |sim, repo| settings(sim, repo, false, true)),
    ("squash", |sim, repo| {
        rule(sim, repo, "required_linear_history", Value::Null);
    }),
    ("rebase", |sim, repo| {
        let methods = json!({ "allowed_merge_methods": ["rebase"] });
        rule(sim, repo, "pull_request", methods);
    }),
];

fn settings(sim: &Sim, repo: u64, squash: bool, rebase: bool) {
    let mut world = sim.world();
    let repo = world.repos.get_mut(&repo).expect("the repository");
    repo.allow_merge_commit = false;
    repo.allow_squash_merge = squash;
    repo.allow_rebase_merge = rebase;
}

fn rule(sim: &Sim, repo: u64, kind: &str, parameters: Value) {
    Story::rule(sim, repo, 1, kind, parameters);
}

async fn begin(forbid: fn(&Sim, u64)) -> Story {
    Story::begin_with(|sim, scene: &Scene| forbid(sim, scene.repo)).await
}

/// How the branch's pull request was merged; main's history has no merge commit.
#[track_caller]
fn merged_by(s: &Story, branch: &str, method: &str) {
    s.look(|view| {
        let pulls = view.repo.issues.values().filter_map(|i| i.pull.as_ref());
        let merged = pulls
            .filter(|p| p.head == branch)
            .find_map(|p| p.merged.as_ref());
        assert_eq!(merged.map(|m| m.method), Some(method));
        let main = view.repo.git.read_ref("refs/heads/main").expect("main");
        let commit = view.repo.git.commit(&main).expect("its commit");
        assert_eq!(commit.parents.len(), 1, "{method}: linear");
    });
    let refused = s.refused_calls();
    assert!(
        !refused.iter().any(|call| call.contains("/merge")),
        "{refused:?}"
    );
    assert_eq!(
        s.text_at("refs/heads/main", "src/fix.rs"),
        "pub fn fix() {}\n"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_merge_commits_are_not_wanted_another_method_is_taken() {
    for (method, forbid) in CASES {
        let s = begin(forbid).await;
        let (issue, head) = s.ready().await;
        s.releases(issue, &head).await;
        s.released(&head);
        merged_by(&s, "hotfix/v1.0.5", method);
        s.ends(issue).await;
        s.silence().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_forward_port_takes_the_same_method_and_is_proven_by_its_lines() {
    for (method, forbid) in CASES {
        let s = begin(forbid).await;
        let (issue, head) = s.ready().await;
        let manifest = s.text_at("refs/heads/main", "Cargo.toml");
        let next = manifest.replacen("\"1.0.4\"", "\"1.1.0-dev\"", 1);
        let lock = s.text_at("refs/heads/main", "Cargo.lock");
        let next_lock = lock.replacen(
            "name = \"lantern\"\nversion = \"1.0.4\"",
            "name = \"lantern\"\nversion = \"1.1.0-dev\"",
            1,
        );
        let files = [
            ("Cargo.toml", Some(next.as_str())),
            ("Cargo.lock", Some(next_lock.as_str())),
        ];
        s.pushes("main", "chore: begin 1.1.0", &files).await;
        s.pass(6).await;
        s.releases(issue, &head).await;
        assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
        merged_by(&s, PORT, method);
        let main = s.text_at("refs/heads/main", "Cargo.toml");
        assert!(main.contains("version = \"1.1.0-dev\""), "{main}");
        s.ends(issue).await;
        s.silence().await;
    }
}

/// GitHub signs nothing that it rebases: named before the branch; the tag does not wait
/// for it, and one signed commit brings the fix.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_commits_must_be_signed_and_are_rebased_a_person_brings_the_fix() {
    let s = begin(|sim, repo| {
        settings(sim, repo, false, true);
        Story::rule(sim, repo, 2, "required_signatures", Value::Null);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(
        issue,
        "pull requests are rebased into it, which GitHub does not sign",
    );
    s.says(
        "maintainer",
        issue,
        &format!("/hotfix release {}", &head[..7]),
    )
    .await;
    s.pass(20).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
    s.shows(issue, "git push origin signed/v1.0.5:main");
    let person = s.person("maintainer");
    let signed = person.squash_signed(&head, "main", "signed/v1.0.5");
    let signed = signed.expect("it is pushed");
    person.force_push("main", &signed).expect("it goes forward");
    s.pass(20).await;
    s.hides(issue, "Commits must have verified signatures");
    s.ends(issue).await;
    s.silence().await;
}
