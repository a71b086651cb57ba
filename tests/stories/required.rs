//! What the rules of the default branch require, whoever leaves it on the head.

use hotfix_bot::sim::Sim;
use serde_json::json;

use crate::support::story::{ASSESS, Story};

/// The rules want these checks, of any App or of this one.
fn checks(sim: &Sim, repo: u64, ruleset: u64, named: &[(&str, Option<u64>)]) {
    let named = named.iter().map(|(name, app)| match app {
        Some(app) => json!({ "context": name, "integration_id": app }),
        None => json!({ "context": name }),
    });
    let parameters = json!({
        "required_status_checks": named.collect::<Vec<_>>(),
        "strict_required_status_checks_policy": false,
    });
    Story::rule(sim, repo, ruleset, "required_status_checks", parameters);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn required_checks_hold_the_release_up_by_name_and_app() {
    let s = Story::begin_with(|sim, scene| {
        let app = Some(scene.app);
        checks(
            sim,
            scene.repo,
            1,
            &[("test (ubuntu-latest)", None), ("audit", app)],
        );
        checks(sim, scene.repo, 0, &[("licence", None)]);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    let head = s.ready_after(issue).await;
    s.shows(issue, "`test (ubuntu-latest)` (a job of `ci.yml`)");
    s.shows(issue, "check `licence` on");
    s.shows(issue, "check `audit` on");
    s.hides(issue, "check `test (ubuntu-latest)` on");
    s.refuses_to_release(issue, &head).await;
    // Anybody who may push sets a status; the rules want an App.
    s.status_is(&head, "audit", "success");
    s.status_is(&head, "licence", "success");
    s.pass(3).await;
    s.shows(issue, "check `licence` passed");
    s.shows(issue, "**Open gates: 1**");
    s.refuses_to_release(issue, &head).await;
    s.app_checks(&head, "audit", "success");
    s.pass(3).await;
    s.shows(issue, "**Open gates:** none");
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_required_check_that_never_comes_is_passed_by_a_commander() {
    let s = Story::begin_with(|sim, scene| {
        checks(sim, scene.repo, 1, &[("old-build", Some(15_368))]);
    })
    .await;
    let issue = s.labelled_by("maintainer").await;
    let head = s.ready_after(issue).await;
    s.shows(issue, "it can never come");
    s.refuses_to_release(issue, &head).await;
    let word = "/hotfix override required-checks reason=\"an old name\"";
    let dev = s.says("developer", issue, word).await;
    assert_eq!(s.reactions(dev), ["-1"]);
    s.says("maintainer", issue, word).await;
    s.shows(issue, "**Open gates:** none");
    s.releases(issue, &head).await;
    assert_eq!(s.commit_of("refs/tags/v1.0.5").as_deref(), Some(&*head));
    // What GitHub does not merge is said, and a person merges it.
    s.shows(issue, "GitHub refused to merge the pull request");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_named_another_release_too_late_begins_anew_from_it() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let late = s.says("developer", issue, "/hotfix start v1.0.3").await;
    assert_eq!(s.reactions(late), ["-1"]);
    s.shows(issue, "put the label on again");
    let hand = s.person("maintainer");
    let cancel = "/hotfix cancel reason=\"the older line\"";
    s.says("maintainer", issue, cancel).await;
    hand.unlabel(issue, "P0").expect("it goes");
    s.pass(3).await;
    assert!(!s.has_branch());
    hand.label(issue, "P0").expect("a label");
    s.pass(3).await;
    let base = s.commit_of("refs/tags/v1.0.3").expect("a release");
    let below = s.look(|view| {
        let git = &view.repo.git;
        let head = git.read_ref("refs/heads/hotfix/v1.0.5")?;
        let commit = git.commit(&head)?;
        commit.parents.first().cloned()
    });
    assert_eq!(below.as_deref(), Some(&*base));
    s.says("maintainer", issue, "/hotfix cancel reason=\"enough\"")
        .await;
    s.silence().await;
}
