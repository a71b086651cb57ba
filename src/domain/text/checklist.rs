//! The document's 24 items as three task lists.
//!
//! A line is `- [x] label — how it was settled <!-- item:name -->`. What stands
//! after the dash says the state: "by @login" begins a person's word, "not
//! applicable" what does not apply, anything else is a fact. [`read`] takes it
//! apart again for reports; the bot itself never does.

use super::derived::registry;
use super::markdown::{and, code, count, fold, inline, link, person};
use super::names;
use super::taken::is_taken;
use crate::domain::evidence::{Entry, Evidence, ItemState, NotApplicable};
use crate::domain::item::{Item, ItemPhase};
use crate::domain::objects::Package;
use crate::domain::view::View;
use crate::ecosystem::Kind;
use crate::ecosystem::Registry;

const DASH: &str = " — ";
const NOT_APPLICABLE: &str = "not applicable";

/// The three lists, and what they are called.
pub(super) const LISTS: [(ItemPhase, &str); 3] = [
    (ItemPhase::Before, "Pre-Hotfix"),
    (ItemPhase::During, "During Hotfix"),
    (ItemPhase::After, "Post-Hotfix"),
];

/// The items that are ticked: texts that people give are none.
pub(super) fn items<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a Entry> {
    view.checklist.iter().filter(|e| !e.item.is_text())
}

/// The fold "Checklist: 7 of 24".
pub fn checklist(view: &View<'_>) -> String {
    let done = items(view).filter(|e| e.state.is_done()).count();
    let mut out = String::new();
    for (phase, title) in LISTS {
        out.push_str(&format!("**{title}**\n\n"));
        for entry in items(view).filter(|e| e.item.phase() == phase) {
            out.push_str(&line(entry, view));
            out.push('\n');
        }
        out.push('\n');
    }
    fold(
        &format!("Checklist: {done} of {}", items(view).count()),
        &out,
        false,
    )
}

fn line(entry: &Entry, view: &View<'_>) -> String {
    let tick = if entry.state.is_done() { 'x' } else { ' ' };
    let said = match said(entry, view) {
        said if said.is_empty() => said,
        said => format!("{DASH}{said}"),
    };
    format!(
        "- [{tick}] {}{said} <!-- item:{} -->",
        label(entry.item, view),
        entry.item
    )
}

/// How an item was settled, or how it can be: Markdown.
pub(super) fn said(entry: &Entry, view: &View<'_>) -> String {
    match entry.state {
        ItemState::Done => evidence(&entry.evidence, view),
        ItemState::ByHand => {
            let by = entry.by.as_deref().unwrap_or("a person");
            join(
                &format!("by {}", person(by)),
                &evidence(&entry.evidence, view),
            )
        }
        ItemState::NotApplicable => join(NOT_APPLICABLE, &evidence(&entry.evidence, view)),
        ItemState::Open => open(entry, view),
    }
}

fn join(first: &str, second: &str) -> String {
    if second.is_empty() {
        first.to_owned()
    } else {
        format!("{first}: {second}")
    }
}

/// The document's wording, with this repository's names in it.
pub fn label(item: Item, view: &View<'_>) -> String {
    let plain = names::main_branch(view) == "main" && names::line_branch(view).is_none();
    if item == Item::Merged && !plain {
        return format!("Merged to {}", names::branches(view));
    }
    if item == Item::Registry {
        let known = view.line.seen.base.get();
        let none = Kind::Generic.registry();
        return match known.map(|_| names::registries(view)) {
            Some(registries) if registries != none => format!("Verified on {registries}"),
            _ => "Verified on the registry".to_owned(),
        };
    }
    item.label().to_owned()
}

/// How to settle an open item, where a person can; else what is known of it.
fn open(entry: &Entry, view: &View<'_>) -> String {
    let tick = offered(entry, view).map_or_else(String::new, |it| code(&it));
    let known = evidence(&entry.evidence, view);
    match (known.is_empty(), tick.is_empty()) {
        (true, _) => tick,
        (false, true) => known,
        (false, false) => format!("{known}; {tick}"),
    }
}

/// The command that is offered beside an open item.
pub fn offered(entry: &Entry, view: &View<'_>) -> Option<String> {
    let tick = tick(entry.item, view);
    tick.filter(|it| entry.state == ItemState::Open && is_taken(it, view))
}

/// The command that settles an item, if one does.
fn tick(item: Item, view: &View<'_>) -> Option<String> {
    let answers = &view.facts.answers;
    let answer = |arguments: &str| Some(format!("/hotfix assess {arguments}"));
    match item {
        Item::NoWorkaround if answers.workaround.is_none() => answer("workaround=yes|no"),
        Item::ImpactAssessed if answers.affected.is_none() => answer("affected=0..100"),
        Item::FixApproach if answers.approach.is_none() => {
            answer("approach=minimal|refactor|breaking")
        }
        Item::SeverityConfirmed => None,
        // Nobody's word stands in place of tests without saying what was done.
        Item::CriticalPath => Some(names::tick_with_words(item, view)),
        item => item.takes_check().then(|| names::tick(item, view)),
    }
}

/// What proves an item, or why it does not apply: Markdown, user text escaped.
pub(super) fn evidence(evidence: &Evidence, view: &View<'_>) -> String {
    let text = match evidence {
        Evidence::None => String::new(),
        Evidence::Branch { branch, base } => format!("{} from {}", code(branch), code(base)),
        Evidence::File { path } => code(path),
        Evidence::Size {
            files,
            additions,
            deletions,
        } => format!("{}, +{additions} −{deletions}", count(*files, "file")),
        Evidence::Passed { reason } => format!("passed: {}", reason.markdown()),
        Evidence::Version { version } => code(version),
        Evidence::Commit { commit, by: None } => code(commit.short()),
        Evidence::Commit {
            commit,
            by: Some(by),
        } => format!("{} by #{by}", code(commit.short())),
        Evidence::Tag { name, commit } => format!("{} on {}", code(name), code(commit.short())),
        Evidence::Runs { runs } => {
            let runs: Vec<_> = runs.iter().map(names::run).collect();
            runs.join(", ")
        }
        Evidence::Published { version, url } => {
            let has = names::registries_do(view, "has", "have");
            link(&format!("{has} {version}"), url)
        }
        Evidence::Release { tag, url } => link(tag, url),
        Evidence::FileBy { path, pull } => format!("{} by #{pull}", code(path)),
        Evidence::Notes => "the hotfix block is in the notes".to_owned(),
        Evidence::Announced {
            channels,
            discussion,
        } => {
            let names: Vec<_> = channels.iter().map(|name| code(name)).collect();
            let told = (!names.is_empty()).then(|| format!("told on {}", and(&names)));
            let discussed = discussion.as_ref().map(|url| link("discussion", url));
            let both: Vec<_> = told.into_iter().chain(discussed).collect();
            both.join(", ")
        }
        Evidence::ClosedWithRelease => "closed with the release".to_owned(),
        Evidence::DeletedAfterRelease => "deleted after the release".to_owned(),
        Evidence::Percent { percent } => format!("{percent} %"),
        Evidence::Approach { approach } => approach.word().to_owned(),
        Evidence::Outweighed => "there is one, and the severity outweighs it".to_owned(),
        Evidence::Said { note } => note.markdown(),
        Evidence::Waived {
            forward_port: true,
            reason,
        } => format!("the forward-port is waived: {}", reason.markdown()),
        Evidence::Waived { reason, .. } => format!("waived: {}", reason.markdown()),
        Evidence::Not {
            why: NotApplicable::NoRegistry,
        } => no_registry(view),
        Evidence::Not { why } => not_applicable(*why).to_owned(),
    };
    inline(&text)
}

/// Why no registry counts, as it was derived.
fn no_registry(view: &View<'_>) -> String {
    let base = view.line.seen.base.get();
    let package = base.map(|base| &base.package);
    let told = |package: &&Package| {
        let told = !matches!(package.registry, Registry::Unasked);
        told && !package.registry.is_ours() && !package.manifest.is_empty()
    };
    match package.filter(told) {
        Some(package) => registry(&package.name, package.kind().registry(), &package.registry),
        None => not_applicable(NotApplicable::NoRegistry).to_owned(),
    }
}

fn not_applicable(why: NotApplicable) -> &'static str {
    match why {
        NotApplicable::NoManualTest | NotApplicable::NoTestAsked => "not asked for here",
        NotApplicable::NoChangelog => "there is no changelog",
        NotApplicable::ChangelogLeft => {
            "the changelog is left as it is, as said under what was derived"
        }
        NotApplicable::NoRegistry => "the package is on no registry",
        NotApplicable::NoReleases => "no GitHub releases are made here",
        NotApplicable::NoNotes => "there is no GitHub release",
        NotApplicable::OwnNotes => "the repository writes its own notes",
        NotApplicable::NoWorkflow => "no workflow that is waited for does it",
        NotApplicable::NoChannel => "no channel or discussion is configured",
        NotApplicable::ClosesItself => "the repository closes issues itself",
        NotApplicable::NoKnownIssues => "the repository keeps no such file",
        NotApplicable::KeepsBranches => "the repository keeps them",
    }
}

/// A line of a rendered checklist, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// The item's name.
    pub item: String,
    /// How it stands, by the comment's word.
    pub state: ItemState,
    /// Who settled it, where it was a person.
    pub by: Option<String>,
    /// What stands after it: Markdown.
    pub evidence: String,
}

/// The checklist in a rendered status comment, in its order. For reports about
/// the comment; nothing is decided by it.
pub fn read(comment: &str) -> Vec<ReadLine> {
    comment.lines().filter_map(read_line).collect()
}

fn read_line(line: &str) -> Option<ReadLine> {
    let (text, marker) = line.trim_end().rsplit_once(" <!-- item:")?;
    let item = marker.strip_suffix(" -->")?;
    let (done, text) = if let Some(text) = text.strip_prefix("- [x] ") {
        (true, text)
    } else {
        (false, text.strip_prefix("- [ ] ")?)
    };
    let evidence = text.split_once(DASH).map_or("", |(_, said)| said);
    let after = |word: &str| {
        evidence
            .strip_prefix(word)
            .map(|rest| rest.strip_prefix(": ").unwrap_or(rest).to_owned())
    };
    let (state, by, evidence) = if !done {
        (ItemState::Open, None, evidence.to_owned())
    } else if let Some(reason) = after(NOT_APPLICABLE) {
        (ItemState::NotApplicable, None, reason)
    } else if let Some(said) = evidence.strip_prefix("by @") {
        let (by, said) = said.split_once(": ").unwrap_or((said, ""));
        (ItemState::ByHand, Some(by.to_owned()), said.to_owned())
    } else {
        (ItemState::Done, None, evidence.to_owned())
    };
    Some(ReadLine {
        item: item.to_owned(),
        state,
        by,
        evidence,
    })
}
