//! What nobody configured and was derived from what is there: one list, as
//! data, for whoever shows it. Each row says from what it was derived and what
//! overrules it.

use std::collections::BTreeSet;

use semver::Version;

use super::command::Verb;
use super::derive::base::Why;
use super::derive::beside::Beside;
use super::derive::line;
use super::derive::taken::TakenBy;
use super::objects::Base;
use super::policy::{KeyLine, PublishedBy, TaggedBy};
use super::procedure::branch::Branched;
use super::procedure::harm::Harm;
use super::procedure::pointers;
use super::procedure::publishing::publishing;
use super::procedure::stopped::stopped;
use super::shipping::{Publishes, Tags};
use super::view::View;
use crate::ecosystem::learnt::{Because, Listed};
use crate::ecosystem::{LeftAlone, Registry};

/// Something that was derived, with what it was derived from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// There is no configuration.
    Defaults,
    /// The release that is fixed.
    Base {
        /// Its tag.
        tag: String,
        /// How it is named.
        pattern: String,
        /// Why it.
        why: Why,
        /// Whether it is GitHub's Latest.
        latest: bool,
    },
    /// The branch of the base's release line.
    Line {
        /// Its name.
        branch: String,
        /// Why it.
        why: line::Why,
        /// The default branch, which gets the fix as well.
        main: String,
    },
    /// That the hotfix goes to the default branch, although others are named like
    /// its line: they do not hold the base.
    NoLine {
        /// They.
        branches: Vec<String>,
        /// The base's tag.
        tag: String,
    },
    /// That the hotfix goes to the default branch alone: another one only points at
    /// releases.
    Pointer {
        /// It.
        branch: String,
        /// The workflow file that moves it.
        file: String,
    },
    /// The number of the release.
    Number {
        /// The number.
        version: String,
        /// Those between the base's and it, with what took each.
        skipped: Vec<(String, TakenBy)>,
    },
    /// Tags that stand where the base's does, and neither move nor are made anew.
    Beside {
        /// The base's tag.
        base: String,
        /// They, all moved or none.
        tags: Vec<Beside>,
    },
    /// How release tags are named, as an earlier version noted it.
    TagPattern {
        /// With `{version}`.
        pattern: String,
    },
    /// Nothing is raised: the tag is the version.
    FromTag {
        /// The manifest, which does not hold the version; empty: there is none.
        manifest: String,
    },
    /// Whether the registry counts.
    Registry {
        /// The package.
        name: String,
        /// The registry's name.
        registry: &'static str,
        /// Why it does, or does not.
        why: Registry,
    },
    /// A changelog that gets no section.
    NoSection(LeftAlone),
    /// Where the version stands beside what Cargo knows.
    Places {
        /// The files.
        files: Vec<String>,
        /// The releases that were looked at for it.
        releases: Vec<String>,
    },
    /// Lines that hold the version, and are left alone.
    LeftAlone {
        /// The lines.
        places: Vec<Listed>,
    },
    /// Nothing could be learnt of earlier releases.
    NothingLearnt,
    /// More changed between the last releases than was read.
    LearntInPart,
    /// Files that a tool makes belong to the release.
    Generated {
        /// The files.
        files: Vec<String>,
    },
    /// Logs of packagers, which are not written.
    PackagersLogs {
        /// The files.
        files: Vec<String>,
    },
    /// The tests.
    Tests {
        /// The workflow files.
        files: Vec<String>,
        /// Why a list of them would say something else.
        unlisted: Option<Unlisted>,
    },
    /// A workflow that is no test, though pushes start it.
    NoTest {
        /// The workflow file.
        file: String,
        /// What it may do outside, job by job.
        harm: Harm,
    },
    /// What follows the tag.
    Release {
        /// The tag.
        tag: String,
        /// The workflow files, each with whether the release needs it.
        files: Vec<(String, bool)>,
        /// Why a list of them would say something else.
        unlisted: Option<Unlisted>,
    },
    /// Checks that the rules of the default branch require.
    Checks {
        /// Their names.
        names: Vec<String>,
    },
    /// Who makes the tag, where that is not the bot.
    TaggedBy(Tags),
    /// Who publishes, where that is not what the tag starts.
    PublishedBy(Publishes),
}

/// Why a list of workflow files in the configuration would say something else than
/// what is derived anew for each hotfix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// These count for what is changed in their paths alone.
    ByPaths(Vec<String>),
    /// These count once their jobs reach nothing outside.
    Harmful(Vec<String>),
    /// The default branch does not have these, and a file that names them is wrong.
    NotOnMain(Vec<String>),
    /// These should start on the tag and do not: who lists the others takes them for
    /// no part of the release.
    NotStarted(Vec<String>),
    /// What a list names is taken for what publishes, and nothing that the tag
    /// starts does.
    NotByTag,
}

impl Derived {
    /// Why no line says the same, although something was derived.
    pub fn unlisted(&self) -> Option<&Unlisted> {
        match self {
            Derived::Tests { unlisted, .. } | Derived::Release { unlisted, .. } => {
                unlisted.as_ref()
            }
            _ => None,
        }
    }

    /// The lines of the file that say the same, to be pasted and changed.
    pub fn toml(&self) -> Vec<KeyLine> {
        match self {
            Derived::Defaults | Derived::Number { .. } | Derived::FromTag { .. } => Vec::new(),
            // A line would say otherwise.
            Derived::Registry { .. } | Derived::NoSection(_) | Derived::Beside { .. } => Vec::new(),
            Derived::Base { pattern, .. } | Derived::TagPattern { pattern } => {
                vec![KeyLine::text("base", "tag_pattern", pattern)]
            }
            Derived::Line { branch, .. } => vec![KeyLine::text("base", "line_branch", branch)],
            Derived::NoLine { .. } | Derived::Pointer { .. } => {
                vec![KeyLine::text("base", "line_branch", "")]
            }
            Derived::Places { .. } => vec![KeyLine::text("version", "learn", "two")],
            Derived::LeftAlone { .. }
            | Derived::NothingLearnt
            | Derived::LearntInPart
            | Derived::Generated { .. }
            | Derived::PackagersLogs { .. } => Vec::new(),
            Derived::NoTest { .. } => Vec::new(),
            Derived::Tests {
                unlisted: Some(_), ..
            }
            | Derived::Release {
                unlisted: Some(_), ..
            } => Vec::new(),
            Derived::Tests { files, .. } if files.is_empty() => Vec::new(),
            Derived::Tests { files, .. } => vec![KeyLine::texts("test", "workflows", files)],
            Derived::Release { files, .. } => {
                let lines = |(file, required): &(String, bool)| {
                    let optional = KeyLine::no("[release.workflow]", "required");
                    let file = KeyLine::text("[release.workflow]", "file", file);
                    [Some(file), (!required).then_some(optional)]
                };
                files.iter().flat_map(lines).flatten().collect()
            }
            // It holds whatever the file says.
            Derived::Checks { .. } => Vec::new(),
            Derived::TaggedBy(by) => {
                let by = match by {
                    Tags::Bot => "bot".to_owned(),
                    // It is found anew, and ends with the rule.
                    Tags::Protected { .. } => return Vec::new(),
                    Tags::Signed { .. } => "person".to_owned(),
                    Tags::Workflow(by) => format!("workflow:{}", by.file),
                };
                vec![KeyLine::text("release", "tagged_by", &by)]
            }
            Derived::PublishedBy(by) => {
                let by = match by {
                    Publishes::Tag { .. } => "tag".to_owned(),
                    Publishes::Release { .. } => "release".to_owned(),
                    Publishes::Dispatch(by) => format!("workflow:{}", by.file),
                    Publishes::Person => "person".to_owned(),
                    // That is a decision, and asked for.
                    Publishes::Merge | Publishes::Nothing | Publishes::Unseen { .. } => {
                        return Vec::new();
                    }
                };
                vec![KeyLine::text("release", "published_by", &by)]
            }
        }
    }

    /// A line of the file that overrules it.
    pub fn otherwise(&self) -> Option<KeyLine> {
        match self {
            Derived::Registry {
                registry,
                why: Registry::Unnamed | Registry::Strangers(_),
                ..
            } => {
                let only = [(*registry).to_owned()];
                Some(KeyLine::texts("verify", "registries", &only))
            }
            Derived::NoSection(left) => Some(KeyLine::text("version", "changelog", &left.path)),
            Derived::Tests { files, .. } if !files.is_empty() => {
                Some(KeyLine::texts("test", "workflows", files))
            }
            Derived::Release { files, .. } => {
                let (file, _) = files.first()?;
                Some(KeyLine::text("[release.workflow]", "file", file))
            }
            Derived::PublishedBy(Publishes::Unseen { .. }) => {
                Some(KeyLine::text("release", "published_by", "person"))
            }
            Derived::TaggedBy(Tags::Protected { .. }) => {
                Some(KeyLine::text("release", "tagged_by", "person"))
            }
            // Another value of the key that says it.
            _ => self.toml().into_iter().next(),
        }
    }

    /// The verb of the command that overrules it.
    pub fn verb(&self) -> Option<Verb> {
        match self {
            Derived::Base { .. } => Some(Verb::Start),
            Derived::Defaults
            | Derived::Line { .. }
            | Derived::NoLine { .. }
            | Derived::Pointer { .. }
            | Derived::Number { .. }
            | Derived::TagPattern { .. }
            | Derived::FromTag { .. }
            | Derived::Registry { .. }
            | Derived::NoSection(_)
            | Derived::Beside { .. }
            | Derived::Places { .. }
            | Derived::LeftAlone { .. }
            | Derived::NothingLearnt
            | Derived::LearntInPart
            | Derived::Generated { .. }
            | Derived::PackagersLogs { .. }
            | Derived::NoTest { .. }
            | Derived::Tests { .. }
            | Derived::Release { .. }
            | Derived::Checks { .. }
            | Derived::TaggedBy(_)
            | Derived::PublishedBy(_) => None,
        }
    }
}

/// Everything that was derived so far, in the order in which it is needed.
pub fn derived(view: &View<'_>) -> Vec<Derived> {
    let mut all = Vec::new();
    let read = view.facts.policy.get();
    if read.is_some_and(|read| !read.own_file) {
        all.push(Derived::Defaults);
    }
    all.extend(base(view));
    all.extend(package(view));
    all.extend(places(view));
    all.extend(workflows(view));
    all
}

/// What is released, and where.
fn package(view: &View<'_>) -> Vec<Derived> {
    let base = view.line.seen.base.get().filter(|base| base.is_clear());
    let Some(package) = base.map(|base| &base.package) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    if package.from_tag {
        all.push(Derived::FromTag {
            manifest: package.manifest.clone(),
        });
    }
    match &package.registry {
        Registry::Unasked | Registry::Ours | Registry::ByTag => {}
        Registry::Private if package.manifest.is_empty() => {}
        why => all.push(Derived::Registry {
            name: package.name.clone(),
            registry: package.kind().registry(),
            why: why.clone(),
        }),
    }
    all.extend(package.left_alone.iter().cloned().map(Derived::NoSection));
    all
}

/// The release that is fixed, and the number that comes after it.
fn base(view: &View<'_>) -> Vec<Derived> {
    let Some(base) = view
        .line
        .seen
        .base
        .get()
        .filter(|base| !base.tag.is_empty())
    else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let pattern = base.tag_pattern.clone();
    let written = view.policy.base.written_tag_pattern().is_some();
    match &base.why {
        Some(Why::Configured) => {}
        Some(why) => all.push(Derived::Base {
            tag: base.tag.clone(),
            pattern,
            why: why.clone(),
            latest: base.latest.as_ref() == Some(&base.tag),
        }),
        None if written || pattern.is_empty() => {}
        None => all.push(Derived::TagPattern { pattern }),
    }
    match &base.line {
        Some(line) if line.why == line::Why::Configured => {}
        Some(line) => all.push(Derived::Line {
            branch: line.at.branch.clone(),
            why: line.why,
            main: base.default_branch().to_owned(),
        }),
        None if let Some((branch, file)) = &base.pointer => all.push(Derived::Pointer {
            branch: branch.clone(),
            file: file.clone(),
        }),
        None if base.apart.is_empty() => {}
        None => all.push(Derived::NoLine {
            branches: base.apart.clone(),
            tag: base.tag.clone(),
        }),
    }
    all.extend(beside(view, base));
    if let Some(version) = &view.line.version {
        let below = |it: &(&String, &TakenBy)| {
            let versions = Version::parse(it.0).ok().zip(Version::parse(version).ok());
            // What comes before the claimed one is no number that was passed over.
            versions.is_some_and(|(it, claimed)| it < claimed && it.pre.is_empty())
        };
        let skipped = base.taken_by.iter().filter(below);
        all.push(Derived::Number {
            version: version.clone(),
            skipped: skipped.map(|(it, by)| (it.clone(), by.clone())).collect(),
        });
    }
    all
}

/// The tags that stand where the base's does and that no key names: those that were
/// moved there, and those that were made with it.
fn beside(view: &View<'_>, base: &Base) -> Vec<Derived> {
    let (also, moving) = pointers::names(&view.case, &base.version, &base.tag);
    let named = |it: &&Beside| also.contains(&it.tag) || moving.contains(&it.tag);
    let left = base.beside.iter().filter(|it| !named(it));
    let (moved, made): (Vec<_>, Vec<_>) = left.cloned().partition(|it| it.moves);
    let all = [moved, made].into_iter().filter(|tags| !tags.is_empty());
    all.map(|tags| Derived::Beside {
        base: base.tag.clone(),
        tags,
    })
    .collect()
}

/// What the releases before it show.
fn places(view: &View<'_>) -> Vec<Derived> {
    let base = view.line.seen.base.get();
    let Some(base) = base.filter(|base| base.habit.looked) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let habit = &base.habit;
    if habit.releases.is_empty() {
        all.push(Derived::NothingLearnt);
    }
    let learnt = base.package.learnt.iter();
    let learnt = learnt.filter(|place| place.because != Because::Configured);
    let learnt = learnt.map(|place| place.path.clone());
    let files: BTreeSet<String> = learnt.chain(habit.along.iter().cloned()).collect();
    if !files.is_empty() {
        // The oldest is what the next one was held against.
        let newer = habit
            .releases
            .split_last()
            .map_or(&[][..], |(_, newer)| newer);
        let releases = std::iter::once(&base.tag).chain(newer);
        all.push(Derived::Places {
            files: files.into_iter().collect(),
            releases: releases.cloned().collect(),
        });
    }
    if !habit.listed.is_empty() {
        let places = habit.listed.clone();
        all.push(Derived::LeftAlone { places });
    }
    if habit.cut {
        all.push(Derived::LearntInPart);
    }
    if !habit.generated.is_empty() {
        let files = habit.generated.clone();
        all.push(Derived::Generated { files });
    }
    if !habit.logs.is_empty() {
        let files = habit.logs.clone();
        all.push(Derived::PackagersLogs { files });
    }
    all
}

/// What tests the head, and what follows the tag.
fn workflows(view: &View<'_>) -> Vec<Derived> {
    let Some(branched) = &view.proofs().branched else {
        return Vec::new();
    };
    let mut all = Vec::new();
    if view.policy.test.workflows.written().is_none() {
        let files = view.test_workflows.clone();
        let unlisted = tests_unlisted(view, branched, &files);
        all.push(Derived::Tests { files, unlisted });
    }
    let harmful = view.harmful_workflows.iter().cloned();
    all.extend(harmful.map(|(file, harm)| Derived::NoTest { file, harm }));
    let by = publishing(&view.case, branched);
    if view.policy.release.workflow.is_empty() {
        let files = view.release_workflows.iter();
        let files: Vec<(String, bool)> = files.map(|it| (it.file.clone(), it.required)).collect();
        all.push(Derived::Release {
            tag: branched.tag.clone(),
            unlisted: release_unlisted(view, branched, &by.publishes, &files),
            files,
        });
    }
    let checks = branched.base.main.checks.iter();
    let names: Vec<String> = checks.map(|check| check.name.clone()).collect();
    if !names.is_empty() {
        all.push(Derived::Checks { names });
    }
    let release = &view.policy.release;
    if release.tagged_by == TaggedBy::Auto && by.tags != Tags::Bot {
        all.push(Derived::TaggedBy(by.tags));
    }
    let by_tag = matches!(by.publishes, Publishes::Nothing | Publishes::Tag { .. });
    if release.published_by == PublishedBy::Auto && !by_tag {
        all.push(Derived::PublishedBy(by.publishes));
    }
    all
}

/// The files of these that the default branch does not have.
fn not_on_main<'f>(
    branched: &Branched,
    files: impl Iterator<Item = &'f String>,
) -> Option<Unlisted> {
    let base = &branched.base;
    let main = &base.main_workflows;
    // Without files there it was not read, or the base's are not there either.
    let unread = main.is_empty() && !base.other_workflows;
    let is_there = |file: &&String| unread || main.iter().any(|w| w.name() == file.as_str());
    let absent: Vec<String> = files.filter(|file| !is_there(file)).cloned().collect();
    (!absent.is_empty()).then_some(Unlisted::NotOnMain(absent))
}

fn tests_unlisted(view: &View<'_>, branched: &Branched, files: &[String]) -> Option<Unlisted> {
    let by_paths = view.left_out_workflows.clone();
    let harmful = view.harmful_workflows.iter();
    let harmful: Vec<String> = harmful.map(|(file, _)| file.clone()).collect();
    match (by_paths.is_empty(), harmful.is_empty()) {
        (false, _) => Some(Unlisted::ByPaths(by_paths)),
        (_, false) => Some(Unlisted::Harmful(harmful)),
        _ => not_on_main(branched, files.iter()),
    }
}

fn release_unlisted(
    view: &View<'_>,
    branched: &Branched,
    publishes: &Publishes,
    files: &[(String, bool)],
) -> Option<Unlisted> {
    let by_merge = matches!(publishes, Publishes::Merge | Publishes::Nothing);
    if by_merge && view.policy.release.published_by == PublishedBy::Auto && !files.is_empty() {
        return Some(Unlisted::NotByTag);
    }
    let stopped = stopped(&view.case, branched).into_iter();
    let stopped = stopped.map(|(file, _)| file);
    let stopped: Vec<String> = stopped
        .filter(|file| files.iter().all(|(it, _)| it != file))
        .collect();
    match stopped.is_empty() {
        true => not_on_main(branched, files.iter().map(|(file, _)| file)),
        false => Some(Unlisted::NotStarted(stopped)),
    }
}
