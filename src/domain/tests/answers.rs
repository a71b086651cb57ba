//! How the world carries out what is wished of it.

use std::sync::Arc;

use super::world::{CI, World, by, sha, workflow};
use crate::domain::bulletin::Announce;
use crate::domain::effect::{Act, Effect};
use crate::domain::event::{Event, Outcome, print};
use crate::domain::ids::{LineId, fingerprint};
use crate::domain::objects::{
    AdvisoryState, Branch, Came, ChannelKind, ChannelState, Channels, Checks, Commit, Hands, Head,
    Jobs, Looked, Observation, Page, Picked, PickedCommit, Pointer, PolicyRead, Pull, RoleRead,
    Runs, Tag, WordRead,
};
use crate::domain::read::Read;
use crate::domain::undo::Undo;

/// An App's work.
fn app() -> Option<Hands> {
    Some(Hands {
        unknown: true,
        ..Hands::default()
    })
}

impl World {
    /// Carries an effect out.
    pub fn answer(&mut self, effect: &Effect) -> Outcome {
        if let Some(outcome) = self.port.answer(effect) {
            return outcome;
        }
        match effect {
            Act::Read(read) => self.look_at(read),
            Act::Dispatch {
                file,
                head,
                trial,
                after,
                ..
            } => {
                self.dispatched.push(file.clone());
                Outcome::Dispatched {
                    file: file.clone(),
                    head: head.clone(),
                    trial: trial.as_ref().map(|_| after.unwrap_or_default()),
                }
            }
            Act::Launch {
                file, at, after, ..
            } => {
                self.launched.push((file.clone(), at.clone()));
                Outcome::Launched {
                    file: file.clone(),
                    at: at.clone(),
                    after: *after,
                    run: None,
                }
            }
            Act::EnableTests { paths, message, .. } => {
                assert!(message.contains("hotfix/v*"), "{message}");
                self.made('7');
                let head = self.head.as_mut().expect("a branch");
                head.sha = sha('7');
                head.tree = sha('7');
                head.commits.push(Commit {
                    sha: sha('7'),
                    subject: message.as_str().into(),
                    author: "hotfix-bot[bot]".into(),
                    hands: app(),
                    effect: Some("7//enable/x/1".into()),
                    paths: paths.clone(),
                    ..Commit::default()
                });
                head.workflows = vec![workflow("ci.yml", CI)];
                if let Some(pull) = self.pull.as_mut() {
                    pull.head = sha('7');
                }
                Outcome::Done
            }
            Act::PushPicks { parent, .. } => {
                self.made('8');
                let head = self.head.as_mut().expect("a branch");
                assert_eq!(head.sha, *parent);
                head.sha = sha('8');
                head.tree = sha('8');
                head.commits.push(Commit {
                    sha: sha('8'),
                    subject: "fix: start again".into(),
                    author: "kim".into(),
                    hands: by("kim").map(|hands| Hands {
                        by_bot: true,
                        ..hands
                    }),
                    picked: Some(sha('1')),
                    paths: vec!["src/lib.rs".into(), "tests/start.rs".into()],
                    ..Commit::default()
                });
                if let Some(pull) = self.pull.as_mut() {
                    pull.head = sha('8');
                }
                Outcome::Picked(Picked {
                    head: sha('8'),
                    commits: vec![PickedCommit {
                        from: sha('1'),
                        subject: "fix: start again".into(),
                        came: Came::As(sha('8')),
                        left: Vec::new(),
                    }],
                    ..Picked::default()
                })
            }
            Act::CreateBranch { sha, .. } => {
                self.head = Some(Head {
                    sha: sha.clone(),
                    holds_base: true,
                    ..Head::default()
                });
                Outcome::BranchMade {
                    sha: sha.clone(),
                    bumped: None,
                }
            }
            Act::PushBump { version, .. } => {
                self.made('b');
                let head = self.head.as_mut().expect("a branch");
                head.sha = sha('b');
                head.tree = sha('b');
                head.commits.push(Commit {
                    sha: sha('b'),
                    subject: "chore: bump".into(),
                    author: "hotfix-bot[bot]".into(),
                    hands: app(),
                    effect: Some("7//bump/x/1".into()),
                    paths: vec!["Cargo.toml".into()],
                    ..Commit::default()
                });
                head.versions = vec![("Cargo.toml".into(), Some(version.clone()))];
                head.changelog = true;
                Outcome::Done
            }
            Act::OpenPull { title, body, .. } => {
                assert!(!title.is_empty() && body.contains("Refs #12"));
                let pull = Pull {
                    node_id: "PR_1".into(),
                    open: true,
                    draft: true,
                    mergeable: Some(true),
                    head: sha('b'),
                    ..Pull::default()
                };
                self.pull = Some(pull.clone());
                Outcome::PullOpened { number: 13, pull }
            }
            Act::Comment {
                kind,
                id,
                body,
                shown,
                ..
            } => {
                self.comments += 1;
                Outcome::CommentWritten {
                    kind: *kind,
                    id: id.unwrap_or(self.comments),
                    url: String::new(),
                    hash: fingerprint(body),
                    page: shown.as_deref().map(|shown| {
                        Box::new(Page {
                            at: self.now,
                            shown: shown.clone(),
                        })
                    }),
                }
            }
            Act::Reply { .. } | Act::React { .. } => Outcome::Done,
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
            Act::Point {
                tag, commit, was, ..
            } => {
                let object = commit.clone();
                let found = self.pointers.iter().position(|it| it.name == *tag);
                let there = found.map(|at| self.pointers.remove(at));
                let there = there.and_then(|it| it.at);
                assert_eq!(there.map(|at| at.object), *was);
                self.pointers.push(Pointer {
                    name: tag.clone(),
                    at: Some(Tag {
                        object: object.clone(),
                        commit: commit.clone(),
                        annotated: false,
                    }),
                });
                let (tag, was) = (tag.clone(), was.clone());
                Outcome::Pointed { tag, was, object }
            }
            Act::CreateTag {
                commit, message, ..
            } => {
                assert!(message.contains("v1.0.5"), "{message}");
                let tag = Tag {
                    object: sha('e'),
                    commit: commit.clone(),
                    annotated: true,
                };
                self.tag = Some(tag.clone());
                Outcome::Tagged(tag)
            }
            Act::MarkReady { .. } => {
                self.pull.as_mut().expect("a pull request").draft = false;
                Outcome::Readied
            }
            Act::Merge { .. } => {
                let pull = self.pull.as_mut().expect("a pull request");
                (pull.merged, pull.open) = (true, false);
                pull.merge_commit = Some(sha('d'));
                Outcome::Merged { commit: sha('d') }
            }
            Act::Rerun { run, .. } => {
                let run = self.runs.iter_mut().find(|r| r.id == *run).expect("a run");
                run.attempt += 1;
                run.status = "queued".into();
                run.conclusion = None;
                Outcome::Done
            }
            Act::WriteNotes { block, .. } => Outcome::NotesWritten {
                was: None,
                hash: fingerprint(block),
            },
            Act::Discuss { .. } => Outcome::Discussed {
                url: self.discussions.clone(),
            },
            Act::PublishAdvisory { .. } if let Some(state) = self.refuses => {
                Outcome::AdvisoryKept { state }
            }
            Act::PublishAdvisory { .. } => {
                self.advisory = AdvisoryState::Published;
                Outcome::Done
            }
            Act::ReopenIssue => {
                self.issue.open = true;
                Outcome::Done
            }
            Act::CloseIssue => {
                self.issue.open = false;
                Outcome::IssueClosed
            }
            Act::DeleteBranch { .. } => {
                self.head = None;
                Outcome::BranchDeleted
            }
            Act::PushPort { .. } | Act::PushEntry { .. } => unreachable!("the forward-port's"),
            Act::ClosePull { pull, .. } => {
                self.pull.as_mut().expect("a pull request").open = false;
                Outcome::PullClosed { pull: *pull }
            }
            Act::Announce(it) => announced(it),
            Act::Undo(undo) => self.undo(undo),
        }
    }

    fn undo(&mut self, undo: &Undo<String>) -> Outcome {
        match undo {
            Undo::Yank { package, .. } => {
                let mut parts = self.parts.iter_mut();
                let part = parts.find(|part| part.package == *package);
                part.expect("a package").yanked = true;
            }
            Undo::Mark { prefix, notice, .. } => {
                assert!(prefix.starts_with("YANKED") && notice.contains("taken back"));
                let release = self.release.as_mut().expect("a release");
                (release.withdrawn, release.latest) = (true, false);
            }
            Undo::Latest { .. } => {}
            Undo::Repoint { tag, object, from } => {
                let found = self.pointers.iter_mut().find(|it| it.name == *tag);
                let at = found.and_then(|it| it.at.as_mut()).expect("it was moved");
                assert_eq!(at.object, *from);
                (at.object, at.commit) = (object.clone(), object.clone());
            }
            Undo::Untag { .. } => self.tag = None,
            Undo::Revert { title, body, .. } => {
                assert!(title.starts_with("Revert hotfix") && body.contains("taken back"));
                return Outcome::Reverted(self.reverted.clone());
            }
            Undo::Report { title, body, .. } => {
                assert!(title.contains("HOTFIX FAILED") && body.contains("taken back"));
                return Outcome::Reported { number: 77 };
            }
        }
        Outcome::Done
    }

    /// A call of the bot's own makes a commit.
    fn made(&mut self, digit: char) {
        self.tell(Event::CommitMade {
            line: LineId::default(),
            commit: sha(digit),
        });
    }

    fn look_at(&self, read: &Read) -> Outcome {
        Outcome::seen(match read {
            Read::Role { login, .. } => {
                return Outcome::Role(RoleRead {
                    role_name: (*self.roles.get(login.as_str()).unwrap_or(&"read")).into(),
                    permission: "read".into(),
                    id: 0,
                    ..RoleRead::default()
                });
            }
            Read::Word { comment } => {
                let body = self.bodies.get(comment);
                return Outcome::Word(
                    body.map_or(WordRead::Gone, |body| WordRead::Stands(print(body))),
                );
            }
            Read::Policy { .. } => Observation::Policy(PolicyRead {
                notes: None,
                commit: sha('a'),
                own_file: self.own_file,
                policy: Arc::new(self.policy.clone()),
                faults: self.faults.clone(),
            }),
            Read::Issue => Observation::Issue(self.issue.clone()),
            Read::Base { .. } => Observation::Base(Arc::new(self.base.clone())),
            Read::Guards => Observation::Guards(self.guards.clone()),
            Read::Channels { names } => Observation::Channels(channels(names)),
            Read::Main { .. } => Observation::Main(self.ahead.clone()),
            Read::Branch { .. } => Observation::Branch(Branch {
                head: self.head.clone().map(Arc::new),
            }),
            Read::Labellers => Observation::Labellers(self.log.clone()),
            Read::Fixes => Observation::Fixes(self.fixes.clone()),
            Read::Offers { .. } => Observation::Offers(self.offers.clone()),
            Read::OldLines { .. } => Observation::OldLines(self.old_lines.clone()),
            Read::Advisory { .. } => Observation::Advisory(self.advisory),
            Read::Duplicates => Observation::Duplicates(self.duplicates.clone()),
            Read::Closer { .. } => Observation::Closer(Some("developer".to_owned())),
            Read::Pull { tree, .. } => {
                let mut pull = self.pull.clone().expect("a pull request");
                if *tree && pull.merged {
                    let tested = self.head.as_ref().map(|head| head.tree.clone());
                    pull.merge_tree = self.merge_tree.clone().or(tested);
                }
                Observation::Pull(pull)
            }
            Read::Reviews { .. } => Observation::Reviews(self.reviews.clone()),
            Read::Outages => Observation::Outages(self.outages.clone()),
            Read::Writers => Observation::Writers(self.writers.clone()),
            Read::Runs { sha, chained, .. } => Observation::Runs(Runs {
                chained: self
                    .runs
                    .iter()
                    .filter(|r| r.event == "workflow_run")
                    .filter(|r| {
                        chained.as_ref().is_some_and(|c| {
                            r.created_at >= c.since && c.files.iter().any(|f| f == r.file())
                        })
                    })
                    .cloned()
                    .collect(),
                sha: sha.clone(),
                runs: self
                    .runs
                    .iter()
                    .filter(|r| r.sha == *sha)
                    .cloned()
                    .collect(),
            }),
            Read::Checks { sha, .. } => Observation::Checks(Checks {
                sha: sha.clone(),
                checks: self.checks.clone(),
            }),
            Read::Jobs { sha, .. } => Observation::Jobs(Jobs {
                sha: sha.clone(),
                ..self.jobs.clone()
            }),
            Read::Halted { runs, .. } => Observation::Halted(
                runs.iter()
                    .filter_map(|of| self.halted.iter().find(|it| it.of.is(of)).cloned())
                    .collect(),
            ),
            Read::Sums { files } => Observation::Sums(
                files
                    .iter()
                    .filter_map(|of| self.sums.iter().find(|it| it.file == *of).cloned())
                    .collect(),
            ),
            Read::Attested { files } => Observation::Attested(
                files
                    .iter()
                    .filter_map(|of| self.attested.iter().find(|it| it.file == *of).cloned())
                    .collect(),
            ),
            Read::Addresses { all } => Observation::Addresses(
                all.iter()
                    .map(|at| Looked {
                        at: at.clone(),
                        found: self.found,
                    })
                    .collect(),
            ),
            Read::Tag { .. } => Observation::Tag(self.tag.clone()),
            Read::Pointers { names } => Observation::Pointers(
                names
                    .iter()
                    .map(|name| {
                        let found = self.pointers.iter().find(|it| it.name == *name);
                        let at = found.and_then(|it| it.at.clone());
                        let name = name.clone();
                        Pointer { name, at }
                    })
                    .collect(),
            ),
            Read::Release { .. } => Observation::Release(self.release.clone()),
            Read::Registry { .. } => Observation::Registry(self.registry.clone()),
            Read::Parts { .. } => Observation::Parts(self.parts.clone()),
            Read::Trial { .. } | Read::Holds { .. } => unreachable!("the forward-port's"),
        })
    }
}

/// What the server has: channels that are called by their kinds, one that is
/// another repository's, and no other.
fn channels(names: &[String]) -> Channels {
    let state = |name: &String| match name.as_str() {
        "slack" => ChannelState::Open(ChannelKind::Slack),
        "discord" => ChannelState::Open(ChannelKind::Discord),
        "hook" => ChannelState::Open(ChannelKind::Webhook),
        "closed" => ChannelState::Closed,
        _ => ChannelState::Unknown,
    };
    names
        .iter()
        .map(|name| (name.clone(), state(name)))
        .collect()
}

/// The message is there; those of Discord have a number.
fn announced(it: &Announce) -> Outcome {
    let id = format!("m{}", it.n);
    Outcome::Announced {
        id: (it.kind == ChannelKind::Discord).then_some(id),
        print: it
            .bulletin
            .as_ref()
            .map_or_else(String::new, |it| it.print()),
        edited: it.edits.is_some(),
    }
}
