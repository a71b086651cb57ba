//! What a write of ours made.

use std::sync::Arc;

use crate::domain::effect::Slot;
use crate::domain::event::Outcome;
use crate::domain::facts::{
    Described, Discussed, Dispatches, Facts, Launched, Line, News, Notice, Pointed, Trial,
};
use crate::domain::ids::{LineId, Millis, Sha};
use crate::domain::objects::{Branch, CommentFact, GuardFact, Head, Object, Pull, PullKind, Seen};

/// What was seen since then is not looked at again before the end.
const LATELY: Millis = 60_000;

/// Learns what a write of ours made, without asking for it again.
pub(super) fn wrote(f: &mut Facts, line: &LineId, slot: &Slot, outcome: &Outcome, now: Millis) {
    slot.changes().iter().for_each(|object| f.touch(*object));
    match outcome {
        Outcome::CommentWritten {
            kind,
            id,
            url,
            hash,
            page,
        } => {
            let fact = f.comments.entry(*kind).or_default();
            *fact = CommentFact {
                id: Some(*id),
                url: url.clone(),
                hash: Some(hash.clone()),
                writes: fact.writes + 1,
                pages: std::mem::take(&mut fact.pages),
            };
            if let Some(page) = page {
                fact.shows((**page).clone());
            }
        }
        Outcome::CommentGone { kind } => {
            let fact = f.comments.entry(*kind).or_default();
            fact.id = None;
            fact.hash = None;
            fact.writes += 1;
        }
        Outcome::IssueClosed => {
            f.issue_closed.get_or_insert(now);
            // Before the branch is deleted the default branch is seen once more.
            let fresh = now - LATELY;
            let seen = f.lines.values_mut().map(|line| &mut line.seen.holds);
            seen.filter(|holds| holds.began < fresh)
                .for_each(Seen::touch);
            if let Some(issue) = f.issue.value.as_mut() {
                issue.open = false;
                issue.closed_by = Some(f.bot.clone());
            }
        }
        Outcome::AdvisoryKept { state } => {
            let advisory = f.advisory.as_deref_mut();
            if let Some(publish) = advisory.and_then(|it| it.publish.as_mut()) {
                publish.kept = Some(*state);
            }
        }
        Outcome::Announced { id, print, edited } => {
            let Slot::Announce((n, channel)) = slot else {
                return;
            };
            let n = u32::try_from(*n).unwrap_or(u32::MAX);
            let happened = usize::try_from(n).ok().and_then(|n| f.happened.get(n));
            let again = happened.map_or(0, |it| it.again);
            let sent = f.sent.entry(channel.clone()).or_default();
            let sent = sent.entry(n).or_default();
            match edited {
                true => sent.edits += 1,
                false => {
                    // Once, however often somebody asked before it got through.
                    let times = sent.times.max(again) + 1;
                    (sent.at, sent.times, sent.id) = (now, times, id.clone());
                }
            }
            sent.print.clone_from(print);
        }
        Outcome::Done => match slot {
            Slot::React(given) => {
                f.reacted.insert(*given);
            }
            Slot::Reply(comment) => {
                f.replied.insert(*comment);
            }
            Slot::Label => {
                f.labelled.get_or_insert(now);
            }
            Slot::ReopenIssue | Slot::Mark | Slot::Latest | Slot::Untag
                if back(f, line, slot, now) => {}
            Slot::ReopenIssue if f.broken().is_some_and(|it| it.reopened.is_none()) => {
                f.issue_closed = None;
                if let Some(broken) = f.broken.as_mut() {
                    broken.reopened = Some(now);
                }
            }
            Slot::ReopenIssue => {
                let what = News::Reopened;
                f.notices.push(Notice { at: now, what });
            }
            _ => {}
        },
        Outcome::Picked(picked) => {
            let Some(line) = f.lines.get_mut(line) else {
                return;
            };
            line.seen.touch(Object::Branch);
            let mut picks = line.picks.iter_mut();
            if let Some(pick) = picks.find(|pick| pick.done.is_none()) {
                pick.done = Some(picked.clone());
                let login = pick.by.login.clone();
                if picked.trouble.is_none() {
                    let commits = picked.commits.clone();
                    let what = News::Picked { commits, login };
                    f.notices.push(Notice { at: now, what });
                }
            }
        }
        Outcome::NotesWritten { hash, was } => {
            let Some(line) = f.lines.get_mut(line) else {
                return;
            };
            line.notes = Some(hash.clone());
            // The end is near: beside what comes before it, not after.
            line.seen.touch(Object::Holds);
            let asked = line.notes_asked.as_mut().filter(|it| it.open);
            let again = asked.map(|asked| {
                asked.open = false;
                let (login, was) = (asked.by.login.clone(), was.clone());
                News::NotesAgain { login, was }
            });
            f.notices.extend(again.map(|what| Notice { at: now, what }));
        }
        of_line => {
            if let Some(line) = f.lines.get_mut(line) {
                of_a_line(line, slot, of_line, now);
            }
        }
    }
}

/// Notes what of a rollback was done; whether there is one.
fn back(f: &mut Facts, line: &LineId, slot: &Slot, now: Millis) -> bool {
    let line = f.lines.get_mut(line);
    let rollback = line.and_then(|line| line.rollback.as_mut());
    let Some(rollback) = rollback.filter(|it| it.locked().is_some()) else {
        return false;
    };
    let done = match slot {
        Slot::Mark => &mut rollback.marked,
        Slot::Latest => &mut rollback.latest,
        Slot::Untag => &mut rollback.untagged,
        _ => &mut rollback.reopened,
    };
    done.get_or_insert(now);
    true
}

fn of_a_line(line: &mut Line, slot: &Slot, outcome: &Outcome, now: Millis) {
    match outcome {
        Outcome::BranchMade { sha, bumped } => {
            line.branch_made = true;
            let base = line.seen.base.get().map(|base| &base.commit);
            // Nothing on it but the base, or our own bump, as it was made: what
            // comes next can follow at once.
            let told = bumped.is_some() || base == Some(sha);
            let branch = &mut line.seen.branch;
            if branch.get().is_none_or(|b| b.head.is_none()) {
                let plain = || Head {
                    sha: sha.clone(),
                    holds_base: true,
                    ..Head::default()
                };
                let head = bumped.as_deref().cloned().unwrap_or_else(plain);
                let head = Some(Arc::new(head));
                branch.learn(Branch { head }, now);
                match told {
                    true => branch.answered = branch.dirty,
                    false => branch.touch(),
                }
            }
        }
        Outcome::Dispatched {
            file,
            head,
            trial: Some(after),
        } => {
            line.trial = Some(Trial {
                file: file.clone(),
                head: head.clone(),
                after: *after,
            });
            line.seen.runs.touch();
        }
        Outcome::Dispatched { file, head, .. } => {
            let tests = line.tests.entry(file.clone()).or_default();
            if tests.head != *head {
                *tests = Dispatches {
                    head: head.clone(),
                    ..Dispatches::default()
                };
            }
            tests.sent += 1;
            line.seen.runs.touch();
        }
        Outcome::Pointed { tag, was, object } => {
            let pointed = Pointed {
                was: was.clone(),
                object: object.clone(),
            };
            line.pointed.insert(tag.clone(), pointed);
            line.seen.touch(Object::Pointers);
        }
        Outcome::Launched {
            file,
            at,
            after,
            run,
        } => {
            let launched = Launched {
                at: at.clone(),
                after: *after,
                run: *run,
            };
            match line.rollback.as_mut().filter(|it| it.locked().is_some()) {
                Some(rollback) => rollback.started = Some(launched),
                None => drop(line.launched.insert(file.clone(), launched)),
            }
            line.seen.runs.touch();
        }
        Outcome::Carried(carried) => {
            let Some(kind) = side(slot) else { return };
            let pull = pull(line, kind);
            if let Some(pull) = pull.value.as_mut() {
                pull.head = carried.commit.clone();
                pull.mergeable = None;
            }
            pull.touch();
            if let Some(side) = line.side_pull_mut(kind) {
                side.carried = Some(carried.clone());
            }
        }
        Outcome::PullOpened { number, pull: seen } => {
            let kind = kind(slot);
            let pull = pull(line, kind);
            // Whether it merges is asked for once there is a fix to merge.
            if kind == PullKind::Hotfix && pull.get().is_none() {
                pull.answered = pull.dirty;
            }
            pull.learn(seen.clone(), now);
            match line.side_pull_mut(kind) {
                Some(side) => {
                    side.number = Some(*number);
                    side.opened.get_or_insert(now);
                }
                None => line.pull_number = Some(*number),
            }
        }
        Outcome::GuardWritten { id, head, hash } => {
            written(&mut line.guard, *id, head, hash);
        }
        Outcome::StateWritten { id, head, hash } => {
            written(&mut line.state, *id, head, hash);
        }
        Outcome::Described { hash } => {
            let writes = line.described.as_ref().map_or(0, |it| it.writes);
            line.described = Some(Described {
                hash: hash.clone(),
                writes: writes + 1,
            });
        }
        Outcome::Tagged(tag) => {
            line.seen.tag.learn(Some(tag.clone()), now);
            line.seen.tag.answered = line.seen.tag.dirty;
            line.seen.runs.touch();
        }
        Outcome::Readied => {
            if let Some(pull) = line.seen.pull.value.as_mut() {
                pull.draft = false;
            }
        }
        Outcome::Merged { commit } => {
            let kind = kind(slot);
            if let Some(pull) = pull(line, kind).value.as_mut() {
                pull.merged = true;
                pull.open = false;
                pull.merge_commit = Some(commit.clone());
            }
            line.seen.touch(Object::Holds);
        }
        Outcome::BranchDeleted => match line.side_pull_mut(kind(slot)) {
            Some(side) => {
                side.branch_deleted.get_or_insert(now);
            }
            None => {
                line.branch_deleted.get_or_insert(now);
            }
        },
        Outcome::Discussed { url } => {
            line.discussed = Some(Discussed {
                at: now,
                url: url.clone(),
            });
        }
        Outcome::Reported { number } => {
            if let Some(rollback) = line.rollback.as_mut() {
                rollback.report = Some(*number);
            }
        }
        Outcome::Reverted(done) => {
            if let Some(revert) = line.revert_mut() {
                revert.done = Some(done.clone());
            }
        }
        Outcome::PullClosed { pull: kind } => {
            let seen = pull(line, *kind);
            if let Some(pull) = seen.value.as_mut() {
                pull.open = false;
            } else {
                seen.learn(Pull::default(), now);
            }
        }
        // Answers of reads, and what is the whole case's.
        Outcome::Same
        | Outcome::Seen(_)
        | Outcome::Role(_)
        | Outcome::Word(_)
        | Outcome::Done
        | Outcome::Picked(_)
        | Outcome::NotesWritten { .. }
        | Outcome::CommentWritten { .. }
        | Outcome::CommentGone { .. }
        | Outcome::AdvisoryKept { .. }
        | Outcome::Announced { .. }
        | Outcome::IssueClosed
        | Outcome::Refused { .. }
        | Outcome::Blocked { .. }
        | Outcome::Unanswered { .. } => {}
    }
}

/// A check run of ours stands.
fn written(known: &mut Option<GuardFact>, id: u64, head: &Sha, hash: &str) {
    let writes = known.as_ref().map_or(0, |known| known.writes);
    *known = Some(GuardFact {
        id,
        head: head.clone(),
        hash: hash.to_owned(),
        writes: writes + 1,
    });
}

/// Whose pull request a slot is about.
fn kind(slot: &Slot) -> PullKind {
    match slot {
        Slot::Pull(kind) | Slot::Carry(kind) | Slot::Merge(kind) | Slot::DeleteBranch(kind) => {
            *kind
        }
        _ => PullKind::Hotfix,
    }
}

/// The side pull request that a slot is about.
fn side(slot: &Slot) -> Option<PullKind> {
    Some(kind(slot)).filter(|kind| *kind != PullKind::Hotfix)
}

fn pull(line: &mut Line, kind: PullKind) -> &mut Seen<Pull> {
    match kind {
        PullKind::Hotfix => &mut line.seen.pull,
        PullKind::Port => &mut line.seen.port,
        PullKind::Known => &mut line.seen.known,
    }
}
