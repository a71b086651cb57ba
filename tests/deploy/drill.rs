//! The drill of docs/deployment.md in real time: a backup of a server at work, the
//! machine lost, the copy put into a new folder, looked through, and served.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use hotfix_bot::sim::TEST_APP_KEY;
use sha2::Sha256;

use crate::support::{program, said};

const SECRET: &str = "a-secret-of-this-drill";
/// A step in real time on a loaded machine takes much less than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server in a folder; killed when it is dropped, as a lost machine is.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(dir: &Path) -> Server {
        let mut child = program()
            .arg("serve")
            .envs([
                ("APP_ID", "1"),
                ("PRIVATE_KEY", &*TEST_APP_KEY.replace('\n', "\\n")),
                ("WEBHOOK_SECRET", SECRET),
                ("PORT", "0"),
                // Nobody answers there: deliveries are kept all the same.
                ("GITHUB_API_URL", "http://127.0.0.1:9"),
                ("RUST_LOG", "info"),
            ])
            .current_dir(dir)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        let mut server = Server { child, port: 0 };
        server.port = port(&told);
        server
    }

    /// The status of the answer to a delivery of this id.
    fn delivered(&self, id: &str) -> u16 {
        let body = label(id);
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "POST /webhook HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nx-github-event: issues\r\n\
             x-github-delivery: {id}\r\nx-hub-signature-256: sha256={signature}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where it listens, by its log.
fn port(told: &Receiver<String>) -> u16 {
    loop {
        let line = told.recv_timeout(PATIENCE).expect("it listens");
        let Some((_, at)) = line.split_once("http://127.0.0.1:") else {
            continue;
        };
        if line.contains("listening on") {
            return at.split('/').next().unwrap().parse().unwrap();
        }
    }
}

/// A person puts the label `P0` on an issue.
fn label(id: &str) -> String {
    let issue: u64 = id.trim_start_matches('d').parse().unwrap();
    serde_json::json!({
        "action": "labeled",
        "label": {"id": 5, "name": "P0", "color": "b60205"},
        "issue": {
            "id": 100 + issue, "number": issue, "title": "It does not start", "state": "open",
            "labels": [{"id": 5, "name": "P0", "color": "b60205"}],
            "user": {"login": "reporter", "id": 9, "type": "User"},
            "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T09:03:00Z",
        },
        "repository": {
            "id": 1, "name": "caro", "full_name": "acme/caro", "private": false,
            "default_branch": "main", "owner": {"login": "acme", "id": 2, "type": "Organization"},
        },
        "installation": {"id": 3},
        "sender": {"login": "maintainer", "id": 8, "type": "User"},
    })
    .to_string()
}

/// A command on the database of a folder.
fn on(dir: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command: Command = program();
    let ran = command.args(args).current_dir(dir).output().unwrap();
    (ran.status.code(), said(&ran))
}

#[test]
fn a_backup_is_restored_on_a_new_machine_and_serves() {
    let dir = tempfile::tempdir().unwrap();
    let old = dir.path().join("old");
    let new = dir.path().join("new");
    let vault = dir.path().join("backup.db");
    for folder in [&old, &new] {
        std::fs::create_dir(folder).unwrap();
    }
    let server = Server::start(&old);
    assert_eq!(server.delivered("d1"), 202);
    assert_eq!(server.delivered("d1"), 200, "written down before");
    let (code, said) = on(&old, &["backup", vault.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(server.delivered("d2"), 202);
    drop(server);
    std::fs::remove_dir_all(&old).unwrap();

    std::fs::copy(&vault, new.join("hotfix-bot.db")).unwrap();
    let (code, said) = on(&new, &["check-db"]);
    assert_eq!(code, Some(0), "{said}");
    let server = Server::start(&new);
    let port = server.port.to_string();
    let (code, said) = on(&new, &["health", "--port", &port]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(server.delivered("d1"), 200, "the copy holds it");
    // What came after the copy is GitHub's to tell again.
    assert_eq!(server.delivered("d2"), 202);
}
