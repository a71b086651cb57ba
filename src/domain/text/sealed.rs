//! A whole message of a commit of the bot's, once more: what the configuration
//! brings along, and what only comes about where words meet, acts no more than a
//! title does.

use crate::domain::workflow_file::unmarked;

/// The words by which a message closes an issue.
const CLOSES: [&str; 9] = [
    "close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved",
];

/// The message, with nothing in it that skips CI or closes an issue: that is
/// done by the bot itself, after the release.
pub fn sealed(message: &str) -> String {
    let message = unmarked(message);
    let mut out = String::with_capacity(message.len());
    let mut words = message.split_inclusive(char::is_whitespace).peekable();
    while let Some(word) = words.next() {
        let next = words.peek().map_or("", |next| next.trim_end());
        match keyword(word) {
            Some(keyword) if refers(next) => out.push_str(&word.replace(keyword, "Refs")),
            _ => out.push_str(word),
        }
    }
    out
}

fn keyword(word: &str) -> Option<&str> {
    let word = word.trim_end().trim_end_matches(':');
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let closes = CLOSES.iter().any(|it| it.eq_ignore_ascii_case(word));
    closes.then_some(word)
}

/// `#1`, `o/r#1`, `GH-1`, or an issue's page.
fn refers(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    ["#", "gh-", "/issues/", "/pull/"]
        .iter()
        .any(|mark| lower.split(mark).skip(1).any(digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow_file::skips_ci;

    #[test]
    fn nothing_skips_and_nothing_closes() {
        for (message, wanted) in [
            ("chore: bump [Skip CI]", "chore: bump (Skip CI)"),
            ("chore: 1.0.5, Fixes #1", "chore: 1.0.5, Refs #1"),
            (
                "a (closes: o/r#2)\n\nfix GH-3\n",
                "a (Refs: o/r#2)\n\nRefs GH-3\n",
            ),
            (
                "Resolved\nhttps://github.com/o/r/issues/4",
                "Refs\nhttps://github.com/o/r/issues/4",
            ),
            (
                "fix: start #1 again, fixes 2",
                "fix: start #1 again, fixes 2",
            ),
            ("a\n\n\nskip-checks: true\n", "a\n\n\n(skip-checks: true)\n"),
        ] {
            let sealed = sealed(message);
            assert_eq!(sealed, wanted);
            assert!(!skips_ci(&sealed), "{sealed}");
        }
    }
}
