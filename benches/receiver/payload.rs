//! Signed requests of 13 KB: what busy repositories without a hotfix send, and
//! labels and commands of others.

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
    /// Labels on a hundred issues, and commands on others: signed anew each time,
    /// with another time and another comment's number.
    words: Vec<(&'static str, String)>,
    said: usize,
    sent: u64,
    run: u64,
}

/// A repository without a hotfix, and one with some.
const QUIET: i64 = 7_000_001;
const HOTFIXED: i64 = 7_000_002;

/// What stands for the digits of a time, and of a comment's number.
const TIME: &str = "DDTHH:MM:SS";
const COMMENT: &str = "900000000000";
const ID: &[u8] = b"00000000-0000-0000-0000-000000000000";

impl Requests {
    /// No two of the same `run` and number are alike.
    pub fn new(relevant: usize, run: u64) -> Self {
        let mut nobody = Vec::new();
        for (event, action, share) in BUSY {
            for number in 0..*share {
                let body = body_of(QUIET, event, action, number as u64 + 1, "Thank you.");
                nobody.push(request(event, &body));
            }
        }
        let mut words = Vec::new();
        for number in 0..100 {
            let label = body_of(HOTFIXED, "issues", "labeled", number + 1, "");
            let said = "/hotfix status";
            let command = body_of(HOTFIXED, "issue_comment", "created", number + 1_001, said);
            words.extend([("issues", label), ("issue_comment", command)]);
        }
        Requests {
            relevant,
            nobody,
            words,
            said: 0,
            sent: 0,
            run,
        }
    }

    /// How many there were.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// The next one, with an id that none had before.
    pub fn next(&mut self) -> Vec<u8> {
        self.sent += 1;
        let at = self.sent;
        let mut request = if (at as usize * 37) % 100 < self.relevant {
            self.said += 1;
            let (event, body) = &self.words[self.said % self.words.len()];
            request(event, &self.unlike(body, at))
        } else {
            self.nobody[(at as usize * 37) % self.nobody.len()].clone()
        };
        let id = format!("{:08x}-0000-4000-8000-{:012x}", self.run, at);
        put(&mut request, ID, id.as_bytes());
        request
    }

    fn unlike(&self, body: &str, at: u64) -> String {
        let second = self.run * 400_000 + at;
        let moment = format!(
            "{:02}T{:02}:{:02}:{:02}",
            second / 86_400 % 28 + 1,
            second / 3_600 % 24,
            second / 60 % 60,
            second % 60
        );
        let mut body = body.as_bytes().to_vec();
        put(&mut body, TIME.as_bytes(), moment.as_bytes());
        if find(&body, COMMENT.as_bytes()).is_some() {
            let number = format!("9{:011}", self.run * 1_000_000_000 + at);
            put(&mut body, COMMENT.as_bytes(), number.as_bytes());
        }
        String::from_utf8(body).expect("text")
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

/// Puts as many bytes in the place of others.
fn put(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let place = find(bytes, old).expect("a place");
    bytes[place..place + new.len()].copy_from_slice(new);
}

fn body_of(repo: i64, event: &str, action: &str, number: u64, said: &str) -> String {
    let by = json!({"login": "somebody", "id": 10, "type": "User", "site_admin": false});
    let moment = format!("2026-03-{TIME}Z");
    let issue = json!({
        "id": 5_000 + number, "number": number, "title": "It does not start", "state": "open",
        "user": by, "labels": [{"id": 3, "name": "P0", "color": "b60205"}], "body": null,
        "created_at": "2026-03-01T00:00:00Z", "updated_at": moment, "closed_at": null,
    });
    let comment: u64 = COMMENT.parse().expect("a number");
    let mut payload = json!({"action": action});
    let part = match event {
        "issues" => json!({"issue": issue, "label": {"id": 3, "name": "P0"}}),
        "issue_comment" => json!({"issue": issue, "comment": {
            "id": comment, "body": said, "user": by,
            "created_at": "2026-03-01T00:00:00Z", "updated_at": "2026-03-01T00:00:00Z",
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
    whole.insert("repository".into(), repository(repo));
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

fn repository(id: i64) -> Value {
    json!({
        "id": id, "node_id": "R_x", "name": "sample", "full_name": "acme/sample",
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
