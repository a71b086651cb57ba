//! PyPI: its JSON API, its index (PEP 691) and its statements of provenance
//! (warehouse, docs/user/api/{json,index-api,integrity}.md).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::fact::{
    Named, PackageFile, Published, is_of_a_forge, json, leads_to_a_repository, name_in_path,
    version_in_path,
};
use super::provenance;
use super::transport::{Fetched, Transport};
use crate::domain::objects::Origin;

/// The index as JSON.
const INDEX: &str = "application/vnd.pypi.simple.v1+json";
/// All files of a version together are held against their checksums up to so many
/// bytes.
const FILES: u64 = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Release {
    info: Info,
    #[serde(default)]
    urls: Vec<File>,
}

#[derive(Deserialize)]
struct Project {
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    version: String,
    #[serde(default)]
    project_urls: Option<BTreeMap<String, String>>,
    #[serde(default)]
    home_page: Option<String>,
    #[serde(default)]
    yanked: bool,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    #[serde(default)]
    digests: BTreeMap<String, String>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    yanked: bool,
}

#[derive(Deserialize)]
struct Index {
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    files: Vec<InIndex>,
}

#[derive(Deserialize)]
struct InIndex {
    filename: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    /// `false`, or the reason.
    #[serde(default)]
    yanked: Value,
}

impl InIndex {
    fn is_yanked(&self) -> bool {
        !matches!(self.yanked, Value::Null | Value::Bool(false))
    }
}

/// A name as PyPI compares it (PEP 503).
///
/// # Errors
/// `Invalid` where PyPI allows no such name.
pub(super) fn in_path(name: &str) -> Result<String, Error> {
    name_in_path(name, "-_.")?;
    let mut normal = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            c => normal.push(c.to_ascii_lowercase()),
        }
    }
    Ok(normal)
}

async fn index(of: &Transport, root: &str, name: &str) -> Result<Option<Index>, Error> {
    let url = format!("{root}/simple/{}/", in_path(name)?);
    match of.text("pypi", &url, INDEX).await? {
        Some(body) => json(&url, &body).map(Some),
        None => Ok(None),
    }
}

/// A version: 1 call where it is not there, else 2. A release without files is
/// none: nobody can install it.
pub async fn version(
    of: &Transport,
    root: &str,
    name: &str,
    version: &str,
) -> Result<Option<Published>, Error> {
    let (at, number) = (in_path(name)?, version_in_path(version)?);
    let url = format!("{root}/pypi/{at}/{number}/json");
    let Some(body) = of.text("pypi", &url, "").await? else {
        return Ok(None);
    };
    let release: Release = json(&url, &body)?;
    if release.urls.is_empty() {
        return Ok(None);
    }
    let index = index(of, root, name).await?;
    let in_index = |file: &File| {
        let mut all = index.iter().flat_map(|index| &index.files);
        all.find(|it| it.filename == file.filename)
    };
    let sha = |digests: &BTreeMap<String, String>| digests.get("sha256").cloned();
    let disputed = release.urls.iter().any(|file| {
        let told = in_index(file).and_then(|it| sha(&it.hashes));
        told.is_some_and(|told| sha(&file.digests).is_some_and(|it| it != told))
    });
    let mut files: Vec<PackageFile> = release
        .urls
        .iter()
        .map(|file| PackageFile {
            name: file.filename.clone(),
            checksum: sha(&file.digests).unwrap_or_default(),
            url: file.url.clone(),
            size: file.size,
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Some(Published {
        // All of a release is yanked, or nothing (PEP 592).
        withdrawn: release.info.yanked || release.urls.iter().all(|file| file.yanked),
        listed: release.urls.iter().all(|file| in_index(file).is_some()),
        disputed,
        files,
        pointer: None,
        origin: Origin::Unread,
        version: release.info.version,
    }))
}

/// A name: 1 call where there is none, else 2.
pub async fn named(of: &Transport, root: &str, name: &str) -> Result<Option<Named>, Error> {
    let Some(index) = index(of, root, name).await? else {
        return Ok(None);
    };
    let url = format!("{root}/pypi/{}/json", in_path(name)?);
    let link = match of.text("pypi", &url, "").await? {
        Some(body) => link(&json::<Project>(&url, &body)?.info),
        None => None,
    };
    let withdrawn = |version: &&String| {
        let mut files = index.files.iter().filter(|file| is_of(file, version));
        let first = files.next();
        first.is_some_and(|it| it.is_yanked()) && files.all(InIndex::is_yanked)
    };
    let withdrawn = index.versions.iter().filter(withdrawn).cloned().collect();
    Ok(Some(Named {
        withdrawn,
        versions: index.versions,
        link,
        pointer: None,
    }))
}

/// Whether a file is of this version, by its name: `{name}-{version}.tar.gz`,
/// `{name}-{version}-….whl`.
fn is_of(file: &InIndex, version: &str) -> bool {
    let mut parts = file.filename.match_indices(version);
    parts.any(|(at, _)| {
        let before = file.filename.get(..at).unwrap_or_default();
        let after = file.filename.get(at + version.len()..).unwrap_or_default();
        let ends = [".tar.gz", ".zip", ".tar.bz2", ".tgz"].contains(&after);
        before.ends_with('-') && (after.starts_with('-') || ends)
    })
}

/// Where a version comes from: the first statement of provenance of its files; and
/// they are held against their checksums, where all of them are small.
pub async fn origin(
    of: &Transport,
    root: &str,
    name: &str,
    fact: &Published,
) -> Result<Origin, Error> {
    if fact.disputed {
        return Ok(Origin::Altered);
    }
    let size = |file: &PackageFile| file.size.unwrap_or(u64::MAX);
    let whole = fact.files.iter().map(size).fold(0, u64::saturating_add);
    let small = fact.files.iter().filter(|_| whole <= FILES);
    for file in small {
        let bound = usize::try_from(FILES).unwrap_or(usize::MAX);
        if let Fetched::Whole(bytes) = of.file_at("pypi", root, &file.url, bound).await? {
            let is = hex::encode(Sha256::digest(&bytes));
            if !file.checksum.is_empty() && !is.eq_ignore_ascii_case(&file.checksum) {
                return Ok(Origin::Altered);
            }
        }
    }
    let (at, number) = (in_path(name)?, version_in_path(&fact.version)?);
    for file in &fact.files {
        let file = name_in_path(&file.name, "-_.+!")?;
        let file = file.replace('+', "%2B").replace('!', "%21");
        let url = format!("{root}/integrity/{at}/{number}/{file}/provenance");
        let body = of.text("pypi", &url, "").await?;
        if let Some(commit) = body.and_then(|body| provenance::of_pypi(&body)?.commit) {
            return Ok(Origin::Commit {
                commit,
                dirty: false,
            });
        }
    }
    Ok(Origin::NotRecorded)
}

/// The repository among the links of a project: the one that is called so, else one
/// that leads to where repositories lie.
fn link(info: &Info) -> Option<String> {
    const CALLED: &[&str] = &["source", "sourcecode", "repository", "code", "github"];
    let urls = info.project_urls.iter().flatten();
    let plain = |label: &str| -> String {
        let letters = label.chars().filter(|c| c.is_ascii_alphanumeric());
        letters.collect::<String>().to_ascii_lowercase()
    };
    let called = |name: &&str| {
        let mut urls = urls.clone();
        let found =
            urls.find(|(label, link)| plain(label) == **name && leads_to_a_repository(link));
        found.map(|(_, link)| link.clone())
    };
    let home = info.home_page.iter();
    let any = || {
        let mut all = urls.clone().map(|(_, link)| link).chain(home);
        all.find(|link| is_of_a_forge(link)).cloned()
    };
    CALLED.iter().find_map(called).or_else(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_pypi_does() {
        assert_eq!(in_path("Friendly-._.Bard").unwrap(), "friendly-bard");
        for wrong in ["", "a/b", "a b", ".."] {
            assert!(in_path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_link_is_the_one_that_is_called_so() {
        let info = |urls: &[(&str, &str)], home: Option<&str>| Info {
            version: String::new(),
            project_urls: Some(
                urls.iter()
                    .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                    .collect(),
            ),
            home_page: home.map(str::to_owned),
            yanked: false,
        };
        let source = "https://github.test/harbour/lantern";
        for (urls, home, expected) in [
            (
                &[("Source Code", source), ("Homepage", "https://a.test")][..],
                None,
                Some(source),
            ),
            (
                &[("Docs", "https://docs.a.test/en/latest")],
                Some(source),
                Some(source),
            ),
            (&[("Docs", "https://docs.a.test/en/latest")], None, None),
            (&[("Changelog", source)], None, Some(source)),
        ] {
            assert_eq!(link(&info(urls, home)).as_deref(), expected, "{urls:?}");
        }
    }

    #[test]
    fn a_file_is_of_one_version_alone() {
        let file = |name: &str| InIndex {
            filename: name.to_owned(),
            hashes: BTreeMap::new(),
            yanked: Value::Null,
        };
        for (name, version, is) in [
            ("lantern-1.0.5.tar.gz", "1.0.5", true),
            ("lantern-1.0.5-py3-none-any.whl", "1.0.5", true),
            ("lantern-1.0.50.tar.gz", "1.0.5", false),
            ("lantern-11.0.5.tar.gz", "1.0.5", false),
            ("lantern-1.0.5.post1.tar.gz", "1.0.5", false),
        ] {
            assert_eq!(is_of(&file(name), version), is, "{name}");
        }
    }
}
