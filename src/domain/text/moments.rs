//! The comments that call people: one a moment, and a line of what became of it
//! once it is over.

use super::markdown::{capital, code, escape, link, person, quiet};
use super::names::{self, marker};
use super::needs::need;
use super::taken::is_taken;
use super::times::{budget, duration, utc_time};
use super::{block, preview};
use crate::domain::command::Phase;
use crate::domain::facts::Told;
use crate::domain::ids::{Millis, Sha};
use crate::domain::moment::{Failure, Moment};
use crate::domain::need::{Need, Who};
use crate::domain::objects::CommentKind;
use crate::domain::procedure::verify;
use crate::domain::view::View;

/// As many needs stand in the comment that calls for a maximum.
const WAITING: usize = 3;

/// The whole comment of this moment, its marker first.
pub fn moment(n: u32, view: &View<'_>) -> String {
    let body = view
        .moment(n)
        .map_or_else(String::new, |told| match (&told.moment, told.over) {
            (_, Some(at)) => over(told, at, view),
            (Moment::Ready { head }, None) => ready(told, head, view),
            (Moment::Failed { what }, None) => failed(told, what, view),
            (Moment::Late { phase, maximum }, None) => late(told, *phase, *maximum, view),
        });
    let marker = marker(CommentKind::Moment(n), view.facts.case);
    format!("{marker}\n{}\n", body.trim_end())
}

/// Who is called, in the words of a sentence; nobody who is known: the role.
fn called(told: &Told, otherwise: Who, view: &View<'_>) -> String {
    let names: Vec<_> = told.calls.iter().map(|name| mention(name)).collect();
    match names.as_slice() {
        [] => names::who(otherwise, view),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A person or a team, so that GitHub calls them.
fn mention(name: &str) -> String {
    let plain = |part: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !part.is_empty() && part.bytes().all(fits)
    };
    match name.split_once('/') {
        Some((organisation, team)) if plain(organisation) && plain(team) => {
            format!("@{organisation}/{team}")
        }
        _ => person(name),
    }
}

/// Where everything else stands.
fn status(words: &str, view: &View<'_>) -> String {
    let page = view.facts.comments.get(&CommentKind::Status);
    link(words, page.map_or("", |page| &page.url))
}

fn ready(told: &Told, head: &Sha, view: &View<'_>) -> String {
    let tag = escape(&names::tag_or_hotfix(view));
    let who = called(told, Who::Commander, view);
    let command = block::command(&format!("/hotfix release {}", head.short()));
    let ships = view.preview.as_ref();
    let ships = ships.map_or_else(String::new, |it| quiet(&preview::body(view, it, false)));
    format!(
        "### {} is ready: {who} decides\n\n{command}\n\n{ships}\n\n{}",
        tag,
        status("Everything else", view)
    )
}

fn failed(told: &Told, what: &Failure, view: &View<'_>) -> String {
    let mut out = format!("### ✗ {}\n", failure(what, view));
    if matches!(what, Failure::Release(_)) && matches!(stands(view), Out::Not) {
        out.push_str("\nUsers do not have the fix yet.\n");
    }
    let of = |need: &&Need| Failure::of(need).as_ref() == Some(what);
    let needs: Vec<_> = view.needs.iter().filter(of).collect();
    if needs.is_empty() {
        out.push_str("\nIt is being tried again.\n");
    }
    for it in needs {
        let words = need(it, view);
        out.push_str(&format!("\n{}.\n", capital(&quiet(&words.line))));
        let who = called(told, it.who, view);
        match &words.command {
            None => out.push_str(&format!("\n**{who}** can mend it.\n")),
            Some(command) => {
                let how = match words.how {
                    "" => "say".to_owned(),
                    how => small(how),
                };
                let command = block::command(command);
                out.push_str(&format!("\n**{who}:** {how}\n\n{command}\n"));
            }
        }
    }
    format!("{out}\n{}", status("Everything else", view))
}

/// The first letter small: it goes on in a sentence.
fn small(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// What failed, as a heading, and what that means for who waits for the release.
pub(super) fn failure(what: &Failure, view: &View<'_>) -> String {
    let tag = escape(&names::tag_or_hotfix(view));
    let stands = match stands(view) {
        Out::Not => format!("{tag} is tagged and not out"),
        Out::Partly => format!("{tag} is out in part"),
        Out::All => format!("{tag} is out"),
    };
    match what {
        Failure::Tests(file) => format!("{} failed", escape(file)),
        Failure::Release(file) => format!("{} failed: {stands}", escape(file)),
        Failure::Check(name) => format!("The check {} failed", escape(name)),
        Failure::Refused(slot) => format!("GitHub refused {}", names::slot(slot)),
        Failure::Tag => format!("{tag} is not what was tested"),
        Failure::TagGone => format!("Somebody deleted the tag {tag}"),
        Failure::Lightweight => format!("{tag} is a lightweight tag"),
        Failure::Published(package) => format!(
            "{} was published from another commit than {tag}",
            escape(package)
        ),
        Failure::Withdrawn => format!(
            "{} {tag} withdrawn",
            names::registries_do(view, "has", "have")
        ),
        Failure::Latest => format!("{tag} is shown as the latest release, and is not"),
        Failure::Broken => format!("{tag} does not fix it, says who tried it"),
        Failure::Files => format!("Files of the release are missing: {stands}"),
    }
}

enum Out {
    Not,
    Partly,
    All,
}

/// Whether users can get it.
fn stands(view: &View<'_>) -> Out {
    let (c, proofs) = (&view.case, view.proofs());
    let there = (
        verify::published(c).is_some(),
        verify::released(c).is_some(),
    );
    let wanted = proofs.branched.as_ref().map_or((false, false), |branched| {
        (
            verify::has_registry(c, branched),
            verify::has_release(c, branched),
        )
    });
    match (there, wanted) {
        ((false, false), _) => Out::Not,
        ((registry, release), (registry_wanted, release_wanted)) => {
            let all = (registry || !registry_wanted) && (release || !release_wanted);
            if all { Out::All } else { Out::Partly }
        }
    }
}

fn late(told: &Told, phase: Phase, maximum: Millis, view: &View<'_>) -> String {
    let row = view.timeline.row(phase);
    let what = what(phase, view);
    let mut out = format!("### ‼ {what} takes more than {}\n", budget(maximum));
    let named: Vec<_> = told.calls.iter().map(|name| mention(name)).collect();
    let named = match named.is_empty() {
        true => String::new(),
        false => format!(" {}: this needs you.", named.join(", ")),
    };
    if let Some((_, at)) = row.due() {
        let at = utc_time(at, view.timeline.started);
        out.push_str(&format!("\nIts maximum was over at {at}.{named}\n"));
    }
    let waits = view.needs.iter().filter(|need| need.who != Who::Machine);
    let waits: Vec<_> = waits.take(WAITING).collect();
    if !waits.is_empty() {
        out.push_str("\n**It waits for:**\n");
    }
    for it in waits {
        out.push_str(&format!("- {}\n", quiet(&need(it, view).item(it))));
    }
    let more = format!("/hotfix extend {} 30m reason=\"…\"", phase.word());
    if is_taken(&more, view) {
        out.push_str(&format!(
            "\nIf it takes its time:\n\n{}\n",
            block::command(&more)
        ));
    }
    out.push_str(&question(phase, view).unwrap_or_default());
    format!("{out}\n{}", status("Everything else", view))
}

/// The document's own question, once the whole takes longer than it may.
fn question(phase: Phase, view: &View<'_>) -> Option<String> {
    let lower = view.policy.severity.regular.first()?;
    let command = format!("/hotfix downgrade {lower} reason=\"…\"");
    (phase == Phase::Total && is_taken(&command, view)).then(|| {
        format!(
            "\nIs this truly {}, or can it wait for a regular release?\n\n{}\n",
            escape(&view.policy.severity.hotfix.join("/")),
            block::command(&command)
        )
    })
}

/// What takes its time.
pub(super) fn what(phase: Phase, view: &View<'_>) -> String {
    match phase {
        Phase::Total => "The hotfix".to_owned(),
        phase => view.timeline.row(phase).name.to_owned(),
    }
}

/// What became of it: a line, and nothing to be done.
fn over(told: &Told, at: Millis, view: &View<'_>) -> String {
    let when = utc_time(at, view.timeline.started);
    let line = match &told.moment {
        Moment::Ready { head } => was_ready(head, &when, view),
        Moment::Failed { what } => {
            let failed = failure_in_short(what);
            format!("### {failed}\n\nNo longer so since {when}. ")
        }
        Moment::Late { phase, maximum } => {
            let row = view.timeline.row(*phase);
            let what = what(*phase, view);
            match row.took() {
                Some(took) => format!(
                    "### {what} took {} of {} at most\n\n",
                    duration(took),
                    budget(*maximum)
                ),
                None => format!(
                    "### {what} took more than {}\n\nNo longer waited for since {when}. ",
                    budget(*maximum)
                ),
            }
        }
    };
    format!("{line}{}", status("Where it stands", view))
}

fn was_ready(head: &Sha, when: &str, view: &View<'_>) -> String {
    let tag = escape(&names::tag_or_hotfix(view));
    let decision = view.line.decision.as_ref();
    if let Some(decision) = decision.filter(|it| it.head == *head) {
        let at = utc_time(decision.by.at, view.timeline.started);
        return format!(
            "### {} was ready\n\n{} decided at {at} to release {}. ",
            tag,
            quiet(&person(&decision.by.login)),
            code(head.short())
        );
    }
    let why = match view.head() {
        Some(now) if now != head => format!("{} came since", code(now.short())),
        _ => format!("not any more since {when}"),
    };
    format!("### {tag} was ready at {}: {why}\n\n", code(head.short()))
}

/// What had failed, without what that meant then.
fn failure_in_short(what: &Failure) -> String {
    match what {
        Failure::Tests(file) | Failure::Release(file) => format!("{} had failed", escape(file)),
        Failure::Check(name) => format!("The check {} had failed", escape(name)),
        Failure::Refused(slot) => format!("GitHub had refused {}", names::slot(slot)),
        Failure::Tag => "The tag was not what was tested".to_owned(),
        Failure::TagGone => "The tag had been deleted".to_owned(),
        Failure::Lightweight => "The tag was a lightweight one".to_owned(),
        Failure::Published(package) => {
            format!("{} had come from another commit", escape(package))
        }
        Failure::Withdrawn => "The version had been withdrawn".to_owned(),
        Failure::Latest => "It was shown as the latest release".to_owned(),
        Failure::Broken => "Somebody still had the bug".to_owned(),
        Failure::Files => "Files of the release were missing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_teams_are_called_and_nothing_else() {
        assert_eq!(mention("mia"), "@mia");
        assert_eq!(mention("acme/on-call"), "@acme/on-call");
        assert_eq!(mention("a b/c"), escape("a b/c"));
        assert_eq!(mention("a/b/c"), escape("a/b/c"));
    }
}
