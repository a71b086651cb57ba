//! What the bot asked that no ordinary hotfix has need of: each is a question
//! that a command or a line of `hotfix.toml` may answer.

use serde::Serialize;

use crate::domain::need::{Need, NeedKind, Who};
use crate::rehearsal::comment_text::unfolded;

/// A question of the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Its kind, as the bot calls it: `which_base`.
    pub kind: String,
    /// What it asked, as plain text.
    pub text: String,
    /// Commands that it named.
    pub commands: Vec<String>,
    /// Lines of `hotfix.toml` that settle it: the first, or one of several.
    pub toml: Vec<String>,
    /// Whether it stood there at the end.
    pub open: bool,
}

/// The questions that were asked, in their order.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    all: Vec<Question>,
}

impl Asked {
    /// Takes down what is needed now, with the words of the status comment;
    /// `needs` has the most urgent first.
    pub fn note(&mut self, needs: &[Need], text: &str) {
        let stood = self.all.iter().position(|question| question.open);
        for question in &mut self.all {
            question.open = false;
        }
        // What is shown first is what a person can do.
        let mut people = needs.iter().filter(|need| need.who != Who::Machine);
        let Some(need) = people.next().filter(|need| is_question(need)) else {
            return;
        };
        let question = Question {
            kind: kind(need),
            text: text.to_owned(),
            commands: commands(text),
            toml: need.kind.toml().iter().map(line).collect(),
            open: true,
        };
        // The same need again, of another run or commit; or its words, which come
        // to the comment a little later than the need to the facts.
        let bare = without_numbers(text);
        let same = |(at, q): (usize, &Question)| {
            let again = stood == Some(at) || without_numbers(&q.text) == bare;
            q.kind == question.kind && again
        };
        let known = self.all.iter().enumerate().position(same);
        match known.and_then(|at| self.all.get_mut(at)) {
            Some(known) => *known = question,
            None => self.all.push(question),
        }
    }

    /// Whether one stands open.
    pub fn is_open(&self) -> bool {
        self.all.iter().any(|question| question.open)
    }

    /// All of them.
    pub fn all(&self) -> &[Question] {
        &self.all
    }
}

fn line(line: &crate::domain::policy::KeyLine) -> String {
    format!("[{}] {} = {}", line.section, line.key, line.value)
}

/// Whether not every hotfix has need of it.
fn is_question(need: &Need) -> bool {
    let ordinary = matches!(
        need.kind,
        NeedKind::Looking { .. }
            | NeedKind::Assess { .. }
            | NeedKind::Fix { .. }
            | NeedKind::TestsAdded
            | NeedKind::RunPending { .. }
            | NeedKind::Approval { unclear: None, .. }
            | NeedKind::ManualTest { .. }
            | NeedKind::Release { .. }
            | NeedKind::MergeWaits { .. }
            | NeedKind::KnownIssueText { .. }
            | NeedKind::Registry { yanked: false, .. }
            | NeedKind::GithubRelease { .. }
            | NeedKind::FreshInstall
            | NeedKind::Channel { .. }
            | NeedKind::NoDiscussion { .. }
            | NeedKind::Advisory(_)
            | NeedKind::FixVerified { .. }
            | NeedKind::StillBroken { .. }
    );
    !ordinary
}

/// The name of a need's kind.
fn kind(need: &Need) -> String {
    let value = serde_json::to_value(&need.kind).unwrap_or_default();
    let name = value.get("need").and_then(serde_json::Value::as_str);
    name.unwrap_or("unknown").to_owned()
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

/// The lines for `hotfix.toml` that a comment of the bot's holds: fenced as
/// `toml`, or written out as `[section] key = value` in what is asked. What is
/// folded away names keys that would say otherwise.
pub fn lines_to_paste(text: &str) -> Vec<String> {
    // Each table with its lines, in the order of their coming.
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    let mut at = None;
    let open = unfolded(text);
    for line in fenced(text).chain(keys_in_words(&open)) {
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
        let text = "`[base] a = 1`\n<details><summary>s</summary>\n- b. Otherwise: `[base] b = 1`\n\n```toml\n[base]\nc = 1\n```\n</details>\n";
        assert_eq!(lines_to_paste(text), ["[base]", "c = 1", "a = 1"]);
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
        let of = |who, kind| Need::new(who, kind);
        let fix = NeedKind::Fix {
            branch: "hotfix/v1.0.5".to_owned(),
            pull: Some(2),
            merged: Vec::new(),
            line: None,
            offers: Vec::new(),
        };
        let hand = NeedKind::BranchInTheWay {
            branch: "hotfix".to_owned(),
        };
        let mut asked = Asked::default();
        asked.note(&[of(Who::Responder, fix.clone())], "a fix");
        assert!(asked.all().is_empty());
        let ask = [of(Who::Responder, hand)];
        asked.note(&ask, "which? /hotfix start v1.2.3, or /hotfix cancel.");
        asked.note(&ask, "which? /hotfix start v1.2.4, or /hotfix cancel.");
        assert!(asked.is_open());
        let [question] = asked.all() else {
            panic!("{:?}", asked.all());
        };
        assert_eq!(question.kind, "branch_in_the_way");
        assert_eq!(
            question.commands,
            ["/hotfix start v1.2.4", "/hotfix cancel"]
        );
        assert_eq!(question.toml, ["[base] branch = \"hotfix-v{version}\""]);
        asked.note(&[of(Who::Responder, fix)], "a fix");
        assert!(!asked.is_open());
    }
}
