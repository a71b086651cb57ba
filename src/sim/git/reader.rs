//! One long-lived `git cat-file --batch`, and the kinds of object it tells apart.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file's content.
    Blob,
    /// A directory.
    Tree,
    /// A commit.
    Commit,
    /// An annotated tag.
    Tag,
}

impl Kind {
    /// As git and GitHub write it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Blob => "blob",
            Kind::Tree => "tree",
            Kind::Commit => "commit",
            Kind::Tag => "tag",
        }
    }

    /// Reads git's word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Kind::Blob, Kind::Tree, Kind::Commit, Kind::Tag]
            .into_iter()
            .find(|k| k.name() == name)
    }
}

/// A running `git cat-file --batch`.
#[derive(Debug)]
pub(super) struct Reader {
    child: Child,
    ask: Option<ChildStdin>,
    hear: BufReader<ChildStdout>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends when its input does.
        drop(self.ask.take());
        let _ = self.child.wait();
    }
}

impl Reader {
    /// Starts `command`, a `git` in its repository.
    pub(super) fn start(mut command: Command) -> std::io::Result<Self> {
        let mut child = command
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(ask), Some(hear)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("git cat-file has no pipes"));
        };
        Ok(Self {
            child,
            ask: Some(ask),
            hear: BufReader::new(hear),
        })
    }

    pub(super) fn get(&mut self, name: &str) -> std::io::Result<Option<(String, Kind, Vec<u8>)>> {
        let ask = self.ask.as_mut().ok_or(std::io::ErrorKind::BrokenPipe)?;
        ask.write_all(format!("{name}\n").as_bytes())?;
        ask.flush()?;
        let mut head = String::new();
        if self.hear.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let mut words = head.split_whitespace();
        let (Some(sha), Some(kind), Some(size)) = (words.next(), words.next(), words.next()) else {
            return Ok(None);
        };
        let (Some(kind), Ok(size)) = (Kind::from_name(kind), size.parse::<usize>()) else {
            return Ok(None);
        };
        let mut bytes = vec![0; size + 1];
        self.hear.read_exact(&mut bytes)?;
        bytes.truncate(size);
        Ok(Some((sha.to_owned(), kind, bytes)))
    }
}
