//! Step 1: the severity, by the decision matrix.

use super::begin::Begun;
use super::step::{Case, Step};
use crate::domain::need::{NeedKind, Who};
use crate::domain::severity::{self, Assessment, Verdict};

/// The matrix is answered and says that this may be hotfixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessed;

/// What the matrix says of the answers so far.
pub fn assessment(c: &Case<'_>) -> Assessment {
    let named = |label: &String| c.policy.security.is_named_by(label);
    let security = c
        .facts
        .issue
        .get()
        .is_some_and(|i| i.labels.iter().any(named));
    severity::assess(&c.facts.answers, security, &c.policy.severity)
}

/// All questions answered, and the verdict one that the policy hotfixes.
pub fn assess(c: &Case<'_>, _: &Begun) -> Step<Assessed> {
    let assessment = assessment(c);
    match assessment.verdict {
        Verdict::Unanswered { missing } => Step::wait(Who::Responder, NeedKind::Assess { missing }),
        // A commander's word on these answers stands above the matrix; what
        // that says is still shown.
        _ if c.facts.severity_word().is_some() => Step::Done(Assessed),
        Verdict::P0NeedsConfirm { because } => {
            Step::wait(Who::Commander, NeedKind::ConfirmSeverity { because })
        }
        verdict => match verdict.level() {
            Some(level) if may_be_hotfixed(c, level) => Step::Done(Assessed),
            _ => Step::wait(
                Who::Commander,
                NeedKind::NotHotfix {
                    reasons: assessment.reasons,
                },
            ),
        },
    }
}

/// Whether a level of the matrix may be hotfixed, by the name that it has here.
fn may_be_hotfixed(c: &Case<'_>, level: &str) -> bool {
    let severity = &c.policy.severity;
    severity.may_be_hotfixed(severity.named(level))
}
