//! What went wrong with a call, named by what to do next.

use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::clock::Millis;

/// How long to wait when GitHub says "slow down" without saying for how long
/// ("at least one minute", rate limits page of GitHub's REST documentation).
const SECONDARY_WAIT: Millis = 60_000;

/// Longest text of GitHub's that an error carries, in characters.
const MESSAGE_LIMIT: usize = 600;

/// A call that failed, by what to do next. Never holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing was carried out, or nothing could be: try again later as it is.
    #[error("GitHub could not be asked: {0}")]
    Transient(String),
    /// Over a primary or secondary limit: no call before `until` (milliseconds
    /// of our clock).
    #[error("GitHub's rate limit is used up until {until}")]
    RateLimited {
        /// When to try again, in milliseconds of our clock.
        until: Millis,
        /// Whose limit it is.
        limit: Limit,
    },
    /// The object is not there, or the installation may not see it (GitHub
    /// answers 404 to both).
    #[error("GitHub does not have it, or the App may not see it")]
    NotFound,
    /// The name is another repository's by now.
    #[error("the repository's name is another one's by now")]
    OtherRepository,
    /// The world is not as the call expected it: look again, decide again.
    #[error("GitHub reports a conflict: {0}")]
    Conflict(String),
    /// A right is missing, for a person to grant.
    #[error("GitHub does not allow it: {message}")]
    Forbidden {
        /// GitHub's words.
        message: String,
        /// The permission that would be needed, from
        /// `X-Accepted-GitHub-Permissions` (`;` separates alternatives).
        needs: Option<String>,
    },
    /// The request itself was refused (422 and the like); repeating it as it is
    /// is pointless, a person has to look.
    #[error("GitHub refused the request: {message}")]
    Invalid {
        /// GitHub's words.
        message: String,
    },
    /// The request may have been carried out: look before acting again.
    #[error("it is unknown whether GitHub carried it out: {0}")]
    Ambiguous(String),
    /// GitHub does not know the installation.
    #[error("the App's installation {0} does not exist (any more)")]
    NotInstalled(i64),
    /// GitHub does not know the App's key or token.
    #[error("GitHub does not accept the App's credentials")]
    Unauthorized,
}

/// What is known of a limit that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// GitHub said for how long.
    Told,
    /// GitHub said "slow down" and nothing more: who is told so again waits longer.
    Untold,
    /// Another service's: it concerns this call alone.
    Elsewhere,
}

impl Error {
    /// Over a limit of which GitHub does not say how long it lasts.
    pub(super) fn slow_down(now: Millis) -> Self {
        Error::RateLimited {
            until: now + SECONDARY_WAIT,
            limit: Limit::Untold,
        }
    }

    /// A refusal with our own words.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Error::Invalid {
            message: message.into(),
        }
    }

    /// Whether waiting alone may help.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Error::Transient(_) | Error::RateLimited { .. } | Error::Ambiguous(_)
        )
    }
}

/// What the classification looks at beside the answer itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// GitHub's operation id, for the text.
    pub operation: &'static str,
    /// Whether the call changes something.
    pub write: bool,
    /// Our clock.
    pub now: Millis,
    /// GitHub's clock minus ours.
    pub offset: Millis,
}

impl Seen {
    /// An answer that is none of GitHub's: a read is made again, a write is
    /// looked for.
    pub(super) fn strange(&self, words: String) -> Error {
        if self.write {
            Error::Ambiguous(words)
        } else {
            Error::Transient(words)
        }
    }
}

/// Whether the body is a refusal of GitHub's: JSON with a message. A proxy, a
/// page for maintenance or a login answers something else.
fn is_githubs(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body)
        .is_ok_and(|body| body.get("message").is_some_and(Value::is_string))
}

/// Classifies an answer that is not a success, by headers and message before
/// the status code: a 403 alone says little. A read is refused only in words
/// of GitHub's that belong to its object; everything else is no answer.
pub(super) fn classify(status: StatusCode, headers: &HeaderMap, body: &[u8], seen: Seen) -> Error {
    let message = message_of(status, body);
    let lower = message.to_ascii_lowercase();
    let needs = || text(headers, "x-accepted-github-permissions").map(str::to_owned);
    let operation = seen.operation;

    // The workflow guard answers with several codes, 404 among them.
    if lower.contains("refusing to allow a github app") {
        return Error::Forbidden {
            message,
            needs: Some("workflows=write".into()),
        };
    }
    let answered = || format!("{operation} answered {status}: {message}");
    let limit = match status.as_u16() {
        403 | 429 => limited(status, headers, &lower, seen),
        _ => None,
    };
    if let Some(limit) = limit {
        return limit;
    }
    match status.as_u16() {
        401 => Error::Unauthorized,
        // Where it leads is not GitHub: nothing was carried out.
        300..=399 => Error::Transient(answered()),
        400..=499 if !is_githubs(body) => seen.strange(answered()),
        403 | 429 => Error::Forbidden {
            needs: needs(),
            message,
        },
        404 => Error::NotFound,
        410 if lower.contains("deleted") => Error::NotFound,
        422 if lower.contains("submitted too quickly") => Error::slow_down(seen.now),
        409 | 412 => Error::Conflict(message),
        451 => Error::Forbidden {
            needs: None,
            message,
        },
        501 if seen.write && is_githubs(body) => {
            Error::invalid(format!("{operation} is not served: {message}"))
        }
        501 => seen.strange(format!("{operation} is not served: {message}")),
        410 | 422 => Error::Invalid { message },
        408 | 500..=599 => seen.strange(answered()),
        _ if seen.write => Error::Invalid { message },
        _ => Error::Transient(answered()),
    }
}

/// The limit, if a 403 or 429 speaks of one.
fn limited(status: StatusCode, headers: &HeaderMap, lower: &str, seen: Seen) -> Option<Error> {
    if status == StatusCode::FORBIDDEN && lower.contains("resource not accessible") {
        return None;
    }
    let number = |name| text(headers, name).and_then(|v| v.trim().parse::<i64>().ok());
    let retry_after = number("retry-after").map(|s| seen.now + s.clamp(0, 86_400) * 1_000);
    let spent = number("x-ratelimit-remaining") == Some(0);
    let reset = number("x-ratelimit-reset")
        .filter(|_| spent)
        // The reset is told by GitHub's clock; one second for its rounding.
        .and_then(|s| s.checked_mul(1_000))
        .map(|at| at - seen.offset + 1_000);
    let named = lower.contains("rate limit") || lower.contains("abuse detection");
    let asked = retry_after.max(reset);
    match asked {
        Some(until) => Some(Error::RateLimited {
            until: until.max(seen.now + 1_000),
            limit: Limit::Told,
        }),
        None if named || spent || status == StatusCode::TOO_MANY_REQUESTS => {
            Some(Error::slow_down(seen.now))
        }
        None => None,
    }
}

/// GitHub's message with the messages of its `errors`, or the start of a body
/// that is not GitHub's JSON.
pub(super) fn message_of(status: StatusCode, body: &[u8]) -> String {
    let full = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(object)) => {
            let mut parts: Vec<String> = Vec::new();
            if let Some(message) = object.get("message").and_then(Value::as_str) {
                parts.push(message.to_owned());
            }
            match object.get("errors") {
                Some(Value::Array(errors)) => parts.extend(errors.iter().filter_map(one_error)),
                Some(Value::String(error)) => parts.push(error.clone()),
                _ => {}
            }
            parts.dedup();
            parts.join("; ")
        }
        _ => String::from_utf8_lossy(body).trim().to_owned(),
    };
    let full = if full.is_empty() {
        status.to_string()
    } else {
        full
    };
    match full.char_indices().nth(MESSAGE_LIMIT) {
        Some((at, _)) => format!("{}…", full.get(..at).unwrap_or_default()),
        None => full,
    }
}

/// One entry of a 422's `errors`: its message, else resource, field and code.
fn one_error(error: &Value) -> Option<String> {
    let field = |name: &str| error.get(name).and_then(Value::as_str);
    if let Some(text) = error.as_str() {
        return Some(text.to_owned());
    }
    if let Some(message) = field("message") {
        return Some(message.to_owned());
    }
    let words: Vec<&str> = ["resource", "field", "code"]
        .into_iter()
        .filter_map(field)
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A header's value as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_000_000_000;

    fn seen(write: bool) -> Seen {
        Seen {
            operation: "git/create-ref",
            write,
            now: NOW,
            offset: 5_000,
        }
    }

    fn case(code: u16, headers: &[(&'static str, &str)], body: &str, write: bool) -> Error {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        classify(
            StatusCode::from_u16(code).unwrap(),
            &map,
            body.as_bytes(),
            seen(write),
        )
    }

    #[test]
    fn a_403_is_told_apart_by_headers_and_message() {
        let missing = r#"{"message":"Resource not accessible by integration"}"#;
        assert_eq!(
            case(
                403,
                &[
                    ("x-accepted-github-permissions", "contents=write"),
                    ("x-ratelimit-remaining", "0"),
                ],
                missing,
                true
            ),
            Error::Forbidden {
                message: "Resource not accessible by integration".into(),
                needs: Some("contents=write".into())
            },
            "a missing right stays one even when the budget is spent"
        );
        assert_eq!(
            case(
                403,
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1000100")
                ],
                r#"{"message":"API rate limit exceeded"}"#,
                false
            ),
            Error::RateLimited {
                until: 1_000_100_000 - 5_000 + 1_000,
                limit: Limit::Told,
            },
            "the reset is by GitHub's clock"
        );
        assert_eq!(
            case(403, &[("retry-after", "30")], "{}", true),
            Error::RateLimited {
                until: NOW + 30_000,
                limit: Limit::Told,
            }
        );
        let secondary = r#"{"message":"You have exceeded a secondary rate limit."}"#;
        assert_eq!(case(403, &[], secondary, true), Error::slow_down(NOW));
        assert_eq!(case(429, &[], "", true), Error::slow_down(NOW));
        let allow_list =
            r#"{"message":"your IP address is not permitted to access this resource"}"#;
        assert!(matches!(
            case(403, &[], allow_list, true),
            Error::Forbidden { needs: None, .. }
        ));
        let guard = r#"{"message":"refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission"}"#;
        for code in [403, 404, 422] {
            assert!(matches!(
                case(code, &[], guard, true),
                Error::Forbidden { needs: Some(n), .. } if n == "workflows=write"
            ));
        }
    }

    #[test]
    fn the_rest_of_the_table() {
        assert_eq!(case(401, &[], "{}", true), Error::Unauthorized);
        let missing = r#"{"message":"Not Found"}"#;
        assert_eq!(case(404, &[], missing, true), Error::NotFound);
        assert_eq!(
            case(410, &[], r#"{"message":"This issue was deleted"}"#, true),
            Error::NotFound
        );
        assert!(matches!(
            case(410, &[], r#"{"message":"Issues has been disabled"}"#, true),
            Error::Invalid { .. }
        ));
        assert_eq!(
            case(409, &[], r#"{"message":"Git Repository is empty."}"#, true),
            Error::Conflict("Git Repository is empty.".into())
        );
        for code in [408, 500, 502, 503, 504] {
            assert!(matches!(case(code, &[], "", true), Error::Ambiguous(_)));
            assert!(matches!(case(code, &[], "", false), Error::Transient(_)));
        }
        let unserved = r#"{"message":"not here"}"#;
        assert!(matches!(
            case(501, &[], unserved, true),
            Error::Invalid { .. }
        ));
        assert!(matches!(case(501, &[], "", true), Error::Ambiguous(_)));
        for code in [301, 302, 303] {
            assert!(matches!(case(code, &[], "", true), Error::Transient(_)));
        }
        for code in [400, 405, 406, 415, 501] {
            assert!(matches!(
                case(code, &[], unserved, false),
                Error::Transient(_)
            ));
        }
        for code in [400, 403, 404, 409, 410, 422, 451] {
            assert!(matches!(
                case(code, &[], "<html>", true),
                Error::Ambiguous(_)
            ));
            assert!(matches!(case(code, &[], "{}", false), Error::Transient(_)));
        }
        assert_eq!(
            case(
                422,
                &[],
                r#"{"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom","message":"No commits between main and x"},{"resource":"Label","field":"name","code":"already_exists"},"plain"]}"#,
                true
            ),
            Error::invalid(
                "Validation Failed; No commits between main and x; Label name already_exists; plain"
            )
        );
    }

    #[test]
    fn a_strange_body_is_cut_not_believed() {
        let long = "é".repeat(5_000);
        let long = format!(r#"{{"message":"{long}"}}"#);
        let Error::Invalid { message } = case(400, &[], &long, true) else {
            panic!("expected a refusal");
        };
        assert_eq!(message.chars().count(), MESSAGE_LIMIT + 1);
        let empty = message_of(StatusCode::BAD_REQUEST, b"");
        assert_eq!(empty, "400 Bad Request");
    }
}
