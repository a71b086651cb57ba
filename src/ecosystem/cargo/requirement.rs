//! Requirements on a version, such as `^1.0.4` or `>=1.0.4, <1.0.5`: whether one
//! takes a version, and how it is raised in its own spelling.

use semver::{BuildMetadata, Prerelease, Version, VersionReq};

/// Of so many patch versions above the release the next one may be.
const AHEAD: u64 = 64;

/// Whether the requirement takes the version; not where it cannot be read.
pub fn admits(requirement: &str, version: &Version) -> bool {
    VersionReq::parse(requirement).is_ok_and(|r| r.matches(version))
}

/// Whether a raise of this version may have to change the requirement.
pub fn follows(requirement: &str, version: &Version) -> bool {
    if !admits(requirement, version) {
        return false;
    }
    let next = patch_above(version, 1);
    next.is_some_and(|next| raised(requirement, version, &next).is_some())
        || binds(requirement, version)
}

/// Whether the requirement takes the version, and may not take the next one.
pub fn binds(requirement: &str, version: &Version) -> bool {
    let mut above = (1..=AHEAD).filter_map(|by| patch_above(version, by));
    admits(requirement, version) && above.any(|next| !admits(requirement, &next))
}

/// The requirement as it is after a raise, in its own spelling; none where it
/// stays: it takes the new version, and does not name the old one; or it cannot
/// be raised without a guess.
pub fn raised(requirement: &str, from: &Version, to: &Version) -> Option<String> {
    if !admits(requirement, from) {
        return None;
    }
    let pieces: Vec<Piece<'_>> = requirement.split(',').map(Piece::read).collect();
    let mut new: Vec<Option<String>> = pieces.iter().map(|p| p.raised(from, to)).collect();
    // Pinned by two bounds: the lower one goes along.
    let bounded = |(piece, new): (&Piece<'_>, &Option<String>)| {
        piece.operator.starts_with('<') && new.is_some()
    };
    if pieces.iter().zip(&new).any(bounded) {
        for (piece, new) in pieces.iter().zip(&mut new) {
            if piece.operator == ">=" && piece.is(from) {
                *new = Some(to.to_string());
            }
        }
    }
    let written = pieces.iter().zip(&new).map(|(piece, new)| match new {
        Some(version) => format!("{}{version}{}", piece.before, piece.after),
        None => format!("{}{}{}", piece.before, piece.version, piece.after),
    });
    let written = written.collect::<Vec<_>>().join(",");
    (written != requirement && admits(&written, to)).then_some(written)
}

/// One comparison of a requirement.
struct Piece<'a> {
    /// Everything before its version.
    before: &'a str,
    operator: &'a str,
    version: &'a str,
    after: &'a str,
}

impl<'a> Piece<'a> {
    fn read(text: &'a str) -> Self {
        let is_before = |c: char| c.is_whitespace() || "=<>^~".contains(c);
        let rest = text.trim_start_matches(is_before);
        let (before, _) = text.split_at(text.len() - rest.len());
        let version = rest.trim_end();
        let (_, after) = rest.split_at(version.len());
        Piece {
            before,
            operator: before.trim(),
            version,
            after,
        }
    }

    /// Whether it names this very version, in full.
    fn is(&self, version: &Version) -> bool {
        Version::parse(self.version).is_ok_and(|found| bare(&found) == bare(version))
    }

    /// Its version after the raise; none where it stays, or is not known.
    fn raised(&self, from: &Version, to: &Version) -> Option<String> {
        match self.operator {
            "" | "^" | "~" | "=" if self.is(from) => Some(to.to_string()),
            "" | "^" | "~" | "=" if !self.admits(to) => self.as_precise(to),
            "<=" if self.is(from) => Some(to.to_string()),
            // Nothing above the release so far.
            "<" if !self.admits(to) && self.is(&patch_above(from, 1)?) => {
                patch_above(to, 1).map(|next| next.to_string())
            }
            _ => None,
        }
    }

    fn admits(&self, version: &Version) -> bool {
        admits(&format!("{}{}", self.operator, self.version), version)
    }

    /// The version with as many numbers as are written here.
    fn as_precise(&self, to: &Version) -> Option<String> {
        let parts: Vec<&str> = self.version.split('.').collect();
        if parts.len() > 3 {
            return None;
        }
        let numbers = [to.major, to.minor, to.patch];
        let written = parts.iter().zip(numbers).map(|(part, number)| match *part {
            wild @ ("*" | "x" | "X") => wild.to_owned(),
            _ => number.to_string(),
        });
        Some(written.collect::<Vec<_>>().join("."))
    }
}

fn bare(version: &Version) -> Version {
    let mut bare = version.clone();
    bare.build = BuildMetadata::EMPTY;
    bare
}

fn patch_above(version: &Version, by: u64) -> Option<Version> {
    let mut next = version.clone();
    next.patch = next.patch.checked_add(by)?;
    (next.pre, next.build) = (Prerelease::EMPTY, BuildMetadata::EMPTY);
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn each_spelling_is_raised_in_itself() {
        for (before, after) in [
            ("1.0.4", Some("1.0.5")),
            ("^1.0.4", Some("^1.0.5")),
            ("~1.0.4", Some("~1.0.5")),
            ("=1.0.4", Some("=1.0.5")),
            (" = 1.0.4 ", Some(" = 1.0.5 ")),
            (">=1.0.4, <1.0.5", Some(">=1.0.5, <1.0.6")),
            (">=1.0.4,<=1.0.4", Some(">=1.0.5,<=1.0.5")),
            (">= 1.0.0, < 1.0.5", Some(">= 1.0.0, < 1.0.6")),
            (">1.0.3, <=1.0.4", Some(">1.0.3, <=1.0.5")),
            // These take it.
            ("1", None),
            ("1.0", None),
            ("=1.0", None),
            ("1.0.*", None),
            ("*", None),
            ("~1", None),
            (">=1.0.4", None),
            (">=1.0.4, <2", None),
            (">1.0.3", None),
            ("1.0.3", None),
            // Never this release.
            ("=1.0.3", None),
            ("2", None),
            ("", None),
            ("latest", None),
        ] {
            let new = raised(before, &version("1.0.4"), &version("1.0.5"));
            assert_eq!(new.as_deref(), after, "{before}");
        }
        let far = raised(">=1.0.4, <1.0.5", &version("1.0.4"), &version("1.0.7"));
        assert_eq!(far.as_deref(), Some(">=1.0.7, <1.0.8"));
        let zero = raised("0.0.4", &version("0.0.4"), &version("0.0.5"));
        assert_eq!(zero.as_deref(), Some("0.0.5"));
        let minor = raised("0.4", &version("0.4.9"), &version("0.5.0"));
        assert_eq!(minor.as_deref(), Some("0.5"));
        let build = raised("=1.0.4", &version("1.0.4+b"), &version("1.0.5"));
        assert_eq!(build.as_deref(), Some("=1.0.5"));
    }

    #[test]
    fn what_a_raise_may_change_is_looked_at() {
        for (requirement, looked_at) in [
            ("1.0.4", true),
            (">=1.0.4, <1.0.9", true),
            (">=1, <1.0.5", true),
            ("1.0", false),
            ("1", false),
            ("*", false),
            (">=1.0.4", false),
            ("=1.0.5", false),
        ] {
            let found = follows(requirement, &version("1.0.4"));
            assert_eq!(found, looked_at, "{requirement}");
        }
    }
}
