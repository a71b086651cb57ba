//! The words for what is taken back.

use crate::domain::text;
use crate::domain::undo::Undo;
use crate::domain::view::View;

/// The same with its words.
pub(super) fn taken_back(undo: Undo<()>, view: &View<'_>) -> Undo<String> {
    match undo {
        Undo::Yank { package, version } => Undo::Yank { package, version },
        Undo::Mark { release, tag, .. } => Undo::Mark {
            release,
            tag,
            prefix: text::YANKED.to_owned(),
            notice: text::withdrawn_notice(view),
        },
        Undo::Latest { tag, instead } => Undo::Latest { tag, instead },
        Undo::Repoint { tag, object, from } => Undo::Repoint { tag, object, from },
        Undo::Untag { tag, object } => Undo::Untag { tag, object },
        Undo::Revert {
            tag,
            pull,
            commit,
            branch,
            base,
            ..
        } => Undo::Revert {
            message: text::revert_message(&tag, &commit, view),
            title: text::revert_title(&tag),
            body: text::revert_body(&tag, pull, view),
            tag,
            pull,
            commit,
            branch,
            base,
        },
        Undo::Report { .. } => Undo::Report {
            title: text::failed_title(view),
            marker: text::failed_marker(view.facts.case),
            body: text::failed_body(view),
        },
    }
}
