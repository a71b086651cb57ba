//! `POST /webhook`: from a request to a delivery that is written down.
//!
//! The order bounds what a stranger can cost: headers, then the body's bytes,
//! then the signature over those bytes; only what is signed is decoded.
//!
//! | Answer | When |
//! |---|---|
//! | 202 | written down, or nothing that concerns the App |
//! | 200 | written down before |
//! | 400 | a header is missing, or signed text is not a payload |
//! | 401 | no signature, or none that fits |
//! | 408, 413, 415 | too slow, too large, neither JSON nor form |
//! | 503 | not written; nothing is promised for it |

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use super::body::{self, Unread};
use super::commit::{NewDelivery, NotPut, Put};
use super::concern::{Ask, Concern, Webhook};
use super::shared::Shared;
use crate::store::Fact;
use crate::telemetry::count_delivery;

/// Bodies from this size on are hashed and decoded off the event loop, bytes.
const LARGE: usize = 256 * 1024;

/// The headers of a delivery.
struct Head {
    event: String,
    delivery: String,
    signature: String,
    form: bool,
}

/// A refusal: status, the outcome that is counted, and words for the sender.
struct Refusal(StatusCode, &'static str, Cow<'static, str>);

impl Refusal {
    fn new(status: StatusCode, outcome: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        Refusal(status, outcome, words.into())
    }
}

/// What is known of a body once it was looked at.
enum Looked {
    Unsigned,
    Malformed(Cow<'static, str>),
    Drop(&'static str),
    Keep(Fact),
    Ask(Ask),
}

impl Looked {
    fn of(concern: Concern) -> Self {
        match concern {
            Concern::Keep(fact) => Looked::Keep(fact),
            Concern::Drop(outcome) => Looked::Drop(outcome),
            Concern::Malformed(why) => Looked::Malformed(why.into()),
            Concern::Ask(ask) => Looked::Ask(ask),
        }
    }
}

pub(super) async fn receive(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let event = text(&headers, "x-github-event")
        .unwrap_or_default()
        .to_owned();
    let (status, outcome, words) = match accept(&shared, &headers, body).await {
        Ok((status, outcome)) => (status, outcome, Cow::Borrowed(outcome)),
        Err(Refusal(status, outcome, words)) => (status, outcome, words),
    };
    // An event's name is believed only under a signature.
    let signed = !matches!(outcome, "unsigned" | "refused");
    count_delivery(if signed { &event } else { "" }, outcome);
    (status, format!("{words}\n")).into_response()
}

async fn accept(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    body: Body,
) -> Result<(StatusCode, &'static str), Refusal> {
    let head = head(headers)?;
    let body::Read { bytes, room } = body::read(body, &shared.limits, &shared.body_room)
        .await
        .map_err(unread)?;
    let received_at = shared.clock.now();
    let Head {
        event,
        delivery,
        signature,
        form,
    } = head;

    let looked = if bytes.len() < LARGE {
        look(&shared.webhook, &event, &signature, form, &bytes)
    } else {
        let (shared, event) = (shared.clone(), event.clone());
        tokio::task::spawn_blocking(move || look(&shared.webhook, &event, &signature, form, &bytes))
            .await
            .map_err(|_| not_put())?
    };
    let looked = match looked {
        Looked::Ask(Ask(answer)) => match answer.await {
            Ok(concern) => Looked::of(concern),
            Err(error) => {
                tracing::error!(%delivery, %event, error, "whom a delivery concerns is not known; refused");
                return Err(not_put());
            }
        },
        looked => looked,
    };
    let fact = match looked {
        Looked::Unsigned => {
            shared.unsigned.note(received_at);
            return Err(unsigned("X-Hub-Signature-256 fits none of the secrets"));
        }
        Looked::Malformed(why) => {
            tracing::warn!(%delivery, %event, %why, "a signed delivery cannot be read");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "malformed", why));
        }
        Looked::Drop(outcome) => {
            tracing::debug!(%delivery, %event, outcome, "delivery of no concern");
            return Ok((StatusCode::ACCEPTED, outcome));
        }
        Looked::Keep(fact) => fact,
        // A question is answered by none.
        Looked::Ask(_) => return Err(not_put()),
    };
    let repo_id = fact.repo_id;

    let put = shared
        .commits
        .put(NewDelivery {
            delivery_id: delivery.clone(),
            event: event.clone(),
            fact,
            received_at,
            fetched: false,
        })
        .await;
    drop(room);
    match put {
        Ok(Put::Stored) => {
            tracing::debug!(%delivery, %event, repo = repo_id, "delivery stored");
            Ok((StatusCode::ACCEPTED, "stored"))
        }
        Ok(Put::Duplicate) => {
            tracing::debug!(%delivery, %event, repo = repo_id, "delivery known already");
            Ok((StatusCode::OK, "duplicate"))
        }
        Err(NotPut::Full) => {
            tracing::warn!(%delivery, %event, repo = repo_id, "too many deliveries wait; refused");
            Err(Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "overloaded",
                "not stored: too many deliveries wait",
            ))
        }
        Err(NotPut::Failed) => Err(not_put()),
    }
}

fn not_put() -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "failed", "not stored")
}

fn unsigned(words: &'static str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "unsigned", words)
}

fn unread(why: Unread) -> Refusal {
    let (status, words) = match why {
        Unread::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is larger than 25 MB",
        ),
        Unread::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body did not come in time"),
        Unread::NoRoom => (
            StatusCode::SERVICE_UNAVAILABLE,
            "not stored: too many large bodies at one time",
        ),
        Unread::Broken => (StatusCode::BAD_REQUEST, "the body broke off"),
    };
    Refusal::new(status, "refused", words)
}

/// A header's value, where it is plain text of sane length.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty() && value.len() <= 200).then_some(value)
}

fn head(headers: &HeaderMap) -> Result<Head, Refusal> {
    let refused = |status, words| Refusal::new(status, "refused", words);
    let kind = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let form = match kind {
        k if k.eq_ignore_ascii_case("application/json") => false,
        k if k.eq_ignore_ascii_case("application/x-www-form-urlencoded") => true,
        _ => {
            return Err(refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "expected Content-Type application/json or application/x-www-form-urlencoded",
            ));
        }
    };
    let event = text(headers, "x-github-event").ok_or_else(|| {
        refused(
            StatusCode::BAD_REQUEST,
            "expected the header X-GitHub-Event",
        )
    })?;
    let delivery = text(headers, "x-github-delivery").ok_or_else(|| {
        refused(
            StatusCode::BAD_REQUEST,
            "expected the header X-GitHub-Delivery",
        )
    })?;
    let signature = text(headers, "x-hub-signature-256").ok_or_else(|| {
        unsigned("expected the header X-Hub-Signature-256; set a secret for the webhook")
    })?;
    Ok(Head {
        event: event.to_owned(),
        delivery: delivery.to_owned(),
        signature: signature.to_owned(),
        form,
    })
}

/// Signature first; only then is anything decoded.
fn look(webhook: &Webhook, event: &str, signature: &str, form: bool, raw: &[u8]) -> Looked {
    if !(webhook.verify)(raw, signature) {
        return Looked::Unsigned;
    }
    let Ok(text) = std::str::from_utf8(raw) else {
        return Looked::Malformed("expected a body in UTF-8".into());
    };
    let unwrapped;
    let body = if form {
        match payload(text) {
            Ok(body) => unwrapped = body,
            Err(why) => return Looked::Malformed(why.into()),
        }
        &unwrapped
    } else {
        text
    };
    Looked::of((webhook.concerns)(event, body))
}

/// The field `payload` of a form.
fn payload(form: &str) -> Result<String, &'static str> {
    let value = form
        .split('&')
        .find_map(|field| field.strip_prefix("payload="))
        .ok_or("expected a form with the field payload")?;
    let spaced = if value.contains('+') {
        Cow::Owned(value.replace('+', " "))
    } else {
        Cow::Borrowed(value)
    };
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| "expected a payload in UTF-8")
}
