//! What was picked, and why something could not be.

use super::markdown::{and, code, count, link, person};
use super::names;
use super::words::{Words, only, with};
use crate::domain::command::{Named, Source};
use crate::domain::ids::Sha;
use crate::domain::need::OnLine;
use crate::domain::objects::{Came, Offer, PickedCommit, Trouble};
use crate::domain::outside::Outside;
use crate::domain::view::View;

/// So many files and commits are named.
const MOST: usize = 6;

/// The fix is waited for: pushed, or taken over from where it is already.
pub(super) fn fix(
    branch: &str,
    pull: Option<u64>,
    (merged, offers): (&[u64], &[Offer]),
    line: Option<&OnLine>,
    view: &View<'_>,
) -> Words {
    let on = link(&code(branch), &names::page(view, &format!("tree/{branch}")));
    let pull = pull.map_or_else(String::new, |n| format!(" ({})", names::pull(view, n)));
    let offered: String = offers.iter().map(|it| offer(it, view)).collect();
    let push = format!("a fix on {on}{pull}: push its commits there, with a test{offered}");
    let main = code(names::main_branch(view));
    if let (Some(OnLine { line, commits }), true) = (line, merged.is_empty()) {
        let all: Vec<_> = commits.iter().map(Sha::short).collect();
        return with(
            format!(
                "{push}. The release line {} has one",
                code(&line.to_string())
            ),
            "To take it over from there",
            format!("/hotfix pick {}", all.join(" ")),
        );
    }
    if merged.is_empty() {
        return only(format!(
            "{push}. Is it on {main} already? {} takes it over, by the number of its pull request or by its commit",
            code("/hotfix pick #n")
        ));
    }
    let pulls: Vec<_> = merged.iter().map(|n| names::pull(view, *n)).collect();
    let says = if pulls.len() == 1 { "says" } else { "say" };
    let all: Vec<_> = merged.iter().map(|n| format!("#{n}")).collect();
    with(
        format!(
            "{push}. {} {says} to fix this, and {main} has it",
            and(&pulls)
        ),
        "To take it over from there",
        format!("/hotfix pick {}", all.join(" ")),
    )
}

/// A pull request that leads to the branch, and who can do what with it: nobody but
/// its author pushes to a fork, and its runs have no secrets.
fn offer(it: &Offer, view: &View<'_>) -> String {
    let pull = names::pull(view, it.number);
    let (from, draft) = (
        if it.fork { ", from a fork" } else { "" },
        if it.draft { ", a draft" } else { "" },
    );
    let waits = it.waits.as_ref().map_or_else(String::new, |url| {
        let page = link("lets them start", url);
        format!(". Its workflows wait until somebody with write access, who looked at its changes, {page}")
    });
    format!(
        ". {pull} by {} leads there{from}{draft}: who may push merges it, {}{waits}",
        person(&it.by),
        code(&format!("gh pr merge {} --merge", it.number))
    )
}

/// Why nothing was picked, and the way out.
pub(super) fn not_picked(
    sources: &[Source],
    trouble: &Trouble,
    branch: &str,
    view: &View<'_>,
) -> Words {
    let main = code(names::main_branch(view));
    match trouble {
        Trouble::Unknown { source } => match &source.what {
            Named::Pull(number) => only(format!(
                "another name of what is to be picked: there is no pull request no. {number} here"
            )),
            Named::Commit(sha) => only(format!(
                "another name of what is to be picked: no commit here is {}, or several begin so. All 40 digits are always enough",
                code(sha)
            )),
        },
        Trouble::NotMerged { number, open } => {
            let pull = names::pull(view, *number);
            match open {
                true => with(
                    format!(
                        "the merge of {pull}: it is open, and only what is on {main} is picked. Or push its commits to {}",
                        code(branch)
                    ),
                    "Once it is merged",
                    format!("/hotfix pick #{number}"),
                ),
                false => only(format!(
                    "another fix: {pull} was closed without being merged. What it had can be pushed to {} by hand",
                    code(branch)
                )),
            }
        }
        Trouble::NotOnMain { source, commit } => {
            let named = source.to_string();
            let short = commit.short();
            let is = match commit.has_prefix(&named) {
                true => String::new(),
                false => format!(" ({})", code(short)),
            };
            only(format!(
                "a fix that is on {main}: {} is not{is}. Bring it there first, or take it over by hand: {}",
                code(&named),
                code(&by_hand(branch, commit, false))
            ))
        }
        Trouble::Merge { commit } => only(format!(
            "a commit that is no merge: {} has no change of its own. Name its pull request as {}, or the commits that it brought",
            names::commit(view, commit),
            code("#n")
        )),
        Trouble::Unclear { number } => only(format!(
            "the commits of {}: nobody can tell from {main} which ones it became. Name them, the oldest first, as {}",
            names::pull(view, *number),
            code("/hotfix pick 0a1b2c3 4d5e6f7")
        )),
        Trouble::TooMany { most } => only(format!(
            "less to pick: that is more than {most} commits, and a hotfix is small. Name those that the fix needs"
        )),
        Trouble::TooLarge => only(
            "the fix by hand: the repository has more files than GitHub tells at a time, so that nothing can be picked here",
        ),
        Trouble::Conflict {
            commit,
            subject,
            files,
            before,
            more,
            mainline,
        } => conflict(
            &Clash {
                commit,
                subject,
                files,
                mainline: *mainline,
            },
            before,
            *more,
            (sources, branch),
            view,
        ),
    }
}

/// What does not fit.
struct Clash<'a> {
    commit: &'a Sha,
    subject: &'a Outside,
    files: &'a [(String, Outside)],
    mainline: bool,
}

fn conflict(
    clash: &Clash<'_>,
    before: &[(Sha, Outside)],
    more: bool,
    (sources, branch): (&[Source], &str),
    view: &View<'_>,
) -> Words {
    let named = clash.files.iter().take(MOST);
    let mut files: Vec<String> = named
        .map(|(path, why)| format!("{} ({})", code(path), why.markdown()))
        .collect();
    let rest = clash.files.len().saturating_sub(MOST);
    if rest > 0 {
        files.push(count(rest as u64, "further file"));
    }
    let line = format!(
        "the fix by hand: {} ({}) does not fit on {}, in {}. Nothing of it was pushed. {}, resolve it, {}",
        names::commit(view, clash.commit),
        subject_of(clash.subject, view),
        link(&code(branch), &names::page(view, &format!("tree/{branch}"))),
        and(&files),
        code(&by_hand(branch, clash.commit, clash.mainline)),
        code(&format!(
            "git cherry-pick --continue && git push origin {}",
            shell(branch)
        ))
    );
    if before.is_empty() {
        return only(line);
    }
    let commits: Vec<String> = before
        .iter()
        .map(|(sha, subject)| {
            format!(
                "{} ({})",
                names::commit(view, sha),
                subject_of(subject, view)
            )
        })
        .collect();
    let older = if more { " and older ones" } else { "" };
    let what = match before.len() {
        1 => "It builds on a commit of",
        _ => "It builds on commits of",
    };
    let shas: Vec<&str> = before.iter().map(|(sha, _)| sha.short()).collect();
    with(
        format!(
            "{line}. {what} {} that the hotfix has not: {}{older}",
            code(names::main_branch(view)),
            and(&commits)
        ),
        "To pick these first, as far as the fix needs them",
        format!("/hotfix pick {} {}", shas.join(" "), list(sources)),
    )
}

/// The first line of a message; of a vulnerability nothing is told.
fn subject_of(subject: &Outside, view: &View<'_>) -> String {
    match names::is_secret(view) {
        true => "its title is not told here".to_owned(),
        false => subject.markdown(),
    }
}

/// The commands that begin it by hand.
fn by_hand(branch: &str, commit: &Sha, mainline: bool) -> String {
    let merge = if mainline { " -m 1" } else { "" };
    format!(
        "git fetch origin && git switch {} && git cherry-pick -x{merge} {commit}",
        shell(branch)
    )
}

fn shell(word: &str) -> String {
    Outside::from(word).shell()
}

fn list(sources: &[Source]) -> String {
    let words: Vec<String> = sources.iter().map(Source::to_string).collect();
    words.join(" ")
}

/// What came of it, told once.
pub(super) fn picked(commits: &[PickedCommit], login: &str) -> String {
    let one = |commit: &PickedCommit| {
        let from = code(commit.from.short());
        let came = match &commit.came {
            Came::As(sha) => format!("{from} is {} on the hotfix branch", code(sha.short())),
            Came::There => format!("{from} is in it already, and is left out"),
            Came::Nothing => format!("{from} changes nothing there, and is left out"),
        };
        let left: Vec<String> = commit.left.iter().map(|path| code(path)).collect();
        match left.is_empty() {
            true => came,
            false => format!(
                "{came} ({} stays as it is: the hotfix has its own entry there)",
                and(&left)
            ),
        }
    };
    let all: Vec<String> = commits.iter().map(one).collect();
    format!(
        "{} asked for a pick: {}.",
        super::markdown::person(login),
        and(&all)
    )
}
