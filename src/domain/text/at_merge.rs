//! Which commit is tagged, and why.

use super::markdown::{and, code, count, escape, link};
use super::names;
use super::words::{Words, with};
use crate::domain::need::NotAtMerge;
use crate::domain::objects::MergeMethod;
use crate::domain::policy::TagAt;
use crate::domain::procedure::at_merge::{self, Tagging, tagging};
use crate::domain::view::View;

/// Why the merge that the configuration asks for cannot be tagged, and the way out.
pub(super) fn not_at_merge(why: &NotAtMerge, view: &View<'_>) -> Words {
    let why = match why {
        NotAtMerge::Ahead { commits } => {
            let (base, target) = (base(view), names::target_branch(view));
            let page = names::page(view, &format!("compare/{base}...{target}"));
            let commits = format!("{} since {}", count(*commits, "other commit"), escape(base));
            format!(
                "{} holds {}, which the merge would ship, too",
                code(target),
                link(&commits, &page)
            )
        }
        NotAtMerge::Queue => format!(
            "{}, and whatever else waits in it comes along",
            because(why, view)
        ),
        NotAtMerge::Publishes { .. } => {
            format!("{}, before there is a tag", because(why, view))
        }
        NotAtMerge::ByWorkflow { .. } => {
            format!(
                "{}, and is started on the tested commit",
                because(why, view)
            )
        }
        NotAtMerge::Rewritten { .. } | NotAtMerge::ByPerson | NotAtMerge::Message { .. } => {
            because(why, view)
        }
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

/// The reason in a few words.
fn because(why: &NotAtMerge, view: &View<'_>) -> String {
    let target = code(names::target_branch(view));
    match why {
        NotAtMerge::Ahead { .. } => format!("{target} holds other commits"),
        NotAtMerge::Queue => format!("a merge queue merges into {target}"),
        NotAtMerge::Publishes { files } => {
            let files: Vec<_> = files.iter().map(|file| code(file)).collect();
            format!("{} would publish by the merge", and(&files))
        }
        NotAtMerge::ByWorkflow { file } => format!("{} makes the tag", code(file)),
        NotAtMerge::Rewritten { method } => match method {
            MergeMethod::Rebase => format!("it is rebased onto {target}"),
            MergeMethod::Squash | MergeMethod::Merge => format!("it is squashed into {target}"),
        },
        NotAtMerge::ByPerson => format!("only a person may merge into {target}"),
        NotAtMerge::Message { file } => {
            format!("{} goes by the message of the tagged commit", code(file))
        }
    }
}

fn base<'a>(view: &View<'a>) -> &'a str {
    let base = view.line.seen.base.get();
    base.map_or("", |base| base.tag.as_str())
}

/// What is tagged, where that is not said by the configuration alone.
pub(super) fn ahead(view: &View<'_>) -> Option<String> {
    if let Some(decision) = &view.line.decision {
        return decision.record.at_merge.then(|| match &decision.at {
            Some(at) => format!("**Tagged:** {}", names::commit(view, at)),
            None if decision.record.on_branch => ON_BRANCH.to_owned(),
            None => MERGE.to_owned(),
        });
    }
    let branched = view.proofs().branched.as_ref()?;
    let auto = view.policy.merge.tag_at == TagAt::Auto;
    match tagging(&view.case, branched, view.head()?) {
        Tagging::Merge if auto => Some(format!(
            "{MERGE}; {} holds nothing else since {}",
            code(names::target_branch(view)),
            escape(base(view))
        )),
        Tagging::Merge => Some(MERGE.to_owned()),
        Tagging::HeadFor(Some(why)) => Some(format!(
            "**Tagged:** this commit, and merged afterwards: {}",
            because(&why, view)
        )),
        Tagging::HeadOnBranch(file) => Some(format!(
            "{ON_BRANCH}: {} takes only what {} holds",
            code(&file),
            code(names::target_branch(view))
        )),
        Tagging::Head | Tagging::HeadFor(None) => None,
    }
}

/// Whether it is merged before there is a tag, as far as that is known.
pub(super) fn is_merged_first(view: &View<'_>) -> bool {
    let branched = view.proofs().branched.as_ref();
    branched.is_some_and(|it| at_merge::is_merged_first(&view.case, it))
}

const ON_BRANCH: &str = "**Tagged:** this commit, once it is merged";
const MERGE: &str = "**Tagged:** the merge, if it holds exactly what was tested; else this commit";
