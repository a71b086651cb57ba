//! Which chart is released.

use super::chart::{self, Chart};
use crate::ecosystem::files::{Files, Wanted};
use crate::ecosystem::kind::Kind;
use crate::ecosystem::naming;
use crate::ecosystem::package::{Member, Package};
use crate::ecosystem::paths;
use crate::ecosystem::registry::{Question, Registry};
use crate::ecosystem::tasks::Release;

/// A manifest's name.
pub const MANIFEST: &str = "Chart.yaml";
/// Of so many charts the manifest is read.
const CHARTS: usize = 100;

/// Whether a path is a chart's manifest, and not that of one that another chart
/// brings along, or of a sample.
pub fn is_manifest(path: &str) -> bool {
    let Some(folder) = path.strip_suffix(MANIFEST) else {
        return false;
    };
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let aside = |part: &&str| matches!(*part, "templates" | "test" | "tests");
    let charts = parts.iter().filter(|part| **part == "charts").count();
    let whole = folder.is_empty() || folder.ends_with('/');
    // `charts/a/charts/b` came along with `a`; so did `a/charts/b`, where it is one.
    whole && charts < 2 && !parts.iter().any(aside) && !paths::is_aside(path)
}

/// The charts.
pub fn wanted(files: &Files, _release: &Release<'_>) -> Option<Wanted> {
    let all = files.tree()?.iter().filter(|path| is_manifest(path));
    let all = all.take(CHARTS).filter(|path| !files.was_read(path));
    let paths: Vec<String> = all.cloned().collect();
    (!paths.is_empty()).then_some(Wanted::Files(paths))
}

/// A chart and its path.
type Found<'f> = (&'f str, Chart);

/// The chart, or the one that brings the application whose release it is; none
/// where no chart has to do with it.
///
/// # Errors
/// In words, with the tag, where several may be meant.
pub fn project(
    files: &Files,
    release: &Release<'_>,
) -> Result<Option<(Package, Vec<Question>)>, String> {
    let all = files.iter().filter(|(path, _)| is_manifest(path));
    let charts: Vec<Found<'_>> = all.map(|(path, text)| (path, chart::read(text))).collect();
    let Some((path, chart)) = product(&charts, release)? else {
        return Ok(None);
    };
    let is_held = holds(chart, release.version);
    let members = charts.iter().map(|(other, chart)| Member {
        name: name(other, chart, release).to_owned(),
        manifest: (*other).to_owned(),
        version: own(chart).unwrap_or_default().to_owned(),
        released: other == path && own(chart) == Some(release.version),
        // With its application's number it comes along.
        publish: other != path,
    });
    let name = name(path, chart, release).to_owned();
    let package = Package {
        kind: Kind::Helm,
        own: vec![name.clone()],
        name,
        manifest: (*path).to_owned(),
        manifests: is_held.then(|| (*path).to_owned()).into_iter().collect(),
        members: members.collect(),
        from_tag: !is_held,
        program: Some(false),
        registry: Registry::ByTag,
        ..Package::default()
    };
    Ok(Some((package, Vec::new())))
}

/// The chart whose release it is: by the name in the tag, by its own number, by
/// its application's.
fn product<'c, 'f>(
    charts: &'c [Found<'f>],
    release: &Release<'_>,
) -> Result<Option<&'c Found<'f>>, String> {
    let folder = |path: &str| path.strip_suffix(MANIFEST).unwrap_or_default().to_owned();
    let is_called = |(path, chart): &&Found<'_>| {
        let folder = folder(path);
        let last = folder.trim_end_matches('/').rsplit('/').next();
        let name = chart.name.as_ref().map(|it| it.value.as_str());
        let mut names = name.into_iter().chain(last);
        names.any(|name| !name.is_empty() && naming::is_named(release, name))
    };
    let of = |is_one: &dyn Fn(&&Found<'_>) -> bool| -> Vec<&'c Found<'f>> {
        charts.iter().filter(is_one).collect()
    };
    let called = of(&is_called);
    let owning = of(&|(_, chart)| own(chart) == Some(release.version));
    let holding = of(&|(_, chart)| holds(chart, release.version));
    match (called.as_slice(), owning.as_slice(), holding.as_slice()) {
        ([one], _, _) | (_, [one], _) | (_, [], [one]) => Ok(Some(one)),
        (_, [], []) => {
            let placeholder =
                |(_, chart): &&Found<'_>| own(chart).is_some_and(naming::is_placeholder);
            Ok(charts.iter().find(placeholder))
        }
        (_, [], several) | (_, several, _) => {
            let root = several.iter().find(|(path, _)| *path == MANIFEST);
            let names: Vec<&str> = several.iter().map(|(path, _)| *path).collect();
            root.copied().map(Some).ok_or_else(|| {
                format!(
                    "at {}: {} hold {}: I do not know which of these charts is released",
                    release.tag,
                    names.join(", "),
                    release.version
                )
            })
        }
    }
}

fn own(chart: &Chart) -> Option<&str> {
    chart.version.as_ref().map(|version| version.value.as_str())
}

fn holds(chart: &Chart, version: &str) -> bool {
    own(chart) == Some(version) || chart.application() == Some(version)
}

fn name<'a>(path: &'a str, chart: &'a Chart, release: &Release<'a>) -> &'a str {
    let folder = path.strip_suffix(MANIFEST).unwrap_or_default();
    let folder = folder.trim_end_matches('/').rsplit('/').next();
    let name = chart.name.as_ref().map(|it| it.value.as_str());
    let folder = folder.filter(|folder| !folder.is_empty());
    name.or(folder).unwrap_or(release.repo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(disk: &[(&str, &str)], tag: &str, version: &str) -> Result<Option<Package>, String> {
        let mut files = Files::default();
        let release = Release {
            repo: "caro",
            tag,
            version,
            ..Release::default()
        };
        files.put_tree(disk.iter().map(|(path, _)| (*path).to_owned()).collect());
        while let Some(Wanted::Files(paths)) = wanted(&files, &release) {
            for path in paths {
                let text = disk.iter().find(|(other, _)| *other == path);
                files.put(path, text.map(|(_, text)| (*text).to_owned()));
            }
        }
        Ok(project(&files, &release)?.map(|(package, _)| package))
    }

    #[test]
    fn the_tag_or_the_number_names_the_chart() {
        let disk = [
            (
                "charts/caro/Chart.yaml",
                "name: caro\nversion: 1.0.4\nappVersion: v2.0.1\n",
            ),
            (
                "charts/lantern/Chart.yaml",
                "name: lantern\nversion: 3.1.0\nappVersion: 2.0.0\n",
            ),
            (
                "charts/caro/charts/redis/Chart.yaml",
                "name: redis\nversion: 1.0.4\n",
            ),
        ];
        for (tag, version, manifest) in [
            ("caro-1.0.4", "1.0.4", "charts/caro/Chart.yaml"),
            ("v1.0.4", "1.0.4", "charts/caro/Chart.yaml"),
            ("lantern-3.1.0", "3.1.0", "charts/lantern/Chart.yaml"),
            (
                "lantern-helm-chart-3.1.0",
                "3.1.0",
                "charts/lantern/Chart.yaml",
            ),
            // The application's own.
            ("v2.0.1", "2.0.1", "charts/caro/Chart.yaml"),
        ] {
            let package = found(&disk, tag, version).unwrap().unwrap();
            assert_eq!(
                (package.manifest.as_str(), package.from_tag),
                (manifest, false),
                "{tag}"
            );
            assert_eq!(package.all_manifests(), [manifest]);
            assert_eq!(package.members.len(), 2);
        }
        assert_eq!(found(&disk, "v9.0.0", "9.0.0").unwrap(), None);
        let at_publishing = [("Chart.yaml", "name: caro\nversion: 0.0.0\n")];
        let package = found(&at_publishing, "v9.0.0", "9.0.0").unwrap().unwrap();
        assert!(package.from_tag && package.all_manifests().is_empty());
    }

    #[test]
    fn several_of_one_number_are_a_question() {
        let disk = [
            ("a/Chart.yaml", "name: a\nversion: 1.0.4\n"),
            ("b/Chart.yaml", "name: b\nversion: 1.0.4\n"),
        ];
        let words = found(&disk, "v1.0.4", "1.0.4").unwrap_err();
        assert!(
            words.contains("a/Chart.yaml, b/Chart.yaml hold 1.0.4"),
            "{words}"
        );
        assert_eq!(
            found(&disk, "b-1.0.4", "1.0.4").unwrap().unwrap().manifest,
            "b/Chart.yaml"
        );
    }
}
