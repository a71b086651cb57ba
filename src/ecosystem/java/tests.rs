use super::*;
use crate::ecosystem::registry::Registry;

fn files(disk: &[(&str, &str)], release: &Release<'_>) -> Files {
    let mut files = Files::default();
    files.put_tree(disk.iter().map(|(path, _)| (*path).to_owned()).collect());
    while let Some(Wanted::Files(paths)) = wanted(&files, release) {
        for path in paths {
            let text = disk.iter().find(|(other, _)| *other == path);
            files.put(path, text.map(|(_, text)| (*text).to_owned()));
        }
    }
    files
}

fn found(disk: &[(&str, &str)]) -> Result<(Package, Vec<Question>), String> {
    let release = Release {
        repo: "caro",
        tag: "v1.0.4",
        version: "1.0.4",
        ..Release::default()
    };
    project(&files(disk, &release), &release).map(|part| part.expect("is one"))
}

/// What is raised, as far as the kind's own files go.
fn raised(package: &Package, disk: &[(&str, &str)]) -> Vec<String> {
    let mut changed = Vec::new();
    for path in package.all_manifests() {
        let (_, text) = disk.iter().find(|(other, _)| other == path).unwrap();
        let new = edit(package, path, text, "1.0.4", "1.0.5").unwrap();
        assert!(!read(package, path, &new).contains(&"1.0.4".to_owned()));
        assert_eq!(edit(package, path, &new, "1.0.5", "1.0.4").unwrap(), *text);
        let lines = text.lines().zip(new.lines());
        changed.extend(
            lines
                .filter(|(a, b)| a != b)
                .map(|(_, b)| format!("{path}:{}", b.trim())),
        );
    }
    changed
}

const PARENT: &str = "<project>\n  <groupId>test.caro</groupId>\n  <artifactId>caro-parent</artifactId>\n  <version>1.0.4</version>\n  <packaging>pom</packaging>\n  <modules>\n    <module>core</module>\n    <module>tools/pom.xml</module>\n    <module>gone</module>\n  </modules>\n  <dependencyManagement>\n    <dependencies>\n      <dependency>\n        <groupId>test.caro</groupId>\n        <artifactId>caro</artifactId>\n        <version>1.0.4</version>\n      </dependency>\n    </dependencies>\n  </dependencyManagement>\n</project>\n";
const CORE: &str = "<project>\n  <parent>\n    <groupId>test.caro</groupId>\n    <artifactId>caro-parent</artifactId>\n    <version>1.0.4</version>\n  </parent>\n  <artifactId>caro</artifactId>\n</project>\n";
const TOOLS: &str = "<project>\n  <parent>\n    <groupId>test.caro</groupId>\n    <artifactId>caro-parent</artifactId>\n    <version>1.0.4</version>\n  </parent>\n  <artifactId>caro-tools</artifactId>\n  <version>0.3.0</version>\n  <properties>\n    <maven.deploy.skip>true</maven.deploy.skip>\n  </properties>\n</project>\n";

#[test]
fn the_reactors_modules_are_raised_together() {
    let disk = [
        ("pom.xml", PARENT),
        ("core/pom.xml", CORE),
        ("tools/pom.xml", TOOLS),
        ("core/src/test/resources/x/pom.xml", "<broken"),
        ("samples/pom.xml", CORE),
    ];
    let (package, asked) = found(&disk).unwrap();
    // Project, parents of modules, and what is required of one another.
    assert_eq!(
        raised(&package, &disk),
        [
            "core/pom.xml:<version>1.0.5</version>",
            "pom.xml:<version>1.0.5</version>",
            "pom.xml:<version>1.0.5</version>",
            "tools/pom.xml:<version>1.0.5</version>",
        ]
    );
    assert_eq!(package.name, "test.caro:caro");
    let names: Vec<&str> = asked.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["test.caro:caro", "test.caro:caro-parent"]);
    assert_eq!(package.members.len(), 3);
}

#[test]
fn a_version_that_the_build_puts_in_is_the_tags() {
    for version in [
        "${revision}",
        "0.0.0-SNAPSHOT",
        "1.0.0-SNAPSHOT",
        "1.0.4-SNAPSHOT",
    ] {
        let text = PARENT.replacen("1.0.4", version, 1);
        let (package, asked) = found(&[("pom.xml", &text)]).unwrap();
        assert!(
            package.from_tag && package.all_manifests().is_empty(),
            "{version}"
        );
        assert_eq!((asked.len(), package.registry), (1, Registry::Unasked));
    }
    let text = PARENT.replacen("1.0.4", "1.1.0-SNAPSHOT", 1);
    let words = found(&[("pom.xml", &text)]).unwrap_err();
    assert!(
        words.contains("pom.xml holds there (1.1.0-SNAPSHOT)"),
        "{words}"
    );
    let words = found(&[("pom.xml", "<project>")]).unwrap_err();
    assert_eq!(words, "at v1.0.4: pom.xml: <project> is not closed");
}

#[test]
fn a_revision_is_raised_where_it_stands() {
    let parent = PARENT
        .replacen("<version>1.0.4<", "<version>${revision}<", 1)
        .replacen(
            "  <modules>",
            "  <properties>\n    <revision>1.0.4</revision>\n  </properties>\n  <modules>",
            1,
        )
        .replace(
            "        <version>1.0.4<",
            "        <version>${project.version}<",
        );
    let core = CORE.replace("1.0.4", "${revision}");
    let disk = [("pom.xml", parent.as_str()), ("core/pom.xml", &core)];
    let (package, _) = found(&disk).unwrap();
    assert_eq!(
        raised(&package, &disk),
        ["pom.xml:<revision>1.0.5</revision>"]
    );
    assert_eq!(package.own.len(), 2);
}

#[test]
fn a_snapshot_is_nothing_that_a_forward_port_raises() {
    for (base, number, is) in [
        ("1.0.4", "1.0.5", Some(true)),
        ("1.0.5-SNAPSHOT", "1.0.5", Some(false)),
        ("1.1.0-SNAPSHOT", "1.0.5", Some(false)),
        ("1.0.4", "1.0.5-SNAPSHOT", None),
    ] {
        assert_eq!(is_above(base, number), is, "{base} {number}");
    }
}

#[test]
fn gradle_by_what_is_assigned() {
    let disk = [
        (
            "build.gradle.kts",
            "allprojects {\n  group = \"test.caro\"\n  version = \"1.0.4\"\n}\n",
        ),
        (
            "gradle.properties",
            "org.gradle.caching=true\nVERSION_NAME=1.0.4\n",
        ),
        ("settings.gradle.kts", "rootProject.name = \"lantern\"\n"),
        ("core/build.gradle.kts", "version = \"9.9.9\"\n"),
        ("buildSrc/build.gradle.kts", "version = \"1.0.4\"\n"),
    ];
    let (package, _) = found(&disk).unwrap();
    assert_eq!(package.name, "lantern");
    assert_eq!(
        raised(&package, &disk),
        [
            "build.gradle.kts:version = \"1.0.5\"",
            "gradle.properties:VERSION_NAME=1.0.5"
        ]
    );
    let by_tag = [(
        "build.gradle",
        "plugins {\n  id 'com.palantir.git-version' version '3'\n}\nversion gitVersion()\n",
    )];
    assert!(found(&by_tag).unwrap().0.from_tag);
    let words = found(&[("build.gradle", "version = '2.0.0'\n")]).unwrap_err();
    assert!(
        words.contains("build.gradle holds there (2.0.0)"),
        "{words}"
    );
}

#[test]
fn what_is_required_otherwise_is_named() {
    let dependency = |version: &str| {
        format!(
            "<project><artifactId>caro</artifactId><dependencies><dependency><groupId>test.other</groupId><artifactId>other</artifactId><version>{version}</version></dependency></dependencies></project>"
        )
    };
    let found = changed("pom.xml", &dependency("1"), &dependency("2"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "test.other:other");
    let found = changed(
        "build.gradle",
        "api 'a:b:1'\n",
        "api 'a:b:1'\napi 'a:c:2'\n",
    );
    assert_eq!((found.len(), found[0].after.as_deref()), (1, Some("2")));
}
