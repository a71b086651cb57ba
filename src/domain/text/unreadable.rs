//! What is told beside a hotfix whose facts cannot be read: nothing of it is
//! known here but its issue.

use super::markdown::{code, escape};
use super::names::marker;
use crate::domain::objects::CommentKind;

/// It stands still, and who can help. `why` are the words of
/// [`crate::domain::facts::stored::Unreadable`].
pub fn stands_still(case: i64, why: &str) -> String {
    format!(
        "{}\n**This hotfix stands still.** The bot's server cannot read what it has stored of it: {}.\n\n\
         Nothing is lost: what you say and do here is kept, and is taken up in order once that can be \
         read. Until then the bot does nothing for this hotfix, and the status comment stays as it is. \
         What cannot wait is done by hand; the bot will see it.\n\n\
         **Who runs the server** starts the version that wrote it, or a newer one. The server's log \
         has an error with {}.",
        marker(CommentKind::Unreadable, case),
        escape(why),
        code(&format!("case={case}")),
    )
}

/// It goes on.
pub fn goes_on(case: i64) -> String {
    format!(
        "{}\nThis hotfix stood still for a while: the bot's server could not read what it had stored \
         of it. Now it goes on, and what was said meanwhile is taken up. The status comment shows \
         where it stands.",
        marker(CommentKind::Unreadable, case)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_begin_with_the_marker_and_quote_safely() {
        let text = stands_still(7, "roles.<b>@all: invalid type");
        assert!(text.starts_with("<!-- hotfix-bot:unreadable:7 -->\n"));
        assert!(text.contains("`case=7`") && !text.contains("<b>"), "{text}");
        assert!(goes_on(7).starts_with("<!-- hotfix-bot:unreadable:7 -->\n"));
    }
}
