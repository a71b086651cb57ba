//! The decision matrix: from what people answered to what may be done.
//!
//! The document contradicts itself in places; the order here is: a P0 row wins
//! over every "when not to hotfix"; most users counts as all; a vulnerability
//! that nobody exploits yet, or a data leak, is for a commander to decide, and
//! so is whatever the matrix has no row for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::outside::Outside;
use super::policy::{Question, Severity};

/// Declares a closed set of words that people type, with their wording.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal, $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value, in the order of the help text.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word that people type.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// What it says, as a phrase.
            pub fn text(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// What the bug does (`assess condition=…`).
    Condition {
        /// All users, or most of them, are kept from basic functionality.
        AllUsers = "all-users", "prevents all or most users from basic functionality";
        /// Data is lost or corrupted.
        DataLoss = "data-loss", "data loss or corruption is possible";
        /// A vulnerability that is exploited.
        Exploited = "exploited", "a security vulnerability with active exploits";
        /// A vulnerability that is not exploited yet, or a data leak.
        Vulnerability = "vulnerability", "a security vulnerability without known exploits, or a data leak";
        /// A common workflow breaks.
        CommonWorkflow = "common-workflow", "breaks a common workflow";
        /// It works, but worse.
        Degraded = "degraded", "degrades the experience";
    }
}

words! {
    /// How large the fix will be (`assess approach=…`).
    Approach {
        /// A few lines.
        Minimal = "minimal", "a minimal fix";
        /// A significant refactoring.
        Refactor = "refactor", "significant refactoring";
        /// A change that breaks an interface, or a redesign.
        Breaking = "breaking", "a breaking change or a redesign";
    }
}

/// What people answered so far. Several `assess` commands add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// What the bug does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Whether a workaround exists, even an inconvenient one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workaround: Option<bool>,
    /// Percent of the affected platform's users, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected: Option<u8>,
    /// How large the fix will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approach: Option<Approach>,
    /// Whether it cannot wait for one or two weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgent: Option<bool>,
    /// The platforms that it was seen on, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Outside>,
    /// Free text of the person who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Outside>,
}

impl Answers {
    /// Takes over what `newer` answers and keeps the rest.
    pub fn merge(&mut self, newer: &Answers) {
        fn take<T: Clone>(old: &mut Option<T>, new: &Option<T>) {
            if new.is_some() {
                old.clone_from(new);
            }
        }
        take(&mut self.condition, &newer.condition);
        take(&mut self.workaround, &newer.workaround);
        take(&mut self.affected, &newer.affected);
        take(&mut self.approach, &newer.approach);
        take(&mut self.urgent, &newer.urgent);
        take(&mut self.platform, &newer.platform);
        take(&mut self.note, &newer.note);
    }

    /// Whether this question has its answer.
    pub fn has(&self, question: Question) -> bool {
        match question {
            Question::Condition => self.condition.is_some(),
            Question::Workaround => self.workaround.is_some(),
            Question::Affected => self.affected.is_some(),
            Question::Approach => self.approach.is_some(),
            Question::Urgent => self.urgent.is_some(),
            Question::Platform => self.platform.is_some(),
        }
    }

    /// Whether nothing at all is answered.
    pub fn is_empty(&self) -> bool {
        *self == Answers::default()
    }
}

words! {
    /// A row of the document's matrix.
    Row {
        /// P0.
        AllUsers = "all-users", "Prevents all users from basic functionality";
        /// P0.
        DataLoss = "data-loss", "Data loss or corruption possible";
        /// P0.
        Exploited = "exploited", "Security vulnerability with active exploits";
        /// P1.
        CommonWorkflow = "common-workflow", "Breaks common workflow, workaround exists";
        /// P2.
        Degraded = "degraded", "Degrades experience, reasonable workaround";
    }
}

impl Row {
    /// The severity in the row's second column.
    pub fn severity(self) -> &'static str {
        match self {
            Row::AllUsers | Row::DataLoss | Row::Exploited => "P0",
            Row::CommonWorkflow => "P1",
            Row::Degraded => "P2",
        }
    }

    /// The action in the row's third column.
    pub fn action(self) -> &'static str {
        match self {
            Row::AllUsers | Row::DataLoss | Row::Exploited => "HOTFIX NOW",
            Row::CommonWorkflow | Row::Degraded => "Regular release",
        }
    }
}

/// A reason of the document's "When NOT to Hotfix".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum WhyNot {
    /// Fewer users than `severity.min_affected_percent`.
    FewAffected {
        /// What was answered, in percent.
        affected: u8,
        /// What the policy asks for, in percent.
        minimum: u8,
    },
    /// A workaround exists, even if inconvenient.
    Workaround,
    /// The fix needs significant refactoring.
    Refactoring,
    /// It can wait for one or two weeks.
    NotUrgent,
    /// The severity is P1 or lower.
    Lower,
    /// The fix breaks an interface: wait for the next major or minor version.
    Breaking,
}

impl WhyNot {
    /// What to do instead, in the document's two groups.
    pub fn instead(self) -> &'static str {
        match self {
            WhyNot::Breaking => "wait for the next major or minor version",
            _ => "use the next regular release",
        }
    }
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WhyNot::FewAffected { affected, minimum } => {
                write!(
                    f,
                    "it affects {affected} % of the platform's users, fewer than {minimum} %"
                )
            }
            WhyNot::Workaround => f.write_str("a workaround exists"),
            WhyNot::Refactoring => f.write_str("the fix needs significant refactoring"),
            WhyNot::NotUrgent => f.write_str("it can wait for one or two weeks"),
            WhyNot::Lower => f.write_str("the issue is P1 or lower"),
            WhyNot::Breaking => f.write_str("the fix needs a breaking change"),
        }
    }
}

/// What the matrix says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Hotfix now.
    P0,
    /// Not a P0 by the matrix alone: a commander's `confirm` makes it one.
    P0NeedsConfirm {
        /// Why a person must decide, as a phrase.
        because: NeedsConfirm,
    },
    /// Next regular release.
    P1,
    /// Next regular release.
    P2,
    /// These questions have no answer yet, in the order of the help text.
    Unanswered {
        /// What is missing; never empty.
        missing: Vec<Question>,
    },
}

impl Verdict {
    /// The level as a label writes it; `None` while answers are missing.
    pub fn level(&self) -> Option<&'static str> {
        match self {
            Verdict::P0 | Verdict::P0NeedsConfirm { .. } => Some("P0"),
            Verdict::P1 => Some("P1"),
            Verdict::P2 => Some("P2"),
            Verdict::Unanswered { .. } => None,
        }
    }
}

words! {
    /// Why the matrix leaves the decision to a commander.
    NeedsConfirm {
        /// A vulnerability that is not exploited, or a data leak.
        Vulnerability = "vulnerability", "the matrix names exploited vulnerabilities only";
        /// A common workflow without a workaround.
        NoRow = "no-row", "the matrix has no row for a broken workflow without a workaround";
    }
}

/// The verdict with everything that decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What the matrix says.
    pub verdict: Verdict,
    /// The row that decided, where one did. While other answers are missing it
    /// is the row that will decide.
    pub row: Option<Row>,
    /// The document's reasons not to hotfix that apply. With a P0 verdict they
    /// are overruled, and worth saying all the same.
    pub reasons: Vec<WhyNot>,
}

/// Applies the matrix. `security` says that the issue carries one of the
/// policy's security labels: then whatever is below P0 is for a commander.
///
/// A question is missing if the policy requires it, or if the condition that
/// was answered cannot be judged without it.
pub fn assess(answers: &Answers, security: bool, policy: &Severity) -> Assessment {
    let mut reasons = reasons_against(answers, policy);
    let (row, mut verdict) = judge(answers, security, &reasons);
    let missing: Vec<Question> = Question::ALL
        .iter()
        .copied()
        .filter(|q| !answers.has(*q))
        .filter(|q| {
            policy.require.contains(q)
                || *q == Question::Condition
                || (*q == Question::Workaround
                    && !security
                    && answers.condition == Some(Condition::CommonWorkflow))
        })
        .collect();
    if !missing.is_empty() {
        verdict = Verdict::Unanswered { missing };
    }
    if matches!(verdict, Verdict::P1 | Verdict::P2) {
        reasons.push(WhyNot::Lower);
    }
    Assessment {
        verdict,
        row,
        reasons,
    }
}

fn judge(answers: &Answers, security: bool, reasons: &[WhyNot]) -> (Option<Row>, Verdict) {
    let needs = |because| Verdict::P0NeedsConfirm { because };
    match answers.condition {
        Some(Condition::AllUsers) => (Some(Row::AllUsers), Verdict::P0),
        Some(Condition::DataLoss) => (Some(Row::DataLoss), Verdict::P0),
        Some(Condition::Exploited) => (Some(Row::Exploited), Verdict::P0),
        Some(Condition::Vulnerability) => (None, needs(NeedsConfirm::Vulnerability)),
        Some(_) if security => (None, needs(NeedsConfirm::Vulnerability)),
        Some(Condition::CommonWorkflow) if answers.workaround == Some(false) => {
            if reasons.is_empty() {
                (None, needs(NeedsConfirm::NoRow))
            } else {
                (None, Verdict::P1)
            }
        }
        // Without a workaround it is more than the P2 row says, and still no P0.
        Some(Condition::Degraded) if answers.workaround == Some(false) => (None, Verdict::P1),
        Some(Condition::Degraded) => (Some(Row::Degraded), Verdict::P2),
        Some(Condition::CommonWorkflow) => (Some(Row::CommonWorkflow), Verdict::P1),
        None => (
            None,
            Verdict::Unanswered {
                missing: vec![Question::Condition],
            },
        ),
    }
}

fn reasons_against(answers: &Answers, policy: &Severity) -> Vec<WhyNot> {
    let mut reasons = Vec::new();
    let minimum = policy.min_affected_percent;
    if let Some(affected) = answers.affected
        && affected < minimum
    {
        reasons.push(WhyNot::FewAffected { affected, minimum });
    }
    if answers.workaround == Some(true) {
        reasons.push(WhyNot::Workaround);
    }
    match answers.approach {
        Some(Approach::Refactor) => reasons.push(WhyNot::Refactoring),
        Some(Approach::Breaking) => reasons.push(WhyNot::Breaking),
        Some(Approach::Minimal) | None => {}
    }
    if answers.urgent == Some(false) {
        reasons.push(WhyNot::NotUrgent);
    }
    reasons
}

#[cfg(test)]
mod tests;
