//! Charts in a repository of files: its `index.yaml` (helm.sh, "The Chart Repository
//! Guide").

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::{Budget, Options};

use super::error::Error;
use super::fact::{Named, PackageFile, Published, leads_to_a_repository, name_in_path};
use super::transport::{By, Fetched, Named as Found, Transport};
use crate::domain::objects::Origin;

/// No longer index is read, bytes.
const INDEX: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
struct Index {
    /// Without a chart, or a version of it, nothing may stand there.
    #[serde(default)]
    entries: Option<BTreeMap<String, Option<Vec<Entry>>>>,
}

/// The index as it stands: as many values as it has bytes, and comments that say
/// nothing.
fn read(text: &str) -> Result<Index, serde_saphyr::Error> {
    let mut budget = Budget::default();
    budget.max_nodes = budget.max_nodes.max(text.len());
    budget.max_events = budget.max_events.max(text.len().saturating_mul(2));
    let mut options = Options::default();
    options.budget = Some(budget);
    options.emit_comments = false;
    serde_saphyr::from_str_with_options(text, options)
}

#[derive(Deserialize)]
struct Entry {
    version: String,
    #[serde(default)]
    digest: Option<String>,
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    home: Option<String>,
}

/// The entries of a chart.
async fn entries(of: &Transport, (root, by): (&str, By), chart: &str) -> Result<Vec<Entry>, Error> {
    name_in_path(chart, "-_.")?;
    let url = format!("{root}/index.yaml");
    let bytes = match of.named("helm", (&url, by), "", None).await? {
        Found::Answer(answer) => of.whole("helm", answer, INDEX).await?,
        Found::Gone => Fetched::Gone,
        Found::WantsToken(_) => return Err(Error::Forbidden(format!("{url} wants a token"))),
    };
    let bytes = match bytes {
        Fetched::Gone => return Ok(Vec::new()),
        Fetched::TooLarge => return Err(Error::Invalid(format!("{url} is too long"))),
        Fetched::Whole(bytes) => bytes,
    };
    let text = String::from_utf8_lossy(&bytes);
    let index =
        read(&text).map_err(|why| Error::Invalid(format!("{url} could not be read: {why}")))?;
    let mut entries = index.entries.unwrap_or_default();
    Ok(entries.remove(chart).flatten().unwrap_or_default())
}

/// A version: 1 call.
pub async fn version(
    of: &Transport,
    root: (&str, By),
    chart: &str,
    version: &str,
) -> Result<Option<Published>, Error> {
    let all = entries(of, root, chart).await?;
    let entry = all.into_iter().find(|it| it.version == version);
    Ok(entry.map(|entry| Published {
        listed: true,
        files: vec![PackageFile {
            name: format!("{chart}-{version}.tgz"),
            checksum: entry.digest.unwrap_or_default(),
            url: entry.urls.into_iter().next().unwrap_or_default(),
            size: None,
        }],
        origin: Origin::NotRecorded,
        version: entry.version,
        ..Published::default()
    }))
}

/// A chart: 1 call.
pub async fn named(of: &Transport, root: (&str, By), chart: &str) -> Result<Option<Named>, Error> {
    let all = entries(of, root, chart).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let newest = all.first();
    let sources = newest.map_or(&[][..], |it| it.sources.as_slice()).iter();
    let mut links = sources.chain(newest.and_then(|it| it.home.as_ref()));
    let link = links.find(|link| leads_to_a_repository(link)).cloned();
    Ok(Some(Named {
        versions: all.into_iter().map(|it| it.version).collect(),
        withdrawn: Vec::new(),
        link,
        pointer: None,
    }))
}
