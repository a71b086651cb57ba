//! The procedure until the tag.
//!
//! Branch, bump and the draft pull request need only an allowed label; the
//! answers to the matrix gate the release, not the start. From the locked
//! decision on, this list is answered from what was decided.

use super::assess::{self, Assessed};
use super::begin::{self, Begun};
use super::branch;
use super::bump::{self, Bumped};
use super::configured::{Configured, configured};
use super::dry_run;
use super::fix;
use super::judge::{Judged, judge};
use super::pointers::{self, Free};
use super::proofs::Proofs;
use super::released::{Released, released};
use super::reopen::{Unclosed, unclosed};
use super::scope::{Scoped, scope};
use super::startable::{Startable, startable};
use super::step::Step;
use super::survey::{Entry, put};
use super::test;
use crate::domain::step_name::StepName;

/// Steps 1 to 5; what they wait for gates the release.
pub static UNTIL_THE_TAG: &[Entry<Proofs>] = &[
    Entry {
        proves: None,
        ask: |c, p| Some(put(&mut p.begun, begin::begin(c))),
        decided: Some(|_, _, p| Some(put(&mut p.begun, Step::Done(Begun)))),
    },
    Entry {
        proves: Some(StepName::Assess),
        ask: |c, p| Some(put(&mut p.assessed, assess::assess(c, p.begun.as_ref()?))),
        decided: Some(|_, _, p| Some(put(&mut p.assessed, Step::Done(Assessed)))),
    },
    Entry {
        proves: Some(StepName::Branch),
        ask: |c, p| Some(put(&mut p.branched, branch::branch(c, p.begun.as_ref()?))),
        decided: Some(|c, decision, p| {
            let branched = branch::decided(c, decision)?;
            Some(put(&mut p.branched, Step::Done(branched)))
        }),
    },
    Entry {
        proves: None,
        ask: |c, p| Some(put(&mut p.unclosed, unclosed(c, p.branched.as_ref()?))),
        decided: Some(|_, _, p| Some(put(&mut p.unclosed, Step::Done(Unclosed)))),
    },
    Entry {
        proves: Some(StepName::Bump),
        ask: |c, p| Some(put(&mut p.bumped, bump::bump(c, p.branched.as_ref()?))),
        decided: Some(|_, _, p| {
            p.branched.as_ref()?;
            Some(put(&mut p.bumped, Step::Done(Bumped)))
        }),
    },
    Entry {
        proves: Some(StepName::Fix),
        ask: |c, p| {
            let step = fix::fix(c, p.branched.as_ref()?, p.bumped.as_ref()?);
            Some(put(&mut p.fixed, step))
        },
        decided: Some(|c, decision, p| {
            let fixed = fix::decided(c, decision)?;
            Some(put(&mut p.fixed, Step::Done(fixed)))
        }),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = startable(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.startable, step))
        },
        decided: Some(|_, _, p| Some(put(&mut p.startable, Step::Done(Startable)))),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = judge(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.judged, step))
        },
        decided: Some(|_, _, p| Some(put(&mut p.judged, Step::Done(Judged)))),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = scope(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.scoped, step))
        },
        decided: Some(|_, _, p| Some(put(&mut p.scoped, Step::Done(Scoped)))),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = released(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.released, step))
        },
        decided: Some(|_, _, p| Some(put(&mut p.released, Step::Done(Released)))),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = pointers::free(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.free, step))
        },
        decided: Some(|_, _, p| Some(put(&mut p.free, Step::Done(Free)))),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = configured(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.configured, step))
        },
        decided: Some(|_, _, p| Some(put(&mut p.configured, Step::Done(Configured)))),
    },
    Entry {
        proves: Some(StepName::Test),
        ask: |c, p| {
            let step = test::test(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.tested, step))
        },
        decided: Some(|_, decision, p| {
            p.fixed.as_ref()?;
            Some(put(&mut p.tested, Step::Done(test::decided(decision))))
        }),
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let (branched, fixed) = (p.branched.as_ref()?, p.fixed.as_ref()?);
            let step = dry_run::dry_run(c, branched, fixed, p.tested.as_ref()?);
            Some(put(&mut p.dry_ran, step))
        },
        decided: Some(|_, decision, p| {
            Some(put(&mut p.dry_ran, Step::Done(dry_run::decided(decision))))
        }),
    },
];
