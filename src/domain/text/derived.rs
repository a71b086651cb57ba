//! What nobody configured and was derived from what is there.

use super::acts::acts;
use super::markdown::code;
use crate::domain::view::View;

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
