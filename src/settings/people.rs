//! The pages: who sees them, and what people sign in with.

use secrecy::{ExposeSecret as _, SecretString};

use super::address::given;
use super::wrong::{Wrong, wrong};

/// What the pages show, and to whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// There are no pages.
    #[default]
    Nothing,
    /// Hotfixes of public repositories to anybody; what else somebody may read at
    /// GitHub, to them once they signed in.
    Public,
    /// To people who signed in, what they may read at GitHub; nothing to others.
    SignedIn,
    /// Everything, to anybody who reaches the server: a rehearsal, on loopback.
    Rehearsal,
}

/// What people sign in with.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The App's client id.
    pub client_id: String,
    /// A client secret of the App.
    pub client_secret: SecretString,
    /// Base of GitHub's pages, without a closing slash.
    pub web_url: String,
    /// Where people reach the server, without a closing slash.
    pub public_url: String,
}

/// `PAGES`.
pub(super) fn pages(value: Option<String>) -> Result<Shown, Wrong> {
    match given(value).as_deref() {
        None | Some("off") => Ok(Shown::Nothing),
        Some("public") => Ok(Shown::Public),
        Some("signed-in") => Ok(Shown::SignedIn),
        Some(other) => Err(wrong(
            "PAGES",
            format!("is wrong: {other:?}; expected off, public or signed-in"),
        )),
    }
}

/// What people sign in with: all of it, or nothing where nobody has to.
pub(super) fn sign_in(
    (id, secret): (Option<String>, Option<SecretString>),
    pages: Option<Shown>,
    (public_url, web_url): (Option<&Option<String>>, Option<&String>),
) -> Result<Option<SignIn>, Wrong> {
    let secret = secret.filter(|it| !it.expose_secret().trim().is_empty());
    let needed = pages == Some(Shown::SignedIn);
    let (id, secret) = match (given(id), secret) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) if !needed => return Ok(None),
        (None, None) => {
            return Err(wrong(
                "CLIENT_ID",
                "is missing: PAGES=signed-in needs the App's client id, and CLIENT_SECRET",
            ));
        }
        (Some(_), None) => {
            return Err(wrong(
                "CLIENT_SECRET",
                "is missing beside CLIENT_ID: a client secret, from the App's settings page",
            ));
        }
        (None, Some(_)) => {
            return Err(wrong(
                "CLIENT_ID",
                "is missing beside CLIENT_SECRET: the App's client id, from its settings page",
            ));
        }
    };
    let one_word = |it: &str| it.bytes().all(|b| b.is_ascii_graphic());
    if !one_word(&id) || id.len() > 100 {
        return Err(wrong(
            "CLIENT_ID",
            "is wrong: expected a client id such as Iv23abc",
        ));
    }
    let secret = secret.expose_secret().trim();
    if !one_word(secret) {
        return Err(wrong(
            "CLIENT_SECRET",
            "is wrong: a client secret is one word of letters, digits and signs",
        ));
    }
    // What is wrong with these is said already.
    let (Some(public_url), Some(web_url)) = (public_url, web_url) else {
        return Ok(None);
    };
    match public_url {
        Some(public_url) => Ok(Some(SignIn {
            client_id: id,
            client_secret: SecretString::from(secret),
            web_url: web_url.clone(),
            public_url: public_url.clone(),
        })),
        // Set-up wrote the credentials before there were pages: nobody has to.
        None if !needed => Ok(None),
        None => Err(wrong(
            "PUBLIC_URL",
            "is missing: PAGES=signed-in has to know where GitHub leads people back to",
        )),
    }
}
