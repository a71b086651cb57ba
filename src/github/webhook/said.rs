//! What a person did to an issue or a comment, from the parts of a payload.

use super::delivery::What;
use crate::github::ops::{Comment, Issue};

/// What a person did to an issue or a comment.
pub(super) fn what_was_said(
    event: &str,
    action: &str,
    issue: Issue,
    is_pull: bool,
    label: Option<String>,
    comment: Option<Comment>,
    before: Option<String>,
) -> Option<What> {
    Some(match (event, action) {
        ("issues", "labeled") => What::IssueLabeled {
            issue,
            label: label?,
        },
        ("issues", "unlabeled") => What::IssueUnlabeled {
            issue,
            label: label?,
        },
        ("issues", "opened") => What::IssueOpened { issue },
        ("issues", "edited") => What::IssueEdited { issue },
        ("issues", "closed") => What::IssueClosed { issue },
        ("issues", "reopened") => What::IssueReopened { issue },
        ("issues", "deleted") => What::IssueDeleted { issue },
        ("issues", "transferred") => What::IssueTransferred { issue },
        ("issue_comment", "created") => What::CommentCreated {
            issue,
            comment: comment?,
            is_pull,
        },
        ("issue_comment", "edited") => What::CommentEdited {
            issue,
            comment: comment?,
            is_pull,
            before,
        },
        ("issue_comment", "deleted") => What::CommentDeleted {
            issue,
            comment: comment?,
            is_pull,
        },
        _ => return None,
    })
}
