//! What a command changes in the facts, once its author's role is known.

use super::access::{has_part, is_reporter, role_of};
use super::available::{Tests, accepted, harmless, parts_of, tests_asked};
use super::behind::behind_gates;
use super::command::{Command, Overridable, Verb, Waivable};
use super::decision::{self, PATIENCE};
use super::facts::{
    Assigned, Change, Dispatches, Extension, Facts, News, Notice, Override, Pick, RunAsked, Said,
    SaidState, SeverityWord, Start, Stop, Trigger, Word,
};
use super::ids::{Actor, By, Millis, Sha};
use super::item::Item;
use super::need::StopReason;
use super::objects::{Confirms, HOUR, Object, WordRead};
use super::outlook::Outlook;
use super::part::Part;
use super::policy::{least_role, may};
use super::procedure::{Case, judge, names};
use super::reads::is_looking;
use super::refused::Refused;
use super::retry::again;
use super::role::{Rank, Role};
use super::sees::{confirms, stands};
use super::view::{View, view};

/// A delivery that took longer may have been overtaken by others, milliseconds.
const LATE: Millis = 2 * 60 * 1_000;

/// As often is a question of people without a part in this answered, milliseconds.
const ANSWERS: Millis = 10 * 60 * 1_000;

/// The moment at which a waiting command is given up: its author's role, or the
/// comment itself, was not to be read.
pub fn deadline(f: &Facts) -> Option<Millis> {
    // Until it is known that the label means anything here, nothing is judged.
    f.policy.get()?;
    let first = waiting(f).into_iter();
    let since = first.map(|(_, said)| said.asked.unwrap_or(said.at));
    since.map(|at| at + PATIENCE).min()
}

/// The first of each person's commands that are not settled: one that waits
/// holds up what its author said later, and nobody else.
fn waiting(f: &Facts) -> Vec<(usize, &Said)> {
    let mut first: Vec<(usize, &Said)> = Vec::new();
    let open = f.said.iter().enumerate();
    for (index, said) in open.filter(|(_, said)| said.state == SaidState::Waiting) {
        let same = |it: &&(usize, &Said)| it.1.by.login.eq_ignore_ascii_case(&said.by.login);
        if !first.iter().any(|it| same(&it)) {
            first.push((index, said));
        }
    }
    first
}

/// Carries out or refuses the first command that can be judged.
pub fn next(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    c.facts.policy.get()?;
    let mut waiting = waiting(c.facts).into_iter();
    waiting.find_map(|(index, said)| judge(c, outlook, index, said))
}

/// What becomes of a command now; nothing while something is to be read.
fn judge(c: &Case<'_>, outlook: &Outlook, index: usize, said: &Said) -> Option<Change> {
    let f = c.facts;
    let login = said.by.login.to_lowercase();
    let late = f.now >= said.at + PATIENCE;
    let seen = f.roles.get(&login);
    let role = match seen {
        Some(seen) if seen.since(said.at).is_some() => role_of(f, &said.by),
        _ if late => None,
        // A read that began too early counts as none.
        Some(seen) if !seen.is_current() => return None,
        _ => return Some(Box::new(move |f| f.role_mut(&login).touch())),
    };
    let stranger = role.is_some() && has_part(f, &c.policy.roles, &said.by) == Some(false);
    let Some(command) = &said.command else {
        // Nothing to carry out.
        let answer = said.answer.as_deref().cloned();
        let answer = answer.unwrap_or(SaidState::Done);
        return Some(Box::new(move |f| settle(f, index, answer, stranger)));
    };
    // What it is judged by may have changed while nobody was told.
    if !late && is_looking(c, &outlook.looks, judged_by(command.verb())) {
        return None;
    }
    let view = view(*c, outlook);
    let result = allowed(c, command, said, role)
        .and_then(|()| unasked(f, command.verb(), stranger))
        .and_then(|()| may_start(c, command, role, &view))
        .and_then(|()| accepted(command, &view))
        .and_then(|()| stands(command, said.written, &view));
    let read = seen.map_or(0, |seen| seen.at);
    let result = match result {
        // The decision's second look asks for the comment.
        Ok(()) if is_asked_again(command.verb(), said, f.now) => {
            match f.reread.get(&said.comment).map(|it| (it, it.since(read))) {
                Some((_, Some(read))) => still_said(said, read),
                _ if said.asked.is_some_and(|at| f.now >= at + PATIENCE) => {
                    Err(Refused::CommentUnreadable)
                }
                Some((seen, None)) if !seen.is_current() && said.asked.is_some() => return None,
                _ => return Some(ask_again(index, said.comment)),
            }
        }
        result => result,
    };
    let by = By {
        login: said.by.login.clone(),
        at: f.now,
    };
    let question = stranger && command.verb().is_question();
    let state = match command.verb() {
        Verb::Release => SaidState::Deciding,
        _ => SaidState::Done,
    };
    Some(
        match result.and_then(|()| execute(command, said, by, &view)) {
            Ok(change) => Box::new(move |f| {
                settle(f, index, state, stranger);
                if question {
                    f.answered_strangers = f.now;
                }
                change(f);
            }),
            Err(why) => Box::new(move |f| settle(f, index, SaidState::Refused(why), stranger)),
        },
    )
}

/// Whether its author may say it, and whether it is not too old.
fn allowed(
    c: &Case<'_>,
    command: &Command,
    said: &Said,
    role: Option<Role>,
) -> Result<(), Refused> {
    let (verb, rank) = (command.verb(), command.who());
    let issue = c.facts.issue.get();
    let login = said.by.login.as_str();
    let is_reporter = is_reporter(c.facts, &said.by);
    match role {
        None => Err(Refused::RoleUnreadable {
            login: login.to_owned(),
        }),
        Some(role) if may(role, is_reporter, rank, &c.policy.roles) => {
            match said.age(c.facts.now) > HOUR {
                true => Err(Refused::TooOld),
                false => Ok(()),
            }
        }
        Some(_) if rank == Rank::Reporter => Err(Refused::NotReporter {
            verb,
            reporter: issue.map(|i| i.author.clone()).unwrap_or_default(),
        }),
        Some(has) => Err(Refused::RoleTooLow {
            verb,
            has,
            wants: least_role(rank, &c.policy.roles),
        }),
    }
}

/// Whether a question is answered: those of people without a part in this at a
/// bounded rate, for each answer is a comment that everybody gets.
fn unasked(f: &Facts, verb: Verb, stranger: bool) -> Result<(), Refused> {
    let lately = f.now < f.answered_strangers.saturating_add(ANSWERS);
    match stranger && verb.is_question() && f.answered_strangers > 0 && lately {
        true => Err(Refused::AnsweredLately { verb }),
        false => Ok(()),
    }
}

/// Whether its author may start what the command names: one that could reach
/// outside is a commander's to start.
fn may_start(
    c: &Case<'_>,
    command: &Command,
    role: Option<Role>,
    view: &View<'_>,
) -> Result<(), Refused> {
    let Command::Test {
        run: Some(file), ..
    } = command
    else {
        return Ok(());
    };
    let commander = |role| may(role, false, Rank::Commander, &c.policy.roles);
    match role.is_some_and(commander) {
        true => Ok(()),
        false => harmless(file, view),
    }
}

/// Whether its author is asked once more, as the last thing, whether they still
/// say so: before what cannot be taken back, and where a change of the comment
/// may have been missed as the comment itself was.
fn is_asked_again(verb: Verb, said: &Said, now: Millis) -> bool {
    let late = said.late || said.age(now) > LATE;
    verb != Verb::Release && (verb.is_final() || late)
}

fn ask_again(index: usize, comment: u64) -> Change {
    Box::new(move |f| {
        f.reread.entry(comment).or_default().touch();
        let now = f.now;
        if let Some(said) = f.said.get_mut(index) {
            said.asked.get_or_insert(now);
        }
    })
}

fn still_said(said: &Said, read: &WordRead) -> Result<(), Refused> {
    match read {
        WordRead::Stands(print) if *print == said.print => Ok(()),
        read => Err(Refused::TakenBack {
            deleted: *read == WordRead::Gone,
        }),
    }
}

/// A comment was edited or deleted: what it says and was not carried out is
/// taken back.
pub fn taken_back(f: &mut Facts, comment: u64, deleted: bool) {
    for said in f.said.iter_mut().filter(|it| it.comment == comment) {
        if said.state == SaidState::Waiting && said.command.is_some() {
            said.state = SaidState::Refused(Refused::TakenBack { deleted });
        }
    }
    decision::taken_back(f, comment, deleted);
}

fn settle(f: &mut Facts, index: usize, state: SaidState, stranger: bool) {
    let Some(said) = f.said.get_mut(index) else {
        return;
    };
    // Who may not begin one is answered at a bounded rate, whoever they are.
    let may_not = matches!(&state, SaidState::Refused(Refused::RoleTooLow { verb, .. }) if *verb == Verb::Start);
    said.state = state;
    said.passing = stranger;
    if stranger || may_not {
        let login = said.by.login.to_lowercase();
        f.strangers.insert(login, f.now);
    }
}

/// What must be known as it is now before a command is carried out or refused.
fn judged_by(verb: Verb) -> &'static [Object] {
    match verb {
        Verb::Bump | Verb::Check | Verb::Uncheck | Verb::Override | Verb::Test | Verb::Confirm => {
            &[Object::Branch]
        }
        Verb::Start => &[Object::Issue],
        Verb::Retry => &[Object::Branch, Object::Runs],
        Verb::Release => &[
            Object::Main,
            Object::Branch,
            Object::Pull,
            Object::Reviews,
            Object::Runs,
            Object::Checks,
        ],
        _ => &[],
    }
}

fn execute(command: &Command, said: &Said, by: By, view: &View<'_>) -> Result<Change, Refused> {
    let written = said.written;
    Ok(match command.clone() {
        Command::Status => Box::new(|f| behind_gates().for_each(|object| f.touch(object))),
        Command::Help { .. } => Box::new(|f| f.help = true),
        // Answered by a comment, see `reactions::asks`.
        Command::Plan | Command::Preview | Command::Timeline { .. } | Command::Runbook => {
            Box::new(|_| ())
        }
        Command::Assess(answers) => Box::new(move |f| {
            f.answers.merge(&answers);
            f.assessed_by = Some(by);
        }),
        Command::Start {
            tag, line: branch, ..
        } => {
            let begins = view.proofs().begun.is_none() || view.facts.trigger.off.is_some();
            let who = said.by.clone();
            Box::new(move |f| {
                if begins {
                    begin(f, who);
                }
                if tag.is_none() && branch.is_none() {
                    return;
                }
                let line = f.lines.only_mut();
                let before = line.start.take();
                // Who names a branch alone means that of the same release.
                let (tag, branch) = match (tag, branch, before) {
                    (None, branch, Some(before)) => (before.tag, branch),
                    (tag, branch, _) => (tag.unwrap_or_default(), branch),
                };
                line.start = Some(Start { by, tag, branch });
                // Who waited for a base waits no more for that one.
                line.behind = None;
                line.seen.touch(Object::Base);
            })
        }
        Command::Confirm { .. } => match confirms(view) {
            Some(Confirms::Start) => Box::new(|f| f.start_confirmed = Some(by)),
            Some(Confirms::Run { file, head }) => Box::new(move |f| {
                f.lines.only_mut().run_asked = None;
                dispatch(f, vec![file], &head);
            }),
            _ => Box::new(|f| {
                let answers = f.answers.clone();
                f.severity_word = Some(SeverityWord { by, answers });
            }),
        },
        Command::Check {
            item, note, parts, ..
        } => word(item, note, parts_of(&parts, view)?, by, view),
        Command::ConfirmFixed { note } => word(Item::FixVerified, note, Vec::new(), by, view),
        Command::Uncheck { item, parts, .. } => {
            let parts = parts_of(&parts, view)?;
            Box::new(move |f| unsay(f, item, &parts))
        }
        Command::Pick { sources } => {
            let pick = Pick {
                by: said.by.account(),
                at: by.at,
                sources,
                done: None,
            };
            Box::new(|f| f.lines.only_mut().picks.push(pick))
        }
        Command::Bump { version } => bump(version, by, view),
        Command::Test { suite, run } => test(
            tests_asked(suite.as_deref(), run.as_deref(), view)?,
            by,
            view,
        ),
        Command::Verify => Box::new(|f| {
            use Object::{Registry, Release, Runs, Tag};
            for object in [Runs, Tag, Release, Registry] {
                f.touch(object);
            }
        }),
        Command::Retry { step } => retry(step.as_deref(), view),
        Command::Release { .. } => {
            let decision = decision::of(by, said, view).ok_or(Refused::NothingToRelease)?;
            Box::new(|f| decision::take(f, decision))
        }
        Command::Hold { reason } => {
            let stop = stop(by, reason.unwrap_or_default(), written);
            Box::new(|f| f.hold = Some(stop))
        }
        Command::Unhold { .. } => Box::new(|f| f.hold = None),
        Command::Waive { what, reason } => {
            let kind = what.pull();
            let stop = stop(by, reason, written);
            Box::new(move |f| {
                let line = f.lines.only_mut();
                match kind {
                    Some(kind) => {
                        if let Some(side) = line.side_pull_mut(kind) {
                            side.waived = Some(stop);
                        }
                    }
                    None => match what {
                        Waivable::Latest => line.latest_waived = Some(stop),
                        Waivable::Line => line.line_waived = Some(stop),
                        Waivable::Push => line.push_waived = Some(stop),
                        Waivable::Preflight => line.preflight_waived = Some(stop),
                        _ => line.origin_waived = Some(stop),
                    },
                }
            })
        }
        Command::Override { gate, reason } => pass(gate, reason, said, by, view)?,
        Command::Downgrade { level, reason } => {
            let why = StopReason::Downgraded {
                level: level.into(),
                reason: reason.into(),
            };
            let stop = Stop {
                why,
                ..stop(by, String::new(), written)
            };
            Box::new(|f| f.cancelled = Some(stop))
        }
        Command::Extend {
            phase,
            millis,
            reason,
        } => {
            let reason = reason.into();
            let given = Extension {
                phase,
                millis,
                by,
                reason,
            };
            Box::new(|f| f.extended.push(given))
        }
        Command::Assign { duty, login } => {
            Box::new(move |f| drop(f.assigned.insert(duty, Assigned { login, by })))
        }
        Command::Adopt => {
            let branch = branch_name(view);
            Box::new(move |f| {
                keep_branch(f, branch);
                f.policy.touch();
                let what = News::Adopted { login: by.login };
                f.notices.push(Notice { at: f.now, what });
            })
        }
        Command::Cancel { reason } => {
            let stop = stop(by, reason, written);
            Box::new(|f| f.cancelled = Some(stop))
        }
    })
}

/// Their word is what it stands on now, as a label of theirs would be.
fn begin(f: &mut Facts, by: Actor) {
    f.trigger = Trigger::by_word(by, f.now);
    let off = |hold: &Stop| matches!(hold.why, StopReason::LabelOff(_));
    if f.hold.as_ref().is_some_and(off) {
        f.hold = None;
    }
}

/// What the hotfix branch is called now.
fn branch_name(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    Some(names::branch(&view.case, version))
}

fn stop(by: By, words: String, written: Option<Millis>) -> Stop {
    Stop {
        by,
        written,
        why: StopReason::Said(words.into()),
        quiet: false,
    }
}

/// A person's word, bound to the head where the item is. Of the critical path
/// some commands are not the whole.
fn word(item: Item, note: Option<String>, parts: Vec<Part>, by: By, view: &View<'_>) -> Change {
    let head = view.head().filter(|_| item.is_bound_to_head()).cloned();
    let note = note.map(Into::into);
    let all = view.policy.test.commands.clone();
    Box::new(move |f| {
        let word = Word { by, note, head };
        f.parts.retain(|_, it| it.head == word.head);
        let named = !parts.is_empty();
        for part in parts {
            f.parts.insert(part, word.clone());
        }
        let of_all = |command: &String| f.parts.contains_key(&Part::Command(command.clone()));
        if !named || item != Item::CriticalPath || all.iter().all(of_all) {
            f.words.insert(item, word);
        }
    })
}

/// A word is taken back: of these parts, or all of it.
fn unsay(f: &mut Facts, item: Item, parts: &[Part]) {
    f.parts.retain(|part, _| {
        let all = parts.is_empty() && part.item() == item;
        !all && !parts.contains(part)
    });
    // What was tried on another platform still was.
    let left = f.parts.keys().any(|part| part.item() == item);
    if parts.is_empty() || item != Item::ManualTest || !left {
        f.words.remove(&item);
    }
}

/// A gate of this head is passed; one that the fix itself brought, not by who
/// wrote it.
fn pass(
    gate: Overridable,
    reason: String,
    said: &Said,
    by: By,
    view: &View<'_>,
) -> Result<Change, Refused> {
    let proofs = view.proofs();
    let (Some(branched), Some(fixed)) = (&proofs.branched, &proofs.fixed) else {
        return Err(Refused::NothingToOverride { gate });
    };
    let who = said.by.account();
    if gate == Overridable::Judge && !judge::may_pass(&view.case, branched, &who) {
        return Err(Refused::OwnFix { gate });
    }
    let head = fixed.head.clone();
    let reason = reason.into();
    let word = Override { by, reason, head };
    Ok(Box::new(move |f| {
        f.lines.only_mut().overrides.insert(gate, word);
    }))
}

/// The tests are dispatched once more on the head, or get the trigger that they
/// lack; what could reach outside is only noted, until somebody confirms it.
fn test(tests: Tests, by: By, view: &View<'_>) -> Change {
    let files = match tests {
        Tests::Enable => return Box::new(|f| f.lines.only_mut().test_enabled = Some(by)),
        Tests::Run(files) => files,
    };
    let head = view.head().cloned().unwrap_or_default();
    // One that is named although it could reach outside.
    let mut named = files.iter().filter(|file| harmless(file, view).is_err());
    if let Some(file) = named.next().cloned() {
        return Box::new(move |f| {
            f.lines.only_mut().run_asked = Some(RunAsked { file, head, by });
        });
    }
    Box::new(move |f| dispatch(f, files, &head))
}

/// A run of these files on the head.
fn dispatch(f: &mut Facts, files: Vec<String>, head: &Sha) {
    for file in files {
        let tests = f.lines.only_mut().tests.entry(file).or_default();
        if tests.head != *head {
            *tests = Dispatches {
                head: head.clone(),
                ..Dispatches::default()
            };
        }
        tests.times = tests.sent + 1;
    }
}

/// Whatever failed is tried again, or what of it belongs to a step: refused
/// effects, failed required runs, and reads on whose answer everything stands.
fn retry(step: Option<&str>, view: &View<'_>) -> Change {
    let again = again(step, view);
    Box::new(move |f| {
        for (run, attempt) in again.runs {
            f.lines.only_mut().reruns.insert(run, attempt + 1);
        }
        for object in again.objects {
            f.touch(object);
        }
        for place in again.silent {
            // What waits is due at once; it stays as it is until there is an
            // answer.
            *f.retries.entry(place).or_default() += 1;
        }
        for place in again.refused {
            f.refused.remove(&place);
            f.blocked.remove(&place);
            if place.slot.is_read() {
                Object::ALL.iter().for_each(|object| f.touch(*object));
            }
            *f.retries.entry(place).or_default() += 1;
        }
    })
}

/// The bump is written once more on this head; with a number, that is the one.
fn bump(version: Option<String>, by: By, view: &View<'_>) -> Change {
    let branch = branch_name(view);
    let head = names::head(&view.case).cloned();
    Box::new(move |f| {
        if let Some(version) = version {
            keep_branch(f, branch);
            let line = f.lines.only_mut();
            let from = line.version.replace(version.clone()).unwrap_or_default();
            line.was = Some(from.clone());
            let what = News::Renumbered {
                login: by.login,
                from,
                to: version,
            };
            f.notices.push(Notice { at: f.now, what });
        }
        f.lines.only_mut().bump_asked = head;
        f.touch(Object::Branch);
    })
}

/// The hotfix branch keeps its name, whatever would be its name from now on.
fn keep_branch(f: &mut Facts, view_name: Option<String>) {
    let line = f.lines.only_mut();
    if line.branch.is_none() && line.branch_made {
        line.branch = view_name;
    }
}
