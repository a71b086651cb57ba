//! What is waited for after the tag, in words: its workflows, and what users find.

use super::dead_ci;
use super::markdown::{and, code, count, escape, link, person};
use super::names;
use super::notices::quoted;
use super::phrases::{at, time};
use super::taken::is_taken;
use super::times::budget;
use super::words::{Words, only, with};
use crate::domain::available::{available, bump, next_free};
use crate::domain::command::Verb;
use crate::domain::ids::{Millis, Sha};
use crate::domain::need::{Against, Start};
use crate::domain::objects::{Answered, Run, Waiting};
use crate::domain::outside::Outside;
use crate::domain::procedure::by_dispatch::{filled, refused};
use crate::domain::procedure::halted;
use crate::domain::view::View;

/// A run is under way.
pub(super) fn run_pending(run: &Run, view: &View<'_>) -> Words {
    only(format!(
        "{} is under way on {}, since {}{}{}",
        names::run(run),
        code(run.sha.short()),
        time(run.started_at, view),
        expected(run, view),
        dead_ci::asks_in_vain(run, false, view)
    ))
}

/// When a run of the release should be through, and when it is too slow.
fn expected(run: &Run, view: &View<'_>) -> String {
    let tagged = view.proofs().tagged.is_some();
    let mut all = view.release_workflows.iter();
    let of = all.find(|it| tagged && it.file == run.file());
    let Some(of) = of.filter(|_| run.started_at > 0) else {
        return String::new();
    };
    let by = |after: Millis| time(run.started_at.saturating_add(after), view);
    match (of.expect, of.timeout) {
        (Some(usual), Some(most)) => format!(
            "; usually through by {}, too slow from {} on",
            by(usual),
            by(most)
        ),
        (Some(usual), None) => format!("; usually through by {}", by(usual)),
        (None, Some(most)) => format!("; too slow from {} on", by(most)),
        (None, None) => String::new(),
    }
}

/// A run takes longer than it may.
pub(super) fn run_slow(run: &Run, timeout: Millis, view: &View<'_>) -> Words {
    only(format!(
        "help: {} is under way since {}, for longer than the {} that it may take. Look what it waits for; one that hangs is cancelled on its page, and then run again by {}",
        names::run(run),
        time(run.started_at, view),
        budget(timeout),
        code("/hotfix retry")
    ))
}

/// A run ended without doing anything.
pub(super) fn run_skipped(run: &Run, conditions: &[String]) -> Words {
    with(
        format!(
            "{} was skipped: none of its jobs had anything to do{}",
            names::run(run),
            if_they(conditions)
        ),
        "When the cause is mended, or to start it once more",
        "/hotfix retry",
    )
}

/// A run passed without the jobs that test.
pub(super) fn run_hollow(
    run: &Run,
    jobs: &[Outside],
    draft: bool,
    conditions: &[String],
    view: &View<'_>,
) -> Words {
    let left_out = and(&jobs.iter().take(5).map(Outside::code).collect::<Vec<_>>());
    let ready = match view.line.pull_number.filter(|_| draft) {
        Some(pull) => format!(
            ". These run once the pull request is no draft; nothing is merged by that: {}",
            code(&format!("gh pr ready {pull}"))
        ),
        None => String::new(),
    };
    with(
        format!(
            "a test of the head: {} passed and tested nothing, for GitHub left out {left_out}{}{ready}. Or run the critical-path tests yourself",
            names::run(run),
            if_they(conditions)
        ),
        "Then give your word",
        "/hotfix check critical-path note=…",
    )
}

/// A run waits for an environment's approval.
pub(super) fn run_waiting(run: &Run, view: &View<'_>) -> Words {
    let environments = halted::of(&view.case, run).map_or(&[][..], |it| &it.environments);
    let all: Vec<_> = environments.iter().map(|it| waiting(it, view)).collect();
    only(match all.is_empty() {
        true => format!(
            "{} waits for the approval of its environment; it is given on the run's page",
            names::run(run)
        ),
        false => format!(
            "{} waits for {}; the approval is given on the run's page",
            names::run(run),
            and(&all)
        ),
    })
}

/// "`production`, which `mia` or `release team` may approve".
fn waiting(it: &Waiting, view: &View<'_>) -> String {
    let name = match it.name.is_blank() {
        true => "its environment".to_owned(),
        false => it.name.code(),
    };
    let who: Vec<_> = it.reviewers.iter().map(Outside::code).collect();
    let until = it
        .until
        .map(|at| format!("which goes on at {}", time(at, view)));
    let who = (!who.is_empty()).then(|| format!("which {} may approve", who.join(" or ")));
    let both: Vec<_> = who.into_iter().chain(until).collect();
    match both.is_empty() {
        true => format!("the approval of {name}"),
        false => format!("{name}, {}", both.join(", and ")),
    }
}

/// The tag is not what was tested.
pub(super) fn tag_wrong(tag: &str, commit: &Sha, lightweight: bool, view: &View<'_>) -> Words {
    if lightweight {
        let anew =
            format!("git tag --annotate --force {tag} {commit} && git push --force origin {tag}");
        let what = format!(
            "a decision: the tag {} stands on the tested commit {}, but is a lightweight one: it says nothing of who released what, and {} passes it over. If nothing was published from it, put an annotated one in its place: {}",
            code(tag),
            names::commit(view, commit),
            code("git describe"),
            code(&anew)
        );
        return with(
            what,
            "To take it as it is, a maintainer says",
            "/hotfix override lightweight-tag reason=…",
        );
    }
    let delete = format!("git push origin :refs/tags/{}", Outside::from(tag).shell());
    let what = format!(
        "a decision: the tag {} stands on {}, which is not the tested commit{}. The bot moves no tag. If nothing was published from it, delete it: {}",
        code(tag),
        names::commit(view, commit),
        names::head(view).map_or_else(String::new, |head| format!(" {}", at(head))),
        code(&delete)
    );
    let takes =
        |next: &String| available(Verb::Bump, view).is_ok() && bump(Some(next), view).is_ok();
    match next_free(view).filter(takes) {
        Some(next) => with(
            what,
            "To leave it and take the next number",
            format!("/hotfix bump {next}"),
        ),
        None => only(what),
    }
}

/// A release workflow has no run for the tag yet, or not within its time.
pub(super) fn release_run_missing(file: &str, start: &Start, late: bool, view: &View<'_>) -> Words {
    if late {
        let by_hand = by_hand(file, view)
            .map_or_else(String::new, |command| format!(" ({})", code(&command)));
        return only(format!(
            "{} has not started for {}, and it should have by now: it starts {}. Look whether Actions are switched off, whether the workflow is disabled, and whether its triggers take the tag; start it by hand at the tag{by_hand}, or publish by hand. A tag is never moved: if nothing helps, the next version is needed",
            code(file),
            code(&names::tag_or_hotfix(view)),
            names::start(start),
        ));
    }
    only(format!(
            "{} has not started for {} yet{}",
            code(file),
            code(&names::tag_or_hotfix(view)),
            match start {
                Start::Tag | Start::Created => String::new(),
                Start::Hand => ": start it by hand, at the tag".to_owned(),
                Start::Bot => ": the bot starts it".to_owned(),
                Start::Release => ". It starts on a published release, and one that a workflow publishes with its own token starts nothing: then start it by hand, at the tag".to_owned(),
                Start::After(_) => format!(" (it starts {})", names::start(start)),
            }
        ))
}

/// The command that starts a workflow at the tag, where it can be started by hand.
fn by_hand(file: &str, view: &View<'_>) -> Option<String> {
    let branched = view.proofs().branched.as_ref()?;
    let by = filled(&view.case, branched, file, &branched.tag);
    let takes = refused(branched, &by).is_none();
    takes.then(|| super::shipping::start(&by))
}

/// Several runs may be the one that follows our release.
pub(super) fn release_run_unclear(file: &str, runs: &[Run], view: &View<'_>) -> Words {
    let runs: Vec<_> = runs.iter().map(names::run).collect();
    only(format!(
        "{} has {} after the release's workflow, and nothing tells which belongs to {}: {}. It goes on when all have passed, or when the release is published",
        code(file),
        count(runs.len() as u64, "run"),
        code(&names::tag_or_hotfix(view)),
        runs.join(", ")
    ))
}

/// The registry does not show the version yet, or as yanked.
pub(super) fn registry(
    package: &str,
    version: &str,
    (yanked, missing): (bool, &[String]),
    view: &View<'_>,
) -> Words {
    if !missing.is_empty() && !yanked {
        return only(format!(
            "{} a part of {}: {} not there, which the release before has",
            names::registries_do(view, "has", "have"),
            code(&format!("{package} {version}")),
            match missing.len() {
                1 => format!("{} is", names::some_files(missing)),
                _ => format!("{} are", names::some_files(missing)),
            }
        ));
    }
    if !yanked {
        return only(format!(
            "{} {} yet",
            names::registries_do(view, "does not show", "do not show"),
            code(&format!("{package} {version}"))
        ));
    }
    only(format!(
        "{} {} as yanked. If that is a mistake, an owner undoes it: {}",
        names::registries_do(view, "shows", "show"),
        code(&format!("{package} {version}")),
        names::way(&names::restore(view, package, version))
    ))
}

/// The GitHub release is not published yet.
pub(super) fn github_release(tag: &str, view: &View<'_>) -> Words {
    only(format!(
        "the GitHub release of {} is not published yet",
        link(&code(tag), &names::page(view, "releases"))
    ))
}

/// Files of the release are missing or incomplete.
pub(super) fn assets(missing: &[String]) -> Words {
    let names: Vec<_> = missing.iter().take(6).map(|name| code(name)).collect();
    let more = missing.len().saturating_sub(6);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    with(
        format!(
            "the release lacks {}{more} (missing, empty or not whole): run again what uploads it, or upload it by hand",
            names.join(", ")
        ),
        "To take the release as it is, a maintainer says",
        WAIVE,
    )
}

/// Takes the release as it is.
pub(super) const WAIVE: &str = "/hotfix waive verification reason=…";

/// What speaks against the release.
pub(super) fn against(what: &Against, view: &View<'_>) -> Words {
    let tag = names::tag_or_hotfix(view);
    let name = Outside::from(tag.as_str()).shell();
    match what {
        Against::Altered { package, version } => with(
            format!(
                "**what {} hands out is not what its index names**: the file of {} has another checksum. Nobody should install it before that is explained",
                names::registries(view),
                code(&format!("{package} {version}")),
            ),
            "If it is right all the same",
            "/hotfix waive published reason=…",
        ),
        Against::Sums { wrong } => with(
            format!(
                "**the release's checksums are not those of its files**: {}. Either was replaced after the other was made; upload both from one build",
                names::some_files(wrong),
            ),
            "If they are right all the same",
            WAIVE,
        ),
        Against::Unattested { files } => with(
            format!(
                "**files of the release are not attested, although those of the last release are**: {}. The attestation may still come; if not, something else than the release's workflow made them: look before anybody installs them",
                names::some_files(files),
            ),
            "If they are right all the same",
            WAIVE,
        ),
        Against::Address { at, found } => with(
            format!(
                "{} should show {}: {}",
                address(&at.url),
                code(&at.contains),
                answered(*found)
            ),
            "To do without it, a maintainer says",
            WAIVE,
        ),
        Against::Pointer { package, newest } => with(
            format!(
                "**npm gives {} to everybody who names no version**, although {} is higher. An owner puts it back: {}",
                code(view.line.version.as_deref().unwrap_or_default()),
                code(newest),
                code(&format!("npm dist-tag add {package}@{newest} latest")),
            ),
            "If it is right all the same",
            "/hotfix waive latest reason=…",
        ),
        Against::Prerelease => with(
            format!(
                "**the GitHub release of {} is marked as a prerelease**, and the one before was not. To mend it: {}",
                code(&tag),
                code(&format!(
                    "gh release edit {name} --prerelease=false --latest"
                ))
            ),
            "If it is wanted so",
            "/hotfix waive latest reason=…",
        ),
        Against::NotLatest => with(
            format!(
                "**{} is not GitHub's latest release**, and the one before was. To mend it: {}",
                code(&tag),
                code(&format!("gh release edit {name} --latest"))
            ),
            "If it is wanted so",
            "/hotfix waive latest reason=…",
        ),
    }
}

/// An address, short and linked.
pub(super) fn address(url: &str) -> String {
    let short = url.strip_prefix("https://").unwrap_or(url);
    link(&Outside::from(short).shortened(60).code(), url)
}

/// What was found at an address.
pub(super) fn answered(found: Answered) -> String {
    match found {
        Answered::Shows => "it does".to_owned(),
        Answered::Lacks => "it does not yet".to_owned(),
        Answered::Status { code } => format!("it answers {code}"),
        Answered::Elsewhere => "it leads to another host, and is not followed there".to_owned(),
        Answered::Forbidden => "it is no address of a public host, and is not asked".to_owned(),
        Answered::Silent => "it does not answer".to_owned(),
    }
}

/// A fresh install is to be tried.
pub(super) fn fresh_install(view: &View<'_>) -> Words {
    with(
        format!("a fresh install: {}", code(&names::install_now(view))),
        "When it works",
        "/hotfix check fresh-install",
    )
}

/// Somebody must say that the bug is gone.
pub(super) fn fix_verified(reporter: &str, view: &View<'_>) -> Words {
    // Each is told the command that is theirs.
    let theirs = "/hotfix confirm-fixed";
    let version = view.line.version.as_deref();
    let fixed = version.map_or_else(|| "the release".to_owned(), escape);
    if !view.policy.verify.ask_reporter {
        return with(
            format!("somebody confirms that {fixed} fixes it"),
            "When somebody tried it",
            "/hotfix check fix-verified note=…",
        );
    }
    let reporter = if reporter.is_empty() {
        "the reporter".to_owned()
    } else {
        person(reporter)
    };
    let theirs = match is_taken(theirs, view) {
        true => format!("{reporter}: {}", code(theirs)),
        false => format!("{reporter}, once it is out"),
    };
    with(
        format!("somebody confirms that {fixed} fixes it ({theirs})"),
        "Without the reporter",
        "/hotfix check fix-verified note=…",
    )
}

/// Somebody says that the bug is not gone.
pub(super) fn still_broken(
    (login, when): (&str, Millis),
    note: Option<&Outside>,
    told: bool,
    view: &View<'_>,
) -> Words {
    let tag = escape(&names::tag_or_hotfix(view));
    let so_far = match (told, view.policy.announce.reopen_issue) {
        (false, _) => "nothing is announced before that is settled",
        (true, true) => "the issue is open again",
        (true, false) => "it was announced before",
    };
    // Said in the words of who may: each is told the command that is theirs.
    let fixed = ["/hotfix confirm-fixed", "/hotfix check fix-verified note=…"];
    let fixed: Vec<_> = fixed.iter().filter(|it| is_taken(it, view)).collect();
    let fixed = match fixed.as_slice() {
        [theirs, others] => format!(
            ". Who finds it fixed all the same says {}, the reporter {}",
            code(others),
            code(theirs)
        ),
        _ => String::new(),
    };
    with(
        format!(
            "a decision: {} says at {} that {tag} does not fix it{}; {so_far}{fixed}. A further fix is a hotfix of its own: the label on a new issue begins it at {tag}",
            person(login),
            time(when, view),
            quoted(note)
        ),
        "To see what taking the release back would do, a maintainer says",
        "/hotfix rollback reason=…",
    )
}

/// The conditions of jobs that did not run.
pub(super) fn if_they(conditions: &[String]) -> String {
    let all: Vec<_> = conditions.iter().map(|when| code(when)).collect();
    match all.as_slice() {
        [] => String::new(),
        all => format!(" ({} {})", code("if:"), all.join(", ")),
    }
}
