//! Names that end in a version: tags of releases, and hotfix branches.

/// What may stand between the numbers of a version.
const SIGNS: [char; 3] = ['.', '_', '-'];

/// Prefix and version of a name that ends in one: two numbers or more, with dots
/// between them, or three with underscores or dashes, and what a prerelease adds.
pub fn split(name: &str) -> Option<(&str, &str)> {
    let starts = name.char_indices().filter(|(at, c)| {
        let before = name.get(..*at).and_then(|t| t.chars().next_back());
        c.is_ascii_digit() && !before.is_some_and(|b| b.is_ascii_digit() || b == '.')
    });
    let mut splits = starts.filter_map(|(at, _)| name.split_at_checked(at));
    let found = splits.clone().find(|(_, rest)| is_version(bare(rest)));
    let found = found.or_else(|| splits.find(|(before, rest)| joined(before, rest).is_some()));
    found.map(|(before, rest)| (before, bare(rest)))
}

/// A version without the word behind it that says that it is a release.
fn bare(text: &str) -> &str {
    let ends = ["stable", "final", "release", "ga", "rel"];
    let is_one = |(_, end): &(&str, &str)| ends.iter().any(|it| end.eq_ignore_ascii_case(it));
    let parted = text.rsplit_once(['-', '.', '_']).filter(is_one);
    parted.map_or(text, |(number, _)| number)
}

/// The sign between three numbers that have no dots, in a name that is no day.
fn joined(before: &str, text: &str) -> Option<char> {
    let sign = text.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = text.split(sign).collect();
    let number = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let day = |part: &&str| sign == '-' && part.len() > 1 && part.starts_with('0');
    let first = parts.first().and_then(|it| it.parse::<u32>().ok())?;
    let in_number = before.ends_with(['_', '-'])
        && before
            .trim_end_matches(['_', '-'])
            .ends_with(|c: char| c.is_ascii_digit());
    let is_it = matches!(sign, '_' | '-') && parts.len() == 3 && first < 1900 && !in_number;
    (is_it && parts.iter().all(number) && !parts.iter().any(day)).then_some(sign)
}

/// Whether a name ends in a day and has no version, as some call their releases.
pub fn is_day(name: &str) -> bool {
    let at = name.find(|c: char| c.is_ascii_digit());
    let day = at.and_then(|at| name.get(at..)).unwrap_or_default();
    let parts: Vec<&str> = day.split(SIGNS).collect();
    let word = name.get(..at.unwrap_or_default()).unwrap_or_default();
    let word = word.trim_end_matches(['-', '_', '/', 'v']);
    matches!(parts.as_slice(), [year, month, day]
        if year.len() == 4 && year.starts_with("20") && month.len() == 2 && day.len() == 2)
        && parts
            .iter()
            .all(|it| it.chars().all(|c| c.is_ascii_digit()))
        && ["", "release", "rel", "releases", "version"].contains(&word)
}

fn is_version(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (numbers, suffix) = text.split_at(end);
    let parts: Vec<&str> = numbers.split('.').collect();
    let word = suffix.trim_start_matches(['-', '+']);
    (2..=4).contains(&parts.len())
        && parts.iter().all(|p| !p.is_empty())
        && (suffix.is_empty() || word.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// A version as a project writes its own: `25.07.2` after `25.07.1`, where the
/// numbers alone say `25.7.2`.
pub fn as_written(before: &str, version: &str) -> String {
    if let Some(sign) = joined("", before) {
        return version.replace('.', &sign.to_string());
    }
    let wide = |(nth, number): (usize, &str)| {
        let old = before.split('.').nth(nth).unwrap_or_default();
        let padded = old.len() > 1 && old.starts_with('0');
        match padded && number.chars().all(|c| c.is_ascii_digit()) {
            true => format!("{number:0>width$}", width = old.len()),
            false => number.to_owned(),
        }
    };
    let all: Vec<String> = version.split('.').enumerate().map(wide).collect();
    all.join(".")
}

/// A version as manifests write it: its numbers without leading zeros.
pub fn as_numbers(version: &str) -> String {
    let dotted = joined("", version).map(|sign| version.replace(sign, "."));
    let version = dotted.as_deref().unwrap_or(version);
    let bare = |number: &str| {
        let short = number.trim_start_matches('0');
        match number.chars().all(|c| c.is_ascii_digit()) {
            true if short.is_empty() => "0".to_owned(),
            true => short.to_owned(),
            false => number.to_owned(),
        }
    };
    let all: Vec<String> = version.split('.').map(bare).collect();
    all.join(".")
}

/// What is released, by what stands before the version: `core` of `core-v`;
/// empty where that names nothing.
pub fn family(prefix: &str) -> &str {
    let name = prefix.strip_suffix('v').unwrap_or(prefix);
    name.trim_end_matches(['-', '/', '@', '_'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_width() {
        for (before, version, expected) in [
            ("25.07.1", "25.7.2", "25.07.2"),
            ("1.0.9", "1.0.10", "1.0.10"),
            ("0.9", "0.9.1", "0.9.1"),
            ("2024.01.09", "2024.1.10", "2024.01.10"),
            ("1.00.0", "1.0.1-rc.1", "1.00.1-rc.1"),
            ("8_5_0", "8.5.1", "8_5_1"),
            ("2-13-2", "2.13.3", "2-13-3"),
        ] {
            assert_eq!(as_written(before, version), expected, "{before}");
            assert_eq!(as_numbers(expected), version, "{before}");
        }
    }

    #[test]
    fn releases_are_told_by_their_names() {
        let table = [
            ("v1.0.4", Some(("v", "1.0.4"))),
            ("1.0.4", Some(("", "1.0.4"))),
            ("axum-core-v0.5.2", Some(("axum-core-v", "0.5.2"))),
            ("sha2-v0.10.1", Some(("sha2-v", "0.10.1"))),
            ("v/0.23.1", Some(("v/", "0.23.1"))),
            ("tokei@14.0.0", Some(("tokei@", "14.0.0"))),
            ("25.07.1", Some(("", "25.07.1"))),
            ("v1.0.0-rc.1", Some(("v", "1.0.0-rc.1"))),
            ("2.1.0rc1", Some(("", "2.1.0rc1"))),
            ("v4", None),
            ("R_2_8_3", Some(("R_", "2_8_3"))),
            ("rel_2_0_52", Some(("rel_", "2_0_52"))),
            ("curl-8_5_0", Some(("curl-", "8_5_0"))),
            ("VER-2-13-2", Some(("VER-", "2-13-2"))),
            ("r2.34", Some(("r", "2.34"))),
            ("release-2.1.12-stable", Some(("release-", "2.1.12"))),
            ("netty-4.1.100.Final", Some(("netty-", "4.1.100"))),
            ("x86_64", None),
            ("release-2026-08-21", None),
            ("24-01-15", None),
            ("REL_16_2", None),
            ("nightly", None),
            ("2024-01-01", None),
            ("list", None),
        ];
        for (name, expected) in table {
            assert_eq!(split(name), expected, "{name}");
        }
    }
}
