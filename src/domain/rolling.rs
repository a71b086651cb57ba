//! The decision to take a release back: asked for, taken, locked once everything
//! behind it was seen again and is still so, lapsed where it is not.

use super::facts::{
    Change, Facts, News, Notice, Revert, Rollback, RollbackDecision, Said, SaidState,
};
use super::ids::{By, Millis};
use super::objects::{HOUR, Object};
use super::outlook::Outlook;
use super::outside::Outside;
use super::procedure::Case;
use super::procedure::rollback::found::{LOOKED_AT, PATIENCE};
use super::procedure::rollback::{out, token};
use super::refused::Refused;

/// Shows what it would do: what is out is looked at.
pub fn ask(by: By, reason: Outside) -> Change {
    Box::new(move |f| {
        f.lines.only_mut().rollback = Some(Box::new(Rollback::asked(by, reason)));
        LOOKED_AT.iter().for_each(|object| f.touch(*object));
    })
}

/// Takes the decision; all of it is looked at once more.
pub fn take(by: By, token: String) -> Change {
    Box::new(move |f| {
        if let Some(rollback) = f.lines.only_mut().rollback.as_mut() {
            rollback.decided = Some(RollbackDecision {
                by,
                token,
                locked: None,
                found: Default::default(),
            });
        }
        LOOKED_AT.iter().for_each(|object| f.touch(*object));
    })
}

/// The change is to go out of the default branch, too: this release's, or that of the
/// issue's hotfix before, which `failed`.
pub fn revert(by: By, failed: bool) -> Change {
    Box::new(move |f| {
        let line = f.lines.only_mut();
        let asked = match failed {
            true => line.failed.as_mut().map(|it| &mut it.revert),
            false => line.rollback.as_mut().map(|it| &mut it.revert),
        };
        if let Some(revert) = asked {
            let before = revert.as_ref().map_or(0, |it| it.times);
            *revert = Some(Revert {
                by,
                times: before.saturating_add(1),
                done: None,
            });
        }
    })
}

/// What is asked for, and not locked.
fn open<'a>(c: &Case<'a>) -> Option<&'a Rollback> {
    let rollback = c.line.rollback.as_deref();
    rollback.filter(|it| it.locked().is_none())
}

/// The moment at which what was asked for is forgotten, or a registry that does
/// not answer is waited for no longer.
pub fn deadline(c: &Case<'_>) -> Option<Millis> {
    let rollback = open(c)?;
    let since = rollback.decided.as_ref().map(|it| it.by.at);
    let patience = since.unwrap_or(rollback.by.at).saturating_add(PATIENCE);
    let forgotten = rollback.by.at.saturating_add(HOUR);
    let all = [patience, forgotten].into_iter();
    all.filter(|at| *at > c.facts.now).min()
}

/// What becomes of what was asked for or decided.
pub fn judge(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    if c.line.rolled_back().is_some() {
        return overtaken(c, outlook);
    }
    let rollback = open(c)?;
    let now = c.facts.now;
    let Some(decided) = &rollback.decided else {
        return (now >= rollback.by.at.saturating_add(HOUR)).then(|| forget(rollback, now));
    };
    let branched = outlook.survey.proofs.branched.as_ref()?;
    let since = decided.by.at;
    // A read that began before the decision counts as none.
    let early = LOOKED_AT.iter().filter(|object| {
        let looked = outlook.looks.iter().any(|look| look.object == **object);
        let state = c.facts.state(c.line, **object);
        looked && state.current && state.began < since
    });
    let early: Vec<_> = early.copied().collect();
    if !early.is_empty() {
        return Some(Box::new(move |f| {
            early.into_iter().for_each(|object| f.touch(object));
        }));
    }
    let out = out(c, branched, since)?;
    if token(c, rollback, &out) == decided.token {
        return Some(Box::new(move |f| {
            settle(f, SaidState::Done);
            let rollback = f.lines.only_mut().rollback.as_mut();
            if let Some(decided) = rollback.and_then(|it| it.decided.as_mut()) {
                decided.locked = Some(now);
                decided.found = out;
            }
        }));
    }
    let why = Refused::OtherRollback {
        asked: decided.token.as_str().into(),
        token: Some(token(c, rollback, &out)),
    };
    Some(Box::new(move |f| {
        settle(f, SaidState::Refused(why));
        if let Some(rollback) = f.lines.only_mut().rollback.as_mut() {
            rollback.decided = None;
        }
    }))
}

/// What was seen of registry and release before the runs came to where they are is
/// looked at again.
fn overtaken(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    let since = c.line.seen.runs.since;
    let old = [Object::Parts, Object::Release]
        .into_iter()
        .filter(|object| {
            let looked = outlook.looks.iter().any(|look| look.object == *object);
            let state = c.facts.state(c.line, *object);
            looked && state.current && state.began < since
        });
    let old: Vec<_> = old.collect();
    (!old.is_empty()).then(|| {
        Box::new(move |f: &mut Facts| old.into_iter().for_each(|it| f.touch(it))) as Change
    })
}

/// Nobody decided it.
fn forget(rollback: &Rollback, now: Millis) -> Change {
    let login = rollback.by.login.clone();
    Box::new(move |f| {
        f.lines.only_mut().rollback = None;
        let what = News::NotRolledBack { login };
        f.notices.push(Notice { at: now, what });
    })
}

/// The comment that decided it was edited or deleted: while nothing is locked, it
/// is taken back.
pub fn taken_back(f: &mut Facts, comment: u64, deleted: bool) {
    let deciding = |said: &Said| said.comment == comment && said.state == SaidState::Deciding;
    let is_it = f.said.iter().any(deciding);
    let line = f.lines.only_mut();
    let Some(rollback) = line.rollback.as_mut() else {
        return;
    };
    if !is_it || rollback.locked().is_some() {
        return;
    }
    rollback.decided = None;
    settle(f, SaidState::Refused(Refused::TakenBack { deleted }));
}

/// What was said and decided on gets its answer.
fn settle(f: &mut Facts, state: SaidState) {
    let deciding = |said: &&mut Said| said.state == SaidState::Deciding;
    if let Some(said) = f.said.iter_mut().find(deciding) {
        said.state = state;
    }
}
