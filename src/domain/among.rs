//! The release lines of one issue: which begin, what they tell one another, and which
//! of them a command is about.

use super::available::accepted;
use super::command::{Command, MOST, Verb, parse_line};
use super::event::Heard;
use super::facts::{Among, Change, Facts, LineState, Other};
use super::ids::Millis;
use super::item::{Item, When};
use super::line_name::LineName;
use super::objects::Object;
use super::outlook::{Outlook, outlook};
use super::procedure::{Case, line_state::state};
use super::view::view;

/// The lines of the configuration, once the hotfix may begin and nothing is built on
/// another release: this case is the oldest of them, and the others begin beside it.
pub fn judge(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    let (f, line) = (c.facts, c.line);
    let begins = outlook.survey.proofs.begun.is_some()
        && f.among.is_none()
        && f.joined.is_none()
        && f.cancelled.is_none()
        && f.over.is_none();
    // What a person named goes first.
    if !begins || line.start.is_some() || line.version.is_some() || line.locked().is_some() {
        return None;
    }
    let mut lines = c.policy.base.release_lines().into_iter();
    let mut among = Among::new(lines.next()?);
    among.wanted = lines.collect();
    among.since = f.now;
    Some(Box::new(move |f| {
        f.among = Some(Box::new(among));
        if f.lines
            .iter()
            .any(|(_, line)| line.seen.base.get().is_some())
        {
            f.touch(Object::Base);
        }
    }))
}

/// What the other lines are to be told of this one.
pub fn owed(f: &Facts) -> Option<LineState> {
    let among = f.among.as_deref()?;
    let is = state(f);
    (among.told.as_ref() != Some(&is)).then_some(is)
}

/// The next line that is to begin beside this one: the oldest has a head start, and no
/// more than that.
pub fn opens(f: &Facts) -> Option<&LineName> {
    let under_way = f.cancelled.is_none() && f.over.is_none();
    let among = f.among.as_deref().filter(|_| under_way)?;
    let made = f.lines.only().1.branch_made;
    let due = among.begins_at().is_none_or(|at| f.now >= at);
    among.wanted.first().filter(|_| made || due)
}

/// When the next line begins, where nothing else comes before.
pub fn deadline(f: &Facts) -> Option<Millis> {
    let under_way = f.cancelled.is_none() && f.over.is_none();
    f.among.as_deref().filter(|_| under_way)?.begins_at()
}

/// What a line begins with beside one that is under way: all that is known of the
/// issue, and of who decided what about it; nothing of a release.
pub fn beside(f: &Facts, line: &LineName, case: i64) -> Facts {
    let mut among = Among::new(line.clone());
    if let Some(own) = f.among.as_deref() {
        among.others = own.others.clone();
        among.others.remove(line);
        let other = Other {
            case: f.case,
            is: state(f),
        };
        among.others.insert(own.line.clone(), other);
    }
    let of_the_issue = |item: &Item| match item.when() {
        When::UntilTheDecision => !item.is_bound_to_head(),
        When::Always => true,
        When::OnceOut | When::Never => false,
    };
    let words = f.words.iter().filter(|(item, _)| of_the_issue(item));
    let mut heard = f.heard.clone();
    heard.extend(
        f.said
            .iter()
            .filter(|said| !said.tick)
            .map(|said| said.comment),
    );
    Facts {
        schema: f.schema,
        case,
        repo: f.repo.clone(),
        bot: f.bot.clone(),
        number: f.number,
        trigger: f.trigger.clone(),
        issue: f.issue.clone(),
        labels: f.labels.clone(),
        labels_since: f.labels_since,
        now: f.now,
        security: f.security,
        advisory: f.advisory.clone(),
        policy: f.policy.clone(),
        roles: f.roles.clone(),
        roles_asked: f.roles_asked,
        answers: f.answers.clone(),
        assessed_by: f.assessed_by.clone(),
        start_confirmed: f.start_confirmed.clone(),
        severity_word: f.severity_word.clone(),
        heard,
        words: words.map(|(item, word)| (*item, word.clone())).collect(),
        assigned: f.assigned.clone(),
        hold: f.hold.clone(),
        pauses: f.pauses.clone(),
        told_regular: f.told_regular,
        strangers: f.strangers.clone(),
        before: f.before.clone(),
        among: Some(Box::new(among)),
        ..Facts::default()
    }
}

/// A comment as each of an issue's lines hears it: only the commands that are about
/// it. The cases are the newest of each line; what no line can take alone, and what
/// does not say which it is about, the first that is open answers.
pub fn share(heard: &Heard, cases: &[Facts]) -> Vec<Heard> {
    let empty = || Heard {
        lines: Vec::new(),
        ..heard.clone()
    };
    let mut all: Vec<Heard> = cases.iter().map(|_| empty()).collect();
    if heard.lines.len() > MOST {
        // None of them is carried out, and that is said once.
        if let Some(it) = all.get_mut(first(cases)) {
            it.lines = heard.lines.clone();
        }
        return all;
    }
    for line in &heard.lines {
        let whose = match parse_line(line) {
            Some(parsed) => match &parsed.result {
                Ok(command) => whose(command, parsed.of.as_ref(), cases),
                Err(_) => Whose::These(vec![first(cases)]),
            },
            None => continue,
        };
        let (these, unclear) = match whose {
            Whose::These(these) => (these, false),
            Whose::Unclear => (vec![first(cases)], true),
        };
        let answers = answers(line, &these, cases);
        for case in these {
            if let Some(heard) = all.get_mut(case) {
                if Some(case) != answers {
                    heard.echoes.push(line.number);
                }
                heard.lines.push(line.clone());
                if unclear {
                    heard.unclear.push(line.number);
                }
            }
        }
    }
    all
}

/// Which of several lines says that a command is done: the first that can take it.
fn answers(line: &super::command::Line, these: &[usize], cases: &[Facts]) -> Option<usize> {
    let first = these.first().copied();
    if these.len() < 2 {
        return first;
    }
    let command = parse_line(line).and_then(|parsed| parsed.result.ok());
    let takes = |at: &usize| {
        let command = command.as_ref();
        command.is_some_and(|command| takes(command, cases.get(*at)))
    };
    these.iter().copied().find(takes).or(first)
}

enum Whose {
    These(Vec<usize>),
    Unclear,
}

/// Whether the case takes what is said now, rather than only what concerns a release
/// that is out.
fn is_open(f: &Facts) -> bool {
    f.over.is_none()
}

/// The one that answers for all: the first that is open; else the first that released.
fn first(cases: &[Facts]) -> usize {
    let open = cases.iter().position(is_open);
    let released = || cases.iter().position(Facts::has_released);
    open.or_else(released).unwrap_or_default()
}

fn whose(command: &Command, of: Option<&LineName>, cases: &[Facts]) -> Whose {
    let all = || 0..cases.len();
    let facts = |at: usize| cases.get(at);
    let comes_back = matches!(
        command.verb(),
        Verb::Rollback
            | Verb::Revert
            | Verb::StillBroken
            | Verb::Notes
            | Verb::Advisory
            | Verb::Announce
    );
    let hears = |f: &Facts| is_open(f) || comes_back && f.has_released();
    let may = |at: &usize| facts(*at).is_some_and(hears);
    let named = match command {
        Command::Start { line, .. } => line.as_deref().and_then(LineName::read),
        _ => of.cloned(),
    };
    if let Some(name) = named {
        let its = all()
            .filter(may)
            .find(|at| facts(*at).is_some_and(|f| f.is_of(&name)));
        return Whose::These(vec![its.unwrap_or_else(|| first(cases))]);
    }
    let open: Vec<usize> = all().filter(may).collect();
    if open.len() < 2 {
        return Whose::These(vec![open.first().copied().unwrap_or_else(|| first(cases))]);
    }
    let verb = command.verb();
    match verb {
        // What is so of the issue is so of each of its lines.
        Verb::Status
        | Verb::Plan
        | Verb::Preview
        | Verb::Timeline
        | Verb::Runbook
        | Verb::Assess
        | Verb::Assign
        | Verb::Adopt
        | Verb::Downgrade => return Whose::These(open),
        Verb::Check | Verb::Uncheck if is_text(command) => return Whose::These(open),
        Verb::Hold
        | Verb::Unhold
        | Verb::Confirm
        | Verb::ConfirmFixed
        | Verb::Advisory
        | Verb::StillBroken => {
            let these: Vec<usize> = open
                .into_iter()
                .filter(|at| takes(command, facts(*at)))
                .collect();
            return Whose::These(match these.is_empty() {
                true => vec![first(cases)],
                false => these,
            });
        }
        Verb::Help => return Whose::These(vec![first(cases)]),
        _ => {}
    }
    // A hash says which.
    if let Some(commit) = command.commit() {
        let its = |at: &usize| facts(*at).is_some_and(|f| knows(f, commit));
        let its: Vec<usize> = open.iter().copied().filter(its).collect();
        if its.len() == 1 {
            return Whose::These(its);
        }
    }
    // What ends something is never guessed; a token is of one line.
    let ends = match command {
        Command::Rollback { token, .. } => token.is_none(),
        Command::Cancel { .. } => true,
        _ => false,
    };
    let these: Vec<usize> = match ends {
        true => Vec::new(),
        false => open
            .into_iter()
            .filter(|at| takes(command, facts(*at)))
            .collect(),
    };
    match these.len() {
        1 => Whose::These(these),
        _ => Whose::Unclear,
    }
}

/// Whether it is about a text that is told of the issue.
fn is_text(command: &Command) -> bool {
    matches!(command, Command::Check { item, .. } | Command::Uncheck { item, .. } if item.is_text())
}

/// Whether the hotfix branch had this commit on top, as far as it is known.
fn knows(f: &Facts, commit: &str) -> bool {
    let (_, line) = f.lines.only();
    let head = line
        .seen
        .branch
        .get()
        .and_then(|branch| branch.head.as_ref());
    head.is_some_and(|head| head.sha.has_prefix(commit)) || line.pushes.brought(commit)
}

/// Whether the command can be carried out there, as far as it is known: one that is over
/// would be open again by it.
fn takes(command: &Command, f: Option<&Facts>) -> bool {
    f.is_some_and(|f| {
        let again = Facts {
            over: None,
            ..f.clone()
        };
        let policy = again.policy();
        let case = Case::of(&again, &policy);
        let outlook = outlook(&case);
        accepted(command, &view(case, &outlook)).is_ok()
    })
}
