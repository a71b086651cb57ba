//! Whole packages, from their files to the raised ones.

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

type Tree = Vec<(&'static str, String)>;

fn read(all: &[(&str, String)], release: &Release<'_>) -> Result<Package, String> {
    let mut files = Files::default();
    files.put_tree(all.iter().map(|(p, _)| (*p).to_owned()).collect());
    while let Some(wanted) = wanted(&files, release) {
        match wanted {
            Wanted::Tree => unreachable!(),
            Wanted::Files(paths) => {
                for path in paths {
                    let text = all.iter().find(|(other, _)| *other == path);
                    files.put(path.clone(), text.map(|(_, text)| text.clone()));
                }
            }
        }
    }
    project(&files, release).map(|it| it.unwrap().0)
}

fn release(tag: &'static str, version: &'static str) -> Release<'static> {
    Release {
        repo: "pond",
        tag,
        version,
        ..Release::default()
    }
}

fn tree(files: &[(&'static str, &str)]) -> Tree {
    files
        .iter()
        .map(|(path, text)| (*path, (*text).to_owned()))
        .collect()
}

/// The package's places raised; all other files as they are.
fn raised(all: &Tree, release: &Release<'_>, to: &str) -> Tree {
    let package = read(all, release).unwrap();
    let texts: Texts<'_> = all
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let raised = by_place::raise(PLACES, &texts, &package, to).unwrap();
    let mut new = all.clone();
    for (path, text) in raised.files {
        new.iter_mut().find(|(own, _)| *own == path).unwrap().1 = text;
    }
    let texts: Texts<'_> = new
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    for (path, held) in by_place::held(PLACES, &texts, &package, to) {
        assert_eq!(held.as_deref(), Some(to), "{path}");
    }
    new
}

const INIT: (&str, &str) = ("src/pond/__init__.py", "__version__ = '1.0.4'\n");

#[test]
fn where_the_version_comes_from() {
    let pep = (
        "pyproject.toml",
        "[project]\nname = 'pond'\nversion = '1.0.4'\n",
    );
    /// The files, and where the version stands.
    type Case<'a> = (&'a [(&'static str, &'a str)], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (&[pep], &["pyproject.toml"]),
        (&[pep, INIT], &["pyproject.toml", "src/pond/__init__.py"]),
        (
            &[(
                "pyproject.toml",
                "[tool.poetry]\nname = 'pond'\nversion = '1.0.4'\n",
            )],
            &["pyproject.toml"],
        ),
        (
            &[
                (
                    "pyproject.toml",
                    "[project]\nname='pond'\ndynamic=['version']\n[tool.hatch.version]\npath='pond/v.py'\n",
                ),
                ("pond/v.py", "VERSION = '1.0.4'\n"),
            ],
            &["pond/v.py"],
        ),
        (
            &[
                (
                    "pyproject.toml",
                    "[project]\nname='pond'\ndynamic=['version']\n[tool.setuptools.dynamic]\nversion={attr='pond.a.V.VERSION'}\n",
                ),
                ("pond/a/V.py", "VERSION = (1, 0, 4)\n"),
            ],
            &["pond/a/V.py"],
        ),
        (
            &[
                (
                    "pyproject.toml",
                    "[project]\nname='pond'\ndynamic=['version']\n[tool.setuptools.dynamic]\nversion={file='V'}\n",
                ),
                ("V", "1.0.4\n"),
            ],
            &["V"],
        ),
        (
            &[
                (
                    "pyproject.toml",
                    "[build-system]\nbuild-backend='flit_core.buildapi'\n[project]\nname='pond'\ndynamic=['version']\n",
                ),
                INIT,
            ],
            &["src/pond/__init__.py"],
        ),
        (
            &[("setup.cfg", "[metadata]\nname = pond\nversion = 1.0.4\n")],
            &["setup.cfg"],
        ),
        (
            &[
                (
                    "setup.cfg",
                    "[metadata]\nname = pond\nversion = attr: pond.__version__\n",
                ),
                INIT,
            ],
            &["src/pond/__init__.py"],
        ),
        (
            &[
                (
                    "setup.cfg",
                    "[metadata]\nname = pond\nversion = file: VER\n",
                ),
                ("VER", "1.0.4"),
            ],
            &["VER"],
        ),
        (
            &[("setup.py", "setup(name='pond', version='1.0.4')")],
            &["setup.py"],
        ),
        (
            &[(
                "setup.py",
                "VERSION = '1.0.4'\nsetup(name='pond', version=VERSION)",
            )],
            &["setup.py"],
        ),
        (
            &[("setup.py", "setup(name='pond', version=read())"), INIT],
            &["src/pond/__init__.py"],
        ),
    ];
    for (files, places) in cases {
        let package = read(&tree(files), &release("v1.0.4", "1.0.4")).unwrap();
        assert_eq!(package.manifests, *places);
        assert!(!package.from_tag);
        raised(&tree(files), &release("v1.0.4", "1.0.4"), "1.0.5");
    }
}

#[test]
fn the_tag_may_be_the_version() {
    for files in [
        [
            (
                "pyproject.toml",
                "[project]\nname='pond'\ndynamic=['version']\n[tool.hatch.version]\nsource='vcs'\n",
            ),
            // What the tool writes into the module is none of ours.
            ("src/pond/_version.py", "__version__ = '1.0.4'\n"),
        ],
        [
            (
                "pyproject.toml",
                "[build-system]\nrequires=['setuptools-scm>=8']\n",
            ),
            ("setup.py", "setup(name='pond')"),
        ],
        [
            (
                "pyproject.toml",
                "[tool.poetry]\nname='pond'\nversion='0.0.0'\n",
            ),
            ("a", ""),
        ],
    ] {
        let package = read(&tree(&files), &release("v1.0.4", "1.0.4")).unwrap();
        assert!(package.from_tag, "{files:?}");
        assert_eq!(package.places().count(), 0);
    }
}

#[test]
fn what_cannot_be_found_is_told_with_the_way_out() {
    for (text, words) in [
        (
            "[project]\nname='pond'\nversion='2.0.0.dev0'\n",
            "its version is 2.0.0.dev0",
        ),
        (
            "[project]\nname='pond'\ndynamic=['version']\n",
            "cannot see where",
        ),
        (
            "[project]\nname='pond'\ndynamic=['version']\n[tool.hatch.version]\npath='a.py'\n",
            "comes from a.py",
        ),
    ] {
        let files = tree(&[("pyproject.toml", text)]);
        let error = read(&files, &release("v1.0.4", "1.0.4")).unwrap_err();
        assert!(
            error.contains(words) && error.contains("version.files"),
            "{error}"
        );
    }
}

#[test]
fn every_other_byte_stays() {
    let manifest = "\u{feff}# a\r\n[project]\r\nname=\"Pond\"\r\nversion\t=\t'2024.08.30'   # b\r\ndependencies = [\"x==2024.08.30\"]";
    let lock = "version = 1\n\n[[package]]\nname = \"pond\"\nversion = \"2024.8.30\"\nsource = { editable = \".\" }\n\n[[package]]\nname = \"x\"\nversion = \"2024.8.30\"\nsource = { registry = \"r\" }\n";
    let files = tree(&[
        ("pyproject.toml", manifest),
        ("uv.lock", lock),
        ("pond/__init__.py", "import x\n__version__ = \"2024.08.30\""),
    ]);
    let release = release("2024.08.30", "2024.8.30");
    let new = raised(&files, &release, "2024.8.31");
    assert_eq!(new[0].1, manifest.replacen("2024.08.30'", "2024.08.31'", 1));
    assert_eq!(new[1].1, lock.replacen("2024.8.30", "2024.8.31", 1));
    assert_eq!(new[2].1, "import x\n__version__ = \"2024.08.31\"");
    // And back again.
    let back = Release {
        version: "2024.8.31",
        tag: "2024.08.31",
        ..release
    };
    assert_eq!(raised(&new, &back, "2024.8.30"), files);
}

#[test]
fn numbers_that_stand_apart_follow() {
    // As in tornadoweb/tornado and benoitc/gunicorn.
    let setup = "[project]\nname='pond'\ndynamic=['version']\n[tool.setuptools.dynamic]\nversion={attr='pond.version'}\n";
    for (init, new) in [
        (
            "version = \"1.0.4\"\nversion_info = (1, 0, 4, 0)\n",
            "version = \"1.0.5\"\nversion_info = (1, 0, 5, 0)\n",
        ),
        (
            "version_info = (1, 0, 4)\n__version__ = '.'.join(version_info)\n",
            "version_info = (1, 0, 5)\n__version__ = '.'.join(version_info)\n",
        ),
    ] {
        let files = tree(&[("pyproject.toml", setup), ("pond/__init__.py", init)]);
        assert_eq!(
            raised(&files, &release("v1.0.4", "1.0.4"), "1.0.5")[1].1,
            new
        );
    }
}

#[test]
fn a_version_of_something_else_in_the_file_is_none_of_ours() {
    let init = "__version__ = '1.0.4'\nVERSION = '2.0'\n";
    let files = tree(&[
        (
            "pyproject.toml",
            "[project]\nname='pond'\ndynamic=['version']\n[tool.hatch.version]\npath='pond/__init__.py'\n",
        ),
        ("pond/__init__.py", init),
    ]);
    let new = raised(&files, &release("v1.0.4", "1.0.4"), "1.0.5");
    assert_eq!(new[1].1, init.replace("1.0.4", "1.0.5"));
}

#[test]
fn settings_alone_are_no_package() {
    let mut files = Files::default();
    files.put_tree(vec!["pyproject.toml".to_owned()]);
    let text = "[tool.ruff]\nline-length = 88\n";
    files.put("pyproject.toml".to_owned(), Some(text.to_owned()));
    assert_eq!(project(&files, &release("v1.0.4", "1.0.4")), Ok(None));
}

#[test]
fn a_number_of_two_parts_gets_a_third() {
    let files = tree(&[("pyproject.toml", "[project]\nname='pond'\nversion='26.2'\n")]);
    let new = raised(&files, &release("26.2", "26.2.0"), "26.2.1");
    assert!(new[0].1.contains("'26.2.1'"));
}

#[test]
fn the_packages_of_a_workspace_go_together() {
    let member = |name: &str, version: &str| {
        format!(
            "[project]\nname='{name}'\nversion='{version}'\ndependencies=['pond-core=={version}']\n"
        )
    };
    let files: Tree = vec![
        (
            "pyproject.toml",
            "[project]\nname='pond'\nversion='1.0.4'\ndependencies=['pond_core==1.0.4']\n[tool.uv.workspace]\nmembers=['packages/*']\n".to_owned(),
        ),
        ("packages/core/pyproject.toml", "[project]\nname='pond-core'\nversion='1.0.4'\n".to_owned()),
        ("packages/other/pyproject.toml", member("pond-other", "0.3.0")),
        ("tests/data/pyproject.toml", "broken".to_owned()),
    ];
    let package = read(&files, &release("v1.0.4", "1.0.4")).unwrap();
    assert_eq!(package.all_own(), ["pond", "pond-core"]);
    let new = raised(&files, &release("v1.0.4", "1.0.4"), "1.0.5");
    assert!(new[0].1.contains("pond_core==1.0.5"));
    assert!(new[1].1.contains("version='1.0.5'"));
    assert_eq!(new[2], files[2]);
    // The tag of one of them releases that one.
    let package = read(&files, &release("pond-other-v0.3.0", "0.3.0")).unwrap();
    assert_eq!(package.manifests, ["packages/other/pyproject.toml"]);
}
