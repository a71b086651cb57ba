//! Lines of a fixed width.

/// The width that lines keep.
pub const WIDTH: usize = 100;
/// Breaks a text at blanks so that it fits beside `indent` columns; words that
/// are longer than a line are cut.
pub fn wrapped(text: &str, indent: usize) -> String {
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let word = cut(word, room);
        let long = line.chars().count() + 1 + word.chars().count() > room;
        if long && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// A text of at most `room` characters.
pub fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit() {
        let text = wrapped(&"a word and another ".repeat(12), 22);
        assert!(
            text.lines()
                .enumerate()
                .all(|(i, l)| { l.chars().count() <= if i == 0 { WIDTH - 22 } else { WIDTH } })
        );
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
