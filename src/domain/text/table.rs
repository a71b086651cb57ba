//! The small table of the status comment: what this release is made from.

use super::markdown::{code, count, escape, link, person};
use super::missing_tests::check_from;
use super::names;
use super::revert::failed_on_main;
use crate::domain::facts::Failed;
use crate::domain::objects::{Ahead, RequiredCheck, Run};
use crate::domain::policy::not_carried_out;
use crate::domain::procedure::checks::{self, Proof};
use crate::domain::procedure::release_runs::{ReleaseWorkflow, run_of};
use crate::domain::procedure::target;
use crate::domain::view::View;

/// The table; none while nothing is known.
pub fn table(view: &View<'_>) -> Option<String> {
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(base) = view
        .line
        .seen
        .base
        .get()
        .filter(|base| !base.tag.is_empty())
    {
        let tag = link(
            &escape(&base.tag),
            &names::page(view, &format!("releases/tag/{}", base.tag)),
        );
        rows.push((
            "Base",
            format!("{tag} ({})", names::commit(view, &base.commit)),
        ));
        // The preview says it with the figures of its own moment.
        let ahead = view.line.seen.main.get();
        if let Some(ahead) = ahead.filter(|_| view.preview.is_none()) {
            rows.push(("Will not ship", left_out(view, &base.tag, ahead)));
        }
        // Which workflows count is judged on the branch.
        if view.proofs().branched.is_some() {
            rows.push(("Tests required on the head", required(view)));
            rows.push(("Release workflows", release_workflows(view)));
        }
    }
    if let Some(failed) = view.line.failed.as_deref() {
        rows.push(("After a failed hotfix", after(failed, view)));
    }
    if let Some(line) = names::line_branch(view) {
        rows.push(("Branches that get the fix", by_which(line, view)));
    }
    if let Some(port) = super::port::port_row(view) {
        rows.push(("Forward-port", port));
    }
    let assigned: Vec<_> = view
        .facts
        .assigned
        .iter()
        .map(|(duty, who)| format!("{}: {}", duty.word(), person(&who.login)))
        .collect();
    if !assigned.is_empty() {
        rows.push(("Who does what", assigned.join(", ")));
    }
    let unused = not_carried_out(view.policy);
    if !unused.is_empty() {
        let keys: Vec<_> = unused.iter().map(|idle| code(&idle.key)).collect();
        rows.push(("Set, but not carried out yet", keys.join(", ")));
    }
    if rows.is_empty() {
        return None;
    }
    let lines: Vec<_> = rows
        .into_iter()
        .map(|(name, value)| format!("| {name} | {value} |"))
        .collect();
    Some(format!("| | |\n|---|---|\n{}", lines.join("\n")))
}

/// The hotfix before, which was taken back: its number is nobody's again, its fix
/// may be looked at.
fn after(failed: &Failed, view: &View<'_>) -> String {
    let tag = escape(&failed.tag);
    let mut out = format!("{tag} was taken back; its number is not used again");
    if let Some(number) = failed.report {
        let page = names::page(view, &format!("issues/{number}"));
        out.push_str(&format!(
            "; what failed: {}",
            link(&format!("#{number}"), &page)
        ));
    }
    if let Some(branch) = &failed.branch {
        let page = names::page(view, &format!("tree/{branch}"));
        out.push_str(&format!("; its fix: {}", link(&code(branch), &page)));
    }
    if let Some(words) = failed_on_main(failed, view) {
        out.push_str(&format!("; {words}"));
    }
    out
}

/// "`1.x` by #12, `main` by #13".
fn by_which(line: &str, view: &View<'_>) -> String {
    let by = |branch: &str, number: Option<u64>, else_by: &str| match number {
        Some(number) => format!("{} by {}", code(branch), names::pull(view, number)),
        None => format!("{} by {else_by}", code(branch)),
    };
    let first = by(line, view.line.pull_number, "the hotfix's pull request");
    let port = view.line.port.number;
    let main = names::main_branch(view);
    if let (None, Some(newer)) = (port, target::carried_by(&view.case)) {
        return format!(
            "{first}, {} by the hotfix of {}",
            code(main),
            code(&newer.to_string())
        );
    }
    match (view.policy.merge.require_forward_port, port) {
        (false, None) => first,
        _ => format!("{first}, {}", by(main, port, "another one after the tag")),
    }
}

fn left_out(view: &View<'_>, tag: &str, ahead: &Ahead) -> String {
    let main = code(names::main_branch(view));
    let base = tag;
    let tag = escape(base);
    if ahead.ahead_by == 0 {
        return format!("nothing: {main} has no commits since {tag}");
    }
    let compare = names::page(
        view,
        &format!("compare/{base}...{}", names::main_branch(view)),
    );
    let commits = link(&count(ahead.ahead_by, "commit"), &compare);
    let features = match ahead.features {
        0 => String::new(),
        1 => " (1 a feature)".to_owned(),
        n => format!(" ({n} of them features)"),
    };
    format!("{commits} on {main} since {tag}{features}: the tag goes on the hotfix branch")
}

fn required(view: &View<'_>) -> String {
    let mut all = Vec::new();
    if !view.test_workflows.is_empty() {
        all.push(names::files(&view.test_workflows));
    }
    if !view.left_out_workflows.is_empty() {
        all.push(format!(
            "{} only where the changed paths start it",
            names::files(&view.left_out_workflows)
        ));
    }
    let harmful = &view.harmful_workflows;
    if !harmful.is_empty() {
        let files: Vec<String> = harmful.iter().map(|(file, _)| file.clone()).collect();
        all.push(format!(
            "not {}: for pushes alone, and may reach outside",
            names::files(&files)
        ));
    }
    if view.test_workflows.is_empty() && view.left_out_workflows.is_empty() {
        all.insert(0, "none found: a person's word is needed".to_owned());
    }
    all.extend(by_rules(view));
    all.join("; ")
}

/// The checks that the branch's rules require.
fn by_rules(view: &View<'_>) -> Option<String> {
    let branched = view.proofs().branched.as_ref()?;
    let all = checks::by_rules(&view.case, branched);
    let one = |(check, proof): &(RequiredCheck, Proof)| {
        let from = match proof {
            Proof::Run(file) => format!("a job of {}", code(file)),
            Proof::Check(from) => check_from(check.app, from),
        };
        format!("{} ({from})", code(&check.name))
    };
    let all: Vec<_> = all.iter().map(one).collect();
    (!all.is_empty()).then(|| {
        let main = code(names::main_branch(view));
        format!("by the rules of {main} the checks {}", all.join(", "))
    })
}

/// The run that nobody waits for, once the tag is there.
fn unawaited<'a>(workflow: &ReleaseWorkflow, view: &'a View<'_>) -> Option<&'a Run> {
    let proofs = view.proofs();
    let branched = proofs.branched.as_ref().filter(|_| !workflow.required)?;
    let commit = &proofs.tagged.as_ref()?.tag.commit;
    run_of(&view.case, branched, commit, workflow).run()
}

/// Whether that run failed: that is more than how runs go.
pub(super) fn has_failed(workflow: &ReleaseWorkflow, view: &View<'_>) -> bool {
    unawaited(workflow, view).is_some_and(Run::failed)
}

/// How a run that nobody waits for stands, once the tag is there: the others are
/// told where they are waited for.
fn stands(workflow: &ReleaseWorkflow, view: &View<'_>) -> Option<String> {
    let run = unawaited(workflow, view)?;
    let how = match (run.passed(), run.failed()) {
        (true, _) => "passed",
        (_, true) => "failed",
        _ => "is under way",
    };
    Some(format!(" ({} {how})", names::run(run)))
}

fn release_workflows(view: &View<'_>) -> String {
    if view.release_workflows.is_empty() {
        return "none found".to_owned();
    }
    let lines: Vec<_> = view
        .release_workflows
        .iter()
        .map(|workflow| {
            let optional = if workflow.required {
                ""
            } else {
                ", not required"
            };
            format!(
                "{} {}{optional}{}",
                code(&workflow.file),
                names::start(&workflow.start),
                stands(workflow, view).unwrap_or_default()
            )
        })
        .collect();
    lines.join(", ")
}
