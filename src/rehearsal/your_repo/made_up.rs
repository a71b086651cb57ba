//! A fix and a report that are made up: they fit any package.

use crate::rehearsal::project::Package;
use crate::rehearsal::story::{Edit, Fix, Story};

/// The first line of the made-up fix.
pub const TITLE: &str = "fix(critical): mend what the rehearsal broke";
/// What stands below.
pub const WHY: &str = "Made up: one file and its test.";

/// One new file and a test of it: they touch nothing that is there, so that
/// they fit any package.
pub fn files(package: &Package) -> Vec<Edit> {
    let dir = if package.dir.is_empty() {
        String::new()
    } else {
        format!("{}/", package.dir)
    };
    if package.manifest.ends_with("package.json") {
        let source = "// Stands for the fix of a rehearsed hotfix; nothing imports it.\n";
        let test = "import { strict as assert } from \"node:assert\";\n\nassert.equal(2 + 2, 4);\n";
        return [
            ("src", "hotfix_rehearsal.js", source),
            ("test", "hotfix_rehearsal.test.js", test),
        ]
        .map(|(folder, name, text)| (format!("{dir}{folder}/{name}"), Some(text.to_owned())))
        .to_vec();
    }
    let source = "// Stands for the fix of a rehearsed hotfix; no module names it.\n";
    let test = "#[test]\nfn the_rehearsed_fix_holds() {\n    assert_eq!(2 + 2, 4);\n}\n";
    [("src", source), ("tests", test)]
        .map(|(folder, text)| {
            let path = format!("{dir}{folder}/hotfix_rehearsal.rs");
            (path, Some(text.to_owned()))
        })
        .to_vec()
}

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
