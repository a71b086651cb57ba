//! Lines that hold a version, in a text of whatever kind.

/// The lines, counted from 1, in which this version stands as a whole: not within a
/// longer number, nor as the beginning of a prerelease's.
pub fn lines_with(text: &str, version: &str) -> Vec<u32> {
    if version.is_empty() {
        return Vec::new();
    }
    let holds = |line: &str| {
        line.match_indices(version).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + version.len()..).unwrap_or_default();
            let number = |c: char| c.is_ascii_digit();
            let within = before
                .strip_suffix('.')
                .is_some_and(|it| it.ends_with(number));
            let goes_on = after.strip_prefix('.').unwrap_or(after);
            let longer = before.ends_with(number) || within || after.starts_with(number);
            !(longer || goes_on.starts_with(number) || is_prerelease(after))
        })
    };
    let numbered = (1..).zip(text.lines());
    numbered
        .filter(|(_, line)| holds(line))
        .map(|it| it.0)
        .collect()
}

fn is_prerelease(after: &str) -> bool {
    let signs = ["-alpha", "-beta", "-rc", "-pre", "-dev"];
    signs.iter().any(|sign| after.starts_with(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_where_it_stands_as_a_whole() {
        for (line, found) in [
            ("lantern = \"1.0.4\"", true),
            ("v1.0.4", true),
            ("It is 1.0.4.", true),
            ("lantern-1.0.4-x86_64.tar.gz", true),
            ("1.0.4-rc.1", false),
            ("11.0.4", false),
            ("1.0.40", false),
            ("2.1.0.4", false),
            ("1.0.4.1", false),
            ("1.0.5", false),
        ] {
            let expected: &[u32] = if found { &[2] } else { &[] };
            assert_eq!(
                lines_with(&format!("a\n{line}\r\n"), "1.0.4"),
                expected,
                "{line}"
            );
        }
        assert!(lines_with("a", "").is_empty());
    }
}
