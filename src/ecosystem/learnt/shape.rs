//! What a line is like, apart from its version.

use std::collections::BTreeMap;

use super::diff::FileDiff;
use super::form::{self, Form};
use super::parts::patch_number;
use super::place::{Piece, last_word, trimmed};
use crate::edits::changelog::{Day, find_date};

/// A longer line is no text of a person's.
const LONGEST: usize = 2_000;

/// Words by which a line tells of a version of the past.
const PROSE: [&str; 5] = [
    "versionadded",
    "versionchanged",
    "deprecated",
    "since",
    "@since",
];

/// The lines of a file that a release changed in nothing but the version, or in
/// the date beside it; each once. Where the release before the old one is known,
/// also those in which that one's number became the old one.
pub fn changed(file: &FileDiff, older: Option<&str>, [old, new]: [&str; 2]) -> Vec<Vec<Piece>> {
    let lines = |lines: &'_ [String]| -> Vec<String> {
        let lines = lines.iter().map(|line| trimmed(line));
        let lines = lines.filter(|line| line.len() <= LONGEST && !is_prose(line));
        lines.map(str::to_owned).collect()
    };
    let (removed, added) = (lines(&file.removed), lines(&file.added));
    let mut shapes: Vec<Vec<Piece>> = Vec::new();
    let mut put = |shape: Vec<Piece>| {
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    };
    let has_version = |shape: &[Piece]| shape.iter().any(|p| matches!(p, Piece::Version(_)));
    let plain = by_key(&added, |line| Some(versions(line, new)));
    let dated = by_key(&added, |line| with_date(versions(line, new)));
    let behind = older.map(|older| {
        let at_new = |line: &str| with_before(versions(line, new), old);
        (older, by_key(&added, at_new))
    });
    let mut dates = Vec::new();
    for line in &removed {
        let shape = versions(line, old);
        if let Some((older, added)) = &behind
            && let Some(shape) = with_before(shape.clone(), older)
            && added.contains_key(&key(&shape))
        {
            match has_version(&shape) {
                true => put(shape),
                false => dates.push(shape),
            }
            continue;
        }
        if has_version(&shape) {
            if let Some(other) = plain.get(&key(&shape)) {
                put(surer(shape, other));
                continue;
            }
            if let Some(shape) = with_date(shape)
                && let Some(other) = dated.get(&key(&shape))
            {
                put(surer(shape, other));
                continue;
            }
        } else if let Some(shape) = with_date(shape)
            && dated.contains_key(&key(&shape))
            && !added.contains(line)
        {
            dates.push(shape);
        }
        if let Some(shape) = patch_number(line, old)
            && added
                .iter()
                .any(|line| patch_number(line, new).as_ref() == Some(&shape))
        {
            put(shape);
        }
    }
    // A date, and the number of the release before, belong to the version that
    // stands in the same file.
    if !shapes.is_empty() {
        shapes.extend(dates);
        let mut once = Vec::new();
        shapes.retain(|shape| {
            let new = !once.contains(shape);
            once.push(shape.clone());
            new
        });
    }
    shapes
}

fn by_key(
    lines: &[String],
    shape: impl Fn(&str) -> Option<Vec<Piece>>,
) -> BTreeMap<Vec<Piece>, Vec<Piece>> {
    let shapes = lines.iter().filter_map(|line| shape(line));
    shapes.map(|shape| (key(&shape), shape)).collect()
}

/// What tells one line from another, whatever a single release can tell of it.
pub fn key(shape: &[Piece]) -> Vec<Piece> {
    let piece = |piece: &Piece| match piece {
        Piece::Version(form) => Piece::Version(form.told_apart()),
        Piece::Before(form) => Piece::Before(form.told_apart()),
        other => other.clone(),
    };
    shape.iter().map(piece).collect()
}

/// Of two shapes with the same key, what is known of either.
pub fn surer(one: Vec<Piece>, other: &[Piece]) -> Vec<Piece> {
    let pairs = one.into_iter().zip(other);
    pairs
        .map(|pair| match pair {
            (Piece::Version(one), Piece::Version(other)) if other.is_surer_than(&one) => {
                Piece::Version(other.clone())
            }
            (one, _) => one,
        })
        .collect()
}

/// The line with its versions cut out.
pub fn versions(line: &str, version: &str) -> Vec<Piece> {
    let mut shape = Vec::new();
    let mut from = 0;
    let text = |from: usize, to: usize| {
        let text = line.get(from..to).filter(|text| !text.is_empty());
        text.map(|text| Piece::Text(text.to_owned()))
    };
    for (range, form) in form::find(line, version) {
        shape.extend(text(from, range.start));
        shape.push(Piece::Version(form));
        from = range.end;
    }
    shape.extend(text(from, line.len()));
    shape
}

/// The same with another version cut out, which is that of the release before;
/// none where it does not stand there.
fn with_before(shape: Vec<Piece>, before: &str) -> Option<Vec<Piece>> {
    let cut = |piece: Piece| match piece {
        Piece::Text(text) => {
            let mut pieces = versions(&text, before);
            for piece in &mut pieces {
                if let Piece::Version(form) = piece {
                    *piece = Piece::Before(form.clone());
                }
            }
            pieces
        }
        other => vec![other],
    };
    let shape: Vec<Piece> = shape.into_iter().flat_map(cut).collect();
    let is_before = |piece: &Piece| matches!(piece, Piece::Before(_));
    shape.iter().any(is_before).then_some(shape)
}

/// The same with its first date cut out, where there is one.
fn with_date(shape: Vec<Piece>) -> Option<Vec<Piece>> {
    let any = Day::parse("2000-01-01")?;
    let mut found = false;
    let mut out = Vec::new();
    for piece in shape {
        let date = match &piece {
            Piece::Text(text) if !found => find_date(text, any).map(|(at, _)| (at, text)),
            _ => None,
        };
        let Some((at, text)) = date else {
            out.push(piece);
            continue;
        };
        found = true;
        let sides = [text.get(..at.start), text.get(at.end..)];
        let [before, after] = sides.map(|side| side.filter(|text| !text.is_empty()));
        out.extend(before.map(|text| Piece::Text(text.to_owned())));
        out.push(Piece::Date);
        out.extend(after.map(|text| Piece::Text(text.to_owned())));
    }
    found.then_some(out)
}

/// Whether what stands before the version says that it is one.
pub fn key_is_a_version(shape: &[Piece]) -> bool {
    let mut before = "";
    for piece in shape {
        match piece {
            Piece::Text(text) => before = text,
            Piece::Version(Form::Patch) => return true,
            Piece::Version(_) => return says_version(before),
            // What stands beside a version stands and falls with it.
            Piece::Date | Piece::Before(_) => {}
        }
    }
    false
}

fn says_version(before: &str) -> bool {
    if before.ends_with('@') || before.ends_with("@v") {
        return true;
    }
    let word = last_word(before).unwrap_or_default();
    word.ends_with("version") || ["rev", "tag", "pkgver", "ver"].contains(&word.as_str())
}

/// Whether the line tells when something came or went.
pub fn is_prose(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '@');
    words.any(|word| PROSE.contains(&word))
}
