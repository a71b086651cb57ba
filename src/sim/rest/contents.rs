//! Files by path: read, written and deleted, one commit each.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::refs::ident;
use crate::sim::git::{CommitObject, Entry, Kind};
use crate::sim::json::{self as build, PATH};
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Repo, World};

pub(super) fn routes() -> Vec<Route> {
    const ROOT: &str = "/repos/{owner}/{repo}/contents";
    const SLASH: &str = "/repos/{owner}/{repo}/contents/";
    const PATHS: &str = "/repos/{owner}/{repo}/contents/{path*}";
    vec![
        route("GET", ROOT, "repos/get-content", "contents=read", get),
        route("GET", SLASH, "repos/get-content", "contents=read", get),
        route("GET", PATHS, "repos/get-content", "contents=read", get),
        route(
            "PUT",
            PATHS,
            "repos/create-or-update-file-contents",
            "contents=write",
            put,
        ),
        route(
            "DELETE",
            PATHS,
            "repos/delete-file",
            "contents=write",
            delete,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/readme",
            "repos/get-readme",
            "contents=read",
            readme,
        ),
    ]
}

/// Whether the caller asks for the bytes themselves.
pub(super) fn wants_raw(call: &Call) -> bool {
    call.headers
        .get("accept")
        .is_some_and(|a| a.contains(".raw"))
}

/// Base64 in lines of 60, as GitHub sends it.
pub(super) fn wrapped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (i, c) in STANDARD.encode(bytes).chars().enumerate() {
        if i > 0 && i % 60 == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn shape(world: &World, repo: &Repo, entry: &Entry, at: &str, size: usize) -> Value {
    let url = build::repo_url(world, repo);
    let path = utf8_percent_encode(&entry.path, PATH);
    let (kind, of, page) = match (entry.kind(), entry.mode.as_str()) {
        ("tree", _) => ("dir", "trees", "tree"),
        ("commit", _) => ("submodule", "trees", "tree"),
        (_, "120000") => ("symlink", "blobs", "blob"),
        _ => ("file", "blobs", "blob"),
    };
    let own = format!(
        "{url}/contents/{path}?ref={}",
        utf8_percent_encode(at, PATH)
    );
    let git = format!("{url}/git/{of}/{}", entry.sha);
    let html = format!("{}/{page}/{at}/{path}", build::repo_page(repo));
    let download = (kind == "file").then(|| format!("{}/raw/{at}/{path}", build::repo_page(repo)));
    json!({
        "name": entry.path.rsplit('/').next().unwrap_or(""),
        "path": entry.path,
        "sha": entry.sha,
        "size": size,
        "url": own,
        "html_url": html,
        "git_url": git,
        "download_url": download,
        "type": kind,
        "_links": { "self": own, "git": git, "html": html },
    })
}

fn file(world: &World, repo: &Repo, entry: &Entry, at: &str) -> Value {
    let bytes = repo.git.blob(&entry.sha).unwrap_or_default();
    let mut value = shape(world, repo, entry, at, bytes.len());
    // Above a megabyte only the raw form carries the content.
    let large = bytes.len() > 1_048_576;
    value["content"] = if large {
        String::new()
    } else {
        wrapped(&bytes)
    }
    .into();
    value["encoding"] = if large { "none" } else { "base64" }.into();
    value
}

fn get(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let at = call.query("ref").unwrap_or(&repo.default_branch).to_owned();
    let missing = || Refusal::new(404, &format!("No commit found for the ref {at}"));
    let commit = repo.resolve(&at).ok_or_else(missing)?;
    let path = call.param("path").trim_matches('/');
    let entry = repo
        .git
        .entry_at(&commit, path)
        .ok_or_else(Refusal::not_found)?;
    if entry.is_tree() {
        let below = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let entries = repo.git.tree(&entry.sha).unwrap_or_default();
        let rows: Vec<Value> = entries
            .into_iter()
            .map(|e| {
                let size = repo.git.blob(&e.sha).map_or(0, |b| b.len());
                let entry = Entry {
                    path: format!("{below}{}", e.path),
                    ..e
                };
                shape(world, repo, &entry, &at, size)
            })
            .collect();
        return Ok(Answer::ok(rows.into()));
    }
    if wants_raw(call) {
        let bytes = repo.git.blob(&entry.sha).unwrap_or_default();
        return Ok(Answer::bytes("application/vnd.github.raw", bytes));
    }
    Ok(Answer::ok(file(world, repo, &entry, &at)))
}

fn readme(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let at = call.query("ref").unwrap_or(&repo.default_branch).to_owned();
    let commit = repo.resolve(&at).ok_or_else(Refusal::not_found)?;
    let entry = repo
        .git
        .entry_at(&commit, "README.md")
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(file(world, repo, &entry, &at)))
}

/// One commit that writes (`Some`) or deletes the path; gives the commit.
fn commit(world: &mut World, call: &Call, blob: Option<String>) -> Result<String, Refusal> {
    let path = call.param("path").to_owned();
    let message = call.required("message")?.to_owned();
    let repo = call.repo(world)?;
    let branch = call
        .text("branch")
        .unwrap_or(&repo.default_branch)
        .to_owned();
    let name = format!("refs/heads/{branch}");
    let missing = || Refusal::new(404, &format!("Branch {branch} not found"));
    let head = repo.git.read_ref(&name).ok_or_else(missing)?;
    let old = repo.git.entry_at(&head, &path).map(|e| e.sha);
    match (&old, call.text("sha")) {
        (Some(_), None) => {
            return Err(Refusal::invalid_request("\"sha\" wasn't supplied."));
        }
        (old, Some(given)) if old.as_deref() != Some(given) => {
            return Err(Refusal::new(409, &format!("{path} does not match {given}")));
        }
        (None, None) if blob.is_none() => return Err(Refusal::not_found()),
        _ => {}
    }
    let base = repo.git.commit(&head).ok_or_else(Refusal::not_found)?.tree;
    let edit = blob.map(|sha| ("100644".to_owned(), sha));
    let tree = repo.git.edit_tree(Some(&base), &[(path, edit)].into())?;
    let (author, custom) = ident(world, call, "author");
    let committer = match ident(world, call, "committer") {
        (given, true) => given,
        _ => world.web_flow(),
    };
    let repo = call.repo(world)?;
    let sha = repo.git.write_commit(&CommitObject {
        sha: String::new(),
        tree,
        parents: vec![head],
        author,
        committer,
        message,
        signed: !custom,
    })?;
    world.update_ref(call.repo, &name, &sha, false, &call.who())?;
    Ok(sha)
}

fn answer(world: &World, call: &Call, sha: &str, gone: bool, new: bool) -> Reply {
    let repo = call.repo(world)?;
    let commit = repo.git.commit(sha).ok_or_else(Refusal::not_found)?;
    let entry = repo.git.entry_at(sha, call.param("path"));
    let content = entry.filter(|_| !gone).map(|e| {
        let size = repo.git.blob(&e.sha).map_or(0, |b| b.len());
        shape(world, repo, &e, sha, size)
    });
    let body = json!({ "content": content, "commit": build::git_commit(world, repo, &commit) });
    Ok(Answer::json(if new { 201 } else { 200 }, body))
}

fn put(world: &mut World, call: &Call) -> Reply {
    let plain: String = call
        .required("content")?
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let why = "content is not valid Base64";
    let bytes = STANDARD
        .decode(plain)
        .map_err(|_| Refusal::unprocessable(why))?;
    let blob = call.repo(world)?.git.write(Kind::Blob, &bytes)?;
    let new = call.text("sha").is_none();
    let sha = commit(world, call, Some(blob))?;
    answer(world, call, &sha, false, new)
}

fn delete(world: &mut World, call: &Call) -> Reply {
    let sha = commit(world, call, None)?;
    answer(world, call, &sha, true, false)
}
