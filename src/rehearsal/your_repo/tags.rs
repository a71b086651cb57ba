//! Which tags look like releases. Which of them the hotfix starts from is the
//! server's to find out; the stand-in only has to look as GitHub would.

use std::cmp::Ordering;

use super::source::Tag;
use crate::rehearsal::release_name::{as_numbers, family, is_day, split};

/// A tag that is named as a release is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The tag.
    pub tag: Tag,
    /// What stands before the version: `v`, `core-v`, or nothing.
    pub prefix: String,
    /// Its version, as it is written; of what is named after its day, that day.
    pub version: String,
}

impl Release {
    /// Reads a tag's name; none where it names neither a version nor a day.
    pub fn of(tag: &Tag) -> Option<Release> {
        let day = || {
            let at = tag.name.len().checked_sub("2026-08-21".len())?;
            tag.name.split_at_checked(at).filter(|_| is_day(&tag.name))
        };
        let (prefix, version) = split(&tag.name).or_else(day)?;
        Some(Release {
            tag: tag.clone(),
            prefix: prefix.to_owned(),
            version: version.to_owned(),
        })
    }

    /// Whether it is a prerelease, by its name.
    pub fn is_pre(&self) -> bool {
        self.version.contains(|c: char| c.is_ascii_alphabetic())
    }

    /// The name that stands before the version: `core` of `core-v1.0.4`.
    pub fn family(&self) -> &str {
        family(&self.prefix)
    }

    /// Whether it is of the same family as `other`, and newer.
    pub fn is_newer_than(&self, other: &Release) -> bool {
        self.prefix == other.prefix && compare(&self.version, &other.version) == Ordering::Greater
    }
}

/// The releases among tags, oldest first.
pub fn releases(tags: &[Tag]) -> Vec<Release> {
    let mut all: Vec<Release> = tags.iter().filter_map(Release::of).collect();
    all.sort_by(|a, b| {
        let by_time = a.tag.at.cmp(&b.tag.at);
        by_time.then_with(|| compare(&a.version, &b.version))
    });
    all
}

/// By their numbers; a prerelease comes before its release.
fn compare(a: &str, b: &str) -> Ordering {
    let key = |text: &str| {
        let text = as_numbers(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (numbers, suffix) = text.split_at(end.unwrap_or(text.len()));
        let numbers: Vec<u64> = numbers.split('.').filter_map(|p| p.parse().ok()).collect();
        (numbers, suffix.is_empty(), suffix.to_owned())
    };
    key(a).cmp(&key(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_is_by_number_within_a_family() {
        let of = |name: &str| {
            let tag = Tag {
                name: name.to_owned(),
                target: String::new(),
                commit: String::new(),
                at: 0,
            };
            Release::of(&tag).unwrap()
        };
        assert!(of("v1.0.10").is_newer_than(&of("v1.0.9")));
        assert!(of("v1.0.0").is_newer_than(&of("v1.0.0-rc.1")));
        assert!(of("R_2_8_10").is_newer_than(&of("R_2_8_9")));
        let days = [of("release-2026-08-21"), of("release-2026-08-12")];
        assert!(days[0].is_newer_than(&days[1]));
        assert_eq!(days[0].version, "2026-08-21");
        assert!(!of("core-v2.0.0").is_newer_than(&of("v1.0.0")));
        assert!(of("v1.0.0-rc.1").is_pre() && !of("v1.0.0").is_pre());
        assert_eq!(
            (of("core-v1.0.0").family(), of("v1.0.0").family()),
            ("core", "")
        );
    }
}
