//! People's hands on what the bot stands on: the issue, the App itself, the
//! server.

use crate::support::story::Story;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_issue_nothing_is_released() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    // Deleted, moved to another repository, or made a discussion: it is not there.
    let gone = {
        let mut world = s.sim().world();
        let of = world.repos.get_mut(&s.repo()).expect("it");
        of.issues.remove(&issue).expect("the issue")
    };
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", s.pull(), &command).await;
    s.pass(20).await;
    s.not_released();
    // A mistake that is mended: it goes on where it was.
    {
        let mut world = s.sim().world();
        let of = world.repos.get_mut(&s.repo()).expect("it");
        of.issues.insert(issue, gone);
    }
    s.pass(40).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_app_is_suspended_everything_waits() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let suspends = |on| {
        let mut world = s.sim().world();
        let owner = world.repos[&s.repo()].owner;
        let who = hotfix_bot::sim::Who::person(owner);
        let app = *world.apps.keys().next().expect("an App");
        world.suspends(app, s.repo(), on, &who).expect("a right");
    };
    suspends(true);
    let command = format!("/hotfix release {}", &head[..7]);
    s.says("maintainer", issue, &command).await;
    s.pass(40).await;
    s.not_released();
    suspends(false);
    s.pass(5).await;
    // What was said meanwhile reached nobody: it is said again.
    s.not_released();
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_absence_it_is_said_once_and_what_was_said_is_done_once() {
    let mut s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.away(30, |s| {
        s.person("maintainer").comment(issue, &command).unwrap();
    })
    .await;
    s.pass(40).await;
    s.released(&head);
    s.shows(issue, "I was away for 30 min");
    let said = s.status(issue).1.matches("I was away").count();
    assert_eq!(said, 1);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_repository_is_archived_everything_waits() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let archived = |on| {
        let mut world = s.sim().world();
        world.repos.get_mut(&s.repo()).expect("it").archived = on;
    };
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    archived(true);
    s.pass(40).await;
    s.not_released();
    archived(false);
    s.pass(60).await;
    // It was decided before, and goes on by itself.
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_repository_and_a_locked_issue_hold_nothing_up() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    {
        let mut world = s.sim().world();
        let owner = hotfix_bot::sim::Who::person(world.repos[&s.repo()].owner);
        world.set_private(s.repo(), true, &owner).expect("a right");
        let repo = world.repos.get_mut(&s.repo()).expect("it");
        let locked = &mut repo.issues.get_mut(&issue).expect("it").locked;
        *locked = Some("too heated".to_owned());
    }
    let head = s.ready_after(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.says("maintainer", issue, "/hotfix check fresh-install")
        .await;
    s.says("maintainer", issue, "/hotfix check fix-verified note=seen")
        .await;
    s.pass(3).await;
    s.finished(issue);
    s.silence().await;
}
