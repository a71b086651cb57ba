//! Files and folders at a ref.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::git::Encoded;
use crate::github::call::{Call, file_path};
use crate::github::memory::Key;
use crate::github::{Error, Repo, json};

/// The largest file that is read, bytes: its base64 fits into an answer's cap.
const LARGEST: i64 = 20 * 1024 * 1024;

/// A file's content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileContent {
    /// Path from the root.
    pub path: String,
    /// Hash of its blob.
    pub sha: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An entry of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirEntry {
    /// Name within the folder.
    pub name: String,
    /// Path from the root.
    pub path: String,
    /// `file`, `dir`, `symlink` or `submodule`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Hash of its object.
    pub sha: String,
    /// Size in bytes, where it is told.
    #[serde(default)]
    pub size: i64,
}

/// What an entry of this mode is.
fn kind(mode: i64) -> &'static str {
    match mode {
        0o040_000 => "dir",
        0o120_000 => "symlink",
        0o160_000 => "submodule",
        _ => "file",
    }
}

#[derive(Deserialize, Default)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    sha: String,
    #[serde(default)]
    size: i64,
    #[serde(flatten)]
    encoded: Encoded,
}

impl Repo {
    async fn contents(&self, path: &str, at: &str) -> Result<Option<Value>, Error> {
        let address = format!("{}{}", self.path(&["contents"]), file_path(path));
        let call = Call::get("repos/get-content", address).query("ref", at);
        self.call(call.named_by(at)).await?.maybe()
    }

    /// Whether it is known that a commit has nothing of this path.
    fn is_absent(&self, path: &str, at: &str) -> bool {
        self.memory()
            .is_some_and(|(memory, repo)| memory.is_absent(repo, at, path))
    }

    /// A file's bytes at a branch, tag or commit; `None` if there is no such
    /// file, or something else than a file: `GET .../contents/{path}`. Over
    /// 1 MB the content is left out there and read as a blob.
    pub async fn file(&self, path: &str, at: &str) -> Result<Option<FileContent>, Error> {
        if let Some((memory, repo)) = self.memory()
            && let Some((sha, bytes)) =
                memory.file(&Key::File(repo, at.to_owned(), path.to_owned()))
        {
            return Ok(Some(FileContent {
                path: path.to_owned(),
                sha,
                bytes: bytes.to_vec(),
            }));
        }
        if self.is_absent(path, at) {
            return Ok(None);
        }
        let what = format!("{path} at {at}");
        let strange = |why: &dyn std::fmt::Display| {
            Error::Transient(format!("{what} could not be read: {why}"))
        };
        let value = match self.contents(path, at).await? {
            None => return Ok(None),
            Some(folder @ Value::Array(_)) => {
                let entries = json::decode::<Vec<DirEntry>>(folder);
                return entries.map(|_| None).map_err(|why| strange(&why));
            }
            Some(value) => value,
        };
        let file: File = json::decode(value).map_err(|why| strange(&why))?;
        match file.kind.as_str() {
            "file" if file.encoded.encoding.is_empty() => {
                return Err(strange(&"it has no encoding"));
            }
            "file" => {}
            "dir" | "symlink" | "submodule" => return Ok(None),
            other => return Err(strange(&format_args!("it is a {other:?}"))),
        }
        if file.size > LARGEST {
            return Err(Error::invalid(format!(
                "{what} has {} bytes: more than {LARGEST} are not read",
                file.size
            )));
        }
        let left_out =
            file.encoded.encoding == "none" || (file.size > 0 && file.encoded.content.is_empty());
        let bytes = if left_out {
            match self.blob(&file.sha).await? {
                Some(bytes) => bytes,
                None => return Ok(None),
            }
        } else {
            file.encoded.bytes(&what)?
        };
        if let Some((memory, repo)) = self.memory() {
            memory.keep_blob(repo, &file.sha, &bytes);
        }
        Ok(Some(FileContent {
            path: file.path,
            sha: file.sha,
            bytes,
        }))
    }

    /// A folder's entries (at most 1,000) at a branch, tag or commit; `None` if
    /// there is no such folder: `GET .../contents/{path}`.
    pub async fn dir(&self, path: &str, at: &str) -> Result<Option<Vec<DirEntry>>, Error> {
        let strange = |why: serde_json::Error| {
            Error::Transient(format!("{path} at {at} could not be read: {why}"))
        };
        if self.is_absent(path, at) {
            return Ok(None);
        }
        let known = self.memory();
        if let Some(entries) = known.and_then(|(memory, repo)| memory.folder(repo, (at, path))) {
            let entries = entries.iter().map(|entry| DirEntry {
                path: match path {
                    "" => entry.name.clone(),
                    _ => format!("{path}/{}", entry.name),
                },
                kind: kind(entry.mode).to_owned(),
                name: entry.name.clone(),
                sha: entry.sha.clone(),
                size: 0,
            });
            return Ok(Some(entries.collect()));
        }
        match self.contents(path, at).await? {
            Some(value @ Value::Array(_)) => json::decode(value).map(Some).map_err(strange),
            // A file, if it is anything.
            Some(value) => json::decode::<File>(value).map(|_| None).map_err(strange),
            None => Ok(None),
        }
    }
}
