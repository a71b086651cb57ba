//! Maven Central, as a repository of files (maven.apache.org, "Maven Repository
//! Layout"); never its search, which follows a day later.

use sha1::{Digest, Sha1};

use super::error::Error;
use super::fact::{
    Named, PackageFile, Published, leads_to_a_repository, name_in_path, version_in_path,
};
use super::transport::Transport;
use crate::domain::objects::Origin;

/// The folder of `group:artifact`, and the artifact's name.
pub(super) fn in_path(name: &str) -> Result<(String, &str), Error> {
    let (group, artifact) = name
        .split_once(':')
        .ok_or_else(|| Error::Invalid(format!("{name:?} is no group:artifact")))?;
    let artifact = name_in_path(artifact, "-_.")?;
    let group = name_in_path(group, "-_.")?.replace('.', "/");
    let folder = format!("{group}/{artifact}");
    name_in_path(&folder, "-_./")?;
    Ok((folder, artifact))
}

/// A version: 1 call where it is not there, else 3. It is there once its POM is.
pub async fn version(
    of: &Transport,
    root: &str,
    name: &str,
    version: &str,
) -> Result<Option<Published>, Error> {
    let ((folder, artifact), number) = (in_path(name)?, version_in_path(version)?);
    let url = format!("{root}/{folder}/{number}/{artifact}-{number}.pom");
    let Some(pom) = of.text("maven", &url, "").await? else {
        return Ok(None);
    };
    let is = hex::encode(Sha1::digest(pom.as_bytes()));
    let told = of.text("maven", &format!("{url}.sha1"), "").await?;
    let told = told.as_deref().and_then(first_word);
    let disputed = told
        .as_ref()
        .is_some_and(|told| !told.eq_ignore_ascii_case(&is));
    let metadata = metadata(of, root, &folder).await?;
    Ok(Some(Published {
        version: version.to_owned(),
        withdrawn: false,
        listed: true,
        disputed,
        files: vec![PackageFile {
            name: format!("{artifact}-{version}.pom"),
            checksum: told.unwrap_or_default(),
            url,
            size: None,
        }],
        pointer: metadata.and_then(|it| element(&it, "release").map(str::to_owned)),
        // A POM names a tag, and no commit.
        origin: match disputed {
            true => Origin::Altered,
            false => Origin::NotRecorded,
        },
    }))
}

/// A name: 1 call where there is none, else 2. Its link stands in the POM of the
/// version.
pub async fn named(
    of: &Transport,
    root: &str,
    name: &str,
    version: &str,
) -> Result<Option<Named>, Error> {
    let ((folder, artifact), number) = (in_path(name)?, version_in_path(version)?);
    let Some(metadata) = metadata(of, root, &folder).await? else {
        return Ok(None);
    };
    let versions = element(&metadata, "versions").unwrap_or_default();
    let versions: Vec<String> = elements(versions, "version").map(str::to_owned).collect();
    let url = format!("{root}/{folder}/{number}/{artifact}-{number}.pom");
    let pom = of.text("maven", &url, "").await?.unwrap_or_default();
    Ok(Some(Named {
        versions,
        withdrawn: Vec::new(),
        link: link(&pom),
        pointer: element(&metadata, "release").map(str::to_owned),
    }))
}

async fn metadata(of: &Transport, root: &str, folder: &str) -> Result<Option<String>, Error> {
    let url = format!("{root}/{folder}/maven-metadata.xml");
    let file = of.text("maven", &url, "").await?;
    Ok(file.map(|file| without_comments(&file)))
}

/// The repository that a POM's `scm` names; else its page, where that is one. What
/// its parent says is not read.
fn link(pom: &str) -> Option<String> {
    let pom = without_comments(pom);
    let scm = element(&pom, "scm").unwrap_or_default();
    let connection = |name| {
        let text: &str = element(scm, name)?;
        Some(text.strip_prefix("scm:git:").unwrap_or(text))
    };
    let all = [
        element(scm, "url"),
        connection("connection"),
        connection("developerConnection"),
    ];
    // What stands before is not the project's own: developers have pages, too.
    let top = pom
        .split_once("<scm>")
        .map_or(pom.as_str(), |(before, _)| before);
    let top = ["<licenses>", "<developers>", "<organization>", "<parent>"]
        .iter()
        .filter_map(|section| top.split_once(section))
        .map(|(before, _)| before)
        .min_by_key(|before| before.len())
        .unwrap_or(top);
    let page = element(top, "url");
    let mut all = all.into_iter().flatten().chain(page);
    let filled = |link: &&str| !link.contains("${") && leads_to_a_repository(link);
    all.find(filled).map(str::to_owned)
}

/// The text of the first element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    elements(xml, name).next()
}

/// The texts of the elements of this name. POMs and metadata have no attributes and
/// no prefixes where it matters.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (inner, after) = after.split_once(&close)?;
        rest = after;
        Some(inner.trim())
    })
}

fn without_comments(xml: &str) -> String {
    let mut all = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once("<!--") {
        all.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    all + rest
}

/// A file of a checksum: some tools write the file's name behind it.
fn first_word(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let is = word.len() == 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
    is.then(|| word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_the_group() {
        let (folder, artifact) = in_path("org.harbour.tools:lantern-core").unwrap();
        assert_eq!(
            (folder.as_str(), artifact),
            ("org/harbour/tools/lantern-core", "lantern-core")
        );
        for wrong in ["lantern", "a:b:c", ":b", "a:", "a..b:c", "a/b:c", "..:c"] {
            assert!(in_path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_repository_stands_in_the_scm() {
        let page = "https://github.test/harbour/lantern";
        for (pom, expected) in [
            (
                format!("<scm><connection>scm:git:{page}.git</connection><url>{page}</url></scm>"),
                Some(page.to_owned()),
            ),
            (
                format!("<scm><connection>scm:git:{page}.git</connection></scm>"),
                Some(format!("{page}.git")),
            ),
            (
                format!(
                    "<url>{page}</url><developers><developer><url>https://a.test/b/c</url></developer></developers>"
                ),
                Some(page.to_owned()),
            ),
            (
                "<developers><developer><url>https://a.test/b/c</url></developer></developers>"
                    .to_owned(),
                None,
            ),
            ("<scm><url>${project.url}</url></scm>".to_owned(), None),
            (format!("<!-- <scm><url>{page}</url></scm> -->"), None),
        ] {
            assert_eq!(link(&pom), expected, "{pom}");
        }
    }
}
