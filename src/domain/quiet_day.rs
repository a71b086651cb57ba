//! A hotfix that nobody asked for, to learn what one would meet: everything that
//! it would read before it makes anything is read, nothing is written.

use super::ailments::{Ailment, Around, Blind, Eyes};
use super::decide::decide;
use super::diagnosis::{ailments, unread};
use super::effect::{Act, Effect};
use super::event::{Event, Outcome};
use super::facts::{Facts, Trigger};
use super::ids::{Actor, Millis};
use super::objects::{Bypass, Issue, Object, Observation, Repo, RoleRead, Seen};
use super::outlook::outlook;
use super::plan::plan;
use super::procedure::Case;
use super::procedure::branch::foreseen;
use super::read::{Of, Read};
use super::text::{Proposed, Told, blind, proposed, told, triggers};
use super::view::view;
use super::wish::Wish;

/// The facts of a hotfix of this repository that somebody may begin.
pub fn quiet_day(repo: Repo, bot: &str, now: Millis) -> Facts {
    let admin = RoleRead {
        role_name: "admin".to_owned(),
        permission: "admin".to_owned(),
        id: 0,
        ..RoleRead::default()
    };
    let mut facts = Facts {
        schema: super::facts::SCHEMA,
        repo,
        bot: bot.to_owned(),
        trigger: Trigger::by_word(Actor::person(SOMEBODY), now),
        issue: known(Issue {
            open: true,
            ..Issue::default()
        }),
        now,
        ..Facts::default()
    };
    facts.roles.insert(SOMEBODY.to_owned(), known(admin));
    facts
}

/// Who would have asked for it.
const SOMEBODY: &str = "somebody";

/// What is not to be read.
fn known<T>(value: T) -> Seen<T> {
    Seen {
        value: Some(value),
        answered: 1,
        ..Seen::default()
    }
}

/// What is to be read now; empty: everything is known.
pub fn due(facts: &Facts) -> Vec<Wish<Read>> {
    let reads = plan(facts).wishes.into_iter().filter_map(read);
    let mut all: Vec<Wish<Read>> = reads.collect();
    let writers = &facts.lines.only().1.seen.writers;
    if !writers.is_current() && facts.policy.get().is_some() {
        let wish = Wish::new(Read::Writers, "0").generation(writers.dirty);
        all.push(wish.of(facts.lines.only().0));
    }
    all
}

/// The reads that say what a hotfix would meet; what follows the branch is none.
fn read(wish: Wish<Effect>) -> Option<Wish<Read>> {
    let Act::Read(read) = wish.act else {
        return None;
    };
    let read = match read {
        // Nobody asks for it: there is no role to be read beside it.
        Read::Policy { .. } => Read::Policy { ahead: None },
        read => read,
    };
    let Of::Object(object) = read.of() else {
        return None;
    };
    let wanted = [Object::Policy, Object::Base, Object::Guards, Object::Main];
    wanted.contains(&object).then_some(Wish {
        act: read,
        line: wish.line,
        subject: wish.subject,
        generation: wish.generation,
        delay: 0,
        yields: false,
    })
}

/// Takes an answer in; whatever must be held for what comes next is held.
pub fn take(facts: &mut Facts, wish: &Wish<Read>, eyes: Eyes, outcome: Outcome, now: Millis) {
    let effect: Effect = Act::Read(wish.act.clone());
    let ended = Event::Ended {
        line: wish.line.clone(),
        slot: effect.slot(),
        subject: wish.subject.clone(),
        generation: wish.generation,
        began: now,
        outcome: as_seen(eyes, outcome),
    };
    let mut plan = decide(facts, &ended, now);
    // A claim leads to the next one, of a handful.
    for _ in 0..8 {
        let Some((line, claim)) = plan.claims.into_iter().next() else {
            return;
        };
        let claimed = Event::Claimed {
            line,
            claim,
            behind: None,
            issue: None,
        };
        plan = decide(facts, &claimed, now);
    }
}

/// What is not known after everything was asked: the first of what stands on one
/// another alone.
pub fn blind_spots(facts: &Facts) -> Vec<Blind> {
    let Some(policy) = facts.policy.get() else {
        return vec![Blind::Policy];
    };
    let seen = &facts.lines.only().1.seen;
    // Nothing is looked at by a configuration that is wrong.
    if policy.is_wrong() {
        return Vec::new();
    }
    let Some(base) = seen.base.get() else {
        return vec![Blind::Base];
    };
    let clear = base.is_clear();
    let open = [
        (clear && seen.guards.get().is_none(), Blind::Guards),
        (clear && seen.main.get().is_none(), Blind::Main),
        (seen.writers.get().is_none(), Blind::Writers),
    ];
    let open = open.into_iter().filter(|(is, _)| *is);
    open.map(|(_, what)| what).collect()
}

/// The labels that start a hotfix; none where the configuration was not read or is
/// wrong, so that nobody knows which they are.
pub fn wanted_labels(facts: &Facts) -> Option<&[String]> {
    let read = facts.policy.get().filter(|read| !read.is_wrong())?;
    Some(&read.policy.trigger.labels)
}

/// Whether the App passes a rule by, a person's token does not tell.
fn as_seen(eyes: Eyes, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Seen(mut seen) if eyes == Eyes::Person => {
            if let Observation::Guards(guards) = seen.as_mut() {
                for set in guards.rulesets.iter_mut().flatten() {
                    set.bypass = Bypass::Unknown;
                }
            }
            Outcome::Seen(seen)
        }
        other => other,
    }
}

/// What was found, in words and as data.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// The findings, the worst first.
    pub findings: Vec<Told>,
    /// What could not be looked at although these eyes may see it, in words, each
    /// with what GitHub answered: whether it would stop a hotfix is not known.
    pub unread: Vec<(&'static str, String)>,
    /// The configuration that says what was derived.
    pub proposed: Proposed,
    /// Lines for workflow files, by file.
    pub workflows: Vec<(String, String)>,
}

/// Puts words to what was found.
pub fn examined(facts: &Facts, around: &Around) -> Examined {
    let policy = facts.policy();
    let case = Case::of(facts, &policy);
    let mut outlook = outlook(&case);
    // What would be built, although nobody builds it.
    outlook.survey.proofs.branched = foreseen(&case);
    let view = view(case, &outlook);
    let all: Vec<Ailment> = ailments(&view, around);
    Examined {
        findings: all.iter().map(|it| told(it, &view)).collect(),
        unread: unread(&view, around)
            .into_iter()
            .map(|it| (blind(it.what), it.why))
            .collect(),
        proposed: proposed(&view, around.eyes),
        workflows: triggers(&view, &all),
    }
}
