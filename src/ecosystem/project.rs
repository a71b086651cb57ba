//! Finding out what is released.

use std::collections::BTreeSet;

use super::files::{Files, Wanted};
use super::kind::Kind;
use super::package::Package;
use super::python;
use super::registry::{self, Answer, Question, Registry, Repository};
use super::tasks::Release;
use super::{by_kind, changelogs, recognise};

/// What is released, before the registry was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    package: Package,
    /// The names that may be on the registry, the product's first.
    pub questions: Vec<Question>,
}

/// What the registry has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The versions of all that is released: their numbers are taken.
    pub taken: BTreeSet<String>,
    /// Those of the product that users can get.
    pub standing: Vec<String>,
}

impl Project {
    /// What is released, where the registries answer so; and what is published
    /// there. Of a kind the first that is ours lends the name, unless the package
    /// itself is there.
    pub fn answered(self, answers: &[Answer], repository: &Repository) -> (Package, Published) {
        let Project {
            mut package,
            questions,
        } = self;
        let mut beside = std::mem::take(&mut package.beside);
        let mut published = Published::default();
        published.standing = of_part(
            &mut package,
            &questions,
            answers,
            repository,
            &mut published,
        );
        for part in &mut beside {
            of_part(part, &questions, answers, repository, &mut published);
        }
        package.beside = beside;
        (package, published)
    }
}

/// What a registry has of its kind; the versions of the product that users can
/// get.
fn of_part(
    part: &mut Package,
    questions: &[Question],
    answers: &[Answer],
    repository: &Repository,
    published: &mut Published,
) -> Vec<String> {
    let mut first: Option<(&Answer, Registry)> = None;
    for question in questions.iter().filter(|it| it.registry == part.kind) {
        let same = |it: &&Answer| it.name == question.name && it.registry == question.registry;
        let Some(answer) = answers.iter().find(same) else {
            continue;
        };
        let registry = registry::identity(question, answer, repository);
        if registry.is_ours() {
            published.taken.extend(answer.versions.iter().cloned());
            part.published.push(question.name.clone());
        }
        let better = |(_, known): &(&Answer, Registry)| registry.is_ours() && !known.is_ours();
        if first.as_ref().is_none_or(better) {
            first = Some((answer, registry));
        }
    }
    part.on_registry = !part.published.is_empty();
    let Some((answer, registry)) = first else {
        return Vec::new();
    };
    let ours = registry.is_ours();
    // What the manifest forbids holds until the registry shows otherwise.
    if ours || part.registry != Registry::Private {
        part.registry = registry;
    }
    if !ours {
        return Vec::new();
    }
    part.name.clone_from(&answer.name);
    answer.standing().cloned().collect()
}

/// What is to be read at the release's commit; to be asked again with what was
/// read, until nothing is wanted any more.
pub fn wanted(files: &Files, release: &Release<'_>) -> Option<Wanted> {
    if release.kinds == [Kind::Generic] {
        let package = of_kinds(files, release).ok()?.package;
        return changelogs::wanted(files, release, &package);
    }
    let Some(tree) = files.tree() else {
        return Some(Wanted::Tree);
    };
    let kinds = recognise::kinds(tree, release);
    let of_kind = kinds
        .iter()
        .filter_map(|kind| by_kind::wanted(*kind, files, release));
    let mut paths = Vec::new();
    for wanted in of_kind {
        match wanted {
            Wanted::Tree => return Some(Wanted::Tree),
            Wanted::Files(all) => paths.extend(all),
        }
    }
    paths.sort();
    paths.dedup();
    if !paths.is_empty() {
        return Some(Wanted::Files(paths));
    }
    let package = of_kinds(files, release).ok()?.package;
    let other = package.kind == Kind::Generic || may_be_another(&package, tree);
    let more = Some(Kind::Generic).filter(|_| other);
    let more = more.and_then(|kind| by_kind::wanted(kind, files, release));
    more.or_else(|| changelogs::wanted(files, release, &package))
}

/// What is released, once [`wanted`] wants no more.
///
/// # Errors
/// In words, with the tag, why there is no version that could be raised.
pub fn project(files: &Files, release: &Release<'_>) -> Result<Project, String> {
    let mut project = of_kinds(files, release)?;
    let package = &mut project.package;
    (package.changelogs, package.left_alone) = changelogs::found(files, release, package);
    package.changelog = package.changelogs.first().map(|log| log.path.clone());
    Ok(project)
}

/// What one kind has.
type Part = (Package, Vec<Question>);

/// Whether something else stands at the root, above what does not hold the version.
fn may_be_another(package: &Package, tree: &[String]) -> bool {
    let below = recognise::depth(package.kind, tree) > 0;
    package.from_tag && !package.kind.is_by_tag() && below && recognise::is_other(tree)
}

/// What is released of all kinds, without its changelogs. Of several kinds those
/// that hold the version are released together. Where none does, the tag is the
/// version of the first that lets it be.
fn of_kinds(files: &Files, release: &Release<'_>) -> Result<Project, String> {
    let tree = files.tree().unwrap_or_default();
    if let Some(words) = recognise::unsupported(tree, release) {
        return Err(words);
    }
    let kinds = recognise::kinds(tree, release);
    let mut found: Vec<(usize, Part)> = Vec::new();
    let mut wrong: Option<(usize, String)> = None;
    for kind in kinds {
        let depth = recognise::depth(kind, tree);
        match by_kind::project(kind, files, release) {
            Ok(part) => found.extend(part.map(|part| (depth, part))),
            // What is written was meant.
            Err(words) if !release.kinds.is_empty() => return Err(words),
            Err(words) if wrong.as_ref().is_none_or(|(at, _)| depth < *at) => {
                wrong = Some((depth, words));
            }
            Err(_) => {}
        }
    }
    if release.kinds.is_empty() {
        let holds = |(_, part): &&(usize, Part)| !part.0.from_tag;
        let top = found.iter().filter(holds).map(|(depth, _)| *depth).min();
        // What stands above all that holds the version, and holds it not, may be
        // what the tag is of.
        let above = |depth: usize| top.is_none_or(|top| depth < top);
        // Below what is released by its tag, or beside it, it is something else.
        let least = |is_one: fn(&Part) -> bool| {
            let all = found.iter().filter(|(_, part)| is_one(part));
            all.map(|(depth, _)| *depth).min()
        };
        let by_tag = least(|part| part.0.kind.is_by_tag());
        let all = least(|_| true);
        let is_said = |depth: usize| {
            by_tag.is_none_or(|by_tag| depth < by_tag) && all.is_none_or(|all| depth <= all)
        };
        if let Some((_, words)) = wrong.filter(|(depth, _)| top.is_none() && is_said(*depth)) {
            return Err(words);
        }
        let beside = |depth, kind: Kind| kind.is_by_tag() && Some(depth) == top;
        // A crate that holds the version may be how a package for Python is built.
        let of_crate = |part: &Part| {
            let text = files.get(&part.0.manifest);
            let is = part.0.kind == Kind::Python && text.is_some_and(python::is_of_crate);
            is && top.is_some()
        };
        found.retain(|(depth, part)| {
            let kept = above(*depth) || beside(*depth, part.0.kind) || of_crate(part);
            !part.0.from_tag || kept
        });
        // The package of an action is how it is built.
        found.sort_by_key(|(depth, part)| (*depth, part.0.kind != Kind::Action));
        if top.is_none() {
            found.truncate(1);
        }
    }
    // What is there of a kind may be the tools of something else.
    if found.is_empty() && release.kinds.is_empty() && recognise::is_other(tree) {
        let part = by_kind::project(Kind::Generic, files, release)?;
        found.extend(part.map(|part| (0, part)));
    }
    // So may what stands below a manifest that holds the version itself.
    if let [(_, (package, _))] = found.as_slice()
        && release.kinds.is_empty()
        && may_be_another(package, tree)
        && let Some(part) = by_kind::project(Kind::Generic, files, release)?
        && !part.0.from_tag
    {
        found = vec![(0, part)];
    }
    let mut parts = found.into_iter().map(|(_, part)| part);
    let Some((mut package, mut questions)) = parts.next() else {
        return Err(recognise::nothing_released(tree, release));
    };
    for (part, asked) in parts {
        package.beside.push(part);
        questions.extend(asked);
    }
    Ok(Project { package, questions })
}

/// The files that are usually wanted first, each at the root.
pub fn usual() -> Vec<&'static str> {
    let mut all: Vec<&str> = Kind::ALL
        .iter()
        .flat_map(|kind| by_kind::roots(*kind))
        .copied()
        .collect();
    all.extend(["Cargo.lock", "CHANGELOG.md"]);
    all
}

/// The files at the root that may name the package, in the order in which they
/// are believed.
pub fn roots(kinds: &[Kind]) -> Vec<(Kind, &'static str)> {
    let kinds = match kinds {
        [] => &Kind::ALL,
        kinds => kinds,
    };
    let mut all = Vec::new();
    for kind in kinds {
        all.extend(by_kind::roots(*kind).iter().map(|path| (*kind, *path)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARGO: &str = "[package]\nname = 'pond'\nversion = '1.0.4'\n";
    const NPM: &str = r#"{"name": "@pond/pond", "version": "1.0.4"}"#;
    const TOOLS: &str = r#"{"name": "tools", "private": true}"#;

    fn of(disk: &[(&str, &str)], kinds: &[Kind]) -> Result<Project, String> {
        let release = Release {
            repo: "pond",
            tag: "v1.0.4",
            version: "1.0.4",
            kinds,
            ..Release::default()
        };
        let mut files = Files::default();
        while let Some(wanted) = wanted(&files, &release) {
            match wanted {
                Wanted::Tree => files.put_tree(disk.iter().map(|it| it.0.to_owned()).collect()),
                Wanted::Files(paths) => {
                    for path in paths {
                        let found = disk.iter().find(|(other, _)| *other == path);
                        files.put(path.clone(), found.map(|(_, text)| (*text).to_owned()));
                    }
                }
            }
        }
        project(&files, &release)
    }

    /// The samples of another kind are not the product, whose manifest holds the
    /// version.
    #[test]
    fn what_stands_below_a_manifest_that_holds_the_version_is_not_released() {
        let disk = [
            ("pubspec.yaml", "name: workspace\n"),
            ("pond/pubspec.yaml", "name: pond\nversion: 1.0.4\n"),
            ("pond/CHANGELOG.md", "# Log\n\n## 1.0.4\n\n- a\n"),
            ("app/android/build.gradle", "buildscript {}\n"),
        ];
        let package = of(&disk, &[]).unwrap().package;
        assert_eq!(package.kind, Kind::Generic);
        assert_eq!(package.manifests, ["pond/pubspec.yaml"]);
        assert_eq!(package.changelog.as_deref(), Some("pond/CHANGELOG.md"));
        let history = [
            disk[1],
            (
                "docs/versionhistory.rst",
                "Log\n===\n\n**1.0.4**\n\n- a\n\n**1.0.3**\n\n- b\n",
            ),
        ];
        let package = of(&history, &[]).unwrap().package;
        assert_eq!(
            package.changelog.as_deref(),
            Some("docs/versionhistory.rst")
        );
        // Where nothing holds it, the tag is the version of what is there.
        let tagged = [disk[0], disk[3]];
        let package = of(&tagged, &[]).unwrap().package;
        assert!(package.from_tag && package.kind == Kind::Java);
    }

    /// The registry shows what a private manifest hides; where it does not, what the
    /// manifest says holds.
    #[test]
    fn a_private_name_is_ours_where_the_registry_says_so() {
        let private = r#"{"name": "pond", "private": true, "version": "1.0.4"}"#;
        let repository = Repository {
            page: "https://hub.test/harbour/pond".to_owned(),
            ..Repository::default()
        };
        let answer = |versions: &[&str], link: &str| Answer {
            registry: Kind::Npm,
            name: "pond".to_owned(),
            versions: versions.iter().map(|it| (*it).to_owned()).collect(),
            link: Some(link.to_owned()),
            ..Answer::default()
        };
        for (answers, expected) in [
            (vec![answer(&["1.0.4"], &repository.page)], Registry::Ours),
            (
                vec![answer(&["1.0.4"], "https://hub.test/pier/pond")],
                Registry::Private,
            ),
            (
                vec![answer(&["0.9.0"], &repository.page)],
                Registry::Private,
            ),
            (vec![answer(&[], "")], Registry::Private),
            (vec![], Registry::Private),
        ] {
            let project = of(&[("package.json", private)], &[]).unwrap();
            let (package, _) = project.answered(&answers, &repository);
            let ours = expected == Registry::Ours;
            assert_eq!((package.registry, package.on_registry), (expected, ours));
        }
    }

    #[test]
    fn the_kinds_that_hold_the_version_are_released_together() {
        let other = NPM.replace("1.0.4", "2.0.0");
        let kinds = |disk: &[(&str, &str)], kinds: &[Kind]| {
            let found = of(disk, kinds)?;
            let parts = found.package.parts().map(|part| part.kind);
            Ok::<Vec<Kind>, String>(parts.collect())
        };
        let cargo = ("Cargo.toml", CARGO);
        let both = [cargo, ("package.json", NPM)];
        assert_eq!(kinds(&both, &[]), Ok(vec![Kind::Cargo, Kind::Npm]));
        // Its version is the crate's.
        let wheel = "[project]\nname = 'pond'\ndynamic = ['version']\n[build-system]\nbuild-backend = 'maturin'\n";
        let built = [cargo, ("pyproject.toml", wheel)];
        assert_eq!(kinds(&built, &[]), Ok(vec![Kind::Cargo, Kind::Python]));
        let other_crate = CARGO.replace("1.0.4", "2.0.0");
        let ahead = [
            ("Cargo.toml", other_crate.as_str()),
            ("pyproject.toml", wheel),
        ];
        assert!(kinds(&ahead, &[]).is_err());
        let npm_first = [Kind::Npm, Kind::Cargo];
        assert_eq!(kinds(&both, &npm_first), Ok(npm_first.to_vec()));
        assert_eq!(kinds(&both, &[Kind::Npm]), Ok(vec![Kind::Npm]));
        assert_eq!(kinds(&both, &[Kind::Generic]), Ok(vec![Kind::Generic]));
        // The one that stands higher leads.
        let below = [("rust/Cargo.toml", CARGO), ("package.json", NPM)];
        assert_eq!(kinds(&below, &[]), Ok(vec![Kind::Npm, Kind::Cargo]));
        // What holds another version, or none, is none of the release.
        for npm in [other.as_str(), TOOLS] {
            let disk = [cargo, ("package.json", npm)];
            assert_eq!(kinds(&disk, &[]), Ok(vec![Kind::Cargo]));
        }
        // Unless the configuration says so: then it is asked.
        let disk = [cargo, ("package.json", other.as_str())];
        assert!(kinds(&disk, &npm_first).is_err());
        // Its tools beside something else: that is released.
        let beside = [
            ("package.json", TOOLS),
            ("mix.exs", "  version: \"1.0.4\",\n"),
        ];
        assert_eq!(kinds(&beside, &[]), Ok(vec![Kind::Generic]));
        let package = of(&beside, &[]).unwrap().package;
        assert_eq!(package.all_manifests(), ["mix.exs"]);
        let words = kinds(&[("package.json", TOOLS)], &[]).unwrap_err();
        let named = "v1.0.4 looks like an npm package (package.json), which is not released. ";
        assert!(words.starts_with(named), "{words}");
        let words = kinds(&both, &[Kind::Helm]);
        drop(words);
    }

    #[test]
    fn each_registry_answers_for_its_kind() {
        let found = of(&[("Cargo.toml", CARGO), ("package.json", NPM)], &[]).unwrap();
        let repository = Repository {
            page: "https://github.com/pond/pond".to_owned(),
            ..Repository::default()
        };
        let answer = |registry, name: &str, versions: &[&str]| Answer {
            registry,
            name: name.to_owned(),
            versions: versions.iter().map(|it| (*it).to_owned()).collect(),
            link: Some(repository.page.clone()),
            ..Answer::default()
        };
        let answers = [
            answer(Kind::Npm, "@pond/pond", &["1.0.4", "1.0.6"]),
            answer(Kind::Cargo, "pond", &["1.0.4"]),
        ];
        let (package, published) = found.answered(&answers, &repository);
        assert_eq!(package.published, ["pond"]);
        assert_eq!(package.beside[0].published, ["@pond/pond"]);
        assert_eq!(published.standing, ["1.0.4"]);
        let taken: Vec<_> = published.taken.into_iter().collect();
        assert_eq!(taken, ["1.0.4", "1.0.6"]);
    }

    fn found(disk: &[(&str, &str)], tag: &str, version: &str) -> Result<Package, String> {
        let release = Release {
            repo: "caro",
            tag,
            version,
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
        project(&files, &release).map(|project| project.package)
    }

    #[test]
    fn what_is_below_an_action_is_its_tool() {
        let disk = [
            ("action.yml", "name: caro\n"),
            (
                "tests/Cargo.toml",
                "[package]\nname = 'x'\nversion = '0.1.0'\n",
            ),
            (
                "tool/pom.xml",
                "<project><groupId>a</groupId><artifactId>b</artifactId><version>3.0</version></project>",
            ),
        ];
        let package = found(&disk, "v2.9.1", "2.9.1").unwrap();
        assert_eq!((package.kind, package.beside.len()), (Kind::Action, 0));
        let words = found(&disk[2..], "v2.9.1", "2.9.1").unwrap_err();
        assert!(words.contains("tool/pom.xml holds there (3.0)"), "{words}");
    }

    #[test]
    fn a_chart_is_raised_with_the_program_that_it_brings() {
        let disk = [
            ("go.mod", "module example.test/a/caro\n"),
            ("main.go", "package main\n"),
            (
                "charts/caro/Chart.yaml",
                "name: caro\nversion: 3.1.0\nappVersion: v1.0.4\n",
            ),
        ];
        let package = found(&disk, "v1.0.4", "1.0.4").unwrap();
        assert_eq!(package.kind, Kind::Go);
        let beside: Vec<_> = package.beside.iter().map(|it| it.kind).collect();
        assert_eq!(beside, [Kind::Helm]);
        let texts: super::super::files::Texts<'_> = disk.into_iter().collect();
        let raised = super::super::bump::raise(&texts, &package, "1.0.5").unwrap();
        assert_eq!(
            raised.files,
            [(
                "charts/caro/Chart.yaml".to_owned(),
                "name: caro\nversion: 3.1.1\nappVersion: v1.0.5\n".to_owned()
            )]
        );
        // One that follows later is left for then.
        let later = [
            disk[0],
            disk[1],
            (
                disk[2].0,
                "name: caro\nversion: 3.1.0\nappVersion: v1.0.3\n",
            ),
        ];
        assert!(found(&later, "v1.0.4", "1.0.4").unwrap().beside.is_empty());
    }

    #[test]
    fn what_holds_the_version_lends_the_name() {
        let disk = [
            ("go.mod", "module example.test/a/caro\n"),
            (
                "Cargo.toml",
                "[package]\nname = 'caro'\nversion = '1.0.4'\n",
            ),
        ];
        let package = found(&disk, "v1.0.4", "1.0.4").unwrap();
        assert_eq!((package.kind, package.beside.len()), (Kind::Cargo, 1));
    }
}
