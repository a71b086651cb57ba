//! What the reads make of what is there.

use std::sync::Arc;

use hotfix_bot::domain::derive::base::Doubt;
use hotfix_bot::domain::effect::Effect;
use hotfix_bot::domain::event::Outcome;
use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{
    Base, Head, MergeMethod, Observation, PolicyRead, PullKind, RegistryKind, Release,
};
use hotfix_bot::domain::read::Read;
use hotfix_bot::sim::Verdict;
use hotfix_bot::sim::actions::Failure;

use crate::support::{BRANCH, House, KEY};

async fn base(house: &House, tag_pattern: &str, prereleases: bool) -> Arc<Base> {
    let read = Read::Base {
        tag_pattern: (tag_pattern != "auto").then(|| tag_pattern.to_owned()),
        said: None,
        branch_pattern: "hotfix/v{version}".into(),
        line_said: None,
        line: None,
        line_branch: None,
        prereleases,
        changelog: "CHANGELOG.md".into(),
        known_issues: "auto".into(),
        security_policy: String::new(),
        packages: Vec::new(),
        kinds: Vec::new(),
        registry: false,
        leave_locks: false,
        places: Default::default(),
    };
    match house.read(read).await {
        Observation::Base(base) => base,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_base_and_its_surroundings() {
    let house = House::new().await;
    house
        .person("dev")
        .create_branch("hotfix/v1.0.6", house.base.as_str())
        .unwrap();
    let read = base(&house, "v{version}", false).await;
    assert_eq!(read.trouble, None);
    assert_eq!(
        (read.tag.as_str(), read.version.as_str()),
        ("v1.0.4", "1.0.4")
    );
    assert_eq!(read.commit, house.base);
    assert_ne!(read.tag_object, house.base, "the tag is annotated");
    let release = read.release.as_ref().unwrap();
    assert_eq!(release.assets[0].name, "caro.tar.gz");
    assert!(release.assets[0].uploaded && release.notes.is_none());
    assert_eq!(read.package, house.package());
    let files: Vec<_> = read.workflows.iter().map(|w| w.name()).collect();
    assert_eq!(files, ["ci.yml", "odd.yaml", "publish.yml"]);
    assert!(read.workflows[0].file.starts_on_branch("main"));
    assert!(read.workflows[1].broken.is_some());
    assert!(read.workflows[2].file.publishes_crate);
    assert_eq!(read.main.head, house.main);
    let beyond = Read::Main {
        base: house.base.clone(),
        line: None,
    };
    let Observation::Main(ahead) = house.read(beyond).await else {
        panic!("another answer");
    };
    assert_eq!((ahead.ahead_by, ahead.features), (2, 1));
    assert_eq!(read.main.merge_method, MergeMethod::Merge);
    let taken: Vec<_> = read.taken.iter().map(String::as_str).collect();
    assert_eq!(taken, ["1.0.3", "1.0.4", "1.0.6", "1.1.0-rc.1", "1.2.0"]);

    let prerelease = base(&house, "v{version}", true).await;
    assert_eq!(prerelease.tag, "v1.1.0-rc.1");
    let none = base(&house, "tool-{version}", false).await;
    let asked = Doubt::Pattern {
        pattern: "tool-{version}".into(),
    };
    assert_eq!(none.question.as_ref().map(|it| &it.doubt), Some(&asked));
    assert!(house.sim.world().log.unsupported.is_empty());
}

#[tokio::test]
async fn another_ci_systems_file_counts_where_it_may_publish() {
    let house = House::new().await;
    let files = [
        (".travis.yml", Some("script: cargo test\n")),
        (".circleci/config.yml", Some("run: cargo publish\n")),
    ];
    let pushed = house.person("mia").push_commit("main", "ci: two\n", &files);
    pushed.expect("a push");
    let read = base(&house, "v{version}", false).await;
    assert_eq!(read.other_ci, [".circleci/config.yml"]);
}

#[tokio::test]
async fn tags_without_a_pattern_are_named_as_the_newest_release_is() {
    let house = House::new().await;
    let read = base(&house, "auto", false).await;
    assert_eq!(
        (read.tag.as_str(), read.tag_pattern.as_str()),
        ("v1.0.4", "v{version}")
    );
    let hand = house.person("mia");
    let tag = |name: &str| {
        hand.create_tag(name, house.base.as_str(), Some("x"))
            .unwrap()
    };
    // As old as the others: the first of the usual names holds.
    tag("1.0.4");
    tag("caro-v1.0.4");
    tag("other-9.0.0");
    assert_eq!(base(&house, "auto", false).await.tag, "v1.0.4");
    for old in ["v1.0.4", "v1.0.3"] {
        hand.delete_tag(old).unwrap();
    }
    let read = base(&house, "auto", false).await;
    assert_eq!(
        (read.tag.as_str(), read.tag_pattern.as_str()),
        ("1.0.4", "{version}")
    );
    hand.delete_tag("1.0.4").unwrap();
    let read = base(&house, "auto", false).await;
    assert_eq!(
        (read.tag.as_str(), read.version.as_str()),
        ("caro-v1.0.4", "1.0.4")
    );
    hand.delete_tag("caro-v1.0.4").unwrap();
    hand.delete_tag("v1.1.0-rc.1").unwrap();
    let doubt = |base: &Base| base.question.as_ref().map(|it| it.doubt.clone());
    // Another package's, perhaps: main is at a lower version.
    let read = base(&house, "auto", false).await;
    assert!(
        matches!(doubt(&read), Some(Doubt::Lower { .. })),
        "{read:?}"
    );
    tag("third-1.0.0");
    let none = base(&house, "auto", false).await;
    assert_eq!(doubt(&none), Some(Doubt::Which));
}

#[tokio::test]
async fn where_tags_changed_their_name_the_higher_version_decides() {
    let house = House::new().await;
    let hand = house.person("mia");
    hand.create_branch("next", house.main.as_str()).unwrap();
    let manifest = "[package]\nname = \"caro\"\nversion = \"0.9.0\"\nedition = \"2021\"\n";
    let files = [("Cargo.toml", Some(manifest))];
    let newer = hand.push_commit("next", "release", &files).unwrap();
    hand.create_tag("0.9.0", &newer, Some("x")).unwrap();
    let read = base(&house, "auto", false).await;
    assert_eq!(
        (read.tag.as_str(), read.tag_pattern.as_str()),
        ("v1.0.4", "v{version}")
    );
    assert!(house.sim.world().log.unsupported.is_empty());
}

async fn policy(house: &House) -> PolicyRead {
    match house.read(Read::Policy { ahead: None }).await {
        Observation::Policy(read) => read,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_configuration_with_its_default_and_its_errors() {
    let house = House::new().await;
    let asked = house.asked();
    let none = policy(&house).await;
    assert!(!none.own_file && !none.is_wrong());
    assert_eq!(none.commit, house.main);
    // One of the three is the token.
    assert_eq!(house.asked() - asked, 3);
    let write = |text: &str| {
        let file = [(".github/hotfix.toml", Some(text))];
        house
            .person("mia")
            .push_commit("main", "Configure\n", &file)
            .unwrap()
    };
    write("[test]\nworkflows = [\"ci.yml\"]\n");
    let read = policy(&house).await;
    assert!(read.own_file && !read.is_wrong(), "{:?}", read.faults);
    assert!(read.policy.test.workflows.written().is_some());
    write("[test]\nworkflows = [\"ci.yml\", \"gone.yml\"]\n");
    let faults = policy(&house).await.faults;
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}");
    };
    assert_eq!((fault.line, fault.column), (2, 25));
    assert!(fault.message.contains("`gone.yml`"), "{fault:?}");
    write("[tset]\n");
    let read = policy(&house).await;
    assert_eq!(read.faults[0].line, 1);
    assert_eq!(*read.policy, Default::default());
}

#[tokio::test]
async fn the_issue_and_the_roles() {
    let house = House::new().await;
    house.person("mia").label(house.issue, "P0").unwrap();
    let Observation::Issue(issue) = house.read(Read::Issue).await else {
        panic!("no issue");
    };
    assert_eq!(
        (&issue.title, issue.author.as_str()),
        (&"It hangs".into(), "rita")
    );
    assert!(issue.open && issue.labels == ["P0"] && issue.created_at > 0);
    for (login, role, permission) in [
        ("mia", "maintain", "write"),
        ("dev", "write", "write"),
        ("nobody", "none", "none"),
    ] {
        let Outcome::Role(read) = house
            .act(&Effect::Read(Read::Role {
                login: login.into(),
                teams: Vec::new(),
            }))
            .await
        else {
            panic!("no role");
        };
        assert_eq!(
            (read.role_name.as_str(), read.permission.as_str()),
            (role, permission)
        );
    }
}

fn branch(house: &House, known: Option<Sha>) -> Read {
    Read::Branch {
        branch: BRANCH.into(),
        base: house.base.clone(),
        known,
        package: house.package(),
        version: "1.0.5".into(),
        actions: Vec::new(),
        registry: false,
    }
}

async fn head(house: &House) -> Arc<Head> {
    match house.read(branch(house, None)).await {
        Observation::Branch(branch) => branch.head.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_branch_and_the_way_to_it() {
    let house = House::new().await;
    let Observation::Branch(gone) = house.read(branch(&house, None)).await else {
        panic!("no branch");
    };
    assert_eq!(gone.head, None);
    house.act(&house.create_branch()).await;
    let read = head(&house).await;
    assert!(read.holds_base && read.commits.is_empty() && !read.tree.as_str().is_empty());
    let stands = |version: &str| {
        vec![
            ("Cargo.toml".to_owned(), Some(version.to_owned())),
            ("Cargo.lock".to_owned(), Some(version.to_owned())),
        ]
    };
    assert_eq!(read.versions, stands("1.0.4"));
    assert!(!read.changelog);

    let bumped = house.act(&house.bump(&house.base)).await;
    assert_eq!(bumped, Outcome::Done);
    let sha = house.head(BRANCH);
    let read = head(&house).await;
    assert_eq!(read.sha, sha);
    assert_eq!(read.versions, stands("1.0.5"));
    assert!(read.changelog);
    let bump = &read.commits[0];
    assert_eq!(bump.subject, "chore: bump version to 1.0.5 for hotfix");
    assert_eq!(
        (bump.author.as_str(), bump.effect.as_deref()),
        ("hotfix[bot]", Some(KEY))
    );
    assert_eq!(bump.paths, ["CHANGELOG.md", "Cargo.lock", "Cargo.toml"]);
    assert!(read.files.iter().all(|file| !file.test));
    let unchanged = Effect::Read(branch(&house, Some(sha)));
    assert_eq!(house.act(&unchanged).await, Outcome::Same);

    let dev = house.person("dev");
    let text = "pub fn f() {}\n\n#[test]\nfn works() { f() }\n";
    // Somebody who writes our trailer is not us.
    let message = format!("fix(critical): stop it\n\nHotfix-Bot-Effect: {KEY}\n");
    dev.push_commit(BRANCH, &message, &[("src/lib.rs", Some(text))])
        .unwrap();
    let read = head(&house).await;
    let fix = &read.commits[1];
    assert_eq!((fix.author.as_str(), fix.effect.as_ref()), ("dev", None));
    assert_eq!(fix.paths, ["src/lib.rs"]);
    let tests: Vec<_> = read
        .files
        .iter()
        .filter(|f| f.test)
        .map(|f| &f.path)
        .collect();
    assert_eq!(tests, ["src/lib.rs"]);

    dev.force_push(BRANCH, house.main.as_str()).unwrap();
    assert!(head(&house).await.holds_base, "main is built on the base");
}

#[tokio::test]
async fn the_pull_request_its_reviews_and_its_runs() {
    let house = House::new().await;
    let failures = Failure::first_attempt("ci.yml");
    house
        .sim
        .world()
        .run_settings(house.repo)
        .unwrap()
        .failures
        .push(failures);
    let (number, node_id, head) = house.pulled().await;
    let Observation::Pull(pull) = house
        .read(Read::Pull {
            number,
            pull: PullKind::Hotfix,
            marked: Vec::new(),
            tree: false,
        })
        .await
    else {
        panic!("no pull request");
    };
    assert!(pull.open && pull.draft && !pull.merged && pull.merge_commit.is_none());
    assert_eq!((pull.head, pull.node_id), (head.clone(), node_id));

    house
        .person("mia")
        .review(number, Verdict::Approve, "")
        .unwrap();
    house
        .person("rita")
        .review(number, Verdict::Approve, "me too")
        .unwrap();
    house
        .person("dev")
        .review(number, Verdict::Comment, "hm")
        .unwrap();
    let asked = house.asked();
    let Observation::Reviews(reviews) = house.read(Read::Reviews { number }).await else {
        panic!("no reviews");
    };
    let seen: Vec<_> = reviews
        .iter()
        .map(|r| (r.login.as_str(), r.state.as_str(), r.may_write))
        .collect();
    let expected = [
        ("mia", "APPROVED", true),
        ("rita", "APPROVED", false),
        ("dev", "COMMENTED", false),
    ];
    assert_eq!(seen, expected);
    assert!(reviews.iter().all(|review| review.commit == head));
    assert_eq!(house.asked() - asked, 3);

    house.run_on();
    let read = Read::Runs {
        sha: head.clone(),
        chained: None,
        pull: PullKind::Hotfix,
    };
    let Observation::Runs(runs) = house.read(read).await else {
        panic!("no runs");
    };
    assert_eq!(runs.sha, head);
    // GitHub runs a broken file too, and it fails at once, without a job.
    let of = |file: &str| runs.runs.iter().find(|run| run.file() == file).unwrap();
    assert_eq!((runs.runs.len(), &of("odd.yaml").failed_job), (2, &None));
    let run = of("ci.yml");
    assert!(run.failed() && run.attempt == 1 && run.started_at > 0);
    assert_eq!((run.file(), run.ref_name.as_str()), ("ci.yml", BRANCH));
    let (job, page) = run.failed_job.clone().unwrap();
    assert!(job == "test" && page.starts_with("http"), "{job:?} {page}");
}

#[tokio::test]
async fn tags_releases_and_the_registry() {
    let house = House::new().await;
    let tag = async |name: &str| match house.read(Read::Tag { tag: name.into() }).await {
        Observation::Tag(tag) => tag,
        other => panic!("{other:?}"),
    };
    let annotated = tag("v1.0.4").await.unwrap();
    assert!(annotated.annotated && annotated.commit == house.base);
    let light = tag("v1.0.3").await.unwrap();
    assert!(!light.annotated && light.object == house.base);
    assert_eq!(tag("v1.0.5").await, None);

    let release = async |name: &str| -> Option<Release> {
        match house.read(Read::Release { tag: name.into() }).await {
            Observation::Release(release) => release,
            other => panic!("{other:?}"),
        }
    };
    let found = release("v1.0.4").await.unwrap();
    assert!(found.latest && !found.draft && found.url.contains("v1.0.4"));
    assert_eq!(release("v1.0.5").await, None);
    house
        .sim
        .world()
        .repos
        .get_mut(&house.repo)
        .unwrap()
        .releases
        .all
        .get_mut(&found.id)
        .unwrap()
        .draft = true;
    let draft = release("v1.0.4").await.unwrap();
    assert!(draft.draft && !draft.latest && draft.id == found.id);

    let version = async |num: &str| {
        let read = Read::Registry {
            package: "caro".into(),
            version: num.into(),
            others: Vec::new(),
            raised: Vec::new(),
            known: Vec::new(),
            registry: RegistryKind::CratesIo,
            beside: Vec::new(),
            base: String::new(),
        };
        match house.read(read).await {
            Observation::Registry(version) => version,
            other => panic!("{other:?}"),
        }
    };
    let there = version("1.0.4").await.unwrap();
    assert!(there.indexed && !there.yanked && there.checksum.len() == 64);
    assert!(there.url.ends_with("/crates/caro/1.0.4"));
    assert_eq!(version("1.0.5").await, None);
}
