//! What the last releases changed in manifests, beyond what must be raised.

use super::manifest::{self, MANIFEST};
use crate::ecosystem::learnt::{Because, Place};

/// Whether a line that was learnt may be raised. In a manifest the key says
/// little: it is the name of what is required. So both releases must have changed
/// it. A package's own version says what it is: the packages of platforms
/// (napi-rs: `npm/linux-x64-gnu`) are raised with the release though no workspace
/// names them. A lock file that does not follow is none that npm refuses (npm:
/// `npm version -w` without a network leaves it so, too).
pub fn may_raise(place: &Place, text: Option<&str>, to: &str) -> bool {
    if place.path.rsplit('/').next() != Some(MANIFEST) {
        return true;
    }
    let own = |text: &str| manifest::parse(text).ok().and_then(|read| read.version);
    let Some(text) = text else {
        return place.because != Because::OneRelease;
    };
    let raised = place.edit(text, &place.version, to, "").ok();
    let Some(after) = raised.as_deref().map(own) else {
        return false;
    };
    let is_own = after != own(text) && own(text).as_deref() == Some(place.version.as_str());
    is_own || after == own(text) && place.because != Because::OneRelease
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::learnt::{Form, Piece};

    #[test]
    fn what_may_be_raised_in_a_manifest() {
        let line = |before: &str, because| Place {
            path: "npm/linux-x64/package.json".to_owned(),
            line: vec![
                Piece::Text(format!("\"{before}\": \"")),
                Piece::Version(Form::Full),
                Piece::Text("\",".to_owned()),
            ],
            version: "1.0.4".to_owned(),
            because,
            before: None,
        };
        let text = "{\n  \"name\": \"@a/linux-x64\",\n  \"version\": \"1.0.4\",\n  \"dependencies\": {\n    \"b\": \"1.0.4\",\n    \"c\": \"1\"\n  }\n}\n";
        for (key, because, may) in [
            ("version", Because::OneRelease, true),
            ("version", Because::BothReleases, true),
            ("b", Because::OneRelease, false),
            ("b", Because::BothReleases, true),
        ] {
            let place = line(key, because);
            assert_eq!(
                may_raise(&place, Some(text), "1.0.5"),
                may,
                "{key} {because:?}"
            );
        }
        // Its own version is another one.
        let other = text.replacen("1.0.4", "0.3.0", 1);
        let place = line("version", Because::BothReleases);
        assert!(
            place
                .edit(&other, "1.0.4", "1.0.5", "")
                .is_ok_and(|it| it == other)
        );
    }
}
