//! crates.io: its sparse index (what cargo resolves by) and its API (what is
//! known at once).

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::address;
use super::error::Error;
use super::package_file;
use super::transport::{Fetched, Transport, told};
use crate::clock::{Clock, Millis};
use crate::domain::objects::{Answered, Origin};
use crate::net::Reach;
use crate::telemetry;

/// No larger file is fetched: crates.io takes ten megabytes, unless it was
/// asked for more.
const FILE_SIZE: usize = 32 * 1024 * 1024;

/// A published version of a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFact {
    /// The version, such as `1.0.5`.
    pub num: String,
    /// Whether it is yanked.
    pub yanked: bool,
    /// SHA-256 of the `.crate` file, hexadecimal.
    pub checksum: String,
    /// When it was published; only the API tells it.
    pub created_at: Option<Millis>,
    /// Whether cargo can resolve it already. The index follows the API by up to
    /// ten minutes (it is cached).
    pub in_index: bool,
    /// Whether index and API tell of another file each.
    #[serde(default)]
    pub disputed: bool,
}

/// Where crates.io is, and who asks.
#[derive(Clone, Debug)]
pub struct CratesIoOptions {
    /// Root of the site; its API is below `/api/v1`.
    pub api_url: String,
    /// Root of the sparse index.
    pub index_url: String,
    /// Program and contact: crates.io answers 403 without one.
    pub user_agent: String,
    /// Our clock.
    pub clock: Clock,
    /// How long one call may take.
    pub call_timeout: Duration,
    /// A token that may yank; it goes nowhere but to the API.
    pub token: Option<SecretString>,
    /// Which other hosts may be asked for what stands there.
    pub reach: Reach,
}

impl CratesIoOptions {
    /// Options with 15 s for a call. `contact` is an address where the operator
    /// or the project can be reached; crates.io asks for one.
    pub fn new(
        api_url: impl Into<String>,
        index_url: impl Into<String>,
        contact: &str,
        clock: Clock,
    ) -> Self {
        CratesIoOptions {
            api_url: api_url.into(),
            index_url: index_url.into(),
            user_agent: format!("hotfix-bot/{} ({contact})", env!("CARGO_PKG_VERSION")),
            clock,
            call_timeout: Duration::from_secs(15),
            token: None,
            reach: Reach::Public,
        }
    }
}

/// A client of crates.io; clones share connections.
#[derive(Clone, Debug)]
pub struct CratesIo(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    transport: Transport,
    api: String,
    index: String,
    token: Option<SecretString>,
}

#[derive(Deserialize)]
struct IndexLine {
    vers: String,
    #[serde(default)]
    cksum: String,
    #[serde(default)]
    yanked: bool,
}

#[derive(Deserialize)]
struct ApiCrate {
    #[serde(rename = "crate")]
    of: CrateLinks,
}

#[derive(Deserialize)]
struct CrateLinks {
    #[serde(default)]
    repository: Option<String>,
}

#[derive(Deserialize)]
struct ApiAnswer {
    version: ApiVersion,
}

#[derive(Deserialize)]
struct ApiVersion {
    num: String,
    #[serde(default)]
    yanked: bool,
    #[serde(default)]
    checksum: Option<String>,
    #[serde(default)]
    created_at: Option<String>,
}

impl CratesIo {
    /// Sets the client up; nothing is called yet.
    ///
    /// # Errors
    /// `Invalid` when an address cannot be used.
    pub fn new(options: CratesIoOptions) -> Result<Self, Error> {
        let root = |what: &str, given: &str| -> Result<String, Error> {
            let trimmed = given.trim().trim_end_matches('/');
            // Cargo writes sparse indexes with a scheme of their own.
            let trimmed = trimmed.strip_prefix("sparse+").unwrap_or(trimmed);
            match trimmed.parse::<url::Url>() {
                Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(trimmed.to_owned()),
                _ => Err(Error::Invalid(format!(
                    "{what} must be an http or https address, not {given:?}"
                ))),
            }
        };
        Ok(CratesIo(Arc::new(Inner {
            transport: Transport::new(
                options.user_agent,
                options.call_timeout,
                options.reach,
                options.clock,
            ),
            api: root("crates.io's URL", &options.api_url)?,
            index: root("the crates.io index's URL", &options.index_url)?,
            token: options.token,
        })))
    }

    /// Whether this version is published, by the index, else by the API (which
    /// knows it earlier). `None`: neither has it.
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn version(&self, name: &str, num: &str) -> Result<Option<VersionFact>, Error> {
        let indexed = self.versions(name).await?;
        let indexed = indexed.into_iter().find(|v| v.num == num);
        match (indexed, self.published(name, num).await) {
            (Some(mut fact), Ok(Some(api))) => {
                fact.created_at = api.created_at;
                // The index is cached for ten minutes, the API is not.
                fact.yanked = api.yanked;
                let told = !api.checksum.is_empty() && !fact.checksum.is_empty();
                fact.disputed = told && !api.checksum.eq_ignore_ascii_case(&fact.checksum);
                Ok(Some(fact))
            }
            // The API adds a date; without it the index is proof enough.
            (Some(fact), _) => Ok(Some(fact)),
            (None, answer) => answer,
        }
    }

    /// The page of a version, for people.
    pub fn page(&self, name: &str, num: &str) -> String {
        format!("{}/crates/{name}/{num}", self.0.api)
    }

    /// Every version that the index knows, in order of publication:
    /// `GET {index}/{prefix}/{name}`. None: there is no such crate (yet).
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn versions(&self, name: &str) -> Result<Vec<VersionFact>, Error> {
        let path = index_path(name)?;
        let url = format!("{}/{path}", self.0.index);
        let Some(body) = self.get("index", &url).await? else {
            return Ok(Vec::new());
        };
        // One JSON object a line; a line of a newer format is passed over.
        let lines = body.lines().filter(|line| !line.trim().is_empty());
        Ok(lines
            .filter_map(|line| serde_json::from_str::<IndexLine>(line).ok())
            .map(|line| VersionFact {
                num: line.vers,
                yanked: line.yanked,
                checksum: line.cksum,
                created_at: None,
                in_index: true,
                disputed: false,
            })
            .collect())
    }

    /// The repository that the crate names: `GET {api}/api/v1/crates/{name}`.
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn repository(&self, name: &str) -> Result<Option<String>, Error> {
        index_path(name)?;
        let url = format!("{}/api/v1/crates/{name}", self.0.api);
        let Some(body) = self.get("api", &url).await? else {
            return Ok(None);
        };
        let answer: ApiCrate = serde_json::from_str(&body).map_err(|why| {
            Error::Invalid(format!("the answer of {url} could not be read: {why}"))
        })?;
        Ok(answer.of.repository)
    }

    /// `GET {api}/api/v1/crates/{name}/{version}`.
    async fn published(&self, name: &str, num: &str) -> Result<Option<VersionFact>, Error> {
        index_path(name)?;
        let num = encoded(num)?;
        let url = format!("{}/api/v1/crates/{name}/{num}", self.0.api);
        let Some(body) = self.get("api", &url).await? else {
            return Ok(None);
        };
        let answer: ApiAnswer = serde_json::from_str(&body).map_err(|why| {
            Error::Invalid(format!("the answer of {url} could not be read: {why}"))
        })?;
        let version = answer.version;
        Ok(Some(VersionFact {
            num: version.num,
            yanked: version.yanked,
            checksum: version.checksum.unwrap_or_default(),
            created_at: version
                .created_at
                .and_then(|at| at.parse::<jiff::Timestamp>().ok())
                .map(|at| at.as_millisecond()),
            in_index: false,
            disputed: false,
        }))
    }

    /// The commit that the file of this version records, by
    /// `GET {api}/api/v1/crates/{name}/{version}/download`; the file is held
    /// against the checksum that the registry told.
    ///
    /// # Errors
    /// When it could not be found out.
    pub async fn origin(&self, fact: &VersionFact, name: &str) -> Result<Origin, Error> {
        index_path(name)?;
        let num = encoded(&fact.num)?;
        let url = format!("{}/api/v1/crates/{name}/{num}/download", self.0.api);
        let file = match self.0.transport.file("download", &url, FILE_SIZE).await {
            Ok(Fetched::Whole(file)) => file,
            Ok(Fetched::Gone) => return Ok(Origin::Unread),
            // Who may not look does not learn it by asking again.
            Ok(Fetched::TooLarge) | Err(Error::Forbidden(_)) => return Ok(Origin::Unreadable),
            Err(why) => return Err(why),
        };
        let is_it = hex::encode(Sha256::digest(&file)).eq_ignore_ascii_case(&fact.checksum);
        if fact.disputed || !is_it {
            return Ok(Origin::Altered);
        }
        let read = tokio::task::spawn_blocking(move || package_file::origin(&file));
        Ok(read.await.unwrap_or(Origin::Unreadable))
    }

    /// Yanks a version: `DELETE {api}/api/v1/crates/{name}/{version}/yank`. One that
    /// is yanked stays so.
    ///
    /// # Errors
    /// `NoToken` without one; `Forbidden` where it may not; `Unclear` where nobody
    /// knows whether it was carried out.
    pub async fn yank(&self, name: &str, num: &str) -> Result<(), Error> {
        index_path(name)?;
        let num = encoded(num)?;
        let token = self.0.token.as_ref().ok_or(Error::NoToken)?;
        let mut token = HeaderValue::from_str(token.expose_secret())
            .map_err(|_| Error::Forbidden("the token is none: it holds odd characters".into()))?;
        token.set_sensitive(true);
        let url = format!("{}/api/v1/crates/{name}/{num}/yank", self.0.api);
        let transport = &self.0.transport;
        let call = transport.call(Method::DELETE, &url)?;
        let call = call.header(AUTHORIZATION, token);
        let sent = call.send().await;
        telemetry::count_registry_call("yank", &told(&sent));
        let answer = match sent {
            Ok(answer) => answer,
            // Nobody was there to carry it out.
            Err(why) if why.is_connect() => return Err(Error::Transient(format!("yank: {why}"))),
            Err(why) => return Err(Error::Unclear(format!("yank: {why}"))),
        };
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let headers = answer.headers().clone();
        let body = answer.text().await.unwrap_or_default();
        Err(match status.as_u16() {
            401 => Error::Forbidden(detail(&body)),
            404 | 410 => Error::Invalid(detail(&body)),
            _ => match transport.classify(status, &headers, &body) {
                Error::Transient(why) => Error::Unclear(why),
                Error::Forbidden(_) => Error::Forbidden(detail(&body)),
                other => other,
            },
        })
    }

    /// Whether the page at an address that a repository names shows a text.
    pub async fn look_at(&self, url: &str, contains: &str) -> Answered {
        let transport = &self.0.transport;
        let found = address::look(url, contains, transport.reach(), transport.user_agent()).await;
        telemetry::count_registry_call("address", found.word());
        found
    }

    /// A body, or `None` where there is nothing.
    async fn get(&self, operation: &'static str, url: &str) -> Result<Option<String>, Error> {
        self.0.transport.text(operation, url, "").await
    }

    /// What it is asked with, for the other registries.
    pub(super) fn transport(&self) -> &Transport {
        &self.0.transport
    }
}

/// The words of a refusal: `{"errors": [{"detail": "..."}]}`, or the body.
fn detail(body: &str) -> String {
    let read: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let told = read
        .as_ref()
        .and_then(|it| it.get("errors")?.get(0)?.get("detail")?.as_str());
    let words = told.unwrap_or(body).trim();
    words.chars().take(300).collect()
}

/// A version as a part of a path: a `+` of build metadata would read as a space.
fn encoded(num: &str) -> Result<String, Error> {
    let num: semver::Version = num
        .parse()
        .map_err(|why| Error::Invalid(format!("{num:?} is no version: {why}")))?;
    Ok(num.to_string().replace('+', "%2B"))
}

/// Where the sparse index keeps a crate: `1/a`, `2/ab`, `3/a/abc`,
/// `ab/cd/abcd`, lower case.
///
/// # Errors
/// `Invalid` when crates.io allows no such name: ASCII letters, digits, `-` and
/// `_`, at most 64.
pub fn index_path(name: &str) -> Result<String, Error> {
    let fits = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if name.is_empty() || name.len() > 64 || !fits {
        return Err(Error::Invalid(format!("{name:?} is no name of a crate")));
    }
    let name = name.to_ascii_lowercase();
    let part = |from: usize, to: usize| name.get(from..to).unwrap_or_default();
    Ok(match name.len() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", part(0, 1)),
        _ => format!("{}/{}/{name}", part(0, 2), part(2, 4)),
    })
}

#[cfg(test)]
#[path = "crates_io_tests.rs"]
mod tests;
