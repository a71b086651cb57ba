//! Which commands are taken now: asked by the status comment, by the needs that
//! offer a command, and by whoever carries it out, so that nothing is offered
//! that is then refused. Whose word counts is not asked here.

use super::command::{Command, Overridable, Source, Verb, Waivable};
use super::evidence::ItemState;
use super::facts::SidePull;
use super::happenings;
use super::item::{Item, When};
use super::need::{Need, NeedKind, PullNeed, StopReason};
use super::objects::PullKind;
use super::part::Part;
use super::procedure::{labels, on_main, side_pull, tried, verify};
use super::refused::{NoNumber, Refused};
use super::retry::{self, again};
use super::security::is_security;
use super::sees::{confirms, named};
use super::view::View;
use super::withdrawal;
use crate::ecosystem::{is_above, next_version};

mod advisory;
mod joined;
pub mod lines;
mod to_test;

pub use self::to_test::{Tests, can_enable, harmless, tests_asked};

/// Whether a command of this verb can be taken now, with some arguments.
///
/// # Errors
/// Why not.
pub fn available(verb: Verb, view: &View<'_>) -> Result<(), Refused> {
    let locked = view.line.locked().is_some();
    if !verb.is_carried_out() {
        return Err(Refused::NotYet { verb });
    }
    if matches!(verb, Verb::Status | Verb::Help) || verb.is_question() {
        return Ok(());
    }
    if view.facts.over.is_some() || view.facts.cancelled.is_some() {
        return match verb {
            // What channels were not told outlives the hotfix.
            Verb::Announce => announce(view),
            _ => Err(Refused::OverCase),
        };
    }
    if let Some(why) = withdrawal::in_the_way(verb, view) {
        return Err(why);
    }
    if let Some(why) = joined::in_the_way(verb, view) {
        return Err(why);
    }
    match verb {
        Verb::Rollback => withdrawal::can_ask(view),
        Verb::Revert => withdrawal::can_revert(view).map(|_| ()),
        Verb::Assess if locked => Err(Refused::AfterTheDecision { verb }),
        Verb::Start => match (&view.line.version, view.line.seen.base.get()) {
            (Some(_), Some(base)) => Err(Refused::BuiltOn {
                tag: base.tag.clone(),
            }),
            _ => Ok(()),
        },
        Verb::Pick if locked => Err(Refused::AfterTheDecision { verb }),
        Verb::Bump if locked => Err(Refused::AfterTheDecision { verb }),
        Verb::Bump => match next_free(view) {
            Some(_) if !view.line.branch_made => bump(None, view),
            Some(next) => bump(Some(&next), view),
            None => bump(None, view),
        },
        Verb::Confirm if confirms(view).is_none() => Err(Refused::NothingToConfirm),
        Verb::Test if locked => Err(Refused::AfterTheDecision { verb }),
        Verb::Test if can_enable(view) => Ok(()),
        Verb::Test => tests_asked(None, None, view).map(|_| ()),
        Verb::Verify if view.proofs().tagged.is_none() => Err(Refused::BeforeTheTag { verb }),
        Verb::Notes if view.proofs().tagged.is_none() => Err(Refused::BeforeTheTag { verb }),
        Verb::Notes if view.policy.announce.notes.is_empty() => Err(Refused::OwnNotes),
        Verb::Notes if verify::released(&view.case).is_none() => Err(Refused::TooEarly {
            item: Item::ReleaseNotes,
        }),
        Verb::Retry if again(None, view).is_empty() => Err(Refused::NothingToRetry),
        Verb::Downgrade if locked => Err(Refused::AfterTheDecision { verb }),
        Verb::Downgrade if view.policy.severity.regular.is_empty() => {
            lower(&view.policy.severity.hotfix.concat(), view)
        }
        Verb::Release => release(None, view),
        Verb::ConfirmFixed | Verb::StillBroken => check(Item::FixVerified, true, view),
        Verb::Hold => match &view.facts.hold {
            Some(hold) => Err(Refused::AlreadyHeld {
                login: hold.by.login.clone(),
            }),
            None => Ok(()),
        },
        Verb::Unhold if view.facts.hold.is_none() => Err(Refused::NotHeld),
        Verb::Override if locked && overridable(view).next().is_none() => {
            Err(Refused::AfterTheDecision { verb })
        }
        Verb::Override => match overridable(view).next() {
            Some(_) => Ok(()),
            None => override_(&Overridable::Judge, view),
        },
        Verb::Waive => match waivable(view).next() {
            Some(_) => Ok(()),
            None => waive(Waivable::ForwardPort, view),
        },
        Verb::Join => joined::can_join(view),
        Verb::Unjoin => joined::can_leave(view),
        Verb::Announce => announce(view),
        Verb::Advisory => advisory::can_link(view),
        Verb::Cancel if locked => Err(Refused::AfterTheTag { verb }),
        _ => Ok(()),
    }
}

/// Whether this very command can be taken now.
///
/// # Errors
/// Why not.
pub fn accepted(command: &Command, view: &View<'_>) -> Result<(), Refused> {
    let by_verb = available(command.verb(), view);
    if let Err(Refused::OverCase | Refused::RolledBack { .. } | Refused::Along { .. }) = by_verb {
        return by_verb;
    }
    match command {
        Command::Release { commit } => release(Some(commit), view),
        Command::Check {
            item, note, parts, ..
        } => check(*item, note.is_some() || !parts.is_empty(), view)
            .and_then(|()| parts_of(parts, view).map(|_| ()))
            .and_then(|()| named(command, view)),
        Command::Start {
            tag,
            line,
            severity,
        } => level(severity.as_deref(), view).and_then(|()| match (tag, line) {
            (None, Some(line)) => lines::said(line, view).map(|_| ()),
            // As `unhold` would.
            (None, None) if broke_off(view) => Ok(()),
            _ => by_verb,
        }),
        Command::Uncheck { item, parts, .. } => uncheck(*item, view)
            .and_then(|()| parts_of(parts, view).map(|_| ()))
            .and_then(|()| named(command, view)),
        Command::Test { suite, run } if view.line.locked().is_none() => {
            tests_asked(suite.as_deref(), run.as_deref(), view).map(|_| ())
        }
        Command::Bump { version } => by_verb.and_then(|()| bump(version.as_deref(), view)),
        Command::Retry { step } => by_verb.and_then(|()| retry(step.as_deref(), view)),
        Command::Downgrade { level, .. } => by_verb.and_then(|()| lower(level, view)),
        Command::Pick { sources } => by_verb.and_then(|()| of_here(sources, view)),
        Command::Override { gate, .. } => by_verb.and_then(|()| override_(gate, view)),
        Command::Waive { what, .. } => waive(*what, view),
        Command::Advisory { what } => by_verb.and_then(|()| advisory::accepted(what, view)),
        Command::Rollback { token, .. } => by_verb.and_then(|()| match token {
            Some(token) => withdrawal::can_decide(token, view),
            None => Ok(()),
        }),
        _ => by_verb,
    }
}

/// The verbs that make sense now, in the order of the help text: taken, and of
/// use to somebody.
pub fn now(view: &View<'_>) -> Vec<Verb> {
    let useful = |verb: &Verb| match verb {
        Verb::Check => view
            .checklist
            .iter()
            .any(|e| e.state == ItemState::Open && check(e.item, true, view).is_ok()),
        Verb::Uncheck => view
            .facts
            .words
            .keys()
            .any(|item| uncheck(*item, view).is_ok()),
        Verb::Join => view.line.behind_issue.is_some(),
        Verb::Notes => view.line.notes.is_some(),
        Verb::Advisory => is_security(view.facts, view.policy),
        Verb::ConfirmFixed => view.needs.iter().any(|need| {
            matches!(
                need.kind,
                NeedKind::FixVerified { .. } | NeedKind::StillBroken { .. }
            )
        }),
        Verb::StillBroken => view
            .needs
            .iter()
            .any(|need| matches!(need.kind, NeedKind::FixVerified { .. })),
        _ => true,
    };
    let finished = view.phase.is_none() && view.line.locked().is_some();
    let sensible = |verb: &Verb| {
        !finished || verb.is_question() || matches!(verb, Verb::Status | Verb::Help | Verb::Retry)
    };
    let all = super::command::VERBS.iter().copied();
    all.filter(|verb| available(*verb, view).is_ok() && useful(verb) && sensible(verb))
        .collect()
}

impl Waivable {
    /// The pull request that the case would end without, if it is one.
    pub fn pull(self) -> Option<PullKind> {
        match self {
            Waivable::ForwardPort => Some(PullKind::Port),
            Waivable::KnownIssue => Some(PullKind::Known),
            Waivable::Published
            | Waivable::Latest
            | Waivable::Line
            | Waivable::Push
            | Waivable::Preflight
            | Waivable::Verification => None,
        }
    }
}

/// Whether channels can be told something.
fn announce(view: &View<'_>) -> Result<(), Refused> {
    if !happenings::is_told(&view.case) {
        return Err(Refused::NoChannels);
    }
    match happenings::again(&view.case) {
        Some(_) => Ok(()),
        None => Err(Refused::NothingToAnnounce),
    }
}

/// The next number that is free, beside the one that is claimed.
pub fn next_free(view: &View<'_>) -> Option<String> {
    let (base, version) = (view.line.seen.base.get()?, view.line.version.as_ref()?);
    let mut taken = base.taken.clone();
    taken.insert(version.clone());
    next_version(base.package.kind(), &base.version, &taken)
}

/// Whether the bump can be written again, or raised to this number.
pub fn bump(number: Option<&str>, view: &View<'_>) -> Result<(), Refused> {
    let no = |is| {
        let asked = number.unwrap_or_default().into();
        Err(Refused::NoNumber { asked, is })
    };
    let (Some(base), Some(version)) = (view.line.seen.base.get(), &view.line.version) else {
        return no(NoNumber::TooEarly);
    };
    let Some(number) = number else {
        let incomplete = |need: &Need| matches!(need.kind, NeedKind::BumpIncomplete { .. });
        return match view.needs.iter().any(incomplete) {
            true => Ok(()),
            false => Err(Refused::NothingToBump {
                version: version.clone(),
            }),
        };
    };
    match is_above(base.package.kind(), &base.version, number) {
        _ if !view.line.branch_made => no(NoNumber::TooEarly),
        None => no(NoNumber::NoVersion),
        Some(false) => no(NoNumber::NotAbove {
            base: base.version.clone(),
        }),
        Some(true) if number == version => no(NoNumber::Claimed),
        Some(true) if base.taken.contains(number) => no(NoNumber::Taken),
        Some(true) => Ok(()),
    }
}

/// Whether it can be taken down to this level.
fn lower(level: &str, view: &View<'_>) -> Result<(), Refused> {
    let severity = &view.policy.severity;
    match severity.is_regular(level) {
        true => Ok(()),
        false => Err(Refused::NotALowerLevel {
            level: level.into(),
            known: severity.regular.clone(),
        }),
    }
}

/// Whether a `retry` of this step has something to do.
fn retry(step: Option<&str>, view: &View<'_>) -> Result<(), Refused> {
    let again = again(step, view);
    if let Some((run, what)) = retry::repeats(&again, view)
        && !step.is_some_and(|word| retry::names(run, word))
    {
        let file = run.file().to_owned();
        return Err(Refused::Repeats { file, what });
    }
    let Some(asked) = step.filter(|_| again.is_empty()) else {
        return Ok(());
    };
    Err(Refused::NothingToRetryThere {
        asked: asked.into(),
        there: retry::steps(view),
    })
}

/// Whether a hotfix begins at this level, or at that of the issue's labels.
fn level(said: Option<&str>, view: &View<'_>) -> Result<(), Refused> {
    let severity = &view.policy.severity;
    let labelled = || labels::regular(&view.case).map(|level| (level, true));
    match said.map(|level| (level, false)).or_else(labelled) {
        None => Ok(()),
        Some((level, _)) if severity.may_be_hotfixed(level) => Ok(()),
        Some((level, labelled)) if severity.is_regular(level) => Err(Refused::RegularLevel {
            level: level.into(),
            labelled,
        }),
        Some((level, _)) => Err(Refused::UnknownLevel {
            level: level.into(),
            known: severity.hotfix.clone(),
        }),
    }
}

/// Whether it waits because the App was taken off meanwhile.
pub fn broke_off(view: &View<'_>) -> bool {
    let hold = view.facts.hold.as_ref();
    hold.is_some_and(|hold| hold.why == StopReason::TakenOff)
}

/// Whether everything that is named is of this repository.
fn of_here(sources: &[Source], view: &View<'_>) -> Result<(), Refused> {
    let repo = &view.facts.repo;
    let here = format!("{}/{}", repo.owner, repo.name);
    let of = sources.iter().filter_map(|source| source.of.as_ref());
    match of.clone().find(|of| !of.eq_ignore_ascii_case(&here)) {
        Some(of) => Err(Refused::OtherRepository { of: of.clone() }),
        None => Ok(()),
    }
}

/// What a `waive` would end the wait for.
pub fn waivable(view: &View<'_>) -> impl Iterator<Item = Waivable> {
    let all = Waivable::ALL.into_iter();
    all.filter(|what| waive(*what, view).is_ok())
}

/// The closed gates that a commander may pass. After the decision what was decided
/// stands, and a tag that somebody made may be taken as it is.
pub fn overridable(view: &View<'_>) -> impl Iterator<Item = Overridable> {
    let locked = view.line.locked().is_some();
    let needs = view.needs.iter().filter(move |_| locked);
    let all = view.gates.iter().chain(needs);
    let all = all.flat_map(|gate| gate.kind.overridable());
    all.filter(move |gate| !locked || *gate == Overridable::LightweightTag)
}

/// Whether an `override` would pass this gate.
fn override_(gate: &Overridable, view: &View<'_>) -> Result<(), Refused> {
    if overridable(view).any(|closed| closed == *gate) {
        return Ok(());
    }
    Err(Refused::NothingToOverride { gate: gate.clone() })
}

/// Whether a `waive` would end the wait for this.
fn waive(what: Waivable, view: &View<'_>) -> Result<(), Refused> {
    let Some(kind) = what.pull() else {
        let asked = |need: &Need| match what {
            _ if matches!(&need.kind, NeedKind::Against { what: it } if it.waivable() == what) => {
                true
            }
            Waivable::Verification => match &need.kind {
                NeedKind::Assets { .. } => true,
                NeedKind::RunFailed { release, .. } => *release,
                _ => false,
            },
            Waivable::Published => matches!(need.kind, NeedKind::PublishedOther { .. }),
            Waivable::Line => matches!(need.kind, NeedKind::Pull(PullNeed::NotOnLine { .. })),
            Waivable::Push => matches!(need.kind, NeedKind::PushPublishes { .. }),
            Waivable::Preflight => matches!(need.kind, NeedKind::Preflight { .. }),
            _ => matches!(need.kind, NeedKind::LatestMoved { .. }),
        };
        return match view.needs.iter().any(asked) {
            true => Ok(()),
            false => Err(Refused::NothingToWaive { what }),
        };
    };
    let (pull, _) = side_pull::seen(&view.case, kind);
    // One that was merged may have led elsewhere.
    let through =
        pull.is_some_and(|pull| pull.merged) && on_main::strays(&view.case, kind).is_none();
    let lost = |need: &Need| matches!(need.kind, NeedKind::Pull(PullNeed::NotOnMain { .. }));
    let lost = kind == PullKind::Port && view.needs.iter().any(lost);
    let open = |side: &SidePull| lost || (side.number.is_some() && !through);
    let asked = |need: &Need| matches!(need.kind, NeedKind::KnownIssueText { .. });
    let missing = kind == PullKind::Known && view.needs.iter().any(asked);
    match view.line.side_pull(kind) {
        Some(side) if side.waived.is_none() && (open(side) || missing) => Ok(()),
        _ => Err(Refused::NothingToWaive { what }),
    }
}

fn check(item: Item, has_note: bool, view: &View<'_>) -> Result<(), Refused> {
    if item.is_bound_to_head() && view.head().is_none() {
        return Err(Refused::NoHead { item });
    }
    match item.when() {
        When::Never => return Err(Refused::Proven { item }),
        When::UntilTheDecision if view.line.locked().is_some() => {
            return Err(Refused::AfterTheDecision { verb: Verb::Check });
        }
        // Nobody can have installed what is not out yet.
        When::OnceOut if !is_out(view) => return Err(Refused::TooEarly { item }),
        When::UntilTheDecision | When::OnceOut | When::Always => {}
    }
    if item == Item::CriticalPath && !has_note {
        return Err(Refused::NoteNeeded { item });
    }
    Ok(())
}

/// The parts that a tick is about, each as it is kept: a command of
/// `test.commands` is meant by its number or by its text.
///
/// # Errors
/// There is no such command.
pub fn parts_of(parts: &[Part], view: &View<'_>) -> Result<Vec<Part>, Refused> {
    let there = &view.policy.test.commands;
    let one = |part: &Part| match part {
        Part::Platform(_) => Ok(part.clone()),
        Part::Command(asked) => match tried::command(there, asked) {
            Some(command) => Ok(Part::Command(command.to_owned())),
            None => Err(Refused::NoSuchCommand {
                asked: asked.clone(),
                there: there.clone(),
            }),
        },
    };
    parts.iter().map(one).collect()
}

/// Whether users can have what was released.
fn is_out(view: &View<'_>) -> bool {
    let proofs = view.proofs();
    let (Some(branched), Some(_)) = (&proofs.branched, &proofs.tagged) else {
        return false;
    };
    verify::is_out(&view.case, branched, proofs.monitored.is_some())
}

fn uncheck(item: Item, view: &View<'_>) -> Result<(), Refused> {
    match item.when() {
        When::Never => return Err(Refused::Proven { item }),
        When::UntilTheDecision if view.line.locked().is_some() => {
            let verb = Verb::Uncheck;
            return Err(Refused::AfterTheDecision { verb });
        }
        When::UntilTheDecision | When::OnceOut | When::Always => {}
    }
    let mut parts = view.facts.parts.keys();
    match view.facts.words.contains_key(&item) || parts.any(|part| part.item() == item) {
        true => Ok(()),
        false => Err(Refused::NotTicked { item }),
    }
}

fn release(commit: Option<&str>, view: &View<'_>) -> Result<(), Refused> {
    if let Some(decision) = &view.line.decision {
        return Err(match view.line.seen.tag.get() {
            Some(Some(_)) => Refused::AlreadyReleased {
                tag: decision.tag.clone(),
            },
            _ => Refused::AlreadyDecided {
                login: decision.by.login.clone(),
                at: decision.by.at,
            },
        });
    }
    let Some(preview) = &view.preview else {
        return Err(Refused::NothingToRelease);
    };
    if let Some(commit) = commit.filter(|commit| !preview.head.has_prefix(commit)) {
        return Err(Refused::HeadMoved {
            asked: commit.to_owned(),
            head: preview.head.clone(),
            ready: view.gates.is_empty(),
        });
    }
    if !view.gates.is_empty() {
        return Err(Refused::GatesOpen {
            gates: view.gates.clone(),
        });
    }
    Ok(())
}
