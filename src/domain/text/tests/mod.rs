//! Each main shape of what people read, as it is read.

mod others;
mod shapes;
mod wants;
mod world;

/// The lines up to the first fold, without the targets of links.
fn top(comment: &str) -> String {
    let top = comment.split("\n<details").next().unwrap_or_default();
    let mut out = String::new();
    let mut rest = top;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        out.push(']');
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    shown(out.trim_end())
}

/// The text with what cannot be seen.
fn shown(text: &str) -> String {
    text.replace('\u{200b}', "{zw}")
}

/// The first lines after the marker: what a phone shows.
fn first(comment: &str, lines: usize) -> String {
    let top = top(comment);
    top.lines()
        .skip(1)
        .take(lines)
        .collect::<Vec<_>>()
        .join("\n")
}
