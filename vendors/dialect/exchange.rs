//! An exchange on the wire, in both directions: requests filled, answers read,
//! and the same from the other side.

use std::time::Duration;

use super::form::{ErrorForm, ParsedAnswer, Unwritten};
use super::mask;
use super::operation::Operation;
use super::template::View;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field};
use crate::vendors::wire::{WireRequest, WireResponse};

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
        /// `path`, `query`, `headers`, `body` or `signature`.
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
        /// Within which time the identical call succeeds, where the refusal passes by itself.
        clears_within: Option<Duration>,
        /// Whether what was asked for was made all the same.
        leaves: bool,
    },
    /// Neither the documented success nor a documented error.
    Undocumented {
        /// Why it is not the success.
        mismatch: Mismatch,
    },
}

impl Operation {
    fn unfilled(&self, unwritten: Unwritten) -> FillError {
        let (field, operation) = (unwritten.why.field, self.name.clone());
        match unwritten.why.why {
            Some(why) => FillError::Codec { field, operation, why },
            None => FillError::Missing { field, place: unwritten.place, operation },
        }
    }

    /// The credentials that a request carries in the places where the example has
    /// them, whatever else it holds; `None` where one of them is empty.
    pub fn carried(&self, request: &WireRequest, known: &Facts) -> Option<Facts> {
        self.request.carried(request, known)
    }

    /// Whether a request comes without credentials that the example has; what
    /// stands in their place and is wrong is no lack.
    pub fn lacks_credentials(&self, request: &WireRequest) -> bool {
        self.request.lacks_credentials(request)
    }

    /// The integration's half: fills the request.
    pub fn request(&self, facts: &Facts) -> Result<Rendered, FillError> {
        let fill = |view| self.request.fill(facts, view).map_err(|why| self.unfilled(why));
        Ok(Rendered { exposed: fill(View::Exposed)?, shown: fill(View::Shown)? })
    }

    /// The integration's other half: reads an answer. Error shapes come first,
    /// for a vendor may refuse within a success.
    pub fn read_answer(&self, response: &WireResponse) -> Answer {
        self.read_answer_knowing(response, &Facts::new())
    }

    /// The same, with what was known when it was asked: a local time is read by
    /// the zone of the lock that the request was about.
    pub fn read_answer_knowing(&self, response: &WireResponse, known: &Facts) -> Answer {
        if self.unchanged == Some(response.status) {
            let facts = Facts::new().with(Field::ListUnchanged, Datum::Bool(true));
            return Answer::Success { facts, deviations: Vec::new() };
        }
        let parsed = ParsedAnswer::new(response);
        if let Some((error, facts)) = self.matching_error(&parsed) {
            let ErrorForm { kind, clears_within, leaves, .. } = *error;
            return Answer::Refused { kind, facts, clears_within, leaves };
        }
        let mut facts = Facts::new();
        match self.success.read(&parsed, self.success.reading(), known, &mut facts) {
            Ok(deviations) => Answer::Success { facts, deviations },
            Err(mismatch) => Answer::Undocumented { mismatch },
        }
    }

    fn matching_error(&self, parsed: &ParsedAnswer<'_>) -> Option<(&ErrorForm, Facts)> {
        self.documented_errors().find_map(|error| error.read(parsed).map(|facts| (error, facts)))
    }

    /// An answer as people may see it: secrets and PINs masked by their type.
    /// Where an answer fits no documented shape, what still stands in a place
    /// of the documented success is masked all the same.
    pub fn shown_answer(&self, response: &WireResponse) -> WireResponse {
        let parsed = ParsedAnswer::new(response);
        let form = self.matching_error(&parsed).map_or(&self.success, |(error, _)| &error.form);
        mask::masked(form, response)
    }

    /// Whether the request's body has the media type that the profile names.
    pub fn takes_type_of(&self, request: &WireRequest) -> bool {
        self.request.takes_type_of(request)
    }

    /// The simulator's half: fills the documented success.
    pub fn answer(&self, facts: &Facts) -> Result<WireResponse, FillError> {
        if let Some(status) = self.unchanged.filter(|_| facts.flag(&Field::ListUnchanged) == Some(true)) {
            return Ok(WireResponse { status, ..WireResponse::default() });
        }
        self.success.fill(facts, 200, View::Exposed).map_err(|why| self.unfilled(why))
    }
}
