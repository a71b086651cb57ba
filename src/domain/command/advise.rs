//! What is said of a security advisory.

use serde::{Deserialize, Serialize};

use crate::domain::ids::AdvisoryId;

/// What a person wants of the advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advise {
    /// This one is about what the hotfix fixes.
    Link {
        /// Its id.
        id: AdvisoryId,
        /// The page of the repository that its address names, where it was named by
        /// its address: `https://host/owner/name`.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        of: Option<String>,
    },
    /// None is.
    Unlink,
    /// It is published now.
    Publish {
        /// Its id, so that nobody publishes another one than they mean.
        id: AdvisoryId,
    },
    /// Somebody published it by hand.
    Done {
        /// Its id.
        id: AdvisoryId,
    },
}

impl Advise {
    /// Reads an id, or the address of its page.
    pub(super) fn link(word: &str) -> Option<Advise> {
        let word = word.strip_prefix('<').unwrap_or(word);
        let word = word.strip_suffix('>').unwrap_or(word);
        if let Some(id) = AdvisoryId::read(word) {
            return Some(Advise::Link { id, of: None });
        }
        let address = word.split(['?', '#']).next().unwrap_or_default();
        let (of, id) = address
            .trim_end_matches('/')
            .split_once("/security/advisories/")?;
        let is_page = of.starts_with("https://") || of.starts_with("http://");
        let id = AdvisoryId::read(id).filter(|_| is_page)?;
        let of = Some(of.to_owned());
        Some(Advise::Link { id, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advisory_is_named_by_its_id_or_by_its_page() {
        let id = AdvisoryId::read("GHSA-2f4g-5h6j-7m8p").unwrap();
        let link = |of: Option<&str>| {
            let of = of.map(str::to_owned);
            Some(Advise::Link { id: id.clone(), of })
        };
        let page = Some("https://github.test/harbour/lantern");
        for (word, expected) in [
            ("GHSA-2f4g-5h6j-7m8p", link(None)),
            ("ghsa-2F4G-5h6j-7m8p", link(None)),
            (
                "https://github.test/harbour/lantern/security/advisories/GHSA-2f4g-5h6j-7m8p",
                link(page),
            ),
            (
                "<https://github.test/harbour/lantern/security/advisories/GHSA-2f4g-5h6j-7m8p/?a=b#c>",
                link(page),
            ),
            ("GHSA-2f4g-5h6j", None),
            ("GHSA-2f4g-5h6j-7m8p-9q2r", None),
            ("GHSA-2f4g-5h6j-7m8", None),
            ("GHSA-2f4g-5h6j-7m8](", None),
            ("CVE-2026-1234", None),
            ("javascript:/security/advisories/GHSA-2f4g-5h6j-7m8p", None),
            ("https://github.test/advisories/GHSA-2f4g-5h6j-7m8p", None),
            ("", None),
        ] {
            assert_eq!(Advise::link(word), expected, "{word}");
        }
    }
}
