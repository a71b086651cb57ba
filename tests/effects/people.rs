//! Who people are, whose work a commit is, and which commits are ours.

use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::Person;
use hotfix_bot::domain::objects::{Carry, Commit, Observation};
use hotfix_bot::domain::read::Read;
use hotfix_bot::engine::effects::{Found, act};
use hotfix_bot::sim::world::UserKind;
use hotfix_bot::sim::{Role, Verdict};

use crate::support::{BRANCH, House, KEY, refusal};

const PORT: &str = "forward-port/v1.0.5";
const FIX: [(&str, Option<&str>); 1] = [("src/lib.rs", Some("pub fn f() {}\n"))];

/// The bot's own address in commits.
fn address(house: &House) -> String {
    let world = house.sim.world();
    world.user_by_login("hotfix[bot]").unwrap().email.clone()
}

async fn commits(house: &House) -> Vec<Commit> {
    let read = Read::Branch {
        branch: BRANCH.into(),
        base: house.base.clone(),
        known: None,
        package: house.package(),
        version: "1.0.5".into(),
        actions: Vec::new(),
        registry: false,
    };
    match house.read(read).await {
        Observation::Branch(branch) => branch.head.unwrap().commits.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_commit_that_only_looks_like_ours_is_not_taken_for_it() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let bump = house.bump(&house.base);
    let (dev, own) = (house.person("dev"), address(&house));
    let message = format!("chore: bump\n\nHotfix-Bot-Effect: {KEY}\n");
    let forged = |branch: &str| {
        dev.push_signed(branch, &message, &FIX, [&own, &own])
            .unwrap();
    };
    forged(BRANCH);
    assert_eq!(commits(&house).await[0].effect.as_deref(), Some(KEY));
    assert_eq!(house.look(&bump).await, Found::Not);
    assert!(refusal(house.act(&bump).await).contains("planned for"));

    dev.create_branch(PORT, house.main.as_str()).unwrap();
    forged(PORT);
    let port = Effect::PushPort {
        carry: Carry {
            base: house.base.clone(),
            base_version: "1.0.4".into(),
            head: house.head(BRANCH),
            branch: BRANCH.into(),
            version: "1.0.5".into(),
            package: house.package(),
        },
        branch: PORT.into(),
        replaces: None,
        message: "Forward-port v1.0.5".into(),
    };
    let Found::Other(words) = house.look(&port).await else {
        panic!("it was taken for ours");
    };
    assert!(words.contains("exists already"), "{words}");
    assert!(refusal(house.act(&port).await).contains("exists already"));
}

#[tokio::test]
async fn our_commit_is_found_however_far_the_attempt_came() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let bump = house.bump(&house.base);
    house.sim.break_operations(&["git/update-ref"]);
    assert!(act(&house.context(), &bump).await.is_err());
    house.sim.break_operations(&[]);
    assert_eq!(house.look(&bump).await, Found::Not, "no ref leads to it");
    assert_eq!(house.act(&bump).await, Outcome::Done);
    assert_eq!(house.look(&bump).await, Found::Done(Outcome::Done));
    house
        .person("dev")
        .push_commit(BRANCH, "fix\n", &FIX)
        .unwrap();
    assert_eq!(house.look(&bump).await, Found::Done(Outcome::Done));
}

#[tokio::test]
async fn a_commit_tells_all_whose_work_it_is() {
    let house = House::new().await;
    house.act(&house.create_branch()).await;
    let person = |login: &str| {
        let person = house.person(login);
        (Person::new(person.id(), login), person.email())
    };
    let ((dev, at_dev), (mia, at_mia), (rita, _)) = (person("dev"), person("mia"), person("rita"));
    let rita_at_home = "Rita@home.example";
    house.person("rita").takes_mail_at(rita_at_home);
    let hand = house.person("dev");
    let push = |message: &str, by: [&str; 2]| {
        hand.push_signed(BRANCH, message, &FIX, by).unwrap();
    };
    let asked = house.calls("graphql/repository");
    push("one", [&at_dev, &at_mia]);
    push("two", [&at_dev, "noreply@github.test"]);
    push("three", ["me@laptop.example", &at_dev]);
    push(
        &format!("four\n\nCo-Authored-By: M <{at_mia}>\n"),
        [&at_dev, &at_dev],
    );
    let found = commits(&house).await;
    assert_eq!(house.calls("graphql/repository"), asked, "nothing is asked");
    let hands = |commit: &Commit| {
        let hands = commit.hands.clone().unwrap();
        (hands.people, hands.unknown)
    };
    let found: Vec<_> = found.iter().map(hands).collect();
    assert_eq!(found[0], (vec![dev.clone(), mia.clone()], false));
    assert_eq!(found[1], (vec![dev.clone()], false));
    assert_eq!(found[2], (vec![dev.clone()], true));
    assert_eq!(found[3].0[0], dev);
    assert!(mia.is_among(&found[3].0) && !found[3].1);

    let home = format!(
        "five\n\nCo-authored-by: R <{}>",
        rita_at_home.to_lowercase()
    );
    push(&home, [&at_dev, &at_dev]);
    push(
        "six\n\nCo-authored-by: N <n@nowhere.example>",
        [&at_dev, &at_dev],
    );
    let found: Vec<_> = commits(&house).await.iter().map(hands).collect();
    assert_eq!(found[4], (vec![dev.clone(), rita], false));
    assert_eq!(found[5], (vec![dev.clone()], true));
    assert_eq!(house.calls("graphql/repository") - asked, 2);

    // A server that does not know the question: somebody unknown.
    house.sim.break_operations(&["graphql/repository"]);
    let read = Read::Branch {
        branch: BRANCH.into(),
        base: house.base.clone(),
        known: None,
        package: house.package(),
        version: "1.0.5".into(),
        actions: Vec::new(),
        registry: false,
    };
    let down = act(&house.context(), &Effect::Read(read)).await;
    assert!(down.is_err(), "no answer is none");
}

#[tokio::test]
async fn roles_and_reviews_are_of_accounts() {
    let house = House::new().await;
    let (number, _, _) = house.pulled().await;
    let app = "review-app[bot]";
    house.sim.world().add_account(app, UserKind::Bot);
    house.sim.world().set_role(house.repo, app, Role::Write);
    let mia = house.person("mia");
    for who in [&mia, &house.person(app)] {
        who.review(number, Verdict::Approve, "").unwrap();
    }
    // Somebody else's account has the login by now.
    mia.rename("was-mia");
    let taken = house.person("mia");
    let Observation::Reviews(reviews) = house.read(Read::Reviews { number }).await else {
        panic!("no reviews");
    };
    let seen: Vec<_> = reviews
        .iter()
        .map(|r| (r.login.as_str(), r.id, r.bot, r.may_write))
        .collect();
    let bot = house.person(app).id();
    assert_eq!(
        seen,
        [("was-mia", mia.id(), false, true), (app, bot, true, false)]
    );
    let role = async |login: &str| {
        let login = login.to_owned();
        match house
            .act(&Effect::Read(Read::Role {
                login,
                teams: Vec::new(),
            }))
            .await
        {
            Outcome::Role(role) => (role.role_name, role.id),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(role("mia").await.1, taken.id());
    assert_eq!(role("was-mia").await, ("maintain".to_owned(), mia.id()));
    assert_eq!(role("nobody-here").await, ("none".to_owned(), 0));
}
