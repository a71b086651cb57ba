//! Files of a commit: `Commit.file` and the fields of a blob.

use serde_json::Value;

use super::node::Node;
use crate::sim::world::Repo;

/// GraphQL leaves longer texts out.
const LONGEST: usize = 512_000;

/// The entry of a path in a commit's tree, or null.
pub(super) fn entry(repo: &Repo, commit: &str, path: &str) -> Option<Node> {
    let found = repo.git.entry_at(commit, path).filter(|_| !path.is_empty());
    let Some(entry) = found else {
        return Some(Node::Value(Value::Null));
    };
    let mode = i64::from_str_radix(&entry.mode, 8).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    Some(Node::Payload(
        "TreeEntry",
        vec![
            ("mode", Node::Value(mode.into())),
            ("type", Node::Value(entry.kind().into())),
            ("path", Node::Value(path.into())),
            ("name", Node::Value(name.into())),
            ("oid", Node::Value(entry.sha.as_str().into())),
            ("object", Node::Object(repo.id, entry.sha)),
        ],
    ))
}

/// A field of a blob.
pub(super) fn blob(bytes: Vec<u8>, name: &str) -> Option<Node> {
    let size = bytes.len();
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'));
    let value: Value = match name {
        "byteSize" => size.into(),
        "isBinary" => text.is_none().into(),
        "isTruncated" => (size > LONGEST).into(),
        "text" => text.filter(|_| size <= LONGEST).into(),
        _ => return None,
    };
    Some(Node::Value(value))
}
