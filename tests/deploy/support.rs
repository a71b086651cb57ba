//! Files of the repository, and the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The repository's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    let read = std::fs::read_to_string(root().join(path));
    read.unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The names of a folder's files, in order.
pub fn names(folder: &str) -> Vec<String> {
    let list = std::fs::read_dir(root().join(folder)).unwrap();
    let mut names: Vec<String> = list
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A YAML file of one document.
pub fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The program, without anything of this environment that it reads.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotfix-bot"));
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// Whether the program has such a command with such flags: asked for its help
/// behind them, it gives it, and refuses what it does not know before that.
pub fn takes(args: &[String]) -> Result<(), String> {
    let asked = program().args(args).arg("--help").output().unwrap();
    if asked.status.success() {
        return Ok(());
    }
    Err(format!("{args:?}: {}", said(&asked)))
}

/// What a program said, on both ways.
pub fn said(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr];
    both.map(|it| String::from_utf8_lossy(it).into_owned())
        .concat()
}

/// A script of the repository, at another place.
pub fn copied(script: &str, into: &Path) -> PathBuf {
    let to = into.join(script);
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::copy(root().join(script), &to).unwrap();
    to
}
