//! Every call against GitHub's published description (`GITHUB_CONTRACT`): what
//! we send, and that we can read GitHub's own examples.

use std::pin::Pin;

use serde_json::{Map, Value, json};

use super::*;
use crate::clock::Clock;
use crate::contract::{find, openapi};
use crate::github::testing::{Seen, Server, reply, token};
use crate::github::{Error, GitHub, Repo};

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// Every operation with a call of it.
pub(super) fn calls<'a>(github: &'a GitHub, repo: &'a Repo) -> Vec<(&'static str, Running<'a>)> {
    const SHA: &str = "7638417db6d59f3c431d3e1f261cc637155684cd";
    let installation = repo.installation();
    macro_rules! call {
        ($operation:literal, $call:expr) => {
            (
                $operation,
                Box::pin(async move { $call.await.map(drop) }) as Running<'a>,
            )
        };
    }
    vec![
        call!("apps/get-authenticated", github.app()),
        call!("apps/list-installations", github.installations()),
        call!("apps/get-installation", github.installation_info(1)),
        call!(
            "apps/get-repo-installation",
            github.repo_installation("acme", "sample")
        ),
        call!(
            "apps/list-webhook-deliveries",
            github.hook_deliveries(Some("v1_1"))
        ),
        call!("apps/get-webhook-delivery", github.hook_delivery(1)),
        call!("apps/redeliver-webhook-delivery", github.redeliver(1)),
        call!(
            "apps/list-repos-accessible-to-installation",
            installation.repositories()
        ),
        call!("repos/get", repo.get()),
        call!(
            "repos/get-collaborator-permission-level",
            repo.permission("octocat")
        ),
        call!("repos/get-branch", repo.branch("hotfix/v1.0.5")),
        call!("repos/get-branch-rules", repo.branch_rules("main")),
        call!("repos/get-repo-rulesets", repo.rulesets()),
        call!("repos/get-repo-ruleset", repo.ruleset(42)),
        call!("repos/get-all-environments", repo.environments()),
        call!(
            "repos/list-deployment-branch-policies",
            repo.deploy_refs("crates-io")
        ),
        call!(
            "repos/check-immutable-releases",
            repo.has_immutable_releases()
        ),
        call!("issues/get", repo.issue(1)),
        call!("issues/list-for-repo", repo.open_issues_labeled("P0")),
        call!("issues/list-events", repo.issue_events(1)),
        call!("issues/update", repo.close_issue(1, "completed")),
        call!("issues/list-labels-for-repo", repo.labels()),
        call!(
            "issues/create-label",
            repo.make_label("P0", "b60205", "Starts a hotfix")
        ),
        call!("issues/add-labels", repo.add_labels(1, &["P0"])),
        call!("issues/create-comment", repo.create_comment(1, "text")),
        call!("issues/update-comment", repo.update_comment(1, "text")),
        call!("issues/get-comment", repo.comment(1)),
        call!(
            "issues/list-comments",
            repo.comments(1, Some("2024-01-01T00:00:00Z"))
        ),
        call!("reactions/create-for-issue-comment", repo.react(1, "+1")),
        call!("git/get-ref", repo.git_ref("refs/heads/hotfix/v1.0.5")),
        call!("git/list-matching-refs", repo.matching_refs("tags/v1.")),
        call!("git/create-ref", repo.create_ref("heads/x", SHA)),
        call!("git/update-ref", repo.update_ref("heads/x", SHA)),
        call!("git/delete-ref", repo.delete_ref("heads/x")),
        call!("git/create-tag", repo.create_tag("v1.0.5", "text", SHA)),
        call!("git/get-tag", repo.tag_object(SHA)),
        call!("git/get-commit", repo.git_commit(SHA)),
        call!("git/create-commit", async {
            let by = Signature {
                name: "a".into(),
                email: "a@example.test".into(),
                date: Some(1_700_000_000_000),
            };
            let new = NewCommit {
                message: "text",
                tree: SHA,
                parents: vec![SHA],
                author: Some(&by),
                committer: Some(&by),
            };
            repo.create_commit(&new).await
        }),
        call!("git/get-tree", repo.tree(SHA)),
        call!("git/create-tree", async {
            let change = |path: &str, to| TreeChange {
                path: path.into(),
                mode: "100644".into(),
                to,
            };
            let changes = [
                change("a", TreeTarget::Text("text".into())),
                change("b", TreeTarget::Blob(SHA.into())),
                change("c", TreeTarget::Absent),
            ];
            repo.create_tree(SHA, &changes).await
        }),
        call!("git/get-blob", repo.blob(SHA)),
        call!("git/create-blob", repo.create_blob(b"text")),
        call!("repos/get-content", repo.file("src/lib.rs", "main")),
        call!("repos/get-content", repo.dir(".github/workflows", "main")),
        call!(
            "repos/compare-commits-with-basehead",
            repo.compare("v1.0.4", "main")
        ),
        call!("repos/get-commit", repo.commit(SHA)),
        call!("repos/list-commits", repo.log(SHA, 3)),
        call!("pulls/list-commits", repo.pull_commits(1)),
        call!("pulls/create", async {
            let new = NewPull {
                title: "t",
                head: "x",
                base: "main",
                body: "b",
                draft: true,
            };
            repo.create_pull(&new).await
        }),
        call!("pulls/get", repo.pull(1)),
        call!("pulls/list", repo.pulls_of_head("hotfix/v1.0.5")),
        call!("pulls/list", repo.pulls_into("hotfix/v1.0.5")),
        call!("pulls/update", async {
            let patch = PullPatch {
                body: Some("b".into()),
                ..PullPatch::default()
            };
            repo.update_pull(1, &patch).await
        }),
        call!("pulls/merge", async {
            let how = MergePull {
                sha: SHA,
                merge_method: "merge",
                ..MergePull::default()
            };
            repo.merge_pull(1, &how).await
        }),
        call!("pulls/list-reviews", repo.reviews(1)),
        call!("pulls/list-commits", repo.pull_commits(1)),
        call!("pulls/list-files", repo.pull_files(1)),
        call!("actions/list-repo-workflows", repo.workflows()),
        call!("actions/list-workflow-runs-for-repo", async {
            let filter = RunFilter {
                event: Some("push"),
                branch: Some("v1.0.5"),
                head_sha: Some(SHA),
                status: Some("completed"),
                created: Some(">=2024-01-01T00:00:00Z"),
            };
            repo.runs(&filter).await
        }),
        call!("actions/get-workflow-run", repo.run(1)),
        call!("actions/list-jobs-for-workflow-run", repo.jobs(1)),
        call!("actions/re-run-workflow-failed-jobs", repo.rerun(1, false)),
        call!("actions/re-run-workflow", repo.rerun(1, true)),
        call!("actions/create-workflow-dispatch", async {
            let inputs = json!({"version": "1.0.5"});
            repo.dispatch_workflow("bundle.yml", "main", &inputs).await
        }),
        call!("repos/get-release-by-tag", repo.release_by_tag("v1.0.5")),
        call!("repos/get-release", repo.release(1)),
        call!("repos/get-latest-release", repo.latest_release()),
        call!("repos/list-releases", repo.releases(1)),
        call!("repos/update-release", async {
            let patch = ReleasePatch {
                tag_name: "v1.0.5",
                body: Some("notes"),
                make_latest: Some("false"),
                ..ReleasePatch::default()
            };
            repo.update_release(1, &patch).await
        }),
        call!(
            "security-advisories/get-repository-advisory",
            repo.advisory("GHSA-2f4g-5h6j-7m8p")
        ),
        call!("security-advisories/update-repository-advisory", async {
            let vulnerable = [Vulnerability {
                package: Some(AdvisedPackage {
                    ecosystem: "rust".into(),
                    name: Some("sample".into()),
                }),
                vulnerable_version_range: Some("< 1.0.5".into()),
                patched_versions: Some("1.0.5".into()),
                vulnerable_functions: None,
            }];
            let patch = AdvisoryPatch {
                state: "published",
                vulnerabilities: Some(&vulnerable),
            };
            repo.update_advisory("GHSA-2f4g-5h6j-7m8p", &patch).await
        }),
        call!("checks/list-for-ref", repo.check_runs(SHA)),
        call!("checks/create", async {
            let spec = CheckRunSpec {
                name: Some("hotfix"),
                head_sha: Some(SHA),
                status: Some("in_progress"),
                output: Some(CheckOutput {
                    title: "t",
                    summary: "s",
                    annotations: &[CheckAnnotation {
                        path: "src/lib.rs".into(),
                        start_line: 1,
                        end_line: 1,
                        annotation_level: "warning".into(),
                        message: "m".into(),
                        ..CheckAnnotation::default()
                    }],
                }),
                ..CheckRunSpec::default()
            };
            repo.create_check_run(&spec).await
        }),
        call!("checks/update", async {
            let spec = CheckRunSpec {
                conclusion: Some("success"),
                ..CheckRunSpec::default()
            };
            repo.update_check_run(1, &spec).await
        }),
        call!(
            "repos/get-combined-status-for-ref",
            repo.combined_status(SHA)
        ),
    ]
}

fn clock() -> Clock {
    Clock::owned(Clock::system().now())
}

fn mint(seen: &Seen) -> bool {
    seen.target.ends_with("/access_tokens")
}

const LATER: &str = "2999-01-01T00:00:00Z";

#[tokio::test]
async fn what_we_send_is_as_described() {
    let Some(contract) = find() else {
        return;
    };
    let server = Server::start(|seen, _| {
        if mint(seen) {
            token("ghs_1", LATER)
        } else {
            reply(501, json!({"message": "no"}))
        }
    })
    .await;
    let github = server.client(&clock());
    let repo = github.installation(1).repo("acme", "sample");
    for (operation, call) in calls(&github, &repo) {
        let error = call.await.unwrap_err().to_string();
        assert!(
            error.contains(&format!("{operation} is not served")),
            "{operation}: {error}"
        );
        let seen = server.seen.lock().unwrap().last().unwrap().clone();
        let wrong = contract.request(operation, &seen.method, &seen.target, &seen.body);
        assert!(wrong.is_empty(), "{operation}: {wrong:#?}: {}", seen.body);
    }
}

/// The example of an operation's first success, if there is one.
fn example(openapi: &Value, operation: &str) -> Option<(u16, Value)> {
    let paths = openapi["paths"].as_object()?;
    let found = paths
        .values()
        .flat_map(|methods| methods.as_object().into_iter().flat_map(Map::values))
        .find(|o| o["operationId"] == operation)?;
    let responses = found["responses"].as_object()?;
    let (code, response) = responses.iter().find(|(code, _)| code.starts_with('2'))?;
    let examples = response
        .pointer("/content/application~1json/examples")?
        .as_object()?;
    let mut value = examples.values().next()?;
    if let Some(to) = value["$ref"].as_str() {
        value = openapi.pointer(to.strip_prefix('#')?)?;
    }
    // Some lead on to another example.
    while let Some(to) = value["value"]["$ref"].as_str() {
        value = openapi.pointer(to.strip_prefix('#')?)?;
    }
    Some((code.parse().ok()?, value["value"].clone()))
}

#[tokio::test]
async fn githubs_examples_can_be_read() {
    let Some(openapi) = openapi() else {
        return println!("LEFT OUT: GITHUB_CONTRACT is not the npm package @octokit/openapi");
    };
    let answer = std::sync::Arc::new(std::sync::Mutex::new((200, Value::Null)));
    let shared = answer.clone();
    let server = Server::start(move |seen, _| {
        if mint(seen) {
            return token("ghs_1", LATER);
        }
        let (code, body) = shared.lock().unwrap().clone();
        reply(code, body)
    })
    .await;
    let github = server.client(&clock());
    let repo = github.installation(1).repo("acme", "sample");
    for (operation, call) in calls(&github, &repo) {
        let Some(found) = example(&openapi, operation) else {
            println!("no example: {operation}");
            continue;
        };
        *answer.lock().unwrap() = found;
        if let Err(why) = call.await {
            // The description's example file is not valid base64.
            if operation == "repos/get-content" && why.to_string().contains("base64") {
                continue;
            }
            panic!("{operation}: {why}");
        }
    }
}
