//! What a command changes in the facts, once its author's role is known.

use super::access::role_of;
use super::available::{Confirms, Tests, accepted, confirms, failed_runs, tests_asked};
use super::command::{Command, Overridable, Verb};
use super::decision;
use super::facts::{Change, Dispatches, Facts, Override, SaidState, SeverityWord, Stop, Word};
use super::ids::{By, Millis};
use super::item::Item;
use super::need::StopReason;
use super::objects::Object;
use super::outlook::Outlook;
use super::policy::{least_role, may};
use super::procedure::{Case, judge};
use super::reads::is_looking;
use super::refused::Refused;
use super::role::Rank;
use super::slot::Place;
use super::view::{View, view};

/// A role that cannot be read for so long refuses the command; what else cannot
/// be read for so long is taken as it was.
const ROLE_DEADLINE: Millis = 10 * 60 * 1_000;

/// The moment at which a waiting command's role is given up.
pub fn role_deadline(f: &Facts) -> Option<Millis> {
    let waiting = f.said.iter().filter(|s| s.state == SaidState::Waiting);
    waiting.map(|s| s.at + ROLE_DEADLINE).min()
}

/// Carries out or refuses the first command that can be judged. They run in
/// order; one that waits holds up those behind it.
pub fn next(c: &Case<'_>, outlook: &Outlook) -> Option<Change> {
    let f = c.facts;
    f.policy.get()?;
    let index = f.said.iter().position(|s| s.state == SaidState::Waiting)?;
    let said = f.said.get(index)?;
    let Some(command) = said.command.as_ref() else {
        // Nothing to carry out: it does not hold up the others.
        return Some(Box::new(move |f| settle(f, index, SaidState::Done)));
    };
    let login = said.by.login.to_lowercase();
    let late = f.now >= said.at + ROLE_DEADLINE;
    let role = match f.roles.get(&login) {
        Some(seen) if seen.since(said.at).is_some() => role_of(f, &login),
        _ if late => None,
        _ => return None,
    };
    // What it is judged by may have changed while nobody was told.
    if !late && is_looking(c, &outlook.looks, judged_by(command.verb())) {
        return None;
    }
    let by = By {
        login: said.by.login.clone(),
        at: f.now,
    };
    let is_reporter = f
        .issue
        .get()
        .is_some_and(|i| i.author.eq_ignore_ascii_case(&login));
    let (verb, rank) = (command.verb(), command.who());
    let result = match role {
        None => Err(Refused::RoleUnreadable { login: by.login }),
        Some(role) if may(role, is_reporter, rank, &c.policy.roles) => {
            execute(command, by, &view(*c, outlook))
        }
        Some(_) if rank == Rank::Reporter => Err(Refused::NotReporter {
            verb,
            reporter: f.issue.get().map(|i| i.author.clone()).unwrap_or_default(),
        }),
        Some(has) => Err(Refused::RoleTooLow {
            verb,
            has,
            wants: least_role(rank, &c.policy.roles),
        }),
    };
    Some(match result {
        Ok(change) => Box::new(move |f| {
            change(f);
            settle(f, index, SaidState::Done);
        }),
        Err(why) => Box::new(move |f| settle(f, index, SaidState::Refused(why))),
    })
}

fn settle(f: &mut Facts, index: usize, state: SaidState) {
    if let Some(said) = f.said.get_mut(index) {
        said.state = state;
    }
}

/// What must be known as it is now before a command is carried out or refused.
fn judged_by(verb: Verb) -> &'static [Object] {
    match verb {
        Verb::Check | Verb::Uncheck | Verb::Override => &[Object::Branch],
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

fn execute(command: &Command, by: By, view: &View<'_>) -> Result<Change, Refused> {
    accepted(command, view)?;
    Ok(match command.clone() {
        Command::Status => Box::new(|f| decision::FRESH.iter().for_each(|o| f.touch(*o))),
        Command::Help { .. } => Box::new(|f| f.help = true),
        Command::Assess(answers) => Box::new(move |f| {
            f.answers.merge(&answers);
            f.assessed_by = Some(by);
        }),
        Command::Confirm { .. } => match confirms(view) {
            Some(Confirms::Start) => Box::new(|f| f.start_confirmed = Some(by)),
            _ => Box::new(|f| {
                let answers = f.answers.clone();
                f.severity_word = Some(SeverityWord { by, answers });
            }),
        },
        Command::Check { item, note } => word(item, note, by, view),
        Command::ConfirmFixed { note } => word(Item::FixVerified, note, by, view),
        Command::Uncheck { item, .. } => Box::new(move |f| {
            f.words.remove(&item);
        }),
        Command::Test { suite } => test(tests_asked(suite.as_deref(), view)?, by, view),
        Command::Verify => Box::new(|f| {
            use Object::{Registry, Release, Runs, Tag};
            for object in [Runs, Tag, Release, Registry] {
                f.touch(object);
            }
        }),
        Command::Retry { .. } => retry(view),
        Command::Release { .. } => {
            let decision = decision::of(by, view).ok_or(Refused::NothingToRelease)?;
            Box::new(|f| decision::take(f, decision))
        }
        Command::Hold { reason } => {
            let stop = stop(by, reason.unwrap_or_default());
            Box::new(|f| f.hold = Some(stop))
        }
        Command::Unhold { .. } => Box::new(|f| f.hold = None),
        Command::Waive { what, reason } => {
            let kind = what.pull();
            let stop = stop(by, reason);
            Box::new(move |f| {
                if let Some(side) = f.lines.only_mut().side_pull_mut(kind) {
                    side.waived = Some(stop);
                }
            })
        }
        Command::Override { gate, reason } => pass(gate, reason, by, view)?,
        Command::Cancel { reason } => {
            let stop = stop(by, reason);
            Box::new(|f| f.cancelled = Some(stop))
        }
    })
}

fn stop(by: By, words: String) -> Stop {
    Stop {
        by,
        why: StopReason::Said(words),
        quiet: false,
    }
}

/// A person's word, bound to the head where the item is.
fn word(item: Item, note: Option<String>, by: By, view: &View<'_>) -> Change {
    let fixed = view.proofs().fixed.as_ref();
    let head = fixed.filter(|_| item.is_bound_to_head());
    let head = head.map(|fixed| fixed.head.clone());
    Box::new(move |f| {
        f.words.insert(item, Word { by, note, head });
    })
}

/// A gate of this head is passed; one that the fix itself brought, not by who
/// wrote it.
fn pass(gate: Overridable, reason: String, by: By, view: &View<'_>) -> Result<Change, Refused> {
    let Some(fixed) = &view.proofs().fixed else {
        return Err(Refused::NothingToOverride { gate });
    };
    if gate == Overridable::Judge && !judge::may_pass(&view.case, fixed, &by.login) {
        return Err(Refused::OwnFix { gate });
    }
    let head = fixed.head.clone();
    let word = Override { by, reason, head };
    Ok(Box::new(move |f| {
        f.lines.only_mut().overrides.insert(gate, word);
    }))
}

/// The tests are dispatched once more on the head, or get the trigger that they
/// lack.
fn test(tests: Tests, by: By, view: &View<'_>) -> Change {
    let files = match tests {
        Tests::Enable => return Box::new(|f| f.lines.only_mut().test_enabled = Some(by)),
        Tests::Run(files) => files,
    };
    let fixed = view.proofs().fixed.as_ref();
    let head = fixed.map(|fixed| fixed.head.clone()).unwrap_or_default();
    Box::new(move |f| {
        for file in files {
            let tests = f.lines.only_mut().tests.entry(file).or_default();
            if tests.head != head {
                *tests = Dispatches {
                    head: head.clone(),
                    ..Dispatches::default()
                };
            }
            tests.times = tests.sent + 1;
        }
    })
}

/// Whatever failed is tried again: refused effects, failed required runs, and
/// reads on whose answer everything stands.
fn retry(view: &View<'_>) -> Change {
    let failed = failed_runs(view);
    let anew: Vec<Object> = view
        .needs
        .iter()
        .flat_map(|need| need.kind.read_anew())
        .copied()
        .collect();
    Box::new(move |f| {
        for (run, attempt) in failed {
            f.lines.only_mut().reruns.insert(run, attempt + 1);
        }
        for object in anew {
            f.touch(object);
        }
        let silent: Vec<Place> = f.unanswered.keys().cloned().collect();
        for place in silent {
            // What waits is due at once; it stays as it is until there is an
            // answer.
            *f.retries.entry(place).or_default() += 1;
        }
        let refused = std::mem::take(&mut f.refused).into_keys();
        let places: Vec<Place> = refused
            .chain(std::mem::take(&mut f.blocked).into_keys())
            .collect();
        for place in places {
            if place.slot.is_read() {
                Object::ALL.iter().for_each(|object| f.touch(*object));
            }
            *f.retries.entry(place).or_default() += 1;
        }
    })
}
