//! `[timeline]`

use serde::{Deserialize, Serialize};
use toml_edit::Value;

use crate::domain::policy::period::Period;
use crate::domain::policy::table::{Acted::Always, section};
use crate::domain::policy::values::{FromValue, Wrong};

section! {
    /// `[timeline]`: the document's eight rows and its total.
    Timeline {
        /// Assess and branch.
        assess: Budget = minutes(15, 30), r#"["1m", "2m"]"#, Always;
        /// Apply the fix.
        fix: Budget = minutes(30, 120), r#"["1m", "2m"]"#, Always;
        /// Test.
        test: Budget = minutes(15, 60), r#"["1m", "2m"]"#, Always;
        /// Version bump.
        bump: Budget = minutes(5, 15), r#"["1m", "2m"]"#, Always;
        /// Merge and tag.
        merge: Budget = minutes(10, 20), r#"["1m", "2m"]"#, Always;
        /// CI/CD.
        ci: Budget = minutes(20, 45), r#"["1m", "2m"]"#, Always;
        /// Verification.
        verify: Budget = minutes(10, 30), r#"["1m", "2m"]"#, Always;
        /// Communication.
        communicate: Budget = minutes(15, 45), r#"["1m", "2m"]"#, Always;
        /// From label to release; a cap of its own, below the rows' sum.
        total: Budget = minutes(120, 360), r#"["1m", "2m"]"#, Always;
    }
}

/// A phase's times, written as `[target, maximum]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Period, Period)", into = "(Period, Period)")]
pub struct Budget {
    /// What it should take.
    pub target: Period,
    /// What it may take.
    pub maximum: Period,
}

impl From<(Period, Period)> for Budget {
    fn from((target, maximum): (Period, Period)) -> Self {
        Self { target, maximum }
    }
}

impl From<Budget> for (Period, Period) {
    fn from(budget: Budget) -> Self {
        (budget.target, budget.maximum)
    }
}

const fn minutes(target: i64, maximum: i64) -> Budget {
    Budget {
        target: Period::minutes(target),
        maximum: Period::minutes(maximum),
    }
}

impl FromValue for Budget {
    fn expected() -> String {
        "a target and a maximum such as [\"15m\", \"30m\"]".to_owned()
    }
    fn shape() -> serde_json::Value {
        serde_json::json!({
            "type": "array",
            "items": Period::shape(),
            "minItems": 2,
            "maxItems": 2,
        })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        let Some(array) = value.as_array() else {
            return Err(vec![Wrong::kind(value, &Self::expected())]);
        };
        let parts: Vec<_> = array.iter().collect();
        let [target, maximum] = parts.as_slice() else {
            let count = parts.len();
            let message = format!("expected {}, found a list of {count}", Self::expected());
            return Err(vec![Wrong::at(value, message)]);
        };
        match (Period::from_value(target), Period::from_value(maximum)) {
            (Ok(target), Ok(maximum)) if target > maximum => {
                let message =
                    format!("the target of {target} is more than the maximum of {maximum}");
                Err(vec![Wrong::at(value, message)])
            }
            (Ok(target), Ok(_)) if target == Period::default() => {
                let message = "the target must be more than nothing".to_owned();
                Err(vec![Wrong::at(value, message)])
            }
            (Ok(target), Ok(maximum)) => Ok(Budget { target, maximum }),
            (target, maximum) => Err([target.err(), maximum.err()]
                .into_iter()
                .flatten()
                .flatten()
                .collect()),
        }
    }
}
