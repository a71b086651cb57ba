//! What nobody configured and was derived from what is there.

use toml_edit::InlineTable;

use super::acts::acts;
use super::commands::usage;
use super::markdown::{and, capital, code, escape, fold, inline};
use super::preflight::not_let;
use super::which::{is_plain, to_line};
use super::{block, names};
use crate::domain::available::available;
use crate::domain::derive::base::Why;
use crate::domain::derive::beside::Beside;
use crate::domain::derive::line;
use crate::domain::derive::taken::TakenBy;
use crate::domain::derived::{self, Derived, Unlisted};
use crate::domain::policy::{KeyLine, PATH};
use crate::domain::shipping::{Publishes, Tags};
use crate::domain::view::View;
use crate::ecosystem::learnt::Listed;
use crate::ecosystem::{LeftAlone, Registry, WhyLeft};

/// The fold of the status comment: what was derived and because of what, how to
/// overrule each, and the lines that say the same in the file. None where
/// nothing was derived.
pub fn derived(view: &View<'_>) -> Option<String> {
    let all = derived::derived(view);
    if all.is_empty() {
        return None;
    }
    let mut body: Vec<String> = all.iter().map(|it| item(it, view)).collect();
    let toml: Vec<KeyLine> = all.iter().flat_map(Derived::toml).collect();
    if !toml.is_empty() {
        body.push(format!("\nThe same as lines of {}:\n", code(PATH)));
        body.push(block::toml(&toml, ""));
    }
    let title = format!("Derived, not configured: {}", all.len());
    Some(fold(&title, &body.join("\n"), false))
}

fn item(derived: &Derived, view: &View<'_>) -> String {
    let line = inline(&capital(&words(derived, view)));
    let command = derived.verb().filter(|verb| available(*verb, view).is_ok());
    let keys = derived.otherwise().map(|line| code(&line.to_string()));
    let command = command.map(|verb| code(&usage(verb, view)));
    let command = match derived {
        // Whatever was said so far, until the decision.
        Derived::Line { main, .. } if view.line.locked().is_none() && is_plain(main) => {
            Some(code(&to_line(main)))
        }
        _ => command,
    };
    let ways: Vec<_> = command.into_iter().chain(keys).collect();
    match ways.is_empty() {
        true => format!("- {line}"),
        false => format!("- {line}. Otherwise: {}", ways.join(" or ")),
    }
}

/// What it is, and because of what: one line of Markdown without a full stop.
pub(super) fn words(derived: &Derived, view: &View<'_>) -> String {
    match derived {
        Derived::FromTag { manifest } if manifest.is_empty() => {
            "the tag is the version: no manifest is raised".to_owned()
        }
        Derived::FromTag { manifest } => format!(
            "the tag is the version: no manifest is raised ({} does not hold it)",
            code(manifest)
        ),
        Derived::Registry {
            name,
            registry: at,
            why,
        } => registry(name, at, why),
        Derived::NoSection(left) => no_section(left),
        Derived::NoTest { file, harm } => format!(
            "{} is no test: only pushes start it, and it could reach outside ({}). It is one where {} names it",
            code(file),
            acts(harm),
            code("test.workflows")
        ),
        Derived::Defaults => format!("there is no {}: defaults hold", code(PATH)),
        Derived::Base {
            tag,
            pattern,
            why,
            latest,
        } => {
            let why = match why {
                Why::Said => "somebody said so".to_owned(),
                Why::Configured => "it is configured".to_owned(),
                Why::Plain => "it is the highest whose name names no package".to_owned(),
                Why::Named(name) => format!("it is the highest of {}", code(name)),
                Why::Line(line) => format!(
                    "it is the highest of the release line {}",
                    code(&line.to_string())
                ),
                Why::Only => "all releases are named alike, and it is the highest".to_owned(),
                Why::Program(name) => format!(
                    "it is the highest of {}, the only package with releases and a program",
                    code(name)
                ),
            };
            let latest = if *latest { ", and GitHub's Latest" } else { "" };
            format!(
                "the release that is fixed is {}: {why}{latest}; release tags are named {}",
                code(tag),
                code(pattern)
            )
        }
        Derived::Line { branch, why, main } => {
            let why = match why {
                line::Why::Said => "somebody said so",
                line::Why::Configured => "it is configured",
                line::Why::Numbered => {
                    "it is named like the base's release line, and holds the base"
                }
                line::Why::Named => "it is named like what is released from, and holds the base",
                line::Why::Single => {
                    "it is named like a release of the base's line, and alone holds the base"
                }
            };
            format!(
                "the fix goes to {}: {why}; {} gets it after the tag",
                code(branch),
                code(main)
            )
        }
        Derived::NoLine { branches, tag } => {
            let all: Vec<_> = branches.iter().map(|it| code(it)).collect();
            let verb = if all.len() == 1 { "does" } else { "do" };
            format!(
                "the fix goes to {} alone: {} {verb} not hold {}",
                code(names::main_branch(view)),
                and(&all),
                code(tag)
            )
        }
        Derived::Pointer { branch, file } => format!(
            "the fix goes to {} alone: {} moves {} from release to release",
            code(names::main_branch(view)),
            code(file),
            code(branch)
        ),
        Derived::Number { version, skipped } => {
            let one = |(number, by): &(String, TakenBy)| {
                format!("{} is taken by {}", escape(number), taker(by))
            };
            let skipped: Vec<_> = skipped.iter().map(one).collect();
            let after = match skipped.as_slice() {
                [] => "it is the next that is free".to_owned(),
                skipped => and(skipped),
            };
            format!("the number is {}: {after}", escape(version))
        }
        Derived::Beside { base, tags } => beside(base, tags),
        Derived::TagPattern { pattern } => {
            format!("release tags are named {}, as the newest is", code(pattern))
        }
        Derived::Places { files, releases } => {
            let releases: Vec<String> = releases.iter().map(|tag| code(tag)).collect();
            format!(
                "the version is raised in {} too, as {} did",
                names::some_files(files),
                and(&releases)
            )
        }
        Derived::LeftAlone { places } => {
            let places: Vec<String> = places.iter().map(left_alone).collect();
            format!(
                "these hold the version and are left alone: {}",
                places.join("; ")
            )
        }
        Derived::NothingLearnt => {
            "no earlier release shows where the version stands beside what Cargo knows".to_owned()
        }
        Derived::LearntInPart => {
            "more changed between the last releases than was read: the version may stand \
             elsewhere too"
                .to_owned()
        }
        Derived::Generated { files } => format!(
            "the last release made {} anew: run the build on the branch",
            names::some_files(files)
        ),
        Derived::PackagersLogs { files } => format!(
            "the last release added to {}, which is not written here: add it on the branch",
            names::some_files(files)
        ),
        Derived::Tests { files, .. } => format!(
            "tests are the workflows that run on pull requests to {}, and harmless ones that run on pushes: {}",
            code(names::main_branch(view)),
            found(files)
        ),
        Derived::Release { tag, files, .. } => {
            let files: Vec<String> = files.iter().map(|(file, _)| file.clone()).collect();
            format!(
                "release workflows are those that a push of {} starts, and what follows them: {}",
                code(tag),
                found(&files)
            )
        }
        Derived::Checks { names } => format!(
            "the rules of {} require the checks {}",
            code(names::main_branch(view)),
            names::some_files(names)
        ),
        Derived::TaggedBy(by) => match by {
            Tags::Bot => "the bot makes the tag".to_owned(),
            Tags::Signed { file } => format!(
                "a person makes the tag: {} verifies its signature",
                code(file)
            ),
            Tags::Protected { ruleset } => {
                format!("a person makes the tag: {} make it", not_let(ruleset))
            }
            Tags::Workflow(by) => format!(
                "{} makes the tag itself, once somebody starts it",
                code(&by.file)
            ),
        },
        Derived::PublishedBy(by) => published_by(by, view),
    }
}

/// Tags beside the base's, which the release leaves where they are, or does without.
fn beside(base: &str, tags: &[Beside]) -> String {
    let one = tags.len() == 1;
    let moves = tags.iter().any(|it| it.moves);
    let names: Vec<String> = tags.iter().map(|it| it.tag.clone()).collect();
    let names = names::some_files(&names);
    let (base, stand) = (code(base), if one { "stands" } else { "stand" });
    let key = if moves { "moving_tags" } else { "also_tags" };
    let patterns: Vec<String> = tags
        .iter()
        .map(|it| format!("\"{}\"", it.pattern))
        .collect();
    let key = code(&format!("release.{key} = [{}]", patterns.join(", ")));
    match (moves, one) {
        (true, true) => format!(
            "{names} {stand} where {base} does, and stays there: who uses it gets the fix once it is moved, which {key} does"
        ),
        (true, false) => format!(
            "{names} {stand} where {base} does, and stay there: who uses them gets the fix once they are moved, which {key} does"
        ),
        (false, true) => {
            format!(
                "{names} {stand} where {base} does: this release gets none like it, unless {key} says so"
            )
        }
        (false, false) => {
            format!(
                "{names} {stand} where {base} does: this release gets none like them, unless {key} says so"
            )
        }
    }
}

/// Why no list of workflow files says the same, with the key that keeps its default;
/// none where a line says it.
pub(super) fn unlisted(derived: &Derived, view: &View<'_>) -> Option<String> {
    let key = code(match derived {
        Derived::Tests { .. } => "test.workflows",
        _ => "release.workflow",
    });
    let why = match derived.unlisted()? {
        Unlisted::ByPaths(files) => format!(
            "{} count for a fix in their paths alone",
            names::some_files(files)
        ),
        Unlisted::Harmful(files) => format!(
            "{} are left out for what their jobs could do, which is looked at anew each time",
            names::some_files(files)
        ),
        Unlisted::NotOnMain(files) => format!(
            "{} does not have {}, and a file that names them is wrong",
            code(names::main_branch(view)),
            names::some_files(files)
        ),
        Unlisted::NotStarted(files) => format!(
            "the tag should start {} and does not, and a list without them would hide it",
            names::some_files(files)
        ),
        Unlisted::NotByTag => {
            "what a list names is taken for what publishes, and nothing that the tag starts does"
                .to_owned()
        }
    };
    Some(format!("{key} stays derived, without a line: {why}"))
}

/// Who publishes, and because of what.
fn published_by(by: &Publishes, view: &View<'_>) -> String {
    let tag = code(&names::tag_or_hotfix(view));
    match by {
        Publishes::Nothing => "nobody publishes: the tag is all".to_owned(),
        Publishes::Tag { files } => format!("{tag} starts what publishes: {}", found(files)),
        Publishes::Release { file } => format!(
            "{} publishes once the GitHub release is published, and nothing that {tag} starts does",
            code(file)
        ),
        Publishes::Dispatch(by) => format!(
            "{} publishes once somebody starts it, and nothing that {tag} starts does",
            code(&by.file)
        ),
        Publishes::Merge => format!(
            "the merge into {} publishes, and nothing that {tag} starts does",
            code(names::target_branch(view))
        ),
        Publishes::Unseen { files } => format!(
            "{} may publish {tag}: nobody sees what that does",
            found(files)
        ),
        Publishes::Person => {
            format!("a person publishes: no workflow is known to do it for {tag}")
        }
    }
}

/// A line that is not raised, with what in the configuration would raise it.
fn left_alone(place: &Listed) -> String {
    let path = code(&place.path);
    let Some(pattern) = &place.pattern else {
        return path;
    };
    let mut table = InlineTable::new();
    table.insert("path", place.path.as_str().into());
    table.insert("pattern", pattern.as_str().into());
    let line = format!("version.files = [{table}]");
    match place.was_changed {
        true => format!("{path}, which the last releases changed ({})", code(&line)),
        false => format!("{path} ({})", code(&line)),
    }
}

/// What a number is taken by.
fn taker(by: &TakenBy) -> String {
    match by {
        TakenBy::Tag(name) => format!("the tag {}", code(name)),
        TakenBy::Branch(name) => format!("the branch {}", code(name)),
        TakenBy::Release(tag) => format!("the GitHub release {}", code(tag)),
        TakenBy::Registry => "the registry".to_owned(),
        TakenBy::Manifest(path) => format!("{} on the default branch", code(path)),
        TakenBy::Changelog(path) => format!("a section of {} on the default branch", code(path)),
        TakenBy::Pull(number) => format!("pull request {number}, which prepares that release"),
    }
}

fn found(files: &[String]) -> String {
    match files {
        [] => "none found".to_owned(),
        files => names::some_files(files),
    }
}

/// A changelog that gets no section, and what would give it one.
fn no_section(left: &LeftAlone) -> String {
    let path = code(&left.path);
    match &left.why {
        WhyLeft::NoRelease => {
            format!("{path} is left alone: no heading in it is recognised as a release")
        }
        WhyLeft::NotKept { newest } => format!(
            "{path} is left alone: it has no section for the last two releases, its newest is {}",
            code(newest)
        ),
        WhyLeft::Shared { names } => format!(
            "{path} is left alone: its sections are those of several packages ({}); write this one on the hotfix branch",
            escape(&and(names))
        ),
        WhyLeft::Encoding => format!(
            "{path} is left alone: it is no text in UTF-8; write its section on the hotfix branch"
        ),
        WhyLeft::Fragments { folder, command } if command.is_empty() => format!(
            "{path} is left alone: it is written from the fragments in {}, and nothing shows by which tool; do on the hotfix branch what the last release did",
            code(folder)
        ),
        WhyLeft::Fragments { folder, command } => format!(
            "{path} is left alone: it is written from {}; run {} on the hotfix branch",
            code(folder),
            code(command)
        ),
    }
}

/// Why the registry counts, or does not.
pub(super) fn registry(name: &str, registry: &str, why: &Registry) -> String {
    let name = code(name);
    match why {
        Registry::Unasked | Registry::Ours => format!("{name} on {registry} is this repository's"),
        Registry::OursByCommit => {
            format!("{name} on {registry} was published from the base's commit")
        }
        Registry::Configured => format!(
            "{name} on {registry} is this repository's, as {} says",
            code("verify.registries")
        ),
        Registry::Private => format!("{name} is not published: its manifest forbids it"),
        Registry::ByTag => format!("users have {name} by its tag: I look at no registry"),
        Registry::Misnamed => format!(
            "{registry} does not serve {name} by such a number: the name does not say the major version"
        ),
        Registry::Elsewhere(others) => format!(
            "{name} is published to {} alone, and I do not look there",
            escape(&others.join(", "))
        ),
        Registry::Absent => format!("{registry} has no {name}"),
        Registry::WithoutRelease => {
            format!("{registry} does not count: the {name} there does not have the base release")
        }
        Registry::Unnamed => {
            format!("{registry} does not count: the {name} there names no repository")
        }
        Registry::Strangers(link) => format!(
            "{registry} does not count: the {name} there is that of {}",
            code(link)
        ),
    }
}
