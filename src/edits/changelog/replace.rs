//! A text with the version, the date and the comparison of a release put in the
//! place of another's.

use std::ops::Range;

use semver::Version;

use super::date::{self, Day, Hints};
use super::title;
use crate::edits::spelling::{like, spellings};
use crate::edits::splice::splice;

/// What takes the place of what.
#[derive(Clone, Debug)]
pub(super) struct Replace<'a> {
    /// The model's version.
    pub old: &'a Version,
    pub new: &'a Version,
    /// The version that the new one follows.
    pub base: &'a Version,
    /// The version that the model's followed, where it is known.
    pub before: Option<&'a Version>,
    pub day: Option<Day>,
    pub hints: Hints,
}

impl Replace<'_> {
    /// The text with all of it replaced. In an anchor, versions without periods
    /// are, too.
    pub(super) fn text(&self, text: &str, anchor: bool) -> String {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut add = |at: Range<usize>, new: String| {
            let free = edits
                .iter()
                .all(|(other, _)| at.end <= other.start || other.end <= at.start);
            if free && !at.is_empty() {
                edits.push((at, new));
            }
        };
        for (from, to) in comparisons(text) {
            let left = text.get(from.clone()).unwrap_or_default();
            let right = text.get(to).unwrap_or_default();
            if let Some(new) = self.compared_from(left, right) {
                add(from, new);
            }
        }
        for old in spellings(self.old) {
            for at in places(text, &old) {
                add(at, like(self.new, &old));
            }
        }
        let names = |old: &String| !places(text, old).is_empty();
        if !anchor && !spellings(self.old).iter().any(names) {
            // "0.70" for 0.70.0: what comes after has a third number.
            let first = title::first(text, true);
            let short = first.filter(|it| it.short && it.version == *self.old);
            if let Some(found) = short {
                add(found.at, self.new.to_string());
            }
        }
        if let Some(day) = self.day {
            for (at, form) in date::dates(text) {
                let before = text.get(..at.start).unwrap_or_default();
                if let Some((named, name)) = day.named_at_end(before) {
                    add(named, name);
                }
                add(at, day.written(&form, self.hints));
            }
        }
        if let Some(before) = self.before {
            for before in spellings(before) {
                for at in places(text, &before) {
                    add(at, like(self.base, &before));
                }
            }
        }
        for fragment in fragments(text, anchor) {
            for sign in ["-", "_", ""] {
                let spelt = |v: &Version| format!("{}{sign}{}{sign}{}", v.major, v.minor, v.patch);
                let within = text.get(fragment.clone()).unwrap_or_default();
                for at in whole(within, &spelt(self.old)) {
                    add(
                        fragment.start + at.start..fragment.start + at.end,
                        spelt(self.new),
                    );
                }
            }
        }
        let edits = edits.iter().map(|(at, new)| (at.clone(), new.as_str()));
        splice(text, edits.collect())
    }

    /// The left side of a comparison: its own name of a ref, with the base's
    /// version; a commit's becomes the right side's with that.
    fn compared_from(&self, left: &str, right: &str) -> Option<String> {
        if let Some(found) = title::first(left, true) {
            let mut new = left.to_owned();
            let base = if found.short && self.base.patch == 0 {
                format!("{}.{}", self.base.major, self.base.minor)
            } else {
                like(self.base, left.get(found.at.clone()).unwrap_or_default())
            };
            new.replace_range(found.at, &base);
            return Some(new);
        }
        let commit = left.len() >= 7 && left.bytes().all(|b| b.is_ascii_hexdigit());
        let mut new = right.to_owned();
        let found = title::first(right, false).filter(|it| it.version == *self.old)?;
        let base = like(self.base, right.get(found.at.clone())?);
        new.replace_range(found.at, &base);
        commit.then_some(new)
    }
}

/// The two sides of each comparison: "v1.0.3...v1.0.4", also with two periods.
pub(super) fn comparisons(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let ends = |c: char| c.is_whitespace() || "/()[]<>\"'`|,;=#".contains(c);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dots) = text.get(at..).and_then(|rest| rest.find("..")) {
        let dots = at + dots;
        let rest = text.get(dots..).unwrap_or_default();
        let length = rest.len() - rest.trim_start_matches('.').len();
        at = dots + length;
        let left = text.get(..dots).unwrap_or_default();
        let from = left.rfind(ends).map_or(0, |end| {
            end + left
                .get(end..)
                .and_then(|l| l.chars().next())
                .map_or(1, char::len_utf8)
        });
        let right = text.get(at..).unwrap_or_default();
        // The tag on the right may have the left's folder before it.
        let mut to = right.find(ends).unwrap_or(right.len());
        while right.get(to..).is_some_and(|rest| rest.starts_with('/')) {
            let rest = right.get(to + 1..).unwrap_or_default();
            to += 1 + rest.find(ends).unwrap_or(rest.len());
        }
        if (2..=3).contains(&length) && from < dots && to > 0 {
            found.push((from..dots, at..at + to));
        }
    }
    found
}

/// Where a version stands as a whole: not within a longer number.
pub(super) fn places(text: &str, version: &str) -> Vec<Range<usize>> {
    whole(text, version)
        .into_iter()
        .filter(|at| {
            let after = text.get(at.end..).unwrap_or_default();
            let pre = ["-alpha", "-beta", "-rc", "-pre", "-dev"];
            !pre.iter().any(|pre| after.starts_with(pre))
        })
        .collect()
}

fn whole(text: &str, version: &str) -> Vec<Range<usize>> {
    let found = text.match_indices(version).filter(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + version.len()..).unwrap_or_default();
        let is_digit = |c: char| c.is_ascii_digit();
        let goes_on = after
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(is_digit));
        let within = before
            .strip_suffix('.')
            .is_some_and(|rest| rest.ends_with(is_digit));
        !before.ends_with(is_digit) && !within && !after.starts_with(is_digit) && !goes_on
    });
    found.map(|(at, _)| at..at + version.len()).collect()
}

/// What names a place within a page: "#104---2026-01-02".
fn fragments(text: &str, anchor: bool) -> Vec<Range<usize>> {
    if anchor {
        return std::iter::once(0..text.len()).collect();
    }
    let found = text.match_indices('#').filter(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        before.ends_with(['(', '{']) || before.ends_with(|c: char| c.is_alphanumeric() || c == '/')
    });
    let ends = |c: char| c.is_whitespace() || ")}\"'>".contains(c);
    found
        .map(|(at, _)| {
            let rest = text.get(at..).unwrap_or_default();
            at..at + rest.find(ends).unwrap_or(rest.len())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_by_two_numbers_gets_a_third() {
        let [old, new] = ["0.70.0", "0.70.1"].map(|v| Version::parse(v).unwrap());
        let with = Replace {
            old: &old,
            new: &new,
            base: &old,
            before: None,
            day: Day::parse("2026-03-04"),
            hints: Hints::default(),
        };
        for (text, expected) in [
            (
                "## 0.70 (released 7th August 2026)",
                "## 0.70.1 (released 4th March 2026)",
            ),
            ("## v0.70", "## v0.70.1"),
            ("## [0.70] - 2026-01-02", "## [0.70.1] - 2026-03-04"),
            ("## 0.70.0", "## 0.70.1"),
            ("## 0.69", "## 0.69"),
            ("## 0.70.2", "## 0.70.2"),
        ] {
            assert_eq!(with.text(text, false), expected, "{text}");
        }
    }

    #[test]
    fn every_place_of_the_version_is_replaced() {
        let [old, new, base, before] =
            ["1.0.4", "1.0.5", "1.0.4", "1.0.3"].map(|v| Version::parse(v).unwrap());
        let with = Replace {
            old: &old,
            new: &new,
            base: &base,
            before: Some(&before),
            day: Day::parse("2026-03-04"),
            hints: Hints::default(),
        };
        for (text, expected) in [
            ("compare/v1.0.3...v1.0.4", "compare/v1.0.4...v1.0.5"),
            ("compare/v1.0.3..v1.0.4)", "compare/v1.0.4..v1.0.5)"),
            ("compare/v1.0.3...HEAD", "compare/v1.0.4...HEAD"),
            ("compare/v1.0...v1.0.4", "compare/v1.0.4...v1.0.5"),
            (
                "compare/lamp@1.0.3...lamp@1.0.4",
                "compare/lamp@1.0.4...lamp@1.0.5",
            ),
            (
                "compare/lamp/v1.0.3...lamp/v1.0.4",
                "compare/lamp/v1.0.4...lamp/v1.0.5",
            ),
            ("compare/0a1b2c3d...v1.0.4", "compare/v1.0.4...v1.0.5"),
            (
                "changes since 1.0.3 in 1.0.4",
                "changes since 1.0.4 in 1.0.5",
            ),
            (
                "11.0.4 1.0.41 1.0.4.1 2.1.0.4 1.0.4-rc.1",
                "11.0.4 1.0.41 1.0.4.1 2.1.0.4 1.0.4-rc.1",
            ),
            ("[1.0.4](#104---2026-01-02)", "[1.0.5](#105---2026-03-04)"),
            ("1.0.4 {#v1-0-4}", "1.0.5 {#v1-0-5}"),
            ("... 1.0.4 ..", "... 1.0.5 .."),
        ] {
            assert_eq!(with.text(text, false), expected, "{text}");
        }
        assert_eq!(
            with.text("<a id=\"v1_0_4\"></a>", true),
            "<a id=\"v1_0_5\"></a>"
        );
    }
}
