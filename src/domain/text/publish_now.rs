//! What a person is asked to publish after the tag, in words.

use super::markdown::{and, code};
use super::names;
use super::shipping::{
    by_bot, by_person, create_release, files, is_draft, publish_draft, start, unknown, verb,
};
use super::words::{Words, only};
use crate::domain::policy::PATH;
use crate::domain::procedure::verify::released;
use crate::domain::shipping::Publishes;
use crate::domain::view::View;

/// By what a person publishes it, and which files belong to the release: those that the
/// one before has are nowhere in the command that makes it.
fn by_hand(registry: bool, release: bool, view: &View<'_>) -> String {
    let commands = by_person(registry, release, view);
    let base = view.line.seen.base.get();
    let before = base.and_then(|base| Some((base, base.release.as_ref()?)));
    let count = before.map_or(0, |(_, release)| release.assets.len());
    match before {
        Some((base, _)) if release && !is_draft(view) && count > 0 => {
            let files = if count == 1 { "file" } else { "files" };
            let tag = code(&base.tag);
            format!("{commands}, with the {count} {files} that {tag} has, built anew")
        }
        _ => commands,
    }
}

/// What did not come out although everything is through.
fn not_there(registry: bool, release: bool, view: &View<'_>) -> String {
    let lacks = || names::registries_do(view, "does not have it", "do not have it");
    let version = registry.then(lacks);
    let release = release.then(|| match is_draft(view) {
        true => "its GitHub release is a draft still".to_owned(),
        false => "there is no GitHub release of it".to_owned(),
    });
    let all: Vec<String> = version.into_iter().chain(release).collect();
    and(&all)
}

/// The release is published, and what that starts has not published the rest.
fn started_by_release(file: &str, registry: bool, view: &View<'_>) -> String {
    let tag = names::tag_or_hotfix(view);
    let by_hand = by_person(registry, false, view);
    let runs = view.line.seen.runs.get();
    let all = runs.map_or(&[][..], |runs| runs.runs.as_slice());
    let mine = all
        .iter()
        .filter(|run| run.file() == file && run.ref_name == tag);
    let run = mine.max_by_key(|run| run.id).filter(|run| run.failed());
    let (tag, what) = match (code(&tag), file.is_empty()) {
        (tag, true) => (tag, "the workflow".to_owned()),
        (tag, false) => (tag, code(file)),
    };
    match run {
        Some(run) => format!(
            "{tag} to be published: the run {} failed, which the published GitHub release started, and nothing else publishes it. Mend what failed, and run it again ({}), or publish by hand: {by_hand}",
            names::run(run),
            code(&format!("gh run rerun {} --failed", run.id)),
        ),
        None => format!(
            "{tag} to be published by {what}, which its published GitHub release starts. Where it does not start: {by_hand}"
        ),
    }
}

/// A person publishes.
pub(super) fn publish_now(by: &Publishes, registry: bool, release: bool, view: &View<'_>) -> Words {
    let tag = names::tag_or_hotfix(view);
    only(match by {
        Publishes::Release { file } if released(&view.case).is_some() => {
            started_by_release(file, registry, view)
        }
        Publishes::Tag { files: all } => format!(
            "{} to be published now: {} {} through, and {}. Look there, then publish it: {}. The bot watches and goes on by itself",
            code(&tag),
            files(all),
            verb(all, "is", "are"),
            not_there(registry, release, view),
            by_hand(registry, release, view)
        ),
        Publishes::Unseen { files: all } => format!(
            "{} to come out: {} may publish it, and the bot does not see what that does. Look there first. If it publishes nothing: {}. The bot watches and goes on by itself; {} holds who does it for good ({} or {})",
            code(&tag),
            files(all),
            by_hand(registry, release, view),
            code(PATH),
            code("release.published_by = \"tag\""),
            code("release.published_by = \"person\""),
        ),
        Publishes::Release { file } => format!(
            "the GitHub release of {}: publishing it is what starts {}, and nobody but a person or an App starts anything by that ({})",
            code(&tag),
            if file.is_empty() {
                "the workflow".to_owned()
            } else {
                code(file)
            },
            match view.line.seen.release.get() {
                Some(Some(release)) if release.draft => {
                    code(&publish_draft(&tag, view))
                }
                _ => code(&create_release(&tag, view)),
            }
        ),
        Publishes::Dispatch(by) => format!(
            "{} to be started at the tag, for nothing else publishes {}: {}{}. The bot does it next time where {} holds {}",
            code(&by.file),
            code(&tag),
            code(&start(by)),
            unknown(by),
            code(PATH),
            code(&by_bot(by, view)),
        ),
        _ => format!(
            "{} to be published now, for no workflow of this repository is known to do it: {}. The bot watches and goes on by itself",
            code(&tag),
            by_hand(registry, release, view)
        ),
    })
}
