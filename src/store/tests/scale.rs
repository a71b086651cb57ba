//! How many deliveries a second several servers store in one database, and what the one
//! lock costs: `cargo test --lib -- --ignored --nocapture store::tests::scale`. The
//! figures stand in docs/scale.md.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::postgres::Database;
use super::*;
use crate::store::dialect::{Conn, Pool};
use crate::store::inbox::append;
use crate::store::seen::key;

/// One measure takes so long.
const LASTS: Duration = Duration::from_secs(5);

fn batch(of: &AtomicI64, size: i64) -> (i64, Vec<NewDelivery>) {
    let first = of.fetch_add(size, Ordering::SeqCst);
    let all = (first..first + size).map(|n| NewDelivery {
        delivery_id: format!("{n:08x}-0000-11f0-8000-00000000040d"),
        event: "issue_comment".into(),
        // As long as what is kept of a comment.
        fact: Fact::plain(
            Some(REPO),
            format!("{{\"n\":{n},\"of\":\"{}\"}}", "x".repeat(1_500)),
        ),
        received_at: 1,
        fetched: false,
    });
    (first, all.collect())
}

/// Stores them as a server does.
async fn as_a_server(store: &Store, numbers: &AtomicI64, size: i64) {
    let (_, batch) = batch(numbers, size);
    store.put_deliveries(&batch).await.unwrap();
}

/// The insert and its commit alone: no lock, no question, and no word to the others.
async fn bare(store: &Store, numbers: &AtomicI64, size: i64) {
    let (first, batch) = batch(numbers, size);
    let new: Vec<_> = batch.iter().map(|it| (key(&it.delivery_id), it)).collect();
    let Pool::Postgres(pool) = &store.inner.writer else {
        panic!("it is PostgreSQL");
    };
    let mut tx = pool.begin().await.unwrap();
    append(Conn::Postgres(&mut tx), first, &new).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures"]
async fn deliveries_a_second() {
    for (way, locked) in [("as a server", true), ("bare insert", false)] {
        for size in [1, 16] {
            for servers in [1, 2, 4] {
                let database = Database::new().expect("PostgreSQL");
                let (numbers, stored) =
                    (Arc::new(AtomicI64::new(1)), Arc::new(AtomicUsize::new(0)));
                let mut all = Vec::new();
                for _ in 0..servers {
                    all.push(Store::open(&database.url()).await.unwrap());
                }
                let began = Instant::now();
                let tasks: Vec<_> = all
                    .iter()
                    .map(|store| {
                        let (store, numbers, stored) =
                            (store.clone(), numbers.clone(), stored.clone());
                        tokio::spawn(async move {
                            let (mut longest, mut times) = (Duration::ZERO, 0);
                            while began.elapsed() < LASTS {
                                let one = Instant::now();
                                match locked {
                                    true => as_a_server(&store, &numbers, size).await,
                                    false => bare(&store, &numbers, size).await,
                                }
                                longest = longest.max(one.elapsed());
                                times += 1;
                                stored.fetch_add(size as usize, Ordering::SeqCst);
                            }
                            (longest, times)
                        })
                    })
                    .collect();
                let (mut longest, mut commits) = (Duration::ZERO, 0);
                for task in tasks {
                    let (of_it, times) = task.await.unwrap();
                    longest = longest.max(of_it);
                    commits += times;
                }
                let took = began.elapsed().as_secs_f64();
                println!(
                    "{way}, {size} a commit, {servers} servers: {:.0} deliveries/s, {:.0} commits/s, \
                     the longest {} ms",
                    stored.load(Ordering::SeqCst) as f64 / took,
                    f64::from(commits) / took,
                    longest.as_millis()
                );
                for store in all {
                    store.close().await;
                }
            }
        }
    }
}
