//! What the writes do, once and twice.

use std::process::Command;

use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::{Sha, fingerprint};
use hotfix_bot::domain::objects::{Branch, CommentKind, Head, Observation, PullKind, Reaction};
use hotfix_bot::domain::read::Read;
use hotfix_bot::engine::effects::Found;

use crate::support::{BRANCH, House, refusal};

#[tokio::test]
async fn the_branch_is_made_once() {
    let house = House::new().await;
    let create = house.create_branch();
    let made = house.once(&create).await;
    assert_eq!(
        made,
        Outcome::BranchMade {
            sha: house.base.clone(),
            bumped: None,
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
async fn the_branch_begins_with_the_bump() {
    let house = House::new().await;
    let create = house.create_bumped();
    assert_eq!(house.look(&create).await, Found::Not);
    let made = house.act(&create).await;
    let Outcome::BranchMade {
        sha,
        bumped: Some(told),
    } = made
    else {
        panic!("{made:?}");
    };
    assert_eq!((&sha, &told.sha), (&house.head(BRANCH), &sha));
    let calls = |operation| house.calls(operation);
    assert_eq!(calls("git/create-ref"), 1);
    assert_eq!(calls("git/create-commit"), 1);
    assert_eq!(calls("git/update-ref"), 0, "one push");
    // What is told of it is what a look sees.
    let read = Read::Branch {
        branch: BRANCH.into(),
        base: house.base.clone(),
        known: None,
        package: house.package(),
        version: "1.0.5".into(),
        actions: Vec::new(),
        registry: false,
    };
    let Observation::Branch(Branch { head: Some(seen) }) = house.read(read).await else {
        panic!("no branch");
    };
    let files = seen.files.clone();
    assert_eq!(*seen, Head { files, ..*told });
    // An answer that is lost is looked for, and nothing is done twice.
    let found = Outcome::BranchMade { sha, bumped: None };
    assert_eq!(house.look(&create).await, Found::Done(found.clone()));
    assert_eq!(house.act(&create).await, found);
    assert_eq!(house.head(BRANCH), seen.sha);
    house
        .person("dev")
        .push_commit(BRANCH, "x\n", &[("x", Some("x\n"))])
        .unwrap();
    assert!(matches!(house.look(&create).await, Found::Other(_)));
}

#[tokio::test]
async fn where_the_version_cannot_be_raised_the_branch_begins_at_the_base() {
    let house = House::new().await;
    let mut create = house.create_bumped();
    let Effect::CreateBranch { raise, .. } = &mut create else {
        panic!("{create:?}");
    };
    raise.as_mut().unwrap().package.lock = Some("none.lock".into());
    let made = house.once(&create).await;
    let sha = house.base.clone();
    assert_eq!(made, Outcome::BranchMade { sha, bumped: None });
    assert_eq!(house.calls("git/create-commit"), 0);
}

#[tokio::test]
async fn the_bump_is_one_commit_that_cargo_accepts() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let bump = house.bump(&house.base);
    let outcome = house.once(&bump).await;
    assert_eq!(outcome, Outcome::Done);
    let sha = house.head(BRANCH);
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
    assert_eq!(
        trailer.trim(),
        "Hotfix: acme/caro#1\nHotfix-Bot-Effect: 1/0/bump/x/1"
    );
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
    assert!(words.starts_with("Cargo.lock: "), "{words}");
    let head = house
        .person("dev")
        .push_commit(BRANCH, "less\n", &[("Cargo.lock", None)])
        .unwrap();
    let words = refusal(house.act(&house.bump(&Sha::new(head))).await);
    assert!(words.contains("there is no Cargo.lock"), "{words}");
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
    let close = Effect::ClosePull {
        number,
        instead: None,
        branch: BRANCH.into(),
        pull: PullKind::Hotfix,
        why: None,
    };
    house.once(&close).await;
    assert_eq!(
        house.act(&close).await,
        Outcome::PullClosed {
            pull: PullKind::Hotfix
        }
    );
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
        shown: Some(Box::default()),
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
        reaction: Reaction::Eyes,
    };
    assert_eq!(house.act(&react).await, Outcome::Done);
    assert_eq!(house.act(&react).await, Outcome::Done);
    {
        let world = house.sim.world();
        let reactions = &world.repos[&house.repo].comments[&said].reactions;
        let given: Vec<_> = reactions.iter().map(|r| r.content.as_str()).collect();
        assert_eq!(given, ["eyes"]);
    }
    house.person("dev").delete_comment(said).unwrap();
    assert_eq!(house.act(&react).await, Outcome::Done, "nobody misses it");
}
