//! Installations and repositories, by GitHub's ids: names change, ids do not.

use super::dialect::Conn;
use super::error::Doing as _;
use super::index::Gone;
use super::query::{query, query_as, query_scalar};
use super::{Result, Store, Tx};
use crate::clock::Millis;
use crate::domain::objects::Repo;

/// An installation of the App.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InstallationRow {
    /// GitHub's id.
    pub id: i64,
    /// The account that it is installed on; empty while it is not known.
    pub account: String,
    /// What was granted, JSON.
    pub permissions: String,
    /// Whether it is suspended.
    pub suspended: bool,
    /// When it was removed.
    pub removed_at: Option<Millis>,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RepoRow {
    /// GitHub's id.
    pub id: i64,
    /// The installation that reaches it; none when it was taken away.
    pub installation_id: Option<i64>,
    /// The owner's login at present.
    pub owner: String,
    /// The name at present.
    pub name: String,
    /// The default branch's short name.
    pub default_branch: String,
    /// Where people look at it.
    pub html_url: String,
    /// Whether it is private.
    pub private: bool,
    /// When it was last heard of.
    pub seen_at: Millis,
}

impl RepoRow {
    /// The repository as facts have it.
    pub fn known(&self) -> Repo {
        Repo {
            id: self.id,
            owner: self.owner.clone(),
            name: self.name.clone(),
            default_branch: self.default_branch.clone(),
            html_url: self.html_url.clone(),
            private: self.private,
        }
    }
}

macro_rules! repo_columns {
    () => {
        "id, installation_id, owner, name, default_branch, html_url, private, seen_at"
    };
}
pub(super) use repo_columns;

async fn put_installation(conn: Conn<'_>, row: &InstallationRow) -> Result<()> {
    query(
        "INSERT INTO installations (id, account, permissions, suspended, removed_at) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET account = excluded.account, \
         permissions = excluded.permissions, suspended = excluded.suspended, \
         removed_at = excluded.removed_at",
    )
    .bind(row.id)
    .bind(&row.account)
    .bind(&row.permissions)
    .bind(row.suspended)
    .bind(row.removed_at)
    .execute(conn)
    .await
    .doing("putting an installation")?;
    Ok(())
}

/// By whose word a repository is put.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// GitHub's answer, or what the store itself knows.
    Answer,
    /// A payload's, which may come late: what was private stays so.
    Payload,
    /// That of the payload by which it was made public.
    Publicized,
}

/// A payload tells of a repository's installation no more than its id. What may show
/// the repository to more people than before is counted: GitHub is asked about it.
/// What hides it is taken at its word: an answer that is under way, or that lags
/// behind, must not undo it.
async fn put_repo(mut conn: Conn<'_>, row: &RepoRow, word: Word) -> Result<()> {
    let doing = "putting a repository";
    if let Some(id) = row.installation_id {
        query(
            "INSERT INTO installations (id, account, permissions) VALUES ($1, '', '{}') \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .execute(conn.on())
        .await
        .doing(doing)?;
    }
    query(
        "INSERT INTO former_names (full_name, repo_id) \
         SELECT lower(owner || '/' || name), id FROM repos WHERE id = $1 \
         AND (lower(owner) <> lower($2) OR lower(name) <> lower($3)) \
         ON CONFLICT (full_name) DO UPDATE SET repo_id = excluded.repo_id",
    )
    .bind(row.id)
    .bind(&row.owner)
    .bind(&row.name)
    .execute(conn.on())
    .await
    .doing(doing)?;
    query(
        "INSERT INTO repos (id, installation_id, owner, name, default_branch, html_url, private, \
         seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (id) DO UPDATE SET installation_id = excluded.installation_id, \
         owner = excluded.owner, name = excluded.name, default_branch = excluded.default_branch, \
         html_url = excluded.html_url, seen_at = excluded.seen_at, \
         private = CASE WHEN $9 OR NOT repos.private THEN excluded.private ELSE TRUE END, \
         told = repos.told + CASE WHEN $10 OR ($11 AND (repos.private < excluded.private \
         OR repos.installation_id IS DISTINCT FROM excluded.installation_id)) THEN 1 ELSE 0 END, \
         asked = CASE WHEN $11 AND repos.private < excluded.private THEN repos.told + 1 \
         ELSE repos.asked END",
    )
    .bind(row.id)
    .bind(row.installation_id)
    .bind(&row.owner)
    .bind(&row.name)
    .bind(&row.default_branch)
    .bind(&row.html_url)
    .bind(row.private)
    .bind(row.seen_at)
    .bind(word != Word::Payload)
    .bind(word == Word::Publicized)
    .bind(word == Word::Payload)
    .execute(conn)
    .await
    .doing(doing)?;
    Ok(())
}

/// Its repositories stay, for their cases; nothing reaches them any more.
async fn remove_installation(mut conn: Conn<'_>, id: i64, now: Millis) -> Result<()> {
    let doing = "removing an installation";
    query("UPDATE repos SET installation_id = NULL WHERE installation_id = $1")
        .bind(id)
        .execute(conn.on())
        .await
        .doing(doing)?;
    query("UPDATE installations SET removed_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await
        .doing(doing)?;
    Ok(())
}

async fn repo(conn: Conn<'_>, id: i64) -> Result<Option<RepoRow>> {
    query_as(concat!(
        "SELECT ",
        repo_columns!(),
        " FROM repos WHERE id = $1"
    ))
    .bind(id)
    .fetch_optional(conn)
    .await
    .doing("reading a repository")
}

async fn installation(conn: Conn<'_>, id: i64) -> Result<Option<InstallationRow>> {
    query_as(
        "SELECT id, account, permissions, suspended, removed_at FROM installations WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
    .doing("reading an installation")
}

impl Store {
    /// Writes what is known of an installation.
    pub async fn put_installation(&self, row: &InstallationRow) -> Result<()> {
        let doing = "putting an installation";
        let mut alone = self.write(doing).await?;
        put_installation(alone.on(), row).await?;
        alone.done().await.doing(doing)
    }

    /// Writes what is known of a repository; its installation need not have been
    /// put before.
    pub async fn put_repo(&self, row: &RepoRow) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.put_repo(row).await?;
        tx.commit().await
    }

    /// A repository by its id.
    pub async fn repo(&self, id: i64) -> Result<Option<RepoRow>> {
        repo(self.read().await?.on(), id).await
    }

    /// The repository that bears the name now; names differ by more than case.
    pub async fn repo_by_name(&self, owner: &str, name: &str) -> Result<Option<RepoRow>> {
        // An old bearer of the name may not have been heard of since.
        query_as(concat!(
            "SELECT ",
            repo_columns!(),
            " FROM repos WHERE lower(owner) = lower($1) AND lower(name) = lower($2) \
             ORDER BY seen_at DESC, id DESC LIMIT 1"
        ))
        .bind(owner)
        .bind(name)
        .fetch_optional(self.read().await?.on())
        .await
        .doing("reading a repository by its name")
    }

    /// The repository that bore the name last, where none bears it now.
    pub async fn repo_by_former_name(&self, owner: &str, name: &str) -> Result<Option<RepoRow>> {
        query_as(concat!(
            "SELECT ",
            repo_columns!(),
            " FROM repos WHERE id = (SELECT repo_id FROM former_names \
             WHERE full_name = lower($1 || '/' || $2))"
        ))
        .bind(owner)
        .bind(name)
        .fetch_optional(self.read().await?.on())
        .await
        .doing("reading a repository by a former name")
    }

    /// All repositories that an installation reaches.
    pub async fn repos(&self) -> Result<Vec<RepoRow>> {
        query_as(concat!(
            "SELECT ",
            repo_columns!(),
            " FROM repos WHERE installation_id IS NOT NULL ORDER BY id"
        ))
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the repositories")
    }

    /// An installation by its id.
    pub async fn installation(&self, id: i64) -> Result<Option<InstallationRow>> {
        installation(self.read().await?.on(), id).await
    }

    /// All installations that were not removed.
    pub async fn installations(&self) -> Result<Vec<InstallationRow>> {
        query_as(
            "SELECT id, account, permissions, suspended, removed_at FROM installations \
             WHERE removed_at IS NULL ORDER BY id",
        )
        .fetch_all(self.read().await?.on())
        .await
        .doing("reading the installations")
    }
}

impl Tx {
    /// Writes what is known of an installation.
    pub async fn put_installation(&mut self, row: &InstallationRow) -> Result<()> {
        put_installation(self.conn(), row).await
    }

    /// The installation was removed: it reaches no repository any more.
    pub async fn remove_installation(&mut self, id: i64, now: Millis) -> Result<()> {
        remove_installation(self.conn(), id, now).await
    }

    /// Writes what is known of a repository; its installation need not have been
    /// put before.
    pub async fn put_repo(&mut self, row: &RepoRow) -> Result<()> {
        put_repo(self.conn(), row, Word::Answer).await
    }

    /// The same from a payload, which tells how it was when it was sent: what is
    /// known to be private stays so unless this very delivery made it public. Whatever
    /// shows it to more people waits for GitHub's own answer, see [`Store::unasked`].
    pub async fn heard_of_repo(&mut self, row: &RepoRow, publicized: bool) -> Result<()> {
        let word = match publicized {
            true => Word::Publicized,
            false => Word::Payload,
        };
        put_repo(self.conn(), row, word).await
    }

    /// The labels that start a hotfix in a repository, JSON, as its
    /// configuration was last read; none while that is not known.
    pub async fn trigger_labels(&mut self, id: i64) -> Result<Option<String>> {
        let found: Option<Option<String>> =
            query_scalar("SELECT trigger_labels FROM repos WHERE id = $1")
                .bind(id)
                .fetch_optional(self.conn())
                .await
                .doing("reading a repository's labels")?;
        Ok(found.flatten())
    }

    /// Remembers those labels, or that they are not known any more.
    pub async fn set_trigger_labels(&mut self, id: i64, labels: Option<&str>) -> Result<()> {
        query("UPDATE repos SET trigger_labels = $2 WHERE id = $1")
            .bind(id)
            .bind(labels)
            .execute(self.conn())
            .await
            .doing("remembering a repository's labels")?;
        match labels.and_then(|json| serde_json::from_str(json).ok()) {
            Some(labels) => self.gone(Gone::Labels { repo: id, labels }),
            None => self.index().forget_labels(id),
        }
        Ok(())
    }

    /// The repositories that the installation reaches.
    pub async fn repos_of(&mut self, installation: i64) -> Result<Vec<i64>> {
        query_scalar("SELECT id FROM repos WHERE installation_id = $1 ORDER BY id")
            .bind(installation)
            .fetch_all(self.conn())
            .await
            .doing("reading an installation's repositories")
    }

    /// The installation reaches the repository no more.
    pub async fn remove_repo(&mut self, id: i64) -> Result<()> {
        query("UPDATE repos SET installation_id = NULL WHERE id = $1")
            .bind(id)
            .execute(self.conn())
            .await
            .doing("removing a repository")?;
        Ok(())
    }

    /// A repository by its id.
    pub async fn repo(&mut self, id: i64) -> Result<Option<RepoRow>> {
        repo(self.conn(), id).await
    }

    /// An installation by its id.
    pub async fn installation(&mut self, id: i64) -> Result<Option<InstallationRow>> {
        installation(self.conn(), id).await
    }
}
