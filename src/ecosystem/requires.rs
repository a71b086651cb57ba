//! What a change requires otherwise than what was there before.

use super::by_kind;
use super::package::{Package, Required};
use super::paths;

/// Whether a file says what the release requires of others: a sample's or a test's
/// says nothing of what users get, unless it is released itself.
pub fn requires(package: &Package, path: &str) -> bool {
    let mut kinds = package.parts().map(|part| part.kind);
    let members = || package.parts().flat_map(|part| &part.members);
    let released = || members().any(|member| member.released && member.manifest == path);
    kinds.any(|kind| by_kind::is_requiring(kind, path)) && (!paths::is_sample(path) || released())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::kind::Kind;
    use crate::ecosystem::package::Member;

    #[test]
    fn what_users_do_not_get_requires_nothing_of_them() {
        let member = |manifest: &str, released| Member {
            manifest: manifest.to_owned(),
            released,
            ..Member::default()
        };
        let package = Package {
            kind: Kind::Npm,
            members: vec![
                member("package.json", true),
                member("examples/kit/package.json", true),
                member("examples/app/package.json", false),
            ],
            ..Package::default()
        };
        for (path, expected) in [
            ("package.json", true),
            ("packages/a/package.json", true),
            ("examples/kit/package.json", true),
            ("examples/app/package.json", false),
            ("packages/a/test/fixtures/x/package.json", false),
            ("e2e/package.json", false),
            ("src/index.js", false),
        ] {
            assert_eq!(requires(&package, path), expected, "{path}");
        }
    }
}
