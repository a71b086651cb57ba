//! What this case looks at now, and how often it looks without being told.
//!
//! Deliveries make an object dirty; the schedule here makes it dirty too, so
//! that a lost delivery costs time and nothing else.

use super::branch::{Branched, branch_name, tag_name};
use super::verify::{has_registry, has_release};
use super::{Survey, locked, port};
use crate::domain::effect::{Effect, Which, Wish};
use crate::domain::event::Object;
use crate::domain::facts::{Facts, Further, SaidState, Seen};
use crate::domain::ids::Millis;
use crate::domain::policy::Policy;
use crate::domain::view::What;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;

/// Several deliveries of one change become one read.
pub const DEBOUNCE: Millis = 2 * SECOND;

/// An object that is looked at.
pub struct Look {
    /// Which.
    pub object: Object,
    /// The read.
    pub effect: Effect,
    /// What it is about.
    pub subject: String,
    /// How long an answer is good when nothing is heard.
    pub every: Millis,
}

/// Everything that is looked at in the present state.
pub fn looks(f: &Facts, p: &Policy, survey: &Survey) -> Vec<Look> {
    let mut looks = Vec::new();
    let mut look = |object, effect: Effect, subject: String, every| {
        looks.push(Look {
            object,
            effect,
            subject,
            every,
        });
    };
    look(
        Object::Policy,
        Effect::ReadPolicy,
        f.number.to_string(),
        // Pinned once it is right; a wrong file may be mended.
        match f.policy.get() {
            Some(read) if read.wrong.is_none() => Millis::MAX,
            _ => 60 * MINUTE,
        },
    );
    if f.policy.get().is_none() {
        return looks;
    }
    look(
        Object::Issue,
        Effect::ReadIssue,
        f.number.to_string(),
        30 * MINUTE,
    );
    if survey.begin.evidence().is_none() {
        return looks;
    }
    if f.cancelled.is_none() {
        look(
            Object::Base,
            Effect::ReadBase {
                tag_pattern: p.base.written_tag_pattern().map(str::to_owned),
                branch_pattern: p.base.branch.clone(),
                prereleases: p.base.prereleases,
                changelog: p.version.changelog.clone(),
                known_issues: p.announce.known_issues.clone(),
            },
            p.base.tag_pattern.clone(),
            Millis::MAX,
        );
    }
    let (Some(base), Some(version)) = (f.line.base.get(), &f.line.version) else {
        return looks;
    };
    let branch = branch_name(p, version);
    if f.line.branch_made && f.line.branch_deleted.is_none() {
        look(
            Object::Branch,
            Effect::ReadBranch {
                branch: branch.clone(),
                base: base.commit.clone(),
                known: f
                    .line
                    .branch
                    .get()
                    .and_then(|b| b.head.as_ref())
                    .filter(|h| !h.versions.is_empty())
                    .map(|h| h.sha.clone()),
                package: base.package.clone(),
                version: version.clone(),
            },
            branch,
            15 * MINUTE,
        );
    }
    // Merged, or replaced by the forward-port: nothing more is asked of it.
    let through = f
        .line
        .pull
        .get()
        .is_some_and(|pull| pull.merged || (!pull.open && f.line.port.number.is_some()));
    if let Some(number) = f.line.pull_number.filter(|_| !through) {
        let unknown = f
            .line
            .pull
            .get()
            .is_none_or(|pull| pull.open && pull.mergeable.is_none());
        look(
            Object::Pull,
            Effect::ReadPull {
                number,
                which: Which::Hotfix,
                marked: Vec::new(),
            },
            number.to_string(),
            if unknown { 10 * SECOND } else { 15 * MINUTE },
        );
    }
    let fixed = survey.fix.as_ref().and_then(|s| s.evidence());
    if let (Some(fixed), None) = (fixed, locked(f)) {
        look(
            Object::Reviews,
            Effect::ReadReviews { number: fixed.pull },
            format!("{}@{}", fixed.pull, fixed.head.short()),
            15 * MINUTE,
        );
    }
    if fixed.is_some() && locked(f).is_none() && p.merge.approvals.written().is_none() {
        look(
            Object::Writers,
            Effect::ReadWriters,
            f.number.to_string(),
            Millis::MAX,
        );
    }
    let monitored = survey
        .monitor
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    if let Some(fixed) = fixed.filter(|_| !monitored) {
        look(
            Object::Runs,
            Effect::ReadRuns {
                sha: fixed.head.clone(),
                chained: match (
                    survey.branch.as_ref().and_then(|s| s.evidence()),
                    super::ship::tagged(f),
                ) {
                    (Some(branched), Some(tagged)) => {
                        super::chain::awaited(f, p, branched, &tagged.tag.commit)
                    }
                    _ => None,
                },
                which: Which::Hotfix,
            },
            fixed.head.as_str().to_owned(),
            if locked(f).is_some() {
                2 * MINUTE
            } else {
                5 * MINUTE
            },
        );
    }
    let tag = tag_name(f, p, version);
    let hand_made = f.line.tag.dirty > 1;
    if locked(f).is_some() || hand_made {
        look(
            Object::Tag,
            Effect::ReadTag { tag: tag.clone() },
            tag.clone(),
            30 * MINUTE,
        );
    }
    if let (Some(branched), Some(_)) = (
        survey.branch.as_ref().and_then(|s| s.evidence()),
        super::ship::tagged(f),
    ) {
        published(f, p, branched, survey, &mut look);
    }
    ported(f, survey, &mut look);
    looks
}

/// What is looked at of the forward-port: before the decision, what it would
/// meet; once it is open, the pull request, its runs, and whether the fix came
/// along.
fn ported(f: &Facts, survey: &Survey, look: &mut impl FnMut(Object, Effect, String, Millis)) {
    let (Some(branched), Some(fixed)) = (
        survey.branch.as_ref().and_then(|s| s.evidence()),
        survey.fix.as_ref().and_then(|s| s.evidence()),
    ) else {
        return;
    };
    let carry = || port::carry(branched, fixed);
    let line = &f.line.port;
    if locked(f).is_none() && port::is_needed(f) {
        look(
            Object::Trial,
            Effect::ReadTrial { carry: carry() },
            fixed.head.as_str().to_owned(),
            Millis::MAX,
        );
    }
    let landed = survey.land.as_ref().is_some_and(|s| s.evidence().is_some());
    let known = survey
        .known
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    if !known {
        further(&f.line.known, Which::Known, look);
    }
    if landed {
        return;
    }
    further(line, Which::Port, look);
    let closed = line.pull.get().filter(|pull| !pull.open);
    if let (Some(carried), Some(pull)) = (&line.carried, closed) {
        look(
            Object::Holds,
            Effect::ReadHolds {
                carry: carry(),
                carried: carried.commit.clone(),
                merged: pull.merge_commit.clone().filter(|_| pull.merged),
            },
            fixed.head.as_str().to_owned(),
            30 * MINUTE,
        );
    }
}

/// What is looked at once the tag stands: what its workflows are to publish.
fn published(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    survey: &Survey,
    look: &mut impl FnMut(Object, Effect, String, Millis),
) {
    let verified = survey
        .verify
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    if verified {
        return;
    }
    // Before the runs are through, only what is heard is read.
    let monitored = survey
        .monitor
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    let every = |there: bool, often: Millis| match (monitored, there) {
        (true, false) => often,
        (true, true) => 30 * MINUTE,
        (false, _) => 10 * MINUTE,
    };
    if has_registry(p, branched) && monitored {
        look(
            Object::Registry,
            Effect::ReadRegistry {
                package: branched.base.package.name.clone(),
                version: branched.version.clone(),
                others: branched.base.package.others_published(),
            },
            branched.version.clone(),
            every(super::verify::published(f).is_some(), 30 * SECOND),
        );
    }
    // Of several chained runs the release of our tag tells which was ours.
    let unclear = matches!(&survey.monitor, Some(super::Step::Wait(needs))
        if needs.iter().any(|n| matches!(n.what, What::ReleaseRunUnclear { .. })));
    if has_release(p, branched) && (monitored || unclear) {
        let there = super::verify::released(f)
            .is_some_and(|r| super::verify::missing_assets(p, branched, r).is_empty());
        look(
            Object::Release,
            Effect::ReadRelease {
                tag: branched.tag.clone(),
            },
            branched.tag.clone(),
            every(there, MINUTE),
        );
    }
}

/// A further pull request and, while it is open, the runs of its head.
fn further(of: &Further, which: Which, look: &mut impl FnMut(Object, Effect, String, Millis)) {
    let (object, runs) = match which {
        Which::Known => (Object::Known, Object::KnownRuns),
        _ => (Object::Port, Object::PortRuns),
    };
    let (Some(number), Some(carried)) = (of.number, &of.carried) else {
        return;
    };
    let pull = of.pull.get();
    if pull.is_none_or(|pull| !pull.merged) {
        let unknown = pull.is_none_or(|pull| pull.open && pull.mergeable.is_none());
        let by_hand = carried.by_hand.iter();
        look(
            object,
            Effect::ReadPull {
                number,
                which,
                marked: by_hand.map(|(path, _)| path.clone()).collect(),
            },
            number.to_string(),
            if unknown { 10 * SECOND } else { 15 * MINUTE },
        );
    }
    if let Some(pull) = pull.filter(|pull| pull.open) {
        look(
            runs,
            Effect::ReadRuns {
                sha: pull.head.clone(),
                chained: None,
                which,
            },
            pull.head.as_str().to_owned(),
            2 * MINUTE,
        );
    }
}

/// The reads that are due now: whatever is looked at and has an unanswered
/// cause, and the roles of those who wait for an answer.
pub fn wishes(f: &Facts, looks: Vec<Look>) -> Vec<Wish> {
    let mut wishes: Vec<Wish> = looks
        .into_iter()
        .filter_map(|look| {
            let state = state(f, look.object);
            (!state.current).then(|| {
                Wish::new(look.effect, look.subject)
                    .generation(state.dirty)
                    .delay(if state.known { DEBOUNCE } else { 0 })
            })
        })
        .collect();
    let mut asked: Vec<&str> = f
        .said
        .iter()
        .filter(|s| s.state == SaidState::Waiting)
        .map(|s| s.by.login.as_str())
        .collect();
    // Only once it is known that the label means anything here.
    if f.policy.get().is_some() {
        asked.push(&f.trigger.by.login);
    }
    for login in asked {
        let Some(role) = f.roles.get(&login.to_lowercase()) else {
            continue;
        };
        let wish = Wish::new(
            Effect::ReadRole {
                login: login.to_owned(),
            },
            login.to_lowercase(),
        )
        .generation(role.dirty);
        if !role.is_current() && !wishes.contains(&wish) {
            wishes.push(wish);
        }
    }
    wishes
}

/// Whether one of these objects is looked at and its answer is still to come.
pub fn is_looking(f: &Facts, looks: &[Look], objects: &[Object]) -> bool {
    looks
        .iter()
        .any(|look| objects.contains(&look.object) && !state(f, look.object).current)
}

/// The moment at which the next of these answers is too old.
pub fn next(f: &Facts, looks: &[Look]) -> Option<Millis> {
    looks
        .iter()
        .filter_map(|look| {
            let state = state(f, look.object);
            (state.current && look.every < Millis::MAX).then(|| state.at.saturating_add(look.every))
        })
        .min()
}

/// Makes dirty what is too old at `now`.
pub fn age(f: &mut Facts, looks: &[Look], now: Millis) {
    for look in looks {
        let state = state(f, look.object);
        if state.current && look.every < Millis::MAX && state.at.saturating_add(look.every) <= now {
            touch(f, look.object);
        }
    }
}

struct State {
    current: bool,
    known: bool,
    dirty: u64,
    at: Millis,
}

fn state(f: &Facts, object: Object) -> State {
    fn of<T>(seen: &Seen<T>) -> State {
        State {
            current: seen.is_current(),
            known: seen.value.is_some(),
            dirty: seen.dirty,
            at: seen.at,
        }
    }
    match object {
        Object::Policy => of(&f.policy),
        Object::Issue => of(&f.issue),
        Object::Base => of(&f.line.base),
        Object::Branch => of(&f.line.branch),
        Object::Pull => of(&f.line.pull),
        Object::Reviews => of(&f.line.reviews),
        Object::Writers => of(&f.line.writers),
        Object::Runs => of(&f.line.runs),
        Object::Tag => of(&f.line.tag),
        Object::Release => of(&f.line.release),
        Object::Registry => of(&f.line.registry),
        Object::Trial => of(&f.line.port.trial),
        Object::Port => of(&f.line.port.pull),
        Object::PortRuns => of(&f.line.port.runs),
        Object::Holds => of(&f.line.port.holds),
        Object::Known => of(&f.line.known.pull),
        Object::KnownRuns => of(&f.line.known.runs),
    }
}

/// Something happened to an object.
pub fn touch(f: &mut Facts, object: Object) {
    match object {
        // Pinned for the life of the hotfix; a wrong file may be mended.
        Object::Policy => {
            if f.policy.get().is_none_or(|read| read.wrong.is_some()) {
                f.policy.touch();
            }
        }
        Object::Issue => f.issue.touch(),
        Object::Base => f.line.base.touch(),
        Object::Branch => f.line.branch.touch(),
        Object::Pull => f.line.pull.touch(),
        Object::Reviews => f.line.reviews.touch(),
        Object::Writers => f.line.writers.touch(),
        Object::Runs => f.line.runs.touch(),
        Object::Tag => f.line.tag.touch(),
        Object::Release => f.line.release.touch(),
        Object::Registry => f.line.registry.touch(),
        Object::Trial => f.line.port.trial.touch(),
        Object::Port => f.line.port.pull.touch(),
        Object::PortRuns => f.line.port.runs.touch(),
        Object::Holds => f.line.port.holds.touch(),
        Object::Known => f.line.known.pull.touch(),
        Object::KnownRuns => f.line.known.runs.touch(),
    }
}
