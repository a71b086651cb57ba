//! Words for what is wanted: the only place where they enter effects. An effect
//! that lacks its words does not compile.

mod taken_back;
mod waits;

use self::taken_back::taken_back;
use self::waits::waits;
use super::bulletin::Announce;
use super::effect::{Act, Effect, Intent, Raise};
use super::facts::{Along, Facts};
use super::happenings::{self, Due, Editable};
use super::ids::{Millis, Sha, fingerprint};
use super::need::Need;
use super::objects::{CommentFact, CommentKind, PullKind, Right, Shown};
use super::sees::shown;
use super::text;
use super::view::View;
use super::wish::{Lane, Wish};

/// Edits of the status comment are spaced by this, milliseconds.
const SPACING: Millis = 5_000;

/// While the bot itself is at work there will be more to say in a moment.
const AT_WORK: Millis = 15_000;

/// The wish for an effect with its words.
pub fn compose(wish: Wish<Intent>, view: &View<'_>) -> Wish<Effect> {
    Wish {
        act: effect(wish.act, view),
        line: wish.line,
        subject: wish.subject,
        generation: wish.generation,
        delay: wish.delay,
        yields: wish.yields,
    }
}

/// The wish for one of the bot's comments; none where it stands as it should.
pub fn comment(kind: CommentKind, view: &View<'_>) -> Option<Wish<Effect>> {
    let fact = fact(view.facts, kind);
    let mut effect = effect(
        Act::Comment {
            kind,
            id: fact.id,
            marker: (),
            body: (),
            shown: None,
        },
        view,
    );
    let Act::Comment { body, shown, .. } = &mut effect else {
        return None;
    };
    let hash = fingerprint(body);
    // What people decide on stands in the status comment: it must be known what
    // they saw there.
    let known = kind != CommentKind::Status || !fact.pages.is_empty();
    if fact.id.is_some() && fact.hash.as_deref() == Some(&hash) && known {
        return None;
    }
    if let Some(shown) = shown.as_deref_mut() {
        shown.lasting = Some(fingerprint(&text::lasting(view)));
    }
    let waits = waits(kind, &fact, shown.as_deref(), view);
    let wish = Wish::new(effect, hash).generation(fact.writes + 1);
    Some(match (fact.id, waits) {
        (None, _) => wish,
        (Some(_), Some(ms)) => wish.yields(ms),
        (Some(_), None) if is_at_work(view) => wish.delay(AT_WORK),
        (Some(_), None) => wish.delay(SPACING),
    })
}

/// The wish for the scope guard's check run; none where it stands as it should, or
/// there is nothing to say.
pub fn guard(view: &View<'_>) -> Option<Wish<Effect>> {
    let (head, conclusion) = view.guard.as_ref().map(|it| (&it.head, it.conclusion))?;
    let fact = view.line.guard.as_ref();
    let here = fact.filter(|fact| fact.head == *head);
    let effect = effect(
        Act::Guard {
            id: here.map(|fact| fact.id),
            head: head.clone(),
            conclusion,
            name: (),
            title: (),
            summary: (),
            notes: Vec::new(),
        },
        view,
    );
    let Act::Guard { title, summary, .. } = &effect else {
        return None;
    };
    let hash = fingerprint(&format!("{}\n{title}\n{summary}", conclusion.as_str()));
    if here.is_some_and(|fact| fact.hash == hash) {
        return None;
    }
    let wish = Wish::new(effect, hash).of(view.case.id);
    let writes = fact.map_or(0, |fact| fact.writes);
    Some(wish.generation(writes + 1).delay(SPACING))
}

/// The wish for the check run that says where it stands; none where it stands so,
/// or says nothing. It changes with its title alone: each edit is a call.
pub fn state(view: &View<'_>) -> Option<Wish<Effect>> {
    let (head, done) = stated(view)?;
    let fact = view.line.state.as_ref();
    let here = fact.filter(|fact| fact.head == *head);
    // What is over already need not be told anew.
    if done && here.is_none() {
        return None;
    }
    let effect = effect(
        Act::State {
            id: here.map(|fact| fact.id),
            head: head.clone(),
            done,
            name: (),
            title: (),
            summary: (),
        },
        view,
    );
    let Act::State { title, .. } = &effect else {
        return None;
    };
    let hash = fingerprint(&format!("{done}\n{title}"));
    if here.is_some_and(|fact| fact.hash == hash) {
        return None;
    }
    let writes = fact.map_or(0, |fact| fact.writes);
    let wish = Wish::new(effect, hash).of(view.case.id);
    Some(wish.generation(writes + 1).delay(AT_WORK))
}

/// The wish for what the hotfix pull request says of itself; none where it stands so,
/// where nobody wants it any more, or where people took the bot's part out of it.
pub fn description(view: &View<'_>) -> Option<Wish<Effect>> {
    let number = view.line.pull_number?;
    let pull = view.line.seen.pull.get().filter(|pull| pull.open)?;
    let called = pull.called.as_deref()?;
    let stands = called.block.as_deref()?;
    let is_over = view.facts.cancelled.is_some() || view.facts.along().is_some();
    if is_over || view.line.locked().is_some() {
        return None;
    }
    let title = text::is_own_title(&called.title, view).then_some(());
    let act = Act::Describe {
        number,
        title,
        body: (),
    };
    let effect = effect(act, view);
    let Act::Describe { title, body, .. } = &effect else {
        return None;
    };
    let is_so = fingerprint(body) == stands && title.is_none();
    let hash = fingerprint(&format!("{}\n{body}", title.as_deref().unwrap_or_default()));
    let fact = view.line.described.as_ref();
    if is_so || fact.is_some_and(|fact| fact.hash == hash) {
        return None;
    }
    let writes = fact.map_or(0, |fact| fact.writes);
    let wish = Wish::new(effect, hash).of(view.case.id);
    Some(wish.generation(writes + 1).delay(AT_WORK))
}

/// The head that the pull request shows, and whether nothing more comes of it:
/// once it holds a fix, where the App may write check runs.
fn stated<'a>(view: &'a View<'_>) -> Option<(&'a Sha, bool)> {
    let may = view.line.seen.guards.get()?.has(Right::Checks);
    view.line.pull_number.filter(|_| may == Some(true))?;
    // Nothing more comes of it where another case's release has it.
    if view.facts.cancelled.is_some() || view.facts.along().is_some() {
        return view.line.state.as_ref().map(|fact| (&fact.head, true));
    }
    if let Some(decision) = view.line.locked() {
        // Decided and not tagged yet: nothing is to be released any more.
        return Some((&decision.head, view.proofs().tagged.is_some()));
    }
    let fixed = view.proofs().fixed.as_ref();
    fixed.map(|fixed| (&fixed.head, false))
}

/// The wish for the label that says that it is released; none where it is there,
/// or nobody wants one.
pub fn label(view: &View<'_>) -> Option<Wish<Effect>> {
    let (f, label) = (view.facts, &view.policy.announce.label);
    match f.along().map(|joined| &joined.is) {
        None => drop(view.proofs().communicated.as_ref()?),
        Some(Along::Out { .. }) => {}
        Some(_) => return None,
    }
    if f.among.as_ref().is_some_and(|it| it.leaves_to_newer()) {
        return None;
    }
    let issue = f.issue.get();
    let there = |it: &String| it.eq_ignore_ascii_case(label);
    let there = issue.is_some_and(|issue| issue.labels.iter().any(there));
    if label.is_empty() || there || f.labelled.is_some() {
        return None;
    }
    let act = Act::Label {
        label: label.clone(),
    };
    Some(Wish::new(effect(act, view), label.as_str()))
}

/// The wishes for what channels are to be told, or what they were told and is to
/// be edited.
pub fn announcements(view: &View<'_>) -> Vec<Wish<Effect>> {
    let due = happenings::due(&view.case).into_iter();
    let due = due.filter_map(|it| announcement(it, view));
    let edits = happenings::editable(&view.case).into_iter();
    due.chain(edits.filter_map(|it| edited(it, view))).collect()
}

fn announcement(it: Due, view: &View<'_>) -> Option<Wish<Effect>> {
    let place = happenings::place(&it.channel, it.n);
    let retries = view.facts.retries.get(&place).copied().unwrap_or(0);
    let act = Act::Announce(Box::new(Announce {
        channel: it.channel,
        kind: it.kind,
        n: it.n,
        urgent: it.urgent,
        edits: None,
        bulletin: Some(Box::new(text::bulletin(it.n, view)?)),
    }));
    let wish = Wish::new(act, it.n.to_string());
    Some(wish.generation(1 + it.times + retries))
}

/// None where it says what it should.
fn edited(it: Editable, view: &View<'_>) -> Option<Wish<Effect>> {
    let bulletin = text::bulletin(it.n, view)?;
    let print = bulletin.print();
    if print == it.print {
        return None;
    }
    let act = Act::Announce(Box::new(Announce {
        channel: it.channel,
        kind: it.kind,
        n: it.n,
        urgent: false,
        edits: Some(it.id),
        bulletin: Some(Box::new(bulletin)),
    }));
    let wish = Wish::new(act, print);
    Some(wish.generation(it.edits + 1).delay(SPACING))
}

/// Whether the bot is reading what somebody waits for, or about to write.
fn is_at_work(view: &View<'_>) -> bool {
    let mut needs = view.needs.iter().chain(&view.gates);
    let mut intents = view.outlook.intents.iter();
    needs.any(Need::is_looking) || intents.any(|wish| wish.act.lane() == Lane::Write)
}

/// What of a view can be seen in its text: a head that is not named there was
/// not shown.
fn seen_in(body: &str, view: &View<'_>) -> Shown {
    let mut shown = shown(view);
    shown.head = shown.head.filter(|head| body.contains(head.short()));
    shown
}

fn fact(f: &Facts, kind: CommentKind) -> CommentFact {
    f.comments.get(&kind).cloned().unwrap_or_default()
}

fn effect(intent: Intent, view: &View<'_>) -> Effect {
    match intent {
        Act::Read(read) => Act::Read(read),
        Act::CreateBranch { branch, sha, raise } => Act::CreateBranch {
            raise: raise.map(|raise| {
                Box::new(Raise {
                    entry: text::changelog_entry(view),
                    date: text::date(view.facts.now),
                    message: text::bump_message(view.policy, &raise.version),
                    package: raise.package,
                    version: raise.version,
                })
            }),
            branch,
            sha,
        },
        Act::PushBump {
            branch,
            parent,
            package,
            version,
            was,
            ..
        } => Act::PushBump {
            was,
            entry: text::changelog_entry(view),
            date: text::date(view.facts.now),
            message: text::bump_message(view.policy, &version),
            branch,
            parent,
            package,
            version,
        },
        Act::EnableTests {
            branch,
            parent,
            paths,
            pattern,
            ..
        } => Act::EnableTests {
            message: text::enable_message(&pattern),
            branch,
            parent,
            paths,
            pattern,
        },
        Act::PushPicks {
            branch,
            parent,
            base,
            sources,
            changelogs,
            heads,
        } => Act::PushPicks {
            branch,
            parent,
            base,
            sources,
            changelogs,
            heads,
        },
        Act::Dispatch {
            file,
            branch,
            head,
            trial,
            after,
        } => Act::Dispatch {
            file,
            branch,
            head,
            trial,
            after,
        },
        Act::Launch {
            file,
            at,
            commit,
            inputs,
            after,
        } => Act::Launch {
            file,
            at,
            commit,
            inputs,
            after,
        },
        Act::OpenPull {
            head,
            base,
            pull,
            ready,
            ..
        } => {
            let (title, body) = match pull {
                PullKind::Hotfix => (text::pull_title(view), text::pull_body(view)),
                PullKind::Port => (text::port_title(view), text::port_body(view)),
                PullKind::Known => (text::known_title(view), text::known_body(view)),
            };
            Act::OpenPull {
                head,
                base,
                title,
                body,
                pull,
                ready,
            }
        }
        Act::PushPort {
            carry,
            branch,
            replaces,
            ..
        } => Act::PushPort {
            carry,
            branch,
            replaces,
            message: text::port_message(view),
        },
        Act::PushEntry {
            path,
            branch,
            replaces,
            ..
        } => Act::PushEntry {
            path,
            branch,
            replaces,
            entry: text::known_entry(view),
            message: text::known_message(view),
        },
        Act::Comment { kind, id, .. } => {
            let body = match kind {
                CommentKind::Verification | CommentKind::Closing
                    if view.line.rolled_back().is_some() =>
                {
                    text::withdrawn(kind, view)
                }
                CommentKind::Rollback => text::rolled_back(view),
                CommentKind::Status => text::status(view),
                CommentKind::Verification => text::verification(view),
                CommentKind::Closing => text::closing(view, view.phase.is_none()),
                CommentKind::Regular => text::regular(view),
                CommentKind::Moment(n) => text::moment(n, view),
                CommentKind::Duplicate(n) => text::duplicate(n, view),
                // Told without facts, and so never planned.
                CommentKind::Unreadable => text::goes_on(view.facts.case),
            };
            let body = text::named(body, view);
            Act::Comment {
                kind,
                id,
                marker: text::marker(kind, view.facts.case),
                shown: (kind == CommentKind::Status).then(|| Box::new(seen_in(&body, view))),
                body,
            }
        }
        Act::Reply { comment, pull, .. } => Act::Reply {
            marker: text::reply_marker(comment, view.facts.case),
            body: text::answer(comment, view),
            comment,
            pull,
        },
        Act::Guard {
            id,
            head,
            conclusion,
            ..
        } => {
            let guard = view.guard.as_ref();
            // Those of an earlier call stand there still.
            let notes = guard.filter(|_| id.is_none()).map(|it| it.notes.as_slice());
            Act::Guard {
                id,
                head,
                conclusion,
                name: text::GUARD.to_owned(),
                title: guard.map(text::guard_title).unwrap_or_default(),
                summary: guard
                    .map(|it| text::guard_summary(it, view))
                    .unwrap_or_default(),
                notes: notes
                    .unwrap_or_default()
                    .iter()
                    .map(text::guard_note)
                    .collect(),
            }
        }
        Act::State { id, head, done, .. } => Act::State {
            name: text::STATE.to_owned(),
            title: text::state_title(view, done),
            summary: text::state_summary(view, done),
            id,
            head,
            done,
        },
        Act::Label { label } => Act::Label { label },
        Act::React { comment, reaction } => Act::React { comment, reaction },
        Act::CreateTag { tag, commit, .. } => Act::CreateTag {
            message: text::tag_message(view, &tag),
            tag,
            commit,
        },
        Act::Describe { number, title, .. } => Act::Describe {
            number,
            title: title.map(|()| text::pull_title(view)),
            body: text::pull_body(view),
        },
        Act::Point {
            tag,
            commit,
            was,
            annotated,
            ..
        } => Act::Point {
            message: text::tag_message(view, &tag),
            tag,
            commit,
            was,
            annotated,
        },
        Act::MarkReady { number, node_id } => Act::MarkReady { number, node_id },
        Act::Merge {
            number,
            head,
            method,
            pull,
            branch,
            to,
            after,
            ..
        } => {
            let (title, message) = match pull {
                PullKind::Hotfix => (text::merge_title(view), text::merge_message(view)),
                PullKind::Port => (text::port_merge_title(view), text::port_merge_message(view)),
                PullKind::Known => (text::known_title(view), text::known_merge_message(view)),
            };
            Act::Merge {
                number,
                head,
                method,
                title,
                message,
                pull,
                branch,
                to,
                after,
            }
        }
        Act::Rerun {
            run,
            attempt,
            whole,
        } => Act::Rerun {
            run,
            attempt,
            whole,
        },
        Act::WriteNotes { release, tag, .. } => Act::WriteNotes {
            release,
            tag,
            block: text::notes_block(view),
        },
        Act::PublishAdvisory { id, fixed } => Act::PublishAdvisory { id, fixed },
        Act::Discuss {
            release,
            tag,
            category,
        } => Act::Discuss {
            release,
            tag,
            category,
        },
        Act::CloseIssue => Act::CloseIssue,
        Act::ReopenIssue => Act::ReopenIssue,
        Act::DeleteBranch {
            branch,
            expected,
            pull,
        } => Act::DeleteBranch {
            branch,
            expected,
            pull,
        },
        Act::ClosePull {
            number,
            instead,
            branch,
            pull,
            why,
        } => Act::ClosePull {
            number,
            instead,
            branch,
            pull,
            why: why.map(|()| text::held(view)),
        },
        Act::Announce(it) => Act::Announce(Box::new(Announce {
            bulletin: text::bulletin(it.n, view).map(Box::new),
            ..*it
        })),
        Act::Undo(undo) => Act::Undo(taken_back(undo, view)),
    }
}
