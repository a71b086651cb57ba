//! Who is not answered, paced or put back in time keeps nobody else waiting.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::slots::Slots;
use super::tests::{FIX, House, REPO};
use super::timekeeping::Watch;
use super::{dispatch, timekeeping};
use crate::domain::effect::Effect;
use crate::domain::objects::Reaction;
use crate::domain::read::Read;
use crate::github::Limit;
use crate::store::{Lane, NewEffect, State};

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;

impl House {
    /// The case wants to react to a comment.
    async fn wants(&self, case: i64, comment: u64) -> i64 {
        let act = Effect::React {
            comment,
            reaction: Reaction::Eyes,
        };
        let new = NewEffect {
            line: String::new(),
            slot: act.slot().to_string(),
            subject: comment.to_string(),
            generation: 1,
            args: serde_json::to_string(&act).unwrap(),
            lane: Lane::Talk,
            class: act.class().as_str().to_owned(),
            priority: act.priority(),
            due_at: self.clock.now(),
        };
        let mut tx = self.store.begin().await.unwrap();
        let id = tx.insert_effect(case, &new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// The case wants to look at this and that.
    async fn looks(&self, case: i64) {
        for read in [
            Read::Policy { ahead: None },
            Read::Issue,
            Read::Labellers,
            Read::Writers,
        ] {
            let act = Effect::Read(read);
            let new = NewEffect {
                line: String::new(),
                slot: act.slot().to_string(),
                subject: case.to_string(),
                generation: 1,
                args: serde_json::to_string(&act).unwrap(),
                lane: Lane::Read,
                class: act.class().as_str().to_owned(),
                priority: act.priority(),
                due_at: self.clock.now(),
            };
            let mut tx = self.store.begin().await.unwrap();
            tx.insert_effect(case, &new).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    async fn state(&self, row: i64) -> (State, i64) {
        let row = self.store.effect(row).await.unwrap().unwrap();
        (row.state, row.attempts)
    }
}

/// A GitHub that never answers one installation, and notes what the others ask.
struct Silent {
    url: String,
    asked: Arc<(Mutex<Vec<String>>, Notify)>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn silent_to(installation: i64) -> Silent {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked: Arc<(Mutex<Vec<String>>, Notify)> = Arc::default();
    let note = asked.clone();
    let task = tokio::spawn(async move {
        let mut open = JoinSet::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let note = note.clone();
            open.spawn(async move {
                let mut head = vec![0; 65_536];
                let n = stream.read(&mut head).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&head[..n]).into_owned();
                let line = text.lines().next().unwrap_or_default().to_owned();
                let hangs = line.contains(&format!("/installations/{installation}/"));
                note.0.lock().unwrap().push(line.clone());
                note.1.notify_waiters();
                if hangs {
                    std::future::pending::<()>().await;
                }
                let body = if line.contains("access_tokens") {
                    json!({"token": "ghs_1", "expires_at": "2999-01-01T00:00:00Z"})
                } else {
                    json!({"id": 1})
                };
                let body = body.to_string();
                let answer = format!(
                    "HTTP/1.1 201 Created\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    Silent { url, asked, task }
}

impl Silent {
    /// Waits for a request; a bound for a broken build alone.
    async fn is_asked(&self, what: &str) {
        let asked = async {
            loop {
                let news = self.asked.1.notified();
                if self
                    .asked
                    .0
                    .lock()
                    .unwrap()
                    .iter()
                    .any(|line| line.contains(what))
                {
                    return;
                }
                news.await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(60), asked).await;
        assert!(came.is_ok(), "never asked: {what}");
    }
}

#[tokio::test]
async fn twenty_cases_without_an_answer_keep_no_other_installation_waiting() {
    let github = silent_to(3).await;
    let house = House::at(&github.url).await;
    for issue in 1..=20 {
        let case = house.case(issue, FIX).await;
        house.looks(case).await;
    }
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(dispatch::run(house.engine.clone(), shutdown.clone()));
    github.is_asked("/installations/3/access_tokens").await;
    house.repo(REPO + 1, 4).await;
    let other = house.case_of(REPO + 1, 1, FIX).await;
    house.looks(other).await;
    github.is_asked("GET /repos/harbour/lantern-1003/").await;
    running.abort();
}

#[tokio::test]
async fn what_waits_for_its_turn_is_no_attempt_and_holds_nobody() {
    let house = House::new().await;
    let mut rows = Vec::new();
    for issue in 1..=200 {
        let case = house.case(issue, FIX).await;
        rows.push(house.wants(case, issue).await);
    }
    house.repo(REPO + 1, 4).await;
    let other = house.case_of(REPO + 1, 1, FIX).await;
    let other = house.wants(other, 77).await;
    let slots = Slots::default();
    let (mut tasks, now) = (JoinSet::new(), house.clock.now());
    let until = dispatch::hand_out(&house.engine, &slots, &mut tasks)
        .await
        .unwrap();
    assert_eq!(tasks.len(), 2, "one of each installation");
    assert_eq!(until, now + SECOND, "it sleeps until the next turn");
    tasks.shutdown().await;
    let mut attempts = 0;
    for row in &rows {
        attempts += house.state(*row).await.1;
    }
    assert_eq!((attempts, house.state(other).await.1), (1, 1));
    // The engine is at rest but for the two, and knows when it goes on.
    assert_eq!(house.engine.next_due().await.unwrap(), Some(now + SECOND));
    let again = dispatch::hand_out(&house.engine, &slots, &mut tasks)
        .await
        .unwrap();
    assert_eq!((tasks.len(), again), (0, now + SECOND));
    house.clock.advance_to(now + SECOND);
    dispatch::hand_out(&house.engine, &slots, &mut tasks)
        .await
        .unwrap();
    assert_eq!(tasks.len(), 1);
    tasks.shutdown().await;
}

#[tokio::test]
async fn a_limit_of_githubs_holds_reads_and_writes_of_one_installation() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    let row = house.wants(case, 5).await;
    let now = house.clock.now();
    house
        .engine
        .0
        .pacing
        .limited(3, now + 60 * SECOND, Limit::Told, now);
    let (slots, mut tasks) = (Slots::default(), JoinSet::new());
    let until = dispatch::hand_out(&house.engine, &slots, &mut tasks)
        .await
        .unwrap();
    assert_eq!((tasks.len(), until), (0, now + 60 * SECOND));
    assert_eq!(house.state(row).await, (State::Waiting, 0));
    assert_eq!(house.engine.busy(now).await.unwrap(), 0);
    // Whose turn is taken, and who is not acting yet, is at work all the same.
    let handing = house.engine.handing();
    assert_eq!(house.engine.busy(now).await.unwrap(), 1);
    drop(handing);
    assert_eq!(house.engine.busy(now).await.unwrap(), 0);
}

#[tokio::test]
async fn the_clock_put_back_an_hour_costs_no_hour() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    assert!(house.wakes(case).await);
    let before = 600 * SECOND;
    let wakes_at = house.clock.now() + before;
    house.store.sleep_case(case, wakes_at).await.unwrap();
    let due = house.store.next_due().await.unwrap().unwrap() - house.clock.now();
    let known = house.facts(case).await.now;
    let mut watch = Watch::new(&house.engine);
    house.engine.0.pacing.limited(
        9,
        house.clock.now() + SECOND,
        Limit::Told,
        house.clock.now(),
    );

    house.clock.put_back(HOUR);
    house.clock.advance_to(house.clock.now() + 5 * SECOND);
    watch.look(&house.engine).await.unwrap();
    let now = house.clock.now();
    let wake = house.row(case).await.wake_at.unwrap();
    assert_eq!(wake - now, before - 5 * SECOND, "as long as before");
    assert_eq!(
        house.store.next_due().await.unwrap(),
        Some(now + due - 5 * SECOND)
    );
    assert!(house.engine.0.pacing.opens(9, false) <= now);

    // The case's own time goes on, and so do its waits.
    house.clock.advance_to(wake);
    assert!(house.wakes(case).await);
    let facts = house.facts(case).await;
    assert_eq!(facts.now - known, wake - now + 5 * SECOND);
    house.says(1, 901, "/hotfix hold").await;
    let next = house.row(case).await.wake_at.expect("a deadline");
    assert!(next > wake && next < wake + HOUR / 2, "{}", next - wake);

    // Looked at once more, nothing moves.
    watch.look(&house.engine).await.unwrap();
    assert_eq!(house.row(case).await.wake_at, Some(next));
    // And after a start cases are still ahead by as much.
    house.engine.set_ahead(0);
    timekeeping::take_over(&house.engine, None).await.unwrap();
    assert_eq!(house.engine.ahead(), HOUR);
}

#[tokio::test]
async fn put_back_while_nobody_looked_it_is_seen_at_the_start() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    assert!(house.wakes(case).await);
    let (wake, last) = (house.clock.now() + HOUR, house.clock.now());
    house.store.sleep_case(case, wake).await.unwrap();
    house.clock.put_back(HOUR);
    timekeeping::take_over(&house.engine, Some(last))
        .await
        .unwrap();
    assert_eq!(house.row(case).await.wake_at, Some(wake - HOUR));
}

#[tokio::test]
async fn who_starts_after_the_clock_was_put_back_moves_nothing_a_second_time() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    timekeeping::take_over(&house.engine, None).await.unwrap();
    let mut watch = Watch::new(&house.engine);
    let wake = house.clock.now() + HOUR;
    house.store.sleep_case(case, wake).await.unwrap();
    house.clock.put_back(HOUR);
    watch.look(&house.engine).await.unwrap();

    // It is killed before it gives its next sign of life.
    house.engine.set_ahead(0);
    let last = timekeeping::last_alive(&house.engine).await.unwrap();
    timekeeping::take_over(&house.engine, last).await.unwrap();
    assert_eq!(house.row(case).await.wake_at, Some(wake - HOUR));
    assert_eq!(house.engine.ahead(), HOUR);
}

#[tokio::test]
async fn a_sign_of_life_does_not_hide_that_the_clock_was_put_back() {
    let house = House::new().await;
    let case = house.case(1, FIX).await;
    timekeeping::take_over(&house.engine, None).await.unwrap();
    let mut signs = timekeeping::Alive::new(&house.engine);
    let wake = house.clock.now() + HOUR;
    house.store.sleep_case(case, wake).await.unwrap();
    house.clock.put_back(HOUR);
    signs.sign(&house.engine).await.unwrap();

    // It is killed before anybody looked at the clock.
    let last = timekeeping::last_alive(&house.engine).await.unwrap();
    timekeeping::take_over(&house.engine, last).await.unwrap();
    assert_eq!(house.row(case).await.wake_at, Some(wake - HOUR));

    // From then on signs are given by the clock as it is.
    signs.sign(&house.engine).await.unwrap();
    let last = timekeeping::last_alive(&house.engine).await.unwrap();
    assert_eq!(last, Some(house.clock.now()));
}

#[tokio::test]
async fn a_hung_attempt_does_not_hold_the_end() {
    let mut tasks = JoinSet::new();
    tasks.spawn(std::future::pending());
    let end = dispatch::end(tasks, Duration::from_millis(1));
    assert!(
        tokio::time::timeout(Duration::from_secs(60), end)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_hotfixes_of_an_installation_that_is_gone_end_quietly() {
    for (event, body) in [
        ("installation", json!({"action": "deleted"})),
        (
            "installation_repositories",
            json!({"action": "removed", "repositories_removed": [{"id": REPO}]}),
        ),
    ] {
        let house = House::new().await;
        let case = house.case(1, FIX).await;
        assert!(house.wakes(case).await);
        assert!(!house.store.live_effects(case).await.unwrap().is_empty());
        house.repo(REPO + 1, 4).await;
        let other = house.case_of(REPO + 1, 1, FIX).await;
        let odd = house.case(2, FIX).await;
        house
            .rewrite(odd, i64::from(crate::domain::facts::SCHEMA) + 1)
            .await;
        house.delivers(event, body).await;
        assert!(house.row(case).await.over_at.is_some(), "{event}");
        assert_eq!(house.store.live_effects(case).await.unwrap(), []);
        assert_eq!(house.row(other).await.over_at, None);
        assert_eq!(house.row(odd).await.over_at, None, "it stands still");
    }
}

#[tokio::test]
async fn the_log_is_read_after_as_long_whoever_moves_the_clock() {
    let house = House::new().await;
    let mut watch = Watch::new(&house.engine);
    house.engine.set_log_due_in(10 * SECOND);
    house.clock.put_back(HOUR);
    let left = |house: &House| house.engine.log_due() - house.clock.now();
    assert_eq!(left(&house), 10 * SECOND);
    // It was read again before anybody saw it.
    house.engine.set_log_due_in(20 * SECOND);
    watch.look(&house.engine).await.unwrap();
    assert_eq!(left(&house), 20 * SECOND);
    house.clock.advance_to(house.clock.now() + 5 * SECOND);
    assert_eq!(left(&house), 15 * SECOND);
}
