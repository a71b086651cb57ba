//! A fix and a report that are made up: they fit any crate.

use semver::Version;

use crate::rehearsal::project::Package;
use crate::rehearsal::story::{Fix, Story};

/// One new file and a test of it: they touch nothing that is there, so that
/// they fit any crate.
pub fn fix(package: &Package) -> Fix {
    let dir = if package.dir.is_empty() {
        String::new()
    } else {
        format!("{}/", package.dir)
    };
    let source = "// Stands for the fix of a rehearsed hotfix; no module names it.\n";
    let test = "#[test]\nfn the_rehearsed_fix_holds() {\n    assert_eq!(2 + 2, 4);\n}\n";
    Fix::Files {
        title: "fix(critical): mend what the rehearsal broke".to_owned(),
        why: "Made up: one file and its test.".to_owned(),
        files: vec![
            (
                format!("{dir}src/hotfix_rehearsal.rs"),
                Some(source.to_owned()),
            ),
            (
                format!("{dir}tests/hotfix_rehearsal.rs"),
                Some(test.to_owned()),
            ),
        ],
    }
}

/// The report of a bug in a release of `name`.
pub fn story(name: &str, version: &Version, fix: Fix) -> Story {
    Story {
        title: format!("{name} {version} fails for everybody"),
        body: format!(
            "Since {version} it fails at once, on all my machines. The release before works."
        ),
        fix,
    }
}
