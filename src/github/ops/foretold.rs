//! What a look ahead tells of the repository itself, beside its files, in place of
//! five calls: kept for who asks the same next, once, within ten seconds.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Actor, GitObject, GitRef, RepoInfo};
use crate::github::foreseen::What;
use crate::github::memory::is_hash;
use crate::github::{Error, Repo, json as tolerant};

/// What is asked, within `repository`. Lists longer than a hundred are asked for by
/// themselves.
pub(super) const ASKED: &str = "id databaseId name nameWithOwner url isPrivate isArchived \
    isDisabled isFork hasIssuesEnabled hasDiscussionsEnabled mergeCommitAllowed \
    squashMergeAllowed rebaseMergeAllowed deleteBranchOnMerge \
    owner { __typename login ... on User { databaseId } ... on Organization { databaseId } } \
    heads: refs(refPrefix: \"refs/heads/\", first: 100) { totalCount nodes { name \
    target { __typename oid } } } \
    pullRequests(states: [OPEN], first: 100, orderBy: {field: CREATED_AT, direction: DESC}) { \
    nodes { number title headRefName } }";

/// What was told, so that it need not be asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foretold {
    /// The repository: [`Repo::get`].
    pub repository: bool,
    /// The default branch's head, Latest and the open pull requests:
    /// [`Repo::branch_head`], [`Repo::latest_tag`], [`Repo::open_heads`].
    pub state: bool,
    /// All tags: [`Repo::matching_refs`].
    pub tags: bool,
    /// All branches: the same.
    pub heads: bool,
}

/// An open pull request, as far as it tells which number it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPull {
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// The branch that it brings, without `refs/heads/`.
    pub head: String,
}

/// A branch's name and head.
#[derive(Serialize, Deserialize)]
struct Head {
    name: String,
    sha: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    id: String,
    database_id: i64,
    name: String,
    name_with_owner: String,
    url: String,
    is_private: bool,
    is_archived: bool,
    is_disabled: bool,
    is_fork: bool,
    has_issues_enabled: bool,
    has_discussions_enabled: bool,
    merge_commit_allowed: bool,
    squash_merge_allowed: bool,
    rebase_merge_allowed: bool,
    delete_branch_on_merge: bool,
    owner: Owner,
    default_branch_ref: Named,
    latest_release: Option<Latest>,
    pull_requests: Nodes<Pull>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    #[serde(rename = "__typename")]
    kind: String,
    login: String,
    database_id: i64,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    target: Object,
}

#[derive(Deserialize)]
struct Object {
    oid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Latest {
    tag_name: String,
}

#[derive(Deserialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pull {
    number: i64,
    title: String,
    head_ref_name: String,
}

/// Keeps what was told of the repository of this id; of another, nothing. `asked`
/// is the age of the process at which it was asked.
pub(super) fn keep(repo: &Repo, id: i64, found: &Value, asked: i64) -> Foretold {
    let told: Result<Repository, _> = tolerant::decode(found.clone());
    let Ok(told) = told.inspect_err(|why| tracing::debug!(%why, "nothing is foretold")) else {
        return Foretold::default();
    };
    if told.database_id != id || !is_hash(&told.default_branch_ref.target.oid) {
        return Foretold::default();
    }
    let keep = |what, value| repo.foretell(what, value, asked);
    let head = Head {
        name: told.default_branch_ref.name.clone(),
        sha: told.default_branch_ref.target.oid.clone(),
    };
    keep(What::Head, json!(head));
    keep(
        What::Latest,
        json!(told.latest_release.as_ref().map(|it| &it.tag_name)),
    );
    let pulls = told.pull_requests.nodes.iter().map(|pull| OpenPull {
        number: pull.number,
        title: pull.title.clone(),
        head: pull.head_ref_name.clone(),
    });
    keep(What::Pulls, json!(pulls.collect::<Vec<_>>()));
    keep(What::Repository, json!(info(told)));
    let [tags, heads] = [("/refs", "refs/tags/"), ("/heads", "refs/heads/")]
        .map(|(at, below)| refs(found.pointer(at), below));
    let all = Foretold {
        repository: true,
        state: true,
        tags: tags.is_some(),
        heads: heads.is_some(),
    };
    for (what, refs) in [(What::Tags, tags), (What::Heads, heads)] {
        if let Some(refs) = refs {
            keep(what, json!(refs));
        }
    }
    all
}

/// The repository as REST tells it.
fn info(told: Repository) -> RepoInfo {
    RepoInfo {
        id: told.database_id,
        node_id: told.id,
        name: told.name,
        full_name: told.name_with_owner,
        owner: Actor {
            login: told.owner.login,
            id: told.owner.database_id,
            kind: told.owner.kind,
        },
        default_branch: told.default_branch_ref.name,
        html_url: told.url,
        private: told.is_private,
        archived: told.is_archived,
        disabled: told.is_disabled,
        fork: told.is_fork,
        has_issues: told.has_issues_enabled,
        has_discussions: told.has_discussions_enabled,
        allow_merge_commit: Some(told.merge_commit_allowed),
        allow_squash_merge: Some(told.squash_merge_allowed),
        allow_rebase_merge: Some(told.rebase_merge_allowed),
        delete_branch_on_merge: Some(told.delete_branch_on_merge),
    }
}

/// All refs below a prefix, by their names, as REST lists them; none where not all
/// were told, or one cannot be read.
fn refs(told: Option<&Value>, below: &str) -> Option<Vec<GitRef>> {
    let told = told?;
    let nodes = told.get("nodes")?.as_array()?;
    if told.get("totalCount")?.as_u64()? != nodes.len() as u64 {
        return None;
    }
    let one = |node: &Value| {
        let text = |at: &str| node.pointer(at).and_then(Value::as_str);
        Some(GitRef {
            name: format!("{below}{}", text("/name")?),
            object: GitObject {
                sha: text("/target/oid").filter(|sha| is_hash(sha))?.to_owned(),
                kind: text("/target/__typename")?.to_lowercase(),
            },
        })
    };
    let mut all: Vec<GitRef> = nodes.iter().map(one).collect::<Option<_>>()?;
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Some(all)
}

impl Repo {
    /// Keeps an answer for who asks the same next.
    fn foretell(&self, what: What, value: Value, asked: i64) {
        if let Some((told, repo)) = self.told() {
            told.tell((repo, what), value, asked);
        }
    }

    /// What a look ahead told, once.
    pub(super) fn foretold<T: DeserializeOwned>(&self, what: What) -> Option<T> {
        let (told, repo) = self.told()?;
        let value = told.told(&(repo, what), self.age())?;
        serde_json::from_value(value).ok()
    }

    /// The head of a branch: what [`Repo::git_ref`] answers, or a look ahead did.
    pub async fn branch_head(&self, name: &str) -> Result<Option<String>, Error> {
        let told: Option<Head> = self.foretold(What::Head);
        if let Some(told) = told.filter(|told| told.name == name) {
            return Ok(Some(told.sha));
        }
        let there = self.git_ref(&format!("heads/{name}")).await?;
        Ok(there.map(|there| there.object.sha))
    }

    /// The tag of the release that is shown as the latest: what
    /// [`Repo::latest_release`] answers, or a look ahead did.
    pub async fn latest_tag(&self) -> Result<Option<String>, Error> {
        if let Some(told) = self.foretold(What::Latest) {
            return Ok(told);
        }
        let latest = self.latest_release().await?;
        Ok(latest.map(|latest| latest.tag_name))
    }

    /// The newest 100 open pull requests: what [`Repo::open_pulls`] answers, or a
    /// look ahead did.
    pub async fn open_heads(&self) -> Result<Vec<OpenPull>, Error> {
        if let Some(told) = self.foretold(What::Pulls) {
            return Ok(told);
        }
        let all = self.open_pulls(1).await?.into_iter();
        let all = all.map(|pull| OpenPull {
            number: pull.number,
            title: pull.title,
            head: pull.head.name,
        });
        Ok(all.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_list_all_is_told_or_nothing() {
        let node = |name: &str, oid: &str| json!({"name": name, "target": {"__typename": "Tag", "oid": oid}});
        let oid = "0a".repeat(20);
        let told = |total: u64, nodes: Value| {
            refs(
                Some(&json!({"totalCount": total, "nodes": nodes})),
                "refs/tags/",
            )
        };
        let two = told(2, json!([node("v2", &oid), node("v1", &oid)])).unwrap();
        let names: Vec<_> = two.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["refs/tags/v1", "refs/tags/v2"]);
        assert_eq!(
            (two[0].object.kind.as_str(), &two[0].object.sha),
            ("tag", &oid)
        );
        assert_eq!(told(0, json!([])), Some(Vec::new()));
        assert_eq!(told(101, json!([node("v1", &oid)])), None, "there are more");
        assert_eq!(told(1, json!([node("v1", "")])), None, "no hash");
        assert_eq!(told(1, json!([{"name": "v1"}])), None, "names nothing");
        assert_eq!(refs(None, "refs/tags/"), None);
    }
}
