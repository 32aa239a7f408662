//! A booking engine's side of Inlet's API, complete.
//!
//! A [`Desk`] is told what is wanted for each booking and brings Inlet there:
//! it grants, changes and withdraws accesses, and repeats what an upstream
//! timeout cut off. What is wanted, what Inlet holds and what is under way
//! stand in a [`Ledger`] on disk before anything is sent, so a restart loses
//! nothing and forgets no attempt.
//!
//! What is decided is decided in [`course`], which knows no network, no disk and
//! no clock. A change is told to the ledger and overtakes whatever was pending
//! for that booking: the next attempt sends what is wanted then.
//!
//! Three readings of the guide are taken here. A pulse is for whoever stands at
//! the door now, so one that was cut off is told to the caller and never sent
//! again minutes later. A booking that is called off before Inlet ever answered
//! is not asked for again, since asking could make the access that nobody wants;
//! Inlet withdraws what was never acknowledged. And an access that Inlet refuses
//! for a reason that waiting does not mend is shown to the booking system's
//! staff, not to Inlet's support.
//!
//! One gap is left, which only the API could close: Inlet offers no way to ask
//! what it holds. A grant is repeated with the same body after a lost answer,
//! by which Inlet knows it; but where the answer was a success on Inlet's side
//! and this machine died before it was written down, the repetition is a second
//! grant to Inlet.

mod alert;
mod booking;
mod client;
mod confirm;
mod course;
mod desk;
mod discreet;
mod held;
mod ledger;
mod mail;
mod news;
mod record;
mod running;
mod support;
mod under_way;
mod watching;

pub use alert::{Alert, AlertKind, Operator, OperatorMail};
pub use booking::{BookingId, Fault, Faults, Typed, Wanted};
pub use client::{ClientError, PulseError};
pub use confirm::{Confirmations, MailDomains, PhoneOwnership};
pub use desk::{Desk, DeskError, Gaps, Settings, Standing};
pub use held::Held;
pub use ledger::{Event, Ledger, LedgerError};
pub use mail::{MailEncryption, MailLogin, MailServer};
pub use support::{Escalation, Support, SupportMail};

#[cfg(test)]
mod tests;
