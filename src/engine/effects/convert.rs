//! From GitHub's objects to facts; numbers and registry errors.

use std::collections::BTreeSet;

use crate::domain::ids::{Sha, fingerprint};
use crate::domain::objects;
use crate::domain::sums::digest;
use crate::domain::text::{PULL_END, PULL_START, YANKED, YANKED_START, notes_with_block};
use crate::github::{Error, Limit, ops};
use crate::registry;

/// An id or number as the client takes it.
///
/// # Errors
/// `Invalid` where it is beyond what GitHub counts to.
pub fn id(number: u64) -> Result<i64, Error> {
    i64::try_from(number)
        .map_err(|_| Error::invalid(format!("{number} is no id or number of GitHub's")))
}

/// An id or number as facts keep it; GitHub has no negative ones.
pub fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A pull request. A list leaves `mergeable` out: unknown.
pub fn pull(pull: &ops::Pull) -> objects::Pull {
    let merged = pull.is_merged();
    objects::Pull {
        node_id: pull.node_id.clone(),
        open: pull.state == "open",
        draft: pull.draft,
        merged,
        // Before the merge it is the test merge.
        merge_commit: pull
            .merge_commit_sha
            .as_deref()
            .filter(|sha| merged && !sha.is_empty())
            .map(Sha::from),
        merge_tree: None,
        mergeable: pull.mergeable,
        head: Sha::new(pull.head.sha.clone()),
        marked: Vec::new(),
        way: way(pull),
        called: Some(Box::new(objects::Called {
            title: pull.title.as_str().into(),
            labels: pull.labels.iter().map(|l| l.name.clone()).collect(),
            block: own_words(&pull.body).map(|block| fingerprint(&block)),
        })),
    }
}

fn way(pull: &ops::Pull) -> objects::Way {
    let id = |side: &ops::PullSide| side.repo.as_ref().map_or(0, |repo| repo.id);
    let base = pull.base.repo.as_ref();
    objects::Way {
        base: pull.base.name.clone(),
        base_repo: id(&pull.base),
        default_branch: base.map_or_else(String::new, |repo| repo.default_branch.clone()),
        head: pull.head.name.clone(),
        head_repo: id(&pull.head),
    }
}

/// The pull request as a read of it would be seen.
pub fn seen(kind: objects::PullKind, pull: objects::Pull) -> objects::Observation {
    match kind {
        objects::PullKind::Hotfix => objects::Observation::Pull(pull),
        objects::PullKind::Port => objects::Observation::Port(pull),
        objects::PullKind::Known => objects::Observation::Known(pull),
    }
}

/// A release; `latest` is asked for elsewhere.
pub fn release(release: &ops::Release) -> objects::Release {
    objects::Release {
        id: count(release.id),
        url: release.html_url.clone(),
        draft: release.draft,
        prerelease: release.prerelease,
        latest: false,
        assets: release.assets.iter().map(asset).collect(),
        notes: own_block(&release.body).map(|block| fingerprint(&block)),
        immutable: release.immutable,
        withdrawn: is_withdrawn(release.name.as_deref(), &release.body),
    }
}

fn asset(asset: &ops::Asset) -> objects::Asset {
    objects::Asset {
        name: asset.name.clone(),
        uploaded: asset.state == "uploaded",
        size: count(asset.size),
        id: count(asset.id),
        digest: asset.digest.as_deref().and_then(digest),
    }
}

const START: &str = "<!-- hotfix-bot:notes -->";
const END: &str = "<!-- /hotfix-bot:notes -->";

/// Our block in release notes, with its markers.
fn own_block(notes: &str) -> Option<String> {
    between(notes, START, END).map(unbroken)
}

/// Our part of a pull request's body, with its markers.
pub fn own_words(body: &str) -> Option<String> {
    between(body, PULL_START, PULL_END).map(unbroken)
}

/// The body with this in place of our part; none where that is not there, or says so
/// already.
pub fn body_to_write(body: &str, words: &str) -> Option<String> {
    let there = between(body, PULL_START, PULL_END)?;
    (unbroken(there) != words).then(|| body.replacen(there, words, 1))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = text.get(text.find(start)?..)?;
    rest.get(..rest.find(end)? + end.len())
}

/// GitHub's editor turns line breaks into CR LF, which is no change.
fn unbroken(block: &str) -> String {
    block.replace("\r\n", "\n")
}

/// Whether title and notes say that it is taken back.
pub fn is_withdrawn(title: Option<&str>, notes: &str) -> bool {
    title.is_some_and(|it| it.starts_with(YANKED)) && notes.contains(YANKED_START)
}

/// The notes as they are with the block; none where they hold it already.
pub fn notes_to_write(notes: &str, block: &str) -> Option<String> {
    let holds = own_block(notes).as_deref() == Some(block);
    (!holds).then(|| notes_with_block(notes, block))
}

/// How our block stands there, held against what it is to be.
pub fn notes_were(notes: &str, block: &str) -> objects::NotesWere {
    let Some(old) = own_block(notes) else {
        return objects::NotesWere::Missing;
    };
    if old == block {
        return objects::NotesWere::Same;
    }
    let beyond = |of: &str, other: &str| {
        let there: BTreeSet<&str> = other.lines().collect();
        let beyond = of.lines().filter(|line| !there.contains(line)).count();
        u64::try_from(beyond).unwrap_or_default()
    };
    objects::NotesWere::Other {
        new: beyond(block, &old),
        gone: beyond(&old, block),
    }
}

/// A registry's error by what to do next.
pub fn registry_error(error: registry::Error) -> Error {
    let words = error.to_string();
    match error {
        registry::Error::Transient(_) | registry::Error::Unclear(_) => Error::Transient(words),
        registry::Error::RateLimited { until } => Error::RateLimited {
            until,
            limit: Limit::Elsewhere,
        },
        registry::Error::Forbidden(_) => Error::Forbidden {
            message: words,
            needs: None,
        },
        registry::Error::Invalid(_) | registry::Error::NoToken => Error::invalid(words),
    }
}

/// The checks that a branch's protection and its rules require, each once.
pub fn required_checks(
    protection: &ops::Protection,
    rules: &[ops::Rule],
) -> Vec<objects::RequiredCheck> {
    let classic = &protection.required_status_checks;
    let off = classic.enforcement_level.as_deref() == Some("off");
    let pinned = classic.checks.iter().map(|it| (&it.context, it.app_id));
    // Older answers have names alone.
    let named = |name: &&String| classic.checks.iter().all(|it| it.context != **name);
    let named = classic.contexts.iter().filter(named).map(|it| (it, None));
    let classic = pinned.chain(named).filter(|_| !off);
    let of_rules: Vec<_> = rules.iter().flat_map(ops::Rule::required_checks).collect();
    let of_rules = of_rules.iter().map(|it| (&it.context, it.integration_id));
    let mut all: Vec<objects::RequiredCheck> = Vec::new();
    for (name, app) in classic.chain(of_rules) {
        let check = objects::RequiredCheck {
            name: name.clone(),
            // No App has the number 0 or -1: any will do.
            app: app
                .and_then(|id| u64::try_from(id).ok())
                .filter(|id| *id > 0),
        };
        if !all.contains(&check) {
            all.push(check);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_recognized_whatever_the_line_breaks() {
        let block = format!("{START}\n## Hotfix\n{END}");
        let notes = format!("by hand\r\n{}\r\nmore", block.replace('\n', "\r\n"));
        assert_eq!(own_block(&notes).as_deref(), Some(block.as_str()));
        assert_eq!(notes_to_write(&notes, &block), None);
        let newer = format!("{START}\nmore\n{END}");
        let replaced = notes_to_write(&notes, &newer).unwrap();
        assert!(
            replaced.contains(&newer) && !replaced.contains("## Hotfix"),
            "{replaced}"
        );
        assert_eq!(own_block(START), None);
        assert_eq!(notes_to_write("", &block).as_deref(), Some(block.as_str()));
    }

    #[test]
    fn the_test_merge_is_no_merge_commit() {
        let mut open = ops::Pull {
            state: "open".into(),
            merge_commit_sha: Some("AB".into()),
            ..ops::Pull::default()
        };
        assert_eq!(pull(&open).merge_commit, None);
        open.state = "closed".into();
        open.merged_at = Some(1);
        let merged = pull(&open);
        assert!(merged.merged && !merged.open);
        assert_eq!(merged.merge_commit, Some(Sha::from("ab")));
    }
}
