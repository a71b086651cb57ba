//! The commit that lets pushes of the hotfix branches start the tests.

use super::commit::{self, Onto};
use super::{Context, Found};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::workflow_file::{RefFilter, WorkflowFile};
use crate::edits::triggers;
use crate::github::Error;

/// Pushes it on top of `parent`: 6 calls and 1 for each file.
pub async fn push(
    context: &Context,
    branch: &str,
    parent: &Sha,
    paths: &[String],
    pattern: &str,
    message: &str,
) -> Result<Outcome, Error> {
    let onto = Onto {
        branch,
        parent,
        what: "the change of the tests' triggers",
        spare: &[],
    };
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let pushed = commit::push(context, onto, &paths, message, |files| {
        files
            .iter()
            .map(|(path, text)| {
                let new = with_branch(text, pattern, branch);
                let new = new.map_err(|words| format!("{path}: {words}"))?;
                Ok(((*path).to_owned(), new))
            })
            .filter(|new| !matches!(new, Ok((path, text)) if files.get(path.as_str()) == Some(&text.as_str())))
            .collect()
    })
    .await?;
    Ok(pushed.map_or_else(|other| other, |_| Outcome::Done))
}

/// Whether a commit since `parent` is this effect's: 1 or 2 calls.
pub async fn look(context: &Context, branch: &str, parent: &Sha) -> Result<Found, Error> {
    Ok(match commit::look(context, branch, parent).await? {
        Some(_) => Found::Done(Outcome::Done),
        None => Found::Not,
    })
}

/// The file with the pattern in its push trigger, held against what the
/// triggers are before and after: nothing else may change.
fn with_branch(text: &str, pattern: &str, branch: &str) -> Result<String, String> {
    let before = WorkflowFile::parse(text).map_err(|error| error.to_string())?;
    if before.starts_on_branch(branch) {
        return Ok(text.to_owned());
    }
    let by_hand = || format!("its triggers cannot be changed safely; add {pattern} by hand");
    let new = triggers::add_push_branch(text, pattern).ok_or_else(by_hand)?;
    let after = WorkflowFile::parse(&new).map_err(|_| by_hand())?;
    let mut expected = before.clone();
    let push: &mut RefFilter = expected.on.push.get_or_insert_default();
    push.branches
        .get_or_insert_default()
        .push(pattern.to_owned());
    if after != expected || !after.starts_on_branch(branch) {
        return Err(by_hand());
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOBS: &str = "\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: make\n";

    #[test]
    fn the_branch_is_added_and_nothing_else_changes() {
        for (on, expected) in [
            (
                "on: pull_request",
                "on:\n  pull_request:\n  push:\n    branches: ['hotfix/v*']",
            ),
            (
                "on: [pull_request, workflow_dispatch] # both",
                "on: # both\n  pull_request:\n  workflow_dispatch:\n  push:\n    branches: ['hotfix/v*']",
            ),
            (
                "on:\n  push:\n    branches: [main]",
                "on:\n  push:\n    branches: [main, 'hotfix/v*']",
            ),
            (
                "on:\n  push:\n    branches: [ main, 'x' ] # c",
                "on:\n  push:\n    branches: [ main, 'x', 'hotfix/v*' ] # c",
            ),
            (
                "on:\n    push:\n        branches: main",
                "on:\n    push:\n        branches: [main, 'hotfix/v*']",
            ),
            (
                "on:\n  push:\n    branches:\n      - main\n      # c\n      - dev # d\n    paths: ['**']",
                "on:\n  push:\n    branches:\n      - main\n      # c\n      - dev # d\n      - 'hotfix/v*'\n    paths: ['**']",
            ),
            (
                "on:\n  push:\n    branches:\n    - main\n  pull_request:",
                "on:\n  push:\n    branches:\n    - main\n    - 'hotfix/v*'\n  pull_request:",
            ),
            (
                "on:\n  push:\n    tags: ['v*']",
                "on:\n  push:\n    branches: ['hotfix/v*']\n    tags: ['v*']",
            ),
            (
                "'on':\n  pull_request:\n    branches: [main]\n  workflow_dispatch:",
                "'on':\n  push:\n    branches: ['hotfix/v*']\n  pull_request:\n    branches: [main]\n  workflow_dispatch:",
            ),
            (
                "on:\n  - pull_request\n  - workflow_call",
                "on:\n  pull_request:\n  workflow_call:\n  push:\n    branches: ['hotfix/v*']",
            ),
            (
                "# top\nname: on\non:\n\n  # why\n  pull_request:\n",
                "# top\nname: on\non:\n\n  # why\n  push:\n    branches: ['hotfix/v*']\n  pull_request:\n",
            ),
        ] {
            for eol in ["\n", "\r\n"] {
                let text = format!("{on}{JOBS}").replace('\n', eol);
                let new = with_branch(&text, "hotfix/v*", "hotfix/v1.0.5");
                let expected = format!("{expected}{JOBS}").replace('\n', eol);
                assert_eq!(new, Ok(expected), "{on}");
            }
        }
    }

    #[test]
    fn what_starts_already_stays_and_what_is_unclear_is_refused() {
        let same = format!("on: push{JOBS}");
        assert_eq!(with_branch(&same, "hotfix/v*", "hotfix/v1.0.5"), Ok(same));
        for on in [
            "on: { push: { branches: [main] } }",
            "on:\n  push:\n    branches-ignore: ['hotfix/**']",
            "on:\n  push: { branches: [main] }",
            "on:\n  push:\n    branches: &b [main]\n  pull_request:\n    branches: *b",
            "on:\n  push:\n    branches: [main,\n      dev]",
            "on:\n  push:\n    branches: [main]\n    branches-ignore: [x]\n  \"push\": x",
        ] {
            let new = with_branch(&format!("{on}{JOBS}"), "hotfix/v*", "hotfix/v1.0.5");
            assert!(new.is_err(), "{on}: {new:?}");
        }
    }
}
