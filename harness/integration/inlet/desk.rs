//! The desk: takes bookings, and brings Inlet to what they want.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::alert::{AlertKind, Alerts, Operator};
use super::booking::{BookingId, Faults, Typed, Wanted};
use super::client::{Client, ClientError, PulseError};
use super::confirm::Confirmations;
use super::held::Held;
use super::ledger::{Event, Ledger, LedgerError};
use super::news::News;
use super::record::Record;
use super::support::Support;
use crate::harness::integration::Timeouts;
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::contact::{Ambiguity, FreeText};
use crate::vendors::vocabulary::{Clock, Instant, Personal, Secret};

/// How Inlet is spoken to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address of Inlet's API.
    pub base: String,
    /// The certificate (PEM) of whoever alone may vouch for Inlet's; the
    /// machine's own authorities where it is left out.
    pub authority: Option<String>,
    /// The customer's token.
    pub token: Secret,
    /// Deadlines of one call.
    pub timeouts: Timeouts,
    /// How long is waited between attempts.
    pub gaps: Gaps,
    /// Seed of the jitter between attempts.
    pub seed: u64,
    /// What becomes of times that do not exist or come twice.
    pub ambiguity: Ambiguity,
}

/// How long is waited from the start of an attempt that was cut off to the
/// start of the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// As Inlet's retry rule asks (API integration guide, 3.2 step 4), with jitter.
    #[default]
    ByTheRule,
    /// Always so long, as somebody set it; whether it keeps to the rule is theirs to know.
    Fixed(Duration),
}

/// Why the desk did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The booking is wrong; nothing was sent.
    #[error("the booking is not taken: {0}")]
    Faults(#[from] Faults),
    /// Inlet cannot be called.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Where a booking stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// What Inlet holds for it.
    pub held: Option<Held>,
    /// Whether Inlet holds what is wanted, and nothing is left to do.
    pub settled: bool,
    /// When the next attempt is due.
    pub due: Option<Instant>,
    /// Attempts at the present call, and what the latest came to.
    pub attempts: Option<(u32, String)>,
    /// Why nothing more is sent until somebody changes it.
    pub stuck: Option<String>,
    /// When support was told.
    pub escalated: Option<Instant>,
}

/// A booking system's desk for Inlet.
pub struct Desk {
    pub(super) client: Client,
    pub(super) ledger: Ledger,
    pub(super) clock: Clock,
    pub(super) gaps: Gaps,
    pub(super) seed: u64,
    ambiguity: Ambiguity,
    pub(super) support: Option<Arc<dyn Support>>,
    pub(super) operator: Option<Arc<dyn Operator>>,
    pub(super) alerts: Alerts,
    confirmations: Confirmations,
    /// Whether a call came to anything but refused credentials; until then one is
    /// made at a time, so that wrong ones are shown once.
    pub(super) accepted: AtomicBool,
    pub(super) news: News,
}

impl Desk {
    /// Opens the desk over the ledger of a file. Attempts whose outcome a
    /// restart swallowed are taken up where they were.
    ///
    /// # Errors
    /// Where the address of Inlet is no fit one, or the ledger cannot be used.
    pub async fn open(settings: Settings, ledger: &Path, clock: Clock) -> Result<Self, DeskError> {
        let Settings { base, authority, token, timeouts, gaps, seed, ambiguity } = settings;
        let client = Client::new(&base, authority.as_deref(), token, clock.clone(), timeouts)?;
        let ledger = Ledger::open(ledger, clock.clone()).await?;
        let news = News::new(clock.clone());
        let alerts = Alerts::new(clock.clone(), ledger.alerts().await?);
        let desk = Self {
            client,
            ledger,
            clock,
            gaps,
            seed,
            ambiguity,
            support: None,
            operator: None,
            alerts,
            confirmations: Confirmations::default(),
            accepted: AtomicBool::new(false),
            news,
        };
        for id in desk.ledger.in_flight().await? {
            let now = desk.clock.now();
            let recover = |record: &mut Record| {
                let attempts = record.line.as_ref().map_or(0, |line| line.attempts);
                record.recover(now, desk.gap(&id, attempts, Duration::ZERO));
                ((), Some("taken up after a restart; the latest attempt counts as cut off".to_owned()))
            };
            desk.ledger.change(&id, recover).await?;
        }
        desk.take_up_alerts().await?;
        Ok(desk)
    }

    /// The same desk that tells support of what half an hour does not bring.
    #[must_use]
    pub fn with_support(self, support: Arc<dyn Support>) -> Self {
        Self { support: Some(support), ..self }
    }

    /// The same desk that tells its operator of critical issues.
    #[must_use]
    pub fn with_operator(self, operator: Arc<dyn Operator>) -> Self {
        Self { operator: Some(operator), ..self }
    }

    /// The same desk that has contact data confirmed before it takes a booking.
    #[must_use]
    pub fn with_confirmations(self, confirmations: Confirmations) -> Self {
        Self { confirmations, ..self }
    }

    /// Takes a booking, or a change of one. It is sent when it is due.
    ///
    /// # Errors
    /// Everything that is wrong with it; nothing was kept then.
    pub async fn put(&self, id: &BookingId, typed: &Typed) -> Result<(), DeskError> {
        self.want(id, self.check(typed).await?).await
    }

    /// Holds a booking against everything that [`Desk::put`] does, and keeps
    /// nothing: for whoever takes several at once, or none of them.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub async fn check(&self, typed: &Typed) -> Result<Wanted, DeskError> {
        let wanted = typed.check(self.ambiguity)?;
        let grant = wanted.grant();
        let denied = self.confirmations.denied(grant.phone_number.as_ref(), grant.email.as_ref()).await;
        if denied.is_empty() { Ok(wanted) } else { Err(Faults(denied).into()) }
    }

    /// Takes what was checked. It is sent when it is due.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn want(&self, id: &BookingId, wanted: Wanted) -> Result<(), DeskError> {
        let wanted = wanted.named(id);
        let now = self.clock.now();
        self.changed(id, "wanted as given", |record| record.want(Some(wanted), now)).await
    }

    /// Calls a booking off.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn cancel(&self, id: &BookingId) -> Result<(), DeskError> {
        let now = self.clock.now();
        self.changed(id, "called off", |record| record.want(None, now)).await
    }

    /// Sends again what was refused or given up, unchanged: for staff who have
    /// learnt that the reason is gone.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn send_again(&self, id: &BookingId) -> Result<(), DeskError> {
        let now = self.clock.now();
        self.changed(id, "to be sent again, by hand", |record| record.send_again(now)).await
    }

    /// Changes a booking from outside, and tells the log in these words.
    async fn changed(
        &self,
        id: &BookingId,
        told: &str,
        change: impl FnOnce(&mut Record) + Send,
    ) -> Result<(), DeskError> {
        let change = |record: &mut Record| {
            change(record);
            (record.stuck.clone(), Some(told.to_owned()))
        };
        let stuck = self.noted(self.ledger.change(id, change).await)?;
        self.given_up(id, stuck.as_deref()).await;
        self.news.tell();
        Ok(())
    }

    /// Opens a door once, now. It is sent once, whatever comes of it.
    ///
    /// # Errors
    /// Why the door was not opened, or why that is not known.
    pub async fn pulse(&self, lock: &str, reference: Option<&Personal>) -> Result<(), PulseError> {
        if let Some(why) = self.stopped() {
            return Err(PulseError::Stopped(why));
        }
        let words = reference.and_then(|words| FreeText::sanitised(words.expose()).ok());
        let words = words.filter(|words| !words.is_empty()).map(|words| Personal::new(words.expose()));
        let outcome = self.client.pulse(lock, words).await;
        // What came of it is told in any case; a ledger that fails is a critical issue.
        if let Err(PulseError::Stopped(why)) = &outcome {
            let _ = self.noted(self.stop(why).await);
        }
        let told = match &outcome {
            Ok(()) => "carried out".to_owned(),
            Err(why) => why.to_string(),
        };
        let told = format!("{} at lock {lock}: {told}", Operation::GrantPulseAccess);
        let _ = self.noted(self.ledger.tell(&told).await);
        outcome
    }

    /// Where a booking stands; `None` where it is not known.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn standing(&self, id: &BookingId) -> Result<Option<Standing>, DeskError> {
        let record = self.ledger.record(id).await?;
        Ok(record.map(|record| Standing {
            settled: record.due.is_none() && record.stuck.is_none() && record.line.is_none(),
            held: record.held,
            due: record.due,
            attempts: record.line.map(|line| (line.attempts, line.error)),
            stuck: record.stuck,
            escalated: record.escalated,
        }))
    }

    /// The bookings that wait for somebody to change them.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn stuck(&self) -> Result<Vec<BookingId>, DeskError> {
        Ok(self.ledger.stuck().await?)
    }

    /// What happened, without secrets and without anything personal.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn log(&self) -> Result<Vec<Event>, DeskError> {
        Ok(self.ledger.log().await?)
    }

    /// Why calls have stopped, where they have.
    pub fn stopped(&self) -> Option<String> {
        self.ledger.stopped(&self.fingerprint())
    }

    /// Goes on with new credentials.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn renew(&self, token: Secret) -> Result<(), DeskError> {
        self.client.renew(token);
        self.accepted.store(false, Ordering::Relaxed);
        self.noted(self.ledger.tell("new credentials").await)?;
        if self.stopped().is_none() {
            self.over(AlertKind::CredentialRefused, None).await;
        }
        self.news.tell();
        Ok(())
    }

    /// Forgets the bookings whose access was over before an instant: what is not
    /// needed any more is not kept. Returns how many.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn forget_over(&self, before: Instant) -> Result<u64, DeskError> {
        let gone = self.noted(self.ledger.forget_over(before).await)?;
        self.take_up_alerts().await?;
        Ok(gone)
    }

    /// Ends the desk and lets the ledger go.
    pub async fn close(self) {
        self.ledger.close().await;
    }
}
