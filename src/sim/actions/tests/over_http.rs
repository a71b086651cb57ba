//! A tag pushed by a person, to the version on the registry, over HTTP.

use serde_json::Value;

use super::{CARGO, PUBLISH, START};
use crate::sim::setup::Seed;
use crate::sim::{Sim, SimClock, SimOptions};

async fn get(url: String) -> (u16, String) {
    let client = reqwest::Client::builder()
        .user_agent("test")
        .build()
        .unwrap();
    let answer = client.get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_tag_becomes_a_version_on_the_registry() {
    let dir = tempfile::tempdir().unwrap();
    let sim = Sim::start(SimOptions {
        dir: dir.path().to_owned(),
        clock: SimClock::owned(START),
        index_lag_ms: 120_000,
        fresh_token_refusals: 0,
    })
    .await
    .unwrap();
    let (repo, head) = {
        let mut world = sim.world();
        world.add_user("mona");
        let repo = world.create_repo("mona", "caro", false).unwrap();
        let files = [
            ("Cargo.toml", Some(CARGO)),
            (".github/workflows/publish.yml", Some(PUBLISH)),
        ];
        let seed = Seed {
            author: "mona",
            message: "Begin",
            at: START,
            files: &files,
        };
        let head = world.seed(repo, "main", &[seed]).unwrap();
        world
            .run_settings(repo)
            .unwrap()
            .set_pace("publish.yml", 1_000, 60_000);
        (repo, head)
    };
    let mona = sim.person("mona", repo);
    mona.create_tag("v1.0.5", &head, Some("Hotfix")).unwrap();
    let version = format!("{}/api/v1/crates/caro/1.0.5", sim.crates_url());
    let index = format!("{}/ca/ro/caro", sim.crates_index_url());
    assert_eq!(get(version.clone()).await.0, 404);
    // By the clock, from one due moment to the next.
    let mut seen = Vec::new();
    while let Some(due) = sim.next_due() {
        sim.clock().advance_to(due);
        sim.tick();
        seen.push((
            due - START,
            get(version.clone()).await.0,
            get(index.clone()).await.0,
        ));
    }
    assert_eq!(
        seen,
        [
            (1_000, 404, 404),
            (31_000, 404, 404),
            (51_000, 200, 404),
            (61_000, 200, 404),
            (171_000, 200, 200),
        ]
    );
    let (_, body) = get(version).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["version"]["num"], "1.0.5");
    assert_eq!(sim.world().registry.calls.len(), 12);
    sim.stop();
}
