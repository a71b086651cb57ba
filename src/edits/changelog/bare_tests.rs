//! Logs of plain text, whose releases are headed by lines without a mark.

use super::*;

const NEW: NewSection<'_> = NewSection {
    version: "1.0.5",
    base: "1.0.4",
    date: "2026-08-18",
    entry: "Fix: it hangs (#7)",
};

/// The shapes of expat's `Changes` and of zstd's `CHANGELOG`.
#[test]
fn a_section_is_put_in_as_the_others_stand_there() {
    for (text, expected) in [
        (
            "!! banner !!\n\nRelease 1.0.4 Mon August 10 2026\n        Bug fixes:\n           #12  lib: mend it\n\nRelease 1.0.3 Thu June 25 2026\n        Bug fixes:\n           #11  lib: a\n",
            "!! banner !!\n\nRelease 1.0.5 Tue August 18 2026\n        Fix: it hangs (#7)\n\nRelease 1.0.4 Mon August 10 2026\n",
        ),
        (
            "V1.0.4 (Mar 2026)\napi: a\nlib: b\n\nv1.0.3 (Apr 2025)\nfix: c\n",
            "V1.0.5 (Aug 2026)\nFix: it hangs (#7)\n\nV1.0.4 (Mar 2026)\n",
        ),
    ] {
        let out = insert(text, &NEW).unwrap();
        assert!(out.starts_with(expected), "{out}");
        assert_eq!(releases(&out).len(), 3);
        let section = section(&out, "1.0.5").unwrap();
        assert_eq!(section.body.trim(), NEW.entry);
    }
}

/// A bold line with a name of its own stays bold without it (PgBouncer's `NEWS.md`).
#[test]
fn a_bold_line_stays_bold_without_its_name() {
    let text = "Log\n===\n\nPond 1.0.x\n----------\n\n**2026-05-08  -  Pond 1.0.4  -  \"A fresh twist\"**\n\n- Fixes\n  * a\n\n**2025-12-03  -  Pond 1.0.3  -  \"Bugs\"**\n\n- Fixes\n  * b\n";
    let out = insert(text, &NEW).unwrap();
    assert!(
        out.contains("\n\n**2026-08-18  -  Pond 1.0.5**\n\n- "),
        "{out}"
    );
    assert_eq!(releases(&out), ["1.0.5", "1.0.4", "1.0.3"]);
}

/// A day's name is that of the new day, in whatever way it is written.
#[test]
fn the_day_of_the_week_is_the_new_ones() {
    for (heading, expected) in [
        (
            "## 1.0.4 (Mon, 10 August 2026)",
            "## 1.0.5 (Tue, 18 August 2026)",
        ),
        (
            "## 1.0.4 - Monday 2026-08-10",
            "## 1.0.5 - Tuesday 2026-08-18",
        ),
        (
            "## 1.0.4 - MON August 10, 2026",
            "## 1.0.5 - TUE August 18, 2026",
        ),
        (
            "## Monday 1.0.4 - 2026-08-10",
            "## Monday 1.0.5 - 2026-08-18",
        ),
    ] {
        let text = format!("# Log\n\n{heading}\n\n- a\n");
        let out = insert(&text, &NEW).unwrap();
        assert!(out.contains(&format!("{expected}\n")), "{out}");
    }
}
