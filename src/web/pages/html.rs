//! The Markdown of `domain::text` as HTML.
//!
//! What people wrote stands in it as plain text already. Here nothing is believed
//! all the same: text is escaped, a link leads to http or https, and of HTML only
//! the tags that our own texts use are tags; anything else is text.

use std::fmt;

use askama::FastWritable;
use askama::filters::HtmlSafe;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// HTML that is whole and safe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl HtmlSafe for Html {}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for Html {
    fn write_into(&self, to: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(to.write_str(&self.0)?)
    }
}

/// What stands unseen in comments, so that nothing is called or linked there.
const UNSEEN: [char; 2] = ['\u{200b}', '\u{2060}'];

/// The tags of HTML that our texts use.
const OURS: [&str; 7] = [
    "<details>",
    "<details open>",
    "</details>",
    "<summary>",
    "</summary>",
    "<code>",
    "</code>",
];

impl Html {
    /// Blocks of Markdown.
    pub fn blocks(markdown: &str) -> Html {
        Writer::new(false).write(markdown)
    }

    /// One line of Markdown, without a paragraph around it.
    pub fn line(markdown: &str) -> Html {
        Writer::new(true).write(markdown)
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A style of our own for an element of its own.
    pub fn style(css: &'static str) -> Html {
        Html(css.to_owned())
    }

    /// The same with nothing folded.
    pub fn opened(&self) -> Html {
        // What others wrote is escaped, so each of these is a tag of ours.
        Html(self.0.replace("<details>", "<details open>"))
    }

    /// A rendered template.
    pub fn of(template: &impl askama::Template) -> askama::Result<Html> {
        template.render().map(Html)
    }
}

/// The text of Markdown, without any markup: for titles.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text.replace(UNSEEN, "")),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

fn options() -> Options {
    Options::ENABLE_TABLES
}

struct Writer {
    out: String,
    /// Without paragraphs.
    line: bool,
    /// Whether each open link leads somewhere.
    links: Vec<bool>,
    /// The tags of HTML that are open.
    open: Vec<&'static str>,
    in_head: bool,
}

impl Writer {
    fn new(line: bool) -> Writer {
        Writer {
            out: String::new(),
            line,
            links: Vec::new(),
            open: Vec::new(),
            in_head: false,
        }
    }

    fn write(mut self, markdown: &str) -> Html {
        for event in Parser::new_ext(markdown, options()) {
            self.event(event);
        }
        while let Some(tag) = self.open.pop() {
            self.out.push_str(&format!("</{tag}>"));
        }
        Html(self.out)
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.out.push_str("<code>");
                self.text(&text);
                self.out.push_str("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            // As GitHub shows a comment: a new line is one.
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let text = match tag {
            Tag::Paragraph if self.line => "",
            Tag::Paragraph => "<p>",
            Tag::Heading { level, .. } => heading(*level, "<h3>", "<h4>"),
            Tag::BlockQuote(_) => "<blockquote>",
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                "<div class=\"block\"><pre tabindex=\"0\"><code>"
            }
            Tag::List(Some(_)) => "<ol>",
            Tag::List(None) => "<ul>",
            Tag::Item => "<li>",
            Tag::Table(_) => "<div class=\"wide\" tabindex=\"0\"><table>",
            Tag::TableHead => {
                self.in_head = true;
                "<thead><tr>"
            }
            Tag::TableRow => "<tr>",
            Tag::TableCell if self.in_head => "<th scope=\"col\">",
            Tag::TableCell => "<td>",
            Tag::Emphasis => "<em>",
            Tag::Strong => "<strong>",
            Tag::Link { dest_url, .. } => {
                let leads = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                self.links.push(leads);
                if leads {
                    let address = escaped(dest_url);
                    self.out
                        .push_str(&format!("<a href=\"{address}\" rel=\"noreferrer\">"));
                }
                ""
            }
            _ => "",
        };
        self.out.push_str(text);
    }

    fn end(&mut self, tag: TagEnd) {
        let text = match tag {
            TagEnd::Paragraph if self.line => "",
            TagEnd::Paragraph => "</p>\n",
            TagEnd::Heading(level) => heading(level, "</h3>\n", "</h4>\n"),
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::CodeBlock => "</code></pre></div>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Table => "</tbody></table></div>\n",
            TagEnd::TableHead => {
                self.in_head = false;
                "</tr></thead><tbody>\n"
            }
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell if self.in_head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Link if self.links.pop().unwrap_or_default() => "</a>",
            _ => "",
        };
        self.out.push_str(text);
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(text));
    }

    /// HTML as it stands in our texts: tags of ours, comments, and text between.
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while !rest.is_empty() {
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
            } else if let Some(tag) = OURS.iter().find(|tag| rest.starts_with(**tag)) {
                self.tag(tag);
                rest = rest.strip_prefix(*tag).unwrap_or_default();
            } else {
                let first = rest.chars().next().map_or(0, char::len_utf8);
                let end = rest
                    .get(first..)
                    .and_then(|it| it.find('<'))
                    .map_or(rest.len(), |at| at + first);
                let (text, after) = rest.split_at(end);
                let text = text.replace("&lt;", "<").replace("&gt;", ">");
                self.text(&text.replace("&amp;", "&"));
                rest = after;
            }
        }
    }

    /// A tag of ours; one that closes nothing is left out.
    fn tag(&mut self, tag: &'static str) {
        let name = tag.trim_matches(['<', '>', '/']);
        let name = name.split(' ').next().unwrap_or_default();
        if !tag.starts_with("</") {
            self.open.push(name);
            self.out.push_str(tag);
        } else if self.open.last() == Some(&name) {
            self.open.pop();
            self.out.push_str(tag);
        }
    }
}

fn heading(level: HeadingLevel, upper: &'static str, lower: &'static str) -> &'static str {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3 => upper,
        _ => lower,
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if UNSEEN.contains(&c) => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_markdown_becomes_html() {
        for (markdown, html) in [
            ("a\nb", "<p>a<br>\nb</p>\n"),
            (
                "**a** `b<c>`",
                "<p><strong>a</strong> <code>b&lt;c&gt;</code></p>\n",
            ),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            (
                "[a](https://x.example/?a=1&b=2)",
                "<p><a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noreferrer\">a</a></p>\n",
            ),
            ("a <code>b&#124;c</code>", "<p>a <code>b|c</code></p>\n"),
            ("### a", "<h3>a</h3>\n"),
            ("@\u{200b}mia", "<p>@mia</p>\n"),
            ("a <!-- item:x -->", "<p>a </p>\n"),
        ] {
            let got = Html::blocks(markdown).to_string().replace("<ul>\n", "<ul>");
            assert_eq!(got, html.replace("<ul>\n", "<ul>"), "{markdown}");
        }
        assert_eq!(Html::line("**a** b").to_string(), "<strong>a</strong> b");
        assert_eq!(plain("**a** `b` [c](https://x.example)"), "a b c");
    }

    #[test]
    fn a_fold_holds_what_stands_in_it() {
        let fold = "<details><summary>1 &lt; 2</summary>\n\n- a\n\n</details>";
        let html = Html::blocks(fold).to_string();
        assert!(
            html.starts_with("<details><summary>1 &lt; 2</summary>"),
            "{html}"
        );
        assert!(html.trim_end().ends_with("</details>"), "{html}");
        // What was cut off is closed, what closes nothing is left out.
        let html = Html::blocks("<details><summary>a</summary>\n\nb").to_string();
        assert_eq!(html.matches("</details>").count(), 1, "{html}");
        assert_eq!(Html::blocks("a</details>").to_string(), "<p>a</p>\n");
    }

    #[test]
    fn nothing_else_is_a_tag_or_an_address() {
        for evil in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b onclick=x> c",
            "<details ontoggle=alert(1)>",
            "<!-- --><svg onload=x>",
            "[a](javascript:alert(1))",
            "[a](data:text/html,x)",
            "[a](//x.example)",
            "![a](https://x.example/a.png)",
            "<https://x.example/\"onmouseover=\"x>",
            "`</code><script>`",
            "```\n</pre><script>\n```",
            "<summary",
            "<\u{e9}>",
        ] {
            let html = Html::blocks(evil).to_string();
            let mut rest = html.as_str();
            while let Some(at) = rest.find('<') {
                rest = &rest[at + 1..];
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
                    .collect();
                let known = [
                    "p", "/p", "code", "/code", "pre", "/pre", "div", "/div", "a", "/a", "br",
                    "details", "/details",
                ];
                assert!(known.contains(&name.as_str()), "{evil}: {html}");
            }
            assert!(
                !html.contains("href=\"java") && !html.contains("href=\"data"),
                "{html}"
            );
            assert!(!html.contains("onmouseover=\""), "{html}");
        }
    }
}
