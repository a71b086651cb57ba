//! Where the merge is tagged, and where it cannot be.

use super::markdown::{and, code, count, escape, link};
use super::names;
use super::words::{Words, with};
use crate::domain::need::NotAtMerge;
use crate::domain::procedure::at_merge::is_wanted;
use crate::domain::view::View;

/// Why not, and the way out.
pub(super) fn not_at_merge(why: &NotAtMerge, view: &View<'_>) -> Words {
    let target = names::target_branch(view);
    let why = match why {
        NotAtMerge::Ahead { commits } => {
            let base = view.line.seen.base.get();
            let base = base.map_or("", |base| base.tag.as_str());
            let page = names::page(view, &format!("compare/{base}...{target}"));
            format!(
                "{} holds {}, which the merge would ship, too",
                code(target),
                link(
                    &format!("{} since {}", count(*commits, "other commit"), escape(base)),
                    &page
                )
            )
        }
        NotAtMerge::Queue => format!(
            "a merge queue merges into {}, and whatever else waits in it comes along",
            code(target)
        ),
        NotAtMerge::Publishes { files } => {
            let files: Vec<_> = files.iter().map(|file| code(file)).collect();
            format!(
                "{} would publish by the merge, before there is a tag",
                and(&files)
            )
        }
        NotAtMerge::ByWorkflow { file } => format!(
            "{} makes the tag, and is started on the tested commit",
            code(file)
        ),
    };
    with(
        format!(
            "a decision: {} asks for a tag on the merge, but {why}",
            code("merge.tag_at")
        ),
        "To tag the tested commit and merge it afterwards, a maintainer says",
        "/hotfix override merge.tag_at reason=…",
    )
}

/// What is tagged, where that is the merge.
pub(super) fn ahead(view: &View<'_>) -> Option<String> {
    let head = view.head()?;
    let decided = view.line.decision.as_ref();
    let wanted = decided.map_or_else(|| is_wanted(&view.case, head), |it| it.record.at_merge);
    if !wanted {
        return None;
    }
    Some(match decided.and_then(|it| it.at.as_ref()) {
        Some(at) => format!("**Tagged:** {}", names::commit(view, at)),
        None => "**Tagged:** the merge, if it holds exactly what was tested; else this commit"
            .to_owned(),
    })
}

/// What becomes of the tested commit, for whoever might merge it by hand.
pub(super) fn order(view: &View<'_>) -> &'static str {
    match ahead(view) {
        Some(_) => "the bot merges it after the decision, and tags the merge",
        None => "the bot tags the tested commit first, and merges then",
    }
}
