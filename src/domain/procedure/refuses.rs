//! What the release's workflows ask of the tag before they make the release: a
//! run that starts and refuses the tag leaves it without one. And whether what they
//! publish is what is tagged.

use super::branch::Branched;
use super::publishing::publishing;
use super::step::Case;
use super::{asks, at_merge};
use crate::domain::need::Stopped;
use crate::domain::objects::Workflow;
use crate::domain::policy::TagAt;
use crate::domain::shipping::Tags;
use crate::domain::workflow_file::{Act, Asks, Job, Ship, Shipping};

/// The files that would refuse the tag, each with the reason.
pub fn refuses(c: &Case<'_>, branched: &Branched) -> Vec<(String, Stopped)> {
    let mut all = Vec::new();
    for (workflow, event, asked) in asks::all(branched) {
        for one in asked {
            let why = match one {
                // The tag stands on the default branch then.
                Asks::Checkout(_) if c.policy.merge.tag_at == TagAt::Merge => None,
                Asks::Checkout(of) => takes_main(branched, event, of),
                // The merge has a message of its own, and other events have none.
                Asks::Message(_) if event != "push" => None,
                Asks::Message(_) if c.policy.merge.tag_at == TagAt::Merge => None,
                Asks::Message(of) => lacks(branched, of),
                Asks::Branch(_)
                    if asks::takes_merge(c, one) && at_merge::is_merged_first(c, branched) =>
                {
                    None
                }
                one => asks::refuses_for(branched, one),
            };
            let found = why.map(|why| (workflow.name().to_owned(), why));
            all.extend(found.filter(|one| !all.contains(one)));
        }
    }
    all.extend(by_own_token(c, branched).map(|file| (file, Stopped::OwnToken)));
    all
}

/// The file that makes the tag with the token of its run, which cannot have the right
/// to bring other workflow files than the default branch has. (GitHub: automatic token
/// authentication; `workflows`.)
fn by_own_token(c: &Case<'_>, branched: &Branched) -> Option<String> {
    let base = &branched.base;
    let same = |it: &Workflow| base.main_workflows.contains(it);
    let brought = branched.changed.is_some() && branched.at_tag().iter().all(same);
    if !base.other_workflows || brought {
        return None;
    }
    let Tags::Workflow(by) = publishing(c, branched).tags else {
        return None;
    };
    let workflow = branched.at_tag().iter().find(|it| it.name() == by.file)?;
    let makes = |job: &&Job| {
        let what = |ship: &Ship| matches!(ship.what, Shipping::Tag | Shipping::Release);
        job.ships.iter().any(what)
    };
    // Somebody else's token may have it.
    let secret = |act: &Act| matches!(act, Act::Secret(_));
    let handed = |job: &Job| job.acts.iter().any(secret);
    let mut jobs = workflow.file.jobs.iter().filter(makes).peekable();
    let own = jobs.peek().is_some() && !jobs.any(handed);
    own.then_some(by.file)
}

/// Whether the last commit's message is none by which anything is published; not
/// said before there is a fix. A script is taken to look for the version.
fn lacks(branched: &Branched, of: &str) -> Option<Stopped> {
    let last = branched.head.as_ref()?.commits.last()?;
    let wanted = match of {
        "" => branched.version.as_str(),
        of => of,
    };
    let says = last.subject.checks(|text| text.contains(wanted));
    (!says).then(|| Stopped::Message(of.to_owned()))
}

/// Whether this `ref` of a checkout is the default branch, where this event starts it.
/// A run after another one is made on it, and GitHub names it in a release whose tag
/// stood before. (GitHub: events that trigger workflows; releases,
/// `target_commitish`.)
fn takes_main(branched: &Branched, event: &str, of: &str) -> Option<Stopped> {
    let main = branched.base.default_branch();
    let inner = of
        .strip_prefix("${{")
        .and_then(|it| it.strip_suffix("}}"))
        .map(str::trim);
    let takes = match (inner, event) {
        (None, "workflow_run") if of.is_empty() => true,
        (None, _) => of.strip_prefix("refs/heads/").unwrap_or(of) == main,
        (Some("github.event.repository.default_branch"), _) => true,
        (Some("github.ref" | "github.ref_name" | "github.sha"), "workflow_run") => true,
        (Some("github.event.release.target_commitish"), "release") => true,
        _ => false,
    };
    takes.then(|| Stopped::Checkout(of.to_owned()))
}
