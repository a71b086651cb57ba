//! Where the head was tried, and by whom or what.

use super::markdown::{and, code, escape, link, person};
use super::{names, taken};
use crate::domain::item::Item;
use crate::domain::outside::Outside;
use crate::domain::platform;
use crate::domain::preview::Preview;
use crate::domain::procedure::tried::{Tried, TriedBy};
use crate::domain::view::View;

/// As many commands stand in sight.
const COMMANDS: usize = 12;

/// The lines of the preview; those that are open offer their command until the
/// decision.
pub(super) fn lines(view: &View<'_>, preview: &Preview, decided: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !preview.platforms.is_empty() {
        let all: Vec<_> = preview.platforms.iter().map(platform).collect();
        lines.push(format!("**Platforms:** {}", all.join(" · ")));
    }
    if !preview.commands.is_empty() {
        let ran = preview.commands.iter().filter(|it| it.by.is_some()).count();
        lines.push(format!(
            "**Critical path, by hand or by a run: {ran} of {}**",
            preview.commands.len()
        ));
        let all = preview.commands.iter().enumerate().take(COMMANDS);
        lines.extend(all.map(|(at, it)| command(view, at, it, decided)));
    }
    // Afterwards the branch may be gone, and with it what its commits hold.
    if !decided && !preview.own_tests.is_empty() {
        let all = preview.own_tests.iter().take(TESTS).map(own_test);
        let all: Vec<_> = all.collect();
        lines.push(format!("**The fix's own test:** {}", all.join(" · ")));
    }
    lines.extend((!decided && preview.manual.is_none()).then(|| to_try(view, preview)));
    lines
}

/// As many of the fix's own tests, and of what was built, are named.
const TESTS: usize = 5;

fn own_test((name, page): &(Outside, Option<String>)) -> String {
    let name = name.shortened(80).code();
    match page {
        Some(page) => format!("{name} {}", link("passed", page)),
        None => format!("{name}, not seen in a log"),
    }
}

/// How a person comes by what is to be tried: what the runs built, and how to
/// build it.
fn to_try(view: &View<'_>, preview: &Preview) -> String {
    let built = preview.builds.iter().take(TESTS);
    let built: Vec<_> = built
        .map(|(name, page)| link(&name.shortened(60).markdown(), page))
        .collect();
    let built = match built.is_empty() {
        true => String::new(),
        false => format!("built by its runs: {}; or ", built.join(", ")),
    };
    let branch = view.proofs().branched.as_ref().map(|it| it.branch.as_str());
    let fetch = format!(
        "git fetch origin {} && git checkout {} && {}",
        Outside::from(branch.unwrap_or_default()).shell(),
        preview.head.short(),
        names::words(view, view.line.version.as_deref().unwrap_or_default()).build
    );
    format!("**To try it:** {built}{}", code(&fetch))
}

fn platform(tried: &Tried) -> String {
    let name = tried.what.markdown();
    match &tried.by {
        Some(by) => format!("{name} ✓ {}", by_whom(by)),
        None => format!("{name}: nobody yet"),
    }
}

fn command(view: &View<'_>, at: usize, tried: &Tried, decided: bool) -> String {
    let what = tried.what.code();
    let open = match &tried.by {
        Some(by) => return format!("- ✓ {what} — {}", by_whom(by)),
        None => format!("- … {what}"),
    };
    let tick = format!(
        "{} command={}",
        names::tick(Item::CriticalPath, view),
        at + 1
    );
    match !decided && taken::is_taken(&tick, view) {
        true => format!("{open} — run it, then {}", code(&tick)),
        false => open,
    }
}

fn by_whom(by: &TriedBy) -> String {
    match by {
        TriedBy::Person { login, note: None } => person(login),
        TriedBy::Person {
            login,
            note: Some(note),
        } => format!("{} (“{}”)", person(login), note.shortened(100).markdown()),
        TriedBy::Job { name, url } => link(&name.shortened(60).markdown(), url),
        TriedBy::Step { file } => format!("a step of {} runs it", code(file)),
    }
}

/// The command that gives a word for the manual test, with where it was tried if
/// that matters.
pub(super) fn manual(view: &View<'_>) -> String {
    let seen = view.facts.answers.platform.as_ref();
    let seen = seen.map(|seen| platform::named(&seen.folded()).join(", "));
    let on = seen.filter(|names| !names.is_empty());
    let on = on.map_or_else(String::new, |names| format!(" platform={names}"));
    format!("{}{on} note=…", names::tick(Item::ManualTest, view))
}

/// The required files that a person's word stands for: those without a run that
/// passed.
pub(super) fn in_place_of(view: &View<'_>, preview: &Preview) -> Vec<String> {
    let passed = |file: &&String| preview.tested.iter().any(|run| run.file() == file.as_str());
    let files = view.test_workflows.iter().filter(|file| !passed(file));
    files.map(|file| code(file)).collect()
}

/// The need of platforms on which nothing tried the head: its line, and the
/// command for the first of them.
pub(super) fn platforms(missing: &[String], view: &View<'_>) -> (String, String) {
    let names: Vec<_> = missing.iter().map(|name| escape(name)).collect();
    let first = missing.first().map(|name| platform::plain(name));
    let line = format!(
        "a try on {}: by a job of a required workflow that runs there, or by a person",
        and(&names)
    );
    let command = format!(
        "{} platform={} note=…",
        names::tick(Item::ManualTest, view),
        first.unwrap_or_default()
    );
    (line, command)
}
