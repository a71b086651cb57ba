//! The decision matrix with the row that decided, and the questions to it.

use super::markdown::{capital, code, fold, person};
use super::times::utc_time;
use super::{matrix, when_not};
use crate::domain::need::NeedKind;
use crate::domain::outside::Outside;
use crate::domain::policy::Question;
use crate::domain::procedure::assess::assessment;
use crate::domain::severity::{Answers, Approach, Assessment, Condition, Verdict};
use crate::domain::view::View;

/// Shares of users that are ticked; another is typed.
const AFFECTED: [(&str, &str); 4] = [
    ("100", "all of them"),
    ("50", "about half"),
    ("10", "about one in ten"),
    ("1", "hardly anybody"),
];

/// The fold "Severity"; open while its answers are what is waited for.
pub fn severity(view: &View<'_>) -> String {
    let assessment = assessment(&view.case);
    let asked = view
        .needs
        .iter()
        .any(|n| matches!(n.kind, NeedKind::Assess { .. }));
    fold(
        &summary(view),
        &body(view, &assessment),
        asked && view.facts.over.is_none(),
    )
}

/// "Severity: P0, all users …; no workaround; 100 % affected", without markup
/// and without words of a user.
pub(super) fn summary(view: &View<'_>) -> String {
    let answers = &view.facts.answers;
    // Plain text: the names are the configuration's.
    let named = |level: &str| super::markdown::escape(view.policy.severity.named(level));
    let level = match &view.verdict {
        Verdict::P0 => named("P0"),
        Verdict::P0NeedsConfirm { .. } if view.facts.severity_word().is_some() => {
            format!("{}, confirmed", named("P0"))
        }
        Verdict::P0NeedsConfirm { .. } => "for a maintainer to decide".to_owned(),
        Verdict::P1 => named("P1"),
        Verdict::P2 => named("P2"),
        Verdict::Unanswered { missing } => match missing.len() {
            1 => "1 question is open".to_owned(),
            n => format!("{n} questions are open"),
        },
    };
    let mut parts = Vec::new();
    parts.extend(answers.condition.map(|c| c.text().to_owned()));
    parts.extend(answers.workaround.map(|yes| {
        if yes {
            "a workaround exists"
        } else {
            "no workaround"
        }
        .to_owned()
    }));
    let whose = match &answers.platform {
        Some(_) => " of that platform's users",
        None => "",
    };
    parts.extend(answers.affected.map(|n| format!("{n} %{whose} affected")));
    if parts.is_empty() {
        format!("Severity: {level}")
    } else {
        format!("Severity: {level}, {}", parts.join("; "))
    }
}

fn body(view: &View<'_>, assessment: &Assessment) -> String {
    let mut out = matrix::table(assessment.row);
    out.push('\n');
    for question in Question::ALL.iter().copied() {
        let answer = answer(&view.facts.answers, question);
        let required = view.policy.severity.require.contains(&question);
        if answer.is_none() && !required && question != Question::Condition {
            continue;
        }
        out.push_str(&format!(
            "- {} {}\n",
            asked(question),
            answer.map_or_else(|| options(question), |a| format!("**{a}**"))
        ));
    }
    if let Some(note) = &view.facts.answers.note {
        out.push_str(&format!("- Note: {}\n", note.markdown()));
    }
    out.push('\n');
    if let Verdict::P0NeedsConfirm { because } = &view.verdict {
        out.push_str(&format!(
            "{}: a maintainer decides.\n",
            capital(because.text())
        ));
    }
    if !assessment.reasons.is_empty() {
        let overruled = match view.verdict {
            Verdict::P0 => " (a P0 row of the matrix wins over it)",
            Verdict::P0NeedsConfirm { .. }
            | Verdict::P1
            | Verdict::P2
            | Verdict::Unanswered { .. } => "",
        };
        let reasons: Vec<_> = assessment
            .reasons
            .iter()
            .map(|why| format!("{why}: {}", why.instead()))
            .collect();
        out.push_str(&format!(
            "Against a hotfix{overruled}: {}.\n",
            reasons.join("; ")
        ));
    }
    if let Some(by) = &view.facts.assessed_by {
        out.push_str(&format!(
            "Answered by {}, {}.\n",
            person(&by.login),
            utc_time(by.at, view.timeline.started)
        ));
    }
    if let Some(by) = &view.facts.severity_word() {
        out.push_str(&format!(
            "Confirmed by {}, {}.\n",
            person(&by.login),
            utc_time(by.at, view.timeline.started)
        ));
    }
    if matches!(view.verdict, Verdict::Unanswered { .. }) {
        out.push('\n');
        out.push_str(&when_not::examples());
    }
    out
}

fn asked(question: Question) -> &'static str {
    match question {
        Question::Condition => "What does the bug do?",
        Question::Workaround => "Is there a reasonable workaround?",
        Question::Affected => "How many of the affected platform's users meet it?",
        Question::Approach => "How large will the fix be?",
        Question::Urgent => "Can it not wait for one or two weeks?",
        Question::Platform => "Where was it seen?",
    }
}

/// Markdown, user text escaped.
fn answer(answers: &Answers, question: Question) -> Option<String> {
    let yes_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    match question {
        Question::Condition => answers.condition.map(|c| c.text().to_owned()),
        Question::Workaround => answers.workaround.map(yes_no),
        Question::Affected => answers.affected.map(|n| format!("{n} %")),
        Question::Approach => answers.approach.map(|a| a.text().to_owned()),
        Question::Urgent => answers.urgent.map(yes_no),
        Question::Platform => answers.platform.as_ref().map(Outside::markdown),
    }
}

/// The ways to answer: boxes, each with what is typed to say the same.
fn options(question: Question) -> String {
    let boxes = |key: &str, values: &[(&str, &str)]| {
        let lines: Vec<_> = values
            .iter()
            .map(|(word, text)| {
                let says = format!("{key}={word}");
                format!("\n  - [ ] {text} ({}) <!-- answer:{says} -->", code(&says))
            })
            .collect();
        lines.concat()
    };
    let yes_no = [("yes", "yes"), ("no", "no")];
    match question {
        Question::Condition => {
            let all: Vec<_> = Condition::ALL
                .iter()
                .map(|c| (c.word(), c.text()))
                .collect();
            boxes("condition", &all)
        }
        Question::Approach => {
            let all: Vec<_> = Approach::ALL.iter().map(|a| (a.word(), a.text())).collect();
            boxes("approach", &all)
        }
        Question::Workaround => boxes("workaround", &yes_no),
        Question::Affected => {
            let typed = format!("{}, in percent", code("affected=0..100"));
            format!("{typed}{}", boxes("affected", &AFFECTED))
        }
        Question::Urgent => boxes("urgent", &yes_no),
        Question::Platform => code("platform=…"),
    }
}
