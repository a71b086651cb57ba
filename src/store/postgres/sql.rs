//! The statements that are not the same on both databases.

/// The database's size, bytes.
pub(in crate::store) const SIZE: &str = "SELECT pg_database_size(current_database())";

/// The open cases, in one row.
pub(in crate::store) const OPEN_CASES: &str = "SELECT CAST(COALESCE(json_agg(json_build_array(repo_id, issue, id)), '[]') AS TEXT) \
     FROM cases WHERE over_at IS NULL";

/// What is claimed, in one row.
pub(in crate::store) const CLAIMS: &str = "SELECT CAST(COALESCE(json_agg(json_build_array(repo_id, kind, value, case_id)), '[]') AS TEXT) \
     FROM claims WHERE freed_at IS NULL";

/// Whether the tables are there.
pub(in crate::store) const HAS_TABLES: &str =
    "SELECT to_regclass('cases') IS NOT NULL AND to_regclass('meta') IS NOT NULL";

/// Whether there is a table of cases, and one of migrations.
pub(in crate::store) const CASES_AND_MIGRATIONS: &str =
    "SELECT to_regclass('cases') IS NOT NULL, to_regclass('_sqlx_migrations') IS NOT NULL";

/// Lets a table number its rows on from the last that was put into it.
pub(in crate::store) fn number_on(table: &str) -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table} \
         HAVING MAX(id) IS NOT NULL"
    )
}
