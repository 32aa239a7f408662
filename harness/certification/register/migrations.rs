//! The tables, in the versions in which they came to be. A version that was
//! published is never changed; a new one is added.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Sqlite, Transaction};

/// Brings the tables to the newest version, within a transaction that holds the
/// write lock: of two processes that come at once, the second finds all done.
pub(super) async fn run(transaction: &mut Transaction<'_, Sqlite>) -> Result<(), MigrateError> {
    let migration = |version, name: &'static str, text: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    let all = vec![migration(1, "certifications", include_str!("0001_certifications.sql"))];
    Migrator::with_migrations(all).run(&mut **transaction).await
}
