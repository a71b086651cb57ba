//! Prose and code in a comment of GitHub's.
//!
//! Two things happen to a comment: Markdown becomes HTML, then plain text that
//! looks like a mention, a reference or an address becomes a link. A backslash
//! stops only the first; a zero-width space stops the second.

use super::line::one_line;

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

/// A message of ours that quotes: nothing in it becomes markup or a mention, but
/// the backticks that our own messages use stay.
pub fn quoting(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_code = false;
    let even = text.matches('`').count().is_multiple_of(2);
    for c in text.chars() {
        match c {
            '`' if even => {
                in_code = !in_code;
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            '@' => out.push_str("@\u{2060}"),
            _ if in_code => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
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
    use super::*;

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
    }

    #[test]
    fn code_is_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("x=a|b"), "<code>x=a&#124;b</code>");
    }
}
