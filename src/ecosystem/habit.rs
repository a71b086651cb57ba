//! What the last releases changed beyond what the kind knows by itself.

use std::collections::BTreeMap;

use super::bump::raise;
use super::by_kind::{self, next_version};
use super::cargo;
use super::files::{Files, Texts};
use super::kind::Kind;
use super::learnt::{self, Learnt, Lessons, Listed, Place};
use super::package::Package;

/// The files at the base that are to be read, beyond those that were.
pub fn at_hand(files: &Files, lessons: &Lessons<'_>) -> Vec<String> {
    let mut wanted = learnt::wanted(lessons);
    wanted.retain(|path| !files.was_read(path));
    wanted
}

/// What the last releases show. `files` are those of the base. What the kind
/// raises in its own files is no place twice; where it cannot raise them, they
/// have none.
pub fn learn(package: &Package, files: &Files, lessons: &Lessons<'_>) -> Learnt {
    let mut texts: Texts<'_> = files.iter().collect();
    let next = next_version(package.kind(), lessons.last.to, &Default::default());
    let after = next
        .as_deref()
        .and_then(|next| raise(&texts, package, next).ok());
    let after = after.into_iter().flat_map(|raised| raised.files);
    let after: BTreeMap<String, String> = after.collect();
    for path in package.known_places() {
        texts.remove(path);
    }
    texts.extend(
        after
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    // Of what the kind left as it is, nothing is learnt.
    let untouched = package
        .known_places()
        .filter(|path| !after.contains_key(*path));
    let ignore: Vec<String> = untouched
        .map(str::to_owned)
        .chain(lessons.ignore.iter().cloned())
        .collect();
    let lessons = Lessons {
        ignore: &ignore,
        ..*lessons
    };
    let mut learnt = learnt::learn(&lessons, &texts);
    let next = next.unwrap_or_default();
    let may_raise = |place: &Place| {
        let text = texts.get(place.path.as_str()).copied();
        let mut kinds = package.parts().map(|part| part.kind);
        let crates = package.parts().find(|part| part.kind == Kind::Cargo);
        kinds.all(|kind| by_kind::may_raise(kind, place, text, &next))
            && !crates.is_some_and(|crates| cargo::requires_others(crates, place))
    };
    if let Some(crates) = package.parts().find(|part| part.kind == Kind::Cargo) {
        let anothers = |it: &Listed| !it.was_changed && cargo::is_anothers(crates, it);
        learnt.listed.retain(|it| !anothers(it));
    }
    let (kept, listed): (Vec<_>, Vec<_>) = learnt.places.into_iter().partition(may_raise);
    learnt.places = kept;
    let (along, listed): (Vec<_>, Vec<_>) = listed.into_iter().partition(|place| {
        package
            .parts()
            .any(|part| cargo::goes_along(part, files, place))
    });
    learnt.along = along.into_iter().map(|place| place.path).collect();
    learnt.listed.extend(listed.iter().map(Listed::changed));
    learnt
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::learnt::{Diff, FileDiff, Step};
    use crate::ecosystem::package::Member;

    const ROOT: &str = "[workspace]\nmembers = [\"a\"]\nexclude = [\"py\"]\n\n[workspace.package]\nversion = \"1.0.4\"\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.4\"\n\n[[package]]\nname = \"a-py\"\nversion = \"1.0.4\"\n";

    fn manifest(version: &str) -> String {
        format!(
            "[package]\nname = \"a-py\"\nversion = \"{version}\"\n\n[dependencies]\na = {{ path = \"../a\" }}\n"
        )
    }

    /// What a hotfix raises where the releases raised the binding's manifest, too: the
    /// second before, the one before, and the last.
    fn raised(versions: [&str; 3], with_lock: bool) -> Vec<(String, String)> {
        let texts = versions.map(manifest);
        let member = |name: &str, path: &str, released| Member {
            name: name.into(),
            manifest: path.into(),
            version: "1.0.4".into(),
            released,
            publish: true,
        };
        let mut package = Package {
            name: "a".into(),
            manifest: "Cargo.toml".into(),
            manifests: vec!["Cargo.toml".into()],
            own: vec!["a".into()],
            workspace: true,
            root: "Cargo.toml".into(),
            members: vec![
                member("a", "a/Cargo.toml", true),
                member("a-py", "py/Cargo.toml", false),
            ],
            locks: with_lock
                .then(|| "py/Cargo.lock".into())
                .into_iter()
                .collect(),
            ..Package::default()
        };
        let mut files = Files::default();
        files.put_tree(
            ["Cargo.toml", "py/Cargo.toml", "py/Cargo.lock"]
                .map(str::to_owned)
                .into(),
        );
        files.put("Cargo.toml".into(), Some(ROOT.into()));
        files.put("py/Cargo.toml".into(), Some(texts[2].clone()));
        files.put("py/Cargo.lock".into(), Some(LOCK.into()));
        let diff = |from: &str, to: &str| Diff {
            files: vec![FileDiff::of_texts("py/Cargo.toml", from, to)],
        };
        let (last, before) = (diff(&texts[1], &texts[2]), diff(&texts[0], &texts[1]));
        let lessons = Lessons {
            last: Step {
                diff: &last,
                from: "1.0.3",
                to: "1.0.4",
            },
            before: Some(Step {
                diff: &before,
                from: "1.0.2",
                to: "1.0.3",
            }),
            ignore: &[],
        };
        let learnt = learn(&package, &files, &lessons);
        assert!(learnt.places.is_empty(), "{:?}", learnt.places);
        package.take_along(&learnt.along, &[]);
        let texts: Texts<'_> = files.iter().collect();
        raise(&texts, &package, "1.0.5").unwrap().files
    }

    #[test]
    fn a_crate_outside_the_workspace_goes_along_where_it_always_did() {
        let names = |all: &[(String, String)]| {
            let all: Vec<String> = all.iter().map(|(path, _)| path.clone()).collect();
            all.join(" ")
        };
        let all = raised(["1.0.2", "1.0.3", "1.0.4"], true);
        assert_eq!(names(&all), "Cargo.toml py/Cargo.toml py/Cargo.lock");
        assert_eq!(all[1].1, manifest("1.0.5"));
        assert_eq!(all[2].1, LOCK.replace("1.0.4", "1.0.5"));
        // The last release alone did so.
        let all = raised(["1.0.3", "1.0.3", "1.0.4"], true);
        assert_eq!(names(&all), "Cargo.toml py/Cargo.lock");
        // Its lock file lags behind, and would not follow.
        let all = raised(["1.0.2", "1.0.3", "1.0.4"], false);
        assert_eq!(names(&all), "Cargo.toml");
    }
}
