//! Refs by prefix, in the order that is asked for.

use serde_json::{Map, Value};

use super::fault::Fault;
use crate::sim::world::Repo;

/// The full names of `Repository.refs`: those of the first page, and how many
/// there are.
pub(super) fn refs(
    repo: &Repo,
    arguments: &Map<String, Value>,
) -> Result<(Vec<String>, usize), Fault> {
    let prefix = arguments.get("refPrefix").and_then(Value::as_str);
    let prefix = prefix
        .ok_or_else(|| Fault::new("", "Field 'refs' is missing required arguments: refPrefix"))?;
    let first = arguments.get("first").and_then(Value::as_u64);
    let first = first.filter(|first| (1..=100).contains(first));
    let first = first.ok_or_else(|| {
        let why = "You must provide a `first` or `last` value to properly paginate the `refs` \
                   connection.";
        Fault::new("MISSING_PAGINATION_BOUNDARIES", why)
    })?;
    let order = |key: &str| arguments.get("orderBy")?.get(key)?.as_str();
    let dated = order("field") == Some("TAG_COMMIT_DATE");
    let all = repo.git.list_refs(prefix).into_iter();
    let mut all: Vec<(i64, String)> = all
        .map(|(name, sha)| {
            let commit = repo.git.peel(&sha).filter(|_| dated);
            let commit = commit.and_then(|sha| repo.git.commit(&sha));
            (commit.map_or(0, |commit| commit.committer.at), name)
        })
        .collect();
    all.sort();
    if order("direction") == Some("DESC") {
        all.reverse();
    }
    let total = all.len();
    all.truncate(usize::try_from(first).unwrap_or(100));
    Ok((all.into_iter().map(|(_, name)| name).collect(), total))
}
