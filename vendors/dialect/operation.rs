//! One exchange, in both directions.

use crate::vendors::vocabulary::{Facts, FailureKind, Field, Meaning};
use crate::vendors::wire::{WireRequest, WireResponse};

/// One exchange with the vendor, compiled.
#[derive(Debug)]
pub struct Operation {
    pub(super) name: String,
    pub(super) meaning: Meaning,
    pub(super) server: String,
}

/// How a list is asked for page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// What the next request says.
    pub by: PagingBy,
    /// Items per page that are asked for (`page.size`).
    pub size: u32,
}

/// What tells one page from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingBy {
    /// `page.number`, counted from 1.
    Page,
    /// `page.offset`, counted from 0.
    Offset,
    /// `page.cursor`, which is the answer's `page.next`.
    Cursor,
}

/// A message filled twice: for the wire, and for people with every secret and
/// PIN masked by its type.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// With the secrets.
    pub exposed: WireRequest,
    /// With masks in their place.
    pub shown: WireRequest,
}

/// A message could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// A hole that is not optional has no value.
    #[error("`{{{field}}}` has no value in {place} of `{operation}`")]
    Missing {
        /// The hole.
        field: Field,
        /// `path`, `query`, `headers` or `body`.
        place: &'static str,
        /// The operation.
        operation: String,
    },
    /// A value that the hole's codec cannot spell.
    #[error("`{{{field}}}` in `{operation}`: {why}")]
    Codec {
        /// The hole.
        field: Field,
        /// The operation.
        operation: String,
        /// Why, for people.
        why: String,
    },
}

/// A message does not fit its example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {at}: expected {expected}, found {found}")]
pub struct Mismatch {
    /// Where, as a JSON pointer or `status`, `header x`, `query x`.
    pub at: String,
    /// What the example shows.
    pub expected: String,
    /// What the message holds, shortened.
    pub found: String,
}

/// Where an answer differs from the documented example without hiding what it
/// means: a literal of another type, a documented member that is missing.
pub type Deviation = Mismatch;

/// What a vendor's answer turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The documented success.
    Success {
        /// What it says.
        facts: Facts,
        /// Where it strays from the example.
        deviations: Vec<Deviation>,
    },
    /// A documented error.
    Refused {
        /// Which.
        kind: FailureKind,
        /// The vendor's words and code (`error.message`, `error.code`).
        facts: Facts,
    },
    /// Neither the documented success nor a documented error.
    Undocumented {
        /// Why it is not the success.
        mismatch: Mismatch,
    },
}

impl Operation {
    /// The name in the profile.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the exchange means.
    pub fn meaning(&self) -> Meaning {
        self.meaning
    }

    /// The name of the base address that it is sent to.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// How the list is paged, where it is.
    pub fn paging(&self) -> Option<&Paging> {
        todo!()
    }

    /// `METHOD /path` as written, with its holes.
    pub fn endpoint(&self) -> String {
        todo!()
    }

    /// Whether the request sends the session's token or a secret (`{auth.token}`, `{secret.…}`).
    pub fn is_authenticated(&self) -> bool {
        todo!()
    }

    /// Whether a request carries the field.
    pub fn asks_with(&self, field: &Field) -> bool {
        let _ = field;
        todo!()
    }

    /// Whether the documented success carries the field.
    pub fn answers_with(&self, field: &Field) -> bool {
        let _ = field;
        todo!()
    }

    /// Fields that a secret or token takes in the address (path or query).
    pub fn secrets_in_address(&self) -> Vec<Field> {
        todo!()
    }

    /// The error kinds that this operation documents.
    pub fn documented_failures(&self) -> Vec<FailureKind> {
        todo!()
    }

    /// The integration's half: fills the request.
    pub fn request(&self, facts: &Facts) -> Result<Rendered, FillError> {
        let _ = facts;
        todo!()
    }

    /// The integration's other half: reads an answer.
    pub fn read_answer(&self, response: &WireResponse) -> Answer {
        let _ = response;
        todo!()
    }

    /// An answer as people may see it: secrets and PINs masked by their type.
    /// An answer that fits no documented shape comes back as it is.
    pub fn shown_answer(&self, response: &WireResponse) -> WireResponse {
        let _ = response;
        todo!()
    }

    /// The simulator's half: fills the documented success.
    pub fn answer(&self, facts: &Facts) -> Result<WireResponse, FillError> {
        let _ = facts;
        todo!()
    }

    /// The simulator's other half: fills the documented error of that kind (the
    /// operation's own, else the profile's, else the nearest by HTTP custom).
    pub fn refusal(&self, kind: FailureKind, facts: &Facts) -> WireResponse {
        let _ = (kind, facts);
        todo!()
    }

    /// A request example for documents, filled with sample values.
    pub fn request_example(&self) -> WireRequest {
        todo!()
    }

    /// An answer example for documents.
    pub fn answer_example(&self) -> WireResponse {
        todo!()
    }

    /// The documented errors as examples.
    pub fn error_examples(&self) -> Vec<(FailureKind, WireResponse)> {
        todo!()
    }
}
