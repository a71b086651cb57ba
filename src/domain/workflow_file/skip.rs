//! Marks in a commit's message by which GitHub starts no workflow for it.

/// In the message, anywhere. (GitHub: skipping workflow runs.)
const MARKS: [&str; 5] = [
    "[skip ci]",
    "[ci skip]",
    "[no ci]",
    "[skip actions]",
    "[actions skip]",
];

/// Whether pushes of a commit with this message, or a tag on it, start nothing:
/// by one of the marks, or by a `skip-checks` trailer.
pub fn skips_ci(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let mut lines = message
        .trim_end()
        .lines()
        .rev()
        .take_while(|line| !line.trim().is_empty());
    let trailer = lines.any(|line| {
        let parts = line.split_once(':');
        parts.is_some_and(|(key, value)| key.trim() == "skip-checks" && value.trim() == "true")
    });
    trailer || MARKS.iter().any(|mark| message.contains(mark))
}

/// The message with its marks written otherwise, so that they are none.
pub fn unmarked(message: &str) -> String {
    let mut out = message.to_owned();
    for mark in MARKS {
        while let Some(at) = out.to_ascii_lowercase().find(mark) {
            let inside = mark.trim_matches(['[', ']']).len();
            let end = at + mark.len();
            let words = out.get(at + 1..at + 1 + inside).unwrap_or_default();
            out.replace_range(at..end, &format!("({words})"));
        }
    }
    let lines = out.split('\n').map(|line| {
        match line
            .trim_end()
            .to_ascii_lowercase()
            .starts_with("skip-checks:")
        {
            true => format!("({})", line.trim_end()),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::skips_ci;

    #[test]
    fn marks_and_the_trailer_are_found_and_nothing_else() {
        for message in [
            "fix: start again [skip ci]",
            "fix: start again\n\nSee above. [CI SKIP]",
            "[no ci] fix",
            "fix [skip actions]",
            "fix [actions skip]",
            "fix\n\nWhy.\n\n\nskip-checks: true",
            "fix\n\n\nskip-checks:true\nRefs: #1\n",
            "fix\n\n\nSkip-Checks: true\n\n",
            "fix\n\n\nskip-checks : true",
        ] {
            assert!(skips_ci(message), "{message}");
        }
        for message in [
            "fix: start again",
            "fix: skip ci for docs",
            "fix\n\nskip-checks: true is a trailer of GitHub's\n\nRefs #1",
            "fix\n\nskip-checks: false",
            "",
        ] {
            assert!(!skips_ci(message), "{message}");
        }
    }
}
