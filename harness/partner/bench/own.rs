//! Our own integration on the bench: opened over a folder that ends with the
//! run, closed and opened again where its system is restarted.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tokio::sync::Mutex;

use crate::harness::integration::inlet::{Gaps, MailServer};
use crate::harness::partner::driver::{Done, DriverError, Number};
use crate::harness::partner::folder::Folder;
use crate::harness::partner::own::{Customer, FrontOffice, MailRoute, OfficeError, OfficeOptions};
use crate::vendors::partner::{Booking, Change};
use crate::vendors::vocabulary::{Clock, Secret};

/// Whom the office writes to support as.
const DESK: &str = "Front office <desk@own-integration.example>";

/// Who runs the office and is told of critical issues.
const OPERATOR: &str = "operator@own-integration.example";

/// How long a stay is remembered: longer than any access that Inlet grants, so
/// that no scenario outlives what it booked.
const REMEMBERS: Duration = Duration::from_secs(2 * 367 * 86_400);

/// How our own integration is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// How long it waits between attempts.
    pub gaps: Gaps,
    /// Whether it knows where support is told.
    pub tells_support: bool,
}

impl Default for Manner {
    /// As it should be.
    fn default() -> Self {
        Self { gaps: Gaps::ByTheRule, tells_support: true }
    }
}

/// What is around it.
pub(super) struct Around<'a> {
    pub inlet: String,
    pub authority: Option<&'a str>,
    pub tokens: &'a [Secret],
    pub doors: &'a [Vec<String>],
    pub smtp: SocketAddr,
    pub support: &'a str,
    pub clock: &'a Clock,
    pub seed: u64,
}

/// Our own integration.
pub struct Own {
    options: OfficeOptions,
    /// Nothing where it could not be opened again.
    office: Mutex<Option<FrontOffice>>,
    /// Ends with the run.
    _folder: Folder,
}

impl Own {
    /// Opens it. Errors are a sentence for people.
    pub(super) async fn open(manner: Manner, around: Around<'_>) -> Result<Self, String> {
        let folder =
            Folder::in_memory().map_err(|why| format!("no folder for our own integration: {why}"))?;
        let named = |(nth, (token, locks)): (usize, (&Secret, &Vec<String>))| Customer {
            name: format!("customer-{}", nth + 1),
            token: token.clone(),
            locks: locks.clone(),
        };
        let server = MailServer::trusted(around.smtp.ip().to_string(), around.smtp.port());
        let route = |to: &str| MailRoute { server: server.clone(), from: DESK.to_owned(), to: to.to_owned() };
        let options = OfficeOptions {
            inlet: around.inlet,
            authority: around.authority.map(str::to_owned),
            customers: around.tokens.iter().zip(around.doors).enumerate().map(named).collect(),
            support: manner.tells_support.then(|| route(around.support)),
            operator: Some(route(OPERATOR)),
            monitoring: None,
            gaps: manner.gaps,
            // Time is moved by whoever judges, and by nobody who is judged.
            remembers: REMEMBERS,
            clock: around.clock.following(),
            folder: folder.path().to_owned(),
            seed: around.seed,
        };
        let office = FrontOffice::open(&options).await.map_err(|why| why.to_string())?;
        Ok(Self { options, office: Mutex::new(Some(office)), _folder: folder })
    }

    pub(super) async fn book(&self, booking: &Booking) -> Result<Done, DriverError> {
        let office = self.office.lock().await;
        done(opened(&office)?.book(booking).await.map(|number| Done::taken(Number(json!(number)))))
    }

    pub(super) async fn change(&self, number: &Number, change: &Change) -> Result<Done, DriverError> {
        let office = self.office.lock().await;
        let changed = opened(&office)?.change(plain(number)?, change).await;
        done(changed.map(|()| Done::taken(number.clone())))
    }

    pub(super) async fn cancel(&self, number: &Number) -> Result<Done, DriverError> {
        let office = self.office.lock().await;
        let cancelled = opened(&office)?.cancel(plain(number)?).await;
        done(cancelled.map(|()| Done::taken(number.clone())))
    }

    pub(super) async fn show(&self, number: &Number) -> Result<Done, DriverError> {
        let office = self.office.lock().await;
        let shown = opened(&office)?.show(plain(number)?).await;
        done(shown.map(|shown| Done::Taken {
            number: number.clone(),
            code: shown.code,
            flagged: shown.attention.is_some(),
        }))
    }

    pub(super) async fn log(&self) -> Result<String, DriverError> {
        let office = self.office.lock().await;
        opened(&office)?.log().await.map_err(|why| DriverError(why.to_string()))
    }

    pub(super) async fn restart(&self) -> Result<(), DriverError> {
        let mut office = self.office.lock().await;
        if let Some(before) = office.take() {
            before.close().await;
        }
        let after = FrontOffice::open(&self.options).await;
        *office = Some(after.map_err(|why| DriverError(why.to_string()))?);
        Ok(())
    }
}

fn opened(office: &Option<FrontOffice>) -> Result<&FrontOffice, DriverError> {
    office.as_ref().ok_or_else(|| DriverError("it could not be opened again".to_owned()))
}

/// What the form refuses is its right; what the office cannot do is no judgement.
fn done(outcome: Result<Done, OfficeError>) -> Result<Done, DriverError> {
    match outcome {
        Ok(done) => Ok(done),
        Err(OfficeError::Refused(why)) => Ok(Done::Refused(why)),
        Err(why) => Err(DriverError(why.to_string())),
    }
}

/// The number as the office gave it.
fn plain(number: &Number) -> Result<u64, DriverError> {
    number.0.as_u64().ok_or_else(|| DriverError("that is no number of a booking".to_owned()))
}
