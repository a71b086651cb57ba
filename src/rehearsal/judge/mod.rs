//! What the stand-in's world shows of the hotfix. Nothing here is taken from
//! the bot's word: its comments are read to be held against the world.

mod after;
mod checklist;
mod proof;
mod proofs;
mod steps;
pub mod timeline;
mod words;

use serde::Serialize;

pub use checklist::Item;
pub use proof::Answer;
pub use steps::Step;

use super::view::View;
use proofs::Shipped;

/// What identifies the hotfix, as far as it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hotfix {
    /// `1.0.5`
    pub version: Option<String>,
    /// `v1.0.5`
    pub tag: Option<String>,
    /// The tag that it starts from.
    pub base: String,
    /// That tag's commit.
    pub base_commit: Option<String>,
    /// The annotated tag's own object.
    pub tag_object: Option<String>,
    /// The commit that the tag is on.
    pub tag_commit: Option<String>,
    /// The branch's last head before the tag, once its tests passed.
    pub tested_commit: Option<String>,
    /// The branch's short name.
    pub branch: Option<String>,
    /// The pull request's number.
    pub pull_request: Option<u64>,
    /// How the fix came to the default branch.
    pub forward_port: Option<ForwardPort>,
    /// The issue's number.
    pub issue: Option<u64>,
}

/// A merge into the default branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForwardPort {
    /// The pull request's number.
    pub number: u64,
    /// The commit that the default branch got.
    pub merge_commit: String,
}

/// One demand on a finished hotfix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// What is demanded.
    pub name: &'static str,
    /// What shows it, or what is missing.
    pub answer: Answer,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The hotfix's identity.
    pub hotfix: Hotfix,
    /// The demands on a finished hotfix.
    pub demands: Vec<Demand>,
    /// The document's ten steps.
    pub steps: Vec<Step>,
    /// Its 24 items.
    pub checklist: Vec<Item>,
}

impl Verdict {
    /// Whether everything that is demanded is there.
    pub fn is_finished(&self) -> bool {
        self.demands.iter().all(|d| d.answer.is_ok())
    }

    /// What is missing, in words.
    pub fn missing(&self) -> Vec<String> {
        let of = |d: &Demand| {
            d.answer
                .as_ref()
                .err()
                .map(|why| format!("{}: {why}", d.name))
        };
        self.demands.iter().filter_map(of).collect()
    }
}

/// Every proof, by what it proves.
struct Proofs {
    labelled: Answer,
    condition: Answer,
    workaround: Answer,
    impact: Answer,
    approach: Answer,
    branch: Answer,
    version: Answer,
    changelog: Answer,
    fix: Answer,
    minimal: Answer,
    tests_added: Answer,
    green: Answer,
    approved: Answer,
    tried: Answer,
    tagged: Answer,
    merged: Answer,
    publish: Answer,
    release_run: Answer,
    registry: Answer,
    release: Answer,
    installed: Answer,
    verified: Answer,
    notes: Answer,
    community: Answer,
    closed: Answer,
    thanked: Answer,
    known_issue: Answer,
    deleted: Answer,
}

/// Judges the world; remembers what git said of a head, which never changes.
#[derive(Debug, Default)]
pub struct Judge {
    shipped: Option<Shipped>,
    bumped: Option<(Bumped, (Answer, Answer))>,
}

/// What the proof of version and changelog follows from: head, version, and how
/// many heads there were.
type Bumped = (String, Option<String>, usize);

impl Judge {
    /// Looks at the world.
    pub fn look(&mut self, view: &View<'_>) -> Verdict {
        let shipped = self.shipped(view);
        let bumped = self.bumped(view, &shipped);
        let proofs = prove(view, &shipped, bumped);
        let checklist = checklist::read(view, &proofs);
        let steps = steps::steps(view, &proofs);
        let hotfix = identify(view, &shipped, &proofs);
        let demands = demands(view, &proofs, &checklist);
        Verdict {
            hotfix,
            demands,
            steps,
            checklist,
        }
    }

    /// Version and changelog: a lock file is long, and read anew for new heads
    /// only.
    fn bumped(&mut self, view: &View<'_>, shipped: &Result<Shipped, String>) -> (Answer, Answer) {
        let shipped = match shipped {
            Ok(shipped) => shipped,
            Err(why) => return (Err(why.clone()), Err(why.clone())),
        };
        let heads = proofs::until_tag(view).len();
        let version = view.version().map(str::to_owned);
        let key = (shipped.head.clone(), version, heads);
        if let Some((_, answers)) = self.bumped.as_ref().filter(|(known, _)| *known == key) {
            return answers.clone();
        }
        let answers = proofs::bumped(view, shipped);
        self.bumped = Some((key, answers.clone()));
        answers
    }

    fn shipped(&mut self, view: &View<'_>) -> Result<Shipped, String> {
        let last = proofs::until_tag(view).last().and_then(|c| c.after.clone());
        if let Some(known) = self
            .shipped
            .as_ref()
            .filter(|s| Some(&s.head) == last.as_ref())
        {
            return Ok(known.clone());
        }
        let shipped = proofs::shipped(view)?;
        self.shipped = Some(shipped.clone());
        Ok(shipped)
    }
}

fn prove(
    view: &View<'_>,
    shipped: &Result<Shipped, String>,
    (version, changelog): (Answer, Answer),
) -> Proofs {
    let of = |f: &dyn Fn(&Shipped) -> Answer| shipped.as_ref().map_err(Clone::clone).and_then(f);
    const HOT: [&str; 3] = ["all-users", "data-loss", "exploited"];
    let labelled = match view.issue() {
        Some(issue) => proofs::labelled(view, issue),
        None => Err("there is no issue".to_owned()),
    };
    let assessed =
        |key: &str, values: &[&str], item: &str| proofs::assessed(view, key, values, item);
    Proofs {
        labelled,
        condition: assessed("condition", &HOT, "severity-confirmed"),
        workaround: assessed("workaround", &["no"], "no-workaround"),
        impact: assessed("affected", &[], "impact-assessed"),
        approach: assessed("approach", &[], "fix-approach"),
        branch: proofs::branched(view),
        version,
        changelog,
        fix: of(&|s| s.fix.clone()),
        minimal: of(&|s| proofs::minimal(view, s)),
        tests_added: of(&|s| proofs::tests_added(view, s)),
        green: of(&|s| proofs::green(view, s)),
        approved: of(&|s| proofs::approved(view, s)),
        tried: of(&|s| proofs::tried(view, s)),
        tagged: of(&|s| after::tagged(view, s)),
        merged: of(&|s| after::merged(view, s)),
        publish: after::released_by(view, &view.scene.roles.publish, "publishes"),
        release_run: after::released_by(view, &view.scene.roles.release, "makes a release"),
        registry: after::on_registry(view),
        release: after::release(view),
        installed: after::installed(view),
        verified: after::verified(view),
        notes: after::notes(view),
        community: after::community(view),
        closed: after::closed(view),
        thanked: after::thanked(view),
        known_issue: after::known_issue(view),
        deleted: after::deleted(view),
    }
}

fn identify(view: &View<'_>, shipped: &Result<Shipped, String>, proofs: &Proofs) -> Hotfix {
    let tag = after::tag(view).ok();
    let tested = shipped.as_ref().ok().filter(|_| proofs.green.is_ok());
    Hotfix {
        version: view.version().map(str::to_owned),
        tag: view.tag(),
        base: view.scene.base_tag.clone(),
        base_commit: proofs::base_commit(view).ok(),
        tag_object: tag.as_ref().map(|t| t.object.clone()),
        tag_commit: tag.map(|t| t.commit),
        tested_commit: tested.map(|s| s.head.clone()),
        branch: view.branch().map(str::to_owned),
        pull_request: view.pull().map(|p| p.number),
        forward_port: after::forward_port(view).map(|(number, merge_commit)| ForwardPort {
            number,
            merge_commit,
        }),
        issue: view.issue().map(|i| i.number),
    }
}

fn demands(view: &View<'_>, proofs: &Proofs, checklist: &[Item]) -> Vec<Demand> {
    let demand = |name, answer: &Answer| Demand {
        name,
        answer: answer.clone(),
    };
    vec![
        demand("annotated tag on the tested commit", &proofs.tagged),
        demand("required runs green on the head", &proofs.green),
        demand("fix on the default branch", &proofs.merged),
        demand("publishing workflow", &proofs.publish),
        demand("release workflow", &proofs.release_run),
        demand("version on the registry", &proofs.registry),
        demand("release with its assets", &proofs.release),
        demand("issue closed", &proofs.closed),
        demand("reporter thanked", &proofs.thanked),
        demand("branch gone", &proofs.deleted),
        Demand {
            name: "three comments by the bot on the issue",
            answer: three_comments(view),
        },
        Demand {
            name: "no checklist item open",
            answer: none_open(view, checklist),
        },
    ]
}

fn three_comments(view: &View<'_>) -> Answer {
    let all = view.bot_comments();
    let at = all.last().map_or(view.scene.started, |c| c.created_at);
    match all.len() {
        3 => proof::fact(at, "three"),
        n => Err(format!("there are {n}")),
    }
}

fn none_open(view: &View<'_>, checklist: &[Item]) -> Answer {
    let open: Vec<&str> = checklist
        .iter()
        .filter(|i| i.state == "open")
        .map(|i| i.item)
        .collect();
    if open.is_empty() {
        return proof::fact(view.world.now(), "24 of 24");
    }
    Err(open.join(", "))
}
