//! What a line looks at now, and how often it looks without being told.
//!
//! Deliveries make an object dirty; the schedule here makes it dirty too, so
//! that a lost delivery costs time and nothing else.

mod after;
mod looks;
mod outages;
mod rollback;

pub use self::looks::Look;
pub use self::outages::{is_explained, outages};

use self::after::{besides, on_main, outside};
use self::looks::{Looks, MINUTE, SECOND};
use super::effect::{Act, Intent, Slot};
use super::facts::{Facts, Refusal, SaidState};
use super::ids::Millis;
use super::line_name::LineName;
use super::need::{Need, NeedKind, Stopped};
use super::objects::{Object, PullKind, READMES, State};
use super::policy::{Learn, OldLines, Policy, VersionForm};
use super::procedure::channels::channels;
use super::procedure::release::{AFTER, UNTIL};
use super::procedure::release_runs::awaited;
use super::procedure::{
    Case, Proofs, Survey, along, at_merge, checks, halted, install, labels, names, pointers,
    target, tried,
};
use super::read::Read;
use super::shipping::Tags;
use super::slot::Place;
use super::wish::Wish;
use crate::ecosystem::learnt::{Asked, Configured, WrittenIn};

/// No answer that stays as it is gets older before it is asked for again, where
/// it is asked for more often at first.
const SELDOM: Millis = 30 * MINUTE;

/// Several deliveries of one change become one read.
pub const DEBOUNCE: Millis = 2 * SECOND;

/// A read that GitHub refused is made again after this.
const REFUSED: Millis = 30 * MINUTE;

/// What the configuration says of the version's places.
fn places(policy: &Policy) -> Asked {
    let files = policy.version.files.iter().map(|file| Configured {
        path: file.path.clone(),
        pattern: file.pattern.clone(),
        form: match file.form {
            VersionForm::Full => WrittenIn::Full,
            VersionForm::Hex => WrittenIn::Hex,
            VersionForm::Comma => WrittenIn::Comma,
            VersionForm::Underscore => WrittenIn::Underscore,
        },
        optional: false,
    });
    // Which of them there is, is seen at the release.
    let change = policy.announce.readme == OldLines::Change;
    let readmes = READMES.iter().filter(|_| change).map(|path| Configured {
        path: (*path).to_owned(),
        pattern: "{version}".to_owned(),
        optional: true,
        ..Configured::default()
    });
    Asked {
        learn: policy.version.learn != Learn::Off,
        only_listed: policy.version.learn == Learn::Known,
        ignore: policy.version.ignore.clone(),
        files: files.chain(readmes).collect(),
    }
}

/// Everything that is looked at in the present state.
pub fn looks(c: &Case<'_>, survey: &Survey<Proofs>) -> Vec<Look> {
    let mut looks = Looks::default();
    let number = c.facts.number.to_string();
    let read = c.facts.policy.get();
    // Pinned once it is right; a wrong file may be mended.
    let pinned = read.is_some_and(|read| !read.is_wrong());
    let every = if pinned { Millis::MAX } else { 60 * MINUTE };
    let by = &c.facts.trigger.by.login;
    let begins = read.is_none() && labels::is_triggered(c) && !by.is_empty();
    let ahead = begins.then(|| by.clone());
    looks.add(Read::Policy { ahead }, &number, every);
    if read.is_some() {
        let settled = !(pinned && labels::is_unsettled(c));
        let every = if settled {
            30 * MINUTE
        } else {
            labels::SETTLES
        };
        looks.add(Read::Issue, &number, every);
        if pinned && !labels::unexplained(c).is_empty() {
            looks.add(Read::Labellers, &number, Millis::MAX);
        }
        let names = channels(c);
        if !names.is_empty() && survey.proofs.begun.is_some() {
            // Settings of the server: they change with a start of it.
            let subject = names.join(" ");
            looks.add(Read::Channels { names }, subject, Millis::MAX);
        }
        let joined = c.facts.along().is_some() || c.facts.has_left();
        let goes_along = joined && !along::looks(c);
        if survey.proofs.begun.is_some() && c.line.rolled_back().is_none() && !goes_along {
            started(c, survey, &mut looks);
        }
        rollback::looks(c, survey, &mut looks);
    }
    outages::look(c, survey, &mut looks);
    looks.0
}

/// Once it may begin: the base, and what stands on it.
fn started(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let (policy, line) = (c.policy, c.line);
    let base = line.seen.base.get();
    if c.facts.cancelled.is_none() {
        // A release or a manifest that is missing may come.
        let missing = base.is_some_and(|base| !base.is_clear());
        let said = line.start.as_ref();
        let among = c.facts.among.as_ref();
        let line_name = among.map(|among| among.line.clone());
        // Of several lines it is the branch of the one that it is named like.
        let written = policy.base.written_line_branch().filter(|branch| {
            let several = among.filter(|among| !among.is_alone());
            let named = LineName::read(branch);
            several.is_none_or(|among| named.is_none_or(|named| named == among.line))
        });
        looks.add(
            Read::Base {
                tag_pattern: policy.base.written_tag_pattern().map(str::to_owned),
                said: said
                    .map(|start| start.tag.clone())
                    .filter(|tag| !tag.is_empty()),
                line_said: said.and_then(|start| start.branch.clone()),
                line: line_name,
                line_branch: written.map(str::to_owned),
                branch_pattern: policy.base.branch.clone(),
                prereleases: policy.base.prereleases,
                changelog: policy.version.changelog.clone(),
                leave_locks: !policy.version.update_lock,
                known_issues: policy.announce.known_issues.clone(),
                security_policy: policy.security.policy.clone(),
                packages: policy.version.packages.clone(),
                kinds: policy.version.ecosystem.kinds().to_vec(),
                registry: policy.verify.names_registries(),
                places: places(policy),
            },
            policy.base.tag_pattern.clone(),
            if missing { 30 * MINUTE } else { Millis::MAX },
        );
    }
    guards(c, survey, looks);
    let (Some(base), Some(version)) = (base, &line.version) else {
        return;
    };
    if line.locked().is_none() {
        let base = base.commit.clone();
        looks.add(
            Read::Main {
                base: base.clone(),
                line: target::line(c).map(str::to_owned),
            },
            base.as_str(),
            60 * MINUTE,
        );
    }
    let branch = names::branch(c, version);
    // What the bot may not make a person makes.
    let by_hand = is_held(survey);
    if (line.branch_made || by_hand) && line.branch_deleted.is_none() {
        let head = line.seen.branch.get().and_then(|b| b.head.as_ref());
        looks.add(
            Read::Branch {
                branch: branch.clone(),
                base: base.commit.clone(),
                known: head
                    .filter(|h| !h.versions.is_empty())
                    // An earlier version read less of them.
                    .filter(|h| h.commits.iter().all(|commit| commit.hands.is_some()))
                    .map(|h| h.sha.clone()),
                package: base.package.clone(),
                version: version.clone(),
                actions: base.actions.iter().map(|it| it.folder.clone()).collect(),
                registry: policy.verify.names_registries(),
            },
            branch,
            if by_hand { 2 * MINUTE } else { 15 * MINUTE },
        );
    }
    // The fix may be there already, and its merge may close the issue.
    if line.locked().is_none() && survey.proofs.branched.is_some() {
        looks.add(Read::Fixes, c.facts.number.to_string(), Millis::MAX);
    }
    offers(c, survey, looks);
    pull(c, survey, looks);
    runs(c, survey, looks);
    let tag = names::tag(c, version);
    let made_by_hand = line.seen.tag.dirty > 1;
    if line.locked().is_some() || made_by_hand {
        looks.add(Read::Tag { tag: tag.clone() }, tag, 30 * MINUTE);
    }
    let beside = pointers::all(c, version, &names::tag(c, version));
    if !beside.is_empty() && survey.proofs.branched.is_some() {
        let read = Read::Pointers { names: beside };
        looks.add(read, version, 30 * MINUTE);
    }
    if line.locked().is_none() {
        let first = survey.needs(UNTIL).find_map(|need| match &need.kind {
            NeedKind::DraftFirst { tag, .. } => Some(tag.clone()),
            _ => None,
        });
        if let Some(tag) = first {
            looks.add(Read::Release { tag: tag.clone() }, tag, 2 * MINUTE);
        }
    }
    let needs = survey.needs(UNTIL).chain(survey.needs(AFTER));
    if let Some((read, subject, every)) = halted::look(c, needs) {
        looks.add(read, subject, every);
    }
    outside(c, survey, looks);
    on_main(c, survey, looks);
    besides(c, survey, looks);
}

/// What leads into the hotfix branch, while there is no fix. A branch that is new
/// has none: before anything was heard of one, nobody asks. That a run may start is
/// told to nobody who does not know its branch.
fn offers(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let seen = &c.line.seen.offers;
    let heard = seen.dirty > 1;
    let Some(branched) = survey.proofs.branched.as_ref().filter(|_| heard) else {
        return;
    };
    if c.line.locked().is_some() || survey.proofs.fixed.is_some() {
        return;
    }
    let mut offers = seen.get().into_iter().flatten();
    let branch = branched.branch.clone();
    looks.add(
        Read::Offers {
            branch: branch.clone(),
        },
        branch,
        match offers.any(|offer| offer.waits.is_some()) {
            true => 2 * MINUTE,
            false => 15 * MINUTE,
        },
    );
}

/// Whether the settings keep the branch from being made.
fn is_held(survey: &Survey<Proofs>) -> bool {
    let mut needs = survey.needs(UNTIL);
    needs.any(|need| matches!(need.kind, NeedKind::Preflight { .. }))
}

/// What the settings allow: of rules GitHub tells when they change, of the rest
/// it does not, so what is forbidden is looked at again.
fn guards(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    if c.facts.cancelled.is_some() || survey.proofs.shipped.is_some() {
        return;
    }
    let forbids = |need: &Need| match &need.kind {
        NeedKind::Preflight { .. } | NeedKind::MergeNow { .. } => true,
        NeedKind::TagNow { by, .. } => matches!(by, Tags::Protected { .. }),
        NeedKind::ReleaseStopped { why, .. } => matches!(why, Stopped::Environment(_)),
        _ => false,
    };
    let forbids = survey.needs(UNTIL).chain(survey.needs(AFTER)).any(forbids);
    let every = if forbids { 2 * MINUTE } else { Millis::MAX };
    looks.add(Read::Guards, c.facts.number.to_string(), every);
}

/// The hotfix pull request, and who may approve it.
fn pull(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let pull = c.line.seen.pull.get();
    // Merged, or replaced by the forward-port: nothing more is asked of it. The
    // decision waits for one more look, also where somebody merged it before.
    let replaced = c.line.port.number.is_some() && target::line(c).is_none();
    let decided = c.line.locked().is_some();
    // What was merged may be what is tagged.
    let tree = c.line.locked().is_some_and(at_merge::is_open);
    let through =
        pull.is_some_and(|pull| decided && !tree && (pull.merged || (!pull.open && replaced)));
    if let Some(number) = c.line.pull_number.filter(|_| !through) {
        // Before there is a fix nobody asks whether it merges.
        let asked = survey.proofs.fixed.is_some();
        let unknown = pull.is_none_or(|pull| {
            let merges = pull.open && pull.mergeable.is_none() && asked;
            merges || tree && pull.merged && pull.merge_tree.is_none()
        });
        looks.add(
            Read::Pull {
                number,
                pull: PullKind::Hotfix,
                marked: Vec::new(),
                tree,
            },
            number.to_string(),
            if unknown { 10 * SECOND } else { 15 * MINUTE },
        );
    }
    let by_hand = pull.is_some_and(|pull| !pull.open && !pull.merged) && !replaced;
    if let Some(number) = c.line.pull_number.filter(|_| by_hand) {
        looks.add(Read::Closer { number }, number.to_string(), Millis::MAX);
    }
    let Some(fixed) = survey.proofs.fixed.as_ref() else {
        return;
    };
    if c.line.locked().is_none() {
        looks.add(
            Read::Reviews { number: fixed.pull },
            format!("{}@{}", fixed.pull, fixed.head.short()),
            15 * MINUTE,
        );
        if c.policy.merge.approvals.written().is_none() {
            looks.add(Read::Writers, c.facts.number.to_string(), 15 * MINUTE);
        }
    }
}

/// The runs of the head, and after the tag those of the tag.
fn runs(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let proofs = &survey.proofs;
    let Some(fixed) = &proofs.fixed else {
        return;
    };
    let installs = |branched| {
        let open = proofs.verified.is_none();
        open && install::is_awaited(
            c,
            branched,
            c.line.locked().map_or(&fixed.head, |it| it.commit()),
        )
    };
    if proofs.monitored.is_some() && !proofs.branched.as_ref().is_some_and(installs) {
        return;
    }
    let chained = match (&proofs.branched, &proofs.tagged) {
        (Some(branched), Some(tagged)) => awaited(c, branched, &tagged.tag.commit),
        _ => None,
    };
    let locked = c.line.locked().is_some();
    let commit = c.line.locked().map_or(&fixed.head, |it| it.commit());
    looks.add(
        Read::Runs {
            sha: commit.clone(),
            chained,
            pull: PullKind::Hotfix,
        },
        commit.as_str(),
        match locked {
            // What is over changes by somebody's hand alone, which is heard of.
            _ if are_over(survey) => 15 * MINUTE,
            true => 2 * MINUTE,
            false => 5 * MINUTE,
        },
    );
    let branched = proofs.branched.as_ref().filter(|_| !locked);
    let shows = branched.and_then(|branched| tried::look(c, branched, &fixed.head));
    if let Some((read, subject)) = shows {
        // What is over stays as it is.
        looks.add(read, subject, Millis::MAX);
    }
    let wanted = branched.map_or_else(Vec::new, |branched| checks::wanted(c, branched));
    if !wanted.is_empty() {
        let seen = c.line.seen.checks.get();
        let all_passed = seen.is_some_and(|seen| wanted.iter().all(|it| it.is_met(seen)));
        looks.add(
            Read::Checks {
                sha: fixed.head.clone(),
                names: wanted.into_iter().map(|it| it.name).collect(),
            },
            fixed.head.as_str(),
            // Not everything that ends is heard of.
            if all_passed { 5 * MINUTE } else { MINUTE },
        );
    }
}

/// Whether a run failed and none is under way or to come.
fn are_over(survey: &Survey<Proofs>) -> bool {
    let mut failed = false;
    for need in survey.needs(UNTIL).chain(survey.needs(AFTER)) {
        match &need.kind {
            NeedKind::RunFailed { .. } | NeedKind::RunSkipped { .. } => failed = true,
            NeedKind::RunPending { .. }
            | NeedKind::RunSlow { .. }
            | NeedKind::RunWaiting { .. }
            | NeedKind::RunMissing {
                can_start: true, ..
            }
            | NeedKind::ReleaseRunMissing { .. }
            | NeedKind::ReleaseRunUnclear { .. } => return false,
            _ => {}
        }
    }
    failed
}

/// The reads that are due now: whatever is looked at and has an unanswered
/// cause, and the roles of those who wait for an answer.
pub fn wishes(c: &Case<'_>, looks: &[Look]) -> Vec<Wish<Intent>> {
    let due = looks.iter().filter_map(|look| {
        let state = c.facts.state(c.line, look.object);
        (!state.current).then(|| {
            Wish::new(Act::Read(look.read.clone()), look.subject.clone())
                .of(c.id)
                .generation(state.dirty)
                .delay(if state.known { DEBOUNCE } else { 0 })
        })
    });
    due.chain(roles(c)).chain(words(c.facts)).collect()
}

/// The roles of those who wait for an answer.
pub fn roles(c: &Case<'_>) -> Vec<Wish<Intent>> {
    let f = c.facts;
    let waiting = f.said.iter().filter(|s| s.state == SaidState::Waiting);
    let mut asked: Vec<String> = waiting.map(|s| s.by.login.to_lowercase()).collect();
    // Only once it is known that the label means anything here, and as long as it does.
    if f.policy.get().is_some() && f.over.is_none() {
        let trigger = Some(&f.trigger.by).filter(|_| labels::is_triggered(c));
        let labellers = labels::present(c).map(|it| &it.by).chain(trigger);
        asked.extend(labellers.map(|by| by.login.to_lowercase()));
    }
    asked.sort_unstable();
    asked.dedup();
    let teams = c.policy.roles.teams();
    let wish = |login: String| {
        let role = f.roles.get(&login).filter(|role| !role.is_current())?;
        let read = Read::Role {
            login: login.clone(),
            teams: teams.clone(),
        };
        Some(Wish::new(Act::Read(read), login).generation(role.dirty))
    };
    asked.into_iter().filter_map(wish).collect()
}

/// The comments whose authors are asked once more whether they still say so.
fn words(f: &Facts) -> impl Iterator<Item = Wish<Intent>> + '_ {
    let open = |comment: u64| {
        f.said
            .iter()
            .any(|it| it.comment == comment && it.is_open())
    };
    let asked = f.reread.iter();
    let asked = asked.filter(move |(comment, seen)| !seen.is_current() && open(**comment));
    asked.map(|(comment, seen)| {
        let read = Read::Word { comment: *comment };
        Wish::new(Act::Read(read), comment.to_string()).generation(seen.dirty)
    })
}

/// Whether one of these objects is looked at and its answer is still to come: no
/// answer comes to a read that was refused, before it is made again.
pub fn is_looking(c: &Case<'_>, looks: &[Look], objects: &[Object]) -> bool {
    looks.iter().any(|look| {
        let asked = || !c.facts.state(c.line, look.object).current;
        objects.contains(&look.object) && asked() && refused(c, look).is_none()
    })
}

/// The refusal of the read that is wanted of this object.
fn refused<'a>(c: &Case<'a>, look: &Look) -> Option<&'a Refusal> {
    let place = Place {
        line: c.id.clone(),
        slot: Slot::Read(look.object),
    };
    let refusal = c.facts.refused.get(&place);
    let dirty = c.facts.state(c.line, look.object).dirty;
    refusal.filter(|it| it.subject == look.subject && it.generation == dirty)
}

/// The objects that are looked at by the clock, and whose answer is of a read that
/// began before this moment: it says nothing of what should have been by then.
pub fn older(c: &Case<'_>, looks: &[Look], at: Millis) -> Vec<Object> {
    let states = by_clock(c, looks);
    let old = states.filter(|(_, state)| state.current && state.began < at);
    old.map(|(look, _)| look.object).collect()
}

/// Whether no answer is older than it may be, as far as GitHub lets that be known:
/// nobody waits for what it refuses, or is silent on.
pub fn are_fresh(c: &Case<'_>, looks: &[Look]) -> bool {
    by_clock(c, looks).all(|(look, state)| {
        let place = Place {
            line: c.id.clone(),
            slot: Slot::Read(look.object),
        };
        let old = aged_at(c, look).is_some_and(|at| at <= c.facts.now);
        state.current && !old
            || refused(c, look).is_some()
            || c.facts.unanswered.contains_key(&place)
    })
}

fn by_clock<'a>(c: &Case<'a>, looks: &'a [Look]) -> impl Iterator<Item = (&'a Look, State)> {
    let (facts, line) = (c.facts, c.line);
    let looks = looks.iter().filter(|look| look.every < Millis::MAX);
    looks.map(move |look| (look, facts.state(line, look.object)))
}

/// The moment at which the next of these answers is too old.
pub fn next(c: &Case<'_>, looks: &[Look]) -> Option<Millis> {
    looks.iter().filter_map(|look| aged_at(c, look)).min()
}

/// The objects whose answer is too old now.
pub fn aged(c: &Case<'_>, looks: &[Look]) -> Vec<Object> {
    let old = |look: &&Look| aged_at(c, look).is_some_and(|at| at <= c.facts.now);
    looks.iter().filter(old).map(|look| look.object).collect()
}

fn aged_at(c: &Case<'_>, look: &Look) -> Option<Millis> {
    let state = c.facts.state(c.line, look.object);
    if !state.current {
        // What was refused may be there by now.
        return refused(c, look).map(|it| it.at.saturating_add(REFUSED));
    }
    let every = look.every.max(slower(c, state));
    (look.every < Millis::MAX).then(|| state.at.saturating_add(every))
}

/// What stays as it is, and is not heard of, is asked for ever more rarely: the
/// longer since anything happened, the longer until the next look.
fn slower(c: &Case<'_>, state: State) -> Millis {
    if state.unchanged == 0 {
        return 0;
    }
    let decided = c.line.decision.iter().map(|decision| decision.by.at);
    let proven = c.line.proven.values().copied();
    let said = c.facts.said.iter().map(|said| said.at);
    let happened = decided.chain(proven).chain(said).max().unwrap_or_default();
    let quiet = state.at - state.unchanged.max(happened);
    (quiet / 10).clamp(0, SELDOM)
}
