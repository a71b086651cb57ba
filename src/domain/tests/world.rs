//! A world of plain data that carries out what is wished.

use std::collections::BTreeMap;

use crate::domain::effect::{Effect, Lane, Wish};
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::*;
use crate::domain::ids::{Actor, Millis, Sha, fingerprint};
use crate::domain::plan::{Plan, decide};
use crate::domain::policy::Policy;
use crate::domain::view::{What, view};
use crate::domain::workflow_file::WorkflowFile;

pub const CI: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
pub const PUBLISH: &str = "name: Publish\non:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n";

/// A sha of one repeated digit.
pub fn sha(digit: char) -> Sha {
    Sha::new(digit.to_string().repeat(40))
}

/// The world and the case in it.
pub struct World {
    pub facts: Facts,
    pub plan: Plan,
    pub now: Millis,
    pub roles: BTreeMap<&'static str, &'static str>,
    pub head: Option<Head>,
    pub pull: Option<Pull>,
    pub reviews: Vec<Review>,
    pub runs: Vec<Run>,
    pub tag: Option<Tag>,
    pub release: Option<Release>,
    pub registry: Option<RegistryVersion>,
    pub issue: Issue,
    pub base: Base,
    pub policy: Policy,
    pub writers: Option<Vec<String>>,
    pub port: super::port::PortWorld,
    /// Files that were dispatched.
    pub dispatched: Vec<String>,
    /// Slots of the writes, in the order in which they were carried out.
    pub wrote: Vec<String>,
    writes_first: bool,
    comments: u64,
    said: u64,
}

impl World {
    /// An issue that `by` labelled `P0`.
    pub fn labelled_by(by: &'static str) -> Self {
        World::of(base(), Policy::default(), by)
    }

    /// The same; with `writes_first`, no read is answered while a write is
    /// wished.
    pub fn labelled(by: &'static str, writes_first: bool) -> Self {
        World::new(base(), Policy::default(), by, writes_first)
    }

    /// The same in another repository, with a configuration of its own.
    pub fn of(base: Base, policy: Policy, by: &'static str) -> Self {
        World::new(base, policy, by, false)
    }

    fn new(base: Base, policy: Policy, by: &'static str, writes_first: bool) -> Self {
        let issue = Issue {
            title: "crashes on start".into(),
            author: "reporter".into(),
            open: true,
            ..Issue::default()
        };
        let mut facts = Facts {
            schema: SCHEMA,
            case: 7,
            bot: "hotfix-bot[bot]".into(),
            number: 12,
            ..Facts::default()
        };
        facts.repo = Repo {
            id: 1,
            owner: "acme".into(),
            name: "lantern".into(),
            default_branch: "main".into(),
            html_url: "x".into(),
        };
        let mut world = World {
            plan: crate::domain::plan::plan(&facts),
            facts,
            now: 1_000_000,
            roles: BTreeMap::from([
                ("reporter", "read"),
                ("developer", "write"),
                ("maintainer", "maintain"),
            ]),
            head: None,
            pull: None,
            reviews: Vec::new(),
            runs: Vec::new(),
            tag: None,
            release: None,
            registry: None,
            issue: issue.clone(),
            base,
            policy,
            writers: Some(vec!["developer".into(), "maintainer".into()]),
            port: Default::default(),
            dispatched: Vec::new(),
            wrote: Vec::new(),
            writes_first,
            comments: 100,
            said: 500,
        };
        world.tell(Event::Labeled {
            label: "P0".into(),
            by: Actor::person(by),
            issue,
        });
        world.run();
        world
    }

    /// An event comes in, and every claim is granted.
    pub fn tell(&mut self, event: Event) {
        self.now += 1_000;
        self.plan = decide(&mut self.facts, &event, self.now);
        while let Some(claim) = self.plan.claims.first().cloned() {
            let event = Event::Claimed {
                claim,
                behind: None,
            };
            self.plan = decide(&mut self.facts, &event, self.now);
        }
        // Each step ends in the store: what does not survive it is not known.
        let stored = serde_json::to_string(&self.facts).expect("facts serialise");
        self.facts = serde_json::from_str(&stored).expect("facts are read back");
        if !self.plan.over {
            assert_eq!(crate::domain::plan::plan(&self.facts), self.plan);
        }
        let slots: Vec<String> = self.plan.wishes.iter().map(|w| w.effect.slot()).collect();
        let mut unique = slots.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(
            unique.len(),
            slots.len(),
            "a slot is wished twice: {slots:?}"
        );
    }

    /// Somebody comments.
    pub fn say(&mut self, login: &str, body: &str) {
        self.said += 1;
        self.tell(Event::Commented {
            comment: self.said,
            by: Actor::person(login),
            body: body.into(),
            edited: false,
        });
        self.run();
    }

    /// Everything is looked at again.
    pub fn look(&mut self) {
        self.tell(Event::Back { since: None });
        self.run();
    }

    /// Nothing is done but waiting: no wake may ask for another at once.
    pub fn wait(&mut self, ms: Millis) {
        let until = self.now + ms;
        let mut wakes = 0;
        while let Some(at) = self.plan.wake_at.filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.tell(Event::Wake);
            self.run();
            wakes += 1;
            assert!(wakes < 400, "it never sleeps");
        }
    }

    /// Carries out what is wished until nothing is; a plan that never rests
    /// fails.
    pub fn run(&mut self) {
        for _ in 0..200 {
            let Some(wish) = self.next() else {
                return;
            };
            if wish.effect.lane() != Lane::Read {
                self.wrote.push(wish.effect.slot());
            }
            let outcome = self.answer(&wish.effect);
            self.tell(Event::Ended {
                slot: wish.effect.slot(),
                subject: wish.subject.clone(),
                generation: wish.generation,
                began: self.now,
                outcome,
            });
        }
        panic!("the plan never rests: {:?}", self.plan.wishes);
    }

    /// Reads first, or writes first: both orders happen.
    fn next(&self) -> Option<Wish> {
        let mut wishes = self.plan.wishes.iter();
        match self.writes_first {
            true => self
                .plan
                .wishes
                .iter()
                .find(|w| w.effect.lane() != Lane::Read)
                .or_else(|| wishes.next())
                .cloned(),
            false => wishes.next().cloned(),
        }
    }

    /// Whether the last verdict on a command was this.
    pub fn last_said(&self) -> &SaidState {
        &self
            .facts
            .said
            .last()
            .expect("somebody said something")
            .state
    }

    /// A push by the developer: a fix with a test.
    pub fn push_fix(&mut self, digit: char) {
        self.push_unheard(digit);
        self.tell(Event::Touched {
            objects: vec![crate::domain::event::Object::Branch],
        });
        self.run();
    }

    /// The same, and nobody is told.
    pub fn push_unheard(&mut self, digit: char) {
        let head = self.head.as_mut().expect("a branch");
        head.sha = sha(digit);
        head.tree = sha(digit);
        head.commits.push(Commit {
            sha: sha(digit),
            subject: "fix(critical): start again".into(),
            author: "developer".into(),
            effect: None,
            paths: vec!["src/lib.rs".into(), "tests/start.rs".into()],
        });
        head.files = vec![File {
            path: "tests/start.rs".into(),
            additions: 9,
            deletions: 0,
            test: true,
        }];
        if let Some(pull) = self.pull.as_mut() {
            pull.head = sha(digit);
        }
    }

    /// A run ends.
    pub fn run_ends(&mut self, id: u64, file: &str, ref_name: &str, on: &Sha, conclusion: &str) {
        self.runs.retain(|r| r.id != id);
        self.runs.push(Run {
            id,
            attempt: 1,
            path: format!(".github/workflows/{file}"),
            name: file.into(),
            event: "push".into(),
            ref_name: ref_name.into(),
            sha: on.clone(),
            status: "completed".into(),
            conclusion: Some(conclusion.into()),
            ..Run::default()
        });
        self.tell(Event::Touched {
            objects: vec![crate::domain::event::Object::Runs],
        });
        self.run();
    }

    /// A run as it stands now.
    pub fn run_is(&mut self, run: Run) {
        self.runs.retain(|r| r.id != run.id);
        self.runs.push(run);
        self.tell(Event::Touched {
            objects: vec![crate::domain::event::Object::Runs],
        });
        self.run();
    }

    /// An approving review of the head.
    pub fn approve(&mut self, login: &str, on: &Sha) {
        self.reviews.push(Review {
            login: login.into(),
            state: "APPROVED".into(),
            commit: on.clone(),
            url: String::new(),
            may_write: true,
        });
        self.tell(Event::Touched {
            objects: vec![crate::domain::event::Object::Reviews],
        });
        self.run();
    }

    fn answer(&mut self, effect: &Effect) -> Outcome {
        if let Some(outcome) = self.port.answer(effect) {
            return outcome;
        }
        match effect {
            Effect::ReadPolicy => Outcome::Policy(Box::new(PolicyRead {
                commit: sha('a'),
                own_file: false,
                policy: self.policy.clone(),
                wrong: None,
            })),
            Effect::ReadIssue => Outcome::Issue(self.issue.clone()),
            Effect::ReadRole { login } => Outcome::Role(RoleRead {
                role_name: (*self.roles.get(login.as_str()).unwrap_or(&"read")).into(),
                permission: "read".into(),
            }),
            Effect::ReadBase { .. } => Outcome::Base(Box::new(self.base.clone())),
            Effect::ReadBranch { .. } => Outcome::Branch(Branch {
                head: self.head.clone(),
            }),
            Effect::ReadPull { .. } => Outcome::Pull(self.pull.clone().expect("a pull request")),
            Effect::ReadReviews { .. } => Outcome::Reviews {
                reviews: self.reviews.clone(),
            },
            Effect::ReadWriters => Outcome::Writers {
                logins: self.writers.clone(),
            },
            Effect::Dispatch { file, head, .. } => {
                self.dispatched.push(file.clone());
                Outcome::Dispatched {
                    file: file.clone(),
                    head: head.clone(),
                }
            }
            Effect::EnableTests { paths, message, .. } => {
                assert!(message.contains("hotfix/v*"), "{message}");
                let head = self.head.as_mut().expect("a branch");
                head.sha = sha('7');
                head.tree = sha('7');
                head.commits.push(Commit {
                    sha: sha('7'),
                    subject: message.clone(),
                    author: "hotfix-bot[bot]".into(),
                    effect: Some("7//enable/x/1".into()),
                    paths: paths.clone(),
                });
                head.workflows = vec![workflow("ci.yml", CI)];
                if let Some(pull) = self.pull.as_mut() {
                    pull.head = sha('7');
                }
                Outcome::TestsEnabled { sha: sha('7') }
            }
            Effect::ReadRuns { sha, chained, .. } => Outcome::Runs(Runs {
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
            Effect::ReadTag { .. } => Outcome::Tag {
                tag: self.tag.clone(),
            },
            Effect::ReadRelease { .. } => Outcome::Release {
                release: self.release.clone(),
            },
            Effect::ReadRegistry { .. } => Outcome::Registry {
                version: self.registry.clone(),
            },
            Effect::CreateBranch { sha, .. } => {
                self.head = Some(Head {
                    sha: sha.clone(),
                    holds_base: true,
                    ..Head::default()
                });
                Outcome::BranchMade { sha: sha.clone() }
            }
            Effect::PushBump { version, .. } => {
                let head = self.head.as_mut().expect("a branch");
                head.sha = sha('b');
                head.tree = sha('b');
                head.commits.push(Commit {
                    sha: sha('b'),
                    subject: "chore: bump".into(),
                    author: "hotfix-bot[bot]".into(),
                    effect: Some("7//bump/x/1".into()),
                    paths: vec!["Cargo.toml".into()],
                });
                head.versions = vec![("Cargo.toml".into(), Some(version.clone()))];
                head.changelog = true;
                Outcome::Bumped { sha: sha('b') }
            }
            Effect::OpenPull { title, body, .. } => {
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
            Effect::Comment { kind, id, body, .. } => {
                self.comments += 1;
                Outcome::CommentWritten {
                    kind: *kind,
                    id: id.unwrap_or(self.comments),
                    url: String::new(),
                    hash: fingerprint(body),
                }
            }
            Effect::React { comment, content } => Outcome::Reacted {
                comment: *comment,
                content: content.clone(),
            },
            Effect::CreateTag {
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
            Effect::MarkReady { .. } => {
                self.pull.as_mut().expect("a pull request").draft = false;
                Outcome::Readied
            }
            Effect::Merge { .. } => {
                let pull = self.pull.as_mut().expect("a pull request");
                (pull.merged, pull.open) = (true, false);
                pull.merge_commit = Some(sha('d'));
                Outcome::Merged { commit: sha('d') }
            }
            Effect::Rerun { run, .. } => {
                let run = self.runs.iter_mut().find(|r| r.id == *run).expect("a run");
                run.attempt += 1;
                run.status = "queued".into();
                run.conclusion = None;
                Outcome::Rerunning { run: run.id }
            }
            Effect::WriteNotes { block, .. } => Outcome::NotesWritten {
                hash: fingerprint(block),
            },
            Effect::CloseIssue => {
                self.issue.open = false;
                Outcome::IssueClosed
            }
            Effect::DeleteBranch { .. } => {
                self.head = None;
                Outcome::BranchDeleted
            }
            Effect::ReadTrial { .. }
            | Effect::ReadHolds { .. }
            | Effect::PushPort { .. }
            | Effect::PushEntry { .. } => {
                unreachable!("the forward-port's")
            }
            Effect::ClosePull { .. } => {
                self.pull.as_mut().expect("a pull request").open = false;
                Outcome::PullClosed
            }
        }
    }
}

/// A workflow file of this text.
pub fn workflow(file: &str, text: &str) -> Workflow {
    Workflow {
        path: format!(".github/workflows/{file}"),
        file: WorkflowFile::parse(text).expect("a workflow"),
        broken: None,
    }
}

/// 1.0.4 is released; a push of the branch tests, a tag publishes.
pub fn base() -> Base {
    Base {
        tag: "v1.0.4".into(),
        version: "1.0.4".into(),
        tag_object: sha('c'),
        commit: sha('0'),
        release: Some(Release {
            id: 1,
            assets: vec![Asset {
                name: "lantern-1.0.4.tar.gz".into(),
                uploaded: true,
                size: 10,
            }],
            ..Release::default()
        }),
        package: Package {
            name: "lantern".into(),
            manifest: "Cargo.toml".into(),
            lock: Some("Cargo.lock".into()),
            changelog: Some("CHANGELOG.md".into()),
            on_registry: true,
            ..Package::default()
        },
        workflows: vec![workflow("ci.yml", CI), workflow("publish.yml", PUBLISH)],
        taken: ["1.0.4".to_owned()].into(),
        ..Base::default()
    }
}

pub const ASSESS: &str =
    "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";

/// Everything before the decision is given.
pub fn ready() -> World {
    ready_of(World::labelled_by("maintainer"))
}

/// The same in a world of its own.
pub fn ready_of(mut w: World) -> World {
    w.say("maintainer", ASSESS);
    w.push_fix('f');
    w.run_ends(1, "ci.yml", "hotfix/v1.0.5", &sha('f'), "success");
    w.approve("maintainer", &sha('f'));
    w.say("maintainer", "/hotfix check manual-test");
    w
}

/// The tag's workflows passed and everything is out.
pub fn published(w: &mut World) {
    w.registry = Some(RegistryVersion {
        yanked: false,
        checksum: "ab".repeat(32),
        indexed: true,
        url: String::new(),
    });
    w.release = Some(Release {
        id: 2,
        assets: vec![Asset {
            name: "lantern-1.0.5.tar.gz".into(),
            uploaded: true,
            size: 10,
        }],
        ..Release::default()
    });
    w.run_ends(2, "publish.yml", "v1.0.5", &sha('f'), "success");
}

/// What is waited for.
pub fn needs(w: &World) -> Vec<What> {
    let policy = crate::domain::apply::policy_of(&w.facts);
    view(&w.facts, &policy)
        .needs
        .into_iter()
        .map(|n| n.what)
        .collect()
}

/// What was written, without talk.
pub fn writes(w: &World) -> Vec<&str> {
    w.wrote
        .iter()
        .map(String::as_str)
        .filter(|s| !s.starts_with("comment/") && !s.starts_with("react/"))
        .collect()
}
