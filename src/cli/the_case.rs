//! Which hotfix a command is about.

use super::database::Database;
use super::exit::{Exit, complain};
use crate::store::{self, Peeked};

/// The arguments of commands that look at one hotfix.
#[derive(Debug, clap::Args)]
pub struct TheCase {
    /// The issue that the hotfix is of
    #[arg(value_name = "OWNER/REPO#N", value_parser = issue)]
    issue: Issue,
    #[command(flatten)]
    database: Database,
}

/// An issue, by its repository's name and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Issue {
    owner: String,
    name: String,
    number: i64,
}

fn issue(word: &str) -> Result<Issue, String> {
    let expected = || format!("{word}: expected an issue as owner/repo#12");
    let (repo, number) = word.split_once('#').ok_or_else(expected)?;
    let (owner, name) = repo.split_once('/').ok_or_else(expected)?;
    let number = number.parse::<u32>().map_err(|_| expected())?;
    let plain = |part: &str| !part.is_empty() && !part.contains('/');
    match plain(owner) && plain(name) && number > 0 {
        true => Ok(Issue {
            owner: owner.to_owned(),
            name: name.to_owned(),
            number: i64::from(number),
        }),
        false => Err(expected()),
    }
}

impl TheCase {
    /// The newest hotfix of the issue, from the database.
    ///
    /// # Errors
    /// It cannot be read, or there is none; that was said.
    pub(super) async fn read(&self) -> Result<Peeked, Exit> {
        let url = match self.database.url() {
            Ok(url) => url,
            Err(wrong) => return Err(complain(Exit::Usage, wrong)),
        };
        let Issue {
            owner,
            name,
            number,
        } = &self.issue;
        match store::peek(&url, owner, name, *number).await {
            Ok(Some(peeked)) => Ok(peeked),
            Ok(None) => Err(complain(
                Exit::Failed,
                format_args!("{owner}/{name}#{number}: this server knows of no hotfix of it"),
            )),
            Err(error) => Err(complain(Exit::Failed, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_is_named_by_repository_and_number() {
        let read = issue("acme/caro#234").unwrap();
        assert_eq!(
            (read.owner.as_str(), read.name.as_str(), read.number),
            ("acme", "caro", 234)
        );
        for wrong in [
            "",
            "caro#2",
            "acme/caro",
            "acme/caro#",
            "acme/caro#x",
            "a/b/c#1",
            "/b#1",
            "a/b#0",
        ] {
            assert!(
                issue(wrong).unwrap_err().contains("owner/repo#12"),
                "{wrong}"
            );
        }
    }
}
