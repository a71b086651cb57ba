//! What a story's bot told people.

use std::collections::BTreeMap;

use serde_json::Value;

use super::story::Story;

/// How a comment that calls people begins.
const CALL: &str = "<!-- hotfix-bot:moment-";

/// Whether a text says this, at the beginning of a sentence or within one.
pub fn says(text: &str, words: &str) -> bool {
    let mut chars = words.chars();
    let first = chars.next().map(char::to_uppercase);
    let capital: String = first.into_iter().flatten().chain(chars).collect();
    text.contains(words) || text.contains(&capital)
}

/// The writes after the first `before` that do more than tell the time: what they
/// leave of a comment is not what stood there, but for the lines of its clock; or
/// they are no edit, and call for something else than a maximum that is over.
pub fn beside_the_clock(writes: &[(String, Value)], before: usize) -> Vec<String> {
    let mut stood: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, (call, request)) in writes.iter().enumerate() {
        let body = request["body"].as_str().unwrap_or_default();
        let marker = body.lines().next().filter(|it| it.starts_with("<!-- "));
        let lines: Vec<&str> = body.lines().filter(|line| !is_clock(line)).collect();
        let last = marker.and_then(|it| stood.insert(it, lines.clone()));
        let is_late = || body.starts_with(CALL) && body.contains(" takes more than ");
        let tells_time = match last {
            Some(last) => last == lines,
            None => marker.is_some() && is_late(),
        };
        if at >= before && !tells_time {
            found.push(format!("{call} {request}"));
        }
    }
    found
}

/// A line that says how late it is.
fn is_clock(line: &str) -> bool {
    let clocks = [
        "**Clock:**",
        "over its target** since",
        "over its maximum** since",
    ];
    clocks.iter().any(|words| line.contains(words))
}

impl Story {
    /// The bot's comments that call people, oldest first: their bodies.
    pub fn calls(&self, issue: u64) -> Vec<String> {
        let all = self.bot_comments(issue).into_iter().map(|(_, body)| body);
        all.filter(|body| body.starts_with(CALL)).collect()
    }

    /// The issue is closed, the branch gone, and three comments stand there beside
    /// those that called people.
    #[track_caller]
    pub fn finished(&self, issue: u64) {
        let open = self.look(|view| view.repo.issues[&issue].open);
        assert!(!open, "closed; {}", self.status(issue).1);
        assert!(!self.has_branch(), "{}", self.status(issue).1);
        let calls = self.calls(issue).len();
        assert_eq!(self.bot_comments(issue).len(), 3 + calls);
    }
}
