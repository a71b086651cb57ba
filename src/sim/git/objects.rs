//! Reading and writing single objects.

use std::fs;
use std::sync::{Arc, PoisonError};

use sha1::{Digest, Sha1};

use super::reader::{Kind, Reader};
use super::repository::{Git, GitError};
use crate::sim::clock::Millis;

/// Who, and when, in a commit or tag; always UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// When; git keeps whole seconds.
    pub at: Millis,
}

impl Ident {
    fn write(&self) -> String {
        let clean = |s: &str| s.replace(['<', '>', '\n', '\0'], "").trim().to_owned();
        format!(
            "{} <{}> {} +0000",
            clean(&self.name),
            clean(&self.email),
            self.at.div_euclid(1_000)
        )
    }

    fn read(line: &str) -> Self {
        let (who, time) = line.rsplit_once("> ").unwrap_or((line, ""));
        let (name, email) = who.split_once('<').unwrap_or((who, ""));
        let seconds: i64 = time
            .split(' ')
            .next()
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        Self {
            name: name.trim().to_owned(),
            email: email.to_owned(),
            at: seconds.saturating_mul(1_000),
        }
    }
}

/// An object: its whole name, what it is, its bytes.
pub type Object = (String, Kind, Arc<[u8]>);

/// A commit.
#[derive(Clone, Debug)]
pub struct CommitObject {
    /// Its name; empty for one that is not written yet.
    pub sha: String,
    /// Its tree.
    pub tree: String,
    /// Its parents.
    pub parents: Vec<String>,
    /// Who wrote it.
    pub author: Ident,
    /// Who committed it.
    pub committer: Ident,
    /// The message.
    pub message: String,
    /// Whether GitHub vouches for it (a mark of the stand-in in the header
    /// `gpgsig`, no real signature).
    pub signed: bool,
}

/// An annotated tag.
#[derive(Clone, Debug)]
pub struct TagObject {
    /// Its name.
    pub sha: String,
    /// What it is on.
    pub object: String,
    /// What that is.
    pub kind: Kind,
    /// The tag's name.
    pub tag: String,
    /// Who tagged.
    pub tagger: Ident,
    /// The message.
    pub message: String,
}

impl Git {
    /// An object by name (or any expression of git), with its full name.
    pub fn object(&self, name: &str) -> Result<Option<Object>, GitError> {
        if name.is_empty() || name.contains(['\n', '\0']) {
            return Ok(None);
        }
        let memory = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((kind, bytes)) = memory().object(name) {
            return Ok(Some((name.to_owned(), *kind, Arc::clone(bytes))));
        }
        let mut slot = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(Reader::start(self.command())?);
        }
        let got = slot.as_mut().map_or(Ok(None), |reader| reader.get(name));
        if got.is_err() {
            *slot = None;
        }
        let got = got.map_err(|e| GitError(format!("git cat-file: {e}")))?;
        Ok(got.map(|(sha, kind, bytes)| {
            let bytes = Arc::from(bytes);
            memory().keep(&sha, kind, &bytes);
            (sha, kind, bytes)
        }))
    }

    /// What kind of object this is, if it is there.
    pub fn kind(&self, sha: &str) -> Option<Kind> {
        let found = self.object(sha).ok().flatten();
        found.map(|(_, kind, _)| kind)
    }

    /// A blob's bytes.
    pub fn blob(&self, sha: &str) -> Option<Vec<u8>> {
        match self.object(sha) {
            Ok(Some((_, Kind::Blob, bytes))) => Some(bytes.to_vec()),
            _ => None,
        }
    }

    /// A commit by its name or any expression that gives one directly.
    pub fn commit(&self, sha: &str) -> Option<CommitObject> {
        let (sha, kind, bytes) = self.object(sha).ok().flatten()?;
        if kind != Kind::Commit {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
        let all = |name: &str| -> Vec<String> {
            let value = |l: &str| Some(l.strip_prefix(name)?.strip_prefix(' ')?.to_owned());
            head.lines().filter_map(value).collect()
        };
        let field = |name: &str| all(name).into_iter().next();
        Some(CommitObject {
            sha,
            tree: field("tree")?,
            parents: all("parent"),
            author: Ident::read(&field("author")?),
            committer: Ident::read(&field("committer")?),
            message: message.to_owned(),
            signed: field("gpgsig").is_some(),
        })
    }

    /// An annotated tag by its object's name.
    pub fn tag(&self, sha: &str) -> Option<TagObject> {
        let (sha, kind, bytes) = self.object(sha).ok().flatten()?;
        if kind != Kind::Tag {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes);
        let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
        let field = |name: &str| {
            head.lines()
                .find_map(|l| l.strip_prefix(name)?.strip_prefix(' '))
                .map(str::to_owned)
        };
        Some(TagObject {
            sha,
            object: field("object")?,
            kind: Kind::from_name(&field("type")?)?,
            tag: field("tag")?,
            tagger: Ident::read(&field("tagger").unwrap_or_default()),
            message: message.to_owned(),
        })
    }

    /// The commit behind a commit or (annotated) tag object.
    pub fn peel(&self, sha: &str) -> Option<String> {
        let mut sha = sha.to_owned();
        // Tags of tags are allowed; a chain longer than this is no real one.
        for _ in 0..8 {
            match self.object(&sha).ok()?? {
                (full, Kind::Commit, _) => return Some(full),
                (full, Kind::Tag, _) => sha = self.tag(&full)?.object,
                _ => return None,
            }
        }
        None
    }

    /// Writes an object as a loose file; gives its name.
    pub fn write(&self, kind: Kind, bytes: &[u8]) -> Result<String, GitError> {
        let mut whole = format!("{} {}\0", kind.name(), bytes.len()).into_bytes();
        whole.extend_from_slice(bytes);
        let sha = hex::encode(Sha1::digest(&whole));
        let (fan, rest) = sha.split_at(2);
        let dir = self.dir.join("objects").join(fan);
        let path = dir.join(rest);
        if !path.exists() {
            fs::create_dir_all(&dir)?;
            // Renamed into place, as git does, so that no reader sees a part.
            let part = dir.join(format!("tmp_{rest}"));
            fs::write(&part, stored_zlib(&whole))?;
            fs::rename(&part, &path)?;
        }
        Ok(sha)
    }

    /// Writes a commit; its `sha` is not looked at.
    pub fn write_commit(&self, commit: &CommitObject) -> Result<String, GitError> {
        let mut text = format!("tree {}\n", commit.tree);
        for parent in &commit.parents {
            text.push_str(&format!("parent {parent}\n"));
        }
        text.push_str(&format!("author {}\n", commit.author.write()));
        text.push_str(&format!("committer {}\n", commit.committer.write()));
        if commit.signed {
            text.push_str("gpgsig signed by the stand-in\n");
        }
        text.push_str(&format!("\n{}", commit.message));
        self.write(Kind::Commit, text.as_bytes())
    }

    /// Writes an annotated tag; its `sha` is not looked at.
    pub fn write_tag(&self, tag: &TagObject) -> Result<String, GitError> {
        let mut message = tag.message.clone();
        if !message.ends_with('\n') {
            message.push('\n');
        }
        let text = format!(
            "object {}\ntype {}\ntag {}\ntagger {}\n\n{message}",
            tag.object,
            tag.kind.name(),
            tag.tag,
            tag.tagger.write(),
        );
        self.write(Kind::Tag, text.as_bytes())
    }
}

/// The zlib container with stored blocks: no compression, and no library.
pub(super) fn stored_zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut chunks = bytes.chunks(0xffff).peekable();
    while let Some(chunk) = chunks.next() {
        out.push(u8::from(chunks.peek().is_none()));
        let len = chunk.len() as u16;
        out.extend_from_slice(&len.to_le_bytes());
        out.extend_from_slice(&(!len).to_le_bytes());
        out.extend_from_slice(chunk);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend_from_slice(&((b << 16) | a).to_be_bytes());
    out
}
