//! Corners of the changelog's rule, in texts.

use super::testing::{LABELS, by_rules, tree};
use super::*;

const LOG: &str = "# Changelog\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n- z\n";
const NEW: &str =
    "# Changelog\n\n## 1.0.5\n\n- Critical: it hangs\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n- z\n";

/// One changelog on three sides: its text afterwards, whether by rule, and
/// conflicts.
fn port_log(base: &str, hotfix: &str, main: Option<&str>) -> (Option<String>, bool, Vec<Why>) {
    let path = "CHANGELOG.md";
    let release = Hotfix {
        version: "1.0.5",
        changelogs: vec![path],
        labels: LABELS,
    };
    let side = |text: Option<&str>| text.map_or_else(Default::default, |t| tree(&[(path, t)]));
    let (base, hotfix, main) = (side(Some(base)), side(Some(hotfix)), side(main));
    let (result, ported) = by_rules(&base, &hotfix, &main, |files| {
        port(files, &release, |_| None)
    });
    let text = result.get(path);
    (
        text.map(|bytes| String::from_utf8(bytes.clone()).unwrap()),
        ported.by_rule == [path],
        ported.conflicts.into_iter().map(|c| c.why).collect(),
    )
}

#[test]
fn what_main_has_no_more_stays_away() {
    let gone = (None, true, vec![]);
    assert_eq!(port_log(LOG, NEW, None), gone);
    let conflict = (None, false, vec![Why::DeletedOnMain]);
    assert_eq!(port_log(LOG, &NEW.replace("- z", "- y"), None), conflict);
}

#[test]
fn a_section_that_main_has_stays_mains() {
    for main in [NEW.to_owned(), NEW.replace("it hangs", "another text")] {
        let (text, _, why) = port_log(LOG, NEW, Some(&main));
        assert_eq!((text, why), (Some(main), vec![]));
    }
}

#[test]
fn the_section_keeps_its_shape_and_the_rest_is_merged() {
    let hotfix = NEW
        .replace("it hangs", "it hangs\n  Thanks!\n\nA word more.")
        .replace("- z", "- y");
    let main = LOG.replace(
        "# Changelog\n",
        "# Changelog\n\n## Unreleased\n\n- more\n\n## 2.0.0\n\n- b\n",
    );
    let (text, by_rule, why) = port_log(LOG, &hotfix, Some(&main));
    let expected = "# Changelog\n\n## Unreleased\n\n- more\n\n## 2.0.0\n\n- b\n\n## 1.0.5\n\n- Critical: it hangs\n  Thanks!\n\nA word more.\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n- y\n";
    assert_eq!(
        (text.as_deref(), by_rule, why),
        (Some(expected), true, vec![])
    );
}

#[test]
fn a_changelog_in_conflict_elsewhere_has_the_section_outside_the_markers() {
    let main = LOG
        .replace("- z", "- mains")
        .replace("# Changelog\n", "# Changelog\n\n## Unreleased\n\n- more\n");
    let (text, by_rule, why) = port_log(LOG, &NEW.replace("- z", "- hotfixs"), Some(&main));
    let expected = "# Changelog\n\n## Unreleased\n\n- more\n\n## 1.0.5\n\n- Critical: it hangs\n\n## 1.0.4\n\n- a\n\n## 1.0.3\n\n<<<<<<< main\n- mains\n=======\n- hotfixs\n>>>>>>> hotfix/v1.0.5\n";
    assert_eq!(
        (text.as_deref(), by_rule, why),
        (Some(expected), false, vec![Why::Text])
    );
}

#[test]
fn a_changelog_without_sections_is_merged_like_any_file() {
    let (base, hotfix) = ("Changes\n\n1.0: a\n", "Changes\n\n1.0.5: c\n1.0: a\n");
    let (text, by_rule, why) = port_log(base, hotfix, Some("Changes:\n\n1.0: a\n"));
    assert_eq!(text.as_deref(), Some("Changes:\n\n1.0.5: c\n1.0: a\n"));
    assert_eq!((by_rule, why), (false, vec![]));
    let (_, _, why) = port_log(base, hotfix, Some("Changes\n\n1.1: b\n1.0: a\n"));
    assert_eq!(why, [Why::Text]);
}
