//! What an App hears of runs and releases.

use super::stage;
use crate::sim::actions::rerun;
use crate::sim::git::Kind;
use crate::sim::ops::NewPull;

/// `event.action` in order, for the events asked for.
fn heard(s: &super::Stage, events: &[&str]) -> Vec<String> {
    let all = s
        .deliveries()
        .into_iter()
        .filter(|d| events.contains(&d.0.as_str()));
    all.map(|(event, action, _)| format!("{event}.{action}"))
        .collect()
}

#[test]
fn a_run_is_told_from_requested_to_completed_and_a_rerun_without_requested() {
    let mut s = stage(&[]);
    s.push("refs/heads/main", &s.head.clone());
    s.pass(200_000);
    let first = [
        "workflow_run.requested",
        "workflow_job.queued",
        "workflow_run.in_progress",
        "workflow_job.in_progress",
        "workflow_job.completed",
        "workflow_run.completed",
    ];
    assert_eq!(heard(&s, &["workflow_run", "workflow_job"]), first);
    assert_eq!(
        heard(&s, &["check_run", "check_suite"]),
        [
            "check_run.created",
            "check_run.completed",
            "check_suite.completed"
        ]
    );
    let (id, who) = (s.run_of("ci.yml").id, s.owner());
    rerun(&mut s.world, s.repo, id, false, &who).unwrap();
    s.pass(200_000);
    let again = heard(&s, &["workflow_run", "workflow_job"]).split_off(first.len());
    assert_eq!(again, first[1..], "a re-run is not requested");
    let last = s.deliveries().pop().unwrap().2;
    assert_eq!(last["workflow_run"]["run_attempt"], 2);
    assert_eq!(last["workflow_run"]["id"], id);
    assert_eq!(last["workflow"]["path"], ".github/workflows/ci.yml");
    assert_eq!(last["repository"]["full_name"], "mona/caro");
}

#[test]
fn a_release_is_told_as_created_published_and_released() {
    let mut s = stage(&[]);
    s.push_tag("v1.0.5");
    s.pass(200_000);
    assert_eq!(
        heard(&s, &["release"]),
        ["release.created", "release.published", "release.released"]
    );
    let told: Vec<_> = s
        .deliveries()
        .into_iter()
        .filter(|d| d.0 == "release")
        .collect();
    assert_eq!(told[0].2["release"]["draft"], true);
    assert_eq!(told[1].2["release"]["assets"][1]["state"], "uploaded");
    assert_eq!(told[1].2["sender"]["login"], "github-actions[bot]");
}

/// A branch with one commit on main; its pull request.
fn pull(s: &mut super::Stage, branch: &str, path: &str, text: &str) -> u64 {
    let (repo, who) = (s.repo, s.owner());
    let git = &s.world.repos[&repo].git;
    let blob = git.write(Kind::Blob, text.as_bytes()).unwrap();
    let base = git.commit(&s.head).unwrap();
    let edits = [(path.to_owned(), Some(("100644".to_owned(), blob)))].into();
    let tree = git.edit_tree(Some(&base.tree), &edits).unwrap();
    let mut commit = base.clone();
    commit.tree = tree;
    commit.parents = vec![s.head.clone()];
    commit.message = format!("Change {path}");
    let sha = git.write_commit(&commit).unwrap();
    s.world
        .create_ref(repo, &format!("refs/heads/{branch}"), &sha, &who)
        .unwrap();
    let new = NewPull {
        title: "Change",
        body: None,
        head: branch,
        base: "main",
        draft: false,
    };
    s.world.open_pull(repo, new, &who).unwrap()
}

#[test]
fn a_pull_request_runs_on_its_test_merge_unless_it_conflicts() {
    let mut s = stage(&[]);
    let number = pull(&mut s, "fix", "Cargo.toml", "[package]\nname = \"a\"\n");
    let run = s.run_of("ci.yml");
    assert_eq!(
        (run.event.as_str(), run.pulls.as_slice()),
        ("pull_request", &[number][..])
    );
    assert_eq!(run.head_branch, "fix");
    let runs = s.runs().len();
    let who = s.owner();
    s.world
        .merge_branch(s.repo, "main", "fix", None, &who)
        .unwrap();
    let other = pull(&mut s, "other", "Cargo.toml", "[package]\nname = \"b\"\n");
    let of_other = s
        .runs()
        .into_iter()
        .filter(|r| r.pulls.contains(&other))
        .count();
    assert_eq!(of_other, 0, "it conflicts with main now");
    assert!(s.runs().len() > runs, "main was pushed");
}
