//! What proves a finished hotfix, until the tag.

use super::commands::{self, Whose};
use super::proof::{Answer, Proof, all, fact, not_applicable, word};
use super::shipped::{Shipped, base_commit, tagged_at};
use crate::rehearsal::view::{View, file_of, short};
use crate::sim::clock::Millis;
use crate::sim::world::Issue;

/// The label that began it, or the word, by somebody who may push.
pub fn labelled(view: &View<'_>, issue: &Issue) -> Answer {
    let hot = |name: &Option<String>| {
        name.as_deref()
            .is_some_and(|n| ["p0", "hotfix"].contains(&n.to_lowercase().as_str()))
    };
    let mut events = issue.events.iter();
    let event = events.find(|e| e.event == "labeled" && hot(&e.subject) && view.may_write(e.actor));
    let Some(event) = event else {
        // A hotfix begins by a word as by a label.
        let starts = |line: &str| commands::is_verb(line, "start");
        let why = "no label P0, and no `/hotfix start`, by somebody who may push";
        return commands::said(view, starts, Whose::Writers, None).ok_or(why)?;
    };
    let by = view.login(event.actor);
    word(
        event.at,
        by,
        format!(
            "labelled {} by @{by}",
            event.subject.as_deref().unwrap_or("P0")
        ),
    )
}

/// An answer of the matrix: `key=` in an `assess`, or the item's own `check`.
pub fn assessed(view: &View<'_>, key: &str, values: &[&str], item: &str) -> Answer {
    let fits = |line: &str| {
        let answered = line.starts_with("/hotfix assess ")
            && line.split_whitespace().any(|part| {
                part.strip_prefix(key)
                    .and_then(|rest| rest.strip_prefix('='))
                    .is_some_and(|value| values.is_empty() || values.contains(&value))
            });
        answered || commands::is_check(line, item)
    };
    commands::said(view, fits, Whose::Writers, None).ok_or(format!("nobody answered `{key}`"))?
}

/// The branch, created at the base tag's commit, or with the bump on top of it.
pub fn branched(view: &View<'_>) -> Answer {
    let branch = view.branch().ok_or("there is no hotfix branch")?;
    let base = base_commit(view)?;
    let tag = view.product().map_or("", |p| p.base_tag.as_str());
    let changes = view.changes(&format!("refs/heads/{branch}"));
    let made = changes.first().ok_or("the branch has no history")?;
    let at = view.beginning(branch).unwrap_or_default();
    if at != base {
        return Err(format!("{branch} began at {}, not at {tag}", short(&at)));
    }
    fact(
        made.at,
        format!("{branch} created at {tag} ({})", short(&base)),
    )
}

/// Nothing but a small fix: the document's "no scope creep", by count; what is
/// more, a person says that it belongs to the fix.
pub fn minimal(view: &View<'_>, shipped: &Shipped) -> Answer {
    let at = shipped.fix.as_ref().map_err(Clone::clone)?.at;
    let (added, removed) = shipped.lines;
    let made = |path: &&String| path.ends_with(".lock");
    let files = shipped.paths.iter().filter(|path| !made(path)).count();
    // How many of the lines are a lock file's is not told.
    let long = added + removed > 200 && !shipped.paths.iter().any(|path| made(&path));
    let size = format!("{files} files, +{added} −{removed} beside the bump");
    let until = tagged_at(view).unwrap_or(Millis::MAX);
    let passes = |line: &str| line.starts_with("/hotfix override scope ");
    let word = commands::said(view, passes, Whose::Writers, Some((shipped.at, until)));
    match word {
        Some(word) => word,
        None if files > 10 || long => Err(format!("{size}: more than a minimal fix")),
        None => fact(at, size),
    }
}

/// The fix touches a test, or a person says that there is one.
pub fn tests_added(view: &View<'_>, shipped: &Shipped) -> Answer {
    let at = shipped.fix.as_ref().map_err(Clone::clone)?.at;
    let is_test = |p: &&String| {
        let mut parts = p.split('/').map(str::to_lowercase);
        parts.any(|part| part.contains("test") || part == "spec" || part.contains("_spec."))
    };
    if let Some(path) = shipped.paths.iter().find(is_test) {
        return fact(at, format!("{path} changed"));
    }
    if let Some(path) = shipped.paths.iter().find(|p| adds_test(view, shipped, p)) {
        return fact(at, format!("{path} has another test"));
    }
    let check = |line: &str| commands::is_check(line, "tests-added");
    commands::said(view, check, Whose::Writers, None).ok_or("no test was touched")?
}

/// Whether a file has more tests on the head than at the base, as Rust marks
/// them.
fn adds_test(view: &View<'_>, shipped: &Shipped, path: &str) -> bool {
    let count = |commit: &str| {
        let text = view.repo.git.file_at(commit, path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        text.matches("#[test]").count() + text.matches("::test]").count()
    };
    base_commit(view).is_ok_and(|base| count(&shipped.head) > count(&base))
}

/// Every required workflow passed on the head, before the tag; for those that
/// could start there and did not, a person says that the critical path passed.
pub fn green(view: &View<'_>, shipped: &Shipped) -> Answer {
    let tagged = tagged_at(view).unwrap_or(Millis::MAX);
    let head = short(&shipped.head);
    let mut parts = Vec::new();
    let mut absent = Vec::new();
    let tests = view.tests();
    for file in &tests {
        let on_line = view.passed_on_line(file, &shipped.head);
        let run = match view.tests_on(file, &shipped.head).is_empty() {
            true => on_line,
            false => view.green(file, &shipped.head),
        };
        if run.is_none() && view.tests_on(file, &shipped.head).is_empty() {
            // A file that some paths alone start has no reason to, and one that
            // a pull request started has run.
            let runs = view.runs_on(&shipped.head);
            let elsewhere = runs.iter().rfind(|r| file_of(r) == file);
            match elsewhere {
                Some(run) if run.conclusion.as_deref() == Some("success") => {
                    let of = format!("{file} run {} passed on {head}", run.id);
                    parts.push(fact(run.updated_at.min(tagged), of));
                }
                Some(_) => {}
                None if view.roles(|r| &r.by_path).contains(file) => {}
                None => absent.push(file.as_str()),
            }
            continue;
        }
        let run = run.ok_or(format!("{file} has not passed on {head}"))?;
        if run.updated_at > tagged {
            return Err(format!("{file} passed on {head} only after the tag"));
        }
        let evidence = format!("{file} run {} passed on {head}", run.id);
        parts.push(fact(run.updated_at, evidence));
    }
    if parts.is_empty() || !absent.is_empty() {
        let check = |line: &str| commands::is_check(line, "critical-path");
        let said = commands::said(view, check, Whose::Writers, Some((shipped.at, tagged)));
        let why = if absent.is_empty() {
            "no workflow is required on the head".to_owned()
        } else {
            format!("{} did not run on {head}", absent.join(", "))
        };
        parts.push(said.ok_or(format!("{why}, and nobody tested it by hand"))?);
    }
    let by = parts.iter().flatten().find_map(|p| p.by.clone());
    let whole = all(&parts.iter().collect::<Vec<_>>())?;
    Ok(Proof { by, ..whole })
}

/// An approving review of the head, by somebody who may push and wrote none of
/// the fix.
pub fn approved(view: &View<'_>, shipped: &Shipped) -> Answer {
    let pull = view
        .pull()
        .and_then(|i| i.pull.as_ref())
        .ok_or("there is no pull request")?;
    let authors: Vec<String> = shipped
        .fixes
        .iter()
        .filter_map(|sha| view.repo.git.commit(sha).map(|c| c.author.name))
        .collect();
    let tagged = tagged_at(view).unwrap_or(Millis::MAX);
    let review = pull.reviews.iter().find(|r| {
        r.state == "APPROVED"
            && r.commit == shipped.head
            && r.at <= tagged
            && r.author != view.scene.bot
            && view.may_write(r.author)
            && !authors.iter().any(|a| a == view.login(r.author))
    });
    if review.is_none() && view.scene.people == 1 {
        // Single-handed, the decision is the approval.
        let decided = |line: &str| commands::is_verb(line, "release");
        let said = commands::said(view, decided, Whose::Writers, Some((shipped.at, tagged)));
        return said.ok_or(format!(
            "nobody decided to release {}",
            short(&shipped.head)
        ))?;
    }
    let review = review.ok_or(format!("no review approves {}", short(&shipped.head)))?;
    let by = view.login(review.author);
    word(
        review.at,
        by,
        format!("@{by} approved {}", short(&shipped.head)),
    )
}

/// A person tried the head by hand: said after it was pushed, before the tag.
pub fn tried(view: &View<'_>, shipped: &Shipped) -> Answer {
    let until = tagged_at(view).unwrap_or(Millis::MAX);
    if !view.scene.manual_test {
        return not_applicable(shipped.at, "the configuration asks for no manual test");
    }
    let check = |line: &str| commands::is_check(line, "manual-test");
    let found = commands::said(view, check, Whose::Writers, Some((shipped.at, until)));
    found.ok_or(format!("nobody tried {} by hand", short(&shipped.head)))?
}
