//! Go's module proxy and its checksum database (go.dev/ref/mod, "Module proxies",
//! "Checksum database"). The proxy keeps "not found" for up to half an hour, so it is
//! asked for a version only once its tag is there.

use semver::Version;
use serde::Deserialize;

use super::error::Error;
use super::fact::{Named, PackageFile, Published, json, name_in_path, version_in_path};
use super::provenance;
use super::transport::Transport;
use crate::domain::objects::Origin;

#[derive(Deserialize)]
struct Info {
    #[serde(rename = "Version")]
    version: String,
    #[serde(rename = "Origin", default)]
    origin: Option<From>,
}

#[derive(Deserialize)]
struct From {
    #[serde(rename = "URL", default)]
    url: Option<String>,
    #[serde(rename = "Hash", default)]
    hash: Option<String>,
}

/// Capitals are written `!x`: paths are the same on disks that know no case.
fn escaped(text: &str) -> String {
    let mut all = String::new();
    for c in text.chars() {
        if c.is_ascii_uppercase() {
            all.push('!');
        }
        all.push(c.to_ascii_lowercase());
    }
    all
}

/// A module and a version as parts of a path.
pub(super) fn in_path(module: &str, version: &str) -> Result<(String, String), Error> {
    let module = escaped(name_in_path(module, "/-_.~")?);
    // What is encoded elsewhere stands as it is here: `+incompatible`.
    version_in_path(version)?;
    Ok((module, escaped(version)))
}

/// What the proxy says of a version: `@v/{version}.info`, or `@latest`.
async fn info(of: &Transport, url: &str) -> Result<Option<Info>, Error> {
    match of.text("goproxy", url, "").await? {
        Some(body) => json(url, &body).map(Some),
        None => Ok(None),
    }
}

/// A version: 1 call where it is not there, else 4 at most.
pub async fn version(
    of: &Transport,
    (proxy, sums): (&str, &str),
    module: &str,
    version: &str,
) -> Result<Option<Published>, Error> {
    let (at, number) = in_path(module, version)?;
    let Some(told) = info(of, &format!("{proxy}/{at}/@v/{number}.info")).await? else {
        return Ok(None);
    };
    let url = format!("{sums}/lookup/{at}@{number}");
    let sum = of.text("gosum", &url, "").await?;
    let sum = sum.and_then(|body| sum_of(&body, module, version));
    let latest = info(of, &format!("{proxy}/{at}/@latest")).await?;
    let withdrawn = match &latest {
        Some(latest) => {
            let latest = escaped(&latest.version);
            let url = format!("{proxy}/{at}/@v/{latest}.mod");
            let file = of.text("goproxy", &url, "").await?.unwrap_or_default();
            is_retracted(&file, version)
        }
        None => false,
    };
    let commit = told.origin.and_then(|it| it.hash);
    let commit = commit.as_deref().and_then(provenance::sha);
    Ok(Some(Published {
        version: told.version,
        withdrawn,
        // `go get` takes nothing of which the database has no sum.
        listed: sum.is_some(),
        disputed: false,
        files: vec![PackageFile {
            name: format!("{module}@{version}"),
            checksum: sum.unwrap_or_default(),
            ..PackageFile::default()
        }],
        pointer: None,
        origin: match commit {
            Some(commit) => Origin::Commit {
                commit,
                dirty: false,
            },
            None => Origin::NotRecorded,
        },
    }))
}

/// A module: 1 call where there is none, else 2 or 3.
pub async fn named(of: &Transport, proxy: &str, module: &str) -> Result<Option<Named>, Error> {
    let at = escaped(name_in_path(module, "/-_.~")?);
    let Some(list) = of
        .text("goproxy", &format!("{proxy}/{at}/@v/list"), "")
        .await?
    else {
        return Ok(None);
    };
    let versions: Vec<String> = list.split_whitespace().map(str::to_owned).collect();
    let latest = info(of, &format!("{proxy}/{at}/@latest")).await?;
    let mut link = None;
    let mut withdrawn = Vec::new();
    if let Some(latest) = latest {
        let number = escaped(&latest.version);
        let url = format!("{proxy}/{at}/@v/{number}.mod");
        let file = of.text("goproxy", &url, "").await?.unwrap_or_default();
        let all = versions.iter().filter(|it| is_retracted(&file, it));
        withdrawn = all.cloned().collect();
        link = latest.origin.and_then(|it| it.url);
    }
    Ok(Some(Named {
        versions,
        withdrawn,
        link,
        pointer: None,
    }))
}

/// The line of a module in the database's answer: `module version h1:…`.
fn sum_of(body: &str, module: &str, version: &str) -> Option<String> {
    body.lines().find_map(|line| {
        let mut words = line.split(' ');
        let is = words.next() == Some(module) && words.next() == Some(version);
        words
            .next()
            .filter(|sum| is && sum.starts_with("h1:"))
            .map(str::to_owned)
    })
}

/// Whether a `go.mod` retracts a version: `retract v1.2.3`, `retract [v1.0.0,
/// v1.2.3]`, or a block of such lines (go.dev/ref/mod, "retract directive").
pub fn is_retracted(file: &str, version: &str) -> bool {
    let mut in_block = false;
    file.lines().any(|line| {
        let line = line.split("//").next().unwrap_or_default().trim();
        if in_block {
            in_block = line != ")";
            return in_block && covers(line, version);
        }
        let Some(rest) = line.strip_prefix("retract") else {
            return false;
        };
        let rest = rest.trim();
        in_block = rest == "(";
        !in_block && covers(rest, version)
    })
}

fn covers(text: &str, version: &str) -> bool {
    let number = |text: &str| Version::parse(text.trim().strip_prefix('v')?).ok();
    let inner = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    match inner.and_then(|it| it.split_once(',')) {
        Some((from, to)) => match (number(from), number(to), number(version)) {
            (Some(from), Some(to), Some(it)) => from <= it && it <= to,
            _ => false,
        },
        None => text == version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_escaped() {
        let (module, version) = in_path("github.test/BurntSushi/toml", "v1.0.0-RC1").unwrap();
        assert_eq!(module, "github.test/!burnt!sushi/toml");
        assert_eq!(version, "v1.0.0-!r!c1");
        for wrong in ["", "/a", "a//b", "a/../b", "a b"] {
            assert!(in_path(wrong, "v1.0.0").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_retraction_is_read_in_all_its_forms() {
        let file = "module a.test/b\n\ngo 1.22\n\nretract v1.2.3 // broken\nretract (\n\tv1.0.1\n\t[v1.1.0, v1.1.9] // all\n)\nrequire x.test/y v9.9.9\n";
        for (version, is) in [
            ("v1.2.3", true),
            ("v1.0.1", true),
            ("v1.1.0", true),
            ("v1.1.5", true),
            ("v1.1.9", true),
            ("v1.1.10", false),
            ("v1.2.4", false),
            ("v9.9.9", false),
        ] {
            assert_eq!(is_retracted(file, version), is, "{version}");
        }
    }

    #[test]
    fn the_sum_is_that_of_the_module_and_not_of_its_file() {
        let body = "12345\na.test/b v1.0.5 h1:abc=\na.test/b v1.0.5/go.mod h1:def=\n\ngo.sum database tree\n1\n";
        assert_eq!(
            sum_of(body, "a.test/b", "v1.0.5").as_deref(),
            Some("h1:abc=")
        );
        assert_eq!(sum_of(body, "a.test/b", "v1.0.50"), None);
    }
}
