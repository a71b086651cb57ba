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
    /// The phase.
    pub phase: Phase,
    /// When its predecessors were proven; none while they are not.
    pub from: Option<Millis>,
    /// When it was proven.
    pub until: Option<Millis>,
    /// Its target, milliseconds.
    pub target: Millis,
    /// Its maximum, milliseconds.
    pub maximum: Millis,
    /// How long its clock stood still so far, milliseconds.
    pub paused: Millis,
}

impl Row {
    /// What it took, milliseconds, once it is over.
    pub fn took(&self) -> Option<Millis> {
        Some(self.until? - self.from?)
    }

    /// Whether it took longer than its maximum.
    pub fn exceeded(&self) -> bool {
        self.took()
            .is_some_and(|took| took.saturating_sub(self.paused) > self.maximum)
    }

    /// By when it is due, by its target and by its maximum, while it is under way.
    pub fn due(&self) -> Option<(Millis, Millis)> {
        let from = self.from.filter(|_| self.until.is_none())?;
        let by = |budget: Millis| from.saturating_add(budget).saturating_add(self.paused);
        Some((by(self.target), by(self.maximum)))
    }

    /// How it stands against its times while it is under way. It changes at marks
    /// alone, so that words about it do not change with every minute.
    pub fn pace(&self, now: Millis) -> Option<Pace> {
        let (target, maximum) = self.due()?;
        Some(if now >= maximum {
            Pace::OverMaximum {
                by: doubled(now - maximum),
            }
        } else if now >= target {
            Pace::OverTarget {
                by: (now - target).div_euclid(QUARTER) * QUARTER,
            }
        } else {
            Pace::InTime
        })
    }

    /// When that changes next by the clock alone.
    pub fn next_mark(&self, now: Millis) -> Option<Millis> {
        let (target, maximum) = self.due()?;
        Some(if now >= maximum {
            let next = match doubled(now - maximum) {
                0 => HOUR,
                by => by.saturating_mul(2),
            };
            maximum.saturating_add(next)
        } else if now >= target {
            let quarters = (now - target).div_euclid(QUARTER) + 1;
            (target + quarters * QUARTER).min(maximum)
        } else {
            target
        })
    }
}

/// How a phase that is under way stands against its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Its target is to come.
    InTime,
    /// Its target is over.
    OverTarget {
        /// For how long at least, milliseconds.
        by: Millis,
    },
    /// Its maximum is over.
    OverMaximum {
        /// For how long at least, milliseconds.
        by: Millis,
    },
}

/// One hour, two, four and so on: the last of them that is over.
fn doubled(by: Millis) -> Millis {
    let hours = u64::try_from(by.div_euclid(HOUR)).unwrap_or_default();
    hours.checked_ilog2().map_or(0, |n| HOUR << n)
}

const QUARTER: Millis = 15 * 60_000;
const HOUR: Millis = 60 * 60_000;

impl Timeline {
    /// The row that a step stands in.
    pub fn of(&self, step: StepName) -> &Row {
        let at = ROWS.iter().position(|(_, steps, _)| steps.contains(&step));
        at.and_then(|at| self.rows.get(at)).unwrap_or(&self.total)
    }

    /// The row of a phase.
    pub fn row(&self, phase: Phase) -> &Row {
        let row = self.rows.iter().find(|row| row.phase == phase);
        row.unwrap_or(&self.total)
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

/// How long the clock of a row stood still, milliseconds.
fn paused(c: &Case<'_>, from: Option<Millis>, until: Option<Millis>) -> Millis {
    from.map_or(0, |from| c.facts.paused(from, until.unwrap_or(c.facts.now)))
}

/// The table as the facts have it.
pub fn timeline(c: &Case<'_>) -> Timeline {
    // Nothing begins it yet where it is a word that is not judged.
    let started = match c.facts.trigger.at {
        0 => c.facts.now,
        at => at,
    };
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
                phase: *phase,
                from,
                until,
                target: budget.target.millis() + more(c, *phase),
                maximum: budget.maximum.millis() + more(c, *phase),
                paused: paused(c, from, until),
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
            phase: Phase::Total,
            from: Some(started),
            until: ended,
            target: t.total.target.millis() + more(c, Phase::Total),
            maximum: t.total.maximum.millis() + more(c, Phase::Total),
            paused: paused(c, Some(started), ended),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: Millis = 60_000;

    fn row() -> Row {
        Row {
            name: "Test",
            phase: Phase::Test,
            from: Some(0),
            until: None,
            target: 15 * MINUTE,
            maximum: 60 * MINUTE,
            paused: 0,
        }
    }

    #[test]
    fn a_phase_is_in_time_then_over_its_target_then_over_its_maximum() {
        let target = |by| Some(Pace::OverTarget { by: by * MINUTE });
        let maximum = |by| Some(Pace::OverMaximum { by: by * MINUTE });
        for (at, pace, next) in [
            (0, Some(Pace::InTime), 15),
            (14, Some(Pace::InTime), 15),
            (15, target(0), 30),
            (29, target(0), 30),
            (46, target(30), 60),
            (60, maximum(0), 120),
            (119, maximum(0), 120),
            (125, maximum(60), 180),
            (200, maximum(120), 300),
            (299, maximum(120), 300),
        ] {
            assert_eq!(row().pace(at * MINUTE), pace, "{at}");
            assert_eq!(row().next_mark(at * MINUTE), Some(next * MINUTE), "{at}");
        }
        let over = Row {
            until: Some(5),
            ..row()
        };
        assert_eq!((over.pace(90 * MINUTE), over.next_mark(0)), (None, None));
    }

    #[test]
    fn while_its_clock_stands_still_it_gets_no_later() {
        for minute in 0..200 {
            let now = |paused| {
                let row = Row {
                    paused: paused * MINUTE,
                    ..row()
                };
                row.pace((minute + paused) * MINUTE)
            };
            assert_eq!(now(0), now(90), "{minute}");
        }
        let over = |paused| Row {
            until: Some(70 * MINUTE),
            paused: paused * MINUTE,
            ..row()
        };
        assert!(over(0).exceeded() && !over(10).exceeded());
    }

    proptest! {
        #[test]
        fn between_two_marks_nothing_changes(
            now in 0..2_000_000_000_i64, target in 1..9_000_000_i64, more in 0..9_000_000_i64,
        ) {
            let row = Row { target, maximum: target + more, ..row() };
            let next = row.next_mark(now);
            prop_assert!(next.is_some_and(|next| next > now));
            let before = next.unwrap_or(now) - 1;
            prop_assert_eq!(row.pace(now), row.pace(before));
        }
    }
}
