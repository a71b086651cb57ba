//! `.github/hotfix.toml` as the rehearsal itself reads it, apart from the
//! server: only what people and judge must know, and nothing is refused.

use toml::{Table, Value};

/// Where the configuration stands.
pub const PATH: &str = ".github/hotfix.toml";

/// What changelogs are usually called, without what their names end in.
const USUAL: [&str; 7] = [
    "changelog",
    "changes",
    "history",
    "news",
    "release-notes",
    "release_notes",
    "releases",
];
/// What their names end in.
const ENDS: [&str; 6] = ["", "md", "rst", "txt", "adoc", "markdown"];
/// Where they stand beside the root and the package's own folder.
const FOLDERS: [&str; 6] = [
    "docs",
    "doc",
    "docs/src",
    "site/src",
    "book/src",
    "docs/source",
];

/// Whether a file is a changelog by its name and place; `folder` is the package's.
pub fn is_changelog(path: &str, folder: &str) -> bool {
    let (at, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.to_ascii_lowercase();
    let (stem, end) = name.split_once('.').unwrap_or((&name, ""));
    let here = at.is_empty() || at == folder || FOLDERS.contains(&at);
    here && USUAL.contains(&stem) && ENDS.contains(&end)
}

/// A repository's configuration; without a file everything is at its default.
#[derive(Clone, Debug, Default)]
pub struct Config {
    table: Table,
    /// Whether the default branch has the file.
    pub there: bool,
}

impl Config {
    /// Reads the file's text; what is no TOML reads as empty.
    pub fn read(text: Option<&str>) -> Config {
        Config {
            table: text
                .and_then(|t| toml::from_str(t).ok())
                .unwrap_or_default(),
            there: text.is_some(),
        }
    }

    fn value(&self, section: &str, key: &str) -> Option<&Value> {
        self.table.get(section)?.get(key)
    }

    fn text(&self, section: &str, key: &str) -> Option<String> {
        self.value(section, key)?.as_str().map(str::to_owned)
    }

    /// `base.tag_pattern`, where it is set to a pattern.
    pub fn tag_pattern(&self) -> Option<String> {
        self.text("base", "tag_pattern").filter(|p| p != "auto")
    }

    /// Whether the tag alone is the version (`version.ecosystem = "generic"`).
    pub fn is_generic(&self) -> bool {
        self.text("version", "ecosystem").as_deref() == Some("generic")
    }

    /// What stands before the version in a hotfix branch's name.
    pub fn branch_prefix(&self) -> String {
        let pattern = self.text("base", "branch");
        let pattern = pattern.as_deref().unwrap_or("hotfix/v{version}");
        let prefix = pattern.split("{version}").next().unwrap_or_default();
        // Of several products, each may have a name of its own before it.
        let folder = prefix.rfind('/').and_then(|at| prefix.get(..=at));
        folder.unwrap_or(prefix).to_owned()
    }

    /// `version.changelog`: its paths, empty where it is set to nothing; none where
    /// it is "auto", so that files [of the usual names](is_changelog) are.
    pub fn changelogs(&self) -> Option<Vec<String>> {
        let listed = self.value("version", "changelog").and_then(Value::as_array);
        if let Some(listed) = listed {
            let paths = listed.iter().filter_map(Value::as_str);
            return Some(paths.map(str::to_owned).collect());
        }
        match self.text("version", "changelog").as_deref() {
            None | Some("auto") => None,
            Some("") => Some(Vec::new()),
            Some(path) => Some(vec![path.to_owned()]),
        }
    }

    /// Whether a person must try the head by hand.
    pub fn manual_test(&self) -> bool {
        self.value("test", "manual").and_then(Value::as_bool) != Some(false)
    }

    /// `test.workflows`, where it is a list.
    pub fn tests(&self) -> Option<Vec<String>> {
        let list = self.value("test", "workflows")?.as_array()?;
        Some(
            list.iter()
                .filter_map(|v| v.as_str().map(file_name))
                .collect(),
        )
    }

    /// `verify.assets` for a version, where names are listed.
    pub fn assets(&self, version: &str) -> Option<Vec<String>> {
        let list = self.value("verify", "assets")?.as_array()?;
        let names = list.iter().filter_map(Value::as_str);
        let names: Vec<String> = names.map(|it| it.replace("{version}", version)).collect();
        Some(names).filter(|names| !names.is_empty())
    }

    /// Whether `verify.registries` names any.
    pub fn names_registries(&self) -> bool {
        let list = self.value("verify", "registries").and_then(Value::as_array);
        let names = list.into_iter().flatten().filter_map(Value::as_str);
        names.into_iter().any(|it| !matches!(it, "auto" | "none"))
    }

    /// The required files of `[[release.workflow]]`, where there are any.
    pub fn release(&self) -> Option<Vec<String>> {
        let list = self.value("release", "workflow")?.as_array()?;
        let required = |v: &&Value| v.get("required").and_then(Value::as_bool) != Some(false);
        let file = |v: &Value| v.get("file")?.as_str().map(file_name);
        Some(list.iter().filter(required).filter_map(file).collect())
    }
}

/// The last part of a path.
pub fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changelogs_by_name_and_place() {
        for path in [
            "CHANGELOG.md",
            "CHANGES",
            "Changelog.rst",
            "tool/CHANGELOG.md",
            "docs/history.md",
            "site/src/changelog.md",
        ] {
            assert!(is_changelog(path, "tool"), "{path}");
        }
        for path in [
            "other/CHANGELOG.md",
            "changes.rs",
            "src/changes/mod.rs",
            "NEWSPAPER.md",
        ] {
            assert!(!is_changelog(path, "tool"), "{path}");
        }
    }

    #[test]
    fn what_is_not_set_is_at_its_default() {
        let none = Config::read(None);
        assert!(!none.there && none.manual_test());
        assert_eq!(none.branch_prefix(), "hotfix/");
        assert_eq!(none.changelogs(), None);
        assert_eq!((none.tests(), none.release()), (None, None));
        assert_eq!(none.assets("1.0.1"), None);
        let set = Config::read(Some(
            "[base]\nbranch = \"fix-{version}\"\n[version]\nchangelog = \"\"\n[test]\n\
             workflows = [\".github/workflows/a.yml\"]\nmanual = false\n\
             [[release.workflow]]\nfile = \"p.yml\"\n[[release.workflow]]\nfile = \"q.yml\"\nrequired = false\n\
             [verify]\nassets = [\"app-{version}.zip\", \"SUMS\"]\n",
        ));
        assert_eq!(set.assets("1.0.1").unwrap(), ["app-1.0.1.zip", "SUMS"]);
        assert_eq!(
            (set.branch_prefix().as_str(), set.changelogs()),
            ("fix-", Some(Vec::new()))
        );
        assert_eq!(set.tests().unwrap(), ["a.yml"]);
        assert_eq!(set.release().unwrap(), ["p.yml"]);
        assert!(!set.manual_test());
    }
}
