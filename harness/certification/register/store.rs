//! Reading and adding events.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row as _, Sqlite, SqlitePool, Transaction};

use super::{chain, migrations};
use crate::harness::certification::StatusLine;
use crate::harness::certification::life::{Certification, Event, Refused, Step};
use crate::vendors::vocabulary::{Clock, Instant};

/// How long one process waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The certifications of an issuer, on a clock.
pub struct Register {
    pool: SqlitePool,
    clock: Clock,
}

/// A certification with everything that happened to it.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// What it has come to.
    pub certification: Certification,
    /// The events, the oldest first.
    pub events: Vec<Event>,
}

/// Why a register does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The step is not possible.
    #[error("{why}")]
    Refused {
        /// Why.
        why: Refused,
        /// The steps that are possible now.
        possible: Vec<&'static str>,
    },
    /// No such certification.
    #[error("the register has no certification {0}")]
    Unknown(String),
    /// It is there already.
    #[error("the certification {0} was begun already")]
    Begun(String),
    /// There is no register, and nothing that would make one.
    #[error("there is no register at {}", .0.display())]
    NoRegister(PathBuf),
    /// The history was edited by other means.
    #[error("the history of {certification} was tampered with at its step {place}")]
    Tampered {
        /// Which certification.
        certification: String,
        /// The step, from 1.
        place: usize,
    },
    /// The database.
    #[error("the register cannot be used: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables cannot be made, or are those of a later version.
    #[error("the register cannot be used: {0}")]
    Tables(#[from] MigrateError),
    /// An event cannot be written.
    #[error("the event cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl Register {
    /// Opens a register, and makes it where there is none.
    pub async fn open(path: &Path, clock: Clock) -> Result<Self, RegisterError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        migrations::run(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Self { pool, clock })
    }

    /// Opens a register that is there.
    pub async fn existing(path: &Path, clock: Clock) -> Result<Self, RegisterError> {
        match path.is_file() {
            true => Self::open(path, clock).await,
            false => Err(RegisterError::NoRegister(path.to_owned())),
        }
    }

    /// What the register's clock says.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Begins a certification.
    pub async fn begin(
        &self,
        programme: &str,
        subject: &str,
        actor: &str,
        reason: &str,
    ) -> Result<History, RegisterError> {
        let refused = |why| RegisterError::Refused { why, possible: vec!["prepare"] };
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let event = Event::new(self.clock.now(), actor, reason, Step::Prepare).map_err(refused)?;
        let certification = Certification::begin(programme, subject, &event).map_err(refused)?;
        let id = certification.id();
        if stored(&mut transaction, &id).await?.is_some() {
            return Err(RegisterError::Begun(id));
        }
        sqlx::query("INSERT INTO certification (id, programme, subject) VALUES (?, ?, ?)")
            .bind(&id)
            .bind(programme)
            .bind(subject)
            .execute(&mut *transaction)
            .await?;
        add(&mut transaction, &id, 0, "", &event).await?;
        transaction.commit().await?;
        Ok(History { certification, events: vec![event] })
    }

    /// Adds a step to a certification. What the step is may depend on how the
    /// certification stands and on the time; it is asked for within the
    /// transaction that adds it.
    pub async fn act(
        &self,
        id: &str,
        actor: &str,
        reason: &str,
        step: impl FnOnce(&Certification, Instant) -> Result<Step, Refused>,
    ) -> Result<History, RegisterError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let found = stored(&mut transaction, id).await?;
        let Some((mut history, last)) = found else { return Err(RegisterError::Unknown(id.to_owned())) };
        let now = self.clock.now();
        let possible = history.certification.possible(now);
        let refused = |why| RegisterError::Refused { why, possible };
        let made = step(&history.certification, now).and_then(|step| Event::new(now, actor, reason, step));
        let next = made.and_then(|event| Ok((history.certification.clone().apply(&event)?, event)));
        let (certification, event) = next.map_err(refused)?;
        add(&mut transaction, id, history.events.len(), &last, &event).await?;
        transaction.commit().await?;
        history.certification = certification;
        history.events.push(event);
        Ok(history)
    }

    /// One certification.
    pub async fn read(&self, id: &str) -> Result<History, RegisterError> {
        let mut transaction = self.pool.begin().await?;
        let found = stored(&mut transaction, id).await?;
        found.map(|(history, _)| history).ok_or_else(|| RegisterError::Unknown(id.to_owned()))
    }

    /// Every certification, by its id.
    pub async fn all(&self) -> Result<Vec<History>, RegisterError> {
        let mut transaction = self.pool.begin().await?;
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM certification ORDER BY id")
            .fetch_all(&mut *transaction)
            .await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let found = stored(&mut transaction, &id).await?;
            all.push(found.map(|(history, _)| history).ok_or(RegisterError::Unknown(id))?);
        }
        Ok(all)
    }

    /// How every certificate stands, for the status list.
    pub async fn standings(&self) -> Result<Vec<StatusLine>, RegisterError> {
        let all = self.all().await?;
        Ok(all.iter().flat_map(|history| history.certification.standings()).collect())
    }
}

/// A certification with its history and the digest of its last event, each event
/// held against the chain and against the rules once more.
async fn stored(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
) -> Result<Option<(History, String)>, RegisterError> {
    let known = sqlx::query("SELECT programme, subject FROM certification WHERE id = ?").bind(id);
    let Some(known) = known.fetch_optional(&mut **transaction).await? else { return Ok(None) };
    let (programme, subject): (String, String) = (known.try_get(0)?, known.try_get(1)?);
    let rows = sqlx::query("SELECT place, event, digest FROM event WHERE certification = ? ORDER BY place");
    let rows = rows.bind(id).fetch_all(&mut **transaction).await?;
    let tampered = |place: usize| RegisterError::Tampered { certification: id.to_owned(), place: place + 1 };
    let (mut events, mut certification, mut last) = (Vec::new(), None, String::new());
    for (place, row) in rows.iter().enumerate() {
        let (number, text, digest): (i64, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if usize::try_from(number) != Ok(place) || digest != chain::digest(id, place, &last, &text) {
            return Err(tampered(place));
        }
        let event: Event = serde_json::from_str(&text).map_err(|_| tampered(place))?;
        let next = match certification {
            None => Certification::begin(&programme, &subject, &event),
            Some(before) => Certification::apply(before, &event),
        };
        certification = Some(next.map_err(|_| tampered(place))?);
        events.push(event);
        last = digest;
    }
    let certification = certification.filter(|one| one.id() == id).ok_or_else(|| tampered(0))?;
    Ok(Some((History { certification, events }, last)))
}

async fn add(
    transaction: &mut Transaction<'_, Sqlite>,
    id: &str,
    place: usize,
    before: &str,
    event: &Event,
) -> Result<(), RegisterError> {
    let text = serde_json::to_string(event)?;
    let digest = chain::digest(id, place, before, &text);
    sqlx::query("INSERT INTO event (certification, place, event, digest) VALUES (?, ?, ?, ?)")
        .bind(id)
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .bind(text)
        .bind(digest)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
