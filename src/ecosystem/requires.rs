//! What a change requires otherwise than what was there before.

use super::by_kind;
use super::package::{Package, Required};

/// Whether a file says what is required of others.
pub fn requires(package: &Package, path: &str) -> bool {
    let mut kinds = package.parts().map(|part| part.kind);
    kinds.any(|kind| by_kind::is_requiring(kind, path))
}

/// What a file requires otherwise than before, by name; the repository's own
/// packages are left out.
pub fn required(package: &Package, path: &str, before: &str, after: &str) -> Vec<Required> {
    let mut all = Vec::new();
    for part in package
        .parts()
        .filter(|it| by_kind::is_requiring(it.kind, path))
    {
        let mut of_kind = by_kind::changed(part.kind, path, before, after);
        let own = part.all_own();
        let members = || part.members.iter().map(|member| &member.name);
        of_kind.retain(|it| !own.contains(&it.name) && !members().any(|name| *name == it.name));
        all.extend(of_kind);
    }
    all
}
