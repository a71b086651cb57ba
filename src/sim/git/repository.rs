//! A bare repository and the `git` executable.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use super::memory::Memory;
use super::reader::Reader;

/// What went wrong in git.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct GitError(pub String);

impl From<std::io::Error> for GitError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// How much lies between two commits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Commits beyond the base.
    pub commits: usize,
    /// Lines that came.
    pub additions: u64,
    /// Lines that went.
    pub deletions: u64,
    /// Files touched.
    pub files: usize,
}

/// A bare repository.
#[derive(Debug)]
pub struct Git {
    pub(super) dir: PathBuf,
    pub(super) reader: Mutex<Option<Reader>>,
    pub(super) known: Mutex<BTreeMap<(String, String), Stats>>,
    /// What git said before.
    pub(super) memory: Mutex<Memory>,
    /// All refs, as long as none has changed.
    pub(super) refs: Mutex<Option<Vec<(String, String)>>>,
}

impl Git {
    /// Makes an empty bare repository whose `HEAD` is `branch`.
    ///
    /// # Errors
    /// When git cannot be run or `dir` cannot be written.
    pub fn init(dir: &Path, branch: &str) -> Result<Self, GitError> {
        std::fs::create_dir_all(dir)?;
        let git = Self {
            dir: dir.to_owned(),
            reader: Mutex::new(None),
            known: Mutex::default(),
            memory: Mutex::default(),
            refs: Mutex::default(),
        };
        git.run(
            &["init", "--quiet", "--bare", "--initial-branch", branch, "."],
            None,
        )?;
        Ok(git)
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(&self.dir)
            .env("GIT_DIR", &self.dir)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs git and gives its output whatever it is.
    pub(super) fn output(&self, args: &[&str], input: Option<&[u8]>) -> Result<Output, GitError> {
        let mut command = self.command();
        command.args(args);
        let failed = |e: std::io::Error| GitError(format!("git {}: {e}", args.join(" ")));
        let Some(input) = input else {
            return command.output().map_err(failed);
        };
        let mut child = command.stdin(Stdio::piped()).spawn().map_err(failed)?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            // Fed while its answer is read: a pipe holds 64 KiB, and each would
            // wait for the other.
            let feeder = scope.spawn(move || match stdin {
                // Who has heard enough closes its end, and says why by its code.
                Some(mut stdin) => stdin.write_all(input).or_else(|e| match e.kind() {
                    std::io::ErrorKind::BrokenPipe => Ok(()),
                    _ => Err(e),
                }),
                None => Ok(()),
            });
            let output = child.wait_with_output().map_err(failed);
            let fed = feeder.join().unwrap_or(Ok(()));
            fed.map_err(failed).and(output)
        })
    }

    /// Runs git and gives its standard output; an exit code other than 0 is an
    /// error with what git said.
    pub(super) fn run(&self, args: &[&str], input: Option<&[u8]>) -> Result<String, GitError> {
        let output = self.output(args, input)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(GitError(format!(
            "git {}: {}",
            args.first().unwrap_or(&""),
            said.trim()
        )))
    }
}
