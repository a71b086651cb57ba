//! Packages that are no crates, read apart from the server: of those whose
//! manifests are plain data.

use super::package_of::{Kind, Package};
use super::stated::{Stated, kind, stated, version_in};

/// Folders of others' work.
const ASIDE: [&str; 4] = ["node_modules", "vendor", "fixtures", "testdata"];

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn dir(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// Whether something of another kind than Cargo stands at the root.
pub fn is_there(paths: &[String]) -> bool {
    paths.iter().any(|path| {
        let top = !path.contains('/') && kind(path).is_some();
        top || name(path) == "Chart.yaml"
    })
}

/// A manifest, with what it states.
struct Read<'a> {
    path: &'a str,
    kind: Kind,
    stated: Stated,
    /// Where its version stands, which may be another file.
    place: String,
}

impl Read<'_> {
    fn depth(&self) -> usize {
        self.path.matches('/').count()
    }

    fn package(self, at: Option<&str>) -> Package {
        let found = self
            .stated
            .version
            .filter(|it| at.is_none_or(|at| it == at));
        let version = found.clone().or(at.map(str::to_owned));
        Package {
            kind: self.kind,
            in_workspace: self.path.contains('/'),
            dir: dir(self.path).to_owned(),
            manifest: match found {
                Some(_) => self.place,
                None => String::new(),
            },
            version: version.unwrap_or_default(),
            published: self.stated.published && !self.stated.name.is_empty(),
            name: self.stated.name,
        }
    }
}

/// The manifests of other kinds.
fn read<'a>(text: &dyn Fn(&str) -> Option<String>, paths: &'a [String]) -> Vec<Read<'a>> {
    let is_one = |path: &&String| {
        let aside = path.split('/').any(|folder| ASIDE.contains(&folder));
        kind(path).is_some() && !aside
    };
    let one = |path: &'a String| {
        let kind = kind(path)?;
        let mut stated = stated(path, &text(path)?)?;
        let mut place = path.clone();
        if kind == Kind::Ruby && stated.version.is_none() {
            let below = |it: &&String| name(it) == "version.rb" && it.starts_with(dir(path));
            let held = paths.iter().filter(below);
            let held = held.filter_map(|it| Some((it, version_in(it, &text(it)?)?)));
            if let Some((path, version)) = held.min_by_key(|(it, _)| it.matches('/').count()) {
                (place, stated.version) = (path.clone(), Some(version));
            }
        }
        // An action is used by its tag; its package is how it is built.
        let beside = |it: &str| {
            paths
                .iter()
                .any(|at| dir(at) == dir(path) && name(at) == it)
        };
        if kind == Kind::Npm && (beside("action.yml") || beside("action.yaml")) {
            stated.published = false;
        }
        Some(Read {
            path,
            kind,
            stated,
            place,
        })
    };
    paths.iter().filter(is_one).filter_map(one).collect()
}

/// Every package of another kind that has a name. One whose version stands nowhere
/// has none.
pub fn all(text: &dyn Fn(&str) -> Option<String>, paths: &[String]) -> Vec<Package> {
    let all = read(text, paths).into_iter();
    all.filter(|it| !it.stated.name.is_empty())
        .map(|it| it.package(None))
        .collect()
}

/// The package whose manifest holds this version: that of the root, else the one
/// that is called as `wanted`, else the one nearest to the root.
pub fn find(
    text: &dyn Fn(&str) -> Option<String>,
    paths: &[String],
    wanted: &str,
    at: &str,
) -> Option<Package> {
    let mut all = read(text, paths);
    all.retain(|it| it.stated.version.as_deref() == Some(at));
    all.sort_by_key(|it| {
        let called = it.stated.name.rsplit('/').next() == Some(wanted);
        let other = it.depth() > 0 && !called;
        (other, it.depth(), !it.stated.published, it.kind)
    });
    let found = all.into_iter().next();
    found.map(|it| it.package(Some(at)))
}

/// What a repository is whose tag alone is the version.
pub fn alone(name: &str, version: &str) -> Package {
    Package {
        kind: Kind::Other,
        name: name.to_owned(),
        dir: String::new(),
        manifest: String::new(),
        version: version.to_owned(),
        published: false,
        in_workspace: false,
    }
}

/// What the tag alone is of: what stands at the root, or in the folder that is
/// called so, without a version of its own.
pub fn of_tag(
    text: &dyn Fn(&str) -> Option<String>,
    paths: &[String],
    wanted: &str,
    at: &str,
) -> Package {
    let mut all = read(text, paths);
    all.retain(|it| it.depth() == 0 || name(dir(it.path)) == wanted);
    all.sort_by_key(|it| {
        let called = it.depth() > 0;
        (
            !called,
            !it.stated.published,
            it.stated.name.is_empty(),
            it.kind,
        )
    });
    let found = all.into_iter().next().map(|it| Package {
        manifest: String::new(),
        version: at.to_owned(),
        ..it.package(Some(at))
    });
    let named = found.filter(|it| !it.name.is_empty() || it.kind == Kind::Action);
    let other = alone(wanted, at);
    match named {
        Some(found) if found.name.is_empty() => Package {
            name: wanted.to_owned(),
            ..found
        },
        found => found.unwrap_or(other),
    }
}
