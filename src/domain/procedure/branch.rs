//! Step 2: the hotfix branch, at the peeled commit of the release tag.

use std::sync::Arc;

use super::begin::Begun;
use super::step::{Case, Step};
use super::{by_push, names, preflight};
use crate::domain::effect::{Act, Raise};
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::Sha;
use crate::domain::need::{Looking, Need, NeedKind, Who};
use crate::domain::objects::{Base, File, Head, LocalAction, Workflow};
use crate::domain::policy::{StartedBy, TaggedBy};

/// The branch stands on the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Branched {
    /// The release that is fixed.
    pub base: Arc<Base>,
    /// The claimed version.
    pub version: String,
    /// The tag that it will get.
    pub tag: String,
    /// The branch's short name.
    pub branch: String,
    /// Its head, as it was last read.
    pub head: Option<Arc<Head>>,
    /// The workflow files of the head, where it changes any.
    pub changed: Option<Arc<Vec<Workflow>>>,
    /// The release workflows that the configuration leaves to the bot, by their
    /// files' names.
    pub by_bot: Vec<String>,
    /// `owner/name` of the repository.
    pub repo: String,
    /// Who makes the tag, as conditions name them; none: nobody knows.
    pub tagger: Option<String>,
}

impl Branched {
    /// The workflow files in what is tagged: GitHub starts by these what a push
    /// of the branch, or of the tag, starts.
    pub fn at_tag(&self) -> &[Workflow] {
        self.changed
            .as_deref()
            .map_or(&self.base.workflows, Vec::as_slice)
    }

    /// The repository's own actions in what is tagged, the first of a folder first.
    pub fn actions(&self) -> [&[LocalAction]; 2] {
        let here = self.head.as_ref().map(|head| head.actions.as_slice());
        [here.unwrap_or_default(), &self.base.actions]
    }
}

/// The head's workflow files, where it changes, adds or removes any.
fn changed(base: &Base, head: &Head) -> Option<Arc<Vec<Workflow>>> {
    let gone = |path: &str| {
        let is_it =
            |file: &File| file.removed && file.path == path || file.was.as_deref() == Some(path);
        head.files.iter().any(is_it)
    };
    let kept = |workflow: &&Workflow| {
        !gone(&workflow.path) && head.workflows.iter().all(|w| w.path != workflow.path)
    };
    let same = base.workflows.iter().filter(kept);
    if head.workflows.is_empty() && same.clone().count() == base.workflows.len() {
        return None;
    }
    let all = same.chain(&head.workflows).cloned();
    Some(Arc::new(all.collect()))
}

/// The base, unless something is wrong with it.
pub fn base<'a>(c: &Case<'a>) -> Option<&'a Arc<Base>> {
    c.line.seen.base.get().filter(|base| base.is_clear())
}

/// The ref exists and holds the base.
pub fn branch(c: &Case<'_>, _: &Begun) -> Step<Branched> {
    let Some(read) = c.line.seen.base.get() else {
        return Step::looking(Looking::Base);
    };
    if let Some(trouble) = &read.trouble {
        return Step::wait(
            Who::Responder,
            NeedKind::NoBase {
                trouble: trouble.clone(),
            },
        );
    }
    if let Some(question) = &read.question {
        let question = question.clone();
        return Step::wait(Who::Responder, NeedKind::WhichBase { question });
    }
    if let Some(question) = &read.which_line {
        let (question, tag) = (question.clone(), read.tag.clone());
        return Step::wait(Who::Responder, NeedKind::WhichLine { question, tag });
    }
    if let Some(branch) = &read.in_the_way {
        let branch = branch.clone();
        return Step::wait(Who::Responder, NeedKind::BranchInTheWay { branch });
    }
    let Some(version) = c.line.version.clone() else {
        return match c.line.behind {
            Some(_) => Step::wait(
                Who::Machine,
                NeedKind::Behind {
                    issue: c.line.behind_issue,
                    claim: read.tag.clone(),
                },
            ),
            None => Step::looking(Looking::NextVersion),
        };
    };
    let branched = branched(c, read, version);
    match c.line.seen.branch.get() {
        Some(seen) => match &seen.head {
            Some(head) if head.holds_base => Step::Done(branched),
            Some(_) => Step::wait(
                Who::Responder,
                NeedKind::BranchElsewhere {
                    branch: branched.branch,
                    base: read.tag.clone(),
                },
            ),
            // Somebody deleted it: that is a decision, not an accident to mend.
            None if c.line.branch_made => Step::wait(
                Who::Responder,
                NeedKind::BranchDeleted {
                    branch: branched.branch,
                },
            ),
            None => create(c, &branched, &read.commit),
        },
        None if c.line.branch_made => Step::looking(Looking::Branch),
        None => create(c, &branched, &read.commit),
    }
}

/// Unless the settings forbid it, or making it would publish.
fn create(c: &Case<'_>, branched: &Branched, commit: &Sha) -> Step<Branched> {
    if preflight::is_awaited(c) {
        return Step::looking(Looking::Guards);
    }
    let stops = preflight::stops(c, &branched.base, &branched.version);
    if !stops.is_empty() {
        let need = |finding| {
            let finding = Box::new(finding);
            Need::new(Who::Commander, NeedKind::Preflight { finding })
        };
        return Step::Wait(stops.into_iter().map(need).collect());
    }
    let files = match c.line.push_waived {
        None => by_push::publish(c, &branched.base, &branched.branch),
        Some(_) => Vec::new(),
    };
    if !files.is_empty() {
        return Step::wait(
            Who::Commander,
            NeedKind::PushPublishes {
                sure: files.iter().any(|(_, sure)| *sure),
                files: files.into_iter().map(|(file, _)| file).collect(),
                branch: branched.branch.clone(),
                otherwise: by_push::otherwise(c, &branched.base, &branched.version),
            },
        );
    }
    let act = Act::CreateBranch {
        branch: branched.branch.clone(),
        sha: commit.clone(),
        raise: Some(Box::new(Raise {
            package: branched.base.package.clone(),
            version: branched.version.clone(),
            entry: (),
            date: (),
            message: (),
        })),
    };
    Step::wish(c.write(act, commit.as_str()))
}

/// The branch as it will stand, or stands, whether or not it is there; none
/// before it is known what is to be built.
pub fn foreseen(c: &Case<'_>) -> Option<Branched> {
    Some(branched(c, base(c)?, c.line.version.clone()?))
}

fn branched(c: &Case<'_>, base: &Arc<Base>, version: String) -> Branched {
    let head = c.line.seen.branch.get().and_then(|b| b.head.clone());
    Branched {
        base: Arc::clone(base),
        tag: names::tag(c, &version),
        branch: names::branch(c, &version),
        version,
        changed: head.as_ref().and_then(|head| changed(base, head)),
        head,
        by_bot: by_bot(c),
        repo: names::repo(c),
        tagger: match c.policy.release.tagged_by {
            TaggedBy::Auto | TaggedBy::Bot if !c.facts.bot.is_empty() => Some(c.facts.bot.clone()),
            _ => None,
        },
    }
}

/// What is given only reaches what is dispatched.
fn by_bot(c: &Case<'_>) -> Vec<String> {
    let all = c.policy.release.workflow.iter();
    let ours = all.filter(|w| w.on == StartedBy::Dispatch || !w.inputs.is_empty());
    ours.map(|w| w.file.clone()).collect()
}

/// After the decision was locked: the branch as it was then.
pub fn decided(c: &Case<'_>, decision: &ReleaseDecision) -> Option<Branched> {
    let mut branched = branched(c, base(c)?, c.line.version.clone()?);
    if branched
        .head
        .as_ref()
        .is_some_and(|h| h.sha != decision.head)
    {
        branched.head = None;
    }
    // What an earlier version left to people stays theirs.
    let launches = &decision.record.launches;
    branched.by_bot.retain(|file| launches.contains(file));
    branched.changed = decision.record.at_tag.clone().map(Arc::new);
    Some(branched)
}
