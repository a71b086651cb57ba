//! Raising the learnt places, and reading them back.

use crate::ecosystem::files::Texts;
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Bump;

/// Raises the learnt places, in what `files` holds of them already, else in
/// their texts. A file that is not there any more has none.
pub fn raise(
    texts: &Texts<'_>,
    package: &Package,
    wanted: &Bump<'_>,
    files: &mut Vec<(String, String)>,
) -> Result<(), String> {
    for place in &package.learnt {
        let at = files.iter().position(|(path, _)| *path == place.path);
        let raised = at.and_then(|at| files.get_mut(at));
        let Some(before) = texts.get(place.path.as_str()) else {
            continue;
        };
        let text = raised.as_ref().map_or(*before, |(_, text)| text.as_str());
        let new = place.edit(text, &place.version, wanted.version, wanted.date)?;
        if new != text {
            match raised {
                Some((_, text)) => *text = new,
                None => files.push((place.path.clone(), new)),
            }
        }
    }
    Ok(())
}

/// By path, what stands in the learnt places, where `version` is wanted: an
/// older one first. A line that is not there any more was somebody's to take
/// away.
pub fn held(texts: &Texts<'_>, package: &Package, version: &str) -> Vec<(String, Option<String>)> {
    let mut held: Vec<(String, Option<String>)> = Vec::new();
    let places = package
        .learnt
        .iter()
        .filter(|place| place.holds_a_version());
    for place in places {
        let found = texts
            .get(place.path.as_str())
            .and_then(|text| place.read(text, &[&place.version, version]));
        let Some(found) = found else { continue };
        let found = (place.path.clone(), Some(found.to_owned()));
        let is_known = package.known_places().any(|known| known == place.path);
        match held.iter_mut().find(|(path, _)| *path == place.path) {
            Some(known) if known.1.as_deref() == Some(version) => *known = found,
            Some(_) => {}
            // What the kind says of its own file is enough where all is well.
            None if is_known && found.1.as_deref() == Some(version) => {}
            None => held.push(found),
        }
    }
    held
}
