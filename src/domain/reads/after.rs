//! What is looked at after the tag: what it publishes, and the way to main.

use super::looks::{Looks, MINUTE, SECOND};
use crate::domain::ids::Millis;
use crate::domain::need::{Need, NeedKind};
use crate::domain::objects::{Answered, OnRegistry, PullKind, RegistryKind};
use crate::domain::policy::OldLines;
use crate::domain::procedure::release::AFTER;
use crate::domain::procedure::verify::{
    has_registry, has_release, is_out, missing_assets, on_registries, published, raised, released,
};
use crate::domain::procedure::{
    Case, Proofs, Survey, duplicates, embargo, looked, on_line, on_main, open_port, side_pull,
};
use crate::domain::read::Read;

/// Who else reported it, once there is something to tell them, whether the advisory is
/// published, and what else still speaks of the old release.
pub(super) fn besides(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    if duplicates::is_due(c, &survey.proofs) {
        let number = c.facts.number.to_string();
        looks.add(Read::Duplicates, number, Millis::MAX);
    }
    let advisory = c.facts.advisory.as_deref().filter(|it| !it.is_settled());
    if let Some(advisory) = advisory.filter(|_| embargo::is_over(c, &survey.proofs)) {
        let id = advisory.id.clone();
        looks.add(Read::Advisory { id }, advisory.id.as_str(), 5 * MINUTE);
    }
    let (Some(branched), Some(tagged)) = (&survey.proofs.branched, &survey.proofs.tagged) else {
        return;
    };
    let named = c.policy.announce.readme != OldLines::Leave;
    if named && survey.proofs.verified.is_some() {
        let commit = tagged.tag.commit.clone();
        let version = branched.base.version.clone();
        let subject = commit.short().to_owned();
        looks.add(Read::OldLines { commit, version }, subject, Millis::MAX);
    }
}

/// What the tag's workflows are to publish, once the tag stands.
pub(super) fn outside(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let proofs = &survey.proofs;
    let (Some(branched), Some(_), None) = (&proofs.branched, &proofs.tagged, &proofs.verified)
    else {
        return;
    };
    let asked = |need: &Need| {
        let kind = &need.kind;
        matches!(
            kind,
            NeedKind::PublishNow { .. }
                | NeedKind::MergeWaits { .. }
                | NeedKind::RunFailed { release: true, .. }
        )
    };
    let monitored = proofs.monitored.is_some() || survey.needs(AFTER).any(asked);
    // Before the runs are through, and nobody waits for more, only what is heard is read.
    let every = |there: bool, often: Millis| match (monitored, there) {
        (true, false) => often,
        (true, true) => 30 * MINUTE,
        (false, _) => 10 * MINUTE,
    };
    if has_registry(c, branched) && monitored {
        let mut all = on_registries(c, branched);
        let own = |it: &OnRegistry| it.package == branched.base.package.name;
        let first = all.iter().position(own).unwrap_or_default();
        let first = all.remove(first);
        let (others, beside) = all
            .into_iter()
            .partition::<Vec<_>, _>(|it| it.registry == first.registry);
        let raised = raised(c);
        // What was raised on its own is of the package's kind.
        let own = RegistryKind::of(branched.base.package.kind()).unwrap_or_default();
        let elsewhere = raised.iter().filter(|_| own != first.registry);
        let elsewhere = elsewhere.map(|(package, version)| OnRegistry {
            registry: own,
            package: package.clone(),
            version: version.clone(),
        });
        let seen = c.line.seen.registry.get().and_then(Option::as_ref);
        looks.add(
            Read::Registry {
                package: first.package,
                version: branched.version.clone(),
                others: others.into_iter().map(|it| it.package).collect(),
                raised: match own == first.registry {
                    true => raised.to_vec(),
                    false => Vec::new(),
                },
                known: seen.map_or_else(Vec::new, |v| v.built.clone()),
                registry: first.registry,
                beside: beside.into_iter().chain(elsewhere).collect(),
                // Of a crate the one file is all there is.
                base: match first.registry {
                    RegistryKind::CratesIo => String::new(),
                    _ => branched.base.version.clone(),
                },
            },
            branched.version.clone(),
            every(published(c).is_some(), 30 * SECOND),
        );
    }
    // Of several chained runs the release of our tag tells which was ours.
    let unclear = || {
        let mut needs = survey.needs(AFTER);
        needs.any(|n| matches!(n.kind, NeedKind::ReleaseRunUnclear { .. }))
    };
    if has_release(c, branched) && (monitored || unclear()) {
        let complete = |r| missing_assets(c, branched, r).is_empty();
        looks.add(
            Read::Release {
                tag: branched.tag.clone(),
            },
            branched.tag.clone(),
            every(released(c).is_some_and(complete), MINUTE),
        );
    }
    if let Some((read, subject)) = looked::sums_look(c) {
        // What is uploaded anew has another number.
        looks.add(read, subject, Millis::MAX);
    }
    if let Some((read, subject)) = looked::attested_look(c, branched) {
        let all = looked::attestations(c, branched).unwrap_or_default();
        let every = match all.missing.as_slice() {
            [] => Millis::MAX,
            _ => 2 * MINUTE,
        };
        looks.add(read, subject, every);
    }
    let out = is_out(c, branched, proofs.monitored.is_some());
    if let Some(read) = looked::addresses_look(c, branched).filter(|_| out) {
        let all = looked::found(c, branched);
        let shown = all.iter().all(|(_, found)| *found == Some(Answered::Shows));
        let every = if shown { 30 * MINUTE } else { MINUTE };
        looks.add(read, branched.version.clone(), every);
    }
}

/// The way to the default branch: before the decision, what a forward-port
/// would meet; once a side pull request is open, itself, its runs, and whether
/// the fix came along.
pub(super) fn on_main(c: &Case<'_>, survey: &Survey<Proofs>, looks: &mut Looks) {
    let proofs = &survey.proofs;
    let (Some(branched), Some(fixed)) = (&proofs.branched, &proofs.fixed) else {
        return;
    };
    if c.line.locked().is_none() && open_port::is_needed(c) {
        let carry = on_main::carry(branched, fixed);
        looks.add(Read::Trial { carry }, fixed.head.as_str(), Millis::MAX);
    }
    if let (Some(_), Some(read)) = (&proofs.tagged, on_line::look(c, branched, fixed)) {
        looks.add(read, fixed.head.as_str(), 15 * MINUTE);
    }
    if proofs.known.is_none() {
        side(c, PullKind::Known, looks);
    }
    if proofs.landed.is_none() {
        side(c, PullKind::Port, looks);
    }
    // Also once it is there: the default branch may be set back.
    if let (Some(_), Some(read)) = (&proofs.tagged, on_main::look(c, branched, fixed)) {
        let settled = (c.line.missing_since).is_none_or(|at| c.facts.now >= at + on_main::SETTLES);
        let every = if settled { 30 * MINUTE } else { MINUTE };
        looks.add(read, fixed.head.as_str(), every);
    }
}

/// A side pull request and, while it is open, the runs of its head.
fn side(c: &Case<'_>, kind: PullKind, looks: &mut Looks) {
    let made = c.line.side_pull(kind);
    let made = made.and_then(|side| Some((side.number?, side.carried.as_ref()?)));
    let Some((number, carried)) = made else {
        return;
    };
    let (pull, _) = side_pull::seen(c, kind);
    if pull.is_none_or(|pull| !pull.merged) {
        let unknown = pull.is_none_or(|pull| pull.open && pull.mergeable.is_none());
        let by_hand = carried.by_hand.iter();
        looks.add(
            Read::Pull {
                number,
                pull: kind,
                marked: by_hand.map(|(path, _)| path.clone()).collect(),
                tree: false,
            },
            number.to_string(),
            if unknown { 10 * SECOND } else { 15 * MINUTE },
        );
    }
    if let Some(pull) = pull.filter(|pull| pull.open) {
        looks.add(
            Read::Runs {
                sha: pull.head.clone(),
                chained: None,
                pull: kind,
            },
            pull.head.as_str(),
            2 * MINUTE,
        );
    }
}
