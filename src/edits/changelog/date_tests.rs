use super::*;

fn rewritten(text: &str, others: &str) -> String {
    let day = Day::parse("2026-01-02").unwrap();
    let mut new = text.to_owned();
    for (at, form) in dates(text).into_iter().rev() {
        new.replace_range(at, &day.written(&form, Hints::of(others)));
    }
    new
}

#[test]
fn a_date_is_written_as_its_neighbour() {
    for (text, expected) in [
        ("] - 2025-12-31", "] - 2026-01-02"),
        (" (2025/12/31)", " (2026/01/02)"),
        (" (2025/1/31)", " (2026/1/2)"),
        (" – 31.12.2025", " – 02.01.2026"),
        (" (20251231)", " (20260102)"),
        (" (December 31, 2025)", " (January 2, 2026)"),
        (" (December 31st, 2025)", " (January 2nd, 2026)"),
        (" 6th December, 2024", " 2nd January, 2026"),
        (" (31 Dec 2025)", " (2 Jan 2026)"),
        (" (31. December 2025)", " (2. January 2026)"),
        (" (31-Dec-2025)", " (2-Jan-2026)"),
        (" (Dec. 31, 2025)", " (Jan. 2, 2026)"),
        (" (released Sept 01, 2025)", " (released Jan 02, 2026)"),
        (" - Dec 31 2025!", " - Jan 2 2026!"),
        (" (2025-12-31T10:00:00Z)", " (2026-01-02T10:00:00Z)"),
        (" (January 2025)", " (January 2026)"),
        (" - Dec 2025", " - Jan 2026"),
        (", dec. 2025:", ", jan. 2026:"),
        (" - 2025-12", " - 2026-01"),
        (" (2025-12)", " (2026-01)"),
        (" 2025-12-x", " 2025-12-x"),
        (" 2025-13", " 2025-13"),
        (" maybe 2025", " maybe 2025"),
        (" without one", " without one"),
        (" 12025-12-31", " 12025-12-31"),
        (" 2025-12-311", " 2025-12-311"),
        ("2025.1.3", "2025.1.3"),
        ("é", "é"),
    ] {
        assert_eq!(rewritten(text, ""), expected, "{text}");
    }
    assert_eq!(rewritten("03/04/2025", "12/31/2025"), "01/02/2026");
    assert_eq!(rewritten("03/04/2025", "31/12/2025"), "02/01/2026");
    assert_eq!(rewritten("03/04/2025", ""), "2026-01-02");
    assert_eq!(rewritten("May 3, 2025", ""), "January 2, 2026");
    assert_eq!(rewritten("May 3, 2025", "Dec 3, 2025"), "Jan 2, 2026");
    for text in [
        "2026-1-2",
        "2026-13-01",
        "2026-01-32",
        "26-01-02",
        "",
        "2026-01-02-03",
    ] {
        assert_eq!(Day::parse(text), None, "{text}");
    }
}
