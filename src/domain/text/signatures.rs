//! Commits that must be signed, and the commands that sign what is not.

use super::markdown::{and, code};
use super::names;
use super::phrases::stuck;
use super::pull::pull_title;
use super::words::{Words, with};
use crate::domain::effect::Slot;
use crate::domain::ids::Sha;
use crate::domain::objects::{MergeMethod, PullKind};
use crate::domain::obstacle::Obstacle;
use crate::domain::outside::Outside;
use crate::domain::policy::MergeMethod as Method;
use crate::domain::procedure::{names as derived, target};
use crate::domain::view::View;

/// What the rule on a branch costs.
pub(super) fn costs(branch: &str, unsigned: &[Sha], rebased: bool, view: &View<'_>) -> String {
    let takes = format!("{} takes signed commits alone", code(branch));
    if rebased {
        return format!(
            "{takes}, and pull requests are rebased into it, which GitHub does not sign: the tag does not wait for that, and GitHub refuses the merge"
        );
    }
    if names::branch(view).as_deref() == Some(branch) {
        return format!(
            "{takes}: GitHub refuses the push of others, and a pick that keeps its author. What the bot writes itself GitHub signs"
        );
    }
    match unsigned {
        [] => format!(
            "{takes}: GitHub refuses to merge what people push without a signature, and a pick that keeps its author. What the bot writes itself GitHub signs"
        ),
        unsigned => {
            let all: Vec<_> = unsigned
                .iter()
                .map(|sha| names::commit(view, sha))
                .collect();
            let are = if unsigned.len() == 1 { "is" } else { "are" };
            format!(
                "{takes}, and {} {are} not signed: the tag does not wait for that, and GitHub refuses the merge",
                and(&all)
            )
        }
    }
}

/// How pull requests are merged with a signature of GitHub's.
pub(super) fn not_rebased(branch: &str, view: &View<'_>) -> String {
    match view.policy.merge.method {
        Method::Rebase => format!(
            "Leave {} out of {}, so that the branch's rules decide",
            code("merge.method"),
            code(".github/hotfix.toml")
        ),
        _ => format!(
            "Allow merge commits or squashing for {}; else, after the tag, one signed commit brings the fix there: the commands stand here then",
            code(branch)
        ),
    }
}

/// How it is mended before the decision.
pub(super) fn way_out(unsigned: &[Sha], view: &View<'_>) -> String {
    match anew(unsigned, view) {
        Some(commands) => format!(
            "Before the decision, who may sign does it anew: {}",
            code(&commands.join(" && "))
        ),
        None => format!("Sign what you push ({})", code("git commit -S")),
    }
}

/// The commands that sign the hotfix branch's commits anew, from the first that is
/// not signed on; none where all are.
pub(super) fn anew(unsigned: &[Sha], view: &View<'_>) -> Option<Vec<String>> {
    let first = unsigned.first()?;
    Some(sign(&names::branch(view)?, &format!("{first}^")))
}

/// The commands that sign what a branch has since a commit, and push it in its place.
fn sign(branch: &str, since: &str) -> Vec<String> {
    let branch = shell(branch);
    vec![
        "git fetch origin".to_owned(),
        format!("git switch {branch}"),
        "git pull --ff-only".to_owned(),
        format!(
            "git rebase --rebase-merges --force-rebase -S {}",
            shell(since)
        ),
        format!("git push --force-with-lease origin {branch}"),
    ]
}

/// The commands that bring what is tagged to the branch that it goes to as one signed
/// commit, by a pull request of its own where GitHub signs the merge.
pub(super) fn squashed(view: &View<'_>) -> Vec<String> {
    let decided = view.line.decision.as_ref().map(|it| it.commit());
    let (Some(commit), Some(branch)) = (decided.or(view.head()), names::branch(view)) else {
        return Vec::new();
    };
    let target = names::target_branch(view);
    let last = branch.rsplit('/').next().unwrap_or_default();
    let signed = shell(&format!("signed/{last}"));
    let title = shell(&pull_title(view));
    let method = match view.line.seen.base.get() {
        Some(base) => target::merge_method(&view.case, base, PullKind::Hotfix),
        None => MergeMethod::Merge,
    };
    let mut all = vec![
        "git fetch origin --tags".to_owned(),
        format!("git switch --no-track -c {signed} origin/{}", shell(target)),
        format!("git merge --squash {commit}"),
        format!("git commit -S -m {title}"),
    ];
    // GitHub signs nothing that it rebases.
    if method == MergeMethod::Rebase {
        all.push(format!("git push origin {signed}:{}", shell(target)));
        return all;
    }
    all.extend([
        format!("git push origin {signed}"),
        format!(
            "gh pr create --base {} --head {signed} --title {title} --body {}",
            shell(target),
            shell(&format!("Refs #{}", view.facts.number))
        ),
        format!("gh pr merge {signed} --{}", method.as_str()),
    ]);
    all
}

/// A merge that GitHub refuses for it, and what a person can do.
pub(super) fn refused(kind: PullKind, obstacle: &Obstacle, view: &View<'_>) -> Words {
    let said = stuck(&Slot::Merge(kind), obstacle, view);
    let how = match kind {
        PullKind::Hotfix => hotfix(view),
        PullKind::Port | PullKind::Known => side(kind, view),
    };
    with(
        format!("help: {said}. {how}"),
        "To try the merge at once",
        "/hotfix retry",
    )
}

/// What is tagged stays as it is.
fn hotfix(view: &View<'_>) -> String {
    let past = match view.line.pull_number {
        Some(pull) => format!(
            "Who passes the rule by merges it ({}), or one signed commit",
            code(&format!("gh pr merge {pull} --admin"))
        ),
        None => "One signed commit".to_owned(),
    };
    let commands = code(&squashed(view).join(" && "));
    let target = code(names::target_branch(view));
    format!(
        "What is tagged stays as it is. {past} brings it to {target}: {commands}. The bot goes on when {target} holds the change"
    )
}

/// What somebody pushed to another pull request of the bot's.
fn side(kind: PullKind, view: &View<'_>) -> String {
    let made = view.line.side_pull(kind);
    let Some(carried) = made.and_then(|side| side.carried.as_ref()) else {
        return String::new();
    };
    let commands = sign(
        &derived::pull_branch(&view.case, kind),
        carried.onto.as_str(),
    );
    format!("To sign its commits anew: {}", code(&commands.join(" && ")))
}

fn shell(word: &str) -> String {
    Outside::from(word).shell()
}
