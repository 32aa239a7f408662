//! The life of a certification, and the certificate that comes of it.
//!
//! ```text
//! report ─► claims ─► prepare ─► submit ─► review ─► approve ─► certificate ─► verify, gate
//!                        ▲                  │                        ▲
//!                        └──── feedback ◄───┘        status list: suspend, revoke
//! ```
//!
//! One life serves every programme (integration guide, 4). A certificate is made
//! of a report that passed and of an approval; it can be checked offline, with
//! the issuer's public key and a status list, and nothing is valid by default.

mod certificate;
mod checklist;
mod claims;
mod digest;
mod envelope;
mod key;
pub mod life;
mod register;
mod status_list;
mod verification;

pub use certificate::{Approval, CERTIFICATE, Certificate, LONGEST_VALIDITY, NotIssued};
pub use checklist::{Item, PROGRAMMES, items};
pub use claims::{Ability, Claims, NotCertifiable, VerdictLine};
pub use envelope::EnvelopeError;
pub use key::{IssuerKey, KeyError, PublicKey};
pub use register::{History, Register, RegisterError};
pub use status_list::{STATUS_LIST, Standing, StatusLine, StatusList};
pub use verification::{Expected, Refusal, holds, opened, rests_on, stands};

#[cfg(test)]
mod tests;
