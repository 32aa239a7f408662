//! What was said on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::harness::criterion::CriterionId;
use crate::vendors::vocabulary::{FailureKind, Instant};

/// One exchange, with secrets and PINs masked when it was captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// `x-17`.
    pub id: String,
    /// The criterion in whose course it was made.
    pub criterion: Option<CriterionId>,
    /// The operation of the profile.
    pub operation: String,
    /// When it was sent, on the subject's clock.
    #[schemars(with = "String")]
    pub at: Instant,
    /// How long it took on that clock, in milliseconds.
    pub took_ms: u64,
    /// What was sent.
    pub request: SentRequest,
    /// What came back.
    pub response: Received,
}

/// A request as it was sent, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentRequest {
    /// Method.
    pub method: String,
    /// Whole address.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body as text; bytes that are not UTF-8 as replacement characters.
    pub body: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Received {
    /// An HTTP answer, masked.
    Answer {
        /// Status code.
        status: u16,
        /// Headers in order.
        headers: Vec<(String, String)>,
        /// Body as text.
        body: String,
        /// The documented error that it is, if it is one.
        failure: Option<FailureKind>,
        /// Why it is neither the documented success nor a documented error, if
        /// it is neither. Told when it was captured, before anything was masked.
        undocumented: Option<String>,
    },
    /// No answer, or none that could be read.
    Nothing {
        /// What happened instead.
        why: TransportFailure,
        /// The same in words, with details.
        detail: String,
    },
}

/// Why there was no readable answer; each is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransportFailure {
    /// The name has no address.
    Unresolved,
    /// The connection was refused.
    Refused,
    /// The connection was reset or closed before an answer.
    Reset,
    /// The connection was not made in time.
    ConnectTimeout,
    /// The answer did not come in time.
    ReadTimeout,
    /// The answer broke off in the middle.
    Truncated,
    /// The certificate is not valid.
    Certificate,
    /// The answer sends us to another host.
    ForeignRedirect,
    /// What came is no HTTP.
    NotHttp,
    /// Larger than we are willing to read.
    TooLarge,
}
