//! The document's 24 items, each answered from facts or by a person's word.

use serde::{Deserialize, Serialize};

use super::checklist_item::{Item, ItemPhase};
use super::facts::{CommentKind, Facts, Run};
use super::policy::Policy;
use super::procedure::branch::Branched;
use super::procedure::required::required;
use super::procedure::ship::OnMain;
use super::procedure::{Survey, cancel, chain, communicate, known, locked, monitor, test, verify};
use super::text;
use super::workflow_file::WorkflowFile;

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Done, by a fact or by the bot.
    Done,
    /// Done by a person's word or hand.
    ByHand,
    /// Does not apply here; counts as done.
    NotApplicable,
    /// Not done.
    Open,
}

impl State {
    /// Whether it counts as done.
    pub fn is_done(self) -> bool {
        self != State::Open
    }

    /// The word of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Done => "done",
            State::ByHand => "by_hand",
            State::NotApplicable => "not_applicable",
            State::Open => "open",
        }
    }
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which item.
    pub item: Item,
    /// How it stands.
    pub state: State,
    /// Who settled it, where it was a person.
    pub by: Option<String>,
    /// What proves it, or why it does not apply: Markdown, user text escaped.
    pub evidence: String,
}

/// An answer before it becomes an [`Entry`].
enum Answer {
    Fact(String),
    Person(String, String),
    Not(&'static str),
    Open,
}

use Answer::{Fact, Not, Open, Person};

/// The 24, in the document's order.
pub fn checklist(f: &Facts, p: &Policy, survey: &Survey) -> Vec<Entry> {
    Item::checklist()
        .map(|item| {
            // What was proven before the tag is answered from the decision.
            if let Some(ship) = locked(f)
                && item.phase() != ItemPhase::After
                && !matches!(item, Item::Merged | Item::Tagged)
                && let Some(entry) = ship.record.items.iter().find(|e| e.item == item)
            {
                return entry.clone();
            }
            let (state, by, evidence) = match answer(f, p, survey, item) {
                Fact(evidence) => (State::Done, None, evidence),
                Person(by, evidence) => (State::ByHand, Some(by), evidence),
                Not(why) => (State::NotApplicable, None, why.to_owned()),
                Open => (State::Open, None, String::new()),
            };
            Entry {
                item,
                state,
                by,
                evidence,
            }
        })
        .collect()
}

fn answer(f: &Facts, p: &Policy, survey: &Survey, item: Item) -> Answer {
    let branched = survey.branch.as_ref().and_then(|s| s.evidence());
    let fixed = survey.fix.as_ref().and_then(|s| s.evidence());
    let shipped = survey.ship.as_ref().and_then(|s| s.evidence());
    match item {
        Item::SeverityConfirmed | Item::NoWorkaround | Item::ImpactAssessed | Item::FixApproach => {
            assessed(f, survey, item)
        }
        Item::BranchCreated => branched.map_or(Open, |b| {
            Fact(format!(
                "{} from {}",
                text::code(&b.branch),
                text::code(&b.base.tag)
            ))
        }),
        Item::MinimalFix => fixed.map_or(Open, |fixed| {
            Fact(text::count(fixed.commits.len() as u64, "commit"))
        }),
        Item::TestsAdded => {
            let file = branched
                .and_then(|b| b.head.as_ref())
                .and_then(|h| h.files.iter().find(|file| file.test));
            match file {
                Some(file) if fixed.is_some() => Fact(text::code(&file.path)),
                _ => word(f, item),
            }
        }
        Item::CriticalPath => critical_path(f, p, survey),
        Item::ManualTest if !p.test.manual => Not("not asked for here"),
        Item::ManualTest => match fixed.and_then(|x| test::manual(f, &x.head)) {
            Some(_) => word(f, item),
            None => Open,
        },
        Item::VersionBumped => match (&survey.bump, branched) {
            (Some(step), Some(b)) if step.evidence().is_some() => Fact(text::code(&b.version)),
            _ => Open,
        },
        Item::Changelog => match (&survey.bump, branched) {
            (_, Some(b)) if b.base.package.changelog.is_none() => Not("there is no changelog"),
            (Some(step), Some(b)) if step.evidence().is_some() => Fact(text::code(
                b.base.package.changelog.as_deref().unwrap_or_default(),
            )),
            _ => Open,
        },
        Item::Merged => match shipped.map(|s| &s.on_main) {
            Some(OnMain::Merged(commit)) => Fact(text::code(commit.short())),
            Some(OnMain::Port(number)) => ported(f, *number),
            None => Open,
        },
        Item::Tagged => super::procedure::ship::tagged(f).map_or(Open, |tagged| {
            Fact(format!(
                "{} on {}",
                text::code(&tagged.name),
                text::code(tagged.tag.commit.short())
            ))
        }),
        Item::PublishWorkflow => workflow(f, p, branched, |w| w.publishes_crate),
        Item::ReleaseWorkflow => workflow(f, p, branched, |w| w.creates_release),
        Item::Registry => match branched {
            Some(b) if !verify::has_registry(p, b) => Not("the package is on no registry"),
            Some(b) if super::procedure::ship::tagged(f).is_some() => {
                verify::published(f).map_or(Open, |v| {
                    let registry = b.base.package.kind().registry();
                    Fact(text::link(&format!("{registry} has {}", b.version), &v.url))
                })
            }
            _ => Open,
        },
        Item::Release => match branched {
            Some(b) if !verify::has_release(p, b) => Not("no GitHub releases are made here"),
            Some(b) if super::procedure::ship::tagged(f).is_some() => verify::released(f)
                .filter(|r| verify::missing_assets(p, b, r).is_empty())
                .map_or(Open, |r| Fact(text::link(&b.tag, &r.url))),
            _ => Open,
        },
        Item::FreshInstall | Item::FixVerified => word(f, item),
        Item::ReleaseNotes => match branched {
            Some(b) if !verify::has_release(p, b) => Not("there is no GitHub release"),
            _ if f.line.notes.is_some() => Fact("the hotfix block is in the notes".into()),
            _ if p.announce.notes != "hotfix" => Not("the repository writes its own notes"),
            _ => Open,
        },
        Item::Community => match word(f, item) {
            Open => Not("no channel or discussion is configured"),
            said => said,
        },
        Item::IssueClosed if !p.announce.close_issue => Not("the repository closes issues itself"),
        Item::IssueClosed => match f.issue.get() {
            Some(issue) if !issue.open && communicate::is_posted(f, CommentKind::Closing) => {
                Fact("closed with the release".into())
            }
            _ => Open,
        },
        Item::KnownIssue => branched.map_or(Open, |b| known_issue(f, p, b)),
        Item::BranchDeleted if !p.announce.delete_branch => Not("the repository keeps them"),
        Item::BranchDeleted => match f.line.branch_deleted {
            Some(_) if !cancel_only(f) => Fact("deleted after the release".into()),
            _ => Open,
        },
        // Texts for the known-issues entry are no items of the 24.
        _ => Open,
    }
}

/// By the forward-port: merged, done without, or still open.
fn ported(f: &Facts, number: u64) -> Answer {
    let port = &f.line.port;
    if let Some(stop) = &port.waived {
        return Person(
            stop.by.login.clone(),
            format!("the forward-port is waived: {}", text::escape(&stop.reason)),
        );
    }
    match port.pull.get() {
        Some(pull) if pull.merged => {
            let commit = pull.merge_commit.clone().unwrap_or_default();
            Fact(format!("{} by #{number}", text::code(commit.short())))
        }
        _ => Open,
    }
}

fn known_issue(f: &Facts, p: &Policy, branched: &Branched) -> Answer {
    let known = &f.line.known;
    let Some(path) = known::path(p, branched) else {
        return Not("the repository keeps no such file");
    };
    if let Some(stop) = &known.waived {
        return Person(
            stop.by.login.clone(),
            format!("waived: {}", text::escape(&stop.reason)),
        );
    }
    let there = known
        .carried
        .as_ref()
        .is_some_and(|carried| carried.commit == carried.onto);
    match (there, known.number, known.pull.get()) {
        (true, ..) => Fact(text::code(path)),
        (_, Some(number), Some(pull)) if pull.merged => {
            Fact(format!("{} by #{number}", text::code(path)))
        }
        _ => Open,
    }
}

fn cancel_only(f: &Facts) -> bool {
    f.cancelled.is_some() && cancel::is_ours_alone(f)
}

fn word(f: &Facts, item: Item) -> Answer {
    f.words.get(&item).map_or(Open, |word| {
        Person(
            word.by.login.clone(),
            word.note.as_deref().map(text::escape).unwrap_or_default(),
        )
    })
}

fn assessed(f: &Facts, survey: &Survey, item: Item) -> Answer {
    if let said @ Person(..) = word(f, item) {
        return said;
    }
    let Some(by) = f.assessed_by.as_ref().map(|b| b.login.clone()) else {
        return Open;
    };
    let proven = survey
        .assess
        .as_ref()
        .is_some_and(|s| s.evidence().is_some());
    match item {
        Item::SeverityConfirmed if proven => {
            let by = f.confirmed.as_ref().map_or(by, |c| c.login.clone());
            Person(by, String::new())
        }
        Item::NoWorkaround => match f.answers.workaround {
            Some(false) => Person(by, String::new()),
            Some(true) if proven => {
                Person(by, "there is one, and the severity outweighs it".into())
            }
            _ => Open,
        },
        Item::ImpactAssessed => f
            .answers
            .affected
            .map_or(Open, |n| Person(by, format!("{n} %"))),
        Item::FixApproach => f
            .answers
            .approach
            .map_or(Open, |a| Person(by, a.word().to_owned())),
        _ => Open,
    }
}

fn critical_path(f: &Facts, p: &Policy, survey: &Survey) -> Answer {
    let (Some(branched), Some(fixed)) = (
        survey.branch.as_ref().and_then(|s| s.evidence()),
        survey.fix.as_ref().and_then(|s| s.evidence()),
    ) else {
        return Open;
    };
    let required = required(f, p, branched);
    let passed: Vec<&Run> = required
        .iter()
        .filter_map(|file| test::newest(f, file, &fixed.head, &branched.branch))
        .filter(|run| run.passed())
        .collect();
    if !required.is_empty() && passed.len() == required.len() {
        return Fact(
            passed
                .iter()
                .map(|run| text::run_link(run))
                .collect::<Vec<_>>()
                .join(", "),
        );
    }
    match test::critical_path(f, &fixed.head) {
        Some(_) => word(f, Item::CriticalPath),
        None => Open,
    }
}

/// A release workflow of this kind: passed for the tag, or there is none.
fn workflow(
    f: &Facts,
    p: &Policy,
    branched: Option<&Branched>,
    kind: impl Fn(&WorkflowFile) -> bool,
) -> Answer {
    let Some(branched) = branched else {
        return Open;
    };
    let files: Vec<_> = monitor::workflows(p, branched)
        .into_iter()
        .filter(|w| w.required)
        .filter(|w| {
            branched
                .base
                .workflow(&w.file)
                .is_some_and(|found| kind(&found.file))
        })
        .collect();
    if files.is_empty() {
        return Not("there is no such workflow here");
    }
    let Some(ship) = locked(f) else {
        return Open;
    };
    let passed: Vec<&Run> = files
        .iter()
        .filter_map(|w| chain::run_of(f, branched, &ship.head, w).run())
        .filter(|run| run.passed())
        .collect();
    if passed.len() < files.len() {
        return Open;
    }
    Fact(
        passed
            .iter()
            .map(|run| text::run_link(run))
            .collect::<Vec<_>>()
            .join(", "),
    )
}
