//! Files and folders at a ref.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::git::Encoded;
use crate::github::call::{Call, file_path};
use crate::github::memory::Key;
use crate::github::{Error, Repo, json};

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
#[serde(default)]
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
    /// Size in bytes.
    pub size: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    sha: String,
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

    /// A file's bytes at a branch, tag or commit; `None` if there is no such
    /// file, or something else than a file: `GET .../contents/{path}`. Over
    /// 1 MB the content is left out there and read as a blob.
    pub async fn file(&self, path: &str, at: &str) -> Result<Option<FileContent>, Error> {
        if let Some((memory, repo)) = self.memory()
            && let Some(file) = memory.file(&Key::File(repo, at.to_owned(), path.to_owned()))
        {
            return Ok(Some(file));
        }
        let Some(value @ Value::Object(_)) = self.contents(path, at).await? else {
            return Ok(None);
        };
        let what = format!("{path} at {at}");
        let file: File = json::decode(value)
            .map_err(|why| Error::invalid(format!("{what} could not be read: {why}")))?;
        if file.kind != "file" {
            return Ok(None);
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
        match self.contents(path, at).await? {
            Some(value @ Value::Array(_)) => json::decode(value)
                .map(Some)
                .map_err(|why| Error::invalid(format!("{path} at {at} could not be read: {why}"))),
            _ => Ok(None),
        }
    }
}
