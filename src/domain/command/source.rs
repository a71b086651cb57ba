//! What is picked, as people name it: a commit, a pull request, or the page of
//! either.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A commit or a pull request that somebody named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The repository, `owner/name`, where it was named, too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<String>,
    /// What of it.
    pub what: Named,
}

/// What was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The beginning of a commit's hash, lower case.
    Commit(String),
    /// A pull request.
    Pull(u64),
}

impl Source {
    /// Reads `0a1b2c3`, `#12`, `owner/name#12`, `owner/name@0a1b2c3`, and the
    /// addresses of their pages.
    pub fn read(word: &str) -> Option<Source> {
        let word = word.trim_end_matches([',', ';']);
        let word = word.strip_prefix('<').unwrap_or(word);
        let word = word.strip_suffix('>').unwrap_or(word);
        let address = ["https://", "http://"]
            .iter()
            .find_map(|scheme| word.strip_prefix(scheme));
        if let Some(address) = address {
            return page(address);
        }
        let split = word.split_once('#').map(|(of, n)| (of, pull(n)));
        let split = split.or_else(|| word.split_once('@').map(|(of, sha)| (of, commit(sha))));
        let (of, what) = match split {
            Some((of, what)) => (of, what?),
            None => ("", commit(word)?),
        };
        let of = match of {
            "" => None,
            of => Some(repository(of)?),
        };
        Some(Source { of, what })
    }

    /// A pull request of this repository.
    pub fn pull(number: u64) -> Source {
        Source {
            of: None,
            what: Named::Pull(number),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            Named::Commit(sha) => f.write_str(sha),
            Named::Pull(number) => write!(f, "#{number}"),
        }
    }
}

/// `host/owner/name/pull/12/…`, `host/owner/name/commit/…`, or a commit of a
/// pull request.
fn page(address: &str) -> Option<Source> {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let mut parts = address.split('/').skip(1);
    let of = format!("{}/{}", parts.next()?, parts.next()?);
    let (kind, first) = (parts.next()?, parts.next()?);
    let rest: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let what = match (kind, rest.as_slice()) {
        ("commit" | "commits", []) => commit(first)?,
        ("pull", ["commits", sha]) => commit(sha)?,
        ("pull", [] | ["files" | "commits" | "checks" | "changes"]) => pull(first)?,
        _ => return None,
    };
    Some(Source {
        of: Some(repository(&of)?),
        what,
    })
}

fn repository(of: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let (owner, name) = of.split_once('/')?;
    let fits = !owner.is_empty() && !name.is_empty() && !name.contains('/');
    (fits && of.chars().all(plain)).then(|| of.to_owned())
}

fn commit(word: &str) -> Option<Named> {
    let fits = (7..=40).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| Named::Commit(word.to_ascii_lowercase()))
}

fn pull(word: &str) -> Option<Named> {
    let number: u64 = word.parse().ok().filter(|n| (1..1 << 40).contains(n))?;
    Some(Named::Pull(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_or_a_pull_request_is_named_in_many_ways() {
        let source = |of: &str, what| Source {
            of: (!of.is_empty()).then(|| of.to_owned()),
            what,
        };
        let sha = |sha: &str| Named::Commit(sha.to_owned());
        let full = "0123456789abcdef0123456789abcdef01234567";
        for (word, expected) in [
            ("0A1b2c3", source("", sha("0a1b2c3"))),
            (full, source("", sha(full))),
            ("1234567", source("", sha("1234567"))),
            ("#12", source("", Named::Pull(12))),
            ("#12,", source("", Named::Pull(12))),
            ("a/b#12", source("a/b", Named::Pull(12))),
            ("a/b@0a1b2c3", source("a/b", sha("0a1b2c3"))),
            (
                "https://github.com/a/b/pull/12",
                source("a/b", Named::Pull(12)),
            ),
            (
                "<https://github.com/a/b/pull/12>",
                source("a/b", Named::Pull(12)),
            ),
            (
                "https://ghe.example/a/b/pull/12/files#diff-1",
                source("a/b", Named::Pull(12)),
            ),
            (
                "https://github.com/a/b/commit/0a1b2c3d",
                source("a/b", sha("0a1b2c3d")),
            ),
            (
                "https://github.com/a/b/pull/12/commits/0a1b2c3d",
                source("a/b", sha("0a1b2c3d")),
            ),
        ] {
            assert_eq!(Source::read(word), Some(expected), "{word}");
        }
        for word in [
            "",
            "#",
            "#0",
            "12",
            "main",
            "v1.0.4",
            "0a1b2c",
            "#12a",
            "a#1",
            "a/b/c#1",
            "a/b#",
            "HEAD~1",
            "https://github.com/a/b",
            "https://github.com/a/b/issues/1",
            "a b/c#1",
            "0a1b2c3..1234567",
            "https://github.com/a/b/compare/x...y",
            "@0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d0",
        ] {
            assert_eq!(Source::read(word), None, "{word}");
        }
    }
}
