//! Many hotfixes at once, in repositories of one installation.

use hotfix_bot::sim::{Role, Seed};

use crate::support::story::Story;

const MANY: usize = 20;

/// Of 200 repositories, each one's part of what GitHub grants their installation
/// in an hour: 5,000 calls, and 50 for each repository above 20, but no more than
/// 12,500.
const SHARE: usize = 12_500 / 200;

/// One more repository of the installation's, with a release.
fn furnish(s: &Story, name: &str) -> u64 {
    let mut world = s.sim().world();
    let owner = world.repos[&s.repo()].owner_login.clone();
    let repo = world
        .create_repo(&owner, name, false)
        .expect("a repository");
    let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
    let lock = format!("version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
    let files = [
        ("Cargo.toml", Some(manifest.as_str())),
        ("Cargo.lock", Some(lock.as_str())),
        ("src/lib.rs", Some("pub fn f() {}\n")),
    ];
    let at = s.sim().clock().now() - 9_000_000;
    let seed = Seed {
        author: "developer",
        message: "Begin\n",
        at,
        files: &files,
    };
    let base = world.seed(repo, "main", &[seed]).expect("a commit");
    world
        .seed_tag(repo, "v1.0.0", &base, Some("v1.0.0\n"))
        .expect("a tag");
    world.set_role(repo, "maintainer", Role::Maintain);
    for installation in world.installations.values_mut() {
        installation.repos.insert(repo);
    }
    repo
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_get_their_draft_and_none_takes_more_than_its_share_of_the_calls() {
    let s = Story::begin().await;
    let names: Vec<String> = (0..MANY).map(|n| format!("lamp-{n}")).collect();
    let repos: Vec<u64> = names.iter().map(|name| furnish(&s, name)).collect();
    for repo in &repos {
        let reporter = s.sim().person("reporter", *repo);
        let issue = reporter.open_issue("It hangs", "").expect("an issue");
        let maintainer = s.sim().person("maintainer", *repo);
        maintainer.label(issue, "P0").expect("a label");
    }
    // Of writes GitHub wants no more than one a second.
    s.pass(10).await;
    let refused = s.refused_calls();
    let world = s.sim().world();
    for repo in &repos {
        let issues = &world.repos[repo].issues;
        let draft = issues.values().filter_map(|issue| issue.pull.as_ref());
        let drafts = draft.filter(|pull| pull.head == "hotfix/v1.0.1" && pull.draft);
        assert_eq!(drafts.count(), 1, "{repo}: {refused:#?}");
    }
    for name in &names {
        let (path, asked) = (format!("/{name}/"), format!("\"name\":\"{name}\""));
        let of = |call: &&hotfix_bot::sim::log::CallRecord| {
            let counts = call.actor == "installation" && call.status != 304;
            counts && (call.path.contains(&path) || call.request.to_string().contains(&asked))
        };
        let calls = world.log.calls.iter().filter(of).count();
        assert!(calls <= SHARE, "{name}: {calls} calls");
    }
}
