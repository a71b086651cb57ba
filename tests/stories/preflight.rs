//! What the repository's settings do not let the bot do is found before it tries,
//! said with the way out, and watched.

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::{Role, Sim};
use serde_json::{Value, json};

use crate::support::bases::everywhere;
use crate::support::story::{ASSESS, Story};

const TAG: &str = "refs/tags/v1.0.5";
const BRANCH: &str = "refs/heads/hotfix/v1.0.5";

fn on_tags(sim: &Sim, scene: &Scene) {
    let on = (7, "refs/tags/v*");
    Story::rule_on(sim, scene.repo, on, "creation", Value::Null);
}

fn decide(head: &str) -> String {
    format!("/hotfix release {}", &head[..7])
}

#[track_caller]
fn nothing_was_refused(s: &Story) {
    let refused = s.refused_calls();
    let of = |call: &&String| call.contains("/git/refs") || call.contains("/merge");
    let refused: Vec<_> = refused.iter().filter(of).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_protected_tag_is_pushed_by_a_person() {
    let s = Story::begin_with(on_tags).await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "<summary>Preflight: 1 finding</summary>");
    s.shows(issue, "`ruleset-blocks-tag`");
    s.shows(
        issue,
        "**Tagged by:** a person, for the ruleset `ruleset 7`",
    );
    s.says("maintainer", issue, &decide(&head)).await;
    s.pass(3).await;
    s.shows(issue, &format!("git tag -a v1.0.5 {head} -m v1.0.5"));
    assert_eq!(s.commit_of(TAG), None);
    nothing_was_refused(&s);
    let tagged = s
        .person("maintainer")
        .create_tag("v1.0.5", &head, Some("Hotfix v1.0.5"));
    tagged.expect("a tag");
    s.pass(30).await;
    s.released(&head);
    s.hides(issue, "<summary>Preflight");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_bot_may_do_by_now_it_does_by_itself() {
    let s = Story::begin_with(on_tags).await;
    let (issue, head) = s.ready().await;
    s.says("maintainer", issue, &decide(&head)).await;
    s.pass(3).await;
    assert_eq!(s.commit_of(TAG), None);
    // Nobody tells of it.
    {
        let mut world = s.sim().world();
        let repo = world.repos.get_mut(&s.repo()).expect("it");
        repo.rules.clear();
    }
    s.pass(30).await;
    s.released(&head);
    nothing_was_refused(&s);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_puts_it_into_the_merge_queue() {
    let s = Story::begin_with(|sim, scene| {
        Story::rule(sim, scene.repo, 8, "merge_queue", Value::Null);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "`merge-queue`");
    s.says("maintainer", issue, &decide(&head)).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.pass(3).await;
    let pull = s.pull();
    s.shows(
        issue,
        &format!("`main` has a merge queue: `gh pr merge {pull}`"),
    );
    nothing_was_refused(&s);
    s.person("maintainer").enqueue(pull).expect("it is merged");
    s.pass(30).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

/// The tag comes first; what the rule wants may come later, and then it is merged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviews_that_main_asks_for_are_found_before_and_waited_for_after_the_tag() {
    let s = Story::begin_with(|sim, scene| {
        let two = json!({ "required_approving_review_count": 2 });
        Story::rule(sim, scene.repo, 8, "pull_request", two);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(
        issue,
        "`reviews-required`: `main` takes what 2 people approved",
    );
    s.says("maintainer", issue, &decide(&head)).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.pass(40).await;
    assert_eq!(s.commit_of(TAG).as_deref(), Some(&*head));
    s.shows(issue, "At least 2 approving reviews are required");
    let pull = s.pull();
    let merged =
        |s: &Story| s.look(|v| v.repo.issues[&pull].pull.clone().unwrap().merged.is_some());
    assert!(!merged(&s));
    // It is heard of, and merged at once.
    s.with_role("second", Role::Write);
    s.approves("second").await;
    assert!(merged(&s), "{}", s.status(issue).1);
    s.hides(issue, "At least 2 approving reviews are required");
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn into_a_branch_that_the_bot_may_not_change_a_person_merges() {
    let s = Story::begin_with(|sim, scene| {
        Story::rule(sim, scene.repo, 8, "update", Value::Null);
    })
    .await;
    let (issue, head) = s.ready().await;
    s.shows(issue, "`ruleset-blocks-merge`");
    s.says("maintainer", issue, &decide(&head)).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.pass(3).await;
    let pull = s.pull();
    s.shows(issue, &format!("`gh pr merge {pull} --merge`"));
    nothing_was_refused(&s);
    let merged = s.person("maintainer").merge_past("update", pull);
    merged.expect("it is merged");
    s.pass(30).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

fn signatures(sim: &Sim, scene: &Scene) {
    Story::rule(sim, scene.repo, 8, "required_signatures", Value::Null);
}

/// Tagged, and not merged: what people pushed is not signed.
async fn tagged_without_signatures() -> (Story, u64, String) {
    let s = Story::begin_with(signatures).await;
    let (issue, head) = s.ready().await;
    s.says("maintainer", issue, &decide(&head)).await;
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.pass(40).await;
    assert_eq!(s.commit_of(TAG).as_deref(), Some(&*head));
    s.shows(issue, "Commits must have verified signatures");
    (s, issue, head)
}

/// What people pushed without a signature cannot be merged: found before the branch, by
/// a ruleset; the tag does not wait for it, and who passes the rule by merges it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_without_a_signature_are_tagged_and_merged_by_who_passes_the_rule_by() {
    let (s, issue, head) = tagged_without_signatures().await;
    s.shows(issue, &format!("`gh pr merge {} --admin`", s.pull()));
    let merged = s.person("maintainer");
    let merged = merged.merge_past("required_signatures", s.pull());
    merged.expect("it is merged");
    s.pass(20).await;
    s.released(&head);
    s.ends(issue).await;
    s.hides(issue, "Commits must have verified signatures");
    s.silence().await;
}

/// Where nobody passes it by: what was tagged stays, and one signed commit brings it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_tagged_without_a_signature_comes_to_main_as_one_signed_commit() {
    let (s, issue, head) = tagged_without_signatures().await;
    s.shows(
        issue,
        &format!("git merge --squash {head} && git commit -S -m"),
    );
    let (pull, person) = (s.pull(), s.person("maintainer"));
    let unsigned = person.push_commit("main", "fix: by hand", &[("by-hand", Some("1"))]);
    assert!(unsigned.is_err(), "GitHub takes no push without one");
    let signed = person.squash_signed(&head, "main", "signed/v1.0.5");
    signed.expect("it is pushed");
    let own = person.open_pull("fix: signed", "", "signed/v1.0.5", "main");
    person
        .merge_pull(own.expect("it is open"))
        .expect("it is merged");
    s.pass(3).await;
    let open = s.look(|v| v.repo.issues[&pull].open);
    assert!(!open, "it has nothing to add: {}", s.status(issue).1);
    s.hides(issue, "Commits must have verified signatures");
    s.pass(20).await;
    assert_eq!(s.commit_of(TAG).as_deref(), Some(&*head));
    s.ends(issue).await;
    s.silence().await;
}

/// Before the decision: the commits are named, and signed anew they are tested anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_that_are_signed_anew_before_the_decision_are_merged_as_any() {
    let s = Story::begin_with(signatures).await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(
        issue,
        "`signatures-required`: `main` takes signed commits alone",
    );
    s.shows(issue, "Sign what you push (`git commit -S`)");
    s.pass(3).await;
    let bump = s.commit_of(BRANCH).expect("the bump");
    let fix = s.fixes().await;
    s.pass(2).await;
    let anew = format!("git rebase --rebase-merges --force-rebase -S '{fix}^'");
    s.shows(issue, &anew);
    let signed = s.person("developer").sign_anew("hotfix/v1.0.5", &bump);
    let signed = signed.expect("it is pushed");
    s.pass(3).await;
    s.hides(issue, &anew);
    s.shows(issue, "Sign what you push (`git commit -S`)");
    s.says("maintainer", issue, ASSESS).await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &signed).await;
    s.released(&signed);
    nothing_was_refused(&s);
    s.ends(issue).await;
    s.silence().await;
}

/// Without the right, and where the release has other workflow files than main.
async fn without_workflows() -> Story {
    let s = Story::begin_with(|sim, _| {
        let mut world = sim.world();
        for it in world.installations.values_mut() {
            it.permissions.remove("workflows");
        }
    })
    .await;
    let ci = ".github/workflows/ci.yml";
    let text = s.text_at("refs/heads/main", ci) + "# since the release\n";
    s.pushes("main", "ci: a word more", &[(ci, Some(&text))])
        .await;
    s
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_that_is_missing_holds_the_branch_until_it_is_granted() {
    let s = without_workflows().await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(issue, "lacks the permission `workflows`");
    assert!(!s.has_branch());
    nothing_was_refused(&s);
    {
        let mut world = s.sim().world();
        let installation = *world.installations.keys().next().expect("one");
        let mut granted = world.installations[&installation].permissions.clone();
        granted.insert("workflows".into(), "write".into());
        let granted: Vec<_> = granted
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        world.grant(installation, &granted);
    }
    s.pass(2).await;
    assert!(s.has_branch(), "{}", s.status(issue).1);
    s.hides(issue, "lacks the permission");
    let head = s.ready_after(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    nothing_was_refused(&s);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_that_a_person_makes_in_its_place_is_taken_over() {
    let s = without_workflows().await;
    let issue = s.labelled_by("maintainer").await;
    assert!(!s.has_branch());
    let base = s.commit_of("refs/tags/v1.0.4").expect("the base");
    s.shows(issue, &format!("git push origin {base}:{BRANCH}"));
    let made = s.person("developer").create_branch("hotfix/v1.0.5", &base);
    made.expect("a branch");
    s.pass(3).await;
    assert_ne!(s.commit_of(BRANCH).as_deref(), Some(&*base), "the bump");
    let head = s.ready_after(issue).await;
    s.says("maintainer", issue, &decide(&head)).await;
    s.pass(3).await;
    s.shows(issue, "an App without the permission `workflows` make it");
    nothing_was_refused(&s);
    let person = s.person("maintainer");
    person
        .create_tag("v1.0.5", &head, Some("Hotfix v1.0.5"))
        .expect("a tag");
    s.pass(30).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_environment_that_does_not_take_the_tag_is_a_gate() {
    const PUBLISH: &str = "name: Publish\non:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    environment: crates-io\n    steps:\n      - run: cargo publish\n";
    let takes = |sim: &Sim, repo: u64, pattern: &str| {
        let mut world = sim.world();
        let settings = world.run_settings(repo).expect("it");
        let refs = vec![("tag".to_owned(), pattern.to_owned())];
        settings.deploys.insert("crates-io".into(), refs);
    };
    let s = Story::begin_with(|sim, scene| {
        let files = [
            (".github/workflows/publish.yml", Some(PUBLISH)),
            (".github/hotfix.toml", None),
        ];
        everywhere(sim, scene, &files);
        takes(sim, scene.repo, "release-*");
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    s.shows(issue, "✗ `environment-refuses-tag`");
    let head = s.ready_after(issue).await;
    let word = s.says("maintainer", issue, &decide(&head)).await;
    s.pass(2).await;
    assert_eq!(s.reactions(word).last().map(String::as_str), Some("-1"));
    s.shows(issue, "among what the environment `crates-io` takes");
    takes(s.sim(), s.repo(), "v*");
    s.pass(5).await;
    s.shows(issue, "**Open gates:** none");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
