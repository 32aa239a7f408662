//! One exchange, in both directions.

use std::sync::Arc;
use std::time::Duration;

use super::codec::Codec;
use super::form::{AnswerForm, Body, ErrorForm, ParsedAnswer, RequestForm, Unwritten};
use super::template::{Hole, View};
use super::{example, mask};
use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field, FieldKind, Meaning, Word};
use crate::vendors::wire::{WireRequest, WireResponse};

/// One exchange with the vendor, compiled.
#[derive(Debug)]
pub struct Operation {
    pub(crate) name: String,
    pub(crate) meaning: Meaning,
    pub(crate) server: String,
    pub(crate) request: RequestForm,
    pub(crate) success: AnswerForm,
    pub(crate) errors: Vec<ErrorForm>,
    /// The profile's errors, which every operation shares.
    pub(crate) common_errors: Arc<[ErrorForm]>,
    pub(crate) paging: Option<Paging>,
    /// The operations whose jobs it tells of, where others on the same route tell
    /// of other jobs; empty where it tells of all.
    pub(crate) of: Vec<String>,
    /// Whether the vendor asks the lock itself before it answers.
    pub(crate) live: bool,
    /// The status that says that a list is as it was, without telling it again.
    pub(crate) unchanged: Option<u16>,
}

/// How a listing is read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// What the next request says.
    pub by: PagingBy,
    /// Items per page that are asked for (`page.size`).
    pub size: u32,
    /// Most items that the vendor lists in all, where it lists no more.
    pub cap: Option<u32>,
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
    /// The answer's `page.next`, which is the address of the next page.
    Link,
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

    /// `METHOD /path` as written, with its holes.
    pub fn endpoint(&self) -> String {
        format!("{} {}", self.request.method, self.request.written)
    }

    /// How the listing is read to its end; `None` where it has one page.
    pub fn paging(&self) -> Option<&Paging> {
        self.paging.as_ref()
    }

    /// Whether the vendor asks the lock itself before it answers, so that a lock
    /// that cannot be reached is refused as offline.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Whether the documented success has the field in a list within a list.
    pub fn nests(&self, field: &Field) -> bool {
        match &self.success.body {
            Body::Json(node) => node.nests(field, 0),
            Body::Form(_) | Body::Text(_) | Body::Empty => false,
        }
    }

    /// Whether the request sends the session's token or a secret (`{auth.token}`, `{secret.…}`).
    pub fn is_authenticated(&self) -> bool {
        let mut any = false;
        self.request.each_hole(&mut |_, hole| any |= hole.field.kind() == FieldKind::Secret);
        any |= self.request.signatures.iter().any(|signature| signature.hash.key().is_some());
        any
    }

    /// Whether a request means this one or the other by the job that it names,
    /// and by nothing else.
    pub fn is_alternative_to(&self, other: &Operation) -> bool {
        !self.of.is_empty()
            && !other.of.is_empty()
            && self.server == other.server
            && self.request.method == other.request.method
            && self.request.path == other.request.path
    }

    /// Whether a request carries the field.
    pub fn asks_with(&self, field: &Field) -> bool {
        let mut any = false;
        self.request.each_hole(&mut |_, hole| any |= hole.field == *field);
        any
    }

    /// Whether the documented success carries the field.
    pub fn answers_with(&self, field: &Field) -> bool {
        let mut any = false;
        self.success.each_hole(&mut |hole| any |= hole.field == *field);
        any
    }

    /// Whether the list is told anew only where it has changed.
    pub fn is_versioned(&self) -> bool {
        self.asks_with(&Field::ListVersion) && self.answers_with(&Field::ListVersion)
    }

    /// Whether the request has times in the zone of a lock, which who serves it
    /// must know before it can read them.
    pub fn reads_by_zone(&self) -> bool {
        let mut any = false;
        self.request.each_hole(&mut |_, hole| any |= hole.codec == Codec::LockLocal);
        any
    }

    /// The holes of the request, with `path`, `query`, `headers`, `body` or,
    /// for the parts of a signature, `signature`.
    pub(crate) fn request_holes(&self) -> Vec<(&'static str, &Hole)> {
        let mut holes = Vec::new();
        self.request.each_hole(&mut |place, hole| holes.push((place, hole)));
        holes
    }

    /// The holes of the documented success.
    pub(crate) fn answer_holes(&self) -> Vec<&Hole> {
        let mut holes = Vec::new();
        self.success.each_hole(&mut |hole| holes.push(hole));
        holes
    }

    /// Fields that a secret or token takes in the address (path or query).
    pub fn secrets_in_address(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for (place, hole) in self.request_holes() {
            // A signature is made from a credential and does not tell it.
            let secret = hole.field.kind() == FieldKind::Secret && !matches!(hole.field, Field::Signature(_));
            if secret && matches!(place, "path" | "query") && !fields.contains(&hole.field) {
                fields.push(hole.field.clone());
            }
        }
        fields
    }

    /// The error kinds that this operation documents, its own first.
    pub fn documented_failures(&self) -> Vec<FailureKind> {
        let mut kinds = Vec::new();
        for error in self.documented_errors() {
            if !kinds.contains(&error.kind) {
                kinds.push(error.kind);
            }
        }
        kinds
    }

    fn documented_errors(&self) -> impl Iterator<Item = &ErrorForm> {
        self.errors.iter().chain(self.common_errors.iter())
    }

    fn unfilled(&self, unwritten: Unwritten) -> FillError {
        let (field, operation) = (unwritten.why.field, self.name.clone());
        match unwritten.why.why {
            Some(why) => FillError::Codec { field, operation, why },
            None => FillError::Missing { field, place: unwritten.place, operation },
        }
    }

    /// Whether the documented success can say exactly this word in a field.
    pub fn can_answer_with(&self, field: &Field, word: Word) -> bool {
        let said = Datum::Word(word);
        self.answer_holes().into_iter().any(|hole| {
            hole.field == *field && hole.codec.encode(&said).is_ok() && hole.codec.canon(&said) == said
        })
    }

    /// Whether the documented success can say that a battery has this charge, in
    /// percent, or less.
    pub fn can_answer_with_charge(&self, most: u8) -> bool {
        let empty = Datum::Percent(0);
        self.answer_holes().into_iter().any(|hole| match hole.field {
            Field::LockBatteryLow => true,
            Field::LockBattery => hole.codec.canon(&empty).as_percent().is_some_and(|told| told <= most),
            _ => false,
        })
    }

    /// The credentials that a request carries in the places where the example has
    /// them, whatever else it holds; `None` where one of them is empty.
    pub fn carried(&self, request: &WireRequest, known: &Facts) -> Option<Facts> {
        self.request.carried(request, known)
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

    /// What is answered to a body of another media type: the documented error
    /// with the status that HTTP has for it (RFC 9110, 15.5.16), else that status.
    pub fn refusal_of_type(&self) -> WireResponse {
        const UNSUPPORTED_MEDIA_TYPE: u16 = 415;
        let error = self.documented_errors().find(|error| error.form.statuses == [UNSUPPORTED_MEDIA_TYPE]);
        let filled = error.and_then(|error| {
            let complete = example::completed(&error.form, &Facts::new(), error.kind);
            error.form.fill_error(&complete, UNSUPPORTED_MEDIA_TYPE, View::Exposed).ok()
        });
        filled.unwrap_or(WireResponse { status: UNSUPPORTED_MEDIA_TYPE, ..WireResponse::default() })
    }

    /// The simulator's half: fills the documented success.
    pub fn answer(&self, facts: &Facts) -> Result<WireResponse, FillError> {
        if let Some(status) = self.unchanged.filter(|_| facts.flag(&Field::ListUnchanged) == Some(true)) {
            return Ok(WireResponse { status, ..WireResponse::default() });
        }
        self.success.fill(facts, 200, View::Exposed).map_err(|why| self.unfilled(why))
    }

    /// The kind of a documented error by which the operation tells of a failure
    /// within a success: the same, or a mere `server` where it says no more.
    pub fn failure_within_success(&self, kind: FailureKind) -> Option<FailureKind> {
        let within = |error: &ErrorForm| error.form.statuses.first().is_some_and(|status| *status < 400);
        [kind, FailureKind::Server]
            .into_iter()
            .find(|wanted| self.errors.iter().any(|error| error.kind == *wanted && within(error)))
    }

    /// The simulator's other half: fills the documented error of that kind: the
    /// operation's own, else the profile's, else the one with the status that
    /// HTTP custom has for the kind, else that status alone.
    pub fn refusal(&self, kind: FailureKind, facts: &Facts) -> WireResponse {
        self.refusal_for(kind, None, facts)
    }

    /// The same for a cause: an error that is documented for it comes first, one
    /// that is documented for another cause last.
    pub fn refusal_for(&self, kind: FailureKind, cause: Option<Cause>, facts: &Facts) -> WireResponse {
        let status = customary_status(kind);
        let nearest = || self.documented_errors().find(|error| error.form.statuses.first() == Some(&status));
        let lasts = |error: &&ErrorForm| error.clears_within.is_none();
        let of_kind = || self.documented_errors().filter(|error| error.kind == kind);
        let error = self
            .documented_errors()
            .find(|error| cause.is_some() && error.cause == cause)
            .or_else(|| of_kind().filter(lasts).find(|error| error.cause.is_none()))
            .or_else(|| of_kind().find(lasts))
            .or_else(|| of_kind().next());
        let filled = error.or_else(nearest).and_then(|error| filled_error(error, kind, facts));
        filled.unwrap_or(WireResponse { status, ..WireResponse::default() })
    }

    /// The refusal that passes by itself, where one is documented: what it
    /// means, and within which time it has passed.
    pub fn passing_refusal(&self) -> Option<(FailureKind, Duration)> {
        self.documented_errors().find_map(|error| Some((error.kind, error.clears_within?)))
    }

    /// Fills the refusal that passes by itself.
    pub fn passing_answer(&self, facts: &Facts) -> Option<WireResponse> {
        let error = self.documented_errors().find(|error| error.clears_within.is_some())?;
        filled_error(error, error.kind, facts)
    }

    /// Whether the operation has a documented error of that kind for itself.
    pub fn refuses_itself(&self, kind: FailureKind) -> bool {
        self.errors.iter().any(|error| error.kind == kind)
    }

    /// Whether a refusal of that kind leaves what was asked for behind.
    pub fn leaves_behind(&self, kind: FailureKind) -> bool {
        self.documented_errors().any(|error| error.kind == kind && error.leaves)
    }

    /// A request example for documents, filled with sample values, secrets masked.
    pub fn request_example(&self) -> WireRequest {
        let facts = example::request_facts(self);
        self.request.fill(&facts, View::Shown).unwrap_or_default()
    }

    /// An answer example for documents.
    pub fn answer_example(&self) -> WireResponse {
        let facts = example::answer_facts(self);
        self.success.fill(&facts, 200, View::Shown).unwrap_or_default()
    }

    /// Whether the profile shows what a success looks like: a body, a header, or
    /// as its first an explicit status that goes without content (204 and 205,
    /// RFC 9110).
    pub fn documents_answer(&self) -> bool {
        let form = &self.success;
        let without_content = |status: &u16| matches!(status, 204 | 205);
        !matches!(form.body, Body::Empty)
            || !form.headers.is_empty()
            || form.statuses.first().is_some_and(without_content)
    }

    /// The documented errors as examples.
    pub fn error_examples(&self) -> Vec<(FailureKind, WireResponse)> {
        let example = |error: &ErrorForm| {
            let facts = example::completed(&error.form, &Facts::new(), error.kind);
            error.form.fill_error(&facts, 200, View::Shown).ok().map(|response| (error.kind, response))
        };
        self.documented_errors().filter_map(example).collect()
    }
}

fn filled_error(error: &ErrorForm, kind: FailureKind, facts: &Facts) -> Option<WireResponse> {
    let complete = example::completed(&error.form, facts, kind);
    error.form.fill_error(&complete, 200, View::Exposed).ok()
}

/// The status that HTTP custom has for a failure (RFC 9110 and 6585).
pub(crate) fn customary_status(kind: FailureKind) -> u16 {
    match kind {
        FailureKind::Credentials => 401,
        FailureKind::Forbidden => 403,
        FailureKind::NotFound => 404,
        FailureKind::Invalid => 422,
        FailureKind::Conflict | FailureKind::Full | FailureKind::Busy => 409,
        FailureKind::Offline => 503,
        FailureKind::UpstreamTimeout => 504,
        FailureKind::RateLimited => 429,
        FailureKind::Unsupported => 501,
        FailureKind::Payment => 402,
        FailureKind::Server | FailureKind::Protocol => 500,
    }
}
