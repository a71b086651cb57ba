//! `hotfix-bot check-config FILE`: says at a desk what the status comment
//! would say about a repository's `.github/hotfix.toml`.

use std::path::PathBuf;

use super::exit::{Exit, complain};
use crate::domain::policy;

/// Arguments of `check-config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to look at
    #[arg(value_name = "FILE", default_value = ".github/hotfix.toml")]
    pub file: PathBuf,
}

/// Looks at the file. What this version does not carry out yet goes to
/// stdout; a wrong file is [`Exit::Usage`], with every error and its place.
pub fn run(args: &Args) -> Exit {
    let shown = args.file.display();
    let text = match std::fs::read_to_string(&args.file) {
        Ok(text) => text,
        Err(e) => return complain(Exit::Usage, format_args!("{shown}: {e}")),
    };
    match policy::parse(&text) {
        Ok(policy) => {
            for idle in policy::not_carried_out(&policy) {
                println!("{shown}: {idle}");
            }
            println!("{shown}: right");
            Exit::Done
        }
        Err(errors) => {
            let message = policy::render(&errors, &text, &shown.to_string());
            eprintln!("{}", message.trim_end());
            Exit::Usage
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_file_a_wrong_one_and_none() {
        let dir = tempfile::tempdir().unwrap();
        let args = Args {
            file: dir.path().join("hotfix.toml"),
        };
        assert_eq!(run(&args), Exit::Usage, "the file is not there");
        std::fs::write(&args.file, "schema = 1\n").unwrap();
        assert_eq!(run(&args), Exit::Done);
        std::fs::write(&args.file, "scheme = 1\n").unwrap();
        assert_eq!(run(&args), Exit::Usage);
    }
}
