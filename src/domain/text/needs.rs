//! What is missing, who can mend it, and with which command.

use super::markdown::{capital, code, count, escape, inline, link, person, shorten};
use super::names;
use super::times::utc_time;
use crate::domain::ids::{Millis, Sha};
use crate::domain::view::{Need, Start, View, What, Who};
use crate::ecosystem;

/// A need in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedWords {
    /// Who can mend it, as a phrase after "from": "a maintainer"; "nobody"
    /// where GitHub, the registry or the bot is at work. Markdown.
    pub who: String,
    /// What is missing: one line of Markdown, without a full stop.
    pub line: String,
    /// The command that settles or begins it, to be copied; not Markdown. An
    /// ellipsis stands for words of the person's own.
    pub command: Option<String>,
    /// When or why to give the command, as the beginning of its sentence; empty
    /// where the line says it.
    pub how: &'static str,
}

impl NeedWords {
    /// The need as an item of a list: line, who, command.
    pub fn item(&self, need: &Need) -> String {
        let who = if need.who == Who::Machine {
            String::new()
        } else {
            format!(" — {}", self.who)
        };
        format!("{}{who}{}", capital(&self.line), self.command_sentence())
    }

    /// ". When it is done: `/hotfix …`"; empty without a command.
    pub fn command_sentence(&self) -> String {
        match &self.command {
            None => String::new(),
            Some(command) if self.how.is_empty() => format!(": {}", code(command)),
            Some(command) => format!(". {}: {}", self.how, code(command)),
        }
    }
}

/// The words of one need.
pub fn need(need: &Need, view: &View<'_>) -> NeedWords {
    let (line, how, command) = words(need, view);
    let who = match &need.what {
        What::FixVerified { reporter } if !reporter.is_empty() => format!(
            "{} or {}",
            person(reporter),
            names::who(Who::Responder, view)
        ),
        _ => names::who(need.who, view),
    };
    NeedWords {
        who,
        line: inline(&line),
        command,
        how,
    }
}

/// What is missing, how the command comes in, the command.
pub(super) type Words = (String, &'static str, Option<String>);

pub(super) fn only(line: impl Into<String>) -> Words {
    (line.into(), "", None)
}

pub(super) fn with(
    line: impl Into<String>,
    how: &'static str,
    command: impl Into<String>,
) -> Words {
    (line.into(), how, Some(command.into()))
}

fn words(need: &Need, view: &View<'_>) -> Words {
    match &need.what {
        What::Looking { .. }
        | What::ConfigWrong { .. }
        | What::NoBase { .. }
        | What::Behind { .. }
        | What::ConfirmStart { .. }
        | What::Assess { .. }
        | What::ConfirmSeverity { .. }
        | What::NotHotfix { .. }
        | What::Held { .. }
        | What::IssueClosed { .. }
        | What::Stuck { .. }
        | What::Blocked { .. }
        | What::Unanswered { .. } => around(&need.what, view),
        What::Fix { .. }
        | What::TestsAdded
        | What::RunMissing { .. }
        | What::NoTests
        | What::Approval { .. }
        | What::ChangesRequested { .. }
        | What::ManualTest { .. }
        | What::Release { .. }
        | What::PullClosed { .. } => before_the_tag(&need.what, view),
        What::RunPending { run } => only(format!(
            "{} is under way on {}, since {}",
            names::run(run),
            code(run.sha.short()),
            time(run.started_at, view)
        )),
        What::RunFailed { run, release } => super::runs::failed(run, *release, view),
        What::RunSkipped { run } => with(
            format!(
                "{} was skipped: none of its jobs had anything to do",
                names::run(run)
            ),
            "When the cause is mended, or to start it once more",
            "/hotfix retry",
        ),
        What::RunWaiting { run } => only(format!(
            "{} waits for the approval of its environment; it is given on the run's page",
            names::run(run)
        )),
        What::TagWrong { .. }
        | What::ReleaseRunMissing { .. }
        | What::ReleaseRunUnclear { .. }
        | What::Registry { .. }
        | What::GithubRelease { .. }
        | What::Assets { .. }
        | What::FreshInstall { .. }
        | What::FixVerified { .. } => after_the_tag(&need.what, view),
        What::Conflict { .. }
        | What::PortConflicts { .. }
        | What::Draft { .. }
        | What::KnownIssueText { .. }
        | What::KnownIssueClosed { .. }
        | What::NotOnMain { .. } => super::on_main::words(&need.what, view),
    }
}

/// What can be waited for at any time, and at the start.
fn around(what: &What, view: &View<'_>) -> Words {
    match what {
        What::Looking { subject } => only(format!("the bot is reading {}", escape(subject))),
        What::ConfigWrong { .. } => only(format!(
            "{} on {} is wrong, and nothing starts until it is mended",
            link(
                &code(".github/hotfix.toml"),
                &names::page(
                    view,
                    &format!("blob/{}/.github/hotfix.toml", names::main_branch(view))
                )
            ),
            code(names::main_branch(view))
        )),
        What::NoBase { trouble } => with(
            format!("there is no release to start from: {}", escape(trouble)),
            "To look again",
            "/hotfix retry",
        ),
        What::Behind { claim } => only(format!(
            "another hotfix holds {}; this one goes on when that one is over",
            escape(claim)
        )),
        What::ConfirmStart { login, role, wants } => with(
            format!(
                "confirmation of the start: {} has the role {}, and starting takes {}",
                person(login),
                code(role),
                code(wants)
            ),
            "",
            "/hotfix confirm",
        ),
        What::Assess { missing } => with(
            "answers to the decision matrix (the fold “Severity” explains them)",
            "",
            format!("/hotfix assess {}", missing.join(" ")),
        ),
        What::ConfirmSeverity { reason } => with(
            format!("the decision whether this is a hotfix: {}", escape(reason)),
            "If it is",
            "/hotfix confirm",
        ),
        What::NotHotfix { reasons } => {
            let reasons: Vec<_> = reasons.iter().map(|reason| escape(reason)).collect();
            with(
                format!(
                    "an end ({}), or other answers: by the matrix this is no hotfix ({})",
                    code("/hotfix cancel reason=…"),
                    reasons.join("; ")
                ),
                "Or, to hotfix it all the same",
                "/hotfix confirm",
            )
        }
        What::Held { login, reason } => with(
            format!(
                "a decision: {} put this on hold{}",
                person(login),
                because(reason)
            ),
            "To go on",
            "/hotfix unhold",
        ),
        What::IssueClosed { login } => with(
            format!(
                "a decision: {} closed the issue before the release. Reopen it to go on",
                login
                    .as_deref()
                    .map_or_else(|| "somebody".to_owned(), person)
            ),
            "To give the hotfix up",
            "/hotfix cancel reason=…",
        ),
        What::Stuck { slot, message } => with(
            format!(
                "help: GitHub refused {} (“{}”)",
                names::slot(slot),
                said(message)
            ),
            "When the cause is mended",
            "/hotfix retry",
        ),
        What::Unanswered {
            slot,
            message,
            since,
        } => {
            let whom = match slot.as_str() {
                "read/registry" => names::kind(view).registry(),
                _ => "GitHub",
            };
            let asked = names::slot(slot);
            let asked = match asked.strip_prefix("to ") {
                Some(_) => asked,
                None => format!("for {asked}"),
            };
            only(format!(
                "{whom} does not answer when asked {asked}, since {} (“{}”). The bot goes on trying",
                time(*since, view),
                said(message)
            ))
        }
        What::Blocked { slot, message } => with(
            format!(
                "a right: GitHub refused {} (“{}”). The bot tries again by itself",
                names::slot(slot),
                said(message)
            ),
            "To try at once",
            "/hotfix retry",
        ),
        _ => only(""),
    }
}

fn before_the_tag(what: &What, view: &View<'_>) -> Words {
    match what {
        What::Fix { branch, pull } => {
            let pull = pull.map_or_else(String::new, |n| format!(" ({})", names::pull(view, n)));
            only(format!(
                "a fix on {}{pull}: push its commits there, with a test",
                link(&code(branch), &names::page(view, &format!("tree/{branch}")))
            ))
        }
        What::TestsAdded => with(
            "a test for the fix: push one",
            "Or say why there is none",
            "/hotfix check tests-added note=…",
        ),
        What::RunMissing {
            file,
            can_start: true,
            ..
        } => only(format!("{} has not started on the head yet", code(file))),
        What::RunMissing {
            file,
            by_paths: true,
            ..
        } => with(
            format!(
                "a run of {} on the head: its {} leave out what the last commit changes, and it cannot be dispatched there. Run the critical-path tests yourself",
                code(file),
                code("paths")
            ),
            "Then give your word",
            "/hotfix check critical-path note=…",
        ),
        What::RunMissing { file, .. } => with(
            format!(
                "a run of {} on the head: its {} leaves out {}, and it cannot be dispatched there. Run the critical-path tests yourself and say {}",
                code(file),
                code("on.push"),
                code(&names::branch(view).unwrap_or_else(|| "the hotfix branch".to_owned())),
                code("/hotfix check critical-path note=…")
            ),
            "Or let the bot add the branch to its triggers, in a commit of its own",
            "/hotfix test enable",
        ),
        What::NoTests => with(
            match view.left_out_workflows.as_slice() {
                [] => "no workflow tests the head. Run the critical-path tests on it yourself"
                    .to_owned(),
                files => format!(
                    "no workflow tests the head: its changed paths do not start {}. Run the critical-path tests on it yourself",
                    names::files(files)
                ),
            },
            "Then give your word",
            "/hotfix check critical-path note=…",
        ),
        What::Approval { have, want, head } => {
            let pull = view.facts.line.pull_number;
            let target =
                pull.map_or_else(|| "the pull request".to_owned(), |n| names::pull(view, n));
            only(format!(
                "an approving review of {} on {target} by somebody who wrote none of its commits ({have} of {want})",
                at(head)
            ))
        }
        What::ChangesRequested { login } => only(format!(
            "{} asked for changes: an approval by the same person, or a dismissal of that review",
            person(login)
        )),
        What::ManualTest { head } => {
            let on = platforms(view);
            with(
                format!("a manual test of {}{on}", at(head)),
                "When it is done",
                "/hotfix check manual-test note=…",
            )
        }
        What::Release { head } => with(
            "the decision",
            "To release exactly this",
            format!("/hotfix release {}", head.short()),
        ),
        What::PullClosed { pull } => only(format!(
            "{} was closed: reopen it, or give the hotfix up",
            names::pull(view, *pull)
        )),
        _ => only(""),
    }
}

fn after_the_tag(what: &What, view: &View<'_>) -> Words {
    match what {
        What::TagWrong { tag, commit } => only(format!(
            "a decision: the tag {} stands on {}, which is not the tested commit{}. Nothing goes on until it is mended by hand",
            code(tag),
            names::commit(view, commit),
            names::head(view).map_or_else(String::new, |head| format!(" {}", at(head)))
        )),
        What::ReleaseRunMissing { file, start } => only(format!(
            "{} has not started for {} yet{}",
            code(file),
            code(&names::tag_or_hotfix(view)),
            match start {
                Start::Tag => String::new(),
                Start::Hand => ": start it by hand, at the tag".to_owned(),
                Start::Release => ". It starts on a published release, and one that a workflow publishes with its own token starts nothing: then start it by hand, at the tag".to_owned(),
                after => format!(" (it starts {})", names::start(after)),
            }
        )),
        What::ReleaseRunUnclear { file, runs } => {
            let runs: Vec<_> = runs.iter().map(names::run).collect();
            only(format!(
                "{} has {} after the release's workflow, and nothing tells which belongs to {}: {}. It goes on when all have passed, or when the release is published",
                code(file),
                count(runs.len() as u64, "run"),
                code(&names::tag_or_hotfix(view)),
                runs.join(", ")
            ))
        }
        What::Registry {
            package,
            version,
            yanked: false,
        } => only(format!(
            "{} does not show {} yet",
            names::kind(view).registry(),
            code(&format!("{package} {version}"))
        )),
        What::Registry {
            package, version, ..
        } => only(format!(
            "{} shows {} as yanked. If that is a mistake, an owner undoes it: {}",
            names::kind(view).registry(),
            code(&format!("{package} {version}")),
            code(&ecosystem::words(names::kind(view), package, version).restore)
        )),
        What::GithubRelease { tag } => only(format!(
            "the GitHub release of {} is not published yet",
            link(&code(tag), &names::page(view, "releases"))
        )),
        What::Assets { missing } => {
            let names: Vec<_> = missing.iter().take(6).map(|name| code(name)).collect();
            let more = missing.len().saturating_sub(6);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            only(format!(
                "the release lacks {}{more}, or they are not uploaded completely",
                names.join(", ")
            ))
        }
        What::FreshInstall { command } => with(
            format!("a fresh install: {}", code(command)),
            "When it works",
            "/hotfix check fresh-install",
        ),
        What::FixVerified { reporter } => {
            // Each is told the command that is theirs.
            let theirs = code("/hotfix confirm-fixed");
            let reporter = if reporter.is_empty() {
                "the reporter".to_owned()
            } else {
                person(reporter)
            };
            with(
                format!(
                    "a person's word that the released version fixes it ({reporter}: {theirs})"
                ),
                "Without the reporter",
                "/hotfix check fix-verified note=…",
            )
        }
        _ => only(""),
    }
}

fn at(head: &Sha) -> String {
    code(head.short())
}

fn because(reason: &str) -> String {
    match escape(reason) {
        reason if reason.is_empty() => String::new(),
        reason => format!(" (“{reason}”)"),
    }
}

fn said(message: &str) -> String {
    escape(&shorten(message, 300))
}

fn platforms(view: &View<'_>) -> String {
    let named: Vec<_> = view
        .policy
        .test
        .platforms
        .iter()
        .map(|name| escape(name))
        .collect();
    let seen = view.facts.answers.platform.as_deref().map(escape);
    match (named.is_empty(), seen) {
        (false, _) => format!(" on {}", super::markdown::and(&named)),
        (true, Some(platform)) => format!(" on {platform}, where the bug was seen"),
        (true, None) => String::new(),
    }
}

fn time(at: Millis, view: &View<'_>) -> String {
    utc_time(at, view.timeline.started)
}
