//! What came out, as Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::compare::Why;

/// What came out, of all repositories.
#[derive(Default)]
pub struct Report {
    pub pairs: Vec<Pair>,
    /// Repository (and pair), and why nothing was compared.
    pub left_out: Vec<(String, String)>,
}

/// What one way of comparing showed.
#[derive(Default)]
pub struct Measure {
    /// Files that are alike.
    pub alike: usize,
    /// Files that differ.
    pub different: Vec<(String, Why)>,
}

/// One pair.
#[derive(Default)]
pub struct Pair {
    pub repo: String,
    pub base: String,
    pub next: String,
    /// The bump onto the tree before the release's commit, against that commit;
    /// none where the version was raised from another than the base's.
    pub commit: Option<Measure>,
    /// The bump at the base with the fix on top, against the next release.
    pub tree: Measure,
    /// Files where the fix conflicts with the bump.
    pub conflicts: Vec<String>,
    /// Whether the words that the fix brought are those of the release.
    pub words: Option<bool>,
    /// Of the learnt places: those that the release changed, those that it did
    /// not, and those that it changed beyond them.
    pub right: usize,
    pub too_many: Vec<String>,
    pub missed: Vec<String>,
}

impl Measure {
    fn is_equal(&self) -> bool {
        self.different.is_empty()
    }
}

impl Report {
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        self.table(&mut out);
        self.figures(&mut out);
        self.differences(&mut out);
        let _ = writeln!(out, "\nLEFT OUT: {}", self.left_out.len());
        for (what, why) in &self.left_out {
            let _ = writeln!(out, "- {what}: {why}");
        }
        out
    }

    /// A row for each repository.
    fn table(&self, out: &mut String) {
        out.push_str(
            "\n| Repository | Pairs | Equal | Files alike | Different |\n|---|---|---|---|---|\n",
        );
        let mut repos: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
        for pair in &self.pairs {
            repos.entry(&pair.repo).or_default().push(pair);
        }
        for (repo, pairs) in repos {
            let names: Vec<String> = pairs
                .iter()
                .map(|pair| format!("{} → {}", pair.base, pair.next))
                .collect();
            let equal = pairs.iter().filter(|pair| pair.tree.is_equal()).count();
            let alike: usize = pairs.iter().map(|pair| pair.tree.alike).sum();
            let kinds = kinds(pairs.iter().map(|pair| &pair.tree));
            let kinds: Vec<String> = kinds.iter().map(|(k, n)| format!("{k} ({n})")).collect();
            let kinds = match kinds.is_empty() {
                true => "–".to_owned(),
                false => kinds.join("; "),
            };
            let _ = writeln!(
                out,
                "| {repo} | {} | {equal} of {} | {alike} | {kinds} |",
                names.join(", "),
                pairs.len(),
            );
        }
    }

    fn figures(&self, out: &mut String) {
        let tree: Vec<(&str, &Measure)> = self
            .pairs
            .iter()
            .map(|p| (p.repo.as_str(), &p.tree))
            .collect();
        let commit = self.pairs.iter();
        let commit: Vec<(&str, &Measure)> = commit
            .filter_map(|p| Some((p.repo.as_str(), p.commit.as_ref()?)))
            .collect();
        for (what, all) in [("Whole trees", tree), ("Release commits", commit)] {
            let repos: BTreeSet<&str> = all.iter().map(|(repo, _)| *repo).collect();
            let equal: Vec<&str> = all
                .iter()
                .filter(|(_, measure)| measure.is_equal())
                .map(|(repo, _)| *repo)
                .collect();
            let alike: usize = all.iter().map(|(_, measure)| measure.alike).sum();
            let different: usize = all.iter().map(|(_, m)| m.different.len()).sum();
            let of: BTreeSet<&&str> = equal.iter().collect();
            let _ = writeln!(
                out,
                "\n{what}: {} pairs of {} repositories; {} pairs of {} repositories equal; \
                 {alike} files alike, {different} different:",
                all.len(),
                repos.len(),
                equal.len(),
                of.len(),
            );
            for (kind, count) in kinds(all.iter().map(|(_, measure)| *measure)) {
                let _ = writeln!(out, "- {kind}: {count}");
            }
        }
        let sum = |of: fn(&Pair) -> usize| self.pairs.iter().map(of).sum::<usize>();
        let (right, missed, many) = (
            sum(|pair| pair.right),
            sum(|pair| pair.missed.len()),
            sum(|pair| pair.too_many.len()),
        );
        let share = |of: usize, all: usize| of as f64 / all.max(1) as f64;
        let words: Vec<bool> = self.pairs.iter().filter_map(|pair| pair.words).collect();
        let _ = writeln!(
            out,
            "\nLearnt places: {right} right, {missed} missed, {many} too many: recall {:.3}, \
             precision {:.3}.\nEntries that the fix brought: {} of {} are the release's words. \
             The fix conflicts with the bump in {} files.",
            share(right, right + missed),
            share(right, right + many),
            words.iter().filter(|same| **same).count(),
            words.len(),
            sum(|pair| pair.conflicts.len()),
        );
    }

    fn differences(&self, out: &mut String) {
        out.push('\n');
        for pair in &self.pairs {
            let name = format!("{} {} → {}", pair.repo, pair.base, pair.next);
            for (path, why) in &pair.tree.different {
                let _ = writeln!(out, "- {name}: `{path}`: {why}");
            }
            let of_commit = pair.commit.iter().flat_map(|m| &m.different);
            for (path, why) in of_commit {
                let _ = writeln!(out, "- (commit) {name}: `{path}`: {why}");
            }
            let all = [
                ("missed", &pair.missed),
                ("too many", &pair.too_many),
                ("conflict", &pair.conflicts),
            ];
            for (what, all) in all {
                for place in all {
                    let _ = writeln!(out, "- {what}: {name}: {place}");
                }
            }
        }
    }
}

/// How many files differ for each kind of reason.
fn kinds<'m>(all: impl Iterator<Item = &'m Measure>) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, why) in all.flat_map(|measure| &measure.different) {
        *counts.entry(why.kind()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
