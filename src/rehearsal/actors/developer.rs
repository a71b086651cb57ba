//! The developer: brings the fix, and resolves what conflicts.

use super::intent::{Intent, MINUTE, intent};
use crate::rehearsal::act::Act;
use crate::rehearsal::scenario::Habit;
use crate::rehearsal::story::Fix;
use crate::rehearsal::view::View;
use crate::rehearsal::your_repo::{TITLE, WHY};
use crate::sim::world::Issue;

/// What the developer wants to do.
pub fn wanted(view: &View<'_>) -> Vec<Intent> {
    let (Some(issue), Some(branch)) = (view.issue(), view.branch()) else {
        return Vec::new();
    };
    let pull = view.pull();
    if let Some(pull) = pull
        && let Some((port, branch)) = draft_of_the_bot(view, pull.number)
    {
        let act = Act::Resolve {
            pull: port.number,
            branch,
        };
        let at = port.created_at + 18 * MINUTE;
        return vec![intent(format!("resolve {}", port.number), at, act).of(Habit::Resolve)];
    }
    let merged = pull.and_then(|pull| pull.pull.as_ref()?.merged.as_ref());
    // Where nothing is bumped there is no pull request before the fix.
    let name = format!("refs/heads/{branch}");
    let made = || view.repo.ref_log.iter().find(|it| it.name == name);
    let since = pull.map(|pull| pull.created_at);
    let since = since.or_else(|| made().map(|it| it.at));
    let (None, Some(since)) = (merged, since) else {
        return Vec::new();
    };
    let branch = branch.to_owned();
    let key = format!("fix {branch}");
    let act = match &view.scene.story.fix {
        Fix::Files { title, why, files } => Act::Push {
            branch,
            from: None,
            message: format!("{title}\n\n{why}\n\nRefs #{}", issue.number),
            files: files.clone(),
        },
        Fix::MadeUp => {
            let Some(product) = view.product() else {
                return Vec::new();
            };
            Act::Push {
                branch,
                from: None,
                message: format!("{TITLE}\n\n{WHY}\n\nRefs #{}", issue.number),
                files: product.made_up.clone(),
            }
        }
        Fix::Pick {
            sha, by_bot: true, ..
        } => Act::Comment {
            issue: issue.number,
            body: format!("/hotfix pick {sha}"),
        },
        Fix::Pick { sha, title, .. } => Act::Pick {
            branch,
            sha: sha.clone(),
            title: title.clone(),
        },
    };
    vec![intent(key, since + 25 * MINUTE, act).of(Habit::Fix)]
}

/// The bot's other pull request, while it waits for a person: who sees the
/// draft sees the files that it names.
fn draft_of_the_bot<'a>(view: &View<'a>, hotfix: u64) -> Option<(&'a Issue, String)> {
    view.repo.issues.values().find_map(|issue| {
        let pull = issue.pull.as_ref()?;
        let ours = issue.author == view.scene.bot && issue.number != hotfix;
        (ours && issue.open && pull.draft).then(|| (issue, pull.head.clone()))
    })
}
