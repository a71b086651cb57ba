//! GitHub's answers: any status and any body, to each read that a decision stands on,
//! over the real client and a socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use hotfix_bot::clock::Clock;
use hotfix_bot::github::ops::RunFilter;
use hotfix_bot::github::{Error, GitHub, GitHubOptions, Repo};
use secrecy::SecretString;
use serde::de::IgnoredAny;
use tokio::runtime::Runtime;

/// The reads, by their path in GitHub's description: whose examples are what it begins
/// with.
pub const READS: [&str; 28] = [
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/branches/{branch}",
    "/repos/{owner}/{repo}/rules/branches/{branch}",
    "/repos/{owner}/{repo}/rulesets",
    "/repos/{owner}/{repo}/collaborators/{username}/permission",
    "/repos/{owner}/{repo}/git/ref/{ref}",
    "/repos/{owner}/{repo}/git/matching-refs/{ref}",
    "/repos/{owner}/{repo}/git/tags/{tag_sha}",
    "/repos/{owner}/{repo}/git/commits/{commit_sha}",
    "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    "/repos/{owner}/{repo}/git/blobs/{file_sha}",
    "/repos/{owner}/{repo}/contents/{path}",
    "/repos/{owner}/{repo}/commits/{ref}",
    "/repos/{owner}/{repo}/commits/{ref}/status",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/compare/{basehead}",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/issues/{issue_number}/events",
    "/repos/{owner}/{repo}/issues/{issue_number}/timeline",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    "/repos/{owner}/{repo}/actions/workflows",
    "/repos/{owner}/{repo}/actions/runs",
    "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    "/repos/{owner}/{repo}/releases/tags/{tag}",
    "/graphql",
];

/// Statuses that are tried; the first is that of an answer.
const STATUSES: [u16; 16] = [
    200, 201, 202, 204, 301, 304, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502,
];

/// What is answered next: status and body.
type Next = Arc<Mutex<(u16, Vec<u8>)>>;

struct GitHubOf {
    runtime: Runtime,
    repo: Repo,
    next: Next,
}

static GITHUB: LazyLock<GitHubOf> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let next: Next = Arc::default();
    let served = next.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let next = served.clone();
            std::thread::spawn(move || serve(&stream, &next));
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let within = runtime.enter();
    let key = SecretString::from("");
    let options = GitHubOptions {
        person: Some(SecretString::from("ghp_of_the_fuzzer")),
        ..GitHubOptions::new(url, "1", key, Clock::system())
    };
    let github = GitHub::new(options).expect("a client");
    let repo = github.installation(1).repo("harbour", "lantern");
    drop(within);
    GitHubOf {
        runtime,
        repo,
        next,
    }
});

/// Answers what comes on a connection, one after the other, until it ends.
fn serve(stream: &TcpStream, next: &Next) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut length = 0_u64;
        let mut line = String::new();
        while reader.read_line(&mut line).ok()? > 2 {
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            line.clear();
        }
        if line.is_empty() {
            return None;
        }
        std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink()).ok()?;
        let (status, body) = next.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // These have no body.
        let body = match status {
            204 | 304 => Vec::new(),
            _ => body,
        };
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = stream;
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(&body).ok()?;
    }
}

/// Asks; whether there was an answer to believe.
async fn ask(repo: &Repo, read: usize) -> Result<String, Error> {
    const SHA: &str = "9f3c2ab17c0d4e5f60718293a4b5c6d7e8f90a1b";
    fn told<T: std::fmt::Debug>(it: T) -> String {
        format!("{it:?}")
    }
    Ok(match READS[read] {
        "/repos/{owner}/{repo}" => told(repo.get().await?),
        "/repos/{owner}/{repo}/branches/{branch}" => told(repo.branch("main").await?),
        "/repos/{owner}/{repo}/rules/branches/{branch}" => told(repo.branch_rules("main").await?),
        "/repos/{owner}/{repo}/rulesets" => told(repo.rulesets().await?),
        "/repos/{owner}/{repo}/collaborators/{username}/permission" => {
            told(repo.permission("mia").await?)
        }
        "/repos/{owner}/{repo}/git/ref/{ref}" => told(repo.git_ref("tags/v1").await?),
        "/repos/{owner}/{repo}/git/matching-refs/{ref}" => told(repo.matching_refs("tags/").await?),
        "/repos/{owner}/{repo}/git/tags/{tag_sha}" => told(repo.tag_object(SHA).await?),
        "/repos/{owner}/{repo}/git/commits/{commit_sha}" => told(repo.git_commit(SHA).await?),
        "/repos/{owner}/{repo}/git/trees/{tree_sha}" => told(repo.tree(SHA).await?),
        "/repos/{owner}/{repo}/git/blobs/{file_sha}" => told(repo.blob(SHA).await?),
        "/repos/{owner}/{repo}/contents/{path}" => told(repo.file("Cargo.toml", "main").await?),
        "/repos/{owner}/{repo}/commits/{ref}" => told(repo.commit("main").await?),
        "/repos/{owner}/{repo}/commits/{ref}/status" => told(repo.combined_status("main").await?),
        "/repos/{owner}/{repo}/commits/{ref}/check-runs" => told(repo.check_runs("main").await?),
        "/repos/{owner}/{repo}/compare/{basehead}" => told(repo.compare("v1", "main").await?),
        "/repos/{owner}/{repo}/issues/{issue_number}" => told(repo.issue(1).await?),
        "/repos/{owner}/{repo}/issues/{issue_number}/comments" => {
            told(repo.comments(1, None).await?)
        }
        "/repos/{owner}/{repo}/issues/{issue_number}/events" => told(repo.issue_events(1).await?),
        "/repos/{owner}/{repo}/issues/{issue_number}/timeline" => {
            told(repo.issue_timeline(1).await?)
        }
        "/repos/{owner}/{repo}/pulls" => told(repo.pulls_of_head("hotfix/v1").await?),
        "/repos/{owner}/{repo}/pulls/{pull_number}" => told(repo.pull(2).await?),
        "/repos/{owner}/{repo}/pulls/{pull_number}/reviews" => told(repo.reviews(2).await?),
        "/repos/{owner}/{repo}/actions/workflows" => told(repo.workflows().await?),
        "/repos/{owner}/{repo}/actions/runs" => told(repo.runs(&RunFilter::default()).await?),
        "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs" => told(repo.jobs(1).await?),
        "/repos/{owner}/{repo}/releases/tags/{tag}" => told(repo.release_by_tag("v1").await?),
        _ => told(repo.commit_authors(SHA).await?),
    })
}

/// What is no answer is not believed, and nothing that comes is a reason to panic. The
/// first byte says what is asked, the second with which status it is answered.
pub fn answers(data: &[u8]) -> bool {
    let [read, status, body @ ..] = data else {
        return false;
    };
    let read = usize::from(*read) % READS.len();
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let github = &*GITHUB;
    *github.next.lock().unwrap_or_else(PoisonError::into_inner) = (status, body.to_vec());
    let came = github.runtime.block_on(ask(&github.repo, read));
    let path = READS[read];
    let json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
    if let Ok(it) = &came {
        // That there is nothing is said in GitHub's words, and by these alone.
        let absent = matches!(status, 404 | 410 | 409 | 422) && it == "None";
        assert!(status < 300 || absent, "{path}: {status} is believed: {it}");
        assert!(json, "{path}: {status} without JSON is believed: {it}");
        assert!(status != 204, "{path}: nothing is believed: {it}");
    }
    // A mistake may be in words for people: they can be made.
    if let Err(error) = &came {
        assert!(!error.to_string().is_empty());
    }
    came.is_ok()
}
