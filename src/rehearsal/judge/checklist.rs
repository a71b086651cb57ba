//! The document's 24 items as the status comment shows them, each held against
//! the world.

use serde::Serialize;

use super::commands;
use super::proof::{Answer, Proof, all};
use super::proofs::Proofs;
use crate::rehearsal::view::View;

/// An item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its name.
    pub item: &'static str,
    /// `done`, `by_hand`, `not_applicable` or `open`.
    pub state: &'static str,
    /// The login of who settled it, where it was a person.
    pub by: Option<String>,
    /// What the world shows, or what is missing.
    pub evidence: String,
}

/// How the comment shows an item.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Missing,
    Open,
    Done,
    ByHand(String),
    NotApplicable,
}

/// The items in the document's order; whether a person's word may settle them.
fn items(p: &Proofs) -> [(&'static str, bool, Answer); 24] {
    [
        (
            "severity-confirmed",
            true,
            all_by(&[&p.labelled, &p.condition]),
        ),
        ("no-workaround", true, p.workaround.clone()),
        ("impact-assessed", true, p.impact.clone()),
        ("fix-approach", true, p.approach.clone()),
        ("branch-created", false, p.branch.clone()),
        ("minimal-fix", true, p.minimal.clone()),
        ("tests-added", true, p.tests_added.clone()),
        ("critical-path", true, p.green.clone()),
        ("manual-test", true, p.tried.clone()),
        ("version-bumped", false, p.version.clone()),
        ("changelog", false, p.changelog.clone()),
        ("merged", false, p.merged.clone()),
        ("tagged", false, p.tagged.clone()),
        ("publish-workflow", false, p.publish.clone()),
        ("release-workflow", false, p.release_run.clone()),
        ("registry", false, p.registry.clone()),
        ("release", false, p.release.clone()),
        ("fresh-install", true, p.installed.clone()),
        ("fix-verified", true, p.verified.clone()),
        ("release-notes", false, p.notes.clone()),
        ("community", true, p.community.clone()),
        ("issue-closed", false, p.closed.clone()),
        ("known-issue", false, p.known_issue.clone()),
        ("branch-deleted", false, p.deleted.clone()),
    ]
}

/// All of them, by whoever came last.
fn all_by(answers: &[&Answer]) -> Answer {
    let whole = all(answers)?;
    let by = answers
        .iter()
        .rev()
        .find_map(|a| a.as_ref().ok().and_then(|p| p.by.clone()));
    Ok(Proof { by, ..whole })
}

/// Reads the rendered checklist and recomputes every line of it.
pub fn read(view: &View<'_>, proofs: &Proofs) -> Vec<Item> {
    let text = view.status().map_or("", |c| c.body.as_str());
    let judge = |(item, by_word, answer): (&'static str, bool, Answer)| {
        let shown = shown(text, item, by_word);
        // Several may have said it; the comment names one of them.
        let answer = match (&shown, answer) {
            (Shown::ByHand(login), Ok(proof)) if commands::checked_by(view, item, login) => {
                let by = Some(login.clone());
                Ok(Proof { by, ..proof })
            }
            (_, answer) => answer,
        };
        hold_against(item, shown, answer)
    };
    items(proofs).into_iter().map(judge).collect()
}

/// The line of an item: its box, and who is said to have settled it.
fn shown(text: &str, item: &str, by_word: bool) -> Shown {
    let mark = format!("<!-- item:{item} -->");
    let Some(line) = text.lines().find(|line| line.contains(&mark)) else {
        return Shown::Missing;
    };
    let ticked = line.contains("[x]") || line.contains("[X]");
    if !ticked {
        return Shown::Open;
    }
    if line.to_lowercase().contains("not applicable") {
        return Shown::NotApplicable;
    }
    let by = line
        .rsplit_once("by @")
        .map(|(_, rest)| rest)
        .filter(|_| by_word);
    let login = |rest: &str| {
        let part = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        rest.chars().take_while(part).collect::<String>()
    };
    by.map_or(Shown::Done, |rest| Shown::ByHand(login(rest)))
}

fn hold_against(item: &'static str, shown: Shown, answer: Answer) -> Item {
    let open = |evidence: String| Item {
        item,
        state: "open",
        by: None,
        evidence,
    };
    let proof = match (&shown, answer) {
        (Shown::Missing, _) => return open("the status comment has no such line".to_owned()),
        (Shown::Open, Ok(proof)) => {
            return open(format!(
                "the status comment shows it open, although: {}",
                proof.evidence
            ));
        }
        (Shown::Open, Err(why)) => return open(why),
        (_, Err(why)) => return open(format!("the status comment shows it done, but {why}")),
        (_, Ok(proof)) => proof,
    };
    let (state, by) = match shown {
        Shown::NotApplicable if proof.applies => {
            return open(format!("shown as not applicable, but: {}", proof.evidence));
        }
        Shown::NotApplicable => ("not_applicable", None),
        Shown::ByHand(login) => match &proof.by {
            // A fact proves more than the word that came before it.
            Some(by) if *by != login => {
                return open(format!("shown as @{login}'s word, but {}", proof.evidence));
            }
            _ => ("by_hand", Some(login)),
        },
        _ if !proof.applies => ("not_applicable", None),
        _ => ("done", proof.by.clone()),
    };
    Item {
        item,
        state,
        by,
        evidence: proof.evidence,
    }
}

#[cfg(test)]
mod tests {
    use super::super::proof::{fact, not_applicable, word};
    use super::*;

    const TEXT: &str = "- [x] Tagged <!-- item:tagged --> [`v1.0.5`](http://x)\n\
        - [x] Manually tested <!-- item:manual-test --> by @maintainer, of `9f3c2ab`\n\
        - [x] Community <!-- item:community --> not applicable: no channel\n\
        - [ ] Closed <!-- item:issue-closed -->\n";

    #[test]
    fn lines_are_read() {
        assert_eq!(shown(TEXT, "tagged", false), Shown::Done);
        assert_eq!(
            shown(TEXT, "manual-test", true),
            Shown::ByHand("maintainer".into())
        );
        assert_eq!(shown(TEXT, "community", true), Shown::NotApplicable);
        assert_eq!(shown(TEXT, "issue-closed", false), Shown::Open);
        assert_eq!(shown(TEXT, "merged", false), Shown::Missing);
    }

    #[test]
    fn a_claim_without_proof_is_open() {
        let claimed = hold_against("tagged", Shown::Done, Err("there is no tag".into()));
        assert_eq!(claimed.state, "open");
        assert!(
            claimed
                .evidence
                .contains("shows it done, but there is no tag")
        );
        assert_eq!(
            hold_against("tagged", Shown::Done, fact(1, "seen")).state,
            "done"
        );
    }

    #[test]
    fn a_word_is_the_persons_who_gave_it() {
        let said = || word(1, "maintainer", "said");
        let shown = |login: &str| Shown::ByHand(login.to_owned());
        let item = hold_against("manual-test", shown("maintainer"), said());
        assert_eq!(
            (item.state, item.by.as_deref()),
            ("by_hand", Some("maintainer"))
        );
        assert_eq!(
            hold_against("manual-test", shown("developer"), said()).state,
            "open"
        );
        let item = hold_against("community", Shown::NotApplicable, not_applicable(1, "none"));
        assert_eq!(item.state, "not_applicable");
    }
}
