//! npm's registry (npm/registry:docs/responses/package-metadata.md).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use sha2::{Digest, Sha512};

use super::error::Error;
use super::fact::{
    Named, PackageFile, Published, json, leads_to_a_repository, name_in_path, version_in_path,
};
use super::provenance;
use super::transport::{Fetched, Transport};
use crate::domain::objects::Origin;

/// What installers ask for: without dates, and what was unpublished.
const SHORT: &str = "application/vnd.npm.install-v1+json";
/// No longer whole document is read, bytes; the short one instead.
const WHOLE: usize = 16 * 1024 * 1024;
/// No larger file is fetched, bytes.
const FILE: usize = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Document<V> {
    #[serde(rename = "dist-tags", default)]
    tags: BTreeMap<String, String>,
    #[serde(default = "BTreeMap::new")]
    versions: BTreeMap<String, V>,
    /// Also of what was unpublished.
    #[serde(default)]
    time: BTreeMap<String, IgnoredAny>,
    #[serde(default)]
    repository: Value,
}

#[derive(Deserialize)]
struct InList {
    #[serde(default)]
    deprecated: Value,
    #[serde(default)]
    dist: Dist,
}

#[derive(Deserialize)]
struct Manifest {
    version: String,
    #[serde(default)]
    deprecated: Value,
    #[serde(default)]
    dist: Dist,
    #[serde(rename = "gitHead", default)]
    git_head: Option<String>,
}

#[derive(Default, Deserialize)]
struct Dist {
    #[serde(default)]
    integrity: Option<String>,
    #[serde(default)]
    shasum: Option<String>,
    #[serde(default)]
    tarball: String,
    #[serde(default)]
    attestations: Option<IgnoredAny>,
}

impl Dist {
    fn checksum(&self) -> String {
        let one = self.integrity.clone().filter(|it| !it.is_empty());
        one.or_else(|| self.shasum.clone()).unwrap_or_default()
    }
}

/// A name as a part of a path: the slash of a scope is encoded.
pub(super) fn in_path(name: &str) -> Result<String, Error> {
    let wrong = || Error::Invalid(format!("{name:?} is no name of a package"));
    let (scope, own) = match name.strip_prefix('@') {
        Some(scoped) => scoped.split_once('/').ok_or_else(wrong)?,
        None => ("", name),
    };
    let part = |part| name_in_path(part, "-_.~");
    part(own)?;
    Ok(match scope {
        "" if name.starts_with('@') => return Err(wrong()),
        "" => own.to_owned(),
        scope => format!("@{}%2F{own}", part(scope)?),
    })
}

/// A version: 1 call where it is not there, else 2.
pub async fn version(
    of: &Transport,
    root: &str,
    name: &str,
    version: &str,
) -> Result<Option<Published>, Error> {
    let (at, number) = (in_path(name)?, version_in_path(version)?);
    let url = format!("{root}/{at}/{number}");
    let Some(body) = of.text("npm", &url, "").await? else {
        return Ok(None);
    };
    let manifest: Manifest = json(&url, &body)?;
    let url = format!("{root}/{at}");
    let list = match of.text("npm", &url, SHORT).await? {
        Some(body) => Some(json::<Document<InList>>(&url, &body)?),
        None => None,
    };
    let listed = list.as_ref().and_then(|it| it.versions.get(version));
    let says = |it: &InList| it.dist.checksum();
    let checksum = manifest.dist.checksum();
    let told = listed.map(says).filter(|it| !it.is_empty());
    let git_head = manifest.git_head.as_deref().and_then(provenance::sha);
    Ok(Some(Published {
        disputed: told.is_some_and(|it| !checksum.is_empty() && it != checksum),
        withdrawn: is_said(&manifest.deprecated)
            || listed.is_some_and(|it| is_said(&it.deprecated)),
        listed: listed.is_some(),
        pointer: list.as_ref().and_then(|it| it.tags.get("latest").cloned()),
        files: vec![PackageFile {
            name: format!("{name}-{version}.tgz"),
            checksum,
            url: manifest.dist.tarball,
            size: None,
        }],
        origin: match (manifest.dist.attestations, git_head) {
            // A signed statement goes before the client's own words.
            (Some(_), _) => Origin::Unread,
            (None, Some(commit)) => Origin::Commit {
                commit,
                dirty: false,
            },
            (None, None) => Origin::NotRecorded,
        },
        version: manifest.version,
    }))
}

/// A name: 1 call, 2 where its document is too long.
pub async fn named(of: &Transport, root: &str, name: &str) -> Result<Option<Named>, Error> {
    let url = format!("{root}/{}", in_path(name)?);
    let body = match of.file("npm", &url, WHOLE).await? {
        Fetched::Gone => return Ok(None),
        Fetched::Whole(body) => String::from_utf8_lossy(&body).into_owned(),
        Fetched::TooLarge => match of.text("npm", &url, SHORT).await? {
            Some(body) => body,
            None => return Ok(None),
        },
    };
    let document: Document<InList> = json(&url, &body)?;
    let withdrawn =
        |(number, it): (&String, &InList)| is_said(&it.deprecated).then(|| number.clone());
    let removed = |number: &&String| {
        let is_date = matches!(number.as_str(), "created" | "modified" | "unpublished");
        !is_date && !document.versions.contains_key(*number)
    };
    let removed: Vec<String> = document.time.keys().filter(removed).cloned().collect();
    let mut all = Named {
        versions: document.versions.keys().cloned().collect(),
        withdrawn: document.versions.iter().filter_map(withdrawn).collect(),
        link: link(&document.repository),
        pointer: document.tags.get("latest").cloned(),
    };
    all.versions.extend(removed.iter().cloned());
    all.withdrawn.extend(removed);
    Ok(Some(all))
}

/// Where a version comes from: its signed provenance; and its file held against the
/// checksum.
pub async fn origin(
    of: &Transport,
    root: &str,
    name: &str,
    fact: &Published,
) -> Result<Origin, Error> {
    let Some(file) = fact.files.first() else {
        return Ok(Origin::Unreadable);
    };
    if fact.disputed {
        return Ok(Origin::Altered);
    }
    if let Some(told) = file.checksum.strip_prefix("sha512-") {
        match of.file_at("npm", root, &file.url, FILE).await? {
            Fetched::Whole(bytes) if STANDARD.encode(Sha512::digest(&bytes)) != told => {
                return Ok(Origin::Altered);
            }
            // It follows the document.
            Fetched::Gone => return Ok(Origin::Unread),
            Fetched::Whole(_) | Fetched::TooLarge => {}
        }
    }
    if fact.origin != Origin::Unread {
        return Ok(fact.origin.clone());
    }
    let (at, number) = (in_path(name)?, version_in_path(&fact.version)?);
    let url = format!("{root}/-/npm/v1/attestations/{at}@{number}");
    let body = of.text("npm", &url, "").await?;
    let commit = body.and_then(|body| provenance::of_npm(&body)?.commit);
    Ok(match commit {
        Some(commit) => Origin::Commit {
            commit,
            dirty: false,
        },
        None => Origin::NotRecorded,
    })
}

/// `deprecated` is a text; some clients write `false` or nothing in it.
fn is_said(deprecated: &Value) -> bool {
    match deprecated {
        Value::String(text) => !text.is_empty(),
        Value::Bool(is) => *is,
        _ => false,
    }
}

/// `repository` is a text or has a `url`. A short form says no host: then whose it
/// is has to be told by something else.
fn link(repository: &Value) -> Option<String> {
    let link = repository
        .as_str()
        .or_else(|| repository.get("url")?.as_str())?;
    leads_to_a_repository(link).then(|| link.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_one_part_of_the_path() {
        assert_eq!(in_path("lantern").unwrap(), "lantern");
        assert_eq!(in_path("@harbour/lantern").unwrap(), "@harbour%2Flantern");
        for wrong in [
            "",
            "@harbour",
            "@/lantern",
            "@a/b/c",
            "a/b",
            "..",
            "a b",
            "a?b",
        ] {
            assert!(in_path(wrong).is_err(), "{wrong}");
        }
    }
}
