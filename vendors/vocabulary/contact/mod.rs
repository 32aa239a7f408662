//! Contact data and what stands beside it in a booking, in types that cannot
//! hold what is wrong (API integration guide, 3.3). The partner's integration
//! reads what guests typed into them before anything is sent; whoever judges a
//! partner reads into them what arrived.
//!
//! None of them shows its text where people read logs: `Debug` masks, there is
//! no `Display`, and the text comes out by functions named `expose`.

mod domain;
mod email;
mod period;
mod phone;
mod signs;
mod text;

pub use domain::DomainError;
pub use email::{EmailAddress, EmailError};
pub use period::{AccessPeriod, Ambiguity, PeriodError, SENT_BEFORE};
pub use phone::{PHONE_METADATA, PhoneError, PhoneKind, PhoneNumber, PhoneReading, Region};
pub use text::{FreeText, TextError};

#[cfg(test)]
mod tests;
