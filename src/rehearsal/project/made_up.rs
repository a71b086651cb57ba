//! A fix that is made up: a file of the package's kind that touches nothing that is
//! there, and a test of it where the kind has a place for tests.

use super::package_of::{Kind, Package};
use crate::rehearsal::story::Edit;

/// The files.
pub fn made_up(package: &Package, paths: &[String]) -> Vec<Edit> {
    let of = |path: &str, text: &str| {
        let path = match package.dir.as_str() {
            "" => path.to_owned(),
            dir => format!("{dir}/{path}"),
        };
        (path, Some(text.to_owned()))
    };
    let there = |folder: &str| {
        let (folder, _) = of(folder, "");
        let folder = format!("{folder}/");
        paths.iter().any(|path| path.starts_with(&folder))
    };
    match package.kind {
        Kind::Cargo => vec![
            of(
                "src/hotfix_rehearsal.rs",
                "// Stands for the fix of a rehearsed hotfix; no module names it.\n",
            ),
            of(
                "tests/hotfix_rehearsal.rs",
                "#[test]\nfn the_rehearsed_fix_holds() {\n    assert_eq!(2 + 2, 4);\n}\n",
            ),
        ],
        // Of an action's sources a folder is built that belongs to the fix.
        Kind::Npm if paths.iter().any(|path| path == "action.yml") => vec![of(
            "hotfix_rehearsal.js",
            "// Stands for the fix of a rehearsed hotfix; nothing imports it.\n",
        )],
        Kind::Npm => vec![
            of(
                "src/hotfix_rehearsal.js",
                "// Stands for the fix of a rehearsed hotfix; nothing imports it.\n",
            ),
            of(
                "test/hotfix_rehearsal.test.js",
                "import { strict as assert } from \"node:assert\";\n\nassert.equal(2 + 2, 4);\n",
            ),
        ],
        Kind::Python => {
            let module = module(package, paths);
            vec![
                (
                    format!("{module}_hotfix_rehearsal.py"),
                    Some(
                        "# Stands for the fix of a rehearsed hotfix; nothing imports it.\n"
                            .to_owned(),
                    ),
                ),
                of(
                    "tests/test_hotfix_rehearsal.py",
                    "def test_the_rehearsed_fix_holds():\n    assert 2 + 2 == 4\n",
                ),
            ]
        }
        Kind::Ruby => {
            let fix = of(
                "lib/hotfix_rehearsal.rb",
                "# Stands for the fix of a rehearsed hotfix; nothing requires it.\n",
            );
            let test = match there("spec") {
                true => of(
                    "spec/hotfix_rehearsal_spec.rb",
                    "RSpec.describe \"the rehearsed fix\" do\n  it(\"holds\") { expect(2 + 2).to eq(4) }\nend\n",
                ),
                false => of(
                    "test/test_hotfix_rehearsal.rb",
                    "require \"minitest/autorun\"\n\nclass TestHotfixRehearsal < Minitest::Test\n  def test_it_holds = assert_equal(4, 2 + 2)\nend\n",
                ),
            };
            vec![fix, test]
        }
        Kind::Java => vec![
            of(
                "src/main/java/HotfixRehearsal.java",
                "/** Stands for the fix of a rehearsed hotfix; nothing uses it. */\nfinal class HotfixRehearsal {}\n",
            ),
            of(
                "src/test/java/HotfixRehearsalTest.java",
                "/** Stands for its test. */\nfinal class HotfixRehearsalTest {}\n",
            ),
        ],
        Kind::Go => vec![
            of(
                "internal/hotfixrehearsal/rehearsal.go",
                "// Package hotfixrehearsal stands for the fix of a rehearsed hotfix.\npackage hotfixrehearsal\n",
            ),
            of(
                "internal/hotfixrehearsal/rehearsal_test.go",
                "package hotfixrehearsal\n\nimport \"testing\"\n\nfunc TestTheRehearsedFix(t *testing.T) {}\n",
            ),
        ],
        Kind::Helm => vec![of(
            "templates/_hotfix_rehearsal.tpl",
            "{{- /* Stands for the fix of a rehearsed hotfix; nothing includes it. */ -}}\n",
        )],
        // No script: what the tests may run is judged apart.
        Kind::Action | Kind::Other => vec![of(
            "src/hotfix-rehearsal.txt",
            "Stands for the fix of a rehearsed hotfix; nothing reads it.\n",
        )],
    }
}

/// The folder of a project's code, with a slash; empty where none is called as it is.
fn module(package: &Package, paths: &[String]) -> String {
    let name = package.name.replace('-', "_");
    let below = match package.dir.as_str() {
        "" => String::new(),
        dir => format!("{dir}/"),
    };
    let folders = [format!("{below}src/{name}/"), format!("{below}{name}/")];
    let there = |folder: &String| paths.contains(&format!("{folder}__init__.py"));
    let mut found = folders.into_iter().filter(there);
    found.next().unwrap_or(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fix_is_of_the_packages_kind_and_new() {
        let package = |kind, dir: &str| Package {
            kind,
            name: "low-tide".to_owned(),
            dir: dir.to_owned(),
            manifest: String::new(),
            version: "1.0.0".to_owned(),
            published: true,
            in_workspace: false,
        };
        let paths =
            |all: &[&str]| -> Vec<String> { all.iter().map(|it| (*it).to_owned()).collect() };
        for (kind, dir, there, first, last) in [
            (
                Kind::Npm,
                "packages/a",
                &[][..],
                "packages/a/src/hotfix_rehearsal.js",
                "packages/a/test/hotfix_rehearsal.test.js",
            ),
            (
                Kind::Python,
                "",
                &["src/low_tide/__init__.py"],
                "src/low_tide/_hotfix_rehearsal.py",
                "tests/test_hotfix_rehearsal.py",
            ),
            (
                Kind::Python,
                "",
                &[],
                "_hotfix_rehearsal.py",
                "tests/test_hotfix_rehearsal.py",
            ),
            (
                Kind::Ruby,
                "",
                &["spec/a_spec.rb"],
                "lib/hotfix_rehearsal.rb",
                "spec/hotfix_rehearsal_spec.rb",
            ),
            (
                Kind::Go,
                "sdk",
                &[],
                "sdk/internal/hotfixrehearsal/rehearsal.go",
                "sdk/internal/hotfixrehearsal/rehearsal_test.go",
            ),
            (
                Kind::Helm,
                "charts/a",
                &[],
                "charts/a/templates/_hotfix_rehearsal.tpl",
                "charts/a/templates/_hotfix_rehearsal.tpl",
            ),
        ] {
            let files = made_up(&package(kind, dir), &paths(there));
            let ends = (
                files.first().unwrap().0.as_str(),
                files.last().unwrap().0.as_str(),
            );
            assert_eq!(ends, (first, last), "{kind:?}");
        }
    }
}
