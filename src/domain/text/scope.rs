//! In what a fix is more than a hotfix may be, in words.

use super::markdown::{and, code, count};
use super::names;
use crate::domain::need::Beyond;
use crate::domain::view::View;

/// All of it, as the rest of a sentence: "it touches 14 files (a hotfix may: 10)".
pub fn beyond(all: &[Beyond], view: &View<'_>) -> String {
    let all: Vec<String> = all.iter().map(|it| one(it, view)).collect();
    and(&all)
}

fn one(beyond: &Beyond, view: &View<'_>) -> String {
    match beyond {
        Beyond::Files { count: n, most } => {
            format!("it touches {} (at most {most})", count(*n, "file"))
        }
        Beyond::Lines { count: n, most } => {
            format!("it changes {} (at most {most})", count(*n, "line"))
        }
        Beyond::Kind { commit, kind } => {
            format!(
                "{} calls itself {}",
                names::commit(view, commit),
                code(kind)
            )
        }
        Beyond::Docs => {
            "it changes documentation alone, which can be pushed without a release".to_owned()
        }
        Beyond::Paths { paths } => format!(
            "it touches {}, which a hotfix may not",
            names::some_files(paths)
        ),
    }
}
