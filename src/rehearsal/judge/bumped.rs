//! The proof of version and changelog.

use super::proof::{Answer, fact, not_applicable};
use super::shipped::{NO_BASE, Shipped, base_commit, text_at, until_tag};
use crate::rehearsal::product::Product;
use crate::rehearsal::project::package;
use crate::rehearsal::view::{View, short};
use crate::sim::clock::Millis;
use crate::sim::world::RefChange;

/// Version and changelog of a head: since the first head that had them all.
pub fn bumped(view: &View<'_>, shipped: &Shipped) -> (Answer, Answer) {
    let Some(version) = view.version() else {
        let none: Answer = Err("no version is known".to_owned());
        return (none.clone(), none);
    };
    let Some(product) = view.product() else {
        let none: Answer = Err(NO_BASE.to_owned());
        return (none.clone(), none);
    };
    if product.package.manifest.is_empty() {
        let none = not_applicable(
            view.scene.started,
            "the judge knows no manifest that holds the version",
        );
        return (none, chronicled(view, shipped, product, version));
    }
    if product.package.version != product.number {
        // Stamped from the tag, or another crate's: there is nothing to raise.
        let why = format!(
            "{} says {} at {}: the tag alone has the version",
            product.package.manifest, product.package.version, product.base_tag
        );
        let none = not_applicable(view.scene.started, why);
        return (none, chronicled(view, shipped, product, version));
    }
    let manifest = |sha: &str| {
        let text = |path: &str| text_at(view, sha, path);
        let path = &product.package.manifest;
        let own = text(path).and_then(|t| package::version_in(path, &t));
        // It may be the members' that inherit theirs, whatever the root says of itself.
        let shared = || package::shared_version_in(&text("Cargo.toml")?);
        own.as_deref() == Some(version) || shared().as_deref() == Some(version)
    };
    let lock = |sha: &str| {
        let Some(path) = &product.lock else {
            return true;
        };
        let text = text_at(view, sha, path);
        let found = text.and_then(|t| package::version_locked(&t, &product.package.name));
        found.as_deref() == Some(version)
    };
    let places = [Some(&product.package.manifest), product.lock.as_ref()];
    let places: Vec<&str> = places.into_iter().flatten().map(String::as_str).collect();
    let missing = |path: &str| {
        let head = short(&shipped.head);
        Err(format!("{path} does not say {version} at {head}"))
    };
    let numbers = if !manifest(&shipped.head) {
        missing(&product.package.manifest)
    } else if !lock(&shipped.head) {
        missing(product.lock.as_deref().unwrap_or_default())
    } else {
        let at = since(view, |sha| manifest(sha) && lock(sha));
        let say = if places.len() == 1 { "says" } else { "say" };
        fact(at, format!("{} {say} {version}", places.join(" and ")))
    };
    (numbers, chronicled(view, shipped, product, version))
}

/// The changelog has a section of the version, where there is a changelog that
/// has one of the base's: a pointer or an abandoned file is left alone.
fn chronicled(view: &View<'_>, shipped: &Shipped, product: &Product, version: &str) -> Answer {
    let Some(path) = &product.changelog else {
        return not_applicable(
            view.scene.started,
            "the judge knows no changelog with a section of the base's",
        );
    };
    let has = |sha: &str, version: &str| {
        let changelog = text_at(view, sha, path).unwrap_or_default();
        let mut lines = changelog.lines().peekable();
        while let Some(line) = lines.next() {
            let under = lines.peek().is_some_and(|next| is_underline(next));
            if (line.starts_with('#') || under) && names_version(line, version) {
                return true;
            }
        }
        false
    };
    let base = base_commit(view).unwrap_or_default();
    let told = [&product.base_version, &product.number];
    if !told.iter().any(|it| has(&base, it)) && !has(&shipped.head, version) {
        let why = format!("{path} has no section of {}", product.base_version);
        return not_applicable(view.scene.started, why);
    }
    let written = view.written().unwrap_or_default();
    let section = |sha: &str| has(sha, version) || has(sha, &written);
    if section(&base) {
        let why = format!("{path} names {version} before it is released: for another package");
        return not_applicable(view.scene.started, why);
    }
    if !section(&shipped.head) {
        let head = short(&shipped.head);
        return Err(format!("{path} has no section {version} at {head}"));
    }
    let at = since(view, section);
    fact(at, format!("{path} has a section {version}"))
}

/// Whether a line makes the one above it a heading.
fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    // As reStructuredText has it: any of these, all the way.
    let first = line.chars().next().filter(|c| "=-*~^+#\"'`".contains(*c));
    line.len() >= 2 && first.is_some_and(|first| line.chars().all(|c| c == first))
}

/// Whether a heading names a version, and not one that only begins so.
fn names_version(line: &str, version: &str) -> bool {
    line.match_indices(version).any(|(at, found)| {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let before = line.get(..at).and_then(|t| t.chars().next_back());
        let behind = line.get(at + found.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(|c| part(c) && c != 'v') && !behind.is_some_and(part)
    })
}

/// When the first of the last heads in a row was pushed for which `holds`.
fn since(view: &View<'_>, holds: impl Fn(&str) -> bool) -> Millis {
    let heads = until_tag(view);
    let fits = |c: &&&RefChange| c.after.as_deref().is_some_and(&holds);
    heads
        .iter()
        .rev()
        .take_while(fits)
        .last()
        .map_or(0, |c| c.at)
}
