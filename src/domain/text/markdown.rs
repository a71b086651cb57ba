//! Markdown as GitHub renders it in comments, safe against what users wrote.
//!
//! Two things happen to a comment: Markdown becomes HTML, then plain text that
//! looks like a mention, a reference or an address becomes a link. A backslash
//! stops only the first; a zero-width space stops the second.

pub use crate::domain::outside::{code, escape};

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
    joined(words, "and")
}

/// "a", "a or b", "a, b or c".
pub fn or(words: &[String]) -> String {
    joined(words, "or")
}

fn joined(words: &[String], by: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {by} {last}", first.join(", ")),
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

/// Markdown as one line: a cell or a list item holds no more. It may hold
/// user text that was made safe, so what cannot be seen stays.
pub fn inline(markdown: &str) -> String {
    markdown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same without mentions: a new comment would call all who stand in it. What
/// stands in code, or in an address, calls nobody.
pub fn quiet(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_code, mut in_address, mut before) = (false, false, ' ');
    for c in text.chars() {
        match c {
            '`' => in_code = !in_code,
            '\n' => in_address = false,
            '(' if before == ']' && !in_code => in_address = true,
            ')' => in_address = false,
            _ => {}
        }
        out.push(c);
        if c == '@' && !in_code && !in_address {
            out.push('\u{200b}');
        }
        before = c;
    }
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(capital("the head"), "The head");
    }

    #[test]
    fn nobody_is_called_by_quiet_words() {
        assert_eq!(
            quiet("by @mia (`a@b`, [x](https://h/@a/b)) @sam"),
            "by @\u{200b}mia (`a@b`, [x](https://h/@a/b)) @\u{200b}sam"
        );
    }
}
