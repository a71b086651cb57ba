//! Whom a delivery may concern, asked of the database: only the server that leads
//! knows what it just began, and a delivery may come to any.

use sqlx::PgConnection;

use crate::store::error::{Doing as _, Result};
use crate::store::index::Held;

/// Each as JSON.
type Concerned = (String, String, Option<String>, String, String);

/// What stands in one repository, in one look.
pub(in crate::store) async fn concerned(conn: &mut PgConnection, repo: i64) -> Result<Held> {
    let doing = "reading whom a delivery may concern";
    let (cases, claims, labels, opening, proposals): Concerned = sqlx::query_as(
        "SELECT (SELECT CAST(COALESCE(json_agg(json_build_array(repo_id, issue, id)), '[]') \
             AS TEXT) FROM cases WHERE repo_id = $1 AND over_at IS NULL), \
             (SELECT CAST(COALESCE(json_agg(json_build_array(repo_id, kind, value, case_id)), \
             '[]') AS TEXT) FROM claims WHERE repo_id = $1 AND freed_at IS NULL), \
             (SELECT trigger_labels FROM repos WHERE id = $1), \
             (SELECT CAST(COALESCE(json_agg(json_build_array(repo_id, opens)), '[]') AS TEXT) \
             FROM (SELECT repo_id, opens FROM inbox WHERE repo_id = $1 AND opens IS NOT NULL \
             UNION ALL SELECT repo_id, opens FROM set_aside \
             WHERE repo_id = $1 AND opens IS NOT NULL) AS waiting), \
             (SELECT CAST(COALESCE(json_agg(json_build_array(repo_id, pull)), '[]') AS TEXT) \
             FROM config_checks WHERE repo_id = $1 AND pull <> 0)",
    )
    .bind(repo)
    .fetch_one(conn)
    .await
    .doing(doing)?;
    let odd = |e: serde_json::Error| sqlx::Error::Decode(e.into());
    Ok(Held {
        cases: serde_json::from_str(&cases).map_err(odd).doing(doing)?,
        claims: serde_json::from_str(&claims).map_err(odd).doing(doing)?,
        labels: labels.map(|json| (repo, json)).into_iter().collect(),
        opening: serde_json::from_str(&opening).map_err(odd).doing(doing)?,
        proposals: serde_json::from_str(&proposals).map_err(odd).doing(doing)?,
    })
}
