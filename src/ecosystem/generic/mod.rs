//! No kind of package that has a folder of its own: the version stands where a
//! manifest states it in so many words, else the tag alone is it; what the last
//! releases show, or the configuration names, follows it.

mod manifest;
mod words;

use super::files::{Files, Wanted};
use super::kind::Kind;
use super::learnt::Place;
use super::package::{Package, Required};
use super::registry::{Question, Registry};
use super::tasks::Release;
use super::words::{Use, Words, checkout};
use crate::edits::splice::splice;

pub use self::words::of_manifest;

pub use super::number::{is_above, next};

/// No file shows it.
pub const ROOTS: &[&str] = &[];

/// No file shows it.
pub fn is_manifest(_path: &str) -> bool {
    false
}

/// No manifest names it.
pub fn root(_path: &str, _manifest: &str) -> (Option<String>, Option<String>) {
    (None, None)
}

/// The manifests; none where somebody said that the tag alone is the version.
pub fn wanted(files: &Files, release: &Release<'_>) -> Option<Wanted> {
    let tree = files.tree().filter(|_| release.kinds.is_empty())?;
    let mut paths = manifest::all(tree);
    paths.retain(|path| !files.was_read(path));
    (!paths.is_empty()).then_some(Wanted::Files(paths))
}

/// What the tag is of, with the manifests that hold its version.
///
/// # Errors
/// None.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let tree = files.tree().filter(|_| release.kinds.is_empty());
    let there = manifest::all(tree.unwrap_or_default());
    let read = |path: &String| Some((path.clone(), files.get(path)?));
    let read: Vec<(String, &str)> = there.iter().filter_map(read).collect();
    let holds = |(path, text): &&(String, &str)| {
        let found = stated(path, text);
        found.is_some_and(|found| same(found, release.version))
    };
    let manifests: Vec<String> = read
        .iter()
        .filter(holds)
        .map(|(path, _)| path.clone())
        .collect();
    // What is called as the repository is, else what stands highest, lends the name.
    let names = read
        .iter()
        .filter_map(|(path, text)| Some((path, manifest::name(path, text)?)));
    let mut names: Vec<(&String, String)> = names.collect();
    names.sort_by_key(|(path, name)| {
        let last = name.rsplit('/').next().unwrap_or(name);
        (
            !last.eq_ignore_ascii_case(release.repo),
            path.matches('/').count(),
        )
    });
    // Of several that are called otherwise nobody knows which is the product.
    let sure = |(path, name): &&(&String, String)| {
        let last = name.rsplit('/').next().unwrap_or(name);
        !path.contains('/') || last.eq_ignore_ascii_case(release.repo)
    };
    let first = names.first().filter(sure);
    let manifest = first.map(|(path, _)| (*path).clone());
    let package = Package {
        kind: Kind::Generic,
        name: first.map_or(release.repo, |(_, name)| name).to_owned(),
        manifest: manifest
            .filter(|path| manifests.is_empty() || manifests.contains(path))
            .or_else(|| manifests.first().cloned())
            .unwrap_or_default(),
        from_tag: manifests.is_empty(),
        manifests,
        program: Some(false),
        registry: Registry::ByTag,
        ..Package::default()
    };
    Ok(Some((package, Vec::new())))
}

fn stated<'t>(path: &str, text: &'t str) -> Option<&'t str> {
    text.get(manifest::version(path, text)?)
}

/// Whether both are one version, of which one may leave its last number out.
fn same(found: &str, version: &str) -> bool {
    found == version || found.strip_suffix(".0") == Some(version) || version == format!("{found}.0")
}

/// The manifest with the version raised; every other byte stays.
///
/// # Errors
/// None: what states no version stays.
pub fn edit(
    _package: &Package,
    path: &str,
    text: &str,
    from: &str,
    to: &str,
) -> Result<String, String> {
    let at = manifest::version(path, text);
    let at = at.filter(|at| text.get(at.clone()).is_some_and(|found| same(found, from)));
    Ok(at.map_or_else(|| text.to_owned(), |at| splice(text, vec![(at, to)])))
}

/// The version that a manifest states.
pub fn read(_package: &Package, path: &str, text: &str) -> Vec<String> {
    stated(path, text).map(str::to_owned).into_iter().collect()
}

/// What was learnt is raised, whatever file it is in.
pub fn may_raise(_place: &Place, _text: Option<&str>, _to: &str) -> bool {
    true
}

/// No file says what is required.
pub fn is_requiring(_path: &str) -> bool {
    false
}

/// No file says what is required.
pub fn changed(_path: &str, _before: &str, _after: &str) -> Vec<Required> {
    Vec::new()
}

/// The commands of git: what a manifest says of it is known to [`of_manifest`] alone.
pub fn words(used: Use<'_>, _package: &str, version: &str) -> Words {
    match used {
        Use::ProgramAt(_, tag) | Use::LibraryAt(_, tag) => checkout(tag),
        _ => checkout(version),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(disk: &[(&str, &str)]) -> Package {
        let release = Release {
            repo: "pond",
            tag: "v1.0.4",
            version: "1.0.4",
            ..Release::default()
        };
        let mut files = Files::default();
        files.put_tree(disk.iter().map(|(path, _)| (*path).to_owned()).collect());
        while let Some(Wanted::Files(paths)) = wanted(&files, &release) {
            for path in paths {
                let text = disk.iter().find(|(other, _)| *other == path);
                files.put(path, text.map(|(_, text)| (*text).to_owned()));
            }
        }
        project(&files, &release).unwrap().unwrap().0
    }

    #[test]
    fn the_manifests_that_hold_the_version_are_raised() {
        let mix = "      app: :pond_web,\n      version: \"1.0.4\",\n";
        let props = "<Project>\r\n  <Version>1.0.4</Version>\r\n</Project>";
        let other = "<Project>\n  <Version>2.0.0</Version>\n</Project>\n";
        for (disk, name, manifest, raised) in [
            (
                vec![("mix.exs", mix)],
                "pond_web",
                "mix.exs",
                vec!["mix.exs"],
            ),
            (
                vec![
                    ("Directory.Build.props", props),
                    ("src/Pond/Pond.csproj", other),
                ],
                "Pond",
                "Directory.Build.props",
                vec!["Directory.Build.props"],
            ),
            (
                vec![
                    ("src/Reeds/Reeds.csproj", other),
                    ("src/Duck/Duck.csproj", other),
                ],
                "pond",
                "",
                vec![],
            ),
            (
                vec![("composer.json", "{\n  \"name\": \"harbour/pond\"\n}\n")],
                "harbour/pond",
                "composer.json",
                vec![],
            ),
            (vec![("Makefile", "all:\n")], "pond", "", vec![]),
        ] {
            let package = of(&disk);
            assert_eq!(
                (package.name.as_str(), package.manifest.as_str()),
                (name, manifest)
            );
            assert_eq!(package.all_manifests(), raised, "{manifest}");
            assert_eq!(package.from_tag, raised.is_empty());
        }
    }

    #[test]
    fn a_version_is_put_in_the_place_of_the_one_before() {
        let package = Package::default();
        for (path, text, new) in [
            (
                "a.props",
                "<Project>\r\n  <Version>1.0.4</Version>\r\n  <A>1.0.4</A>",
                "<Project>\r\n  <Version>1.0.5</Version>\r\n  <A>1.0.4</A>",
            ),
            ("VERSION", "\n1.0.4", "\n1.0.5"),
            ("VERSION", "1.0.3\n", "1.0.3\n"),
            ("mix.exs", "  version: \"1.0.4\",", "  version: \"1.0.5\","),
        ] {
            let found = edit(&package, path, text, "1.0.4", "1.0.5").unwrap();
            assert_eq!(found, new, "{path}");
            let back = edit(&package, path, &found, "1.0.5", "1.0.4").unwrap();
            assert_eq!(back, text, "{path}");
        }
        assert!(same("1.2", "1.2.0") && same("1.2.0", "1.2") && !same("1.2.1", "1.2"));
    }
}
