//! Many files of one commit in one call.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::contents::FileContent;
use crate::github::memory::{Key, is_blob, is_hash};
use crate::github::{Repo, json as tolerant};

/// Files asked for in one query.
const AT_ONCE: usize = 40;

/// Modes of plain files, as GraphQL's `TreeEntry.mode` tells them: a number.
const PLAIN: [i64; 2] = [0o100_644, 0o100_755];

/// What is asked of a file's entry, for [`proven`].
pub(super) const BLOB: &str = "mode object { ... on Blob { oid text } }";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    mode: i64,
    object: Blob,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Blob {
    oid: String,
    text: Option<String>,
}

impl Repo {
    /// Reads these files of a commit (its whole hash) at once, so that
    /// [`Repo::file`] need not ask for each: 1 call for each 40. It is a
    /// shortcut and never a verdict. Only what is proven to be the file, by its
    /// hash, is kept; what is no plain text, is too long, or is not there, is
    /// left to the call for it alone, and so is everything where GraphQL does
    /// not answer.
    pub async fn gather(&self, at: &str, paths: &[&str]) {
        let Some((memory, repo)) = self.memory().filter(|_| is_hash(at)) else {
            return;
        };
        let key = |path: &str| Key::File(repo, at.to_owned(), path.to_owned());
        let mut unknown: Vec<&str> = paths.to_vec();
        unknown.sort_unstable();
        unknown.dedup();
        unknown.retain(|path| memory.file(&key(path)).is_none());
        for paths in unknown.chunks(AT_ONCE) {
            // One is asked for as cheaply by itself.
            if paths.len() < 2 {
                return;
            }
            let (query, variables) = query(self, at, paths);
            let asked = self.installation();
            let answer = asked.graphql::<Value>("graphql/files", false, &query, variables);
            let answer = match answer.await {
                Ok(answer) => answer,
                Err(why) => {
                    tracing::debug!(%why, "files are read one by one");
                    return;
                }
            };
            for (at_index, path) in paths.iter().enumerate() {
                let found = answer.pointer(&format!("/repository/object/f{at_index}"));
                if let Some(file) = found.and_then(|entry| proven(path, entry)) {
                    memory.keep_file(repo, (at, path), &file.sha, &file.bytes);
                }
            }
        }
    }
}

impl Repo {
    /// Whether [`Repo::file`] tells this file of a commit without a call.
    pub fn knows(&self, path: &str, at: &str) -> bool {
        let key = |repo| Key::File(repo, at.to_owned(), path.to_owned());
        self.memory()
            .is_some_and(|(memory, repo)| memory.file(&key(repo)).is_some())
    }
}

fn query(repo: &Repo, at: &str, paths: &[&str]) -> (String, Value) {
    let mut variables = Map::new();
    variables.insert("owner".into(), repo.owner().into());
    variables.insert("name".into(), repo.name().into());
    variables.insert("oid".into(), at.into());
    let (mut declared, mut fields) = (String::new(), String::new());
    for (n, path) in paths.iter().enumerate() {
        declared += &format!(", $p{n}: String!");
        fields += &format!("f{n}: file(path: $p{n}) {{ ...Plain }} ");
        variables.insert(format!("p{n}"), json!(path));
    }
    let query = format!(
        "query files($owner: String!, $name: String!, $oid: GitObjectID!{declared}) {{ \
         repository(owner: $owner, name: $name) {{ object(oid: $oid) {{ \
         ... on Commit {{ {fields}}} }} }} }} \
         fragment Plain on TreeEntry {{ {BLOB} }}"
    );
    (query, variables.into())
}

/// A plain file whose text has the hash that git knows it by.
pub(super) fn proven(path: &str, entry: &Value) -> Option<FileContent> {
    let entry: Entry = tolerant::decode(entry.clone()).ok()?;
    let text = entry.object.text.filter(|_| PLAIN.contains(&entry.mode))?;
    is_blob(&entry.object.oid, text.as_bytes()).then(|| FileContent {
        path: path.to_owned(),
        sha: entry.object.oid,
        bytes: text.into_bytes(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_file_with_its_own_hash_is_taken() {
        // `printf hello | git hash-object --stdin`
        let oid = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        let entry = |mode: i64, oid: &str, text: Value| {
            proven(
                "a",
                &json!({"mode": mode, "object": {"oid": oid, "text": text}}),
            )
        };
        let file = entry(33_188, oid, json!("hello")).unwrap();
        assert_eq!((file.path.as_str(), file.sha.as_str()), ("a", oid));
        assert_eq!(file.bytes, b"hello");
        assert!(entry(33_261, oid, json!("hello")).is_some(), "executable");
        for (mode, oid, text, what) in [
            (40_960, oid, json!("hello"), "a link"),
            (57_344, oid, json!("hello"), "a submodule"),
            (33_188, oid, json!("hello\n"), "other text"),
            (33_188, oid, json!(null), "binary or too long"),
            (33_188, "", json!(""), "no hash"),
            (0, oid, json!("hello"), "no mode"),
        ] {
            assert_eq!(entry(mode, oid, text), None, "{what}");
        }
        for other in [json!(null), json!([]), json!("x"), json!({"mode": "x"})] {
            assert_eq!(proven("a", &other), None, "{other}");
        }
    }
}
