//! Commits, trees and blobs of the Git database.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::refs::ident;
use crate::sim::git::{CommitObject, Entry, Kind, TreeEdit};
use crate::sim::json as build;
use crate::sim::router::{Answer, Call, Refusal, Reply, Route, route};
use crate::sim::world::{Repo, World};

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "POST",
            "/repos/{owner}/{repo}/git/commits",
            "git/create-commit",
            "contents=write",
            create_commit,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/git/commits/{sha}",
            "git/get-commit",
            "contents=read",
            get_commit,
        ),
        route(
            "POST",
            "/repos/{owner}/{repo}/git/trees",
            "git/create-tree",
            "contents=write",
            create_tree,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/git/trees/{sha*}",
            "git/get-tree",
            "contents=read",
            get_tree,
        ),
        route(
            "POST",
            "/repos/{owner}/{repo}/git/blobs",
            "git/create-blob",
            "contents=write",
            create_blob,
        ),
        route(
            "GET",
            "/repos/{owner}/{repo}/git/blobs/{sha}",
            "git/get-blob",
            "contents=read",
            get_blob,
        ),
    ]
}

fn create_commit(world: &mut World, call: &Call) -> Reply {
    let (message, tree) = (call.required("message")?, call.required("tree")?);
    let (author, own_author) = ident(world, call, "author");
    let (committer, own_committer) = match ident(world, call, "committer") {
        (_, false) => (author.clone(), own_author),
        given => given,
    };
    let repo = call.repo(world)?;
    if repo.git.kind(tree) != Some(Kind::Tree) {
        return Err(Refusal::unprocessable("Tree SHA does not exist"));
    }
    let parents: Vec<String> = call
        .body
        .get("parents")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|p| p.as_str().map(str::to_owned))
        .collect();
    if parents
        .iter()
        .any(|p| repo.git.kind(p) != Some(Kind::Commit))
    {
        return Err(Refusal::unprocessable(
            "Parent SHA does not exist or is not a commit object",
        ));
    }
    // GitHub vouches for an App's commit only when nothing in it is custom.
    let signed = call.who().app.is_some() && !own_author && !own_committer;
    let sha = repo.git.write_commit(&CommitObject {
        sha: String::new(),
        tree: tree.to_owned(),
        parents,
        author,
        committer,
        message: message.to_owned(),
        signed,
    })?;
    let commit = repo.git.commit(&sha).ok_or_else(Refusal::not_found)?;
    Ok(Answer::created(build::git_commit(world, repo, &commit)))
}

fn get_commit(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let commit = repo
        .git
        .commit(call.param("sha"))
        .ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(build::git_commit(world, repo, &commit)))
}

fn show_tree(world: &World, repo: &Repo, sha: &str, recursive: bool) -> Result<Value, Refusal> {
    let entries = if recursive {
        repo.git.tree_recursive(sha)
    } else {
        repo.git.tree(sha).map(Into::into)
    };
    let entries = entries.ok_or_else(Refusal::not_found)?;
    let blobs = entries.iter().filter(|e| e.kind() == "blob");
    let blobs: Vec<&str> = blobs.map(|e| e.sha.as_str()).collect();
    let sizes = repo.git.sizes(&blobs)?;
    let url = build::repo_url(world, repo);
    let row = |entry: &Entry| {
        let mut row = json!({
            "path": entry.path,
            "mode": entry.mode,
            "type": entry.kind(),
            "sha": entry.sha,
        });
        if entry.kind() == "blob" {
            row["size"] = sizes.get(&entry.sha).copied().unwrap_or(0).into();
        }
        if entry.kind() != "commit" {
            row["url"] = format!("{url}/git/{}s/{}", entry.kind(), entry.sha).into();
        }
        row
    };
    Ok(json!({
        "sha": sha,
        "url": format!("{url}/git/trees/{sha}"),
        "tree": entries.iter().map(row).collect::<Vec<_>>(),
        "truncated": false,
    }))
}

/// By tree, commit, branch or tag; any value of `recursive` turns it on.
fn get_tree(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let name = call.param("sha");
    let sha = match repo.git.object(name)? {
        Some((sha, Kind::Tree, _)) => sha,
        _ => {
            let commit = repo.resolve(name).and_then(|c| repo.git.commit(&c));
            commit.ok_or_else(Refusal::not_found)?.tree
        }
    };
    Ok(Answer::ok(show_tree(
        world,
        repo,
        &sha,
        call.query("recursive").is_some(),
    )?))
}

fn create_tree(world: &mut World, call: &Call) -> Reply {
    let repo = call.repo(world)?;
    let bad = |why: &str| Refusal::unprocessable(why);
    let base = match call.text("base_tree") {
        None => None,
        Some(name) => match repo.git.object(name)? {
            Some((sha, Kind::Tree, _)) => Some(sha),
            // A commit is taken for its tree.
            Some((sha, Kind::Commit, _)) => repo.git.commit(&sha).map(|c| c.tree),
            _ => return Err(bad("base_tree is not a valid tree oid")),
        },
    };
    let asked = call.body.get("tree").and_then(Value::as_array);
    let asked = asked.ok_or_else(|| Refusal::invalid_request("\"tree\" wasn't supplied."))?;
    if asked.is_empty() {
        return Err(bad("Invalid tree info"));
    }
    let mut edits: BTreeMap<String, TreeEdit> = BTreeMap::new();
    for entry in asked {
        let path = entry["path"]
            .as_str()
            .ok_or_else(|| bad("tree.path is missing"))?;
        let odd = |p: &str| p.is_empty() || p == "." || p == ".." || p == ".git";
        if path.split('/').any(odd) {
            return Err(bad("tree.path contains a malformed path component"));
        }
        let mode = entry["mode"].as_str().unwrap_or("100644");
        if !["100644", "100755", "120000", "040000", "160000"].contains(&mode) {
            return Err(bad(&format!("tree.mode {mode} is not a valid mode")));
        }
        let edit = match (
            entry.get("sha"),
            entry.get("content").and_then(Value::as_str),
        ) {
            (Some(Value::String(_)), Some(_)) => {
                return Err(bad("Must supply either tree.sha or tree.content, not both"));
            }
            (Some(Value::String(sha)), None) => {
                let kind = match mode {
                    "040000" => Kind::Tree,
                    "160000" => Kind::Commit,
                    _ => Kind::Blob,
                };
                if mode != "160000" && repo.git.kind(sha) != Some(kind) {
                    return Err(bad(&format!(
                        "tree.sha {sha} is not a valid {}",
                        kind.name()
                    )));
                }
                Some((mode.to_owned(), sha.clone()))
            }
            (_, Some(text)) => Some((
                mode.to_owned(),
                repo.git.write(Kind::Blob, text.as_bytes())?,
            )),
            (Some(Value::Null), None) => None,
            _ => return Err(bad("Must supply tree.sha or tree.content")),
        };
        edits.insert(path.to_owned(), edit);
    }
    let sha = repo
        .git
        .edit_tree(base.as_deref(), &edits)
        .map_err(|e| bad(&format!("GitRPC::BadObjectState: {e}")))?;
    Ok(Answer::created(show_tree(world, repo, &sha, false)?))
}

fn create_blob(world: &mut World, call: &Call) -> Reply {
    let content = call.required("content")?;
    let bytes = match call.text("encoding").unwrap_or("utf-8") {
        "base64" => {
            let plain: String = content.chars().filter(|c| !c.is_whitespace()).collect();
            let why = "content is not valid Base64";
            STANDARD
                .decode(plain)
                .map_err(|_| Refusal::unprocessable(why))?
        }
        _ => content.as_bytes().to_vec(),
    };
    let repo = call.repo(world)?;
    let sha = repo.git.write(Kind::Blob, &bytes)?;
    let url = format!("{}/git/blobs/{sha}", build::repo_url(world, repo));
    Ok(Answer::created(json!({ "sha": sha, "url": url })))
}

fn get_blob(world: &mut World, call: &Call) -> Reply {
    let (repo, sha) = (call.repo(world)?, call.param("sha"));
    let bytes = repo.git.blob(sha).ok_or_else(Refusal::not_found)?;
    if super::contents::wants_raw(call) {
        return Ok(Answer::bytes("application/vnd.github.raw", bytes));
    }
    Ok(Answer::ok(json!({
        "sha": sha,
        "node_id": format!("B_{sha}"),
        "size": bytes.len(),
        "url": format!("{}/git/blobs/{sha}", build::repo_url(world, repo)),
        "content": super::contents::wrapped(&bytes),
        "encoding": "base64",
    })))
}
