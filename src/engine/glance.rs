//! Tells from the bytes that a delivery concerns nobody, before anything is
//! decoded: that is what most of them do.
//!
//! "Nobody" is exact. Whatever stands behind a key is looked at, wherever the key
//! stands, so what the delivery is about is among it: the quotes of a key cannot
//! stand inside a text, and GitHub writes its keys plainly. What cannot be told
//! so, such as a name with an escape in it, is left to the decoder.

use memchr::{memchr, memchr2_iter, memmem};

use crate::store::Index;

/// Whether no case uses it: what it tells of is read when it is needed.
pub(super) fn is_of_no_use(event: &str) -> bool {
    matches!(event, "check_run" | "check_suite" | "status" | "ping")
}

/// Whether it certainly concerns nobody.
pub(super) fn concerns_nobody(index: &Index, event: &str, body: &str) -> bool {
    let body = body.as_bytes();
    match event {
        _ if is_of_no_use(event) => true,
        "issues"
        | "issue_comment"
        | "pull_request"
        | "pull_request_review"
        | "push"
        | "create"
        | "delete"
        | "workflow_run"
        | "release" => {
            let ids = values(body, b"\"id\"");
            Glance::at(index, event, body, ids).is_some_and(|it| !it.may_concern())
        }
        _ => false,
    }
}

/// What is known of a body before it is decoded.
struct Glance<'a> {
    index: &'a Index,
    event: &'a str,
    body: &'a [u8],
    /// Of the repositories that it may be of, those in which somebody may be
    /// concerned.
    busy: Vec<i64>,
    /// And those in which pull requests may bring another configuration.
    repos: Vec<i64>,
    /// Whether it may be of one whose labels are known.
    labels_known: bool,
}

impl<'a> Glance<'a> {
    /// `None` where it cannot be told of which repository it is.
    fn at(
        index: &'a Index,
        event: &'a str,
        body: &'a [u8],
        ids: impl Iterator<Item = Found<'a>>,
    ) -> Option<Self> {
        let mut any = false;
        let mut it = Glance {
            index,
            event,
            body,
            busy: Vec::new(),
            repos: Vec::new(),
            labels_known: false,
        };
        for id in ids {
            match id {
                Found::Number(id) => {
                    any = true;
                    it.labels_known |= index.knows_labels(id);
                    if index.has_proposals(id) && !it.repos.contains(&id) {
                        it.repos.push(id);
                    }
                    if index.is_busy(id) && !it.busy.contains(&id) {
                        it.busy.push(id);
                    }
                }
                Found::Odd => return None,
                // Objects with names for ids are none of ours.
                Found::Text(_) | Found::Other => {}
            }
        }
        any.then_some(it)
    }

    fn may_concern(&self) -> bool {
        match self.event {
            // A label may begin a case anywhere.
            "issues" => has_word(self.body, b"\"labeled\"") || self.has_number(),
            "issue_comment" => has_hotfix(self.body) || self.has_number(),
            "pull_request" if has_word(self.body, b"\"labeled\"") => true,
            // It may bring another configuration.
            "pull_request" if self.may_propose() => true,
            "push" if has_word(self.body, b"hotfix.toml") => true,
            // The issue that it fixes has another number.
            "pull_request" if !self.busy.is_empty() && has_word(self.body, b"\"unlabeled\"") => {
                true
            }
            _ if self.busy.is_empty() && !(self.event == "push" && self.labels_known) => false,
            "pull_request" | "pull_request_review" => {
                self.has_number() || self.any(b"\"ref\"", |it| self.claimed("branch", it))
            }
            "push" => self.any(b"\"ref\"", |name| self.is_push_to_known(name)),
            "create" | "delete" => self.any(b"\"ref\"", |name| self.claimed_ref(name)),
            "workflow_run" => {
                self.any(b"\"head_branch\"", |name| self.claimed_ref(name))
                    || self.any(b"\"event\"", |event| event == "workflow_run")
            }
            _ => true,
        }
    }

    /// Whether a pull request may bring another configuration, or is over that did.
    fn may_propose(&self) -> bool {
        if has_word(self.body, b"\"opened\"") || has_word(self.body, b"\"reopened\"") {
            return true;
        }
        let of_fork = || {
            let repo = b"\"repo\"";
            // Of nowhere is as good as gone.
            let of_none = || self.is(repo, b"null") || !has_word(self.body, repo);
            has_word(self.body, b"\"synchronize\"") && (self.is(b"\"fork\"", b"true") || of_none())
        };
        let known = |number| {
            let mut repos = self.repos.iter();
            repos.any(|repo| self.index.has_proposal(*repo, number))
        };
        let is_known = || {
            values(self.body, b"\"number\"").any(|it| match it {
                Found::Number(number) => known(number),
                Found::Odd => true,
                Found::Text(_) | Found::Other => false,
            })
        };
        is_known() || of_fork()
    }

    /// Whether this stands behind the key somewhere.
    fn is(&self, key: &[u8], value: &[u8]) -> bool {
        has_escaped_letter(self.body)
            || memmem::find_iter(self.body, key).any(|at| {
                let behind = self.body.get(at + key.len()..).unwrap_or_default();
                let behind = behind.trim_ascii_start().strip_prefix(b":");
                behind.is_some_and(|it| it.trim_ascii_start().starts_with(value))
            })
    }

    /// Whether one of the texts behind the key is such, or cannot be told.
    fn any(&self, key: &[u8], is: impl Fn(&str) -> bool) -> bool {
        values(self.body, key).any(|it| match it {
            Found::Text(text) => is(text),
            Found::Odd => true,
            Found::Number(_) | Found::Other => false,
        })
    }

    fn claimed(&self, kind: &str, value: &str) -> bool {
        let mut busy = self.busy.iter();
        busy.any(|repo| self.index.has_claim(*repo, kind, value))
    }

    fn claimed_ref(&self, name: &str) -> bool {
        self.claimed("branch", name) || self.claimed("tag", name)
    }

    fn is_push_to_known(&self, name: &str) -> bool {
        let Some(branch) = name.strip_prefix("refs/heads/") else {
            return self.claimed("tag", name.strip_prefix("refs/tags/").unwrap_or(name));
        };
        // Without a name of its own, the default branch's is empty too.
        branch.is_empty()
            || self.claimed("branch", branch)
            || self.claimed("line", branch)
            || self.any(b"\"default_branch\"", |default| default == branch)
    }

    /// Whether an issue or a pull request of a number may be somebody's.
    fn has_number(&self) -> bool {
        !self.busy.is_empty()
            && values(self.body, b"\"number\"").any(|it| match it {
                Found::Number(number) => {
                    let mut busy = self.busy.iter();
                    busy.any(|repo| self.index.has_issue(*repo, number))
                        || self.claimed("pull", &number.to_string())
                }
                Found::Odd => true,
                Found::Text(_) | Found::Other => false,
            })
    }
}

/// What stands behind a key.
enum Found<'a> {
    Number(i64),
    Text(&'a str),
    /// An object, a list, `null`, or no key at all.
    Other,
    /// It takes a decoder.
    Odd,
}

/// What stands behind each occurrence of the key, which is given in quotes.
fn values<'a>(body: &'a [u8], key: &[u8]) -> impl Iterator<Item = Found<'a>> {
    memmem::find_iter(body, key)
        .map(|at| {
            let behind = body.get(at + key.len()..).unwrap_or_default();
            match behind.trim_ascii_start().strip_prefix(b":") {
                Some(value) => found(value.trim_ascii_start()),
                None => Found::Other,
            }
        })
        .collect::<Vec<_>>()
        .into_iter()
}

fn found(value: &[u8]) -> Found<'_> {
    match value {
        [b'"', text @ ..] => {
            let text = memchr(b'"', text).and_then(|end| text.get(..end));
            match text.map(std::str::from_utf8) {
                Some(Ok(text)) if !text.contains('\\') => Found::Text(text),
                _ => Found::Odd,
            }
        }
        [b'0'..=b'9' | b'-', ..] => {
            let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
            let end = value.iter().position(|b| !is_part(b));
            let digits = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
            let number = std::str::from_utf8(digits)
                .ok()
                .and_then(|it| it.parse().ok());
            number.map_or(Found::Odd, Found::Number)
        }
        _ => Found::Other,
    }
}

/// Whether a word may stand there.
fn has_word(body: &[u8], word: &[u8]) -> bool {
    memmem::find(body, word).is_some() || has_escaped_letter(body)
}

/// Whether `hotfix` may stand there, in whatever case.
fn has_hotfix(body: &[u8]) -> bool {
    const WORD: &[u8] = b"hotfix";
    let ends_here = |at: usize| {
        let from = (at + 1).checked_sub(WORD.len());
        let word = from.and_then(|from| body.get(from..=at));
        word.is_some_and(|word| word.eq_ignore_ascii_case(WORD))
    };
    memchr2_iter(b'x', b'X', body).any(ends_here) || has_escaped_letter(body)
}

/// Whether a letter is written as an escape, which nobody does without need.
fn has_escaped_letter(body: &[u8]) -> bool {
    memmem::find_iter(body, b"\\u00").any(|at| matches!(body.get(at + 4), Some(b'4'..=b'7')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_wherever_its_key_stands() {
        let numbers = |body: &str| -> Vec<i64> {
            values(body.as_bytes(), b"\"id\"")
                .filter_map(|it| match it {
                    Found::Number(number) => Some(number),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(
            numbers(r#"{"id":7,"a":{"id" : 8},"b":[{"id":-9}]}"#),
            [7, 8, -9]
        );
        // Neither a text that looks so, nor a value.
        assert!(numbers(r#"{"a":"\"id\":7","b":["id", 5],"id":null}"#).is_empty());
        let odd =
            |body: &str| values(body.as_bytes(), b"\"id\"").any(|it| matches!(it, Found::Odd));
        for body in [
            r#"{"id":1e3}"#,
            r#"{"id":1.0}"#,
            r#"{"id":99999999999999999999}"#,
            r#"{"id":"a\/b"}"#,
            r#"{"id":"a"#,
        ] {
            assert!(odd(body), "{body}");
        }
    }

    #[test]
    fn hotfix_is_found_in_any_case_and_spelling() {
        for said in [
            r#""/hotfix""#,
            "/HOTFIX",
            "x/hotFix status",
            r"/\u0068otfix",
            r"/hot\u0046ix",
        ] {
            assert!(has_hotfix(said.as_bytes()), "{said}");
        }
        for said in ["hotfi", "otfix", "fix", r"\u003cb\u003e", ""] {
            assert!(!has_hotfix(said.as_bytes()), "{said}");
        }
    }
}
