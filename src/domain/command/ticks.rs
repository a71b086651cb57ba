//! Boxes of the status comment that somebody ticked or cleared, as the commands
//! that say the same. A box is known by the hidden name at the end of its line;
//! of the rest of the line nothing is read.

use std::collections::BTreeMap;

use super::comment::{Line, MOST};
use crate::domain::item::Item;

/// The commands that the change of a comment's text amounts to. What is no box,
/// or stood there neither before nor after, says nothing; an answer that is
/// cleared is only put back.
pub fn ticked(before: &str, after: &str) -> Vec<Line> {
    let was: BTreeMap<&str, bool> = boxes(before).map(|(_, name, on)| (name, on)).collect();
    let changed = boxes(after).filter(|(_, name, on)| was.get(name).is_some_and(|it| it != on));
    let line = |(number, name, on): (usize, &str, bool)| {
        Some(Line {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            text: says(name, on)?,
        })
    };
    changed.filter_map(line).take(MOST).collect()
}

fn says(name: &str, on: bool) -> Option<String> {
    if let Some(item) = Item::from_name(name) {
        let verb = if on { "check" } else { "uncheck" };
        return Some(format!("/hotfix {verb} {item}"));
    }
    let (key, value) = name.split_once('=').filter(|_| on)?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_word = |text: &str| !text.is_empty() && plain(text);
    (is_word(key) && is_word(value)).then(|| format!("/hotfix assess {key}={value}"))
}

/// The boxes of a text: the line's number, the name, whether it is ticked.
fn boxes(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let all = text.lines().enumerate();
    all.filter_map(|(at, line)| one(line).map(|(name, on)| (at + 1, name, on)))
}

fn one(line: &str) -> Option<(&str, bool)> {
    let rest = line.trim().strip_prefix("- [")?;
    let on = match rest.get(..2)? {
        " ]" => false,
        "x]" | "X]" => true,
        _ => return None,
    };
    let (_, marker) = rest.rsplit_once("<!-- ")?;
    let (kind, name) = marker.strip_suffix(" -->")?.split_once(':')?;
    matches!(kind, "item" | "answer").then_some((name, on))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(before: &str, after: &str) -> Vec<(u32, String)> {
        let lines = ticked(before, after).into_iter();
        lines.map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn a_box_says_what_its_command_does() {
        let before = "x\n- [ ] Manually <!-- item:manual-test -->\r\n  - [ ] all (`condition=all-users`) <!-- answer:condition=all-users -->\n- [x] no <!-- item:no-workaround -->";
        let after = before
            .replace("- [ ]", "- [x]")
            .replace("- [x] no", "- [ ] no");
        assert_eq!(
            says(before, &after),
            [
                (2, "/hotfix check manual-test".to_owned()),
                (3, "/hotfix assess condition=all-users".to_owned()),
                (4, "/hotfix uncheck no-workaround".to_owned()),
            ]
        );
        assert!(says(before, before).is_empty());
        // An answer is never taken back by a box.
        let answered = before.replace("  - [ ]", "  - [x]");
        assert!(says(&answered, before).is_empty());
    }

    #[test]
    fn what_is_no_box_of_ours_says_nothing() {
        let none = [
            ("", "- [x] a <!-- item:manual-test -->"),
            (
                "- [ ] a <!-- item:nothing -->",
                "- [x] a <!-- item:nothing -->",
            ),
            ("- [ ] a", "- [x] a"),
            (
                "- [ ] a <!-- answer:note=a b; /hotfix cancel -->",
                "- [x] a <!-- answer:note=a b; /hotfix cancel -->",
            ),
            ("- [ ] <!-- answer:= -->", "- [x] <!-- answer:= -->"),
            ("- [ ] <!-- item: -->", "- [x] <!-- item: -->"),
            (
                "- [ü] <!-- item:manual-test -->",
                "- [x] <!-- item:manual-test -->",
            ),
        ];
        for (before, after) in none {
            assert!(says(before, after).is_empty(), "{after}");
        }
        let many = "- [ ] a <!-- item:manual-test -->\n".repeat(50);
        assert_eq!(says(&many, &many.replace("[ ]", "[x]")).len(), MOST);
    }
}
