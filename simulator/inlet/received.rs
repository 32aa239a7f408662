//! What arrived, for the judge.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::exchange::unread;
use super::known::Known;
use crate::simulator::server::{End, Entry, Kept};
use crate::vendors::inlet::{ErrorAnswer, Granted, Operation, Refused, Request};
use crate::vendors::json::{self, Flaw};
use crate::vendors::vocabulary::Instant;
use crate::vendors::wire::WireRequest;

/// What went out in answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// An answer that the partner could read.
    Answer {
        /// Its status.
        status: u16,
        /// Its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Bytes that mean nothing, or an answer that broke off.
    Unreadable,
    /// The connection ended without an answer, by our doing or by the partner's.
    Nothing,
    /// It is still being carried out.
    Open,
}

/// An exchange without secrets and personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownExchange {
    /// Method.
    pub method: String,
    /// Path and query, where they are harmless.
    pub path: String,
    /// Headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body, masked.
    pub body: String,
    /// Status and body of the answer, masked, where there was one.
    pub answer: Option<(u16, String)>,
}

/// One request as it arrived, with its answer. `Debug` shows no content.
#[derive(Clone)]
pub struct Received {
    entry: Arc<Entry>,
    known: Arc<Known>,
}

impl Received {
    pub(super) fn new(entry: Arc<Entry>, known: Arc<Known>) -> Self {
        Self { entry, known }
    }

    /// Its number, from 1.
    pub fn number(&self) -> u64 {
        self.entry.number
    }

    /// When it had arrived.
    pub fn at(&self) -> Instant {
        self.entry.at
    }

    /// When its answer went out or its connection ended.
    pub fn ended(&self) -> Option<Instant> {
        self.entry.ended.map(|(at, _)| at)
    }

    /// The call that its path names.
    pub fn operation(&self) -> Option<Operation> {
        Operation::at(&self.entry.request.path)
    }

    /// What it asks for, or why that cannot be told; nothing where its path
    /// names no call.
    pub fn request(&self) -> Option<Result<Request, Refused>> {
        self.operation().map(|operation| match unread(self.entry.kept) {
            Some(refused) => Err(refused),
            None => Request::read(operation, &self.entry.request.body),
        })
    }

    /// Whether all of it arrived. A partner that is stopped in the middle of a call
    /// has not made that call.
    pub fn arrived(&self) -> bool {
        !matches!(self.entry.kept, Kept::BrokenOff(_))
    }

    /// Why its body is no JSON that can be read in one way only; nothing where it
    /// is, and where it was too long to be read.
    pub fn flaw(&self) -> Option<Flaw> {
        match self.entry.kept {
            Kept::Whole => json::read(&self.entry.request.body).err(),
            Kept::TooLong(_) | Kept::BrokenOff(_) => None,
        }
    }

    /// Every byte of it, with its secrets and personal data.
    pub fn exposed(&self) -> &WireRequest {
        &self.entry.request
    }

    /// The access that its answer names.
    pub fn reference_id(&self) -> Option<String> {
        self.granted().map(|granted| granted.reference_id)
    }

    /// What its answer granted, with its keys.
    pub fn granted(&self) -> Option<Granted> {
        let response = self.entry.response.as_ref().filter(|response| response.status == 200)?;
        Granted::read(&response.body).ok()
    }

    /// What its answer said of an error.
    pub fn error(&self) -> Option<ErrorAnswer> {
        let response = self.entry.response.as_ref().filter(|response| response.status >= 400)?;
        ErrorAnswer::read(&response.body).ok()
    }

    /// The path of the link that its answer gives, which whoever has it may open.
    pub fn link(&self) -> Option<String> {
        let link = self.granted()?.url_key?;
        url::Url::parse(link.expose()).ok().map(|link| link.path().to_owned())
    }

    /// The same without secrets and personal data, as anybody may see it.
    pub fn shown(&self) -> ShownExchange {
        let shown = super::shown::shown(&self.entry, &self.known);
        let (method, path) = shown.request.head.split_once(' ').unwrap_or((shown.request.head.as_str(), ""));
        ShownExchange {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: shown.request.headers.clone(),
            body: shown.request.body.clone(),
            answer: self
                .entry
                .response
                .as_ref()
                .zip(shown.response)
                .map(|(sent, shown)| (sent.status, shown.body)),
        }
    }

    /// Whether it came over TLS.
    pub fn encrypted(&self) -> bool {
        self.entry.encrypted
    }

    /// What was done to it, for people.
    pub fn note(&self) -> Option<&str> {
        self.entry.note.as_deref()
    }

    /// What went out in answer.
    pub fn sent(&self) -> Sent {
        let Some((_, how)) = self.entry.ended else { return Sent::Open };
        let Some(response) = self.entry.response.as_ref().filter(|_| how != End::Unanswered) else {
            return Sent::Nothing;
        };
        let is_json = || serde_json::from_slice::<serde_json::Value>(&response.body).is_ok();
        if how == End::Cut || (response.status < 300 && !is_json()) {
            return Sent::Unreadable;
        }
        let retry_after = response.header("retry-after").and_then(|value| value.parse().ok());
        Sent::Answer { status: response.status, retry_after: retry_after.map(Duration::from_secs) }
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation().map_or("an unknown path", Operation::as_str);
        write!(f, "{}. {} at {}: {:?}", self.number(), operation, self.at(), self.sent())
    }
}
