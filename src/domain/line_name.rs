//! The name of a release line: `1.x` or `1.2.x`.

use std::fmt;

use semver::Version;
use serde::{Deserialize, Serialize};

/// A release line, as people name it; in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LineName {
    major: u64,
    minor: Option<u64>,
}

impl LineName {
    /// A number or two, and an `x`; none: it names no line.
    pub fn read(name: &str) -> Option<Self> {
        let numbers = name.strip_prefix('v').unwrap_or(name).strip_suffix(".x")?;
        let number = |part: &str| {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            part.parse().ok().filter(|_| plain)
        };
        let (major, minor) = match numbers.split_once('.') {
            None => (number(numbers)?, None),
            Some((major, minor)) => (number(major)?, Some(number(minor)?)),
        };
        Some(LineName { major, minor })
    }

    /// The line of a release beside another one: the major number's, or where the
    /// other one is of that too, the minor's.
    pub fn of(version: &Version, beside: &LineName) -> Self {
        let minor = (beside.major == version.major).then_some(version.minor);
        LineName {
            major: version.major,
            minor,
        }
    }

    /// Whether a release is of this line.
    pub fn holds(&self, version: &Version) -> bool {
        self.major == version.major && self.minor.is_none_or(|minor| minor == version.minor)
    }

    /// Whether a release can be of both.
    pub fn meets(&self, other: &LineName) -> bool {
        let minors = (self.minor, other.minor);
        let apart = matches!(minors, (Some(one), Some(two)) if one != two);
        self.major == other.major && !apart
    }
}

impl fmt::Display for LineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor {
            Some(minor) => write!(f, "{}.{minor}.x", self.major),
            None => write!(f, "{}.x", self.major),
        }
    }
}

impl From<LineName> for String {
    fn from(name: LineName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for LineName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        LineName::read(&name).ok_or_else(|| format!("{name} names no release line"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> LineName {
        LineName::read(name).unwrap()
    }

    #[test]
    fn a_line_is_a_number_or_two_and_an_x() {
        for (name, shown) in [("1.x", "1.x"), ("v2.x", "2.x"), ("0.8.x", "0.8.x")] {
            assert_eq!(line(name).to_string(), shown);
        }
        for wrong in [
            "", "x", "1", "1.2", ".x", "1.2.3.x", "a.x", "1..x", "+1.x", "stable",
        ] {
            assert_eq!(LineName::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_oldest_stands_first_and_each_holds_its_own() {
        let mut all = [line("10.x"), line("2.x"), line("1.10.x"), line("1.9.x")];
        all.sort();
        let shown: Vec<_> = all.iter().map(LineName::to_string).collect();
        assert_eq!(shown, ["1.9.x", "1.10.x", "2.x", "10.x"]);
        let holds = |name: &str, version: &str| line(name).holds(&version.parse().unwrap());
        assert!(holds("1.x", "1.4.2") && holds("1.4.x", "1.4.0"));
        assert!(!holds("1.4.x", "1.5.0") && !holds("1.x", "10.0.0"));
    }

    #[test]
    fn lines_meet_where_a_release_can_be_of_both() {
        assert!(line("1.x").meets(&line("1.2.x")) && line("1.2.x").meets(&line("1.x")));
        assert!(!line("1.2.x").meets(&line("1.3.x")) && !line("1.x").meets(&line("2.x")));
        let of = |version: &str, beside: &str| {
            LineName::of(&version.parse().unwrap(), &line(beside)).to_string()
        };
        assert_eq!(of("1.4.2", "2.x"), "1.x");
        assert_eq!(of("1.4.2", "1.3.x"), "1.4.x");
    }
}
