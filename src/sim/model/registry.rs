//! A crates.io: versions, yanking, and a sparse index that follows the API
//! some time later.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The registry's state. Times are milliseconds since the epoch.
#[derive(Debug, Default)]
pub struct Registry {
    /// By crate name as first published.
    crates: BTreeMap<String, Vec<Version>>,
    /// The repositories that crates name, by the crates' names as published.
    links: BTreeMap<String, String>,
    /// The tokens that may yank; empty: any token that is not empty.
    pub tokens: Vec<String>,
    /// Every request that was answered.
    pub calls: Vec<Call>,
    next_id: u64,
}

/// One request to the registry, its index or the status page.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Call {
    /// When it was answered.
    pub at: i64,
    /// The method.
    pub method: String,
    /// The path below the prefix.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}

/// One published version.
#[derive(Clone, Debug)]
pub struct Version {
    /// A number of its own.
    pub id: u64,
    /// The crate's name.
    pub name: String,
    /// The version.
    pub num: String,
    /// The crate file's SHA-256 in hexadecimal digits.
    pub checksum: String,
    /// The crate file.
    pub file: Vec<u8>,
    /// When it was published.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// Whether it is yanked, as the API says it.
    pub yanked: bool,
    /// The reason that was given for the yank.
    pub yank_message: Option<String>,
    /// Who published it.
    pub published_by: Option<String>,
    /// What the index says from which time on.
    index: Vec<(i64, bool)>,
}

impl Version {
    /// Whether the index shows it at `now`, and if so, whether as yanked.
    pub fn in_index(&self, now: i64) -> Option<bool> {
        self.index
            .iter()
            .rev()
            .find(|(from, _)| *from <= now)
            .map(|(_, yanked)| *yanked)
    }
}

impl Registry {
    /// Publishes a version, which the index shows from `visible` on.
    ///
    /// # Errors
    /// A version that exists is refused, yanked or not, with crates.io's words.
    pub fn publish(
        &mut self,
        now: i64,
        visible: i64,
        name: &str,
        num: &str,
        file: Vec<u8>,
        by: Option<&str>,
    ) -> Result<(), String> {
        if self.version(name, num).is_some() {
            return Err(format!("crate version `{num}` is already uploaded"));
        }
        self.next_id += 1;
        let name = self.known_name(name).unwrap_or(name).to_owned();
        let version = Version {
            id: self.next_id,
            num: num.to_owned(),
            checksum: hex::encode(Sha256::digest(&file)),
            file,
            created_at: now,
            updated_at: now,
            yanked: false,
            yank_message: None,
            published_by: by.map(str::to_owned),
            index: vec![(visible, false)],
            name: name.clone(),
        };
        self.crates.entry(name).or_default().push(version);
        Ok(())
    }

    /// Sets up a version that has long been there, index included.
    ///
    /// # Errors
    /// As [`Registry::publish`].
    pub fn publish_existing(&mut self, at: i64, name: &str, num: &str) -> Result<(), String> {
        let file = format!("{name}-{num}").into_bytes();
        self.publish(at, at, name, num, file, None)
    }

    /// Yanks a version or takes the yank back; the index follows at `visible`.
    /// `None` for a version that is not there.
    pub fn set_yanked(
        &mut self,
        now: i64,
        visible: i64,
        name: &str,
        num: &str,
        yanked: bool,
        message: Option<String>,
    ) -> Option<()> {
        let version = self.version_mut(name, num)?;
        if version.yanked != yanked {
            version.yanked = yanked;
            version.updated_at = now;
            version.index.push((visible, yanked));
        }
        version.yank_message = message.filter(|_| yanked);
        Some(())
    }

    /// Sets the repository that a crate names from now on.
    pub fn set_repository(&mut self, name: &str, link: &str) {
        let name = self.known_name(name).unwrap_or(name).to_owned();
        self.links.insert(name, link.to_owned());
    }

    /// The repository that a crate names.
    pub fn repository(&self, name: &str) -> Option<&str> {
        let name = self.known_name(name)?;
        self.links.get(name).map(String::as_str)
    }

    /// All versions of a crate, oldest first.
    pub fn versions(&self, name: &str) -> &[Version] {
        self.known_name(name)
            .and_then(|n| self.crates.get(n))
            .map_or(&[], Vec::as_slice)
    }

    /// One version.
    pub fn version(&self, name: &str, num: &str) -> Option<&Version> {
        self.versions(name).iter().find(|v| v.num == num)
    }

    fn version_mut(&mut self, name: &str, num: &str) -> Option<&mut Version> {
        let name = self.known_name(name)?.to_owned();
        self.crates
            .get_mut(&name)?
            .iter_mut()
            .find(|v| v.num == num)
    }

    /// Names are one whatever their case, and `-` and `_` are one.
    fn known_name(&self, name: &str) -> Option<&str> {
        let canonical = |n: &str| n.to_ascii_lowercase().replace('-', "_");
        let wanted = canonical(name);
        self.crates
            .keys()
            .map(String::as_str)
            .find(|n| canonical(n) == wanted)
    }
}

/// The path of a crate's file in a sparse index.
pub fn index_path(name: &str) -> String {
    let name = name.to_lowercase();
    let part =
        |from: usize, to: usize| -> String { name.chars().skip(from).take(to - from).collect() };
    match name.chars().count() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", part(0, 1)),
        _ => format!("{}/{}/{name}", part(0, 2), part(2, 4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_follows_the_api() {
        let mut registry = Registry::default();
        registry
            .publish(1_000, 61_000, "caro", "1.0.5", vec![1], Some("bot"))
            .unwrap();
        let version = registry.version("Caro", "1.0.5").unwrap();
        assert_eq!(version.in_index(60_999), None);
        assert_eq!(version.in_index(61_000), Some(false));
        assert_eq!(version.checksum.len(), 64);
        registry
            .set_yanked(
                70_000,
                130_000,
                "caro",
                "1.0.5",
                true,
                Some("broken".into()),
            )
            .unwrap();
        let version = registry.version("caro", "1.0.5").unwrap();
        assert!(version.yanked);
        assert_eq!(version.in_index(129_999), Some(false));
        assert_eq!(version.in_index(130_000), Some(true));
        assert!(
            registry
                .set_yanked(0, 0, "caro", "9.9.9", true, None)
                .is_none()
        );
    }

    #[test]
    fn a_version_is_published_once() {
        let mut registry = Registry::default();
        registry.publish_existing(0, "caro", "1.0.4").unwrap();
        registry
            .set_yanked(1, 1, "caro", "1.0.4", true, None)
            .unwrap();
        let error = registry
            .publish(2, 2, "caro", "1.0.4", vec![], None)
            .unwrap_err();
        assert!(error.contains("already uploaded"), "{error}");
    }

    #[test]
    fn index_paths_follow_the_rule() {
        for (name, path) in [
            ("a", "1/a"),
            ("ab", "2/ab"),
            ("abc", "3/a/abc"),
            ("Serde", "se/rd/serde"),
        ] {
            assert_eq!(index_path(name), path);
        }
    }
}
