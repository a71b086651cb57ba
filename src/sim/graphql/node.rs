//! What can be asked of which object.

use serde_json::{Map, Value};

use super::fault::{Fault, allowed};
use super::refs::refs;
use crate::sim::clock::iso;
use crate::sim::git::{Entry, Kind};
use crate::sim::json as build;
use crate::sim::router::Call;
use crate::sim::world::{Issue, Mergeable, Repo, UserId, World};

/// A place in the graph.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// The root of queries.
    Query,
    Repository(u64),
    Issue(u64, u64),
    PullRequest(u64, u64),
    /// Repository and full name.
    Ref(u64, String),
    /// Repository and commit, tag, tree or blob.
    Object(u64, String),
    Actor(UserId),
    /// An object whose fields are known: payloads, totals.
    Payload(&'static str, Vec<(&'static str, Node)>),
    Value(Value),
    /// Several of them.
    List(Vec<Node>),
}

impl Node {
    fn of<T: Into<Value>>(value: T) -> Result<Node, Fault> {
        Ok(Node::Value(value.into()))
    }

    fn maybe(node: Option<Node>) -> Result<Node, Fault> {
        Ok(node.unwrap_or(Node::Value(Value::Null)))
    }

    /// The name of its type.
    pub(super) fn kind(&self, world: &World) -> &'static str {
        match self {
            Node::Query => "Query",
            Node::Repository(_) => "Repository",
            Node::Issue(..) => "Issue",
            Node::PullRequest(..) => "PullRequest",
            Node::Ref(..) => "Ref",
            Node::Object(repo, sha) => match world.repos.get(repo).and_then(|r| r.git.kind(sha)) {
                Some(Kind::Tag) => "Tag",
                Some(Kind::Tree) => "Tree",
                Some(Kind::Blob) => "Blob",
                _ => "Commit",
            },
            Node::Actor(id) => world.users.get(id).map_or("User", |u| u.kind.name()),
            Node::Payload(kind, _) => kind,
            Node::Value(_) | Node::List(_) => "Scalar",
        }
    }

    /// Whether `... on name` applies; interfaces by their usual names.
    pub(super) fn is_a(&self, world: &World, name: &str) -> bool {
        self.kind(world) == name
            || match self {
                Node::Actor(_) => name == "Actor",
                Node::Object(..) => name == "GitObject",
                _ => name == "Node",
            }
    }

    /// The object behind a node id.
    pub(super) fn by_id(world: &World, id: &str) -> Option<Node> {
        let (kind, rest) = id.split_once('_')?;
        let number: Option<u64> = rest.parse().ok();
        match kind {
            "R" => number
                .filter(|id| world.repos.contains_key(id))
                .map(Node::Repository),
            "PR" | "I" => world.repos.values().find_map(|repo| {
                repo.issues.values().find_map(|issue| match &issue.pull {
                    Some(pull) if kind == "PR" && Some(pull.id) == number => {
                        Some(Node::PullRequest(repo.id, issue.number))
                    }
                    None if kind == "I" && Some(issue.id) == number => {
                        Some(Node::Issue(repo.id, issue.number))
                    }
                    _ => None,
                })
            }),
            _ => None,
        }
    }

    /// One field; an unknown one is an error of the document.
    pub(super) fn field(
        &self,
        world: &World,
        call: &Call,
        name: &str,
        arguments: &Map<String, Value>,
    ) -> Result<Node, Fault> {
        let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or("");
        if name == "__typename" {
            return Node::of(self.kind(world));
        }
        let known = match self {
            Node::Query => match name {
                "repository" => {
                    let (owner, repo) = (text("owner"), text("name"));
                    let found = world.repo_by_name(owner, repo).map(|r| r.id);
                    let missing = || {
                        let why = format!(
                            "Could not resolve to a Repository with the name '{owner}/{repo}'."
                        );
                        Fault::new("NOT_FOUND", why)
                    };
                    let id = found.ok_or_else(missing)?;
                    allowed(world, call, id, "metadata=read").map_err(|_| missing())?;
                    Some(Node::Repository(id))
                }
                "node" => {
                    let id = text("id");
                    let why = format!("Could not resolve to a node with the global id of '{id}'");
                    let node = Node::by_id(world, id);
                    Some(node.ok_or_else(|| Fault::new("NOT_FOUND", why))?)
                }
                "viewer" => Some(Node::Actor(call.who().user)),
                "rateLimit" => Some(Node::Payload(
                    "RateLimit",
                    vec![
                        ("limit", Node::Value(5_000.into())),
                        ("remaining", Node::Value(4_999.into())),
                        ("cost", Node::Value(1.into())),
                        ("resetAt", Node::Value(iso(world.now() + 3_600_000).into())),
                    ],
                )),
                _ => None,
            },
            Node::Repository(id) if name == "refs" => {
                allowed(world, call, *id, "contents=read")?;
                let (names, total) = refs(world.repo(*id)?, arguments)?;
                let nodes = names.into_iter().map(|name| Node::Ref(*id, name));
                Some(Node::Payload(
                    "RefConnection",
                    vec![
                        ("totalCount", Node::Value(total.into())),
                        ("nodes", Node::List(nodes.collect())),
                    ],
                ))
            }
            Node::Repository(id) if name == "pullRequests" => {
                allowed(world, call, *id, "pull_requests=read")?;
                Some(open_pulls(world.repo(*id)?, arguments)?)
            }
            Node::Repository(id) => {
                let repo = world.repo(*id)?;
                repository(repo, name, arguments)
            }
            Node::Issue(repo, number) | Node::PullRequest(repo, number) => {
                let repo = world.repo(*repo)?;
                let issue = repo.issue(*number)?;
                if name == "timelineItems" {
                    return Ok(marks(repo.id, issue));
                }
                match &issue.pull {
                    Some(_) => pull(world, repo, issue, name).or_else(|| shared(repo, issue, name)),
                    None => shared(repo, issue, name),
                }
            }
            Node::Ref(repo, full) => reference(world.repo(*repo)?, full, name),
            Node::Object(repo, sha) if name == "authors" => {
                let commit = world.repo(*repo)?.git.commit(sha);
                commit.map(|commit| {
                    let authors = build::commit_authors(world, &commit);
                    let total = Node::Value(authors.len().into());
                    let nodes = ("nodes", Node::Value(authors.into()));
                    Node::Payload("GitActorConnection", vec![("totalCount", total), nodes])
                })
            }
            Node::Object(repo, sha) if name == "file" => {
                allowed(world, call, *repo, "contents=read")?;
                entry(world.repo(*repo)?, sha, text("path"))
            }
            Node::Object(repo, sha) if name == "entries" => {
                allowed(world, call, *repo, "contents=read")?;
                let repo = world.repo(*repo)?;
                let entries = repo.git.tree(sha).map(|all| {
                    let all = all.into_iter();
                    all.map(|it| tree_entry(repo, &it.path.clone(), it))
                        .collect()
                });
                entries.map(Node::List)
            }
            Node::Object(repo, sha) => object(world.repo(*repo)?, sha, name),
            Node::Actor(id) => {
                let user = build::user(world, *id);
                let key = match name {
                    "login" => Some("login"),
                    "id" => Some("node_id"),
                    "databaseId" => Some("id"),
                    "url" => Some("html_url"),
                    _ => None,
                };
                // GraphQL leaves the mark of a bot off its login.
                let plain = |v: &Value| match v.as_str() {
                    Some(login) => login.trim_end_matches("[bot]").into(),
                    None => v.clone(),
                };
                key.map(|key| Node::Value(plain(&user[key])))
            }
            Node::Payload(_, fields) => fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, node)| node.clone()),
            Node::Value(_) | Node::List(_) => None,
        };
        known.ok_or_else(|| {
            let kind = self.kind(world);
            Fault::new("", format!("Field '{name}' doesn't exist on type '{kind}'"))
        })
    }
}

fn value<T: Into<Value>>(value: T) -> Option<Node> {
    Some(Node::Value(value.into()))
}

fn or_null(node: Option<Node>) -> Option<Node> {
    Node::maybe(node).ok()
}

fn repository(repo: &Repo, name: &str, arguments: &Map<String, Value>) -> Option<Node> {
    let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or("");
    let number = arguments.get("number").and_then(Value::as_u64);
    let reference = |full: String| {
        let there = repo.git.read_ref(&full).is_some();
        or_null(there.then_some(Node::Ref(repo.id, full)))
    };
    match name {
        "id" => value(build::node_id("R", repo.id)),
        "databaseId" => value(repo.id),
        "name" => value(repo.name.as_str()),
        "nameWithOwner" => value(repo.full_name()),
        "isPrivate" => value(repo.private),
        "isArchived" => value(repo.archived),
        "isDisabled" | "isFork" => value(false),
        "hasIssuesEnabled" => value(true),
        "hasDiscussionsEnabled" => value(!repo.releases.categories.is_empty()),
        "mergeCommitAllowed" => value(repo.allow_merge_commit),
        "squashMergeAllowed" => value(repo.allow_squash_merge),
        "rebaseMergeAllowed" => value(repo.allow_rebase_merge),
        "deleteBranchOnMerge" => value(repo.delete_branch_on_merge),
        "url" => value(build::repo_page(repo)),
        "owner" => Some(Node::Actor(repo.owner)),
        "defaultBranchRef" => reference(format!("refs/heads/{}", repo.default_branch)),
        "ref" => {
            let asked = text("qualifiedName");
            let full = if asked.starts_with("refs/") {
                asked.to_owned()
            } else {
                format!("refs/heads/{asked}")
            };
            reference(full)
        }
        "object" => {
            let expression = if text("oid").is_empty() {
                text("expression")
            } else {
                text("oid")
            };
            let found = repo.git.object(expression).ok().flatten();
            or_null(found.map(|(sha, _, _)| Node::Object(repo.id, sha)))
        }
        "latestRelease" => or_null(repo.releases.latest().map(|release| {
            let commit = repo.git.read_ref(&format!("refs/tags/{}", release.tag));
            let commit = commit.and_then(|sha| repo.git.peel(&sha));
            let commit = commit.map(|sha| Node::Object(repo.id, sha));
            let tag = Node::Value(release.tag.as_str().into());
            let commit = commit.unwrap_or(Node::Value(Value::Null));
            Node::Payload("Release", vec![("tagName", tag), ("tagCommit", commit)])
        })),
        "issue" => or_null(
            number
                .filter(|n| repo.issue(*n).is_ok_and(|i| i.pull.is_none()))
                .map(|n| Node::Issue(repo.id, n)),
        ),
        "pullRequest" => or_null(
            number
                .filter(|n| repo.pull(*n).is_ok())
                .map(|n| Node::PullRequest(repo.id, n)),
        ),
        _ => None,
    }
}

/// The newest open pull requests, the only ones that are asked for.
fn open_pulls(repo: &Repo, arguments: &Map<String, Value>) -> Result<Node, Fault> {
    let first = arguments.get("first").and_then(Value::as_u64);
    let first = first.filter(|first| (1..=100).contains(first));
    let first = first.ok_or_else(|| {
        let why = "You must provide a `first` or `last` value to properly paginate the \
                   `pullRequests` connection.";
        Fault::new("MISSING_PAGINATION_BOUNDARIES", why)
    })?;
    let mut open: Vec<&Issue> = repo.issues.values().collect();
    open.retain(|issue| issue.open && issue.pull.is_some());
    open.sort_by_key(|issue| std::cmp::Reverse((issue.created_at, issue.number)));
    let total = Node::Value(open.len().into());
    let open = open.into_iter().take(usize::try_from(first).unwrap_or(100));
    let nodes = open.map(|issue| Node::PullRequest(repo.id, issue.number));
    let nodes = ("nodes", Node::List(nodes.collect()));
    Ok(Node::Payload(
        "PullRequestConnection",
        vec![("totalCount", total), nodes],
    ))
}

/// The marks of duplicates in an issue's timeline, the only events that are asked for.
fn marks(repo: u64, issue: &Issue) -> Node {
    let event = |(marked, number): &(bool, u64)| {
        let kind = match marked {
            true => "MarkedAsDuplicateEvent",
            false => "UnmarkedAsDuplicateEvent",
        };
        Node::Payload(
            kind,
            vec![
                ("isCrossRepository", Node::Value(false.into())),
                ("canonical", Node::Issue(repo, issue.number)),
                ("duplicate", Node::Issue(repo, *number)),
            ],
        )
    };
    let nodes = Node::List(issue.duplicates.iter().map(event).collect());
    Node::Payload("IssueTimelineItemsConnection", vec![("nodes", nodes)])
}

fn shared(repo: &Repo, issue: &Issue, name: &str) -> Option<Node> {
    let kind = if issue.pull.is_some() {
        "pull"
    } else {
        "issues"
    };
    match name {
        "id" => value(build::node_id("I", issue.id)),
        "databaseId" => value(issue.id),
        "number" => value(issue.number),
        "title" => value(issue.title.as_str()),
        "body" => value(issue.body.clone().unwrap_or_default()),
        "url" => value(format!(
            "{}/{kind}/{}",
            build::repo_page(repo),
            issue.number
        )),
        "state" => value(if issue.open { "OPEN" } else { "CLOSED" }),
        "closed" => value(!issue.open),
        "author" => Some(Node::Actor(issue.author)),
        "repository" => Some(Node::Repository(repo.id)),
        "createdAt" => value(iso(issue.created_at)),
        "updatedAt" => value(iso(issue.updated_at)),
        _ => None,
    }
}

fn pull(world: &World, repo: &Repo, issue: &Issue, name: &str) -> Option<Node> {
    let pull = issue.pull.as_ref()?;
    let branch = |name: &str| {
        let full = format!("refs/heads/{name}");
        let there = repo.git.read_ref(&full).is_some();
        or_null(there.then_some(Node::Ref(repo.id, full)))
    };
    match name {
        "id" => value(build::node_id("PR", pull.id)),
        "databaseId" => value(pull.id),
        "state" if pull.merged.is_some() => value("MERGED"),
        "isDraft" => value(pull.draft),
        "merged" => value(pull.merged.is_some()),
        "mergeable" => value(match pull.mergeable {
            Mergeable::Clean(_) => "MERGEABLE",
            Mergeable::Conflict => "CONFLICTING",
            Mergeable::Unknown => "UNKNOWN",
        }),
        "mergeStateStatus" => value(world.mergeable_state(repo, issue, pull).to_uppercase()),
        "headRefName" => value(pull.head.as_str()),
        "headRefOid" => value(pull.head_sha.as_str()),
        "baseRefName" => value(pull.base.as_str()),
        "baseRefOid" => value(pull.base_sha.as_str()),
        "headRef" if pull.fork.is_some() => value(Value::Null),
        "headRef" => branch(&pull.head),
        "baseRef" => branch(&pull.base),
        "mergeCommit" => or_null(
            pull.merged
                .as_ref()
                .map(|m| Node::Object(repo.id, m.sha.clone())),
        ),
        "isMergeQueueEnabled" | "isInMergeQueue" => value(false),
        "mergeQueueEntry" | "autoMergeRequest" => value(Value::Null),
        _ => None,
    }
}

fn reference(repo: &Repo, full: &str, name: &str) -> Option<Node> {
    let (prefix, short) = ["refs/heads/", "refs/tags/"]
        .into_iter()
        .find_map(|p| full.strip_prefix(p).map(|s| (p, s)))
        .unwrap_or(("refs/", full));
    match name {
        "id" => value(format!("REF_{}_{full}", repo.id)),
        "name" => value(short),
        "prefix" => value(prefix),
        "target" => or_null(
            repo.git
                .read_ref(full)
                .map(|sha| Node::Object(repo.id, sha)),
        ),
        "repository" => Some(Node::Repository(repo.id)),
        _ => None,
    }
}

fn object(repo: &Repo, sha: &str, name: &str) -> Option<Node> {
    match name {
        "id" => return value(format!("O_{sha}")),
        "oid" => return value(sha),
        "abbreviatedOid" => return value(sha.get(..7).unwrap_or(sha)),
        _ => {}
    }
    if let Some(tag) = repo.git.tag(sha) {
        return match name {
            "name" => value(tag.tag),
            "message" => value(tag.message),
            "target" => Some(Node::Object(repo.id, tag.object)),
            _ => None,
        };
    }
    if repo.git.tree(sha).is_some() {
        return None;
    }
    if let Some(bytes) = repo.git.blob(sha) {
        return blob(bytes, name);
    }
    let commit = repo.git.commit(sha)?;
    match name {
        "message" => value(commit.message),
        "messageHeadline" => value(commit.message.lines().next().unwrap_or("").to_owned()),
        "committedDate" => value(iso(commit.committer.at)),
        "url" => value(format!("{}/commit/{sha}", build::repo_page(repo))),
        "tree" => Some(Node::Object(repo.id, commit.tree)),
        _ => None,
    }
}

/// GraphQL leaves longer texts out.
const LONGEST: usize = 512_000;

/// The entry of a path in a commit's tree, or null.
fn entry(repo: &Repo, commit: &str, path: &str) -> Option<Node> {
    let found = repo.git.entry_at(commit, path).filter(|_| !path.is_empty());
    let Some(entry) = found else {
        return Some(Node::Value(Value::Null));
    };
    Some(tree_entry(repo, path, entry))
}

fn tree_entry(repo: &Repo, path: &str, entry: Entry) -> Node {
    let mode = i64::from_str_radix(&entry.mode, 8).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    Node::Payload(
        "TreeEntry",
        vec![
            ("mode", Node::Value(mode.into())),
            ("type", Node::Value(entry.kind().into())),
            ("path", Node::Value(path.into())),
            ("name", Node::Value(name.into())),
            ("oid", Node::Value(entry.sha.as_str().into())),
            ("object", Node::Object(repo.id, entry.sha)),
        ],
    )
}

/// A field of a blob.
fn blob(bytes: Vec<u8>, name: &str) -> Option<Node> {
    let size = bytes.len();
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'));
    let value: Value = match name {
        "byteSize" => size.into(),
        "isBinary" => text.is_none().into(),
        "isTruncated" => (size > LONGEST).into(),
        "text" => text.filter(|_| size <= LONGEST).into(),
        _ => return None,
    };
    Some(Node::Value(value))
}
