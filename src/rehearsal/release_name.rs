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
