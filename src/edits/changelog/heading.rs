//! A release's heading, copied from another release's with every place of the
//! version, the date and the comparison replaced.

use semver::Version;

use super::date::{self, Day, Hints};
use super::outline::{Heading, Kind, Outline};
use super::replace::{Replace, places};
use super::title;
use crate::edits::spelling::spellings;

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
        // What stands a blank in has as much on either side.
        let inset = long(own).checked_sub(long(title));
        let inset = inset.filter(|by| *by > 0 && title.starts_with(' '));
        let length = if let Some(by) = inset {
            long(&new) + by
        } else if long(own) == long(title) && !fixed
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
            Kind::Release(version, _) => spellings(version)
                .iter()
                .any(|version| !places(line, version).is_empty()),
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
    title::plain(&without_addresses(line))
        .split(' ')
        .all(|word| word.is_empty() || words.contains(&word))
}

/// A line without where its links lead.
fn without_addresses(line: &str) -> String {
    let mut rest = line.to_owned();
    while let Some(from) = rest.find("](").or_else(|| rest.find("http")) {
        let ends = |c: char| c.is_whitespace() || c == ')' || c == '>';
        let cut = rest
            .get(from..)
            .and_then(|r| r.find(ends))
            .map_or(rest.len(), |end| from + end);
        rest.replace_range(from..cut, " ");
    }
    rest
}

/// Whether what follows a release's version tells of another package's, such as
/// "/ lamp-core 0.3.2".
fn tells_of_another(outline: &Outline<'_>, tail: &str) -> bool {
    let mut rest = without_addresses(tail);
    for (at, _) in date::dates(&rest).into_iter().rev() {
        rest.replace_range(at, " ");
    }
    while let Some(found) = title::first(&rest, false) {
        if outline.releases().all(|(_, _, v)| *v != found.version) {
            return true;
        }
        rest.replace_range(found.at, " ");
    }
    false
}

/// The model's title without what belongs to that release alone: a name between
/// version and date, a mark that it was taken back.
fn without_name(outline: &Outline<'_>, model: &Heading) -> String {
    let title = outline.slice(model.title.clone());
    let Kind::Release(_, at) = &model.kind else {
        return title.to_owned();
    };
    let after = outline.slice(at.end..model.title.end);
    let (after, anchor) = without_anchor(after);
    let link = link_end(after);
    let (link, tail) = after.split_at_checked(link).unwrap_or((after, ""));
    let own = shape(tail);
    let words = title::plain(&own.replace(['\u{1}', '\u{2}'], " "));
    let plain = words.split(' ').all(|word| {
        [
            "", "released", "release", "date", "on", "small", "b", "sub", "of",
        ]
        .contains(&word)
            || date::is_day(word)
    });
    let shared = outline
        .releases()
        .filter(|(_, other, _)| *other != model)
        .any(|(_, other, _)| {
            let Kind::Release(_, at) = &other.kind else {
                return false;
            };
            let (after, _) = without_anchor(outline.slice(at.end..other.title.end));
            after
                .get(link_end(after)..)
                .map(shape)
                .is_some_and(|other| other == own)
        });
    let marked = words.contains("yanked") || words.contains("withdrawn");
    let kept = plain || shared && !marked;
    if kept && !tells_of_another(outline, tail) {
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
    let new = format!("{before}{link}{tail}{anchor}");
    // What makes the whole line bold closes it behind the name.
    let is_bold = |sign: &&&str| {
        title.starts_with(**sign) && title.trim_end().ends_with(**sign) && !new.ends_with(**sign)
    };
    let sign = ["**", "__"].iter().find(is_bold).copied();
    format!("{new}{}", sign.unwrap_or_default())
}

/// What follows a version, and the name of the place at its end: "{#v1-0-4}".
fn without_anchor(after: &str) -> (&str, &str) {
    let at = after.rfind('{').filter(|_| after.trim_end().ends_with('}'));
    let at = at.map(|at| after.get(..at).unwrap_or_default().trim_end().len());
    after
        .split_at_checked(at.unwrap_or(after.len()))
        .unwrap_or((after, ""))
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
