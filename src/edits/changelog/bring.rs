//! What a commit adds to what is unreleased, brought into another state of the file:
//! its neighbours are others there, and say nothing of it.

use std::ops::Range;

use semver::Version;

use super::insert::spliced;
use super::outline::{Heading, Kind, Outline};
use super::place::{put_block, without_bom};
use super::style::{self, Style};
use super::title;

/// The file `ours` with the lines that `theirs` adds to `base` below what is
/// unreleased: at the end of the same group there, and with that group or the heading
/// where there is none. None where the commit changes anything else of it.
pub fn bring(base: &str, theirs: &str, ours: &str) -> Option<String> {
    let added = added(base, theirs)?;
    let outline = Outline::read(theirs);
    let (at, open, _) = outline
        .open()
        .find(|(at, open, _)| open.span.start <= added.end && added.end <= below(&outline, *at))?;
    if added.start < open.span.start
        && !outline
            .slice(added.start..open.span.start)
            .trim()
            .is_empty()
    {
        return None;
    }
    let end = below(&outline, at);
    let groups: Vec<&Heading> = within(&outline, open.span.end..end).collect();
    let new: Vec<&&Heading> = groups
        .iter()
        .filter(|it| added.contains(&it.span.start))
        .collect();
    let before = groups.iter().rfind(|it| it.span.end <= added.start);
    let group = match new.as_slice() {
        [] => before,
        [one] => Some(*one),
        _ => return None,
    };
    // From behind the last heading, what is added are entries.
    let start = group
        .map_or(open.span.end, |it| it.span.end)
        .max(added.start);
    let entries = outline.slice(start..added.end.max(start));
    let entries = entries.trim_matches(['\r', '\n']);
    let is_item = |line: &str| {
        let mut signs = line.trim_start().chars();
        matches!(signs.next(), Some('-' | '*' | '+')) && signs.next() == Some(' ')
    };
    if !entries.lines().next().is_some_and(is_item) {
        return None;
    }
    let body = without_bom(ours);
    let bom = ours.get(..ours.len() - body.len())?;
    let here = Outline::read(body);
    here.releases().next()?;
    let edit = match here.open().next() {
        Some((at, own, _)) => into(&here, own, at, &outline, group.copied(), entries),
        None => {
            let style = Style::of(&here, style::model(&here, &LAST));
            let title = outline.slice(open.span.clone());
            let blank = style.eol.repeat(1 + blank(&outline, open.span.end));
            let group = headed(&outline, group.copied(), style.eol);
            let block = format!("{title}{blank}{group}{entries}");
            put_block(&here, &style, &LAST, &block)
        }
    };
    Some(format!("{bom}{}", spliced(body, &[edit])))
}

/// Above every release.
const LAST: Version = Version::new(u64::MAX, 0, 0);

/// The lines that are new, where nothing else is changed.
fn added(base: &str, theirs: &str) -> Option<Range<usize>> {
    let lines = |text: &'_ str| text.split_inclusive('\n').map(str::len).collect::<Vec<_>>();
    let (old, new): (Vec<&str>, Vec<&str>) = (
        base.split_inclusive('\n').collect(),
        theirs.split_inclusive('\n').collect(),
    );
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.iter().rev().zip(new.iter().rev());
    let tail = rest.take_while(|(a, b)| a == b).count();
    let tail = tail.min(old.len() - same).min(new.len() - same);
    if same + tail < old.len() || new.len() <= old.len() {
        return None;
    }
    let lengths = lines(theirs);
    let start = lengths.iter().take(same).sum();
    let end = lengths.iter().take(new.len() - tail).sum();
    Some(start..end)
}

/// The end of what is unreleased, with the blank lines below it.
fn below(outline: &Outline<'_>, at: usize) -> usize {
    let next = outline.releases().find(|(other, ..)| *other > at);
    next.map_or(outline.text.len(), |(_, next, _)| next.span.start)
}

fn within<'o>(outline: &'o Outline<'_>, at: Range<usize>) -> impl Iterator<Item = &'o Heading> {
    let all = outline.headings.iter();
    all.filter(move |it| it.kind == Kind::Other && at.contains(&it.span.start))
}

fn blank(outline: &Outline<'_>, end: usize) -> usize {
    let rest = outline.slice(end..outline.text.len());
    let blank = rest
        .get(..rest.len() - rest.trim_start().len())
        .unwrap_or_default();
    blank.matches('\n').count().saturating_sub(1)
}

/// A group's heading with what stands between it and its entries.
fn headed(outline: &Outline<'_>, group: Option<&Heading>, eol: &str) -> String {
    group.map_or(String::new(), |it| {
        let title = outline.slice(it.span.clone());
        format!("{title}{}", eol.repeat(1 + blank(outline, it.span.end)))
    })
}

/// The entries at the end of the same group of what is unreleased here.
fn into(
    here: &Outline<'_>,
    own: &Heading,
    at: usize,
    there: &Outline<'_>,
    group: Option<&Heading>,
    entries: &str,
) -> (Range<usize>, String) {
    let eol = if here.text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let end = here.section_end(at).max(own.span.end);
    let groups: Vec<&Heading> = within(here, own.span.end..end).collect();
    let name = |outline: &Outline<'_>, it: &Heading| title::plain(outline.slice(it.title.clone()));
    let same = group.and_then(|group| {
        let wanted = name(there, group);
        groups.iter().position(|it| name(here, it) == wanted)
    });
    let stop = |from: usize, to: usize| from + here.slice(from..to).trim_end().len();
    let (from, to) = match (same, group) {
        (Some(index), _) => {
            let next = groups.get(index + 1);
            let from = groups.get(index).map_or(own.span.end, |it| it.span.end);
            (from, next.map_or(end, |it| it.span.start))
        }
        // Entries in no group stand above the groups.
        (None, None) => (own.span.end, groups.first().map_or(end, |it| it.span.start)),
        (None, Some(_)) => {
            let at = stop(own.span.end, end);
            let headed = headed(there, group, eol);
            return (at..at, format!("{eol}{eol}{headed}{entries}"));
        }
    };
    let at = stop(from, to);
    let empty = at == from;
    let gap = eol.repeat(if empty { 2 } else { 1 });
    (at..at, format!("{gap}{entries}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "# Log\n\n## [1.0.4] - 2026-01-02\n\n### Fixed\n\n- a\n";

    /// Each kind of addition, where the neighbours are others.
    #[test]
    fn what_is_added_to_the_unreleased_comes_along() {
        let open = "## Unreleased\n\n### Added\n\n- new\n\n### Fixed\n\n- x\n";
        let main = |open: &str| BASE.replace("## [1.0.4]", &format!("{open}\n## [1.0.4]"));
        let fix = "- x\n- the fix (#7)\n  of two lines\n";
        let theirs = open.replace("- x\n", fix);
        let section = "## Unreleased\n\n### Fixed\n\n- the fix (#7)\n  of two lines\n";
        // The base has nothing unreleased.
        let found = bring(&main(open), &main(&theirs), BASE).unwrap();
        assert_eq!(found, main(section));
        // What another pick brought stands before it.
        let more = section.replace("lines\n", "lines\n- more\n");
        let again = open.replace("- x\n", "- x\n- more\n");
        let found = bring(&main(open), &main(&again), &found).unwrap();
        assert_eq!(found, main(&more));
        // A group that is not here yet.
        let added = open.replace("- new\n", "- new\n- other\n");
        let found = bring(&main(open), &main(&added), &main(section)).unwrap();
        let both = section.replace("lines\n", "lines\n\n### Added\n\n- other\n");
        assert_eq!(found, main(&both));
        // With its own heading, and with its group.
        let whole = "## Unreleased\n\n### Fixed\n\n- y\n";
        let ours = main("## Unreleased\n");
        let found = bring(BASE, &main(whole), &ours).unwrap();
        assert_eq!(found, main("## Unreleased\n\n### Fixed\n\n- y\n"));
        // In no group.
        let flat = "# Log\n\n## Unreleased\n\n* a\n* b\n\n## 1.0.4\n\n* c\n";
        let ours = "# Log\n\n## 1.0.4\n\n* c\n";
        let with = flat.replace("* b\n", "* b\n* d\n");
        let found = bring(flat, &with, ours).unwrap();
        assert_eq!(found, "# Log\n\n## Unreleased\n\n* d\n\n## 1.0.4\n\n* c\n");
    }

    #[test]
    fn what_changes_anything_else_does_not() {
        let open = "## Unreleased\n\n### Fixed\n\n- x\n";
        let main = BASE.replace("## [1.0.4]", &format!("{open}\n## [1.0.4]"));
        for (theirs, what) in [
            (main.replace("- x\n", "- y\n"), "a line is another one"),
            (main.replace("- x\n", ""), "a line is gone"),
            (
                main.replace("- a\n", "- a\n- b\n"),
                "an old release has more",
            ),
            (
                main.replace("- x\n", "- x\n- y\n")
                    .replace("- a\n", "- b\n"),
                "and an old release, too",
            ),
            (
                main.replace("- x\n", "- x\n\nMind this.\n"),
                "it is no entry",
            ),
            (
                main.replace("- x\n", "- x\n\n### A\n\n- y\n\n### B\n\n- z\n"),
                "several groups",
            ),
            (main.clone(), "nothing"),
        ] {
            assert_eq!(bring(&main, &theirs, BASE), None, "{what}");
        }
        let added = main.replace("- x\n", "- x\n- y\n");
        assert_eq!(bring(&main, &added, "# Log\n"), None, "no release here");
    }
}
