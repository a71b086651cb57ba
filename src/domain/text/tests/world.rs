//! One hotfix, v1.0.5 of `caro`, at any of its moments.

use std::sync::Arc;

use crate::domain::evidence::{Entry, Evidence, ItemState, NotApplicable};
use crate::domain::facts::*;
use crate::domain::ids::{Actor, By, Millis, Sha};
use crate::domain::item::{Item, ItemPhase};
use crate::domain::moments::moments;
use crate::domain::need::{Need, NeedKind, Start, Who};
use crate::domain::objects::*;
use crate::domain::outlook::outlook;
use crate::domain::policy::{Policy, Question};
use crate::domain::preview::Preview;
use crate::domain::procedure::Case;
use crate::domain::procedure::release_runs::ReleaseWorkflow;
use crate::domain::severity::{Answers, Approach, Condition};
use crate::domain::step_name::StepName;
use crate::domain::view::{View, view};

/// 2026-11-22T09:03:00Z.
pub const START: Millis = 1_795_338_180_000;
pub const MINUTE: Millis = 60_000;
pub const HEAD: &str = "9f3c2abd00000000000000000000000000000000";
const BASE: &str = "8c1f0e2000000000000000000000000000000000";
const BUMP: &str = "4e1d0aa000000000000000000000000000000000";

pub struct World {
    pub facts: Facts,
    pub policy: Policy,
    pub needs: Vec<Need>,
    pub gates: Vec<Need>,
    pub preview: Option<Preview>,
    /// So many steps are proven.
    pub done: usize,
}

pub fn seen<T>(value: T) -> Seen<T> {
    Seen {
        value: Some(value),
        ..Seen::default()
    }
}

pub fn by(login: &str, minute: Millis) -> By {
    By {
        login: login.into(),
        at: START + minute * MINUTE,
    }
}

pub fn need(who: Who, kind: NeedKind) -> Need {
    Need::new(who, kind)
}

pub fn commit(sha: &str, subject: &str, bot: bool) -> Commit {
    Commit {
        sha: Sha::new(sha),
        subject: subject.into(),
        author: "dev".into(),
        effect: bot.then(|| "17//bump/x/1".into()),
        paths: Vec::new(),
        ..Commit::default()
    }
}

pub fn run(id: u64, file: &str, conclusion: &str) -> Run {
    Run {
        id,
        attempt: 1,
        path: format!(".github/workflows/{file}"),
        sha: Sha::new(HEAD),
        status: "completed".into(),
        conclusion: Some(conclusion.into()),
        url: format!("https://hub.test/acme/caro/actions/runs/{id}"),
        started_at: START + 50 * MINUTE,
        updated_at: START + 58 * MINUTE,
        ..Run::default()
    }
}

/// The fix is awaited; the matrix is answered.
pub fn fix_awaited() -> World {
    let mut facts = Facts {
        schema: SCHEMA,
        case: 17,
        repo: Repo {
            id: 1,
            owner: "acme".into(),
            name: "caro".into(),
            default_branch: "main".into(),
            html_url: "https://hub.test/acme/caro".into(),
            private: false,
        },
        bot: "hotfix[bot]".into(),
        issue: seen(Issue {
            title: "Panic on model path with <spaces> | ask @ops".into(),
            author: "rita".into(),
            author_id: 41,
            created_at: START,
            open: true,
            closed_by: None,
            labels: vec!["P0".into()],
            updated_at: START,
            pull: false,
        }),
        number: 234,
        trigger: Trigger {
            label: "P0".into(),
            by: Actor::person("mia"),
            at: START,
            off: None,
            by_word: false,
            pull: None,
        },
        now: START + 10 * MINUTE,
        answers: Answers {
            condition: Some(Condition::AllUsers),
            workaround: Some(false),
            affected: Some(100),
            approach: Some(Approach::Minimal),
            platform: Some("Windows".into()),
            ..Answers::default()
        },
        assessed_by: Some(by("mia", 8)),
        start_confirmed: Some(by("mia", 1)),
        ..Facts::default()
    };
    let base = Base {
        tag: "v1.0.4".into(),
        version: "1.0.4".into(),
        commit: Sha::new(BASE),
        package: Package {
            name: "caro".into(),
            manifest: "Cargo.toml".into(),
            lock: Some("Cargo.lock".into()),
            changelog: Some("CHANGELOG.md".into()),
            on_registry: true,
            ..Package::default()
        },
        ..Base::default()
    };
    let line = facts.lines.only_mut();
    line.version = Some("1.0.5".into());
    line.branch_made = true;
    line.pull_number = Some(235);
    line.seen.base = seen(Arc::new(base));
    line.seen.main = seen(ahead());
    line.seen.branch = branch(vec![bump()]);
    line.make(bump().sha);
    World {
        facts,
        policy: Policy::default(),
        needs: vec![
            need(
                Who::Responder,
                NeedKind::Fix {
                    branch: "hotfix/v1.0.5".into(),
                    pull: Some(235),
                    merged: Vec::new(),
                    line: None,
                    offers: Vec::new(),
                },
            ),
            need(
                Who::Responder,
                NeedKind::Approval {
                    have: 0,
                    want: 1,
                    head: Sha::new(BUMP),
                    unclear: None,
                    uncounted: Vec::new(),
                },
            ),
        ],
        gates: Vec::new(),
        preview: None,
        done: 3,
    }
}

/// What main has beyond the base.
fn ahead() -> Ahead {
    Ahead {
        ahead_by: 175,
        features: 54,
        ..Ahead::default()
    }
}

fn bump() -> Commit {
    commit(BUMP, "chore: bump version to 1.0.5 for hotfix", true)
}

/// The branch with these commits on it.
fn branch(commits: Vec<Commit>) -> Seen<Branch> {
    let newest = commits.last().map(|commit| commit.sha.clone());
    let head = Head {
        sha: newest.unwrap_or_default(),
        holds_base: true,
        commits,
        versions: vec![("Cargo.toml".into(), Some("1.0.5".into()))],
        changelog: true,
        ..Head::default()
    };
    seen(Branch {
        head: Some(Arc::new(head)),
    })
}

/// A tested fix; a review and a manual test are missing.
pub fn gates_open() -> World {
    let mut world = fix_awaited();
    let head = Sha::new(HEAD);
    world.done = 4;
    world.gates = vec![
        need(
            Who::Responder,
            NeedKind::Approval {
                have: 0,
                want: 1,
                head: head.clone(),
                unclear: None,
                uncounted: Vec::new(),
            },
        ),
        need(Who::Responder, NeedKind::ManualTest { head: head.clone() }),
    ];
    world.needs = world.gates.clone();
    let fix = "fix(critical): quote model paths with spaces (#234)";
    let commits = vec![bump(), commit(HEAD, fix, false)];
    world.facts.lines.only_mut().seen.branch = branch(commits.clone());
    world.preview = Some(Preview {
        pointers: Vec::new(),
        pointers_left: Vec::new(),
        dry_run: None,
        title: None,
        head,
        commits,
        files: 4,
        additions: 31,
        deletions: 6,
        left_out: Some(ahead()),
        tested: vec![run(8123, "ci.yml", "success")],
        checks: Vec::new(),
        beyond: Vec::new(),
        called_otherwise: Vec::new(),
        no_bug: None,
        other_issues: Vec::new(),
        overridden: Vec::new(),
        tested_by_word: None,
        manual: None,
        platforms: Vec::new(),
        commands: Vec::new(),
        own_tests: Vec::new(),
        builds: Vec::new(),
        approved_by: Vec::new(),
        single_handed: None,
        merges: None,
        fingerprint: "f".into(),
    });
    world
}

/// Only the decision is missing.
pub fn ready() -> World {
    let mut world = gates_open();
    world.done = 5;
    world.gates.clear();
    world.needs = vec![need(
        Who::Commander,
        NeedKind::Release {
            head: Sha::new(HEAD),
        },
    )];
    if let Some(preview) = &mut world.preview {
        preview.manual = Some("mia".into());
        preview.approved_by = vec!["rev".into()];
        preview.merges = Some(true);
    }
    world
}

/// The tag is out and one of its workflows failed.
pub fn after_the_tag() -> World {
    let mut world = ready();
    world.done = 6;
    let commits = world.preview.as_ref().map(|p| p.commits.clone());
    world.facts.lines.only_mut().decision = Some(ReleaseDecision {
        by: by("mia", 65),
        comment: Some(1),
        print: String::new(),
        title: None,
        head: Sha::new(HEAD),
        tree: Sha::new(HEAD),
        tag: "v1.0.5".into(),
        preview: "f".into(),
        at: None,
        locked: Some(START + 65 * MINUTE),
        record: Record {
            commits: commits.unwrap_or_default(),
            ..Record::default()
        },
    });
    let mut failed = run(8140, "publish.yml", "failure");
    failed.failed_job = Some(("Publish | crates".into(), "https://hub.test/j/1".into()));
    let mut pending = run(8141, "release.yml", "");
    pending.status = "in_progress".into();
    pending.conclusion = None;
    world.needs = vec![
        need(
            Who::Responder,
            NeedKind::RunFailed {
                run: failed,
                release: true,
            },
        ),
        need(Who::Machine, NeedKind::RunPending { run: pending }),
    ];
    world
}

/// Everything is done.
pub fn over() -> World {
    let mut world = after_the_tag();
    world.done = 10;
    world.needs.clear();
    world.facts.over = Some(START + 121 * MINUTE);
    let line = world.facts.lines.only_mut();
    line.branch_deleted = Some(START + 121 * MINUTE);
    line.seen.pull = seen(Pull {
        merged: true,
        merge_commit: Some(Sha::new("77aa01c000000000000000000000000000000000")),
        ..Pull::default()
    });
    line.seen.tag = seen(Some(Tag {
        object: Sha::new(BASE),
        commit: Sha::new(HEAD),
        annotated: true,
    }));
    line.seen.registry = seen(Some(RegistryVersion {
        yanked: false,
        checksum: "5ca1ab1e".repeat(8),
        indexed: true,
        url: "https://registry.test/caro/1.0.5".into(),
        ..RegistryVersion::default()
    }));
    line.first.insert(Item::Registry, START + 88 * MINUTE);
    world
}

impl World {
    /// When each of the ten steps is proven, in minutes from the start.
    const PROVEN: [Millis; 10] = [8, 8, 9, 55, 62, 70, 95, 118, 120, 121];

    pub fn view<R>(&mut self, look: impl FnOnce(&View<'_>) -> R) -> R {
        if self.facts.policy.value.is_none() {
            self.configured(Vec::new());
        }
        let proven = StepName::ALL.iter().copied().zip(Self::PROVEN);
        let proven = proven.map(|(step, minute)| (step, START + minute * MINUTE));
        self.facts.lines.only_mut().proven = proven.take(self.done).collect();
        let case = Case::of(&self.facts, &self.policy);
        let outlook = outlook(&case);
        let release = |file: &str, start, required| ReleaseWorkflow {
            file: file.into(),
            start,
            required,
            expect: None,
            timeout: None,
        };
        let steps = StepName::ALL.iter().copied().enumerate();
        look(&View {
            phase: StepName::ALL.get(self.done).copied(),
            steps: steps.map(|(at, name)| (name, at < self.done)).collect(),
            needs: self.needs.clone(),
            gates: self.gates.clone(),
            checklist: entries(),
            preview: self.preview.clone(),
            test_workflows: vec!["ci.yml".into()],
            left_out_workflows: Vec::new(),
            harmful_workflows: Vec::new(),
            release_workflows: vec![
                release("publish.yml", Start::Tag, true),
                release("bundle.yml", Start::Hand, false),
            ],
            ..view(case, &outlook)
        })
    }

    /// The moments that come once all was read, as the facts keep them.
    pub fn come(&mut self) -> &[Told] {
        let f = &mut self.facts;
        let (now, seen) = (f.now, &mut f.lines.only_mut().seen);
        for object in Object::ALL {
            if let Some(state) = seen.state(*object) {
                seen.answer(*object, None, state.dirty, now, now);
            }
        }
        f.issue.answer(None, f.issue.dirty, now, now);
        f.policy.answer(None, f.policy.dirty, now, now);
        self.facts.moments = self.view(|view| moments(&view.case, &view.stand()));
        &self.facts.moments
    }

    /// The configuration is read, with these mistakes in it.
    pub fn configured(&mut self, faults: Vec<ConfigFault>) {
        self.facts.policy = seen(PolicyRead {
            notes: None,
            commit: Sha::new(BASE),
            own_file: true,
            policy: Arc::default(),
            faults,
        });
    }
}

/// The four answers given, the branch made, the community not told.
fn entries() -> Vec<Entry> {
    Item::checklist()
        .map(|item| {
            let said = || Evidence::Said {
                note: "09:11 UTC".into(),
            };
            let (state, by, evidence) = match (item, item.phase()) {
                (Item::Community, _) => {
                    let why = NotApplicable::NoChannel;
                    (ItemState::NotApplicable, None, Evidence::Not { why })
                }
                (Item::BranchCreated, _) => {
                    let (branch, base) = ("hotfix/v1.0.5".into(), "v1.0.4".into());
                    (ItemState::Done, None, Evidence::Branch { branch, base })
                }
                (_, ItemPhase::Before) => (ItemState::ByHand, Some("mia".to_owned()), said()),
                _ => (ItemState::Open, None, Evidence::None),
            };
            Entry {
                item,
                state,
                by,
                evidence,
            }
        })
        .collect()
}

/// The questions of the matrix, unanswered.
pub fn unanswered(world: &mut World) {
    world.facts.answers = Answers::default();
    world.facts.assessed_by = None;
    world.done = 0;
    let missing = vec![Question::Condition, Question::Workaround];
    world
        .needs
        .insert(0, need(Who::Responder, NeedKind::Assess { missing }));
}
