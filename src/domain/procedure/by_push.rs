//! What the bot's own pushes would publish: a workflow that every branch starts,
//! and that publishes, would take the bump for a release. This is looked at
//! before there is a branch.

use super::names;
use super::ships::{Around, ships};
use super::step::Case;
use crate::domain::objects::{Base, Workflow};
use crate::domain::workflow_file::{Cause, Shipping, Start, Sure};

/// What the hotfix branch may be called otherwise.
const OTHERWISE: [&str; 3] = ["hotfix-v{version}", "fix/v{version}", "p0-v{version}"];

/// The files that publish, release or tag something when this branch is made, is
/// pushed to, or is brought by a pull request.
///
/// With each, whether nothing that only the run knows keeps it from that.
pub fn publish(c: &Case<'_>, base: &Base, branch: &str) -> Vec<(String, bool)> {
    let all = base.workflows.iter();
    let found = all.filter_map(|workflow| {
        let sure = publishes(c, base, workflow, branch)?;
        Some((workflow.name().to_owned(), sure > Sure::No))
    });
    found.collect()
}

/// A pattern for the branch's name that starts none of them.
pub fn otherwise(c: &Case<'_>, base: &Base, version: &str) -> Option<String> {
    let quiet =
        |pattern: &&&str| publish(c, base, &pattern.replace("{version}", version)).is_empty();
    OTHERWISE.iter().find(quiet).map(|it| (*it).to_owned())
}

/// How sure it is that a file does; none: it does not.
fn publishes(c: &Case<'_>, base: &Base, workflow: &Workflow, branch: &str) -> Option<Sure> {
    let repo = names::repo(c);
    let full_ref = format!("refs/heads/{branch}");
    let file = &workflow.file;
    let may = |starts: bool, event: &str, full_ref: &str, least: Sure| {
        let find = |name: &str| base.workflow(name);
        let cause = Cause::Ref(Start {
            event,
            full_ref,
            repo: &repo,
            by: Some(&c.facts.bot)
                .filter(|bot| !bot.is_empty())
                .map(String::as_str),
            head: None,
        });
        let around = Around {
            find: &find,
            actions: [&base.actions, &[]],
            repo: &repo,
            unread: None,
        };
        let ships = || ships(&around, workflow, cause);
        let found = starts.then(ships)?.into_iter();
        let found = found.filter(|(what, sure)| *sure >= least && is_release(*what));
        found.map(|(_, sure)| sure).max()
    };
    let created = file.on.other.iter().any(|event| event == "create");
    let pulled = file.starts_on_pull_request_to(&base.target().branch);
    let all = [
        may(file.starts_on_branch(branch), "push", &full_ref, Sure::No),
        may(created, "create", &full_ref, Sure::No),
        // Its jobs ask for what only the run knows, such as a plan.
        may(pulled, "pull_request", "refs/pull/1/merge", Sure::Yes),
    ];
    all.into_iter().flatten().max()
}

/// Whether it cannot be taken back. What a script does nobody knows, and images
/// of branches are none of a release.
fn is_release(what: Shipping) -> bool {
    matches!(
        what,
        Shipping::Crates | Shipping::Others | Shipping::Release | Shipping::Tag
    )
}
