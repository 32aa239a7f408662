//! What must survive a restart, in one SQLite file for its owner only.
//!
//! The file holds personal data, because what is repeated must be repeated
//! with the same content. One process has it at a time: two that sent the same
//! booking would make two accesses.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Row, SqlSafeStr, Sqlite, SqliteExecutor, Transaction};

use super::alert::{Alert, AlertKind};
use super::booking::BookingId;
use super::record::{Line, Record};
use super::under_way;
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::{Clock, ExchangeGuard, Instant};

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database refuses.
    #[error("the ledger cannot be used: {0}")]
    Database(#[from] sqlx::Error),
    /// It is of another version.
    #[error("the ledger cannot be brought to this version: {0}")]
    Version(#[from] sqlx::migrate::MigrateError),
    /// The file cannot be made.
    #[error("the ledger's file cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// What is kept cannot be read.
    #[error("booking {booking} in the ledger cannot be read: {why}")]
    Unreadable {
        /// Which one.
        booking: String,
        /// What is wrong with it.
        why: String,
    },
}

/// One line of the log. It holds nothing personal and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub at: Instant,
    /// The booking that it is about.
    pub booking: Option<String>,
    /// What happened.
    pub told: String,
}

/// The state of every booking, on disk.
pub struct Ledger {
    pool: SqlitePool,
    clock: Clock,
    /// Why calls have stopped, with the digest of the refused token: as it stands
    /// in the file, which nobody else writes.
    stop: Mutex<Option<(String, String)>>,
}

/// A booking with something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub id: BookingId,
    /// Whether support is to be told.
    pub mail: bool,
}

impl Ledger {
    /// Opens the ledger of a file, which is made where there is none.
    ///
    /// # Errors
    /// Where the file cannot be made, is no ledger, or is in use by another process.
    pub async fn open(path: &Path, clock: Clock) -> Result<Self, LedgerError> {
        for_the_owner_only(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .locking_mode(SqliteLockingMode::Exclusive)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        // One connection: whatever reads and then writes does so alone.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        migrations().run(&pool).await?;
        let stop = sqlx::query("SELECT token, why FROM stop").fetch_optional(&pool).await?;
        let stop = stop.map(|row| Ok::<_, sqlx::Error>((row.try_get("token")?, row.try_get("why")?)));
        Ok(Self { pool, clock, stop: Mutex::new(stop.transpose()?) })
    }

    /// Lets nothing be written, or lets it again.
    #[cfg(test)]
    pub(super) async fn write_protect(&self, on: bool) {
        let pragma = if on { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" };
        sqlx::query(pragma).execute(&self.pool).await.map(drop).unwrap_or_default();
    }

    /// Lets the file go.
    pub async fn close(&self) {
        let _at_work = self.at_work();
        self.pool.close().await;
    }

    /// Time that is moved by hand stands still while the disk is at work.
    fn at_work(&self) -> ExchangeGuard {
        self.clock.begin(under_way::name("ledger"))
    }

    /// One booking.
    pub(super) async fn record(&self, id: &BookingId) -> Result<Option<Record>, LedgerError> {
        let _at_work = self.at_work();
        load(&self.pool, id).await
    }

    /// Changes one booking, which is made where there is none, and tells of it.
    /// Nobody sees it in between.
    pub(super) async fn change<T>(
        &self,
        id: &BookingId,
        change: impl FnOnce(&mut Record) -> (T, Option<String>) + Send,
    ) -> Result<T, LedgerError> {
        let _at_work = self.at_work();
        let mut transaction = self.pool.begin().await?;
        let mut record = load(&mut *transaction, id).await?.unwrap_or_else(|| Record::new(id.clone()));
        let (told, event) = change(&mut record);
        save(&mut transaction, &record).await?;
        if let Some(event) = event {
            tell(&mut transaction, self.clock.now(), Some(id), &event).await?;
        }
        transaction.commit().await?;
        Ok(told)
    }

    /// The bookings with something to do at an instant, calls and messages to
    /// support; only the latter where calls have stopped. Of each of the two it is
    /// the first `most`, for thousands may be due while few can be under way.
    pub(super) async fn due(&self, now: Instant, calls: bool, most: usize) -> Result<Vec<Due>, LedgerError> {
        let _at_work = self.at_work();
        let rows = sqlx::query(include_str!("due.sql"))
            .bind(now.epoch_ms())
            .bind(calls)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(Due { id: id_of(row)?, mail: row.try_get("mail")? })).collect()
    }

    /// When there is something to do after an instant.
    pub(super) async fn next(&self, now: Instant, calls: bool) -> Result<Option<Instant>, LedgerError> {
        let _at_work = self.at_work();
        let next: Option<i64> = sqlx::query_scalar(
            "SELECT min(at) FROM (SELECT min(due_at) AS at FROM booking WHERE due_at > ?1 AND ?2 \
             UNION ALL SELECT min(escalate_at) FROM booking WHERE escalate_at > ?1)",
        )
        .bind(now.epoch_ms())
        .bind(calls)
        .fetch_one(&self.pool)
        .await?;
        Ok(next.map(Instant::from_epoch_ms))
    }

    /// Forgets the bookings whose access was over before an instant.
    pub(super) async fn forget_over(&self, before: Instant) -> Result<u64, LedgerError> {
        let _at_work = self.at_work();
        let gone = sqlx::query("DELETE FROM booking WHERE over_at < ?1 AND in_flight = 0");
        Ok(gone.bind(before.epoch_ms()).execute(&self.pool).await?.rows_affected())
    }

    /// The bookings whose latest attempt has no outcome.
    pub(super) async fn in_flight(&self) -> Result<Vec<BookingId>, LedgerError> {
        self.ids("SELECT id FROM booking WHERE in_flight = 1 ORDER BY id").await
    }

    /// The bookings that wait for somebody to change them.
    pub(super) async fn stuck(&self) -> Result<Vec<BookingId>, LedgerError> {
        self.ids("SELECT id FROM booking WHERE stuck IS NOT NULL ORDER BY id").await
    }

    async fn ids(&self, query: &'static str) -> Result<Vec<BookingId>, LedgerError> {
        let _at_work = self.at_work();
        let rows = sqlx::query(query).fetch_all(&self.pool).await?;
        rows.iter().map(id_of).collect()
    }

    /// Tells the log of something about all bookings.
    pub(super) async fn tell(&self, told: &str) -> Result<(), LedgerError> {
        let _at_work = self.at_work();
        let mut transaction = self.pool.begin().await?;
        tell(&mut transaction, self.clock.now(), None, told).await?;
        Ok(transaction.commit().await?)
    }

    /// The log, oldest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub async fn log(&self) -> Result<Vec<Event>, LedgerError> {
        let _at_work = self.at_work();
        let rows =
            sqlx::query("SELECT at, booking, told FROM event ORDER BY nth").fetch_all(&self.pool).await?;
        let event = |row: &SqliteRow| -> Result<Event, sqlx::Error> {
            let at = Instant::from_epoch_ms(row.try_get("at")?);
            Ok(Event { at, booking: row.try_get("booking")?, told: row.try_get("told")? })
        };
        Ok(rows.iter().map(event).collect::<Result<_, _>>()?)
    }

    /// The critical issues that stood when it was last written, and whether the
    /// operator was told of each.
    pub(super) async fn alerts(&self) -> Result<Vec<(Alert, bool)>, LedgerError> {
        let _at_work = self.at_work();
        let rows =
            sqlx::query("SELECT kind, booking, at, why, told FROM alert").fetch_all(&self.pool).await?;
        let mut alerts = Vec::new();
        for row in &rows {
            let (kind, booking): (String, String) = (row.try_get("kind")?, row.try_get("booking")?);
            let Some(kind) = AlertKind::parse(&kind) else {
                let why = format!("there is no kind of alert `{kind}`");
                return Err(LedgerError::Unreadable { booking, why });
            };
            let at = Instant::from_epoch_ms(row.try_get("at")?);
            let booking = BookingId::new(&booking).ok();
            alerts.push((Alert { kind, at, booking, why: row.try_get("why")? }, row.try_get("told")?));
        }
        Ok(alerts)
    }

    /// Keeps a critical issue, and whether the operator was told of it.
    pub(super) async fn keep_alert(&self, alert: &Alert, told: bool) -> Result<(), LedgerError> {
        let _at_work = self.at_work();
        sqlx::query(
            "INSERT OR REPLACE INTO alert (kind, booking, at, why, told) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .bind(alert.kind.as_str())
        .bind(alert.booking.as_ref().map_or("", BookingId::as_str))
        .bind(alert.at.epoch_ms())
        .bind(alert.why.as_str())
        .bind(told)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Forgets a critical issue that is over; `None` forgets all of the kind.
    pub(super) async fn drop_alert(
        &self,
        kind: AlertKind,
        booking: Option<&BookingId>,
    ) -> Result<(), LedgerError> {
        let _at_work = self.at_work();
        sqlx::query("DELETE FROM alert WHERE kind = ?1 AND (?2 IS NULL OR booking = ?2)")
            .bind(kind.as_str())
            .bind(booking.map(BookingId::as_str))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Why calls have stopped, where they have for the token of this digest.
    pub(super) fn stopped(&self, token: &str) -> Option<String> {
        let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        stop.as_ref().filter(|(refused, _)| refused == token).map(|(_, why)| why.clone())
    }

    /// Stops calls with the token of this digest: at once, and for whoever opens the
    /// ledger next.
    pub(super) async fn stop(&self, token: &str, why: &str) -> Result<(), LedgerError> {
        let _at_work = self.at_work();
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.to_owned(), why.to_owned()));
        sqlx::query("INSERT OR REPLACE INTO stop (only, token, why) VALUES (1, ?1, ?2)")
            .bind(token)
            .bind(why)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn migrations() -> Migrator {
    let step = |version, what, sql: &'static str| {
        let sql = AssertSqlSafe(sql).into_sql_str();
        Migration::new(version, Cow::Borrowed(what), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(vec![
        step(1, "bookings, log, stop", include_str!("ledger.sql")),
        step(2, "critical issues", include_str!("alerts.sql")),
    ])
}

/// Makes the file readable by its owner alone before anything stands in it.
fn for_the_owner_only(path: &Path) -> Result<(), std::io::Error> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

fn id_of(row: &SqliteRow) -> Result<BookingId, LedgerError> {
    let id: String = row.try_get("id")?;
    BookingId::new(&id).map_err(|fault| LedgerError::Unreadable { booking: id, why: fault.to_string() })
}

async fn tell(
    transaction: &mut Transaction<'_, Sqlite>,
    at: Instant,
    booking: Option<&BookingId>,
    told: &str,
) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO event (at, booking, told) VALUES (?1, ?2, ?3)")
        .bind(at.epoch_ms())
        .bind(booking.map(BookingId::as_str))
        .bind(told)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn load<'e>(ledger: impl SqliteExecutor<'e>, id: &BookingId) -> Result<Option<Record>, LedgerError> {
    let row = sqlx::query("SELECT * FROM booking WHERE id = ?1").bind(id.as_str());
    row.fetch_optional(ledger).await?.map(|row| read(id, &row)).transpose()
}

fn read(id: &BookingId, row: &SqliteRow) -> Result<Record, LedgerError> {
    let unreadable = |why: String| LedgerError::Unreadable { booking: id.to_string(), why };
    let instant = |name: &str| -> Result<Option<Instant>, sqlx::Error> {
        Ok(row.try_get::<Option<i64>, _>(name)?.map(Instant::from_epoch_ms))
    };
    let json = |name: &str| row.try_get::<Option<String>, _>(name);
    let wanted = json("wanted")?.map(|text| serde_json::from_str(&text)).transpose();
    let held = json("held")?.map(|text| serde_json::from_str(&text)).transpose();
    let line = match (json("operation")?, instant("first_at")?, instant("started_at")?) {
        (Some(operation), Some(first), Some(started)) => Some(Line {
            operation: Operation::parse(&operation)
                .ok_or_else(|| unreadable(format!("there is no operation `{operation}`")))?,
            first,
            started,
            attempts: row.try_get("attempts")?,
            in_flight: row.try_get("in_flight")?,
            cut_off: row.try_get("cut_off")?,
            error: row.try_get("error")?,
        }),
        _ => None,
    };
    Ok(Record {
        id: id.clone(),
        wanted: wanted.map_err(|error| unreadable(error.to_string()))?,
        held: held.map_err(|error| unreadable(error.to_string()))?,
        line,
        stuck: row.try_get("stuck")?,
        due: instant("due_at")?,
        escalate: instant("escalate_at")?,
        escalated: instant("escalated_at")?,
    })
}

async fn save(transaction: &mut Transaction<'_, Sqlite>, record: &Record) -> Result<(), LedgerError> {
    let unwritable = |error: serde_json::Error| LedgerError::Unreadable {
        booking: record.id.to_string(),
        why: error.to_string(),
    };
    let wanted = record.wanted.as_ref().map(serde_json::to_string).transpose().map_err(unwritable)?;
    let held = record.held.as_ref().map(serde_json::to_string).transpose().map_err(unwritable)?;
    let line = record.line.as_ref();
    let ms = |at: Option<Instant>| at.map(Instant::epoch_ms);
    sqlx::query(
        "INSERT OR REPLACE INTO booking (id, wanted, held, operation, first_at, started_at, attempts, in_flight, \
         cut_off, error, stuck, due_at, escalate_at, escalated_at, over_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )
    .bind(record.id.as_str())
    .bind(wanted)
    .bind(held)
    .bind(line.map(|line| line.operation.as_str()))
    .bind(ms(line.map(|line| line.first)))
    .bind(ms(line.map(|line| line.started)))
    .bind(line.map_or(0, |line| line.attempts))
    .bind(line.is_some_and(|line| line.in_flight))
    .bind(line.map_or(0, |line| line.cut_off))
    .bind(line.map_or("", |line| line.error.as_str()))
    .bind(record.stuck.as_deref())
    .bind(ms(record.due))
    .bind(ms(record.escalate))
    .bind(ms(record.escalated))
    .bind(ms(record.over_at()))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
