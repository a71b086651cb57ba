//! Which lines of a comment are text, as GitHub renders it.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A line of text that a reader sees as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextLine {
    /// Counted from 1, in the comment's source.
    pub number: usize,
    /// The line without its markup.
    pub text: String,
}

/// The lines of the comment whose first thing is plain text: of paragraphs,
/// headings and list items, never of code, quotes, tables, footnotes, HTML and
/// its comments, links, and text that is emphasised or struck out.
pub(super) fn text_lines(body: &str) -> Vec<TextLine> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    // A lone carriage return ends a line in Markdown, too.
    let bytes = body.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| {
        **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
    });
    let starts: Vec<usize> = std::iter::once(0)
        .chain(ends.map(|(at, _)| at + 1))
        .collect();
    let mut collector = Collector {
        starts: &starts,
        lines: Vec::new(),
        line: Line::Fresh,
        hidden: 0,
        inline: 0,
    };
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        collector.take(event, range);
    }
    collector.end_line();
    collector.lines
}

/// The line that is being read.
enum Line {
    /// Nothing seen yet.
    Fresh,
    /// It began with something that is not plain text.
    Other,
    /// It began with plain text.
    Text(TextLine),
}

struct Collector<'a> {
    starts: &'a [usize],
    lines: Vec<TextLine>,
    line: Line,
    /// How many blocks around us are no text of the writer's own.
    hidden: usize,
    /// How many inline marks are open.
    inline: usize,
}

impl Collector<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) if hides(&tag) => {
                self.end_line();
                self.hidden += 1;
            }
            Event::End(tag) if ends_hidden(&tag) => {
                self.end_line();
                self.hidden = self.hidden.saturating_sub(1);
            }
            Event::Start(tag) if is_inline(&tag) => self.inline += 1,
            Event::End(tag) if ends_inline(&tag) => self.inline = self.inline.saturating_sub(1),
            Event::Start(_) | Event::End(_) | Event::Rule => self.end_line(),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::Text(text) => self.push(&text, range.start, true),
            Event::Code(text) => self.push(&text, range.start, false),
            Event::TaskListMarker(_) => self.not_text(),
            Event::InlineHtml(html) => {
                // A comment leaves nothing to see; the text after it may be first.
                if !html.starts_with("<!--") {
                    self.not_text();
                }
            }
            Event::Html(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_) => self.not_text(),
        }
    }

    fn push(&mut self, text: &str, start: usize, plain: bool) {
        if self.hidden > 0 {
            return;
        }
        match &mut self.line {
            Line::Text(line) => line.text.push_str(text),
            Line::Fresh if plain && self.inline == 0 => {
                let number = self.starts.partition_point(|at| *at <= start);
                self.line = Line::Text(TextLine {
                    number,
                    text: text.to_owned(),
                });
            }
            Line::Fresh => self.line = Line::Other,
            Line::Other => {}
        }
    }

    fn not_text(&mut self) {
        if matches!(self.line, Line::Fresh) {
            self.line = Line::Other;
        }
    }

    fn end_line(&mut self) {
        if let Line::Text(line) = std::mem::replace(&mut self.line, Line::Fresh) {
            self.lines.push(line);
        }
    }
}

fn hides(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Table(_)
            | Tag::FootnoteDefinition(_)
            | Tag::MetadataBlock(_)
    )
}

fn ends_hidden(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::MetadataBlock(_)
    )
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn ends_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(body: &str) -> Vec<(usize, String)> {
        text_lines(body)
            .into_iter()
            .map(|line| (line.number, line.text))
            .collect()
    }

    fn line(number: usize, text: &str) -> (usize, String) {
        (number, text.to_owned())
    }

    #[test]
    fn lines_are_counted_in_the_source() {
        let body = "first\nsecond  \nthird\n\n- item\n  more\n\n# title\r\nlast";
        assert_eq!(
            seen(body),
            [
                line(1, "first"),
                line(2, "second"),
                line(3, "third"),
                line(5, "item"),
                line(6, "more"),
                line(8, "title"),
                line(9, "last"),
            ]
        );
    }

    #[test]
    fn what_is_no_text_is_not_seen() {
        for body in [
            "    indented code",
            "```\nfenced\n```",
            "~~~ sh\nfenced without an end",
            "`code` first",
            "> quoted",
            "> quoted\nlazily",
            "- > quoted in a list",
            "<!-- hidden -->",
            "<!--\nhidden\n-->",
            "<details>\nin HTML\n</details>",
            "| a |\n|---|\n| cell |",
            "**bold** first",
            "~~struck out~~",
            "[link](https://example.org) first",
            "- [ ] a task",
            "[^1]: a footnote",
            "",
        ] {
            let seen = seen(body);
            assert!(seen.is_empty(), "{body:?} gave {seen:?}");
        }
    }

    #[test]
    fn marks_inside_a_line_are_taken_off() {
        assert_eq!(
            seen("release `9f3c2ab` **now** <!-- really --> please"),
            [line(1, "release 9f3c2ab now  please")]
        );
        // A line that begins with a comment is HTML to its end.
        assert_eq!(seen("<!-- marker --> after it"), []);
        assert_eq!(
            seen("<details>\n\nin a paragraph\n\n</details>"),
            [line(3, "in a paragraph")]
        );
    }
}
