//! Text within a Markdown file of the repository.

/// The text, inert already, for such a file: what readers of the source see
/// stays what it is, as far as that goes.
pub fn text(line: &str) -> String {
    // Single backticks in pairs are code. Others would reach for what follows.
    let ticks = line.matches('`').count();
    let paired = ticks.is_multiple_of(2) && !line.contains("``");
    let formula = line.matches('$').count() > 1;
    let mut out = String::with_capacity(line.len() + 8);
    let mut in_code = false;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let last = line.get(..at).and_then(|l| l.chars().next_back());
        match c {
            '`' if paired => {
                in_code = !in_code;
                out.push(c);
            }
            '`' => out.push('\''),
            _ if in_code => out.push(c),
            '*' | '~' => escaped(&mut out, c),
            '$' if formula => escaped(&mut out, c),
            '\\' if next.is_none_or(|n| n.is_ascii_punctuation()) => escaped(&mut out, c),
            '<' if next.is_some_and(|n| n.is_alphabetic() || "/!?".contains(n)) => {
                escaped(&mut out, c);
            }
            // Between letters it is part of a name.
            '_' if !(is_letter(last) && is_letter(next)) => escaped(&mut out, c),
            '&' if next.is_some_and(|n| n.is_alphanumeric() || n == '#') => escaped(&mut out, c),
            _ if begins_a_block(line, at, c) => escaped(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

fn escaped(out: &mut String, c: char) {
    out.push('\\');
    out.push(c);
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// A heading, a list, a quote, a rule: at the beginning of the line alone.
fn begins_a_block(line: &str, at: usize, c: char) -> bool {
    if at == 0 {
        return matches!(c, '-' | '+' | '=' | '#' | '>' | ':');
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    at == digits
        && matches!(c, '.' | ')')
        && line
            .get(at + 1..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(' '))
}
