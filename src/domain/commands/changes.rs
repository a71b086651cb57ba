//! What single commands change in the facts, those that need more than a line.

use std::sync::Arc;

use crate::domain::available::{Tests, harmless};
use crate::domain::command::{Advise, Overridable};
use crate::domain::facts::{
    Advisory, Among, Broken, Change, Dispatches, Facts, Line, News, Notice, Override, Publish,
    RunAsked, Said, Stop, Trigger, Word,
};
use crate::domain::happenings::{self, Again};
use crate::domain::ids::{Actor, By, Millis, Sha};
use crate::domain::item::Item;
use crate::domain::line_name::LineName;
use crate::domain::need::StopReason;
use crate::domain::objects::{CommentKind, Object};
use crate::domain::outside::Outside;
use crate::domain::part::Part;
use crate::domain::procedure::{judge, names};
use crate::domain::refused::Refused;
use crate::domain::retry::again;
use crate::domain::view::View;

/// Their word is what it stands on now, as a label of theirs would be.
pub(super) fn begin(f: &mut Facts, by: Actor) {
    f.trigger = Trigger::by_word(by, f.now);
    let off = |hold: &Stop| matches!(hold.why, StopReason::LabelOff(_) | StopReason::TakenOff);
    if f.hold.as_ref().is_some_and(off) {
        f.hold = None;
    }
}

/// Another release line is fixed beside this one; this one has a name from now on.
pub(super) fn start_beside(line: LineName, view: &View<'_>) -> Change {
    let base = view.line.seen.base.get();
    let version = base.and_then(|base| base.version.parse().ok());
    let own = version.map_or_else(|| line.clone(), |it| LineName::of(&it, &line));
    Box::new(move |f| {
        let among = f.among.get_or_insert_with(|| Box::new(Among::new(own)));
        among.others.remove(&line);
        among.wanted.insert(line);
    })
}

/// What the hotfix branch is called now.
pub(super) fn branch_name(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    Some(names::branch(&view.case, version))
}

pub(super) fn stop(by: By, words: String, written: Option<Millis>) -> Stop {
    Stop {
        by,
        written,
        why: StopReason::Said(words.into()),
        quiet: false,
    }
}

/// A person's word, bound to the head where the item is. Of the critical path
/// some commands are not the whole.
pub(super) fn word(
    item: Item,
    note: Option<String>,
    parts: Vec<Part>,
    by: By,
    view: &View<'_>,
) -> Change {
    let head = view.head().filter(|_| item.is_bound_to_head()).cloned();
    let note = note.map(Into::into);
    let all = view.policy.test.commands.clone();
    Box::new(move |f| {
        if item == Item::FixVerified {
            f.settle_broken();
        }
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

/// Somebody says that the release does not fix it: whoever found it fixed did so
/// before.
pub(super) fn still_broken(by: By, note: Option<String>, comment: u64) -> Change {
    let note: Option<Outside> = note.map(Into::into);
    Box::new(move |f| {
        f.words.remove(&Item::FixVerified);
        let what = News::StillBroken {
            login: by.login.clone(),
            note: note.clone(),
        };
        f.notices.push(Notice { at: f.now, what });
        // Said once more, the issue is opened once.
        let before = f.broken().cloned();
        let open = f.issue.get().is_none_or(|issue| issue.open);
        f.broken = Some(Broken {
            told: f.is_posted(CommentKind::Closing),
            shut: !open || before.as_ref().is_some_and(|it| it.shut),
            reopened: before.and_then(|it| it.reopened),
            by,
            note,
            comment,
            settled: None,
        });
        f.touch(Object::Issue);
    })
}

/// The comment that says so was edited or deleted.
pub fn unsay_broken(f: &mut Facts, comment: u64) {
    let said = f.broken().filter(|it| it.comment == comment);
    let Some(login) = said.map(|it| it.by.login.clone()) else {
        return;
    };
    f.settle_broken();
    let what = News::NotBroken { login };
    f.notices.push(Notice { at: f.now, what });
}

/// A word is taken back: of these parts, or all of it.
pub(super) fn unsay(f: &mut Facts, item: Item, parts: &[Part]) {
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
pub(super) fn pass(
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
pub(super) fn test(tests: Tests, by: By, view: &View<'_>) -> Change {
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
pub(super) fn dispatch(f: &mut Facts, files: Vec<String>, head: &Sha) {
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
pub(super) fn retry(step: Option<&str>, view: &View<'_>) -> Change {
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
pub(super) fn bump(version: Option<String>, by: By, view: &View<'_>) -> Change {
    let branch = branch_name(view);
    let head = names::head(&view.case).cloned();
    Box::new(move |f| {
        if let Some(version) = version {
            keep_branch(f, branch);
            let line = f.lines.only_mut();
            let from = line.version.replace(version.clone()).unwrap_or_default();
            line.was = Some(from.clone());
            another_tag(line, &from);
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

/// Another number has another tag; a number whose tag stands is nobody's any more.
fn another_tag(line: &mut Line, from: &str) {
    let stands = line.seen.tag.get().is_some_and(Option::is_some);
    if let Some(base) = line.seen.base.value.as_mut().filter(|_| stands) {
        Arc::make_mut(base).taken.insert(from.to_owned());
    }
    line.seen.tag.forget();
    line.seen.release.forget();
}

/// The hotfix branch keeps its name, whatever would be its name from now on.
pub(super) fn keep_branch(f: &mut Facts, view_name: Option<String>) {
    let line = f.lines.only_mut();
    if line.branch.is_none() && line.branch_made {
        line.branch = view_name;
    }
}

/// What a commander says of the advisory. An issue that has one is about a vulnerability.
pub(super) fn advise(what: Advise, by: By) -> Change {
    Box::new(move |f| match what {
        Advise::Link { id, .. } => {
            f.security = true;
            f.advisory = Some(Box::new(Advisory::linked(id, by)));
            f.lines.only_mut().seen.advisory.forget();
        }
        Advise::Unlink => f.advisory = None,
        Advise::Publish { .. } => {
            if let Some(advisory) = f.advisory.as_deref_mut() {
                let times = advisory.publish.as_ref().map_or(0, |it| it.times) + 1;
                let kept = None;
                advisory.publish = Some(Publish { by, times, kept });
            }
            f.touch(Object::Advisory);
        }
        Advise::Done { .. } => {
            if let Some(advisory) = f.advisory.as_deref_mut() {
                advisory.done = Some(by);
            }
        }
    })
}

/// Channels are told what did not get through, else once more what is so now.
pub(super) fn announce(view: &View<'_>) -> Change {
    let again = happenings::again(&view.case);
    Box::new(move |f| {
        // Its operator may have mended the server's settings.
        f.touch(Object::Channels);
        match again {
            Some(Again::Stuck(places)) => {
                for place in places {
                    *f.retries.entry(place).or_default() += 1;
                }
            }
            Some(Again::Newest(n)) => {
                if let Some(happened) = f.happened.get_mut(n) {
                    happened.again += 1;
                }
            }
            None => {}
        }
    })
}
