//! A repository that moves, and another one that takes its name.

use hotfix_bot::sim::World;

use crate::support::story::{ASSESS, Story};

const TAG: &str = "refs/tags/v1.0.5";

/// A new repository of the old name, with everything else alike, and the App
/// installed on it; gives its id.
fn take_the_name(s: &Story, name: &str) -> u64 {
    let mut world = s.sim().world();
    let world: &mut World = &mut world;
    let (refs, objects, owner) = {
        let of = &world.repos[&s.repo()];
        let refs = of.git.list_refs("refs/").into_iter().collect::<Vec<_>>();
        (refs, of.git.dir().join("objects"), of.owner_login.clone())
    };
    let twin = world
        .adopt_repo(&owner, name, "main", &[&objects], &refs)
        .expect("a repository");
    let of = &world.repos[&s.repo()];
    let (issues, comments, roles) = (of.issues.clone(), of.comments.clone(), of.roles.clone());
    let there = world.repos.get_mut(&twin).expect("it");
    (there.issues, there.comments, there.roles) = (issues, comments, roles);
    for installation in world.installations.values_mut() {
        installation.repos.insert(twin);
    }
    twin
}

/// Refs and number of comments of a repository.
fn state(s: &Story, repo: u64) -> (Vec<(String, String)>, usize, usize) {
    let world = s.sim().world();
    let of = &world.repos[&repo];
    let refs = of.git.list_refs("refs/").into_iter().collect();
    let merged = of.issues.values().filter(|i| !i.open).count();
    (refs, of.comments.len(), merged)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_rename_is_found_out() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    s.unheard(|| s.person("harbour").rename_repo("lamp"))
        .unwrap();
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_done_to_a_new_repository_of_the_old_name() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    // The comment still says the old name; everything after it is the new one's.
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    s.unheard(|| s.person("harbour").rename_repo("lamp"))
        .unwrap();
    let twin = take_the_name(&s, "lantern");
    let before = state(&s, twin);
    s.pass(30).await;
    assert_eq!(state(&s, twin), before, "{:#?}", s.refused_calls());
    s.released(&head);
    s.ends(issue).await;
    assert_eq!(state(&s, twin), before);
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_name_is_lost_between_the_tag_and_the_merge() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    s.until(|s| s.commit_of(TAG).is_some()).await;
    s.unheard(|| s.person("harbour").rename_repo("lamp"))
        .unwrap();
    let twin = take_the_name(&s, "lantern");
    let before = state(&s, twin);
    s.pass(30).await;
    assert_eq!(state(&s, twin), before, "{:#?}", s.refused_calls());
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_believed_of_a_new_repository_of_the_old_name() {
    let s = Story::begin().await;
    let issue = s.labelled_by("maintainer").await;
    s.says("maintainer", issue, ASSESS).await;
    let head = s.fixes().await;
    s.pass(6).await;
    s.says("maintainer", issue, "/hotfix check manual-test")
        .await;
    s.pass(5).await;
    // A reader, who is an admin there, where the head is approved as well.
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("passer-by").comment(issue, &command).unwrap();
    s.unheard(|| s.person("harbour").rename_repo("lamp"))
        .unwrap();
    let twin = take_the_name(&s, "lantern");
    {
        let mut world = s.sim().world();
        use hotfix_bot::sim::Role;
        world.set_role(twin, "passer-by", Role::Admin);
    }
    let there = s.sim().person("maintainer", twin);
    let approve = hotfix_bot::sim::Verdict::Approve;
    s.unheard(|| there.review(s.pull(), approve, "Good."))
        .unwrap();
    s.pass(20).await;
    s.not_released();
    s.shows(issue, "an approving review");
    // What is true of the real one counts.
    s.approves("maintainer").await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_that_is_given_away_is_let_alone() {
    let s = Story::begin().await;
    let (issue, head) = s.ready().await;
    let command = format!("/hotfix release {}", &head[..7]);
    s.person("maintainer").comment(issue, &command).unwrap();
    s.unheard(|| s.person("harbour").transfer_repo("elsewhere"))
        .unwrap();
    let twin = take_the_name_of(&s, "harbour", "lantern");
    let before = (state(&s, twin), state(&s, s.repo()));
    s.pass(30).await;
    assert_eq!((state(&s, twin), state(&s, s.repo())), before);
    s.silence().await;
}

fn take_the_name_of(s: &Story, owner: &str, name: &str) -> u64 {
    let mut world = s.sim().world();
    let twin = world.create_repo(owner, name, false).expect("a repository");
    for installation in world.installations.values_mut() {
        installation.repos.insert(twin);
    }
    twin
}
