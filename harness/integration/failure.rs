//! How a call fails.

use std::fmt;
use std::time::Duration;

use crate::harness::result::TransportFailure;
use crate::vendors::dialect::{Deviation, Mismatch};
use crate::vendors::vocabulary::{Facts, FailureKind, Instant};

/// What `not_undone` says of a call whose outcome nobody knows.
pub const MAY_HAVE_BEEN_DONE: &str = "may have been carried out";

/// A call that did not succeed, with everything that a judge needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct CallFailure {
    /// Why, in the words shared by all vendors.
    pub kind: FailureKind,
    /// The vendor's own words, or ours where there was no answer.
    pub message: String,
    /// The operation of the profile that failed; empty before the first.
    pub operation: String,
    /// The exchanges of the call, oldest first.
    pub exchanges: Vec<String>,
    /// Why there was no answer, where there was none.
    pub transport: Option<TransportFailure>,
    /// Whether the call that failed was never sent, because our side could not
    /// spell it or had nothing to send. It says nothing of the vendor then,
    /// whatever was exchanged before it.
    pub unsent: bool,
    /// Whether the vendor answered all the while, but what we waited for did not
    /// come within the time that its profile gives. Kind `upstream_timeout`, yet
    /// no answer of the vendor's says so.
    pub unfinished: bool,
    /// How the answer differs from the documentation (kind `protocol`).
    pub mismatch: Option<Mismatch>,
    /// How long the vendor asks us to wait, where it says so.
    pub retry_after: Option<Duration>,
    /// What was told to support, where Inlet's rule had run out.
    pub escalation: Option<Escalation>,
    /// What a compensation could not take back.
    pub not_undone: Vec<String>,
}

/// A message to support after 30 minutes without success (API integration
/// guide, 3.2 step 4).
#[derive(Clone, Debug, PartialEq)]
pub struct Escalation {
    /// When it was due.
    pub at: Instant,
    /// Attempts until then.
    pub attempts: u32,
    /// Time, lock, reference and error, for a person.
    pub message: String,
}

/// Documented members that an answer lacks or types otherwise; collected
/// beside successes for LV-03.
pub type Deviations = Vec<(String, Deviation)>;

#[cfg(test)]
impl CallFailure {
    /// A refusal of that kind, for tests of what is made of one.
    pub(crate) fn sample(kind: FailureKind) -> Self {
        *Failed::refused("call", "x-1", kind, "in words".to_owned(), None).failure
    }
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.message)
    }
}

impl std::error::Error for CallFailure {}

/// A failed exchange with what the rule of repeating must know of it.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub failure: Box<CallFailure>,
    /// Whether the request may have been carried out all the same.
    pub ambiguous: bool,
    /// Within which time the identical call succeeds, where the refusal passes by itself.
    pub clears_within: Option<Duration>,
    /// What was made although the call was refused.
    pub left: Option<Facts>,
}

impl Failed {
    fn new(operation: &str, kind: FailureKind, message: String) -> Self {
        let failure = CallFailure {
            kind,
            message,
            operation: operation.to_owned(),
            exchanges: Vec::new(),
            transport: None,
            unsent: false,
            unfinished: false,
            mismatch: None,
            retry_after: None,
            escalation: None,
            not_undone: Vec::new(),
        };
        Self { failure: Box::new(failure), ambiguous: false, clears_within: None, left: None }
    }

    /// A failure of ours, before anything was sent.
    pub fn unsent(operation: &str, kind: FailureKind, message: impl Into<String>) -> Self {
        let mut failed = Self::new(operation, kind, message.into());
        failed.failure.unsent = true;
        failed
    }

    /// What the vendor's answers add up to, though each was a success: a command
    /// that failed, an item that is not listed.
    pub fn told(operation: &str, kind: FailureKind, message: impl Into<String>) -> Self {
        Self::new(operation, kind, message.into())
    }

    /// The end of our patience with a vendor that answers, but does not finish.
    pub fn unfinished(operation: &str, message: impl Into<String>) -> Self {
        let mut failed = Self::new(operation, FailureKind::UpstreamTimeout, message.into());
        failed.failure.unfinished = true;
        failed
    }

    fn of_exchange(mut self, exchange: &str) -> Self {
        self.failure.exchanges.push(exchange.to_owned());
        self
    }

    /// A documented error. An upstream timeout leaves open what became of it.
    pub fn refused(
        operation: &str,
        exchange: &str,
        kind: FailureKind,
        message: String,
        retry_after: Option<Duration>,
    ) -> Self {
        let mut failed = Self::new(operation, kind, message).of_exchange(exchange);
        failed.failure.retry_after = retry_after;
        failed.ambiguous = kind == FailureKind::UpstreamTimeout;
        failed
    }

    /// An answer that the vendor does not document.
    pub fn undocumented(operation: &str, exchange: &str, status: u16, mismatch: Option<Mismatch>) -> Self {
        let why = mismatch.as_ref().map_or_else(String::new, |mismatch| format!(", {mismatch}"));
        let message = format!("the answer with status {status} is not a documented one{why}");
        let mut failed = Self::new(operation, FailureKind::Protocol, message).of_exchange(exchange);
        failed.failure.mismatch = mismatch;
        failed.ambiguous = true;
        failed
    }

    /// An answer that is documented but says what cannot be.
    pub fn protocol(operation: &str, message: impl Into<String>, mismatch: Option<Mismatch>) -> Self {
        let mut failed = Self::new(operation, FailureKind::Protocol, message.into());
        failed.failure.mismatch = mismatch;
        failed
    }

    /// No answer. A lost answer is an upstream timeout, which may be repeated;
    /// a subject that cannot be reached at all is not; and what is no HTTP of
    /// the vendor's breaks the protocol.
    pub fn no_answer(operation: &str, exchange: &str, why: TransportFailure, detail: String) -> Self {
        let kind = match why {
            TransportFailure::ConnectTimeout
            | TransportFailure::ReadTimeout
            | TransportFailure::Reset
            | TransportFailure::Truncated => FailureKind::UpstreamTimeout,
            TransportFailure::Unresolved | TransportFailure::Refused | TransportFailure::Certificate => {
                FailureKind::Server
            }
            TransportFailure::ForeignRedirect | TransportFailure::NotHttp | TransportFailure::TooLarge => {
                FailureKind::Protocol
            }
        };
        let mut failed = Self::new(operation, kind, detail).of_exchange(exchange);
        failed.failure.transport = Some(why);
        // Without a connection nothing was carried out.
        failed.ambiguous = !matches!(
            why,
            TransportFailure::ConnectTimeout
                | TransportFailure::Unresolved
                | TransportFailure::Refused
                | TransportFailure::Certificate
        );
        failed
    }

    pub fn kind(&self) -> FailureKind {
        self.failure.kind
    }
}
