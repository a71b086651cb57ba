//! Several servers on one database of PostgreSQL: who leads, what the others may do, and
//! the one lock. Each is left out where there is no PostgreSQL.

use std::time::Duration;

use super::postgres::Database;
use super::*;
use crate::clock::{Millis, Moment};

macro_rules! database {
    () => {
        match Database::new() {
            Some(database) => database,
            None => return,
        }
    };
}

/// What waits for PostgreSQL and its sockets waits no longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

async fn open(database: &Database) -> Store {
    Store::open(&database.url()).await.unwrap()
}

fn delivery(id: &str, at: Millis) -> NewDelivery {
    NewDelivery {
        delivery_id: id.into(),
        event: "push".into(),
        fact: Fact::plain(Some(REPO), format!("{{\"of\":\"{id}\"}}")),
        received_at: at,
        fetched: false,
    }
}

/// How many wait for a lock.
fn waiting(database: &Database) -> usize {
    let sql = "SELECT COUNT(DISTINCT pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    database.run(sql).trim().parse().unwrap()
}

/// Waits until it is so.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let so = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let so = tokio::time::timeout(PATIENCE, so).await;
    assert!(so.is_ok(), "in vain: {what}");
}

#[tokio::test]
async fn one_server_leads_and_the_next_goes_on_when_it_stops() {
    let database = database!();
    let first = open(&database).await;
    assert!(first.leads() && first.opened().new && first.may_call());
    seed(&first).await;
    let second = open(&database).await;
    assert!(!second.leads() && !second.opened().new && !second.may_call());
    assert_eq!(second.epoch(), first.epoch() + 1);
    let leader = second.try_lead().await.unwrap().unwrap();
    assert!(leader.name.contains("process"), "{leader:?}");

    // The others take deliveries, and nothing else.
    second.ready().await.unwrap();
    first.ready().await.unwrap();
    let put = second.put_deliveries(&[delivery("a", 1)]).await.unwrap();
    assert_eq!(put, [Put::Stored]);
    let refused = second.begin().await.map(drop).unwrap_err();
    assert!(matches!(refused, StoreError::NotLeading), "{refused}");
    let refused = second.take_due(1, None).await;
    assert!(refused.unwrap().is_none(), "nothing is due");
    let case = open_case(&first, 1).await.id;
    insert(&first, case, &effect("tag", "a")).await;
    let refused = second.take_due(100, None).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotLeading), "{refused}");

    let mut free = second.lead();
    free.mark_unchanged();
    first.close().await;
    // It is told; without that the lead is looked for every second.
    let told = tokio::time::timeout(PATIENCE, free.changed()).await;
    assert!(told.is_ok());
    assert_eq!(second.try_lead().await.unwrap(), None);
    assert!(second.leads() && second.may_call());
    assert_eq!(second.pending_deliveries(9).await.unwrap().len(), 1);
    assert!(second.take_due(100, None).await.unwrap().is_some());
}

/// Who is killed cannot say so: its connection ends. Who is cut off, or stopped, keeps
/// it, and its lease lapses.
#[tokio::test]
async fn a_lease_ends_with_its_connection_or_by_the_clock_of_the_database() {
    let database = database!();
    let (first, second) = (open(&database).await, open(&database).await);
    database.run(
        "UPDATE replicas SET lease_until = clock_timestamp() - interval '1 second' WHERE leads",
    );
    // No renewal comes in between: one would make it its own again.
    if second.try_lead().await.unwrap().is_some() {
        database.lapse();
        assert_eq!(second.try_lead().await.unwrap(), None);
    }
    assert!(first.begin().await.is_err() && !first.may_call());

    let third = open(&database).await;
    assert!(!third.leads());
    // As if PostgreSQL had started since: then all connections are gone, and that says
    // nothing of the server.
    database.run("UPDATE replicas SET backend = 0, backend_since = '-infinity' WHERE leads");
    let leader = third.try_lead().await.unwrap();
    assert!(leader.is_some(), "its lease has not lapsed");
    database.run("UPDATE replicas SET backend = 0, backend_since = clock_timestamp() WHERE leads");
    assert_eq!(third.try_lead().await.unwrap(), None);
}

#[tokio::test]
async fn an_older_version_waits_behind_a_newer_one_that_waits() {
    let database = database!();
    let (first, newer, older) = (
        open(&database).await,
        open(&database).await,
        open(&database).await,
    );
    let newest = format!(
        "UPDATE replicas SET facts_schema = 99 WHERE epoch = {}",
        newer.epoch()
    );
    database.run(&newest);
    let waits = older.try_lead().await.unwrap().unwrap();
    first.ready().await.unwrap();
    first.close().await;
    let behind = older.try_lead().await.unwrap().unwrap();
    assert_ne!(waits, behind, "another server by now");
    assert_eq!(newer.try_lead().await.unwrap(), None);
    newer.close().await;
    assert_eq!(older.try_lead().await.unwrap(), None, "nobody else is left");
}

#[tokio::test]
async fn a_delivery_is_known_whichever_server_took_it() {
    let database = database!();
    let (first, second) = (open(&database).await, open(&database).await);
    seed(&first).await;
    first.put_deliveries(&[delivery("a", 1)]).await.unwrap();
    let both = [delivery("a", 2), delivery("b", 2)];
    let again = second.put_deliveries(&both).await.unwrap();
    assert_eq!(again, [Put::Duplicate, Put::Stored]);
    assert!(second.has_delivery("a").await.unwrap());
    assert!(!second.has_delivery("c").await.unwrap());

    // The same words under another id, long after.
    let replay = NewDelivery {
        delivery_id: "other".into(),
        received_at: 10_000_000,
        ..delivery("a", 1)
    };
    let put = second.put_deliveries(&[replay]).await.unwrap();
    assert_eq!(put, [Put::Duplicate]);

    // What was set aside by one is taken up where another hears it.
    let pending = first.pending_deliveries(9).await.unwrap();
    first
        .delivery_failed(&pending[0], "why", None)
        .await
        .unwrap();
    assert_eq!(first.inbox_counts().await.unwrap(), (1, 1));
    let put = second.put_deliveries(&[delivery("a", 3)]).await.unwrap();
    assert_eq!(put, [Put::Stored]);
    assert_eq!(first.inbox_counts().await.unwrap(), (2, 0));
    // What is worked off is known, too.
    let mut tx = first.begin().await.unwrap();
    let done = tx.close_deliveries(pending[1].id, pending[1].id).await;
    assert_eq!(done.unwrap(), 1);
    tx.commit().await.unwrap();
    let put = second.put_deliveries(&[delivery("b", 3)]).await.unwrap();
    assert_eq!(put, [Put::Duplicate]);
}

/// Whoever takes them: each once, in the order in which they were acknowledged.
#[tokio::test]
async fn deliveries_of_all_servers_are_in_one_order() {
    let database = database!();
    let mut servers = Vec::new();
    for _ in 0..3 {
        servers.push(open(&database).await);
    }
    let tasks = servers.iter().enumerate().map(|(n, store)| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut stored = Vec::new();
            for at in 0..20 {
                // The last of them is one that all get.
                let all = [
                    delivery(&format!("{n}-{at}"), 1),
                    delivery(&format!("x-{at}"), 1),
                ];
                let put = store.put_deliveries(&all).await.unwrap();
                stored.extend(put.into_iter().filter(|it| *it == Put::Stored));
                let pending = store.pending_deliveries(1_000).await.unwrap();
                let own = pending
                    .iter()
                    .filter(|it| it.delivery_id == format!("{n}-{at}"));
                assert_eq!(own.count(), 1, "acknowledged, and there");
            }
            stored.len()
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut stored = 0;
    for task in tasks {
        stored += task.await.unwrap();
    }
    assert_eq!(stored, 3 * 20 + 20);
    let pending = servers[0].pending_deliveries(1_000).await.unwrap();
    let ids: Vec<i64> = pending.iter().map(|it| it.id).collect();
    assert_eq!(ids, (1..=80).collect::<Vec<_>>());
    for n in 0..3 {
        let own = pending.iter().filter_map(|it| {
            let number = it.delivery_id.strip_prefix(&format!("{n}-"))?;
            number.parse::<u32>().ok()
        });
        assert!(own.eq(0..20), "each server's own stay in their order");
    }
}

/// "Nobody" is exact also at a server that began nothing of it.
#[tokio::test]
async fn whom_a_delivery_concerns_is_known_at_every_server() {
    let database = database!();
    let (first, second) = (open(&database).await, open(&database).await);
    seed(&first).await;
    for store in [&first, &second] {
        store.load_index().await.unwrap();
    }
    assert!(!second.index_of(REPO).await.unwrap().is_busy(REPO));
    let mut tx = first.begin().await.unwrap();
    let case = tx.open_case(&new_case(1)).await.unwrap().id;
    tx.claim(REPO, "tag", "v1", case, "", 1).await.unwrap();
    tx.set_trigger_labels(REPO, Some(r#"["P0"]"#))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(!second.index().has_issue(REPO, 1), "its own is stale");
    let index = second.index_of(REPO).await.unwrap();
    assert!(index.has_issue(REPO, 1) && index.has_claim(REPO, "tag", "v1"));
    assert!(index.may_begin(REPO, "p0") && !index.may_begin(REPO, "bug"));
    assert!(!index.has_issue(REPO, 2) && !index.has_case(8));

    // A label that waits for its turn at the other.
    let opens = NewDelivery {
        fact: Fact {
            opening: Some(second.index().opening(REPO, 2)),
            ..Fact::plain(Some(REPO), "{}")
        },
        ..delivery("label", 1)
    };
    first.put_deliveries(&[opens]).await.unwrap();
    assert!(second.index_of(REPO).await.unwrap().has_issue(REPO, 2));
    let row = first.pending_deliveries(1).await.unwrap().remove(0);
    let mut tx = first.begin().await.unwrap();
    tx.close_deliveries(row.id, row.id).await.unwrap();
    tx.worked_off(&row);
    tx.commit().await.unwrap();
    assert!(!second.index_of(REPO).await.unwrap().has_issue(REPO, 2));
}

/// By `LISTEN`: to look anyway takes 5 s a time.
#[tokio::test]
async fn what_one_server_stores_the_other_hears_of_at_once() {
    let database = database!();
    let (first, second) = (open(&database).await, open(&database).await);
    seed(&first).await;
    let case = open_case(&first, 1).await.id;
    let (mut inbox, mut work) = (first.inbox_changes(), second.work_changes());
    let began = std::time::Instant::now();
    for round in 0..10 {
        inbox.mark_unchanged();
        work.mark_unchanged();
        let id = round.to_string();
        second.put_deliveries(&[delivery(&id, 1)]).await.unwrap();
        let mut tx = first.begin().await.unwrap();
        tx.wake_case(case, round).await.unwrap();
        tx.commit().await.unwrap();
        let heard = async { (inbox.changed().await, work.changed().await) };
        let heard = tokio::time::timeout(PATIENCE, heard).await;
        assert!(heard.is_ok(), "round {round}");
    }
    // Ten looks take fifty.
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_dead_listener_costs_seconds_and_nothing_else() {
    let database = database!();
    let (first, second) = (open(&database).await, open(&database).await);
    let listeners = "SELECT COUNT(*) FROM pg_stat_activity \
                     WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    until("both listen", || database.run(listeners).trim() == "2").await;
    let mut inbox = first.inbox_changes();
    database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    inbox.mark_unchanged();
    second.put_deliveries(&[delivery("a", 1)]).await.unwrap();
    let heard = tokio::time::timeout(PATIENCE, inbox.changed()).await;
    assert!(heard.is_ok());
    until("they listen again", || {
        database.run(listeners).trim() == "2"
    })
    .await;
}

/// Two servers that both hold themselves for the one that leads, so that the lock alone
/// keeps them apart.
async fn both_lead(database: &Database) -> [Store; 2] {
    let servers = [open(database).await, open(database).await];
    database.run("DROP INDEX replicas_lead");
    database.run("UPDATE replicas SET leads = TRUE");
    let lease = servers[1].inner.lease.as_ref().unwrap();
    lease.taken(Moment::now());
    seed(&servers[0]).await;
    servers
}

/// Holds a row until its input closes.
struct Holding(std::process::Child);

impl Holding {
    async fn row(database: &Database, id: i64) -> Holding {
        let sql = format!("BEGIN; SELECT id FROM outbox WHERE id = {id} FOR UPDATE;");
        let child = database.session(&sql);
        let held = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND state = 'idle in transaction' AND application_name = 'psql'";
        until("it is held", || database.run(held).trim() == "1").await;
        Holding(child)
    }

    fn let_go(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

fn takes(store: &Store, id: i64) -> tokio::task::JoinHandle<Result<Option<OutboxRow>>> {
    let store = store.clone();
    tokio::spawn(async move { store.take(id, 100).await })
}

/// How often one effect is handed out that two servers want at the same moment.
async fn handed_out(database: &Database) -> usize {
    let [first, second] = both_lead(database).await;
    let case = open_case(&first, 1).await.id;
    let id = insert(&first, case, &effect("tag", "a")).await;
    let holding = Holding::row(database, id).await;
    let tasks = [takes(&first, id), takes(&second, id)];
    until("both wait", || waiting(database) == 2).await;
    holding.let_go();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap().unwrap().is_some());
    }
    let row = first.effect(id).await.unwrap().unwrap();
    assert_eq!((row.state, row.attempts), (State::Acting, taken as i64));
    taken
}

/// What becomes of an effect that is taken while a step cancels it.
async fn cancelled(database: &Database) -> State {
    let [first, second] = both_lead(database).await;
    let case = open_case(&first, 1).await.id;
    let id = insert(&first, case, &effect("tag", "a")).await;
    let mut step = first.begin().await.unwrap();
    assert!(step.cancel_effect(id, 50).await.unwrap());
    let taken = takes(&second, id);
    until("it waits", || waiting(database) == 1).await;
    step.commit().await.unwrap();
    let taken = taken.await.unwrap().unwrap();
    let state = state(&first, id).await;
    assert_eq!(taken.is_some(), state == State::Acting);
    state
}

/// How many writes of a line act at once, of a blocked one and a waiting one behind it.
async fn acting(database: &Database) -> usize {
    let [first, second] = both_lead(database).await;
    let case = open_case(&first, 1).await.id;
    let one = insert(&first, case, &effect("tag", "a")).await;
    let two = insert(&first, case, &effect("merge", "a")).await;
    let act = first.take(one, 100).await.unwrap().unwrap().fence();
    assert!(first.block(act, 100, "no right").await.unwrap());
    let holding = Holding::row(database, one).await;
    let earlier = takes(&first, one);
    until("the first waits", || waiting(database) == 1).await;
    let later = takes(&second, two);
    until("the second waits, or is through", || {
        waiting(database) == 2 || later.is_finished()
    })
    .await;
    holding.let_go();
    let mut acting = 0;
    for task in [earlier, later] {
        acting += usize::from(task.await.unwrap().unwrap().is_some());
    }
    acting
}

/// Whether the lead is taken in the middle of a transaction of who has it.
async fn lead_taken(database: &Database) -> bool {
    let (first, second) = (open(database).await, open(database).await);
    seed(&first).await;
    let case = open_case(&first, 1).await.id;
    let mut late = first.begin().await.unwrap();
    database.lapse();
    let taking = {
        let second = second.clone();
        tokio::spawn(async move { second.try_lead().await })
    };
    until("it waits, or leads", || {
        waiting(database) == 1 || taking.is_finished()
    })
    .await;
    let taken = second.leads();
    late.wake_case(case, 5).await.unwrap();
    late.commit().await.unwrap();
    assert_eq!(taking.await.unwrap().unwrap(), None);
    assert_eq!(second.case(case).await.unwrap().unwrap().wake_at, Some(5));
    let refused = first.begin().await.map(drop).unwrap_err();
    assert!(matches!(refused, StoreError::TakenOver), "{refused}");
    taken
}

#[tokio::test]
async fn two_servers_never_take_the_same_effect() {
    assert_eq!(handed_out(&database!()).await, 1);
}

#[tokio::test]
async fn an_effect_that_a_step_cancels_is_not_taken() {
    assert_eq!(cancelled(&database!()).await, State::Cancelled);
}

#[tokio::test]
async fn two_writes_of_a_line_never_act_at_once() {
    assert_eq!(acting(&database!()).await, 1);
}

#[tokio::test]
async fn the_lead_is_not_taken_while_its_server_writes() {
    assert!(!lead_taken(&database!()).await);
}

/// That it is the lock that keeps them apart: without it each of the four goes wrong. An
/// effect is handed out twice, as both read that it waits; one that was cancelled acts;
/// two writes of a line act at once, as a blocked one holds nobody; and the lead changes
/// in the middle of a transaction.
#[tokio::test]
async fn without_the_lock_each_of_these_is_lost() {
    let unlocked = || {
        let database = Database::new()?;
        // Found before PostgreSQL's own.
        database.run(
            "CREATE FUNCTION public.pg_advisory_xact_lock(bigint) RETURNS void \
             LANGUAGE sql AS ''",
        );
        let name = database.run("SELECT current_database()");
        let name = name.trim();
        database.run(&format!(
            "ALTER DATABASE {name} SET search_path = public, pg_catalog"
        ));
        Some(database)
    };
    let Some(database) = unlocked() else {
        return;
    };
    assert_eq!(handed_out(&database).await, 2);
    assert_eq!(cancelled(&unlocked().unwrap()).await, State::Acting);
    assert_eq!(acting(&unlocked().unwrap()).await, 2);
    assert!(lead_taken(&unlocked().unwrap()).await);
}

/// The commit was made, and its answer was lost: nobody carries the effect out.
#[tokio::test]
async fn what_was_handed_out_to_nobody_is_put_back() {
    let database = database!();
    let store = open(&database).await;
    seed(&store).await;
    let case = open_case(&store, 1).await.id;
    let id = insert(&store, case, &effect("tag", "a")).await;
    store.take(id, 100).await.unwrap().unwrap();
    store.put_back_untaken(id).await.unwrap();
    assert_eq!(state(&store, id).await, State::Waiting);
    // One in doubt stays so.
    let act = store.take(id, 100).await.unwrap().unwrap().fence();
    assert!(store.doubt(act, 100, "no answer").await.unwrap());
    store.take(id, 100_000).await.unwrap().unwrap();
    store.put_back_untaken(id).await.unwrap();
    assert_eq!(state(&store, id).await, State::Unsure);
}

/// The clocks of two servers may differ by much: what one was at is looked for when it
/// certainly has come to an end, by the clock of who looks.
#[tokio::test]
async fn what_another_server_was_at_is_counted_by_ones_own_clock() {
    let database = database!();
    let (first, second) = (open(&database).await, open(&database).await);
    seed(&first).await;
    let case = open_case(&first, 1).await.id;
    let id = insert(&first, case, &effect("tag", "a")).await;
    let act = first.take(id, 100).await.unwrap().unwrap().fence();
    assert!(first.begin_act(act, 100, None).await.unwrap());
    first.close().await;
    assert_eq!(second.try_lead().await.unwrap(), None);
    let ahead = 1_000_000;
    assert_eq!(second.unsure_from_older_epochs(ahead).await.unwrap(), 1);
    let row = second.effect(id).await.unwrap().unwrap();
    assert_eq!((row.state, row.due_at), (State::Unsure, ahead + LOOK_AFTER));
}
