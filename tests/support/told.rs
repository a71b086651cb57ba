//! What a story's bot told people.

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

/// Whether a write says that a time is over.
pub fn is_clock(call: &str) -> bool {
    let late = [
        "over its target** since",
        "over its maximum** since",
        "takes more than",
    ];
    let comment = call.contains("<!-- hotfix-bot:status:") || call.contains(CALL);
    comment && late.iter().any(|words| call.contains(words))
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
