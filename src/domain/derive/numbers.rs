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

/// Whether a version of the same line is so far above the released one that releases
/// between them have no tag: what comes next is one higher. A day is no such number.
pub fn passes_over(version: &Version, released: &Version) -> bool {
    let is_day = version.major >= 1900
        || (19..100).contains(&version.major) && (1..=12).contains(&version.minor);
    version.pre.is_empty()
        && (version.major, version.minor) == (released.major, released.minor)
        && version.patch > released.patch + 1
        && !is_day
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

/// The highest tag of numbers that nobody reads (`REL_16_2`, `release-74-2`), where
/// several are above the base and named by it or by nobody: the base may be of the time
/// before them.
pub fn unspelled<'a>(base: &ReleaseName<'_>, tags: &[&'a str]) -> Option<&'a str> {
    const SEVERAL: usize = 3;
    let numbers = |tag: &'a str| {
        if ReleaseName::read(tag).is_some() || is_dated(tag) {
            return None;
        }
        let at = tag.find(|c: char| c.is_ascii_digit())?;
        let (prefix, rest) = tag.split_at_checked(at)?;
        let number = |part: &str| part.parse::<u64>().ok().filter(|_| part.len() < 5);
        let all: Option<Vec<u64>> = rest.split(['-', '_']).map(number).collect();
        let all = all.filter(|all| (2..=4).contains(&all.len()))?;
        let named = whose(prefix).is_none() || whose(prefix) == whose(base.prefix);
        (named && all.first() < Some(&1900)).then_some((all, tag))
    };
    let base = [base.version.major, base.version.minor];
    let above = tags.iter().filter_map(|tag| numbers(tag));
    let above: Vec<_> = above.filter(|(it, _)| it.as_slice() > &base[..]).collect();
    let (_, highest) = above.iter().max()?;
    (above.len() >= SEVERAL).then_some(*highest)
}

/// The newest of several tags that are named after their day alone.
pub fn newest_day<'a>(tags: &[&'a str]) -> Option<&'a str> {
    const SEVERAL: usize = 3;
    let day = |tag: &&&str| tag.get(tag.len() - "2026-08-21".len()..).map(str::to_owned);
    let dated = || tags.iter().filter(|tag| is_dated(tag));
    let newest = dated().max_by_key(day)?;
    (dated().count() >= SEVERAL).then_some(*newest)
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
        let end = it.name.len() - it.suffix.len();
        let number = it.name.get(it.prefix.len()..end).unwrap_or_default();
        number.split(['.', '_', '-']).count()
    };
    let others = releases.filter(|it| it.is_stable() && it.name != base.name);
    let other = others.clone().max_by(|a, b| a.version.cmp(&b.version))?;
    let mut others = others;
    let alone = others.all(|it| parts(it) != parts(base));
    (alone && line(&other.version) < line(&base.version)).then_some(other)
}
