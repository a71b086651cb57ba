//! Names that end in a version: tags of releases, and hotfix branches.

/// Prefix and version of a name that ends in one: two numbers or more, with dots
/// between them, and what a prerelease adds.
pub fn split(name: &str) -> Option<(&str, &str)> {
    let starts = name.char_indices().filter(|(at, c)| {
        let before = name.get(..*at).and_then(|t| t.chars().next_back());
        c.is_ascii_digit() && !before.is_some_and(|b| b.is_ascii_digit() || b == '.')
    });
    let mut splits = starts.filter_map(|(at, _)| name.split_at_checked(at));
    splits.find(|(_, rest)| is_version(rest))
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
            ("nightly", None),
            ("2024-01-01", None),
            ("list", None),
        ];
        for (name, expected) in table {
            assert_eq!(split(name), expected, "{name}");
        }
    }
}
