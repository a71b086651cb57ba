//! The decision to release: taken, locked once everything behind it was seen
//! again and still holds, lapsed when it does not.

use super::behind::behind_gates;
use super::facts::{Change, Facts, News, Notice, Record, ReleaseDecision, Said, SaidState};
use super::ids::{By, Millis};
use super::need::Need;
use super::objects::{Object, WordRead};
use super::outlook::Outlook;
use super::procedure::at_merge::Tagging;
use super::procedure::{Case, at_merge, install, released};
use super::refused::Refused;
use super::view::{View, view};

/// What cannot be read for so long refuses the command that stands on it.
pub const PATIENCE: Millis = 10 * 60 * 1_000;

/// The decision to release what the preview shows, as a comment said.
pub fn of(by: By, said: &Said, view: &View<'_>) -> Option<ReleaseDecision> {
    let preview = view.preview.as_ref()?;
    let branched = view.proofs().branched.as_ref()?;
    let fixed = view.proofs().fixed.as_ref()?;
    Some(ReleaseDecision {
        by,
        comment: Some(said.comment),
        print: said.print.clone(),
        title: view.facts.issue.get().map(|issue| issue.title.clone()),
        head: fixed.head.clone(),
        tree: fixed.tree.clone(),
        tag: branched.tag.clone(),
        preview: preview.fingerprint.clone(),
        locked: None,
        at: None,
        record: record(view),
    })
}

/// Takes it; everything behind it is looked at once more, and so is the comment
/// that says so.
pub fn take(f: &mut Facts, decision: ReleaseDecision) {
    if let Some(comment) = decision.comment {
        f.reread.entry(comment).or_default().touch();
    }
    f.lines.only_mut().decision = Some(decision);
    behind_gates().for_each(|object| f.touch(object));
}

fn record(view: &View<'_>) -> Record {
    let Some(preview) = &view.preview else {
        return Record::default();
    };
    let branched = view.proofs().branched.as_ref();
    let tagging = branched.map(|it| at_merge::tagging(&view.case, it, &preview.head));
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
        dry_run: preview.dry_run.clone(),
        overridden: preview.overridden.clone(),
        at_tag: view
            .proofs()
            .branched
            .as_ref()
            .and_then(|branched| branched.changed.as_deref().cloned()),
        raised: view.proofs().branched.as_ref().map_or_else(Vec::new, |it| {
            it.head.as_deref().map_or_else(Vec::new, released::raised)
        }),
        launches: view
            .proofs()
            .branched
            .as_ref()
            .map_or_else(Vec::new, |branched| install::launches(&view.case, branched)),
        pointers: preview.pointers.clone(),
        at_merge: tagging.as_ref().is_some_and(Tagging::is_merged_first),
        on_branch: matches!(tagging, Some(Tagging::HeadOnBranch(_))),
        left_out: preview.left_out.clone(),
    }
}

/// The decision that is taken and not locked.
fn open<'a>(c: &Case<'a>) -> Option<&'a ReleaseDecision> {
    c.line.decision.as_ref().filter(|d| d.locked.is_none())
}

/// The moment at which a decision whose author cannot be asked again lapses.
pub fn deadline(c: &Case<'_>) -> Option<Millis> {
    let decision = open(c)?;
    let seen = c.facts.reread.get(&decision.comment?);
    let asked = seen.is_some_and(|it| it.since(decision.by.at).is_some());
    (!asked).then_some(decision.by.at + PATIENCE)
}

/// What becomes of a decision that is not locked yet.
pub fn judge(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    let branched = outlook.survey.proofs.branched.as_ref();
    if let Some(change) = branched.and_then(|branched| at_merge::settle(c, branched)) {
        return Some(change);
    }
    let decision = open(c)?;
    let (at, now) = (decision.by.at, c.facts.now);
    if c.facts.cancelled.is_some() {
        return Some(lapse(c, Refused::OverCase));
    }
    if let Some(comment) = decision.comment {
        let seen = c.facts.reread.get(&comment);
        match seen.and_then(|it| it.since(at)) {
            Some(WordRead::Stands(print)) if *print == decision.print => {}
            Some(read) => {
                let deleted = *read == WordRead::Gone;
                return Some(lapse(c, Refused::TakenBack { deleted }));
            }
            None if now >= at + PATIENCE => return Some(lapse(c, Refused::CommentUnreadable)),
            // A read that began too early counts as none.
            None if seen.is_none_or(|it| it.is_current()) => {
                return Some(Box::new(move |f| {
                    f.reread.entry(comment).or_default().touch()
                }));
            }
            None => return None,
        }
    }
    let looked = |object: &Object| outlook.looks.iter().any(|look| look.object == *object);
    let state = |object: &Object| c.facts.state(c.line, *object);
    let stale: Vec<_> = behind_gates()
        .filter(looked)
        .filter(|object| !state(object).since(at))
        .collect();
    if !stale.is_empty() {
        let early = stale.into_iter().filter(|object| state(object).current);
        let early: Vec<_> = early.collect();
        // What is seen anew may be half of a change; judge when all of it is.
        return (!early.is_empty()).then(|| {
            Box::new(move |f: &mut Facts| early.into_iter().for_each(|o| f.touch(o))) as Change
        });
    }
    let view = view(*c, outlook);
    let preview = view.preview.as_ref();
    let same = preview.is_some_and(|it| it.fingerprint == decision.preview);
    if same && view.gates.is_empty() {
        let record = record(&view);
        return Some(Box::new(move |f| {
            settle(f, SaidState::Done);
            if let Some(decision) = f.lines.only_mut().decision.as_mut() {
                decision.locked = Some(now);
                decision.record = record;
            }
        }));
    }
    if same && view.gates.iter().all(Need::is_looking) {
        return None;
    }
    let head = view.head().cloned();
    let why = match head {
        None => Refused::NothingToRelease,
        Some(head) if !same => Refused::OtherPreview { head },
        Some(_) => Refused::GatesOpen {
            gates: view.gates.clone(),
        },
    };
    Some(lapse(c, why))
}

/// It is not carried out, and that is told.
fn lapse(c: &Case<'_>, why: Refused) -> Change {
    let (now, decision) = (c.facts.now, open(c));
    let what = decision.map(|decision| News::Lapsed {
        head: decision.head.clone(),
        login: decision.by.login.clone(),
    });
    Box::new(move |f| {
        f.notices.extend(what.map(|what| Notice { at: now, what }));
        settle(f, SaidState::Refused(why));
        f.lines.only_mut().decision = None;
    })
}

/// The comment that decided it was edited or deleted: while nothing is locked,
/// it is taken back.
pub fn taken_back(f: &mut Facts, comment: u64, deleted: bool) {
    let line = f.lines.only_mut();
    let decision = line.decision.as_ref();
    if decision.is_none_or(|d| d.locked.is_some() || d.comment != Some(comment)) {
        return;
    }
    let Some(decision) = line.decision.take() else {
        return;
    };
    let what = News::Lapsed {
        head: decision.head,
        login: decision.by.login,
    };
    let at = f.now;
    f.notices.push(Notice { at, what });
    settle(f, SaidState::Refused(Refused::TakenBack { deleted }));
}

/// What was decided on is not there any more: the word that waits for its verdict
/// has it.
pub fn dropped(f: &mut Facts) {
    settle(f, SaidState::Refused(Refused::NothingToRelease));
}

/// What was said and decided on gets its answer.
fn settle(f: &mut Facts, state: SaidState) {
    let deciding = |said: &&mut Said| said.state == SaidState::Deciding;
    if let Some(said) = f.said.iter_mut().find(deciding) {
        said.state = state;
    }
}
