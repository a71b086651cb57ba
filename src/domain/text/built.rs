//! What of a release is left to people: a build, a changelog, places, in words.

use super::markdown::{and, code, escape};
use super::names;
use super::phrases::at;
use super::words::{Words, with};
use crate::domain::ids::Sha;
use crate::domain::need::ByHand;
use crate::domain::outside::Outside;
use crate::domain::view::View;
use crate::ecosystem::{LeftAlone, WhyLeft};

/// What is built of what the fix changes stands there as it was.
pub(super) fn stale_build(
    head: &Sha,
    files: &[String],
    folder: &str,
    command: Option<&str>,
) -> Words {
    let one = files.len() == 1;
    let run = match (command, folder.trim_end_matches('/')) {
        (Some(command), "") => format!("Run {}", code(command)),
        (Some(command), folder) => {
            let folder = Outside::from(folder).shell();
            format!("Run {}", code(&format!("cd {folder} && {command}")))
        }
        (None, _) => "Build it as releases are built".to_owned(),
    };
    with(
        format!(
            "the build of the fix: {} changes what {} {} built of, and not {}, which the last release changed with it. {run}, and push what comes of it",
            at(head),
            names::some_files(files),
            if one { "is" } else { "are" },
            if one { "that" } else { "those" },
        ),
        "To release without, a maintainer says",
        "/hotfix override stale-build reason=…",
    )
}

/// What of the bump is left to people.
pub(super) fn left_to_people(head: &Sha, what: &ByHand, view: &View<'_>) -> Words {
    match what {
        ByHand::Changelog { logs } => changelog_by_hand(head, logs),
        ByHand::Notes { files } => pending_notes(files),
        ByHand::Places { version } => places_unread(version, view),
    }
}

/// Changelogs that somebody must write.
fn changelog_by_hand(head: &Sha, logs: &[LeftAlone]) -> Words {
    let all: Vec<String> = logs.iter().map(by_hand).collect();
    with(
        format!(
            "the changelog's section, which {} does not bring: {}",
            at(head),
            all.join("; ")
        ),
        "To release without, a maintainer says",
        "/hotfix override changelog reason=…",
    )
}

/// A changelog that gets no section of the bot's although it is kept, and what gives
/// it one.
fn by_hand(left: &LeftAlone) -> String {
    let path = code(&left.path);
    match &left.why {
        WhyLeft::Fragments { folder, command } if command.is_empty() => format!(
            "{path} is written from the fragments in {}, and nothing shows by which tool. Do on the hotfix branch what the last release did",
            code(folder)
        ),
        WhyLeft::Fragments { folder, command } => format!(
            "{path} is written from {}. Run {} on the hotfix branch, and push what comes of it",
            code(folder),
            code(command)
        ),
        WhyLeft::Shared { names } => format!(
            "the sections of {path} are those of several packages ({}). Write this one on the hotfix branch",
            escape(&and(names))
        ),
        WhyLeft::Encoding => {
            format!("{path} is no text in UTF-8. Write its section on the hotfix branch")
        }
        WhyLeft::NoRelease | WhyLeft::NotKept { .. } => format!("write {path}"),
    }
}

/// Notes that would be counted once more.
fn pending_notes(files: &[String]) -> Words {
    let one = files.len() == 1;
    with(
        format!(
            "a fix without {}: this release has its number and its section already, and {} would be told once more by the next one. Delete {} on the hotfix branch",
            names::some_files(files),
            if one { "it" } else { "they" },
            if one { "it" } else { "them" },
        ),
        "To leave it there, a maintainer says",
        "/hotfix override changelog reason=…",
    )
}

/// The old number may stand where nothing was read.
fn places_unread(version: &str, view: &View<'_>) -> Words {
    let branch = names::branch(view).unwrap_or_else(|| "the hotfix branch".to_owned());
    with(
        format!(
            "a look at where the version stands: more changed between the last releases than was read. On {}, {} shows where the old number is left; push what the last release raised, too",
            code(&branch),
            code(&format!("git grep -nF {version}")),
        ),
        "When nothing is left, a maintainer says",
        "/hotfix override places reason=…",
    )
}
