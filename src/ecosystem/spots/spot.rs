//! One version in a text, and how a kind reads it.

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

/// How a kind's versions are found and compared.
#[derive(Clone, Copy)]
pub struct Format {
    /// The versions in a file that may be the package's; in words, why the file
    /// cannot be read.
    pub spots: fn(&Package, &str, &str) -> Result<Vec<Spot>, String>,
    /// How two versions compare; none where one is no version of the kind.
    pub order: fn(&str, &str) -> Option<Ordering>,
    /// A version as it is written in this file, beside one that is written so.
    pub spell: fn(&str, &str, &str) -> String,
}

impl Format {
    /// Whether both are the same version, however they are written.
    pub fn same(&self, one: &str, other: &str) -> bool {
        one == other || (self.order)(one, other) == Some(Ordering::Equal)
    }
}

/// The text with these spots at this version, written in parts where they are.
///
/// # Errors
/// In words, where it has more parts than the place has.
pub fn set(text: &str, spots: &[(&Spot, String)]) -> Result<String, String> {
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    for (spot, version) in spots {
        match spot.pieces.as_slice() {
            [whole] => edits.push((whole.clone(), version)),
            pieces => {
                let mut parts: Vec<&str> = version.split('.').collect();
                // What such places have beyond it marks a release that is final.
                while parts.len() < pieces.len() {
                    parts.push("0");
                }
                if parts.len() != pieces.len() {
                    return Err(format!(
                        "the version stands there in {} parts, and {version} has {}",
                        pieces.len(),
                        parts.len()
                    ));
                }
                let spans = pieces.iter().cloned();
                edits.extend(spans.zip(parts));
            }
        }
    }
    Ok(splice(text, edits))
}
