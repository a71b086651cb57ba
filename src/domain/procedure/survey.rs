//! A procedure is an ordered list of steps, read from top to bottom. A survey
//! asks each of them; all other answers are folds over it.
//!
//! All steps are asked each time, so they work ahead where the proofs that they
//! stand on are there.

use super::step::{Case, Step};
use crate::domain::effect::Intent;
use crate::domain::facts::ReleaseDecision;
use crate::domain::need::Need;
use crate::domain::step_name::StepName;
use crate::domain::wish::Wish;

/// Asks a step; none while a proof that it stands on is missing.
type Ask<P> = fn(&Case<'_>, &mut P) -> Option<Stand>;
/// Answers in its place from the decision.
type Decided<P> = fn(&Case<'_>, &ReleaseDecision, &mut P) -> Option<Stand>;

/// A step in a list; `P` holds the proofs of the steps before it.
pub struct Entry<P> {
    /// The step of the document whose proof this one completes.
    pub proves: Option<StepName>,
    /// Asks it; none while a proof that it stands on is missing.
    pub ask: Ask<P>,
    /// What answers in its place once the decision is locked; without it, it is
    /// asked all the same.
    pub decided: Option<Decided<P>>,
}

/// Where a step stands, once its proof is put away.
#[derive(Clone, Debug, PartialEq)]
pub enum Stand {
    /// Proven.
    Done,
    /// The bot's turn.
    Do(Vec<Wish<Intent>>),
    /// Somebody else's turn.
    Wait(Vec<Need>),
}

/// Keeps a step's proof for those that stand on it.
pub fn put<E>(proof: &mut Option<E>, step: Step<E>) -> Stand {
    match step {
        Step::Done(evidence) => {
            *proof = Some(evidence);
            Stand::Done
        }
        Step::Do(wishes) => Stand::Do(wishes),
        Step::Wait(needs) => Stand::Wait(needs),
    }
}

/// The answers of a procedure's steps, list by list.
#[derive(Clone, Debug)]
pub struct Survey<P> {
    /// The proofs that are there.
    pub proofs: P,
    lists: Vec<Vec<(Option<StepName>, Option<Stand>)>>,
}

/// Asks every step of these lists, in order.
pub fn ask<P: Default>(c: &Case<'_>, lists: &[&[Entry<P>]]) -> Survey<P> {
    let mut proofs = P::default();
    let locked = c.line.locked();
    let mut one = |entry: &Entry<P>| {
        let stand = match (locked, entry.decided) {
            (Some(decision), Some(decided)) => decided(c, decision, &mut proofs),
            _ => (entry.ask)(c, &mut proofs),
        };
        (entry.proves, stand)
    };
    let lists = lists
        .iter()
        .map(|list| list.iter().map(&mut one).collect())
        .collect();
    Survey { proofs, lists }
}

impl<P> Survey<P> {
    fn stands(&self) -> impl Iterator<Item = (Option<StepName>, Option<&Stand>)> {
        let all = self.lists.iter().flatten();
        all.map(|(proves, stand)| (*proves, stand.as_ref()))
    }

    /// Where the very first step stands: whether it may begin at all.
    pub fn first(&self) -> Option<&Stand> {
        self.stands().next().and_then(|(_, stand)| stand)
    }

    /// Whether each step of the document is proven, in the order of proof.
    pub fn done(&self) -> impl Iterator<Item = (StepName, bool)> {
        self.stands()
            .filter_map(|(proves, stand)| Some((proves?, stand == Some(&Stand::Done))))
    }

    /// The first step that is not proven; none when all are.
    pub fn phase(&self) -> Option<StepName> {
        self.done().find(|(_, done)| !done).map(|(name, _)| name)
    }

    /// What all steps wish.
    pub fn wishes(&self) -> Vec<Wish<Intent>> {
        let wishes = self.stands().filter_map(|(_, stand)| match stand {
            Some(Stand::Do(wishes)) => Some(wishes),
            _ => None,
        });
        wishes.flatten().cloned().collect()
    }

    /// What the steps of the list of this number wait for.
    pub fn needs(&self, list: usize) -> impl Iterator<Item = &Need> {
        let stands = self.lists.get(list).into_iter().flatten();
        stands
            .filter_map(|(_, stand)| match stand {
                Some(Stand::Wait(needs)) => Some(needs),
                _ => None,
            })
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    //! A procedure of its own beside the way to the release: two steps, and
    //! proofs that only they know.
    use super::*;
    use crate::domain::effect::Act;
    use crate::domain::facts::Facts;
    use crate::domain::need::{Looking, NeedKind, Who};
    use crate::domain::policy::Policy;
    use crate::domain::procedure::release;

    #[derive(Clone, Debug, PartialEq)]
    struct Withdrawn;

    #[derive(Clone, Debug, PartialEq)]
    struct Told {
        tag: String,
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    struct RollbackProofs {
        withdrawn: Option<Withdrawn>,
        told: Option<Told>,
    }

    fn withdraw(c: &Case<'_>) -> Step<Withdrawn> {
        match c.facts.hold {
            None => Step::looking(Looking::Tag),
            Some(_) => Step::Done(Withdrawn),
        }
    }

    fn tell(c: &Case<'_>, _: &Withdrawn) -> Step<Told> {
        match &c.line.notes {
            Some(tag) => Step::Done(Told { tag: tag.clone() }),
            None => Step::wish(c.write(Act::CloseIssue, "1")),
        }
    }

    static ROLLBACK: &[Entry<RollbackProofs>] = &[
        Entry {
            proves: Some(StepName::Ship),
            ask: |c, p| Some(put(&mut p.withdrawn, withdraw(c))),
            decided: None,
        },
        Entry {
            proves: Some(StepName::Communicate),
            ask: |c, p| Some(put(&mut p.told, tell(c, p.withdrawn.as_ref()?))),
            decided: None,
        },
    ];

    #[test]
    fn a_third_list_stands_beside_the_two() {
        let policy = Policy::default();
        let mut facts = Facts::default();
        let survey = ask(&Case::of(&facts, &policy), &[ROLLBACK]);
        assert_eq!(survey.phase(), Some(StepName::Ship));
        assert_eq!(survey.needs(0).count(), 1);
        assert!(survey.wishes().is_empty(), "the second stands on the first");

        facts.hold = Some(crate::domain::facts::Stop {
            by: crate::domain::ids::By {
                login: "maintainer".into(),
                at: 1,
            },
            why: crate::domain::need::StopReason::Said(Default::default()),
            quiet: false,
            written: None,
        });
        let survey = ask(&Case::of(&facts, &policy), &[ROLLBACK]);
        assert_eq!(survey.phase(), Some(StepName::Communicate));
        assert_eq!(survey.wishes().len(), 1);

        facts.lines.only_mut().notes = Some("v1.0.5".into());
        let survey = ask(&Case::of(&facts, &policy), &[ROLLBACK]);
        assert_eq!(survey.phase(), None);
        assert_eq!(
            survey.proofs.told,
            Some(Told {
                tag: "v1.0.5".into()
            })
        );

        // The way to the release knows nothing of it.
        let release = release::survey(&Case::of(&facts, &policy));
        assert_eq!(release.phase(), Some(StepName::Assess));
    }

    #[test]
    fn a_step_whose_proofs_are_missing_is_not_asked() {
        let (facts, policy) = (Facts::default(), Policy::default());
        let survey = release::survey(&Case::of(&facts, &policy));
        let needs: Vec<_> = survey.needs(release::UNTIL).collect();
        let reading = NeedKind::Looking {
            at: Looking::Configuration,
        };
        assert_eq!(needs.len(), 1);
        assert_eq!((needs[0].who, &needs[0].kind), (Who::Machine, &reading));
        assert_eq!(survey.done().filter(|(_, done)| *done).count(), 0);
        assert_eq!(survey.done().count(), 10);
    }
}
