//! What a booking asks of Inlet: as it was typed, and as it may be sent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vendors::inlet::{GrantAccess, Limits, Mode, UpdateAccess};
use crate::vendors::vocabulary::Personal;
use crate::vendors::vocabulary::contact::{
    AccessPeriod, Ambiguity, EmailAddress, FreeText, PhoneNumber, Region,
};

/// The booking system's own name for a booking. It stands in logs and in mails
/// to support, so it is an opaque id and never a guest's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BookingId(Box<str>);

impl BookingId {
    /// Takes an id of 1 to 64 letters, digits, `.`, `_`, `:` and `-`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, Fault> {
        let fine = |c: char| c.is_ascii_alphanumeric() || ".:_-".contains(c);
        if text.is_empty() || text.len() > 64 || !text.chars().all(fine) {
            let why = "expected 1 to 64 letters, digits, `.`, `_`, `:` and `-`, which name no person";
            return Err(Fault::new("booking", why));
        }
        Ok(Self(text.into()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BookingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that is wrong with a booking, in words for whoever typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct Fault {
    /// Which member of the booking.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl Fault {
    pub(super) fn new(field: &'static str, why: impl ToString) -> Self {
        Self { field, why: why.to_string() }
    }
}

/// Everything that is wrong with a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&told.join("; "))
    }
}

impl std::error::Error for Faults {}

/// A booking as people typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// How the door opens.
    pub mode: Mode,
    /// The lock, by Inlet's id.
    pub lock: String,
    /// First moment of the access, not of the booking: RFC 3339 with its offset,
    /// or the time on the wall where `zone` is given.
    pub from: String,
    /// First moment after it, likewise.
    pub to: String,
    /// The zone of both times, such as `Europe/Oslo`.
    pub zone: Option<String>,
    /// The guest's phone.
    pub phone: Option<Personal>,
    /// The two letters of the country to which a phone number without country
    /// code belongs.
    pub region: Option<String>,
    /// The guest's email address.
    pub email: Option<Personal>,
    /// Free words for the lock's operator.
    pub reference: Option<Personal>,
}

impl Typed {
    /// A booking without contact and words.
    pub fn new(mode: Mode, lock: &str, from: &str, to: &str) -> Self {
        Self {
            mode,
            lock: lock.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            zone: None,
            phone: None,
            region: None,
            email: None,
            reference: None,
        }
    }

    /// Holds the booking against everything that may reach Inlet.
    ///
    /// # Errors
    /// Everything that is wrong with it, not only the first.
    pub fn check(&self, ambiguity: Ambiguity) -> Result<Wanted, Faults> {
        let mut faults = Vec::new();
        let mut keep = |fault: Fault| faults.push(fault);
        let lock = lock_id(&self.lock).map_err(&mut keep);
        let period = self.period(ambiguity).map_err(&mut keep);
        let phone = self.phone().map_err(&mut keep);
        let email = self.email().map_err(&mut keep);
        let reference = self.words().map_err(&mut keep);
        match (lock, period, phone, email, reference) {
            (Ok(lock), Ok(period), Ok(phone), Ok(email), Ok(reference)) => {
                Ok(Wanted { mode: self.mode, lock, period, phone, email, reference })
            }
            _ => Err(Faults(faults)),
        }
    }

    fn period(&self, ambiguity: Ambiguity) -> Result<AccessPeriod, Fault> {
        let period = match &self.zone {
            Some(zone) => AccessPeriod::local(&self.from, &self.to, zone, ambiguity),
            None => AccessPeriod::read(&self.from, &self.to),
        };
        period.map_err(|error| Fault::new("period", error))
    }

    fn phone(&self) -> Result<Option<Personal>, Fault> {
        let Some(typed) = &self.phone else { return Ok(None) };
        let fault = |error| Fault::new("phone", error);
        let region = self.region.as_deref().map(Region::new).transpose().map_err(fault)?;
        let number = PhoneNumber::new(typed.expose().trim(), region).map_err(fault)?;
        Ok(Some(Personal::new(number.expose_e164())))
    }

    fn email(&self) -> Result<Option<Personal>, Fault> {
        let Some(typed) = &self.email else { return Ok(None) };
        let address = EmailAddress::new(typed.expose().trim()).map_err(|error| Fault::new("email", error))?;
        Ok(Some(Personal::new(address.expose())))
    }

    /// The words without scripts; none where nothing is left of them.
    fn words(&self) -> Result<Option<Personal>, Fault> {
        let Some(typed) = &self.reference else { return Ok(None) };
        let fault = |why: String| Fault::new("reference", why);
        let words = FreeText::sanitised(typed.expose()).map_err(|error| fault(error.to_string()))?;
        if words.is_empty() {
            return Ok(None);
        }
        let length = words.expose().chars().count();
        if length > Limits::REFERENCE {
            return Err(fault(format!("{length} characters, at most {} are taken", Limits::REFERENCE)));
        }
        Ok(Some(Personal::new(words.expose())))
    }
}

/// A lock's id as Inlet gave it.
pub(super) fn lock_id(typed: &str) -> Result<String, Fault> {
    let length = typed.chars().count();
    if length == 0 || length > Limits::LOCK_ID || typed.trim() != typed || typed.chars().any(char::is_control)
    {
        let why = format!("expected 1 to {} characters without spaces around them", Limits::LOCK_ID);
        return Err(Fault::new("lock", why));
    }
    Ok(typed.to_owned())
}

/// A booking that may be sent: made by [`Typed::check`] alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Wanted {
    pub(super) mode: Mode,
    pub(super) lock: String,
    pub(super) period: AccessPeriod,
    phone: Option<Personal>,
    email: Option<Personal>,
    reference: Option<Personal>,
}

impl Wanted {
    /// The request that grants it.
    pub fn grant(&self) -> GrantAccess {
        let mut grant = GrantAccess::new(self.mode, self.lock.as_str(), self.period.from(), self.period.to());
        grant.phone_number.clone_from(&self.phone);
        grant.email.clone_from(&self.email);
        grant.reference.clone_from(&self.reference);
        grant
    }

    /// The lock, by Inlet's id.
    pub fn lock(&self) -> &str {
        &self.lock
    }

    /// When.
    pub fn period(&self) -> AccessPeriod {
        self.period
    }

    /// The words for the lock's operator.
    pub fn reference(&self) -> Option<&Personal> {
        self.reference.as_ref()
    }

    /// The same at another lock.
    ///
    /// # Errors
    /// Where that is no lock's id.
    pub fn at_lock(&self, lock: &str) -> Result<Self, Fault> {
        Ok(Self { lock: lock_id(lock)?, ..self.clone() })
    }

    /// The same at another time.
    pub fn within(&self, period: AccessPeriod) -> Self {
        Self { period, ..self.clone() }
    }

    /// The same for a guest who is to get no messages: without phone and email.
    pub fn without_contact(&self) -> Self {
        Self { phone: None, email: None, ..self.clone() }
    }

    /// The same with the booking's id for words where there are none, so that the
    /// lock's operator and support can name the booking.
    pub(super) fn named(mut self, id: &BookingId) -> Self {
        self.reference.get_or_insert_with(|| Personal::new(id.as_str()));
        self
    }

    /// The request that makes an access of this one's kind out of `old`; `None`
    /// where no change can: another mode, or a datum taken away.
    pub(super) fn update(&self, old: &Self, reference_id: &str) -> Option<UpdateAccess> {
        let taken = |new: &Option<Personal>, old: &Option<Personal>| new.is_none() && old.is_some();
        if self.mode != old.mode
            || taken(&self.phone, &old.phone)
            || taken(&self.email, &old.email)
            || taken(&self.reference, &old.reference)
        {
            return None;
        }
        let changed = |new: &Option<Personal>, old: &Option<Personal>| new.clone().filter(|_| new != old);
        let mut update = UpdateAccess::new(reference_id);
        update.lock_id = Some(self.lock.clone()).filter(|_| self.lock != old.lock);
        update.from = Some(self.period.from()).filter(|from| *from != old.period.from());
        update.to = Some(self.period.to()).filter(|to| *to != old.period.to());
        update.phone_number = changed(&self.phone, &old.phone);
        update.email = changed(&self.email, &old.email);
        update.reference = changed(&self.reference, &old.reference);
        Some(update)
    }

    /// The data in it that tell who somebody is.
    pub(super) fn personal(&self) -> impl Iterator<Item = &str> {
        [&self.phone, &self.email, &self.reference].into_iter().flatten().map(Personal::expose)
    }
}

/// What the ledger keeps of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    mode: Mode,
    lock: String,
    from: String,
    to: String,
    phone: Option<Personal>,
    email: Option<Personal>,
    reference: Option<Personal>,
}

impl From<Wanted> for Stored {
    fn from(wanted: Wanted) -> Self {
        Self {
            mode: wanted.mode,
            lock: wanted.lock,
            from: wanted.period.from().to_string(),
            to: wanted.period.to().to_string(),
            phone: wanted.phone,
            email: wanted.email,
            reference: wanted.reference,
        }
    }
}

impl TryFrom<Stored> for Wanted {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let period = AccessPeriod::read(&stored.from, &stored.to).map_err(|error| error.to_string())?;
        Ok(Self {
            mode: stored.mode,
            lock: stored.lock,
            period,
            phone: stored.phone,
            email: stored.email,
            reference: stored.reference,
        })
    }
}
