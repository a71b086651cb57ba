//! Takes the section of a version out of one state of a changelog and puts it
//! into another.

use std::ops::Range;

use super::insert::spliced;
use super::outline::Outline;
use super::place::{
    ChangelogError, compared_from, labelled, parse_version, put_block, put_link, unreleased,
    without_bom,
};
use super::style::{self, Style};
use super::title::find_version;

/// A section as people left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// From its heading, or the anchor above it, to its last line, without a
    /// line end after it.
    pub section: String,
    /// The line of its link definition, if it stands apart from the section.
    pub link: Option<String>,
}

/// The changelog as it would be without this version, and what was taken out;
/// `None` where it has no such section. The comparison link of what is
/// unreleased, if it begins at this version, becomes again what it is in
/// `before`.
pub fn take(text: &str, version: &str, before: &str) -> Option<(String, Taken)> {
    let body = without_bom(text);
    let bom = text.get(..text.len() - body.len()).unwrap_or_default();
    let wanted = parse_version(version).ok()?;
    let outline = Outline::read(body);
    let (at, heading, _) = outline.releases().find(|(_, _, v)| **v == wanted)?;
    let start = outline.above_anchor(heading.span.start);
    let next = outline.releases().find(|(other, _, _)| *other > at);
    let (section, cut) = match next {
        // Definitions above the next release belong to this one.
        Some((_, next, _)) => {
            let end = outline.above_anchor(next.span.start);
            let said = outline.slice(start..end).trim_end();
            (start..start + said.len(), start..end)
        }
        None => {
            let end = outline.section_end(at);
            // Blank lines above the last section belong to it.
            let above = outline.slice(0..start).trim_end().len();
            (start..end, above..end)
        }
    };
    let mut edits: Vec<(Range<usize>, String)> = vec![(cut.clone(), String::new())];
    let definition = outline.definitions.iter().find(|d| {
        let label = find_version(outline.slice(d.label.clone()));
        label.is_some_and(|(v, _)| v == wanted) && !contains(&cut, &d.line)
    });
    if let Some(definition) = definition {
        edits.push((whole_line(&outline, &definition.line), String::new()));
    }
    let before = Outline::read(without_bom(before));
    if let Some((now, old)) = unreleased(&outline).zip(unreleased(&before))
        && compared_from(outline.slice(now.dest.clone())).is_some_and(|(from, _)| from == wanted)
    {
        edits.push((now.dest.clone(), before.slice(old.dest.clone()).to_owned()));
    }
    let taken = Taken {
        section: outline.slice(section).to_owned(),
        link: definition.map(|d| outline.slice(d.line.clone()).to_owned()),
    };
    let rest = with_open_of(&spliced(body, &edits), &before);
    Some((format!("{bom}{rest}"), taken))
}

/// The text with what is unreleased as it stood before: what the release took
/// from there goes with its section.
fn with_open_of(text: &str, before: &Outline<'_>) -> String {
    let outline = Outline::read(text);
    let name = |of: &Outline<'_>, title: &Range<usize>| of.slice(title.clone()).trim().to_owned();
    let edits = outline.open().filter_map(|(at, heading, _)| {
        let same = |title: &Range<usize>| name(before, title) == name(&outline, &heading.title);
        let (old_at, old, _) = before.open().find(|(_, old, _)| same(&old.title))?;
        let (own, old_body) = (outline.body(at), before.body(old_at));
        if own == old_body {
            return None;
        }
        let old = before.slice(old.span.end..before.section_end(old_at));
        Some((heading.span.end..outline.section_end(at), old.to_owned()))
    });
    spliced(text, &edits.collect::<Vec<_>>())
}

/// The text without the entries of what is unreleased that the section of this
/// version has, too, and without the groups that had nothing else.
pub fn without_released(text: &str, version: &str) -> String {
    let body = without_bom(text);
    let bom = text.get(..text.len() - body.len()).unwrap_or_default();
    let outline = Outline::read(body);
    let Ok(wanted) = parse_version(version) else {
        return text.to_owned();
    };
    let Some((at, ..)) = outline.releases().find(|(_, _, v)| **v == wanted) else {
        return text.to_owned();
    };
    let released: Vec<String> = entries(outline.body(at))
        .into_iter()
        .map(|e| plain_entry(&e))
        .collect();
    let mut edits = Vec::new();
    for (at, heading, _) in outline.open() {
        let own = outline.body(at);
        let mut kept = own.to_owned();
        for entry in entries(own) {
            if released.contains(&plain_entry(&entry)) {
                kept = kept.replacen(&entry, "", 1);
            }
        }
        if kept == own {
            continue;
        }
        let groups = super::settle::groups(&kept);
        let groups = groups.iter().filter(|(_, said)| !said.trim().is_empty());
        let kept: String = groups
            .map(|(heading, said)| format!("{heading}{said}"))
            .collect();
        let kept = kept.trim_matches(['\r', '\n']).trim_end();
        let start = heading.span.end;
        let end = outline.section_end(at);
        let gap = outline.slice(start..end).len()
            - outline
                .slice(start..end)
                .trim_start_matches(['\r', '\n'])
                .len();
        let gap = if kept.is_empty() {
            ""
        } else {
            outline.slice(start..start + gap)
        };
        edits.push((start..end, format!("{gap}{kept}")));
    }
    format!("{bom}{}", spliced(body, &edits))
}

/// The entries of a body, each from its mark to the end of its last line.
fn entries(body: &str) -> Vec<String> {
    let outline = Outline::read(body);
    let heads = outline.headings.iter().map(|h| h.span.start);
    let mut ends: Vec<usize> = outline
        .items
        .iter()
        .map(|item| item.start)
        .chain(heads)
        .collect();
    ends.push(body.len());
    ends.sort_unstable();
    let entry = |item: &Range<usize>| {
        let end = ends.iter().find(|end| **end > item.start)?;
        Some(outline.slice(item.start..*end).to_owned())
    };
    outline.items.iter().filter_map(entry).collect()
}

/// An entry's words, without its mark and the breaks of its lines.
fn plain_entry(entry: &str) -> String {
    let words = entry.trim_start_matches(['-', '*', '+', '•', ' ', '\t']);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The changelog with a taken section in its place: in the order of versions,
/// below what is unreleased, its link definition among the others. The section
/// keeps its words and takes the line ends of the file.
///
/// # Errors
/// Where the file has a section of that version already, or `version` is none.
pub fn put(text: &str, version: &str, taken: &Taken) -> Result<String, ChangelogError> {
    let body = without_bom(text);
    let bom = text.get(..text.len() - body.len()).unwrap_or_default();
    let parsed = parse_version(version)?;
    let outline = Outline::read(body);
    if let Some((_, heading, _)) = outline.releases().find(|(_, _, v)| **v == parsed) {
        return Err(ChangelogError::AlreadyThere {
            version: version.to_owned(),
            line: outline.slice(0..heading.span.start).matches('\n').count() + 1,
        });
    }
    let style = Style::of(&outline, style::model(&outline, &parsed));
    let section: Vec<&str> = taken.section.lines().collect();
    let section = section.join(style.eol);
    let mut edits = vec![put_block(&outline, &style, &parsed, &section)];
    let defined = outline.definitions.iter().any(|d| {
        let label = find_version(outline.slice(d.label.clone()));
        label.is_some_and(|(v, _)| v == parsed)
    });
    if let Some(link) = taken.link.as_deref().filter(|_| !defined) {
        if labelled(&outline).is_empty() && unreleased(&outline).is_none() {
            let eol = style.eol;
            let content = body.trim_end().len();
            let above = match edits.first() {
                // The section is put at the very end: one edit for both.
                Some((place, _)) if place.start >= content => edits.pop(),
                _ => None,
            };
            let block = above.map_or_else(String::new, |(_, block)| block);
            let block = block.trim_end();
            edits.push((content..body.len(), format!("{block}{eol}{eol}{link}{eol}")));
        } else {
            edits.extend(put_link(&outline, &style, &parsed, link));
        }
    }
    Ok(format!("{bom}{}", spliced(body, &edits)))
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A line with its end; the last one, where it has none, with the end above.
fn whole_line(outline: &Outline<'_>, line: &Range<usize>) -> Range<usize> {
    let next = outline.next_line(line.start);
    if outline.slice(line.start..next).ends_with('\n') {
        return line.start..next;
    }
    let above = outline.slice(0..line.start);
    let above = above.strip_suffix('\n').unwrap_or(above);
    above.strip_suffix('\r').unwrap_or(above).len()..next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::changelog::{NewSection, insert, releases, section};

    const LINKED: &str = "# Changelog\n\n## [Unreleased]\n\n## [1.0.4] - 2026-01-01\n\n### Fixed\n\n- a\n\n## [1.0.3] - 2025-01-01\n\n- z\n\n[Unreleased]: https://e.org/compare/v1.0.4...HEAD\n[1.0.4]: https://e.org/compare/v1.0.3...v1.0.4\n[1.0.3]: https://e.org/tag/v1.0.3\n";

    fn bumped(text: &str) -> String {
        let new = NewSection {
            version: "1.0.5",
            base: "1.0.4",
            date: "2026-03-04",
            entry: "Critical: it hangs (#7)",
        };
        insert(text, &new).unwrap()
    }

    /// What the bump puts in, in many shapes, comes out without a trace.
    #[test]
    fn what_was_put_in_comes_out_again() {
        let flat = "# Changes\n\n## v1.0.4\n* a\n## v1.0.3\n* b\n";
        let anchored = "<a name=\"1.0.4\"></a>\n## 1.0.4 (2026-01-01)\n\n* a\n\n<a name=\"1.0.3\"></a>\n## 1.0.3 (2025-01-01)\n\n* b\n";
        let setext = "Changelog\n=========\n\n1.0.4 (2026-01-01)\n------------------\n- a\n";
        let oldest_first = "# Changes\n\n## 1.0.3\n\n- a\n\n## 1.0.4\n\n- b\n";
        let unreleased = "# Changelog\n\n## [Unreleased]\n\n- new\n";
        let no_end = LINKED.trim_end();
        let texts = [
            LINKED,
            flat,
            anchored,
            setext,
            oldest_first,
            unreleased,
            no_end,
        ];
        for text in texts {
            for text in [
                text.to_owned(),
                text.replace('\n', "\r\n"),
                format!("\u{feff}{text}"),
            ] {
                let new = bumped(&text);
                let (rest, taken) = take(&new, "1.0.5", &text).unwrap();
                assert_eq!(rest, text);
                assert!(taken.section.contains("it hangs (#7)"), "{taken:?}");
                assert_eq!(put(&rest, "1.0.5", &taken).unwrap(), new);
                assert_eq!(take(&text, "1.0.5", &text), None);
                assert!(matches!(
                    put(&new, "1.0.5", &taken),
                    Err(ChangelogError::AlreadyThere { .. })
                ));
            }
        }
    }

    /// What main has under what is unreleased, too, stands there no more.
    #[test]
    fn what_is_released_is_no_longer_unreleased() {
        let section = "## 1.0.5\n\n### Fixed\n\n- No more hangs\n  at all\n\n";
        let rest = "## 1.0.4\n\n- a\n";
        let open = "## Unreleased\n\n### Added\n\n- More\n\n### Fixed\n\n- No more hangs at all\n- Other\n\n";
        for eol in ["\n", "\r\n"] {
            let of = |text: String| {
                without_released(&text.replace('\n', eol), "1.0.5").replace(eol, "\n")
            };
            assert_eq!(
                of(format!("{open}{section}{rest}")),
                format!(
                    "{}{section}{rest}",
                    open.replace("- No more hangs at all\n", "")
                )
            );
            let alone = open.replace("- Other\n", "");
            assert_eq!(
                of(format!("{alone}{section}{rest}")),
                format!("## Unreleased\n\n### Added\n\n- More\n\n{section}{rest}")
            );
            let empty = format!("## Unreleased\n\n{section}{rest}");
            assert_eq!(of(empty.clone()), empty);
        }
    }

    #[test]
    fn it_goes_between_what_is_newer_and_older() {
        let edited = bumped(LINKED).replace(
            "(#7)",
            "(#7)\n\n  Thanks, [all][x]!\n\n[x]: https://e.org/x",
        );
        let (rest, taken) = take(&edited, "1.0.5", LINKED).unwrap();
        assert_eq!(rest, LINKED);
        let main = LINKED
            .replace(
                "## [Unreleased]\n",
                "## [Unreleased]\n\n### Added\n\n- more\n\n## [1.2.0] - 2026-03-01\n\n- big\n",
            )
            .replace(
                "[Unreleased]: https://e.org/compare/v1.0.4...HEAD\n",
                "[Unreleased]: https://e.org/compare/v1.2.0...HEAD\n[1.2.0]: https://e.org/compare/v1.0.4...v1.2.0\n",
            );
        let new = put(&main, "1.0.5", &taken).unwrap();
        assert_eq!(releases(&new), ["1.2.0", "1.0.5", "1.0.4", "1.0.3"]);
        assert!(new.contains("compare/v1.2.0...HEAD\n[1.2.0]: https://e.org/compare/v1.0.4...v1.2.0\n[1.0.5]: https://e.org/compare/v1.0.4...v1.0.5\n[1.0.4]"), "{new}");
        let body = section(&new, "1.0.5").unwrap().body;
        assert!(body.contains("Thanks, [all][x]!"), "{body}");
        // On a file with other line ends it takes those.
        let dos = put(&main.replace('\n', "\r\n"), "1.0.5", &taken).unwrap();
        assert_eq!(dos, new.replace('\n', "\r\n"));
    }

    #[test]
    fn a_file_without_definitions_gets_this_one() {
        let (_, taken) = take(&bumped(LINKED), "1.0.5", LINKED).unwrap();
        let link = "[1.0.5]: https://e.org/compare/v1.0.4...v1.0.5";
        let new = put("# Changelog\n\n## 1.0.4\n\n- a\n", "1.0.5", &taken).unwrap();
        assert!(
            new.ends_with(&format!("## 1.0.4\n\n- a\n\n{link}\n")),
            "{new}"
        );
        let new = put("# Changelog\n\n## Unreleased\n\n- a\n", "1.0.5", &taken).unwrap();
        assert!(
            new.ends_with(&format!("- Critical: it hangs (#7)\n\n{link}\n")),
            "{new}"
        );
        assert!(new.contains("- a\n\n## [1.0.5]"), "{new}");
    }
}
