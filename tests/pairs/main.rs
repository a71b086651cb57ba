//! The maintainers' own next release as the judge of the bump: for each pair of
//! a release and the patch release after it, the hotfix that the bot would have
//! made of the same fix is held against what the maintainers released.
//!
//! It reads clones of public repositories, so it runs by hand:
//! `scripts/pairs FOLDER`.

mod compare;
mod foretold;
mod git;
mod product;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use hotfix_bot::ecosystem::learnt::predecessors;
use hotfix_bot::ecosystem::{self, Bump, Package};
use hotfix_bot::edits::three_way::{self, Labels, Merged};
use semver::Version;

use compare::{Sides, Why};
use git::{Commit, Repo};
use product::Tagged;
use report::{Measure, Pair, Report};

/// So many of a repository's newest pairs are looked at.
const NEWEST: usize = 4;
/// A release with more commits is no hotfix.
const COMMITS: usize = 60;

#[test]
#[ignore = "needs a folder of clones: scripts/pairs FOLDER"]
fn the_maintainers_next_release() {
    let folder = std::env::var("PAIRS").expect("PAIRS names a folder of clones");
    // Some of them alone, by parts of their names: "fd,bat".
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut report = Report::default();
    let mut clones: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    clones.sort();
    for path in clones {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.replace('+', "/");
        if !only.split(',').any(|part| name.contains(part)) {
            report.left_out.push((name, "not asked for".to_owned()));
            continue;
        }
        match Repo::open(&path) {
            Some(mut repo) => look(&name, &mut repo, &mut report),
            None => report.left_out.push((name, "no clone".to_owned())),
        }
    }
    println!("{}", report.markdown());
}

/// The newest pairs of a repository.
fn look(name: &str, repo: &mut Repo, report: &mut Report) {
    let releases = product::releases(repo, name);
    let mut pairs = Vec::new();
    for next in releases.iter().rev() {
        let same_line = |v: &Version| v.major == next.0.major && v.minor == next.0.minor;
        let all = releases.iter().map(|(v, t)| (v.clone(), t.as_str()));
        let base = predecessors(all, &next.0);
        if let Some((version, base)) = base.first().filter(|(v, _)| same_line(v)) {
            pairs.push(((version.clone(), (*base).to_owned()), next.clone()));
        }
        if pairs.len() == NEWEST {
            break;
        }
    }
    if pairs.is_empty() {
        let words = format!("no patch release among {} releases", releases.len());
        report.left_out.push((name.to_owned(), words));
    }
    for (base, next) in pairs {
        let what = format!("{name} {} → {}", base.1, next.1);
        match compare(name, repo, &releases, &base, &next) {
            Ok(pair) => report.pairs.push(pair),
            Err(words) => report.left_out.push((what, words)),
        }
    }
}

fn compare(
    name: &str,
    repo: &mut Repo,
    releases: &[Tagged],
    base: &Tagged,
    next: &Tagged,
) -> Result<Pair, String> {
    let package = product::read(repo, name, releases, base)?;
    let commits = repo.commits(&format!("{}..{}", base.1, next.1));
    if commits.len() > COMMITS {
        return Err(format!("{} commits: no hotfix", commits.len()));
    }
    let mut pair = Pair {
        repo: name.to_owned(),
        base: base.1.clone(),
        next: next.1.clone(),
        ..Pair::default()
    };
    let ours = Hotfix {
        package: &package,
        from: base.0.to_string(),
        to: next.0.to_string(),
    };
    let released = ours.released(repo, &commits)?;
    let (old, new) = (ours.from.clone(), ours.to.clone());
    if ours
        .stated(repo, &format!("{}^", released.sha))
        .contains(&old)
    {
        pair.commit = Some(ours.onto(repo, released, &base.1)?);
        let places = foretold::places(repo, &ours, released)?;
        (pair.right, pair.missed, pair.too_many) = places;
    }
    let releasing: Vec<&Commit> = commits
        .iter()
        .filter(|commit| ours.is_releasing(repo, commit))
        .collect();
    if releasing.is_empty() {
        return Err(format!("no commit raised {} to {new}", package.manifest));
    }
    ours.whole(repo, &releasing, (&base.1, &next.1), &mut pair)?;
    Ok(pair)
}

/// What the bot would release.
struct Hotfix<'a> {
    package: &'a Package,
    from: String,
    to: String,
}

type Texts = BTreeMap<String, String>;

impl Hotfix<'_> {
    /// The versions that the manifest states at a commit.
    fn stated(&self, repo: &mut Repo, at: &str) -> Vec<String> {
        let text = repo.text(at, &self.package.manifest).unwrap_or_default();
        ecosystem::stated(self.package, &text)
    }

    /// The commit that raised the version to the next one.
    fn released<'c>(&self, repo: &mut Repo, commits: &'c [Commit]) -> Result<&'c Commit, String> {
        let manifest = &self.package.manifest;
        let mut raising = commits.iter().filter(|c| c.paths.contains(manifest));
        let raised = raising.find(|commit| {
            let after = self.stated(repo, &commit.sha);
            let before = self.stated(repo, &format!("{}^", commit.sha));
            after.contains(&self.to) && !before.contains(&self.to)
        });
        raised.ok_or_else(|| format!("no commit raised {manifest} to {}", self.to))
    }

    /// Whether a commit does what the bump does: it changes the version, or
    /// brings the new one to nothing but places.
    fn is_releasing(&self, repo: &mut Repo, commit: &Commit) -> bool {
        let before = format!("{}^", commit.sha);
        if commit.paths.contains(&self.package.manifest)
            && self.stated(repo, &before) != self.stated(repo, &commit.sha)
        {
            return true;
        }
        let places: BTreeSet<&str> = self.package.places().collect();
        let mut count = |at: &str, path: &String| {
            let text = repo.text(at, path).unwrap_or_default();
            text.matches(&self.to).count()
        };
        !commit.paths.is_empty()
            && commit
                .paths
                .iter()
                .all(|path| places.contains(path.as_str()))
            && commit
                .paths
                .iter()
                .any(|path| count(&commit.sha, path) > count(&before, path))
    }

    /// The bump's files, on these.
    fn bump(&self, texts: &Texts, date: &str) -> Result<Texts, String> {
        let wanted = Bump {
            package: self.package,
            version: &self.to,
            entry: "an entry",
            date,
            was: None,
        };
        let borrowed = texts.iter().map(|(p, text)| (p.as_str(), text.as_str()));
        let bumped = ecosystem::bump(&borrowed.collect(), &wanted);
        let bumped = bumped.map_err(|words| format!("THE BOT REFUSES: {words}"))?;
        Ok(bumped.into_iter().collect())
    }

    fn log_at(&self, repo: &mut Repo, base: &str, path: &str) -> String {
        match self.package.logs().any(|log| log == path) {
            true => repo.text(base, path).unwrap_or_default(),
            false => String::new(),
        }
    }

    /// The bump onto the tree before the release's commit, against that commit.
    fn onto(&self, repo: &mut Repo, released: &Commit, base: &str) -> Result<Measure, String> {
        let before = format!("{}^", released.sha);
        let mut texts = Texts::new();
        for path in self.package.places() {
            texts.extend(repo.text(&before, path).map(|text| (path.to_owned(), text)));
        }
        let date = repo.git(&["log", "-1", "--format=%cs", &released.sha]);
        let bumped = self.bump(&texts, date.trim())?;
        let mut measure = Measure::default();
        let paths: BTreeSet<&String> = released.paths.iter().chain(bumped.keys()).collect();
        for path in paths {
            let before = repo.text(&before, path);
            let sides = Sides {
                ours: bumped.get(path).cloned().or_else(|| before.clone()),
                before,
                theirs: repo.text(&released.sha, path),
                is_ours: bumped.contains_key(path),
            };
            let base = self.log_at(repo, base, path);
            self.hold(&sides, path, &base, &mut measure);
        }
        Ok(measure)
    }

    fn hold(&self, sides: &Sides, path: &str, base: &str, measure: &mut Measure) {
        // What came in the same commit is the fix.
        if !sides.is_ours && !sides.is_of_the_version(path, &self.to) {
            return;
        }
        match sides.why(path, self.package, &self.to, base) {
            None => measure.alike += 1,
            Some(why) => measure.different.push((path.to_owned(), why)),
        }
    }

    /// The way that a hotfix goes: the bump at the base, the fix on top of it,
    /// the bump once more where the fix needs it; against the next release. The
    /// fix is all that is not of a releasing commit, so that files which no
    /// such commit and no bump touches are alike.
    fn whole(
        &self,
        repo: &mut Repo,
        releasing: &[&Commit],
        (base, next): (&str, &str),
        pair: &mut Pair,
    ) -> Result<(), String> {
        let places: Vec<&str> = self.package.places().collect();
        let mut at_base = Texts::new();
        for path in &places {
            let text = repo.text(base, path);
            at_base.extend(text.map(|text| ((*path).to_owned(), text)));
        }
        let date = repo.git(&["log", "-1", "--format=%cs", &format!("{next}^{{commit}}")]);
        let first = self.bump(&at_base, date.trim())?;
        let mut tangled = BTreeSet::new();
        let mut fixed: BTreeMap<String, Option<String>> = BTreeMap::new();
        let touched = releasing.iter().flat_map(|commit| &commit.paths).cloned();
        let paths: BTreeSet<String> = touched.chain(at_base.keys().cloned()).collect();
        for path in &paths {
            let (text, whole) = without(repo, releasing, path, next);
            fixed.insert(path.clone(), text);
            if !whole {
                tangled.insert(path.clone());
            }
        }
        // The fix on top of the bump.
        let mut texts = Texts::new();
        for path in &places {
            let (Some(base), Some(Some(fix))) = (at_base.get(*path), fixed.get(*path)) else {
                let new = fixed.get(*path).cloned().flatten();
                texts.extend(new.map(|text| ((*path).to_owned(), text)));
                continue;
            };
            let merged = match first.get(*path) {
                None => Some(fix.clone()),
                Some(first) => merge(base, first, fix),
            };
            if merged.is_none() {
                pair.conflicts.push((*path).to_owned());
            }
            // Whoever resolves it takes the fix's side; the bump comes again.
            texts.insert((*path).to_owned(), merged.unwrap_or_else(|| fix.clone()));
        }
        let again = self.bump(&texts, date.trim())?;
        for path in &paths {
            let before = fixed.get(path).cloned().flatten();
            let ours = again.get(path).or_else(|| texts.get(path)).cloned();
            let sides = Sides {
                is_ours: first.contains_key(path) || again.contains_key(path),
                ours: ours.or_else(|| before.clone()),
                before,
                theirs: repo.text(next, path),
            };
            if tangled.contains(path) && sides.ours != sides.theirs {
                pair.tree.different.push((path.clone(), Why::Tangled));
                continue;
            }
            let log = self.log_at(repo, base, path);
            self.hold(&sides, path, &log, &mut pair.tree);
            if self.package.changelog.as_ref() == Some(path) {
                pair.words = sides.same_words(&self.to, &log);
            }
        }
        Ok(())
    }
}

/// A file of the next release without what the releasing commits did to it, the
/// newest first; and whether that could be taken out.
fn without(
    repo: &mut Repo,
    releasing: &[&Commit],
    path: &str,
    next: &str,
) -> (Option<String>, bool) {
    let mut text = repo.text(next, path);
    let mut whole = true;
    let own = releasing
        .iter()
        .filter(|c| c.paths.iter().any(|p| p == path));
    for commit in own {
        let after = repo.text(&commit.sha, path);
        let before = repo.text(&format!("{}^", commit.sha), path);
        text = match (&text, after, before) {
            (now, after, before) if *now == after => before,
            (Some(now), Some(after), Some(before)) => match merge(&after, now, &before) {
                Some(text) => Some(text),
                None => {
                    whole = false;
                    Some(now.clone())
                }
            },
            (now, ..) => now.clone(),
        };
    }
    (text, whole)
}

fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let labels = Labels {
        ours: "ours",
        theirs: "theirs",
    };
    match three_way::merge(base, ours, theirs, labels) {
        Ok(Merged::Clean(text)) => Some(text),
        _ => None,
    }
}
