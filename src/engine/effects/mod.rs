//! Carries one effect out. IO is dumb: `act` does what the effect says, `look`
//! says whether it is so already. Neither repeats anything; dispatch does.
//!
//! One file a subject. Each function tells which calls it makes: they count
//! against the installation's rate limit. What is decided on the way (which tag
//! is the base, what is a test) is in small pure functions beside.

mod actions;
mod advisory;
mod announce;
mod base;
mod base_tag;
mod branch;
mod bump;
mod checks;
mod cleanup;
mod comments;
mod commit;
mod commits;
mod context;
mod convert;
mod enable;
mod files;
mod foresee;
mod guard;
mod guards;
mod halted;
mod hands;
mod holds;
mod issue;
mod jobs;
mod kept_files;
mod known;
mod learn;
mod line;
mod offers;
mod on_main;
mod package;
mod pick;
mod picked;
mod pointers;
mod policy;
mod port;
pub(super) mod proposed;
mod publish;
mod pull;
mod reads;
mod refs;
mod revert;
mod runs;
mod tag;
mod trees;
mod undo;
mod verified;
mod weaker;

pub use self::context::{Context, Found, Made, Noted};
use self::context::{found, refused, said_no};
use crate::domain::effect::{Act, Effect};
use crate::domain::event::Outcome;
use crate::domain::text::replaced_by;
use crate::ecosystem::Bump;
use crate::github::Error;

/// Whether a write is so already. Reads are never looked for.
///
/// # Errors
/// What GitHub answers.
pub async fn look(context: &Context, effect: &Effect) -> Result<Found, Error> {
    use Act::*;
    match effect {
        // Reads are asked again.
        Read(_) => Ok(Found::Not),
        CreateBranch { branch, sha, .. } => branch::look_created(context, branch, sha).await,
        PushBump { branch, parent, .. } => bump::look(context, branch, parent).await,
        PushPicks { branch, parent, .. } => pick::look(context, branch, parent).await,
        EnableTests { branch, parent, .. } => enable::look(context, branch, parent).await,
        Dispatch {
            file,
            head,
            trial,
            after,
            ..
        } => runs::look_dispatched(context, file, head, trial.is_some(), *after).await,
        Launch {
            file,
            at,
            commit,
            after,
            ..
        } => runs::look_launched(context, file, at, commit, *after).await,
        PushPort {
            carry,
            branch,
            replaces,
            ..
        } => port::look(context, carry, branch, replaces.as_ref()).await,
        PushEntry {
            branch, replaces, ..
        } => known::look(context, branch, replaces.as_ref()).await,
        OpenPull { head, base, .. } => pull::look_opened(context, head, base).await,
        Comment {
            kind,
            id,
            marker,
            body,
            shown,
        } => comments::look(context, *kind, *id, marker, body, shown.as_deref()).await,
        Reply { pull, marker, .. } => comments::look_reply(context, *pull, marker).await,
        Guard { .. } => match guarded(effect) {
            Some(wanted) => guard::look(context, &wanted).await,
            None => Ok(Found::Not),
        },
        State { id, head, name, .. } => guard::look_state(context, *id, head, name).await,
        Label { label } => issue::look_label(context, label).await,
        // A chat is not asked what it was told, and edits are harmless again.
        Announce(_) => Ok(Found::Not),
        // GitHub keeps one reaction of a kind: again is harmless.
        React { .. } => Ok(Found::Not),
        CreateTag { tag, commit, .. } => tag::look(context, tag, commit).await,
        Describe {
            number,
            title,
            body,
        } => pull::look_described(context, *number, title.as_deref(), body).await,
        Point {
            tag, commit, was, ..
        } => pointers::look(context, pointers::Wanted::of(tag, commit, was.as_ref())).await,
        MarkReady { number, .. } => pull::look_ready(context, *number).await,
        Merge { number, .. } => pull::look_merged(context, *number).await,
        Rerun { run, attempt, .. } => runs::look_rerun(context, *run, *attempt).await,
        WriteNotes { release, block, .. } => publish::look_notes(context, *release, block).await,
        Discuss { release, .. } => publish::look_discussed(context, *release).await,
        PublishAdvisory { id, .. } => advisory::look(context, id).await,
        CloseIssue => issue::look_closed(context).await,
        ReopenIssue => issue::look_open(context).await,
        DeleteBranch {
            branch, expected, ..
        } => cleanup::look_deleted(context, branch, expected).await,
        ClosePull { number, pull, .. } => cleanup::look_closed(context, *number, *pull).await,
        Undo(undo) => undo::look(context, undo).await,
    }
}

/// The scope guard's check run, of the effect that is one.
fn guarded(effect: &Effect) -> Option<guard::Wanted<'_>> {
    let Act::Guard {
        id,
        head,
        conclusion,
        name,
        title,
        summary,
        notes,
    } = effect
    else {
        return None;
    };
    Some(guard::Wanted {
        id: *id,
        head,
        conclusion: *conclusion,
        name,
        title,
        summary,
        notes,
    })
}

/// Carries it out.
///
/// # Errors
/// What GitHub or the registry answers.
pub async fn act(context: &Context, effect: &Effect) -> Result<Outcome, Error> {
    use Act::*;
    match effect {
        Read(read) => Box::pin(reads::read(context, read)).await,
        PushPicks {
            branch,
            parent,
            base,
            sources,
            changelogs,
            heads,
        } => {
            let asked = pick::Asked {
                branch,
                parent,
                base,
                sources,
                changelogs,
                heads,
            };
            pick::push(context, asked).await
        }
        EnableTests {
            branch,
            parent,
            paths,
            pattern,
            message,
        } => enable::push(context, branch, parent, paths, pattern, message).await,
        Dispatch {
            file,
            branch,
            head,
            trial,
            after,
        } => runs::dispatch(context, file, branch, head, trial.as_ref(), *after).await,
        Launch {
            file,
            at,
            commit,
            inputs,
            after,
        } => runs::launch(context, file, at, commit, inputs, *after).await,
        PushPort {
            carry,
            branch,
            replaces,
            message,
        } => port::push(context, carry, branch, replaces.as_ref(), message).await,
        PushEntry {
            path,
            branch,
            replaces,
            entry,
            message,
        } => known::push(context, path, branch, replaces.as_ref(), entry, message).await,
        CreateBranch { branch, sha, raise } => {
            branch::create(context, branch, sha, raise.as_deref()).await
        }
        PushBump {
            branch,
            parent,
            package,
            version,
            entry,
            date,
            message,
            was,
        } => {
            let wanted = Bump {
                package,
                version,
                entry,
                date,
                was: was.as_deref(),
            };
            bump::push(context, branch, parent, &wanted, message).await
        }
        OpenPull {
            head,
            base,
            title,
            body,
            ready,
            ..
        } => pull::open(context, head, base, title, body, *ready).await,
        Comment {
            kind,
            id,
            body,
            shown,
            ..
        } => comments::write(context, *kind, *id, body, shown.as_deref()).await,
        Reply { pull, body, .. } => comments::reply(context, *pull, body).await,
        Guard { .. } => match guarded(effect) {
            Some(wanted) => guard::write(context, &wanted).await,
            None => Ok(Outcome::Done),
        },
        State {
            id,
            head,
            done,
            name,
            title,
            summary,
        } => guard::write_state(context, (*id, head, *done), (name, title, summary)).await,
        Label { label } => issue::label(context, label).await,
        React { comment, reaction } => comments::react(context, *comment, *reaction).await,
        CreateTag {
            tag,
            commit,
            message,
        } => tag::create(context, tag, commit, message).await,
        Describe {
            number,
            title,
            body,
        } => pull::describe(context, *number, title.as_deref(), body).await,
        Point {
            tag,
            commit,
            was,
            annotated,
            message,
        } => {
            let wanted = pointers::Wanted::of(tag, commit, was.as_ref());
            let message = annotated.then_some(message.as_str());
            pointers::point(context, wanted, message).await
        }
        MarkReady { number, node_id } => pull::mark_ready(context, *number, node_id).await,
        Merge {
            number,
            head,
            method,
            title,
            message,
            pull: kind,
            branch,
            to,
            after,
        } => {
            let wanted = pull::Wanted {
                number: *number,
                kind: *kind,
                branch,
                to: to.as_deref(),
                after: after.as_ref(),
                head,
                method: *method,
                title,
                message,
            };
            pull::merge(context, &wanted).await
        }
        Rerun {
            run,
            attempt,
            whole,
        } => runs::rerun(context, *run, *attempt, *whole).await,
        WriteNotes {
            release,
            tag,
            block,
        } => publish::write_notes(context, *release, tag, block).await,
        Discuss {
            release,
            tag,
            category,
        } => publish::discuss(context, *release, tag, category).await,
        PublishAdvisory { id, fixed } => advisory::publish(context, id, fixed).await,
        CloseIssue => issue::close(context).await,
        ReopenIssue => issue::reopen(context).await,
        DeleteBranch {
            branch, expected, ..
        } => cleanup::delete(context, branch, expected).await,
        ClosePull {
            number,
            instead,
            branch,
            pull,
            why,
        } => {
            let line = match instead {
                Some(instead) => Some(replaced_by(*instead)),
                None => why.clone(),
            };
            cleanup::close(context, *number, line.as_deref(), (branch, *pull)).await
        }
        Announce(it) => announce::tell(context, it).await,
        Undo(undo) => undo::act(context, undo).await,
    }
}
