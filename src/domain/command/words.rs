//! A line into words, as a shell would, with mercy for phone keyboards.

/// Splits a line into words. Quotes group, curly ones too; an apostrophe inside
/// a word, a `#` and a backslash before a letter are what they look like. A
/// quote that is never closed groups nothing.
pub(super) fn split(line: &str) -> Vec<String> {
    let straight = straighten(line);
    shell_words::split(&protect(&straight))
        .unwrap_or_else(|_| straight.split_whitespace().map(str::to_owned).collect())
}

/// Typographic quotes and spaces as a keyboard would have them.
fn straighten(line: &str) -> String {
    let opens_single = line.contains('\u{2018}');
    line.chars()
        .map(|c| match c {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2018}' => '\'',
            // Alone it is an apostrophe; `protect` keeps it one.
            '\u{2019}' if opens_single => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// Escapes what a shell would take for more than it is here.
fn protect(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len() + 8);
    let mut quote = None;
    for (at, c) in chars.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let after = chars.get(at + 1).copied();
        let inside_word =
            before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        match (quote, c) {
            (None, '\'') if inside_word => out.push_str("\\'"),
            (Some('\''), '\'') if inside_word => out.push_str("'\\''"),
            (None, '"' | '\'') => {
                quote = Some(c);
                out.push(c);
            }
            (Some(open), c) if open == c => {
                quote = None;
                out.push(c);
            }
            (None, '#') => out.push_str("\\#"),
            (None, '\\') if before == Some('\\') => out.push('\\'),
            (None, '\\') if !matches!(after, Some('"' | '\'' | ' ' | '\\')) => {
                out.push_str("\\\\");
            }
            _ => out.push(c),
        }
    }
    out
}

/// A word without the punctuation that ends a sentence.
pub(super) fn without_full_stop(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', '\u{2026}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_group_straight_or_curly() {
        for line in [
            "check x note=\"two words\"",
            "check x note='two words'",
            "check x note=\u{201c}two words\u{201d}",
            "check x note=\u{201e}two words\u{201c}",
            "check x note=\u{2018}two words\u{2019}",
            "check\u{a0}x \"note=two words\"",
        ] {
            assert_eq!(split(line), ["check", "x", "note=two words"], "{line}");
        }
    }

    #[test]
    fn what_looks_plain_is_plain() {
        assert_eq!(split("pick #456 abc"), ["pick", "#456", "abc"]);
        assert_eq!(split("it doesn't crash"), ["it", "doesn't", "crash"]);
        assert_eq!(split("it doesn\u{2019}t"), ["it", "doesn\u{2019}t"]);
        assert_eq!(split("'it doesn't crash'"), ["it doesn't crash"]);
        assert_eq!(split(r"C:\Users\me"), [r"C:\Users\me"]);
        assert_eq!(split(r"a\ b"), ["a b"]);
        assert_eq!(split("the users' \"files"), ["the", "users'", "\"files"]);
        assert_eq!(split("  "), Vec::<String>::new());
    }

    #[test]
    fn a_full_stop_is_no_part_of_a_word() {
        assert_eq!(without_full_stop("status."), "status");
        assert_eq!(without_full_stop("9f3c2ab?!"), "9f3c2ab");
        assert_eq!(without_full_stop("1.0.5"), "1.0.5");
    }
}
