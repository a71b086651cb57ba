//! A process that is killed loses nothing that it answered for, and leaves
//! nothing half done.
//!
//! The child is this same test binary, which a variable of its environment turns
//! into a writer. It says what was committed, line by line, until it is killed.
//! Another child does what it is told while it may write no byte more.

use std::collections::HashSet;
#[cfg(target_os = "linux")]
use std::io::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
#[cfg(target_os = "linux")]
use std::sync::atomic::{AtomicI64, Ordering};

use hotfix_bot::store::{
    CaseRow, Fact, Finish, Lane, NewCase, NewDelivery, NewEffect, NewJournal, Put, RepoRow, Result,
    Store,
};

const CHILD: &str = "HOTFIX_BOT_TEST_STORE";
const ROUNDS: usize = 4;
const ANSWERS: usize = 60;

#[test]
fn kill_loses_no_answered_delivery_and_leaves_no_half_step() {
    if let Ok(url) = std::env::var(CHILD) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(write_until_killed(&url)).unwrap();
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("bot.db").display());
    let mut answered = Vec::new();
    for round in 1..=ROUNDS {
        answered.extend(run_and_kill(&url, round));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(check(&url, &answered));
    }
    leaves_only_the_database(dir.path());
}

/// Lets a child write until it answered often enough, and kills it in the middle
/// of its work.
fn run_and_kill(url: &str, round: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kill_loses_no_answered_delivery_and_leaves_no_half_step",
            "--nocapture",
        ])
        .env(CHILD, url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut answered: Vec<String> = Vec::new();
    for line in lines {
        // A line may be cut off by the kill; only whole ones were answered.
        let Ok(line) = line else { break };
        if let Some(id) = line
            .strip_prefix("stored ")
            .and_then(|l| l.strip_suffix('.'))
        {
            answered.push(id.to_owned());
            if answered.len() == ANSWERS + round {
                child.kill().unwrap();
            }
        }
    }
    child.wait().unwrap();
    assert!(answered.len() >= ANSWERS, "the child ended early");
    answered
}

async fn write_until_killed(url: &str) -> Result<()> {
    let store = Store::open(url).await?;
    let epoch = store.epoch();
    store.put_repo(&repo()).await?;
    store.unsure_from_older_epochs(0).await?;
    let worker = tokio::spawn({
        let store = store.clone();
        async move {
            loop {
                work(&store).await.unwrap();
            }
        }
    });
    for n in 0.. {
        // Each may begin a case on an issue of its own.
        let batch: Vec<NewDelivery> = (0..3)
            .map(|i| NewDelivery {
                delivery_id: format!("{epoch}-{n}-{i}"),
                event: "push".into(),
                fact: Fact {
                    opening: Some(store.index().opening(1, 10 + n * 3 + i)),
                    ..Fact::plain(Some(1), "{}")
                },
                received_at: 0,
                fetched: false,
            })
            .collect();
        let answers = store.put_deliveries(&batch).await?;
        assert!(answers.iter().all(|a| *a == Put::Stored));
        for delivery in batch {
            println!("stored {}.", delivery.delivery_id);
        }
        assert!(!worker.is_finished());
    }
    Ok(())
}

/// One step for some deliveries: they are closed, the case saved, the journal
/// written and an effect wished for, all or nothing; then the effects are carried
/// out.
async fn work(store: &Store) -> Result<()> {
    for batch in store.pending_deliveries(10).await?.chunks(4) {
        let mut tx = store.begin().await?;
        let open = match tx.open_case_of(1, 1).await? {
            Some(case) => tx.case_by_id(case).await?,
            None => None,
        };
        let mut case: CaseRow = match open {
            Some(case) => case,
            None => tx.open_case(&new_case()).await?,
        };
        let (first, last) = (&batch[0], &batch[batch.len() - 1]);
        let closed = tx.close_deliveries(first.id, last.id).await?;
        assert_eq!(closed, batch.len() as u64);
        batch.iter().for_each(|delivery| tx.worked_off(delivery));
        let ids = batch.iter().map(|delivery| &*delivery.delivery_id);
        case.rev = tx.save_case(&case).await?;
        tx.append_journal(&NewJournal {
            case_id: case.id,
            rev: case.rev,
            at: 0,
            cause: ids.collect::<Vec<_>>().join(" "),
            event: "{}".into(),
            facts_hash: String::new(),
            build: "test".into(),
        })
        .await?;
        tx.insert_effect(case.id, &wish(case.rev)).await?;
        tx.commit().await?;
    }
    while let Some(row) = store.take_due(0, None).await? {
        let mut tx = store.begin().await?;
        assert!(
            tx.complete_effect(row.fence(), Finish::Done, "{}", 0)
                .await?
        );
        tx.commit().await?;
    }
    tokio::task::yield_now().await;
    Ok(())
}

/// The limit on the size of files stands for a full disk; it needs no rights.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_takes_nothing_and_goes_on_when_there_is_room() {
    const NAME: &str = "a_full_disk_takes_nothing_and_goes_on_when_there_is_room";
    if let Ok(url) = std::env::var(CHILD) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(do_as_told(&url));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("bot.db").display());
    // The signal that tells of the limit would end the process.
    let mut child = Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(CHILD, &url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id().to_string();
    let limit = |bytes: &str| {
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit")
            .args(["--pid", &pid, &limit])
            .status();
        assert!(set.expect("prlimit, of util-linux").success());
    };
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut tell = |what: &str| {
        writeln!(stdin, "{what}").unwrap();
        loop {
            let line = lines.next().expect("the child lives").unwrap();
            if let Some(answer) = line.strip_prefix("answer ") {
                return answer.to_owned();
            }
        }
    };
    assert_eq!(tell("put a"), "Stored");
    limit("0");
    for _ in 0..3 {
        for what in ["put b", "step", "ready"] {
            let said = tell(what);
            assert!(said.contains("disk"), "{what}: {said}");
        }
    }
    limit("unlimited");
    for (what, said) in [
        ("ready", "yes"),
        ("put b", "Stored"),
        ("step", "yes"),
        ("put a", "Duplicate"),
    ] {
        assert_eq!(tell(what), said, "{what}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

/// Answers each line of the input.
#[cfg(target_os = "linux")]
async fn do_as_told(url: &str) {
    let store = Store::open(url).await.unwrap();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let done = match line.split_once(' ') {
            Some((_, id)) => store
                .put_deliveries(&[delivery(id.to_owned())])
                .await
                .map(|put| format!("{:?}", put[0])),
            None if line == "ready" => store.ready().await.map(|()| "yes".to_owned()),
            None => step(&store).await.map(|()| "yes".to_owned()),
        };
        println!("answer {}", done.unwrap_or_else(|e| e.to_string()));
    }
    store.close().await;
}

/// Another value each time: what is there already is not written.
#[cfg(target_os = "linux")]
async fn step(store: &Store) -> Result<()> {
    static N: AtomicI64 = AtomicI64::new(1);
    let seen_at = N.fetch_add(1, Ordering::Relaxed);
    let mut tx = store.begin().await?;
    tx.put_repo(&RepoRow { seen_at, ..repo() }).await?;
    tx.commit().await
}

fn delivery(delivery_id: String) -> NewDelivery {
    NewDelivery {
        delivery_id,
        event: "push".into(),
        fact: Fact::plain(Some(1), "{}"),
        received_at: 0,
        fetched: false,
    }
}

async fn check(url: &str, answered: &[String]) {
    let store = Store::open(url).await.unwrap();
    // Stored again, each is a duplicate: none was lost.
    let again: Vec<NewDelivery> = answered
        .iter()
        .map(|id| NewDelivery {
            delivery_id: id.clone(),
            event: "push".into(),
            fact: Fact::plain(None, "{}"),
            received_at: 0,
            fetched: false,
        })
        .collect();
    let answers = store.put_deliveries(&again).await.unwrap();
    assert!(answers.iter().all(|a| *a == Put::Duplicate), "one was lost");

    let Some(case) = store.open_cases().await.unwrap().pop() else {
        return;
    };
    let journal = store.journal(case.id).await.unwrap();
    assert_eq!(journal.len() as i64, case.rev);
    let effects = store.effects(case.id).await.unwrap();
    assert_eq!(effects.len() as i64, case.rev);
    // Each is either still to be worked on, or something followed from it.
    let pending = store.pending_deliveries(i64::MAX).await.unwrap();
    let waits: HashSet<&str> = pending.iter().map(|it| &*it.delivery_id).collect();
    let done: HashSet<&str> = journal.iter().flat_map(|e| e.cause.split(' ')).collect();
    assert!(waits.is_disjoint(&done), "half a step");
    for id in answered {
        let id = id.as_str();
        assert!(waits.contains(id) || done.contains(id), "{id} was lost");
    }
    // What may begin a case counts as open until it was worked on.
    store.load_index().await.unwrap();
    for delivery in &pending {
        assert!(store.index().has_issue(1, delivery.opens.unwrap()));
    }
    // What was being carried out is known to have been.
    let acting = store.busy(-1).await.unwrap();
    assert!(acting <= 1);
    let doubted = store.unsure_from_older_epochs(0).await.unwrap();
    assert_eq!(doubted as i64, acting);
    store.close().await;
}

fn leaves_only_the_database(dir: &Path) {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["bot.db", "bot.db.lock"]);
}

fn repo() -> RepoRow {
    RepoRow {
        id: 1,
        installation_id: None,
        owner: "acme".into(),
        name: "rocket".into(),
        default_branch: "main".into(),
        html_url: String::new(),
        private: false,
        seen_at: 0,
    }
}

fn new_case() -> NewCase {
    NewCase {
        repo_id: 1,
        issue: 1,
        line: String::new(),
        facts: "{}".into(),
        schema: 1,
        policy_src: None,
        policy: None,
        phase: "assess".into(),
        wake_at: None,
        opened_at: 0,
    }
}

fn wish(rev: i64) -> NewEffect {
    NewEffect {
        line: String::new(),
        slot: format!("react/{rev}"),
        subject: "a".into(),
        generation: 1,
        args: "{}".into(),
        lane: Lane::Talk,
        class: "findable".into(),
        priority: 1,
        due_at: 0,
    }
}
