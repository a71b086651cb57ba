//! Everything that is remembered. The only place with sqlx.
