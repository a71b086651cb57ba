//! What people say to the bot, and take back.

use crate::domain::access::has_part;
use crate::domain::command::{CommandError, Line, MOST, parse_line};
use crate::domain::commands;
use crate::domain::event::Heard;
use crate::domain::facts::{Facts, Said, SaidState};
use crate::domain::forget::{HEARD, PACE};
use crate::domain::ids::Millis;
use crate::domain::line_name::LineName;
use crate::domain::refused::Refused;

/// As many commands of one person wait while it is not known who they are.
const UNKNOWN: usize = 20;

/// As many comments that were changed before they were heard of are remembered.
const CHANGED: usize = 64;

/// A comment with commands. They wait until it is known who their author is.
pub(super) fn commented(f: &mut Facts, heard: &Heard, now: Millis) {
    let comment = heard.comment;
    if heard.by.bot || heard.lines.is_empty() || was_heard(f, comment) || is_too_much(f, heard) {
        return;
    }
    ask_role(f, heard);
    let edited = heard.edited || f.changed.contains(&comment);
    let said = |line: &Line| said(heard, line, now);
    if let (true, Some(first)) = (heard.lines.len() > MOST, heard.lines.first()) {
        let answer = SaidState::Refused(Refused::TooMany { most: MOST });
        f.said.push(Said {
            answer: Some(Box::new(answer)),
            ..said(first)
        });
        return;
    }
    for line in &heard.lines {
        let Some(parsed) = parse_line(line) else {
            continue;
        };
        let mut said = said(line);
        said.of = parsed.of;
        match parsed.result {
            Ok(_) if heard.unclear.contains(&line.number) => {
                let lines = lines(f);
                said.answer = Some(Box::new(SaidState::Refused(Refused::WhichLine { lines })));
            }
            Ok(_) if edited => said.answer = Some(Box::new(SaidState::Edited)),
            Ok(command) => said.command = Some(command),
            Err(CommandError::NotYet { verb }) => {
                said.answer = Some(Box::new(SaidState::Refused(Refused::NotYet { verb })));
            }
            Err(error) => said.answer = Some(Box::new(SaidState::Confused(error))),
        }
        f.said.push(said);
    }
}

/// The release lines of the issue, the oldest first.
fn lines(f: &Facts) -> Vec<LineName> {
    let among = f.among.as_deref();
    let all = among
        .into_iter()
        .flat_map(|it| it.others.keys().chain([&it.line]));
    let mut all: Vec<_> = all.cloned().collect();
    all.sort();
    all
}

/// Boxes that somebody ticked or cleared in the status comment.
pub(super) fn ticked(f: &mut Facts, heard: &Heard, now: Millis) {
    if heard.by.bot || heard.lines.is_empty() || is_too_much(f, heard) {
        return;
    }
    ask_role(f, heard);
    let lines = heard.lines.iter().take(MOST);
    let lines = lines.filter_map(|line| Some((line, parse_line(line)?.result.ok()?)));
    f.said.extend(lines.map(|(line, command)| Said {
        command: Some(command),
        tick: true,
        ..said(heard, line, now)
    }));
}

/// The role counts at the time of execution.
fn ask_role(f: &mut Facts, heard: &Heard) {
    let role = f.role_mut(&heard.by.login);
    if role.is_current() {
        role.touch();
    }
}

/// A line that waits.
fn said(heard: &Heard, line: &Line, now: Millis) -> Said {
    Said {
        comment: heard.comment,
        pull: heard.pull,
        line: line.number,
        by: heard.by.clone(),
        at: now,
        text: line.text.as_str().into(),
        command: None,
        of: None,
        state: SaidState::Waiting,
        answer: None,
        written: heard.written,
        age: heard.age,
        late: heard.late,
        print: heard.print.clone(),
        asked: None,
        echo: heard.echoes.contains(&line.number),
        passing: false,
        tick: false,
    }
}

/// Whether a comment was taken before. Ids rise with time: what is older than
/// all that are remembered was.
fn was_heard(f: &Facts, comment: u64) -> bool {
    let oldest = f.heard.first().filter(|_| f.heard.len() >= HEARD);
    f.said.iter().any(|s| s.comment == comment)
        || f.heard.contains(&comment)
        || oldest.is_some_and(|oldest| comment < *oldest)
}

/// Whether its author is not to be heard now: who has no part in this was
/// answered just now, or nobody knows who they are and they have said enough.
fn is_too_much(f: &Facts, heard: &Heard) -> bool {
    let login = heard.by.login.to_lowercase();
    if has_part(f, &f.policy().roles, &heard.by) == Some(true) {
        return false;
    }
    let recent = |at: &Millis| f.now < at.saturating_add(PACE);
    let waiting = f
        .said
        .iter()
        .filter(|it| it.state == SaidState::Waiting && it.by.login.eq_ignore_ascii_case(&login));
    f.strangers.get(&login).is_some_and(recent) || waiting.count() >= UNKNOWN
}

/// A comment was edited or deleted.
pub(super) fn changed(f: &mut Facts, comment: u64, deleted: bool) {
    if f.comments.values().any(|fact| fact.id == Some(comment)) {
        return;
    }
    // It may be forgotten but for that.
    commands::unsay_broken(f, comment);
    if f.said.iter().any(|said| said.comment == comment) {
        commands::taken_back(f, comment, deleted);
        return;
    }
    // Deliveries may come in any order.
    if !was_heard(f, comment) {
        f.changed.insert(comment);
        if f.changed.len() > CHANGED {
            f.changed.pop_first();
        }
    }
}
