//! Texts within the limits of those who show them.

/// At most so many characters, counted by `size`, an ellipsis where something was
/// left out; `write` writes each character.
pub(super) fn cut(text: &str, most: usize, write: impl Fn(char, &mut String)) -> String {
    let mut out = String::new();
    let mut used = 0;
    let mut ends = (0, 0);
    for c in text.chars() {
        let mut one = String::new();
        write(c, &mut one);
        let size = units(&one);
        if used + size > most {
            out.truncate(ends.0);
            out.push('…');
            return out;
        }
        out.push_str(&one);
        used += size;
        // An ellipsis must fit behind it.
        if used < most {
            ends = (out.len(), used);
        }
    }
    out
}

/// What a text counts: by UTF-16, in which the services that count characters do it,
/// and which is never less than what others count.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A character that a chat shows: neither one that cannot be seen, nor one that
/// turns the line around. Line ends stay.
pub(super) fn is_shown(c: char) -> bool {
    let hidden = matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    (c == '\n' || !c.is_control()) && !hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(c: char, out: &mut String) {
        out.push(c);
    }

    #[test]
    fn nothing_is_longer_than_it_may_be_or_cut_within_a_character() {
        assert_eq!(cut("lantern", 7, plain), "lantern");
        assert_eq!(cut("lanterns", 7, plain), "lanter…");
        assert_eq!(cut("🔥🔥🔥", 5, plain), "🔥🔥…");
        assert_eq!(cut("🔥🔥🔥", 4, plain), "🔥…");
        assert_eq!(cut("", 3, plain), "");
        let escaped = |c: char, out: &mut String| match c {
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        };
        assert_eq!(cut("a&b", 6, escaped), "a…");
        assert_eq!(cut("a&b", 7, escaped), "a&amp;b");
        for most in 1..20 {
            assert!(units(&cut("&🔥&🔥ab", most, escaped)) <= most, "{most}");
        }
    }
}
