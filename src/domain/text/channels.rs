//! What channels are told: plain words, as each service writes them its own way.
//! Of a vulnerability nothing is told before its release but number and version.

use pulldown_cmark::{Event, Parser, TagEnd};

use super::markdown::count;
use super::moments::{failure, what as late_phase};
use super::names::{self, NEUTRAL};
use super::needs::need;
use super::times::{budget, duration};
use crate::domain::bulletin::{Bulletin, Details, Span, WaitsFor};
use crate::domain::facts::{Happened, Stop};
use crate::domain::happening::{Happening, HappeningKind};
use crate::domain::ids::Millis;
use crate::domain::moment::{Failure, Moment};
use crate::domain::need::{Need, StopReason, Who};
use crate::domain::objects::CommentKind;
use crate::domain::procedure::release_runs::ReleaseWorkflow;
use crate::domain::view::View;

/// As many needs are told.
const NEEDS: usize = 3;

/// As long is what somebody said.
const SAID: usize = 200;

/// What is told of what happened at this place; none where nothing did.
pub fn bulletin(n: u32, view: &View<'_>) -> Option<Bulletin> {
    let f = view.facts;
    let happened = *f.happened.get(usize::try_from(n).ok()?)?;
    let what = happened.what;
    let (title, text) = words(what, view);
    let again = match happened.again {
        0 => String::new(),
        again => format!(".{again}"),
    };
    Some(Bulletin {
        id: format!("hotfix.{}.{}.{}.{n}{again}", f.repo.id, f.number, f.case),
        event: what.kind(),
        at: happened.at,
        title,
        text,
        fields: fields(view),
        url: page(what, view),
        details: details(&happened, view),
    })
}

/// What tries a channel says.
pub fn try_out(channel: &str, at: Millis) -> Bulletin {
    Bulletin {
        id: format!("hotfix.test.{channel}.{at}"),
        event: HappeningKind::Test,
        at,
        title: "Hotfix Bot: a test message".to_owned(),
        text: format!("The channel {channel} works. Nothing has to be done."),
        fields: Vec::new(),
        url: String::new(),
        details: Details::default(),
    }
}

/// "v1.0.5 of lantern".
fn named(view: &View<'_>) -> String {
    let package = names::package(view);
    match names::tag(view) {
        Some(tag) => format!("{tag} of {package}"),
        None => package.to_owned(),
    }
}

fn words(what: Happening, view: &View<'_>) -> (String, String) {
    let (name, secret) = (named(view), names::is_secret(view));
    let moment = what.moment().and_then(|n| view.moment(n));
    // What came after it is told by a message of its own.
    let past = moment.is_some_and(|told| told.over.is_some());
    let moment = moment.map(|told| &told.moment);
    match what {
        Happening::Started => {
            let tag = names::tag(view).map_or_else(String::new, |tag| format!(" {tag}"));
            let title = format!("Hotfix{tag} of {} started", names::package(view));
            (title, sentence(&names::summary(view).title()))
        }
        Happening::Ready { .. } => (
            format!("{name} is ready to be released"),
            match secret || past {
                true => String::new(),
                false => ready(view),
            },
        ),
        Happening::Waiting { .. } => match moment {
            Some(Moment::Failed { what }) if !secret => failed(what, &name, view),
            _ => (format!("{name} waits for somebody"), String::new()),
        },
        Happening::Escalated { .. } => match moment {
            Some(Moment::Late { phase, maximum }) if !secret => (
                format!(
                    "{name}: {} takes more than {}",
                    late_phase(*phase, view),
                    budget(*maximum)
                ),
                match past {
                    true => String::new(),
                    false => waits(view),
                },
            ),
            _ => (format!("{name} takes more than it may"), String::new()),
        },
        Happening::Tagged => (
            format!("{name} is tagged"),
            match secret {
                true => String::new(),
                false => tagged(view),
            },
        ),
        Happening::Released => out(&name, view),
        Happening::Cancelled => (
            format!("The hotfix {name} was given up"),
            match &view.facts.cancelled {
                Some(stop) if !secret => by(stop),
                _ => String::new(),
            },
        ),
        Happening::RolledBack => (format!("{name} is taken back"), stay(view)),
        Happening::Finished => (format!("{name} is finished"), took(view)),
    }
}

/// The message that it is out, which says what became of it.
fn out(name: &str, view: &View<'_>) -> (String, String) {
    if view.line.rolled_back().is_some() {
        return (format!("{name} was out, and is taken back"), stay(view));
    }
    let mut text = sentence(&names::summary(view).title());
    if let Some(version) = &view.line.version {
        let install = names::words(view, version).install;
        text.push_str(&format!("\nTo upgrade: {install}"));
    }
    if view.phase.is_none() {
        text.push_str(&format!("\nEverything is done. {}", took(view)));
    }
    (format!("{name} is out"), text)
}

fn ready(view: &View<'_>) -> String {
    let Some(preview) = &view.preview else {
        return String::new();
    };
    format!(
        "{}, {}, +{} −{}.\nA decision is all that is missing, by a comment on the issue: /hotfix release {}",
        count(preview.commits.len() as u64, "commit"),
        count(preview.files, "file"),
        preview.additions,
        preview.deletions,
        preview.head.short()
    )
}

fn failed(what: &Failure, name: &str, view: &View<'_>) -> (String, String) {
    let of = |need: &&Need| Failure::of(need).as_ref() == Some(what);
    let needs: Vec<&Need> = view.needs.iter().filter(of).collect();
    let title = format!("{name}: {}", plain(&failure(what, view)));
    (title, lines(&needs, view))
}

/// What people are waited for.
fn waits(view: &View<'_>) -> String {
    let people = view.needs.iter().filter(|need| need.who != Who::Machine);
    let needs: Vec<&Need> = people.take(NEEDS).collect();
    match needs.is_empty() {
        true => String::new(),
        false => format!("It waits for:\n{}", lines(&needs, view)),
    }
}

fn lines(needs: &[&Need], view: &View<'_>) -> String {
    let line = |it: &&Need| {
        let words = need(it, view);
        let command = words
            .command
            .map_or_else(String::new, |it| format!(" ({it})"));
        format!("• {}{command}", super::capital(&plain(&words.line)))
    };
    let lines: Vec<_> = needs.iter().take(NEEDS).map(line).collect();
    lines.join("\n")
}

fn tagged(view: &View<'_>) -> String {
    let Some(decision) = &view.line.decision else {
        return String::new();
    };
    let required = |it: &&ReleaseWorkflow| it.required;
    let files = view.release_workflows.iter().filter(required);
    let files: Vec<_> = files.map(|it| it.file.as_str()).collect();
    let follows = match files.is_empty() {
        true => String::new(),
        false => format!(" It is out when {} passed.", files.join(" and ")),
    };
    format!("Commit {}.{follows}", decision.commit().short())
}

/// By whom it was given up, and why.
fn by(stop: &Stop) -> String {
    let why = match &stop.why {
        StopReason::Said(words) => words.shortened(SAID).title(),
        StopReason::LabelOff(label) => format!("the label {} is off", label.title()),
        StopReason::TakenOff => "the App was taken off".to_owned(),
        StopReason::Downgraded { level, reason } => {
            format!(
                "it is {}: {}",
                level.title(),
                reason.shortened(SAID).title()
            )
        }
    };
    match why.trim() {
        "" => format!("By {}.", stop.by.login),
        why => sentence(&format!("By {}: {why}", stop.by.login)),
    }
}

/// What users of a release that is taken back do.
fn stay(view: &View<'_>) -> String {
    if names::is_secret(view) {
        return "Do not install it.".to_owned();
    }
    let base = view.line.seen.base.get();
    let good = base.map_or("the release before", |base| base.tag.as_str());
    let mut text = format!("Do not install it. Stay on {good}, which still has the bug.");
    let back = names::base_version(view).and_then(|it| names::install_command(view, it));
    if let Some(command) = back {
        text.push_str(&format!("\nThe way back: {command}"));
    }
    text
}

fn took(view: &View<'_>) -> String {
    let total = &view.timeline.total;
    total.took().map_or_else(String::new, |took| {
        format!(
            "It took {}, of {} at most.",
            duration(took),
            budget(total.maximum)
        )
    })
}

/// The line, with a full stop.
fn sentence(line: &str) -> String {
    let line = super::capital(line.trim());
    match line.ends_with(['.', '!', '?', '…']) || line.is_empty() {
        true => line,
        false => format!("{line}."),
    }
}

fn full_name(view: &View<'_>) -> String {
    format!("{}/{}", view.facts.repo.owner, view.facts.repo.name)
}

fn fields(view: &View<'_>) -> Vec<(String, String)> {
    let field = |name: &str, value: String| (name.to_owned(), value);
    let mut all = vec![
        field("Repository", full_name(view)),
        field("Issue", format!("#{}", view.facts.number)),
    ];
    if let Some(version) = &view.line.version {
        let was = names::base_version(view).filter(|_| !names::is_secret(view));
        all.push(field(
            "Version",
            match was {
                Some(base) => format!("{base} → {version}"),
                None => version.clone(),
            },
        ));
    }
    all
}

fn issue_page(view: &View<'_>) -> String {
    names::page(view, &format!("issues/{}", view.facts.number))
}

/// Where one reads on: the release, or the comment that has it all.
fn page(what: Happening, view: &View<'_>) -> String {
    let of = |kind| {
        let comment = view.facts.comments.get(&kind);
        comment.map(|it| it.url.clone()).filter(|it| !it.is_empty())
    };
    let there = match what {
        Happening::Released if view.line.rolled_back().is_none() => {
            names::tag(view).map(|tag| names::release_page(view, &tag))
        }
        Happening::Released | Happening::RolledBack => of(CommentKind::Rollback),
        Happening::Finished => of(CommentKind::Closing),
        what => what.moment().and_then(|n| of(CommentKind::Moment(n))),
    };
    there
        .or_else(|| of(CommentKind::Status))
        .unwrap_or_else(|| issue_page(view))
}

fn details(happened: &Happened, view: &View<'_>) -> Details {
    let (f, what) = (view.facts, happened.what);
    let known = Details {
        repository: f.repo.id,
        full_name: full_name(view),
        private: f.repo.private,
        number: f.number,
        issue_url: issue_page(view),
        version: view.line.version.clone(),
        ..Details::default()
    };
    if names::is_secret(view) {
        return known;
    }
    let summary = names::summary(view).title();
    let actor = match what {
        Happening::Started => Some(f.trigger.by.login.as_str()),
        Happening::Tagged => view.line.decision.as_ref().map(|it| it.by.login.as_str()),
        Happening::Cancelled => f.cancelled.as_ref().map(|it| it.by.login.as_str()),
        Happening::RolledBack => view.line.rolled_back().map(|it| it.by.login.as_str()),
        _ => None,
    };
    let result = match what {
        Happening::Released | Happening::Cancelled | Happening::RolledBack => {
            Some(what.kind().word())
        }
        Happening::Finished => Some(HappeningKind::Released.word()),
        _ => None,
    };
    let base = view.line.seen.base.get();
    Details {
        title: (summary != NEUTRAL).then_some(summary),
        base: base
            .map(|base| base.tag.clone())
            .filter(|it| !it.is_empty()),
        head: head(what, view),
        phase: view.phase.map(|step| step.title().to_lowercase()),
        result: result.map(str::to_owned),
        waiting: current(what, view).and_then(|_| waiting(happened.at, view)),
        timeline: timeline(view),
        actor: actor.filter(|it| !it.is_empty()).map(str::to_owned),
        ..known
    }
}

/// The moment that it is, as long as it lasts.
fn current<'v>(what: Happening, view: &'v View<'_>) -> Option<&'v Moment> {
    let told = view.moment(what.moment()?)?;
    told.over.is_none().then_some(&told.moment)
}

/// The commit that it is about: of what is ready, that one.
fn head(what: Happening, view: &View<'_>) -> Option<String> {
    let moment = what.moment().and_then(|n| view.moment(n));
    let head = match moment.map(|told| &told.moment) {
        Some(Moment::Ready { head }) => Some(head),
        _ => names::head(view),
    };
    head.map(|head| head.as_str().to_owned())
}

/// The first who is waited for.
fn waiting(since: Millis, view: &View<'_>) -> Option<WaitsFor> {
    let first = view.needs.iter().find(|need| need.who != Who::Machine)?;
    Some(WaitsFor {
        role: match first.who {
            Who::Reporter => "reporter",
            Who::Responder => "responder",
            Who::Commander | Who::Machine => "commander",
        }
        .to_owned(),
        since,
        command: need(first, view).command,
    })
}

fn timeline(view: &View<'_>) -> Vec<Span> {
    let rows = view.timeline.rows.iter();
    let span = |row: &crate::domain::timeline::Row| {
        Some(Span {
            phase: row.phase.word().to_owned(),
            from: row.from?,
            until: row.until,
            target: row.target,
            maximum: row.maximum,
        })
    };
    rows.filter_map(span).collect()
}

/// Markdown of ours without its markup, in one line.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item) => out.push(' '),
            _ => {}
        }
    }
    let seen = out.replace('\u{200b}', "");
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_ours_lose_their_markup_and_nothing_else() {
        for (markdown, words) in [
            (
                "`ci.yml` [run 7](https://h/7) failed",
                "ci.yml run 7 failed",
            ),
            (r"a \*star\* and \<b\>", "a *star* and <b>"),
            ("**Anybody:** go on\n\n- one", "Anybody: go on one"),
            ("@\u{200b}mia &amp; co", "@mia & co"),
        ] {
            assert_eq!(plain(markdown), words);
        }
        assert_eq!(sentence("it burns"), "It burns.");
        assert_eq!(sentence("Does it?"), "Does it?");
    }
}
