//! Whole gems, from their files to the raised ones.

use super::project::{project, wanted};
use super::{edit, read as read_places};
use crate::ecosystem::by_place::{self, Places};
use crate::ecosystem::files::{Files, Texts, Wanted};
use crate::ecosystem::package::Package;
use crate::ecosystem::tasks::Release;

const PLACES: Places = Places {
    read: read_places,
    edit,
};

type Tree = Vec<(&'static str, &'static str)>;

fn read(all: &Tree, release: &Release<'_>) -> Result<Package, String> {
    let mut files = Files::default();
    files.put_tree(all.iter().map(|(p, _)| (*p).to_owned()).collect());
    while let Some(wanted) = wanted(&files, release) {
        match wanted {
            Wanted::Tree => unreachable!(),
            Wanted::Files(paths) => {
                for path in paths {
                    let text = all.iter().find(|(other, _)| *other == path);
                    files.put(path.clone(), text.map(|(_, text)| (*text).to_owned()));
                }
            }
        }
    }
    project(&files, release).map(|it| it.unwrap().0)
}

const RELEASE: Release<'static> = Release {
    repo: "pond",
    tag: "v1.0.4",
    version: "1.0.4",
    before: &[],
    changelog: None,
    packages: &[],
    kinds: &[],
};

/// Which files are raised, and to which texts.
fn raised(all: &Tree) -> Vec<(String, String)> {
    let package = read(all, &RELEASE).unwrap();
    let texts: Texts<'_> = all.iter().copied().collect();
    let files = by_place::raise(PLACES, &texts, &package, "1.0.5")
        .unwrap()
        .files;
    let mut new = texts.clone();
    new.extend(
        files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    for (path, held) in by_place::held(PLACES, &new, &package, "1.0.5") {
        assert_eq!(held.as_deref(), Some("1.0.5"), "{path}");
    }
    files
}

const SPEC: &str =
    "Gem::Specification.new do |s|\n  s.name = 'pond'\n  s.version = Pond::VERSION\nend\n";

#[test]
fn where_the_version_stands() {
    let lock = "PATH\r\n  remote: .\r\n  specs:\r\n    pond (1.0.4)\r\n      x (= 1.0.4)\r\n\r\nDEPENDENCIES\r\n  pond!\r\n";
    let cases: Vec<Tree> = vec![
        vec![
            ("pond.gemspec", SPEC),
            ("lib/pond/version.rb", "VERSION = '1.0.4' # 1.0.4\n"),
            ("Gemfile.lock", lock),
        ],
        vec![("pond.gemspec", "s.name = 'pond'\ns.version = \"1.0.4\"")],
        vec![("pond.gemspec", SPEC), ("VERSION", "1.0.4")],
        vec![
            ("pond.gemspec", SPEC),
            (
                "lib/pond/const.rb",
                "  CODE = 'a'\n  PUMA_VERSION = VERSION = '1.0.4'\n",
            ),
        ],
        vec![
            ("pond.gemspec", SPEC),
            ("lib/pond.rb", "class Pond\n  VERSION = '1.0.4'\nend\n"),
        ],
    ];
    let paths: Vec<Vec<String>> = cases
        .iter()
        .map(|case| raised(case).into_iter().map(|(path, _)| path).collect())
        .collect();
    assert_eq!(
        paths,
        [
            vec!["lib/pond/version.rb", "Gemfile.lock"],
            vec!["pond.gemspec"],
            vec!["VERSION"],
            vec!["lib/pond/const.rb"],
            vec!["lib/pond.rb"],
        ]
    );
    let files = raised(&cases[0]);
    assert_eq!(files[0].1, "VERSION = '1.0.5' # 1.0.4\n");
    assert_eq!(files[1].1, lock.replacen("pond (1.0.4)", "pond (1.0.5)", 1));
}

#[test]
fn gems_that_share_a_version_go_together() {
    let all: Tree = vec![
        ("VERSION", "1.0.4\n"),
        ("pond.gemspec", "s.name = 'pond'\ns.version = version\n"),
        (
            "core/core.gemspec",
            "s.name = 'core'\ns.version = version\ns.add_dependency 'pond', '= 1.0.4'\n",
        ),
        ("core/lib/core/version.rb", "VERSION = '1.0.4'\n"),
        (
            "spec/data/bad.gemspec",
            "s.name = 'bad'\ns.version = '1.0.4'\n",
        ),
    ];
    let package = read(&all, &RELEASE).unwrap();
    assert_eq!(package.own, ["pond", "core"]);
    let paths: Vec<String> = raised(&all).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        ["VERSION", "core/lib/core/version.rb", "core/core.gemspec"]
    );
}

#[test]
fn what_cannot_be_found_is_told_with_the_way_out() {
    let all: Tree = vec![
        ("pond.gemspec", SPEC),
        ("lib/pond/version.rb", "VERSION = '2.0.0.rc1'\n"),
    ];
    let error = read(&all, &RELEASE).unwrap_err();
    assert!(
        error.contains("pond 2.0.0.rc1") && error.contains("version.files"),
        "{error}"
    );
}
