//! One way to make, change and cancel bookings, whichever the partner has.

use serde_json::Value;

use super::command::CommandLine;
use super::http::Calls;
use super::person::Person;
use super::values::{of_booking, of_change};
use crate::vendors::partner::{Act, Booking, Change, ShownBooking, Values};

/// The partner's own number of a booking: a text or a number of its system.
#[derive(Clone, Debug, PartialEq)]
pub struct Number(pub(super) Value);

impl Number {
    /// The number of a system that has none to tell.
    pub(super) fn none() -> Self {
        Self(Value::Null)
    }

    /// The number as people write it.
    pub(super) fn text(&self) -> Option<String> {
        match &self.0 {
            Value::Null => None,
            Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            other => Some(other.to_string()),
        }
    }
}

/// What a partner's system made of an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// It took it.
    Taken {
        /// The number of the booking, where the answer tells it.
        number: Number,
        /// The code as the guest sees it, where the answer tells it.
        code: Option<String>,
        /// Whether the booking needs attention.
        flagged: bool,
    },
    /// It refused it, as is its right with what is malformed.
    Refused(String),
}

impl Done {
    /// It took the booking of that number, and nothing else is told.
    pub(super) fn taken(number: Number) -> Self {
        Self::Taken { number, code: None, flagged: false }
    }
}

/// The partner's system could not be driven. This tells nothing about the
/// integration: verdicts that rest on it are inconclusive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the partner's system could not be driven: {0}")]
pub struct DriverError(pub String);

/// Drives a partner's system that is not our own.
#[derive(Debug)]
pub enum Driver {
    /// By HTTP calls.
    Http(Calls),
    /// By commands.
    Command(CommandLine),
    /// By a person.
    Person(Person),
}

impl Driver {
    /// Whether an act can be done.
    pub fn can(&self, act: Act) -> bool {
        match self {
            Self::Http(calls) => calls.can(act),
            Self::Command(commands) => commands.can(act),
            Self::Person(_) => true,
        }
    }

    /// Makes a booking.
    pub async fn book(&self, booking: &Booking) -> Result<Done, DriverError> {
        self.act(Act::Book, &of_booking(booking)).await
    }

    /// Changes a booking.
    pub async fn change(
        &self,
        number: &Number,
        booking: &Booking,
        change: &Change,
    ) -> Result<Done, DriverError> {
        let (act, values) = of_change(number, booking, change);
        self.act(act, &values).await
    }

    /// Cancels a booking.
    pub async fn cancel(&self, number: &Number, booking: &Booking) -> Result<Done, DriverError> {
        self.numbered(Act::Cancel, number, booking).await
    }

    /// Has a booking shown.
    pub async fn show(&self, number: &Number, booking: &Booking) -> Result<Done, DriverError> {
        self.numbered(Act::Show, number, booking).await
    }

    async fn numbered(&self, act: Act, number: &Number, booking: &Booking) -> Result<Done, DriverError> {
        let mut values = of_booking(booking);
        values.insert(crate::vendors::partner::BookingField::Id, number.0.clone());
        self.act(act, &values).await
    }

    async fn act(&self, act: Act, values: &Values) -> Result<Done, DriverError> {
        if !self.can(act) {
            return Err(DriverError(format!("its description does not tell how to {}", act.as_str())));
        }
        match self {
            Self::Http(calls) => calls.act(act, values).await,
            Self::Command(commands) => commands.act(act, values).await,
            Self::Person(person) => person.act(act, values).await,
        }
    }
}

/// What an answer tells at the places that the description names.
pub(super) fn taken(shown: &ShownBooking, answer: &Value) -> Result<Done, DriverError> {
    let at = |pointer: &Option<String>| {
        pointer.as_deref().map(|pointer| (pointer.to_owned(), answer.pointer(pointer)))
    };
    let number = match at(&shown.booking) {
        None => Number::none(),
        Some((_, Some(found))) if found.is_string() || found.is_number() => Number(found.clone()),
        Some((pointer, _)) => {
            return Err(DriverError(format!("its answer has no booking's number at `{pointer}`")));
        }
    };
    let code = at(&shown.code).and_then(|(_, found)| Some(found?.as_str()?.to_owned()));
    let flagged = at(&shown.flagged).and_then(|(_, found)| found).is_some_and(says_something);
    Ok(Done::Taken { number, code, flagged })
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}
