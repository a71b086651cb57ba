//! Every way in which changelogs of public repositories head their releases, with
//! and without groups, with either line end: a section is put in as the others
//! stand there, and what a fix brings is the entry, once.

use super::*;

const VERSIONS: [&str; 5] = ["1.0.5", "1.0.4", "1.0.3", "1.0.2", "1.0.1"];
const ENTRY: &str = "Critical: it hangs (#7)";
const BROUGHT: &str = "No more hangs (#9)";
const NEW: NewSection<'_> = NewSection {
    version: "1.0.5",
    base: "1.0.4",
    date: "2026-03-04",
    entry: ENTRY,
};

/// How dates are written, of the new release and of those before.
const DATES: [(&str, [&str; 4]); 9] = [
    (
        "{d}",
        ["2026-03-04", "2026-01-02", "2025-12-01", "2025-11-05"],
    ),
    (
        "{s}",
        ["2026/03/04", "2026/01/02", "2025/12/01", "2025/11/05"],
    ),
    ("{p}", ["20260304", "20260102", "20251201", "20251105"]),
    (
        "{g}",
        ["04.03.2026", "02.01.2026", "01.12.2025", "05.11.2025"],
    ),
    (
        "{M}",
        [
            "March 4, 2026",
            "January 2, 2026",
            "December 1, 2025",
            "November 5, 2025",
        ],
    ),
    (
        "{t}",
        [
            "March 4th, 2026",
            "January 2nd, 2026",
            "December 1st, 2025",
            "November 5th, 2025",
        ],
    ),
    (
        "{e}",
        ["4 Mar 2026", "2 Jan 2026", "1 Dec 2025", "5 Nov 2025"],
    ),
    (
        "{m}",
        [
            "March 2026",
            "January 2026",
            "December 2025",
            "November 2025",
        ],
    ),
    ("{y}", ["2026-03", "2026-01", "2025-12", "2025-11"]),
];

/// A release's heading, and that of what is unreleased. `{v}` is the version,
/// `{b}` the one before, `{0}` the version without periods, `{=}` the line of
/// this sign that is as long as the title.
const STYLES: &[(&str, &str)] = &[
    ("## [{v}] - {d}", "## [Unreleased]"),
    ("## [{v}] – {d}", "## [Unreleased]"),
    ("## [{v}] — {d}", "## [Unreleased]"),
    ("## [{v}] ({d})", "## [Unreleased]"),
    ("## [v{v}] - {d}", "## [Unreleased] - ReleaseDate"),
    ("## [{v}] {d}", "## [Unreleased]"),
    ("## [{v}]", "## [Unreleased]"),
    ("## {v} - {d}", "## Unreleased"),
    ("## {v} -- {d}", "## Unreleased"),
    ("## {v} ({d})", "## Unreleased"),
    ("## {v} ({M})", "## Unreleased"),
    ("## {v} ({t})", "## Unreleased"),
    ("## {v} ({e})", "## Unreleased"),
    ("## {v} ({m})", "## Unreleased"),
    ("## {v} - {y}", "## Unreleased"),
    ("## {v} ({s})", "## Unreleased"),
    ("## {v} ({g})", "## Unreleased"),
    ("## {v} ({p})", "## Unreleased"),
    ("## {v} / {d}", "## Unreleased"),
    ("## {v}, {M}", "## Unreleased"),
    ("## {v} [{d}]", "## Unreleased"),
    ("## {v}: {d}", "## Unreleased"),
    ("## {v}", "## Unreleased"),
    ("## v{v}", "## Unreleased"),
    ("## v{v} ({d})", "## Unreleased"),
    ("## v{v} - {d}", "## unreleased"),
    ("### {v} ({d})", "### Unreleased"),
    ("### v{v}", "### Unreleased"),
    ("# {v}", "# Unreleased"),
    ("# {v} ({M})", "# Unreleased"),
    ("# v{v} ({d})", "# Unreleased"),
    ("## {d}, {v}", "## Unreleased"),
    ("## {d}, Version {v}", "## Unreleased"),
    ("## Version {v}", "## Unreleased"),
    ("## Version {v} ({d})", "## Unreleased"),
    ("# Version {v} ({M})", "# Unreleased"),
    ("## Release {v} ({d})", "## Unreleased"),
    ("## Release v{v} - {d}", "## Unreleased"),
    ("# Release lamp {v} ({d})", "# Unreleased"),
    ("## Release notes for {v}", "## Unreleased"),
    ("## What's new in lamp {v}", "## Unreleased"),
    ("## Changes in {v} ({d})", "## Unreleased"),
    ("## lamp {v} ({d})", "## Unreleased"),
    ("# lamp v{v}", "# Unreleased"),
    ("## lamp-v{v} - {d}", "## Unreleased"),
    ("## lamp@{v}", "## Unreleased"),
    ("## **{v}** ({d})", "## **Unreleased**"),
    ("## {v} ({d}) ##", "## Unreleased ##"),
    ("## `{v}` - {d}", "## Unreleased"),
    ("## <small>{v} ({d})</small>", "## Unreleased"),
    (
        "## [{v}](https://e.org/compare/v{b}...v{v}) ({d})",
        "## Unreleased",
    ),
    (
        "## [{v}](https://e.org/compare/v{b}...v{v}) - {d}",
        "## [Unreleased]",
    ),
    (
        "# [{v}](https://e.org/compare/v{b}...v{v}) ({d})",
        "# Unreleased",
    ),
    (
        "## [v{v}](https://e.org/tree/v{v}) ({d})",
        "## [Unreleased](https://e.org/tree/HEAD)",
    ),
    (
        "## [{v}](https://e.org/releases/tag/{v}) / {d}",
        "## Unreleased",
    ),
    (
        "## [lamp-v{v}](https://e.org/compare/lamp-v{b}..lamp-v{v}) - {d}",
        "## Unreleased",
    ),
    (
        "## `lamp` - [{v}](https://e.org/compare/lamp-v{b}...lamp-v{v}) - {d}",
        "## Unreleased",
    ),
    ("## v{v} ({d})  {#v1-0-{z}}", "## Unreleased"),
    ("{v} ({d})\n{=}", "Unreleased\n=========="),
    ("{v} / {d}\n{=}", "unreleased\n=========="),
    ("{v}\n{-}", "Unreleased\n----------"),
    ("Version {v}\n{-}", "Unreleased\n----------"),
    ("lamp {v} ({M})\n{-}", "Unreleased\n----------"),
    ("v{v} ({d})\n{~}", "Unreleased\n~~~~~~~~~~"),
    ("Release {v} (released {M})\n{^}", "Unreleased\n^^^^^^^^^^"),
    ("== {v} ==", "== Unreleased =="),
    ("== {v} ({d})", "== Unreleased"),
    ("**{v}** ({d})", "**Unreleased**"),
    ("**{v}**", "**Unreleased**"),
    ("<a name=\"v{v}\"></a>\n## {v} ({d})", "## Unreleased"),
    ("## {v}\n\nReleased {d}", "## Unreleased"),
    ("## {v}\n*Released {M}*", "## Unreleased"),
    (
        "# {v}\n\n[diff](https://e.org/compare/{b}...{v})",
        "# Unreleased",
    ),
];

/// The heading of the release at this place in [`VERSIONS`].
fn heading(style: &str, at: usize) -> String {
    let mut text = style
        .replace("{v}", VERSIONS[at])
        .replace("{b}", VERSIONS[at + 1])
        .replace("{z}", &VERSIONS[at][4..]);
    for (sign, dates) in DATES {
        text = text.replace(sign, dates[at]);
    }
    let title = text.lines().next().unwrap_or_default().chars().count();
    for sign in ["=", "-", "~", "^"] {
        text = text.replace(&format!("{{{sign}}}"), &sign.repeat(title));
    }
    text
}

/// The group for fixes in such a file; none where groups are not tried.
fn groups(style: &str) -> Vec<Option<&'static str>> {
    let plain = ["{~}", "{^}", "== ", "**"];
    match () {
        () if plain.iter().any(|sign| style.contains(sign)) => vec![None],
        () if style.starts_with("### ") => vec![None, Some("#### Fixed"), Some("#### Bug Fixes")],
        () => vec![None, Some("### Fixed"), Some("### 🐛 Bug fixes")],
    }
}

fn section_of(heading: &str, group: Option<&str>, entry: &str) -> String {
    let group = group.map_or_else(String::new, |group| format!("{group}\n\n"));
    format!("{heading}\n\n{group}- {entry}\n\n")
}

/// Each style with each group: it, what stands above the releases, the
/// releases.
fn every(mut play: impl FnMut(&(&str, &str), Option<&str>, &str, &str) -> Vec<String>) {
    let mut wrong = Vec::new();
    for style in STYLES {
        for group in groups(style.0) {
            let under = style.0.ends_with(['}', '=']) && style.0.contains('\n');
            let intro = match () {
                () if style.0.contains("{~}") => "Changes\n*******\n\n",
                () if style.0.contains("{^}") => "Changes\n*******\n\n.. note:: a\n\n",
                () if style.0.starts_with("== ") => "= Changes\n\n",
                () if style.0.starts_with("# ") => "",
                () if under && style.0.contains("{=}") => "",
                () => "# Changes\n\nWhat changed.\n\n",
            };
            let old: String = (1..4)
                .map(|at| section_of(&heading(style.0, at), group, &format!("What {at} has")))
                .collect();
            let found = play(style, group, intro, old.trim_end_matches('\n'));
            let found = found.into_iter().take(1);
            wrong.extend(found.map(|words| format!("{style:?} {group:?}\n{words}")));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong where these are not the same.
fn differ(what: &str, found: &str, expected: &str) -> Option<String> {
    (found != expected).then(|| format!("{what}:\n{found:?}\nnot\n{expected:?}"))
}

/// As text with this end of lines, and one line end at its end.
fn text(eol: &str, parts: &[&str]) -> String {
    let text = parts.concat();
    format!("{}\n", text.trim_end()).replace('\n', eol)
}

#[test]
fn the_section_stands_there_as_the_others_do() {
    every(|style, group, intro, old| {
        let mut wrong = Vec::new();
        for eol in ["\n", "\r\n"] {
            for open in ["", style.1] {
                let open = match open {
                    "" => String::new(),
                    open => format!("{open}\n\n"),
                };
                let before = text(eol, &[intro, &open, old]);
                let own = section_of(&heading(style.0, 0), group, ENTRY);
                let after = text(eol, &[intro, &open, &own, old]);
                let new = insert(&before, &NEW).unwrap_or_default();
                wrong.extend(differ("inserted", &new, &after));
                let stood = open_titles(&before);
                let settled = settle(&before, &NEW, &stood, &[]).unwrap_or_default();
                wrong.extend(differ("settled", &settled, &after));
                let rest = take(&new, "1.0.5", &before).map_or_else(String::new, |(rest, _)| rest);
                wrong.extend(differ("taken", &rest, &before));
            }
        }
        wrong
    });
}

/// With a calendar's leading zeros: `25.07.5` is the manifest's 25.7.5.
#[test]
fn leading_zeros_stand_as_the_others_do() {
    let zeros = |text: &str| text.replace("1.0.", "25.07.");
    let new_section = NewSection {
        version: "25.7.5",
        base: "25.7.4",
        ..NEW
    };
    every(|style, group, intro, old| {
        // A name of a place within the page has no periods, and a line below a
        // title would be too short.
        if ["{#", "{=}", "{-}", "{~}", "{^}"]
            .iter()
            .any(|it| style.0.contains(it))
        {
            return Vec::new();
        }
        let before = zeros(&text("\n", &[intro, old]));
        let own = section_of(&heading(style.0, 0), group, ENTRY);
        let after = zeros(&text("\n", &[intro, &own, old]));
        let new = insert(&before, &new_section).unwrap_or_default();
        let mut wrong: Vec<String> = differ("inserted", &new, &after).into_iter().collect();
        let settled = settle(&before, &new_section, &[], &[]).unwrap_or_default();
        wrong.extend(differ("settled", &settled, &after));
        let rest = take(&new, "25.7.5", &before).map_or_else(String::new, |(rest, _)| rest);
        wrong.extend(differ("taken", &rest, &before));
        wrong
    });
    let linked = "# Log\n\n## [25.07.1] - 2025-07-18\n\n- a\n\n[Unreleased]: https://e.org/compare/25.07.1...HEAD\n[25.07.1]: https://e.org/compare/25.07...25.07.1\n";
    let section = NewSection {
        version: "25.7.2",
        base: "25.7.1",
        ..NEW
    };
    let new = insert(linked, &section).unwrap_or_default();
    for line in [
        "## [25.07.2] - 2026-03-04\n",
        "[Unreleased]: https://e.org/compare/25.07.2...HEAD\n",
        "[25.07.2]: https://e.org/compare/25.07.1...25.07.2\n",
    ] {
        assert!(new.contains(line), "{line}{new}");
    }
}

#[test]
fn what_the_fix_brought_is_the_entry_once() {
    every(|style, group, intro, old| {
        let mut wrong = Vec::new();
        let section = |heading: &str, entry| section_of(heading, group, entry);
        let own = heading(style.0, 0);
        let after = text("\n", &[intro, &section(&own, BROUGHT), old]);
        let open = section(style.1, BROUGHT);
        let ours = section(&own, ENTRY);
        let theirs = section(&own, BROUGHT);
        // The fix brings what is unreleased, or the release's own section; and
        // the bump was there already, or comes after it.
        for brought in [
            [intro, &open, old].as_slice(),
            &[intro, &open, &ours, old],
            &[intro, &theirs, old],
            &[intro, &ours, &theirs, old],
            &[intro, &theirs, &ours, old],
        ] {
            let before = text("\n", brought);
            let new = settle(&before, &NEW, &[], &[]).unwrap_or_default();
            wrong.extend(differ(&before, &new, &after));
            let again = settle(&new, &NEW, &[], &[]).unwrap_or_default();
            wrong.extend(differ("again", &again, &new));
        }
        // An empty one that the base has stays, and loses the fix's words.
        let stood = text("\n", &[intro, style.1, "\n\n", old]);
        let titles = open_titles(&stood);
        let brought = text("\n", &[intro, &open, old]);
        let new = settle(&brought, &NEW, &titles, &[]).unwrap_or_default();
        let kept = text("\n", &[intro, style.1, "\n\n", &theirs, old]);
        wrong.extend(differ("stays", &new, &kept));
        wrong
    });
}

/// As Square and Cash App write them: each section's link below its heading, and
/// groups of which each says that there is nothing.
#[test]
fn a_link_below_its_heading_stays_there() {
    let link = |of: &str, to: &str| format!("## [{of}]{to}\n[{of}]: https://github.com/o/r/");
    let open = link("Unreleased", "") + "compare/1.0.4...HEAD\n";
    let raised = open.replace("1.0.4", "1.0.5");
    let old = link("1.0.4", " - 2026-01-01") + "releases/tag/1.0.4\n\n### Fixed\n- a\n\n\n";
    let older = link("1.0.3", " - 2025-01-01") + "releases/tag/1.0.3\n\n### Fixed\n- b\n";
    let ours = |entry: &str| {
        let head = link("1.0.5", " - 2026-03-04") + "releases/tag/1.0.5";
        format!("{head}\n\n### Fixed\n- {entry}\n\n\n")
    };
    let empty = "\n### Added\n- Nothing yet!\n\n### Fixed\n- Nothing yet!\n\n\n";
    let log =
        |open: &str, said: &str, ours: &str| format!("# Log\n\n{open}{said}{ours}{old}{older}");
    let before = log(&open, empty, "");
    assert_eq!(empty_titles(&before), ["## [Unreleased]"]);
    let after = log(&raised, empty, &ours(NEW.entry));
    assert_eq!(insert(&before, &NEW).unwrap(), after);
    let stood = ["## [Unreleased]".to_owned()];
    assert_eq!(settle(&before, &NEW, &stood, &stood).unwrap(), after);
    assert_eq!(settle(&after, &NEW, &stood, &stood).unwrap(), after);
    // The fix says something there: that goes out, and the link stays.
    let brought = empty.replace("### Fixed\n- Nothing yet!", "### Fixed\n- No more hangs");
    let new = settle(&log(&open, &brought, ""), &NEW, &stood, &stood).unwrap();
    assert!(new.starts_with(&format!("# Log\n\n{raised}")), "{new}");
    assert!(new.contains("- No more hangs"), "{new}");
    assert_eq!(new.matches("[1.0.5]: ").count(), 1, "{new}");
    assert!(new.ends_with(&format!("{old}{older}")), "{new}");
}
