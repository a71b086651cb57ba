//! Making tests run, finding chained runs, workspaces.

use std::sync::Arc;

use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{Base, Chained, Observation, Package, PullKind, Runs};
use hotfix_bot::domain::read::Read;
use hotfix_bot::engine::effects::Found;

use crate::support::{BRANCH, House, refusal};

const BY_HAND: &str = "name: By hand\non:\n  workflow_dispatch:\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: make\n";
const AFTER: &str = "name: After\non:\n  workflow_run:\n    workflows: [Publish]\n    types: [completed]\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: gh release create x\n";
const ON_MAIN: &str = "name: CI\non:\n  push:\n    branches: [main]\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: make\n";

fn push(house: &House, branch: &str, files: &[(&str, Option<&str>)]) -> Sha {
    let pushed = house.person("mia").push_commit(branch, "Change\n", files);
    Sha::new(pushed.unwrap())
}

async fn runs(house: &House, sha: &Sha, chained: Option<Chained>) -> Runs {
    let read = Read::Runs {
        sha: sha.clone(),
        chained,
        pull: PullKind::Hotfix,
    };
    match house.read(read).await {
        Observation::Runs(runs) => runs,
        other => panic!("{other:?}"),
    }
}

async fn base(house: &House) -> Arc<Base> {
    let read = Read::Base {
        tag_pattern: None,
        said: None,
        branch_pattern: "hotfix/v{version}".into(),
        line_said: None,
        line: None,
        line_branch: None,
        prereleases: false,
        changelog: "CHANGELOG.md".into(),
        known_issues: "auto".into(),
        security_policy: String::new(),
        packages: Vec::new(),
        kinds: Vec::new(),
        registry: false,
        leave_locks: false,
        places: Default::default(),
    };
    match house.read(read).await {
        Observation::Base(base) => base,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_workflow_is_dispatched_once_and_found_again() {
    let house = House::new().await;
    house.bumped().await;
    let file = [(".github/workflows/hand.yml", Some(BY_HAND))];
    push(&house, "main", &file);
    let head = push(&house, BRANCH, &file);
    let dispatch = |after| Effect::Dispatch {
        file: "hand.yml".into(),
        branch: BRANCH.into(),
        head: head.clone(),
        trial: None,
        after,
    };
    house.once(&dispatch(None)).await;
    house.run_on();
    let all = runs(&house, &head, None).await.runs;
    let run = all.iter().find(|r| r.file() == "hand.yml").unwrap();
    assert_eq!(run.event, "workflow_dispatch");
    assert!(run.passed() && run.sha == head && run.ref_name == BRANCH);
    // Asked for once more, the old run is not taken for the new one.
    assert_eq!(house.look(&dispatch(Some(run.id))).await, Found::Not);
    push(&house, BRANCH, &[("src/lib.rs", Some("\n"))]);
    let moved = refusal(house.act(&dispatch(Some(run.id))).await);
    assert!(moved.contains("not at"), "{moved}");
}

#[tokio::test]
async fn a_workflow_of_the_release_is_started_where_the_release_is() {
    const ASKS: &str = "on: {workflow_dispatch: {inputs: {tag: {required: true}}}}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n";
    let house = House::new().await;
    house.bumped().await;
    let file = [(".github/workflows/hand.yml", Some(ASKS))];
    push(&house, "main", &file);
    let head = push(&house, BRANCH, &file);
    let made = house
        .person("mia")
        .create_tag("v1.0.5", head.as_str(), Some("v1.0.5"));
    made.unwrap();
    let launch = |at: &str, inputs: &[(&str, &str)], after| Effect::Launch {
        file: "hand.yml".into(),
        at: at.into(),
        commit: head.clone(),
        inputs: inputs
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect(),
        after,
    };
    let tag = [("tag", "v1.0.5")];
    let Outcome::Launched {
        run: Some(first), ..
    } = house.once(&launch("v1.0.5", &tag, None)).await
    else {
        panic!("it tells its run");
    };
    house.run_on();
    let all = runs(&house, &head, None).await.runs;
    assert!(
        all.iter()
            .any(|r| r.id == first && r.ref_name == "v1.0.5" && r.passed())
    );
    // Of the same commit, and elsewhere.
    assert_eq!(house.look(&launch(BRANCH, &tag, None)).await, Found::Not);
    assert_eq!(
        house.look(&launch("v1.0.5", &tag, Some(first))).await,
        Found::Not
    );
    house.once(&launch(BRANCH, &tag, Some(first))).await;
    // What leads elsewhere by now releases something else.
    push(&house, BRANCH, &[("src/lib.rs", Some("\n"))]);
    let moved = refusal(house.act(&launch(BRANCH, &tag, Some(first))).await);
    assert!(moved.contains("is not at"), "{moved}");
    let none = refusal(house.act(&launch("v9.9.9", &tag, None)).await);
    assert!(none.contains("is not at"), "{none}");
}

#[tokio::test]
async fn the_trigger_is_added_and_the_push_starts_the_tests() {
    let house = House::new().await;
    house.bumped().await;
    let parent = push(
        &house,
        BRANCH,
        &[(".github/workflows/ci.yml", Some(ON_MAIN))],
    );
    let enable = Effect::EnableTests {
        branch: BRANCH.into(),
        parent: parent.clone(),
        paths: vec![".github/workflows/ci.yml".into()],
        pattern: "hotfix/v*".into(),
        message: "ci: run the tests".into(),
    };
    assert_eq!(house.once(&enable).await, Outcome::Done);
    let sha = house.head(BRANCH);
    assert_ne!(sha, parent);
    let text = house.file(BRANCH_REF, ".github/workflows/ci.yml");
    assert_eq!(text, ON_MAIN.replace("[main]", "[main, 'hotfix/v*']"));
    house.run_on();
    let all = runs(&house, &sha, None).await.runs;
    assert!(all.iter().any(|r| r.file() == "ci.yml" && r.passed()));
    let read = Read::Branch {
        branch: BRANCH.into(),
        base: house.base.clone(),
        known: None,
        package: house.package(),
        version: "1.0.5".into(),
        actions: Vec::new(),
        registry: false,
    };
    let Observation::Branch(branch) = house.read(read).await else {
        panic!("no branch");
    };
    let head = branch.head.unwrap();
    assert!(head.workflows[0].file.starts_on_branch(BRANCH));
    assert!(head.commits.last().unwrap().effect.is_some());
}

const BRANCH_REF: &str = "refs/heads/hotfix/v1.0.5";

#[tokio::test]
async fn chained_runs_are_read_by_time_and_file() {
    let house = House::new().await;
    push(
        &house,
        "main",
        &[(".github/workflows/after.yml", Some(AFTER))],
    );
    assert!(
        base(&house)
            .await
            .main_workflows
            .iter()
            .any(|w| w.name() == "after.yml" && w.file.starts_after("Publish"))
    );
    let head = house.bumped().await;
    house
        .act(&Effect::CreateTag {
            tag: "v1.0.5".into(),
            commit: head.clone(),
            message: "v1.0.5".into(),
        })
        .await;
    house.run_on();
    let seen = runs(&house, &head, None).await;
    assert!(seen.chained.is_empty());
    let parent = seen
        .runs
        .iter()
        .find(|r| r.file() == "publish.yml")
        .unwrap();
    let wanted = |since| {
        Some(Chained {
            since,
            files: vec!["after.yml".into()],
        })
    };
    let ended = parent.ended().unwrap();
    let chained = runs(&house, &head, wanted(ended)).await.chained;
    assert_eq!(chained.len(), 1, "{chained:?}");
    assert_eq!(chained[0].event, "workflow_run");
    assert!(chained[0].ref_name == "main" && chained[0].sha != head);
    assert!(chained[0].passed() && chained[0].created_at >= ended);
    let later = wanted(chained[0].created_at + 60_000);
    assert!(runs(&house, &head, later).await.chained.is_empty());
}

#[tokio::test]
async fn who_may_write_is_people_alone() {
    let house = House::new().await;
    let Observation::Writers(logins) = house.read(Read::Writers).await else {
        panic!("no writers");
    };
    let logins = logins.unwrap().into_iter().map(|person| person.login);
    assert_eq!(logins.collect::<Vec<_>>(), ["dev", "mia"]);
}

#[tokio::test]
async fn a_workspace_is_raised_everywhere() {
    let house = House::new().await;
    let root = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n[workspace.package]\nversion = \"2.0.0\"\n[workspace.dependencies]\ncore = { path = \"crates/core\", version = \"2.0.0\" }\n";
    let inherits = |name: &str| format!("[package]\nname = \"{name}\"\nversion.workspace = true\n");
    let (core, caro) = (inherits("core"), inherits("caro"));
    let own = "[package]\nname = \"own\"\nversion = \"0.1.0\"\npublish = false\n";
    let lock = "version = 4\n\n[[package]]\nname = \"caro\"\nversion = \"2.0.0\"\ndependencies = [\n \"core\",\n]\n\n[[package]]\nname = \"core\"\nversion = \"1.9.0\"\n\n[[package]]\nname = \"own\"\nversion = \"0.0.9\"\n";
    let main = push(
        &house,
        "main",
        &[
            ("Cargo.toml", Some(root)),
            ("crates/core/Cargo.toml", Some(&core)),
            ("crates/caro/Cargo.toml", Some(&caro)),
            ("crates/own/Cargo.toml", Some(own)),
            ("crates/old/Cargo.toml", Some(own)),
            ("Cargo.lock", Some(lock)),
        ],
    );
    house
        .sim
        .world()
        .seed_tag(house.repo, "v2.0.0", main.as_str(), Some("v2.0.0\n"))
        .unwrap();
    house
        .sim
        .world()
        .registry
        .publish_existing(0, "caro", "2.0.0")
        .unwrap();
    let base = base(&house).await;
    assert_eq!(base.trouble, None);
    let package: Package = base.package.clone();
    assert_eq!(
        (package.name.as_str(), package.manifest.as_str()),
        ("caro", "Cargo.toml")
    );
    assert_eq!(package.own, ["caro", "core"]);
    assert_eq!(package.manifests, ["Cargo.toml"]);
    assert_eq!(
        package.published,
        ["caro"],
        "only that one is on the registry"
    );
    let stale: Vec<_> = package.stale.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(stale, ["core", "own"]);
    let branch = "hotfix/v2.0.1";
    house
        .act(&Effect::CreateBranch {
            raise: None,
            branch: branch.into(),
            sha: main.clone(),
        })
        .await;
    let bump = Effect::PushBump {
        branch: branch.into(),
        parent: main.clone(),
        package: package.clone(),
        version: "2.0.1".into(),
        entry: "Critical: it hangs (#1)".into(),
        date: "2026-01-31".into(),
        message: "chore: bump".into(),
        was: None,
    };
    house.once(&bump).await;
    let at = "refs/heads/hotfix/v2.0.1";
    assert_eq!(house.file(at, "Cargo.toml"), root.replace("2.0.0", "2.0.1"));
    let raised = lock
        .replace("2.0.0", "2.0.1")
        .replace("1.9.0", "2.0.1")
        .replace("0.0.9", "0.1.0");
    assert_eq!(house.file(at, "Cargo.lock"), raised);
    let read = Read::Branch {
        branch: branch.into(),
        base: main,
        known: None,
        package,
        version: "2.0.1".into(),
        actions: Vec::new(),
        registry: false,
    };
    let Observation::Branch(seen) = house.read(read).await else {
        panic!("no branch");
    };
    let versions = &seen.head.as_ref().unwrap().versions;
    let raised = Some("2.0.1".to_owned());
    assert_eq!(
        *versions,
        [
            ("Cargo.toml".to_owned(), raised.clone()),
            ("Cargo.lock".to_owned(), raised)
        ]
    );
}
