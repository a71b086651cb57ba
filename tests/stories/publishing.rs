//! Who tags and who publishes, as the workflow files say it: nothing is
//! published that is not what was tagged, and nothing by accident.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::actions::dispatch;
use hotfix_bot::sim::{Sim, Who};

use crate::support::bases::everywhere;
use crate::support::story::{ASSESS, Story};

const CONFIG: &str = ".github/hotfix.toml";
const PUBLISH: &str = ".github/workflows/publish.yml";
const RELEASE: &str = ".github/workflows/release.yml";
const PLZ: &str = ".github/workflows/release-plz.yml";
const TAG: &str = "refs/tags/v1.0.5";

/// What a push to main publishes, as release-plz does.
const ON_PUSH: &str = "name: Release-plz\non:\n  push:\n    branches: [main]\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - uses: release-plz/action@v0.5\n        with:\n          command: release\n";

/// The same files at the base, whose tag is made anew on them.
fn with_files(files: &'static [(&'static str, Option<&'static str>)]) -> impl FnOnce(&Sim, &Scene) {
    move |sim, scene| {
        let mut all = files.to_vec();
        all.push((CONFIG, None));
        everywhere(sim, scene, &all);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_merge_waits_where_a_push_to_main_publishes() {
    let s = Story::begin_with(with_files(&[(PLZ, Some(ON_PUSH))])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "**The merge can publish, too:** `release-plz.yml`");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.shows(issue, "the merge into `main` waits until `v1.0.5` is out");
    let merged = |s: &Story| s.pull_of("hotfix/v1.0.5").expect("it").2;
    assert!(!merged(&s), "published from the tag first");
    s.pass(30).await;
    let there = s
        .sim()
        .world()
        .registry
        .version("lantern", "1.0.5")
        .is_some();
    assert!(there);
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_a_merge_publishes_is_asked_about_before_the_decision() {
    let s = Story::begin_with(with_files(&[(PLZ, Some(ON_PUSH)), (PUBLISH, None)])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "no workflow publishes `v1.0.5` from its tag");
    refused(&s, issue, &head).await;
    let word = "/hotfix override publish-by-hand reason=\"from the tag, by me\"";
    s.says("maintainer", issue, word).await;
    s.releases(issue, &head).await;
    s.shows(issue, "cargo publish -p lantern");
    let merged = |s: &Story| s.pull_of("hotfix/v1.0.5").expect("it").2;
    assert!(!merged(&s), "nobody has published it");
    publish(&s, &head);
    s.pass(40).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// The release is refused, and nothing is tagged.
async fn refused(s: &Story, issue: u64, head: &str) {
    let command = format!("/hotfix release {}", &head[..7]);
    let comment = s.says("maintainer", issue, &command).await;
    s.pass(2).await;
    assert_eq!(s.reactions(comment).last().expect("an answer"), "-1");
    assert_eq!(s.commit_of(TAG), None);
}

/// Somebody publishes what this commit holds.
fn publish(s: &Story, commit: &str) {
    let mut world = s.sim().world();
    let git = &world.repos[&s.repo()].git;
    let file = git.archive(commit, "lantern-1.0.5").expect("a file");
    let now = world.now();
    let by = Some("maintainer");
    let done = world
        .registry
        .publish(now, now, "lantern", "1.0.5", file, by);
    done.expect("published");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crate_that_was_built_from_another_commit_is_told_loudly() {
    let s = Story::begin_with(with_files(&[(PUBLISH, None)])).await;
    let (issue, head) = s.ready().await;
    s.shows(
        issue,
        "**Published to crates.io by:** a person, after the tag",
    );
    s.releases(issue, &head).await;
    s.shows(issue, "cargo publish -p lantern");
    let main = s.commit_of("refs/heads/main").expect("main");
    publish(&s, &main);
    s.pass(40).await;
    s.shows(issue, "what was published is not what was tagged");
    let waive = "/hotfix waive published reason=\"the same tree\"";
    s.says("maintainer", issue, waive).await;
    s.pass(5).await;
    s.hides(issue, "what was published is not what was tagged");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_tag_is_a_persons_and_is_proven() {
    const SIGNED: &str = "name: Publish\non:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: git verify-tag \"$GITHUB_REF_NAME\"\n      - run: cargo publish --locked\n";
    let s = Story::begin_with(with_files(&[(PUBLISH, Some(SIGNED))])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "verifies the tag's signature");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.pass(5).await;
    assert_eq!(s.commit_of(TAG), None);
    s.shows(issue, &format!("git tag -s v1.0.5 {head}"));
    let made = s
        .person("maintainer")
        .create_tag("v1.0.5", &head, Some("v1.0.5"));
    made.expect("a tag");
    s.pass(30).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_must_be_there_before_the_tag_is_asked_for() {
    const UPLOADS: &str = "name: Release\non:\n  push:\n    tags: ['v*']\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: gh release upload \"$GITHUB_REF_NAME\" dist/*\n      - run: gh release edit \"$GITHUB_REF_NAME\" --draft=false\n";
    let s = Story::begin_with(with_files(&[(RELEASE, Some(UPLOADS))])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "gh release create v1.0.5 --draft");
    refused(&s, issue, &head).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_starts_on_the_tag_that_is_looked_at_first() {
    let s = Story::begin_with(with_files(&[(PUBLISH, None), (RELEASE, None)])).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.hides(issue, "Watch ✓");
    s.hides(issue, "✓ 7 Monitor");
    s.shows(issue, "cargo publish -p lantern");
    s.pass(5).await;
    s.shows(issue, "✓ 7 Monitor");
}

/// Started by hand alone.
const BY_HAND: &str = "name: Publish\non:\n  workflow_dispatch:\n    inputs:\n      tag:\n        required: true\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo publish\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_by_hand_alone_is_shown_with_its_command() {
    let s = Story::begin_with(with_files(&[(PUBLISH, Some(BY_HAND))])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "`publish.yml` publishes once somebody starts it");
    s.shows(issue, "published_by = \"workflow:publish.yml\"");
    s.releases(issue, &head).await;
    s.shows(
        issue,
        "gh workflow run publish.yml --ref v1.0.5 -f 'tag=v1.0.5'",
    );
    {
        let mut world = s.sim().world();
        let user = world.add_user("maintainer");
        let who = Who {
            user,
            app: None,
            via_github_token: false,
        };
        let inputs = serde_json::Map::from_iter([("tag".to_owned(), "v1.0.5".into())]);
        let run = dispatch(&mut world, s.repo(), PUBLISH, "v1.0.5", &inputs, &who);
        assert!(run.is_ok());
    }
    s.pass(40).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// The same, and the configuration leaves it to the bot.
const BY_BOT: &str = "[[release.workflow]]\nfile = \"publish.yml\"\non = \"dispatch\"\n[[release.workflow]]\nfile = \"release.yml\"\n";

/// Makes the tag itself, on what it is started on.
const TAGS: &str = "name: Publish\non:\n  workflow_dispatch:\n    inputs:\n      version:\n        required: true\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: write\n    steps:\n      - uses: actions/checkout@v4\n      - run: git tag v1 && git push origin v1\n      - run: cargo publish\n";

/// The runs of a file that a dispatch started.
fn dispatched(s: &Story, file: &str) -> usize {
    let world = s.sim().world();
    let runs = world.repos[&s.repo()].actions.runs.values();
    runs.filter(|run| run.event == "workflow_dispatch" && run.path.ends_with(file))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_bot_is_to_start_is_started_once() {
    let s = Story::begin_with(|sim, scene| {
        let files = [(CONFIG, Some(BY_BOT)), (PUBLISH, Some(BY_HAND))];
        everywhere(sim, scene, &files);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(
        issue,
        "**Started by the bot:** `publish.yml`, once, after the tag",
    );
    s.releases(issue, &head).await;
    s.pass(40).await;
    assert_eq!(dispatched(&s, "publish.yml"), 1);
    s.released(&head);
    s.ends(issue).await;
    assert_eq!(dispatched(&s, "publish.yml"), 1);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_that_makes_the_tag_is_started_on_the_tested_head() {
    let s = Story::begin_with(with_files(&[(PUBLISH, Some(TAGS))])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "after the decision the bot starts it");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.pass(3).await;
    assert_eq!(dispatched(&s, "publish.yml"), 1);
    assert_eq!(s.commit_of(TAG), None);
    let made = s.person("maintainer").create_tag("v1.0.5", &head, None);
    made.expect("a tag, as its run makes it");
    s.pass(40).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_crate_is_none_of_ours() {
    let s = Story::begin_with(|sim, _| {
        let link = "https://github.com/pier/lantern";
        sim.world().registry.set_repository("lantern", link);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(
        issue,
        "not applicable: crates.io does not count: the `lantern` there is that of",
    );
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
