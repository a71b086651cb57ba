//! What GitHub answered before, so that it need not be told again.
//!
//! - What a hash names never changes: it is not asked for twice.
//! - Of everything else the `ETag` is kept with the answer. GitHub says whether
//!   it has changed, and a 304 is free of the rate limit
//!   (docs.github.com, "Best practices for using the REST API").
//!
//! A repository's memory goes by its id, so that another one that takes its name
//! is not answered for.

use std::sync::{Arc, Mutex, PoisonError};

use hashlink::LinkedHashMap;
use http::HeaderMap;
use hyper::body::Bytes;
use sha1::{Digest as _, Sha1};

/// Bytes kept in all; what was used longest ago goes first.
const ROOM: usize = 16 << 20;
/// An answer above this is not kept.
const LARGEST: usize = 1 << 20;
/// What an entry costs beside its content.
const ENTRY: usize = 512;

/// What is remembered, each of one repository by its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The answer to a GET, by path and query.
    Answer(i64, String),
    /// A file, by commit and path.
    File(i64, String, String),
    /// A blob, by its hash.
    Blob(i64, String),
    /// A folder, by commit and path.
    Folder(i64, String, String),
    /// What an annotated tag's object names, or the tree that a commit does, by
    /// its hash.
    Named(i64, String),
    /// The paths that a commit of ours changes, by its hash.
    Paths(i64, String),
    /// GraphQL's id of the repository.
    Node(i64),
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub name: String,
    /// As a number: `0o100644`.
    pub mode: i64,
    pub sha: String,
}

/// An answer with status 200.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub etag: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Clone, Debug)]
enum Kept {
    Answer(Known),
    /// Hash and bytes.
    File(String, Bytes),
    Blob(Bytes),
    Folder(Arc<[Listed]>),
    /// Kind and hash.
    Named(String, String),
    Paths(Arc<[String]>),
    Node(String),
}

impl Kept {
    fn weight(&self) -> usize {
        ENTRY
            + match self {
                Kept::Answer(known) => known.body.len(),
                Kept::File(_, bytes) => bytes.len(),
                Kept::Blob(bytes) => bytes.len(),
                Kept::Folder(entries) => entries.iter().map(|it| it.name.len() + 120).sum(),
                Kept::Paths(paths) => paths.iter().map(|path| path.len() + 24).sum(),
                Kept::Named(..) | Kept::Node(_) => 0,
            }
    }
}

#[derive(Default)]
struct Shelf {
    kept: LinkedHashMap<Key, Kept>,
    bytes: usize,
}

/// The memory; bounded, and lost with the process.
#[derive(Default)]
pub(super) struct Memory(Mutex<Shelf>);

impl Memory {
    pub(super) fn answer(&self, key: &Key) -> Option<Known> {
        match self.get(key)? {
            Kept::Answer(known) => Some(known),
            _ => None,
        }
    }

    /// A file's hash and bytes.
    pub(super) fn file(&self, key: &Key) -> Option<(String, Bytes)> {
        match self.get(key)? {
            Kept::File(sha, bytes) => Some((sha, bytes)),
            _ => None,
        }
    }

    pub(super) fn blob(&self, key: &Key) -> Option<Bytes> {
        match self.get(key)? {
            Kept::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The entries of a folder at a commit (hash, path).
    pub(super) fn folder(&self, repo: i64, (at, path): (&str, &str)) -> Option<Arc<[Listed]>> {
        match self.get(&Key::Folder(repo, at.to_owned(), path.to_owned()))? {
            Kept::Folder(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether it is known that at a commit there is nothing of this path: the
    /// nearest folder above that is known does not have it.
    pub(super) fn is_absent(&self, repo: i64, at: &str, path: &str) -> bool {
        let mut path = path;
        // The root is always there.
        while !path.is_empty() {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            match self.folder(repo, (at, above)) {
                Some(entries) => return !entries.iter().any(|it| it.name == name),
                None if above.is_empty() => return false,
                None => path = above,
            }
        }
        false
    }

    /// What an annotated tag's object or a commit names: kind and hash.
    pub(super) fn named(&self, repo: i64, tag: &str) -> Option<(String, String)> {
        match self.get(&Key::Named(repo, tag.to_owned()))? {
            Kept::Named(kind, sha) => Some((kind, sha)),
            _ => None,
        }
    }

    /// The paths that a commit changes, where our own call made it.
    pub(super) fn paths(&self, repo: i64, commit: &str) -> Option<Vec<String>> {
        match self.get(&Key::Paths(repo, commit.to_owned()))? {
            Kept::Paths(paths) => Some(paths.to_vec()),
            _ => None,
        }
    }

    pub(super) fn keep_paths(&self, repo: i64, commit: &str, paths: &[String]) {
        self.put(
            Key::Paths(repo, commit.to_owned()),
            Kept::Paths(paths.into()),
        );
    }

    pub(super) fn node(&self, repo: i64) -> Option<String> {
        match self.get(&Key::Node(repo))? {
            Kept::Node(id) => Some(id),
            _ => None,
        }
    }

    pub(super) fn keep_node(&self, repo: i64, id: &str) {
        self.put(Key::Node(repo), Kept::Node(id.to_owned()));
    }

    pub(super) fn keep_folder(&self, repo: i64, (at, path): (&str, &str), entries: Vec<Listed>) {
        let key = Key::Folder(repo, at.to_owned(), path.to_owned());
        self.put(key, Kept::Folder(entries.into()));
    }

    pub(super) fn keep_named(&self, repo: i64, tag: &str, (kind, sha): (String, String)) {
        self.put(Key::Named(repo, tag.to_owned()), Kept::Named(kind, sha));
    }

    pub(super) fn keep_answer(&self, key: Key, known: Known) {
        self.put(key, Kept::Answer(known));
    }

    /// A file at a commit (hash, path), and with it its blob.
    pub(super) fn keep_file(&self, repo: i64, (at, path): (&str, &str), sha: &str, bytes: &[u8]) {
        let key = Key::File(repo, at.to_owned(), path.to_owned());
        let kept = Kept::File(sha.to_owned(), Bytes::copy_from_slice(bytes));
        self.put(key, kept);
        self.keep_blob(repo, sha, bytes);
    }

    /// A blob, if the hash is its own (a link's answer is its target's content).
    pub(super) fn keep_blob(&self, repo: i64, sha: &str, bytes: &[u8]) {
        if !is_blob(sha, bytes) {
            return;
        }
        let key = Key::Blob(repo, sha.to_owned());
        self.put(key, Kept::Blob(Bytes::copy_from_slice(bytes)));
    }

    fn get(&self, key: &Key) -> Option<Kept> {
        let mut shelf = self.shelf();
        let kept = shelf.kept.get(key).cloned()?;
        shelf.kept.to_back(key);
        Some(kept)
    }

    fn put(&self, key: Key, kept: Kept) {
        if kept.weight() > LARGEST {
            return;
        }
        let mut shelf = self.shelf();
        shelf.bytes += kept.weight();
        if let Some(before) = shelf.kept.insert(key, kept) {
            shelf.bytes -= before.weight();
        }
        while shelf.bytes > ROOM {
            let Some((_, oldest)) = shelf.kept.pop_front() else {
                break;
            };
            shelf.bytes -= oldest.weight();
        }
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether git knows these bytes by this SHA-1.
pub(super) fn is_blob(sha: &str, bytes: &[u8]) -> bool {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hex::encode(hash.finalize()) == sha
}

/// Whether git knows a folder of these entries, in their order, by this SHA-1.
pub(super) fn is_tree(sha: &str, entries: &[Listed]) -> bool {
    let mut bytes = Vec::new();
    for entry in entries {
        let Ok(object) = hex::decode(&entry.sha) else {
            return false;
        };
        bytes.extend(format!("{:o} {}\0", entry.mode, entry.name).into_bytes());
        bytes.extend(object);
    }
    let mut hash = Sha1::new();
    hash.update(format!("tree {}\0", bytes.len()));
    hash.update(bytes);
    hex::encode(hash.finalize()) == sha
}

/// Whether it is a whole hash, SHA-1 or SHA-256: what it names never changes.
pub(super) fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::Answer(1, name.to_owned())
    }

    fn keep(memory: &Memory, name: &str, size: usize) {
        let known = Known {
            etag: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::from(vec![0; size]),
        };
        memory.keep_answer(key(name), known);
    }

    fn has(memory: &Memory, name: &str) -> bool {
        memory.answer(&key(name)).is_some()
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let memory = Memory::default();
        for n in 0..16 {
            keep(&memory, &n.to_string(), LARGEST - ENTRY);
        }
        assert_eq!(memory.shelf().bytes, ROOM);
        assert!(has(&memory, "0"));
        keep(&memory, "another", 1);
        assert!(!has(&memory, "1"), "the oldest by now");
        assert!(has(&memory, "0") && has(&memory, "another"));
        keep(&memory, "too large", LARGEST);
        assert!(!has(&memory, "too large"));
    }

    #[test]
    fn what_is_kept_again_weighs_once() {
        let memory = Memory::default();
        keep(&memory, "a", 1_000);
        keep(&memory, "a", 10);
        assert_eq!(memory.shelf().bytes, ENTRY + 10);
    }

    #[test]
    fn a_blob_is_kept_under_its_own_hash_and_for_its_repository() {
        let memory = Memory::default();
        // `printf hello | git hash-object --stdin`
        let sha = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        let of = |repo| memory.blob(&Key::Blob(repo, sha.to_owned()));
        memory.keep_blob(1, sha, b"hello\n");
        assert_eq!(of(1), None);
        memory.keep_blob(1, sha, b"hello");
        assert_eq!(of(1).as_deref(), Some(b"hello".as_slice()));
        assert_eq!(of(2), None);
    }

    #[test]
    fn a_hash_is_a_whole_one() {
        assert!(is_hash(&"0a".repeat(20)) && is_hash(&"0a".repeat(32)));
        for no in ["HEAD", "main", &"0a".repeat(19), &"zz".repeat(20)] {
            assert!(!is_hash(no), "{no}");
        }
    }
}
