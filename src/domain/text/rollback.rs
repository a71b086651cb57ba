//! A release that is taken back: what that would do, what was done, and what its
//! users do now. Nothing here gives a vulnerability away.

use super::markdown::{and, capital, code, escape, link, person};
use super::messages::failed_title;
use super::names::{self, marker};
use super::pointers;
use super::revert::{on_main, revert};
use super::targets::{list, registry, targets};
use super::times::utc_time;
use crate::domain::available::next_free;
use crate::domain::facts::{Out, Rollback};
use crate::domain::objects::{CommentKind, PullKind};
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::Yank;
use crate::domain::procedure::rollback::{self as steps, TagStays, before, out, stays};
use crate::domain::view::View;
use crate::ecosystem::Way;

/// What the title of a release begins with that was taken back.
pub const YANKED: &str = "YANKED: ";
/// Begins the notice in its notes.
pub const START: &str = "<!-- hotfix-bot:yanked -->";
/// Ends it.
pub const END: &str = "<!-- /hotfix-bot:yanked -->";

pub(super) fn asked<'a>(view: &'a View<'_>) -> Option<&'a Rollback> {
    view.line.rollback.as_deref()
}

pub(super) fn tag(view: &View<'_>) -> String {
    escape(&names::tag_or_hotfix(view))
}

/// The release that users go back to: its tag, linked.
fn good(view: &View<'_>) -> String {
    let base = view.line.seen.base.get();
    let tag = base.map_or("the release before", |base| base.tag.as_str());
    link(
        &escape(tag),
        &names::page(view, &format!("releases/tag/{tag}")),
    )
}

/// "`cargo install caro --version 1.0.4 --force`", where there is such a command.
fn way_back(view: &View<'_>) -> Option<String> {
    names::install_command(view, names::base_version(view)?)
}

pub(super) fn time(at: i64, view: &View<'_>) -> String {
    utc_time(at, view.timeline.started)
}

/// What somebody gave as the reason; outside of the issue nothing of it where it is
/// about a vulnerability.
fn reason(view: &View<'_>) -> Option<String> {
    let reason = asked(view).map(|it| it.reason.shortened(500))?;
    (!reason.is_blank()).then(|| reason.markdown())
}

/// The issue about the failure, once it is there.
fn report(view: &View<'_>) -> Option<String> {
    let number = asked(view)?.report?;
    let page = names::page(view, &format!("issues/{number}"));
    Some(link(&format!("#{number}"), &page))
}

// What is out, and what would be done.

/// The open pull requests of ours, by their numbers.
pub(super) fn open_pulls(view: &View<'_>) -> Vec<u64> {
    let line = view.line;
    let all = [
        (PullKind::Hotfix, line.pull_number),
        (PullKind::Port, line.port.number),
        (PullKind::Known, line.known.number),
    ];
    let open = |(kind, number): (PullKind, Option<u64>)| {
        let is_open = line.pull(kind).is_some_and(|pull| pull.open);
        number.filter(|_| is_open)
    };
    all.into_iter().filter_map(open).collect()
}

/// How packages are taken back.
pub(super) fn withdrawals(packages: &[(String, String)], view: &View<'_>) -> Vec<Way> {
    let one = |(name, version): &(String, String)| names::withdraw(view, name, version);
    packages.iter().map(one).collect()
}

fn to_yank(out: &Out) -> Vec<(String, String)> {
    let left = out.published().filter(|part| !part.yanked);
    let left = left.filter(|part| part.registry.can_withdraw());
    left.map(|part| (part.package.clone(), part.version.clone()))
        .collect()
}

/// What would be done, step by step.
fn would(out: &Out, view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let pulls = open_pulls(view);
    if !pulls.is_empty() {
        let pulls: Vec<_> = pulls.iter().map(|n| names::pull(view, *n)).collect();
        lines.push(format!("I close {}; the branches stay", and(&pulls)));
    }
    let packages = to_yank(out);
    let commands = withdrawals(&packages, view);
    let commands: Vec<_> = commands.iter().map(names::way).collect();
    let registry = names::registries(view);
    if !commands.is_empty() {
        lines.push(match &view.policy.rollback.yank {
            Yank::Ask => format!(
                "an owner yanks by hand: {}. I watch {registry}",
                and(&commands)
            ),
            Yank::Token => format!("I yank on {registry}, with the server's token"),
            Yank::Workflow(file) => {
                format!("I start {} at the tag, and watch {registry}", code(file))
            }
        });
    }
    if out.release.as_ref().is_some_and(|it| !it.draft) {
        let latest = match view.proofs().branched.as_ref().and_then(before) {
            Some(tag) if out.is_latest() => format!("; {} is the Latest again", escape(tag)),
            _ => String::new(),
        };
        lines.push(format!(
            "I mark the release as YANKED, in its title and on top of its notes{latest}"
        ));
    } else if out.release.is_some() {
        lines.push("the draft stays a draft".to_owned());
    }
    lines.extend(pointers::back(view));
    lines.push(match tag_word(out, view) {
        Some(why) => format!("the tag stays: {why}"),
        None => format!("I delete the tag {}", tag(view)),
    });
    lines.push(format!(
        "I open an issue “{}”, open this one again, and tell users to stay on {}, which still has the bug",
        escape(&failed_title(view)),
        good(view)
    ));
    lines
}

/// Why the tag would stay; none: it goes.
fn tag_word(out: &Out, view: &View<'_>) -> Option<String> {
    match &out.tag {
        None => Some("there is none".to_owned()),
        Some(_) if !view.policy.rollback.delete_tag => Some(words_of(&TagStays::AsConfigured)),
        Some(_) if out.is_published() => Some(words_of(&TagStays::Published)),
        Some(_) => None,
    }
}

fn words_of(stays: &TagStays) -> String {
    match stays {
        TagStays::AsConfigured => format!("{} is not set", code("rollback.delete_tag")),
        TagStays::Published => {
            "something was published from it, and nobody may get another thing under that name"
                .to_owned()
        }
        TagStays::IsTheRelease => {
            "nothing else is published here: it is the release, and people have it".to_owned()
        }
        TagStays::Moved => "somebody moved it since".to_owned(),
        TagStays::Refused(Obstacle::Refused(words)) => {
            format!(
                "GitHub refused to delete it (“{}”)",
                words.shortened(200).markdown()
            )
        }
        TagStays::Refused(Obstacle::Found(words)) => words.shortened(200).markdown(),
        TagStays::Refused(_) => "it could not be deleted".to_owned(),
    }
}

/// What cannot be taken back.
fn cannot(out: &Out, view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for part in out.published().filter(|it| !it.registry.can_withdraw()) {
        lines.push(format!(
            "{} takes nothing back: {} stays there for good, and only a higher version leads people away from it",
            part.registry.name(),
            code(&format!("{} {}", part.package, part.version)),
        ));
    }
    if out.published().any(|it| it.registry.can_withdraw()) {
        lines.push(format!(
            "{} {} again, and whoever has it in a lock file keeps it",
            names::registries_do(view, "never takes", "never take"),
            code(view.line.version.as_deref().unwrap_or_default())
        ));
    }
    if out
        .release
        .as_ref()
        .is_some_and(|it| !it.draft && it.immutable)
    {
        lines.push("the release is immutable: its files and its tag stay for good".to_owned());
    }
    if let Some(brought) = on_main(view) {
        lines.push(format!(
            "{} holds the change ({}): taking it out there is a commit of its own, which {} makes once this is decided",
            code(names::main_branch(view)),
            names::commit(view, &brought.commit),
            code("/hotfix revert")
        ));
    }
    lines
}

/// What a rollback would do, once somebody asked and all of it was looked at.
pub(super) fn proposal(view: &View<'_>) -> Option<String> {
    let rollback = asked(view).filter(|it| it.decided.is_none())?;
    let branched = view.proofs().branched.as_ref()?;
    let out = out(&view.case, branched, rollback.by.at)?;
    let steps = would(&out, view);
    let steps: Vec<_> = steps
        .iter()
        .zip(1..)
        .map(|(line, nth)| format!("{nth}. {}", capital(line)))
        .collect();
    let mut text = format!(
        "**What is out of {}:**\n{}\n\n**What a rollback does:**\n{}",
        tag(view),
        list(&targets(&out, view)),
        steps.join("\n")
    );
    let runs = steps::running(&view.case, branched);
    if !runs.is_empty() {
        let runs: Vec<_> = runs.iter().map(|run| names::run(run)).collect();
        text.push_str(&format!(
            "\n\n**Not over:** {} may publish yet; a rollback waits for the end, and you may cancel it.",
            and(&runs)
        ));
    }
    let cannot = cannot(&out, view);
    if !cannot.is_empty() {
        text.push_str(&format!(
            "\n\n**No way back from that:**\n{}",
            list(&cannot)
        ));
    }
    Some(text)
}

// While it goes on, and after.

/// How each target stands while the release is taken back.
pub(super) fn progress(view: &View<'_>) -> Option<String> {
    let survey = view.outlook.rollback.as_ref()?;
    let steps = survey.proofs.steps();
    let phase = survey.proofs.phase();
    let words: Vec<_> = steps
        .iter()
        .map(|(step, done)| match done {
            true => format!("{} ✓", step.title()),
            false if phase == Some(*step) => format!("**{}**", step.title()),
            false => step.title().to_owned(),
        })
        .collect();
    Some(format!("{}\n\n{}", words.join(" · "), list(&stand(view))))
}

/// What of it is done, and what is not.
fn stand(view: &View<'_>) -> Vec<String> {
    let (Some(survey), Some(rollback)) = (&view.outlook.rollback, asked(view)) else {
        return Vec::new();
    };
    let seen = &view.line.seen;
    let mut lines = Vec::new();
    let parts = seen.parts.get().map(Vec::as_slice);
    let has = survey.proofs.branched.as_ref();
    if has.is_some_and(|branched| !steps::packages(&view.case, branched).is_empty()) {
        lines.extend(registry(parts, view));
    }
    match seen.release.get().and_then(Option::as_ref) {
        None => {}
        Some(release) if release.draft => {
            lines.push("the GitHub release is a draft, and stays one".to_owned());
        }
        Some(release) if release.withdrawn => {
            let before = has.and_then(before).filter(|_| rollback.latest.is_some());
            let latest = before.map_or_else(String::new, |tag| {
                format!("; {} is GitHub's Latest again", escape(tag))
            });
            lines.push(format!(
                "{} is marked as taken back{latest}",
                link(&format!("Release {}", tag(view)), &release.url)
            ));
        }
        Some(release) => lines.push(format!(
            "{} is not marked yet",
            link(&format!("Release {}", tag(view)), &release.url)
        )),
    }
    let decided = rollback.locked();
    let both = has.zip(decided);
    let stays = both.and_then(|(branched, decided)| stays(&view.case, branched, decided));
    lines.extend(pointers::are_back(view));
    match (rollback.untagged, seen.tag.get(), stays) {
        (Some(_), ..) => lines.push(format!("the tag {} is deleted", tag(view))),
        (None, Some(Some(_)), Some(why)) => {
            lines.push(format!("the tag {} stays: {}", tag(view), words_of(&why)));
        }
        _ => {}
    }
    if let Some(report) = report(view) {
        lines.push(format!("what failed is written down in {report}"));
    }
    lines
}

/// Who decided it, when, and why: in the issue itself, or elsewhere.
pub(super) fn by_whom(view: &View<'_>, here: bool) -> Option<String> {
    let decided = asked(view)?.decided.as_ref()?;
    let why = reason(view).filter(|_| here || !view.facts.security);
    let why = why.map_or_else(String::new, |why| format!(": “{why}”"));
    Some(format!(
        "{} decided that at {}{why}.",
        person(&decided.by.login),
        time(decided.by.at, view)
    ))
}

/// What users do.
pub(super) fn advice(view: &View<'_>) -> String {
    let back = way_back(view).map_or_else(String::new, |command| {
        format!(" To go back: {}.", code(&command))
    });
    format!(
        "**Stay on {}.**{back} It still has the bug that {} was to fix ({}).",
        good(view),
        tag(view),
        names::issue(view)
    )
}

/// The comment that tells it, written when it begins and once more at its end.
pub fn rolled_back(view: &View<'_>) -> String {
    let mut text = format!(
        "{}\n### {} was taken back\n{}\n",
        marker(CommentKind::Rollback, view.facts.case),
        tag(view),
        advice(view)
    );
    if let Some(by) = by_whom(view, true) {
        text.push_str(&format!("\n{by}"));
    }
    if let Some(report) = report(view) {
        text.push_str(&format!(" What failed is for {report}."));
    }
    text.push('\n');
    if asked(view).is_none_or(|it| it.done.is_none()) {
        text.push_str("\nThe status comment shows how far it is; this one is edited once more.\n");
        return text;
    }
    text.push_str(&format!("\n{}\n", list(&stand(view))));
    text.push_str(&format!("\n{}\n", next(view)));
    if let Some(revert) = revert(view) {
        text.push_str(&format!("\n{revert}\n"));
    }
    if let Some(mistake) = mistake(view) {
        text.push_str(&format!("\n{mistake}\n"));
    }
    text
}

/// How the next hotfix begins.
pub(super) fn next(view: &View<'_>) -> String {
    let base = view.line.seen.base.get();
    let base = base.map_or("<tag>", |base| base.tag.as_str());
    let number = next_free(view).map_or_else(String::new, |number| {
        format!(" The next number is {}.", code(&number))
    });
    let branch = names::branch(view).filter(|_| view.line.branch_deleted.is_none());
    let branch = branch.map_or_else(String::new, |branch| {
        let page = names::page(view, &format!("tree/{branch}"));
        format!(" The failed fix stays on {}.", link(&code(&branch), &page))
    });
    format!(
        "**The next try** begins at the same release: {}.{number}{branch}",
        code(&format!("/hotfix start {base}"))
    )
}

/// The body of the pull request that takes the change out of the default branch. It is nobody's but a person's to merge.
pub fn revert_body(tag: &str, pull: u64, view: &View<'_>) -> String {
    let mut text = format!(
        "{} was taken back ({}). This takes what {} brought out of {} again, version and changelog included.\n",
        escape(tag),
        names::issue(view),
        names::pull(view, pull),
        code(names::main_branch(view))
    );
    if let Some(by) = by_whom(view, false) {
        text.push_str(&format!("\n{by}\n"));
    }
    text.push_str("\nA person looks at it and merges it: I do not.\n");
    text
}

/// The way back from a rollback.
fn mistake(view: &View<'_>) -> Option<String> {
    let parts = view.line.seen.parts.get().into_iter().flatten();
    let yanked = parts.filter(|part| part.there && part.yanked);
    let commands: Vec<_> = yanked
        .map(|part| names::way(&names::restore(view, &part.package, &part.version)))
        .collect();
    (!commands.is_empty()).then(|| {
        format!(
            "Was this a mistake? An owner undoes the yank: {}; title, notice and Latest of the release are changed back on its page.",
            and(&commands)
        )
    })
}

/// What a pull request of ours says on top that is held.
pub fn held(view: &View<'_>) -> String {
    format!(
        "Held: {} was taken back. Where it stands: {}.",
        tag(view),
        names::issue(view)
    )
}

/// What stands where a comment told that the release is out.
pub fn withdrawn(kind: CommentKind, view: &View<'_>) -> String {
    format!(
        "{}\n### {} was taken back\n{}\n",
        marker(kind, view.facts.case),
        tag(view),
        advice(view)
    )
}

/// The notice on top of the release's notes, with its markers.
pub fn withdrawn_notice(view: &View<'_>) -> String {
    let report = report(view).map_or_else(String::new, |it| format!(" What failed: {it}."));
    format!(
        "{START}\n> [!CAUTION]\n> **{} was taken back: do not use it.** {}{report}\n{END}",
        tag(view),
        advice(view)
    )
}

/// The notes as they are with the notice: in its place, or on top.
pub fn notes_with_notice(existing: &str, notice: &str) -> String {
    super::notes::with(existing, notice, (START, END))
}
