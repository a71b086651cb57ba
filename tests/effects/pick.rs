//! Picks: commits of main, by the client, on the hotfix branch.

use hotfix_bot::domain::command::Source;
use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{Came, Picked, Trouble};
use hotfix_bot::engine::effects::Found;

use crate::support::{BRANCH, House, refusal};

fn pick(house: &House, parent: &Sha, sources: &[&str]) -> Effect {
    Effect::PushPicks {
        branch: BRANCH.into(),
        parent: parent.clone(),
        base: house.base.clone(),
        sources: sources
            .iter()
            .map(|s| Source::read(s).expect("a source"))
            .collect(),
        changelogs: vec!["CHANGELOG.md".into()],
        heads: Vec::new(),
    }
}

async fn picked(house: &House, effect: &Effect) -> Picked {
    match house.act(effect).await {
        Outcome::Picked(picked) => picked,
        other => panic!("{other:?}"),
    }
}

fn main_has(house: &House, message: &str, path: &str, text: &str) -> String {
    let pushed = house
        .person("dev")
        .push_commit("main", message, &[(path, Some(text))]);
    pushed.expect("a push")
}

fn head(house: &House) -> String {
    let world = house.sim.world();
    let git = &world.repos[&house.repo].git;
    git.read_ref(&format!("refs/heads/{BRANCH}"))
        .expect("a head")
}

#[tokio::test]
async fn what_was_done_is_found_and_not_repeated() {
    let house = House::new().await;
    let (_, _, parent) = house.pulled().await;
    let one = main_has(&house, "fix: one\n\nRefs: 7", "src/one.rs", "1\n");
    let two = main_has(&house, "fix: two", "src/two.rs", "2\n");
    let effect = pick(&house, &parent, &[&one, &two[..8], &one]);
    let Outcome::Picked(found) = house.once(&effect).await else {
        panic!("not picked");
    };
    let [first, second] = &found.commits[..] else {
        panic!("{found:?}")
    };
    assert_eq!((first.from.as_str(), second.from.as_str()), (&*one, &*two));
    assert_eq!(second.came, Came::As(Sha::new(head(&house))));
    let from = |message: &str| message.to_owned();
    {
        let world = house.sim.world();
        let git = &world.repos[&house.repo].git;
        let last = git.commit(found.head.as_str()).unwrap();
        assert_eq!(
            last.message,
            from(&format!("fix: two\n\n(cherry picked from commit {two})\n"))
        );
        let before = git.commit(&last.parents[0]).unwrap();
        assert_eq!(before.parents, [parent.as_str()]);
        // Below trailers there is no blank line.
        assert_eq!(
            before.message,
            format!("fix: one\n\nRefs: 7\n(cherry picked from commit {one})\n")
        );
        assert_eq!(before.author, git.commit(&one).unwrap().author);
        assert_ne!(before.committer, before.author);
    }
    // The same on the old head: it moved on.
    assert!(refusal(house.act(&effect).await).contains("the pick was planned for"));
    // On the new one nothing is left to do.
    let before = house.sim.writes_seen();
    let again = picked(&house, &pick(&house, &found.head, &[&one, &two])).await;
    let came: Vec<_> = again.commits.iter().map(|commit| &commit.came).collect();
    assert_eq!(
        (came, again.trouble),
        (vec![&Came::There, &Came::There], None)
    );
    assert_eq!(house.sim.writes_seen(), before);
}

#[tokio::test]
async fn all_of_it_or_nothing() {
    let house = House::new().await;
    let (_, _, parent) = house.pulled().await;
    let one = main_has(&house, "fix: one", "src/one.rs", "1\n");
    let new = main_has(&house, "feat: deep", "src/deep.rs", "a\nb\n");
    let two = main_has(&house, "fix: deep", "src/deep.rs", "a\nB\n");
    let before = house.sim.writes_seen();
    let effect = pick(&house, &parent, &[&one, &two]);
    let found = picked(&house, &effect).await;
    assert_eq!(
        (house.sim.writes_seen(), head(&house)),
        (before, parent.to_string())
    );
    let Some(Trouble::Conflict {
        commit,
        files,
        before,
        ..
    }) = found.trouble
    else {
        panic!("{found:?}");
    };
    assert_eq!((commit.as_str(), files.len()), (&*two, 1));
    let before: Vec<_> = before.iter().map(|(sha, _)| sha.as_str()).collect();
    assert_eq!(before, [&*new]);
    assert_eq!(house.look(&effect).await, Found::Not);
    // With it they fit.
    let found = picked(&house, &pick(&house, &parent, &[&one, &new, &two])).await;
    assert_eq!((found.commits.len(), found.trouble), (3, None));
    assert_eq!(
        house.file(&format!("refs/heads/{BRANCH}"), "src/deep.rs"),
        "a\nB\n"
    );
}

#[tokio::test]
async fn a_name_is_a_commit_of_main_or_nothing() {
    let house = House::new().await;
    let (_, _, parent) = house.pulled().await;
    let one = main_has(&house, "fix: one", "src/one.rs", "1\n");
    // A branch that is called like a commit is none.
    let person = house.person("dev");
    person.create_branch("abcdef0", &one).expect("a branch");
    let away = person.push_commit("abcdef0", "fix: away", &[("src/away.rs", Some("x\n"))]);
    let away = away.expect("a push");
    for (source, expected) in [
        ("abcdef0", None),
        ("0123456789", None),
        ("#999", None),
        (&*away, Some(Sha::new(away.clone()))),
    ] {
        let found = picked(&house, &pick(&house, &parent, &[source])).await;
        match (found.trouble, expected) {
            (Some(Trouble::Unknown { .. }), None) => {}
            (Some(Trouble::NotOnMain { commit, .. }), Some(expected)) => {
                assert_eq!(commit, expected)
            }
            other => panic!("{source}: {other:?}"),
        }
    }
}
