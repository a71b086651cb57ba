//! One section for the release, whatever the fix brought: what it put under
//! what is unreleased, or under the release's own number, is the entry.

use std::ops::Range;

use semver::Version;

use super::heading::said_of_all;
use super::insert::{NewSection, Wanted, insert, is_strange, new_links, since, spliced};
use super::outline::{Heading, Kind, Outline};
use super::place::{ChangelogError, put_block, without_bom};
use super::style::{self, Style, is_for_fixes};
use super::title;

/// Whether a section can be put in: a release is recognised in it, or what is
/// unreleased, or there is nothing but words.
pub fn is_recognised(text: &str) -> bool {
    !is_strange(&Outline::read(without_bom(text)))
}

/// The titles of what is unreleased in a file, to be known again later.
pub fn open_titles(text: &str) -> Vec<String> {
    let outline = Outline::read(without_bom(text));
    let titles = outline.open().map(|(_, h, _)| name(&outline, h));
    titles.collect()
}

/// Those of the [titles](open_titles) that have no words below, or headings of
/// groups alone.
pub fn empty_titles(text: &str) -> Vec<String> {
    let outline = Outline::read(without_bom(text));
    let empty = outline
        .open()
        .filter(|(at, h, _)| !says_something(&outline, *at, h));
    empty.map(|(_, h, _)| name(&outline, h)).collect()
}

/// Whether the file has one section for the version, and nothing under what is
/// unreleased that would go out with it. `stood` are the
/// [titles](open_titles) of the base.
pub fn settled(text: &str, version: &str, stood: &[String]) -> bool {
    let outline = Outline::read(without_bom(text));
    let Ok(version) = Version::parse(version) else {
        return false;
    };
    let own = outline.releases().filter(|(_, _, v)| **v == version);
    own.count() == 1 && turned(&outline, &version, stood).next().is_none()
}

/// The changelog with one section for the version: as [`insert`] puts it in, or
/// made of what stands under what is unreleased, if the fix brought that, or the
/// base held it already. Then the fix's words are the entry. Of what `stood` at
/// the base, `filled` are those that had words there, to which ours come.
///
/// # Errors
/// As [`insert`].
pub fn settle(
    text: &str,
    new: &NewSection<'_>,
    stood: &[String],
    filled: &[String],
) -> Result<String, ChangelogError> {
    if settled(text, new.version, stood) {
        return Ok(text.to_owned());
    }
    let body = without_bom(text);
    let bom = text.get(..text.len() - body.len()).unwrap_or_default();
    let wanted = Wanted::read(new)?;
    let outline = Outline::read(body);
    let turned: Vec<usize> = turned(&outline, &wanted.version, stood).collect();
    let of_version = outline.releases().filter(|(_, _, v)| **v == wanted.version);
    let own: Vec<usize> = of_version.map(|(at, ..)| at).collect();
    if turned.is_empty() && own.is_empty() || is_strange(&outline) {
        return insert(text, new);
    }
    let model = style::model(&outline, &wanted.version);
    let style = Style::of(&outline, model);
    let mut cuts = Vec::new();
    let mut bodies = Vec::new();
    for at in own.iter().chain(&turned) {
        let Some(heading) = outline.headings.get(*at) else {
            continue;
        };
        let whole = section(&outline, *at);
        let said = outline
            .slice(said_of_all(&outline, heading).max(outline.below_link(heading))..whole.end)
            .trim_matches(['\r', '\n'])
            .trim_end();
        let said = without_open_line(said, heading);
        bodies.push(filled_groups(said));
        let stays =
            matches!(heading.kind, Kind::Open(None)) && stood.contains(&name(&outline, heading));
        let groups = if stays {
            empty_groups(said, style.eol)
        } else {
            String::new()
        };
        let cut = if stays {
            outline.next_line(outline.below_link(heading))..whole.end
        } else {
            whole
        };
        let again = if stays && !outline.slice(cut.clone()).is_empty() {
            let gap = style.eol.repeat(style.gap.max(1));
            match groups.as_str() {
                "" => gap,
                groups => format!("{}{groups}{}{gap}", style.eol, style.eol),
            }
        } else {
            String::new()
        };
        cuts.push((cut, again));
    }
    let of_base = own.is_empty()
        && turned.iter().all(|at| {
            let heading = outline.headings.get(*at);
            heading.is_some_and(|heading| filled.contains(&name(&outline, heading)))
        });
    let ours = style.body(wanted.entry, &wanted.version);
    let combined = if of_base {
        // What the base held is not the fix: that comes to it.
        let ours = ours.trim_matches(['\r', '\n']);
        let said = bodies.iter().map(String::as_str).chain([ours]);
        said.fold(String::new(), |all, next| combine(&all, next, style.eol))
    } else {
        let mut rest: Vec<String> = bodies
            .iter()
            .map(|body| without_entry(body, wanted.entry))
            .collect();
        if rest.iter().all(String::is_empty) {
            rest = bodies;
        }
        rest.iter()
            .fold(String::new(), |all, next| combine(&all, next, style.eol))
    };
    let heading = match own.first().and_then(|at| outline.headings.get(*at)) {
        Some(own) => outline
            .slice(outline.above_anchor(own.span.start)..said_of_all(&outline, own))
            .to_owned(),
        None => wanted.heading(&outline, model, style.eol),
    };
    let combined = if combined.is_empty() {
        ours.trim_matches(['\r', '\n']).to_owned()
    } else {
        combined
    };
    let blank = style.eol.repeat(style.after_heading);
    let block = format!("{heading}{}{blank}{combined}", style.eol);
    let rest = spliced(body, &cuts);
    let outline = Outline::read(&rest);
    let mut edits = vec![put_block(&outline, &style, &wanted.version, &block)];
    edits.extend(new_links(&outline, &style, &wanted.version, &wanted.base));
    Ok(format!("{bom}{}", spliced(&rest, &edits)))
}

/// A heading's title, without spaces around it.
fn name(outline: &Outline<'_>, heading: &Heading) -> String {
    outline.slice(heading.title.clone()).trim().to_owned()
}

/// The sections of what is unreleased that go out with the version: those that
/// have its number, and those with words that were not there at the base.
fn turned<'o>(
    outline: &'o Outline<'_>,
    version: &'o Version,
    stood: &'o [String],
) -> impl Iterator<Item = usize> + 'o {
    outline.open().filter_map(move |(at, heading, number)| {
        let filled = || says_something(outline, at, heading);
        let goes = match number {
            Some(number) if number == version => true,
            Some(_) => filled() && !stood.contains(&name(outline, heading)),
            None => filled(),
        };
        goes.then_some(at)
    })
}

/// So many words a group's heading has at most; what is longer says something.
const OF_A_GROUP: usize = 6;

/// Whether there are words below a heading of what is unreleased, beside the line
/// that says so and the headings of groups that are to be filled.
fn says_something(outline: &Outline<'_>, at: usize, heading: &Heading) -> bool {
    let body = outline.below_link(heading)..outline.section_end(at).max(heading.span.end);
    let groups = outline.headings.iter().skip(at + 1).map(|h| h.span.clone());
    let said = without(outline, body, groups);
    let said = without_open_line(said.trim_matches(['\r', '\n']), heading);
    let is_none = |line: &str| is_open_link(line) || title::is_nothing(line);
    !said.is_empty() && !title::is_nothing(said) && !said.lines().all(is_none)
}

/// Whether a line is blank, or leads to what came since the last release and says
/// nothing else: that of the section, whatever stands below it.
fn is_open_link(line: &str) -> bool {
    let line = line.trim();
    let begins = line.starts_with(['[', '<', '(']) || line.starts_with("http");
    line.is_empty() || begins && !since(line).is_empty()
}

/// The text of a range without those headings in it that are a group's.
fn without(
    outline: &Outline<'_>,
    range: Range<usize>,
    headings: impl Iterator<Item = Range<usize>>,
) -> String {
    let mut said = String::new();
    let mut from = range.start;
    let is_groups = |span: &Range<usize>| {
        let words = outline.slice(span.clone()).split_whitespace();
        words
            .filter(|word| word.contains(char::is_alphanumeric))
            .count()
            <= OF_A_GROUP
    };
    for span in headings
        .take_while(|span| span.end <= range.end)
        .filter(is_groups)
    {
        said.push_str(outline.slice(from..span.start));
        from = span.end;
    }
    said.push_str(outline.slice(from..range.end));
    said
}

/// Whether a group has words below its own and deeper headings.
fn is_filled(group: &str) -> bool {
    let outline = Outline::read(group);
    let headings = outline.headings.iter().map(|h| h.span.clone());
    let said = without(&outline, 0..group.len(), headings);
    let said = said.trim();
    !said.is_empty() && !title::is_nothing(said)
}

/// A body without the groups that have no words.
fn filled_groups(body: &str) -> String {
    let groups = groups(body).into_iter();
    let groups = groups.map(|(heading, said)| heading + &said);
    let filled: String = groups.filter(|group| is_filled(group)).collect();
    filled.trim_matches(['\r', '\n']).trim_end().to_owned()
}

/// The headings of a body's groups, where some are to be filled: those of all.
fn empty_groups(body: &str, eol: &str) -> String {
    let groups = groups(body);
    let with_heading = || groups.iter().filter(|(heading, _)| !heading.is_empty());
    if with_heading().all(|(heading, said)| is_filled(&format!("{heading}{said}"))) {
        return String::new();
    }
    let headings: Vec<&str> = with_heading()
        .map(|(heading, _)| heading.trim_end())
        .collect();
    headings.join(&eol.repeat(2))
}

/// From a section's anchor to the next section.
fn section(outline: &Outline<'_>, at: usize) -> Range<usize> {
    let Some(own) = outline.headings.get(at) else {
        return 0..0;
    };
    let start = outline.above_anchor(own.span.start);
    let next = outline.headings.iter().skip(at + 1);
    let next = next
        .into_iter()
        .find(|h| h.kind != Kind::Other || h.level < own.level);
    match next {
        Some(next) => start..outline.above_anchor(next.span.start),
        None => outline.slice(0..start).trim_end().len()..outline.section_end(at),
    }
}

/// A body without the line that says that it is not released, where its heading
/// has a number.
fn without_open_line<'t>(body: &'t str, heading: &Heading) -> &'t str {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let numbered = matches!(heading.kind, Kind::Open(Some(_)));
    let body = if numbered && title::is_open_line(first) {
        rest
    } else {
        body
    };
    body.trim_matches(['\r', '\n']).trim_end()
}

/// A body without our own entry, and without the group that had nothing else.
fn without_entry(body: &str, entry: &str) -> String {
    let number = entry
        .rfind("(#")
        .and_then(|at| entry.get(at..))
        .filter(|n| n.ends_with(')'));
    let is_ours = |line: &str| {
        let item = line
            .trim_start_matches(['-', '*', '+', '•', ' ', '\t'])
            .trim_end();
        !item.is_empty() && item == entry.trim()
            || number.is_some_and(|n| {
                item.ends_with(n)
                    && item.split(':').next() == entry.split(':').next()
                    && entry.contains(':')
            })
    };
    let kept: String = body
        .split_inclusive('\n')
        .filter(|line| !is_ours(line))
        .collect();
    if kept.len() == body.len() {
        return body.to_owned();
    }
    let groups = groups(&kept)
        .into_iter()
        .filter(|(_, said)| !said.trim().is_empty());
    let text: String = groups
        .map(|(heading, said)| format!("{heading}{said}"))
        .collect();
    text.trim_matches(['\r', '\n']).trim_end().to_owned()
}

/// A body's groups: heading with its line's end, and what stands below. The
/// first has no heading.
pub(super) fn groups(body: &str) -> Vec<(String, String)> {
    let outline = Outline::read(body);
    let least = outline.headings.iter().map(|h| h.level).min();
    let heads = outline.headings.iter().filter(|h| Some(h.level) == least);
    let mut found = Vec::new();
    let mut heading = 0..0;
    for next in heads {
        found.push((heading.clone(), heading.end..next.span.start));
        heading = next.span.start..outline.next_line(next.span.end.max(next.span.start));
    }
    found.push((heading.clone(), heading.end..body.len()));
    let text = |at: Range<usize>| outline.slice(at).to_owned();
    found
        .into_iter()
        .map(|(heading, said)| (text(heading), text(said)))
        .collect()
}

/// Both bodies as one: what has the same group stands under one heading.
fn combine(one: &str, two: &str, eol: &str) -> String {
    if one.is_empty() || two.is_empty() {
        return format!("{one}{two}");
    }
    let mut all = groups(one);
    for (heading, said) in groups(two) {
        if said.trim().is_empty() && heading.is_empty() {
            continue;
        }
        let same = |other: &&mut (String, String)| {
            let names = [&other.0, &heading].map(|h| title::plain(h));
            let fixes = is_for_fixes(&other.0) && is_for_fixes(&heading);
            names[0] == names[1] || fixes
        };
        match all.iter_mut().find(same) {
            Some((head, there)) => {
                // A heading at the end of its text has no line's end yet.
                if !head.is_empty() && !head.ends_with('\n') {
                    head.push_str(eol);
                    let blank = said.len() - said.trim_start_matches(['\r', '\n']).len();
                    there.insert_str(0, said.get(..blank).unwrap_or_default());
                }
                let blank = there.len() - there.trim_start_matches(['\r', '\n']).len();
                let above = there.get(..blank).unwrap_or_default();
                let said = said.trim_matches(['\r', '\n']);
                let own = there.trim_matches(['\r', '\n']);
                let end = there.trim_end_matches(['\r', '\n']).len();
                let below = there.get(end.max(blank)..).unwrap_or_default();
                let between = if own.is_empty() { "" } else { eol };
                *there = format!("{above}{own}{between}{said}{below}");
            }
            None => {
                if let Some((head, last)) = all.last_mut()
                    && !(head.is_empty() && last.is_empty())
                {
                    *last = format!("{}{eol}{eol}", last.trim_end());
                }
                all.push((heading, said));
            }
        }
    }
    let mut text = String::new();
    for (heading, said) in all {
        // What came to the words above all groups has no line's end either.
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(&eol.repeat(2));
        }
        text.push_str(&heading);
        text.push_str(&said);
    }
    text.trim_matches(['\r', '\n']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: NewSection<'_> = NewSection {
        version: "1.0.5",
        base: "1.0.4",
        date: "2026-03-04",
        entry: "Critical: it hangs (#7)",
    };
    const OLD: &str = "## 1.0.4 - 2026-01-01\n\n### Fixed\n\n- a\n";

    #[track_caller]
    fn settles(before: &str, stood: &[&str], after: &str) {
        let stood: Vec<String> = stood.iter().map(|s| (*s).to_owned()).collect();
        for eol in ["\n", "\r\n"] {
            let [before, after] = [before, after].map(|text| text.replace('\n', eol));
            let new = settle(&before, &NEW, &stood, &stood).unwrap();
            assert_eq!(new, after);
            assert!(settled(&new, "1.0.5", &stood), "{new}");
            assert_eq!(settle(&new, &NEW, &stood, &stood).unwrap(), new);
        }
    }

    #[test]
    fn what_the_fix_brought_is_the_entry() {
        let ours = "## 1.0.5 - 2026-03-04\n\n### Fixed\n\n- Critical: it hangs (#7)\n\n";
        let theirs = "## 1.0.5 - 2026-03-04\n\n### Fixed\n\n- No more hangs (#9)\n\n";
        let after = format!("# Log\n\n{theirs}{OLD}");
        for open in [
            "[Unreleased]",
            "Dev",
            "master (unreleased)",
            "1.1.0 - TBD",
            "1.0.5 (unreleased)",
        ] {
            let brought = format!("## {open}\n\n### Fixed\n\n- No more hangs (#9)\n\n");
            // Before the bump, and after it.
            settles(&format!("# Log\n\n{brought}{OLD}"), &[], &after);
            settles(&format!("# Log\n\n{brought}{ours}{OLD}"), &[], &after);
        }
        // Its own section beside ours, above and below.
        let own = theirs.replace("2026-03-04", "2026-03-05");
        settles(&format!("# Log\n\n{ours}{own}{OLD}"), &[], &after);
        settles(
            &format!("# Log\n\n{own}{ours}{OLD}"),
            &[],
            &after.replace("03-04", "03-05"),
        );
    }

    #[test]
    fn what_stood_at_the_base_stays() {
        let ours = "## 1.0.5 - 2026-03-04\n\n### Fixed\n\n- Critical: it hangs (#7)\n\n";
        let open = "## Unreleased\n\n";
        settles(
            &format!("{open}{OLD}"),
            &["## Unreleased"],
            &format!("{open}{ours}{OLD}"),
        );
        let main = "## 5.0.0 - TBD\n\n- Big\n\n";
        settles(
            &format!("{main}{OLD}"),
            &["## 5.0.0 - TBD"],
            &format!("{main}{ours}{OLD}"),
        );
        // Its words go out, its heading stays, and the fix comes to them.
        let filled = "## Unreleased\n\n### Added\n\n- More\n\n";
        settles(
            &format!("{filled}{OLD}"),
            &["## Unreleased"],
            &format!(
                "{open}## 1.0.5 - 2026-03-04\n\n### Added\n\n- More\n\n### Fixed\n\n- Critical: it hangs (#7)\n\n{OLD}"
            ),
        );
    }

    /// Headings that wait for words are none: they stay where they are, and the
    /// entry stands on a line of its own.
    #[test]
    fn groups_without_words_are_left_for_later() {
        let groups = "### Highlights\n\n### Added\n\n### Fixed\n\n";
        let ours = "## 1.0.5 - 2026-03-04\n\n### Fixed\n\n- Critical: it hangs (#7)\n\n";
        for open in ["## Unreleased\n\n", "## [Unreleased]\n\n", "## Next\n\n"] {
            let title = open.trim_end();
            let before = format!("# Log\n\n{open}{groups}{OLD}");
            assert_eq!(empty_titles(&before), [title]);
            settles(
                &before,
                &[title],
                &format!("# Log\n\n{open}{groups}{ours}{OLD}"),
            );
            // One of them is filled by the fix: it goes, and all are there again.
            let brought = groups.replace("### Fixed\n\n", "### Fixed\n\n- No more hangs (#9)\n\n");
            let theirs = ours.replace("Critical: it hangs (#7)", "No more hangs (#9)");
            let stood = [title.to_owned()];
            let new = settle(&format!("{open}{brought}{OLD}"), &NEW, &stood, &[]).unwrap();
            assert_eq!(new, format!("{open}{groups}{theirs}{OLD}"));
        }
        // The next number stands there, and its group.
        for open in ["[1.0.5] - unreleased", "1.0.5 (unreleased)"] {
            let title = format!("## {open}");
            settles(
                &format!("{title}\n\n### Fixed\n\n{OLD}"),
                &[&title],
                &format!("{ours}{OLD}"),
            );
        }
        // A long heading is no group's.
        let long = "## Next\n\n### It does not hang any more on small machines\n\n";
        assert!(empty_titles(&format!("{long}{OLD}")).is_empty());
    }

    #[test]
    fn words_for_nothing_stay_and_go_out_with_nothing() {
        let ours = "## 1.0.5 - 2026-03-04\n\n### Fixed\n\n- Critical: it hangs (#7)\n\n";
        for nothing in [
            "Nothing Yet!",
            "- Nothing yet.",
            "_No unreleased changes_",
            "* N/A",
            "(none)",
            "No changes.",
        ] {
            let open = format!("## Unreleased\n\n{nothing}\n\n");
            let before = format!("{open}{OLD}");
            assert_eq!(empty_titles(&before), ["## Unreleased"], "{nothing}");
            settles(&before, &["## Unreleased"], &format!("{open}{ours}{OLD}"));
        }
        let words = "## Unreleased\n\n- Nothing hangs any more\n\n";
        assert!(empty_titles(&format!("{words}{OLD}")).is_empty());
    }

    #[test]
    fn what_a_release_says_of_unreleased_sections_is_its_own() {
        let ours = "## 1.0.5 - 2026-03-04\n\n### Fixed\n\n- Critical: it hangs (#7)\n\n";
        for inner in [
            "### changelog \"Unreleased\" section\n\nIt may be left out now.\n",
            "### Next\n\n- More of it\n",
        ] {
            let log = format!("## Unreleased\n\n{OLD}\n{inner}");
            let stood = open_titles(&log);
            assert_eq!(stood, ["## Unreleased"], "{inner}");
            settles(
                &log,
                &["## Unreleased"],
                &format!("## Unreleased\n\n{ours}{OLD}\n{inner}"),
            );
        }
    }

    #[test]
    fn a_heading_at_the_end_is_not_glued() {
        for (one, two, both) in [
            ("### Fixed", "### Fixed\n\n- b", "### Fixed\n\n- b"),
            ("### Fixed", "### Fixed\n- b", "### Fixed\n- b"),
            ("- a\n\n### Bugs", "### Fixes\n- b", "- a\n\n### Bugs\n- b"),
            ("### Added", "### Fixed\n- b", "### Added\n\n### Fixed\n- b"),
            (
                "### Fixed\n\n- a",
                "### Fixed\n\n- b",
                "### Fixed\n\n- a\n- b",
            ),
            ("### Added\n- a", "- b", "- b\n\n### Added\n- a"),
        ] {
            assert_eq!(combine(one, two, "\n"), both);
        }
    }

    #[test]
    fn the_next_number_stands_there_already() {
        settles(
            "Version 1.0.5\n-------------\n\nUnreleased\n\n-   No more hangs. :issue:`9`\n\n\nVersion 1.0.4\n-------------\n\nReleased 2026-01-01\n\n-   a\n\n\nVersion 1.0.3\n-------------\n\nReleased 2025-01-01\n\n-   b\n",
            &[],
            "Version 1.0.5\n-------------\n\nReleased 2026-03-04\n\n-   No more hangs. :issue:`9`\n\n\nVersion 1.0.4\n-------------\n\nReleased 2026-01-01\n\n-   a\n\n\nVersion 1.0.3\n-------------\n\nReleased 2025-01-01\n\n-   b\n",
        );
        settles(
            "unreleased\n===\n\n  * No more hangs\n\n1.0.4 / 2026-01-01\n===\n\n  * a\n\n1.0.3 / 2025-01-01\n===\n\n  * b\n",
            &[],
            "1.0.5 / 2026-03-04\n===\n\n  * No more hangs\n\n1.0.4 / 2026-01-01\n===\n\n  * a\n\n1.0.3 / 2025-01-01\n===\n\n  * b\n",
        );
    }
}
