//! The errors that an operation documents, and how they are given.

use std::time::Duration;

use super::example;
use super::form::ErrorForm;
use super::operation::Operation;
use super::template::View;
use crate::vendors::vocabulary::{Cause, Facts, FailureKind};
use crate::vendors::wire::WireResponse;

impl Operation {
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

    /// The operation's own errors, then those of the profile.
    pub(super) fn documented_errors(&self) -> impl Iterator<Item = &ErrorForm> {
        self.errors.iter().chain(self.common_errors.iter())
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
