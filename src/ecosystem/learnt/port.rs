//! The learnt places on the default branch.

use super::place::{Because, Place};
use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Outcome, Ruled, Sides, To, merged, text, texts};

/// What becomes of a file with learnt places: what the hotfix changes beside
/// them is merged, and a place follows, with its date, where the default branch
/// holds the old version in the file. Where it went on it stays.
pub fn rule(sides: &Sides<'_>, wanted: &Port<'_>) -> Ruled {
    let places = wanted.package.learnt.iter();
    let places: Vec<&Place> = places.filter(|place| place.path == sides.path).collect();
    if places.is_empty() {
        return None;
    }
    let (old, new) = (wanted.base_version, wanted.version);
    if sides.main.is_none()
        && let (Some(base), Some(hotfix)) = (sides.base.and_then(text), sides.hotfix.and_then(text))
    {
        let same = turned(&places, hotfix, (new, old), base).is_ok_and(|it| it == base);
        // The version alone is no reason to bring it back.
        return same.then(|| Ok(Outcome::default()));
    }
    let [base, main, hotfix] = texts(sides)?;
    let ported = || {
        let without = turned(&places, hotfix, (new, old), base)?;
        let outcome = merged([base, main, &without], sides, wanted.labels);
        let stands = |place: &&Place| place.holds_a_version() && place.stands(main, old);
        if !places.iter().any(stands) {
            return Ok(outcome);
        }
        let text = match &outcome.to {
            Some(To::Text(text)) => text.as_str(),
            Some(To::Hotfix) => hotfix,
            Some(To::Delete) => return Ok(outcome),
            None => main,
        };
        let raised = turned(&places, text, (old, new), hotfix)?;
        Ok(Outcome {
            conflict: outcome.conflict,
            ..Outcome::text(raised, sides)
        })
    };
    Some(ported())
}

/// The text with its places from one version to the other, as they stand in
/// `other`; a configured one may share its line, so that it alone changes.
fn turned(
    places: &[&Place],
    text: &str,
    (from, to): (&str, &str),
    other: &str,
) -> Result<String, String> {
    let mut text = text.to_owned();
    for place in places {
        text = match place.because {
            Because::Configured => place.edit(&text, from, to, "")?,
            _ => place.restored(&text, from, (other, to)),
        };
    }
    Ok(text)
}
