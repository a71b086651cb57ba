//! What people and the bot do, as sentences.

use serde_json::Value;

use super::act::Act;
use super::comment_text::{needed_in, plain};
use super::registry::Version;
use super::view::{View, short};
use super::wrap::cut;
use crate::sim::log::CallRecord;

/// A person's act.
pub fn act(act: &Act) -> String {
    match act {
        Act::OpenIssue { title, .. } => format!("opens an issue: {title}"),
        Act::Label { issue, label } => format!("labels #{issue} {label}"),
        Act::Comment { issue, body } => {
            let command = body
                .lines()
                .find(|l| l.starts_with('/'))
                .or_else(|| body.lines().next());
            format!("says on #{issue}: {}", command.unwrap_or_default())
        }
        Act::Push {
            branch,
            message,
            files,
            ..
        } => {
            let title = message.lines().next().unwrap_or_default();
            format!("pushes to {branch}: {title} ({} files)", files.len())
        }
        Act::Amend {
            branch, message, ..
        } => {
            let title = message.lines().next().unwrap_or_default();
            format!("pushes to {branch} by force: {title}")
        }
        Act::Install { on: true } => "installs the App on the repository".to_owned(),
        Act::Install { .. } => "takes the App off the repository".to_owned(),
        Act::Pick { branch, sha, title } => {
            format!("picks {} onto {branch}: {title}", short(sha))
        }
        Act::Unlabel { issue, label } => format!("takes {label} off #{issue}"),
        Act::OpenPull { title, head, base } => {
            format!("opens a pull request from {head} to {base}: {title}")
        }
        Act::Merge { pull, squash } => match squash {
            true => format!("merges pull request #{pull} as one commit"),
            false => format!("merges pull request #{pull}"),
        },
        Act::State { number, open: true } => format!("opens #{number} again"),
        Act::State { number, .. } => format!("closes #{number}"),
        Act::Tick { item, .. } => format!("ticks the box {item}"),
        Act::Tag { name, at } => format!("pushes the tag {name} at {}", short(at)),
        Act::Enqueue { pull } => format!("puts pull request #{pull} into the merge queue"),
        Act::Yank {
            registry,
            package,
            version,
        } => {
            let of = Version {
                name: package,
                number: version,
            };
            let how = registry.withdraws(of);
            how.unwrap_or_else(|| format!("cannot take {package} {version} back"))
        }
        Act::Deploy { environment } => format!("lets {environment} go on, on the run's page"),
        Act::Upload { tag, name } => format!("uploads {name} to {tag}"),
        Act::Latest { tag } => format!("runs `gh release edit {tag} --latest`"),
        Act::Approve { pull, .. } => format!("approves pull request #{pull}"),
        Act::Resolve { pull, branch } => {
            format!("resolves the conflicts of #{pull} on {branch} and takes it out of draft")
        }
        Act::Publish {
            registry,
            package,
            version,
        } => match registry.publishes() {
            Some(how) => format!("runs `{how}` by hand: {package} {version}"),
            None => format!("publishes {package} {version} by hand"),
        },
        Act::Release { tag, assets } => {
            format!(
                "publishes the release {tag} by hand, with {} assets",
                assets.len()
            )
        }
    }
}

/// A write of the bot. `needed` is what the status comment said last; writes
/// that nobody would notice give none.
pub fn call(view: &View<'_>, call: &CallRecord, needed: &mut Option<String>) -> Option<String> {
    let operation = call.operation.as_deref().unwrap_or("");
    let text = |key: &str| {
        call.request
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    if call.status >= 400 {
        let why = call.message.as_deref().unwrap_or_default();
        return Some(format!(
            "{} {}: refused with {} {why}",
            call.method, call.path, call.status
        ));
    }
    let number = || {
        call.path
            .split('/')
            .find_map(|part| part.parse::<u64>().ok())
            .unwrap_or(0)
    };
    let name = |full: &str| {
        let full = full.replace("%2F", "/");
        let short = full.strip_prefix("refs/").unwrap_or(&full);
        short
            .strip_prefix("heads/")
            .or(short.strip_prefix("tags/"))
            .unwrap_or(short)
            .to_owned()
    };
    Some(match operation {
        "git/create-ref" => {
            let tag = text("ref").starts_with("refs/tags/");
            let kind = if tag {
                "pushes the tag"
            } else {
                "creates the branch"
            };
            let at = short(text("sha"));
            let named = format!("{kind} {} at {at}", name(text("ref")));
            // A branch that begins with a commit of the bot's own.
            let commit = view.repo.git.commit(text("sha")).filter(|_| !tag);
            let bot = view.login(view.scene.bot);
            match commit.filter(|commit| commit.author.name == bot) {
                Some(own) => {
                    let title = own.message.lines().next().unwrap_or_default();
                    format!("{named}: {title}")
                }
                None => named,
            }
        }
        "git/update-ref" => {
            let path = call.path.split("/git/refs/").nth(1).unwrap_or_default();
            let title = view
                .repo
                .git
                .commit(text("sha"))
                .map(|c| c.message)
                .unwrap_or_default();
            let title = title.lines().next().unwrap_or_default();
            format!("pushes to {}: {title}", name(path))
        }
        "git/delete-ref" => {
            format!(
                "deletes {}",
                name(call.path.split("/git/refs/").nth(1).unwrap_or_default())
            )
        }
        "git/create-tag" => format!(
            "makes the annotated tag {} on {}",
            text("tag"),
            short(text("object"))
        ),
        "pulls/create" => {
            let draft = call.request.get("draft").and_then(Value::as_bool) == Some(true);
            let kind = if draft {
                "draft pull request"
            } else {
                "pull request"
            };
            format!("opens a {kind}: {}", text("title"))
        }
        "pulls/merge" => format!("merges pull request #{}", number()),
        "pulls/update" if text("state") == "closed" => {
            format!("closes pull request #{}", number())
        }
        "pulls/update" => format!("edits pull request #{}", number()),
        "issues/create-comment" => {
            *needed = needed_in(text("body")).or(needed.take());
            format!("comments on #{}: {}", number(), first_line(text("body")))
        }
        "issues/update-comment" => return update(text("body"), needed),
        "issues/add-labels" => {
            let labels = call.request.get("labels").and_then(Value::as_array);
            let labels = labels.into_iter().flatten().filter_map(Value::as_str);
            let labels: Vec<_> = labels.collect();
            format!("labels #{} {}", number(), labels.join(", "))
        }
        "issues/update" if text("state") == "closed" => format!("closes #{}", number()),
        "issues/update" => format!("edits #{}", number()),
        "security-advisories/update-repository-advisory" => "publishes the advisory".to_owned(),
        "repos/update-release" => "edits the release notes".to_owned(),
        "actions/create-workflow-dispatch" => {
            let file = call
                .path
                .split("/workflows/")
                .nth(1)
                .and_then(|p| p.split('/').next());
            format!("starts {}", file.unwrap_or_default())
        }
        "actions/re-run-workflow-failed-jobs" => {
            format!("re-runs the failed jobs of run {}", number())
        }
        "graphql/markPullRequestReadyForReview" => "marks the pull request as ready".to_owned(),
        "graphql/updateRefs" => moved(view, &call.request, name),
        // Blobs, trees and commits show when a ref takes them up.
        "git/create-blob" | "git/create-tree" | "git/create-commit" => return None,
        other if other.starts_with("reactions/") => {
            let to = view
                .repo
                .comments
                .get(&number())
                .map(|c| view.login(c.author));
            let to = to.map_or_else(String::new, |login| format!(" to @{login}"));
            format!("answers{to}: {}", text("content"))
        }
        other if other.starts_with("checks/") => {
            let end = Some(text("conclusion"))
                .filter(|c| !c.is_empty())
                .unwrap_or("under way");
            // What is changed goes by its number.
            let runs = &view.repo.checks.runs;
            let name = match text("name") {
                "" => runs.get(&number()).map_or("", |it| &it.name),
                name => name,
            };
            format!("reports the check {name}: {end}")
        }
        other => format!("{other} ({} {})", call.method, call.path),
    })
}

/// Refs that were moved or deleted together.
fn moved(view: &View<'_>, request: &Value, name: impl Fn(&str) -> String) -> String {
    let updates = request.pointer("/variables/input/refUpdates");
    let updates = updates.and_then(Value::as_array).into_iter().flatten();
    let told = updates.map(|update| {
        let text = |key: &str| update.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, to) = (name(text("name")), text("afterOid"));
        if to.bytes().all(|c| c == b'0') {
            return format!("deletes {name}");
        }
        let forced = update.get("force").and_then(Value::as_bool) == Some(true);
        let how = if forced { "pushes by force" } else { "pushes" };
        let message = view.repo.git.commit(to).map(|c| c.message);
        let message = message.unwrap_or_default();
        format!(
            "{how} to {name}: {}",
            message.lines().next().unwrap_or_default()
        )
    });
    told.collect::<Vec<_>>().join("; ")
}

/// An edited comment: told when it asks for something new.
fn update(body: &str, needed: &mut Option<String>) -> Option<String> {
    let is_status = body.contains("<!-- item:");
    if !is_status {
        return Some(format!("edits its comment: {}", first_line(body)));
    }
    let now = needed_in(body);
    if now == *needed {
        return None;
    }
    *needed = now;
    let text = needed.as_deref().unwrap_or("nothing");
    Some(format!("status comment, needed now: {}", cut(text, 240)))
}

/// The first line that says something, as plain text.
fn first_line(body: &str) -> String {
    let lines = body.lines().map(|l| plain(l.trim_start_matches('#')));
    cut(
        &lines
            .into_iter()
            .find(|l| !l.is_empty())
            .unwrap_or_default(),
        120,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rehearsal::args::RehearseArgs;
    use crate::rehearsal::play::START;
    use crate::rehearsal::stage::Stage;

    #[tokio::test]
    async fn writes_are_told_as_sentences() {
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage::set(dir.path(), START, &RehearseArgs::default(), None)
            .await
            .unwrap();
        let world = stage.sim.world();
        let view = View::new(&world, &stage.scene).unwrap();
        let mut needed = None;
        let mut told = |operation: &str, path: &str, status: u16, request: Value| {
            let call = crate::sim::log::CallRecord {
                at: START,
                method: "POST".to_owned(),
                path: format!("/repos/harbour/lantern/{path}"),
                operation: Some(operation.to_owned()),
                status,
                actor: "installation",
                is_write: true,
                request,
                response: Value::Null,
                message: Some("no".to_owned()),
            };
            super::call(&view, &call, &mut needed)
        };
        let branch = json!({ "ref": "refs/heads/hotfix/v1.0.5", "sha": "0123456789" });
        assert_eq!(
            told("git/create-ref", "git/refs", 201, branch.clone()).as_deref(),
            Some("creates the branch hotfix/v1.0.5 at 0123456")
        );
        let refused = told("git/create-ref", "git/refs", 422, branch).unwrap();
        assert!(refused.ends_with("refused with 422 no"), "{refused}");
        let status = json!({ "body": "**Can be done now by a maintainer:**\n- a fix\n<!-- item:tagged -->" });
        let edit = told(
            "issues/update-comment",
            "issues/comments/7",
            200,
            status.clone(),
        );
        assert_eq!(edit.as_deref(), Some("status comment, needed now: a fix"));
        assert_eq!(
            told("issues/update-comment", "issues/comments/7", 200, status),
            None
        );
        assert_eq!(
            told(
                "git/delete-ref",
                "git/refs/heads/hotfix%2Fv1.0.5",
                204,
                json!(null)
            )
            .as_deref(),
            Some("deletes hotfix/v1.0.5")
        );
        let closed = json!({ "state": "closed", "body": "no" });
        assert_eq!(
            told("pulls/update", "pulls/2", 200, closed).as_deref(),
            Some("closes pull request #2")
        );
        let main = view.repo.git.read_ref("refs/heads/main").unwrap();
        let updates = json!([
            { "name": "refs/heads/hotfix/v1.0.5", "beforeOid": main, "afterOid": "0".repeat(40), "force": true },
            { "name": "refs/heads/other", "beforeOid": "0", "afterOid": main, "force": true },
        ]);
        let moved = json!({ "variables": { "input": { "refUpdates": updates } } });
        assert_eq!(
            told("graphql/updateRefs", "graphql", 200, moved).as_deref(),
            Some(
                "deletes hotfix/v1.0.5; pushes by force to other: feat: share one can of oil among lamps"
            )
        );
        assert_eq!(told("git/create-blob", "git/blobs", 201, json!({})), None);
    }
}
