//! A workflow file's `on.push.branches`: one pattern more, and nothing else.
//!
//! Works line by line on the ways in which `on:` is usually written. Whoever
//! calls it must hold the parsed triggers before and after against each other:
//! this is no YAML parser.

/// The text with the pattern among the branches whose push starts the
/// workflow; none where `on:` is written in another way.
pub fn add_push_branch(text: &str, pattern: &str) -> Option<String> {
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = lines.iter().position(|line| is_key(line, "on"))?;
    let below = block(&lines, at, 0);
    let quoted = format!("'{pattern}'");
    let new = match value_of(lines.get(at)?) {
        ("", _) => in_block(&lines, below, &quoted, eol)?,
        (value, rest) => {
            let events = match value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
                Some(list) => list.split(',').map(str::trim).collect(),
                None => vec![value],
            };
            let key = lines.get(at)?.split(':').next()?;
            let mut new = format!("{key}:{}{eol}", comment(rest));
            new.push_str(&as_map(&events, "  ", &quoted, eol)?);
            vec![(at..at + 1, new)]
        }
    };
    Some(replace(&lines, new))
}

type Change = (std::ops::Range<usize>, String);

/// `on:` with its events below it.
fn in_block(
    lines: &[&str],
    below: std::ops::Range<usize>,
    quoted: &str,
    eol: &str,
) -> Option<Vec<Change>> {
    let first = below.clone().find(|i| is_content(lines, *i))?;
    let indent = indent(lines.get(first)?);
    let pad = " ".repeat(indent);
    if lines.get(first)?.trim_start().starts_with("- ") {
        let events: Vec<&str> = below
            .clone()
            .filter(|i| is_content(lines, *i))
            .map(|i| lines.get(i)?.trim().strip_prefix("- "))
            .collect::<Option<_>>()?;
        let last = below.rev().find(|i| is_content(lines, *i))?;
        let pad = if indent == 0 { "  " } else { &pad };
        return Some(vec![(first..last + 1, as_map(&events, pad, quoted, eol)?)]);
    }
    let push = below
        .clone()
        .find(|i| indent_of(lines, *i) == Some(indent) && is_key(lines[*i].trim_start(), "push"));
    let Some(push) = push else {
        let new = format!("{pad}push:{eol}{pad}  branches: [{quoted}]{eol}");
        return Some(vec![(first..first, new)]);
    };
    // A push without more starts on every branch; in braces it is not ours.
    if !value_of(lines.get(push)?).0.is_empty() {
        return None;
    }
    let inside = block(lines, push, indent);
    let first = inside.clone().find(|i| is_content(lines, *i))?;
    let deeper = indent_of(lines, first)?;
    let pad = " ".repeat(deeper);
    let branches = inside.clone().find(|i| {
        indent_of(lines, *i) == Some(deeper) && is_key(lines[*i].trim_start(), "branches")
    });
    let Some(branches) = branches else {
        return Some(vec![(
            first..first,
            format!("{pad}branches: [{quoted}]{eol}"),
        )]);
    };
    in_list(lines, branches, deeper, quoted, eol).map(|change| vec![change])
}

/// `branches:` as a list in brackets, a single name, or lines with dashes.
fn in_list(lines: &[&str], at: usize, indent: usize, quoted: &str, eol: &str) -> Option<Change> {
    let line = lines.get(at)?;
    let (value, rest) = value_of(line);
    let pad = " ".repeat(indent);
    if value.is_empty() {
        let end = lines.len();
        let mut last = None;
        for i in at + 1..end {
            if !is_content(lines, i) {
                continue;
            }
            let is_item = lines.get(i)?.trim_start().starts_with("- ");
            if is_item && indent_of(lines, i)? >= indent {
                last = Some(i);
            } else {
                break;
            }
        }
        let last = last?;
        let pad = " ".repeat(indent_of(lines, last)?);
        return Some((last + 1..last + 1, format!("{pad}- {quoted}{eol}")));
    }
    let new = match value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
        Some(list) if list.trim().is_empty() => format!("[{quoted}]"),
        Some(list) => {
            let kept = list.trim_end();
            let space = list.get(kept.len()..)?;
            format!("[{kept}, {quoted}{space}]")
        }
        None if value.starts_with(['[', '&', '*', '{', '|', '>']) => return None,
        None => format!("[{value}, {quoted}]"),
    };
    let key = line.trim_start().split(':').next()?;
    Some((
        at..at + 1,
        format!("{pad}{key}: {new}{}{eol}", comment(rest)),
    ))
}

/// Events without settings as a map, with the push below them.
fn as_map(events: &[&str], pad: &str, quoted: &str, eol: &str) -> Option<String> {
    let mut map = String::new();
    for event in events {
        let name = event.trim_matches(['\'', '"']);
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if !is_name || name == "push" {
            return None;
        }
        map.push_str(&format!("{pad}{name}:{eol}"));
    }
    map.push_str(&format!("{pad}push:{eol}{pad}  branches: [{quoted}]{eol}"));
    Some(map)
}

/// Whether the line begins with this key, quoted or not.
fn is_key(line: &str, key: &str) -> bool {
    ["", "'", "\""].iter().any(|quote| {
        line.strip_prefix(quote)
            .and_then(|rest| rest.strip_prefix(key))
            .and_then(|rest| rest.strip_prefix(quote))
            .is_some_and(|rest| rest.starts_with(':'))
    })
}

/// What stands behind the first colon, apart from a comment.
fn value_of(line: &str) -> (&str, &str) {
    let value = line.split_once(':').map_or("", |(_, value)| value).trim();
    if value.starts_with('#') {
        return ("", value);
    }
    match value.find(" #") {
        Some(at) => {
            let (value, rest) = value.split_at(at);
            (value.trim_end(), rest.trim_start())
        }
        None => (value, ""),
    }
}

fn comment(rest: &str) -> String {
    if rest.is_empty() {
        String::new()
    } else {
        format!(" {rest}")
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The lines below a key that belong to it: deeper ones, and list items of the
/// same depth.
fn block(lines: &[&str], key: usize, depth: usize) -> std::ops::Range<usize> {
    let start = key + 1;
    let mut end = start;
    for i in start..lines.len() {
        match indent_of(lines, i) {
            None => {}
            Some(deep) if deep > depth => end = i + 1,
            Some(deep) if deep == depth && lines[i].trim_start().starts_with("- ") => end = i + 1,
            Some(_) => break,
        }
    }
    start..end
}

/// The depth of a line that is neither blank nor a comment.
fn indent_of(lines: &[&str], at: usize) -> Option<usize> {
    is_content(lines, at).then(|| lines.get(at).map_or(0, |line| indent(line)))
}

fn is_content(lines: &[&str], at: usize) -> bool {
    let line = lines.get(at).map_or("", |line| line.trim());
    !line.is_empty() && !line.starts_with('#')
}

fn replace(lines: &[&str], changes: Vec<Change>) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (range, new) in changes {
        out.extend(lines.get(from..range.start).into_iter().flatten().copied());
        out.push_str(&new);
        from = range.end;
    }
    out.extend(lines.get(from..).into_iter().flatten().copied());
    out
}
