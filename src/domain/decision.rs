//! The decision to release: taken, locked once everything behind it was seen
//! again and still holds, lapsed when it does not.

use super::facts::{Change, Facts, News, Notice, Record, ReleaseDecision};
use super::ids::By;
use super::need::Need;
use super::objects::Object;
use super::outlook::Outlook;
use super::procedure::Case;
use super::view::{View, view};

/// What must be seen again after a decision, before anything that cannot be
/// taken back.
pub const FRESH: [Object; 7] = [
    Object::Main,
    Object::Branch,
    Object::Pull,
    Object::Reviews,
    Object::Runs,
    Object::Checks,
    Object::Issue,
];

/// The decision to release what the preview shows.
pub fn of(by: By, view: &View<'_>) -> Option<ReleaseDecision> {
    let preview = view.preview.as_ref()?;
    let branched = view.proofs().branched.as_ref()?;
    let fixed = view.proofs().fixed.as_ref()?;
    Some(ReleaseDecision {
        by,
        head: fixed.head.clone(),
        tree: fixed.tree.clone(),
        tag: branched.tag.clone(),
        preview: preview.fingerprint.clone(),
        locked: None,
        record: record(view),
    })
}

/// Takes it; everything behind it is looked at once more.
pub fn take(f: &mut Facts, decision: ReleaseDecision) {
    f.lines.only_mut().decision = Some(decision);
    for object in FRESH {
        f.touch(object);
    }
    f.touch(Object::Tag);
}

fn record(view: &View<'_>) -> Record {
    let Some(preview) = &view.preview else {
        return Record::default();
    };
    Record {
        items: view.checklist.clone(),
        commits: preview.commits.clone(),
        files: preview.files,
        additions: preview.additions,
        deletions: preview.deletions,
        approved_by: preview.approved_by.clone(),
        single_handed: preview.single_handed.clone(),
        runs: preview.tested.clone(),
        checks: preview.checks.clone(),
        overridden: preview.overridden.clone(),
        at_tag: view
            .proofs()
            .branched
            .as_ref()
            .and_then(|branched| branched.changed.as_deref().cloned()),
        left_out: preview.left_out.clone(),
    }
}

/// What becomes of a decision that is not locked yet.
pub fn judge(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    let decision = c.line.decision.as_ref().filter(|d| d.locked.is_none())?;
    let at = decision.by.at;
    let fresh = |object: &Object| c.facts.state(c.line, *object).since(at);
    // What is seen anew may be half of a change; judge when all of it is.
    let read = |object: &&Object| {
        // Checks are read where the configuration names some.
        **object != Object::Checks || !c.policy.test.checks.is_empty()
    };
    if !FRESH.iter().filter(read).all(fresh) || !fresh(&Object::Tag) {
        return None;
    }
    let view = view(*c, outlook);
    let same = view.preview.as_ref().is_some_and(|preview| {
        preview.head == decision.head && preview.fingerprint == decision.preview
    });
    let now = c.facts.now;
    if same && view.gates.is_empty() {
        let record = record(&view);
        return Some(Box::new(move |f| {
            if let Some(decision) = f.lines.only_mut().decision.as_mut() {
                decision.locked = Some(now);
                decision.record = record;
            }
        }));
    }
    if same && view.gates.iter().all(Need::is_looking) {
        return None;
    }
    let what = News::Lapsed {
        head: decision.head.clone(),
        login: decision.by.login.clone(),
    };
    Some(Box::new(move |f| {
        f.notices.push(Notice { at: now, what });
        f.lines.only_mut().decision = None;
    }))
}
