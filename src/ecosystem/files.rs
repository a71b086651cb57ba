//! What was read of a repository at one commit, and what is to be read next.

use std::collections::{BTreeMap, BTreeSet};

/// Texts by path; a file that is not there is left out.
pub type Texts<'a> = BTreeMap<&'a str, &'a str>;

/// What to read next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The paths of all files.
    Tree,
    /// The texts of these.
    Files(Vec<String>),
}

/// What was read so far.
#[derive(Clone, Debug, Default)]
pub struct Files {
    tree: Option<Vec<String>>,
    texts: BTreeMap<String, Option<String>>,
    strange: BTreeSet<String>,
}

impl Files {
    /// Takes the paths of all files in.
    pub fn put_tree(&mut self, paths: Vec<String>) {
        self.tree = Some(paths);
    }

    /// Takes a file in; `None` where it is not there.
    pub fn put(&mut self, path: String, text: Option<String>) {
        self.texts.insert(path, text);
    }

    /// Takes a file in that is there and is no text in UTF-8: nothing in it can
    /// be edited.
    pub fn put_strange(&mut self, path: String) {
        self.texts.insert(path.clone(), None);
        self.strange.insert(path);
    }

    /// Whether the file is there and no text in UTF-8.
    pub fn is_strange(&self, path: &str) -> bool {
        self.strange.contains(path)
    }

    /// The paths of all files, once read.
    pub fn tree(&self) -> Option<&[String]> {
        self.tree.as_deref()
    }

    /// Whether the file was looked for.
    pub fn was_read(&self, path: &str) -> bool {
        self.texts.contains_key(path)
    }

    /// A file's text, if it is there.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path)?.as_deref()
    }

    /// The files that are there, in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.texts.iter();
        texts.filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }
}
