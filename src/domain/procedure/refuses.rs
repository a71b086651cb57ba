//! What the release's workflows ask of the tag before they make the release: a
//! run that starts and refuses the tag leaves it without one. And whether what they
//! publish is what is tagged.

use std::collections::BTreeSet;

use super::branch::Branched;
use super::environments::started;
use super::step::Case;
use super::{at_merge, target};
use crate::domain::derive::tag::ReleaseName;
use crate::domain::need::Stopped;
use crate::domain::objects::Workflow;
use crate::domain::policy::TagAt;
use crate::domain::workflow_file::{Asks, Cause, Led, Start, Sure};

/// Workflows call one another no deeper.
const DEPTH: usize = 4;

/// The files that would refuse the tag, each with the reason.
pub fn refuses(c: &Case<'_>, branched: &Branched) -> Vec<(String, Stopped)> {
    let mut all = Vec::new();
    for (workflow, event, full_ref) in started(branched) {
        let start = Start {
            event,
            full_ref: &full_ref,
            repo: &branched.repo,
            by: None,
            head: None,
        };
        for asks in asked(branched, workflow, Cause::Ref(start), DEPTH) {
            let why = match asks {
                // The tag stands on the default branch then.
                Asks::Checkout(_) if c.policy.merge.tag_at == TagAt::Merge => None,
                Asks::Checkout(of) => takes_main(branched, event, of),
                // The merge has a message of its own, and other events have none.
                Asks::Message(_) if event != "push" => None,
                Asks::Message(_) if c.policy.merge.tag_at == TagAt::Merge => None,
                Asks::Message(of) => lacks(branched, of),
                Asks::Branch(_)
                    if takes_merge(c, asks) && at_merge::is_merged_first(c, branched) =>
                {
                    None
                }
                asks => refuses_for(branched, asks),
            };
            let found = why.map(|why| (workflow.name().to_owned(), why));
            all.extend(found.filter(|one| !all.contains(one)));
        }
    }
    all
}

/// The first file that a push of the tag starts and that goes by the message of the
/// commit.
pub fn by_message(branched: &Branched) -> Option<String> {
    let mut pushed = started(branched).into_iter();
    let found = pushed.find(|(workflow, event, full_ref)| {
        let start = Start {
            event,
            full_ref,
            repo: &branched.repo,
            by: None,
            head: None,
        };
        let asks = asked(branched, workflow, Cause::Ref(start), DEPTH);
        *event == "push" && asks.iter().any(|it| matches!(it, Asks::Message(_)))
    });
    found.map(|(workflow, ..)| workflow.name().to_owned())
}

/// The first file that takes no tag of the hotfix branch, and takes one of what is
/// merged where the hotfix goes to.
pub fn wants_merge(c: &Case<'_>, branched: &Branched) -> Option<String> {
    let mut files = started(branched).into_iter();
    let found = files.find(|(workflow, event, full_ref)| {
        let start = Start {
            event,
            full_ref,
            repo: &branched.repo,
            by: None,
            head: None,
        };
        let asks = asked(branched, workflow, Cause::Ref(start), DEPTH);
        let mut refused = asks.iter().filter(|it| refuses_for(branched, it).is_some());
        refused.any(|it| takes_merge(c, it))
    });
    found.map(|(workflow, ..)| workflow.name().to_owned())
}

/// Whether it takes what is merged where the hotfix goes to, for sure.
fn takes_merge(c: &Case<'_>, asks: &Asks) -> bool {
    let branch = target::branch(c);
    matches!(asks, Asks::Branch(pattern) if Asks::takes(pattern, branch) == Some(true))
}

/// What a file asks for, with the files that it calls, and what it uses of the
/// repository.
fn asked<'a>(
    branched: &'a Branched,
    workflow: &'a Workflow,
    cause: Cause<'_>,
    depth: usize,
) -> Vec<&'a Asks> {
    let mut all = workflow.file.asks(cause);
    let led = workflow.file.may_ship(cause);
    // What may be passed over fails nothing for sure.
    let sure = |led: &Led| led.sure > Sure::No;
    for led in led.calls.into_iter().filter(sure).filter(|_| depth > 0) {
        let there = branched.at_tag().iter().find(|it| it.name() == led.to);
        if let Some(called) = there.or_else(|| branched.base.workflow(&led.to)) {
            all.extend(asked(branched, called, cause, depth - 1));
        }
    }
    let uses = led.uses.into_iter().filter(sure).map(|led| led.to);
    let (mut open, mut known) = (uses.collect::<Vec<_>>(), BTreeSet::new());
    while let Some(folder) = open.pop() {
        if !known.insert(folder.clone()) {
            continue;
        }
        let mut there = branched.actions().into_iter().flatten();
        if let Some(used) = there.find(|it| it.folder == folder) {
            all.extend(&used.asks);
            let ships = used.ships.iter().flatten().filter(|it| it.when.is_none());
            open.extend(ships.filter_map(|ship| ship.uses.clone()));
        }
    }
    all
}

fn refuses_for(branched: &Branched, asks: &Asks) -> Option<Stopped> {
    match asks {
        Asks::Branch(pattern) => {
            let takes = Asks::takes(pattern, &branched.branch);
            (takes == Some(false)).then(|| Stopped::Branch(pattern.clone()))
        }
        Asks::Section(path) => {
            let name = ReleaseName::read(&branched.tag);
            let path = Asks::path(path, name.map_or("", |it| it.prefix));
            let written = branched.base.package.logs().any(|log| log == path);
            // Somebody has added it, or has made the file another one.
            let files = branched.head.as_ref().map(|head| head.files.as_slice());
            let mut files = files.unwrap_or_default().iter();
            let by_hand = files.any(|file| file.path == path && file.additions > 0);
            (!written && !by_hand).then_some(Stopped::Section(path))
        }
        Asks::Checkout(_) | Asks::Message(_) | Asks::Tag => None,
    }
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
