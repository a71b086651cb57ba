//! Who may not be looking is called by a new comment, once for each moment.

use hotfix_bot::sim::actions::Failure;

use crate::support::story::Story;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_decides_is_called_when_it_is_ready_and_who_can_mend_when_it_fails() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let ready = s.calls(issue);
    assert_eq!(ready.len(), 1, "{ready:#?}");
    assert!(
        ready[0].contains("is ready: @maintainer decides"),
        "{}",
        ready[0]
    );
    let command = format!("```\n/hotfix release {}\n```", &head[..7]);
    assert!(ready[0].contains(&command), "{}", ready[0]);
    s.failing(Failure::first_attempt("release.yml"));
    s.releases(issue, &head).await;
    s.pass(2).await;
    let [was_ready, failed] = s.calls(issue).try_into().expect("two calls");
    assert!(!was_ready.contains("/hotfix"), "{was_ready}");
    assert!(
        failed.contains("✗ release.yml failed: v1.0.5 is"),
        "{failed}"
    );
    assert!(failed.contains("```\n/hotfix retry\n```"), "{failed}");
    s.says("developer", issue, "/hotfix retry").await;
    s.pass(30).await;
    s.ends(issue).await;
    let calls = s.calls(issue);
    assert!(calls.iter().all(|call| !call.contains("```")), "{calls:#?}");
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_lets_it_lie_is_called_at_a_maximum_and_asked_at_the_last() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(25).await;
    s.shows(issue, "over its target");
    assert!(s.calls(issue).is_empty());
    s.pass(20).await;
    let calls = s.calls(issue);
    assert_eq!(calls.len(), 1, "{calls:#?}");
    assert!(
        calls[0].contains("Assess & Branch takes more than 30 min"),
        "{}",
        calls[0]
    );
    s.pass(330).await;
    let calls = s.calls(issue);
    assert_eq!(calls.len(), 2, "{calls:#?}");
    assert!(calls[1].contains("/hotfix downgrade P1"), "{}", calls[1]);
    s.shows(issue, "Is it truly P0");
    s.says(
        "maintainer",
        issue,
        "/hotfix extend total 60m reason=\"nearly there\"",
    )
    .await;
    s.pass(2).await;
    s.hides(issue, "Is it truly P0");
    assert!(
        s.calls(issue)
            .iter()
            .skip(1)
            .all(|call| !call.contains("/hotfix"))
    );
}
