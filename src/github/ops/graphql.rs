//! GraphQL: for what REST cannot do.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::github::call::Call;
use crate::github::{Error, Installation, Repo, json as tolerant};

/// "There is no such ref", before or after.
pub const NO_OBJECT: &str = "0000000000000000000000000000000000000000";

const MARK_READY: &str = "mutation($id: ID!) { \
    markPullRequestReadyForReview(input: {pullRequestId: $id}) { \
    pullRequest { isDraft } } }";

const UPDATE_REFS: &str = "mutation($input: UpdateRefsInput!) { \
    updateRefs(input: $input) { clientMutationId } }";

const AUTHORS: &str = "query($owner: String!, $name: String!, $oid: GitObjectID!) { \
    repository(owner: $owner, name: $name) { object(oid: $oid) { ... on Commit { \
    authors(first: 100) { nodes { email user { login databaseId } } } } } } }";

const DUPLICATES: &str = "query($owner: String!, $name: String!, $number: Int!) { \
    repository(owner: $owner, name: $name) { issue(number: $number) { \
    timelineItems(last: 100, itemTypes: [MARKED_AS_DUPLICATE_EVENT, UNMARKED_AS_DUPLICATE_EVENT]) { \
    nodes { __typename \
    ... on MarkedAsDuplicateEvent { isCrossRepository \
    canonical { ... on Issue { number } } duplicate { ... on Issue { number } } } \
    ... on UnmarkedAsDuplicateEvent { isCrossRepository \
    canonical { ... on Issue { number } } duplicate { ... on Issue { number } } } } } } } }";

/// Every document that is sent, by what it does: for whoever holds them against
/// GitHub's schema.
pub const DOCUMENTS: [(&str, &str); 4] = [
    ("marks a pull request as ready", MARK_READY),
    ("moves refs", UPDATE_REFS),
    ("reads a commit's authors", AUTHORS),
    ("reads an issue's duplicates", DUPLICATES),
];

/// An author of a commit, its git author or one of its co-authors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CommitAuthor {
    /// Their address.
    pub email: String,
    /// Whose address it is, if it is a person's.
    pub user: Option<CommitUser>,
}

/// The account of an author.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CommitUser {
    /// Login.
    pub login: String,
    /// Id, stable through renames.
    pub database_id: Option<i64>,
}

/// One ref of an atomic update.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefUpdate<'a> {
    /// Full name, `refs/heads/...`.
    pub name: &'a str,
    /// What it must be before; [`NO_OBJECT`]: it must not be there.
    pub before_oid: &'a str,
    /// What it shall be; [`NO_OBJECT`]: deleted.
    pub after_oid: &'a str,
    /// Whether it may be something else than a fast-forward.
    pub force: bool,
}

/// Outcome of an atomic update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateRefs {
    /// All of them.
    Updated,
    /// None of them: a ref was not as expected, or a rule refused (GitHub's
    /// words). Look again.
    Refused(String),
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    errors: Vec<GraphqlError>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GraphqlError {
    #[serde(rename = "type")]
    kind: String,
    message: String,
}

impl Installation {
    /// A query, or a mutation when `write` is set. `operation` is for the
    /// metrics. Any error in the answer makes it an error: GraphQL answers 200
    /// to what failed.
    pub async fn graphql<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        write: bool,
        query: &str,
        variables: Value,
    ) -> Result<T, Error> {
        let body = json!({ "query": query, "variables": variables });
        let reply = self.call(&Call::graphql(operation, body, write)).await?;
        let seen = reply.seen;
        let answer: Answer = reply.json()?;
        if let Some(first) = answer.errors.first() {
            let message = answer
                .errors
                .iter()
                .map(|e| e.message.as_str())
                .collect::<Vec<_>>()
                .join("; ");
            let lower = message.to_ascii_lowercase();
            return Err(match first.kind.as_str() {
                "RATE_LIMITED" => Error::slow_down(seen.now),
                _ if lower.contains("rate limit") => Error::slow_down(seen.now),
                "NOT_FOUND" => Error::NotFound,
                "FORBIDDEN" | "INSUFFICIENT_SCOPES" => Error::Forbidden {
                    message,
                    needs: None,
                },
                "STALE_DATA" => Error::Conflict(message),
                "SERVICE_UNAVAILABLE" | "INTERNAL" if write => Error::Ambiguous(message),
                "SERVICE_UNAVAILABLE" | "INTERNAL" => Error::Transient(message),
                _ if lower.contains("resource not accessible") => Error::Forbidden {
                    message,
                    needs: None,
                },
                _ if lower.contains("refusing to allow a github app") => Error::Forbidden {
                    message,
                    needs: Some("workflows=write".into()),
                },
                _ if lower.contains("something went wrong") && write => Error::Ambiguous(message),
                _ if lower.contains("something went wrong") => Error::Transient(message),
                _ => Error::Invalid { message },
            });
        }
        let strange = |why: &dyn std::fmt::Display| {
            seen.strange(format!(
                "the answer to {operation} could not be read: {why}"
            ))
        };
        if !answer.data.is_object() {
            return Err(strange(&"it holds no data"));
        }
        tolerant::decode(answer.data).map_err(|why| strange(&why))
    }

    /// Takes a pull request out of draft, by its GraphQL id; returns whether it
    /// is still one: `markPullRequestReadyForReview`.
    pub async fn mark_ready_for_review(&self, node_id: &str) -> Result<bool, Error> {
        let data: Value = self
            .graphql(
                "graphql/markPullRequestReadyForReview",
                true,
                MARK_READY,
                json!({ "id": node_id }),
            )
            .await?;
        data.pointer("/markPullRequestReadyForReview/pullRequest/isDraft")
            .and_then(Value::as_bool)
            .ok_or_else(|| {
                Error::Ambiguous("markPullRequestReadyForReview told no draft state".into())
            })
    }
}

impl Repo {
    /// The authors of a commit with their accounts: the only place that knows
    /// the co-authors'. `Commit.authors`.
    pub async fn commit_authors(&self, sha: &str) -> Result<Vec<CommitAuthor>, Error> {
        let asked = json!({ "owner": self.owner(), "name": self.name(), "oid": sha });
        let data: Value = self
            .installation()
            .graphql("graphql/repository", false, AUTHORS, asked)
            .await?;
        let strange =
            |why: &str| Error::Transient(format!("the authors of {sha} could not be read: {why}"));
        let repository = data.get("repository").and_then(Value::as_object);
        let repository = repository.ok_or_else(|| strange("there is no repository"))?;
        // No such commit: it has no authors.
        let Some(object) = repository.get("object") else {
            return Ok(Vec::new());
        };
        let nodes = object.pointer("/authors/nodes");
        let nodes = nodes.ok_or_else(|| strange("it is no commit"))?;
        tolerant::decode(nodes.clone()).map_err(|why| strange(&why.to_string()))
    }

    /// The issues of this repository that are marked as duplicates of this one, as far
    /// as its newest hundred marks tell: `Issue.timelineItems`. (GitHub's blog, "Manage
    /// issues and pull requests with keyword updates": the event stands in the timelines
    /// of both.)
    pub async fn duplicates(&self, number: i64) -> Result<Vec<i64>, Error> {
        let asked = json!({ "owner": self.owner(), "name": self.name(), "number": number });
        let data: Value = self
            .installation()
            .graphql("graphql/duplicates", false, DUPLICATES, asked)
            .await?;
        let nodes = data.pointer("/repository/issue/timelineItems/nodes");
        let nodes = nodes.and_then(Value::as_array).ok_or_else(|| {
            Error::Transient(format!("the marks of issue #{number} could not be read"))
        })?;
        let mut found: Vec<i64> = Vec::new();
        for node in nodes {
            let at = |path: &str| node.pointer(path).and_then(Value::as_i64);
            let across = node.get("isCrossRepository") == Some(&Value::Bool(true));
            let (Some(duplicate), false) = (at("/duplicate/number"), across) else {
                continue;
            };
            if at("/canonical/number") != Some(number) || duplicate == number {
                continue;
            }
            found.retain(|it| *it != duplicate);
            if node.get("__typename").and_then(Value::as_str) == Some("MarkedAsDuplicateEvent") {
                found.push(duplicate);
            }
        }
        Ok(found)
    }

    /// Changes refs all together or not at all, each only if it still is what
    /// it was: `updateRefs`. `repository` is the repository's GraphQL id.
    /// Whether `after_oid` may be a tag object is not documented.
    pub async fn update_refs(
        &self,
        repository: &str,
        updates: &[RefUpdate<'_>],
    ) -> Result<UpdateRefs, Error> {
        let input = json!({ "repositoryId": repository, "refUpdates": updates });
        let result: Result<Value, Error> = self
            .installation()
            .graphql(
                "graphql/updateRefs",
                true,
                UPDATE_REFS,
                json!({ "input": input }),
            )
            .await;
        match result {
            Ok(data) if data.get("updateRefs").is_some_and(Value::is_object) => {
                Ok(UpdateRefs::Updated)
            }
            Ok(_) => Err(Error::Ambiguous("updateRefs told no result".into())),
            Err(Error::Conflict(message) | Error::Invalid { message }) => {
                Ok(UpdateRefs::Refused(message))
            }
            Err(error) => Err(error),
        }
    }
}
