//! Markdown as GitHub renders it in comments, safe against what users wrote.
//!
//! Two things happen to a comment: Markdown becomes HTML, then plain text that
//! looks like a mention, a reference or an address becomes a link. A backslash
//! stops only the first; a zero-width space stops the second.

/// Stands where a mention or a reference would begin.
const BREAK: char = '\u{200b}';

/// What a user wrote, as one line of plain text without any effect: no markup,
/// no HTML, no mention, no link, no cell border.
pub fn escape(text: &str) -> String {
    let line = defuse(&one_line(text));
    let mut out = String::with_capacity(line.len() + 8);
    // A marker at the beginning would open a list or a heading.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in line.char_indices() {
        let ends_word = line
            .get(at + c.len_utf8()..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
        let opens_list = (at == 0 && matches!(c, '-' | '+' | '='))
            || (at > 0 && at == digits && ends_word && matches!(c, '.' | ')'));
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            _ if opens_list => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// The text as one line for places that are no Markdown: titles, messages of
/// commits and tags. Mentions, references (a keyword before one would close an
/// issue) and addresses are broken.
pub fn plain(text: &str) -> String {
    defuse(&one_line(text))
}

/// The text as one line for a Markdown file of the repository, where nothing is
/// mentioned and readers of the source want to see no tricks: code stays code,
/// HTML and links do not work.
pub fn for_file(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        if matches!(c, '<' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Code: shown as it is, in a table too.
pub fn code(text: &str) -> String {
    let line = one_line(text);
    if line.is_empty() {
        return String::new();
    }
    if line.contains('|') {
        // In a table the border is found before the code; elsewhere its
        // backslash would show. HTML is read alike in both.
        let mut out = String::from("<code>");
        for c in line.chars() {
            if c.is_ascii_punctuation() && !matches!(c, '/' | '-' | '=' | '.') {
                out.push_str(&format!("&#{};", u32::from(c)));
            } else {
                out.push(c);
            }
        }
        out.push_str("</code>");
        return out;
    }
    let mut longest = 0;
    let mut run = 0;
    for c in line.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let space = if line.starts_with('`') || line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{line}{space}{fence}")
}

/// A link. `text` is Markdown already; without a web address it stands alone.
pub fn link(text: &str, url: &str) -> String {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return text.to_owned();
    }
    let mut target = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '(' | ')' | '<' | '>' | '"' | '\\' | '|' | '`' | '[' | ']' | '*' | ' ' => {
                target.push_str(&format!("%{:02X}", u32::from(c)));
            }
            _ if c.is_control() || c.is_whitespace() => {}
            _ => target.push(c),
        }
    }
    format!("[{text}]({target})")
}

/// A person, or "somebody" where it is not known who.
pub fn somebody(login: &str) -> String {
    match login {
        "" => "somebody".to_owned(),
        login => person(login),
    }
}

/// A person: `@login`, which GitHub turns into a mention. A bot, or what cannot
/// be a login, is named without one.
pub fn person(login: &str) -> String {
    let is_login = !login.is_empty()
        && login.len() <= 39
        && login
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        && !login.starts_with(['-', '_']);
    if is_login {
        // An underscore between letters is no emphasis on GitHub.
        format!("@{login}")
    } else {
        escape(login)
    }
}

/// `<details>` around Markdown; `summary` is our own text without markup.
pub fn fold(summary: &str, body: &str, open: bool) -> String {
    let open = if open { " open" } else { "" };
    format!(
        "<details{open}><summary>{}</summary>\n\n{}\n\n</details>",
        html(summary),
        body.trim_matches('\n')
    )
}

/// Words joined as in a sentence: "a", "a and b", "a, b and c".
pub fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "1 commit", "2 commits".
pub fn count(n: u64, noun: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{s}")
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// At most `limit` characters, cut between words where there are any.
pub fn shorten(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let kept = text.get(..end).unwrap_or(text);
    let kept = match kept.rfind(' ') {
        Some(space) if space > end / 2 => kept.get(..space).unwrap_or(kept),
        _ => kept,
    };
    format!("{}…", kept.trim_end())
}

/// Markdown as one line: a cell or a list item holds no more. It may hold
/// user text that was made safe, so what cannot be seen stays.
pub fn inline(markdown: &str) -> String {
    markdown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Without line breaks, controls, and characters that turn or hide text.
pub fn one_line(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| {
            if c.is_whitespace() || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect();
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// Breaks what GitHub would link in plain text.
fn defuse(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        out.push(c);
        let next = chars.peek().map(|(_, c)| *c);
        let rest = line.get(at..).unwrap_or_default();
        let breaks = match c {
            '@' => next.is_some_and(|n| n.is_alphanumeric()),
            '#' => next.is_some_and(|n| n.is_ascii_digit()),
            ':' => rest.starts_with("://"),
            '-' => ends_with_ignoring_case(&out, "gh-"),
            'w' | 'W' => next == Some('.') && ends_with_ignoring_case(&out, "www"),
            _ => false,
        };
        if breaks {
            out.push(BREAK);
        }
    }
    out
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    text.len()
        .checked_sub(end.len())
        .and_then(|from| text.get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    /// GitHub's Markdown: everything but superscript, which it does not have.
    fn github() -> Options {
        Options::all().difference(Options::ENABLE_SUPERSCRIPT)
    }

    /// The text that a reader sees, or which markup is there.
    fn rendered(markdown: &str) -> Result<String, String> {
        let mut text = String::new();
        for event in Parser::new_ext(markdown, github()) {
            match event {
                Event::Text(t) => text.push_str(&t),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(text)
    }

    #[test]
    fn user_text_has_no_effect() {
        assert_eq!(escape("crash\non `a|b`"), "crash on \\`a\\|b\\`");
        assert_eq!(escape("ask @octo-cat"), "ask @\u{200b}octo-cat");
        assert_eq!(escape("fixes #12"), "fixes \\#\u{200b}12");
        assert_eq!(escape("<img src=x>"), "&lt;img src=x&gt;");
        assert_eq!(escape("1. go"), "1\\. go");
        assert_eq!(escape("1.0.5"), "1.0.5");
        assert_eq!(
            escape("see https://a.example"),
            "see https:\u{200b}//a.example"
        );
        assert_eq!(
            plain("Fixes #9\r\nwww.a.example gh-4"),
            "Fixes #\u{200b}9 www\u{200b}.a.example gh-\u{200b}4"
        );
        assert_eq!(for_file("`a` <b> [c](d)"), "`a` \\<b> \\[c\\](d)");
    }

    #[test]
    fn code_is_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("x=a|b"), "<code>x=a&#124;b</code>");
    }

    #[test]
    fn links_lead_to_the_web_alone() {
        assert_eq!(link("run", "https://h/r(1)"), "[run](https://h/r%281%29)");
        assert_eq!(link("run", "javascript:alert(1)"), "run");
        assert_eq!(link("run", ""), "run");
    }

    #[test]
    fn people() {
        assert_eq!(person("octo-cat"), "@octo-cat");
        assert_eq!(person("x[bot]"), "x\\[bot\\]");
        assert_eq!(person("a b"), "a b");
    }

    #[test]
    fn small_words() {
        assert_eq!(and(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(count(1, "commit"), "1 commit");
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten("one", 9), "one");
        assert_eq!(capital("the head"), "The head");
    }

    proptest! {
        #[test]
        fn nothing_of_a_user_becomes_markup(text in r#"([ -~]|[\n@#<>|`*_\[\]()~:!&$]|http://|www\.|é){0,40}"#) {
            let escaped = escape(&text);
            // In the middle of a line, at its beginning, in a cell.
            for around in [format!("x {escaped}"), escaped.clone()] {
                let seen = rendered(&around);
                prop_assert!(seen.is_ok(), "{around:?}: {seen:?}");
                let seen = seen.unwrap_or_default();
                prop_assert!(!seen.contains("://"));
                let mut pairs = seen.chars().zip(seen.chars().skip(1));
                let mentioned = pairs.any(|(a, b)| a == '@' && b.is_alphanumeric());
                prop_assert!(!mentioned, "{}", seen);
            }
            let table = format!("|a|b|\n|---|---|\n|{escaped}|end|\n");
            let cells = Parser::new_ext(&table, github())
                .filter(|e| matches!(e, Event::Start(Tag::TableCell)))
                .count();
            prop_assert_eq!(cells, 4);
        }

        #[test]
        fn code_shows_what_was_written(text in r#"([ -~]|[|`]){1,30}"#) {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let table = format!("|a|b|\n|---|---|\n|{}|end|\n", code(&text));
            let mut seen = String::new();
            for event in Parser::new_ext(&table, Options::ENABLE_TABLES) {
                match event {
                    Event::Text(t) | Event::Code(t) => seen.push_str(&t),
                    Event::InlineHtml(t) => prop_assert!(&*t == "<code>" || &*t == "</code>"),
                    Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. }) => prop_assert!(false, "{}", table),
                    _ => {}
                }
            }
            prop_assert_eq!(seen, format!("ab{line}end"));
        }
    }
}
