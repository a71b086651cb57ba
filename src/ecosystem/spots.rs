//! Versions that stand as such in a file: read and raised where they stand; every
//! other byte stays. A kind says where they are and how its numbers compare.

use std::cmp::Ordering;
use std::ops::Range;

use crate::ecosystem::package::Package;
use crate::edits::splice::splice;

/// A version as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The version, its parts joined by dots.
    pub value: String,
    /// Its bytes: one range where it is one string, else one for each number.
    pub pieces: Vec<Range<usize>>,
}

impl Spot {
    /// A version that is one string.
    pub fn whole(value: &str, at: Range<usize>) -> Self {
        Spot {
            value: value.to_owned(),
            pieces: vec![at],
        }
    }
}

/// The versions in a file, of the package and of what is released with it; in words,
/// why it cannot be read.
type Found = Result<Vec<Spot>, String>;

/// How a kind's versions are found and compared.
#[derive(Clone, Copy)]
pub struct Format {
    /// The versions in a file that may be those of the package and of what is
    /// released with it; in words, why the file cannot be read.
    pub spots: fn(&str, &str, &[String]) -> Found,
    /// How two versions compare; none where one is no version of the kind.
    pub order: fn(&str, &str) -> Option<Ordering>,
    /// A version as all places are told by it, however it is written there.
    pub plain: fn(&str) -> String,
    /// A version as it is written in this file, beside one that is written so.
    pub spell: fn(&str, &str, &str) -> String,
}

impl Format {
    /// Whether both are the same version, however they are written.
    pub fn same(&self, one: &str, other: &str) -> bool {
        one == other || (self.order)(one, other) == Some(Ordering::Equal)
    }

    /// The versions that a file states for the package. Where one belongs to the
    /// line of the release, those of other lines are something else's.
    pub fn read(&self, package: &Package, path: &str, text: &str) -> Vec<String> {
        let spots = (self.spots)(path, text, package.all_own()).unwrap_or_default();
        let all: Vec<String> = spots.iter().map(|spot| (self.plain)(&spot.value)).collect();
        let released = package.members.iter().find(|member| member.released);
        let line = released.map(|member| line_of(&(self.plain)(&member.version)).to_owned());
        let is_of_line = |version: &&String| Some(line_of(version)) == line.as_deref();
        match all.iter().any(|version| is_of_line(&version)) {
            true => all.iter().filter(is_of_line).cloned().collect(),
            false => all,
        }
    }

    /// The file with the version raised. A place that cannot be written so stays.
    ///
    /// # Errors
    /// In words, where the file cannot be read.
    pub fn edit(
        &self,
        package: &Package,
        path: &str,
        text: &str,
        [from, to]: [&str; 2],
    ) -> Result<String, String> {
        let spots = (self.spots)(path, text, package.all_own())?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for spot in spots.iter().filter(|spot| self.same(&spot.value, from)) {
            match spot.pieces.as_slice() {
                [whole] => edits.push((whole.clone(), (self.spell)(path, to, &spot.value))),
                pieces => edits.extend(apart(pieces, to).unwrap_or_default()),
            }
        }
        let edits = edits.iter();
        let edits = edits.map(|(at, new)| (at.clone(), new.as_str())).collect();
        Ok(splice(text, edits))
    }
}

/// A version number by number; none where it has words, or more numbers than
/// there are places. What such places have beyond it marks a release that is
/// final.
fn apart(pieces: &[Range<usize>], version: &str) -> Option<Vec<(Range<usize>, String)>> {
    let mut parts: Vec<&str> = version.split('.').collect();
    if parts.len() < pieces.len() {
        parts.resize(pieces.len(), "0");
    }
    let fits = parts.len() == pieces.len()
        && parts
            .iter()
            .all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let all = pieces.iter().cloned().zip(parts);
    fits.then(|| all.map(|(at, part)| (at, part.to_owned())).collect())
}

/// Its first two numbers.
fn line_of(version: &str) -> &str {
    let second = version.match_indices('.').nth(1).map(|(at, _)| at);
    version
        .get(..second.unwrap_or(version.len()))
        .unwrap_or(version)
}
