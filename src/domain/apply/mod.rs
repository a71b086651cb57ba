//! An event adds to the facts. No conclusions are drawn here.

mod ended;
mod labels;
mod outcome;
mod said;

use std::sync::Arc;

use super::commands;
use super::decision;
use super::event::Event;
use super::facts::{Claim, Facts, Line, News, Notice, Other, Push};
use super::ids::Millis;
use super::joining;
use super::objects::{CommentKind, Object, RUNS, Runs, Seen};
use super::procedure::{Case, names, target};

/// Takes the event in. `now` is our clock; a case never runs backwards.
pub fn apply(f: &mut Facts, event: &Event, now: Millis) {
    f.now = f.now.max(now);
    let now = f.now;
    labels::carry_over(f);
    match event {
        Event::Labeled {
            label,
            by,
            issue,
            changed,
        } => {
            if f.issue.get().is_none() {
                f.issue.learn(issue.clone(), now);
            }
            if !labels::is_echo(f, label, by) {
                labels::heard(f, label, by, (*changed, true), None);
            }
        }
        Event::Unlabeled { label, by, changed } => {
            labels::heard(f, label, by, (*changed, false), None);
        }
        Event::PullLabeled {
            pull,
            label,
            by,
            on,
            issue,
            changed,
        } => {
            // What is said of the bot's own pull requests asks for nothing.
            if f.lines.iter().any(|(_, line)| line.made(*pull)) {
                return;
            }
            let itself = f.number == *pull;
            if itself && f.issue.get().is_none() {
                f.issue.learn(issue.clone(), now);
            }
            let lines = f.lines.values_mut();
            lines.for_each(|line| line.seen.touch(Object::Fixes));
            let elsewhere = (!itself).then_some(*pull);
            labels::heard(f, label, by, (*changed, *on), elsewhere);
        }
        Event::Reopened => f.come_back(),
        Event::IssueState { open, by, changed } => {
            // What is older than the issue as it is known is no news.
            if let Some(issue) = f.issue.value.as_mut()
                && (*changed == 0 || *changed >= issue.updated_at)
            {
                issue.open = *open;
                issue.closed_by = (!open).then(|| by.login.clone());
            }
            let ours = !open && by.login == f.bot;
            // Our own call was answered before: there is nothing to look at.
            let known = ours && f.issue_closed.is_some();
            // A keyword in a merged commit closes it in the bot's name, too.
            if ours && f.is_posted(CommentKind::Closing) {
                f.issue_closed.get_or_insert(now);
            }
            if !known {
                f.issue.touch();
                let lines = f.lines.values_mut();
                lines.for_each(|line| line.seen.touch(Object::Fixes));
            }
        }
        Event::Commented(heard) => said::commented(f, heard, now),
        Event::CommentEdited {
            comment,
            by,
            ticked,
        } => {
            if by.login != f.bot {
                let status = f.comments.get(&CommentKind::Status);
                if let Some(heard) = ticked.as_deref()
                    && status.is_some_and(|status| status.id == Some(*comment))
                {
                    said::ticked(f, heard, now);
                }
                // Ticks and hand edits are put back: the truth is here.
                for fact in f.comments.values_mut() {
                    if fact.id == Some(*comment) {
                        fact.hash = None;
                    }
                }
                said::changed(f, *comment, false);
            }
        }
        Event::CommentDeleted { comment } => {
            for fact in f.comments.values_mut() {
                if fact.id == Some(*comment) {
                    fact.id = None;
                    fact.hash = None;
                }
            }
            said::changed(f, *comment, true);
        }
        Event::TagDeleted { by } => {
            f.touch(Object::Tag);
            if by.login != f.bot {
                commands::tag_deleted(f);
            }
        }
        Event::Pushed { branch, push } => pushed(f, branch, push),
        Event::CommitMade { line, commit } => {
            if let Some(line) = f.lines.get_mut(line) {
                line.make(commit.clone());
            }
        }
        Event::Running { run, attempt } => running(f, *run, *attempt),
        Event::Touched { objects } => objects.iter().for_each(|o| f.touch(*o)),
        Event::Ended { .. } => ended::ended(f, event, now),
        Event::Claimed {
            line,
            claim,
            behind,
            issue,
        } => {
            if let Some(line) = f.lines.get_mut(line) {
                claimed(line, claim, *behind);
                if matches!(claim, Claim::Base(_)) {
                    line.behind_issue = *issue;
                }
            }
        }
        Event::Told { from, case, word } => joining::heard(f, *from, *case, word),
        Event::Answered {
            to,
            case,
            word,
            answer,
        } => joining::answered(f, *to, *case, word, answer),
        Event::Line { line, case, is } => {
            if let Some(among) = f.among.as_mut() {
                among.wanted.remove(line);
                let (case, is) = (*case, is.clone());
                among.others.insert(line.clone(), Other { case, is });
            }
        }
        Event::LineTold { is } => {
            if let Some(among) = f.among.as_mut() {
                among.told = Some(is.clone());
            }
        }
        Event::Freed => f.lines.values_mut().for_each(freed),
        Event::Repository { repo, another } => {
            f.repo = repo.clone();
            if *another {
                nothing_is_known(f);
            }
        }
        // Quietly: nobody can be told.
        Event::Gone => {
            f.gone = true;
            f.over.get_or_insert(now);
        }
        Event::Wake => look_past_another(f),
        Event::Back { since } => {
            if let Some(since) = *since {
                let what = News::Away { since };
                f.notices.push(Notice { at: now, what });
            }
            look_past_another(f);
            for object in Object::ALL {
                match object {
                    // Read once for the life of the hotfix, or with the head.
                    Object::Base | Object::Trial => {}
                    object => f.touch(*object),
                }
            }
        }
    }
}

/// Where the run is not known, or was over or held up when it was last seen, it is
/// looked at. That it began is nothing more than that it will end.
fn running(f: &mut Facts, run: u64, attempt: u64) {
    let on_its_way = |seen: &Seen<Runs>| {
        let runs = seen.get().into_iter();
        let mut runs = runs.flat_map(|seen| seen.runs.iter().chain(&seen.chained));
        runs.any(|it| {
            let pending = ["requested", "queued", "pending", "in_progress"];
            (it.id, it.attempt) == (run, attempt) && pending.contains(&it.status.as_str())
        })
    };
    let known = f.lines.iter().any(|(_, line)| {
        let seen = &line.seen;
        [&seen.runs, &seen.port_runs, &seen.known_runs]
            .into_iter()
            .any(on_its_way)
    });
    if !known {
        RUNS.iter().for_each(|object| f.touch(*object));
    }
}

/// A push that brings what is known to stand there is no news of the branch.
/// Whoever pushes may write: where they were not known to, who may is asked
/// anew.
fn pushed(f: &mut Facts, branch: &str, push: &Push) {
    let policy = f.policy();
    let case = Case::of(f, &policy);
    if target::line(&case) == Some(branch) {
        // What the default branch's pushes change, where it is the one that the
        // hotfix goes to.
        for object in [
            Object::Main,
            Object::Pull,
            Object::Trial,
            Object::Holds,
            Object::OnLine,
        ] {
            f.touch(object);
        }
        return;
    }
    let version = case.line.version.as_ref();
    if version.is_none_or(|version| names::branch(&case, version) != branch) {
        return;
    }
    let line = f.lines.only_mut();
    let branch = &mut line.seen.branch;
    let head = branch.get().and_then(|branch| branch.head.as_ref());
    if head.is_none_or(|head| head.sha != push.after) {
        branch.touch();
    }
    let writers = line.seen.writers.get().into_iter().flatten().flatten();
    if !push.by.as_ref().is_some_and(|by| by.is_among(writers)) {
        line.seen.writers.touch();
    }
    line.pushes.heard(push.clone());
}

/// What was read was another repository's: all of it is read again, and what
/// was decided by it is decided again, as long as there is no tag.
fn nothing_is_known(f: &mut Facts) {
    let now = f.now;
    for object in Object::ALL {
        f.touch(*object);
    }
    f.roles.values_mut().for_each(Seen::touch);
    for line in f.lines.values_mut() {
        let tagged = line.seen.tag.get().is_some_and(Option::is_some);
        if !tagged && let Some(decision) = line.decision.take() {
            let what = News::Lapsed {
                head: decision.head,
                login: decision.by.login,
            };
            f.notices.push(Notice { at: now, what });
        }
    }
    decision::dropped(f);
}

/// The hotfix that this one waits for ends in a release: that is the base then,
/// and not the one that was read at the beginning. Who was told for both may be
/// gone, too.
fn look_past_another(f: &mut Facts) {
    for line in f.lines.values_mut() {
        line.line_behind = None;
        if line.behind.is_some() {
            line.seen.base.touch();
        }
    }
}

/// What nothing was built on yet is chosen anew.
fn freed(line: &mut Line) {
    line.claims.clear();
    if !line.branch_made {
        line.version = None;
        line.seen.base.touch();
    }
}

fn claimed(line: &mut Line, claim: &Claim, behind: Option<i64>) {
    match (claim, behind) {
        (Claim::Base(_), behind) => line.behind = behind,
        (Claim::Version(version), None) => line.version = Some(version.clone()),
        (Claim::Version(version), Some(_)) => {
            if let Some(base) = line.seen.base.value.as_mut() {
                Arc::make_mut(base).taken.insert(version.clone());
            }
            // A person chose what another case holds by now.
            if line.version.as_ref() == Some(version)
                && let Some(was) = line.was.take()
            {
                line.version = Some(was);
                line.seen.tag.forget();
                line.seen.release.forget();
            }
        }
        (Claim::Line(_), behind) => line.line_behind = behind,
        (Claim::Branch(_) | Claim::Tag(_) | Claim::Pull(_), _) => {}
    }
    if behind.is_none() && !line.claims.contains(claim) {
        line.claims.push(claim.clone());
    }
}
