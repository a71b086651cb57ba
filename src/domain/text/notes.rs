//! The bot's own block in the release notes, after the document's template.

use super::joined;
use super::markdown::{code, escape, fold, link, quiet, somebody};
use super::messages::changelog_of;
use super::names;
use super::taken::is_taken;
use crate::domain::item::Item;
use crate::domain::outside::Outside;
use crate::domain::policy::fill;
use crate::domain::view::View;

/// Begins the bot's block.
pub const START: &str = "<!-- hotfix-bot:notes -->";
/// Ends the bot's block.
pub const END: &str = "<!-- /hotfix-bot:notes -->";

/// The block with its markers.
pub fn notes_block(view: &View<'_>) -> String {
    let own = view.facts.policy.get().and_then(|read| read.notes.as_ref());
    if let Some(template) = own.filter(|_| view.policy.announce.notes_template().is_some()) {
        return format!("{START}\n{}\n{END}", from_template(template, view));
    }
    let tag = escape(&names::tag_or_hotfix(view));
    let summary = names::summary(view).markdown();
    let mut out = format!("{START}\n## Hotfix: {tag}\n\n**Critical fix for: {summary}**\n\n");
    out.push_str("### What Was Fixed\n\n");
    for line in fixed(view) {
        out.push_str(&format!("- {line}\n"));
    }
    out.push_str(&format!("\n### Who Should Upgrade\n\n{}\n", who(view)));
    for section in [how(view), verify(view)].into_iter().flatten() {
        out.push_str(&format!("\n{section}\n"));
    }
    out.push_str(&format!(
        "\n### Related Issues\n\nFixes {}\n",
        joined::issues(view)
    ));
    if let Some(rollback) = rollback(view) {
        out.push_str(&format!("\n{rollback}\n"));
    }
    out.push_str(END);
    out
}

/// The block by the repository's own template.
fn from_template(template: &str, view: &View<'_>) -> String {
    let summary = names::summary(view).markdown();
    let list = |lines: Vec<String>| {
        let items: Vec<_> = lines.iter().map(|line| format!("- {line}")).collect();
        items.join("\n")
    };
    let body = |section: Option<String>| {
        let section = section.unwrap_or_default();
        let rest = section.split_once("\n\n").map(|(_, rest)| rest.to_owned());
        rest.unwrap_or_default()
    };
    let base = view.line.seen.base.get().map(|base| escape(&base.tag));
    let reporter = names::reporter(view);
    let values = [
        (
            "version",
            escape(view.line.version.as_deref().unwrap_or_default()),
        ),
        ("tag", escape(&names::tag_or_hotfix(view))),
        ("base", base.unwrap_or_default()),
        ("issue", names::issue(view)),
        ("symptom", symptom(view)),
        ("summary", summary),
        ("changelog", escape(changelog_of(view))),
        ("what_was_fixed", list(fixed(view))),
        ("impact", impact(view)),
        ("who_should_upgrade", who(view)),
        ("how_to_upgrade", body(how(view))),
        ("verification", body(verify(view))),
        ("rollback", body(rollback(view))),
        // Nobody is called by notes.
        ("reporter", quiet(&somebody(reporter))),
    ];
    let values: Vec<_> = values
        .iter()
        .map(|(name, it)| (*name, it.as_str()))
        .collect();
    // What begins or ends the block does so once.
    let text = template.replace(START, "").replace(END, "");
    fill(text.trim(), &values)
}

/// What users see, in the words of people.
fn symptom(view: &View<'_>) -> String {
    match said(view, Item::Symptoms) {
        Some(words) => words.markdown(),
        None => names::summary(view).markdown(),
    }
}

/// The notes with the block in them: in the place of the block that stands
/// there, otherwise on top. Everything else stays byte for byte.
pub fn notes_with_block(existing: &str, block: &str) -> String {
    with(existing, block, (START, END))
}

/// The same for a block of other markers.
pub(super) fn with(existing: &str, block: &str, (start, end): (&str, &str)) -> String {
    let own = existing.find(start).and_then(|from| {
        let length = existing.get(from..)?.find(end)?;
        Some((from, from + length + end.len()))
    });
    let parts = own.and_then(|(from, to)| Some((existing.get(..from)?, existing.get(to..)?)));
    match parts {
        Some((before, after)) => format!("{before}{block}{after}"),
        None if existing.is_empty() => block.to_owned(),
        None => format!("{block}\n\n{existing}"),
    }
}

/// What a person said for the notes.
fn said<'a>(view: &'a View<'_>, item: Item) -> Option<&'a Outside> {
    view.facts.words.get(&item)?.note.as_ref()
}

/// What the notes will say of the bug, whom it hits and what the fix does, where
/// nobody put it into better words, and how to.
pub(super) fn asked(view: &View<'_>) -> Option<String> {
    let stands = |item: &Item| match item {
        Item::Symptoms => "what the bug is (else the issue's title)",
        Item::Impact => "whom it hits (else the answers of the matrix)",
        _ => "what the fix does (else the subjects of its commits)",
    };
    let items = [Item::Symptoms, Item::Impact, Item::WhatWasFixed];
    let open = items.iter().filter(|item| said(view, **item).is_none());
    let open = open.map(|item| (stands(item), names::tick_with_words(*item, view)));
    let open = open.filter(|(_, command)| is_taken(command, view));
    let lines: Vec<_> = open
        .map(|(what, command)| format!("- {what}: {}", code(&command)))
        .collect();
    let ours = !view.policy.announce.notes.is_empty() && view.line.notes.is_none();
    (ours && view.preview.is_some() && !lines.is_empty()).then(|| {
        fold(
            "For the notes, in your words: the bug, whom it hits, what the fix does",
            &lines.join("\n"),
            false,
        )
    })
}

/// The bug, its impact, the fix.
fn fixed(view: &View<'_>) -> Vec<String> {
    let bug = format!("The bug: {} ({})", symptom(view), names::issue(view));
    let mut lines = vec![bug];
    let also = joined::also(view).map(|also| format!("It also fixes {also}"));
    lines.extend(also);
    let impact = impact(view);
    if !impact.is_empty() {
        lines.push(format!("Impact: {impact}"));
    }
    if let Some(words) = said(view, Item::WhatWasFixed) {
        lines.push(format!("The fix: {}", words.markdown()));
        return lines;
    }
    let commits = view
        .line
        .decision
        .as_ref()
        .map(|decision| &decision.record.commits);
    let commits = commits.or(view.preview.as_ref().map(|preview| &preview.commits));
    for commit in commits.into_iter().flatten() {
        // Commits of the bot's own carry the key of their effect.
        if commit.effect.is_none() {
            lines.push(format!(
                "The fix: {} ({})",
                commit.subject.markdown(),
                names::commit(view, &commit.sha)
            ));
        }
    }
    lines
}

/// Whom it hits, as far as it was said.
fn impact(view: &View<'_>) -> String {
    let answers = &view.facts.answers;
    let mut impact: Vec<String> = Vec::new();
    impact.extend(said(view, Item::Impact).map(Outside::markdown));
    impact.extend(answers.condition.map(|c| c.text().to_owned()));
    let platform = answers.platform.as_ref().map(Outside::markdown);
    impact.extend(match (answers.affected, platform) {
        // The question was of that platform's users.
        (Some(n), Some(platform)) => Some(format!("{n} % of the users on {platform}")),
        (Some(n), None) => Some(format!("{n} % of users")),
        (None, platform) => platform.map(|platform| format!("seen on {platform}")),
    });
    if answers.workaround == Some(false) {
        impact.push("no workaround".to_owned());
    }
    impact.join("; ")
}

fn who(view: &View<'_>) -> String {
    let base = view.line.seen.base.get().map(|base| base.tag.as_str());
    match base.filter(|tag| !tag.is_empty()) {
        Some(tag) => {
            let failed = view.line.failed.as_ref();
            let failed = failed.map_or_else(String::new, |it| format!(" or {}", escape(&it.tag)));
            format!(
                "All users on {}{failed} should upgrade immediately.",
                escape(tag)
            )
        }
        None => "All users should upgrade immediately.".to_owned(),
    }
}

fn how(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    let tag = names::tag(view)?;
    let mut parts = Vec::new();
    if let Some(command) = names::install_command(view, version) {
        let tool = names::words(view, version).tool;
        parts.push(format!("**Via {tool}**:\n\n{}", shell(&command)));
        parts.extend(depends(view, version));
    }
    let page = names::release_page(view, &tag);
    if !page.is_empty() {
        parts.push(format!(
            "**Via Pre-Built Binaries**: download from {}",
            link(&format!("the release page of {}", escape(&tag)), &page)
        ));
    }
    (!parts.is_empty()).then(|| format!("### How to Upgrade\n\n{}", parts.join("\n\n")))
}

/// How a project that depends on it gets it.
fn depends(view: &View<'_>, version: &str) -> Option<String> {
    let words = names::words(view, version);
    let (line, file) = words.depend?;
    let line = format!("in {}:\n\n```toml\n{line}\n```", code(file));
    Some(match words.update {
        Some(update) => format!("**As a dependency**:\n\n{}\n\nOr {line}", shell(&update)),
        None => format!("Or {line}"),
    })
}

fn verify(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    Some(format!(
        "### Verification\n\nAfter the upgrade, {} should show {}.",
        code(&names::words(view, version).verify),
        code(version)
    ))
}

fn rollback(view: &View<'_>) -> Option<String> {
    let base = names::base_version(view)?;
    let command = names::install_command(view, base)?;
    Some(format!(
        "### Rollback (If Needed)\n\nRolling back brings the bug back: {} has it.\n\n{}",
        escape(base),
        shell(&command)
    ))
}

fn shell(command: &str) -> String {
    format!("```bash\n{command}\n```")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_is_put_on_top_and_then_replaced_in_place() {
        let block = |text: &str| format!("{START}\n{text}\n{END}");
        let notes = "## What's Changed\r\n* a\r\n";
        let once = notes_with_block(notes, &block("one"));
        assert_eq!(once, format!("{}\n\n{notes}", block("one")));
        let moved = format!("by hand\r\n{once}");
        let twice = notes_with_block(&moved, &block("two"));
        assert_eq!(twice, format!("by hand\r\n{}\n\n{notes}", block("two")));
        assert_eq!(notes_with_block(&twice, &block("two")), twice);
        assert_eq!(notes_with_block("", &block("one")), block("one"));
        // Half a block is somebody's text.
        let half = format!("{START} lost");
        assert_eq!(
            notes_with_block(&half, &block("one")),
            format!("{}\n\n{half}", block("one"))
        );
    }
}
