//! What a command changes in the facts, once its author's role is known.

mod changes;

pub use self::changes::unsay_broken;

use self::changes::{
    advise, announce, begin, branch_name, bump, dispatch, keep_branch, pass, retry, start_beside,
    still_broken, stop, test, unsay, word,
};
use super::access::{has_part, is_reporter, standing_of, unknown_team};
use super::available::{accepted, broke_off, harmless, lines, parts_of, tests_asked};
use super::behind::behind_gates;
use super::command::{Command, Verb, Waivable};
use super::decision::{self, PATIENCE};
use super::effect::Slot;
use super::facts::{
    Along, Among, Assigned, Change, Extension, Facts, Joined, News, NotesAsked, Notice, Pick, Said,
    SaidState, SeverityWord, Start, Stop,
};
use super::ids::{By, LineId, Millis};
use super::item::Item;
use super::need::StopReason;
use super::objects::{Confirms, HOUR, Object, RoleRead, Seen, WordRead};
use super::outlook::Outlook;
use super::policy::{Roles, Standing, least_role, may};
use super::procedure::Case;
use super::reactions::is_answered;
use super::reads::is_looking;
use super::refused::Refused;
use super::role::Rank;
use super::rolling;
use super::sees::{confirms, stands};
use super::slot::Place;
use super::view::{View, view};
use super::withdrawal::can_revert;

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
    // Two cases settle first who goes along with whom.
    if c.facts.is_asking() {
        return None;
    }
    let mut waiting = waiting(c.facts).into_iter();
    waiting.find_map(|(index, said)| judge(c, outlook, index, said))
}

/// What becomes of a command now; nothing while something is to be read.
fn judge(c: &Case<'_>, outlook: &Outlook, index: usize, said: &Said) -> Option<Change> {
    let f = c.facts;
    let login = said.by.login.to_lowercase();
    let late = f.now >= said.at + PATIENCE;
    let over = f.over.is_some();
    let seen = f.roles.get(&login);
    let role = match seen {
        // What the configuration names now was not asked for when it was read.
        Some(seen) if !covers(seen, &c.policy.roles) && seen.is_current() && !late && !over => {
            return Some(Box::new(move |f| f.role_mut(&login).touch()));
        }
        Some(seen) if seen.since(said.at).is_some() => standing_of(f, &said.by),
        // Nothing wakes what is over.
        _ if late || over && is_refused(f, &login) => None,
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
    if !late && !over && is_looking(c, &outlook.looks, judged_by(command.verb())) {
        return None;
    }
    let view = view(*c, outlook);
    let result = in_time(f, command)
        .and_then(|()| allowed(c, command, said, role))
        .and_then(|()| of_here(f, said))
        .and_then(|()| unasked(f, command.verb(), stranger))
        .and_then(|()| may_start(c, command, role, &view))
        .and_then(|()| accepted(command, &view))
        .and_then(|()| stands(command, said.written, &view));
    let read = seen.map_or(0, |seen| seen.at);
    let result = match result {
        // The decision's second look asks for the comment.
        Ok(()) if !over && is_asked_again(command.verb(), said, f.now) => {
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
    let question = stranger && is_answered(f, command.verb());
    let state = match command {
        Command::Release { .. }
        | Command::Rollback { token: Some(_), .. }
        | Command::Join { .. }
        | Command::Unjoin => SaidState::Deciding,
        _ => SaidState::Done,
    };
    Some(
        match result.and_then(|()| match over {
            // It is answered by a comment, see `reactions::asks`.
            true => Ok(Box::new(|_: &mut Facts| ()) as Change),
            false => execute(command, said, by, &view),
        }) {
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

/// Whether it was asked of every team that the configuration names.
fn covers(seen: &Seen<RoleRead>, roles: &Roles) -> bool {
    let read = seen.get();
    read.is_none_or(|read| {
        roles
            .teams()
            .iter()
            .all(|team| read.teams.contains_key(team))
    })
}

/// Whether somebody's role was asked for and GitHub did not say it.
fn is_refused(f: &Facts, login: &str) -> bool {
    let place = Place {
        line: LineId::default(),
        slot: Slot::Role(login.to_owned()),
    };
    let asked = f.roles.get(login).map(|role| role.dirty);
    f.refused
        .get(&place)
        .is_some_and(|it| Some(it.generation) == asked)
}

/// Whether there is a hotfix that can still take it: one that is over says how it
/// was, and on an issue without one it can only be begun.
fn in_time(f: &Facts, command: &Command) -> Result<(), Refused> {
    let verb = command.verb();
    let begins = |said: &Said| {
        said.state == SaidState::Waiting && matches!(said.command, Some(Command::Start { .. }))
    };
    if f.over.is_some() && !is_answered(f, verb) {
        return Err(Refused::OverCase);
    }
    match f.is_unbegun() && verb != Verb::Start && !f.said.iter().any(begins) {
        true => Err(Refused::NotBegun),
        false => Ok(()),
    }
}

/// Whether its author may say it, and whether it is not too old.
fn allowed(
    c: &Case<'_>,
    command: &Command,
    said: &Said,
    role: Option<Standing<'_>>,
) -> Result<(), Refused> {
    let (verb, rank) = (command.verb(), command.who());
    let issue = c.facts.issue.get();
    let login = said.by.login.as_str();
    let is_reporter = is_reporter(c.facts, &said.by);
    match role {
        None => Err(Refused::RoleUnreadable {
            login: login.to_owned(),
        }),
        Some(role)
            if [Some(rank), verb.or_who()]
                .into_iter()
                .flatten()
                .any(|rank| may(role, is_reporter, rank, &c.policy.roles)) =>
        {
            match said.age(c.facts.now) > HOUR {
                true => Err(Refused::TooOld),
                false => Ok(()),
            }
        }
        Some(_) if rank == Rank::Reporter => Err(Refused::NotReporter {
            verb,
            reporter: issue.map(|i| i.author.clone()).unwrap_or_default(),
        }),
        Some(_) if let Some(team) = unknown_team(c.facts, &said.by) => {
            Err(Refused::TeamUnreadable {
                team: team.to_owned(),
            })
        }
        Some(has) => Err(Refused::RoleTooLow {
            verb,
            has: has.role,
            wants: least_role(rank, &c.policy.roles),
        }),
    }
}

/// Whether it is about this case's release line, where it says which.
fn of_here(f: &Facts, said: &Said) -> Result<(), Refused> {
    match said.of.as_ref().filter(|line| !f.is_of(line)) {
        Some(line) => Err(Refused::OtherLine { line: line.clone() }),
        None => Ok(()),
    }
}

/// Whether a question is answered: those of people without a part in this at a
/// bounded rate, for each answer is a comment that everybody gets.
fn unasked(f: &Facts, verb: Verb, stranger: bool) -> Result<(), Refused> {
    let lately = f.now < f.answered_strangers.saturating_add(ANSWERS);
    match stranger && is_answered(f, verb) && f.answered_strangers > 0 && lately {
        true => Err(Refused::AnsweredLately { verb }),
        false => Ok(()),
    }
}

/// Whether its author may start what the command names: one that could reach
/// outside is a commander's to start.
fn may_start(
    c: &Case<'_>,
    command: &Command,
    role: Option<Standing<'_>>,
    view: &View<'_>,
) -> Result<(), Refused> {
    let Command::Test {
        run: Some(file), ..
    } = command
    else {
        return Ok(());
    };
    let commander = |who: Standing<'_>| may(who, false, Rank::Commander, &c.policy.roles);
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
    rolling::taken_back(f, comment, deleted);
}

/// Somebody deleted the hotfix's tag: a word of before, which would have it made
/// again, was said of another deletion.
pub fn tag_deleted(f: &mut Facts) {
    for said in f
        .said
        .iter_mut()
        .filter(|it| it.state == SaidState::Waiting)
    {
        if matches!(said.command, Some(Command::Retry { .. })) {
            said.command = None;
            said.answer = Some(Box::new(SaidState::Refused(Refused::TagDeleted)));
        }
    }
}

fn settle(f: &mut Facts, index: usize, state: SaidState, stranger: bool) {
    let Some(said) = f.said.get_mut(index) else {
        return;
    };
    // Who may not begin one is answered at a bounded rate, whoever they are.
    let may_not = matches!(&state, SaidState::Refused(Refused::RoleTooLow { verb, .. }) if *verb == Verb::Start);
    // Whoever is in a team that GitHub does not tell of looks like a stranger.
    let maybe = matches!(&state, SaidState::Refused(Refused::TeamUnreadable { .. }));
    said.state = state;
    said.passing = stranger && !maybe;
    // That it is over is said once, to somebody with a part in it.
    let asks = said.command.as_ref().map(Command::verb);
    let answered = said.state == SaidState::Done && asks != Some(Verb::Status);
    if f.over.is_some() && !stranger && !answered {
        f.told_over.get_or_insert(said.comment);
    }
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
        Verb::Rollback => &[Object::Tag, Object::Release, Object::Parts],
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
            let begins = view.proofs().begun.is_none()
                || view.facts.trigger.off.is_some()
                || broke_off(view);
            let who = said.by.clone();
            let line = branch.as_deref().filter(|_| tag.is_none());
            let line = line.map(|line| lines::said(line, view)).transpose()?;
            if let Some(lines::Said::Beside(line)) = line {
                return Ok(start_beside(line, view));
            }
            Box::new(move |f| {
                if begins {
                    begin(f, who);
                }
                if tag.is_none() && branch.is_none() {
                    return;
                }
                let unbuilt = f
                    .lines
                    .only()
                    .1
                    .seen
                    .base
                    .get()
                    .is_none_or(|it| !it.is_clear());
                let among = f.among.as_deref().filter(|it| it.is_alone() && unbuilt);
                if tag.is_some() && f.among.as_deref().is_some_and(Among::is_alone)
                    || among.is_some()
                {
                    // What was named before is named anew.
                    f.among = None;
                }
                let branch = match line {
                    Some(lines::Said::Line(name)) => {
                        f.among = Some(Box::new(Among::new(name)));
                        f.lines.only_mut().start = None;
                        f.touch(Object::Base);
                        return;
                    }
                    _ => branch,
                };
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
        Command::StillBroken { note } => still_broken(by, note, said.comment),
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
            use Object::{Addresses, Attested, Halted, Registry, Release, Runs, Sums, Tag};
            let looked = [Sums, Attested, Addresses];
            for object in [Runs, Halted, Tag, Release, Registry]
                .into_iter()
                .chain(looked)
            {
                f.touch(object);
            }
        }),
        Command::Notes => Box::new(|f| {
            let asked = &mut f.lines.only_mut().notes_asked;
            let times = asked.as_ref().map_or(0, |it| it.times) + 1;
            *asked = Some(NotesAsked {
                by,
                times,
                open: true,
            });
        }),
        Command::Retry { step } => retry(step.as_deref(), view),
        Command::Release { .. } => {
            let decision = decision::of(by, said, view).ok_or(Refused::NothingToRelease)?;
            Box::new(|f| decision::take(f, decision))
        }
        Command::Announce => announce(view),
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
                        Waivable::Verification => line.verification_waived = Some(stop),
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
        // Both are asked of the other case in this very step.
        Command::Join { issue } => Box::new(move |f| {
            f.joined = Some(Box::new(Joined {
                to: issue,
                case: 0,
                by,
                is: Along::Asked,
                secret: false,
            }));
        }),
        Command::Unjoin => Box::new(|f| {
            if let Some(joined) = f.joined.as_mut() {
                joined.is = Along::Leaves;
            }
        }),
        Command::Assign { duty, login } => {
            Box::new(move |f| drop(f.assigned.insert(duty, Assigned { login, by })))
        }
        Command::Rollback { token, reason } => match token {
            Some(token) => rolling::take(by, token),
            None => rolling::ask(by, reason.unwrap_or_default().into()),
        },
        Command::Revert => rolling::revert(by, can_revert(view) == Ok(true)),
        Command::Advisory { what } => advise(what, by),
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
