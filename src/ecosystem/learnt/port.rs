//! The learnt places on the default branch.

use crate::ecosystem::tasks::Port;
use crate::edits::forward_port::{Outcome, Ruled, Sides, To, merged, texts};

/// What becomes of a file with learnt places: what the hotfix changes beside
/// them is merged, and a place follows where the default branch holds the old
/// version in it. Where it went on it stays.
pub fn rule(sides: &Sides<'_>, wanted: &Port<'_>) -> Ruled {
    let places = wanted.package.learnt.iter();
    let places: Vec<_> = places.filter(|place| place.path == sides.path).collect();
    if places.is_empty() {
        return None;
    }
    let [base, main, hotfix] = texts(sides)?;
    let edited = |text: &str, from: &str, to: &str| {
        let mut text = text.to_owned();
        for place in &places {
            // Without a day the dates stay: they are merged like anything else.
            text = place.edit(&text, from, to, "")?;
        }
        Ok::<String, String>(text)
    };
    let ported = || {
        let without = edited(hotfix, wanted.version, wanted.base_version)?;
        let outcome = merged([base, main, &without], sides, wanted.labels);
        let text = match &outcome.to {
            Some(To::Text(text)) => text.as_str(),
            Some(To::Hotfix) => hotfix,
            Some(To::Delete) => return Ok(outcome),
            None => main,
        };
        let raised = edited(text, wanted.base_version, wanted.version)?;
        Ok(Outcome {
            conflict: outcome.conflict,
            ..Outcome::text(raised, sides)
        })
    };
    Some(ported())
}
