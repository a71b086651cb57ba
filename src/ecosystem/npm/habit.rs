//! What the last releases changed in manifests, beyond what must be raised.

use super::manifest::{self, MANIFEST};
use crate::ecosystem::learnt::{Because, Place};

/// Whether a line that was learnt may be raised. In a manifest the key says
/// little: it is the name of what is required. So both releases must have changed
/// it; and a package's own version is never one, for the lock file would not
/// follow.
pub fn may_raise(place: &Place, text: Option<&str>, to: &str) -> bool {
    if place.path.rsplit('/').next() != Some(MANIFEST) {
        return true;
    }
    let own = |text: &str| manifest::parse(text).ok().and_then(|read| read.version);
    place.because != Because::OneRelease
        && text.is_some_and(|text| {
            let raised = place.edit(text, &place.version, to, "");
            raised.is_ok_and(|raised| own(&raised) == own(text))
        })
}
