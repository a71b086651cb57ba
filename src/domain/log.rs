//! The last lines of a failed job's log, as they may be shown: without what a
//! runner puts around them, and without what looks like a secret.

use super::outside::Outside;

mod masked;

pub use self::masked::masked;

/// So many lines are shown at most.
const LINES: usize = 10;

/// Longer lines are cut, in characters.
const WIDTH: usize = 160;

/// How a runner marks the line by which a step failed.
const ERROR: &str = "##[error]";

/// The lines before the one by which a step failed, and that one; where none is
/// marked so, the last ones. What comes after it only cleans up.
pub fn tail(log: &str) -> Vec<Outside> {
    let lines: Vec<&str> = log.lines().map(without_time).collect();
    let failed = lines.iter().rposition(|line| line.starts_with(ERROR));
    let end = failed.map_or(lines.len(), |at| at + 1);
    let lines = lines.get(..end).unwrap_or(&lines);
    // A key stands in several lines: each is looked at with those before it.
    let mut key = false;
    let mut kept: Vec<String> = Vec::new();
    let from = lines.len().saturating_sub(LINES * 20);
    for line in lines.get(from..).unwrap_or_default() {
        let line = readable(line);
        let was_key = key;
        if line.contains("-----BEGIN") && line.contains("PRIVATE KEY") {
            key = true;
        }
        if line.contains("-----END") {
            key = false;
        }
        if line.trim().is_empty() {
            continue;
        }
        kept.push(match was_key || key {
            true => masked::HIDDEN.to_owned(),
            false => cut(&masked(&line)),
        });
    }
    kept.dedup_by(|one, other| one == other && one == masked::HIDDEN);
    let first = kept.len().saturating_sub(LINES);
    let last = kept.split_off(first).into_iter();
    last.map(Outside::from).collect()
}

/// Without the time that a runner puts before each line.
fn without_time(line: &str) -> &str {
    let line = line.trim_start_matches('\u{feff}');
    let Some((first, rest)) = line.split_once(' ') else {
        return line;
    };
    let is_time = first.len() >= 20
        && first.ends_with('Z')
        && first.as_bytes().get(10) == Some(&b'T')
        && first.starts_with(|c: char| c.is_ascii_digit());
    if is_time { rest } else { line }
}

/// Without colours and the marks of the runner.
fn readable(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                let ends: fn(char) -> bool = match chars.next() {
                    Some('[') => |c| c.is_ascii_alphabetic(),
                    Some(']') => |c| c == '\u{7}' || c == '\\',
                    _ => continue,
                };
                while chars.next().is_some_and(|c| !ends(c)) {}
            }
            // What was written over.
            '\r' if chars.peek().is_some() => out.clear(),
            '\t' => out.push_str("    "),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    let out = out.trim_end();
    match out.strip_prefix("##[").and_then(|it| it.split_once(']')) {
        Some(("endgroup", _)) => String::new(),
        Some(("error", text)) => match text.to_ascii_lowercase().starts_with("error") {
            true => text.to_owned(),
            false => format!("error: {text}"),
        },
        Some((_, text)) => text.to_owned(),
        None => out.to_owned(),
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(log: &str) -> Vec<String> {
        let text = |line: &Outside| serde_json::to_value(line).unwrap();
        let all = tail(log);
        let lines = all.iter().map(text);
        lines.map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn it_ends_where_the_step_failed() {
        let log = "\u{feff}2026-11-27T10:00:00.1234567Z ##[group]Run cargo publish\n\
                   2026-11-27T10:00:01.1234567Z \u{1b}[36;1mcargo publish\u{1b}[0m\n\
                   2026-11-27T10:00:01.1234567Z ##[endgroup]\n\
                   2026-11-27T10:00:02.1234567Z \u{1b}[1m\u{1b}[31merror\u{1b}[0m: no token found\n\
                   2026-11-27T10:00:02.1234567Z \n\
                   2026-11-27T10:00:02.1234567Z ##[error]Process completed with exit code 101.\n\
                   2026-11-27T10:00:03.1234567Z Post job cleanup.\n\
                   2026-11-27T10:00:04.1234567Z Cleaning up orphan processes\n";
        assert_eq!(
            of(log),
            [
                "Run cargo publish",
                "cargo publish",
                "error: no token found",
                "error: Process completed with exit code 101."
            ]
        );
        assert_eq!(
            of("a\r\nprogress 1\rprogress 2\nb\n"),
            ["a", "progress 2", "b"]
        );
        assert!(of("").is_empty());
    }

    #[test]
    fn it_is_bounded() {
        let log: String = (0..10_000).map(|n| format!("line {n}\n")).collect();
        let lines = of(&log);
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines.last().unwrap(), "line 9999");
        let long = of(&"é ".repeat(4_000));
        assert_eq!(long[0].chars().count(), WIDTH + 1);
    }

    #[test]
    fn no_line_of_a_key_is_shown() {
        let log = "before\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\nAAAA\n-----END OPENSSH PRIVATE KEY-----\nafter\n";
        assert_eq!(of(log), ["before", "***", "after"]);
        let cut = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n##[error]x\n";
        assert_eq!(of(cut), ["***"]);
    }
}
