//! What stands around all pages: who asks, and what those are shown who get no page.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::{
    elsewhere, enough, later, missing, sign_in_first, sign_on_first, unauthorized,
};
use super::seen::Viewer;
use super::shared::{No, Shared};
use super::sign_in::to_sign_in;
use super::templates::{Account, Around};
use super::who::Who;

fn who(shared: &Shared, headers: &HeaderMap) -> Who {
    let session = shared.pages.sign_in.as_ref();
    let session = session.and_then(|it| it.session(headers));
    match (shared.pages.viewer, session) {
        (Viewer::Desk, _) => Who::Desk,
        (_, Some(session)) => Who::Person(session),
        (_, None) => Who::Stranger,
    }
}

/// Whether something of hotfixes stands there, or would.
fn is_of_hotfixes(path: &str) -> bool {
    matches!(path, "/" | "/part")
        || ["/h/", "/r/", "/doctor/"]
            .iter()
            .any(|it| path.starts_with(it))
}

/// The page itself, of an address that only its script asks for.
fn page_of(path: &str) -> &str {
    ["/part", "/events"]
        .iter()
        .find_map(|end| path.strip_suffix(end))
        .unwrap_or(path)
}

/// The page of an address with what it is asked for: which attempt, say.
fn whole_page_of(uri: &Uri) -> String {
    let page = page_of(uri.path());
    uri.query()
        .map_or_else(|| page.to_owned(), |query| format!("{page}?{query}"))
}

/// Lets the handlers know who asks, and gives their refusals a page. Whoever has to
/// sign in is led there whatever they ask for, also where nothing is.
pub(super) async fn met(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    let uri = request.uri().clone();
    let path = uri.path();
    let who = who(&shared, request.headers());
    let account = match (&who, &shared.pages.sign_in) {
        (Who::Person(session), _) => Account::Person(session.login.clone()),
        (Who::Stranger, Some(_)) => Account::MaySignIn(to_sign_in(&whole_page_of(&uri))),
        _ => Account::Nobody,
    };
    let base = shared.pages.base.clone();
    let around = Around { account, base };
    let closed = shared.pages.viewer == Viewer::Nobody && matches!(who, Who::Stranger);
    if closed && is_of_hotfixes(path) {
        return refused(No::SignIn, around, &uri);
    }
    let extensions = request.extensions_mut();
    extensions.insert(who);
    extensions.insert(around.clone());
    let mut answer = next.run(request).await;
    match answer.extensions_mut().remove::<No>() {
        Some(no) => refused(no, around, &uri),
        None => answer,
    }
}

fn refused(no: No, around: Around, uri: &Uri) -> Response {
    let path = uri.path();
    match no {
        No::Missing => missing(around),
        No::Later => later(around),
        No::Enough => enough(),
        No::SignOn(at) => sign_on_first(around, at),
        // What a script asks for leads nowhere: the page is loaded anew, and led on.
        No::SignIn if page_of(path) != path => unauthorized(),
        No::SignIn => {
            let way = to_sign_in(&whole_page_of(uri));
            sign_in_first(format!("{}{way}", around.base))
        }
        No::Moved(to) => match moved(path, &to) {
            Some(to) => {
                let query = uri.query().map(|it| format!("?{it}")).unwrap_or_default();
                elsewhere(&format!("{}{to}{query}", around.base))
            }
            None => missing(around),
        },
    }
}

/// The same page under the repository's present name, `owner/name`.
fn moved(path: &str, to: &str) -> Option<String> {
    let mut parts = path.splitn(5, '/').skip(1);
    let (kind, _, _) = (parts.next()?, parts.next()?, parts.next()?);
    let rest = parts.next().map(|it| format!("/{it}")).unwrap_or_default();
    Some(format!("/{kind}/{to}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_under_its_new_name() {
        for (path, to) in [
            ("/h/old/name/1", Some("/h/acme/lantern/1")),
            ("/h/old/name/1/part", Some("/h/acme/lantern/1/part")),
            ("/r/old/name", Some("/r/acme/lantern")),
            ("/r/old/name/part", Some("/r/acme/lantern/part")),
            ("/help", None),
        ] {
            assert_eq!(moved(path, "acme/lantern").as_deref(), to, "{path}");
        }
    }
}
