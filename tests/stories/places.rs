//! The places of the version that the last releases show, and those that the
//! configuration names.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;

use crate::support::bases::commit;
use crate::support::story::Story;

const FILE: &str = ".github/hotfix.toml";

/// The last three releases as if each had raised the version in more files.
fn raised_in_more_places(sim: &Sim, scene: &Scene) {
    let hand = sim.person("maintainer", scene.repo);
    let base = commit(sim, scene, "refs/tags/v1.0.4");
    hand.create_branch("old", &base).unwrap();
    for (version, date) in [
        ("1.0.2", "2026-01-27"),
        ("1.0.3", "2026-02-10"),
        ("1.0.4", "2026-02-24"),
    ] {
        let install = install(version);
        let citation = citation(version, date);
        let seen = match version {
            "1.0.4" => "lantern 1.0.4 was seen\n",
            _ => "lantern 1.0.3 was seen\n",
        };
        let files = [
            ("install.sh", Some(install.as_str())),
            ("CITATION.cff", Some(&citation)),
            ("docs/seen.md", Some(seen)),
        ];
        let new = hand
            .push_commit("old", &format!("release {version}"), &files)
            .unwrap();
        let tag = format!("v{version}");
        hand.delete_tag(&tag).unwrap();
        hand.create_tag(&tag, &new, Some(&format!("Release {version}")))
            .unwrap();
    }
    hand.delete_branch("old").unwrap();
}

fn install(version: &str) -> String {
    format!("#!/bin/sh\r\n\tget \"https://example.org/v{version}/lantern-{version}.tar.gz\"")
}

fn citation(version: &str, date: &str) -> String {
    format!("title: lantern\nversion: {version}\ndate-released: {date}\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_last_two_releases_raised_is_raised_and_the_rest_is_listed() {
    let s = Story::begin_with(raised_in_more_places).await;
    // Main went on in one file, and holds the release's number in the other.
    let main = [
        ("install.sh", Some(install("1.0.4"))),
        ("CITATION.cff", Some(citation("2.0.0", "2026-02-25"))),
    ];
    let main: Vec<_> = main
        .iter()
        .map(|(path, text)| (*path, text.as_deref()))
        .collect();
    s.pushes("main", "docs: go on", &main).await;
    let (issue, head) = s.ready().await;
    let at = |path: &str| s.text_at("refs/heads/hotfix/v1.0.5", path);
    assert_eq!(at("install.sh"), install("1.0.5"));
    let citation_at = at("CITATION.cff");
    assert!(citation_at.contains("version: 1.0.5\n"), "{citation_at}");
    assert!(!citation_at.contains("2026-02-24"), "{citation_at}");
    assert_eq!(at("docs/seen.md"), "lantern 1.0.4 was seen\n");
    s.shows(issue, "as `v1.0.4` and `v1.0.3` did");
    s.shows(issue, "`docs/seen.md`, which the last releases changed");
    s.releases(issue, &head).await;
    s.ends(issue).await;
    let main = |path: &str| s.text_at("refs/heads/main", path);
    assert_eq!(main("install.sh"), install("1.0.5"));
    assert_eq!(main("CITATION.cff"), citation("2.0.0", "2026-02-25"));
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configured_place_that_holds_another_version_is_shown_before_anything_is_written() {
    let s = Story::begin_with(raised_in_more_places).await;
    let text = "schema = 1\n\n[version]\nfiles = [{ path = \"docs/seen.md\", pattern = \"lantern {version} is\" }]\n";
    s.pushes("main", "ci: a place", &[(FILE, Some(text))]).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    s.shows(issue, "docs/seen.md does not hold 1.0.4 as");
    s.shows(issue, "line 1 is");
    assert!(!s.has_branch());
    let right = text.replace("{version} is", "{version} was");
    s.pushes("main", "ci: the place", &[(FILE, Some(&right))])
        .await;
    s.pass(1).await;
    let seen = s.text_at("refs/heads/hotfix/v1.0.5", "docs/seen.md");
    assert_eq!(seen, "lantern 1.0.5 was seen\n", "{}", s.status(issue).1);
    s.silence().await;
}

const README: &str = "Install it:\n\n    lantern = \"1.0.4\"\n\nSince 11.0.4, and 1.0.4-rc.1.\n";

/// The base, with a README that names its version.
fn with_a_readme(sim: &Sim, scene: &Scene) {
    let hand = sim.person("maintainer", scene.repo);
    let base = commit(sim, scene, "refs/tags/v1.0.4");
    hand.create_branch("old", &base).unwrap();
    let files = [("README.md", Some(README))];
    let new = hand.push_commit("old", "docs: a readme", &files).unwrap();
    hand.delete_tag("v1.0.4").unwrap();
    hand.create_tag("v1.0.4", &new, Some("Release 1.0.4"))
        .unwrap();
    hand.delete_branch("old").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readmes_old_version_is_named_or_changed() {
    for (text, named) in [
        ("schema = 1\n", true),
        ("schema = 1\n[announce]\nreadme = \"change\"\n", false),
    ] {
        let s = Story::begin_with(with_a_readme).await;
        let main = [(FILE, Some(text)), ("README.md", Some(README))];
        s.pushes("main", "ci: how", &main).await;
        let (issue, head) = s.ready().await;
        s.releases(issue, &head).await;
        s.ends(issue).await;
        let raised = README.replace("\"1.0.4\"", "\"1.0.5\"");
        let readme = if named { README } else { &raised };
        for at in ["refs/tags/v1.0.5", "refs/heads/main"] {
            assert_eq!(s.text_at(at, "README.md"), readme, "{at}");
        }
        let comments = s.bot_comments(issue);
        let closing = comments.iter().find(|it| it.1.contains("### Fixed in"));
        let closing = &closing.expect("a closing comment").1;
        let says = "`README.md` still says `1.0.4` in line [3](";
        assert_eq!(closing.contains(says), named, "{closing}");
        s.silence().await;
    }
}
