//! Step 1: the severity, by the decision matrix.

use super::Step;
use super::begin::Begun;
use crate::domain::facts::Facts;
use crate::domain::policy::{Policy, Question};
use crate::domain::severity::{self, Approach, Assessment, Verdict};
use crate::domain::view::{What, Who};

/// The matrix is answered and says that this may be hotfixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed;

/// What the matrix says of the answers so far.
pub fn assessment(f: &Facts, p: &Policy) -> Assessment {
    let security = f
        .issue
        .get()
        .is_some_and(|i| i.labels.iter().any(|l| p.security.is_named_by(l)));
    severity::assess(&f.answers, security, &p.severity)
}

/// All questions answered, and the verdict one that the policy hotfixes.
pub fn assess(f: &Facts, p: &Policy, _: &Begun) -> Step<Assessed> {
    let assessment = assessment(f, p);
    match &assessment.verdict {
        Verdict::Unanswered { missing } => Step::wait(
            Who::Responder,
            What::Assess {
                missing: missing.iter().map(|q| argument(*q)).collect(),
            },
        ),
        verdict if f.confirmed.is_some() => {
            // A commander's word stands above the matrix; what it says is
            // still shown.
            let _ = verdict;
            Step::Done(Assessed)
        }
        Verdict::P0NeedsConfirm { because } => Step::wait(
            Who::Commander,
            What::ConfirmSeverity {
                reason: because.text().to_owned(),
            },
        ),
        verdict => match verdict.level() {
            Some(level) if p.severity.may_be_hotfixed(level) => Step::Done(Assessed),
            _ => Step::wait(
                Who::Commander,
                What::NotHotfix {
                    reasons: assessment
                        .reasons
                        .iter()
                        .map(|r| format!("{r}: {}", r.instead()))
                        .collect(),
                },
            ),
        },
    }
}

/// How a question is answered in the command, with its short answers.
fn argument(question: Question) -> String {
    let answers = match question {
        Question::Condition | Question::Platform => "…".to_owned(),
        Question::Workaround | Question::Urgent => "yes|no".to_owned(),
        Question::Affected => "0..100".to_owned(),
        Question::Approach => Approach::ALL
            .iter()
            .map(|a| a.word())
            .collect::<Vec<_>>()
            .join("|"),
    };
    format!("{}={answers}", question.word())
}
