//! One hotfix, v1.0.5 of `caro`, at any of its moments.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::checklist::{Entry, State};
use crate::domain::checklist_item::{Item, ItemPhase};
use crate::domain::facts::*;
use crate::domain::ids::{Actor, By, Millis, Sha};
use crate::domain::policy::{Policy, Question};
use crate::domain::severity::{Answers, Approach, Condition, assess};
use crate::domain::timeline::timeline;
use crate::domain::view::*;

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
    pub verification: Vec<Check>,
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

pub fn need(who: Who, what: What) -> Need {
    Need { who, what }
}

pub fn commit(sha: &str, subject: &str, bot: bool) -> Commit {
    Commit {
        sha: Sha::new(sha),
        subject: subject.into(),
        author: "dev".into(),
        effect: bot.then(|| "bump".into()),
        paths: Vec::new(),
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
    let facts = Facts {
        schema: SCHEMA,
        case: 17,
        repo: Repo {
            id: 1,
            owner: "acme".into(),
            name: "caro".into(),
            default_branch: "main".into(),
            html_url: "https://hub.test/acme/caro".into(),
        },
        bot: "hotfix[bot]".into(),
        issue: seen(Issue {
            title: "Panic on model path with <spaces> | ask @ops".into(),
            author: "rita".into(),
            created_at: START,
            open: true,
            closed_by: None,
            labels: vec!["P0".into()],
        }),
        number: 234,
        trigger: Trigger {
            label: "P0".into(),
            by: Actor::person("mia"),
            at: START,
        },
        now: START + 10 * MINUTE,
        policy: Seen::default(),
        roles: BTreeMap::new(),
        answers: Answers {
            condition: Some(Condition::AllUsers),
            workaround: Some(false),
            affected: Some(100),
            approach: Some(Approach::Minimal),
            platform: Some("Windows".into()),
            ..Answers::default()
        },
        assessed_by: Some(by("mia", 8)),
        confirmed: None,
        said: Vec::new(),
        words: BTreeMap::new(),
        hold: None,
        cancelled: None,
        help: false,
        comments: BTreeMap::new(),
        reacted: BTreeSet::new(),
        refused: BTreeMap::new(),
        blocked: BTreeMap::new(),
        unanswered: BTreeMap::new(),
        retries: BTreeMap::new(),
        proven: BTreeMap::new(),
        first: Default::default(),
        notices: Vec::new(),
        line: Line {
            base: seen(Base {
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
                main: Main {
                    ahead_by: 175,
                    features: 54,
                    ..Main::default()
                },
                ..Base::default()
            }),
            version: Some("1.0.5".into()),
            pull_number: Some(235),
            ..Line::default()
        },
        over: None,
    };
    World {
        facts,
        policy: Policy::default(),
        needs: vec![
            need(
                Who::Responder,
                What::Fix {
                    branch: "hotfix/v1.0.5".into(),
                    pull: Some(235),
                },
            ),
            need(
                Who::Responder,
                What::Approval {
                    have: 0,
                    want: 1,
                    head: Sha::new(BUMP),
                },
            ),
        ],
        gates: Vec::new(),
        preview: None,
        verification: Vec::new(),
        done: 3,
    }
}

/// A tested fix; a review and a manual test are missing.
pub fn gates_open() -> World {
    let mut world = fix_awaited();
    let head = Sha::new(HEAD);
    world.done = 4;
    world.gates = vec![
        need(
            Who::Responder,
            What::Approval {
                have: 0,
                want: 1,
                head: head.clone(),
            },
        ),
        need(Who::Responder, What::ManualTest { head: head.clone() }),
    ];
    world.needs = world.gates.clone();
    world.preview = Some(Preview {
        head,
        commits: vec![
            commit(BUMP, "chore: bump version to 1.0.5 for hotfix", true),
            commit(
                HEAD,
                "fix(critical): quote model paths with spaces (#234)",
                false,
            ),
        ],
        files: 4,
        additions: 31,
        deletions: 6,
        left_out: 175,
        left_out_features: 54,
        tested: vec![run(8123, "ci.yml", "success")],
        tested_by_word: None,
        manual: None,
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
        What::Release {
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
    world.facts.line.ship = Some(Ship {
        by: by("mia", 65),
        head: Sha::new(HEAD),
        tree: Sha::new(HEAD),
        tag: "v1.0.5".into(),
        preview: "f".into(),
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
            What::RunFailed {
                run: failed,
                release: true,
            },
        ),
        need(Who::Machine, What::RunPending { run: pending }),
    ];
    world
}

/// Everything is done.
pub fn over() -> World {
    let mut world = after_the_tag();
    world.done = 10;
    world.needs.clear();
    world.facts.over = Some(START + 121 * MINUTE);
    world.facts.line.branch_deleted = Some(START + 121 * MINUTE);
    world.facts.line.pull = seen(Pull {
        merged: true,
        merge_commit: Some(Sha::new("77aa01c000000000000000000000000000000000")),
        ..Pull::default()
    });
    world.verification = vec![
        Check {
            ok: true,
            fact: "crates.io has 1.0.5".into(),
            seen: "10:31 UTC".into(),
        },
        Check {
            ok: false,
            fact: "Fresh install".into(),
            seen: "needs a person".into(),
        },
    ];
    world
}

impl World {
    /// When each of the ten steps is proven, in minutes from the start.
    const PROVEN: [Millis; 10] = [8, 8, 9, 55, 62, 70, 95, 118, 120, 121];

    pub fn view<R>(&mut self, look: impl FnOnce(&View<'_>) -> R) -> R {
        self.facts.proven.clear();
        for (step, minute) in StepName::ALL.iter().zip(Self::PROVEN).take(self.done) {
            self.facts.proven.insert(*step, START + minute * MINUTE);
        }
        let steps: Vec<_> = StepName::ALL
            .iter()
            .enumerate()
            .map(|(at, name)| StepView {
                name: *name,
                done: at < self.done,
            })
            .collect();
        let assessment = assess(&self.facts.answers, false, &self.policy.severity);
        let view = View {
            facts: &self.facts,
            policy: &self.policy,
            phase: steps.iter().find(|step| !step.done).map(|step| step.name),
            steps,
            needs: self.needs.clone(),
            gates: self.gates.clone(),
            checklist: entries(),
            preview: self.preview.clone(),
            verdict: assessment.verdict,
            timeline: timeline(&self.facts, &self.policy),
            verification: self.verification.clone(),
            test_workflows: vec!["ci.yml".into()],
            left_out_workflows: Vec::new(),
            release_workflows: vec![
                ReleaseWorkflow {
                    file: "publish.yml".into(),
                    start: Start::Tag,
                    required: true,
                    expect: None,
                    timeout: None,
                },
                ReleaseWorkflow {
                    file: "bundle.yml".into(),
                    start: Start::Hand,
                    required: false,
                    expect: None,
                    timeout: None,
                },
            ],
            derived: vec!["tests: the workflows of main's pushes".into()],
        };
        look(&view)
    }
}

/// The four answers given, the branch made, the community not told.
fn entries() -> Vec<Entry> {
    Item::checklist()
        .map(|item| {
            let (state, by, evidence) = match (item, item.phase()) {
                (Item::Community, _) => (State::NotApplicable, None, "no channel configured"),
                (Item::BranchCreated, _) => (State::Done, None, "`hotfix/v1.0.5` at v1.0.4"),
                (_, ItemPhase::Before) => (State::ByHand, Some("mia".to_owned()), "09:11 UTC"),
                _ => (State::Open, None, ""),
            };
            Entry {
                item,
                state,
                by,
                evidence: evidence.to_owned(),
            }
        })
        .collect()
}

/// The questions of the matrix, unanswered.
pub fn unanswered(world: &mut World) {
    world.facts.answers = Answers::default();
    world.facts.assessed_by = None;
    world.done = 0;
    let missing = [Question::Condition, Question::Workaround];
    world.needs.insert(
        0,
        need(
            Who::Responder,
            What::Assess {
                missing: missing.iter().map(|q| format!("{q}=a|b")).collect(),
            },
        ),
    );
}
