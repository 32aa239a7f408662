//! Inlet's API on the wire: operations, requests, answers, the error form, and
//! the limits of each.
//!
//! Inlet's knowledge base publishes a part of it; its reference was not
//! available. What is not published was chosen here: every choice stands in
//! [`CHOICES`] with its reason, and everything that it decides stands in this
//! folder, so that the true one can take its place. Both sides of the wire use
//! these types: the simulated Inlet reads requests with them, a partner's
//! integration writes them.

mod access;
mod answer;
mod choices;
mod error;
mod limits;
mod members;
mod moment;
mod operation;
mod request;
#[cfg(test)]
mod tests;

pub use access::{GrantAccess, GrantPulseAccess, RevokeAccess, UpdateAccess};
pub use answer::{Done, Granted};
pub use choices::{CHOICES, Choice, PUBLISHED, Published};
pub use error::{ErrorAnswer, UPSTREAM_TIMEOUT};
pub use limits::{Limits, Unfit, check_period};
pub use members::{ANSWER_MEMBERS, REQUEST_MEMBERS, told};
pub use moment::Moment;
pub use operation::{CONTENT_TYPE, Mode, Operation};
pub use request::{Refused, Request};
