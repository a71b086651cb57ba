//! What the maintainer does where no workflow does it.

use super::intent::{Intent, MINUTE, intent};
use crate::rehearsal::act::Act;
use crate::rehearsal::registry::{Registry, Version};
use crate::rehearsal::scenario::Habit;
use crate::rehearsal::view::{View, file_of};
use crate::sim::actions::Run;
use crate::sim::clock::Millis;

/// What no workflow did, once everything that the tag started is over: the
/// release first, because a workflow may wait for it.
pub fn wanted(view: &View<'_>) -> Vec<Intent> {
    let mut wanted = Vec::new();
    let (Some(product), Some(tag), Some(version)) = (view.product(), view.tag(), view.version())
    else {
        return wanted;
    };
    let name = format!("refs/tags/{tag}");
    let Some(tagged) = view.changes(&name).last().map(|c| c.at) else {
        return wanted;
    };
    let commit = view.repo.git.read_ref(&name);
    let commit = commit.and_then(|target| view.repo.git.peel(&target));
    let runs = || {
        let all = view.repo.actions.runs.values();
        // What else runs on the default branch is no matter of the release.
        let of_tag = |r: &&Run| {
            let tagged = view.roles(|r| &r.tagged);
            let chained = r.event != "push" && tagged.contains(&file_of(r).to_owned());
            Some(&r.head_sha) == commit.as_ref() || chained
        };
        all.filter(move |r| r.created_at >= tagged)
            .filter(of_tag)
            .collect::<Vec<_>>()
    };
    // A file that GitHub cannot read starts nothing, and tells nothing of others.
    let is_of_release = |r: &&&Run| {
        let tagged = view.roles(|r| &r.tagged);
        !never_began(r) || tagged.contains(&file_of(r).to_owned())
    };
    if runs()
        .iter()
        .filter(is_of_release)
        .any(|r| r.status != "completed" || is_broken(r))
    {
        return wanted;
    }
    let over = runs().iter().map(|r| r.updated_at).max().unwrap_or(tagged);
    if view.release(&tag).is_none() {
        let base = view.release(&product.base_tag);
        let written = view.written().unwrap_or_default();
        let renamed = |name: &str| name.replace(&product.base_version, &written);
        let assets = base.map_or(Vec::new(), |r| {
            r.assets.iter().map(|a| renamed(&a.name)).collect()
        });
        let act = Act::Release { tag, assets };
        wanted.push(intent("release by hand", over + 8 * MINUTE, act).of(Habit::Publish));
    } else {
        let package = &product.package;
        let own = package.registry().filter(|_| view.is_published());
        let own = own.map(|registry| (registry, package.name.clone()));
        let all = product.with_it.iter().cloned().chain(own);
        // Those that the registry has never heard of are nobody's to publish.
        let late = |(registry, name): &(Registry, String)| {
            let of = Version {
                name,
                number: version,
            };
            registry.publishes().is_some()
                && registry.knows(view.world, name)
                && registry.served(view.world, of).is_none()
        };
        for (nth, (registry, package)) in all.filter(late).enumerate() {
            let cause = format!("publish {package} by hand");
            let act = Act::Publish {
                registry,
                package,
                version: version.to_owned(),
            };
            let at = over + 6 * MINUTE + nth as Millis * 1_000;
            wanted.push(intent(cause, at, act).of(Habit::Publish));
        }
    }
    wanted
}

/// Whether a run was over before it began: its file cannot be read.
fn never_began(run: &Run) -> bool {
    run.conclusion.as_deref() == Some("startup_failure")
}

/// Whether a run ended otherwise than well.
pub fn is_broken(run: &Run) -> bool {
    let end = run.conclusion.as_deref();
    end.is_some_and(|c| c != "success" && c != "skipped" && c != "neutral")
}
