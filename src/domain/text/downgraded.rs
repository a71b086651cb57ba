//! What becomes of the work where it is no hotfix after all.

use super::markdown::{code, count};
use super::names;
use super::{block, pull};
use crate::domain::outside::Outside;
use crate::domain::procedure::commits::fix;
use crate::domain::view::View;

/// The commits of people, and the commands that bring them to the default branch
/// without the bump, which belongs to no regular release; none where there are
/// none.
pub(super) fn work(view: &View<'_>) -> Option<String> {
    let head = view.line.seen.branch.get()?.head.as_ref()?;
    let commits = fix(view.line, &head.commits);
    if commits.is_empty() {
        return None;
    }
    let shell = |word: &str| Outside::from(word).shell();
    let number = view.facts.number;
    let (branch, main) = (format!("fix/issue-{number}"), names::main_branch(view));
    let shas: Vec<&str> = commits.iter().map(|commit| commit.sha.as_str()).collect();
    let commands = [
        "git fetch origin".to_owned(),
        format!("git switch --no-track -c {branch} origin/{}", shell(main)),
        format!("git cherry-pick {}", shas.join(" ")),
        format!("git push -u origin {branch}"),
        format!(
            "gh pr create --base {} --head {branch} --title {} --body {}",
            shell(main),
            shell(&pull::summary_title(view)),
            shell(&format!("Fixes #{number}"))
        ),
    ];
    let kept = names::branch(view).map_or_else(String::new, |it| format!(" on {}", code(&it)));
    Some(format!(
        "The work stays{kept}: {}. Its pull request is closed, for it brings the version of a hotfix, too. To bring the fix to {} alone:\n\n{}\n",
        count(commits.len() as u64, "commit"),
        code(main),
        block::shell(&commands)
    ))
}
