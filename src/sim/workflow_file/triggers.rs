//! Which events start a workflow. (Events that trigger workflows, and the
//! workflow syntax reference.)

use super::glob::{Glob, list_matches};
use super::parts::{Filter, Triggers};

/// Marks in a head commit's message by which nothing is started on `push` and
/// `pull_request`.
const SKIP: [&str; 5] = [
    "[skip ci]",
    "[ci skip]",
    "[no ci]",
    "[skip actions]",
    "[actions skip]",
];

/// Whether the head commit asks for no runs, by a mark or by the trailer
/// `skip-checks: true`.
pub fn skips(message: &str) -> bool {
    let trailer = |line: &str| {
        line.strip_prefix("skip-checks:")
            .is_some_and(|rest| rest.trim() == "true")
    };
    SKIP.iter().any(|mark| message.contains(mark)) || message.lines().any(trailer)
}

/// Whether a push of the full ref name starts it. `changed` gives the changed
/// paths, and is asked for only when the file filters by path.
pub fn on_push(on: &Triggers, ref_name: &str, changed: impl FnOnce() -> Vec<String>) -> bool {
    let Some(filter) = &on.push else {
        return false;
    };
    let of_branches = filter.branches.is_some() || filter.branches_ignore.is_some();
    let of_tags = filter.tags.is_some() || filter.tags_ignore.is_some();
    if let Some(tag) = ref_name.strip_prefix("refs/tags/") {
        // Filters by path are not looked at for tags.
        if of_tags {
            passes(&filter.tags, &filter.tags_ignore, tag)
        } else {
            !of_branches
        }
    } else if let Some(branch) = ref_name.strip_prefix("refs/heads/") {
        let named = if of_branches {
            passes(&filter.branches, &filter.branches_ignore, branch)
        } else {
            !of_tags
        };
        named && paths_pass(filter, changed)
    } else {
        false
    }
}

/// Whether an action on a pull request to `base` starts it.
pub fn on_pull_request(
    on: &Triggers,
    action: &str,
    base: &str,
    changed: impl FnOnce() -> Vec<String>,
) -> bool {
    let Some(filter) = &on.pull_request else {
        return false;
    };
    type_passes(filter, &["opened", "synchronize", "reopened"], action)
        && passes(&filter.branches, &filter.branches_ignore, base)
        && paths_pass(filter, changed)
}

/// Whether an action on a release starts it.
pub fn on_release(on: &Triggers, action: &str) -> bool {
    on.release
        .as_ref()
        .is_some_and(|f| type_passes(f, &[], action))
}

/// Whether the run of the workflow called `name` on `branch` starts it.
pub fn on_workflow_run(on: &Triggers, name: &str, action: &str, branch: &str) -> bool {
    on.workflow_run.as_ref().is_some_and(|f| {
        f.workflows.iter().flatten().any(|w| w == name)
            && type_passes(f, &["requested", "completed"], action)
            && passes(&f.branches, &f.branches_ignore, branch)
    })
}

/// Without `types:` the event's own defaults count, and where there are none
/// every type.
fn type_passes(filter: &Filter, defaults: &[&str], action: &str) -> bool {
    match &filter.types {
        Some(types) => types.iter().any(|t| t == action),
        None => defaults.is_empty() || defaults.contains(&action),
    }
}

fn passes(only: &Option<Vec<String>>, ignore: &Option<Vec<String>>, name: &str) -> bool {
    match (only, ignore) {
        (Some(only), _) => list_matches(only, name),
        (None, Some(ignore)) => !ignore.iter().any(|p| Glob::new(p).matches(name)),
        (None, None) => true,
    }
}

fn paths_pass(filter: &Filter, changed: impl FnOnce() -> Vec<String>) -> bool {
    match (&filter.paths, &filter.paths_ignore) {
        (Some(paths), _) => changed().iter().any(|file| list_matches(paths, file)),
        (None, Some(ignored)) => changed().iter().any(|file| !list_matches(ignored, file)),
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::workflow_file::workflow::parse;

    fn on(text: &str) -> Triggers {
        let jobs = "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n";
        parse("w.yml", &format!("on:\n{text}{jobs}")).unwrap().on
    }

    fn files(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| n.to_string()).collect()
    }

    #[test]
    fn push_is_filtered_by_branch_tag_and_path() {
        let all = on("  push:\n");
        let tags = on("  push:\n    tags: ['v*']\n");
        let branches = on("  push:\n    branches: [main, 'hotfix/**']\n");
        let unsaid = on("  push:\n    branches:\n");
        let both = on("  push:\n    branches: [main]\n    tags: ['v*', '!v*-rc']\n");
        let ignoring = on("  push:\n    branches-ignore: ['wip/**']\n");
        let paths = on("  push:\n    paths: ['src/**', '!src/**.md']\n");
        let no_docs = on("  push:\n    paths-ignore: ['docs/**']\n");
        let not_tag = on("  push:\n    tags-ignore: ['v*']\n");
        let table = [
            (&all, "refs/heads/main", true),
            (&all, "refs/tags/v1", true),
            (&tags, "refs/tags/v1.0.5", true),
            (&tags, "refs/heads/v1", false),
            (&branches, "refs/heads/hotfix/v1.0.5", true),
            (&branches, "refs/heads/dev", false),
            (&unsaid, "refs/heads/dev", true),
            (&unsaid, "refs/tags/v1.0.5", true),
            (&branches, "refs/tags/main", false),
            (&both, "refs/heads/main", true),
            (&both, "refs/tags/v1", true),
            (&both, "refs/tags/v1-rc", false),
            (&ignoring, "refs/heads/wip/x", false),
            (&ignoring, "refs/heads/x", true),
            (&ignoring, "refs/tags/x", false),
            (&paths, "refs/tags/x", true),
            (&not_tag, "refs/tags/v1", false),
            (&not_tag, "refs/tags/x", true),
            (&not_tag, "refs/heads/x", false),
            (&all, "refs/notes/x", false),
        ];
        for (on, name, expected) in table {
            assert_eq!(
                on_push(on, name, Vec::new),
                expected,
                "{name}: {:?}",
                on.push
            );
        }
        let main = "refs/heads/main";
        assert!(on_push(&paths, main, || files(&["a", "src/a.rs"])));
        assert!(!on_push(&paths, main, || files(&["src/a.md"])));
        assert!(on_push(&no_docs, main, || files(&["docs/a", "b"])));
        assert!(!on_push(&no_docs, main, || files(&["docs/a"])));
        assert!(!on_push(&on("  pull_request:\n"), main, Vec::new));
    }

    #[test]
    fn pull_requests_releases_and_runs_have_their_types() {
        let pull = on("  pull_request:\n    branches: [main]\n");
        for (action, base, expected) in [
            ("opened", "main", true),
            ("synchronize", "main", true),
            ("reopened", "main", true),
            ("ready_for_review", "main", false),
            ("opened", "dev", false),
        ] {
            assert_eq!(
                on_pull_request(&pull, action, base, Vec::new),
                expected,
                "{action}"
            );
        }
        let ready = on("  pull_request:\n    types: [ready_for_review]\n");
        assert!(on_pull_request(&ready, "ready_for_review", "x", Vec::new));
        assert!(!on_pull_request(&ready, "opened", "x", Vec::new));

        let published = on("  release:\n    types: [published]\n");
        assert!(on_release(&published, "published") && !on_release(&published, "created"));
        assert!(on_release(&on("  release:\n"), "created"));
        assert!(!on_release(&on("  push:\n"), "created"));

        let chained = on("  workflow_run:\n    workflows: [Publish]\n    types: [completed]\n");
        assert!(on_workflow_run(&chained, "Publish", "completed", "v1"));
        assert!(!on_workflow_run(&chained, "Publish", "requested", "v1"));
        assert!(
            !on_workflow_run(&chained, "publish.yml", "completed", "v1"),
            "by name, not file"
        );
    }

    #[test]
    fn a_commit_may_ask_for_no_runs() {
        assert!(skips("docs: x [skip ci]") && skips("x\n\n\nskip-checks: true\n"));
        assert!(!skips("fix: skip ci in docs"));
    }
}
