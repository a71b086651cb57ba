//! The file of known issues: an entry for what was fixed, in the file's own
//! style.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

/// What is to be remembered. Texts are one line of Markdown each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What users saw, as a heading.
    pub title: &'a str,
    /// The release that had it.
    pub affected: &'a str,
    /// The release that fixes it; an entry that names it is there already.
    pub fixed_in: &'a str,
    /// The fields in their order: name and text.
    pub fields: &'a [(&'a str, String)],
}

/// Another word for the same field.
const SYNONYMS: &[(&str, &str)] = &[("Fix", "Resolution"), ("Root cause", "Cause")];

/// Whether a section's heading or text names the release and the issue, as an
/// entry of ours does.
pub fn has(text: &str, fixed_in: &str, issue: &str) -> bool {
    let headings = headings(text);
    headings.iter().enumerate().any(|(at, heading)| {
        // Up to the next heading of any rank: the whole file is no entry.
        let next = headings.get(at + 1);
        let end = next.map_or(text.len(), |next| next.range.start);
        let section = text.get(heading.range.start..end).unwrap_or_default();
        names(section, fixed_in) && names(section, issue)
    })
}

/// Whether a word stands there whole: `v1.0.5`, but not in `v1.0.51`.
fn names(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// The file with the entry put in: after the entry with the highest number and
/// numbered as it is, where entries are numbered; else as the last section.
pub fn insert(text: &str, entry: &Entry<'_>) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let headings = headings(text);
    let last = headings
        .iter()
        .enumerate()
        .filter_map(|(at, heading)| Some((at, numbered(&heading.text)?)))
        .max_by_key(|(_, numbered)| numbered.number);
    let (at, level, title, neighbour) = match &last {
        Some((index, numbered)) => {
            let heading = headings.get(*index);
            let start = heading.map_or(0, |h| h.range.start);
            let level = heading.map_or(2, |h| h.level);
            let end = end_of(&headings, *index, text);
            let title = format!(
                "{}{}{}",
                numbered.before,
                numbered.number + 1,
                numbered.after
            );
            (end, level, title, text.get(start..end).unwrap_or_default())
        }
        None => {
            let level = headings.iter().map(|h| h.level).filter(|l| *l > 1).min();
            (text.len(), level.unwrap_or(2), String::new(), text)
        }
    };
    let (before, after) = text.split_at(at);
    let (before, rule) = without_rule(before);
    let mut lines = vec![format!(
        "{} {title}{} ({})",
        "#".repeat(level),
        entry.title,
        entry.affected
    )];
    for (name, value) in entry.fields {
        lines.push(String::new());
        lines.push(format!("**{}**: {value}", spoken(name, neighbour)));
    }
    let mut out = before.trim_end().to_owned();
    let gap = newline.repeat(2);
    if !out.is_empty() {
        out.push_str(&gap);
    }
    if rule {
        out.push_str("---");
        out.push_str(&gap);
    }
    out.push_str(&lines.join(newline));
    out.push_str(newline);
    if rule && !after.is_empty() {
        out.push_str(newline);
        out.push_str("---");
        out.push_str(newline);
    }
    if !after.is_empty() {
        out.push_str(newline);
        out.push_str(after.trim_start_matches(['\r', '\n']));
    }
    out
}

/// The field's name as the neighbouring entry writes it.
fn spoken(name: &str, neighbour: &str) -> String {
    let words = std::iter::once(name).chain(
        SYNONYMS
            .iter()
            .filter(|(own, _)| *own == name)
            .map(|(_, other)| *other),
    );
    for word in words {
        let lower = neighbour.to_ascii_lowercase();
        let mark = format!("**{}", word.to_ascii_lowercase());
        let found = lower.find(&mark).and_then(|at| {
            let from = at + 2;
            neighbour.get(from..from + word.len())
        });
        if let Some(found) = found {
            return found.to_owned();
        }
    }
    name.to_owned()
}

/// The text without a horizontal rule at its end, and whether there was one.
fn without_rule(text: &str) -> (&str, bool) {
    let trimmed = text.trim_end();
    match trimmed.strip_suffix("---") {
        Some(rest) if rest.ends_with('\n') => (rest, true),
        _ => (text, false),
    }
}

struct Heading {
    level: usize,
    text: String,
    range: Range<usize>,
}

/// The file's own headings, none inside code, lists or quotes.
fn headings(text: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut open: Option<Heading> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                open = Some(Heading {
                    level: rank(level),
                    text: String::new(),
                    range,
                });
            }
            Event::End(TagEnd::Heading(_)) => found.extend(open.take()),
            Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => depth += 1,
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => depth = depth.saturating_sub(1),
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = open.as_mut() {
                    heading.text.push_str(&part);
                }
            }
            _ => {}
        }
    }
    found
}

fn rank(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// Where the section under a heading ends: at the next of its rank or higher.
fn end_of(headings: &[Heading], at: usize, text: &str) -> usize {
    let level = headings.get(at).map_or(1, |h| h.level);
    headings
        .iter()
        .skip(at + 1)
        .find(|next| next.level <= level)
        .map_or(text.len(), |next| next.range.start)
}

struct Numbered {
    /// "Issue #", "#" or nothing.
    before: String,
    number: u64,
    /// ": ", ". " and the like.
    after: String,
}

/// "#12: Title", "Issue 12 - Title", "12. Title".
fn numbered(heading: &str) -> Option<Numbered> {
    let start = heading.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = heading.split_at(start);
    let word = before.trim_end_matches('#').trim();
    if !word.is_empty() && !matches!(word.to_ascii_lowercase().as_str(), "issue" | "known issue") {
        return None;
    }
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    let (digits, rest) = rest.split_at(end);
    let title = rest.find(char::is_alphanumeric)?;
    let after = rest.get(..title)?;
    // "1.0.4" or "3 ways" is no number of an entry.
    let sign = after.trim();
    if !after.ends_with(' ') || !matches!(sign, ":" | "." | ")" | "-" | "–" | "—") {
        return None;
    }
    Some(Numbered {
        before: before.to_owned(),
        number: digits.parse().ok()?,
        after: after.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(text: &str) -> String {
        let fields = [
            ("Symptoms", "it ends at once".to_owned()),
            ("Root cause", "an empty lens".to_owned()),
            ("Fix", "ask first, see #7".to_owned()),
            ("Fixed in", "v1.0.5".to_owned()),
        ];
        insert(
            text,
            &Entry {
                title: "It ends at once",
                affected: "v1.0.4",
                fixed_in: "v1.0.5",
                fields: &fields,
            },
        )
    }

    #[test]
    fn a_numbered_file_is_numbered_on_in_its_own_words() {
        let text = "# Known\n\n## CI\n\n### #1: One (v1.0.0)\n\n**Root Cause**: a\n\n**Resolution**: b\n\n---\n\n### #3: Three (v1.0.1)\n\n**Root Cause**: a\n\n**Resolution**: b\n\n---\n\n## Tags\n\nx\n";
        let done = put(text);
        assert_eq!(
            done,
            "# Known\n\n## CI\n\n### #1: One (v1.0.0)\n\n**Root Cause**: a\n\n**Resolution**: b\n\n---\n\n### #3: Three (v1.0.1)\n\n**Root Cause**: a\n\n**Resolution**: b\n\n---\n\n### #4: It ends at once (v1.0.4)\n\n**Symptoms**: it ends at once\n\n**Root Cause**: an empty lens\n\n**Resolution**: ask first, see #7\n\n**Fixed in**: v1.0.5\n\n---\n\n## Tags\n\nx\n"
        );
        assert!(has(&done, "v1.0.5", "#7"));
        assert!(!has(&done, "v1.0.5", "#77"));
        assert!(!has(text, "v1.0.5", "#7"));
        // The release in one entry, the number in another one's heading.
        assert!(!has(&done, "v1.0.5", "#3"));
    }

    #[test]
    fn a_plain_file_gets_a_last_section() {
        let done = put("# Known issues\r\n\r\n## Crash\r\n\r\nOld.\r\n");
        assert!(
            done.starts_with(
                "# Known issues\r\n\r\n## Crash\r\n\r\nOld.\r\n\r\n## It ends at once (v1.0.4)\r\n"
            ),
            "{done:?}"
        );
        assert!(done.ends_with("**Fixed in**: v1.0.5\r\n"), "{done:?}");
        assert!(put("").starts_with("## It ends at once (v1.0.4)\n"));
    }

    #[test]
    fn versions_and_code_are_no_numbers() {
        for heading in ["1.0.4", "3 ways to fail", "v2: x", "2026-01-02: x"] {
            assert!(numbered(heading).is_none(), "{heading}");
        }
        let text = "# Known\n\n```\n### 9: not a heading\n```\n\n### Issue #2: Two\n\nx\n";
        assert!(
            put(text).contains("\n### Issue #3: It ends at once (v1.0.4)\n"),
            "{}",
            put(text)
        );
    }
}
