//! Headings and list items by their lines: what is no Markdown, and what
//! Markdown has no heading for.

use std::ops::Range;

use super::title;

/// A heading as it stands: level, whole lines, the line of its title.
pub(super) type Raw = (usize, Range<usize>, Range<usize>);

/// The level of a bold line.
pub(super) const BOLD: usize = 7;
/// The level of a line that begins with a version or ends in a colon.
pub(super) const BARE: usize = 8;

/// The lines of a text, without their ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        (start..start + line.len(), line)
    })
}

/// Whether a text is reStructuredText, AsciiDoc or plain: it has no heading
/// with hashes, and something that Markdown does not have.
pub(super) fn is_plain(text: &str) -> bool {
    let is_hash = |line: &str| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    let all: Vec<&str> = lines(text).map(|(_, line)| line).collect();
    if all.iter().any(|line| is_hash(line)) {
        return false;
    }
    let pairs = || all.iter().zip(all.iter().skip(1));
    let directive = all
        .iter()
        .any(|line| line.starts_with(".. ") || line.starts_with(':') && line.ends_with(':'));
    let asciidoc = all.iter().any(|line| equals(line) > 0);
    let adorned = pairs().any(|(title, line)| {
        adornment(line).is_some_and(|sign| !"=-".contains(sign))
            && title.chars().count() == line.chars().count()
            && title.starts_with(|c: char| !c.is_whitespace())
            && adornment(title).is_none()
    });
    directive || asciidoc || adorned || overlined(&all)
}

/// Whether a title stands between two lines of one sign and length. Markdown has no
/// such heading, and its fences, rules and front matter are of other signs or shorter.
fn overlined(all: &[&str]) -> bool {
    all.windows(3).any(|lines| {
        let [over, title, under] = lines else {
            return false;
        };
        let sign = adornment(over).filter(|sign| "=*#+^\"".contains(*sign));
        let long = |line: &str| line.trim_end().chars().count();
        sign.is_some()
            && adornment(under) == sign
            && long(over) == long(under)
            && long(over) >= long(title)
            && long(over) > 4
            && !title.trim().is_empty()
            && adornment(title).is_none()
    })
}

/// The sign of a line that is nothing but that sign.
fn adornment(line: &str) -> Option<char> {
    let line = line.trim_end();
    let sign = line.chars().next()?;
    let all = line.len() >= 3 && line.chars().all(|c| c == sign);
    (all && "=-~^\"'*+#.:_<>`".contains(sign)).then_some(sign)
}

/// How many signs begin an AsciiDoc heading.
fn equals(line: &str) -> usize {
    let rest = line.trim_start_matches('=');
    let level = line.len() - rest.len();
    let titled = rest.starts_with(' ') && !rest.trim().is_empty();
    if titled && level <= 6 { level } else { 0 }
}

/// The headings of a text that is not Markdown.
pub(super) fn plain_headings(text: &str) -> Vec<Raw> {
    let all: Vec<(Range<usize>, &str)> = lines(text).collect();
    let mut seen: Vec<(char, bool)> = Vec::new();
    let mut found = Vec::new();
    for (i, (at, line)) in all.iter().enumerate() {
        let level = equals(line);
        if level > 0 {
            found.push((level, at.clone(), at.clone()));
            continue;
        }
        let under = all
            .get(i + 1)
            .and_then(|(at, line)| Some((at, adornment(line)?)));
        let Some((under_at, sign)) = under else {
            continue;
        };
        let over = i.checked_sub(1).and_then(|above| all.get(above));
        let over = over.filter(|(_, above)| adornment(above) == Some(sign));
        let before = if over.is_some() {
            i.checked_sub(2)
        } else {
            i.checked_sub(1)
        };
        let alone = before
            .and_then(|b| all.get(b))
            .is_none_or(|(_, line)| line.trim().is_empty());
        let indented = line.starts_with([' ', '\t']) && over.is_none();
        if line.trim().is_empty() || adornment(line).is_some() || indented || !alone {
            continue;
        }
        let kind = (sign, over.is_some());
        let level = seen
            .iter()
            .position(|other| *other == kind)
            .unwrap_or_else(|| {
                seen.push(kind);
                seen.len() - 1
            });
        let start = over.map_or(at.start, |(over, _)| over.start);
        found.push((level + 1, start..under_at.end, at.clone()));
    }
    found
}

/// The items of a text that is not Markdown, from the beginning of their lines
/// to their text.
pub(super) fn plain_items(text: &str) -> Vec<Range<usize>> {
    let items = lines(text).filter_map(|(at, line)| {
        let own = line.trim_start_matches([' ', '\t']);
        let rest = own.strip_prefix(['-', '*', '+', '•'])?;
        let said = rest.trim_start_matches([' ', '\t']);
        (rest.len() > said.len() && !said.is_empty()).then(|| at.start..at.end - said.len())
    });
    items.collect()
}

/// Lines that stand for headings where a file has no others: bold ones, and
/// those that begin with a version or end in a colon.
pub(super) fn line_headings(text: &str, opaque: &[Range<usize>]) -> Vec<Raw> {
    let all: Vec<(Range<usize>, &str)> = lines(text).collect();
    let is_item =
        |line: &str| line.trim_start().starts_with(['-', '*', '+', '•']) && !is_bold(line);
    let mut found = Vec::new();
    for (i, (at, line)) in all.iter().enumerate() {
        if opaque.iter().any(|o| o.contains(&at.start)) || line.trim().is_empty() {
            continue;
        }
        let above = i.checked_sub(1).and_then(|above| all.get(above));
        let alone = above.is_none_or(|(_, above)| above.trim().is_empty());
        let next = all
            .iter()
            .skip(i + 1)
            .find(|(_, next)| !next.trim().is_empty());
        let listed = next.is_some_and(|(_, next)| is_item(next));
        let level = if is_bold(line) {
            BOLD
        } else if alone && is_bare(line) && (listed || title::is_whole(line)) {
            BARE
        } else {
            continue;
        };
        found.push((level, at.clone(), at.clone()));
    }
    found
}

/// "**Fixed**", "**1.0.4** (2026-01-02)": bold, and not much beside it.
fn is_bold(line: &str) -> bool {
    let Some(sign) = ["**", "__"].into_iter().find(|sign| line.starts_with(sign)) else {
        return false;
    };
    let rest = line.get(2..).unwrap_or_default();
    let after = rest.split_once(sign).map(|(_, after)| after.trim());
    after.is_some_and(|after| {
        after.chars().filter(|c| c.is_alphabetic()).count() <= 24 && !after.ends_with('.')
    })
}

/// "Version 1.0.4 (2026-01-02)", "Bug fixes:".
fn is_bare(line: &str) -> bool {
    let starts = line.starts_with(|c: char| c.is_ascii_alphanumeric());
    starts && line.len() <= 80 && !line.ends_with(['.', ';', ','])
}
