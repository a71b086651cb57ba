//! A failed run in words: what failed, with the end of its log, and what users have
//! by now.

use super::block;
use super::dead_ci;
use super::markdown::{and, code, link};
use super::names;
use super::times::duration;
use super::watched::WAIVE;
use super::words::{Words, only, with};
use crate::domain::need::NeedKind;
use crate::domain::objects::{FailedJob, Run};
use crate::domain::outside::Outside;
use crate::domain::procedure::verify::{has_registry, has_release};
use crate::domain::procedure::{halted, repeats};
use crate::domain::shipping::Repeats;
use crate::domain::view::View;

/// What failed, where, after how long, and what a re-run would meet.
pub(super) fn failed(run: &Run, release: bool, view: &View<'_>) -> Words {
    let place = match halted::of(&view.case, run).and_then(|it| it.jobs.first()) {
        Some(failed) => format!(" in {}{}", job(&failed.name, &failed.url), step(failed)),
        None => run
            .failed_job
            .as_ref()
            .map_or_else(String::new, |(name, url)| format!(" in {}", job(name, url))),
    };
    let how = match run.conclusion.as_deref() {
        Some("cancelled") => "was cancelled",
        Some("timed_out") => "ran out of time",
        Some("startup_failure") => "could not start",
        Some("action_required") => "waits for somebody's approval on its page",
        _ => "failed",
    };
    let after = match run.updated_at.saturating_sub(run.started_at) {
        took if took > 0 && run.started_at > 0 && !run.could_not_start() => {
            format!(" after {}", duration(took))
        }
        _ => String::new(),
    };
    let users = if release { users(view) } else { String::new() };
    let users = match super::shipping::lacks_release(run, release, view) {
        Some(lacks) => format!("{users}. {lacks}"),
        None => users,
    };
    let alone = dead_ci::none_of_the_fix(run, view);
    let line = format!("{} {how}{place}{after}{users}{alone}", names::run(run));
    if run.could_not_start() {
        let line =
            format!("{line}: GitHub cannot read its file, and gives such a run no second attempt");
        return match release {
            true => with(
                format!("{line}. What it would have done is to be done by hand"),
                "When it is done, a maintainer says",
                WAIVE,
            ),
            false => only(format!("{line}. Mend the file, and push it")),
        };
    }
    let branched = view.proofs().branched.as_ref().filter(|_| release);
    let again = branched.and_then(|branched| repeats::repeats(&view.case, branched, run));
    match again {
        Some(what) => with(
            format!(
                "{line}. Before its failed jobs run again: {}",
                self::repeats(what, view)
            ),
            "If they must all the same",
            format!("/hotfix retry {}", run.file()),
        ),
        None => with(
            line,
            if release {
                "To run the failed job again"
            } else {
                "Push a fix or, if it was chance, run it again"
            },
            "/hotfix retry",
        ),
    }
}

fn job(name: &Outside, url: &str) -> String {
    link(&format!("job “{}”", name.markdown()), url)
}

fn step(failed: &FailedJob) -> String {
    let step = failed.step.as_ref();
    step.map_or_else(String::new, |step| format!(", step “{}”", step.markdown()))
}

/// What a re-run would do a second time.
pub(super) fn repeats(what: Repeats, view: &View<'_>) -> String {
    match what {
        Repeats::Registry => format!(
            "{} {} already, and nothing can be published twice",
            names::registries_do(view, "has", "have"),
            already(view)
        ),
        Repeats::Release => {
            "the GitHub release is published already, and its files would be written once more"
                .to_owned()
        }
        Repeats::Elsewhere => {
            "what failed publishes to where the bot cannot look, and may have done so".to_owned()
        }
    }
}

/// The version that the registry has; of several packages, those that it has.
fn already(view: &View<'_>) -> String {
    let parts = view.line.seen.parts.get().into_iter().flatten();
    let parts: Vec<_> = parts.collect();
    let there = parts.iter().filter(|part| part.there);
    let there: Vec<_> = there
        .map(|part| code(&format!("{} {}", part.package, part.version)))
        .collect();
    match parts.len() > 1 && !there.is_empty() {
        true => and(&there),
        false => code(view.line.version.as_deref().unwrap_or_default()),
    }
}

/// What users have by now, as far as it was looked at.
fn users(view: &View<'_>) -> String {
    let Some(branched) = &view.proofs().branched else {
        return String::new();
    };
    let (c, seen) = (&view.case, &view.line.seen);
    let has = names::registries_do(view, "has", "have");
    let mut there = Vec::new();
    let mut lacks = Vec::new();
    if branched.base.package.published.len() > 1 {
        // Of several packages some may be out.
        let parts = seen.parts.get().filter(|_| seen.parts.is_current());
        for part in parts.into_iter().flatten() {
            let word = code(&format!("{} {}", part.package, part.version));
            match part.there {
                true => there.push(format!("{has} {word}")),
                false => lacks.push(format!("{has} no {word}")),
            }
        }
    } else if has_registry(c, branched) && seen.registry.is_current() {
        match seen.registry.get() {
            Some(Some(_)) => there.push(format!("{has} {}", code(&branched.version))),
            Some(None) => lacks.push(format!("{has} no {}", code(&branched.version))),
            None => {}
        }
    }
    if has_release(c, branched) && seen.release.is_current() {
        match seen.release.get() {
            Some(Some(release)) if !release.draft => {
                there.push("the GitHub release is published".to_owned());
            }
            Some(_) => lacks.push("the GitHub release is not published".to_owned()),
            None => {}
        }
    }
    let all = |facts: &[String]| facts.join(", ");
    match (there.as_slice(), lacks.as_slice()) {
        ([], []) => String::new(),
        ([], lacks) => format!(
            ". Nothing is out ({}): users still have the bug",
            all(lacks)
        ),
        (there, []) => format!(". It is out all the same: {}", all(there)),
        (there, lacks) => format!(". It is half out: {}; {}", all(there), all(lacks)),
    }
}

/// The ends of the logs of what failed and is waited for.
pub(super) fn logs(view: &View<'_>) -> Option<String> {
    let needs = view.gates.iter().chain(&view.needs);
    let mut shown: Vec<u64> = Vec::new();
    let mut all = Vec::new();
    for need in needs {
        let NeedKind::RunFailed { run, .. } = &need.kind else {
            continue;
        };
        if shown.contains(&run.id) {
            continue;
        }
        shown.push(run.id);
        let jobs = halted::of(&view.case, run).map_or(&[][..], |it| it.jobs.as_slice());
        let with_log = jobs.iter().filter(|job| !job.log.is_empty());
        all.extend(with_log.map(|failed| {
            let lines: Vec<String> = failed.log.iter().map(Outside::in_block).collect();
            format!(
                "**The end of the log** of {}, {}{}:\n\n{}",
                code(run.file()),
                job(&failed.name, &failed.url),
                step(failed),
                block::plain(&lines)
            )
        }));
    }
    (!all.is_empty()).then(|| all.join("\n\n"))
}
