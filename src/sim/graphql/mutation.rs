//! The mutations.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::fault::{Fault, allowed};
use super::node::Node;
use super::parse::Field;
use super::run::Run;
use crate::sim::git::{CommitObject, Kind, TreeEdit};
use crate::sim::ops::RefUpdate;
use crate::sim::refusal::Refusal;
use crate::sim::world::World;

const NONE: &str = "0000000000000000000000000000000000000000";

impl Run<'_> {
    /// Carries out one mutation.
    pub(super) fn mutate(&self, world: &mut World, field: &Field) -> Result<Node, Fault> {
        let arguments = self.arguments(field);
        let input = arguments.get("input").and_then(Value::as_object);
        let input = input.ok_or_else(|| {
            Fault::new(
                "",
                format!(
                    "Field '{}' is missing required arguments: input",
                    field.name
                ),
            )
        })?;
        match field.name.as_str() {
            "markPullRequestReadyForReview" => {
                self.draft(world, input, false, "MarkPullRequestReadyForReviewPayload")
            }
            "convertPullRequestToDraft" => {
                self.draft(world, input, true, "ConvertPullRequestToDraftPayload")
            }
            "updateRefs" => self.update_refs(world, input),
            "createCommitOnBranch" => self.commit_on_branch(world, input),
            other => Err(Fault::new(
                "",
                format!("Field '{other}' doesn't exist on type 'Mutation'"),
            )),
        }
    }

    fn draft(
        &self,
        world: &mut World,
        input: &Map<String, Value>,
        draft: bool,
        kind: &'static str,
    ) -> Result<Node, Fault> {
        let id = text(input, "pullRequestId")?;
        let Some(Node::PullRequest(repo, number)) = Node::by_id(world, &id) else {
            let why = format!("Could not resolve to a node with the global id of '{id}'");
            return Err(Fault::new("NOT_FOUND", why));
        };
        allowed(world, self.call, repo, "pull_requests=write")?;
        world.set_draft(repo, number, draft, &self.call.who())?;
        Ok(payload(
            kind,
            input,
            vec![("pullRequest", Node::PullRequest(repo, number))],
        ))
    }

    fn update_refs(&self, world: &mut World, input: &Map<String, Value>) -> Result<Node, Fault> {
        let id = text(input, "repositoryId")?;
        let Some(Node::Repository(repo)) = Node::by_id(world, &id) else {
            let why = format!("Could not resolve to a node with the global id of '{id}'");
            return Err(Fault::new("NOT_FOUND", why));
        };
        allowed(world, self.call, repo, "contents=write")?;
        let asked = input.get("refUpdates").and_then(Value::as_array);
        let asked = asked.ok_or_else(|| missing("refUpdates"))?;
        let mut updates = Vec::new();
        for update in asked {
            let update = update.as_object().ok_or_else(|| missing("refUpdates"))?;
            let sha = |sha: String| (sha != NONE).then_some(sha);
            let before = update.get("beforeOid").and_then(Value::as_str);
            updates.push(RefUpdate {
                name: text(update, "name")?,
                before: before.map(|b| sha(b.to_owned())),
                after: sha(text(update, "afterOid")?),
                force: update
                    .get("force")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            });
        }
        world.update_refs(repo, &updates, &self.call.who())?;
        Ok(payload("UpdateRefsPayload", input, Vec::new()))
    }

    fn commit_on_branch(
        &self,
        world: &mut World,
        input: &Map<String, Value>,
    ) -> Result<Node, Fault> {
        let branch = input.get("branch").and_then(Value::as_object);
        let branch = branch.ok_or_else(|| missing("branch"))?;
        let (owner, name) = match text(branch, "repositoryNameWithOwner")?.split_once('/') {
            Some((owner, name)) => (owner.to_owned(), name.to_owned()),
            None => return Err(missing("repositoryNameWithOwner")),
        };
        let not_found = || Fault::new("NOT_FOUND", "Could not resolve to a Repository.");
        let repo = world
            .repo_by_name(&owner, &name)
            .map(|r| r.id)
            .ok_or_else(not_found)?;
        allowed(world, self.call, repo, "contents=write")?;
        let short = text(branch, "branchName")?;
        let full = format!("refs/heads/{}", short.trim_start_matches("refs/heads/"));
        let expected = text(input, "expectedHeadOid")?;
        let git = &world.repo(repo)?.git;
        let Some(head) = git.read_ref(&full) else {
            return Err(Fault::new(
                "NOT_FOUND",
                format!("Branch '{short}' was not found"),
            ));
        };
        if head != expected {
            let why = format!(
                "Expected branch to point to \"{expected}\" but it did not. Pull and try again."
            );
            return Err(Fault::new("STALE_DATA", why));
        }
        let changes = input.get("fileChanges").cloned().unwrap_or(Value::Null);
        let list = |key: &str| changes[key].as_array().cloned().unwrap_or_default();
        let mut edits: BTreeMap<String, TreeEdit> = BTreeMap::new();
        for addition in list("additions") {
            let path = addition["path"].as_str().ok_or_else(|| missing("path"))?;
            let contents = addition["contents"]
                .as_str()
                .ok_or_else(|| missing("contents"))?;
            let bytes = STANDARD.decode(contents).map_err(|_| missing("contents"))?;
            let mode = git
                .entry_at(&head, path)
                .map_or_else(|| "100644".into(), |e| e.mode);
            let blob = git.write(Kind::Blob, &bytes).map_err(Refusal::from)?;
            edits.insert(path.to_owned(), Some((mode, blob)));
        }
        for deletion in list("deletions") {
            let path = deletion["path"].as_str().ok_or_else(|| missing("path"))?;
            edits.insert(path.to_owned(), None);
        }
        let message = input.get("message").and_then(Value::as_object);
        let message = message.ok_or_else(|| missing("message"))?;
        let headline = text(message, "headline")?;
        let body = message.get("body").and_then(Value::as_str).unwrap_or("");
        let base = git.commit(&head).map(|c| c.tree);
        let tree = git
            .edit_tree(base.as_deref(), &edits)
            .map_err(|e| Fault::new("UNPROCESSABLE", e.to_string()))?;
        let ident = world.ident(self.call.who().user);
        let commit = CommitObject {
            sha: String::new(),
            tree,
            parents: vec![head],
            author: ident,
            committer: world.web_flow(),
            message: if body.is_empty() {
                headline
            } else {
                format!("{headline}\n\n{body}")
            },
            signed: true,
        };
        let git = &world.repo(repo)?.git;
        let sha = git.write_commit(&commit).map_err(Refusal::from)?;
        world.update_ref(repo, &full, &sha, false, &self.call.who())?;
        let fields = vec![
            ("commit", Node::Object(repo, sha)),
            ("ref", Node::Ref(repo, full)),
        ];
        Ok(payload("CreateCommitOnBranchPayload", input, fields))
    }
}

fn missing(name: &str) -> Fault {
    Fault::new(
        "",
        format!("Argument '{name}' is missing or has an invalid value"),
    )
}

fn text(input: &Map<String, Value>, name: &str) -> Result<String, Fault> {
    input
        .get(name)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| missing(name))
}

fn payload(
    kind: &'static str,
    input: &Map<String, Value>,
    mut fields: Vec<(&'static str, Node)>,
) -> Node {
    let id = input
        .get("clientMutationId")
        .cloned()
        .unwrap_or(Value::Null);
    fields.push(("clientMutationId", Node::Value(id)));
    Node::Payload(kind, fields)
}
