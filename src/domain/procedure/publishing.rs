//! Who tags and who publishes, read from the workflow files: at what is tagged
//! for what the tag starts, on the default branch for what the merge starts.
//!
//! A file is never believed to do more than it may: where a condition cannot be
//! known beforehand, a job may run, and where it matters a person is asked.

use super::branch::Branched;
use super::by_dispatch::{filled, is_on_main, put_into};
use super::does::{self, packages};
use super::merging::{self, Goal, goals, merged_ships, on_merge};
use super::overrides::is_passed;
use super::release_runs::start_of;
use super::ships::{Around, Ships, has, is_for_prereleases, may_tag, ships};
use super::step::Case;
use super::{out, preflight, target};
use crate::domain::command::Overridable;
use crate::domain::ids::Sha;
use crate::domain::need::{Finding, Need, NeedKind, Start as Began, Who};
use crate::domain::objects::{OnRegistry, PullKind, RegistryKind, Workflow};
use crate::domain::policy::{PublishedBy, StartedBy, TaggedBy};
use crate::domain::shipping::{OnMerge, Publishes, Tags};
use crate::domain::workflow_file::{Act, Asks, Cause, Latest, Reaches, Shipping, Start, Sure};

/// How a release leaves this repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publishing {
    /// Who makes the tag.
    pub tags: Tags,
    /// Who publishes.
    pub publishes: Publishes,
    /// What publishes when a pull request of ours is merged.
    pub on_merge: Vec<OnMerge>,
    /// A workflow of the tag that uploads to a release which must be there
    /// before.
    pub drafts: Option<String>,
    /// What makes this release the newest although it is one of an older line.
    pub latest: Vec<(String, Latest)>,
}

/// Reads it off the files.
pub fn publishing(c: &Case<'_>, branched: &Branched) -> Publishing {
    let on_merge = on_merge(c, branched);
    let publishes = match &c.policy.release.published_by {
        PublishedBy::Auto => publishes(c, branched, &on_merge),
        PublishedBy::Tag => Publishes::Tag {
            files: [started(branched), branched.base.other_ci.clone()].concat(),
        },
        PublishedBy::Release => Publishes::Release {
            file: String::new(),
        },
        PublishedBy::Workflow(file) if branched.by_bot.contains(file) => Publishes::Tag {
            files: vec![file.clone()],
        },
        PublishedBy::Workflow(file) => {
            Publishes::Dispatch(filled(c, branched, file, &branched.tag))
        }
        PublishedBy::Merge => Publishes::Merge,
        PublishedBy::Person => Publishes::Person,
    };
    let tags = match &c.policy.release.tagged_by {
        TaggedBy::Auto => tags(c, branched, &publishes),
        TaggedBy::Bot => Tags::Bot,
        TaggedBy::Person => Tags::Signed {
            file: String::new(),
        },
        TaggedBy::Workflow(file) => Tags::Workflow(filled(c, branched, file, &branched.branch)),
    };
    let tags = match tags {
        Tags::Bot => protected(c, branched),
        tags => tags,
    };
    Publishing {
        tags,
        publishes,
        on_merge,
        drafts: drafts(branched),
        latest: latest(branched),
    }
}

/// The bot, unless a missing right or the rules on tags leave it to a person.
fn protected(c: &Case<'_>, branched: &Branched) -> Tags {
    if preflight::lacks_workflows(c, &branched.base) {
        let ruleset = String::new();
        return Tags::Protected { ruleset };
    }
    match preflight::by_hand_tag(c, &branched.base, &branched.tag) {
        Some(Finding::Forbidden { ruleset, .. }) => Tags::Protected { ruleset },
        _ => Tags::Bot,
    }
}

fn file<'a>(all: &'a [Workflow], name: &str) -> Option<&'a Workflow> {
    all.iter().find(|w| w.name() == name)
}

/// What the file of this name may ship at what is tagged.
pub(super) fn at_tag(
    branched: &Branched,
    workflow: &Workflow,
    event: &str,
    full_ref: &str,
) -> Ships {
    let find = |name: &str| file(branched.at_tag(), name).or_else(|| branched.base.workflow(name));
    // Who starts what else nobody knows.
    let by = branched.tagger.as_deref();
    let cause = Cause::Ref(Start {
        event,
        full_ref,
        repo: &branched.repo,
        by: by.filter(|_| matches!(event, "push" | "create")),
        head: None,
    });
    let around = Around {
        find: &find,
        actions: branched.actions(),
        repo: &branched.repo,
        unread: Some(Reaches::ByDefault),
    };
    ships(&around, workflow, cause)
}

/// What it may ship when it is started by hand on the hotfix branch.
fn at_branch(branched: &Branched, workflow: &Workflow) -> Ships {
    let branch = format!("refs/heads/{}", branched.branch);
    at_tag(branched, workflow, "workflow_dispatch", &branch)
}

fn file_of<'a>(branched: &'a Branched, name: &str) -> Option<&'a Workflow> {
    file(branched.at_tag(), name)
}

fn full_tag(branched: &Branched) -> String {
    format!("refs/tags/{}", branched.tag)
}

/// The workflows that the tag starts, at once or one after another, with what
/// each may ship.
fn by_tag(branched: &Branched) -> Vec<(&Workflow, Ships)> {
    let mut all: Vec<(&Workflow, Ships)> = Vec::new();
    let base = &branched.base;
    for workflow in branched.at_tag().iter().chain(&base.main_workflows) {
        if all.iter().any(|(known, _)| known.name() == workflow.name()) {
            continue;
        }
        let main = format!("refs/heads/{}", base.default_branch());
        let ships = match start_of(branched, workflow.name()) {
            Some(Began::Tag) => at_tag(branched, workflow, "push", &full_tag(branched)),
            Some(Began::Created) => at_tag(branched, workflow, "create", &full_tag(branched)),
            Some(Began::After(_)) => match base.workflow(workflow.name()) {
                Some(follower) => at_tag(branched, follower, "workflow_run", &main),
                None => continue,
            },
            _ => continue,
        };
        all.push((workflow, ships));
    }
    all
}

/// The files that the tag starts.
fn started(branched: &Branched) -> Vec<String> {
    by_tag(branched)
        .iter()
        .map(|(w, _)| w.name().to_owned())
        .collect()
}

/// Whether one of these is it, or may be it.
fn may_be(ships: &Ships, wanted: Shipping) -> bool {
    let uploads = wanted == Shipping::Release && has(ships, Shipping::Uploads);
    // Of a release another repository is told by its tag, of its documents by a push.
    let unseen = [Shipping::Unclear, Shipping::Elsewhere];
    has(ships, wanted) || unseen.iter().any(|it| has(ships, *it)) || uploads
}

/// What must come out for users to have it; none: the tag is enough.
fn wanted(c: &Case<'_>, branched: &Branched) -> Option<Shipping> {
    // The tag itself is what Go's module proxy serves.
    let by_tag = |it: &OnRegistry| it.registry == RegistryKind::Go;
    if !out::on_registries(c, branched).iter().all(by_tag) {
        return Some(packages(branched));
    }
    branched.base.release.is_some().then_some(Shipping::Release)
}

/// Whether something that the tag starts makes the GitHub release.
pub fn tag_makes_release(branched: &Branched) -> bool {
    let mut all = by_tag(branched).into_iter();
    all.any(|(w, ships)| {
        has(&ships, Shipping::Release) || has(&ships, Shipping::Uploads) || w.file.creates_release
    })
}

/// Whether the release is made by what the tag starts, so that the tag is there before
/// it: what works on a release besides does not make the tag.
fn makes_release(branched: &Branched) -> bool {
    let mut all = by_tag(branched).into_iter();
    all.any(|(_, ships)| has(&ships, Shipping::Release))
}

/// Whether a job of it holds what a registry asks for: a secret, an environment, or a
/// token that says who it is. What it calls may.
fn is_handed(workflow: &Workflow) -> bool {
    let handed = |act: &Act| match act {
        Act::Secret(_) | Act::Environment(_) | Act::SignsIn(_) | Act::Calls(_) => true,
        Act::Writes(what) => matches!(what.as_str(), "id-token" | "packages" | "*"),
        _ => false,
    };
    let mut acts = workflow.file.jobs.iter().flat_map(|job| &job.acts);
    acts.any(handed)
}

/// Whether the tag's workflows themselves say that they publish the packages.
pub fn surely_packages(branched: &Branched) -> bool {
    let packages = packages(branched);
    let sure = |(what, sure): &(Shipping, Sure)| *what == packages && *sure > Sure::No;
    let mut all = by_tag(branched).into_iter();
    all.any(|(_, ships)| ships.iter().any(sure))
}

fn publishes(c: &Case<'_>, branched: &Branched, on_merge: &[OnMerge]) -> Publishes {
    let configured = &c.policy.release.workflow;
    if !configured.is_empty() {
        // What it lists is watched, and what of it does what stands in no key.
        let by_itself = configured.iter().filter(|w| w.on != StartedBy::Dispatch);
        let files = by_itself.map(|w| w.file.clone()).collect();
        return Publishes::Tag { files };
    }
    let Some(wanted) = wanted(c, branched) else {
        return Publishes::Nothing;
    };
    let by_tag = by_tag(branched);
    let files: Vec<String> = by_tag
        .iter()
        .filter(|(_, ships)| may_be(ships, wanted))
        .map(|(workflow, _)| workflow.name().to_owned())
        .collect();
    if !files.is_empty() {
        return Publishes::Tag { files };
    }
    let tag = full_tag(branched);
    let mut by_hand = None;
    for workflow in branched.at_tag() {
        if workflow.file.starts_on_new_release() {
            let ships = at_tag(branched, workflow, "release", &tag);
            if may_be(&ships, wanted) && wanted != Shipping::Release {
                return Publishes::Release {
                    file: workflow.name().to_owned(),
                };
            }
        }
        let merges = on_merge.iter().any(|on| on.file == workflow.name());
        let stable = !is_for_prereleases(workflow);
        if by_hand.is_none() && !merges && stable && can_be_started(branched, workflow) {
            let ships = at_tag(branched, workflow, "workflow_dispatch", &tag);
            // What proposes a release has done so for this one, if it was to.
            let publishes = has(&ships, wanted) && !has(&ships, Shipping::Proposes);
            by_hand = publishes.then(|| workflow.name());
        }
    }
    if let Some(file) = by_hand {
        return Publishes::Dispatch(filled(c, branched, file, &branched.tag));
    }
    let goals = goals(branched);
    let whole = |goal: &Goal<'_>| {
        let on = on_merge.iter().filter(|on| on.branch == goal.branch);
        let mut ships = on.flat_map(|on| {
            let all = goal.files.iter().filter(|w| w.name() == on.file);
            all.map(|w| merged_ships(c, goal, w, on.by))
        });
        ships.any(|ships| has(&ships, wanted))
    };
    match goals.iter().any(|goal| goal.is_target() && whole(goal)) {
        true => Publishes::Merge,
        false => match unseen(c, branched, on_merge) {
            files if files.is_empty() => Publishes::Person,
            files => Publishes::Unseen { files },
        },
    }
}

/// What may publish although nobody sees that it does: other CI systems, and a
/// workflow that people start, is called a release's and asked for the right to
/// write contents, or one that the merge starts.
fn unseen(c: &Case<'_>, branched: &Branched, on_merge: &[OnMerge]) -> Vec<String> {
    let called = |workflow: &Workflow| {
        let name = workflow.name().to_ascii_lowercase();
        // A draft of the notes is seen by nobody.
        (name.starts_with("release") || name.starts_with("publish")) && !name.contains("draft")
    };
    let writes = |workflow: &Workflow| {
        let rights = workflow
            .file
            .jobs
            .iter()
            .filter_map(|job| job.permissions.as_ref());
        let mut levels = rights.flat_map(|it| [it.get("contents"), it.get("*")]);
        levels.any(|level| level.is_some_and(|level| level == "write"))
    };
    let proposes = |workflow: &Workflow| does::proposes(branched, workflow);
    let covered = makes_release(branched);
    let started = branched.at_tag().iter().filter(|workflow| {
        let merges = on_merge.iter().any(|on| on.file == workflow.name());
        let by_hand = !merges && can_be_started(branched, workflow);
        let by_hand = by_hand && !is_for_prereleases(workflow);
        // The packages are left where the tag makes the release.
        let by_hand = by_hand && (!covered || is_handed(workflow));
        by_hand && called(workflow) && writes(workflow) && !proposes(workflow)
    });
    let started = started.map(|workflow| workflow.name().to_owned());
    branched
        .base
        .other_ci
        .iter()
        .cloned()
        .chain(started)
        .chain(merging::unclear(c, branched, on_merge))
        .collect()
}

/// Whether a person can start it.
fn can_be_started(branched: &Branched, workflow: &Workflow) -> bool {
    workflow.file.on.workflow_dispatch.is_some() && is_on_main(branched, workflow.name())
}

fn tags(c: &Case<'_>, branched: &Branched, publishes: &Publishes) -> Tags {
    for (workflow, ships) in by_tag(branched) {
        if has(&ships, Shipping::Signature) {
            return Tags::Signed {
                file: workflow.name().to_owned(),
            };
        }
    }
    // Started by hand, without a tag to start from: what it makes it makes on
    // the branch.
    let waits = makes_release(branched);
    let makes_none = |file: &str| takes_a_tag(c, branched, file);
    if let Publishes::Dispatch(by) = publishes
        && !makes_none(&by.file)
        && let Some(workflow) = file_of(branched, &by.file)
    {
        let ships = at_branch(branched, workflow);
        if has(&ships, Shipping::Tag) || has(&ships, Shipping::Release) && !waits {
            return Tags::Workflow(filled(c, branched, &by.file, &branched.branch));
        }
    }
    // Nobody sees what it does, and it asks by its inputs which release it is to
    // make: its own, or none.
    if let Publishes::Unseen { files } = publishes
        && !waits
    {
        let makes_it = |file: &&String| {
            let tags = |w: &Workflow| may_tag(w, &at_branch(branched, w));
            file_of(branched, file).is_some_and(tags) && !makes_none(file)
        };
        if let Some(file) = files.iter().find(makes_it) {
            return Tags::Workflow(filled(c, branched, file, &branched.branch));
        }
    }
    // What the bot is to start after the tag must not make it.
    let makes_it = |file: &&String| {
        let workflow = file_of(branched, file);
        workflow.is_some_and(|w| has(&at_branch(branched, w), Shipping::Tag)) && !makes_none(file)
    };
    if let Some(file) = branched.by_bot.iter().find(makes_it) {
        return Tags::Workflow(filled(c, branched, file, &branched.branch));
    }
    Tags::Bot
}

/// Whether what a file does it does from a tag that is there: it fails on anything else,
/// or checks out the one that it is told.
fn takes_a_tag(c: &Case<'_>, branched: &Branched, file: &str) -> bool {
    let given = filled(c, branched, file, &branched.branch);
    let is_tag = |of: &str| {
        let of = put_into(&given, of);
        of == branched.tag || of == full_tag(branched)
    };
    let asks = |asks: &Asks| match asks {
        Asks::Tag => true,
        Asks::Checkout(of) => is_tag(of),
        _ => false,
    };
    let jobs = file_of(branched, file).map(|it| &it.file.jobs);
    jobs.into_iter()
        .flatten()
        .any(|job| job.asks.iter().any(asks))
}

/// Whether it is only likely that this file makes the tag.
pub fn is_guess(c: &Case<'_>, branched: &Branched, file: &str) -> bool {
    let auto = c.policy.release.tagged_by == TaggedBy::Auto;
    auto && matches!(publishing(c, branched).publishes, Publishes::Unseen { files } if files.iter().any(|it| it == file))
}

/// A workflow of the tag that uploads to a release, where nothing that the tag
/// starts makes one.
fn drafts(branched: &Branched) -> Option<String> {
    let all = by_tag(branched);
    if all.iter().any(|(_, ships)| has(ships, Shipping::Release)) {
        return None;
    }
    let uploads = all.iter().find(|(_, ships)| has(ships, Shipping::Uploads));
    uploads.map(|(workflow, _)| workflow.name().to_owned())
}

/// What the tag starts that makes an older line the newest.
fn latest(branched: &Branched) -> Vec<(String, Latest)> {
    if branched.base.newest.is_none() {
        return Vec::new();
    }
    let mut all = Vec::new();
    // Where GitHub's Latest is the base itself, what is above it is a tag alone.
    let is_latest = branched.base.latest.as_ref() == Some(&branched.base.tag);
    let of_github = |what: Latest| matches!(what, Latest::Github | Latest::Unsaid(_));
    for (workflow, ships) in by_tag(branched) {
        for (what, sure) in ships {
            let file = || workflow.name().to_owned();
            match what {
                Shipping::Latest(what) if is_latest && of_github(what) => {}
                Shipping::Latest(Latest::Npm) if branched.base.package.keeps_npms_latest() => {}
                Shipping::Latest(what) if sure > Sure::No && !all.contains(&(file(), what)) => {
                    all.push((file(), what));
                }
                _ => {}
            }
        }
    }
    all
}

/// Before the decision: what of this a commander must have said yes to.
pub fn gates(c: &Case<'_>, branched: &Branched, head: &Sha) -> Vec<Need> {
    let publishing = publishing(c, branched);
    let passed = |gate: Overridable| is_passed(c, &gate, head);
    let mut gates = Vec::new();
    let said = passed(Overridable::MergePublishes) || passed(Overridable::PublishByHand);
    let configured = c.policy.release.published_by != PublishedBy::Auto;
    if publishing.publishes == Publishes::Merge && !said && !configured {
        let target = branched.base.target().branch.as_str();
        let on = publishing.on_merge.iter();
        let on = on.filter(|on| branched.base.line.is_none() || on.branch == target);
        let on: Vec<&OnMerge> = on.collect();
        let proposes = on.iter().all(|on| on.proposes);
        // Where one is seen to publish, those that only may are not what is decided of.
        let seen = |on: &&OnMerge| on.proposes == proposes && !on.unclear;
        let any = on.iter().any(seen);
        let on = on.into_iter().filter(|on| on.proposes == proposes);
        let on = on.filter(|on| !any || !on.unclear);
        let files = on.map(|on| on.file.clone()).collect();
        gates.push(Need::new(
            Who::Commander,
            NeedKind::MergePublishes { files, proposes },
        ));
    }
    if let Some(newest) = branched
        .base
        .newest
        .clone()
        .filter(|_| !passed(Overridable::Latest))
    {
        gates.extend(publishing.latest.into_iter().map(|(file, what)| {
            let newest = newest.clone();
            Need::new(Who::Commander, NeedKind::MakesLatest { file, what, newest })
        }));
    }
    let waiting = |file: String| {
        let there = c.line.seen.release.get().is_some_and(Option::is_some);
        let passed = passed(Overridable::ReleaseWorkflows);
        let tag = branched.tag.clone();
        (!there && !passed).then(|| Need::new(Who::Responder, NeedKind::DraftFirst { file, tag }))
    };
    gates.extend(publishing.drafts.and_then(waiting));
    gates
}

/// Who publishes, by what was said about it for this head.
pub fn publisher(c: &Case<'_>, branched: &Branched, head: &Sha) -> Publishes {
    match publishing(c, branched).publishes {
        Publishes::Merge if is_passed(c, &Overridable::PublishByHand, head) => Publishes::Person,
        publishes => publishes,
    }
}

/// What the merge of a pull request of ours waits for, where it would publish.
pub fn holds_merge(c: &Case<'_>, branched: &Branched, head: &Sha, kind: PullKind) -> Option<Need> {
    if is_passed(c, &Overridable::MergePublishes, head) {
        return None;
    }
    let branch = target::of(c, kind).unwrap_or(branched.base.default_branch());
    let mut on_merge = publishing(c, branched).on_merge;
    on_merge.retain(|on| on.branch == branch && !on.proposes);
    if on_merge.is_empty() {
        return None;
    }
    let configured = c.policy.release.published_by == PublishedBy::Merge;
    let there = match (
        out::has_registry(c, branched),
        out::has_release(c, branched),
    ) {
        (true, _) => out::published(c).is_some(),
        (false, true) => out::released(c).is_some(),
        (false, false) => true,
    };
    if there || configured {
        return None;
    }
    let files = on_merge.into_iter().map(|on| on.file).collect();
    let branch = branch.to_owned();
    Some(Need::new(
        Who::Machine,
        NeedKind::MergeWaits { files, branch },
    ))
}
