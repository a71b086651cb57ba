//! What follows from the facts, in the shape that texts, plans and pages share.
//! Everything here is computed anew each time and stored nowhere.

use super::checklist::{Entry, checklist};
use super::facts::{Commit, Facts, Refusal, Run, Ship, StepName, Unanswered};
use super::ids::{Millis, Sha, fingerprint};
pub use super::need::{Need, Start, What, Who};
use super::policy::Policy;
use super::procedure::{Survey, assess, locked, monitor, required, survey, test};
use super::severity::Verdict;
use super::timeline::Timeline;

/// The answer to "where do we stand": one value behind the status comment,
/// the gates, the preview and the plan.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The pinned policy, or the defaults until it is read.
    pub policy: &'a Policy,
    /// The first step that is not proven; none when all are.
    pub phase: Option<StepName>,
    /// The ten steps in the order of proof.
    pub steps: Vec<StepView>,
    /// What is waited for, the most urgent first.
    pub needs: Vec<Need>,
    /// What still stands between now and `release`; empty: it may be given.
    pub gates: Vec<Need>,
    /// The 24 items.
    pub checklist: Vec<Entry>,
    /// What would ship, once there is a fix; what ships, once decided.
    pub preview: Option<Preview>,
    /// What the matrix says.
    pub verdict: Verdict,
    /// Times against their targets.
    pub timeline: Timeline,
    /// The facts of the release-verification comment; empty before the tag.
    pub verification: Vec<Check>,
    /// Workflow files that must pass on the head.
    pub test_workflows: Vec<String>,
    /// Workflow files that would, if the changed paths started them.
    pub left_out_workflows: Vec<String>,
    /// What follows the tag.
    pub release_workflows: Vec<ReleaseWorkflow>,
    /// What was derived because the repository's file does not say it.
    pub derived: Vec<String>,
}

/// A step and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// Which.
    pub name: StepName,
    /// Whether it is proven.
    pub done: bool,
}

/// What `release` would ship, or what ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The head.
    pub head: Sha,
    /// The commits since the base, oldest first.
    pub commits: Vec<Commit>,
    /// Files changed.
    pub files: u64,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// Commits on main that will not ship.
    pub left_out: u64,
    /// How many of those are features.
    pub left_out_features: u64,
    /// The runs that passed on the head.
    pub tested: Vec<Run>,
    /// A person's word in place of a run.
    pub tested_by_word: Option<String>,
    /// Who tried it by hand.
    pub manual: Option<String>,
    /// Who approved this head.
    pub approved_by: Vec<String>,
    /// The only person with write access, whose decision is the approval.
    pub single_handed: Option<String>,
    /// Whether the pull request merges cleanly; none: not known yet.
    pub merges: Option<bool>,
    /// Tells one preview from another.
    pub fingerprint: String,
}

/// A workflow that follows the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseWorkflow {
    /// The file's name.
    pub file: String,
    /// What starts it.
    pub start: Start,
    /// Whether its success is required.
    pub required: bool,
    /// How long it usually takes, milliseconds.
    pub expect: Option<Millis>,
    /// When it is too long, milliseconds.
    pub timeout: Option<Millis>,
}

/// One line of the release-verification comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Whether it was seen to hold.
    pub ok: bool,
    /// What, Markdown.
    pub fact: String,
    /// Where and when it was seen, or what is still needed: Markdown.
    pub seen: String,
}

/// Computes the view of the facts.
pub fn view<'a>(f: &'a Facts, p: &'a Policy) -> View<'a> {
    let survey = survey(f, p);
    let (before, after) = survey.needs();
    let branched = survey.branch.as_ref().and_then(|s| s.evidence());
    let locked = locked(f).is_some();
    let mut gates = Vec::new();
    if !locked {
        gates.extend(before.iter().cloned());
        if let Some(fixed) = survey.fix.as_ref().and_then(|s| s.evidence()) {
            gates.extend(super::procedure::ship::gates(f, fixed));
        }
        gates.extend(stuck(f, p, &survey));
    }
    let mut needs = unanswered(f);
    needs.extend(stuck(f, p, &survey));
    if let Some(hold) = &f.hold {
        needs.push(Need {
            who: Who::Responder,
            what: What::Held {
                login: hold.by.login.clone(),
                reason: hold.reason.clone(),
            },
        });
    }
    for need in before.into_iter().chain(after) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    let done = survey.done();
    let phase = done.iter().find(|(_, done)| !done).map(|(name, _)| *name);
    let checklist = checklist(f, p, &survey);
    View {
        facts: f,
        policy: p,
        phase,
        steps: done
            .iter()
            .map(|(name, done)| StepView {
                name: *name,
                done: *done,
            })
            .collect(),
        needs,
        gates,
        preview: preview(f, p, &survey),
        verdict: assess::assessment(f, p).verdict,
        timeline: super::timeline::timeline(f, p),
        verification: verification(f, p, &survey),
        test_workflows: branched
            .map(|b| required::required(f, p, b))
            .unwrap_or_default(),
        left_out_workflows: branched
            .map(|b| required::left_out(f, p, b))
            .unwrap_or_default(),
        release_workflows: branched
            .map(|b| monitor::workflows(p, b))
            .unwrap_or_default(),
        derived: derived(f, p, branched),
        checklist,
    }
}

/// Effects that GitHub refused or that lack a right, as far as they are still
/// wished.
fn stuck(f: &Facts, p: &Policy, survey: &Survey) -> Vec<Need> {
    let wished = super::plan::raw_wishes(f, p, survey);
    let is_wished = |slot: &str, refusal: &Refusal| {
        wished.iter().any(|w| {
            w.effect.slot() == slot
                && w.subject == refusal.subject
                && w.generation == refusal.generation
        })
    };
    let refused = f
        .refused
        .iter()
        .filter(|(slot, refusal)| is_wished(slot, refusal))
        .map(|(slot, refusal)| Need {
            who: Who::Responder,
            what: What::Stuck {
                slot: slot.clone(),
                message: refusal.message.clone(),
            },
        });
    let blocked = f
        .blocked
        .iter()
        .filter(|(slot, refusal)| is_wished(slot, refusal))
        .map(|(slot, refusal)| Need {
            who: Who::Commander,
            what: What::Blocked {
                slot: slot.clone(),
                message: refusal.message.clone(),
            },
        });
    refused.chain(blocked).collect()
}

/// What has had no answer for long, the longest first.
fn unanswered(f: &Facts) -> Vec<Need> {
    let mut silent: Vec<_> = f.unanswered.iter().collect();
    silent.sort_by_key(|(_, it)| it.since);
    let need = |(slot, it): (&String, &Unanswered)| Need {
        who: Who::Machine,
        what: What::Unanswered {
            slot: slot.clone(),
            message: it.message.clone(),
            since: it.since,
        },
    };
    silent.into_iter().map(need).collect()
}

fn preview(f: &Facts, p: &Policy, survey: &Survey) -> Option<Preview> {
    let branched = survey.branch.as_ref()?.evidence()?;
    let fixed = survey.fix.as_ref()?.evidence()?;
    let ship = locked(f);
    let head = branched.head.as_ref();
    let commits = match ship {
        Some(ship) => ship.record.commits.clone(),
        None => head?.commits.clone(),
    };
    let required = required::required(f, p, branched);
    let tested: Vec<Run> = match ship {
        Some(ship) => ship.record.runs.clone(),
        None => required
            .iter()
            .filter_map(|file| test::newest(f, file, &fixed.head, &branched.branch))
            .filter(|run| run.passed())
            .cloned()
            .collect(),
    };
    let single_handed = match ship {
        Some(ship) => ship.record.single_handed.clone(),
        None => test::single_handed(f, p, fixed).map(str::to_owned),
    };
    let approved_by = match ship {
        Some(ship) => ship.record.approved_by.clone(),
        None => test::approvals(f, p, fixed).0,
    };
    let manual = test::manual(f, &fixed.head).map(str::to_owned);
    let tested_by_word = test::critical_path(f, &fixed.head).map(str::to_owned);
    // The branch goes in the end, and the record of what shipped stays.
    let (files, additions, deletions) = match (ship, head) {
        (Some(Ship { record, .. }), _) => (record.files, record.additions, record.deletions),
        (None, Some(head)) => (
            head.files.len() as u64,
            head.files.iter().map(|x| x.additions).sum(),
            head.files.iter().map(|x| x.deletions).sum(),
        ),
        (None, None) => (0, 0, 0),
    };
    let fingerprint = fingerprint(&format!(
        "{} {:?} {:?} {:?} {:?} {:?}",
        fixed.head,
        approved_by,
        single_handed,
        manual,
        tested_by_word,
        tested.iter().map(|r| (r.id, r.attempt)).collect::<Vec<_>>()
    ));
    Some(Preview {
        head: fixed.head.clone(),
        commits,
        files,
        additions,
        deletions,
        left_out: branched.base.main.ahead_by,
        left_out_features: branched.base.main.features,
        tested,
        tested_by_word,
        manual,
        approved_by,
        single_handed,
        merges: f.line.pull.get().and_then(|pull| pull.mergeable),
        fingerprint,
    })
}

/// The lines of the release-verification comment.
fn verification(f: &Facts, p: &Policy, survey: &Survey) -> Vec<Check> {
    let (Some(branched), Some(tagged)) = (
        survey.branch.as_ref().and_then(|s| s.evidence()),
        super::procedure::ship::tagged(f),
    ) else {
        return Vec::new();
    };
    super::text::verification_checks(f, p, branched, &tagged)
}

/// What nobody configured and was derived from what is there.
fn derived(
    f: &Facts,
    p: &Policy,
    branched: Option<&super::procedure::branch::Branched>,
) -> Vec<String> {
    let mut lines = Vec::new();
    if f.policy.get().is_some_and(|read| !read.own_file) {
        lines.push(super::text::derived::no_file());
    }
    let named = f.line.base.get().map(|base| base.tag_pattern.as_str());
    if let (Some(pattern), None) = (
        named.filter(|pattern| !pattern.is_empty()),
        p.base.written_tag_pattern(),
    ) {
        lines.push(super::text::derived::tags(pattern));
    }
    if let Some(branched) = branched {
        if p.test.workflows.written().is_none() {
            lines.push(super::text::derived::tests(&f.repo.default_branch));
        }
        if p.release.workflow.is_empty() {
            lines.push(super::text::derived::release(&branched.tag));
        }
    }
    lines
}
