//! A database with many open cases.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection};

/// Facts as they stand in a store, of a case that waits for people.
const FACTS: &str = include_str!("../../tests/data/facts/v1/assess-asked.json");

/// Puts so many cases into a database that a server has made, and with each a
/// delivery that was worked off.
pub async fn fill(database: &Path, cases: i64) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut conn = SqliteConnection::connect_with(&options)
        .await
        .expect("the file");
    let facts: serde_json::Value = serde_json::from_str(FACTS).expect("a fixture");
    let facts = &facts["facts"];
    let schema = facts["schema"].as_i64().expect("a schema");
    let steps = [
        "INSERT INTO repos (id, owner, name, default_branch, html_url, private, seen_at, \
         trigger_labels) VALUES (1002, 'harbour', 'lantern', 'main', '', 0, 0, '[\"P0\"]')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         INSERT INTO cases (id, repo_id, issue, facts, schema, rev, phase, opened_at) \
         SELECT i, 1002, i, json_set($2, '$.case', i, '$.number', i), $3, 1, 'assess', 0 FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         INSERT INTO seen (id, key, said, received_at) \
         SELECT i, randomblob(16), randomblob(16), unixepoch() * 1000 FROM n",
    ];
    for step in steps {
        sqlx::query(step)
            .bind(cases)
            .bind(facts.to_string())
            .bind(schema)
            .execute(&mut conn)
            .await
            .expect("rows");
    }
    conn.close().await.expect("it closes");
}
