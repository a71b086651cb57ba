//! What the last releases changed in manifests, beyond what must be raised.

use super::{manifest, paths};
use crate::ecosystem::learnt::{Because, Place};

/// Whether a line that was learnt may be raised. In a manifest the key says
/// little: `version` is a requirement as well. So both releases must have changed
/// it; and a package's own version is never one, for the lock file would not
/// follow.
pub fn may_raise(place: &Place, text: Option<&str>, to: &str) -> bool {
    if place.path.rsplit('/').next() != Some(paths::MANIFEST) {
        return true;
    }
    let own = |text: &str| manifest::version(text).ok();
    place.because != Because::OneRelease
        && text.is_some_and(|text| {
            let raised = place.edit(text, &place.version, to, "");
            raised.is_ok_and(|raised| own(&raised) == own(text))
        })
}
