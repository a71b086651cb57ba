//! GitHub, as far as the model needs it: a small repository, its people, one
//! hotfix branch. It does what it is asked to and remembers what really is.

use std::collections::BTreeSet;
use std::sync::Arc;

use hotfix_bot::domain::effect::{Act, Effect};
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::facts::Reverted;
use hotfix_bot::domain::ids::{Actor, Millis, Person, Sha, fingerprint};
use hotfix_bot::domain::objects::{
    Carried, CommentKind, Commit, Hands, Issue, Page, Pull, PullKind, Run, Tag, Way,
};
use hotfix_bot::domain::policy::Policy;
use hotfix_bot::domain::undo::Undo;

mod shows;

/// The App's own login.
pub const BOT: &str = "hotfix-bot[bot]";
/// The number of the first issue.
pub const FIRST: u64 = 12;

/// A commit's name: one digit, repeated.
pub fn sha(digit: char) -> Sha {
    Sha::new(digit.to_string().repeat(40))
}

/// An issue.
#[derive(Clone, Debug)]
pub struct HubIssue {
    pub open: bool,
    /// Each with the person who put it on.
    pub labels: Vec<(String, Actor)>,
    /// What the bot's status comment shows as the head.
    pub shown: Option<Sha>,
    /// When its labels changed last.
    pub updated: Millis,
}

/// What somebody said.
#[derive(Clone, Debug)]
pub struct HubComment {
    pub id: u64,
    pub by: Actor,
    pub text: String,
    pub created: Millis,
    /// When it was edited or deleted.
    pub taken_back: Option<Millis>,
    pub gone: bool,
    /// The head that the status comment showed when it was written.
    pub saw: Option<Sha>,
    /// When the bot looked at it last.
    pub looked: Option<Millis>,
}

/// A commit on the hotfix branch.
#[derive(Clone, Debug)]
pub struct HubCommit {
    pub sha: Sha,
    /// Who really wrote and pushed it.
    pub people: BTreeSet<&'static str>,
    /// As GitHub tells it.
    pub told: Commit,
}

/// The hotfix pull request.
#[derive(Clone, Debug)]
pub struct HubPull {
    pub open: bool,
    pub draft: bool,
    /// Where it goes.
    pub base: &'static str,
    pub merged: Option<Sha>,
}

/// The repository.
#[derive(Clone, Debug)]
pub struct Hub {
    pub now: Millis,
    pub policy: Arc<Policy>,
    pub issues: Vec<HubIssue>,
    pub comments: Vec<HubComment>,
    pub branch: Option<Vec<HubCommit>>,
    /// The branch that stood there was deleted at this commit.
    pub deleted: Option<Sha>,
    pub pull: Option<HubPull>,
    pub reviews: Vec<(&'static str, Sha)>,
    /// Commits whose tests passed.
    pub green: BTreeSet<Sha>,
    pub tag: Option<Sha>,
    /// The commits of the hotfix branch that the default branch holds.
    pub main: BTreeSet<Sha>,
    pub port: Option<HubPull>,
}

/// Who may do what here.
pub fn role(login: &str) -> &'static str {
    match login {
        "maintainer" => "maintain",
        "developer" | "writer" => "write",
        _ => "read",
    }
}

/// Somebody, as GitHub names them.
pub fn person(login: &str) -> Person {
    Person::new(account(login), login)
}

/// The account's id.
pub fn account(login: &str) -> u64 {
    match login {
        "maintainer" => 1,
        "developer" => 2,
        "writer" => 3,
        _ => 4,
    }
}

/// The commit that raises the version, by this effect.
fn bump(effect: &str) -> HubCommit {
    HubCommit {
        sha: sha('b'),
        people: BTreeSet::new(),
        told: Commit {
            sha: sha('b'),
            hands: Some(Hands::default()),
            subject: "chore: bump".into(),
            author: BOT.into(),
            effect: Some(effect.into()),
            paths: vec!["Cargo.toml".into()],
            ..Commit::default()
        },
    }
}

impl Hub {
    /// A repository with so many issues, and nothing else under way.
    pub fn new(now: Millis, policy: Policy, issues: usize) -> Hub {
        let issue = HubIssue {
            open: true,
            labels: Vec::new(),
            shown: None,
            updated: now,
        };
        Hub {
            now,
            policy: Arc::new(policy),
            issues: vec![issue; issues],
            comments: Vec::new(),
            branch: None,
            deleted: None,
            pull: None,
            reviews: Vec::new(),
            green: BTreeSet::new(),
            tag: None,
            main: BTreeSet::new(),
            port: None,
        }
    }

    /// The head of the hotfix branch.
    pub fn head(&self) -> Option<Sha> {
        let commits = self.branch.as_ref()?;
        Some(commits.last().map_or_else(|| sha('0'), |c| c.sha.clone()))
    }

    /// Whether the default branch holds everything of this commit.
    pub fn holds(&self, commit: &Sha) -> bool {
        self.main.contains(commit)
    }

    /// The issue as a payload or a read shows it.
    pub fn issue(&self, at: usize) -> Issue {
        let issue = self.issues.get(at);
        Issue {
            title: "crashes on start".into(),
            author: "reporter".into(),
            author_id: account("reporter"),
            open: issue.is_some_and(|issue| issue.open),
            labels: issue
                .map(|issue| issue.labels.iter().map(|(name, _)| name.clone()).collect())
                .unwrap_or_default(),
            updated_at: issue.map(|issue| issue.updated).unwrap_or_default(),
            ..Issue::default()
        }
    }

    fn pull_read(&self, pull: &HubPull) -> Pull {
        Pull {
            node_id: "PR_1".into(),
            open: pull.open,
            draft: pull.draft,
            merged: pull.merged.is_some(),
            merge_commit: pull.merged.clone(),
            mergeable: Some(true),
            head: self.head().unwrap_or_else(|| sha('0')),
            way: Way {
                base: pull.base.into(),
                base_repo: 1,
                default_branch: "main".into(),
                head: "hotfix/v1.0.5".into(),
                head_repo: 1,
            },
            ..Pull::default()
        }
    }

    fn run(&self, id: u64, file: &str, ref_name: &str, commit: &Sha) -> Run {
        Run {
            id,
            attempt: 1,
            path: format!(".github/workflows/{file}"),
            name: file.into(),
            event: "push".into(),
            ref_name: ref_name.into(),
            sha: commit.clone(),
            status: "completed".into(),
            conclusion: Some("success".into()),
            ..Run::default()
        }
    }

    /// Carries an effect of the case of this issue out.
    pub fn carry_out(&mut self, at: usize, effect: &Effect) -> Outcome {
        match effect {
            Act::Read(read) => self.look(at, read),
            Act::CreateBranch { sha, .. } => {
                let bumped = self.branch.is_none();
                if bumped {
                    self.branch = Some(vec![bump("7//branch/x/1")]);
                }
                let head = self.branch_head();
                Outcome::BranchMade {
                    sha: head.as_ref().map_or(sha, |head| &head.sha).clone(),
                    bumped: head.filter(|_| bumped).map(Box::new),
                }
            }
            Act::PushBump { .. } => {
                if let Some(commits) = self.branch.as_mut().filter(|c| c.is_empty()) {
                    commits.push(bump("7//bump/x/1"));
                }
                Outcome::Done
            }
            Act::OpenPull { pull: kind, .. } => {
                let made = HubPull {
                    open: true,
                    draft: *kind == PullKind::Hotfix,
                    base: "main",
                    merged: None,
                };
                let (number, pull) = (13 + *kind as u64, self.pull_read(&made));
                match kind {
                    PullKind::Hotfix => self.pull = Some(made),
                    _ => self.port = Some(made),
                }
                Outcome::PullOpened { number, pull }
            }
            Act::Comment {
                kind,
                id,
                body,
                shown,
                ..
            } => {
                if let Some(issue) = self.issues.get_mut(at)
                    && *kind == CommentKind::Status
                {
                    issue.shown = shown.as_ref().and_then(|it| it.head.clone());
                }
                Outcome::CommentWritten {
                    kind: *kind,
                    id: id.unwrap_or_else(|| comment_id(*kind)),
                    url: String::new(),
                    hash: fingerprint(body),
                    page: shown.clone().map(|shown| {
                        Box::new(Page {
                            at: self.now,
                            shown: *shown,
                        })
                    }),
                }
            }
            Act::State {
                head, done, title, ..
            } => Outcome::StateWritten {
                id: 78,
                head: head.clone(),
                hash: fingerprint(&format!("{done}\n{title}")),
            },
            Act::Describe { title, body, .. } => Outcome::Described {
                hash: fingerprint(&format!("{}\n{body}", title.as_deref().unwrap_or_default())),
            },
            Act::Label { .. } => Outcome::Done,
            Act::Guard {
                head,
                conclusion,
                title,
                summary,
                ..
            } => Outcome::GuardWritten {
                id: 77,
                head: head.clone(),
                hash: fingerprint(&format!("{}\n{title}\n{summary}", conclusion.as_str())),
            },
            Act::CreateTag { commit, .. } => {
                self.tag = Some(commit.clone());
                Outcome::Tagged(Tag {
                    object: sha('e'),
                    commit: commit.clone(),
                    annotated: true,
                })
            }
            // No tag beside the release's is configured.
            Act::Point { .. } => unreachable!("none is configured"),
            Act::MarkReady { .. } => {
                if let Some(pull) = self.pull.as_mut() {
                    pull.draft = false;
                }
                Outcome::Readied
            }
            Act::Merge { pull: kind, .. } => {
                let head = self.head();
                let made = match kind {
                    PullKind::Hotfix => self.pull.as_mut(),
                    _ => self.port.as_mut(),
                };
                if let Some(pull) = made {
                    (pull.open, pull.merged) = (false, Some(sha('d')));
                    if pull.base == "main" {
                        self.main.extend(head);
                    }
                }
                Outcome::Merged { commit: sha('d') }
            }
            Act::PushPort { .. } => Outcome::Carried(Carried {
                commit: sha('8'),
                onto: sha('5'),
                ..Carried::default()
            }),
            Act::CloseIssue => {
                self.close(at, false);
                Outcome::IssueClosed
            }
            Act::ReopenIssue => {
                self.close(at, true);
                Outcome::Done
            }
            Act::ClosePull { pull: kind, .. } => {
                if let Some(pull) = self.pull.as_mut() {
                    pull.open = false;
                }
                Outcome::PullClosed { pull: *kind }
            }
            Act::DeleteBranch { pull, .. } => {
                if *pull == PullKind::Hotfix {
                    self.deleted = self.head();
                    self.branch = None;
                }
                Outcome::BranchDeleted
            }
            Act::WriteNotes { block, .. } => Outcome::NotesWritten {
                was: None,
                hash: fingerprint(block),
            },
            Act::Discuss { .. } => Outcome::Discussed { url: None },
            Act::Undo(Undo::Report { .. }) => Outcome::Reported { number: 70 },
            Act::Undo(Undo::Revert { .. }) => Outcome::Reverted(Reverted::default()),
            Act::Announce(_)
            | Act::PublishAdvisory { .. }
            | Act::Undo(_)
            | Act::Reply { .. }
            | Act::React { .. }
            | Act::Dispatch { .. }
            | Act::Launch { .. }
            | Act::PushPicks { .. }
            | Act::EnableTests { .. }
            | Act::PushEntry { .. }
            | Act::Rerun { .. } => Outcome::Done,
        }
    }

    fn close(&mut self, at: usize, open: bool) {
        if let Some(issue) = self.issues.get_mut(at) {
            issue.open = open;
        }
    }

    /// Whether somebody pushed to the branch.
    pub fn has_fix(&self) -> bool {
        let commits = self.branch.as_ref();
        commits.is_some_and(|c| c.iter().any(|c| !c.people.is_empty()))
    }
}

/// A number of its own for each comment of a case.
fn comment_id(kind: CommentKind) -> u64 {
    match kind {
        CommentKind::Status => 900,
        CommentKind::Verification => 901,
        CommentKind::Closing => 902,
        CommentKind::Regular => 903,
        CommentKind::Unreadable => 904,
        CommentKind::Rollback => 905,
        CommentKind::Moment(n) => 1_000 + u64::from(n),
        CommentKind::Duplicate(n) => 1_000_000 + n,
    }
}
