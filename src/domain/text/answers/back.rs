//! The commands that are left where a release is taken back.

use super::part::Part;
use crate::domain::outside::Outside;
use crate::domain::procedure::rollback::{RollbackStep, before, left as unyanked, stays};
use crate::domain::text::markdown::code;
use crate::domain::text::messages::failed_title;
use crate::domain::text::revert::revert_commands;
use crate::domain::text::rollback::{YANKED, open_pulls, withdrawals};
use crate::domain::text::{names, pointers};
use crate::domain::view::View;
use crate::ecosystem::Way;

/// Everything of it that is left.
pub(super) fn left(view: &View<'_>) -> Vec<Part> {
    let Some(survey) = &view.outlook.rollback else {
        return Vec::new();
    };
    let steps = survey.proofs.steps().into_iter();
    let open = steps.filter(|(_, done)| !done).map(|(step, _)| step);
    let mut parts: Vec<Part> = open.filter_map(|step| part(step, view)).collect();
    // Nobody waits for it: it is there as long as anything is.
    if let Some(commands) = revert_commands(view).filter(|_| !parts.is_empty()) {
        let title = format!("The change out of {}", code(names::main_branch(view)));
        let part = Part::of(title).says("Where it must not stay there.");
        parts.push(commands.into_iter().fold(part, Part::runs));
    }
    parts
}

fn part(step: RollbackStep, view: &View<'_>) -> Option<Part> {
    let word = |text: &str| Outside::from(text).shell();
    let tag = names::tag_or_hotfix(view);
    let branched = view.outlook.rollback.as_ref()?.proofs.branched.as_ref()?;
    Some(match step {
        RollbackStep::Hold => {
            let open = open_pulls(view).into_iter();
            let close = open.map(|number| format!("gh pr close {number}"));
            let part = Part::of("Hold what is under way");
            let part = close.fold(part, Part::runs);
            part.runs(format!("gh run list --branch {}", word(&tag)))
                .says(format!(
                    "What still runs may publish: {}.",
                    code("gh run cancel …")
                ))
        }
        RollbackStep::Yank => {
            let left = unyanked(&view.case).into_iter();
            let left: Vec<_> = left
                .map(|part| (part.package.clone(), part.version.clone()))
                .collect();
            let part = Part::of(format!("Yank on {}", names::registries(view)));
            let ways = withdrawals(&left, view).into_iter();
            let part = part.says("By an owner of the package.");
            ways.fold(part, |part, way| match way {
                Way::Command(command) => part.runs(command),
                other => part.says(names::way(&other)),
            })
        }
        RollbackStep::Mark => {
            let title = word(&format!("{YANKED}{tag}"));
            let part = Part::of(format!("Mark the release {}", code(&tag)))
                .says("Its notes say on top that it was taken back, and where to stay.")
                .runs(format!(
                    "gh release edit {} --title {title} --latest=false",
                    word(&tag)
                ));
            match before(branched) {
                Some(good) => part.runs(format!("gh release edit {} --latest", word(good))),
                None => part,
            }
        }
        RollbackStep::Tag => {
            let decided = view.line.rolled_back()?;
            let moved = pointers::commands_back(view);
            if stays(&view.case, branched, decided).is_some() {
                let part = Part::of("Move the tags back that follow the releases");
                return (!moved.is_empty()).then(|| part.runs_all(moved));
            }
            Part::of(format!("Delete the tag {}", code(&tag)))
                .says("Only if nothing was published from it.")
                .runs_all(moved)
                .runs(format!("git push origin --delete refs/tags/{}", word(&tag)))
        }
        RollbackStep::Report => Part::of("Write down what failed").runs(format!(
            "gh issue create --title {} --body {}",
            word(&failed_title(view)),
            word(&format!(
                "{tag} was taken back. See #{}.",
                view.facts.number
            ))
        )),
        RollbackStep::Tell => {
            let base = view.line.seen.base.get();
            let stay = base.map_or("the release before", |base| base.tag.as_str());
            let comment = format!("{tag} was taken back. Stay on {stay}, which still has the bug.");
            Part::of("Tell users").runs(format!(
                "gh issue reopen {} --comment {}",
                view.facts.number,
                word(&comment)
            ))
        }
    })
}
