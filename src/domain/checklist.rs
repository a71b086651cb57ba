//! The document's 24 items, each answered from facts or by a person's word.

use super::command::Overridable;
use super::evidence::{Entry, Evidence, ItemState, NotApplicable};
use super::facts::Stop;
use super::happenings;
use super::ids::Sha;
use super::item::{Item, ItemPhase};
use super::need::StopReason;
use super::objects::{CommentKind, Run};
use super::outside::Outside;
use super::policy::PublishedBy;
use super::procedure::branch::Branched;
use super::procedure::open_port::OnMain;
use super::procedure::release_runs::{Found, ReleaseWorkflow, run_of, workflows};
use super::procedure::required::required;
use super::procedure::{
    Case, Proofs, by_hand, cancel, does, install, known_issue, monitor, runs, scope, test, verify,
};

/// An answer before it becomes an [`Entry`].
enum Answer {
    Fact(Evidence),
    Person(String, Evidence),
    Not(NotApplicable),
    Open,
}

use Answer::{Fact, Not, Open, Person};

/// The 24, in the document's order.
pub fn checklist(c: &Case<'_>, proofs: &Proofs) -> Vec<Entry> {
    Item::checklist()
        .map(|item| entry(c, proofs, item))
        .collect()
}

fn entry(c: &Case<'_>, proofs: &Proofs, item: Item) -> Entry {
    // What was proven before the tag is answered from the decision.
    if let Some(decision) = c.line.locked()
        && item.phase() != ItemPhase::After
        && !matches!(item, Item::Merged | Item::Tagged)
        && let Some(entry) = decision.record.items.iter().find(|e| e.item == item)
    {
        return entry.clone();
    }
    let (state, by, evidence) = match answer(c, proofs, item) {
        Fact(evidence) => (ItemState::Done, None, evidence),
        Person(by, evidence) => (ItemState::ByHand, Some(by), evidence),
        Not(why) => (ItemState::NotApplicable, None, Evidence::Not { why }),
        Open => (ItemState::Open, None, Evidence::None),
    };
    Entry {
        item,
        state,
        by,
        evidence,
    }
}

fn answer(c: &Case<'_>, proofs: &Proofs, item: Item) -> Answer {
    let branched = proofs.branched.as_ref();
    let fixed = proofs.fixed.as_ref();
    match item {
        Item::SeverityConfirmed | Item::NoWorkaround | Item::ImpactAssessed | Item::FixApproach => {
            assessed(c, proofs, item)
        }
        Item::BranchCreated => branched.map_or(Open, |b| {
            Fact(Evidence::Branch {
                branch: b.branch.clone(),
                base: b.base.tag.clone(),
            })
        }),
        Item::MinimalFix => match (branched, fixed) {
            (Some(branched), Some(fixed)) => minimal(c, branched, &fixed.head),
            _ => Open,
        },
        Item::FreshInstall => match word(c, item) {
            Open => installed(c, proofs),
            said => said,
        },
        Item::FixVerified => word(c, item),
        Item::TestsAdded => match (branched.and_then(|b| test::touched(c, b)), fixed) {
            (Some(file), Some(_)) => Fact(of_file(&file.path)),
            (_, Some(fixed)) if runs::bound(c, item, &fixed.head).is_some() => word(c, item),
            (_, Some(_)) if !c.policy.scope.require_test => Not(NotApplicable::NoTestAsked),
            _ => Open,
        },
        Item::CriticalPath => critical_path(c, proofs),
        Item::ManualTest if !c.policy.test.manual => Not(NotApplicable::NoManualTest),
        Item::ManualTest => match fixed.and_then(|x| runs::manual(c, &x.head)) {
            Some(_) => word(c, item),
            None => Open,
        },
        Item::VersionBumped => match (proofs.bumped, branched) {
            (Some(_), Some(b)) => Fact(Evidence::Version {
                version: b.version.clone(),
            }),
            _ => Open,
        },
        Item::Changelog => match branched.map(|b| b.base.package.changelog.as_deref()) {
            Some(None) => by_people(c, proofs),
            Some(Some(path)) if proofs.bumped.is_some() => Fact(of_file(path)),
            _ => Open,
        },
        // On the release line's branch, too.
        Item::Merged if proofs.lined.is_none() => Open,
        Item::Merged => match proofs.shipped.as_ref().map(|s| &s.on_main) {
            Some(OnMain::Merged(commit)) => Fact(Evidence::Commit {
                commit: commit.clone(),
                by: None,
            }),
            Some(OnMain::Port(number)) => ported(c, *number),
            None => Open,
        },
        Item::Tagged => proofs.tagged.as_ref().map_or(Open, |tagged| {
            Fact(Evidence::Tag {
                name: tagged.name.clone(),
                commit: tagged.tag.commit.clone(),
            })
        }),
        Item::PublishWorkflow => workflow(c, branched, |file, publishes, _| {
            publishes || branched.is_some_and(|b| is_named(c, b, file))
        }),
        // What is waited for stands somewhere, whatever it does.
        Item::ReleaseWorkflow => {
            workflow(c, branched, |_, publishes, releases| releases || !publishes)
        }
        Item::Registry => match branched {
            Some(b) if !verify::has_registry(c, b) => Not(NotApplicable::NoRegistry),
            Some(b) if proofs.tagged.is_some() => verify::published(c).map_or(Open, |v| {
                Fact(Evidence::Published {
                    version: b.version.clone(),
                    url: v.url.clone(),
                })
            }),
            _ => Open,
        },
        Item::Release => match branched {
            Some(b) if !verify::has_release(c, b) => Not(NotApplicable::NoReleases),
            Some(b) if proofs.tagged.is_some() => verify::released(c)
                .filter(|r| {
                    c.line.verification_waived.is_some()
                        || verify::missing_assets(c, b, r).is_empty()
                })
                .map_or(Open, |r| {
                    Fact(Evidence::Release {
                        tag: b.tag.clone(),
                        url: r.url.clone(),
                    })
                }),
            _ => Open,
        },
        Item::ReleaseNotes => match branched {
            Some(b) if !verify::has_release(c, b) => Not(NotApplicable::NoNotes),
            _ if c.line.notes.is_some() => Fact(Evidence::Notes),
            _ if c.policy.announce.notes.is_empty() => Not(NotApplicable::OwnNotes),
            _ => Open,
        },
        Item::Community => community(c),
        Item::IssueClosed if !c.policy.announce.close_issue => Not(NotApplicable::ClosesItself),
        Item::IssueClosed => match c.facts.issue.get() {
            Some(issue) if !issue.open && c.facts.is_posted(CommentKind::Closing) => {
                Fact(Evidence::ClosedWithRelease)
            }
            _ => Open,
        },
        Item::KnownIssue => branched.map_or(Open, |b| known(c, b)),
        Item::BranchDeleted if !c.policy.announce.delete_branch => {
            Not(NotApplicable::KeepsBranches)
        }
        Item::BranchDeleted => match c.line.branch_deleted {
            Some(_) if !cancelled_alone(c) => Fact(Evidence::DeletedAfterRelease),
            _ => Open,
        },
        // Texts are no items of the 24.
        Item::Symptoms | Item::Impact | Item::WhatWasFixed | Item::RootCause | Item::Prevention => {
            Open
        }
    }
}

/// By a channel that heard that it is out; where none is told, a person's word.
fn community(c: &Case<'_>) -> Answer {
    let channels = happenings::told_of_release(c);
    let discussion = c.line.discussed.as_ref();
    let discussion = discussion.and_then(|it| it.url.clone());
    if !channels.is_empty() || discussion.is_some() {
        return Fact(Evidence::Announced {
            channels,
            discussion,
        });
    }
    let asked = !c.policy.announce.discussion_category.trim().is_empty();
    match word(c, Item::Community) {
        Open if !happenings::is_told(c) && !asked => Not(NotApplicable::NoChannel),
        said => said,
    }
}

/// By the run of the workflow that installs it.
fn installed(c: &Case<'_>, proofs: &Proofs) -> Answer {
    let (Some(branched), Some(tagged)) = (&proofs.branched, &proofs.tagged) else {
        return Open;
    };
    let found = install::found(c, branched, &tagged.tag.commit);
    let run = found.and_then(|(_, found)| found.run().filter(|run| run.passed()));
    run.map_or(Open, |run| {
        Fact(Evidence::Runs {
            runs: vec![run.clone()],
        })
    })
}

/// By its size; where it is more than a hotfix may be, by a word for this head.
fn minimal(c: &Case<'_>, branched: &Branched, head: &Sha) -> Answer {
    let passed = c.line.overrides.get(&Overridable::Scope);
    match (&branched.head, passed.filter(|word| word.head == *head)) {
        (Some(head), _) if scope::beyond(c, branched).is_empty() => {
            let size = scope::size(c, head);
            Fact(Evidence::Size {
                files: size.files,
                additions: size.additions,
                deletions: size.deletions,
            })
        }
        (_, Some(word)) => Person(
            word.by.login.clone(),
            Evidence::Passed {
                reason: word.reason.clone(),
            },
        ),
        _ if runs::bound(c, Item::MinimalFix, head).is_some() => word(c, Item::MinimalFix),
        _ => Open,
    }
}

fn of_file(path: &str) -> Evidence {
    Evidence::File {
        path: path.to_owned(),
    }
}

/// By the forward-port: merged, done without, or still open.
fn ported(c: &Case<'_>, number: u64) -> Answer {
    if let Some(stop) = &c.line.port.waived {
        return waived(stop, true);
    }
    match c.line.seen.port.get() {
        Some(pull) if pull.merged => Fact(Evidence::Commit {
            commit: pull.merge_commit.clone().unwrap_or_default(),
            by: Some(number),
        }),
        _ => Open,
    }
}

fn known(c: &Case<'_>, branched: &Branched) -> Answer {
    let known = &c.line.known;
    let Some(path) = known_issue::path(c, branched) else {
        return Not(NotApplicable::NoKnownIssues);
    };
    if let Some(stop) = &known.waived {
        return waived(stop, false);
    }
    let carried = known.carried.as_ref();
    let there = carried.is_some_and(|carried| carried.commit == carried.onto);
    match (there, known.number, c.line.seen.known.get()) {
        (true, ..) => Fact(of_file(path)),
        (_, Some(number), Some(pull)) if pull.merged => Fact(Evidence::FileBy {
            path: path.to_owned(),
            pull: number,
        }),
        _ => Open,
    }
}

fn waived(stop: &Stop, forward_port: bool) -> Answer {
    let reason = match &stop.why {
        StopReason::Said(words) => words.clone(),
        StopReason::LabelOff(_) | StopReason::Downgraded { .. } | StopReason::TakenOff => {
            Outside::default()
        }
    };
    let evidence = Evidence::Waived {
        forward_port,
        reason,
    };
    Person(stop.by.login.clone(), evidence)
}

/// A changelog that people write: by what they pushed, or by a word that does without;
/// none where nobody must write one.
fn by_people(c: &Case<'_>, proofs: &Proofs) -> Answer {
    let branched = proofs.branched.as_ref();
    let Some(b) = branched.filter(|b| !by_hand::left_to_people(&b.base).is_empty()) else {
        return Not(no_changelog(branched));
    };
    let passed = c.line.overrides.get(&Overridable::Changelog);
    let head = proofs.fixed.as_ref().map(|fixed| &fixed.head);
    match (by_hand::written(b), passed) {
        (Some(path), _) => Fact(of_file(&path)),
        (None, Some(word)) if head == Some(&word.head) => Person(
            word.by.login.clone(),
            Evidence::Passed {
                reason: word.reason.clone(),
            },
        ),
        _ => Open,
    }
}

/// Why no section is waited for: there is no file, or it is not the bot's to write.
fn no_changelog(branched: Option<&Branched>) -> NotApplicable {
    match branched.is_some_and(|b| !b.base.package.left_alone.is_empty()) {
        true => NotApplicable::ChangelogLeft,
        false => NotApplicable::NoChangelog,
    }
}

fn cancelled_alone(c: &Case<'_>) -> bool {
    c.facts.cancelled.is_some() && cancel::is_ours_alone(c)
}

fn word(c: &Case<'_>, item: Item) -> Answer {
    c.facts.words.get(&item).map_or(Open, |word| {
        let evidence = match &word.note {
            Some(note) => Evidence::Said { note: note.clone() },
            None => Evidence::None,
        };
        Person(word.by.login.clone(), evidence)
    })
}

fn assessed(c: &Case<'_>, proofs: &Proofs, item: Item) -> Answer {
    if let said @ Person(..) = word(c, item) {
        return said;
    }
    let Some(by) = c.facts.assessed_by.as_ref().map(|b| b.login.clone()) else {
        return Open;
    };
    let (answers, proven) = (&c.facts.answers, proofs.assessed.is_some());
    match item {
        Item::SeverityConfirmed if proven => {
            let by = c
                .facts
                .severity_word()
                .map_or(by, |word| word.login.clone());
            Person(by, Evidence::None)
        }
        Item::NoWorkaround => match answers.workaround {
            Some(false) => Person(by, Evidence::None),
            Some(true) if proven => Person(by, Evidence::Outweighed),
            _ => Open,
        },
        Item::ImpactAssessed => answers
            .affected
            .map_or(Open, |percent| Person(by, Evidence::Percent { percent })),
        Item::FixApproach => answers
            .approach
            .map_or(Open, |approach| Person(by, Evidence::Approach { approach })),
        _ => Open,
    }
}

fn critical_path(c: &Case<'_>, proofs: &Proofs) -> Answer {
    let (Some(branched), Some(fixed)) = (&proofs.branched, &proofs.fixed) else {
        return Open;
    };
    let required = required(c, branched);
    let newest = |file: &String| runs::counting(c, branched, file, &fixed.head);
    let passed = required.iter().filter_map(newest).filter(|r| r.passed());
    let runs: Vec<Run> = passed.cloned().collect();
    if !required.is_empty() && runs.len() == required.len() {
        return Fact(Evidence::Runs { runs });
    }
    match runs::critical_path(c, &fixed.head) {
        Some(_) => word(c, Item::CriticalPath),
        None => Open,
    }
}

/// Whether the configuration says that this file publishes, or that a published
/// release does and this is what that starts.
fn is_named(c: &Case<'_>, branched: &Branched, file: &str) -> bool {
    match &c.policy.release.published_by {
        PublishedBy::Workflow(named) => named == file,
        PublishedBy::Release => {
            let mut all = branched.at_tag().iter();
            all.any(|it| it.name() == file && it.file.starts_on_new_release())
        }
        _ => false,
    }
}

/// The release workflows of this kind: passed for the tag, or there is none.
fn workflow(
    c: &Case<'_>,
    branched: Option<&Branched>,
    is_it: impl Fn(&str, bool, bool) -> bool,
) -> Answer {
    let Some(branched) = branched else {
        return Open;
    };
    let is_it = |file: &str| {
        let there = does::named(branched, file);
        let (publishes, releases) = there.map_or((false, false), |it| {
            (
                does::publishes_packages(branched, it),
                does::releases(branched, it),
            )
        });
        is_it(file, publishes, releases)
    };
    let (files, aside): (Vec<_>, Vec<_>) = workflows(c, branched)
        .into_iter()
        .filter(|w| is_it(&w.file))
        .partition(|w| w.required);
    if files.is_empty() {
        // Nobody waits for what a published release starts: once it passed, it counts.
        let decision = c.line.locked();
        let runs: Vec<Run> = decision
            .into_iter()
            .flat_map(|it| aside.iter().map(|w| run_of(c, branched, &it.head, w)))
            .filter_map(|found| found.run().filter(|run| run.passed()).cloned())
            .collect();
        return match runs.is_empty() {
            true => Not(NotApplicable::NoWorkflow),
            false => Fact(Evidence::Runs { runs }),
        };
    }
    let Some(decision) = c.line.locked() else {
        return Open;
    };
    // As step 7 has it: one that had nothing to do is not waited for.
    let waited = |w: &&ReleaseWorkflow| match run_of(c, branched, decision.commit(), w) {
        Found::Skipped(_) => !c.policy.release.workflow.is_empty(),
        Found::Idle(_) => !monitor::is_aside(c, branched, w),
        _ => true,
    };
    let files: Vec<_> = files.iter().filter(waited).collect();
    if files.is_empty() {
        return Not(NotApplicable::NoWorkflow);
    }
    let run = |w: &&ReleaseWorkflow| run_of(c, branched, decision.commit(), w).run();
    let passed = files.iter().filter_map(run).filter(|run| run.passed());
    let runs: Vec<Run> = passed.cloned().collect();
    if runs.len() < files.len() {
        return Open;
    }
    Fact(Evidence::Runs { runs })
}
