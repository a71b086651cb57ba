//! Git's objects: tags, commits, trees, blobs.

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{GitObject, Sha};
use crate::clock::Millis;
use crate::github::call::Call;
use crate::github::memory::{Key, is_hash};
use crate::github::{Error, Repo, json as tolerant};

/// An annotated tag's object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagObject {
    /// Hash of the tag object (not of what it tags).
    pub sha: String,
    /// The tag's name, without `refs/tags/`.
    pub tag: String,
    /// Its message.
    #[serde(default)]
    pub message: String,
    /// What it tags.
    pub object: GitObject,
    /// Who made it, and when.
    #[serde(default)]
    pub tagger: Signature,
}

/// Who and when, in a commit or tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Date.
    #[serde(deserialize_with = "tolerant::time")]
    pub date: Option<Millis>,
}

/// Whether GitHub vouches for a commit's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verification {
    /// The badge.
    pub verified: bool,
    /// `valid`, `unsigned`, ...
    pub reason: String,
}

impl Verification {
    /// Whether GitHub says that it vouches for no signature; where it says nothing,
    /// it does not.
    pub fn is_missing(&self) -> bool {
        !self.verified && !self.reason.is_empty()
    }
}

/// A commit of the git database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GitCommit {
    /// Its hash.
    pub sha: String,
    /// Its message, whole.
    pub message: String,
    /// Its tree.
    pub tree: Sha,
    /// Its parents, in order.
    pub parents: Vec<Sha>,
    /// Who wrote it.
    #[serde(default)]
    pub author: Signature,
    /// Who committed it.
    #[serde(default)]
    pub committer: Signature,
    /// GitHub's word on its signature.
    #[serde(default)]
    pub verification: Verification,
}

/// A commit to create. Without `author` it is the App's, which alone lets
/// GitHub sign it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCommit<'a> {
    /// Message.
    pub message: &'a str,
    /// Hash of the tree.
    pub tree: &'a str,
    /// Hashes of the parents.
    pub parents: Vec<&'a str>,
    /// Another author.
    pub author: Option<&'a Signature>,
    /// Another committer; without one the author is it.
    pub committer: Option<&'a Signature>,
}

impl Signature {
    fn to_json(&self) -> Value {
        let mut body = json!({ "name": self.name, "email": self.email });
        let date = self.date.and_then(tolerant::format_time);
        if let (Some(date), Some(body)) = (date, body.as_object_mut()) {
            body.insert("date".into(), date.into());
        }
        body
    }
}

/// A tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Its hash.
    #[serde(default)]
    pub sha: String,
    /// Its entries; all below it when it was read recursively.
    #[serde(rename = "tree")]
    pub entries: Vec<TreeEntry>,
    /// Whether entries are left out (over 100,000 or 7 MB).
    pub truncated: bool,
}

/// An entry of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeEntry {
    /// Path from the tree that was read.
    pub path: String,
    /// `100644`, `100755`, `120000` (link), `160000` (submodule), `040000`.
    pub mode: String,
    /// `blob`, `tree` or `commit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Hash of the object.
    pub sha: String,
    /// Size in bytes, of blobs.
    pub size: Option<i64>,
}

/// A change to make in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeChange {
    /// Path from the root.
    pub path: String,
    /// Mode, see [`TreeEntry::mode`].
    pub mode: String,
    /// What shall be there.
    pub to: TreeTarget,
}

/// What a path of a new tree shall hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeTarget {
    /// This text; GitHub makes the blob.
    Text(String),
    /// The blob with this hash.
    Blob(String),
    /// Nothing. Deleting what is not there is refused.
    Absent,
}

impl Repo {
    /// Makes an annotated tag's object, which nobody sees before a ref names
    /// it: `POST .../git/tags`. The tagger is the App. What it names is known from
    /// then on ([`Repo::tagged`]).
    pub async fn create_tag(
        &self,
        tag: &str,
        message: &str,
        commit: &str,
    ) -> Result<TagObject, Error> {
        let call = Call::post(
            "git/create-tag",
            self.path(&["git", "tags"]),
            json!({ "tag": tag, "message": message, "object": commit, "type": "commit" }),
        );
        let made: TagObject = self.call(call).await?.json()?;
        if let Some((memory, repo)) = self.memory()
            && is_hash(&made.sha)
            && is_hash(&made.object.sha)
        {
            let named = (made.object.kind.clone(), made.object.sha.clone());
            memory.keep_named(repo, &made.sha, named);
        }
        Ok(made)
    }

    /// An annotated tag's object by its own hash: `GET .../git/tags/{sha}`.
    pub async fn tag_object(&self, sha: &str) -> Result<Option<TagObject>, Error> {
        let call = Call::get("git/get-tag", self.path(&["git", "tags", sha]));
        self.call(call.named_by(sha)).await?.maybe()
    }

    /// What an annotated tag's object names, which never changes: no call where
    /// it is known, else that of [`Repo::tag_object`].
    pub async fn tagged(&self, sha: &str) -> Result<Option<GitObject>, Error> {
        let known = self.memory();
        if let Some((kind, sha)) = known.and_then(|(memory, repo)| memory.named(repo, sha)) {
            return Ok(Some(GitObject { sha, kind }));
        }
        Ok(self.tag_object(sha).await?.map(|tag| tag.object))
    }

    /// The tree of a commit: no call where it is known, else that of
    /// [`Repo::git_commit`].
    pub async fn tree_of(&self, commit: &str) -> Result<Option<String>, Error> {
        let known = self.memory();
        match known.and_then(|(memory, repo)| memory.named(repo, commit)) {
            Some((kind, tree)) if kind == "tree" => Ok(Some(tree)),
            _ => Ok(self.git_commit(commit).await?.map(|it| it.tree.sha)),
        }
    }

    /// A commit: `GET .../git/commits/{sha}`.
    pub async fn git_commit(&self, sha: &str) -> Result<Option<GitCommit>, Error> {
        let call = Call::get("git/get-commit", self.path(&["git", "commits", sha]));
        self.call(call.named_by(sha)).await?.maybe()
    }

    /// Makes a commit that no ref names yet: `POST .../git/commits`.
    pub async fn create_commit(&self, new: &NewCommit<'_>) -> Result<GitCommit, Error> {
        let mut body = json!({
            "message": new.message,
            "tree": new.tree,
            "parents": new.parents,
        });
        for (key, by) in [("author", new.author), ("committer", new.committer)] {
            if let (Some(by), Some(body)) = (by, body.as_object_mut()) {
                body.insert(key.into(), by.to_json());
            }
        }
        self.call(Call::post(
            "git/create-commit",
            self.path(&["git", "commits"]),
            body,
        ))
        .await?
        .json()
    }

    /// A tree with all that is below it, by a tree's or commit's hash:
    /// `GET .../git/trees/{sha}?recursive=1`.
    pub async fn tree(&self, sha: &str) -> Result<Option<Tree>, Error> {
        let call = Call::get("git/get-tree", self.path(&["git", "trees", sha]));
        let call = call.query("recursive", "1").named_by(sha);
        self.call(call).await?.maybe()
    }

    /// Makes a tree from another one and changes to it: `POST .../git/trees`.
    pub async fn create_tree(&self, base: &str, changes: &[TreeChange]) -> Result<Tree, Error> {
        let entries: Vec<Value> = changes.iter().map(TreeChange::to_json).collect();
        self.call(Call::post(
            "git/create-tree",
            self.path(&["git", "trees"]),
            json!({ "base_tree": base, "tree": entries }),
        ))
        .await?
        .json()
    }

    /// A blob's bytes, up to 100 MB: `GET .../git/blobs/{sha}`.
    pub async fn blob(&self, sha: &str) -> Result<Option<Vec<u8>>, Error> {
        if let Some((memory, repo)) = self.memory()
            && let Some(bytes) = memory.blob(&Key::Blob(repo, sha.to_owned()))
        {
            return Ok(Some(bytes.to_vec()));
        }
        let reply = self
            .call(Call::get("git/get-blob", self.path(&["git", "blobs", sha])))
            .await?;
        let blob: Option<Encoded> = reply.maybe()?;
        let bytes = blob.map(|b| b.bytes(&format!("blob {sha}"))).transpose()?;
        if let (Some((memory, repo)), Some(bytes)) = (self.memory(), &bytes) {
            memory.keep_blob(repo, sha, bytes);
        }
        Ok(bytes)
    }

    /// Stores bytes as a blob and returns its hash: `POST .../git/blobs`.
    pub async fn create_blob(&self, bytes: &[u8]) -> Result<String, Error> {
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let made: Sha = self
            .call(Call::post(
                "git/create-blob",
                self.path(&["git", "blobs"]),
                json!({ "content": content, "encoding": "base64" }),
            ))
            .await?
            .json()?;
        Ok(made.sha)
    }
}

impl TreeChange {
    fn to_json(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("path".into(), self.path.as_str().into());
        entry.insert("mode".into(), self.mode.as_str().into());
        let kind = match self.mode.as_str() {
            "160000" => "commit",
            "040000" => "tree",
            _ => "blob",
        };
        entry.insert("type".into(), kind.into());
        let (key, value) = match &self.to {
            TreeTarget::Text(text) => ("content", text.as_str().into()),
            TreeTarget::Blob(sha) => ("sha", sha.as_str().into()),
            TreeTarget::Absent => ("sha", Value::Null),
        };
        entry.insert(key.into(), value);
        Value::Object(entry)
    }
}

/// Content in an encoding, as blobs and files come.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Encoded {
    pub content: String,
    pub encoding: String,
}

impl Encoded {
    /// The bytes of `what` (for the error's text).
    pub(super) fn bytes(&self, what: &str) -> Result<Vec<u8>, Error> {
        match self.encoding.as_str() {
            "base64" => {
                let packed: String = self
                    .content
                    .chars()
                    .filter(|c| !c.is_ascii_whitespace())
                    .collect();
                base64::engine::general_purpose::STANDARD
                    .decode(packed)
                    .map_err(|why| Error::Transient(format!("{what} is not base64: {why}")))
            }
            "utf-8" => Ok(self.content.clone().into_bytes()),
            other => Err(Error::Transient(format!(
                "{what} came in the encoding {other:?}, expected base64"
            ))),
        }
    }
}
