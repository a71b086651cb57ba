//! Two processes, and what may happen to one of them, or to the database.

use std::time::Instant;

use hotfix_bot::sim::{FaultPlan, FaultWhen};

use crate::program::{House, Program, leads, stands_by, until};
use crate::support::postgres::Database;

/// The first leads; GitHub sends to the second.
async fn two(house: &House, database: &Database) -> [Program; 2] {
    let first = house.serves(&database.url());
    leads(&first).await;
    let second = house.serves(&database.url());
    stands_by(&second).await;
    house.sends_to(&second).await;
    [first, second]
}

/// The next write of the bot's but so many strikes.
fn strikes(house: &House, after: usize, when: FaultWhen) {
    house.sim.plan_fault(Some(FaultPlan {
        at: house.sim.writes_seen() + after,
        when,
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leader_is_killed_in_the_middle_of_a_write() {
    let Some(database) = Database::new() else {
        return;
    };
    let house = House::new().await;
    let [mut first, second] = two(&house, &database).await;
    strikes(&house, 2, FaultWhen::After);
    let issue = house.labelled();
    house.sim.fault_struck().await.expect("a write under way");
    let began = Instant::now();
    first.signal("-KILL");
    assert_eq!(first.ended().await, None, "by the signal");
    house.sim.release_fault();
    leads(&second).await;
    let took = began.elapsed();
    assert!(took.as_secs() < 30, "{took:?}");
    println!("the lead changed in {took:?}");
    house.is_prepared(issue).await;
    // The one that comes back stands by.
    let back = house.serves(&database.url());
    stands_by(&back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_stopped_across_its_lease_writes_nothing_when_it_goes_on() {
    let Some(database) = Database::new() else {
        return;
    };
    let house = House::new().await;
    let [mut first, second] = two(&house, &database).await;
    strikes(&house, 2, FaultWhen::Before);
    let issue = house.labelled();
    house.sim.fault_struck().await.expect("a write under way");
    first.signal("-STOP");
    house.sim.release_fault();
    database.lapse();
    leads(&second).await;
    house.is_prepared(issue).await;
    let idle = || {
        let sql = "SELECT COUNT(*) FROM outbox WHERE state IN ('acting', 'unsure') \
                   OR (state = 'waiting' AND lane <> 'read' AND due_at < \
                   EXTRACT(EPOCH FROM clock_timestamp()) * 1000)";
        database.run(sql).trim() == "0"
    };
    until("the second is through", || idle().then_some(())).await;
    let written = house.sim.writes_seen();
    first.signal("-CONT");
    assert_eq!(first.ended().await, Some(1));
    assert!(first.says("another server leads now"));
    assert_eq!(house.sim.writes_seen(), written, "it wrote nothing");
}

/// All connections are cut whenever the bot is about to write something.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_lose_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    let house = House::new().await;
    let [first, second] = two(&house, &database).await;
    let mut servers = [first, second];
    let issue = house.labelled();
    let mut seen = house.sim.writes_seen();
    let mut cuts = 0;
    until("three cuts", || {
        let now = house.sim.writes_seen();
        if now > seen {
            seen = now;
            cuts += 1;
            database.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            );
        }
        (cuts >= 3).then_some(())
    })
    .await;
    house.is_prepared(issue).await;
    let run = servers.iter_mut().filter_map(|it| it.runs().then_some(()));
    assert!(run.count() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_database_costs_seconds_and_ends_nobody() {
    let Some(database) = Database::alone() else {
        return;
    };
    let house = House::new().await;
    let [mut first, mut second] = two(&house, &database).await;
    let before = house.labelled();
    house.is_prepared(before).await;
    database.restart();
    // Whoever leads: the lease was not over, and nobody took it.
    until("the first renews its lease", || {
        let sql = "SELECT COUNT(*) FROM replicas AS r JOIN pg_stat_activity AS a \
                   ON a.pid = r.backend AND a.backend_start = r.backend_since";
        (database.run(sql).trim() == "2").then_some(())
    })
    .await;
    assert!(first.runs() && second.runs());
    assert!(!second.says("\"took over\""), "the lead stayed");
    let after = "SELECT COUNT(*) FROM outbox WHERE state = 'acting'";
    until("nothing is left behind", || {
        (database.run(after).trim() == "0").then_some(())
    })
    .await;
    for server in [&first, &second] {
        let ready = server.webhook().await.replace("/webhook", "/readyz");
        let began = Instant::now();
        while !reqwest::get(&ready)
            .await
            .is_ok_and(|it| it.status().is_success())
        {
            assert!(began.elapsed().as_secs() < 60, "it is not ready");
        }
    }
}
