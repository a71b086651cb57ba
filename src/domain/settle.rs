//! What follows from the facts for the facts themselves: commands whose
//! author's role is known are carried out, proofs get their times, a decision
//! is locked or lapses.

use super::apply::policy_of;
use super::checklist_item::{Item, ItemKind};
use super::command::{Command, Verb, Waivable};
use super::effect::Which;
use super::facts::{Dispatches, Facts, Notice, Record, Refusal, SaidState, Ship, Stop, Word};
use super::ids::{By, Millis};
use super::plan::raw_wishes;
use super::policy::{Policy, least_role, may};
use super::procedure::begin::role_of;
use super::procedure::observe::{is_looking, looks, touch};
use super::procedure::required::{left_out, required};
use super::procedure::{ci, locked, survey, verify};
use super::text::{self, Refused};
use super::view::{View, What, view};
use crate::domain::event::Object;

/// A role that cannot be read for so long refuses the command; what else cannot
/// be read for so long is taken as it was.
const ROLE_DEADLINE: Millis = 10 * 60 * 1_000;

/// What must be seen again after a decision, before anything that cannot be
/// taken back.
const FRESH: [Object; 5] = [
    Object::Branch,
    Object::Pull,
    Object::Reviews,
    Object::Runs,
    Object::Issue,
];

/// Brings the facts to rest.
pub fn settle(f: &mut Facts) {
    let policy = policy_of(f);
    carry_out(f, &policy);
    decide_ship(f, &policy);
    prove(f, &policy);
    forget_refusals(f, &policy);
}

/// A refusal of what nobody wishes any more is history. Comments are wished
/// elsewhere and keep theirs until their body changes.
fn forget_refusals(f: &mut Facts, p: &Policy) {
    if f.refused.is_empty() && f.blocked.is_empty() && f.unanswered.is_empty() {
        return;
    }
    let wished: Vec<(String, String, u64)> = raw_wishes(f, p, &survey(f, p))
        .into_iter()
        .map(|w| (w.effect.slot(), w.subject, w.generation))
        .collect();
    let keep = |slot: &String, r: &mut Refusal| {
        slot.starts_with("comment/")
            || slot.starts_with("react/")
            || wished.contains(&(slot.clone(), r.subject.clone(), r.generation))
    };
    f.refused.retain(keep);
    f.blocked.retain(keep);
    // Whatever is asked for there now: it is GitHub that is silent.
    f.unanswered
        .retain(|slot, _| wished.iter().any(|(there, ..)| there == slot));
}

/// The moment at which a waiting command's role is given up.
pub fn role_deadline(f: &Facts) -> Option<Millis> {
    f.said
        .iter()
        .filter(|s| s.state == SaidState::Waiting)
        .map(|s| s.at + ROLE_DEADLINE)
        .min()
}

/// Commands run in order; one that waits holds up those behind it.
fn carry_out(f: &mut Facts, p: &Policy) {
    if f.policy.get().is_none() {
        return;
    }
    let waiting: Vec<usize> = (0..f.said.len())
        .filter(|i| f.said[*i].state == SaidState::Waiting)
        .collect();
    for index in waiting {
        let said = f.said[index].clone();
        let Some(command) = said.command.clone() else {
            continue;
        };
        let login = said.by.login.to_lowercase();
        let role = match f.roles.get(&login) {
            Some(seen) if seen.since(said.at).is_some() => role_of(f, &login),
            _ if f.now >= said.at + ROLE_DEADLINE => None,
            _ => return,
        };
        // What it is judged by may have changed while nobody was told.
        let seen = judged_by(command.verb());
        if f.now < said.at + ROLE_DEADLINE && is_looking(f, &looks(f, p, &survey(f, p)), seen) {
            return;
        }
        let reporter = f
            .issue
            .get()
            .is_some_and(|i| i.author.eq_ignore_ascii_case(&login));
        let rank = command.who();
        let result = match role {
            None => Err(Refused::RoleUnreadable {
                login: said.by.login.clone(),
            }),
            Some(role) if !may(role, reporter, rank, &p.roles) => {
                Err(if rank == super::role::Rank::Reporter {
                    Refused::NotReporter {
                        verb: command.verb(),
                        reporter: f.issue.get().map(|i| i.author.clone()).unwrap_or_default(),
                    }
                } else {
                    Refused::RoleTooLow {
                        verb: command.verb(),
                        has: role,
                        wants: least_role(rank, &p.roles),
                    }
                })
            }
            Some(_) => execute(
                f,
                p,
                &command,
                By {
                    login: said.by.login.clone(),
                    at: f.now,
                },
            ),
        };
        f.said[index].state = match result {
            Ok(()) => SaidState::Done,
            Err(refused) => SaidState::Refused(text::refused(&refused)),
        };
    }
}

/// What must be known as it is now before a command is carried out or refused.
fn judged_by(verb: Verb) -> &'static [Object] {
    match verb {
        Verb::Check | Verb::Uncheck => &[Object::Branch],
        Verb::Retry => &[Object::Branch, Object::Runs],
        Verb::Release => &[Object::Branch, Object::Pull, Object::Reviews, Object::Runs],
        _ => &[],
    }
}

fn execute(f: &mut Facts, p: &Policy, command: &Command, by: By) -> Result<(), Refused> {
    let ended = f.over.is_some() || f.cancelled.is_some();
    if ended && !matches!(command, Command::Status | Command::Help { .. }) {
        return Err(Refused::OverCase);
    }
    match command {
        Command::Status => {
            for object in FRESH {
                touch(f, object);
            }
        }
        Command::Help { .. } => f.help = true,
        Command::Assess(answers) => {
            if locked(f).is_some() {
                return Err(Refused::AfterTheDecision { verb: Verb::Assess });
            }
            f.answers.merge(answers);
            f.assessed_by = Some(by);
        }
        Command::Confirm { .. } => f.confirmed = Some(by),
        Command::Check { item, note } => check(f, p, *item, note.clone(), by)?,
        Command::Uncheck { item, .. } => {
            if item.kind() == ItemKind::Proven {
                return Err(Refused::Proven { item: *item });
            }
            if locked(f).is_some() && item.phase() != super::checklist_item::ItemPhase::After {
                return Err(Refused::AfterTheDecision {
                    verb: Verb::Uncheck,
                });
            }
            f.words
                .remove(item)
                .ok_or(Refused::NotTicked { item: *item })?;
        }
        Command::Test { suite } => test(f, p, suite.as_deref(), by)?,
        Command::Retry { .. } => retry(f, p)?,
        Command::Release { commit } => release(f, p, commit, by)?,
        Command::ConfirmFixed { note } => {
            check(f, p, Item::FixVerified, note.clone(), by)?;
        }
        Command::Hold { reason } => {
            if let Some(hold) = &f.hold {
                return Err(Refused::AlreadyHeld {
                    login: hold.by.login.clone(),
                });
            }
            f.hold = Some(Stop {
                by,
                reason: reason.clone().unwrap_or_default(),
                quiet: false,
            });
        }
        Command::Unhold { .. } => {
            f.hold.take().ok_or(Refused::NotHeld)?;
        }
        Command::Waive { what, reason } => {
            let which = match what {
                Waivable::ForwardPort => Which::Port,
                Waivable::KnownIssue => Which::Known,
            };
            let missing = view(f, p).needs.iter().any(|need| {
                which == Which::Known && matches!(need.what, What::KnownIssueText { .. })
            });
            let refused = Refused::NothingToWaive { what: *what };
            let further = f.line.further_mut(which).ok_or(refused.clone())?;
            let open =
                further.number.is_some() && further.pull.get().is_none_or(|pull| !pull.merged);
            if !(open || missing) || further.waived.is_some() {
                return Err(refused);
            }
            further.waived = Some(Stop {
                by,
                reason: reason.clone(),
                quiet: false,
            });
        }
        Command::Cancel { reason } => {
            if locked(f).is_some() {
                return Err(Refused::AfterTheTag { verb: Verb::Cancel });
            }
            f.cancelled = Some(Stop {
                by,
                reason: reason.clone(),
                quiet: false,
            });
        }
    }
    Ok(())
}

fn check(
    f: &mut Facts,
    p: &Policy,
    item: Item,
    note: Option<String>,
    by: By,
) -> Result<(), Refused> {
    if item.kind() == ItemKind::Proven {
        return Err(Refused::Proven { item });
    }
    let survey = survey(f, p);
    let fixed = survey.fix.as_ref().and_then(|s| s.evidence());
    let bound = matches!(item, Item::ManualTest | Item::CriticalPath);
    let head = match (bound, fixed) {
        (true, None) => return Err(Refused::NoHead { item }),
        (true, Some(fixed)) => Some(fixed.head.clone()),
        (false, _) => None,
    };
    let after = item.phase() == super::checklist_item::ItemPhase::After;
    match (locked(f).is_some(), after) {
        (true, false) => return Err(Refused::AfterTheDecision { verb: Verb::Check }),
        // Nobody can have installed what is not tagged yet.
        (false, true) if !item.is_text() => return Err(Refused::TooEarly { item }),
        _ => {}
    }
    if item == Item::CriticalPath && note.is_none() {
        return Err(Refused::NoteNeeded { item });
    }
    f.words.insert(item, Word { by, note, head });
    Ok(())
}

/// The tests are dispatched once more on the head, or get the trigger that they
/// lack.
fn test(f: &mut Facts, p: &Policy, suite: Option<&str>, by: By) -> Result<(), Refused> {
    if locked(f).is_some() {
        return Err(Refused::AfterTheDecision { verb: Verb::Test });
    }
    let survey = survey(f, p);
    let none = || Refused::NoHead {
        item: Item::CriticalPath,
    };
    let branched = survey.branch.as_ref().and_then(|s| s.evidence());
    let branched = branched.ok_or_else(none)?;
    if suite.is_some_and(|word| word.eq_ignore_ascii_case("enable")) {
        if ci::not_started(f, p, branched).is_empty() {
            return Err(Refused::TestsEnabled);
        }
        f.line.test_enabled = Some(by);
        return Ok(());
    }
    let fixed = survey.fix.as_ref().and_then(|s| s.evidence());
    let head = fixed.ok_or_else(none)?.head.clone();
    let there: Vec<String> = required(f, p, branched)
        .into_iter()
        .chain(left_out(f, p, branched))
        .filter(|file| ci::can_dispatch(branched, file))
        .collect();
    if there.is_empty() {
        return Err(Refused::NothingToTest);
    }
    let is_asked = |file: &str| {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        suite.is_none_or(|word| word.eq_ignore_ascii_case(file) || word.eq_ignore_ascii_case(stem))
    };
    let asked: Vec<String> = there.iter().filter(|f| is_asked(f)).cloned().collect();
    if asked.is_empty() {
        return Err(Refused::NoSuchTest {
            asked: suite.unwrap_or_default().to_owned(),
            there,
        });
    }
    for file in asked {
        let tests = f.line.tests.entry(file).or_default();
        if tests.head != head {
            *tests = Dispatches {
                head: head.clone(),
                ..Dispatches::default()
            };
        }
        tests.times = tests.sent + 1;
    }
    Ok(())
}

/// Whatever failed is tried again: refused effects, failed required runs.
fn retry(f: &mut Facts, p: &Policy) -> Result<(), Refused> {
    let view = view(f, p);
    let failed: Vec<(u64, u64)> = view
        .gates
        .iter()
        .chain(&view.needs)
        .filter_map(|need| match &need.what {
            What::RunFailed { run, .. } | What::RunSkipped { run } => Some((run.id, run.attempt)),
            _ => None,
        })
        .collect();
    let slots: Vec<String> = f.refused.keys().chain(f.blocked.keys()).cloned().collect();
    if failed.is_empty() && slots.is_empty() && f.unanswered.is_empty() {
        return Err(Refused::NothingToRetry);
    }
    for (run, attempt) in failed {
        f.line.reruns.insert(run, attempt + 1);
    }
    let silent: Vec<String> = f.unanswered.keys().cloned().collect();
    for slot in silent {
        // What waits is due at once; it stays as it is until there is an answer.
        *f.retries.entry(slot).or_default() += 1;
    }
    for slot in slots {
        *f.retries.entry(slot.clone()).or_default() += 1;
        f.refused.remove(&slot);
        f.blocked.remove(&slot);
        if slot.starts_with("read/") {
            for object in FRESH {
                touch(f, object);
            }
            for object in [Object::Port, Object::Trial, Object::Holds, Object::Known] {
                touch(f, object);
            }
            f.policy.touch();
            f.line.base.touch();
        }
    }
    Ok(())
}

fn release(f: &mut Facts, p: &Policy, commit: &str, by: By) -> Result<(), Refused> {
    if let Some(ship) = &f.line.ship {
        return Err(match f.line.tag.get() {
            Some(Some(_)) => Refused::AlreadyReleased {
                tag: ship.tag.clone(),
            },
            _ => Refused::AlreadyDecided {
                login: ship.by.login.clone(),
                at: ship.by.at,
            },
        });
    }
    let view = view(f, p);
    let Some(preview) = &view.preview else {
        return Err(Refused::NothingToRelease);
    };
    if !preview.head.has_prefix(commit) {
        return Err(Refused::HeadMoved {
            asked: commit.to_owned(),
            head: preview.head.clone(),
            ready: view.gates.is_empty(),
        });
    }
    if !view.gates.is_empty() {
        return Err(Refused::GatesOpen {
            gates: text::gate_lines(&view.gates, &view),
        });
    }
    let survey = survey(f, p);
    let (Some(branched), Some(fixed)) = (
        survey.branch.as_ref().and_then(|s| s.evidence()),
        survey.fix.as_ref().and_then(|s| s.evidence()),
    ) else {
        return Err(Refused::NothingToRelease);
    };
    let ship = Ship {
        by,
        head: fixed.head.clone(),
        tree: fixed.tree.clone(),
        tag: branched.tag.clone(),
        preview: preview.fingerprint.clone(),
        locked: None,
        record: record(&view),
    };
    f.line.ship = Some(ship);
    for object in FRESH {
        touch(f, object);
    }
    touch(f, Object::Tag);
    Ok(())
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
    }
}

/// A decision is locked when everything behind it was seen again and still
/// holds; it lapses when it does not.
fn decide_ship(f: &mut Facts, p: &Policy) {
    let Some(ship) = f.line.ship.clone().filter(|s| s.locked.is_none()) else {
        return;
    };
    let view = view(f, p);
    let same = view
        .preview
        .as_ref()
        .is_some_and(|preview| preview.head == ship.head && preview.fingerprint == ship.preview);
    let only_looking = view
        .gates
        .iter()
        .all(|g| matches!(g.what, What::Looking { .. }));
    let at = ship.by.at;
    let fresh = f.line.branch.since(at).is_some()
        && f.line.pull.since(at).is_some()
        && f.line.reviews.since(at).is_some()
        && f.line.runs.since(at).is_some()
        && f.line.tag.since(at).is_some()
        && f.issue.since(at).is_some();
    // What is seen anew may be half of a change; judge when all of it is.
    if !fresh {
        return;
    }
    if same && view.gates.is_empty() {
        let record = record(&view);
        let now = f.now;
        if let Some(ship) = f.line.ship.as_mut() {
            ship.locked = Some(now);
            ship.record = record;
        }
    } else if !(same && only_looking) {
        let notice = Notice {
            at: f.now,
            text: text::decision_lapsed(&ship.head, &ship.by.login, f.now),
        };
        f.notices.push(notice);
        f.line.ship = None;
    }
}

/// Proofs get the time at which they were first seen; a proof that goes away
/// loses it.
fn prove(f: &mut Facts, p: &Policy) {
    let now = f.now;
    for (name, done) in survey(f, p).done() {
        if done {
            f.proven.entry(name).or_insert(now);
        } else {
            f.proven.remove(&name);
        }
    }
    let outside = [
        (Item::Registry, verify::published(f).is_some()),
        (Item::Release, verify::released(f).is_some()),
    ];
    for (item, there) in outside {
        if there {
            f.first.entry(item).or_insert(now);
        } else {
            f.first.remove(&item);
        }
    }
}
