//! Looks at the world and judges it.

use std::collections::BTreeSet;

use super::after_tag;
use super::bumped::bumped;
use super::checklist::{self, Item};
use super::proof::{Answer, fact};
use super::proofs::{Proofs, prove};
use super::shipped::{Shipped, base_commit, shipped, until_tag};
use super::steps::steps;
use super::verdict::{Demand, ForwardPort, Hotfix, Verdict};
use crate::rehearsal::view::View;
use crate::sim::world::Comment;

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
        let steps = steps(view, &proofs);
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
        let heads = until_tag(view).len();
        let version = view.version().map(str::to_owned);
        let key = (shipped.head.clone(), version, heads);
        if let Some((_, answers)) = self.bumped.as_ref().filter(|(known, _)| *known == key) {
            return answers.clone();
        }
        let answers = bumped(view, shipped);
        self.bumped = Some((key, answers.clone()));
        answers
    }

    fn shipped(&mut self, view: &View<'_>) -> Result<Shipped, String> {
        let last = until_tag(view).last().and_then(|c| c.after.clone());
        if let Some(known) = self
            .shipped
            .as_ref()
            .filter(|s| Some(&s.head) == last.as_ref())
        {
            return Ok(known.clone());
        }
        let shipped = shipped(view)?;
        self.shipped = Some(shipped.clone());
        Ok(shipped)
    }
}

fn identify(view: &View<'_>, shipped: &Result<Shipped, String>, proofs: &Proofs) -> Hotfix {
    let tag = after_tag::tag(view).ok();
    let tested = shipped.as_ref().ok().filter(|_| proofs.green.is_ok());
    Hotfix {
        version: view.version().map(str::to_owned),
        tag: view.tag(),
        base: view.product().map(|p| p.base_tag.clone()),
        base_commit: base_commit(view).ok(),
        tag_object: tag.as_ref().map(|t| t.object.clone()),
        tag_commit: tag.map(|t| t.commit),
        tested_commit: tested.map(|s| s.head.clone()),
        branch: view.branch().map(str::to_owned),
        pull_request: view.pull().map(|p| p.number),
        forward_port: after_tag::forward_port(view).map(|(number, merge_commit)| ForwardPort {
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
            name: "status, verification, closing, and one comment a moment",
            answer: few_comments(view),
        },
        Demand {
            name: "no checklist item open",
            answer: none_open(view, checklist),
        },
    ]
}

/// Three comments of each release line's hotfix, and beside them one for each moment that
/// calls people (that it was ready at the least), and one for each question that was asked.
fn few_comments(view: &View<'_>) -> Answer {
    let all = view.bot_comments();
    let at = all.last().map_or(view.scene.started, |c| c.created_at);
    let of = |kind: &str| -> Vec<String> {
        let first = |c: &&Comment| c.body.lines().next().unwrap_or_default().to_owned();
        let marker = format!("<!-- hotfix-bot:{kind}-");
        let firsts = all.iter().map(first);
        firsts.filter(|it| it.starts_with(&marker)).collect()
    };
    let (calls, replies) = (of("moment"), of("reply"));
    let each: BTreeSet<&String> = calls.iter().chain(&replies).collect();
    let once = each.len() == calls.len() + replies.len();
    let of_a_line = |c: &&&Comment| c.body.contains("**Release lines of this issue**");
    let lines = all.iter().filter(of_a_line).count().max(1);
    let others = all.len() - calls.len() - replies.len();
    match (others, calls.len(), replies.len()) {
        (all, n, asked) if all == 3 * lines && n > 0 && once && asked <= questions(view) => {
            fact(at, format!("three and {n}"))
        }
        (others, n, 0) => Err(format!("there are {others} and {n}")),
        (others, n, asked) => Err(format!("there are {others} and {n}, and {asked} answers")),
    }
}

/// Comments by people that command the bot: each may have an answer.
fn questions(view: &View<'_>) -> usize {
    let commands = |c: &&Comment| {
        c.author != view.scene.bot && c.body.lines().any(|it| it.starts_with("/hotfix"))
    };
    let numbers = [view.issue(), view.pull()].into_iter().flatten();
    let all = numbers.flat_map(|it| view.comments(it.number));
    all.filter(commands).count()
}

fn none_open(view: &View<'_>, checklist: &[Item]) -> Answer {
    let open: Vec<&str> = checklist
        .iter()
        .filter(|i| i.state == "open")
        .map(|i| i.item)
        .collect();
    if open.is_empty() {
        return fact(view.world.now(), "24 of 24");
    }
    Err(open.join(", "))
}
