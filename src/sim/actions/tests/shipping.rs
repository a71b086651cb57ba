//! What success does: the registry and the release.

use serde_json::Map;

use super::stage;
use crate::sim::actions::dispatch::dispatch;
use crate::sim::actions::listen::on_release;

#[test]
fn a_publish_puts_the_tagged_manifest_on_the_registry() {
    let mut s = stage(&[]);
    s.world.index_lag_ms = 60_000;
    s.push_tag("v1.0.5");
    s.pass(174_999);
    assert!(s.world.registry.version("caro", "1.0.5").is_none());
    s.pass(1);
    let version = s.world.registry.version("caro", "1.0.5").unwrap();
    assert!(!version.file.is_empty());
    assert_eq!(
        version.in_index(s.world.now()),
        None,
        "the index follows later"
    );
    s.pass(60_000);
    let version = s.world.registry.version("caro", "1.0.5").unwrap();
    assert_eq!(version.in_index(s.world.now()), Some(false));
    let published = format!("published caro 1.0.5 from {}", s.head);
    assert!(s.inferred().contains(&published), "{:?}", s.inferred());
}

#[test]
fn a_version_that_exists_fails_the_job() {
    let mut s = stage(&[]);
    s.world
        .registry
        .publish_existing(0, "caro", "1.0.5")
        .unwrap();
    s.push_tag("v1.0.5");
    s.pass(200_000);
    assert_eq!(
        s.run_of("publish.yml").conclusion.as_deref(),
        Some("failure")
    );
    assert!(s.inferred().iter().any(|i| i.contains("already uploaded")));
}

#[test]
fn a_release_is_drafted_filled_and_published() {
    let listening = "on:\n  release:\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n";
    let mut s = stage(&[(".github/workflows/released.yml", listening)]);
    s.push_tag("v1.0.5");
    // Build and release take half of the three minutes each; the release's
    // three effects come 10 s apart before its end.
    let at = |s: &super::Stage| {
        let all = &s.world.repos[&s.repo].releases;
        all.any_by_tag("v1.0.5").map(|r| (r.draft, r.assets.len()))
    };
    s.pass(5_000 + 180_000 - 30_001);
    assert_eq!(at(&s), None);
    s.pass(1);
    assert_eq!(at(&s), Some((true, 0)));
    assert!(
        s.world.repos[&s.repo].releases.by_tag("v1.0.5").is_none(),
        "drafts have no tag page"
    );
    s.pass(10_000);
    assert_eq!(at(&s), Some((true, 2)));
    s.pass(10_000);
    assert_eq!(at(&s), Some((false, 2)));
    let releases = &s.world.repos[&s.repo].releases;
    let release = releases.by_tag("v1.0.5").unwrap();
    let names: Vec<_> = release.assets.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(
        names,
        ["caro-1.0.5-linux.tar.gz", "caro-1.0.5-linux.tar.gz.sha256"]
    );
    assert_eq!(releases.latest().unwrap().tag, "v1.0.5");
    assert_eq!(s.world.users[&release.author].login, "github-actions[bot]");
    let started = s.runs().iter().any(|r| r.path.ends_with("released.yml"));
    assert!(!started, "GITHUB_TOKEN starts no further runs");
    // By a person it does.
    let who = s.owner();
    on_release(&mut s.world, s.repo, "v1.0.5", "published", &who);
    assert_eq!(s.run_of("released.yml").event, "release");
}

/// Nobody knows what the releases that there are had: names were made up for them.
#[test]
fn what_is_uploaded_by_its_name_comes_with_files_like_those_that_were_made_up() {
    let file = "on: {push: {tags: ['v*']}}\njobs:\n  ship:\n    runs-on: x\n    steps:\n      - uses: svenstaro/upload-release-action@v2\n        with: {file: a.zip, asset_name: caro-x86_64.zip}\n";
    for made_up in [false, true] {
        let mut s = stage(&[(".github/workflows/release.yml", file)]);
        s.world.run_settings(s.repo).unwrap().names_made_up = made_up;
        s.push_tag("v1.0.5");
        s.pass(300_000);
        let release = s.world.repos[&s.repo].releases.by_tag("v1.0.5").unwrap();
        let mut names: Vec<_> = release.assets.iter().map(|a| a.name.as_str()).collect();
        names.sort_unstable();
        let mut expected = vec!["caro-x86_64.zip"];
        if made_up {
            expected.insert(0, "caro-1.0.5-linux.tar.gz.sha256");
            expected.insert(0, "caro-1.0.5-linux.tar.gz");
        }
        assert_eq!(names, expected);
    }
}

/// One workflow for tests and release, as many repositories have it.
const BOTH: &str = "name: Both\non:\n  workflow_dispatch:\n  push:\n    branches: [main]\n    tags: ['v*']\njobs:\n  build:\n    runs-on: x\n    steps:\n      - id: is-release\n        run: echo IS_RELEASE=true >> $GITHUB_OUTPUT\n      - uses: softprops/action-gh-release@v2\n        if: steps.is-release.outputs.IS_RELEASE\n        with:\n          files: a.zip\n";

#[test]
fn a_guarded_release_stays_out_of_every_run_that_is_about_no_tag() {
    let path = ".github/workflows/both.yml";
    let mut s = stage(&[(path, BOTH)]);
    let who = s.owner();
    let head = s.head.clone();
    dispatch(&mut s.world, s.repo, path, "main", &Map::new(), &who).unwrap();
    s.pass(300_000);
    assert_eq!(s.run_of("both.yml").conclusion.as_deref(), Some("success"));
    s.push("refs/heads/main", &head);
    s.pass(300_000);
    assert!(!s.inferred().iter().any(|what| what.contains("release")));
    s.push_tag("v1.0.5");
    s.pass(300_000);
    let release = s.world.repos[&s.repo].releases.by_tag("v1.0.5").unwrap();
    assert!(release.assets.iter().any(|a| a.name == "a.zip"));
}

#[test]
fn a_tag_that_only_the_real_run_would_know_breaks_no_job() {
    let told = "name: Told\non:\n  workflow_dispatch:\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: gh release create \"$(cat version)\" a.zip\n";
    let path = ".github/workflows/told.yml";
    let mut s = stage(&[(path, told)]);
    let who = s.owner();
    dispatch(&mut s.world, s.repo, path, "main", &Map::new(), &who).unwrap();
    s.pass(300_000);
    assert_eq!(s.run_of("told.yml").conclusion.as_deref(), Some("success"));
    let said = s.inferred();
    assert!(
        said.iter().all(|what| what.contains("left alone")),
        "{said:?}"
    );
    assert_eq!(said.len(), 3);
}

#[test]
fn a_guard_on_the_name_of_a_repository_that_is_not_known_holds_nothing_up() {
    let guarded = "name: Own\non:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    if: github.repository_owner == 'harbour'\n    runs-on: x\n    steps:\n      - run: make\n";
    for (nameless, end) in [(false, "skipped"), (true, "success")] {
        let mut s = stage(&[(".github/workflows/own.yml", guarded)]);
        s.world.run_settings(s.repo).unwrap().nameless = nameless;
        s.push_tag("v1.0.5");
        s.pass(300_000);
        assert_eq!(s.run_of("own.yml").conclusion.as_deref(), Some(end));
    }
}

/// Files of packages beside Cargo's, and a workflow that publishes each.
const PACKAGES: &[(&str, &str)] = &[
    (
        ".github/workflows/packages.yml",
        "name: Packages\non:\n  push:\n    tags: ['v*']\njobs:\n  all:\n    runs-on: x\n    steps:\n      - run: npm publish --tag latest-4\n        working-directory: js\n      - run: npm publish --dry-run\n      - uses: pypa/gh-action-pypi-publish@release/v1\n      - run: gem push caro.gem\n      - run: mvn -B deploy\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: ghcr.test/harbour/caro:1.0.5\n      - uses: helm/chart-releaser-action@v1\n",
    ),
    (
        "js/package.json",
        "{\"name\":\"@harbour/caro\",\"version\":\"4.0.1\"}",
    ),
    (
        "pyproject.toml",
        "[project]\nname = \"Caro_Py\"\ndynamic = [\"version\"]\n",
    ),
    (
        "caro.gemspec",
        "Gem::Specification.new do |s|\n  s.name = 'caro'\n  s.version = Caro::VERSION\nend\n",
    ),
    (
        "lib/caro/version.rb",
        "module Caro\n  VERSION = \"1.0.5\"\nend\n",
    ),
    (
        "pom.xml",
        "<project><parent><groupId>test.harbour</groupId><version>1.0.5</version></parent><artifactId>caro</artifactId></project>",
    ),
    ("charts/caro/Chart.yaml", "name: caro\nversion: 0.3.1\n"),
];

#[test]
fn each_registry_gets_what_the_steps_publish_there() {
    use crate::sim::model::packages::Place;
    let mut s = stage(PACKAGES);
    s.push_tag("v1.0.5");
    s.pass(400_000);
    let run = s.run_of("packages.yml");
    assert_eq!(
        run.conclusion.as_deref(),
        Some("success"),
        "{:?}",
        s.inferred()
    );
    for (place, name, version) in [
        (Place::Npm, "@harbour/caro", "4.0.1"),
        (Place::Pypi, "caro-py", "1.0.5"),
        (Place::Gem, "caro", "1.0.5"),
        (Place::Maven, "test.harbour:caro", "1.0.5"),
        (Place::Oci, "harbour/caro", "1.0.5"),
        (Place::Helm, "caro", "0.3.1"),
    ] {
        let found = s.world.packages.release(place, name, version);
        let found = found.unwrap_or_else(|| panic!("{name}: {:?}", s.inferred()));
        assert_eq!(found.commit.as_ref(), Some(&s.head), "{name}");
    }
    let npm = s
        .world
        .packages
        .package(Place::Npm, "@harbour/caro")
        .unwrap();
    assert_eq!(npm.pointers.keys().collect::<Vec<_>>(), ["latest-4"]);
    let maven = s
        .world
        .packages
        .release(Place::Maven, "test.harbour:caro", "1.0.5")
        .unwrap();
    assert!(maven.listed > s.world.now(), "Maven Central takes hours");
}

#[test]
fn what_an_own_action_publishes_is_published() {
    let ship = "on:\n  push:\n    tags: ['x*']\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: ./.github/actions/ship\n";
    let action = "runs:\n  using: composite\n  steps:\n    - {run: cargo publish, shell: bash}\n";
    let mut s = stage(&[
        (".github/workflows/ship.yml", ship),
        (".github/actions/ship/action.yml", action),
    ]);
    s.push_tag("x1");
    s.pass(600_000);
    assert!(s.world.registry.version("caro", "1.0.5").is_some());
    let jobs = &s.run_of("ship.yml").jobs;
    assert_eq!(jobs[0].steps, ["Run ./.github/actions/ship"]);
}

/// A workspace below a folder, with a shared version, a crate that is kept, and one that
/// is none of its members.
const WORKSPACE: &[(&str, &str)] = &[
    (
        "rust/Cargo.toml",
        "[workspace]\nmembers = ['crates/*', 'cli']\nexclude = ['crates/old']\n[workspace.package]\nversion = '2.0.1'\n",
    ),
    (
        "rust/crates/a/Cargo.toml",
        "[package]\nname = 'a'\nversion.workspace = true\n",
    ),
    (
        "rust/crates/b/Cargo.toml",
        "[package]\nname = 'b'\nversion = '0.3.0'\n",
    ),
    (
        "rust/crates/old/Cargo.toml",
        "[package]\nname = 'old'\nversion = '0.3.0'\n",
    ),
    (
        "rust/cli/Cargo.toml",
        "[package]\nname = 'cli'\nversion.workspace = true\npublish = false\n",
    ),
    (
        "rust/fixtures/x/Cargo.toml",
        "[package]\nname = 'x'\nversion = '0.1.0'\n",
    ),
];

#[test]
fn a_step_publishes_the_crates_that_it_means() {
    for (step, expected) in [
        (
            "{run: cargo publish, working-directory: ./rust/crates/a}",
            "a",
        ),
        ("{run: cargo publish -p b, working-directory: ./rust}", "b"),
        (
            "{run: cargo publish -p b --manifest-path rust/Cargo.toml}",
            "b",
        ),
        (
            "{run: cargo publish --workspace, working-directory: rust}",
            "a b",
        ),
        (
            "{uses: katyo/publish-crates@v2, with: {path: ./rust}}",
            "a b",
        ),
        (
            "{run: cargo publish -p cli, working-directory: rust}",
            "cli",
        ),
        ("{run: cargo publish -p gone, working-directory: rust}", ""),
        ("{run: cargo publish, working-directory: gone}", ""),
        ("{uses: katyo/publish-crates@v2}", "caro"),
    ] {
        let flow = format!(
            "on: {{push: {{tags: ['x*']}}}}\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}\n"
        );
        let mut files = WORKSPACE.to_vec();
        files.push((".github/workflows/ship.yml", &flow));
        let mut s = stage(&files);
        s.push_tag("x1");
        s.pass(600_000);
        let run = s.run_of("ship.yml");
        assert_eq!(run.conclusion.as_deref(), Some("success"), "{step}");
        let all = [
            ("a", "2.0.1"),
            ("b", "0.3.0"),
            ("caro", "1.0.5"),
            ("cli", "2.0.1"),
            ("old", "0.3.0"),
            ("x", "0.1.0"),
        ];
        let there = all.map(|(name, version)| (name, s.world.registry.version(name, version)));
        let there = there.iter().filter(|(_, version)| version.is_some());
        let there: Vec<&str> = there.map(|(name, _)| *name).collect();
        assert_eq!(there.join(" "), expected, "{step}: {:?}", s.inferred());
    }
}

/// Each job of a matrix uploads the wheel of its platform, as a package that is built in
/// a folder.
#[test]
fn the_jobs_of_a_matrix_upload_each_their_own() {
    use crate::sim::model::packages::Place;
    let flow = "on: {push: {tags: ['x*']}}\njobs: {a: {runs-on: x, strategy: {matrix: {os: [linux, mac, win]}}, steps: [{uses: PyO3/maturin-action@v1, with: {command: upload, args: 'wheels/*'}}]}}\n";
    let mut s = stage(&[
        (".github/workflows/wheels.yml", flow),
        (
            "bindings/python/pyproject.toml",
            "[project]\nname = \"caro\"\nversion = \"1.0.5\"\n",
        ),
    ]);
    s.push_tag("x1");
    s.pass(600_000);
    let run = s.run_of("wheels.yml");
    assert_eq!(
        run.conclusion.as_deref(),
        Some("success"),
        "{:?}",
        s.inferred()
    );
    let found = s.world.packages.release(Place::Pypi, "caro", "1.0.5");
    let files: Vec<&String> = found.expect("a version").files.keys().collect();
    assert_eq!(
        files,
        [
            "caro-1.0.5-py3-none-a__linux_.whl",
            "caro-1.0.5-py3-none-a__mac_.whl",
            "caro-1.0.5-py3-none-a__win_.whl",
            "caro-1.0.5.tar.gz"
        ]
    );
}
