//! The maintainers' own next release as the judge of the bump: for each pair of
//! a release and the patch release after it, what the bot would have written
//! onto the fix is held against what the maintainers wrote.
//!
//! It reads clones of public repositories, so it runs by hand:
//! `scripts/pairs FOLDER`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use hotfix_bot::ecosystem::learnt::{Diff, FileDiff, Learnt, Lessons, Piece, Step, predecessors};
use hotfix_bot::ecosystem::{self, Bump, Files, Kind, Package, Release, Repository, Wanted};
use hotfix_bot::edits::changelog;
use semver::Version;

/// So many of a repository's newest pairs are looked at.
const NEWEST: usize = 4;
/// A release with more commits is no hotfix.
const COMMITS: usize = 60;

#[test]
#[ignore = "needs a folder of clones: scripts/pairs FOLDER"]
fn the_maintainers_next_release() {
    let folder = std::env::var("PAIRS").expect("PAIRS names a folder of clones");
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
        match Repo::open(&path) {
            Some(mut repo) => look(&name, &mut repo, &mut report),
            None => report.left_out.push((name, "no clone".to_owned())),
        }
    }
    println!("{}", report.markdown());
}

/// What came out, of all repositories.
#[derive(Default)]
struct Report {
    pairs: Vec<Pair>,
    /// Repository (and pair), and why nothing was compared.
    left_out: Vec<(String, String)>,
}

/// One pair.
struct Pair {
    repo: String,
    base: String,
    next: String,
    /// Files that the release commit and the bump change alike.
    equal: Vec<String>,
    /// Files of the fix, in the same commit.
    beside: usize,
    /// Files that differ, with the reason.
    different: Vec<(String, String)>,
    /// Of the learnt places: those that the release changed, those that it did
    /// not, and those that it changed beyond them.
    right: usize,
    too_many: Vec<String>,
    missed: Vec<String>,
}

impl Report {
    fn markdown(&self) -> String {
        let mut out = String::from(
            "\n| Repository | Base → next | Alike | Different, and why |\n|---|---|---|---|\n",
        );
        for pair in &self.pairs {
            let why: Vec<String> = pair
                .different
                .iter()
                .map(|(path, why)| format!("`{path}`: {why}"))
                .collect();
            let why = if why.is_empty() {
                "–".to_owned()
            } else {
                why.join("; ")
            };
            let _ = writeln!(
                out,
                "| {} | {} → {} | {} | {why} |",
                pair.repo,
                pair.base,
                pair.next,
                pair.equal.len(),
            );
        }
        let sum = |of: fn(&Pair) -> usize| self.pairs.iter().map(of).sum::<usize>();
        let repos: BTreeSet<&str> = self.pairs.iter().map(|pair| pair.repo.as_str()).collect();
        let same = self.pairs.iter().filter(|pair| pair.different.is_empty());
        let (right, missed, many) = (
            sum(|pair| pair.right),
            sum(|pair| pair.missed.len()),
            sum(|pair| pair.too_many.len()),
        );
        let _ = writeln!(
            out,
            "\n{} pairs of {} repositories, {} of them equal; {} files alike, {} different.\n\
             Learnt places: {right} right, {missed} missed, {many} too many.",
            self.pairs.len(),
            repos.len(),
            same.count(),
            sum(|pair| pair.equal.len()),
            sum(|pair| pair.different.len()),
        );
        for pair in &self.pairs {
            for (what, all) in [("missed", &pair.missed), ("too many", &pair.too_many)] {
                for place in all {
                    let _ = writeln!(out, "- {what}: {} {}: {place}", pair.repo, pair.next);
                }
            }
        }
        let _ = writeln!(out, "\nLEFT OUT: {}", self.left_out.len());
        for (what, why) in &self.left_out {
            let _ = writeln!(out, "- {what}: {why}");
        }
        out
    }
}

fn look(name: &str, repo: &mut Repo, report: &mut Report) {
    let releases = repo.releases(name);
    let mut pairs = Vec::new();
    for (next, tag) in releases.iter().rev() {
        let same_line = |v: &Version| v.major == next.major && v.minor == next.minor;
        let base = predecessors(releases.iter().map(|(v, t)| (v.clone(), t.as_str())), next);
        if let Some((version, base)) = base.first().filter(|(v, _)| same_line(v)) {
            pairs.push((
                (version.clone(), (*base).to_owned()),
                (next.clone(), tag.clone()),
            ));
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

type Tagged = (Version, String);

fn compare(
    name: &str,
    repo: &mut Repo,
    releases: &[Tagged],
    base: &Tagged,
    next: &Tagged,
) -> Result<Pair, String> {
    let (old, new) = (base.0.to_string(), next.0.to_string());
    let (mut package, files) = repo.package(name, base)?;
    let known: BTreeSet<String> = package.known_places().map(str::to_owned).collect();
    let learnt = learnt(repo, releases, &package, &files, base)?;
    package.learnt = learnt.places.clone();
    let released = repo.release_commit(&package, base, next)?;
    let before = format!("{released}^");
    // What the bot would write onto the fix.
    let paths: Vec<String> = package.places().map(str::to_owned).collect();
    let mut texts = BTreeMap::new();
    for path in &paths {
        if let Some(text) = repo.text(&before, path) {
            texts.insert(path.as_str(), text);
        }
    }
    let date = repo.git(&["log", "-1", "--format=%cs", &released]);
    let wanted = Bump {
        package: &package,
        version: &new,
        entry: "an entry",
        date: date.trim(),
    };
    let borrowed = texts.iter().map(|(path, text)| (*path, text.as_str()));
    let bumped = ecosystem::bump(&borrowed.collect(), &wanted)?;
    let bumped: BTreeMap<String, String> = bumped.into_iter().collect();
    // What the maintainers wrote.
    let changed = repo.git(&[
        "diff",
        "--name-only",
        "--no-renames",
        "-z",
        &before,
        &released,
    ]);
    let changed: BTreeSet<String> = changed
        .split('\0')
        .filter(|p| !p.is_empty())
        .map(str::to_owned)
        .collect();
    let mut pair = Pair {
        repo: name.to_owned(),
        base: base.1.clone(),
        next: next.1.clone(),
        equal: Vec::new(),
        beside: 0,
        different: Vec::new(),
        right: 0,
        too_many: Vec::new(),
        missed: Vec::new(),
    };
    for path in changed.iter().chain(bumped.keys()).collect::<BTreeSet<_>>() {
        let theirs = repo.text(&released, path);
        let ours = bumped
            .get(path)
            .cloned()
            .or_else(|| repo.text(&before, path));
        let sides = Sides {
            before: repo.text(&before, path).unwrap_or_default(),
            ours: ours.unwrap_or_default(),
            theirs: theirs.unwrap_or_default(),
            is_ours: bumped.contains_key(path),
        };
        // What came in the same commit is the fix.
        if !sides.is_ours && !sides.is_of_the_version(path, &new) {
            pair.beside += 1;
            continue;
        }
        match sides.reason(path, &package, &new) {
            None => pair.equal.push(path.clone()),
            Some(why) => pair.different.push((path.clone(), why)),
        }
    }
    // Which lines the release changed, by the rule that learns them.
    let step = repo.diff(&before, &released)?;
    let step = Step {
        diff: &step,
        from: &old,
        to: &new,
    };
    // As if it were the habit: then all of them are places.
    let lessons = Lessons {
        last: step,
        before: Some(step),
        ignore: &[],
    };
    let mut files = Files::default();
    for path in changed.iter() {
        files.put(path.clone(), repo.text(&released, path));
    }
    let mut raised = package.clone();
    raised.learnt.clear();
    let actual = ecosystem::learn(&raised, &files, &lessons);
    let actual: BTreeSet<String> = lines(&actual).collect();
    let foretold: BTreeSet<String> = learnt
        .places
        .iter()
        .filter(|place| place.holds_a_version())
        .map(|place| line(&place.path, &place.pattern().unwrap_or_default()))
        .collect();
    let is_known = |line: &&String| known.iter().any(|k| line.starts_with(&format!("{k}: ")));
    pair.right = foretold.intersection(&actual).count();
    pair.too_many = foretold.difference(&actual).cloned().collect();
    pair.missed = actual
        .difference(&foretold)
        .filter(|l| !is_known(l))
        .cloned()
        .collect();
    Ok(pair)
}

/// The lines that were changed, raised or only listed.
fn lines(learnt: &Learnt) -> impl Iterator<Item = String> {
    let version = |piece: &Piece| matches!(piece, Piece::Version(_));
    let places = learnt
        .places
        .iter()
        .filter(move |place| place.line.iter().any(version));
    let places = places.filter_map(|place| Some(line(&place.path, &place.pattern()?)));
    let listed = learnt.listed.iter().filter(|listed| listed.was_changed);
    places.chain(listed.filter_map(|l| Some(line(&l.path, l.pattern.as_deref()?))))
}

fn line(path: &str, pattern: &str) -> String {
    format!("{path}: `{pattern}`")
}

fn learnt(
    repo: &mut Repo,
    releases: &[Tagged],
    package: &Package,
    files: &Files,
    base: &Tagged,
) -> Result<Learnt, String> {
    let all = releases.iter().map(|(v, tag)| (v.clone(), tag.as_str()));
    let before = predecessors(all, &base.0);
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
    let mut files = files.clone();
    for path in ecosystem::at_hand(&files, &lessons) {
        let text = repo.text(&base.1, &path);
        files.put(path, text);
    }
    Ok(ecosystem::learn(package, &files, &lessons))
}

/// A file before the release, as the bot would have made it, as it is.
struct Sides {
    before: String,
    ours: String,
    theirs: String,
    is_ours: bool,
}

impl Sides {
    /// Whether theirs brings lines with the version.
    fn is_of_the_version(&self, path: &str, new: &str) -> bool {
        let theirs = FileDiff::of_texts(path, &self.before, &self.theirs);
        theirs.added.iter().any(|line| line.contains(new))
    }

    /// Why ours differs from theirs; none where it does not.
    fn reason(&self, path: &str, package: &Package, new: &str) -> Option<String> {
        if self.ours == self.theirs {
            return None;
        }
        let is_log = package.changelog.as_deref() == Some(path);
        if is_log {
            return self.headings(new);
        }
        let Sides {
            before,
            ours,
            theirs,
            is_ours,
        } = self;
        let ours = FileDiff::of_texts(path, before, ours);
        let theirs = FileDiff::of_texts(path, before, theirs);
        let missing = theirs
            .added
            .iter()
            .filter(|line| !ours.added.contains(line));
        let missing: Vec<&String> = missing.collect();
        let extra = ours
            .added
            .iter()
            .filter(|line| !theirs.added.contains(line))
            .count();
        let about = missing.iter().filter(|line| line.contains(new)).count();
        Some(match (is_ours, extra, about) {
            (true, 0, 0) => "lines that are not of the version, in the same commit".to_owned(),
            (true, 0, n) => format!("the release has {n} lines with the version more"),
            (true, n, _) => format!("the release left {n} lines alone"),
            (false, _, n) => format!("{n} lines with the version, not foretold"),
        })
    }

    /// The changelogs but for the entry's own lines.
    fn headings(&self, new: &str) -> Option<String> {
        let heading = |text: &str| {
            let lines = text
                .lines()
                .filter(|line| !self.before.lines().any(|old| old == *line));
            let line = lines.into_iter().find(|line| line.contains(new));
            undated(line.unwrap_or_default().trim())
        };
        let (ours, theirs) = (heading(&self.ours), heading(&self.theirs));
        let has = |text: &str| changelog::section(text, new).is_some();
        match () {
            () if ours == theirs => None,
            () if !has(&self.theirs) => Some("the release gave it no section".to_owned()),
            () => Some(format!("heading `{ours}`, theirs `{theirs}`")),
        }
    }
}

/// A heading with its date out of the way: a release is dated as it is made.
fn undated(heading: &str) -> String {
    let day = changelog::Day::parse("2000-01-01").expect("a day");
    match changelog::find_date(heading, day) {
        Some((at, new)) => {
            let (before, after) = (&heading[..at.start], &heading[at.end..]);
            format!("{before}{new}{after}")
        }
        None => heading.to_owned(),
    }
}

/// A clone, with one git that reads from it.
struct Repo {
    path: PathBuf,
    git: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Repo {
    fn drop(&mut self) {
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}

impl Repo {
    fn open(path: &Path) -> Option<Repo> {
        let nested = path.join("repo");
        let path = if nested.is_dir() {
            nested
        } else {
            path.to_owned()
        };
        let mut git = Command::new("git")
            .arg("-C")
            .arg(&path)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (ask, answers) = (git.stdin.take()?, BufReader::new(git.stdout.take()?));
        let repo = Repo {
            path,
            git,
            ask,
            answers,
        };
        let is_clone = !repo.git(&["rev-parse", "--git-dir"]).is_empty();
        is_clone.then_some(repo)
    }

    fn try_git(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.path)
            .args(arguments)
            .stderr(Stdio::null())
            .output();
        let output = output.ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(text)
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.try_git(arguments).unwrap_or_default()
    }

    /// A file's text at a commit; none where it is no text.
    fn text(&mut self, at: &str, path: &str) -> Option<String> {
        writeln!(self.ask, "{at}:{path}").ok()?;
        self.ask.flush().ok()?;
        let mut header = String::new();
        self.answers.read_line(&mut header).ok()?;
        let mut words = header.trim_end().rsplit(' ');
        let size: usize = words.next()?.parse().ok()?;
        let kind = words.next()?;
        let mut bytes = vec![0; size + 1];
        self.answers.read_exact(&mut bytes).ok()?;
        bytes.pop();
        String::from_utf8(bytes).ok().filter(|_| kind == "blob")
    }

    /// The stable releases of the product, the lowest first.
    fn releases(&self, name: &str) -> Vec<Tagged> {
        let tags = self.git(&["for-each-ref", "refs/tags", "--format=%(refname:lstrip=2)"]);
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
            "v",
            "",
            &format!("{short}-v"),
            &format!("{short}-"),
            &format!("{short}@"),
        ];
        let named: Vec<String> = named.iter().map(|n| (*n).to_owned()).collect();
        let best = named
            .iter()
            .filter(|n| families.get(*n).is_some_and(|f| f.len() > 3));
        // Where tags were named in several ways, the way of the highest holds.
        let best = best.max_by_key(|n| families[*n].iter().map(|(v, _)| v.clone()).max());
        let largest = || {
            families
                .iter()
                .max_by_key(|(_, f)| f.len())
                .map(|(n, _)| n.clone())
        };
        let Some(best) = best.cloned().or_else(largest) else {
            return Vec::new();
        };
        let mut releases = families.remove(&best).unwrap_or_default();
        releases.sort();
        releases
    }

    /// What is released at the base.
    fn package(&mut self, name: &str, base: &Tagged) -> Result<(Package, Files), String> {
        let version = base.0.to_string();
        let release = Release {
            repo: name.rsplit('/').next().unwrap_or_default(),
            tag: &base.1,
            version: &version,
            changelog: None,
            ..Release::default()
        };
        let mut files = Files::default();
        while let Some(wanted) = ecosystem::wanted(Kind::Cargo, &files, &release) {
            match wanted {
                Wanted::Tree => {
                    let tree = self.git(&["ls-tree", "-r", "-z", "--name-only", &base.1]);
                    let paths = tree.split('\0').filter(|path| !path.is_empty());
                    files.put_tree(paths.map(str::to_owned).collect());
                }
                Wanted::Files(paths) => {
                    for path in paths {
                        let text = self.text(&base.1, &path);
                        files.put(path, text);
                    }
                }
            }
        }
        let project = ecosystem::project(Kind::Cargo, &files, &release)?;
        Ok((project.answered(&[], &Repository::default()).0, files))
    }

    /// The commit that raised the version to the next one.
    fn release_commit(
        &mut self,
        package: &Package,
        base: &Tagged,
        next: &Tagged,
    ) -> Result<String, String> {
        let range = format!("{}..{}", base.1, next.1);
        let count = self.git(&["rev-list", "--count", "--no-merges", &range]);
        let count: usize = count.trim().parse().unwrap_or(usize::MAX);
        if count > COMMITS {
            return Err(format!("{count} commits: no hotfix"));
        }
        let commits = self.git(&["rev-list", "--no-merges", &range, "--", &package.manifest]);
        let (old, new) = (base.0.to_string(), next.0.to_string());
        for commit in commits.lines() {
            let mut stated = |at: &str| {
                let text = self.text(at, &package.manifest).unwrap_or_default();
                ecosystem::stated(package, &text)
            };
            if stated(commit).contains(&new) && !stated(&format!("{commit}^")).contains(&new) {
                let before = stated(&format!("{commit}^"));
                return match before.contains(&old) {
                    true => Ok(commit.to_owned()),
                    false => Err(format!("it was raised from {}", before.join(", "))),
                };
            }
        }
        Err(format!("no commit raised {} to {new}", package.manifest))
    }

    /// The difference of two commits, file by file; none where the clone has
    /// gaps.
    fn diff(&self, from: &str, to: &str) -> Result<Diff, String> {
        let range = [
            "-c",
            "core.quotePath=false",
            "diff",
            "-U0",
            "--no-renames",
            "--no-color",
        ];
        let rest = ["--no-ext-diff", "--diff-filter=M", from, to];
        let text = self.try_git(&[&range[..], &rest].concat());
        let text =
            text.ok_or_else(|| format!("an object between {from} and {to} is missing here"))?;
        let mut files = Vec::new();
        for file in text.split("\ndiff --git ") {
            let Some(at) = file.find("\n@@") else {
                continue;
            };
            let (head, patch) = file.split_at(at + 1);
            let path = head.lines().find_map(|line| line.strip_prefix("+++ b/"));
            if let Some(path) = path {
                files.push(FileDiff::of_patch(path.trim_end_matches('\t'), patch));
            }
        }
        Ok(Diff { files })
    }
}
