//! Lines of a manifest that require what is not released here. Packages of another
//! repository may have had this one's numbers for a while; the next one they do not
//! have, and what requires it does not build.

use crate::ecosystem::learnt::{Listed, Piece, Place};
use crate::ecosystem::package::{Member, Package};

/// Whether a place is a requirement on a package that is none of the repository's.
pub fn requires_others(package: &Package, place: &Place) -> bool {
    let name = place.path.rsplit('/').next();
    let Some(Piece::Text(before)) = place.line.first().filter(|_| name == Some("Cargo.toml"))
    else {
        return false;
    };
    let Some(required) = required(before) else {
        return false;
    };
    let members = package.members.iter().map(|member| member.name.as_str());
    let own = package.all_own().iter().map(String::as_str);
    !members.chain(own).any(|own| own == required)
}

/// Whether a line that is only listed is another package's number, which is the
/// release's by chance: a requirement on what is not released, or the own version of a
/// member that is not.
pub fn is_anothers(package: &Package, listed: &Listed) -> bool {
    let name = listed.path.rsplit('/').next();
    let pattern = listed
        .pattern
        .as_deref()
        .filter(|_| name == Some("Cargo.toml"));
    let Some((before, _)) = pattern.and_then(|pattern| pattern.split_once("{version}")) else {
        return false;
    };
    let stays = |it: &&Member| !it.released && it.manifest == listed.path;
    match required(before) {
        Some(required) => !package.all_own().iter().any(|own| own == required),
        None => {
            before.trim_start().starts_with("version")
                && package.members.iter().any(|it| stays(&it))
        }
    }
}

/// The package that is required by a line that begins so, up to its version.
fn required(before: &str) -> Option<&str> {
    let (key, value) = before.split_once('=')?;
    let mut keys = key
        .split('.')
        .map(|part| part.trim().trim_matches(['"', '\'']));
    let (name, below) = (keys.next()?, keys.next());
    let value = value.trim_start();
    let is_operator = |c: char| " ^=~<>v".contains(c);
    let inner = value.strip_prefix(['"', '\'']);
    // `name = "1.0.4"`, `name.version = "1.0.4"`: what else stands before the number is
    // no requirement's.
    let plain = inner.is_some_and(|inner| inner.chars().all(is_operator));
    let plain = plain && (below == Some("version") || below.is_none() && !is_field(name));
    let table = value.starts_with('{')
        && ["version", "tag"].iter().any(|field| {
            let (_, after) = value.rsplit_once(field).unwrap_or_default();
            let after = after.trim_start().strip_prefix('=').map(str::trim_start);
            let inner = after.and_then(|after| after.strip_prefix(['"', '\'']));
            inner.is_some_and(|inner| inner.chars().all(is_operator))
        });
    let renamed = || {
        let (_, after) = value.split_once("package")?;
        let after = after.trim_start().strip_prefix('=')?.trim_start();
        after.get(1..)?.split(['"', '\'']).next()
    };
    (plain || table).then(|| renamed().unwrap_or(name))
}

/// Whether a key of a manifest's own names a version of something else than a package
/// (doc.rust-lang.org/cargo/reference/manifest.html).
fn is_field(name: &str) -> bool {
    ["version", "rust-version", "tag", "rev", "branch"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::learnt::Form;

    #[test]
    fn what_is_another_packages_number_is_not_listed() {
        let member = |name: &str, released| Member {
            name: name.into(),
            manifest: format!("{name}/Cargo.toml"),
            released,
            ..Member::default()
        };
        let package = Package {
            name: "tide".into(),
            own: vec!["tide".into()],
            members: vec![member("tide", true), member("tide-core", false)],
            ..Package::default()
        };
        for (path, pattern, expected) in [
            ("tide/Cargo.toml", "assets = \"{version}\"", true),
            ("Cargo.toml", "assets = \"^{version}\"", true),
            (
                "Cargo.toml",
                "tide-core = { version = \"{version}\", path = \"tide-core\" }",
                true,
            ),
            ("tide-core/Cargo.toml", "version = \"{version}\"", true),
            // What is released, and what is no package's number.
            ("tide-core/Cargo.toml", "tide = \"{version}\"", false),
            ("tide/Cargo.toml", "version = \"{version}\"", false),
            ("fuzz/Cargo.toml", "version = \"{version}\"", false),
            (
                "tide/Cargo.toml",
                "url = \"https://e.org/{version}\"",
                false,
            ),
            ("README.md", "assets = \"{version}\"", false),
        ] {
            let listed = Listed {
                path: path.into(),
                pattern: Some(pattern.into()),
                was_changed: false,
            };
            assert_eq!(
                is_anothers(&package, &listed),
                expected,
                "{path}: {pattern}"
            );
        }
    }

    #[test]
    fn what_is_required_of_others_is_no_place() {
        let package = Package {
            name: "tide".into(),
            members: vec![Member {
                name: "tide-core".into(),
                ..Member::default()
            }],
            ..Package::default()
        };
        for (path, line, expected) in [
            ("Cargo.toml", "tide-assets = \"{v}\"", true),
            ("Cargo.toml", "tide-assets = \"={v}\"", true),
            (
                "a/Cargo.toml",
                "\"tide-assets\" = { version = \"{v}\" }",
                true,
            ),
            ("Cargo.toml", "tide-assets.version = \"{v}\"", true),
            (
                "Cargo.toml",
                "assets = { git = \"https://e.org/tide-assets\", tag = \"v{v}\" }",
                true,
            ),
            (
                "Cargo.toml",
                "core = { package = \"assets\", version = \"{v}\" }",
                true,
            ),
            // The repository's own.
            ("Cargo.toml", "tide-core = \"{v}\"", false),
            ("examples/Cargo.toml", "tide = { version = \"{v}\" }", false),
            (
                "Cargo.toml",
                "core = { package = \"tide-core\", version = \"{v}\" }",
                false,
            ),
            // No requirements.
            ("Cargo.toml", "version = \"{v}\"", false),
            (
                "Cargo.toml",
                "html_root_url = \"https://docs.rs/tide/{v}\"",
                false,
            ),
            ("Cargo.toml", "# since {v}", false),
            ("README.md", "tide-assets = \"{v}\"", false),
        ] {
            let (before, after) = line.split_once("{v}").unwrap();
            let place = Place {
                path: path.into(),
                line: vec![
                    Piece::Text(before.into()),
                    Piece::Version(Form::Full),
                    Piece::Text(after.into()),
                ],
                ..Place::default()
            };
            assert_eq!(requires_others(&package, &place), expected, "{line}");
        }
    }
}
