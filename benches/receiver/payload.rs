//! Signed requests as a busy repository sends them: 13 KB, most of them of what
//! concerns nobody.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

pub const SECRET: &str = "a-secret-of-this-bench";
const SIZE: usize = 13_000;

/// What is sent: events, and how many of a hundred.
const BUSY: &[(&str, &str, usize)] = &[
    ("push", "", 10),
    ("check_run", "completed", 20),
    ("check_suite", "completed", 8),
    ("status", "", 5),
    ("pull_request", "synchronize", 12),
    ("workflow_run", "completed", 15),
    ("issues", "edited", 10),
    ("issue_comment", "created", 20),
];

/// Requests of which `relevant` of a hundred are.
pub struct Requests {
    relevant: usize,
    nobody: Vec<Vec<u8>>,
    sent: u64,
    run: u64,
}

impl Requests {
    pub fn new(relevant: usize, run: u64) -> Self {
        let mut nobody = Vec::new();
        for (event, action, share) in BUSY {
            for number in 0..*share {
                let body = body(event, action, number as u64 + 1, "Thank you.");
                nobody.push(request(event, &body));
            }
        }
        Requests {
            relevant,
            nobody,
            sent: 0,
            run,
        }
    }

    /// The next one, with an id that none had before.
    pub fn next(&mut self) -> Vec<u8> {
        self.sent += 1;
        let at = self.sent;
        let mut request = if (at as usize * 37) % 100 < self.relevant {
            // Half of them labels on a hundred issues, half commands on others.
            let (event, action, number) = match at % 2 {
                0 => ("issues", "labeled", at / 2 % 100 + 1),
                _ => ("issue_comment", "created", at % 100 + 1_001),
            };
            request(
                event,
                &body_of(event, action, number, "/hotfix status", self.run + at),
            )
        } else {
            self.nobody[(at as usize * 37) % self.nobody.len()].clone()
        };
        let id = format!("{:08x}-0000-4000-8000-{:012x}", self.run, at);
        let place = find(&request, b"00000000-0000-0000-0000-000000000000");
        request[place..place + 36].copy_from_slice(id.as_bytes());
        request
    }
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    let mut windows = bytes.windows(what.len());
    windows
        .position(|window| window == what)
        .expect("a place for the id")
}

fn body(event: &str, action: &str, number: u64, said: &str) -> String {
    body_of(event, action, number, said, number)
}

fn body_of(event: &str, action: &str, number: u64, said: &str, unique: u64) -> String {
    let by = json!({"login": "somebody", "id": 10, "type": "User", "site_admin": false});
    let at = 1_700_000_000 + unique;
    let moment = format!(
        "2026-03-{:02}T{:02}:{:02}:{:02}Z",
        at / 86_400 % 28 + 1,
        at / 3_600 % 24,
        at / 60 % 60,
        at % 60
    );
    let issue = json!({
        "id": 5_000 + number, "number": number, "title": "It does not start", "state": "open",
        "user": by, "labels": [{"id": 3, "name": "P0", "color": "b60205"}], "body": null,
        "created_at": "2026-03-01T00:00:00Z", "updated_at": moment, "closed_at": null,
    });
    let mut payload = json!({"action": action});
    let part = match event {
        "issues" => json!({"issue": issue, "label": {"id": 3, "name": "P0"}}),
        "issue_comment" => json!({"issue": issue, "comment": {
            "id": 9_000_000 + unique, "body": said, "user": by,
            "created_at": moment, "updated_at": moment,
        }}),
        "pull_request" => json!({"number": number, "pull_request": {
            "id": 1, "number": number, "head": {"ref": "topic", "sha": "a"}, "base": {"ref": "main"}
        }}),
        "workflow_run" => json!({"workflow_run": {
            "id": 1, "head_branch": "topic", "event": "push", "status": "completed"
        }}),
        "push" => json!({"ref": "refs/heads/topic", "before": "a", "after": "b", "commits": []}),
        _ => json!({"id": 77, "sha": "a", "state": "success"}),
    };
    let whole = payload.as_object_mut().expect("an object");
    whole.extend(part.as_object().expect("an object").clone());
    whole.insert("repository".into(), repository());
    whole.insert("sender".into(), by);
    whole.insert("installation".into(), json!({"id": 3}));
    // What GitHub has a lot of: addresses.
    let mut links = serde_json::Map::new();
    let mut size = payload.to_string().len();
    let mut n = 0;
    while size < SIZE {
        let link = format!("https://api.github.com/repos/acme/sample/things/{n}{{/more}}");
        let key = format!("thing_{n}_url");
        size += key.len() + link.len() + 6;
        links.insert(key, Value::String(link));
        n += 1;
    }
    payload["repository"]["more"] = Value::Object(links);
    payload.to_string()
}

fn repository() -> Value {
    json!({
        "id": 7_000_001, "node_id": "R_x", "name": "sample", "full_name": "acme/sample",
        "private": false, "owner": {"login": "acme", "id": 20, "type": "Organization"},
        "html_url": "https://github.com/acme/sample", "default_branch": "main",
    })
}

fn request(event: &str, body: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    format!(
        "POST /webhook HTTP/1.1\r\nHost: bench\r\nAccept: */*\r\nUser-Agent: GitHub-Hookshot/1\r\n\
         Content-Type: application/json\r\nX-GitHub-Event: {event}\r\n\
         X-GitHub-Delivery: 00000000-0000-0000-0000-000000000000\r\n\
         X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
