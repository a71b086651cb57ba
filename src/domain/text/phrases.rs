//! Phrases that needs are made of.

use super::markdown::{code, escape};
use super::names;
use super::notices::stop_reason;
use super::times::utc_time;
use crate::domain::effect::Slot;
use crate::domain::ids::{Millis, Sha};
use crate::domain::need::{Looking, StopReason, Unclear};
use crate::domain::objects::Object;
use crate::domain::obstacle::Obstacle;
use crate::domain::outside::Outside;
use crate::domain::policy::Question;
use crate::domain::severity::{Approach, Condition, WhyNot};
use crate::domain::view::View;

pub(super) fn at(head: &Sha) -> String {
    code(head.short())
}

pub(super) fn because(why: &StopReason) -> String {
    match stop_reason(why) {
        reason if reason.is_empty() => String::new(),
        reason => format!(" (“{reason}”)"),
    }
}

/// Something refused, or what is in its way.
pub(super) fn stuck(slot: &Slot, obstacle: &Obstacle, view: &View<'_>) -> String {
    let who = match slot {
        Slot::Read(Object::Registry | Object::Parts) | Slot::Yank(_) => names::registries(view),
        _ => "GitHub".to_owned(),
    };
    if let (Slot::Tag, Obstacle::Undone) = (slot, obstacle) {
        return "the tag that the bot made is gone: somebody deleted it. The bot does not make it a second time unasked".to_owned();
    }
    let slot = names::slot(slot);
    match obstacle {
        Obstacle::Refused(words) => format!("{who} refused {slot} (“{}”)", said(words)),
        Obstacle::Found(words) => format!("the bot did not get {slot}: {}", said(words)),
        Obstacle::Undone => {
            format!(
                "this was done and is undone by now ({slot}). The bot does not do it a second time by itself"
            )
        }
        Obstacle::Unknown => format!(
            "{who} did not answer when it was asked {slot}, and no run of it is to be seen: look at the workflow's page, for once more may be twice"
        ),
    }
}

/// How questions are answered in the command, with their short answers.
pub(super) fn questions(missing: &[Question]) -> String {
    let answer = |question: &Question| {
        let answers = match question {
            // The first of them is an answer as it stands.
            Question::Condition => choices(Condition::ALL.iter().map(|c| c.word())),
            Question::Platform => "…".to_owned(),
            Question::Workaround | Question::Urgent => "yes|no".to_owned(),
            Question::Affected => "0..100".to_owned(),
            Question::Approach => choices(Approach::ALL.iter().map(|a| a.word())),
        };
        format!("{}={answers}", question.word())
    };
    let all: Vec<_> = missing.iter().map(answer).collect();
    all.join(" ")
}

fn choices<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join("|")
}

pub(super) fn why_not(reason: &WhyNot) -> String {
    escape(&format!("{reason}: {}", reason.instead()))
}

/// What the bot is reading.
pub(super) fn looking(at: Looking) -> String {
    let words = match at {
        Looking::Configuration => "the configuration",
        Looking::Labeller => "the role of who set the label",
        Looking::Base => "the release to fix",
        Looking::Out => "what of the release is out",
        Looking::NextVersion => "the next free version",
        Looking::Guards => "what the repository's settings allow",
        Looking::Branch => "the hotfix branch",
        Looking::Pull => "the pull request",
        Looking::Merges => "whether the pull request can be merged",
        Looking::Runs => "the runs on the head",
        Looking::Checks => "the checks of the head",
        Looking::Jobs => "where the runs on the head ran",
        Looking::Sums => "the release's checksums",
        Looking::Attested => "whether the release's files are attested",
        Looking::Addresses => "the addresses that must show it",
        Looking::Everything => "everything once more, after the decision",
        Looking::Tag => "the release tag",
        Looking::TagRuns => "whether the tag starts anything",
        Looking::Decision => "the decision",
        Looking::OtherLines => "the other release lines of this issue",
        Looking::ClosingComment => "the closing comment",
        Looking::Port => "the forward-port",
        Looking::Known => "the pull request of the known issue",
        Looking::SideMerges(number) => return format!("whether {} can be merged", pull(number)),
        Looking::SideRuns(number) => return format!("the runs of {}", pull(number)),
        Looking::Advisory => "whether the security advisory is published",
        Looking::Holds => "whether the fix is on the default branch",
    };
    words.to_owned()
}

/// A pull request's number, without a link.
fn pull(number: u64) -> String {
    escape(&format!("#{number}"))
}

pub(super) fn said(message: &Outside) -> String {
    message.shortened(300).markdown()
}

pub(super) fn where_seen(view: &View<'_>) -> String {
    let seen = view.facts.answers.platform.as_ref().map(Outside::markdown);
    seen.map_or_else(String::new, |platform| {
        format!(" on {platform}, where the bug was seen")
    })
}

pub(super) fn time(at: Millis, view: &View<'_>) -> String {
    utc_time(at, view.timeline.started)
}

/// Why nobody can tell all whose work a commit is, and what helps.
pub(super) fn nobody_can_tell(unclear: &Unclear) -> String {
    match unclear {
        Unclear::Address(commit) => format!(
            ": an address in {} belongs to no person whom GitHub knows",
            at(commit)
        ),
        Unclear::Push(commit) => format!(
            ": I did not see who pushed {}. Pushed once more, it is seen: {}",
            at(commit),
            code("git commit --amend --no-edit && git push --force-with-lease")
        ),
    }
}
