//! What the writes do, once and twice.

use std::process::Command;

use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::facts::{CommentKind, MergeMethod};
use hotfix_bot::domain::ids::{Sha, fingerprint};
use hotfix_bot::engine::effects::{Found, act};
use hotfix_bot::github::Error;
use hotfix_bot::sim::actions::Failure;

use crate::support::{BRANCH, House};

fn refusal(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused { message } => message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_branch_is_made_once() {
    let house = House::new().await;
    let create = house.create_branch();
    let made = house.once(&create).await;
    assert_eq!(
        made,
        Outcome::BranchMade {
            sha: house.base.clone()
        }
    );
    assert_eq!(house.act(&create).await, made);
    house
        .person("dev")
        .push_commit(BRANCH, "x\n", &[("x", Some("x\n"))])
        .unwrap();
    assert!(refusal(house.act(&create).await).contains("exists already"));
    assert!(matches!(house.look(&create).await, Found::Other(_)));
}

#[tokio::test]
async fn the_bump_is_one_commit_that_cargo_accepts() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let bump = house.bump(&house.base);
    let outcome = house.once(&bump).await;
    let Outcome::Bumped { sha } = &outcome else {
        panic!("{outcome:?}");
    };
    let at = format!("refs/heads/{BRANCH}");
    assert!(
        house
            .file(&at, "Cargo.toml")
            .contains("version = \"1.0.5\"")
    );
    assert!(
        house
            .file(&at, "CHANGELOG.md")
            .contains("## [1.0.5] - 2026-01-31")
    );
    // Found also below what others put on top, and never done again.
    house
        .person("dev")
        .push_commit(BRANCH, "fix\n", &[("x", Some("x\n"))])
        .unwrap();
    assert_eq!(house.look(&bump).await, Found::Done(outcome.clone()));
    assert!(refusal(house.act(&bump).await).contains("planned for"));
    assert_eq!(house.calls("git/create-commit"), 1);

    let work = house.dir.path().join("work");
    let bare = house.sim.world().repos[&house.repo].git.dir().to_owned();
    let run = |program: &str, args: &[&str], dir: &std::path::Path| {
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(dir)
            .env("CARGO_NET_OFFLINE", "true");
        let done = command.output().unwrap();
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{program} {args:?}: {words}");
        String::from_utf8(done.stdout).unwrap()
    };
    let (from, to) = (bare.to_str().unwrap(), work.to_str().unwrap());
    run(
        "git",
        &["clone", "-q", "-b", BRANCH, from, to],
        house.dir.path(),
    );
    let told = run(
        "cargo",
        &[
            "metadata",
            "--locked",
            "--offline",
            "--no-deps",
            "--format-version",
            "1",
        ],
        &work,
    );
    assert!(
        told.contains("caro@1.0.5") || told.contains("caro 1.0.5"),
        "{told}"
    );
    run(
        "cargo",
        &["metadata", "--locked", "--offline", "--format-version", "1"],
        &work,
    );
    let parent = run("git", &["rev-parse", &format!("{sha}^")], &work);
    assert_eq!(parent.trim(), house.base.as_str());
    let trailer = run(
        "git",
        &["log", "-1", "--format=%(trailers)", sha.as_str()],
        &work,
    );
    assert_eq!(trailer.trim(), "Hotfix-Bot-Effect: 1/0/bump/x/1");
}

#[tokio::test]
async fn a_branch_that_moved_refuses_the_bump() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let bump = house.bump(&house.base);
    let dev = house.person("dev");
    let moved = dev
        .push_commit(BRANCH, "fix\n", &[("x", Some("x\n"))])
        .unwrap();
    assert_eq!(house.look(&bump).await, Found::Not);
    assert!(refusal(house.act(&bump).await).contains("planned for"));
    // Set back: what was dropped must not come back with the bump.
    dev.force_push(BRANCH, house.base.as_str()).unwrap();
    let stale = house.bump(&Sha::new(moved));
    assert!(refusal(house.act(&stale).await).contains("planned for"));
    dev.delete_branch(BRANCH).unwrap();
    assert!(refusal(house.act(&bump).await).contains("no branch"));
    assert_eq!(house.calls("git/create-commit"), 0);
}

#[tokio::test]
async fn a_place_that_cannot_be_raised_is_named() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let lock = [("Cargo.lock", Some("version = 4\n"))];
    let head = house
        .person("dev")
        .push_commit(BRANCH, "no lock\n", &lock)
        .unwrap();
    let words = refusal(house.act(&house.bump(&Sha::new(head))).await);
    assert!(words.starts_with("`Cargo.lock`: "), "{words}");
    let head = house
        .person("dev")
        .push_commit(BRANCH, "less\n", &[("Cargo.lock", None)])
        .unwrap();
    let words = refusal(house.act(&house.bump(&Sha::new(head))).await);
    assert!(words.contains("there is no `Cargo.lock`"), "{words}");
}

#[tokio::test]
async fn the_pull_request_is_opened_once() {
    let house = House::new().await;
    let open = house.open_pull();
    house.act(&house.create_branch()).await;
    let words = refusal(house.act(&open).await);
    assert!(words.contains("has no commit"), "{words}");
    house.act(&house.bump(&house.base)).await;
    assert_eq!(house.look(&open).await, Found::Not);
    let Outcome::PullOpened { number, pull } = house.act(&open).await else {
        panic!("not opened");
    };
    assert!(pull.open && pull.draft && !pull.node_id.is_empty());
    let is_it = |outcome: Outcome| match outcome {
        Outcome::PullOpened {
            number: again,
            pull,
        } => again == number && pull.open && pull.draft,
        _ => false,
    };
    assert!(is_it(house.act(&open).await), "the second opens nothing");
    let Found::Done(found) = house.look(&open).await else {
        panic!("not found");
    };
    assert!(is_it(found));

    // Ours, closed meanwhile, is found too, and shows as closed.
    let close = Effect::ClosePull { number };
    house.once(&close).await;
    assert_eq!(house.act(&close).await, Outcome::PullClosed);
    let Found::Done(Outcome::PullOpened { pull, .. }) = house.look(&open).await else {
        panic!("not found");
    };
    assert!(!pull.open);
}

fn comment(id: Option<u64>, body: &str) -> Effect {
    Effect::Comment {
        kind: CommentKind::Status,
        id,
        marker: "<!-- hotfix-bot:status:1 -->".into(),
        body: format!("<!-- hotfix-bot:status:1 -->\n{body}"),
    }
}

#[tokio::test]
async fn a_comment_is_written_found_edited_and_missed() {
    let house = House::new().await;
    let first = comment(None, "one");
    let Outcome::CommentWritten { id, url, hash, .. } = house.once(&first).await else {
        panic!("not written");
    };
    assert!(url.contains(&id.to_string()));
    assert_eq!(hash, fingerprint("<!-- hotfix-bot:status:1 -->\none"));
    // Found by its marker, with what stands there.
    let Found::Done(Outcome::CommentWritten {
        id: found,
        hash: there,
        ..
    }) = house.look(&comment(None, "two")).await
    else {
        panic!("not found");
    };
    assert_eq!((found, there), (id, hash));
    house.once(&comment(Some(id), "two")).await;
    house.person("mia").delete_comment(id).unwrap();
    let gone = Outcome::CommentGone {
        kind: CommentKind::Status,
    };
    assert_eq!(
        house.look(&comment(Some(id), "three")).await,
        Found::Done(gone.clone())
    );
    assert_eq!(house.act(&comment(Some(id), "three")).await, gone);
    assert_eq!(house.look(&first).await, Found::Not);

    let said = house
        .person("dev")
        .comment(house.issue, "/hotfix help")
        .unwrap();
    let react = Effect::React {
        comment: said,
        content: "eyes".into(),
    };
    let reacted = Outcome::Reacted {
        comment: said,
        content: "eyes".into(),
    };
    assert_eq!(house.act(&react).await, reacted);
    assert_eq!(house.act(&react).await, reacted);
    house.person("dev").delete_comment(said).unwrap();
    assert_eq!(house.act(&react).await, reacted, "nobody misses it");
}

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
    let words = refusal(house.act(&merge(number, &tested)).await);
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
    assert!(refusal(outcome).contains("not mergeable"));
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
    let Outcome::Runs(runs) = house
        .act(&Effect::ReadRuns {
            sha: head,
            chained: None,
        })
        .await
    else {
        panic!("no runs");
    };
    let run = runs
        .runs
        .iter()
        .find(|run| run.file() == "ci.yml")
        .unwrap()
        .id;
    let rerun = Effect::Rerun { run, attempt: 2 };
    assert_eq!(house.once(&rerun).await, Outcome::Rerunning { run });
    assert_eq!(
        house.act(&rerun).await,
        Outcome::Rerunning { run },
        "it is going already"
    );
    house.run_on();
    let words = refusal(house.act(&Effect::Rerun { run, attempt: 3 }).await);
    assert!(words.contains("no failed jobs"), "{words}");
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
    let written = house.once(&write).await;
    assert_eq!(
        written,
        Outcome::NotesWritten {
            hash: fingerprint(block)
        }
    );
    assert_eq!(house.act(&write).await, written);
    assert_eq!(house.calls("repos/update-release"), 1);
    let body = house.sim.world().repos[&house.repo].releases.all[&release]
        .body
        .clone();
    assert_eq!(body, Some(format!("{block}\n\nNotes\n")));
    let Outcome::Release { release } = house
        .act(&Effect::ReadRelease {
            tag: "v1.0.4".into(),
        })
        .await
    else {
        panic!("no release");
    };
    assert_eq!(release.unwrap().notes, Some(fingerprint(block)));
}

#[tokio::test]
async fn the_issue_is_closed_and_the_branch_deleted() {
    let house = House::new().await;
    house.once(&Effect::CloseIssue).await;
    assert_eq!(house.act(&Effect::CloseIssue).await, Outcome::IssueClosed);
    let Outcome::Issue(issue) = house.act(&Effect::ReadIssue).await else {
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
