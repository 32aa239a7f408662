//! Telling Inlet's support of an access that half an hour of attempts did not bring.

use std::fmt;

use futures::future::BoxFuture;

use super::booking::BookingId;
use super::mail::{Letter, MailServer, Mailer};
use super::record::Record;
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::Instant;

/// What support needs to act, and nothing of the guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// When it was written.
    pub at: Instant,
    /// Start of the first attempt.
    pub first: Instant,
    /// Start of the latest.
    pub latest: Instant,
    /// Attempts so far.
    pub attempts: u32,
    /// What was asked for.
    pub operation: Operation,
    /// The lock, by Inlet's id.
    pub lock: String,
    /// The booking system's id.
    pub booking: BookingId,
    /// Inlet's name for the access, where there is one.
    pub reference_id: Option<String>,
    /// What the latest attempt came to.
    pub error: String,
}

impl Escalation {
    pub(super) fn of(record: &Record, now: Instant) -> Option<Self> {
        let line = record.line.as_ref()?;
        Some(Self {
            at: now,
            first: line.first,
            latest: line.started,
            attempts: line.attempts,
            operation: line.operation,
            lock: record.lock().to_owned(),
            booking: record.id.clone(),
            reference_id: record.held.as_ref().map(|held| held.reference_id.clone()),
            error: line.error.clone(),
        })
    }
}

impl fmt::Display for Escalation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} has not succeeded since {}.\n", self.operation, self.first)?;
        writeln!(f, "Time: {}", self.at)?;
        writeln!(f, "Lock: {}", self.lock)?;
        writeln!(f, "Reference: {}", self.booking)?;
        writeln!(f, "ReferenceId: {}", self.reference_id.as_deref().unwrap_or("none was answered yet"))?;
        writeln!(f, "Attempts: {}, the latest at {}", self.attempts, self.latest)?;
        writeln!(f, "Error: {}", self.error)
    }
}

/// Where escalations go.
pub trait Support: Send + Sync {
    /// Tells support; an error where it could not be told, in words for a log.
    fn tell<'a>(&'a self, escalation: &'a Escalation) -> BoxFuture<'a, Result<(), String>>;
}

/// Support by email.
pub struct SupportMail(Mailer);

impl SupportMail {
    /// Mail by a server, from one address to another.
    ///
    /// # Errors
    /// Where one of the addresses is none, or the server cannot be spoken to so.
    pub fn new(server: &MailServer, from: &str, to: &str) -> Result<Self, String> {
        Mailer::new(server, from, to).map(Self)
    }
}

impl Support for SupportMail {
    fn tell<'a>(&'a self, escalation: &'a Escalation) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(self.0.send(Letter {
            at: escalation.at,
            name: format!("{}.{}", escalation.booking, escalation.first.epoch_ms()),
            subject: format!("No access at lock {}, booking {}", escalation.lock, escalation.booking),
            text: escalation.to_string(),
        }))
    }
}
