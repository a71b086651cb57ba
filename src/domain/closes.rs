//! Which issues a commit's message, or the text of a pull request, says that it
//! fixes, in the words by which GitHub would close them.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The words. (GitHub: linking a pull request to an issue, keywords.)
const KEYWORDS: &[&str] = &[
    "close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved",
];

/// So many are kept of one message.
const MOST: usize = 10;

/// The numbers of the issues of this repository that a message closes.
pub fn closes(message: &str) -> Vec<u64> {
    let mut found: Vec<u64> = Vec::new();
    let words: Vec<&str> = message.split_whitespace().collect();
    for pair in words.windows(2) {
        let &[word, issue] = pair else {
            continue;
        };
        let word = word.trim_end_matches(':').to_ascii_lowercase();
        let number = issue.strip_prefix('#').map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
        });
        let number = number.and_then(|digits| digits.parse().ok());
        if let Some(number) = number
            && KEYWORDS.contains(&word.as_str())
            && !found.contains(&number)
        {
            found.push(number);
        }
    }
    found.truncate(MOST);
    found
}

/// The numbers of the issues of this repository that the text of a pull request,
/// Markdown, closes: what stands in code, quotes and HTML's comments, as in
/// templates, closes nothing.
pub fn closes_in_text(text: &str) -> Vec<u64> {
    let (mut said, mut hidden) = (String::new(), 0_usize);
    for event in Parser::new_ext(text, Options::ENABLE_TASKLISTS) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::HtmlBlock) => hidden += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock) => {
                hidden = hidden.saturating_sub(1);
            }
            Event::Text(text) if hidden == 0 => said.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => said.push('\n'),
            Event::Code(_) => said.push('`'),
            _ => {}
        }
    }
    closes(&said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issues_that_a_message_closes() {
        for (message, numbers) in [
            ("fix(critical): start\n\nFixes #123", &[123][..]),
            ("Closes: #7, resolves #8.", &[7, 8]),
            ("fixes #7\nfixes #7", &[7]),
            ("FIXED #9", &[9]),
            ("fix #12a", &[12]),
            ("see #7", &[]),
            ("prefixes #7", &[]),
            ("fix: a crash (#456)", &[]),
            ("fixes other/repo#7", &[]),
            ("fixes #", &[]),
            ("", &[]),
        ] {
            assert_eq!(closes(message), numbers, "{message}");
        }
    }

    #[test]
    fn the_issues_that_the_text_of_a_pull_request_closes() {
        for (text, numbers) in [
            ("It starts.\n\nFixes #7", &[7][..]),
            ("- [x] tests\n- [x] fixes #7\n- closes #8", &[7, 8]),
            ("**Fixes** #7", &[7]),
            ("<!-- Fixes #123 -->\nCloses #7", &[7]),
            ("a <!-- fixes #123 --> b", &[]),
            ("> fixes #7", &[]),
            ("`fixes #7`", &[]),
            ("```\nfixes #7\n```", &[]),
            ("fixes `x` #7", &[]),
            ("", &[]),
        ] {
            assert_eq!(closes_in_text(text), numbers, "{text}");
        }
    }
}
