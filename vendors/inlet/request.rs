//! Reading requests, strictly.

use super::access::{GrantAccess, GrantPulseAccess, RevokeAccess, UpdateAccess};
use super::{Limits, Mode, Moment, Operation, members};
use crate::vendors::json::{self, Flaw};
use crate::vendors::members::{Members, Misread};
use crate::vendors::vocabulary::Personal;

/// A request that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// A grant.
    Grant(GrantAccess),
    /// A pulse.
    Pulse(GrantPulseAccess),
    /// A change.
    Update(UpdateAccess),
    /// A withdrawal.
    Revoke(RevokeAccess),
}

/// Why a body is no request: the status that says so, and the reason for people.
/// The reason names the member and repeats no value, because whoever is refused
/// writes it into a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// 400 where there is no JSON object, 422 where the object breaks the description.
    pub status: u16,
    /// What is wrong.
    pub message: String,
}

impl Request {
    /// Reads the body of a call. Periods are held against the clock by
    /// [`super::check_period`], for a body knows no present.
    pub fn read(operation: Operation, body: &[u8]) -> Result<Self, Refused> {
        let value = json::read(body).map_err(|flaw| unreadable(body, &flaw))?;
        let members = Members::of_json(value).map_err(|_| no_object("other JSON"))?.discreetly();
        read(operation, members).map_err(|misread| Refused { status: 422, message: misread.to_string() })
    }

    /// Which call it is.
    pub fn operation(&self) -> Operation {
        match self {
            Self::Grant(_) => Operation::GrantAccess,
            Self::Pulse(_) => Operation::GrantPulseAccess,
            Self::Update(_) => Operation::UpdateAccess,
            Self::Revoke(_) => Operation::RevokeAccess,
        }
    }

    /// The lock that it names.
    pub fn lock_id(&self) -> Option<&str> {
        match self {
            Self::Grant(grant) => Some(&grant.lock_id),
            Self::Pulse(pulse) => Some(&pulse.lock_id),
            Self::Update(update) => update.lock_id.as_deref(),
            Self::Revoke(_) => None,
        }
    }
}

/// Says where JSON ends to be JSON, without repeating any of it. An object that
/// says a thing twice is JSON, and breaks the description.
fn unreadable(body: &[u8], flaw: &Flaw) -> Refused {
    match flaw {
        Flaw::Twice { .. } => Refused { status: 422, message: members::told(flaw) },
        _ if body.is_empty() => no_object("nothing"),
        _ => no_object(&members::told(flaw)),
    }
}

fn no_object(found: &str) -> Refused {
    Refused { status: 400, message: format!("the body: expected a JSON object, found {found}") }
}

fn read(operation: Operation, mut members: Members) -> Result<Request, Misread> {
    let given = &mut members;
    let request = match operation {
        Operation::GrantAccess => Request::Grant(GrantAccess {
            operation: mode(given)?,
            lock_id: required_text(given, "lockId", Limits::LOCK_ID)?,
            from: required_moment(given, "from")?,
            to: required_moment(given, "to")?,
            phone_number: personal(given, "phoneNumber", Limits::PHONE_NUMBER)?,
            country_code: personal(given, "countryCode", Limits::COUNTRY_CODE)?,
            email: personal(given, "email", Limits::EMAIL)?,
            reference: personal(given, "reference", Limits::REFERENCE)?,
        }),
        Operation::GrantPulseAccess => Request::Pulse(GrantPulseAccess {
            lock_id: required_text(given, "lockId", Limits::LOCK_ID)?,
            reference: personal(given, "reference", Limits::REFERENCE)?,
        }),
        Operation::UpdateAccess => Request::Update(UpdateAccess {
            reference_id: required_text(given, "ReferenceId", Limits::REFERENCE_ID)?,
            lock_id: text(given, "lockId", Limits::LOCK_ID)?,
            from: moment(given, "from")?,
            to: moment(given, "to")?,
            phone_number: personal(given, "phoneNumber", Limits::PHONE_NUMBER)?,
            country_code: personal(given, "countryCode", Limits::COUNTRY_CODE)?,
            email: personal(given, "email", Limits::EMAIL)?,
            reference: personal(given, "reference", Limits::REFERENCE)?,
        }),
        Operation::RevokeAccess => Request::Revoke(RevokeAccess {
            reference_id: required_text(given, "ReferenceId", Limits::REFERENCE_ID)?,
        }),
    };
    members.done()?;
    match &request {
        Request::Update(update) if update.is_empty() => {
            Err(Misread::new("expected at least one member beside `ReferenceId`, found nothing to change"))
        }
        _ => Ok(request),
    }
}

fn mode(members: &mut Members) -> Result<Mode, Misread> {
    let words = Mode::ALL.map(|mode| format!("`{mode}`")).join(", ");
    let expected = format!("one of {words}");
    let mode = members.word("operation", &expected, Mode::parse)?;
    members.required("operation", mode, &expected)
}

fn moment(members: &mut Members, name: &str) -> Result<Option<Moment>, Misread> {
    members.word(name, Moment::EXPECTED, Moment::parse)
}

fn required_moment(members: &mut Members, name: &str) -> Result<Moment, Misread> {
    let moment = moment(members, name)?;
    members.required(name, moment, Moment::EXPECTED)
}

/// A text of 1 to `most` characters.
fn text(members: &mut Members, name: &str, most: usize) -> Result<Option<String>, Misread> {
    let expected = length(most);
    members.word(name, &expected, |text| (1..=most).contains(&text.chars().count()).then(|| text.to_owned()))
}

fn required_text(members: &mut Members, name: &str, most: usize) -> Result<String, Misread> {
    let text = text(members, name, most)?;
    members.required(name, text, &length(most))
}

/// The same, and personal. An empty one is no datum, and is refused as such.
fn personal(members: &mut Members, name: &str, most: usize) -> Result<Option<Personal>, Misread> {
    Ok(text(members, name, most)?.map(Personal::new))
}

fn length(most: usize) -> String {
    format!("a text of 1 to {most} characters")
}
