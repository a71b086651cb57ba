//! Workflows started by hand.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::files;
use super::start::{Cause, start};
use crate::sim::refusal::Refusal;
use crate::sim::workflow_file::parts::text_of;
use crate::sim::world::{Who, World};

/// Inputs of one dispatch.
const INPUTS: usize = 25;

/// Starts a workflow by hand on a branch or tag; gives the run.
///
/// # Errors
/// As GitHub: 404 for a workflow that is not on the default branch, 422 for an
/// unknown ref, a file without `workflow_dispatch` there, or wrong inputs.
pub fn dispatch(
    world: &mut World,
    repo: u64,
    path: &str,
    ref_name: &str,
    inputs: &Map<String, Value>,
    who: &Who,
) -> Result<u64, Refusal> {
    let default = world
        .repo(repo)?
        .default_head()
        .ok_or_else(Refusal::not_found)?;
    let on_default = files::at(world, repo, &default);
    if !on_default.iter().any(|f| f.path == path) {
        return Err(Refusal::not_found());
    }
    let git = &world.repos.get(&repo).ok_or_else(Refusal::not_found)?.git;
    let full = ["", "refs/heads/", "refs/tags/"].iter().find_map(|prefix| {
        let name = format!("{prefix}{ref_name}");
        let known = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
        let commit = git
            .read_ref(&name)
            .filter(|_| known)
            .and_then(|sha| git.peel(&sha))?;
        Some((name, commit))
    });
    let no_ref = || Refusal::unprocessable(&format!("No ref found for: {ref_name}"));
    let (full, commit) = full.ok_or_else(no_ref)?;
    let files = files::at(world, repo, &commit);
    let file = files.iter().find(|f| f.path == path);
    let declared = file
        .and_then(|f| f.flow.as_ref().ok())
        .and_then(|f| f.on.workflow_dispatch.clone());
    let (Some(file), Some(declared)) = (file, declared) else {
        return Err(Refusal::unprocessable(
            "Workflow does not have 'workflow_dispatch' trigger",
        ));
    };
    if inputs.len() > INPUTS {
        return Err(Refusal::unprocessable(
            "you may only define up to 25 `inputs`",
        ));
    }
    let unexpected: Vec<&String> = inputs
        .keys()
        .filter(|k| !declared.iter().any(|d| d.name == **k))
        .collect();
    if !unexpected.is_empty() {
        let text = format!("Unexpected inputs provided: {unexpected:?}");
        return Err(Refusal::unprocessable(&text));
    }
    let mut values = BTreeMap::new();
    for input in declared {
        let given = inputs.get(&input.name).and_then(text_of);
        let Some(value) = given.or(input.default) else {
            if input.required {
                let text = format!("Required input '{}' not provided", input.name);
                return Err(Refusal::unprocessable(&text));
            }
            continue;
        };
        values.insert(format!("inputs.{}", input.name), value.clone());
        values.insert(format!("github.event.inputs.{}", input.name), value);
    }
    let cause = Cause {
        event: "workflow_dispatch",
        ref_name: full,
        head_sha: commit,
        pulls: Vec::new(),
        values,
        title: Some(file.name.clone()),
        who: who.clone(),
        depth: 0,
    };
    let event = json!({ "inputs": inputs, "ref": cause.ref_name, "workflow": path });
    world.emit(repo, "workflow_dispatch", None, event, who.user);
    start(world, repo, file, cause).ok_or_else(Refusal::not_found)
}
