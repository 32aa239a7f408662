//! Our own integration as a partner's system: the front office of a booking
//! engine over the complete desk for Inlet
//! ([`harness::integration::inlet`](crate::harness::integration::inlet)).
//!
//! ```text
//! booking ─► form ─► book (a file for each booking) ─► desk (a ledger for each customer) ──wire──► Inlet
//!                                   └─► openings (pulses)                ├──mail──► support
//!                                                                        └──mail──► operator
//! ```
//!
//! A booking becomes one access for each door and guest, under an id of its own,
//! `b7.1`; what becomes of an access is the desk's matter alone. The book is
//! written before a desk is told, and every desk is told again of the whole book
//! when the office opens, so an office that was cut off in the middle loses
//! nothing. Nothing here knows by whom it is judged, or that it is.

mod asked;
mod book;
mod kept;
mod monitoring;
mod office;
mod openings;
mod state;

#[cfg(test)]
mod tests;

pub use office::{Customer, FrontOffice, MailRoute, OfficeError, OfficeOptions};
