//! A look ahead: in one call what a hotfix mostly begins with.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::files::{BLOB, proven};
use super::foretold::{ASKED, Foretold, keep as foretell};
use crate::github::memory::{Listed, Memory, is_hash, is_tree};
use crate::github::{Repo, json as tolerant};

/// The mode of a folder, as GraphQL tells it: a number.
const FOLDER: i64 = 0o040_000;

#[derive(Deserialize)]
struct Entry {
    name: String,
    mode: i64,
    oid: String,
}

impl Repo {
    /// Asks at once for these files, and for one folder with its files, on the
    /// default branch, at GitHub's Latest and at the newest tag; and for what the
    /// newest 100 annotated tags name: 1 call. As [`Repo::gather`] it is a
    /// shortcut and never a verdict: of files and folders only that is kept which
    /// has the hash that git knows it by, down from the commit's tree, and what it
    /// does not bring is asked for as before.
    ///
    /// With it comes what [`Foretold`] names, which no hash proves: that is GitHub's
    /// answer like any other, of the repository of this id, and all of it or nothing.
    pub async fn look_ahead(&self, files: &[&str], folder: &str) -> Foretold {
        let Some((memory, repo)) = self.memory() else {
            return Foretold::default();
        };
        let folders = folders(files, folder);
        let (query, variables) = query(self, files, &folders);
        let (asked, age) = (self.installation(), self.age());
        let answer = asked.graphql::<Value>("graphql/ahead", false, &query, variables);
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(why) => {
                tracing::debug!(%why, "it is asked for one by one");
                return Foretold::default();
            }
        };
        let found = answer.get("repository").unwrap_or(&Value::Null);
        let nodes = |of: &str| {
            let nodes = found.pointer(of).and_then(Value::as_array);
            nodes.map(Vec::as_slice).unwrap_or_default()
        };
        let newest = nodes("/newest/nodes").iter();
        let newest = newest.filter_map(|tag| tag.get("target"));
        // A plain tag names the commit itself.
        let newest = newest.map(|named| named.get("target").unwrap_or(named));
        let others = ["/defaultBranchRef/target", "/latestRelease/tagCommit"];
        let others = others.iter().filter_map(|at| found.pointer(at));
        for commit in others.chain(newest) {
            keep(memory, repo, commit, files, &folders);
        }
        for tag in nodes("/refs/nodes") {
            let text = |at: &str| tag.pointer(at).and_then(Value::as_str);
            let named = (
                text("/target/target/__typename"),
                text("/target/target/oid"),
            );
            if let (Some(tag), (Some(kind), Some(sha))) = (text("/target/oid"), named)
                && is_hash(tag)
                && is_hash(sha)
            {
                memory.keep_named(repo, tag, (kind.to_lowercase(), sha.to_owned()));
            }
        }
        foretell(self, repo, found, age)
    }
}

impl Repo {
    /// Asks at once for these files of a commit (its whole hash) and for its root: 1
    /// call. Kept is what hashes prove, as of a look ahead.
    pub async fn look_at(&self, at: &str, files: &[&str]) {
        let Some((memory, repo)) = self.memory().filter(|_| is_hash(at)) else {
            return;
        };
        let (asked, mut variables) = fields(files, &[]);
        variables.insert("owner".into(), self.owner().into());
        variables.insert("name".into(), self.name().into());
        variables.insert("oid".into(), at.into());
        let query = format!(
            "query commit($owner: String!, $name: String!, $oid: GitObjectID!{}) {{ \
             repository(owner: $owner, name: $name) {{ object(oid: $oid) {{ \
             ... on Commit {{ ...At }} }} }} }} {}",
            asked.declared,
            asked.fragments(false),
        );
        let told = self.installation();
        let told = told.graphql::<Value>("graphql/commit", false, &query, variables.into());
        match told.await {
            Ok(told) => {
                let commit = told.pointer("/repository/object");
                let commit = commit.filter(|it| it.get("oid").and_then(Value::as_str) == Some(at));
                if let Some(commit) = commit {
                    keep(memory, repo, commit, files, &[]);
                }
            }
            Err(why) => tracing::debug!(%why, "it is asked for one by one"),
        }
    }
}

/// The folder, and those that hold it or one of the files, from the root down.
fn folders<'a>(files: &[&'a str], folder: &'a str) -> Vec<&'a str> {
    let mut all = vec![folder];
    for path in files.iter().chain([&folder]) {
        let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        all.extend(above);
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// What is asked of each commit.
struct Fields {
    /// The variables, as they are declared.
    declared: String,
    asked: String,
}

impl Fields {
    /// The fragment `At`, and those that it stands on.
    fn fragments(&self, folders: bool) -> String {
        let folder = "fragment Folder on TreeEntry { object { ... on Tree { \
             entries { name mode oid object { ... on Blob { oid text } } } } } } ";
        format!(
            "fragment At on Commit {{ oid tree {{ oid entries {{ name mode oid }} }} {}}} \
             {}fragment Plain on TreeEntry {{ {BLOB} }}",
            self.asked,
            if folders { folder } else { "" },
        )
    }
}

/// The fields for these files and folders, with their variables.
fn fields(files: &[&str], folders: &[&str]) -> (Fields, Map<String, Value>) {
    let mut variables = Map::new();
    let (mut declared, mut asked) = (String::new(), String::new());
    let all = files.iter().map(|path| ('f', path, "...Plain"));
    let folders = folders.iter().map(|path| ('d', path, "...Folder"));
    for (n, (kind, path, of)) in all.chain(folders).enumerate() {
        declared += &format!(", $p{n}: String!");
        // Numbered by kind, as they are read.
        let number = if kind == 'f' { n } else { n - files.len() };
        asked += &format!("{kind}{number}: file(path: $p{n}) {{ {of} }} ");
        variables.insert(format!("p{n}"), json!(path));
    }
    (Fields { declared, asked }, variables)
}

fn query(repo: &Repo, files: &[&str], folders: &[&str]) -> (String, Value) {
    let (asked, mut variables) = fields(files, folders);
    variables.insert("owner".into(), repo.owner().into());
    variables.insert("name".into(), repo.name().into());
    let tags = "refPrefix: \"refs/tags/\", orderBy: {field: TAG_COMMIT_DATE, direction: DESC}";
    let query = format!(
        "query ahead($owner: String!, $name: String!{}) {{ \
         repository(owner: $owner, name: $name) {{ \
         {ASKED} \
         defaultBranchRef {{ name target {{ oid ... on Commit {{ ...At }} }} }} \
         latestRelease {{ tagName tagCommit {{ ...At }} }} \
         newest: refs({tags}, first: 1) {{ nodes {{ target {{ \
         ... on Commit {{ ...At }} ... on Tag {{ target {{ ... on Commit {{ ...At }} }} }} \
         }} }} }} \
         refs({tags}, first: 100) {{ totalCount nodes {{ name target {{ __typename oid \
         ... on Tag {{ target {{ __typename oid }} }} }} }} }} }} }} {}",
        asked.declared,
        asked.fragments(true),
    );
    (query, variables.into())
}

/// Keeps what is proven of a commit.
fn keep(memory: &Memory, repo: i64, commit: &Value, files: &[&str], folders: &[&str]) {
    let text = |at: &str| commit.pointer(at).and_then(Value::as_str);
    let Some(at) = text("/oid").filter(|oid| is_hash(oid)) else {
        return;
    };
    let root = text("/tree/oid").unwrap_or_default();
    let Some(entries) = listed(commit.pointer("/tree/entries"), root) else {
        return;
    };
    memory.keep_folder(repo, (at, ""), entries);
    memory.keep_named(repo, at, ("tree".to_owned(), root.to_owned()));
    // From the root down: a folder is known by its entry in the one above.
    for (n, path) in folders.iter().enumerate() {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let entry = memory.folder(repo, (at, above));
        let entry = entry.and_then(|all| all.iter().find(|it| it.name == name).cloned());
        let Some(entry) = entry.filter(|entry| entry.mode == FOLDER) else {
            continue;
        };
        let told = commit.pointer(&format!("/d{n}/object/entries"));
        let Some(entries) = listed(told, &entry.sha) else {
            continue;
        };
        memory.keep_folder(repo, (at, path), entries);
        for told in told.and_then(Value::as_array).into_iter().flatten() {
            let Some(name) = told.get("name").and_then(Value::as_str) else {
                continue;
            };
            let path = format!("{path}/{name}");
            if let Some(file) = proven(&path, told) {
                memory.keep_file(repo, (at, &path), &file.sha, &file.bytes);
            }
        }
    }
    for (n, path) in files.iter().enumerate() {
        let told = commit.get(format!("f{n}"));
        if let Some(file) = told.and_then(|told| proven(path, told)) {
            memory.keep_file(repo, (at, path), &file.sha, &file.bytes);
        }
    }
}

/// The entries of a folder, if they are those of the tree with this hash.
fn listed(entries: Option<&Value>, tree: &str) -> Option<Vec<Listed>> {
    let entries: Vec<Entry> = tolerant::decode(entries?.clone()).ok()?;
    let entries = entries.into_iter().map(|entry| Listed {
        name: entry.name,
        mode: entry.mode,
        sha: entry.oid,
    });
    let entries: Vec<Listed> = entries.collect();
    is_tree(tree, &entries).then_some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_come_from_the_root_down() {
        let all = folders(&["Cargo.toml", ".github/hotfix.toml"], ".github/workflows");
        assert_eq!(all, [".github", ".github/workflows"]);
        assert_eq!(folders(&["a/b/c"], "x"), ["a", "a/b", "x"]);
    }

    #[test]
    fn entries_are_taken_only_as_those_of_their_tree() {
        // `printf hello | git hash-object --stdin`, and `git mktree` of it as `a`.
        let blob = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        let tree = "8917ce3833750c0f424a16966ef3391aafe880c1";
        let told = json!([{"name": "a", "mode": 33_188, "oid": blob}]);
        let entries = listed(Some(&told), tree).unwrap();
        let [entry] = entries.as_slice() else {
            panic!("{entries:?}");
        };
        assert_eq!((entry.name.as_str(), entry.sha.as_str()), ("a", blob));
        assert_eq!(listed(Some(&told), blob), None, "another tree");
        for strange in [json!([]), json!({}), json!([{"name": "a"}]), json!(null)] {
            assert_eq!(listed(Some(&strange), tree), None, "{strange}");
        }
        assert_eq!(listed(None, tree), None);
    }
}
