//! What is printed at the end: times, what is left behind, what is missing.

use super::judge::Verdict;
use super::judge::timeline::rows;
use super::narrator::Narrator;
use super::report::Report;
use super::view::{View, short};
use super::wrap::{WIDTH, cut, wrapped};
use crate::sim::clock::Millis;

/// Prints the end of a rehearsal.
pub fn print(out: &mut Narrator, view: &View<'_>, verdict: &Verdict, report: &Report) {
    out.heading("Timeline (simulated)");
    out.plain(&format!(
        "  {:<18}{:>9}{:>9}{:>9}",
        "Phase", "Took", "Target", "Maximum"
    ));
    for row in rows(verdict, view.began_with()) {
        let took = row.took.map_or("–".to_owned(), minutes);
        let late = match row.took {
            Some(took) if took > row.maximum => "  over the maximum",
            Some(took) if took > row.target => "  over the target",
            _ => "",
        };
        let (target, maximum) = (minutes(row.target), minutes(row.maximum));
        out.plain(&format!(
            "  {:<18}{took:>9}{target:>9}{maximum:>9}{late}",
            row.name
        ));
    }
    out.heading("Left behind");
    for line in left_behind(view) {
        out.plain(&format!("  {}", wrapped(&line, 2)));
    }
    let api = &report.api;
    let sent = &report.deliveries;
    out.plain(&format!(
        "  {} API calls, {} of them writes, {} free (not modified); {} deliveries",
        api.calls, api.writes, api.unchanged, sent.sent
    ));
    if !api.unsupported.is_empty() {
        out.heading("Not served by the stand-in (501)");
        for call in &api.unsupported {
            out.plain(&format!("  {}", cut(call, WIDTH - 2)));
        }
    }
    if !report.inferred.is_empty() {
        out.heading("Read from the workflows' steps (simulated)");
        for line in &report.inferred {
            out.plain(&format!("  {}", wrapped(line, 4)));
        }
    }
    if !report.preflight.is_empty() {
        out.heading("Preflight");
        for line in &report.preflight {
            out.plain(&format!("  - {}", wrapped(line, 4)));
        }
    }
    if !report.derived.is_empty() {
        out.heading("Derived, not configured");
        for line in &report.derived {
            out.plain(&format!("  - {}", wrapped(line, 4)));
        }
    }
    if let Some(found) = &report.would_have_stopped {
        out.heading("What would have stopped you");
        for line in found {
            out.plain(&format!("  - {}", wrapped(line, 4)));
        }
        if found.is_empty() {
            out.plain("  nothing");
        }
    }
    questions(out, report);
    // A scenario that is to end otherwise misses nothing.
    let missing = verdict.missing();
    if !missing.is_empty() && !report.is_as_expected() {
        out.heading("Missing");
        for line in missing {
            out.plain(&format!("  {}", wrapped(&line, 4)));
        }
    }
    if let Some(unexpected) = &report.unexpected {
        out.heading("The scenario");
        for line in unexpected {
            out.plain(&format!("  - {}", wrapped(line, 4)));
        }
        if unexpected.is_empty() {
            out.plain("  It went as it should.");
        }
    }
    let steps = verdict.steps.iter().filter(|s| s.answer.is_ok()).count();
    let text = format!(
        "{}: {} ({steps} of 10 steps proven, {:.1} s)",
        match report.outcome {
            "finished" => "Finished",
            _ if report.is_as_expected() => "Ended as expected",
            "asked" => "Stopped with a question",
            _ => "Failed",
        },
        report.reason,
        report.wall_seconds
    );
    out.heading(&wrapped(&text, 0));
}

/// What the bot asked of somebody's own repository, and the lines that answer it
/// or say what was derived.
fn questions(out: &mut Narrator, report: &Report) {
    let is_own = report.would_have_stopped.is_some();
    if is_own && !report.questions.is_empty() {
        out.heading("Questions that were asked");
        for question in &report.questions {
            let open = if question.open { " (not answered)" } else { "" };
            out.plain(&format!("  - {}{open}", wrapped(&question.text, 4)));
        }
    }
    if !report.hotfix_toml.is_empty() {
        out.heading("To paste into .github/hotfix.toml");
        for line in &report.hotfix_toml {
            out.plain(&format!("  {line}"));
        }
    }
}

fn left_behind(view: &View<'_>) -> Vec<String> {
    let since = view.scene.started;
    let mut lines = Vec::new();
    let git = &view.repo.git;
    for (name, sha) in git.list_refs("refs/") {
        let touched = view
            .repo
            .ref_log
            .iter()
            .any(|c| c.name == name && c.at >= since);
        let known = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
        if touched && known {
            let commit = git.peel(&sha).unwrap_or_default();
            let name = name
                .trim_start_matches("refs/heads/")
                .trim_start_matches("refs/");
            lines.push(format!("{name} at {}", short(&commit)));
        }
    }
    for issue in view.repo.issues.values() {
        let kind = if issue.pull.is_some() {
            "pull request"
        } else {
            "issue"
        };
        let merged = issue.pull.as_ref().is_some_and(|p| p.merged.is_some());
        let state = if merged {
            "merged"
        } else if issue.open {
            "open"
        } else {
            "closed"
        };
        let comments = view
            .comments(issue.number)
            .filter(|c| c.author == view.scene.bot)
            .count();
        let comments = if comments == 1 {
            "1 comment".to_owned()
        } else {
            format!("{comments} comments")
        };
        lines.push(format!(
            "{kind} #{} ({state}, {comments} by the bot): {}",
            issue.number, issue.title
        ));
    }
    if let Some(release) = view.tag().and_then(|tag| view.release(&tag)) {
        lines.push(format!(
            "release {} with {} assets",
            release.tag,
            release.assets.len()
        ));
    }
    let served = view.on_registry().zip(view.product()).zip(view.version());
    if let Some(((_, product), version)) = served
        && let Some(registry) = product.package.registry()
    {
        let (name, place) = (&product.package.name, registry.name());
        lines.push(format!("{name} {version} on {place}"));
    }
    lines
}

/// `1 h 05 min`, `12 min`.
fn minutes(ms: Millis) -> String {
    let minutes = (ms + 30_000) / 60_000;
    if minutes < 60 {
        format!("{minutes} min")
    } else {
        format!("{} h {:02}", minutes / 60, minutes % 60)
    }
}
