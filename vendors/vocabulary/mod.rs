//! The words that every room shares: ids, instants, windows, secrets,
//! meanings, facts, and the clock's interface. Nothing here does I/O.

mod cause;
mod clock;
pub mod contact;
mod datum;
mod days;
mod event;
mod facts;
mod failure;
mod field;
mod function;
mod ids;
mod instant;
mod loopback;
mod meaning;
mod personal;
mod pin;
mod secret;
mod word;

pub use cause::Cause;
pub use clock::{Clock, ExchangeGuard, ExchangeId};
pub use datum::Datum;
pub use days::{DAY_NAMES, Days};
pub use event::EventKind;
pub use facts::Facts;
pub use failure::FailureKind;
pub use field::{Field, FieldKind};
pub use function::Function;
pub use ids::{AccessId, CredentialId, GroupId, LockId, RunName, UserId};
pub use instant::{Instant, Window};
pub use loopback::{is_loopback, is_this_machine};
pub use meaning::Meaning;
pub use personal::Personal;
pub use pin::{Pin, PinError};
pub use secret::Secret;
pub use word::Word;
