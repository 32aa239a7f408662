//! All that is known of one booking.

use super::booking::{BookingId, Wanted};
use super::held::Held;
use crate::vendors::inlet::{GrantAccess, Operation, RevokeAccess, UpdateAccess};
use crate::vendors::vocabulary::Instant;

/// A booking: what is wanted, what Inlet holds, and what is under way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    pub id: BookingId,
    /// What is wanted; `None` once it was called off.
    pub wanted: Option<Wanted>,
    /// What Inlet has acknowledged.
    pub held: Option<Held>,
    /// The attempts at the present call.
    pub line: Option<Line>,
    /// Why nothing more is sent until somebody changes the booking.
    pub stuck: Option<String>,
    /// When the next attempt is due.
    pub due: Option<Instant>,
    /// When support is told, if nothing succeeds before.
    pub escalate: Option<Instant>,
    /// When support was told of the present call.
    pub escalated: Option<Instant>,
}

/// The attempts at one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub operation: Operation,
    /// Start of the first attempt.
    pub first: Instant,
    /// Start of the latest.
    pub started: Instant,
    pub attempts: u32,
    /// Whether the latest has no outcome yet.
    pub in_flight: bool,
    /// How many were cut off.
    pub cut_off: u32,
    /// What the latest came to; nothing personal.
    pub error: String,
}

/// A call, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub request: Request,
    /// What Inlet holds if it succeeds.
    pub wanted: Option<Wanted>,
    pub started: Instant,
    /// How many attempts there were, with this one.
    pub attempt: u32,
}

/// The body of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Grant(GrantAccess),
    Update(UpdateAccess),
    Revoke(RevokeAccess),
}

impl Request {
    pub fn operation(&self) -> Operation {
        match self {
            Self::Grant(_) => Operation::GrantAccess,
            Self::Update(_) => Operation::UpdateAccess,
            Self::Revoke(_) => Operation::RevokeAccess,
        }
    }

    /// The body, as JSON.
    pub fn body(&self) -> Result<Vec<u8>, serde_json::Error> {
        match self {
            Self::Grant(grant) => serde_json::to_vec(grant),
            Self::Update(update) => serde_json::to_vec(update),
            Self::Revoke(revoke) => serde_json::to_vec(revoke),
        }
    }
}

impl Record {
    /// A booking of which nothing is known yet.
    pub fn new(id: BookingId) -> Self {
        Self {
            id,
            wanted: None,
            held: None,
            line: None,
            stuck: None,
            due: None,
            escalate: None,
            escalated: None,
        }
    }

    /// When nothing of what is wanted or held is left.
    pub fn over_at(&self) -> Option<Instant> {
        let wanted = self.wanted.as_ref().map(|wanted| wanted.period.window().until);
        wanted.max(self.held.as_ref().map(|held| held.wanted.period.window().until))
    }

    /// The lock of which it tells.
    pub fn lock(&self) -> &str {
        let wanted = self.wanted.as_ref().or(self.held.as_ref().map(|held| &held.wanted));
        wanted.map_or("-", |wanted| wanted.lock.as_str())
    }
}
