//! What a handler gives back: an answer, or a refusal that becomes one.

use serde_json::{Value, json};

use super::refusal::Refusal;

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
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let mut body = json!({ "message": refusal.message });
        if let Value::Object(map) = &mut body {
            if !refusal.errors.is_empty() {
                map.insert("errors".into(), Value::Array(refusal.errors));
            }
            map.insert("documentation_url".into(), "/rest".into());
            map.insert("status".into(), refusal.status.to_string().into());
        }
        Answer {
            status: refusal.status,
            headers: refusal.headers,
            body: Body::Json(body),
        }
    }
}

/// What a handler gives back.
pub type Reply = Result<Answer, Refusal>;
