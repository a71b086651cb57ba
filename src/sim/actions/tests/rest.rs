//! The routes, as a client asks them.

use serde_json::{Value, json};

use super::stage;
use crate::sim::actions::Failure;
use crate::sim::auth::Actor;

#[test]
fn runs_are_listed_filtered_and_shown() {
    let mut s = stage(&[]);
    s.push("refs/heads/main", &s.head.clone());
    s.push_tag("v1.0.5");
    s.pass(185_000);
    let (_, all) = s.ask("GET", "actions/runs", Value::Null);
    assert_eq!(all["total_count"], 3);
    assert_eq!(all["workflow_runs"][2]["name"], "CI", "newest first");
    let by_tag = format!("actions/runs?event=push&branch=v1.0.5&head_sha={}", s.head);
    assert_eq!(s.ask("GET", &by_tag, Value::Null).1["total_count"], 2);
    for (query, count) in [
        ("status=success", 3),
        ("status=completed", 3),
        ("status=failure", 0),
        ("actor=Mona", 3),
        ("event=release", 0),
        ("created=>=2026-01-31", 3),
        ("per_page=1", 3),
    ] {
        let (_, found) = s.ask("GET", &format!("actions/runs?{query}"), Value::Null);
        assert_eq!(found["total_count"], count, "{query}");
    }
    let (_, of) = s.ask("GET", "actions/workflows/publish.yml/runs", Value::Null);
    assert_eq!(of["total_count"], 1);
    let id = of["workflow_runs"][0]["id"].as_u64().unwrap();
    let (status, run) = s.ask("GET", &format!("actions/runs/{id}"), Value::Null);
    assert_eq!(
        (status, &run["path"]),
        (200, &json!(".github/workflows/publish.yml"))
    );
    let (_, jobs) = s.ask("GET", &format!("actions/runs/{id}/jobs"), Value::Null);
    assert_eq!(jobs["total_count"], 2);
    let job = jobs["jobs"][0]["id"].as_u64().unwrap();
    assert_eq!(jobs["jobs"][1]["steps"][1]["name"], "Run cargo publish");
    s.ask("GET", &format!("actions/jobs/{job}"), Value::Null);
    assert_eq!(
        s.ask("GET", &format!("actions/jobs/{job}/logs"), Value::Null)
            .0,
        302
    );
    let (_, log) = s.ask("GET", &format!("/job-logs/{}/{job}", s.repo), Value::Null);
    assert!(log.as_str().unwrap().contains("Run cargo test"));
    let (_, check) = s.ask("GET", &format!("check-runs/{job}"), Value::Null);
    assert_eq!(
        check["app"]["slug"], "github-actions",
        "a job is a check run"
    );
    assert_eq!(s.ask("GET", "actions/runs/1", Value::Null).0, 404);
    let (_, flows) = s.ask("GET", "actions/workflows", Value::Null);
    assert_eq!(flows["total_count"], 4);
    s.ask("GET", "actions/workflows/ci.yml", Value::Null);
    assert_eq!(
        s.ask("GET", "actions/workflows/none.yml", Value::Null).0,
        404
    );
    s.ask("GET", &format!("actions/runs/{id}/artifacts"), Value::Null);
    s.ask(
        "GET",
        &format!("actions/runs/{id}/pending_deployments"),
        Value::Null,
    );
}

#[test]
fn runs_are_dispatched_cancelled_and_run_again() {
    let mut s = stage(&[]);
    let path = "actions/workflows/bundle.yml/dispatches";
    let body = json!({ "ref": "main", "inputs": { "version": "v1.0.4" } });
    assert_eq!(s.ask("POST", path, body.clone()), (204, Value::Null));
    let body = json!({ "ref": "main", "inputs": { "version": "v1" }, "return_run_details": true });
    let (status, details) = s.ask("POST", path, body);
    assert_eq!(status, 200);
    let id = details["workflow_run_id"].as_u64().unwrap();
    assert_eq!(s.ask("POST", path, json!({ "ref": "none" })).0, 422);
    let run = format!("actions/runs/{id}");
    assert_eq!(s.ask("POST", &format!("{run}/rerun"), Value::Null).0, 403);
    assert_eq!(s.ask("POST", &format!("{run}/cancel"), Value::Null).0, 202);
    assert_eq!(s.ask("POST", &format!("{run}/cancel"), Value::Null).0, 409);
    assert_eq!(s.ask("POST", &format!("{run}/rerun"), Value::Null).0, 201);
    let (_, again) = s.ask("GET", &run, Value::Null);
    assert_eq!(
        (&again["run_attempt"], &again["status"]),
        (&json!(2), &json!("queued"))
    );
    let (_, first) = s.ask("GET", &format!("{run}/attempts/1"), Value::Null);
    assert_eq!(first["conclusion"], "cancelled");
    let (_, jobs) = s.ask("GET", &format!("{run}/attempts/1/jobs"), Value::Null);
    assert_eq!(jobs["jobs"][0]["conclusion"], "cancelled");
    assert_eq!(
        s.ask("GET", &format!("{run}/attempts/3/jobs"), Value::Null)
            .0,
        404
    );
    let (_, jobs) = s.ask("GET", &format!("{run}/jobs?filter=all"), Value::Null);
    assert_eq!(jobs["total_count"], 2);
}

#[test]
fn failed_jobs_are_run_again_alone() {
    let mut s = stage(&[]);
    let settings = &mut s.world.repos.get_mut(&s.repo).unwrap().actions.settings;
    settings
        .failures
        .push(Failure::first_attempt("release.yml").job("build (mac)"));
    s.push_tag("v1.0.5");
    s.pass(200_000);
    let run = s.run_of("release.yml").id;
    let (status, _) = s.ask(
        "POST",
        &format!("actions/runs/{run}/rerun-failed-jobs"),
        Value::Null,
    );
    assert_eq!(status, 201);
    s.pass(200_000);
    let (_, jobs) = s.ask("GET", &format!("actions/runs/{run}/jobs"), Value::Null);
    let ends: Vec<_> = jobs["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|j| &j["conclusion"])
        .collect();
    assert_eq!(ends, ["success"; 3]);
    assert_eq!(s.ask("GET", "releases/tags/v1.0.5", Value::Null).0, 200);
}

#[test]
fn releases_are_made_changed_and_found() {
    let mut s = stage(&[]);
    let (_, latest) = s.ask("GET", "releases/latest", Value::Null);
    assert_eq!(latest["tag_name"], "v1.0.4");
    assert_eq!(latest["assets"].as_array().unwrap().len(), 2);
    let draft = json!({ "tag_name": "v1.0.5", "draft": true, "target_commitish": "main" });
    let (status, made) = s.ask("POST", "releases", draft);
    assert_eq!(status, 201);
    let id = made["id"].as_u64().unwrap();
    assert_eq!(
        s.ask("GET", "releases/tags/v1.0.5", Value::Null).0,
        404,
        "a draft"
    );
    assert_eq!(
        s.ask("GET", "releases", Value::Null)
            .1
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let nobody = Actor::Anonymous;
    let (_, seen) = s.ask_as(nobody.clone(), "GET", "releases", Value::Null);
    assert_eq!(
        seen.as_array().unwrap().len(),
        1,
        "drafts are for who may push"
    );
    assert_eq!(
        s.ask_as(nobody, "GET", &format!("releases/{id}"), Value::Null)
            .0,
        404
    );
    let at = format!("releases/{id}");
    let (_, asset) = s.ask("POST", &format!("{at}/assets?name=a.zip"), json!("x"));
    assert_eq!(
        (&asset["state"], &asset["size"]),
        (&json!("uploaded"), &json!(3))
    );
    assert_eq!(
        s.ask("POST", &format!("{at}/assets?name=a.zip"), json!("x"))
            .0,
        422
    );
    assert_eq!(
        s.ask("GET", &format!("{at}/assets"), Value::Null).1[0]["name"],
        "a.zip"
    );
    let change = json!({ "draft": false, "body": "Notes", "make_latest": "false" });
    let (status, published) = s.ask("PATCH", &at, change);
    assert_eq!((status, &published["draft"]), (200, &json!(false)));
    let git = &s.world.repos[&s.repo].git;
    let tag = git.read_ref("refs/tags/v1.0.5").unwrap();
    assert_eq!(tag, s.head, "a missing tag is made, lightweight");
    assert_eq!(
        s.ask("GET", "releases/latest", Value::Null).1["tag_name"],
        "v1.0.4"
    );
    let (_, latest) = s.ask("PATCH", &at, json!({ "make_latest": "true" }));
    assert_eq!(latest["body"], "Notes");
    assert_eq!(
        s.ask("GET", "releases/latest", Value::Null).1["tag_name"],
        "v1.0.5"
    );
    assert_eq!(
        s.ask("POST", "releases", json!({ "tag_name": "v1.0.5" })).0,
        422
    );
    assert_eq!(s.ask("POST", "releases", json!({})).0, 422);
    let notes = json!({ "tag_name": "v1.0.6", "previous_tag_name": "v1.0.4" });
    let (_, notes) = s.ask("POST", "releases/generate-notes", notes);
    assert!(
        notes["body"]
            .as_str()
            .unwrap()
            .contains("compare/v1.0.4...v1.0.6")
    );
    assert_eq!(s.ask("DELETE", &at, Value::Null).0, 204);
    assert_eq!(s.ask("GET", &at, Value::Null).0, 404);
    assert!(
        s.world.repos[&s.repo]
            .git
            .read_ref("refs/tags/v1.0.5")
            .is_some()
    );
}

#[test]
fn check_runs_are_an_app_s_own() {
    let mut s = stage(&[]);
    let bot = s.world.add_user("hotfix[bot]");
    let app = |app: u64| Actor::Installation {
        installation: 1,
        app,
        bot,
        token: "t".into(),
    };
    let body = json!({
        "name": "scope", "head_sha": s.head, "status": "in_progress",
        "output": { "title": "Looking", "summary": "" },
    });
    assert_eq!(
        s.ask("POST", "check-runs", body.clone()).0,
        403,
        "Apps alone write them"
    );
    let (status, made) = s.ask_as(app(7), "POST", "check-runs", body);
    assert_eq!((status, &made["status"]), (201, &json!("in_progress")));
    let at = format!("check-runs/{}", made["id"]);
    let done = json!({ "conclusion": "success", "output": { "title": "Fine", "summary": "ok" } });
    assert_eq!(s.ask_as(app(8), "PATCH", &at, done.clone()).0, 403);
    let (_, done) = s.ask_as(app(7), "PATCH", &at, done);
    assert_eq!(done["status"], "completed");
    assert_eq!(
        s.ask_as(app(7), "PATCH", &at, json!({ "conclusion": "stale" }))
            .0,
        422
    );
    s.push("refs/heads/main", &s.head.clone());
    s.pass(200_000);
    let (_, of) = s.ask("GET", "commits/main/check-runs", Value::Null);
    assert_eq!(of["total_count"], 2, "the App's and the job's");
    let (_, one) = s.ask(
        "GET",
        "commits/main/check-runs?check_name=scope",
        Value::Null,
    );
    assert_eq!(one["total_count"], 1);
    let (_, suites) = s.ask("GET", "commits/v1.0.4/check-suites", Value::Null);
    assert_eq!(suites["total_count"], 2);
    let suite = suites["check_suites"][1]["id"].as_u64().unwrap();
    s.ask("GET", &format!("check-suites/{suite}"), Value::Null);
    let (_, of) = s.ask(
        "GET",
        &format!("check-suites/{suite}/check-runs"),
        Value::Null,
    );
    assert_eq!(of["check_runs"][0]["name"], "scope");
    assert_eq!(
        s.ask("GET", "commits/nowhere/check-runs", Value::Null).0,
        422
    );
}

#[test]
fn statuses_are_combined() {
    let mut s = stage(&[]);
    let (_, none) = s.ask("GET", "commits/main/status", Value::Null);
    assert_eq!(
        (&none["state"], &none["total_count"]),
        (&json!("pending"), &json!(0))
    );
    let at = format!("statuses/{}", s.head);
    let (status, _) = s.ask("POST", &at, json!({ "state": "success", "context": "ci" }));
    assert_eq!(status, 201);
    assert_eq!(s.ask("POST", &at, json!({ "state": "fine" })).0, 422);
    assert_eq!(
        s.ask("GET", "commits/main/status", Value::Null).1["state"],
        "success"
    );
    assert_eq!(
        s.ask("GET", "commits/main/statuses", Value::Null).1[0]["context"],
        "ci"
    );
}

#[test]
fn the_registry_answers_as_crates_io() {
    let mut s = stage(&[]);
    let version = "/crates.io/api/v1/crates/caro/1.0.4";
    let (_, found) = s.ask("GET", version, Value::Null);
    assert_eq!(found["version"]["num"], "1.0.4");
    assert_eq!(found["version"]["yanked"], false);
    let (_, krate) = s.ask("GET", "/crates.io/api/v1/crates/caro", Value::Null);
    assert_eq!(krate["crate"]["max_stable_version"], "1.0.4");
    let (status, missing) = s.ask("GET", "/crates.io/api/v1/crates/caro/2.0.0", Value::Null);
    assert_eq!(status, 404);
    assert_eq!(
        missing["errors"][0]["detail"],
        "crate `caro` does not have a version `2.0.0`"
    );
    let (_, line) = s.ask("GET", "/crates-index/ca/ro/caro", Value::Null);
    assert!(line.as_str().unwrap().contains("\"vers\":\"1.0.4\""));
    assert_eq!(s.ask("GET", "/crates-index/3/c/caro", Value::Null).0, 404);
    assert_eq!(
        s.ask("DELETE", &format!("{version}/yank"), Value::Null).0,
        403,
        "no token"
    );
    let calls = &s.world.registry.calls;
    assert_eq!((calls.len(), calls[5].status), (6, 403));
    let (_, page) = s.ask("GET", "/status/api/v2/summary.json", Value::Null);
    assert_eq!(page["status"]["indicator"], "none");
    s.world.status_page.set("major", "Actions is down");
    let (_, page) = s.ask("GET", "/status/api/v2/status.json", Value::Null);
    assert_eq!(page["status"]["indicator"], "major");
}
