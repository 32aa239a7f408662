//! How long things may be.

use crate::vendors::vocabulary::Instant;

/// The bounds of the API. All but [`Limits::PERIOD_DAYS`] and
/// [`Limits::SOONEST_HOURS`] are chosen (`lengths`).
pub struct Limits;

impl Limits {
    /// Longest period of an access, in days of 24 hours (published in the
    /// example of an error).
    pub const PERIOD_DAYS: u64 = 367;
    /// A booking is not sent longer before its arrival than this, in hours
    /// (published). It binds the partner; the API does not refuse.
    pub const SOONEST_HOURS: u64 = 72;
    /// Longest body, in bytes.
    pub const BODY: usize = 64 << 10;
    /// Longest lock id, in characters.
    pub const LOCK_ID: usize = 100;
    /// Longest `ReferenceId`, in characters.
    pub const REFERENCE_ID: usize = 64;
    /// Longest `phoneNumber`, in characters.
    pub const PHONE_NUMBER: usize = 32;
    /// Longest `countryCode`, in characters.
    pub const COUNTRY_CODE: usize = 5;
    /// Longest `email`, in characters (RFC 5321, 4.5.3.1.3 less the brackets).
    pub const EMAIL: usize = 254;
    /// Longest `reference`, in characters.
    pub const REFERENCE: usize = 200;
}

/// Why a period cannot be granted, as the `message` of the refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It ends where it begins, or before.
    #[error("`to` must be later than `from`")]
    Order,
    /// It is longer than an access may last; in the published words.
    #[error("Exceeded the limit of {} days", Limits::PERIOD_DAYS)]
    Length,
    /// It is over.
    #[error("`to` lies in the past")]
    Over,
}

/// Whether a period can be granted at an instant.
pub fn check_period(from: Instant, to: Instant, now: Instant) -> Result<(), Unfit> {
    const DAY: u64 = 86_400;
    if to <= from {
        return Err(Unfit::Order);
    }
    if to.since(from) > std::time::Duration::from_secs(Limits::PERIOD_DAYS * DAY) {
        return Err(Unfit::Length);
    }
    if to <= now { Err(Unfit::Over) } else { Ok(()) }
}
