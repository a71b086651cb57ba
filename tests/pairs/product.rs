//! What is released at a base, and what the releases before it taught.

use std::collections::BTreeMap;

use hotfix_bot::ecosystem::learnt::{Learnt, Lessons, Step, predecessors};
use hotfix_bot::ecosystem::{self, Files, Package, Release, Repository, Wanted};
use semver::Version;

use crate::git::Repo;

/// A release: its version and its tag.
pub type Tagged = (Version, String);

/// The stable releases of the product, the lowest first.
pub fn releases(repo: &Repo, name: &str) -> Vec<Tagged> {
    let tags = repo.git(&["for-each-ref", "refs/tags", "--format=%(refname:lstrip=2)"]);
    let mut families: BTreeMap<String, Vec<Tagged>> = BTreeMap::new();
    for tag in tags.lines() {
        let splits = tag.match_indices(|c: char| c.is_ascii_digit());
        let found = splits
            .map(|(at, _)| tag.split_at(at))
            .find_map(|(prefix, rest)| Some((prefix, Version::parse(rest).ok()?)));
        if let Some((prefix, version)) = found.filter(|(_, v)| v.pre.is_empty()) {
            let family = families.entry(prefix.to_owned()).or_default();
            family.push((version, tag.to_owned()));
        }
    }
    let short = name.rsplit('/').next().unwrap_or_default();
    let named = [
        "v".to_owned(),
        String::new(),
        format!("{short}-v"),
        format!("{short}-"),
        format!("{short}@"),
    ];
    let best = named
        .iter()
        .filter(|n| families.get(*n).is_some_and(|f| f.len() > 3));
    // Where tags were named in several ways, the way of the highest holds.
    let best = best.max_by_key(|n| families[*n].iter().map(|(v, _)| v.clone()).max());
    let largest = || {
        let largest = families.iter().max_by_key(|(_, f)| f.len());
        largest.map(|(n, _)| n.clone())
    };
    let Some(best) = best.cloned().or_else(largest) else {
        return Vec::new();
    };
    let mut releases = families.remove(&best).unwrap_or_default();
    releases.sort();
    releases
}

/// What is released at the base, its places learnt as the bot learns them.
pub fn read(
    repo: &mut Repo,
    name: &str,
    releases: &[Tagged],
    base: &Tagged,
) -> Result<Package, String> {
    let all = releases.iter().map(|(v, tag)| (v.clone(), tag.as_str()));
    let before = predecessors(all, &base.0);
    let version = base.0.to_string();
    let versions: Vec<String> = before.iter().map(|(v, _)| v.to_string()).collect();
    let release = Release {
        before: &versions,
        repo: name.rsplit('/').next().unwrap_or_default(),
        tag: &base.1,
        version: &version,
        ..Release::default()
    };
    let mut files = Files::default();
    while let Some(wanted) = ecosystem::wanted(&files, &release) {
        match wanted {
            Wanted::Tree => files.put_tree(repo.tree(&base.1)),
            Wanted::Files(paths) => {
                for path in paths {
                    let text = repo.text(&base.1, &path);
                    files.put(path, text);
                }
            }
        }
    }
    let project = ecosystem::project(&files, &release)?;
    let mut package = project.answered(&[], &Repository::default()).0;
    package.learnt = learnt(repo, &package, files, &before, base)?.places;
    Ok(package)
}

fn learnt(
    repo: &mut Repo,
    package: &Package,
    mut files: Files,
    before: &[(Version, &str)],
    base: &Tagged,
) -> Result<Learnt, String> {
    let Some((version, tag)) = before.first() else {
        return Ok(Learnt::default());
    };
    let last = repo.diff(tag, &base.1)?;
    let (from, to) = (version.to_string(), base.0.to_string());
    let older = match before.get(1) {
        Some((version, older)) => Some((repo.diff(older, tag)?, version.to_string())),
        None => None,
    };
    let lessons = Lessons {
        last: Step {
            diff: &last,
            from: &from,
            to: &to,
        },
        before: older.as_ref().map(|(diff, older)| Step {
            diff,
            from: older,
            to: &from,
        }),
        ignore: &[],
    };
    for path in ecosystem::at_hand(&files, &lessons) {
        let text = repo.text(&base.1, &path);
        files.put(path, text);
    }
    Ok(ecosystem::learn(package, &files, &lessons))
}
