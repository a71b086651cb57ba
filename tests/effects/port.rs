//! The forward-port's effects: main is at 1.2.0 with another lock file.

use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{Carried, Carry, Holds, Observation, PullKind};
use hotfix_bot::domain::read::Read;
use hotfix_bot::engine::effects::Found;

use crate::support::{BRANCH, House, KEY, refusal, refused_by_github};

const PORT: &str = "forward-port/v1.0.5";

fn carry(house: &House, head: &Sha) -> Carry {
    Carry {
        base: house.base.clone(),
        base_version: "1.0.4".into(),
        head: head.clone(),
        branch: BRANCH.into(),
        version: "1.0.5".into(),
        package: house.package(),
    }
}

fn push(house: &House, head: &Sha, replaces: Option<&Carried>) -> Effect {
    Effect::PushPort {
        carry: carry(house, head),
        branch: PORT.into(),
        replaces: replaces.cloned(),
        message: "Forward-port v1.0.5".into(),
    }
}

async fn carried(house: &House, effect: &Effect) -> Carried {
    match house.act(effect).await {
        Outcome::Carried(carried) => carried,
        other => panic!("{other:?}"),
    }
}

async fn holds(house: &House, head: &Sha, carried: &Sha, merged: Option<&Sha>) -> Option<Sha> {
    let read = Read::Holds {
        carry: carry(house, head),
        carried: Some(carried.clone()),
        merged: merged.cloned(),
        whole: false,
        line: None,
    };
    match house.read(read).await {
        Observation::Holds(Holds { by, .. }) => by,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_commit_on_main_carries_the_hotfix_over() {
    let house = House::new().await;
    let (_, _, head) = house.pulled().await;
    let effect = push(&house, &head, None);
    let Outcome::Carried(carried) = house.once(&effect).await else {
        panic!("not carried");
    };
    assert_eq!(carried.onto, house.main);
    assert!(carried.by_hand.is_empty(), "{carried:?}");
    assert!(
        carried.by_rule.contains(&"Cargo.toml".to_owned()),
        "{carried:?}"
    );
    assert_eq!(
        house.act(&effect).await,
        Outcome::Carried(carried.clone()),
        "the branch that stands is found"
    );
    let at = format!("refs/heads/{PORT}");
    assert!(house.file(&at, "Cargo.toml").contains("1.2.0"));
    assert!(house.file(&at, "src/lib.rs").contains("fn works()"));
    let log = house.file(&at, "CHANGELOG.md");
    assert!(
        log.contains("## [1.0.5]") && log.contains("## [1.0.4]"),
        "{log}"
    );
    let world = house.sim.world();
    let git = &world.repos[&house.repo].git;
    let commit = git.commit(carried.commit.as_str()).unwrap();
    assert_eq!(commit.parents, [house.main.as_str()]);
    assert!(
        commit.message.contains("\nCo-authored-by: dev <"),
        "{}",
        commit.message
    );
    assert!(
        commit
            .message
            .ends_with(&format!("\nHotfix-Bot-Effect: {KEY}\n"))
    );
}

#[tokio::test]
async fn trying_it_writes_nothing() {
    let house = House::new().await;
    let (_, _, head) = house.pulled().await;
    let other = [("src/lib.rs", Some("pub fn f() { sleep() }\n"))];
    let main = house
        .person("dev")
        .push_commit("main", "another way\n", &other);
    let before = house.sim.writes_seen();
    let carry = carry(&house, &head);
    let Observation::Trial(trial) = house.read(Read::Trial { carry }).await else {
        panic!("no trial");
    };
    assert_eq!(house.sim.writes_seen(), before);
    assert_eq!(trial.head, head);
    let paths: Vec<_> = trial
        .by_hand
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(paths, ["src/lib.rs"]);

    // What is pushed holds the markers, and reading the pull request finds them.
    let carried = carried(&house, &push(&house, &head, None)).await;
    assert_eq!(carried.onto.as_str(), main.unwrap());
    let open = Effect::OpenPull {
        head: PORT.into(),
        base: "main".into(),
        title: "Forward-port v1.0.5".into(),
        body: "It hangs.".into(),
        pull: PullKind::Port,
        ready: false,
    };
    let Outcome::PullOpened { number, pull } = house.once(&open).await else {
        panic!("not opened");
    };
    assert!(pull.draft);
    let read = Read::Pull {
        number,
        pull: PullKind::Port,
        marked: paths.iter().map(|path| (*path).to_owned()).collect(),
        tree: false,
    };
    let Observation::Port(pull) = house.read(read.clone()).await else {
        panic!("no pull request");
    };
    assert_eq!(pull.marked, ["src/lib.rs"]);
    let resolved = [("src/lib.rs", Some("pub fn f() {}\n"))];
    house
        .person("dev")
        .push_commit(PORT, "resolve\n", &resolved)
        .unwrap();
    let Observation::Port(pull) = house.read(read.clone()).await else {
        panic!("no pull request");
    };
    assert!(pull.marked.is_empty());
}

#[tokio::test]
async fn it_is_replaced_only_where_nobody_else_pushed() {
    let house = House::new().await;
    let (_, _, head) = house.pulled().await;
    let first = carried(&house, &push(&house, &head, None)).await;
    let again = push(&house, &head, Some(&first));
    let words = refusal(house.act(&again).await);
    assert!(words.contains("is built on the head of main"), "{words}");

    let more = [("README.md", Some("more\n"))];
    let main = house
        .person("dev")
        .push_commit("main", "docs: more\n", &more);
    assert_eq!(house.look(&again).await, Found::Not);
    let second = carried(&house, &again).await;
    assert_eq!(second.onto.as_str(), main.unwrap());
    assert_eq!(
        house.look(&again).await,
        Found::Done(Outcome::Carried(second.clone()))
    );

    let theirs = [("README.md", Some("theirs\n"))];
    house
        .person("dev")
        .push_commit(PORT, "mine\n", &theirs)
        .unwrap();
    let more = [("README.md", Some("even more\n"))];
    house
        .person("dev")
        .push_commit("main", "docs: even more\n", &more)
        .unwrap();
    let again = push(&house, &head, Some(&second));
    assert!(matches!(house.look(&again).await, Found::Other(_)));
    let words = refused_by_github(house.act(&again).await);
    assert!(words.contains("does not point to the expected"), "{words}");
    assert_eq!(
        house.file(&format!("refs/heads/{PORT}"), "README.md"),
        "theirs\n"
    );
}

#[tokio::test]
async fn it_is_found_below_what_a_person_pushed_before_the_answer_came() {
    let house = House::new().await;
    let (_, _, head) = house.pulled().await;
    let effect = push(&house, &head, None);
    let first = carried(&house, &effect).await;
    let theirs = [("README.md", Some("theirs\n"))];
    let dev = house.person("dev");
    dev.push_commit(PORT, "mine\n", &theirs).unwrap();
    let done = Outcome::Carried(first.clone());
    assert_eq!(house.look(&effect).await, Found::Done(done));
    assert_eq!(carried(&house, &effect).await, first);
    let text = house.file(&format!("refs/heads/{PORT}"), "README.md");
    assert_eq!(text, "theirs\n");
}

#[tokio::test]
async fn the_fix_is_found_on_main_by_what_it_changes() {
    let house = House::new().await;
    let (_, _, head) = house.pulled().await;
    let ours = carried(&house, &push(&house, &head, None)).await.commit;
    assert_eq!(holds(&house, &head, &ours, None).await, None);
    // Somebody else's change of the same file is not it.
    let dev = house.person("dev");
    let other = [("src/lib.rs", Some("//! Doc.\n\npub fn f() { loop {} }\n"))];
    dev.push_commit("main", "docs: say what it is\n", &other)
        .unwrap();
    assert_eq!(holds(&house, &head, &ours, None).await, None);
    // The same lines by hand are, though what stands around them differs.
    let fix = [(
        "src/lib.rs",
        Some("//! Doc.\n\npub fn f() {}\n#[test]\nfn works() {}\n"),
    )];
    let picked = dev.push_commit("main", "fix: it\n", &fix).unwrap();
    let found = holds(&house, &head, &ours, None).await;
    assert_eq!(found, Some(Sha::new(picked)));
    // And the tagged commit itself.
    let main = house.sim.world().repos[&house.repo]
        .git
        .read_ref("refs/heads/main");
    let head_of_main = Sha::new(main.unwrap());
    assert_eq!(
        holds(&house, &head_of_main, &ours, None).await,
        Some(head_of_main)
    );
}

#[tokio::test]
async fn the_one_that_takes_its_place_is_named() {
    let house = House::new().await;
    let (number, _, _) = house.pulled().await;
    let close = Effect::ClosePull {
        number,
        instead: Some(77),
        branch: BRANCH.into(),
        pull: PullKind::Hotfix,
        why: None,
    };
    house.once(&close).await;
    house.act(&close).await;
    let world = house.sim.world();
    let body = world.repos[&house.repo].issues[&number].body.clone();
    let body = body.unwrap_or_default();
    assert_eq!(body.matches("#77").count(), 1, "{body}");
    assert!(body.ends_with("It hangs."), "{body}");
}

#[tokio::test]
async fn the_lock_file_follows_a_manifest_that_main_has_already() {
    let house = House::new().await;
    let (_, _, head) = house.pulled().await;
    let manifest = house.file(&format!("refs/heads/{BRANCH}"), "Cargo.toml");
    let same = [("Cargo.toml", Some(manifest.as_str()))];
    let dev = house.person("dev");
    dev.push_commit("main", "chore: 1.0.5\n", &same).unwrap();
    let carried = carried(&house, &push(&house, &head, None)).await;
    assert!(carried.by_hand.is_empty(), "{carried:?}");
    let at = format!("refs/heads/{PORT}");
    assert_eq!(house.file(&at, "Cargo.toml"), manifest);
    let lock = house.file(&at, "Cargo.lock");
    assert!(
        lock.contains("name = \"caro\"\nversion = \"1.0.5\""),
        "{lock}"
    );
}
