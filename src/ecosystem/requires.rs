//! What a change requires otherwise than what was there before.

use super::cargo;
use super::kind::Kind;
use super::package::{Package, Required};

/// Whether a file says what is required of others.
pub fn requires(kind: Kind, path: &str) -> bool {
    match kind {
        Kind::Cargo => cargo::required::is_one(path),
    }
}

/// What a file requires otherwise than before, by name; the repository's own
/// packages are left out.
pub fn required(package: &Package, path: &str, before: &str, after: &str) -> Vec<Required> {
    let mut all = match package.kind() {
        Kind::Cargo => cargo::required::changed(path, before, after),
    };
    let own = package.all_own();
    let members = || package.members.iter().map(|member| &member.name);
    all.retain(|it| !own.contains(&it.name) && !members().any(|name| *name == it.name));
    all
}
