//! The repository's configuration, and what the App may do.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;

use crate::support::bases::released_as;
use crate::support::story::{ASSESS, Story};

const FILE: &str = ".github/hotfix.toml";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_file_is_shown_with_line_and_column_and_may_be_mended() {
    let s = Story::begin().await;
    let wrong = [(
        FILE,
        Some("schema = 1\n\n[test]\nworkflow = [\"ci.yml\"]\n"),
    )];
    s.pushes("main", "ci: wrong", &wrong).await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(issue, "hotfix.toml");
    s.shows(issue, "line 4, column 1");
    assert!(!s.has_branch());
    s.pass(5).await;
    let right = [(
        FILE,
        Some("schema = 1\n\n[test]\nworkflows = [\"ci.yml\"]\n"),
    )];
    s.pushes("main", "ci: right", &right).await;
    s.pass(1).await;
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_that_is_not_there_is_named() {
    let s = Story::begin().await;
    let file = [(
        FILE,
        Some("schema = 1\n\n[test]\nworkflows = [\"cj.yml\"]\n"),
    )];
    s.pushes("main", "ci: another", &file).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(2).await;
    s.shows(issue, "cj.yml");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_file_everything_is_derived() {
    let s = Story::begin().await;
    s.pushes("main", "ci: no file", &[(FILE, None)]).await;
    s.pass(6).await;
    let (issue, head) = s.ready().await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// The base release as if its CI ran on main alone.
fn ci_on_main_alone(sim: &Sim, scene: &Scene) {
    let ci = "name: CI\non:\n  push:\n    branches: [main]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
    let files = [(".github/workflows/ci.yml", Some(ci))];
    released_as(sim, scene, "v1.0.4", &files);
}

/// The base release as if it had an audit that some paths alone start.
fn an_audit(sim: &Sim, scene: &Scene) {
    let audit = "name: Audit\non:\n  push:\n    paths: ['**/Cargo.toml', '**/Cargo.lock']\njobs:\n  audit:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo audit\n";
    let files = [(".github/workflows/audit.yml", Some(audit))];
    released_as(sim, scene, "v1.0.4", &files);
}

/// The newest release as if its tag had no `v`; older ones keep theirs.
fn tagged_without_v(sim: &Sim, scene: &Scene) {
    let publish = "name: Publish\non:\n  push:\n    tags: ['[0-9]*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish --locked\n";
    let files = [
        (".github/workflows/publish.yml", Some(publish)),
        (".github/workflows/release.yml", None),
        (".github/workflows/bundle.yml", None),
    ];
    released_as(sim, scene, "1.0.4", &files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_are_named_as_the_newest_release_is() {
    let s = Story::begin_with(tagged_without_v).await;
    s.pushes("main", "ci: no file", &[(FILE, None)]).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "### Hotfix 1.0.5 of");
    s.shows(issue, "release tags are named `{version}`");
    s.releases(issue, &head).await;
    assert_eq!(s.commit_of("refs/tags/1.0.5").as_deref(), Some(&*head));
    assert_eq!(s.commit_of("refs/tags/v1.0.5"), None);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ci_that_does_not_run_on_the_branch_is_replaced_by_a_word() {
    let s = Story::begin_with(ci_on_main_alone).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.pass(2).await;
    s.shows(issue, &format!("check critical-path {} note=", &head[..7]));
    let word = "/hotfix check critical-path note=\"cargo test, here\"";
    s.says("developer", issue, word).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_that_no_changed_path_starts_is_not_waited_for() {
    let s = Story::begin_with(an_audit).await;
    s.pushes("main", "ci: no file", &[(FILE, None)]).await;
    let (issue, head) = s.ready().await;
    let runs = |file: &str, sha: &str| {
        s.look(|view| {
            let runs = view.repo.actions.runs.values();
            runs.filter(|run| run.path.ends_with(file) && run.head_sha == sha)
                .any(|run| run.event == "push")
        })
    };
    assert!(runs("ci.yml", &head) && !runs("audit.yml", &head));
    s.shows(issue, "`audit.yml` only where the changed paths start it");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

fn permit(sim: &Sim, name: &str, level: Option<&str>) {
    let mut world = sim.world();
    let installation = world.installations.values_mut().next().expect("one");
    match level {
        Some(level) => installation
            .permissions
            .insert(name.to_owned(), level.to_owned()),
        None => installation.permissions.remove(name),
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_right_is_named_and_once_granted_it_goes_on() {
    let s = Story::begin_with(|sim, _| permit(sim, "contents", Some("read"))).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(1).await;
    s.shows(issue, "the App lacks the permission `contents`");
    assert!(!s.has_branch());
    permit(s.sim(), "contents", Some("write"));
    {
        let mut world = s.sim().world();
        let id = *world.installations.keys().next().expect("one");
        let who = world.add_user("maintainer");
        let none = serde_json::json!({});
        world.emit_installation(id, "installation", "new_permissions_accepted", none, who);
    }
    s.pass(2).await;
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.hides(issue, "the App lacks the permission `contents`");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_and_not_carried_out_is_told() {
    let s = Story::begin().await;
    let text = "schema = 1\n\n[trigger]\ngrace = \"1m\"\n\n[test]\nworkflows = [\"ci.yml\"]\n\n[verify]\nregistries = [\"auto\", \"hex:lantern\"]\n";
    s.pushes("main", "ci: more", &[(FILE, Some(text))]).await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(
        issue,
        "| Set, but not carried out yet | `verify.registries` |",
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_file_that_is_to_stay_is_neither_raised_nor_asked_for() {
    let s = Story::begin().await;
    let text = "schema = 1\n\n[version]\nupdate_lock = false\n";
    s.pushes("main", "ci: keep the lock file", &[(FILE, Some(text))])
        .await;
    s.pass(6).await;
    let lock = |s: &Story, name: &str| s.text_at(name, "Cargo.lock");
    let (issue, head) = s.ready().await;
    let (at, base) = ("refs/heads/hotfix/v1.0.5", "refs/tags/v1.0.4");
    assert_eq!(lock(&s, at), lock(&s, base));
    assert!(s.text_at(at, "Cargo.toml").contains("1.0.5"));
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
