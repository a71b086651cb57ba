//! What manifests state that are no crate's, read apart from the server: names and
//! versions as plain text.

use super::package_of::Kind;

/// What a manifest states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The package's name; empty: none.
    pub name: String,
    /// Its version; none: it stands elsewhere, or the tag is it.
    pub version: Option<String>,
    /// Whether nothing says that it is not published.
    pub published: bool,
}

fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The kind that a manifest shows.
pub fn kind(path: &str) -> Option<Kind> {
    match file(path) {
        "package.json" => Some(Kind::Npm),
        "pyproject.toml" | "setup.py" | "setup.cfg" => Some(Kind::Python),
        "go.mod" => Some(Kind::Go),
        "pom.xml" | "build.gradle" | "build.gradle.kts" => Some(Kind::Java),
        "Chart.yaml" => Some(Kind::Helm),
        "action.yml" | "action.yaml" => Some(Kind::Action),
        name if name.ends_with(".gemspec") => Some(Kind::Ruby),
        _ => None,
    }
}

/// What a manifest states; none where it cannot be read.
pub fn stated(path: &str, text: &str) -> Option<Stated> {
    match kind(path)? {
        Kind::Npm => npm(text),
        Kind::Python => python(path, text),
        Kind::Ruby => Some(Stated {
            name: quoted(text, ".name").unwrap_or_default(),
            version: quoted(text, ".version"),
            // Most that name a host name the one that everybody pushes to.
            published: text
                .lines()
                .filter(|line| line.contains("allowed_push_host"))
                .all(|line| line.contains("rubygems")),
        }),
        Kind::Java if file(path) == "pom.xml" => pom(text),
        Kind::Helm => Some(Stated {
            name: after_colon(text, "name")?,
            version: after_colon(text, "version"),
            published: true,
        }),
        Kind::Go => {
            let line = text.lines().find_map(|it| it.strip_prefix("module "))?;
            Some(Stated {
                name: line.trim().trim_matches('"').to_owned(),
                version: None,
                published: true,
            })
        }
        _ => Some(Stated::default()),
    }
}

/// The version that a file holds for its package.
pub fn version_in(path: &str, text: &str) -> Option<String> {
    match file(path) {
        "version.rb" => quoted(text, "VERSION"),
        _ => stated(path, text)?.version,
    }
}

fn npm(text: &str) -> Option<Stated> {
    let json: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let of = |key: &str| Some(json.get(key)?.as_str()?.to_owned());
    Some(Stated {
        name: of("name").unwrap_or_default(),
        version: of("version"),
        published: json.get("private") != Some(&serde_json::Value::Bool(true)),
    })
}

fn python(path: &str, text: &str) -> Option<Stated> {
    let normal = |name: String| name.to_lowercase().replace(['_', '.'], "-");
    match file(path) {
        "pyproject.toml" => {
            let table: toml::Table = toml::from_str(text).ok()?;
            let poetry = table.get("tool").and_then(|it| it.get("poetry"));
            let own = table.get("project");
            let of = |key: &str| {
                let all = [own, poetry];
                let mut found = all.into_iter().flatten().filter_map(|it| it.get(key));
                found.find_map(|it| it.as_str()).map(str::to_owned)
            };
            Some(Stated {
                name: normal(of("name")?),
                version: of("version"),
                published: !text.contains("Private ::"),
            })
        }
        "setup.cfg" => Some(Stated {
            name: normal(after_equals(text, "name")?),
            version: after_equals(text, "version").filter(|it| !it.contains(':')),
            published: true,
        }),
        _ => Some(Stated {
            name: normal(quoted(text, "name")?),
            version: quoted(text, "version"),
            published: true,
        }),
    }
}

/// The first quoted text after a word and an equals sign: `spec.name = "lantern"`.
fn quoted(text: &str, word: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (before, value) = line.split_once('=')?;
        let named = before.trim_end().ends_with(word);
        let value = value.trim().strip_prefix(['"', '\''])?;
        let value = value.split(['"', '\'']).next()?;
        (named && !line.trim_start().starts_with('#')).then(|| value.to_owned())
    })
}

fn after_equals(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (before, value) = line.split_once('=')?;
        (before.trim() == key).then(|| value.trim().to_owned())
    })
}

fn after_colon(text: &str, key: &str) -> Option<String> {
    let begins = format!("{key}:");
    let line = text.lines().find_map(|it| it.strip_prefix(&begins))?;
    let value = line.split(" #").next().unwrap_or(line).trim();
    Some(value.trim_matches(['"', '\'']).to_owned())
}

/// What a POM says of its own project, before it says what that is made of.
fn pom(text: &str) -> Option<Stated> {
    const OTHERS: [&str; 6] = [
        "<dependencies>",
        "<dependencyManagement>",
        "<build>",
        "<profiles>",
        "<modules>",
        "<reporting>",
    ];
    let (parent, own) = match text.split_once("</parent>") {
        Some((parent, own)) => (parent.split_once("<parent>")?.1, own),
        None => ("", text),
    };
    let end = OTHERS.iter().filter_map(|it| own.find(it)).min();
    let own = own.get(..end.unwrap_or(own.len()))?;
    let element = |of: &str, name: &str| {
        let (_, after) = of.split_once(&format!("<{name}>"))?;
        Some(after.split_once('<')?.0.trim().to_owned())
    };
    let or_parent = |name: &str| {
        let before = own.split("<properties>").next().unwrap_or(own);
        element(before, name).or_else(|| element(parent, name))
    };
    let version = or_parent("version").and_then(|it| {
        match it.strip_prefix("${").and_then(|it| it.strip_suffix('}')) {
            Some(property) => element(own, property),
            None => Some(it),
        }
    });
    let artifact = element(own, "artifactId")?;
    Some(Stated {
        name: format!("{}:{artifact}", or_parent("groupId")?),
        version,
        published: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_manifest_is_read() {
        let pom = "<project><parent><groupId>org.harbour</groupId><artifactId>all</artifactId>\
                   <version>3</version></parent><artifactId>lantern</artifactId>\
                   <version>${revision}</version><properties><revision>1.0.4</revision></properties>\
                   <dependencies><dependency><version>9</version></dependency></dependencies></project>";
        for (path, text, name, version) in [
            (
                "package.json",
                r#"{"name": "@a/b", "version": "1.0.4"}"#,
                "@a/b",
                Some("1.0.4"),
            ),
            (
                "pyproject.toml",
                "[project]\nname = \"A_b\"\ndynamic = [\"version\"]\n",
                "a-b",
                None,
            ),
            (
                "setup.cfg",
                "[metadata]\nname = a\nversion = attr: a.__version__\n",
                "a",
                None,
            ),
            (
                "setup.py",
                "setup(\n    name=\"a\",\n    version=\"1.0.4\",\n)\n",
                "a",
                Some("1.0.4"),
            ),
            (
                "a.gemspec",
                "  spec.name = \"a\"\n  spec.version = A::VERSION\n",
                "a",
                None,
            ),
            ("pom.xml", pom, "org.harbour:lantern", Some("1.0.4")),
            (
                "c/Chart.yaml",
                "name: c\nversion: 1.0.4 # up\n",
                "c",
                Some("1.0.4"),
            ),
            (
                "go.mod",
                "module hub.test/a/b/v2\n\ngo 1.22\n",
                "hub.test/a/b/v2",
                None,
            ),
        ] {
            let found = stated(path, text).unwrap_or_default();
            let told = (found.name.as_str(), found.version.as_deref());
            assert_eq!(told, (name, version), "{path}");
            assert!(found.published, "{path}");
        }
        let private = stated("package.json", r#"{"name": "a", "private": true}"#);
        assert!(private.is_some_and(|it| !it.published));
        for (host, published) in [
            ("https://rubygems.example", true),
            ("https://gems.test", false),
        ] {
            let text = format!("  s.name = 'a'\n  s.metadata['allowed_push_host'] = '{host}'\n");
            let found = stated("a.gemspec", &text);
            assert_eq!(found.map(|it| it.published), Some(published), "{host}");
        }
        let ruby = "module A\n  VERSION = \"1.0.4\"\nend\n";
        assert_eq!(
            version_in("lib/a/version.rb", ruby).as_deref(),
            Some("1.0.4")
        );
    }
}
