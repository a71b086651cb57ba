//! What a handler gives back: GitHub's answers and refusals.

use serde_json::{Map, Value, json};

use super::git::GitError;
use super::router::Call;

/// A successful answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing (204, 302).
    Empty,
    /// JSON.
    Json(Value),
    /// Bytes with their content type.
    Bytes(&'static str, Vec<u8>),
}

impl Answer {
    /// 200 with JSON.
    pub fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    /// 201 with JSON.
    pub fn created(body: Value) -> Self {
        Self::json(201, body)
    }

    /// Any status with JSON.
    pub fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(body),
        }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    /// 302 to `location`.
    pub fn found(location: String) -> Self {
        Self {
            status: 302,
            headers: Vec::new(),
            body: Body::Empty,
        }
        .header("location", location)
    }

    /// 200 with bytes.
    pub fn bytes(content_type: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: Body::Bytes(content_type, bytes),
        }
    }

    /// The same with one more header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn with_pages(self, call: &Call, total: usize) -> Self {
        let (page, per_page) = call.page();
        let last = total.div_ceil(per_page).max(1);
        let mut links = Vec::new();
        let mut add = |rel: &str, n: usize| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in call.query.iter().filter(|(name, _)| *name != "page") {
                query.append_pair(name, value);
            }
            query.append_pair("page", &n.to_string());
            let host = call.headers.get("host").map_or("", String::as_str);
            links.push(format!(
                "<http://{host}{}?{}>; rel=\"{rel}\"",
                call.path,
                query.finish()
            ));
        };
        if page > 1 {
            add("prev", (page - 1).min(last));
        }
        if page < last {
            add("next", page + 1);
            add("last", last);
        }
        if page > 1 {
            add("first", 1);
        }
        if links.is_empty() {
            self
        } else {
            self.header("link", links.join(", "))
        }
    }
}

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

    /// The answer on the wire.
    pub fn into_answer(self) -> Answer {
        let mut body = json!({ "message": self.message });
        if let Value::Object(map) = &mut body {
            if !self.errors.is_empty() {
                map.insert("errors".into(), Value::Array(self.errors));
            }
            map.insert("documentation_url".into(), "/rest".into());
            map.insert("status".into(), self.status.to_string().into());
        }
        Answer {
            status: self.status,
            headers: self.headers,
            body: Body::Json(body),
        }
    }
}

impl From<GitError> for Refusal {
    fn from(error: GitError) -> Self {
        Self::new(500, &format!("git: {error}"))
    }
}

/// What a handler gives back.
pub type Reply = Result<Answer, Refusal>;
