//! What stands where in a changelog: headings, list items, link definitions.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use semver::Version;

use super::scan::{self, BOLD, Raw};
use super::title::{self, Says};

/// A heading of the file itself, not one inside a list or a quote.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heading {
    /// 1 to 6, and above for lines that stand for headings.
    pub level: usize,
    /// Whole lines, without the last line's end.
    pub span: Range<usize>,
    /// The line of its title.
    pub title: Range<usize>,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A release; the bytes of its version in the file.
    Release(Version, Range<usize>),
    /// What is not released yet, perhaps with its number.
    Open(Option<Version>),
    /// "1.2", above "1.2.3" and others.
    Series,
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
        let (mut raw, opaque) = if scan::is_plain(text) {
            outline.items = scan::plain_items(text);
            (scan::plain_headings(text), Vec::new())
        } else {
            outline.markdown()
        };
        let taken: Vec<Range<usize>> = raw.iter().map(|(_, span, _)| span.clone()).collect();
        let lines = scan::line_headings(text, &opaque);
        raw.extend(lines.into_iter().filter(|(_, span, _)| {
            !taken
                .iter()
                .any(|other| other.start <= span.start && span.start < other.end)
        }));
        raw.sort_by_key(|(_, span, _)| span.start);
        outline.classify(raw);
        outline
    }

    /// Takes definitions and items in. Gives the headings, and what is code or
    /// HTML.
    fn markdown(&mut self) -> (Vec<Raw>, Vec<Range<usize>>) {
        let (mut raw, mut opaque) = (Vec::new(), Vec::new());
        let parser = Parser::new_ext(self.text, Options::ENABLE_TABLES | Options::ENABLE_GFM);
        let spans: Vec<_> = parser
            .reference_definitions()
            .iter()
            .map(|(_, definition)| definition.span.clone())
            .collect();
        for span in spans {
            self.definitions.extend(self.definition(span));
        }
        self.definitions.sort_by_key(|d| d.line.start);
        let mut depth = 0_usize;
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                    let start = self.line_start(range.start);
                    let said = self.slice(start..range.end).trim_end();
                    let span = start..start + said.len();
                    let title = start..self.line_end(start).min(span.end);
                    raw.push((level as usize, span, title));
                }
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => opaque.push(range),
                Event::Start(Tag::Item) if depth == 1 => self.items.extend(self.item(range)),
                Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => depth += 1,
                Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
        }
        (raw, opaque)
    }

    fn classify(&mut self, raw: Vec<Raw>) {
        let mut short = Vec::new();
        let mut all: Vec<Heading> = Vec::new();
        for (level, span, title) in raw {
            let words = self.slice(title.clone());
            let kind = match title::read(words, self.below(span.end)) {
                Says::Release(found) => {
                    if found.short {
                        short.push(all.len());
                    }
                    let at = title.start + found.at.start..title.start + found.at.end;
                    Kind::Release(found.version, at)
                }
                Says::Open(version) => Kind::Open(version),
                Says::Other => Kind::Other,
            };
            all.push(Heading {
                level,
                span,
                title,
                kind,
            });
        }
        // Lines that stand for headings are such where there are no others.
        let marked = all
            .iter()
            .any(|h| h.level < BOLD && matches!(h.kind, Kind::Release(..)));
        let bold = all
            .iter()
            .any(|h| h.level == BOLD && matches!(h.kind, Kind::Release(..)));
        let most = if marked {
            BOLD - 1
        } else if bold {
            BOLD
        } else {
            usize::MAX
        };
        for heading in &mut all {
            if heading.level > most && heading.kind != Kind::Other {
                heading.kind = Kind::Other;
            }
        }
        // What is unreleased stands beside the releases: deeper, below one of them, it
        // is what that release says of it.
        // So is what says the same version once more ("Bugfixes - 1.0.4").
        let mut above: Option<(usize, Version)> = None;
        for heading in &mut all {
            let below = |version: Option<&Version>| {
                let other = |of: &Version| version.is_some_and(|it| it != of);
                let mut above = above.iter();
                above.any(|(level, of)| *level < heading.level && !other(of))
            };
            match &heading.kind {
                Kind::Release(version, _) if below(Some(version)) => heading.kind = Kind::Other,
                Kind::Release(version, _) => above = Some((heading.level, version.clone())),
                Kind::Open(None) if below(None) => heading.kind = Kind::Other,
                _ => {}
            }
        }
        for at in short {
            let Some(own) = all.get(at).cloned() else {
                continue;
            };
            let Kind::Release(series, _) = &own.kind else {
                continue;
            };
            let below = all.iter().skip(at + 1).take_while(|h| h.level > own.level);
            let holds = below.into_iter().any(|h| match &h.kind {
                Kind::Release(v, _) => (v.major, v.minor) == (series.major, series.minor),
                _ => false,
            });
            if holds && let Some(own) = all.get_mut(at) {
                own.kind = Kind::Series;
            }
        }
        // What only looks like a heading, and is none of a release or a group.
        let text = self.text;
        all.retain(|h| {
            let title = text.get(h.title.clone()).unwrap_or_default();
            h.level < BOLD || h.kind != Kind::Other || is_group_line(h.level, title)
        });
        self.headings = all;
    }

    /// The next line that says something.
    fn below(&self, at: usize) -> &'a str {
        let rest = self.slice(self.next_line(at)..self.text.len());
        rest.lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default()
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

    /// The definition of a heading's own label, where that stands in the line right
    /// below: `[1.0.4]: https://…`.
    pub(super) fn own_link(&self, heading: &Heading) -> Option<&Definition> {
        let below = self.next_line(heading.span.end);
        let title = self.slice(heading.title.clone());
        self.definitions.iter().find(|d| {
            let label = format!("[{}]", self.slice(d.label.clone()));
            d.line.start == below && below > heading.span.end && title.contains(&label)
        })
    }

    /// The end of a heading, or of the definition of its label right below.
    pub(super) fn below_link(&self, heading: &Heading) -> usize {
        let own = self.own_link(heading);
        own.map_or(heading.span.end, |own| own.line.end)
    }

    /// A heading's place, or that of the anchors and labels right above it.
    pub(super) fn above_anchor(&self, heading: usize) -> usize {
        let mut at = heading;
        let mut upto = heading;
        while at > 0 {
            let start = self.line_start(at - 1);
            let line = self.slice(start..at).trim();
            let anchor = line.starts_with("<a ") || line.starts_with(".. _") && line.ends_with(':');
            if anchor {
                upto = start;
            } else if !line.is_empty() {
                break;
            }
            at = start;
        }
        upto
    }

    /// The releases in the order of the file.
    pub(super) fn releases(&self) -> impl Iterator<Item = (usize, &Heading, &Version)> {
        let indexed = self.headings.iter().enumerate();
        indexed.filter_map(|(at, heading)| match &heading.kind {
            Kind::Release(version, _) => Some((at, heading, version)),
            _ => None,
        })
    }

    /// What is not released yet. What has no number and stands below several releases,
    /// the newest first, is a pattern to be copied.
    pub(super) fn open(&self) -> impl Iterator<Item = (usize, &Heading, Option<&Version>)> {
        let indexed = self.headings.iter().enumerate();
        indexed.filter_map(|(at, heading)| match &heading.kind {
            Kind::Open(None) if self.is_left_below(at) => None,
            Kind::Open(version) => Some((at, heading, version.as_ref())),
            _ => None,
        })
    }

    fn is_left_below(&self, heading: usize) -> bool {
        let above = self.releases().take_while(|(at, ..)| *at < heading);
        let above: Vec<&Version> = above.map(|(_, _, version)| version).collect();
        let newest_first = above.first() > above.last();
        above.len() > 1 && newest_first
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
        let upto = next.map_or(self.text.len(), |next| self.above_anchor(next.span.start));
        self.content_end(upto).max(own.span.end)
    }

    /// What stands under a heading, without blank lines around it.
    pub(super) fn body(&self, heading: usize) -> &'a str {
        let start = self.headings.get(heading).map_or(0, |own| own.span.end);
        let body = self.slice(start..self.section_end(heading));
        body.trim_matches(['\r', '\n'])
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

/// "**Fixed**", "Bug fixes:".
fn is_group_line(level: usize, title: &str) -> bool {
    let title = title.trim_end();
    let title = title.strip_suffix(':').unwrap_or(title);
    let words = title::plain(title);
    let few = (1..=4).contains(&words.split(' ').count());
    let whole = if level == BOLD {
        title.ends_with("**") || title.ends_with("__")
    } else {
        title
            .chars()
            .all(|c| c.is_alphabetic() || c == ' ' || c == '/' || c == '&')
    };
    few && whole
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn other_forms_of_headings() {
        for (text, versions) in [
            (
                "Changes\n=======\n\n**1.0.4** (2026-01-02)\n* a\n**1.0.3** (2025-01-02)\n* b\n",
                "1.0.4 1.0.3",
            ),
            (
                "**Upgrade to 2.0.0**\n\n## 1.0.4\n\n**2.0.0**\n\n- a\n",
                "1.0.4",
            ),
            (
                "=========\nChangelog\n=========\n\n.. _v1.0.4:\n\n1.0.4\n=====\n\nFixes\n~~~~~\n\n- a\n\n1.0.3\n=====\n\n- b\n",
                "1.0.4 1.0.3",
            ),
            (
                "= Changelog\n\n== 1.0.4 ==\n\n* a\n\n== 1.0.3 ==\n\n* b\n",
                "1.0.4 1.0.3",
            ),
            (
                "Version 1.0.4 (2026-01-02)\n\n  * a\n\nVersion 1.0.3 (2025-01-02)\n\n  * b\n",
                "1.0.4 1.0.3",
            ),
            (
                "## 1.2\n\n### 1.2.1\n\n- a\n\n### 1.2.0\n\n- b\n\n## 1.1\n\n- c\n",
                "1.2.1 1.2.0 1.1.0",
            ),
            ("# Log\n\nSee what 1.0.4 has:\n\n- a\n", ""),
        ] {
            let outline = Outline::read(text);
            let found: Vec<String> = outline.releases().map(|(_, _, v)| v.to_string()).collect();
            assert_eq!(found.join(" "), versions, "{text}\n{:?}", outline.headings);
        }
    }
}
