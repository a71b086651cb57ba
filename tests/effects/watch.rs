//! What is looked into after the tag: failed and waiting runs, checksums,
//! addresses.

use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::objects::{
    Address, Answered, Halt, Halted, Observation, PullKind, SumsFile,
};
use hotfix_bot::domain::read::Read;
use hotfix_bot::sim::actions::Failure;

use crate::support::{BRANCH, House};

const DEPLOYS: &str = "name: Deploy\non:\n  push:\n    branches: ['hotfix/**']\njobs:\n  ship:\n    runs-on: x\n    environment: shop\n    steps:\n      - run: make\n";

/// The first run of a file on a commit.
async fn run(house: &House, sha: &Sha, file: &str) -> (u64, u64) {
    let read = Read::Runs {
        sha: sha.clone(),
        chained: None,
        pull: PullKind::Hotfix,
    };
    let Observation::Runs(runs) = house.read(read).await else {
        panic!("no runs");
    };
    let run = runs.runs.iter().find(|run| run.file() == file);
    run.map(|run| (run.id, run.attempt)).expect("a run")
}

async fn halted(house: &House, (run, attempt): (u64, u64), waits: bool) -> Halted {
    let of = Halt {
        run,
        attempt,
        waits,
        ..Halt::default()
    };
    let read = Read::Halted {
        runs: vec![of],
        without_fix: None,
    };
    match house.read(read).await {
        Observation::Halted(mut all) => all.remove(0),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_failed_run_shows_its_job_its_step_and_the_end_of_its_log() {
    let house = House::new().await;
    {
        let mut world = house.sim.world();
        let settings = world.run_settings(house.repo).unwrap();
        settings.failures.push(Failure::first_attempt("ci.yml"));
        let says = [
            "2026-03-02T09:00:00.0000000Z \u{1b}[31merror\u{1b}[0m: no token ghp_0123456789abcdefghij",
            "2026-03-02T09:00:00.0000000Z ##[error]Process completed with exit code 101.",
            "2026-03-02T09:00:01.0000000Z Cleaning up orphan processes",
        ];
        let says = says.map(str::to_owned).to_vec();
        settings.logs.insert("ci.yml".into(), says);
    }
    let head = house.bumped().await;
    house.run_on();
    let of = run(&house, &head, "ci.yml").await;
    let read = halted(&house, of, false).await;
    let [job] = &read.jobs[..] else {
        panic!("{read:?}");
    };
    assert!(job.step.is_some() && job.url.contains("/job/"), "{job:?}");
    let end = &job.log[job.log.len() - 2..];
    assert_eq!(
        end,
        [
            "error: no token ***",
            "error: Process completed with exit code 101."
        ]
    );
}

#[tokio::test]
async fn a_failed_run_shows_whether_it_failed_without_the_fix_too() {
    let house = House::new().await;
    {
        let mut world = house.sim.world();
        let settings = world.run_settings(house.repo).unwrap();
        settings.failures.push(Failure::first_attempt("ci.yml"));
    }
    let bump = house.bumped().await;
    house.run_on();
    let files = [("src/fix.rs", Some("// mended\n"))];
    let pushed = house
        .person("dev")
        .push_commit(BRANCH, "fix: mend\n", &files);
    let head = Sha::new(pushed.unwrap());
    house.run_on();
    let (run, attempt) = run(&house, &head, "ci.yml").await;
    for (file, without_fix, failed) in [
        ("ci.yml", Some(&bump), true),
        ("other.yml", Some(&bump), false),
        ("ci.yml", None, false),
    ] {
        let of = Halt {
            run,
            attempt,
            waits: false,
            file: file.to_owned(),
        };
        let read = Read::Halted {
            runs: vec![of],
            without_fix: without_fix.cloned(),
        };
        let Observation::Halted(all) = house.read(read).await else {
            panic!("no answer");
        };
        let page = all[0].without_fix.as_deref();
        assert_eq!(page.is_some_and(|it| it.contains("/actions/runs/")), failed);
    }
}

#[tokio::test]
async fn a_run_that_waits_shows_for_whom() {
    let house = House::new().await;
    let mia = house.person("mia");
    {
        let mut world = house.sim.world();
        let settings = world.run_settings(house.repo).unwrap();
        settings.protected.insert("shop".into(), vec![mia.id()]);
    }
    house.bumped().await;
    let files = [(".github/workflows/deploy.yml", Some(DEPLOYS))];
    let pushed = mia.push_commit(BRANCH, "ci: deploy\n", &files);
    let head = Sha::new(pushed.unwrap());
    house.run_on();
    let of = run(&house, &head, "deploy.yml").await;
    let read = halted(&house, of, true).await;
    let [waiting] = &read.environments[..] else {
        panic!("{read:?}");
    };
    assert!(
        waiting.name == "shop" && waiting.reviewers == ["mia"],
        "{waiting:?}"
    );
    assert_eq!(waiting.until, None);
}

#[tokio::test]
async fn a_file_of_checksums_is_read_where_it_stands() {
    let house = House::new().await;
    let tag = "v1.0.4".to_owned();
    let Observation::Release(Some(release)) = house.read(Read::Release { tag }).await else {
        panic!("no release");
    };
    let of = |name: &str| release.assets.iter().find(|it| it.name == name).unwrap();
    let (file, sums) = (of("caro.tar.gz"), of("SHA256SUMS"));
    let asked = SumsFile {
        id: sums.id,
        name: sums.name.clone(),
    };
    let gone = SumsFile {
        id: sums.id + 1_000,
        name: "SHA256SUMS".into(),
    };
    let files = vec![asked, gone];
    let Observation::Sums(read) = house.read(Read::Sums { files }).await else {
        panic!("no sums");
    };
    let digest = file.digest.clone().expect("a digest");
    let says = vec![("caro.tar.gz".to_owned(), digest)];
    assert_eq!(read[0].says, Some(says));
    assert_eq!(read[1].says, None);
}

#[tokio::test]
async fn an_address_is_asked_for_what_it_shows() {
    let house = House::new().await;
    let root = house.sim.crates_url();
    let at = |path: &str, contains: &str| Address {
        url: format!("{root}{path}"),
        contains: contains.into(),
    };
    let all = vec![
        at("/api/v1/crates/caro/1.0.4", "\"1.0.4\""),
        at("/api/v1/crates/caro/1.0.4", "1.0.5"),
        at("/api/v1/crates/caro/1.0.5", "1.0.5"),
        Address {
            url: "http://127.0.0.1:9/".into(),
            contains: "x".into(),
        },
        Address {
            url: "ftp://127.0.0.1/".into(),
            contains: "x".into(),
        },
    ];
    let Observation::Addresses(looked) = house.read(Read::Addresses { all }).await else {
        panic!("no addresses");
    };
    let found: Vec<_> = looked.iter().map(|it| it.found).collect();
    assert_eq!(
        found,
        [
            Answered::Shows,
            Answered::Lacks,
            Answered::Status { code: 404 },
            Answered::Silent,
            Answered::Forbidden,
        ]
    );
}
