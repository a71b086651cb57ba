//! The decision matrix as the document has it.

use super::markdown::fold;
use crate::domain::severity::Row;

const ROWS: [Row; 5] = [
    Row::AllUsers,
    Row::DataLoss,
    Row::Exploited,
    Row::CommonWorkflow,
    Row::Degraded,
];

/// The matrix as the document has it, folded.
pub(super) fn alone() -> String {
    fold("The decision matrix", &table(None), false)
}

/// The same in sight, the row that decided in bold.
pub(super) fn table(decided: Option<Row>) -> String {
    let mut out = String::from("| Condition | Severity | Action |\n|---|---|---|\n");
    for row in ROWS {
        let bold = if decided == Some(row) { "**" } else { "" };
        out.push_str(&format!(
            "| {bold}{}{bold} | {bold}{}{bold} | {bold}{}{bold} |\n",
            row.text(),
            row.severity(),
            row.action()
        ));
    }
    out
}
