//! What the set-up pages say, and the log beside them: how a server that has no
//! App is given one.

use super::app::Permission;

/// What every page is called.
pub const PRODUCT: &str = "Hotfix Bot";

/// The one line in the log that lets somebody in.
pub fn open_here(link: &str) -> String {
    format!("not set up yet: open {link} within 1 hour")
}

/// Why no App can be created: the store worked for one before.
pub fn credentials_missing(app: &str) -> String {
    format!(
        "this store belongs to the App {app}, and its credentials are missing: restore the file \
         credentials.env, or set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET; a new App means a new store"
    )
}

/// The title of the page that asks for the token.
pub const UNLOCK: &str = "Set up Hotfix Bot";
/// What it asks for.
pub const UNLOCK_HOW: &str = "The server has no GitHub App yet. Its log has a line \
    \"not set up yet\" with a link that was made for you. Open that link, or paste what stands \
    behind the # in it.";
/// The field's label.
pub const UNLOCK_FIELD: &str = "Token from the log";
/// The button.
pub const UNLOCK_BUTTON: &str = "Continue";

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked<'a> {
    /// It is not the one in the log.
    Wrong,
    /// Too many were tried within a minute, by whomever.
    TooMany,
    /// An hour is over.
    Expired,
    /// A browser is let in already, since this time (`12:03 UTC`).
    Elsewhere(&'a str),
}

/// What is said of it.
pub fn locked(why: Locked<'_>) -> String {
    match why {
        Locked::Wrong => "This is not the token in the log. Each start of the server makes a new \
            one; the newest line counts."
            .to_owned(),
        Locked::TooMany => "Too many tokens were tried. Wait a minute, then try again.".to_owned(),
        Locked::Expired => {
            "The token in the log was good for one hour, which is over. Restart the \
            server, or run hotfix-bot setup-token on its machine, for a new one."
                .to_owned()
        }
        Locked::Elsewhere(at) => format!(
            "Set-up was opened in another browser at {at}. Go on there. If that was not you, restart \
             the server: the log then has a new link, and the other browser is shut out."
        ),
    }
}

/// The title of the page on which the App is described.
pub const CHOICE: &str = "Create the GitHub App";
/// What will happen.
pub const CHOICE_HOW: &str = "GitHub creates an App that belongs to you alone. Nothing is created \
    before you confirm it there.";
/// Where.
pub const WHERE: &str = "Where";
/// The person's own account.
pub const MINE: &str = "My own account";
/// An organisation.
pub const ORGANISATION: &str = "An organisation (you own it, or may manage its Apps)";
/// Its field.
pub const ORGANISATION_NAME: &str = "Its name";
/// The App's name.
pub const NAME: &str = "Name of the App";
/// What is to be known of it.
pub const NAME_HOW: &str = "At most 34 characters, and not taken on GitHub; comments are signed \
    with it. Left empty: Hotfix Bot and the organisation's name.";
/// The address.
pub const ADDRESS: &str = "Address of this server (PUBLIC_URL)";
/// What is to be known of it.
pub const ADDRESS_HOW: &str = "As people and GitHub reach it: https:// and its name.";
/// Over the boxes.
pub const MORE: &str = "More permissions";
/// Over the list.
pub const PERMISSIONS: &str = "What the App asks for";
/// The button.
pub const CHOICE_BUTTON: &str = "Continue";

/// A box.
pub fn wish(it: &Permission) -> String {
    format!("{}: {}. For {}", it.title, level(it.level), it.why)
}

/// How far a permission goes.
pub fn level(level: &str) -> &str {
    match level {
        "write" => "read and write",
        level => level,
    }
}

/// Why a choice cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The organisation's name is none.
    Organisation,
    /// The App's name is too long.
    Name,
    /// The address is none; the words follow its name.
    Address(String),
    /// The page is open under another address than the one that was typed.
    OtherAddress(String),
    /// GitHub cannot reach that address.
    Unreachable(String),
}

/// What is said of it.
pub fn not_taken(why: &NotTaken) -> String {
    match why {
        NotTaken::Organisation => {
            "The organisation's name is wrong: letters, digits and hyphens, as in its address on \
             GitHub."
                .to_owned()
        }
        NotTaken::Name => "The App's name is longer than 34 characters.".to_owned(),
        NotTaken::Address(why) => format!("The address {why}."),
        NotTaken::OtherAddress(url) => format!(
            "This page is not open under {url}, to which GitHub would send you back. Open {url}/setup, \
             or correct the address."
        ),
        NotTaken::Unreachable(url) => format!(
            "GitHub cannot reach {url}: it needs https:// and a name or address of the public net. Put \
             a reverse proxy with TLS in front of the server, or a tunnel of your own (cloudflared, \
             Tailscale Funnel, ngrok, ssh -R to a machine that has an address), and start the server \
             with PUBLIC_URL set to what that is called. Whoever runs a tunnel sees what GitHub \
             sends through it; none is used by itself."
        ),
    }
}

/// The title of the page that leads to GitHub.
pub const HANDOVER: &str = "Confirm at GitHub";
/// What it does.
pub const HANDOVER_HOW: &str = "The button opens GitHub with everything filled in. Sign in there if \
    you are asked to, look at the name, and confirm. If the name is taken, GitHub says so, and another \
    one is chosen there. You come back here within an hour.";
/// The button.
pub const HANDOVER_BUTTON: &str = "Create the App at GitHub";
/// Over the manifest.
pub const MANIFEST: &str = "What is handed over (the manifest)";
/// Back.
pub const BACK: &str = "Change something";

/// The title when something did not work.
pub const FAILED: &str = "That did not work";

/// Why GitHub's way back does not lead on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The browser is not the one that was let in.
    Stranger,
    /// The state is not the one that was handed over, or was used already.
    State,
    /// No code came along.
    NoCode,
    /// GitHub does not know the code (any more). With the page of one's Apps.
    Code(String),
    /// GitHub was not reached, or answered strangely; in words.
    Unreached(String),
    /// The request came from another site's page.
    CrossSite,
}

/// What happened, and what to do.
pub fn failed(why: &Failed) -> [String; 2] {
    let words = |what: &str, now: &str| [what.to_owned(), now.to_owned()];
    match why {
        Failed::Stranger => words(
            "This browser is not the one that set-up was opened in, or the server was restarted in \
             between. Nothing was stored.",
            "Open the link from the server's log and start again. If GitHub has created an App \
             already, delete it there first: its keys were never handed out.",
        ),
        Failed::State => words(
            "This is not the way back that was handed to GitHub, or it was used before. Nothing was \
             stored.",
            "Start again at /setup. An App that GitHub has created for an earlier try can be deleted \
             there: its keys were never handed out.",
        ),
        Failed::NoCode => words(
            "GitHub sent no code along. Nothing was created.",
            "Start again at /setup.",
        ),
        Failed::Code(apps) => [
            "GitHub does not take the code: it was used before, or an hour is over. Nothing was \
             stored."
                .to_owned(),
            format!("Delete the half-made App at {apps}, then start again at /setup."),
        ],
        Failed::Unreached(why) => [
            format!("GitHub could not be asked for the App's keys: {why}."),
            "Load this page again: the code is good for an hour. If it lasts, look at the server's \
             way to GITHUB_API_URL and at its clock."
                .to_owned(),
        ],
        Failed::CrossSite => words(
            "The request did not come from a page of this server.",
            "Set PUBLIC_URL to the address at which you open this page, with https://, restart, and \
             open the new link.",
        ),
    }
}

/// The title where the credentials cannot be written.
pub const KEEP: &str = "Keep the credentials";
/// What happened, and what to do. `why` is the system's.
pub fn keep(file: &str, why: &str) -> String {
    format!(
        "The App is created, and its credentials cannot be written to {file}: {why}. GitHub shows them \
         once, and the server forgets them when it stops. Download the file now, and start the \
         server with what stands in it. On Kubernetes:"
    )
}
/// How Kubernetes takes the file.
pub const KUBECTL: &str =
    "kubectl create secret generic hotfix-bot-credentials --from-env-file=credentials.env";
/// The link.
pub const DOWNLOAD: &str = "Download credentials.env";
/// The button.
pub const STORED: &str = "I have stored it: end the server";
/// The title after that.
pub const ENDED: &str = "The server ends";
/// What is next.
pub const ENDED_HOW: &str = "Start it with the settings from the file. Then install the App on your \
    repositories at:";

/// The title while GitHub installs.
pub const DONE: &str = "Almost there";
/// What it shows.
pub const DONE_HOW: &str = "This page renews itself.";
/// The App is there.
pub fn created(name: &str) -> String {
    format!("The App {name} is created, and its credentials are kept.")
}
/// Whether GitHub reaches the server.
pub fn heard(yes: bool, webhook: &str) -> String {
    match yes {
        true => "The first delivery has arrived: GitHub reaches this server.".to_owned(),
        false => format!(
            "No delivery has arrived yet. One comes when the App is installed. If none does, look at \
             Recent Deliveries in the App's settings: GitHub must reach {webhook}."
        ),
    }
}
/// Where it is installed; none: GitHub does not say.
pub fn installed_on(repos: Option<&[String]>) -> String {
    match repos {
        None => {
            "Where it is installed is not known at the moment: GitHub does not answer.".to_owned()
        }
        Some([]) => "It is installed on no repository yet.".to_owned(),
        Some([one]) => format!("It is installed on one repository: {one}."),
        Some(all) => format!("It is installed on {} repositories.", all.len()),
    }
}
/// The link to GitHub's page.
pub const INSTALL: &str = "Install it on your repositories";
/// What is next.
pub const NEXT: &str = "What would stop or slow a hotfix there, on a quiet day:";
/// And after that.
pub const DRILL: &str = "A whole hotfix at a desk, in which nothing leaves the machine:";
/// The command.
pub const DRILL_COMMAND: &str = "hotfix-bot rehearse";

/// The title where GitHub leads after an installation.
pub const INSTALLED: &str = "Installed";
/// Anybody can open that page; so it says nothing of anybody.
pub const INSTALLED_HOW: &str = "GitHub tells the server by itself what the App is installed on. \
    Nothing is left to do here. Label an issue P0 in a repository of yours, and a hotfix begins.";
