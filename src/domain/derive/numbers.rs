//! What the numbers of releases say of one another.

use semver::Version;

use super::tag::{ReleaseName, whose};

/// The numbers that change where something may break.
pub fn line(version: &Version) -> (u64, u64) {
    match version.major {
        0 => (0, version.minor),
        major => (major, 0),
    }
}

/// Whether a version is the released one, or the next that may follow.
pub fn follows(version: &Version, released: &Version) -> bool {
    *version >= *released && is_near(version, released)
}

/// Whether not many releases can be between the two.
pub fn is_near(version: &Version, released: &Version) -> bool {
    const STEPS: u64 = 2;
    if version.major != released.major {
        return version.major - released.major.min(version.major) <= STEPS;
    }
    if version.minor != released.minor {
        return version.minor - released.minor.min(version.minor) <= STEPS;
    }
    true
}

/// The highest tag of one number alone that is named as the base is, where more are
/// named so above it than there are `releases` of the product: releases that are
/// counted, whose versions no tag holds.
pub fn unread<'a>(base: &ReleaseName<'_>, tags: &[&'a str], releases: usize) -> Option<&'a str> {
    let number = |tag: &'a str| {
        let number = tag.strip_prefix(base.prefix)?;
        let plain = number.len() < 5 && number.bytes().all(|c| c.is_ascii_digit());
        Some((number.parse::<u64>().ok().filter(|_| plain)?, tag))
    };
    let all = tags.iter().filter_map(|tag| number(tag));
    let above: Vec<_> = all.filter(|(it, _)| *it > base.version.major).collect();
    let (_, highest) = above.iter().max()?;
    (above.len() > releases).then_some(*highest)
}

/// Whether a release is named after the day that it came out on, and after nothing
/// else: `2026-08-21`, `release-2026-08-21`. Such a name holds no version.
pub fn is_dated(name: &str) -> bool {
    let Some(at) = name.len().checked_sub("2026-08-21".len()) else {
        return false;
    };
    let Some((prefix, day)) = name.split_at_checked(at) else {
        return false;
    };
    let shape = day.bytes().enumerate().all(|(at, c)| match at {
        4 | 7 => matches!(c, b'-' | b'.' | b'_'),
        _ => c.is_ascii_digit(),
    });
    let century = day.starts_with("20") || day.starts_with("19");
    let ends = prefix.ends_with(|c: char| c.is_ascii_digit());
    shape && century && !ends && whose(prefix).is_none()
}

/// The highest of the product's other releases, where all are written in more or fewer
/// parts than this one, and are of lower lines: its name may be a slip (`1.20` for
/// `0.1.20`).
pub fn usual<'f, 'a>(
    base: &ReleaseName<'_>,
    releases: impl Iterator<Item = &'f ReleaseName<'a>> + Clone,
) -> Option<&'f ReleaseName<'a>>
where
    'a: 'f,
{
    let parts = |it: &ReleaseName<'_>| {
        let number = it.name.get(it.prefix.len()..).unwrap_or_default();
        number.split(['.', '_', '-']).count()
    };
    let others = releases.filter(|it| it.is_stable() && it.name != base.name);
    let other = others.clone().max_by(|a, b| a.version.cmp(&b.version))?;
    let mut others = others;
    let alone = others.all(|it| parts(it) != parts(base));
    (alone && line(&other.version) < line(&base.version)).then_some(other)
}
