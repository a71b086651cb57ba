//! What nobody configured and was derived from what is there.

use super::acts::acts;
use super::markdown::{code, escape};
use crate::domain::objects::Package;
use crate::domain::view::View;
use crate::ecosystem::{LeftAlone, Registry, WhyLeft};

/// A line each, Markdown.
pub fn derived(view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if view.facts.policy.get().is_some_and(|read| !read.own_file) {
        lines.push(format!(
            "there is no {}: defaults hold",
            code(".github/hotfix.toml")
        ));
    }
    let base = view.line.seen.base.get();
    let named = base.map(|base| base.tag_pattern.as_str());
    if let (Some(pattern), None) = (
        named.filter(|pattern| !pattern.is_empty()),
        view.policy.base.written_tag_pattern(),
    ) {
        lines.push(format!(
            "release tags are named {}, as the newest is",
            code(pattern)
        ));
    }
    if let Some(base) = base.filter(|base| base.trouble.is_none()) {
        lines.extend(package(&base.package));
        lines.extend(base.package.left_alone.iter().map(left_alone));
    }
    if let Some(branched) = &view.proofs().branched {
        if view.policy.test.workflows.written().is_none() {
            lines.push(format!(
                "tests are the workflows that run on pull requests to {}, and harmless ones that run on pushes",
                code(&view.facts.repo.default_branch)
            ));
        }
        for (file, harm) in &view.harmful_workflows {
            lines.push(format!(
                "{} is no test: only pushes start it, and it may reach outside ({})",
                code(file),
                acts(harm)
            ));
        }
        if view.policy.release.workflow.is_empty() {
            lines.push(format!(
                "release workflows are those that a push of {} starts",
                code(&branched.tag)
            ));
        }
    }
    lines
}

/// A changelog that gets no section, and what would give it one.
fn left_alone(left: &LeftAlone) -> String {
    let path = code(&left.path);
    match &left.why {
        WhyLeft::NoRelease => format!(
            "{path} is left alone: no heading in it is recognised as a release; {} names the changelog",
            code("[version] changelog")
        ),
        WhyLeft::NotKept { newest } => format!(
            "{path} is left alone: it has no section for the last two releases, its newest is {}; {} says otherwise",
            code(newest),
            code("[version] changelog")
        ),
        WhyLeft::Fragments { folder, command } => format!(
            "{path} is left alone: it is written from {}; run {} on the hotfix branch, or name the file in {}",
            code(folder),
            code(command),
            code("[version] changelog")
        ),
    }
}

/// Where no version is raised, and why the registry does not count.
fn package(package: &Package) -> Vec<String> {
    let mut lines = Vec::new();
    if package.from_tag {
        let file = match package.manifest.as_str() {
            "" => String::new(),
            path => format!(" ({} holds a placeholder)", code(path)),
        };
        lines.push(format!(
            "the tag is the version: no manifest is raised{file}"
        ));
    }
    let registry = package.kind().registry();
    let name = code(&package.name);
    lines.extend(match &package.registry {
        Registry::Unasked | Registry::Ours => None,
        Registry::OursByCommit => Some(format!(
            "{name} on {registry} was published from the base's commit"
        )),
        Registry::Configured => Some(format!(
            "{name} on {registry} is this repository's, as {} says",
            code("verify.registries")
        )),
        Registry::Private if package.manifest.is_empty() => None,
        Registry::Private => Some(format!("{name} is not published: its manifest forbids it")),
        Registry::Elsewhere(others) => Some(format!(
            "{name} is published to {} alone, and I do not look there",
            escape(&others.join(", "))
        )),
        Registry::Absent => Some(format!("{registry} has no {name}")),
        Registry::WithoutRelease => Some(format!(
            "{registry} does not count: the {name} there does not have the base release"
        )),
        Registry::Unnamed => Some(format!(
            "{registry} does not count: the {name} there names no repository; if it is yours, set {}",
            code(&format!("verify.registries = [\"{registry}\"]"))
        )),
        Registry::Strangers(link) => Some(format!(
            "{registry} does not count: the {name} there is that of {}; if it is yours, set {}",
            code(link),
            code(&format!("verify.registries = [\"{registry}\"]"))
        )),
    });
    lines
}
