//! The document's table of times: what each phase took against its target and
//! its maximum.

use super::command::Phase;
use super::ids::Millis;
use super::policy::Budget;
use super::procedure::Case;
use super::step_name::StepName;

/// The eight rows and the total.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When the hotfix began: the label.
    pub started: Millis,
    /// When the last step was proven.
    pub ended: Option<Millis>,
    /// The rows, in the document's order.
    pub rows: Vec<Row>,
    /// The whole.
    pub total: Row,
}

/// A row of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The document's name of the phase.
    pub name: &'static str,
    /// When its predecessors were proven; none while they are not.
    pub from: Option<Millis>,
    /// When it was proven.
    pub until: Option<Millis>,
    /// Its target, milliseconds.
    pub target: Millis,
    /// Its maximum, milliseconds.
    pub maximum: Millis,
}

impl Row {
    /// What it took, milliseconds, once it is over.
    pub fn took(&self) -> Option<Millis> {
        Some(self.until? - self.from?)
    }

    /// Whether it took longer than its maximum.
    pub fn exceeded(&self) -> bool {
        self.took().is_some_and(|took| took > self.maximum)
    }
}

/// The rows: a name, the steps in it, and the step whose proof it starts from.
const ROWS: [(&str, &[StepName], Option<StepName>); 8] = [
    (
        "Assess & Branch",
        &[StepName::Assess, StepName::Branch],
        None,
    ),
    ("Apply Fix", &[StepName::Fix], Some(StepName::Bump)),
    ("Test", &[StepName::Test], Some(StepName::Fix)),
    ("Version Bump", &[StepName::Bump], Some(StepName::Branch)),
    ("Merge & Tag", &[StepName::Ship], Some(StepName::Test)),
    ("CI/CD", &[StepName::Monitor], Some(StepName::Ship)),
    ("Verification", &[StepName::Verify], Some(StepName::Monitor)),
    (
        "Communication",
        &[StepName::Communicate, StepName::Close],
        Some(StepName::Verify),
    ),
];

/// How much more time somebody gave a phase, milliseconds.
fn more(c: &Case<'_>, phase: Phase) -> Millis {
    let given = c.facts.extended.iter().filter(|it| it.phase == phase);
    given.map(|it| it.millis).sum()
}

/// The table as the facts have it.
pub fn timeline(c: &Case<'_>) -> Timeline {
    let started = c.facts.trigger.at;
    let proven = &c.line.proven;
    let t = &c.policy.timeline;
    let budgets: [&Budget; 8] = [
        &t.assess,
        &t.fix,
        &t.test,
        &t.bump,
        &t.merge,
        &t.ci,
        &t.verify,
        &t.communicate,
    ];
    let rows = ROWS
        .iter()
        .zip(budgets.into_iter().zip(Phase::ALL))
        .map(|((name, steps, after), (budget, phase))| {
            let until = steps
                .iter()
                .map(|s| proven.get(s).copied())
                .collect::<Option<Vec<_>>>()
                .and_then(|all| all.into_iter().max());
            let from = match after {
                None => Some(started),
                Some(step) => proven.get(step).copied(),
            };
            // Steps work ahead: a proof may be older than its predecessor's.
            let from = from.map(|f| until.map_or(f, |u| f.min(u)));
            Row {
                name,
                from,
                until,
                target: budget.target.millis() + more(c, *phase),
                maximum: budget.maximum.millis() + more(c, *phase),
            }
        })
        .collect();
    let ended = StepName::ALL
        .iter()
        .map(|s| proven.get(s).copied())
        .collect::<Option<Vec<_>>>()
        .and_then(|all| all.into_iter().max());
    Timeline {
        started,
        ended,
        rows,
        total: Row {
            name: "TOTAL",
            from: Some(started),
            until: ended,
            target: t.total.target.millis() + more(c, Phase::Total),
            maximum: t.total.maximum.millis() + more(c, Phase::Total),
        },
    }
}
