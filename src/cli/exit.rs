//! How commands end: exit codes, and one line on stderr.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done: code 0.
    Done,
    /// It could not do its work: code 1.
    Failed,
    /// A wrong setting, argument or file to look at: code 2.
    Usage,
    /// What was looked for and must not be there was found: code 3.
    Found,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Found => 3,
        })
    }
}

/// Says on stderr why a command ended.
pub fn complain(exit: Exit, why: impl std::fmt::Display) -> Exit {
    eprintln!("hotfix-bot: {why}");
    exit
}

/// Runs a future on a runtime of its own.
pub fn block_on(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(work),
        Err(e) => complain(Exit::Failed, format_args!("cannot start: {e}")),
    }
}
