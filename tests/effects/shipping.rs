//! From the tag to the deleted branch, once and twice.

use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::{Sha, fingerprint};
use hotfix_bot::domain::objects::{
    MergeMethod, NotesWere, Observation, PullKind, Runs, StandingTag, Stray, Tag,
};
use hotfix_bot::domain::read::Read;
use hotfix_bot::engine::effects::act;
use hotfix_bot::github::Error;
use hotfix_bot::sim::actions::Failure;

use crate::support::{BRANCH, House, refusal, refused_by_github};

#[tokio::test]
async fn the_tag_is_made_once_and_never_moved() {
    let house = House::new().await;
    let head = house.bumped().await;
    let create = |name: &str, commit: &Sha| Effect::CreateTag {
        tag: name.into(),
        commit: commit.clone(),
        message: "Hotfix v1.0.5".into(),
    };
    let outcome = house.once(&create("v1.0.5", &head)).await;
    let Outcome::Tagged(tag) = &outcome else {
        panic!("{outcome:?}");
    };
    assert!(tag.annotated && tag.commit == head && tag.object != head);
    let again = house.act(&create("v1.0.5", &head)).await;
    assert_eq!(again, outcome, "the tag that stands, not the second object");
    let words = refusal(house.act(&create("v1.0.4", &head)).await);
    assert!(words.contains("v1.0.4 exists and is on"), "{words}");
    let words = refusal(house.act(&create("v1.0.3", &house.base)).await);
    assert!(words.contains("lightweight"), "{words}");
}

fn merge(number: u64, head: &Sha) -> Effect {
    Effect::Merge {
        number,
        head: head.clone(),
        method: MergeMethod::Merge,
        title: "Merge hotfix v1.0.5".into(),
        message: "Fixes #1".into(),
        pull: PullKind::Hotfix,
        branch: BRANCH.into(),
        to: None,
        after: None,
    }
}

#[tokio::test]
async fn ready_then_merged_if_the_head_is_the_tested_one() {
    let house = House::new().await;
    let (number, node_id, head) = house.pulled().await;
    // Main must have no conflict: take the version as main has it.
    let main = house.file("refs/heads/main", "Cargo.toml");
    let same = [("Cargo.toml", Some(main.as_str()))];
    let tested = house
        .person("dev")
        .push_commit(BRANCH, "as main\n", &same)
        .unwrap();
    let tested = Sha::new(tested);
    let words = refused_by_github(house.act(&merge(number, &tested)).await);
    assert!(words.to_lowercase().contains("draft"), "{words}");
    let ready = Effect::MarkReady { number, node_id };
    assert_eq!(house.once(&ready).await, Outcome::Readied);
    assert_eq!(house.act(&ready).await, Outcome::Readied);
    let words = refusal(house.act(&merge(number, &head)).await);
    assert!(
        words.contains("is not") && words.contains(head.short()),
        "{words}"
    );

    let it = merge(number, &tested);
    let Outcome::Merged { commit } = house.once(&it).await else {
        panic!("not merged");
    };
    assert_eq!(
        house.act(&it).await,
        Outcome::Merged {
            commit: commit.clone()
        }
    );
    let world = house.sim.world();
    let git = &world.repos[&house.repo].git;
    assert_eq!(
        git.read_ref("refs/heads/main").as_deref(),
        Some(commit.as_str())
    );
    let message = git.commit(commit.as_str()).unwrap().message;
    assert!(
        message.starts_with("Merge hotfix v1.0.5\n\nFixes #1"),
        "{message}"
    );
}

#[tokio::test]
async fn nothing_is_merged_without_the_tag_that_it_hangs_on() {
    let house = House::new().await;
    let (number, node_id, head) = house.pulled().await;
    house.act(&Effect::MarkReady { number, node_id }).await;
    let tag = "v1.0.5".to_owned();
    let create = Effect::CreateTag {
        tag: tag.clone(),
        commit: head.clone(),
        message: "Hotfix v1.0.5".into(),
    };
    let Outcome::Tagged(made) = house.once(&create).await else {
        panic!("no tag");
    };
    let mut effect = merge(number, &head);
    if let Effect::Merge { after, .. } = &mut effect {
        let object = made.object;
        *after = Some(StandingTag { tag, object });
    }
    let mia = house.person("mia");
    mia.delete_tag("v1.0.5").unwrap();
    let gone = Outcome::seen(Observation::Tag(None));
    assert_eq!(house.act(&effect).await, gone);
    // Another one in its place is told as what it is.
    mia.create_tag("v1.0.5", head.as_str(), None).unwrap();
    let other = Outcome::seen(Observation::Tag(Some(Tag {
        object: head.clone(),
        commit: head,
        annotated: false,
    })));
    assert_eq!(house.act(&effect).await, other);
}

#[tokio::test]
async fn a_conflict_is_refused() {
    let house = House::new().await;
    let (number, node_id, head) = house.pulled().await;
    house.act(&Effect::MarkReady { number, node_id }).await;
    let effect = merge(number, &head);
    let first = act(&house.context(), &effect).await;
    // Asking made GitHub work it out; until then it is no answer.
    let outcome = match first {
        Err(Error::Transient(_)) => house.act(&effect).await,
        first => first.unwrap(),
    };
    assert!(refused_by_github(outcome).contains("not mergeable"));
}

async fn runs(house: &House, head: &Sha) -> Runs {
    let read = Read::Runs {
        sha: head.clone(),
        chained: None,
        pull: PullKind::Hotfix,
    };
    match house.read(read).await {
        Observation::Runs(runs) => runs,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn failed_jobs_run_again() {
    let house = House::new().await;
    let failure = Failure::first_attempt("ci.yml");
    house
        .sim
        .world()
        .run_settings(house.repo)
        .unwrap()
        .failures
        .push(failure);
    let head = house.bumped().await;
    house.run_on();
    let of_tests = |runs: Runs| runs.runs.into_iter().find(|run| run.file() == "ci.yml");
    let tests = async || of_tests(runs(&house, &head).await).unwrap();
    let first = tests().await;
    let run = first.id;
    assert!(first.attempt == 1 && first.failed(), "{first:?}");
    let rerun = Effect::Rerun {
        run,
        attempt: 2,
        whole: false,
    };
    assert_eq!(house.once(&rerun).await, Outcome::Done);
    let again = house.act(&rerun).await;
    assert_eq!(again, Outcome::Done, "it is going already");
    assert_eq!(tests().await.attempt, 2);
    house.run_on();
    let words = refused_by_github(
        house
            .act(&Effect::Rerun {
                run,
                attempt: 3,
                whole: false,
            })
            .await,
    );
    assert!(words.contains("no failed jobs"), "{words}");
    let whole = Effect::Rerun {
        run,
        attempt: 3,
        whole: true,
    };
    assert_eq!(house.once(&whole).await, Outcome::Done);
    let third = tests().await;
    assert_eq!((third.id, third.attempt), (run, 3));
}

#[tokio::test]
async fn notes_hold_the_block_and_everything_else() {
    let house = House::new().await;
    let release = {
        let world = house.sim.world();
        world.repos[&house.repo]
            .releases
            .by_tag("v1.0.4")
            .unwrap()
            .id
    };
    let block = "<!-- hotfix-bot:notes -->\n## Hotfix\n<!-- /hotfix-bot:notes -->";
    let write = Effect::WriteNotes {
        release,
        tag: "v1.0.4".into(),
        block: block.into(),
    };
    let written = house.act(&write).await;
    assert_eq!(
        written,
        Outcome::NotesWritten {
            hash: fingerprint(block),
            was: Some(NotesWere::Missing),
        }
    );
    let same = Outcome::NotesWritten {
        hash: fingerprint(block),
        was: Some(NotesWere::Same),
    };
    assert_eq!(house.act(&write).await, same);
    assert_eq!(house.calls("repos/update-release"), 1);
    let body = house.sim.world().repos[&house.repo].releases.all[&release]
        .body
        .clone();
    assert_eq!(body, Some(format!("{block}\n\nNotes\n")));
    let tag = "v1.0.4".into();
    let Observation::Release(release) = house.read(Read::Release { tag }).await else {
        panic!("no release");
    };
    assert_eq!(release.unwrap().notes, Some(fingerprint(block)));
}

#[tokio::test]
async fn the_issue_is_closed_and_the_branch_deleted() {
    let house = House::new().await;
    house.once(&Effect::CloseIssue).await;
    assert_eq!(house.act(&Effect::CloseIssue).await, Outcome::IssueClosed);
    let Observation::Issue(issue) = house.read(Read::Issue).await else {
        panic!("no issue");
    };
    assert_eq!(
        (issue.open, issue.closed_by.as_deref()),
        (false, Some("hotfix[bot]"))
    );

    let head = house.bumped().await;
    let delete = |expected: &Sha| Effect::DeleteBranch {
        branch: BRANCH.into(),
        expected: expected.clone(),
        pull: PullKind::Hotfix,
    };
    let words = refusal(house.act(&delete(&house.base)).await);
    assert!(words.contains("not deleted"), "{words}");
    house.once(&delete(&head)).await;
    assert_eq!(
        house.calls("git/delete-ref"),
        0,
        "the guarded way is enough"
    );
    assert_eq!(house.act(&delete(&head)).await, Outcome::BranchDeleted);
}

#[tokio::test]
async fn a_draft_that_cannot_be_made_ready_is_refused_by_github() {
    let house = House::new().await;
    let (number, node_id, _) = house.pulled().await;
    let close = Effect::ClosePull {
        number,
        instead: None,
        branch: BRANCH.into(),
        pull: PullKind::Hotfix,
        why: None,
    };
    house.once(&close).await;
    let words = refused_by_github(house.act(&Effect::MarkReady { number, node_id }).await);
    assert!(words.contains("closed"), "{words}");
}

#[tokio::test]
async fn what_leads_elsewhere_is_looked_at_and_not_merged() {
    let house = House::new().await;
    let (number, node_id, head) = house.pulled().await;
    house.act(&Effect::MarkReady { number, node_id }).await;
    let maintainer = house.person("mia");
    let main = house.main.as_str();
    maintainer.create_branch("next", main).unwrap();
    maintainer.retarget(number, "next").unwrap();
    let Outcome::Seen(seen) = house.act(&merge(number, &head)).await else {
        panic!("not looked at");
    };
    let Observation::Pull(pull) = *seen else {
        panic!("{seen:?}");
    };
    assert!(pull.open && !pull.merged);
    let repo = i64::try_from(house.repo).unwrap();
    let stray = pull.way.strays(repo, BRANCH, None);
    assert_eq!(stray, Some(Stray::Base("next".into())));
    assert_eq!(
        pull.way.strays(repo + 1, BRANCH, None),
        Some(Stray::Repository)
    );
    maintainer.retarget(number, "main").unwrap();
    // Of another branch it is not closed either.
    let close = Effect::ClosePull {
        number,
        instead: None,
        branch: "hotfix/v9.9.9".into(),
        pull: PullKind::Hotfix,
        why: None,
    };
    let words = refusal(house.act(&close).await);
    assert!(words.contains("it is left open"), "{words}");
}
