//! RubyGems.org: its API (rubygems/guides:rubygems-org-api.md, -v2.md) and its
//! compact index, which Bundler resolves by.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::fact::{
    Named, PackageFile, Published, json, leads_to_a_repository, name_in_path, version_in_path,
};
use super::transport::{Fetched, Transport};
use crate::domain::objects::Origin;

/// No larger file is fetched, bytes.
const FILE: usize = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Version {
    number: String,
    #[serde(default)]
    platform: Option<String>,
    #[serde(default)]
    sha: Option<String>,
}

#[derive(Deserialize)]
struct Gem {
    #[serde(default)]
    source_code_uri: Option<String>,
    #[serde(default)]
    homepage_uri: Option<String>,
}

/// A line of the compact index.
struct Line {
    version: String,
    checksum: String,
}

pub(super) fn in_path(name: &str) -> Result<&str, Error> {
    name_in_path(name, "-_.")
}

/// The file of a version, of a platform beside Ruby's own.
fn file(root: &str, name: &str, version: &str, checksum: String) -> PackageFile {
    let file = format!("{name}-{version}.gem");
    PackageFile {
        url: format!("{root}/gems/{file}"),
        name: file,
        checksum,
        size: None,
    }
}

/// `GET {root}/info/{name}`: after `---` a line a version and platform,
/// `1.0.5-java a:>= 1|checksum:…,ruby:>= 3`. What was yanked has none.
async fn index(of: &Transport, root: &str, name: &str) -> Result<Vec<Line>, Error> {
    let url = format!("{root}/info/{}", in_path(name)?);
    let body = of.text("rubygems", &url, "").await?.unwrap_or_default();
    let lines = body.lines().skip_while(|line| *line != "---").skip(1);
    let line = |line: &str| {
        let (version, rest) = line.split_once(' ')?;
        let of_gem = rest.split_once('|').map_or("", |(_, it)| it).split(',');
        let mut sums = of_gem.filter_map(|it| it.strip_prefix("checksum:"));
        Some(Line {
            version: version.to_owned(),
            checksum: sums.next().unwrap_or_default().to_owned(),
        })
    };
    Ok(lines.filter_map(line).collect())
}

/// A version: 1 call where it is not there, else 2. One that was yanked is not
/// there.
pub async fn version(
    of: &Transport,
    root: &str,
    name: &str,
    version: &str,
) -> Result<Option<Published>, Error> {
    let (at, number) = (in_path(name)?, version_in_path(version)?);
    let url = format!("{root}/api/v2/rubygems/{at}/versions/{number}.json");
    let Some(body) = of.text("rubygems", &url, "").await? else {
        return Ok(None);
    };
    let told: Version = json(&url, &body)?;
    let sha = told.sha.unwrap_or_default();
    let platform = told.platform.filter(|it| it != "ruby");
    let spelled = match platform {
        Some(platform) => format!("{}-{platform}", told.number),
        None => told.number.clone(),
    };
    let lines = index(of, root, name).await?;
    let others = format!("{}-", told.number);
    let mine = |line: &&Line| line.version == told.number || line.version.starts_with(&others);
    let mut files: Vec<PackageFile> = lines
        .iter()
        .filter(mine)
        .map(|line| file(root, name, &line.version, line.checksum.clone()))
        .collect();
    let listed = !files.is_empty();
    let same = format!("{name}-{spelled}.gem");
    let known = files.iter().find(|file| file.name == same);
    let disputed = known.is_some_and(|file| {
        let told = !sha.is_empty() && !file.checksum.is_empty();
        told && !file.checksum.eq_ignore_ascii_case(&sha)
    });
    if known.is_none() {
        files.push(file(root, name, &spelled, sha));
    }
    Ok(Some(Published {
        version: told.number,
        withdrawn: false,
        listed,
        disputed,
        files,
        pointer: None,
        // A gem holds no commit.
        origin: Origin::NotRecorded,
    }))
}

/// A name: 1 call where there is none, else 2. What was yanked is not told.
pub async fn named(of: &Transport, root: &str, name: &str) -> Result<Option<Named>, Error> {
    let at = in_path(name)?;
    let url = format!("{root}/api/v1/versions/{at}.json");
    let Some(body) = of.text("rubygems", &url, "").await? else {
        return Ok(None);
    };
    let versions: Vec<Version> = json(&url, &body)?;
    let mut versions: Vec<String> = versions.into_iter().map(|it| it.number).collect();
    // One a platform.
    versions.dedup();
    let url = format!("{root}/api/v1/gems/{at}.json");
    let gem = match of.text("rubygems", &url, "").await? {
        Some(body) => Some(json::<Gem>(&url, &body)?),
        None => None,
    };
    let links = gem.map(|gem| [gem.source_code_uri, gem.homepage_uri]);
    let mut links = links.into_iter().flatten().flatten();
    Ok(Some(Named {
        versions,
        withdrawn: Vec::new(),
        link: links.find(|link| leads_to_a_repository(link)),
        pointer: None,
    }))
}

/// The files held against their checksums.
pub async fn origin(of: &Transport, fact: &Published) -> Result<Origin, Error> {
    if fact.disputed {
        return Ok(Origin::Altered);
    }
    for file in fact.files.iter().filter(|file| !file.checksum.is_empty()) {
        match of.file("rubygems", &file.url, FILE).await? {
            Fetched::Gone => return Ok(Origin::Unread),
            Fetched::TooLarge => {}
            Fetched::Whole(bytes) => {
                let is = hex::encode(Sha256::digest(&bytes));
                if !is.eq_ignore_ascii_case(&file.checksum) {
                    return Ok(Origin::Altered);
                }
            }
        }
    }
    Ok(fact.origin.clone())
}
