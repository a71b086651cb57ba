//! A release's heading, copied from another release's with every place of the
//! version, the date and the comparison replaced.

use std::ops::Range;

use semver::Version;

use super::date::{self, Day, Hints};
use super::outline::{Heading, Kind, Outline};
use super::title;
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
        for at in places(text, &self.old.to_string()) {
            add(at, self.new.to_string());
        }
        if let Some(day) = self.day {
            for (at, form) in date::dates(text) {
                add(at, day.written(&form, self.hints));
            }
        }
        if let Some(before) = self.before {
            for at in places(text, &before.to_string()) {
                add(at, self.base.to_string());
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
                self.base.to_string()
            };
            new.replace_range(found.at, &base);
            return Some(new);
        }
        let commit = left.len() >= 7 && left.bytes().all(|b| b.is_ascii_hexdigit());
        let mut new = right.to_owned();
        let at = places(right, &self.old.to_string()).into_iter().next()?;
        new.replace_range(at, &self.base.to_string());
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
fn places(text: &str, version: &str) -> Vec<Range<usize>> {
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

/// From the anchor above a release to the last line of its heading and of what
/// is said of every release right below it.
pub(super) fn copied(
    outline: &Outline<'_>,
    model: &Heading,
    with: &Replace<'_>,
    eol: &str,
) -> String {
    let above = outline.slice(outline.above_anchor(model.span.start)..model.span.start);
    let over = outline.slice(model.span.start..model.title.start);
    let title = outline.slice(model.title.clone());
    let under = outline.slice(model.title.end..model.span.end);
    let new = with.text(&without_name(outline, model), false);
    let long = |line: &str| line.trim().chars().count();
    // What adorns a title is as long as it, where it was.
    let adorned = |line: &str| {
        let own = line.trim();
        let Some(sign) = own.chars().next() else {
            return line.to_owned();
        };
        let fixed = is_fixed(outline, long(own));
        let length = if long(own) == long(title) && !fixed
            || !fixed && long(own) > 5 && long(own) < long(&new)
        {
            long(&new)
        } else {
            long(own)
        };
        let signs: String = std::iter::repeat_n(sign, length).collect();
        line.replace(own, &signs)
    };
    let (over, under) = (adorned(over), adorned(under));
    let above = with.text(above, true);
    let said = said_of_all(outline, model);
    let said = with.text(outline.slice(model.span.end..said), false);
    let text = format!("{above}{over}{new}{under}{said}");
    text.lines().collect::<Vec<_>>().join(eol)
}

/// Whether two titles or more have a line of this length below, though they
/// are not as long.
fn is_fixed(outline: &Outline<'_>, length: usize) -> bool {
    let fixed = outline.releases().filter(|(_, heading, _)| {
        let under = outline.slice(heading.title.end..heading.span.end).trim();
        let title = outline.slice(heading.title.clone()).trim();
        under.chars().count() == length && title.chars().count() != length
    });
    fixed.count() >= 2
}

/// The end of the lines right below a heading that are said of every release:
/// "Released 2026-01-02", "[diff](…)"; the heading's own end where there are
/// none.
pub(super) fn said_of_all(outline: &Outline<'_>, heading: &Heading) -> usize {
    let about = |of: &Heading, line: &str| {
        let own = match &of.kind {
            Kind::Release(version, _) => !places(line, &version.to_string()).is_empty(),
            _ => false,
        };
        own || !date::dates(line).is_empty()
    };
    let shapes = |of: &Heading| -> Vec<(usize, String, bool)> {
        let mut lines = Vec::new();
        let mut at = outline.next_line(of.span.end);
        while at < outline.text.len() && at > of.span.end && lines.len() < 8 {
            let end = outline.line_end(at);
            let line = outline.slice(at..end);
            let ends = outline.items.iter().any(|item| item.start == at)
                || outline
                    .headings
                    .iter()
                    .any(|h| h.span.start <= at && at < h.span.end);
            if ends {
                break;
            }
            lines.push((end, shape(line), about(of, line)));
            at = outline.next_line(at);
        }
        lines
    };
    let own = shapes(heading);
    let others: Vec<Vec<(usize, String, bool)>> = outline
        .releases()
        .filter(|(_, other, _)| *other != heading)
        .take(30)
        .map(|(_, other, _)| shapes(other))
        .collect();
    let mut upto = heading.span.end;
    for (end, line, moves) in own {
        if line.is_empty() {
            continue;
        }
        let few = title::plain(&line).split(' ').count() <= 12;
        let again = few
            && others
                .iter()
                .any(|lines| lines.iter().any(|(_, l, _)| *l == line));
        if !(moves && (again || says_only_that(&line))) {
            break;
        }
        upto = end;
    }
    upto
}

/// Versions and dates put as one sign each.
fn shape(line: &str) -> String {
    let mut shape = line.trim().to_owned();
    for (at, _) in date::dates(line.trim()).into_iter().rev() {
        shape.replace_range(at, "\u{2}");
    }
    while let Some(found) = title::first(&shape, false) {
        shape.replace_range(found.at, "\u{1}");
    }
    shape
}

/// Whether a line has nothing but words that every release could have.
fn says_only_that(line: &str) -> bool {
    let words = [
        "released",
        "release",
        "date",
        "on",
        "diff",
        "full",
        "changelog",
        "compare",
        "changes",
        "since",
        "v",
    ];
    let mut rest = line.to_owned();
    while let Some(from) = rest.find("](").or_else(|| rest.find("http")) {
        let ends = |c: char| c.is_whitespace() || c == ')' || c == '>';
        let cut = rest
            .get(from..)
            .and_then(|r| r.find(ends))
            .map_or(rest.len(), |end| from + end);
        rest.replace_range(from..cut, " ");
    }
    title::plain(&rest)
        .split(' ')
        .all(|word| word.is_empty() || words.contains(&word))
}

/// The model's title without what belongs to that release alone: a name between
/// version and date, a mark that it was taken back.
fn without_name(outline: &Outline<'_>, model: &Heading) -> String {
    let title = outline.slice(model.title.clone());
    let Kind::Release(_, at) = &model.kind else {
        return title.to_owned();
    };
    let after = outline.slice(at.end..model.title.end);
    let link = link_end(after);
    let (link, tail) = after.split_at_checked(link).unwrap_or((after, ""));
    let own = shape(tail);
    let words = title::plain(&own.replace(['\u{1}', '\u{2}'], " "));
    let plain = words.split(' ').all(|word| {
        [
            "", "released", "release", "date", "on", "small", "b", "sub", "of",
        ]
        .contains(&word)
    });
    let shared = outline
        .releases()
        .filter(|(_, other, _)| *other != model)
        .any(|(_, other, _)| {
            let Kind::Release(_, at) = &other.kind else {
                return false;
            };
            let after = outline.slice(at.end..other.title.end);
            after
                .get(link_end(after)..)
                .map(shape)
                .is_some_and(|other| other == own)
        });
    let marked = words.contains("yanked") || words.contains("withdrawn");
    if plain || shared && !marked || tail.trim_start().starts_with('{') {
        return title.to_owned();
    }
    let before = outline.slice(model.title.start..at.end);
    let dated = date::dates(tail).into_iter().next();
    let tail = match dated {
        None => closing(tail),
        Some((date, _)) => {
            let left = tail.get(..date.start).unwrap_or_default();
            let named = left.chars().any(char::is_alphanumeric);
            let left = match left.chars().next_back() {
                Some('(') if named => " (",
                _ if named => " - ",
                _ => left,
            };
            let right = tail.get(date.end..).unwrap_or_default();
            let date = tail.get(date).unwrap_or_default();
            format!("{left}{date}{}", closing(right))
        }
    };
    format!("{before}{link}{tail}")
}

/// The length of the rest of a link that the version is the text of: "](…)",
/// "][…]", "]".
fn link_end(after: &str) -> usize {
    if !after.starts_with(']') {
        return 0;
    }
    let close = |sign: char| {
        after
            .get(2..)
            .and_then(|rest| rest.find(sign))
            .map(|at| at + 3)
    };
    match after.get(1..2) {
        Some("(") => close(')').unwrap_or(1),
        Some("[") => close(']').unwrap_or(1),
        _ => 1,
    }
}

/// What closes a heading after its date: brackets and marks, and closing hashes.
fn closing(rest: &str) -> String {
    let marks: String = rest
        .chars()
        .take_while(|c| matches!(c, ')' | ']' | '*' | '_' | '`'))
        .collect();
    let trimmed = rest.trim_end();
    for sign in ['#', '='] {
        let signs = trimmed.len() - trimmed.trim_end_matches(sign).len();
        if signs > 0 {
            return format!("{marks} {}", sign.to_string().repeat(signs));
        }
    }
    marks
}

/// For a file that shows no style of its own.
pub(super) fn default_heading(new: &Version, day: Day) -> String {
    let form = date::Form::YearFirst {
        sign: '-',
        padded: true,
    };
    format!("## [{new}] - {}", day.written(&form, Hints::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
