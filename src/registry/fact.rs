//! What a registry says, in the same words for each of them.

use sha2::{Digest, Sha256};

use super::error::Error;
use crate::domain::objects::Origin;

/// A file of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFile {
    /// Its name.
    pub name: String,
    /// What the registry says is its checksum: hexadecimal SHA-256 where that is
    /// told, else as the registry writes it (`sha512-…`, `h1:…`); may be empty.
    pub checksum: String,
    /// Where it is fetched from; empty: nowhere.
    pub url: String,
    /// Its bytes, where that is told.
    pub size: Option<u64>,
}

/// A version as its registry has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// As the registry spells it.
    pub version: String,
    /// Whether it is taken back: yanked, deprecated, retracted.
    pub withdrawn: bool,
    /// Whether those who install find it already; what is uploaded may be listed
    /// later.
    pub listed: bool,
    /// Whether two places of the registry tell of another file each.
    pub disputed: bool,
    /// Its files, by name.
    pub files: Vec<PackageFile>,
    /// The version that people get who name none, where that is a pointer and not
    /// the highest number: npm's `latest`, `maven-metadata.xml`'s `release`.
    pub pointer: Option<String>,
    /// What the registry itself says of the commit; `Unread` where only a file
    /// or a further question tells.
    pub origin: Origin,
}

impl Published {
    /// One word for all its files: the checksum of the only one, else the SHA-256
    /// of all names and checksums, hexadecimal.
    pub fn checksum(&self) -> String {
        if let [file] = self.files.as_slice() {
            return file.checksum.clone();
        }
        let mut all: Vec<String> = self
            .files
            .iter()
            .map(|file| format!("{} {}\n", file.name, file.checksum))
            .collect();
        all.sort();
        match all.is_empty() {
            true => String::new(),
            false => hex::encode(Sha256::digest(all.concat())),
        }
    }
}

/// A name as its registry has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Every version whose number is taken, those that were removed included where
    /// the registry tells them.
    pub versions: Vec<String>,
    /// Those that were taken back.
    pub withdrawn: Vec<String>,
    /// The repository that it names.
    pub link: Option<String>,
    /// As [`Published::pointer`].
    pub pointer: Option<String>,
}

/// An answer that is JSON.
pub(super) fn json<T: serde::de::DeserializeOwned>(url: &str, body: &str) -> Result<T, Error> {
    serde_json::from_str(body)
        .map_err(|why| Error::Invalid(format!("the answer of {url} could not be read: {why}")))
}

/// A version as a part of a path.
///
/// # Errors
/// `Invalid` where it is none that a registry could have.
pub(super) fn version_in_path(version: &str) -> Result<String, Error> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b".-_+!~".contains(&b);
    let plain = !version.is_empty() && version.len() <= 128 && version.bytes().all(fits);
    if !plain || version.starts_with('.') {
        return Err(Error::Invalid(format!("{version:?} is no version")));
    }
    // A `+` of build metadata would read as a space.
    Ok(version.replace('+', "%2B").replace('!', "%21"))
}

/// A name as a part of a path, where letters, digits and these signs may stand in
/// it.
///
/// # Errors
/// `Invalid` where it is none that a registry could have.
pub(super) fn name_in_path<'a>(name: &'a str, signs: &str) -> Result<&'a str, Error> {
    let fits = |c: char| c.is_ascii_alphanumeric() || signs.contains(c);
    let dots = name
        .split('/')
        .any(|part| part.is_empty() || part == "." || part == "..");
    if dots || name.len() > 255 || !name.chars().all(fits) {
        return Err(Error::Invalid(format!("{name:?} is no name of a package")));
    }
    Ok(name)
}

/// Whether a link leads to a repository, as far as its looks say: a host, an owner
/// and a name.
pub(super) fn leads_to_a_repository(link: &str) -> bool {
    let rest = link.split_once("://").map(|(_, rest)| rest);
    let rest = rest.or_else(|| link.split_once('@').map(|(_, rest)| rest));
    let Some(rest) = rest else { return false };
    let mut parts = rest.split(['/', ':']).filter(|part| !part.is_empty());
    let host = parts.next().is_some_and(|host| host.contains('.'));
    host && parts.count() >= 2
}

/// Whether the host of a link is one where repositories lie, by its name.
pub(super) fn is_of_a_forge(link: &str) -> bool {
    const FORGES: &[&str] = &["github.", "gitlab.", "codeberg.", "bitbucket.", "git."];
    let host = link.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.strip_prefix("www.").unwrap_or(host);
    FORGES.iter().any(|forge| host.starts_with(forge)) && leads_to_a_repository(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_lead_elsewhere_is_no_part_of_a_path() {
        for version in ["", "..", "1/2", "1.0 ", "1?x", "1#x", "1%2e", "ü"] {
            assert!(version_in_path(version).is_err(), "{version}");
        }
        assert_eq!(
            version_in_path("1!2.0.0+local-1_x~y").unwrap(),
            "1%212.0.0%2Blocal-1_x~y"
        );
        for name in [
            "", "/", "a//b", "../a", "a/..", "a/./b", "a b", "a?b", "ü", "a%2fb",
        ] {
            assert!(name_in_path(name, "./-_").is_err(), "{name}");
        }
        assert!(name_in_path("a/b", "-").is_err());
        assert!(name_in_path("a.b/c-d_e", "./-_").is_ok());
    }

    #[test]
    fn only_what_looks_like_a_repository_is_a_link() {
        for link in [
            "git+https://example.test/a/b.git",
            "git@example.test:a/b.git",
            "ssh://git@example.test/a/b",
        ] {
            assert!(leads_to_a_repository(link), "{link}");
        }
        for link in [
            "a/b",
            "github:a/b",
            "https://example.test/",
            "https://example.test/a",
            "",
        ] {
            assert!(!leads_to_a_repository(link), "{link}");
        }
        assert!(is_of_a_forge("https://www.github.test/a/b/issues"));
        assert!(!is_of_a_forge("https://docs.example.test/en/latest"));
        assert!(!is_of_a_forge("https://github.test/sponsors"));
    }

    #[test]
    fn one_word_for_many_files_changes_with_each() {
        let file = |name: &str, checksum: &str| PackageFile {
            name: name.to_owned(),
            checksum: checksum.to_owned(),
            ..PackageFile::default()
        };
        let of = |files: &[PackageFile]| {
            Published {
                files: files.to_vec(),
                ..Published::default()
            }
            .checksum()
        };
        assert_eq!(of(&[]), "");
        assert_eq!(of(&[file("a", "1")]), "1");
        let both = of(&[file("a", "1"), file("b", "2")]);
        assert_eq!(both, of(&[file("b", "2"), file("a", "1")]));
        assert_ne!(both, of(&[file("a", "1"), file("b", "3")]));
    }
}
