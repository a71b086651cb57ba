//! The changelog: the hotfix's section is taken out, the rest is merged, and
//! the section is put where it belongs on main.

use super::file::{Outcome, Ruled, Sides, Why, text, texts};
use crate::edits::changelog;
use crate::edits::three_way::{Labels, Merged, merge};

/// Carries the section of `version` over, and the rest of the changelog.
pub fn rule(sides: &Sides<'_>, version: &str, labels: Labels<'_>) -> Ruled {
    let base = text(sides.base?)?;
    if changelog::section(base, version).is_some() {
        return None;
    }
    let (rest, taken) = changelog::take(text(sides.hotfix?)?, version, base)?;
    if sides.main.is_none() && rest == base {
        return Some(Ok(Outcome::default()));
    }
    let [_, main, _] = texts(sides)?;
    let (text, fits) = match merge(base, main, &rest, labels).ok()? {
        Merged::Clean(text) => (text, true),
        Merged::Conflict(text) => (text, false),
    };
    let text = if changelog::section(main, version).is_some() {
        text
    } else {
        let new = changelog::put(&text, version, &taken).ok()?;
        // Between markers it would be lost with one of the sides.
        if marked(&new) != marked(&text) {
            return None;
        }
        // The entry that main has, too, is released with this.
        changelog::without_released(&new, version)
    };
    Some(Ok(Outcome {
        conflict: (!fits).then_some(Why::Text),
        ..Outcome::text(text, sides)
    }))
}

/// The lines between conflict markers.
fn marked(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        inside |= line.starts_with("<<<<<<< ");
        if inside {
            lines.push(line);
        }
        inside &= !line.starts_with(">>>>>>> ");
    }
    lines
}
