//! What GitHub answers when it refuses.

use serde_json::{Map, Value};

use super::git::GitError;

/// What GitHub answers when it refuses.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// `message` of the body.
    pub message: String,
    /// `errors` of the body; left out when empty.
    pub errors: Vec<Value>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
}

impl Refusal {
    /// Any status with a message.
    pub fn new(status: u16, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
            errors: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// 404 `Not Found`.
    pub fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// 422 with a plain message (`Reference already exists`, ...).
    pub fn unprocessable(message: &str) -> Self {
        Self::new(422, message)
    }

    /// 422 `Invalid request.` with the reason, for a body that does not fit.
    pub fn invalid_request(reason: &str) -> Self {
        Self::new(422, &format!("Invalid request.\n\n{reason}"))
    }

    /// 422 `Validation Failed` with one entry in `errors`; `code` is one of
    /// `missing`, `missing_field`, `invalid`, `already_exists`, `custom`.
    pub fn validation(resource: &str, code: &str, field: &str, message: Option<&str>) -> Self {
        let mut entry = Map::new();
        entry.insert("resource".into(), resource.into());
        entry.insert("code".into(), code.into());
        if !field.is_empty() {
            entry.insert("field".into(), field.into());
        }
        if let Some(message) = message {
            entry.insert("message".into(), message.into());
        }
        Self {
            errors: vec![Value::Object(entry)],
            ..Self::new(422, "Validation Failed")
        }
    }

    /// 403 for a token without the permission `accepted`.
    pub fn forbidden(accepted: &str) -> Self {
        let mut refusal = Self::new(403, "Resource not accessible by integration");
        refusal
            .headers
            .push(("x-accepted-github-permissions".into(), accepted.into()));
        refusal
    }
}

impl From<GitError> for Refusal {
    fn from(error: GitError) -> Self {
        Self::new(500, &format!("git: {error}"))
    }
}
