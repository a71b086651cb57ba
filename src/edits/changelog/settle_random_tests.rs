//! What holds of any changelog that a section is put in.

use proptest::prelude::*;

use super::place::without_bom;
use super::{NewSection, empty_titles, open_titles, settle, settled};

const NEW: NewSection<'_> = NewSection {
    version: "1.0.5",
    base: "1.0.4",
    date: "2026-03-04",
    entry: "Critical: it hangs (#7)",
};
const ENTRY: &str = "- Critical: it hangs (#7)";
const OPEN: [&str; 5] = [
    "## [Unreleased]",
    "## Unreleased",
    "## Next",
    "## 1.1.0 - TBD",
    "## [1.0.5] - unreleased",
];
const GROUPS: [&str; 4] = ["### Highlights", "### Added", "### Fixed", "### Changed"];

/// A section: a heading, groups in order with so many entries each, and whether
/// blank lines stand around headings.
fn section(heading: &str, groups: &[(usize, usize)], blank: bool, number: &mut usize) -> String {
    let gap = if blank { "\n\n" } else { "\n" };
    let mut text = format!("{heading}{gap}");
    for (group, entries) in groups {
        text += &format!("{}{gap}", GROUPS[*group]);
        for _ in 0..*entries {
            *number += 1;
            text += &format!("- Entry {number}\n");
        }
        if blank && *entries > 0 {
            text.push('\n');
        }
    }
    if blank {
        text
    } else {
        text.trim_end().to_owned() + "\n"
    }
}

fn groups(least: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    let all = prop::collection::btree_map(0..GROUPS.len(), least..3, 0..GROUPS.len());
    all.prop_map(|all| all.into_iter().collect())
}

/// A changelog, and whether a heading of its open section goes.
fn changelog() -> impl Strategy<Value = (String, bool)> {
    let open = prop::option::of((0..OPEN.len(), groups(0)));
    let old = prop::collection::vec(groups(1), 1..4);
    let shape = (any::<bool>(), any::<bool>(), any::<bool>());
    (open, old, shape).prop_map(|(open, old, (blank, dos, bom))| {
        let mut number = 0;
        let mut text = "# Changelog\n\n".to_owned();
        let goes = open
            .as_ref()
            .is_some_and(|(at, _)| OPEN[*at].contains("1.0.5"));
        if let Some((at, groups)) = open {
            text += &section(OPEN[at], &groups, blank, &mut number);
        }
        for (at, groups) in old.iter().enumerate() {
            let heading = format!("## [1.0.{}] - 2026-01-0{}", 4 - at, 4 - at);
            text += &section(&heading, groups, blank, &mut number);
        }
        if dos {
            text = text.replace('\n', "\r\n");
        }
        (format!("{}{text}", if bom { "\u{feff}" } else { "" }), goes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the base held, before the fix brings anything: no line of it is
    /// changed, and none is glued to another.
    #[test]
    fn no_line_is_changed_or_glued((text, goes) in changelog()) {
        let stood = open_titles(&text);
        let empty = empty_titles(&text);
        let filled: Vec<String> = stood.iter().filter(|it| !empty.contains(it)).cloned().collect();
        let new = settle(&text, &NEW, &stood, &filled).unwrap();
        let count = |of: &str, line: &str| without_bom(of).lines().filter(|other| *other == line).count();
        prop_assert_eq!(count(&new, ENTRY), 1, "{}", new);
        for line in without_bom(&new).lines().filter(|line| !line.is_empty() && *line != ENTRY) {
            let is_ours = line.starts_with("## [1.0.5] - 2026-03-04")
                || line.starts_with("## 1.0.5 - 2026-03-04")
                || line == "### Fixed";
            prop_assert!(is_ours || count(&text, line) > 0, "{:?} in\n{}", line, new);
        }
        // An open section of this number is this release's, with the groups that
        // say something.
        let own = |line: &str| goes && (line == OPEN[4] || GROUPS.contains(&line));
        for line in without_bom(&text).lines().filter(|line| !own(line)) {
            prop_assert!(line.is_empty() || count(&new, line) > 0, "{:?} not in\n{}", line, new);
        }
        prop_assert!(settled(&new, "1.0.5", &stood), "{}", new);
        prop_assert_eq!(&settle(&new, &NEW, &stood, &filled).unwrap(), &new);
    }
}
