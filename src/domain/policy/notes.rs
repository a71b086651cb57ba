//! The repository's own template of the block in the release notes.

use super::error::ConfigError;
use super::findings::unknown;
use super::template::placeholders;

/// What it may name. Each is Markdown, some several lines of it.
pub const NAMES: &[&str] = &[
    "version",
    "tag",
    "base",
    "issue",
    "summary",
    "symptom",
    "changelog",
    "what_was_fixed",
    "impact",
    "who_should_upgrade",
    "how_to_upgrade",
    "verification",
    "rollback",
    "reporter",
];

/// As long may it be, in characters: GitHub takes notes of 125,000.
const LONGEST: usize = 20_000;

/// What is wrong with a template, each with its place.
pub fn notes_faults(text: &str) -> Vec<ConfigError> {
    let mut faults = Vec::new();
    let mut say = |span: std::ops::Range<usize>, message: String, hint| {
        faults.push(ConfigError::new(text, span, message, hint));
    };
    let length = text.chars().count();
    if length > LONGEST {
        say(
            0..0,
            format!("it has {length} characters, and may have {LONGEST}"),
            None,
        );
    }
    if text.trim().is_empty() {
        say(0..0, "it is empty".to_owned(), None);
    }
    for (open, name) in placeholders(text) {
        if let Some((message, hint)) = unknown(name, NAMES) {
            say(open..open + name.len() + 2, message, Some(hint));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_that_is_unknown_is_shown_in_its_place() {
        let places = |text: &str| -> Vec<(usize, usize, String)> {
            let place = |it: ConfigError| (it.line, it.column, it.to_string());
            notes_faults(text).into_iter().map(place).collect()
        };
        assert_eq!(places("## {tag}\n\n{what_was_fixed}\n{ \"a\": 1 }\n"), []);
        let found = places("## {tag}\r\n\u{e9} {what_was_fixd}\n");
        assert_eq!(found[0].0, 2);
        assert_eq!(found[0].1, 3);
        assert!(found[0].2.contains("{what_was_fixed}"), "{}", found[0].2);
        assert!(places(" \n")[0].2.contains("empty"));
        assert!(places(&"a".repeat(20_001))[0].2.contains("20001"));
    }
}
