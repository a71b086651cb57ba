//! Commits, tags, refs, files.

use serde_json::{Value, json};

use super::account::{user, web_flow};
use super::common::{PATH, extend, repo_page, repo_url};
use crate::sim::clock::iso;
use crate::sim::git::{CommitObject, FileDiff, Ident, TagObject};
use crate::sim::world::{Repo, UserKind, World};

fn ident(of: &Ident) -> Value {
    json!({ "name": of.name, "email": of.email, "date": iso(of.at) })
}

/// What is known of a signature.
pub fn verification(commit: Option<&CommitObject>) -> Value {
    let signed = commit.is_some_and(|c| c.signed);
    json!({
        "verified": signed,
        "reason": if signed { "valid" } else { "unsigned" },
        "signature": signed.then_some("signed by the stand-in"),
        "payload": commit.filter(|_| signed).map(|c| c.message.clone()),
        "verified_at": commit.filter(|_| signed).map(|c| iso(c.committer.at)),
    })
}

/// The account whose address this is.
fn account(world: &World, of: &Ident) -> Value {
    if of.email == world.web_flow().email {
        return web_flow(world);
    }
    world
        .users
        .values()
        .find(|u| u.email.eq_ignore_ascii_case(&of.email))
        .map_or(Value::Null, |u| user(world, u.id))
}

fn parents(world: &World, repo: &Repo, commit: &CommitObject, git: &str) -> Vec<Value> {
    let url = repo_url(world, repo);
    let page = repo_page(repo);
    commit
        .parents
        .iter()
        .map(|sha| {
            json!({
                "sha": sha,
                "url": format!("{url}/{git}commits/{sha}"),
                "html_url": format!("{page}/commit/{sha}"),
            })
        })
        .collect()
}

/// A commit as the Git database shows it (`git-commit`).
pub fn git_commit(world: &World, repo: &Repo, commit: &CommitObject) -> Value {
    let url = repo_url(world, repo);
    json!({
        "sha": commit.sha,
        "node_id": format!("C_{}", commit.sha),
        "url": format!("{url}/git/commits/{}", commit.sha),
        "html_url": format!("{}/commit/{}", repo_page(repo), commit.sha),
        "author": ident(&commit.author),
        "committer": ident(&commit.committer),
        "tree": {
            "sha": commit.tree,
            "url": format!("{url}/git/trees/{}", commit.tree),
        },
        "message": commit.message,
        "parents": parents(world, repo, commit, "git/"),
        "verification": verification(Some(commit)),
    })
}

/// A commit as the repository shows it (`commit`), without its files.
pub fn commit(world: &World, repo: &Repo, commit: &CommitObject) -> Value {
    let url = repo_url(world, repo);
    let at = format!("{url}/commits/{}", commit.sha);
    json!({
        "sha": commit.sha,
        "node_id": format!("C_{}", commit.sha),
        "commit": {
            "author": ident(&commit.author),
            "committer": ident(&commit.committer),
            "message": commit.message,
            "tree": {
                "sha": commit.tree,
                "url": format!("{url}/git/trees/{}", commit.tree),
            },
            "url": format!("{url}/git/commits/{}", commit.sha),
            "comment_count": 0,
            "verification": verification(Some(commit)),
        },
        "url": at,
        "html_url": format!("{}/commit/{}", repo_page(repo), commit.sha),
        "comments_url": format!("{at}/comments"),
        "author": account(world, &commit.author),
        "committer": account(world, &commit.committer),
        "parents": parents(world, repo, commit, ""),
    })
}

/// The git author and the co-authors of its message, as GraphQL tells them: an
/// account only where it is a person's.
pub fn commit_authors(world: &World, commit: &CommitObject) -> Vec<Value> {
    let trailer = |line: &str| {
        let (key, value) = line.split_once(':')?;
        let (name, email) = value.split_once('<')?;
        let email = email.trim_end().strip_suffix('>')?.to_owned();
        let is_it = key.eq_ignore_ascii_case("Co-authored-by");
        is_it.then(|| (name.trim().to_owned(), email))
    };
    let author = &commit.author;
    let mut all = vec![(author.name.clone(), author.email.clone())];
    all.extend(commit.message.lines().filter_map(trailer));
    let row = |(name, email): (String, String)| {
        let mut users = world.users.values();
        let user = users.find(|u| u.email.eq_ignore_ascii_case(&email));
        let user = user.filter(|user| user.kind == UserKind::User);
        let user = user.map(|u| json!({ "login": u.login, "databaseId": u.id }));
        json!({ "name": name, "email": email, "user": user })
    };
    all.into_iter().map(row).collect()
}

/// A commit with its files.
pub fn commit_detail(world: &World, repo: &Repo, of: &CommitObject, files: &[FileDiff]) -> Value {
    let (added, deleted) = files.iter().fold((0, 0), |(a, d), file| {
        (a + file.additions, d + file.deletions)
    });
    let files: Vec<_> = files
        .iter()
        .map(|f| file_diff(world, repo, &of.sha, f))
        .collect();
    extend(
        commit(world, repo, of),
        json!({
            "stats": { "total": added + deleted, "additions": added, "deletions": deleted },
            "files": files,
        }),
    )
}

/// One changed file (`diff-entry`); `at` is the commit that shows it.
pub fn file_diff(world: &World, repo: &Repo, at: &str, file: &FileDiff) -> Value {
    let path = percent_encoding::utf8_percent_encode(&file.path, PATH);
    let mut value = json!({
        "sha": file.sha,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": format!("{}/blob/{at}/{path}", repo_page(repo)),
        "raw_url": format!("{}/raw/{at}/{path}", repo_page(repo)),
        "contents_url": format!("{}/contents/{path}?ref={at}", repo_url(world, repo)),
    });
    if let Value::Object(map) = &mut value {
        if let Some(patch) = &file.patch {
            map.insert("patch".into(), patch.as_str().into());
        }
        if let Some(previous) = &file.previous {
            map.insert("previous_filename".into(), previous.as_str().into());
        }
    }
    value
}

/// A commit in short (`nullable-simple-commit`), as `head_commit` of a run.
pub fn simple_commit(world: &World, repo: u64, sha: &str) -> Value {
    let Some(commit) = world.repos.get(&repo).and_then(|r| r.git.commit(sha)) else {
        return Value::Null;
    };
    json!({
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": iso(commit.committer.at),
        "author": { "name": commit.author.name, "email": commit.author.email },
        "committer": { "name": commit.committer.name, "email": commit.committer.email },
    })
}

/// A commit as the payload of `push` lists it.
pub fn push_commit(world: &World, repo: &Repo, commit: &CommitObject, files: &[FileDiff]) -> Value {
    let person = |of: &Ident| {
        let known = world
            .users
            .values()
            .find(|u| u.email.eq_ignore_ascii_case(&of.email));
        let mut value = json!({ "name": of.name, "email": of.email, "date": iso(of.at) });
        if let (Value::Object(map), Some(user)) = (&mut value, known) {
            map.insert("username".into(), user.login.as_str().into());
        }
        value
    };
    let paths = |keep: fn(&FileDiff) -> bool| -> Vec<&str> {
        files
            .iter()
            .filter(|f| keep(f))
            .map(|f| f.path.as_str())
            .collect()
    };
    let gone: Vec<&str> = files
        .iter()
        .filter_map(|f| {
            if f.status == "removed" {
                Some(f.path.as_str())
            } else {
                f.previous.as_deref()
            }
        })
        .collect();
    json!({
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": true,
        "message": commit.message,
        "timestamp": iso(commit.committer.at),
        "url": format!("{}/commit/{}", repo_page(repo), commit.sha),
        "author": person(&commit.author),
        "committer": person(&commit.committer),
        "added": paths(|f| f.status == "added" || f.status == "renamed"),
        "removed": gone,
        "modified": paths(|f| f.status == "modified" || f.status == "changed"),
    })
}

/// A ref.
pub fn git_ref(world: &World, repo: &Repo, name: &str, sha: &str) -> Value {
    let url = repo_url(world, repo);
    let kind = repo.git.kind(sha).map_or("commit", |k| k.name());
    json!({
        "ref": name,
        "node_id": format!("REF_{}_{name}", repo.id),
        "url": format!("{url}/git/{name}"),
        "object": {
            "sha": sha,
            "type": kind,
            "url": format!("{url}/git/{kind}s/{sha}"),
        },
    })
}

/// An annotated tag's object.
pub fn git_tag(world: &World, repo: &Repo, tag: &TagObject) -> Value {
    let url = repo_url(world, repo);
    json!({
        "node_id": format!("TA_{}", tag.sha),
        "sha": tag.sha,
        "url": format!("{url}/git/tags/{}", tag.sha),
        "tagger": ident(&tag.tagger),
        "object": {
            "sha": tag.object,
            "type": tag.kind.name(),
            "url": format!("{url}/git/{}s/{}", tag.kind.name(), tag.object),
        },
        "tag": tag.tag,
        "message": tag.message,
        "verification": verification(None),
    })
}

/// Classic protection of a branch (`branch-protection`).
fn classic_protection(repo: &Repo, branch: &str) -> Value {
    let mut classic = repo.rules.iter().filter(|r| r.ruleset == 0);
    let checks = classic.find(|r| r.covers(branch) && r.kind == "required_status_checks");
    let checks = checks.and_then(|r| r.parameters["required_status_checks"].as_array());
    let Some(checks) = checks else {
        return json!({
            "enabled": false,
            "required_status_checks": {
                "enforcement_level": "off", "contexts": [], "checks": [],
            },
        });
    };
    let contexts: Vec<&Value> = checks.iter().map(|c| &c["context"]).collect();
    let pinned = checks
        .iter()
        .map(|c| json!({ "context": c["context"], "app_id": c["integration_id"] }));
    json!({
        "enabled": true,
        "required_status_checks": {
            "enforcement_level": "non_admins",
            "contexts": contexts,
            "checks": pinned.collect::<Vec<_>>(),
        },
    })
}

/// A branch with its head (`branch-with-protection`).
pub fn branch(world: &World, repo: &Repo, name: &str, head: &CommitObject) -> Value {
    let at = format!("{}/branches/{name}", repo_url(world, repo));
    let protected = repo.rules.iter().any(|r| r.covers(name));
    json!({
        "name": name,
        "commit": commit(world, repo, head),
        "_links": { "self": at, "html": format!("{}/tree/{name}", repo_page(repo)) },
        "protected": protected,
        "protection": classic_protection(repo, name),
        "protection_url": format!("{at}/protection"),
    })
}
