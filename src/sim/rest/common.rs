//! What several subjects share.

use serde_json::Value;

use crate::sim::refusal::Refusal;
use crate::sim::router::Call;
use crate::sim::world::World;

/// The permissions of everything that concerns an issue or a pull request.
pub(super) const ISSUE_READ: &str = "issues=read;pull_requests=read";
pub(super) const ISSUE_WRITE: &str = "issues=write;pull_requests=write";

/// The texts in a list of the body, each plain or as `{"name": ...}`.
pub(super) fn names(value: Option<&Value>) -> Vec<String> {
    let text = |v: &Value| v.as_str().or_else(|| v["name"].as_str()).map(str::to_owned);
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(text)
        .collect()
}

/// The commit of a ref in a path: a sha, a branch, a tag, `heads/x`, `tags/x`.
pub(super) fn commit_of(world: &World, call: &Call, name: &str) -> Result<String, Refusal> {
    let git = &call.repo(world)?.git;
    let forms = ["refs/heads/", "refs/tags/", "refs/", ""];
    let by_ref = forms
        .iter()
        .find_map(|f| git.read_ref(&format!("{f}{name}")));
    let sha = by_ref.or_else(|| {
        let hex = name.len() >= 7 && name.chars().all(|c| c.is_ascii_hexdigit());
        hex.then(|| name.to_owned())
    });
    let commit = sha.and_then(|sha| git.commit(&git.peel(&sha).unwrap_or(sha)));
    let none = || Refusal::unprocessable(&format!("No commit found for SHA: {name}"));
    commit.map(|c| c.sha).ok_or_else(none)
}
