//! Comments as a person reads them.

use crate::sim::clock::Millis;
use crate::sim::world::Comment;

/// A comment's text as it was first written, which is what counts for commands.
pub fn first_text(comment: &Comment) -> &str {
    comment
        .edits
        .first()
        .map_or(comment.body.as_str(), |e| e.body.as_str())
}

/// Since when a comment's text has been such that `holds`, without a break.
pub fn since(comment: &Comment, holds: impl Fn(&str) -> bool) -> Option<Millis> {
    if !holds(&comment.body) {
        return None;
    }
    let unbroken = comment.edits.iter().rev().take_while(|e| holds(&e.body));
    Some(unbroken.last().map_or(comment.created_at, |e| e.at))
}

/// When a comment's text was first such that `holds`, whatever it is by now.
pub fn first(comment: &Comment, holds: impl Fn(&str) -> bool) -> Option<Millis> {
    let mut texts = comment.edits.iter();
    let written = texts.find(|e| holds(&e.body)).map(|e| e.at);
    written.or_else(|| holds(&comment.body).then_some(comment.created_at))
}

/// The text without what is folded away.
pub fn unfolded(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for line in text.lines() {
        let opens = line.matches("<details").count();
        let closes = line.matches("</details>").count();
        if depth == 0 && opens == 0 {
            out.push_str(line);
            out.push('\n');
        }
        depth = (depth + opens).saturating_sub(closes);
    }
    out
}

/// What a status comment says first that can be done now, as plain text.
pub fn needed_in(text: &str) -> Option<String> {
    let open = unfolded(text);
    let mut lines = open.lines();
    lines.find(|line| line.starts_with("**Can be done now"))?;
    let first = lines.next()?.strip_prefix("- ")?;
    // A command stands below it, as it is to be copied.
    let below = lines.take_while(|line| line.starts_with("  "));
    let below = below.map(str::trim).filter(|line| !line.starts_with("```"));
    let whole: Vec<_> = std::iter::once(first).chain(below).collect();
    let text = plain(&whole.join(" "));
    (!text.is_empty()).then_some(text)
}

/// What a status comment says that was derived, each as plain text.
pub fn derived_in(text: &str) -> Vec<String> {
    items_of(text, "Derived, not configured")
}

/// What it says that preflight found.
pub fn preflight_in(text: &str) -> Vec<String> {
    items_of(text, "Preflight")
}

/// The list in the fold that is called so.
fn items_of(text: &str, called: &str) -> Vec<String> {
    let fold = text.split_once(&format!("<summary>{called}"));
    let fold = fold.and_then(|(_, rest)| rest.split_once("</details>"));
    let (body, _) = fold.unwrap_or_default();
    let items = body.lines().filter_map(|line| line.strip_prefix("- "));
    items.map(plain).collect()
}

/// Markdown of one line as plain text: links by their words, no emphasis.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        // The bracket that opens the link's words.
        match before.rsplit_once('[') {
            Some((text, words)) => out.extend([text, words]),
            None => out.push_str(before),
        }
        rest = after.split_once(')').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    let out = out.replace("**", "").replace(['`', '\\'], "");
    let mut text = String::new();
    let mut in_tag = false;
    for c in out.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            '\u{2060}' | '\u{200b}' => {}
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_read_as_a_person_reads_it() {
        let text = "<!-- status -->\n### Hotfix\n**Can be done now by anybody:**\n- a fix on [`hotfix/v1.0.5`](http://x/y) \
                    ([draft PR #2](http://x)). Push there.\n<details>\n**Can be done now by x:**\n- no\n</details>\n";
        assert_eq!(
            needed_in(text).as_deref(),
            Some("a fix on hotfix/v1.0.5 (draft PR #2). Push there.")
        );
        assert_eq!(
            plain("`a [1]` ([b](x), [`c`](y)) `files = [{ p = 1 }]`"),
            "a [1] (b, c) files = [{ p = 1 }]"
        );
        let text = "x\n<details><summary>Derived, not configured: 1</summary>\n\n- Tests are `a.yml`\n\n</details>\n- other";
        assert_eq!(derived_in(text), ["Tests are a.yml"]);
        let text = "**Can be done now by anybody with write access:**\n- help:\n  ```\n  x\n  ```\n- other";
        assert_eq!(needed_in(text).as_deref(), Some("help: x"));
        assert_eq!(
            unfolded("a\n<details><summary>s</summary> x </details>\nb\n"),
            "a\nb\n"
        );
    }
}
