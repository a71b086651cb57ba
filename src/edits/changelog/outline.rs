//! What stands where in a changelog: headings, list items, link definitions.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use semver::Version;

/// A heading of the file itself, not one inside a list or a quote.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heading {
    /// 1 to 6.
    pub level: usize,
    /// Whole lines, without the last line's end.
    pub span: Range<usize>,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A release; the bytes of its version in the file.
    Release(Version, Range<usize>),
    /// What is not released yet.
    Unreleased,
    /// Anything else.
    Other,
}

/// `[label]: destination`, on one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    /// The whole line, without its end.
    pub line: Range<usize>,
    /// Where the label stands, without its brackets.
    pub label: Range<usize>,
    /// Where the destination stands.
    pub dest: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub text: &'a str,
    /// In the order of the file.
    pub headings: Vec<Heading>,
    /// In the order of the file.
    pub definitions: Vec<Definition>,
    /// From the beginning of the line to the text of each outermost item.
    pub items: Vec<Range<usize>>,
}

impl<'a> Outline<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let mut outline = Self {
            text,
            headings: Vec::new(),
            definitions: Vec::new(),
            items: Vec::new(),
        };
        let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM);
        let spans: Vec<_> = parser
            .reference_definitions()
            .iter()
            .map(|(_, definition)| definition.span.clone())
            .collect();
        for span in spans {
            outline.definitions.extend(outline.definition(span));
        }
        outline.definitions.sort_by_key(|d| d.line.start);
        let mut depth = 0_usize;
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                    let heading = outline.heading(level as usize, range);
                    outline.headings.push(heading);
                }
                Event::Start(Tag::Item) if depth == 1 => {
                    outline.items.extend(outline.item(range));
                }
                Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => depth += 1,
                Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
        }
        outline
    }

    /// The bytes of a range; empty where there are none.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |i| i + 1)
    }

    /// The end of the line, before its `\n` or `\r\n`.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.slice(at..self.text.len());
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The beginning of the line after this one.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let rest = self.slice(at..self.text.len());
        at + rest.find('\n').map_or(rest.len(), |i| i + 1)
    }

    fn heading(&self, level: usize, range: Range<usize>) -> Heading {
        let start = self.line_start(range.start);
        let raw = self.slice(start..range.end);
        let span = start..start + raw.trim_end().len();
        let title_end = self.line_end(start).min(span.end);
        let title = self.slice(start..title_end);
        let kind = match find_version(title) {
            Some((version, at)) => Kind::Release(version, start + at.start..start + at.end),
            None if is_unreleased(title) => Kind::Unreleased,
            None => Kind::Other,
        };
        Heading { level, span, kind }
    }

    fn item(&self, range: Range<usize>) -> Option<Range<usize>> {
        let start = self.line_start(range.start);
        let raw = self.slice(range.clone());
        // The range may begin with the item's indentation.
        let indent = raw.len() - raw.trim_start_matches([' ', '\t']).len();
        let range = range.start + indent..range.end;
        let raw = raw.get(indent..)?;
        let marker = raw.chars().next().filter(|c| "-*+".contains(*c))?;
        let rest = raw.get(marker.len_utf8()..)?;
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let indent_is_blank = self.slice(start..range.start).trim().is_empty();
        (indent_is_blank && spaces > 0).then(|| start..range.start + marker.len_utf8() + spaces)
    }

    fn definition(&self, span: Range<usize>) -> Option<Definition> {
        let start = self.line_start(span.start);
        let line = start..self.line_end(span.start);
        let raw = self.slice(line.clone());
        let open = raw.find('[')?;
        let close = raw.find("]:")?;
        let dest = raw.get(close + 2..)?;
        let skipped = dest.len() - dest.trim_start().len();
        let dest_start = start + close + 2 + skipped;
        let dest_len = dest.split_whitespace().next()?.len();
        Some(Definition {
            line,
            label: start + open + 1..start + close,
            dest: dest_start..dest_start + dest_len,
        })
    }

    /// A heading's place, or that of the `<a name=…>` lines right above it.
    pub(super) fn above_anchor(&self, heading: usize) -> usize {
        let mut at = heading;
        while at > 0 {
            let start = self.line_start(at - 1);
            if !self.slice(start..at).trim_start().starts_with("<a ") {
                break;
            }
            at = start;
        }
        at
    }

    /// The releases in the order of the file.
    pub(super) fn releases(&self) -> impl Iterator<Item = (usize, &Heading, &Version)> {
        let indexed = self.headings.iter().enumerate();
        indexed.filter_map(|(at, heading)| match &heading.kind {
            Kind::Release(version, _) => Some((at, heading, version)),
            _ => None,
        })
    }

    /// Where the section under a heading ends: without blank lines and link
    /// definitions at its end.
    pub(super) fn section_end(&self, heading: usize) -> usize {
        let Some(own) = self.headings.get(heading) else {
            return self.text.len();
        };
        let next = self
            .headings
            .iter()
            .skip(heading + 1)
            .find(|other| other.kind != Kind::Other || other.level < own.level);
        let upto = next.map_or(self.text.len(), |next| next.span.start);
        self.content_end(upto).max(own.span.end)
    }

    /// The end of the last line before `upto` that says something.
    pub(super) fn content_end(&self, upto: usize) -> usize {
        let mut end = upto;
        while end > 0 {
            let start = self.line_start(end - 1);
            let blank = self.slice(start..end).trim().is_empty();
            let defines = self.definitions.iter().any(|d| d.line.start == start);
            if !blank && !defines {
                return self.line_end(start).min(end);
            }
            end = start;
        }
        0
    }
}

fn is_unreleased(title: &str) -> bool {
    let words = title.trim_start_matches(['#', ' ', '\t', '[', '*', '_']);
    words
        .get(..10)
        .is_some_and(|word| word.eq_ignore_ascii_case("unreleased"))
}

/// The first version in a heading or a name, if at most one word stands before
/// it: "## [1.0.4]", "# caro v1.0.4", but not "## Coming from 1.0.4".
pub(super) fn find_version(text: &str) -> Option<(Version, Range<usize>)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    let mut before = None;
    for (at, c) in text.char_indices() {
        let previous = before.replace(c);
        if !c.is_ascii_digit() || previous.is_some_and(|p| p.is_ascii_digit() || p == '.') {
            continue;
        }
        let rest = text.get(at..)?;
        let run = rest
            .split(|c| !is_part(c))
            .next()?
            .trim_end_matches(['.', '-', '+']);
        if let Ok(version) = Version::parse(run) {
            let words = text.get(..at)?.trim_start_matches(['#', ' ', '\t']);
            // What the version is glued to, such as a "v", is no word.
            let whole = words.rfind(char::is_whitespace);
            let whole = whole.and_then(|end| words.get(..end)).unwrap_or_default();
            return (whole.split_whitespace().count() <= 1).then(|| (version, at..at + run.len()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_headings() {
        for (text, version) in [
            ("## [1.0.4] - 2026-01-02", Some("1.0.4")),
            ("## 1.0.4 (2026-01-02)", Some("1.0.4")),
            ("## v1.0.4-rc.1 – today", Some("1.0.4-rc.1")),
            ("# caro-v1.0.4", Some("1.0.4")),
            ("## Version 1.0.4.", Some("1.0.4")),
            ("## 2026-01-02: v1.0.4", Some("1.0.4")),
            ("## Coming from 1.0.4", None),
            ("## [Unreleased]", None),
            ("## 1.0", None),
            ("## 1.2.3.4", None),
        ] {
            let found = find_version(text).map(|(version, at)| {
                assert_eq!(version.to_string(), text[at].to_owned());
                version.to_string()
            });
            assert_eq!(found.as_deref(), version, "{text}");
        }
    }

    #[test]
    fn only_headings_of_the_file_itself_count() {
        let text = "# Changelog\n\n```\n## 1.0.0\n```\n<!--\n## 2.0.0\n-->\n- # 3.0.0\n> # 4.0.0\n\n1.0.4\n-----\n\n* a\n  * b\n\n[1.0.4]: x\n";
        let outline = Outline::read(text);
        let kinds: Vec<_> = outline
            .headings
            .iter()
            .map(|h| &text[h.span.clone()])
            .collect();
        assert_eq!(kinds, ["# Changelog", "1.0.4\n-----"]);
        assert_eq!(outline.releases().count(), 1);
        let items: Vec<_> = outline.items.iter().map(|i| &text[i.clone()]).collect();
        assert_eq!(items, ["- ", "* "]);
        assert_eq!(outline.definitions.len(), 1);
        assert!(text[..outline.section_end(1)].ends_with("* b"));
    }
}
