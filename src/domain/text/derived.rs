//! What nobody configured and was derived from what is there.

use super::commands::usage;
use super::markdown::{capital, code, fold, inline};
use super::{block, names};
use crate::domain::available::available;
use crate::domain::derived::{self, Derived};
use crate::domain::policy::{KeyLine, PATH};
use crate::domain::view::View;

/// The fold of the status comment: what was derived and because of what, how to
/// overrule each, and the lines that say the same in the file. None where
/// nothing was derived.
pub fn derived(view: &View<'_>) -> Option<String> {
    let all = derived::derived(view);
    if all.is_empty() {
        return None;
    }
    let mut body: Vec<String> = all.iter().map(|it| item(it, view)).collect();
    let toml: Vec<KeyLine> = all.iter().flat_map(Derived::toml).collect();
    if !toml.is_empty() {
        body.push(format!("\nThe same as lines of {}:\n", code(PATH)));
        body.push(block::toml(&toml));
    }
    let title = format!("Derived, not configured: {}", all.len());
    Some(fold(&title, &body.join("\n"), false))
}

fn item(derived: &Derived, view: &View<'_>) -> String {
    let line = inline(&capital(&words(derived, view)));
    let command = derived.verb().filter(|verb| available(*verb, view).is_ok());
    let keys = derived.toml().first().map(|line| code(&line.to_string()));
    let command = command.map(|verb| code(&usage(verb, view)));
    let ways: Vec<_> = command.into_iter().chain(keys).collect();
    match ways.is_empty() {
        true => format!("- {line}"),
        false => format!("- {line}. Otherwise: {}", ways.join(" or ")),
    }
}

/// What it is, and because of what: one line of Markdown without a full stop.
fn words(derived: &Derived, view: &View<'_>) -> String {
    match derived {
        Derived::Defaults => format!("there is no {}: defaults hold", code(PATH)),
        Derived::TagPattern { pattern } => {
            format!("release tags are named {}, as the newest is", code(pattern))
        }
        Derived::Tests { files } => format!(
            "tests are the workflows that run on pushes to {} and on pull requests: {}",
            code(names::main_branch(view)),
            found(files)
        ),
        Derived::Release { tag, files } => format!(
            "release workflows are those that a push of {} starts, and what follows them: {}",
            code(tag),
            found(files)
        ),
    }
}

fn found(files: &[String]) -> String {
    match files {
        [] => "none found".to_owned(),
        files => names::some_files(files),
    }
}
