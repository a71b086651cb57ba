//! A hotfix from the label to the merge by the system's clock, on both sides of
//! the validating proxy: kinds and times of tokens are checked too.

use std::collections::BTreeMap;
use std::time::Instant;

use hotfix_bot::clock::Clock;
use hotfix_bot::rehearsal::{RealServer, Server, ServerSetup};
use hotfix_bot::sim::{TEST_APP_KEY, Verdict};
use serde_json::Value;

use crate::proxy::{Proxy, script};
use crate::real_time::{SECRET, is_prepared, stage, until};

const FILES: [(&str, Option<&str>); 4] = [
    (
        "Cargo.toml",
        Some("[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ),
    (
        "CHANGELOG.md",
        Some("# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-12\n\n### Added\n\n- All\n"),
    ),
    ("src/main.rs", Some("fn main() {}\n")),
    (
        ".github/workflows/ci.yml",
        Some(
            "name: CI\non:\n  push:\n    branches: [main, \"hotfix/**\"]\n  pull_request:\njobs:\n  \
             test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n",
        ),
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_hotfix_in_real_time_passes_with_checked_tokens() {
    let Some(script) = script() else {
        return;
    };
    let began = Instant::now();
    let dir = tempfile::tempdir().unwrap();
    let (sim, repo, app) = stage(dir.path(), 1, &FILES).await;
    {
        let mut world = sim.world();
        let settings = world.run_settings(repo).unwrap();
        settings.set_pace("ci.yml", 100, 500);
    }
    let proxy = Proxy::start(&script, &sim.api_url(), dir.path(), &[]).await;
    let proxy = proxy.unwrap();
    let server = RealServer::start(ServerSetup {
        api_url: proxy.url(),
        crates_url: sim.crates_url(),
        crates_index_url: sim.crates_index_url(),
        registries: hotfix_bot::rehearsal::registry_urls(&sim),
        status_urls: sim.status_urls(),
        crates_token: None,
        channels: Vec::new(),
        app_id: app,
        private_key: TEST_APP_KEY,
        webhook_secret: SECRET,
        page: None,
        database_url: format!("sqlite:{}", dir.path().join("hotfix-bot.db").display()),
        clock: Clock::system(),
    });
    let server = server.await.unwrap();
    sim.set_webhook(Some(server.webhook_url()));

    let maintainer = sim.person("maintainer", repo);
    let reporter = sim.person("reporter", repo);
    let issue = reporter.open_issue("It does not start", "At all.").unwrap();
    maintainer.label(issue, "P0").unwrap();
    is_prepared(&sim, repo, issue).await;

    let branch = "hotfix/v0.1.1";
    let text = |path: &str| {
        let world = sim.world();
        let git = &world.repos[&repo].git;
        let head = git.read_ref(&format!("refs/heads/{branch}")).expect(branch);
        let bytes = git.file_at(&head, path).unwrap_or_default();
        String::from_utf8(bytes).unwrap()
    };
    assert!(text("Cargo.toml").contains("version = \"0.1.1\""));
    assert!(text("CHANGELOG.md").contains("## [0.1.1]"));

    let answers = "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";
    let command = maintainer.comment(issue, answers).unwrap();
    until("the command is answered", || {
        let world = sim.world();
        let reactions = &world.repos[&repo].comments[&command].reactions;
        reactions.iter().any(|r| r.content == "+1").then_some(())
    })
    .await;

    let fix = [
        (
            "src/main.rs",
            Some("fn main() {\n    run();\n}\n\nfn run() {}\n"),
        ),
        ("tests/start.rs", Some("#[test]\nfn starts() {}\n")),
    ];
    let head = sim.person("developer", repo);
    let head = head.push_commit(branch, "fix: start", &fix).unwrap();
    let short = &head[..7];
    let shows = async |words: &str| {
        until(words, || {
            let world = sim.world();
            let mut comments = world.repos[&repo].comments.values();
            let status = comments.find(|c| c.issue == issue && c.body.contains("<!-- item:"))?;
            (status.body.contains(words) && !status.edits.is_empty()).then_some(())
        })
        .await;
    };
    shows(&format!("approving review of `{short}`")).await;
    maintainer
        .review(issue + 1, Verdict::Approve, "Good.")
        .unwrap();
    let tried = "/hotfix check manual-test note=tried";
    maintainer.comment(issue, tried).unwrap();
    let decision = format!("/hotfix release {short}");
    shows(&decision).await;
    maintainer.comment(issue, &decision).unwrap();
    until("tag and merge", || {
        let world = sim.world();
        let repo = &world.repos[&repo];
        let tag = repo.git.read_ref("refs/tags/v0.1.1")?;
        assert_eq!(repo.git.peel(&tag).as_ref(), Some(&head));
        let (_, pull) = repo.pull(issue + 1).ok()?;
        pull.merged.as_ref().map(drop)
    })
    .await;
    server.stop().await;
    sim.stop();

    let calls = proxy.calls();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for call in &calls {
        *kinds
            .entry(call["auth"].as_str().unwrap_or("?"))
            .or_default() += 1;
    }
    println!("{kinds:?} in {:.0} s", began.elapsed().as_secs_f64());
    let of = |kind: &str, operation: &str| {
        let mut calls = calls.iter();
        calls.any(|call: &Value| call["auth"] == kind && call["operationId"] == operation)
    };
    assert!(of("jwt", "apps/create-installation-access-token"));
    for operation in [
        "git/create-ref",
        "git/create-commit",
        "pulls/create",
        "reactions/create-for-issue-comment",
        "issues/update-comment",
        "git/create-tag",
        "pulls/merge",
    ] {
        assert!(of("token", operation), "no {operation} with a token");
    }
}
