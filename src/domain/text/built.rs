//! A build that the fix leaves as it was, in words.

use super::markdown::code;
use super::names;
use super::phrases::at;
use super::words::{Words, with};
use crate::domain::ids::Sha;
use crate::domain::outside::Outside;

/// What is built of what the fix changes stands there as it was.
pub(super) fn stale_build(
    head: &Sha,
    files: &[String],
    folder: &str,
    command: Option<&str>,
) -> Words {
    let one = files.len() == 1;
    let run = match (command, folder.trim_end_matches('/')) {
        (Some(command), "") => format!("Run {}", code(command)),
        (Some(command), folder) => {
            let folder = Outside::from(folder).shell();
            format!("Run {}", code(&format!("cd {folder} && {command}")))
        }
        (None, _) => "Build it as releases are built".to_owned(),
    };
    with(
        format!(
            "the build of the fix: {} changes what {} {} built of, and not {}, which the last release changed with it. {run}, and push what comes of it",
            at(head),
            names::some_files(files),
            if one { "is" } else { "are" },
            if one { "that" } else { "those" },
        ),
        "To release without, a maintainer says",
        "/hotfix override stale-build reason=…",
    )
}
