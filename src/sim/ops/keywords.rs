//! `Fixes #12`: words that close an issue when they reach the default branch.

const WORDS: [&str; 9] = [
    "close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved",
];

/// The numbers of the issues of this repository (`full_name`) that a text
/// closes.
pub(super) fn closes(text: &str, full_name: &str) -> Vec<u64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [keyword, target] = pair else { continue };
        let keyword = keyword
            .trim_end_matches(':')
            .trim_start_matches(|c: char| !c.is_alphanumeric());
        if !WORDS.iter().any(|w| w.eq_ignore_ascii_case(keyword)) {
            continue;
        }
        let Some((repo, number)) = target.split_once('#') else {
            continue;
        };
        let repo = repo.trim_start_matches(|c: char| !c.is_alphanumeric());
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        let after = number.get(digits.len()..).unwrap_or("");
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        if let Ok(number) = digits.parse()
            && (repo.is_empty() || repo.eq_ignore_ascii_case(full_name))
            && !found.contains(&number)
        {
            found.push(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::closes;

    #[test]
    fn only_the_closing_words_close() {
        let of = |text| closes(text, "o/r");
        assert_eq!(of("fix: x\n\nFixes #12, closes: #3"), [12, 3]);
        assert_eq!(of("Refs #12; (Resolved o/r#4)"), [4]);
        assert!(of("fix #12a, fixes other/r#5, prefixes #6, Fixes 7").is_empty());
    }
}
