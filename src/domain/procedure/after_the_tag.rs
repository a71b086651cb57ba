//! The procedure from the decision on.
//!
//! Publishing starts with the tag, whether or not the merge is through; the way
//! to the default branch works ahead, right after the tag.

use super::proofs::Proofs;
use super::step::Step;
use super::survey::{Entry, Stand, put};
use super::{
    advisory, close, communicate, embargo, forward_port, known_issue, monitor, on_line, pointers,
    publish_now, reopen, ship, verify,
};
use crate::domain::step_name::StepName;

/// Steps 6 to 10.
pub static AFTER_THE_TAG: &[Entry<Proofs>] = &[
    Entry {
        proves: Some(StepName::Ship),
        ask: |c, p| {
            p.tagged = p.branched.as_ref().and_then(|b| ship::tagged(c, b));
            let (branched, fixed) = (p.branched.as_ref()?, p.fixed.as_ref()?);
            let by_word = p.judged.is_some() && p.configured.is_some() && p.free.is_some();
            let can_start = p.startable.is_some();
            let ready = p.assessed.is_some() && can_start && by_word && p.tested.is_some();
            Some(put(&mut p.shipped, ship::ship(c, branched, fixed, ready)))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            p.tagged.as_ref()?;
            let step = on_line::land(c, p.branched.as_ref()?, p.fixed.as_ref()?);
            Some(put(&mut p.lined, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = reopen::reopen(c, p.tagged.as_ref()?);
            Some(put(&mut p.kept_open, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = pointers::beside(c, p.tagged.as_ref()?);
            Some(put(&mut p.beside, step))
        },
        decided: None,
    },
    Entry {
        proves: Some(StepName::Monitor),
        ask: |c, p| {
            let step = monitor::monitor(c, p.branched.as_ref()?, p.tagged.as_ref()?);
            Some(put(&mut p.monitored, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let head = &p.tagged.as_ref()?.tag.commit;
            let need = publish_now::by_hand(c, p.branched.as_ref()?, head, p.monitored.is_some());
            Some(need.map_or(Stand::Done, |need| Stand::Wait(vec![need])))
        },
        decided: None,
    },
    Entry {
        proves: Some(StepName::Verify),
        ask: |c, p| {
            let step = verify::verify(c, p.branched.as_ref()?, p.monitored.as_ref()?);
            Some(put(&mut p.verified, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let step = pointers::moved(c, p.tagged.as_ref()?, p.verified.as_ref()?);
            Some(put(&mut p.moved, step))
        },
        decided: None,
    },
    Entry {
        proves: Some(StepName::Communicate),
        ask: |c, p| {
            p.beside.as_ref()?;
            p.moved.as_ref()?;
            let step = communicate::communicate(c, p.shipped.as_ref()?, p.verified.as_ref()?);
            Some(put(&mut p.communicated, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let (branched, fixed) = (p.branched.as_ref()?, p.fixed.as_ref()?);
            let step = forward_port::land(c, branched, fixed, p.shipped.as_ref()?);
            Some(put(&mut p.landed, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let (branched, shipped) = (p.branched.as_ref()?, p.shipped.as_ref()?);
            let step = known_issue::known(c, branched, shipped, p.verified.as_ref());
            Some(put(&mut p.known, step))
        },
        decided: None,
    },
    Entry {
        proves: None,
        ask: |c, p| {
            let due = embargo::is_over(c, p);
            let step = advisory::advise(c, p.branched.as_ref(), due);
            Some(put(&mut p.advised, step))
        },
        decided: None,
    },
    Entry {
        proves: Some(StepName::Close),
        ask: |c, p| {
            p.communicated.as_ref()?;
            p.lined.as_ref()?;
            let branched = p.branched.as_ref()?;
            let step = close::close(c, branched, p.landed.as_ref()?, p.known.as_ref()?);
            // The branches go all the same; the end waits.
            match (&step, &p.advised) {
                (Step::Done(_), None) => Some(Stand::Wait(Vec::new())),
                _ => Some(put(&mut p.closed, step)),
            }
        },
        decided: None,
    },
];
