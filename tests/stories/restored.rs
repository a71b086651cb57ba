//! The database is lost, and a backup of it is put in its place, or none.

use std::path::{Path, PathBuf};

use hotfix_bot::store::copy;

use crate::support::story::{ASSESS, Story};

/// A backup, made while the server works.
async fn backup(s: &Story) -> PathBuf {
    let database = s.database().expect("a file");
    let file = database.with_extension("backup");
    let url = format!("sqlite:{}", database.display());
    copy(&url, &file, 1).await.expect("a backup");
    file
}

/// The database is gone with all that stood beside it.
fn lose(database: &Path) {
    for ending in ["", "-wal", "-shm", ".lock"] {
        let mut name = database.to_owned().into_os_string();
        name.push(ending);
        let _ = std::fs::remove_file(name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_after_a_backup_is_heard_again_and_nothing_is_done_twice() {
    let mut s = Story::begin_on_a_file().await;
    let issue = s.labelled_by("maintainer").await;
    s.pass(5).await;
    let backup = backup(&s).await;
    s.says("maintainer", issue, ASSESS).await;
    s.pass(20).await;
    s.shows(issue, "tep 4 of 10: Fix");
    let before = s.wrote();
    s.while_down(async |db| {
        lose(db);
        std::fs::copy(&backup, db).unwrap();
    })
    .await;
    s.pass(10).await;
    s.shows(issue, "tep 4 of 10: Fix");
    let again = s.wrote_since(before);
    let talk = |write: &String| write.contains("/comments") || write.contains("/reactions");
    let done: Vec<_> = again.iter().filter(|w| !talk(w)).collect();
    assert!(done.is_empty(), "done twice: {done:#?}");
    assert_eq!(s.bot_comments(issue).len(), 1);
    let head = s.fixes().await;
    s.pass(6).await;
    s.vouched(issue).await;
    s.releases(issue, &head).await;
    s.released(&head);
    s.ends(issue).await;
    s.silence().await;
}
