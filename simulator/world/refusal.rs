//! Why a world does not do what it is asked.

use std::time::Duration;

use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field};

/// A request that is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which sort of failure.
    pub kind: FailureKind,
    /// Why, for people.
    pub message: String,
    /// When it may be asked again.
    pub retry_after: Option<Duration>,
    /// Why more exactly, where vendors have an error of its own for it.
    pub cause: Option<Cause>,
    /// What is there all the same.
    pub told: Facts,
}

impl Refusal {
    /// A refusal of a kind, with its reason.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after: None, cause: None, told: Facts::new() }
    }

    /// Nothing of that name is there.
    pub fn not_found(what: &str, id: &str) -> Self {
        let cause = match what {
            "lock" => Some(Cause::UnknownLock),
            "group" => Some(Cause::UnknownGroup),
            "access" => Some(Cause::UnknownAccess),
            "mobile credential" => Some(Cause::UnknownMobile),
            _ => None,
        };
        Self { cause, ..Self::new(FailureKind::NotFound, format!("no {what} has the id {id}")) }
    }

    /// The request breaks a rule.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Invalid, message)
    }

    /// The same for a cause.
    #[must_use]
    pub fn because(self, cause: Cause) -> Self {
        Self { cause: Some(cause), ..self }
    }

    /// What an error answer says of it.
    pub fn facts(&self) -> Facts {
        let mut facts = self
            .told
            .clone()
            .with_text(Field::ErrorMessage, &self.message)
            .with_text(Field::ErrorCode, self.kind.as_str());
        let wait = self.retry_after.unwrap_or(Duration::from_secs(1));
        facts.set(Field::ErrorRetryAfter, Datum::Seconds(wait));
        facts
    }
}
