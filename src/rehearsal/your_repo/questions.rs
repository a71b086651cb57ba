//! What the bot asked that no ordinary hotfix has need of: each is a question
//! that a command or a line of `hotfix.toml` may answer.

use serde::Serialize;

use crate::rehearsal::comment_text::needed_in;
use crate::rehearsal::view::View;

/// As many are shown; numbers of runs make the same need look new.
const MOST: usize = 8;

/// A question of the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// What it asked, as plain text.
    pub text: String,
    /// Commands that it named.
    pub commands: Vec<String>,
    /// Whether it stood there at the end.
    pub open: bool,
}

/// The questions that were asked, in their order.
pub fn questions(view: &View<'_>) -> Vec<Question> {
    let texts = view.status().into_iter().flat_map(|comment| {
        let edits = comment.edits.iter().map(|e| e.body.as_str());
        edits.chain([comment.body.as_str()])
    });
    let last = view.needed();
    let mut found: Vec<(String, Question)> = Vec::new();
    for text in texts.filter_map(needed_in) {
        if is_ordinary(&text) {
            continue;
        }
        let key = without_numbers(&text);
        let open = last.as_ref() == Some(&text);
        let question = Question {
            commands: commands(&text),
            open,
            text,
        };
        match found.iter_mut().find(|(k, _)| *k == key) {
            Some((_, known)) => *known = question,
            None => found.push((key, question)),
        }
    }
    let skip = found.len().saturating_sub(MOST);
    found.into_iter().skip(skip).map(|(_, q)| q).collect()
}

/// Whether every hotfix needs it, or nobody does.
fn is_ordinary(text: &str) -> bool {
    const ORDINARY: [&str; 17] = [
        "nothing",
        "an answer to each question",
        "/hotfix assess",
        "a fix on",
        "to be tried by hand",
        "an approving review",
        "a review",
        "approval",
        "a manual test of",
        "a fresh install",
        "the released version fixes",
        "a decision",
        "/hotfix release",
        "the root cause",
        "tests-added",
        "root-cause",
        "minimal-fix",
    ];
    const UNUSUAL: [&str; 14] = [
        "conflict",
        "does not run",
        "no workflow",
        "no run",
        "failed",
        "by hand:",
        "missing",
        "cannot",
        "wrong",
        "refused",
        "critical-path",
        "hotfix.toml",
        "/hotfix start",
        "/hotfix confirm",
    ];
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    has(&ORDINARY) && !has(&UNUSUAL)
}

/// The commands that a need names.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("/hotfix ") {
        let rest = text.get(at..).unwrap_or_default();
        let end = rest.find([',', ';', '(', '\n']).unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or(rest);
        let words: Vec<&str> = line.split_whitespace().take(4).collect();
        let line = words.join(" ").trim_end_matches(['.', ':']).to_owned();
        if !found.contains(&line) {
            found.push(line);
        }
    }
    found
}

fn without_numbers(text: &str) -> String {
    let word = |w: &str| w.chars().any(|c| c.is_ascii_digit());
    let kept = text.split_whitespace().filter(|w| !word(w));
    kept.collect::<Vec<_>>().join(" ")
}

/// The lines for `hotfix.toml` that the bot's comments hold: fenced as `toml`,
/// or written out as `[section] key = value`.
pub fn lines_to_paste(text: &str) -> Vec<String> {
    // Each table with its lines, in the order of their coming.
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    let mut at = None;
    for line in fenced(text).chain(keys_in_words(text)) {
        if line.starts_with('[') {
            let known = tables.iter().position(|(name, _)| *name == line);
            // One of a list of tables is a table of its own.
            at = known.filter(|_| !line.starts_with("[["));
            if at.is_none() {
                at = Some(tables.len());
                tables.push((line, Vec::new()));
            }
        } else if let Some((_, lines)) = at.and_then(|at| tables.get_mut(at)) {
            let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
            if !lines.iter().any(|known| key(known) == key(&line)) {
                lines.push(line);
            }
        }
    }
    let mut found: Vec<&(String, Vec<String>)> = Vec::new();
    for table in &tables {
        if !table.1.is_empty() && !found.contains(&table) {
            found.push(table);
        }
    }
    let whole = |(name, lines): &(String, Vec<String>)| {
        let mut all = vec![name.clone()];
        all.extend(lines.iter().cloned());
        all
    };
    found.into_iter().flat_map(whole).collect()
}

/// The lines of the blocks that are to be pasted.
fn fenced(text: &str) -> impl Iterator<Item = String> {
    let mut inside = false;
    let lines = text.lines().map(str::trim).filter(move |line| {
        if line.starts_with("```") {
            inside = !inside && *line == "```toml";
            return false;
        }
        inside && !line.is_empty()
    });
    lines.map(str::to_owned)
}

/// Keys that stand within words, as `[base] branch = "…"`: table and line.
fn keys_in_words(text: &str) -> impl Iterator<Item = String> {
    let spans = text.lines().filter(|line| !line.trim().starts_with("```"));
    let spans = spans.flat_map(|line| line.split('`').skip(1).step_by(2));
    let keys = spans.filter_map(|span| {
        let (table, line) = span.split_once("] ")?;
        let is_key = table.starts_with('[') && line.contains('=');
        is_key.then(|| [format!("{table}]"), line.to_owned()])
    });
    keys.flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_as_they_stand() {
        let text = "Needed: `[base] prereleases = true`, or `v1.0.4`\n```toml\n[base]\ntag_pattern = \"v/{version}\"\n```\n```\nnot this\n```\n";
        assert_eq!(
            lines_to_paste(text),
            [
                "[base]",
                "tag_pattern = \"v/{version}\"",
                "prereleases = true"
            ]
        );
        let text = "```toml\n[base]\na = 1\n[[release.workflow]]\nfile = \"a\"\n[[release.workflow]]\nfile = \"b\"\n```\n```toml\n[base]\na = 2\n```\n";
        assert_eq!(
            lines_to_paste(text),
            [
                "[base]",
                "a = 1",
                "[[release.workflow]]",
                "file = \"a\"",
                "[[release.workflow]]",
                "file = \"b\""
            ]
        );
    }

    #[test]
    fn what_every_hotfix_needs_is_no_question() {
        assert!(is_ordinary("nothing is needed from anybody"));
        assert!(is_ordinary("a fix on hotfix/v1.0.5 (draft PR #2)"));
        assert!(!is_ordinary(
            "a release to start from: /hotfix start v1.2.3"
        ));
        assert_eq!(
            commands("which release? /hotfix start v1.2.3, or /hotfix cancel."),
            ["/hotfix start v1.2.3", "/hotfix cancel"]
        );
    }
}
