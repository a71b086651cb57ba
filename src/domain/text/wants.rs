//! Each kind of need in words: one exhaustive list, so that a kind without its
//! words does not compile.

use super::at_merge;
use super::built::{left_to_people, stale_build};
use super::failed_run::failed;
use super::joined;
use super::markdown::{code, escape, link, person, somebody};
use super::missing_tests::{
    missing_check, no_dry_run, no_tests, not_harmless, not_started, unconfirmed,
};
use super::names;
use super::phrases::{
    at, because, looking, nobody_can_tell, questions, said, stuck, time, where_seen, why_not,
};
use super::picked::{self, not_picked};
use super::preflight;
use super::publish_now::publish_now;
use super::pulls;
use super::review;
use super::scope;
use super::shipping;
use super::signatures;
use super::stopped::stopped;
use super::strays::{WAIVE_KNOWN, WITHOUT};
use super::taken::is_taken;
use super::times::budget;
use super::tried;
use super::untold;
use super::vulnerability;
use super::watched::{self, if_they};
use super::which::{which_base, which_line};
use super::words::{Words, only, with};
use super::yank;
use crate::domain::effect::Slot;
use crate::domain::facts::{News, Notice};
use crate::domain::item::Item;
use crate::domain::need::{NeedKind, StopReason};
use crate::domain::objects::Object;
use crate::domain::obstacle::Obstacle;
use crate::domain::outside::Outside;
use crate::domain::view::View;

/// The words of a need.
pub(super) fn words(kind: &NeedKind, view: &View<'_>) -> Words {
    match kind {
        NeedKind::Looking { at } => only(format!("the bot is checking {}", looking(*at))),
        NeedKind::ConfigWrong => only(format!(
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
        NeedKind::NoBase { trouble } => with(
            format!("there is no release to start from: {}", trouble.markdown()),
            "To look again",
            "/hotfix retry",
        ),
        NeedKind::WhichBase { question } => which_base(question, view),
        NeedKind::WhichLine { question, tag } => which_line(question, tag, view),
        NeedKind::BranchInTheWay { branch } => with(
            format!(
                "help: the branch {} is in the way, for no branch can stand below it as the hotfix's would. Rename or delete it, or let the configuration name the hotfix branch otherwise",
                code(branch)
            ),
            "Then",
            "/hotfix retry",
        ),
        NeedKind::PushPublishes {
            files,
            sure,
            branch,
            otherwise,
        } => shipping::push_publishes(files, *sure, branch, otherwise.is_some()),
        NeedKind::Preflight { finding } => preflight::held(finding, view),
        NeedKind::MergeNow {
            pull,
            pull_kind,
            finding,
        } => preflight::merge_now(*pull, *pull_kind, finding, view),
        NeedKind::Behind { claim, issue: None } => only(format!(
            "another hotfix holds {}; this one goes on when that one is over",
            escape(claim)
        )),
        NeedKind::Behind {
            claim,
            issue: Some(issue),
        } => {
            let (other, command) = (
                joined::issue(*issue, view),
                format!("/hotfix join #{issue}"),
            );
            let one = match is_taken(&command, view) {
                true => format!(
                    " (to fix both by one release, a maintainer says {})",
                    code(&command)
                ),
                false => String::new(),
            };
            only(format!(
                "the hotfix of {other} holds {}; this one goes on from its release{one}",
                escape(claim)
            ))
        }
        NeedKind::ConfirmStart { login, wants, .. } if login.is_empty() => with(
            format!(
                "confirmation of the start: the label is on the issue, and GitHub does not say who put it there. Starting takes {}",
                code(wants.name())
            ),
            "",
            "/hotfix confirm",
        ),
        NeedKind::ConfirmStart { login, role, wants } => with(
            format!(
                "confirmation of the start: {} has the role {}, and starting takes {}",
                person(login),
                code(role.name()),
                code(wants.name())
            ),
            "",
            "/hotfix confirm",
        ),
        NeedKind::Assess { missing } => with(
            "answers to the decision matrix (the fold “Severity” explains them)",
            "",
            format!("/hotfix assess {}", questions(missing)),
        ),
        NeedKind::ConfirmSeverity { because } => with(
            format!("the decision whether this is a hotfix: {}", because.text()),
            "If it is",
            "/hotfix confirm",
        ),
        NeedKind::NotHotfix { reasons } => {
            let reasons: Vec<_> = reasons.iter().map(why_not).collect();
            with(
                format!(
                    "by these answers this is {} ({}). Close it with {}, or correct an answer with {}",
                    match view.verdict.level() {
                        Some(level) if level != "P0" => {
                            let level = view.policy.severity.named(level);
                            format!("{}, no hotfix", escape(level))
                        }
                        _ => "no hotfix".to_owned(),
                    },
                    reasons.join("; "),
                    code("/hotfix cancel reason=…"),
                    code("/hotfix assess …")
                ),
                "Or decide otherwise",
                "/hotfix confirm",
            )
        }
        NeedKind::TooLong => with(
            format!(
                "a decision: this takes more than {}. Is it truly {}, or can it wait for a regular release ({})?",
                budget(view.timeline.total.maximum),
                escape(&view.policy.severity.hotfix.join("/")),
                code(&format!(
                    "/hotfix downgrade {} reason=…",
                    view.policy
                        .severity
                        .regular
                        .first()
                        .map_or("P1", String::as_str)
                ))
            ),
            "If it is",
            "/hotfix extend total 60m reason=…",
        ),
        NeedKind::Held {
            why: StopReason::TakenOff,
            ..
        } => with(
            "a decision: the App was taken off this repository meanwhile. What was there is there still, and nothing of it goes on by itself".to_owned(),
            "To go on",
            "/hotfix unhold",
        ),
        NeedKind::Held { login, why } => with(
            format!(
                "a decision: {} put this on hold{}",
                somebody(login),
                because(why)
            ),
            match why {
                StopReason::LabelOff(_) => "To go on, put it on again, or",
                StopReason::Said(_) | StopReason::Downgraded { .. } | StopReason::TakenOff => {
                    "To go on"
                }
            },
            "/hotfix unhold",
        ),
        NeedKind::IssueClosed { login } => with(
            format!(
                "a decision: {} closed the issue before the release. Reopen it to go on",
                somebody(login.as_deref().unwrap_or_default())
            ),
            "To give the hotfix up",
            "/hotfix cancel reason=…",
        ),
        NeedKind::BranchElsewhere { branch, base } => with(
            format!(
                "help: {} exists and is not built on {}. Rename or delete it",
                code(branch),
                code(base)
            ),
            "Then",
            "/hotfix retry",
        ),
        NeedKind::BranchDeleted { branch } => with(
            format!(
                "a decision: {} was deleted, or renamed. Restore it to go on{}",
                code(branch),
                restoring(branch, view)
            ),
            "To give the hotfix up",
            "/hotfix cancel reason=…",
        ),
        NeedKind::BumpIncomplete { version, paths } => with(
            format!(
                "help: after the bump {} does not hold {}. Push a commit that puts it there",
                names::files(paths),
                code(version)
            ),
            "To look again",
            "/hotfix retry",
        ),
        NeedKind::Unshipped { branch, head } => with(
            format!(
                "a decision: {} has commits that did not ship (head {}), and is not deleted. Move them or delete it",
                code(branch),
                code(head.short())
            ),
            "To look again",
            "/hotfix retry",
        ),
        NeedKind::ConfirmRollback { token } => yank::confirm(token, view),
        NeedKind::StillRuns { runs } => yank::still_runs(runs),
        NeedKind::Yank { packages, by } => yank::yank(packages, by, view),
        NeedKind::Blocked {
            slot: Slot::Merge(kind),
            obstacle,
        }
        | NeedKind::Stuck {
            slot: Slot::Merge(kind),
            obstacle,
        } if obstacle.wants_signatures() => signatures::refused(*kind, obstacle, view),
        NeedKind::Stuck {
            slot: Slot::Yank(package),
            obstacle,
        } => yank::refused(package, obstacle, view),
        NeedKind::Stuck { slot, obstacle } => with(
            format!("help: {}", stuck(slot, obstacle, view)),
            match obstacle {
                Obstacle::Unknown => "If it did not start",
                Obstacle::Undone if *slot == Slot::Tag => "To make it again",
                _ => "When the cause is mended",
            },
            "/hotfix retry",
        ),
        NeedKind::Unanswered {
            slot,
            message,
            since,
        } => {
            let silent = if *slot == Slot::Read(Object::Registry) {
                names::registries_do(view, "does not answer", "do not answer")
            } else {
                "GitHub does not answer".to_owned()
            };
            let asked = names::slot(slot);
            let asked = match asked.strip_prefix("to ") {
                Some(_) => asked.to_owned(),
                None => format!("for {asked}"),
            };
            only(format!(
                "{silent} when asked {asked}, since {} (“{}”). The bot goes on trying",
                time(*since, view),
                said(message)
            ))
        }
        // A rule of the branch wants something first, a review for one.
        NeedKind::Blocked {
            slot: slot @ Slot::Merge(_),
            obstacle,
        } => with(
            format!(
                "help: {}. The bot tries again with each review, and every quarter of an hour",
                stuck(slot, obstacle, view)
            ),
            "To try at once",
            "/hotfix retry",
        ),
        NeedKind::Blocked { slot, obstacle } => with(
            format!(
                "a permission: {}. The bot tries again by itself",
                stuck(slot, obstacle, view)
            ),
            "To try at once",
            "/hotfix retry",
        ),
        NeedKind::Fix {
            branch,
            pull,
            merged,
            line,
            offers,
        } => picked::fix(branch, *pull, (merged, offers), line.as_ref(), view),
        NeedKind::NotPicked {
            sources,
            trouble,
            branch,
        } => not_picked(sources, trouble, branch, view),
        NeedKind::SkipsCi { head } => only(format!(
            "another head: the message of {} tells GitHub to start no workflow, so that neither its tests nor the release would run. An empty commit on top is enough: {}",
            at(head),
            code("git commit --allow-empty -m \"ci: run the workflows\"")
        )),
        NeedKind::OwnJudge { head, paths } => with(
            format!(
                "a look at what {} is judged by: the fix itself changes {}",
                at(head),
                names::some_files(paths)
            ),
            "To pass it, by a maintainer who wrote nothing of the fix",
            "/hotfix override judge reason=…",
        ),
        NeedKind::Scope { head, beyond } => with(
            format!(
                "a smaller fix, or a decision: {} is more than a hotfix may be: {}",
                at(head),
                scope::beyond(beyond, view)
            ),
            "To ship it as it is, a maintainer says",
            "/hotfix override scope reason=…",
        ),
        NeedKind::NotReleased {
            head,
            crates,
            alone: true,
        } => with(
            format!(
                "the fix in what is released: {} changes {} alone, which {} no part of the release, so that nobody would get it. Push what changes a package of the release, too",
                at(head),
                names::some_files(crates),
                if crates.len() == 1 { "is" } else { "are" },
            ),
            "To release without, a maintainer says",
            "/hotfix override not-released reason=…",
        ),
        NeedKind::NotReleased { head, crates, .. } => with(
            format!(
                "the fix in what is released: {} changes {}, which {} published separately and not part of this release. Raise the version in the manifest of each on the branch (and what requires it), and publish it with the tag, the lower one first",
                at(head),
                names::some_files(crates),
                if crates.len() == 1 { "is" } else { "are" },
            ),
            "To release without, a maintainer says",
            "/hotfix override not-released reason=…",
        ),
        NeedKind::StaleBuild {
            head,
            files,
            folder,
            command,
        } => stale_build(head, files, folder, command.as_deref()),
        NeedKind::LeftToPeople { head, what } => left_to_people(head, what, view),
        NeedKind::NotCarriedOut { key } => with(
            format!(
                "a decision: {} is set in {}, and this version of the bot does not look at it yet. See to it yourself",
                code(key),
                code(".github/hotfix.toml")
            ),
            "Then pass it",
            format!("/hotfix override {key} reason=…"),
        ),
        NeedKind::NotAtMerge { why } => at_merge::not_at_merge(why, view),
        NeedKind::NoDryRun { file, why } => no_dry_run(file, why),
        NeedKind::ReleaseStopped { file, why } => with(
            stopped(file, why, view),
            "To release without it, a maintainer says",
            "/hotfix override release-workflows reason=…",
        ),
        NeedKind::MergePublishes { files, proposes } => {
            shipping::merge_publishes(files, *proposes, view)
        }
        NeedKind::MakesLatest { file, what, newest } => {
            shipping::makes_latest(file, *what, newest, view)
        }
        NeedKind::DraftFirst { file, tag } => shipping::draft_first(file, tag),
        NeedKind::TagNow { by, tag, head } => shipping::tag_now(by, tag, head, view),
        NeedKind::MergeWaits { files, branch } => shipping::merge_waits(files, branch, view),
        NeedKind::PublishNow {
            by,
            registry,
            release,
        } => publish_now(by, *registry, *release, view),
        NeedKind::PublishedOther {
            package,
            version,
            commit,
            tagged,
        } => shipping::published_other(package, version, [commit, tagged], view),
        NeedKind::LatestMoved { newest } => shipping::latest_moved(newest, view),
        NeedKind::ConfirmRun {
            file,
            head,
            login,
            harm,
        } => unconfirmed(file, head, login, harm, view),
        NeedKind::Check {
            name,
            head,
            state,
            by,
        } => missing_check(name, head, *state, by, view),
        NeedKind::RunNever { run, conditions } => with(
            format!(
                "a test of the head: {} did nothing, for no job of it runs on this branch{}. Run the critical-path tests yourself",
                names::run(run),
                if_they(conditions)
            ),
            "Then give your word",
            "/hotfix check critical-path note=…",
        ),
        NeedKind::RunHollow {
            run,
            jobs,
            draft,
            conditions,
        } => watched::run_hollow(run, jobs, *draft, conditions, view),
        NeedKind::TestsAdded => with(
            "a test for the fix: push one",
            "Or say why there is none",
            names::tick_with_words(Item::TestsAdded, view),
        ),
        NeedKind::RunMissing {
            file,
            can_start: true,
            ..
        } => only(format!("{} has not started on the head yet", code(file))),
        NeedKind::RunMissing {
            file,
            harm,
            by_paths,
            ..
        } => match harm.as_slice() {
            [] => not_started(file, *by_paths, view),
            harm => not_harmless(file, harm, view),
        },
        NeedKind::NoTests => no_tests(view),
        NeedKind::Approval {
            have,
            want,
            head,
            unclear,
            uncounted,
        } => {
            let pull = view.line.pull_number;
            let target =
                pull.map_or_else(|| "the pull request".to_owned(), |n| names::pull(view, n));
            only(format!(
                "an approving review of {} on {target} by somebody who did not write the fix{}{}{}{}",
                at(head),
                if unclear.is_some() {
                    " and pushed nothing to the branch"
                } else {
                    ""
                },
                match want {
                    1 => String::new(),
                    want => format!(" ({have} of {want})"),
                },
                unclear.as_ref().map(nobody_can_tell).unwrap_or_default(),
                review::not_counted(uncounted),
            ))
        }
        NeedKind::ChangesRequested { login } => only(format!(
            "{} asked for changes: an approval by the same person, or a dismissal of that review",
            person(login)
        )),
        NeedKind::ManualTest { head } => {
            let on = where_seen(view);
            with(
                format!("a manual test of {}{on}", at(head)),
                "When it is done",
                tried::manual(view),
            )
        }
        NeedKind::Platforms { missing, .. } => {
            let (line, command) = tried::platforms(missing, view);
            with(line, "When it was tried there", command)
        }
        NeedKind::Release { head } => with(
            match view.line.seen.tag.get().and_then(Option::as_ref) {
                None => "the decision".to_owned(),
                // On another commit it would be a gate.
                Some(_) => format!(
                    "the decision: the tag {} stands on it already, made by hand, and publishes what its workflows publish. With the decision the bot does the rest",
                    code(&names::tag_or_hotfix(view))
                ),
            },
            "To release exactly this",
            format!("/hotfix release {}", head.short()),
        ),
        NeedKind::Pull(need) => pulls::words(need, view),
        NeedKind::RunPending { run } => watched::run_pending(run, view),
        NeedKind::RunFailed { run, release } => failed(run, *release, view),
        NeedKind::RunSkipped { run, conditions } => watched::run_skipped(run, conditions),
        NeedKind::RunWaiting { run } => watched::run_waiting(run, view),
        NeedKind::RunSlow { run, timeout } => watched::run_slow(run, *timeout, view),
        NeedKind::Against { what } => watched::against(what, view),
        NeedKind::TagWrong {
            tag,
            commit,
            lightweight,
        } => watched::tag_wrong(tag, commit, *lightweight, view),
        NeedKind::ReleaseRunMissing { file, start, late } => {
            watched::release_run_missing(file, start, *late, view)
        }
        NeedKind::ReleaseRunUnclear { file, runs } => {
            watched::release_run_unclear(file, runs, view)
        }
        NeedKind::Registry {
            package,
            version,
            yanked,
            missing,
        } => watched::registry(package, version, (*yanked, missing), view),
        NeedKind::GithubRelease { tag } => watched::github_release(tag, view),
        NeedKind::Assets { missing } => watched::assets(missing),
        NeedKind::Channel { channel, trouble } => untold::trouble(channel, trouble, view),
        NeedKind::Advisory(need) => vulnerability::wanted(need, view),
        NeedKind::NoDiscussion { category } => untold::discussion(category),
        NeedKind::FreshInstall => watched::fresh_install(view),
        NeedKind::StillBroken {
            login,
            at,
            note,
            told,
        } => watched::still_broken((login, *at), note.as_ref(), *told, view),
        NeedKind::FixVerified { reporter } => watched::fix_verified(reporter, view),
        NeedKind::KnownIssueText { path, missing } => {
            let asked: Vec<_> = missing
                .iter()
                .map(|item| code(&format!("/hotfix check {} note=…", item.name())))
                .collect();
            with(
                format!(
                    "a sentence each for the entry in {}: {}",
                    code(path),
                    super::markdown::and(&asked)
                ),
                WITHOUT,
                WAIVE_KNOWN,
            )
        }
    }
}

/// ": `git push …`", with the commit that the branch stood at when it went.
fn restoring(branch: &str, view: &View<'_>) -> String {
    let gone = |it: &Notice| match &it.what {
        News::Lost { was, is: None, .. } => Some(was.clone()),
        _ => None,
    };
    let was = view.facts.notices.iter().rev().find_map(gone);
    was.map_or_else(String::new, |was| {
        let branch = Outside::from(branch).shell();
        let command = format!("git push origin {was}:refs/heads/{branch}");
        format!(
            ": {}. Who pushes it counts as author of its commits from then on, and does not approve them",
            code(&command)
        )
    })
}
