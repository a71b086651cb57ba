//! Which hotfix a command is about.

use secrecy::ExposeSecret as _;

use super::database::Database;
use super::exit::{Exit, complain};
use crate::domain::facts::stored;
use crate::domain::line_name::LineName;
use crate::store::{self, Peeked};

/// The arguments of commands that look at one hotfix.
#[derive(Debug, clap::Args)]
pub struct TheCase {
    /// The issue that the hotfix is of
    #[arg(value_name = "OWNER/REPO#N", value_parser = issue)]
    issue: Issue,
    /// The release line, where the issue has hotfixes of several, such as 1.x
    #[arg(long, value_name = "LINE", value_parser = line)]
    line: Option<LineName>,
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

fn line(word: &str) -> Result<LineName, String> {
    LineName::read(word).ok_or_else(|| format!("{word}: expected a release line such as 1.x"))
}

/// The hotfix of the line, or the only one; else the names of the lines that there are.
fn of_line(all: Vec<Peeked>, line: Option<&LineName>) -> Result<Option<Peeked>, Vec<String>> {
    let facts = |it: &Peeked| stored::read(it.schema, &it.facts).ok();
    let several = all.len() > 1;
    let lines = all.iter().filter_map(facts).filter_map(|facts| facts.among);
    let lines: Vec<_> = lines.map(|among| among.line.to_string()).collect();
    let mut all = all.into_iter();
    let found = match line {
        None if several => return Err(lines),
        None => all.next(),
        Some(line) => all.find(|it| facts(it).is_some_and(|facts| facts.is_of(line))),
    };
    match found {
        None if !lines.is_empty() => Err(lines),
        found => Ok(found),
    }
}

impl TheCase {
    /// The newest hotfix of the issue, or of its release line, from the database.
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
        match store::peek(url.expose_secret(), owner, name, *number).await {
            Ok(all) => match of_line(all, self.line.as_ref()) {
                Ok(Some(peeked)) => Ok(peeked),
                Ok(None) => Err(complain(
                    Exit::Failed,
                    format_args!("{owner}/{name}#{number}: this server knows of no hotfix of it"),
                )),
                Err(lines) => Err(complain(
                    Exit::Usage,
                    format_args!(
                        "{owner}/{name}#{number} has hotfixes of {}: say which with --line",
                        lines.join(" and ")
                    ),
                )),
            },
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
