//! A version whose three numbers stand in lines of their own, whose keys name them:
//! `#define TIDE_VERSION_MINOR 4`, `PATCH: 0`, `RELEASE_VERSION = 1;`.

use super::diff::FileDiff;
use super::form::Form;
use super::place::{Piece, last_word, trimmed};

/// What the keys call the three numbers.
const KEYS: [&[&str]; 3] = [
    &["major"],
    &["minor"],
    &["patch", "patchlevel", "patch_level", "micro", "release"],
];
/// A third number, where what is called the patch is a fourth and another one (libgit2's
/// `LIBGIT2_VERSION_REVISION`).
const REVISION: &str = "revision";

/// A line that names one of the three numbers, and holds nothing else.
struct Part {
    line: Vec<Piece>,
    /// Its key, without what names the number: the others of the same version have the
    /// same.
    stem: String,
    /// Whether it is the number that is called the revision.
    is_revision: bool,
}

/// A key without the word that names a number, which stands at its end or before
/// `_version`.
fn stem(word: &str, keys: &[&str]) -> Option<String> {
    let (inner, end) = match word.strip_suffix("_version") {
        Some(inner) => (inner, "_version"),
        None => (word, ""),
    };
    keys.iter().find_map(|key| {
        let before = inner.strip_suffix(key)?;
        (before.is_empty() || before.ends_with(['_', '-'])).then(|| format!("{before}*{end}"))
    })
}

/// Where the last number of a line begins: a name before it may have one, too
/// (`LIBGIT2_VERSION_MAJOR 1`).
fn last_number(line: &str) -> Option<usize> {
    let end = line.rfind(|c: char| c.is_ascii_digit())?;
    let before = line.get(..end)?.rfind(|c: char| !c.is_ascii_digit());
    Some(before.map_or(0, |at| {
        at + line
            .get(at..)
            .and_then(|it| it.chars().next())
            .map_or(1, char::len_utf8)
    }))
}

/// The line's part at this place of the version, if it is as it is in that one.
fn part(line: &str, at: usize, version: &str) -> Option<Part> {
    let parsed = semver::Version::parse(version).ok()?;
    let number = [parsed.major, parsed.minor, parsed.patch];
    let number = number.get(at)?.to_string();
    let (before, rest) = line.split_at_checked(last_number(line)?)?;
    let after = rest.strip_prefix(&number)?;
    if after.contains(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let word = last_word(before)?;
    let revision = || stem(&word, &[REVISION]).filter(|_| at == 2);
    let own = stem(&word, KEYS.get(at)?);
    let is_revision = own.is_none();
    let stem = own.or_else(revision)?;
    let tail = (!after.is_empty()).then(|| Piece::Text(after.to_owned()));
    let line = [Piece::Text(before.to_owned()), Piece::Version(Form::Patch)];
    Some(Part {
        line: line.into_iter().chain(tail).collect(),
        stem,
        is_revision,
    })
}

/// A line whose key names the last number, and that holds nothing else.
pub fn patch_number(line: &str, version: &str) -> Option<Vec<Piece>> {
    part(line, 2, version).map(|part| part.line)
}

/// The lines of a text that hold the last number of this version, where others of the
/// same kind hold the first two: else it may be anything's.
pub fn patches(text: &str, version: &str) -> Vec<Vec<Piece>> {
    let all = |at| {
        text.lines()
            .filter_map(move |line| part(trimmed(line), at, version))
    };
    let fourth = |stem: &str| {
        let key = stem.replacen('*', REVISION, 1);
        text.lines().map(trimmed).any(|line| {
            let before = last_number(line).and_then(|at| line.get(..at));
            before.and_then(last_word).is_some_and(|word| word == key)
        })
    };
    let agree = |part: &Part| {
        let same = |at| all(at).any(|other| other.stem == part.stem);
        // Both at once say nothing.
        let other = match part.is_revision {
            true => all(2).any(|it| !it.is_revision && it.stem == part.stem),
            false => fourth(&part.stem),
        };
        same(0) && same(1) && !other
    };
    let mut found: Vec<Vec<Piece>> = Vec::new();
    for part in all(2).filter(agree) {
        if !found.contains(&part.line) {
            found.push(part.line);
        }
    }
    found
}

/// Whether a release raised one of the first two numbers in a line of its own: the last
/// one may have stayed 0.
pub fn has_moved(file: &FileDiff, [old, new]: [&str; 2]) -> bool {
    [0, 1].into_iter().any(|at| {
        let lines = |lines: &[String], version: &str| -> Vec<Vec<Piece>> {
            let all = lines
                .iter()
                .filter_map(|line| part(trimmed(line), at, version));
            all.map(|part| part.line).collect()
        };
        let added = lines(&file.added, new);
        let removed = lines(&file.removed, old);
        removed.iter().any(|line| added.contains(line))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Diff, Lessons, Step, learn, wanted};
    use super::*;
    use crate::ecosystem::files::Texts;

    /// As public repositories write them.
    const REAL: &[(&str, &str, &str)] = &[
        (
            "1.13.0",
            "#define SPDLOG_VER_MAJOR 1\n#define SPDLOG_VER_MINOR 13\n#define SPDLOG_VER_PATCH 0\n",
            "#define SPDLOG_VER_PATCH ",
        ),
        (
            "3.14.0",
            "    public const MAJOR_VERSION = 3;\n    public const MINOR_VERSION = 14;\n    public const RELEASE_VERSION = 0;\n    public const EXTRA_VERSION = '';\n",
            "public const RELEASE_VERSION = ",
        ),
        (
            "2.8.3",
            "#  define XML_MAJOR_VERSION 2\n#  define XML_MINOR_VERSION 8\n#  define XML_MICRO_VERSION 3\n",
            "#  define XML_MICRO_VERSION ",
        ),
        (
            "1.9.6",
            "#define LIBGIT2_VERSION_MAJOR      1\n#define LIBGIT2_VERSION_MINOR      9\n#define LIBGIT2_VERSION_REVISION   6\n#define LIBGIT2_VERSION_PATCH      0\n",
            "#define LIBGIT2_VERSION_REVISION   ",
        ),
        (
            "0.148.2",
            "\tMajor: 0,\n\tMinor: 148,\n\tPatchLevel: 2,\n",
            "PatchLevel: ",
        ),
        (
            "1.0.4",
            "set(TIDE_VERSION_MAJOR 1)\nset(TIDE_VERSION_MINOR 0)\nset(TIDE_VERSION_PATCH 4)\n",
            "set(TIDE_VERSION_PATCH ",
        ),
    ];

    fn lines(text: &str, version: &str) -> Vec<String> {
        let text_of = |line: Vec<Piece>| match line.into_iter().next() {
            Some(Piece::Text(text)) => text,
            _ => String::new(),
        };
        patches(text, version).into_iter().map(text_of).collect()
    }

    #[test]
    fn the_last_number_stands_where_the_others_do() {
        for (version, text, expected) in REAL {
            assert_eq!(lines(text, version), [*expected]);
            // Of another version none of them is.
            assert!(lines(text, "7.7.7").is_empty(), "{text}");
        }
        for (text, version) in [
            // Nothing tells whose it is.
            ("patch = 4\n", "1.0.4"),
            ("A_MAJOR 1\nB_MINOR 0\nC_PATCH 4\n", "1.0.4"),
            // The patch is a fourth.
            ("V_MAJOR 1\nV_MINOR 0\nV_REVISION 4\nV_PATCH 4\n", "1.0.4"),
            ("MAJOR 1\nMINOR 0\nDISPATCH 4\n", "1.0.4"),
            ("MAJOR 1\nMINOR 0\nPATCH 4.1\n", "1.0.4"),
        ] {
            assert!(lines(text, version).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_release_that_raised_the_second_number_shows_where_the_third_stands() {
        for (text, new, moved) in [
            (
                "#define A_MAJOR 1\n#define A_MINOR 13\n#define A_PATCH 0\n",
                "1.14.0",
                true,
            ),
            (
                "#define A_MAJOR 2\n#define A_MINOR 12\n#define A_PATCH 0\n",
                "2.12.0",
                true,
            ),
            (
                "#define A_MAJOR 1\n#define A_MINOR 13\n#define A_PATCH 0\n",
                "1.13.0",
                false,
            ),
        ] {
            let old = "#define A_MAJOR 1\n#define A_MINOR 12\n#define A_PATCH 0\n";
            let text = text.replace("13", if moved { "14" } else { "12" });
            let file = FileDiff::of_texts("a.h", old, &text);
            assert_eq!(has_moved(&file, ["1.12.0", new]), moved, "{text}");
        }
    }

    /// The last two releases were no patches, so that its number never changed.
    #[test]
    fn a_number_that_stayed_is_raised_with_its_siblings() {
        let text = |minor: u64| {
            format!(
                "const VERSION = '3.{minor}.0';\nconst VERSION_ID = 3{minor}00;\nconst MAJOR_VERSION = 3;\nconst MINOR_VERSION = {minor};\nconst RELEASE_VERSION = 0;\nconst EXTRA = 0;\n"
            )
        };
        let texts = [text(12), text(13), text(14)];
        let diff = |at: usize| Diff {
            files: vec![FileDiff::of_texts("a.php", &texts[at], &texts[at + 1])],
        };
        let (before, last) = (diff(0), diff(1));
        let step = |diff, from, to| Step { diff, from, to };
        for older in [true, false] {
            let lessons = Lessons {
                last: step(&last, "3.13.0", "3.14.0"),
                before: older.then(|| step(&before, "3.12.0", "3.13.0")),
                ignore: &[],
            };
            assert_eq!(wanted(&lessons), ["a.php"]);
            let all: Texts<'_> = [("a.php", texts[2].as_str())].into_iter().collect();
            let mut new = texts[2].clone();
            for place in learn(&lessons, &all).places {
                new = place.edit(&new, "3.14.0", "3.14.1", "2026-02-03").unwrap();
            }
            let expected = text(14)
                .replace("3.14.0", "3.14.1")
                .replace("31400", "31401")
                .replace("RELEASE_VERSION = 0", "RELEASE_VERSION = 1");
            assert_eq!(new, expected);
        }
    }
}
