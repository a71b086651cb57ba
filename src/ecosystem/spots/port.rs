//! The versions on the default branch: it keeps its own where that is the higher
//! one.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::bump::files_of;
use super::spot::{Format, Spot, set};
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Outcome, Ruled, Sides, merged, texts};

/// The files that are to be looked at, changed by the hotfix or not.
pub fn more(package: &Package) -> BTreeSet<String> {
    files_of(package).map(str::to_owned).collect()
}

/// What becomes of a file of versions: all sides are set to the version that the
/// default branch will have, and merged then, so that it is never in conflict.
pub fn rule(format: &Format, sides: &Sides<'_>, wanted: &Port<'_>) -> Ruled {
    if !files_of(wanted.package).any(|path| path == sides.path) {
        return None;
    }
    let [base, main, hotfix] = texts(sides)?;
    let ported = || {
        let read = |text: &str| (format.spots)(wanted.package, sides.path, text);
        let here = read(main)?;
        let main = set(main, &raised(format, sides.path, &here, wanted))?;
        let here = read(&main)?;
        // A place on its own has a value of its own; else what stands there.
        let to = |spot: &Spot, at: usize| match here.get(at).or(here.first()) {
            Some(own) if own.pieces.len() == spot.pieces.len() => own.value.clone(),
            _ => spell(format, sides.path, wanted.base_version, spot),
        };
        let even = |text: &str| -> Result<String, String> {
            let spots = read(text)?;
            let is_ours = |spot: &Spot| {
                let is = |version| format.same(&spot.value, version);
                is(wanted.base_version) || is(wanted.version)
            };
            let all = spots.iter().enumerate();
            let ours = all.filter(|(_, spot)| is_ours(spot));
            let new: Vec<(&Spot, String)> = ours.map(|(at, spot)| (spot, to(spot, at))).collect();
            // What cannot be written there stays.
            Ok(set(text, &new).unwrap_or_else(|_| text.to_owned()))
        };
        let (base, hotfix) = (even(base)?, even(hotfix)?);
        Ok(merged([&base, &main, &hotfix], sides, wanted.labels))
    };
    Some(ported())
}

/// The default branch's own places that the hotfix's version is above; a number
/// that stands for none, as `0.0.0`, stays.
fn raised<'s>(
    format: &Format,
    path: &str,
    here: &'s [Spot],
    wanted: &Port<'_>,
) -> Vec<(&'s Spot, String)> {
    let is_lower = |spot: &&Spot| {
        (format.order)(&spot.value, wanted.version) == Some(Ordering::Less)
            && !spot.value.starts_with("0.0.0")
    };
    let at = |spot: &'s Spot| (spot, spell(format, path, wanted.version, spot));
    here.iter().filter(is_lower).map(at).collect()
}

fn spell(format: &Format, path: &str, version: &str, like: &Spot) -> String {
    (format.spell)(path, version, &like.value)
}
