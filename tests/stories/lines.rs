//! Where the base's release line has a branch of its own: the fix goes there, and
//! the default branch gets it after the tag.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::Sim;
use serde_json::Value;

use crate::support::bases::commit;
use crate::support::story::{ASSESS, Story};

const CONFIG: &str = ".github/hotfix.toml";
const CI: &str = ".github/workflows/ci.yml";
const PLZ: &str = ".github/workflows/release-plz.yml";
const PORT: &str = "forward-port/v1.0.5";

/// Tests for pull requests to the line's branch alone.
const ON_PULLS_TO_IT: &str = "name: CI\non:\n  pull_request:\n    branches: [1.x]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test --locked\n";

/// What a push to the line's branch publishes.
const ON_PUSH_TO_IT: &str = "name: Release-plz\non:\n  push:\n    branches: [1.x]\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - uses: release-plz/action@v0.5\n        with:\n          command: release\n";

type Files = &'static [(&'static str, Option<&'static str>)];

/// Branches at a release.
fn at(tag: &'static str, names: &'static [&'static str]) -> impl FnOnce(&Sim, &Scene) {
    move |sim, scene| {
        let base = commit(sim, scene, &format!("refs/tags/{tag}"));
        let hand = sim.person("maintainer", scene.repo);
        for name in names {
            hand.create_branch(name, &base).unwrap();
        }
    }
}

/// The base made anew with these files, and `1.x` at it; the default branch has
/// no configuration.
fn a_line_with(files: Files) -> impl FnOnce(&Sim, &Scene) {
    move |sim, scene| {
        let base = commit(sim, scene, "refs/tags/v1.0.4");
        let hand = sim.person("maintainer", scene.repo);
        hand.create_branch("1.x", &base).unwrap();
        let mut all = files.to_vec();
        all.push((CONFIG, None));
        let new = hand.push_commit("1.x", "ci: of this line", &all).unwrap();
        hand.delete_tag("v1.0.4").unwrap();
        hand.create_tag("v1.0.4", &new, Some("v1.0.4")).unwrap();
        hand.push_commit("main", "ci: as derived", &[(CONFIG, None)])
            .unwrap();
    }
}

/// The branch that the hotfix pull request goes to.
fn goes_to(s: &Story) -> String {
    s.look(|view| {
        let pull = view.pull().and_then(|issue| issue.pull.as_ref());
        pull.expect("a pull request").base.clone()
    })
}

/// Both branches have the fix, and the line's has the tagged commit.
#[track_caller]
fn both_have_it(s: &Story, line: &str) {
    for branch in [line, "main"] {
        let name = format!("refs/heads/{branch}");
        assert_eq!(
            s.text_at(&name, "src/fix.rs"),
            "pub fn fix() {}\n",
            "{branch}"
        );
    }
    let tag = s.commit_of("refs/tags/v1.0.5").expect("a tag");
    let holds = |branch: &str| {
        let head = s.commit_of(&format!("refs/heads/{branch}")).expect("it");
        s.look(|view| view.repo.git.is_ancestor(&tag, &head).expect("git"))
    };
    assert!(holds(line), "{line} holds the tag");
    assert!(s.pull_of(PORT).is_some_and(|(_, _, merged)| merged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fix_lands_on_its_line_whose_tests_count_and_main_gets_it_after_the_tag() {
    let s = Story::begin_with(a_line_with(&[(CI, Some(ON_PULLS_TO_IT))])).await;
    let (issue, head) = s.ready().await;
    assert_eq!(goes_to(&s), "1.x");
    s.shows(
        issue,
        "The fix goes to `1.x`: it is named like the base's release line",
    );
    s.shows(issue, "| Branches that get the fix | `1.x` by");
    s.shows(issue, "**Afterwards, on `1.x` and `main`:**");
    s.shows(issue, "passed");
    s.shows(issue, &format!("/hotfix release {}", &head[..7]));
    s.releases(issue, &head).await;
    s.released_by_merge(&head);
    both_have_it(&s, "1.x");
    s.ends(issue).await;
    let closing = s.bot_comments(issue).last().cloned().expect("a comment").1;
    assert!(
        closing.contains("Fix on `1.x`: ") && closing.contains("Fix on `main`: "),
        "{closing}"
    );
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_branches_somebody_says_which_and_may_say_otherwise_until_the_decision() {
    let s = Story::begin_with(at("v1.0.4", &["1.x", "stable"])).await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    s.shows(
        issue,
        "`1.x` and `stable` are named like the line of `v1.0.4` and hold it",
    );
    s.shows(issue, "line_branch = \"stable\"");
    assert!(!s.has_branch());
    let wrong = s.says("developer", issue, "/hotfix start line=2.x").await;
    s.pass(1).await;
    assert_eq!(s.reactions(wrong).last().map(String::as_str), Some("+1"));
    s.shows(issue, "no stable release is of the line `2.x`");
    s.says("developer", issue, "/hotfix start line=nowhere")
        .await;
    s.pass(1).await;
    s.shows(issue, "there is no branch `nowhere`");
    s.says("developer", issue, "/hotfix start line=stable")
        .await;
    s.pass(1).await;
    s.shows(issue, "The fix goes to `stable`: somebody said so");
    let head = s.fixes().await;
    s.pass(6).await;
    assert_eq!(goes_to(&s), "stable");
    s.pushes(
        "stable",
        "docs: of the line",
        &[("docs/line.md", Some("x\n"))],
    )
    .await;
    s.pass(2).await;
    s.shows(issue, "; 1 commit on `stable`");
    // By hand it is made to go elsewhere: that is asked about, and said.
    let pull = s.pull();
    s.person("developer").retarget(pull, "main").unwrap();
    s.pass(1).await;
    s.shows(issue, "goes to `main` by now, not to `stable`");
    s.says("developer", issue, "/hotfix start line=main").await;
    s.pass(1).await;
    s.hides(issue, "by now, not to");
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    assert!(s.pull_of(PORT).is_none());
    let late = s
        .says("developer", issue, "/hotfix start line=stable")
        .await;
    s.pass(1).await;
    assert_eq!(s.reactions(late).last().map(String::as_str), Some("-1"));
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_that_does_not_hold_the_base_is_no_line_and_the_file_overrules() {
    let s = Story::begin_with(at("v1.0.3", &["1.x"])).await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(1).await;
    assert_eq!(goes_to(&s), "main");
    s.shows(
        issue,
        "The fix goes to `main` alone: `1.x` does not hold `v1.0.4`",
    );
    s.silence().await;

    let named = |sim: &Sim, scene: &Scene| {
        at("v1.0.4", &["1.x", "lamps"])(sim, scene);
        let text = "schema = 1\n\n[base]\nline_branch = \"lamps\"\n";
        sim.person("maintainer", scene.repo)
            .push_commit("main", "ci: a line", &[(CONFIG, Some(text))])
            .unwrap();
    };
    let s = Story::begin_with(named).await;
    s.labelled_by("maintainer").await;
    s.pass(1).await;
    assert_eq!(goes_to(&s), "lamps");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_push_to_the_line_publishes_its_merge_waits_and_mains_does_not() {
    let s = Story::begin_with(a_line_with(&[(PLZ, Some(ON_PUSH_TO_IT))])).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "`release-plz.yml` on a push to `1.x`");
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.until(|s| s.pull_of(PORT).is_some()).await;
    s.shows(issue, "the merge into `1.x` waits until `v1.0.5` is out");
    assert!(!s.pull_of("hotfix/v1.0.5").expect("it").2);
    s.pass(30).await;
    both_have_it(&s, "1.x");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_with_the_line_holds_neither_the_tag_nor_main_up() {
    let s = Story::begin_with(a_line_with(&[])).await;
    let (issue, head) = s.ready().await;
    let manifest = s.text_at("refs/heads/1.x", "Cargo.toml");
    let next = manifest.replacen("\"1.0.4\"", "\"1.1.0-dev\"", 1);
    s.pushes("1.x", "chore: begin 1.1.0", &[("Cargo.toml", Some(&next))])
        .await;
    s.pass(20).await;
    s.shows(issue, "conflicts with `1.x`");
    s.releases(issue, &head).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
    assert!(s.pull_of(PORT).is_some_and(|(_, _, merged)| merged));
    s.shows(issue, "git checkout 1.x && git merge v1.0.5");
    s.says(
        "maintainer",
        issue,
        "/hotfix waive line reason=\"by hand, tomorrow\"",
    )
    .await;
    s.pass(2).await;
    s.ends(issue).await;
    s.silence().await;
}

/// What people pushed is not signed, and the line's branch takes nothing else: the
/// signed commit that brings it is seen there, and nobody has to say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signed_commit_on_the_line_is_the_fix() {
    let s = Story::begin_with(|sim, scene| {
        a_line_with(&[])(sim, scene);
        Story::rule_on(
            sim,
            scene.repo,
            (8, "1.x"),
            "required_signatures",
            Value::Null,
        );
    })
    .await;
    let (issue, head) = s.ready().await;
    s.says(
        "maintainer",
        issue,
        &format!("/hotfix release {}", &head[..7]),
    )
    .await;
    s.pass(40).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
    s.shows(issue, "Commits must have verified signatures");
    s.hides(issue, "waive line");
    let (pull, person) = (s.pull(), s.person("maintainer"));
    let signed = person.squash_signed(&head, "1.x", "signed/v1.0.5");
    let signed = signed.expect("it is pushed");
    let own = person.open_pull("fix: signed", "", "signed/v1.0.5", "1.x");
    person
        .merge_pull(own.expect("it is open"))
        .expect("it is merged");
    s.pass(3).await;
    let open = s.look(|v| v.repo.issues[&pull].open);
    assert!(!open, "it has nothing to add: {}", s.status(issue).1);
    s.hides(issue, "Commits must have verified signatures");
    s.pass(20).await;
    s.ends(issue).await;
    let closing = s.bot_comments(issue).last().cloned().expect("a comment").1;
    let fix = format!("Fix on `1.x`: [`{}`]", &signed[..7]);
    assert!(closing.contains(&fix), "{closing}");
    s.silence().await;
}
