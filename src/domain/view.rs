//! What follows from the facts, in the shape that texts, plans and pages share.
//! Everything here is computed anew each time and stored nowhere.

use serde::{Deserialize, Serialize};

use super::checklist::{Entry, checklist};
use super::checklist_item::Item;
use super::effect::Which;
use super::facts::{Commit, Facts, Refusal, Run, Ship, StepName, Unanswered};
use super::ids::{Millis, Sha, fingerprint};
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

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody: GitHub, the registry or the bot is at work.
    Machine,
    /// Who reported the issue.
    Reporter,
    /// Anybody with write access.
    Responder,
    /// A maintainer.
    Commander,
}

/// Something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// From whom.
    pub who: Who,
    /// What.
    pub what: What,
}

/// What can be waited for. The words are [`super::text`]'s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "need", rename_all = "snake_case")]
pub enum What {
    /// The bot is reading something that it needs to know.
    Looking {
        /// What, as a noun phrase: "the base release".
        subject: String,
    },
    /// The configuration is wrong; nothing starts.
    ConfigWrong {
        /// The errors as Markdown.
        errors: String,
    },
    /// No base to start from.
    NoBase {
        /// Why, in words.
        trouble: String,
    },
    /// Another hotfix holds the base.
    Behind {
        /// The version or base that is taken.
        claim: String,
    },
    /// The labeller's role is too low.
    ConfirmStart {
        /// Who labelled.
        login: String,
        /// Their role.
        role: String,
        /// The role that would do.
        wants: String,
    },
    /// Questions of the matrix without an answer, as `key=a|b` arguments.
    Assess {
        /// The missing ones.
        missing: Vec<String>,
    },
    /// The matrix leaves it to a commander.
    ConfirmSeverity {
        /// Why.
        reason: String,
    },
    /// The matrix says less than P0.
    NotHotfix {
        /// Why not, a line each.
        reasons: Vec<String>,
    },
    /// Commits with the fix.
    Fix {
        /// The branch.
        branch: String,
        /// The pull request, once open.
        pull: Option<u64>,
    },
    /// No test was touched.
    TestsAdded,
    /// A required workflow has no run on the head.
    RunMissing {
        /// The file.
        file: String,
        /// Whether a push to the branch can start it at all.
        can_start: bool,
        /// Whether that depends on the changed paths alone.
        by_paths: bool,
    },
    /// No workflow at all tests the head: a person's word is needed.
    NoTests,
    /// A run is under way.
    RunPending {
        /// The run.
        run: Run,
    },
    /// A run failed.
    RunFailed {
        /// The run.
        run: Run,
        /// Whether it belongs to the release, after the tag.
        release: bool,
    },
    /// A run ended without doing anything.
    RunSkipped {
        /// The run.
        run: Run,
    },
    /// A run waits for an environment's approval.
    RunWaiting {
        /// The run.
        run: Run,
    },
    /// Reviews.
    Approval {
        /// Approvals of the head so far.
        have: u64,
        /// Wanted.
        want: u64,
        /// The head.
        head: Sha,
    },
    /// A reviewer asked for changes.
    ChangesRequested {
        /// Who.
        login: String,
    },
    /// The head must be tried by hand.
    ManualTest {
        /// The head.
        head: Sha,
    },
    /// The decision.
    Release {
        /// The head that would be released.
        head: Sha,
    },
    /// The pull request conflicts with the default branch.
    Conflict {
        /// Its number.
        pull: u64,
        /// Which one it is.
        which: Which,
    },
    /// The forward-port conflicts in files that only a person can resolve.
    PortConflicts {
        /// Its number.
        pull: u64,
        /// Its branch.
        branch: String,
        /// The files.
        files: Vec<String>,
    },
    /// A further pull request is a draft.
    Draft {
        /// Its number.
        pull: u64,
        /// Which one it is.
        which: Which,
    },
    /// The texts of the entry in the known issues.
    KnownIssueText {
        /// The file.
        path: String,
        /// What is not said yet.
        missing: Vec<Item>,
    },
    /// The pull request of that entry was closed.
    KnownIssueClosed {
        /// Its number.
        pull: u64,
    },
    /// The forward-port was merged or closed, and the default branch does not
    /// hold the fix.
    NotOnMain {
        /// Its number.
        pull: u64,
        /// Whether it was merged.
        merged: bool,
    },
    /// The pull request was closed by hand.
    PullClosed {
        /// Its number.
        pull: u64,
    },
    /// On hold.
    Held {
        /// By whom.
        login: String,
        /// Why.
        reason: String,
    },
    /// The issue was closed by hand before the release.
    IssueClosed {
        /// By whom, where known.
        login: Option<String>,
    },
    /// The tag exists but is not what was tested.
    TagWrong {
        /// The tag.
        tag: String,
        /// What it points to.
        commit: Sha,
    },
    /// GitHub refused something.
    Stuck {
        /// The slot.
        slot: String,
        /// GitHub's words.
        message: String,
    },
    /// A right is missing.
    Blocked {
        /// The slot.
        slot: String,
        /// What is missing.
        message: String,
    },
    /// GitHub, or the registry, has not answered for long.
    Unanswered {
        /// The slot.
        slot: String,
        /// How it failed.
        message: String,
        /// Since when.
        since: Millis,
    },
    /// A release workflow has no run for the tag yet.
    ReleaseRunMissing {
        /// The file.
        file: String,
        /// What starts it.
        start: Start,
    },
    /// Several runs may be the one that follows our release.
    ReleaseRunUnclear {
        /// The file.
        file: String,
        /// The runs.
        runs: Vec<Run>,
    },
    /// The registry does not show the version yet.
    Registry {
        /// The package.
        package: String,
        /// The version.
        version: String,
        /// It is there but yanked.
        yanked: bool,
    },
    /// The GitHub release is not published yet.
    GithubRelease {
        /// The tag.
        tag: String,
    },
    /// Assets are missing or incomplete.
    Assets {
        /// Their names.
        missing: Vec<String>,
    },
    /// A fresh install is to be tried.
    FreshInstall {
        /// The command to run.
        command: String,
    },
    /// Somebody must say that the bug is gone.
    FixVerified {
        /// Who reported it.
        reporter: String,
    },
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

/// What starts a workflow of the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "start", content = "files", rename_all = "snake_case")]
pub enum Start {
    /// A push of the tag.
    Tag,
    /// The end of another workflow's run: one of these files.
    After(Vec<String>),
    /// A published release. One that a workflow publishes with `GITHUB_TOKEN`
    /// starts nothing. (GitHub: triggering a workflow from a workflow.)
    Release,
    /// A person, or the bot.
    Hand,
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
