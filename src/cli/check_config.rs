//! `hotfix-bot check-config FILE`: says at a desk what the status comment
//! would say about a repository's `.github/hotfix.toml`.

use std::path::{Path, PathBuf};

use super::{Exit, complain};

/// Arguments of `check-config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to look at
    #[arg(value_name = "FILE", default_value = ".github/hotfix.toml")]
    pub file: PathBuf,
}

/// Looks at the file with `check`, which gets its name and text and returns
/// remarks on a file that is right, or the whole message on a wrong one.
/// Remarks go to stdout; a wrong file is [`Exit::Usage`].
pub fn run(args: &Args, check: impl FnOnce(&Path, &str) -> Result<Vec<String>, String>) -> Exit {
    let shown = args.file.display();
    let text = match std::fs::read_to_string(&args.file) {
        Ok(text) => text,
        Err(e) => return complain(Exit::Usage, format_args!("{shown}: {e}")),
    };
    match check(&args.file, &text) {
        Ok(remarks) => {
            for remark in remarks {
                println!("{remark}");
            }
            println!("{shown}: right");
            Exit::Done
        }
        Err(message) => {
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
        assert_eq!(
            run(&args, |_, _| Ok(vec![])),
            Exit::Usage,
            "the file is not there"
        );
        std::fs::write(&args.file, "schema = 1\n").unwrap();
        let check = |_: &Path, text: &str| match text {
            "schema = 1\n" => Ok(vec!["as the defaults".to_owned()]),
            _ => Err("expected schema".to_owned()),
        };
        assert_eq!(run(&args, check), Exit::Done);
        std::fs::write(&args.file, "scheme = 1\n").unwrap();
        assert_eq!(run(&args, check), Exit::Usage);
    }
}
