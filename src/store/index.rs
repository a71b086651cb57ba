//! What concerns somebody: the open cases and what they claim, in memory.
//!
//! It is a cache that errs on one side. It always holds at least what the file
//! holds: added to before a commit, taken from after it. So "nobody" is exact,
//! "somebody" is asked of the file, and a transaction that is rolled back leaves
//! too much and never too little. Until it was read from the file everything
//! may concern somebody.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

#[derive(Default)]
struct Repo {
    /// Issues with open cases, and which: one for each release line.
    issues: HashMap<i64, Vec<i64>>,
    /// Issues on which a label may begin a case that is not committed yet: how
    /// many such labels are on their way.
    opening: HashMap<i64, u32>,
    /// By kind and value, who holds it.
    claims: HashMap<String, HashMap<String, i64>>,
    /// The labels that begin a hotfix, where they are known.
    labels: Option<Vec<String>>,
    /// Pull requests that bring another configuration, or may.
    proposals: HashSet<i64>,
}

#[derive(Default)]
struct Inner {
    loaded: bool,
    repos: HashMap<i64, Repo>,
}

/// Which issues, refs and pull requests concern a case.
#[derive(Default)]
pub struct Index(RwLock<Inner>);

/// What the file holds.
#[derive(Default)]
pub(super) struct Held {
    /// Repository, issue, case.
    pub cases: Vec<(i64, i64, i64)>,
    /// Repository, kind, value, case.
    pub claims: Vec<(i64, String, String, i64)>,
    /// Repository, and its labels as JSON.
    pub labels: Vec<(i64, String)>,
    /// Repository and issue of a label that was not worked off.
    pub opening: Vec<(i64, i64)>,
    /// Repository and pull request that brings another configuration, or may.
    pub proposals: Vec<(i64, i64)>,
}

/// What a transaction takes away, once it is committed.
#[derive(PartialEq)]
pub(super) enum Gone {
    Issue {
        repo: i64,
        issue: i64,
        case: i64,
    },
    Claim {
        repo: i64,
        kind: String,
        value: String,
        case: i64,
    },
    Labels {
        repo: i64,
        labels: Vec<String>,
    },
    Opened {
        repo: i64,
        issue: i64,
    },
    Proposal {
        repo: i64,
        pull: i64,
    },
}

impl Index {
    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that holds this: issues and claims of repositories, which labels begin a
    /// hotfix there, and which pull requests bring another configuration.
    #[cfg(test)]
    pub fn of(
        issues: &[(i64, i64)],
        claims: &[(i64, &str, &str)],
        labels: &[(i64, &str)],
        proposals: &[(i64, i64)],
    ) -> Arc<Self> {
        let index = Index::default();
        for (repo, issue) in issues {
            index.add_issue(*repo, *issue, 1);
        }
        for (repo, kind, value) in claims {
            index.add_claim(*repo, kind, value, 1);
        }
        let known = labels.iter().map(|(repo, label)| Gone::Labels {
            repo: *repo,
            labels: vec![(*label).to_owned()],
        });
        index.take(known.collect());
        for (repo, pull) in proposals {
            index.add_proposal(*repo, *pull);
        }
        index.write().loaded = true;
        Arc::new(index)
    }

    fn asks(&self, repo: i64, ask: impl FnOnce(&Repo) -> bool) -> bool {
        let inner = self.read();
        !inner.loaded || inner.repos.get(&repo).is_some_and(ask)
    }

    /// Whether the issue may have an open case, or one that is about to begin.
    pub fn has_issue(&self, repo: i64, issue: i64) -> bool {
        self.asks(repo, |it| {
            it.issues.contains_key(&issue) || it.opening.contains_key(&issue)
        })
    }

    /// Whether an open case may hold this claim, or one that is about to: what opens
    /// may be a case that had claims before.
    pub fn has_claim(&self, repo: i64, kind: &str, value: &str) -> bool {
        self.asks(repo, |it| {
            !it.opening.is_empty() || it.claims.get(kind).is_some_and(|of| of.contains_key(value))
        })
    }

    /// Whether the pull request may bring another configuration.
    pub fn has_proposal(&self, repo: i64, pull: i64) -> bool {
        self.asks(repo, |it| it.proposals.contains(&pull))
    }

    /// Whether any pull request of the repository may.
    pub fn has_proposals(&self, repo: i64) -> bool {
        self.asks(repo, |it| !it.proposals.is_empty())
    }

    /// Whether the repository may have an open case.
    pub fn has_case(&self, repo: i64) -> bool {
        self.asks(repo, |it| !it.issues.is_empty() || !it.opening.is_empty())
    }

    /// Whether anything but a label or a word can concern a case there.
    pub fn is_busy(&self, repo: i64) -> bool {
        self.asks(repo, |it| {
            !it.issues.is_empty() || !it.opening.is_empty() || !it.claims.is_empty()
        })
    }

    /// Whether it is known which labels begin a hotfix there.
    pub fn knows_labels(&self, repo: i64) -> bool {
        self.asks(repo, |it| it.labels.is_some())
    }

    /// Whether the label may begin a hotfix: as the configuration says, or any
    /// where it is not known.
    pub fn may_begin(&self, repo: i64, label: &str) -> bool {
        let inner = self.read();
        match inner.repos.get(&repo).and_then(|it| it.labels.as_ref()) {
            Some(labels) if inner.loaded => labels.iter().any(|l| l.eq_ignore_ascii_case(label)),
            _ => true,
        }
    }

    /// From now on the issue counts as if its case were open: a label that may
    /// begin one is on its way into the file.
    pub fn opening(self: &Arc<Self>, repo: i64, issue: i64) -> Opening {
        self.begins(repo, issue);
        Opening {
            index: self.clone(),
            repo,
            issue,
            kept: AtomicBool::new(false),
        }
    }

    fn begins(&self, repo: i64, issue: i64) {
        let mut inner = self.write();
        let it = inner.repos.entry(repo).or_default();
        *it.opening.entry(issue).or_default() += 1;
    }

    pub(super) fn add_issue(&self, repo: i64, issue: i64, case: i64) {
        let mut inner = self.write();
        let it = inner.repos.entry(repo).or_default();
        let cases = it.issues.entry(issue).or_default();
        if !cases.contains(&case) {
            cases.push(case);
        }
    }

    pub(super) fn add_claim(&self, repo: i64, kind: &str, value: &str, case: i64) {
        let mut inner = self.write();
        let claims = &mut inner.repos.entry(repo).or_default().claims;
        let of_kind = claims.entry(kind.to_owned()).or_default();
        of_kind.insert(value.to_owned(), case);
    }

    pub(super) fn add_proposal(&self, repo: i64, pull: i64) {
        let mut inner = self.write();
        inner.repos.entry(repo).or_default().proposals.insert(pull);
    }

    pub(super) fn forget_labels(&self, repo: i64) {
        if let Some(it) = self.write().repos.get_mut(&repo) {
            it.labels = None;
        }
    }

    /// Takes in what the file holds: now nobody is exact.
    pub(super) fn fill(&self, held: Held) {
        for (repo, issue) in held.opening {
            self.begins(repo, issue);
        }
        let mut inner = self.write();
        for (repo, issue, case) in held.cases {
            let it = inner.repos.entry(repo).or_default();
            let cases = it.issues.entry(issue).or_default();
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
        for (repo, kind, value, case) in held.claims {
            let claims = &mut inner.repos.entry(repo).or_default().claims;
            claims.entry(kind).or_default().insert(value, case);
        }
        for (repo, labels) in held.labels {
            inner.repos.entry(repo).or_default().labels = serde_json::from_str(&labels).ok();
        }
        for (repo, pull) in held.proposals {
            inner.repos.entry(repo).or_default().proposals.insert(pull);
        }
        inner.loaded = true;
    }

    pub(super) fn take(&self, gone: Vec<Gone>) {
        if gone.is_empty() {
            return;
        }
        let mut inner = self.write();
        for gone in gone {
            let repo = match &gone {
                Gone::Issue { repo, .. }
                | Gone::Claim { repo, .. }
                | Gone::Labels { repo, .. }
                | Gone::Opened { repo, .. }
                | Gone::Proposal { repo, .. } => *repo,
            };
            let it = inner.repos.entry(repo).or_default();
            match gone {
                // Another case may have taken its place meanwhile.
                Gone::Issue { issue, case, .. } => {
                    if let Some(cases) = it.issues.get_mut(&issue) {
                        cases.retain(|other| *other != case);
                        if cases.is_empty() {
                            it.issues.remove(&issue);
                        }
                    }
                }
                Gone::Claim {
                    kind, value, case, ..
                } => {
                    if let Some(of_kind) = it.claims.get_mut(&kind) {
                        if of_kind.get(&value) == Some(&case) {
                            of_kind.remove(&value);
                        }
                        if of_kind.is_empty() {
                            it.claims.remove(&kind);
                        }
                    }
                }
                Gone::Labels { labels, .. } => it.labels = Some(labels),
                Gone::Proposal { pull, .. } => {
                    it.proposals.remove(&pull);
                }
                Gone::Opened { issue, .. } => {
                    if let Some(left) = it.opening.get_mut(&issue) {
                        *left = left.saturating_sub(1);
                        if *left == 0 {
                            it.opening.remove(&issue);
                        }
                    }
                }
            }
            if it.issues.is_empty()
                && it.opening.is_empty()
                && it.claims.is_empty()
                && it.labels.is_none()
                && it.proposals.is_empty()
            {
                inner.repos.remove(&repo);
            }
        }
    }
}

/// A label that may begin a case is on its way into the file. Dropped before it
/// is there, nothing begins.
pub struct Opening {
    index: Arc<Index>,
    repo: i64,
    issue: i64,
    kept: AtomicBool,
}

impl Opening {
    /// The issue.
    pub fn issue(&self) -> i64 {
        self.issue
    }

    /// It is in the file: it lasts until its row is worked off.
    pub(super) fn keep(&self) {
        self.kept.store(true, Ordering::Relaxed);
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        if !self.kept.load(Ordering::Relaxed) {
            self.index.take(vec![Gone::Opened {
                repo: self.repo,
                issue: self.issue,
            }]);
        }
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opening({}#{})", self.repo, self.issue)
    }
}
