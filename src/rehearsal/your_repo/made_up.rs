//! A report that is made up, and what its fix is called: they fit any package.

use crate::rehearsal::story::{Fix, Story};

/// The first line of the made-up fix.
pub const TITLE: &str = "fix(critical): mend what the rehearsal broke";
/// What stands below.
pub const WHY: &str = "Made up: a file that nothing uses.";

/// The report of a bug in the newest release of `name`, or in the one that was
/// named.
pub fn story(name: &str, base: Option<&str>, fix: Fix) -> Story {
    let release = base.unwrap_or("the newest release");
    Story {
        title: format!("{name}: {release} fails for everybody"),
        body: format!(
            "Since {release} it fails at once, on all my machines. The release before works."
        ),
        fix,
    }
}
