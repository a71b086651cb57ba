//! The server's own settings, by flag or environment variable.
//!
//! [`Args`] takes every value as text, so that one rule holds for all of them:
//! an empty value counts as not set, and a wrong one becomes a single line
//! that names the setting ([`Wrong`]), never a page of usage.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

mod address;
mod channels;
pub mod credentials;
mod database;
pub mod defaults;
mod first_run;
mod key;
mod people;
mod reach;
mod registries;
pub mod setup_token;
mod wrong;

use self::address::{base_url, given, local};
pub use self::address::{public_url, unreachable, web_url};
pub use self::channels::{Channel, ChannelKind, channels_of, read as read_channels};
pub use self::credentials::Credentials;
pub use self::database::{database_url, shown_database};
pub use self::first_run::{Begin, FirstRun, begin};
pub use self::people::{Shown, SignIn};
pub use self::reach::{Reach, ReachArgs, Rights};
pub use self::registries::{RegistryArgs, RegistryUrls};
pub use self::wrong::Wrong;
use self::wrong::wrong;

/// Where GitHub and the registry are reached, as it was given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AddressArgs {
    /// GitHub's REST API [default: github.com's]
    #[arg(long, env = "GITHUB_API_URL", value_name = "URL")]
    pub github_api_url: Option<String>,

    /// GitHub's GraphQL API [default: derived from GITHUB_API_URL]
    #[arg(long, env = "GITHUB_GRAPHQL_URL", value_name = "URL")]
    pub github_graphql_url: Option<String>,

    /// crates.io's API
    #[arg(long, env = "CRATES_IO_URL", value_name = "URL")]
    pub crates_io_url: Option<String>,

    /// crates.io's sparse index
    #[arg(long, env = "CRATES_IO_INDEX_URL", value_name = "URL")]
    pub crates_io_index_url: Option<String>,

    /// The other registries.
    #[command(flatten)]
    pub registries: RegistryArgs,
}

/// The same, looked at.
#[derive(Clone, Debug, Default)]
struct Addresses {
    github_api_url: Option<String>,
    github_graphql_url: Option<String>,
    crates_io_url: Option<String>,
    crates_io_index_url: Option<String>,
    registries: Option<RegistryUrls>,
}

impl AddressArgs {
    /// Fills in the defaults; what is wrong is noted, in the order of `--help`.
    fn read(self, all: &mut Vec<Wrong>) -> Addresses {
        let mut url = |setting, given, default: &str| noted(base_url(setting, given, default), all);
        let api = url(
            "GITHUB_API_URL",
            self.github_api_url,
            defaults::GITHUB_API_URL,
        );
        let derived = api.as_deref().map(graphql_url).unwrap_or_default();
        let graphql = url("GITHUB_GRAPHQL_URL", self.github_graphql_url, &derived);
        let crates = url("CRATES_IO_URL", self.crates_io_url, defaults::CRATES_IO_URL);
        let index = url(
            "CRATES_IO_INDEX_URL",
            self.crates_io_index_url,
            defaults::CRATES_IO_INDEX_URL,
        );
        Addresses {
            github_graphql_url: graphql,
            crates_io_url: crates,
            crates_io_index_url: index,
            registries: self.registries.read(all),
            github_api_url: api,
        }
    }
}

/// The settings as they were given. Secrets do not show in `Debug` or `--help`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Args {
    /// The App's number or client id (required)
    #[arg(long, env = "APP_ID", value_name = "ID")]
    pub app_id: Option<String>,

    // A value that begins with hyphens, as PEM does, would otherwise be taken
    // for an unknown flag, and shown.
    /// The App's private key, PEM; "\n" may stand for line ends
    #[arg(long, env = "PRIVATE_KEY", value_name = "PEM", hide_env_values = true, value_parser = secret,
        allow_hyphen_values = true)]
    pub private_key: Option<SecretString>,

    /// A file with the App's private key, in place of PRIVATE_KEY
    #[arg(long, env = "PRIVATE_KEY_PATH", value_name = "FILE")]
    pub private_key_path: Option<PathBuf>,

    /// The webhook's secret (required); several, separated by commas, while it is changed
    #[arg(long, env = "WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true, value_parser = secret,
        allow_hyphen_values = true)]
    pub webhook_secret: Option<SecretString>,

    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, env = "HOST", value_name = "HOST")]
    pub host: Option<String>,

    /// Port to listen on [default: 3000]
    #[arg(long, env = "PORT", value_name = "PORT")]
    pub port: Option<String>,

    /// Database: sqlite:FILE or postgres://… [default: sqlite:hotfix-bot.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Where GitHub and the registry are reached.
    #[command(flatten)]
    pub addresses: AddressArgs,

    /// A crates.io token that may yank, for rollback.yank = "token"
    #[arg(long, env = "CRATES_IO_TOKEN", value_name = "TOKEN", hide_env_values = true, value_parser = secret,
        allow_hyphen_values = true)]
    pub crates_io_token: Option<SecretString>,

    /// GitHub's status page [default: github.com's, for github.com]
    #[arg(long, env = "GITHUB_STATUS_URL", value_name = "URL")]
    pub github_status_url: Option<String>,

    /// crates.io's status page [default: crates.io's, for crates.io]
    #[arg(long, env = "CRATES_IO_STATUS_URL", value_name = "URL")]
    pub crates_io_status_url: Option<String>,

    /// Who sees the pages: off (nobody), public (anybody what is public, and who signs in what they
    /// may read) or signed-in (nobody else) [default: off]
    #[arg(long, env = "PAGES", value_name = "WHICH")]
    pub pages: Option<String>,

    /// Where people and GitHub reach the server: https, a host, nothing behind it
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// GitHub's pages [default: derived from GITHUB_API_URL]
    #[arg(long, env = "GITHUB_WEB_URL", value_name = "URL")]
    pub github_web_url: Option<String>,

    /// The App's client id, for people who sign in
    #[arg(long, env = "CLIENT_ID", value_name = "ID")]
    pub client_id: Option<String>,

    /// A client secret of the App, for people who sign in
    #[arg(long, env = "CLIENT_SECRET", value_name = "SECRET", hide_env_values = true, value_parser = secret,
        allow_hyphen_values = true)]
    pub client_secret: Option<SecretString>,

    /// A port of its own for /metrics, which then stands on no other [default: PORT's]
    #[arg(long, env = "METRICS_PORT", value_name = "PORT")]
    pub metrics_port: Option<String>,

    /// Where set-up keeps the App's credentials [default: credentials.env beside the database]
    #[arg(long, env = "CREDENTIALS_FILE", value_name = "FILE")]
    pub credentials_file: Option<PathBuf>,

    /// Whether a server without an App offers to create one: auto or off [default: auto]
    #[arg(long, env = "SETUP", value_name = "WHEN")]
    pub setup: Option<String>,

    /// What is logged, such as "info" or "hotfix_bot=debug" [default: info]
    #[arg(long, env = "RUST_LOG", value_name = "FILTER")]
    pub rust_log: Option<String>,

    /// The settings of channels, `CHANNEL_…`, which have no flags.
    #[arg(skip)]
    pub channels: Vec<(String, SecretString)>,
}

/// Settings that were looked at: the server can start with them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The App's number or client id, the issuer of its tokens.
    pub app_id: String,
    /// The App's RSA key, PEM (PKCS#1 or PKCS#8), with real line ends.
    pub private_key: SecretString,
    /// One secret, or several while it is changed; a signature by any counts.
    pub webhook_secrets: Vec<SecretString>,
    /// Name or address to listen on.
    pub host: String,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// `sqlite:` and the path of the file, or the address of a PostgreSQL server, which
    /// may hold a password.
    pub database_url: SecretString,
    /// Base of the REST API, without a closing slash.
    pub github_api_url: String,
    /// The GraphQL endpoint.
    pub github_graphql_url: String,
    /// Base of crates.io's API, without a closing slash.
    pub crates_io_url: String,
    /// Base of crates.io's sparse index, without a closing slash.
    pub crates_io_index_url: String,
    /// Where the other registries are.
    pub registries: RegistryUrls,
    /// A token of crates.io that may yank.
    pub crates_io_token: Option<SecretString>,
    /// The channels that repositories may name.
    pub channels: Vec<Channel>,
    /// Base of GitHub's status page; none: there is none to ask.
    pub github_status_url: Option<String>,
    /// Base of crates.io's status page; none: there is none to ask.
    pub crates_io_status_url: Option<String>,
    /// What the pages show.
    pub pages: Shown,
    /// What people sign in with; none: nobody can.
    pub sign_in: Option<SignIn>,
    /// Where the metrics stand by themselves; none: at `port`.
    pub metrics_port: Option<u16>,
    /// Where people and GitHub reach the server, without a closing slash; none:
    /// it is not known.
    pub public_url: Option<String>,
    /// The filter of the log.
    pub rust_log: String,
}

impl Settings {
    /// Looks at what was given and fills in the defaults. Reads the key's file
    /// where a path was given; nothing else is touched.
    ///
    /// # Errors
    /// Every setting that is missing or wrong, in the order of `--help`.
    pub fn read(args: Args) -> Result<Self, Vec<Wrong>> {
        let mut all = Vec::new();
        let app_id = noted(app_id(args.app_id), &mut all);
        let private_key = noted(key::read(args.private_key, args.private_key_path), &mut all);
        let webhook_secrets = noted(webhook_secrets(args.webhook_secret), &mut all);
        let host = noted(host(args.host), &mut all);
        let port = noted(port(args.port), &mut all);
        let database_url = noted(database_url(args.database_url), &mut all);
        let Addresses {
            github_api_url: api,
            github_graphql_url: graphql,
            crates_io_url: crates,
            crates_io_index_url: index,
            registries,
        } = args.addresses.read(&mut all);
        // What stands elsewhere is not what these pages speak of.
        let on_github = api.as_deref() == Some(defaults::GITHUB_API_URL);
        let on_crates_io = crates.as_deref() == Some(defaults::CRATES_IO_URL);
        let github_status = status_url(
            "GITHUB_STATUS_URL",
            args.github_status_url,
            on_github.then_some(defaults::GITHUB_STATUS_URL),
        );
        let github_status = noted(github_status, &mut all);
        let crates_io_status = status_url(
            "CRATES_IO_STATUS_URL",
            args.crates_io_status_url,
            on_crates_io.then_some(defaults::CRATES_IO_STATUS_URL),
        );
        let crates_io_status = noted(crates_io_status, &mut all);
        let crates_io_token = noted(crates_io_token(args.crates_io_token), &mut all);
        let channels = noted(channels::read(args.channels), &mut all);
        let pages = noted(people::pages(args.pages), &mut all);
        let public_url = noted(address::given_public_url(args.public_url), &mut all);
        // Looked at whoever uses it, so that a typo is found today.
        let web = match api.as_deref() {
            Some(api) => noted(web_url(args.github_web_url, api), &mut all),
            None => None,
        };
        let given = (args.client_id, args.client_secret);
        let at = (public_url.as_ref(), web.as_ref());
        let sign_in = noted(people::sign_in(given, pages, at), &mut all);
        let metrics_port = noted(metrics_port(args.metrics_port, port), &mut all);
        let setup = noted(may_set_up(args.setup), &mut all);
        let rust_log = noted(rust_log(args.rust_log), &mut all);
        let settings = || {
            web.and(setup)?;
            Some(Settings {
                app_id: app_id?,
                private_key: private_key?,
                webhook_secrets: webhook_secrets?,
                host: host?,
                port: port?,
                database_url: database_url?,
                github_graphql_url: graphql?,
                github_api_url: api?,
                crates_io_url: crates?,
                crates_io_index_url: index?,
                registries: registries?,
                github_status_url: github_status?,
                crates_io_status_url: crates_io_status?,
                crates_io_token: crates_io_token?,
                channels: channels?,
                pages: pages?,
                sign_in: sign_in?,
                metrics_port: metrics_port?,
                public_url: public_url?,
                rust_log: rust_log?,
            })
        };
        settings().filter(|_| all.is_empty()).ok_or(all)
    }

    /// The API addresses that are spoken to without TLS beyond this machine,
    /// by setting: worth a warning, since tokens travel there.
    pub fn unencrypted(&self) -> Vec<&'static str> {
        [
            ("GITHUB_API_URL", &self.github_api_url),
            ("GITHUB_GRAPHQL_URL", &self.github_graphql_url),
            ("CRATES_IO_URL", &self.crates_io_url),
            ("CRATES_IO_INDEX_URL", &self.crates_io_index_url),
        ]
        .into_iter()
        .filter(|(_, url)| Url::parse(url).is_ok_and(|url| url.scheme() == "http" && !local(&url)))
        .map(|(setting, _)| setting)
        .collect()
    }
}

/// The value; what is wrong is noted with the others.
fn noted<T>(read: Result<T, Wrong>, all: &mut Vec<Wrong>) -> Option<T> {
    read.map_err(|wrong| all.push(wrong)).ok()
}

/// GraphQL's address beside a REST base: `/graphql` on github.com, and
/// `/api/graphql` beside `/api/v3` on GitHub Enterprise Server.
pub fn graphql_url(api_url: &str) -> String {
    let base = api_url.trim_end_matches('/');
    let base = base
        .strip_suffix("/v3")
        .filter(|b| b.ends_with("/api"))
        .unwrap_or(base);
    format!("{base}/graphql")
}

// clap wants a `Result`; every text is a secret.
fn secret(text: &str) -> Result<SecretString, std::convert::Infallible> {
    Ok(SecretString::from(text))
}

fn app_id(value: Option<String>) -> Result<String, Wrong> {
    const NAME: &str = "APP_ID";
    let id = given(value).ok_or_else(|| {
        wrong(
            NAME,
            "is missing: the App's number or client id, from its settings page",
        )
    })?;
    let plain = id
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if plain && id.len() <= 100 {
        Ok(id)
    } else {
        Err(wrong(
            NAME,
            "is wrong: expected a number such as 12345, or a client id such as Iv23abc",
        ))
    }
}

fn webhook_secrets(value: Option<SecretString>) -> Result<Vec<SecretString>, Wrong> {
    const NAME: &str = "WEBHOOK_SECRET";
    let value = value.filter(|v| !v.expose_secret().trim().is_empty());
    let value = value.ok_or_else(|| wrong(NAME, "is missing: the secret of the App's webhook"))?;
    value
        .expose_secret()
        .split(',')
        .map(|one| match one.trim() {
            "" => Err(wrong(
                NAME,
                "is wrong: an empty secret; expected one, or several separated by single commas",
            )),
            one => Ok(SecretString::from(one)),
        })
        .collect()
}

fn crates_io_token(value: Option<SecretString>) -> Result<Option<SecretString>, Wrong> {
    let Some(value) = value else {
        return Ok(None);
    };
    let token = value.expose_secret().trim();
    match token.bytes().all(|b| b.is_ascii_graphic()) {
        true if token.is_empty() => Ok(None),
        true => Ok(Some(SecretString::from(token))),
        false => Err(wrong(
            "CRATES_IO_TOKEN",
            "is wrong: a token of crates.io is one word of letters, digits and signs",
        )),
    }
}

fn host(value: Option<String>) -> Result<String, Wrong> {
    let Some(host) = given(value) else {
        return Ok(defaults::HOST.to_owned());
    };
    let bare = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .unwrap_or(&host);
    let address = bare.parse::<std::net::IpAddr>().is_ok();
    let name = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if address || name {
        Ok(bare.to_owned())
    } else {
        let why = format!(
            "is wrong: {host:?}; expected an address such as 127.0.0.1 or a name, without scheme or port"
        );
        Err(wrong("HOST", why))
    }
}

fn port(value: Option<String>) -> Result<u16, Wrong> {
    let Some(port) = given(value) else {
        return Ok(defaults::PORT);
    };
    port.parse().map_err(|_| {
        wrong(
            "PORT",
            format!("is wrong: {port:?}; expected a number from 0 to 65535"),
        )
    })
}

/// A status page: the given one, else that of the default, where there is one.
fn status_url(
    setting: &'static str,
    value: Option<String>,
    default: Option<&str>,
) -> Result<Option<String>, Wrong> {
    match (given(value), default) {
        (None, None) => Ok(None),
        (value, default) => base_url(setting, value, default.unwrap_or_default()).map(Some),
    }
}

/// `METRICS_PORT`: none, or one that is not the server's own.
fn metrics_port(value: Option<String>, port: Option<u16>) -> Result<Option<u16>, Wrong> {
    let Some(text) = given(value) else {
        return Ok(None);
    };
    match text.parse::<u16>() {
        Ok(it) if it == 0 || Some(it) != port => Ok(Some(it)),
        _ => Err(wrong(
            "METRICS_PORT",
            format!("is wrong: {text:?}; expected a number from 0 to 65535 that is not PORT's"),
        )),
    }
}

/// `SETUP`: whether a server without an App may be given one.
fn may_set_up(value: Option<String>) -> Result<bool, Wrong> {
    match given(value).as_deref() {
        None | Some("auto") => Ok(true),
        Some("off") => Ok(false),
        Some(_) => Err(wrong("SETUP", "is wrong: expected auto or off")),
    }
}

fn rust_log(value: Option<String>) -> Result<String, Wrong> {
    let Some(filter) = given(value) else {
        return Ok(defaults::RUST_LOG.to_owned());
    };
    match tracing_subscriber::EnvFilter::try_new(&filter) {
        Ok(_) => Ok(filter),
        Err(e) => Err(wrong(
            "RUST_LOG",
            format!("is wrong: {e}; expected a level or a filter such as hotfix_bot=debug"),
        )),
    }
}

#[cfg(test)]
mod tests;
