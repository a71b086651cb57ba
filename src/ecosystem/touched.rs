//! Whose files a change touches.

use super::package::{Member, Package};

/// The packages that a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched<'a> {
    /// Those that are part of the release.
    pub in_release: Vec<&'a Member>,
    /// Those that are published by themselves: users get no fix of theirs by the
    /// release.
    pub outside: Vec<&'a Member>,
}

/// The packages whose files these are: of each file the innermost. Tests,
/// examples and texts are nobody's, and neither is what nobody publishes.
pub fn touched<'a, 'p>(
    package: &'a Package,
    paths: impl IntoIterator<Item = &'p str>,
) -> Touched<'a> {
    let mut touched = Touched::default();
    for path in paths {
        let holds = |member: &Member| path.starts_with(member.folder());
        let all = package.parts();
        let all = all.flat_map(|part| part.members.iter().map(move |member| (part, member)));
        let innermost = all.filter(|(_, member)| holds(member));
        let innermost = innermost.max_by_key(|(part, member)| {
            // Of several kinds in one folder, the one that is released.
            (member.folder().len(), is_released(part, member))
        });
        let Some((part, member)) = innermost else {
            continue;
        };
        let within = path.strip_prefix(member.folder()).unwrap_or(path);
        if is_beside(within) {
            continue;
        }
        let list = match (
            is_released(part, member),
            member.publish && !is_aside(member),
        ) {
            (true, _) => &mut touched.in_release,
            (false, true) => &mut touched.outside,
            (false, false) => continue,
        };
        if !list.contains(&member) {
            list.push(member);
        }
    }
    touched
}

/// Whether it is part of the release. Where the tag alone is the version, the
/// manifests of what is released hold a placeholder.
fn is_released(package: &Package, member: &Member) -> bool {
    let placeholder = || member.version.split(['-', '+']).next() == Some("0.0.0");
    member.released || package.from_tag && (placeholder() || member.name == package.name)
}

/// The packages that a change touches where none of them is part of the release,
/// published or not; empty where one is, or where it cannot be told.
pub fn touched_alone<'a, 'p>(
    package: &'a Package,
    paths: impl IntoIterator<Item = &'p str>,
) -> Vec<&'a Member> {
    let mut alone: Vec<&Member> = Vec::new();
    let all = || package.parts().flat_map(|part| &part.members);
    if all().all(|member| !member.released) {
        return alone;
    }
    for path in paths {
        let holds = |member: &&Member| path.starts_with(member.folder());
        let innermost = all().filter(holds);
        let innermost = innermost.max_by_key(|member| (member.folder().len(), member.released));
        let folder = innermost.map_or("", Member::folder);
        if is_beside(path.strip_prefix(folder).unwrap_or(path)) {
            continue;
        }
        match innermost {
            Some(member) if !member.released && alone.contains(&member) => {}
            Some(member) if !member.released => alone.push(member),
            _ => return Vec::new(),
        }
    }
    alone
}

/// Whether a package's file is none that its users run.
fn is_beside(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let is_text = || {
        let end = path.rsplit_once('.').map(|(_, end)| end);
        end.is_some_and(|end| matches!(end.to_ascii_lowercase().as_str(), "md" | "rst" | "txt"))
            && !path.starts_with("src/")
    };
    matches!(first, "tests" | "benches" | "examples") && path.contains('/') || is_text()
}

/// Whether a package stands where those stand that nobody publishes.
fn is_aside(member: &Member) -> bool {
    const ASIDE: [&str; 6] = ["tests", "xtask", "examples", "example", "benches", "fuzz"];
    let mut folders = member.folder().split('/');
    folders.any(|folder| ASIDE.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_its_innermost_packages() {
        let member = |manifest: &str, released, publish| Member {
            name: manifest.to_owned(),
            manifest: manifest.to_owned(),
            version: "1.0.4".to_owned(),
            released,
            publish,
        };
        let package = Package {
            members: vec![
                member("Cargo.toml", true, true),
                member("automata/Cargo.toml", false, true),
                member("automata/sub/Cargo.toml", true, true),
                member("cli/Cargo.toml", false, false),
                member("xtask/Cargo.toml", false, true),
                member("fuzz/Cargo.toml", false, true),
            ],
            ..Package::default()
        };
        for (path, inside, outside) in [
            ("src/lib.rs", 1, 0),
            ("automata/src/dfa.rs", 0, 1),
            ("automata/Cargo.toml", 0, 1),
            ("automata/build.rs", 0, 1),
            ("automata/src/table.txt", 0, 1),
            ("automatas/src/lib.rs", 1, 0),
            ("automata/sub/src/lib.rs", 1, 0),
            ("automata/tests/it.rs", 0, 0),
            ("automata/benches/b.rs", 0, 0),
            ("automata/examples/e.rs", 0, 0),
            ("automata/README.md", 0, 0),
            ("cli/src/main.rs", 0, 0),
            ("xtask/src/main.rs", 0, 0),
            ("fuzz/src/main.rs", 0, 0),
            ("tests/it.rs", 0, 0),
        ] {
            let touched = touched(&package, [path]);
            let found = (touched.in_release.len(), touched.outside.len());
            assert_eq!(found, (inside, outside), "{path}");
        }
        for (paths, alone) in [
            (&["cli/src/main.rs", "cli/tests/it.rs"][..], &["cli"][..]),
            (
                &["cli/src/main.rs", "automata/src/a.rs"],
                &["cli", "automata"],
            ),
            (&["cli/src/main.rs", "README.md", "tests/it.rs"], &["cli"]),
            (&["fuzz/src/main.rs"], &["fuzz"]),
            (&["cli/src/main.rs", "src/lib.rs"], &[]),
            (&["cli/src/main.rs", "automata/sub/src/a.rs"], &[]),
            (&["cli/src/main.rs", "build.rs"], &[]),
            (&["README.md"], &[]),
            (&[], &[]),
        ] {
            let found = touched_alone(&package, paths.iter().copied());
            let found: Vec<_> = found
                .iter()
                .map(|it| it.folder().trim_end_matches('/'))
                .collect();
            assert_eq!(found, alone, "{paths:?}");
        }
        // A workspace without a package at its root: what stands there is of
        // nobody knows which.
        let mut workspace = package.clone();
        workspace
            .members
            .retain(|member| member.manifest != "Cargo.toml");
        assert!(touched_alone(&workspace, ["cli/src/main.rs", "data.bin"]).is_empty());
        assert_eq!(touched_alone(&workspace, ["cli/src/main.rs"]).len(), 1);
        workspace
            .members
            .iter_mut()
            .for_each(|it| it.released = false);
        assert!(touched_alone(&workspace, ["cli/src/main.rs"]).is_empty());
        let mut from_tag = package.clone();
        from_tag.from_tag = true;
        for (at, version) in ["0.0.0", "0.9.1", "0.0.0-dev"].iter().enumerate() {
            from_tag.members[at].version = (*version).to_owned();
            from_tag.members[at].released = false;
        }
        for (path, inside, outside) in [
            ("src/lib.rs", 1, 0),
            ("automata/src/dfa.rs", 0, 1),
            ("automata/sub/src/lib.rs", 1, 0),
        ] {
            let touched = touched(&from_tag, [path]);
            let found = (touched.in_release.len(), touched.outside.len());
            assert_eq!(found, (inside, outside), "{path}");
        }
        let both = touched(
            &package,
            ["src/lib.rs", "automata/src/a.rs", "automata/src/b.rs"],
        );
        assert_eq!((both.in_release.len(), both.outside.len()), (1, 1));
        assert_eq!(touched(&Package::default(), ["a"]), Touched::default());
    }
}
