//! The addresses at which people sign in and out.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::authority::NotSignedIn;
use super::cookies::Cookie;
use super::desk::SignIn;
use super::next::{next_of, to_sign_in};
use crate::web::browser::same_origin;
use crate::web::pages::answer::page;
use crate::web::pages::templates::{Account, Around, Frame, NotIn, SignedOut, Why};

/// The longest code that is taken to GitHub.
const LONGEST: usize = 200;

/// `/login`, `/login/callback`, `/logout`, `/signed-out`.
pub fn router<S: Clone + Send + Sync + 'static>(sign_in: Arc<SignIn>) -> Router<S> {
    Router::new()
        .route("/login", get(login))
        .route("/login/callback", get(callback))
        .route("/logout", post(logout))
        .route("/signed-out", get(signed_out))
        .with_state(sign_in)
}

type Of = State<Arc<SignIn>>;
/// What is no query says nothing.
type Asked = Result<Query<HashMap<String, String>>, QueryRejection>;

fn to(address: String, cookies: &[String]) -> Response {
    let cookies = cookies.iter().map(|it| (header::SET_COOKIE, it.as_str()));
    let cookies: Vec<(HeaderName, &str)> = cookies.collect();
    let to = [(header::LOCATION, address)];
    (StatusCode::SEE_OTHER, to, AppendHeaders(cookies)).into_response()
}

/// A page with a link to try again, never a redirect: that would go round in circles.
/// It leads on to `next` as the first try did. `ends`: the header that takes the
/// sign-in's cookie away.
fn not_in(
    (status, why): (StatusCode, Why),
    next: &str,
    around: Around,
    ends: Option<String>,
) -> Response {
    let again = to_sign_in(next);
    let account = match around.account {
        Account::MaySignIn(_) => Account::MaySignIn(again.clone()),
        other => other,
    };
    let frame = Frame::new("Not signed in").of(Around { account, ..around });
    let cookie = ends.map(|it| (header::SET_COOKIE, it));
    let page = page(&NotIn { frame, why, again });
    (status, AppendHeaders(cookie), page).into_response()
}

async fn login(
    State(sign_in): Of,
    Extension(around): Extension<Around>,
    asked: Asked,
    headers: HeaderMap,
) -> Response {
    let asked = asked.map(|Query(it)| it).unwrap_or_default();
    let next = next_of(asked.get("next").map_or("/", String::as_str));
    if sign_in.session(&headers).is_some() {
        return to(format!("{}{next}", sign_in.public_url()), &[]);
    }
    match sign_in.leaves(next, &headers) {
        Some((github, cookies)) => to(github, &cookies),
        None => {
            let why = (StatusCode::SERVICE_UNAVAILABLE, Why::Unreached);
            not_in(why, next, around, None)
        }
    }
}

async fn callback(
    State(sign_in): Of,
    Extension(around): Extension<Around>,
    asked: Asked,
    headers: HeaderMap,
) -> Response {
    let asked = asked.map(|Query(it)| it).unwrap_or_default();
    let of = |name: &str| asked.get(name).map_or("", String::as_str);
    let state = of("state");
    let Some(back) = sign_in.returns(&headers, state) else {
        let why = (StatusCode::BAD_REQUEST, Why::Strange);
        return not_in(why, "/", around, None);
    };
    let jar = sign_in.jar();
    let no = |status, why| {
        let ends = jar.clear(Cookie::Login(state));
        not_in((status, why), &back.next, around.clone(), Some(ends))
    };
    let code = of("code");
    match of("error") {
        "" if (1..=LONGEST).contains(&code.len()) => {}
        "" => return no(StatusCode::BAD_REQUEST, Why::Strange),
        "access_denied" => return no(StatusCode::FORBIDDEN, Why::Denied),
        error => {
            let error: String = error.chars().take(60).collect();
            tracing::debug!(
                error = error.escape_debug().to_string(),
                "GitHub does not let somebody sign in"
            );
            return no(StatusCode::BAD_GATEWAY, Why::Refused);
        }
    }
    match sign_in.enters(code, &back.verifier).await {
        Ok((cookie, lasts)) => {
            // Whoever was signed in here before leaves.
            if let Some(before) = sign_in.session(&headers) {
                sign_in.leave(&before);
            }
            let cookies = [
                jar.set(Cookie::Session, &cookie, lasts / 1_000),
                jar.clear(Cookie::Login(state)),
            ];
            to(format!("{}{}", sign_in.public_url(), back.next), &cookies)
        }
        Err(NotSignedIn::Refused) => no(StatusCode::BAD_GATEWAY, Why::Refused),
        Err(NotSignedIn::Unreached) => no(StatusCode::SERVICE_UNAVAILABLE, Why::Unreached),
    }
}

async fn logout(State(sign_in): Of, headers: HeaderMap) -> Response {
    if !same_origin(&headers, Some(sign_in.public_url())) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if let Some(session) = sign_in.session(&headers) {
        sign_in.leave(&session);
    }
    let cookie = sign_in.jar().clear(Cookie::Session);
    to(format!("{}/signed-out", sign_in.public_url()), &[cookie])
}

/// Not the first page: that may lead to GitHub, and straight back in.
async fn signed_out(Extension(around): Extension<Around>) -> Response {
    let frame = Frame::new("Signed out").of(around);
    page(&SignedOut { frame })
}
