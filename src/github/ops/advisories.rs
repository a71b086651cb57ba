//! Security advisories of a repository. What they say is secret until they are
//! published: nothing of it is in what these types print, or in an error.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::github::call::Call;
use crate::github::{Error, Repo};

const GET: &str = "security-advisories/get-repository-advisory";
const UPDATE: &str = "security-advisories/update-repository-advisory";

/// An advisory, with the few fields that are used.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Advisory {
    /// `triage`, `draft`, `published`, `closed`, `withdrawn`.
    pub state: String,
    /// What is vulnerable.
    pub vulnerabilities: Vec<Vulnerability>,
}

impl fmt::Debug for Advisory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Advisory({})", self.state)
    }
}

/// A package that is vulnerable, whole: who changes one of them sends them all.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// The package.
    pub package: Option<AdvisedPackage>,
    /// Which versions are vulnerable.
    pub vulnerable_version_range: Option<String>,
    /// Which are not any more.
    pub patched_versions: Option<String>,
    /// The functions.
    pub vulnerable_functions: Option<Vec<String>>,
}

/// A package, as an advisory names it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisedPackage {
    /// `rust`, `npm`, `pip`, ...
    pub ecosystem: String,
    /// Its name there.
    pub name: Option<String>,
}

/// What to change of an advisory.
#[derive(Clone, Default, Serialize)]
pub struct AdvisoryPatch<'a> {
    /// `published`, `closed`, `draft`.
    pub state: &'a str,
    /// What is vulnerable, all of it; none: as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vulnerabilities: Option<&'a [Vulnerability]>,
}

impl Repo {
    /// An advisory: `GET .../security-advisories/{ghsa_id}`. None: there is none of that
    /// id, or the App may not see it. A published one of a public repository may be read
    /// by everybody.
    pub async fn advisory(&self, id: &str) -> Result<Option<Advisory>, Error> {
        let call = Call::get(GET, self.path(&["security-advisories", id]));
        let reply = self.call(call).await.map_err(|error| muted(error, GET))?;
        reply.maybe().map_err(|error| muted(error, GET))
    }

    /// Changes an advisory: `PATCH .../security-advisories/{ghsa_id}`.
    pub async fn update_advisory(
        &self,
        id: &str,
        patch: &AdvisoryPatch<'_>,
    ) -> Result<Advisory, Error> {
        let body = serde_json::to_value(patch).unwrap_or_default();
        let call = Call::patch(UPDATE, self.path(&["security-advisories", id]), body);
        let reply = self
            .call(call)
            .await
            .map_err(|error| muted(error, UPDATE))?;
        reply.json().map_err(|error| muted(error, UPDATE))
    }
}

/// The error without GitHub's words, which may quote what the advisory says.
fn muted(error: Error, operation: &str) -> Error {
    // Ours come first, up to a colon.
    let ours = |words: String| match words.split_once(':') {
        Some((ours, _)) => ours.to_owned(),
        None => words,
    };
    match error {
        Error::Transient(words) => Error::Transient(ours(words)),
        Error::Ambiguous(words) => Error::Ambiguous(ours(words)),
        Error::Forbidden { needs, .. } => Error::Forbidden {
            message: "the App may not".to_owned(),
            needs,
        },
        Error::Invalid { message } if message.starts_with(operation) => {
            Error::invalid(ours(message))
        }
        Error::Invalid { .. } => Error::invalid("the advisory is not as it has to be"),
        Error::Conflict(_) => Error::Conflict("the advisory is another one by now".to_owned()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_quotes_an_advisory() {
        let secret = "reads /etc/passwd";
        let forbidden = Error::Forbidden {
            message: secret.into(),
            needs: Some("repository_advisories=write".into()),
        };
        for error in [
            Error::Transient(format!("{GET} answered 502: {secret}")),
            Error::Ambiguous(format!("the answer to {GET} could not be read: {secret}")),
            Error::invalid(secret),
            Error::invalid(format!("{GET} is not served: {secret}")),
            Error::Conflict(secret.into()),
            forbidden,
        ] {
            let told = muted(error, GET).to_string();
            assert!(!told.contains("passwd"), "{told}");
        }
        let unread = Advisory {
            state: "draft".into(),
            vulnerabilities: vec![Vulnerability {
                patched_versions: Some(secret.into()),
                ..Vulnerability::default()
            }],
        };
        assert_eq!(format!("{unread:?}"), "Advisory(draft)");
    }
}
