//! Wire transcripts: exchanges in a vendor's own bytes, written by hand, and
//! played against both halves of the engine.
//!
//! The engine alone proves nothing, for both sides of the wire use it. So
//! beside every profile lies a file `<name>.wire` of exchanges that the engine
//! did not make:
//!
//! ```text
//! # A line that begins with `#` (but not `###`) is a comment.
//! ### get_lock: a lock that is online
//! source: https://docs.example.com/api#get-lock
//! asks: auth.token = t-1
//! asks: lock.id = l-1
//! says: lock.id = l-1
//! says: lock.battery = 80
//!
//! GET /v1/locks/l-1?verbose=1 HTTP/1.1
//! Authorization: Bearer t-1
//!
//! ---
//! HTTP/1.1 200 OK
//! Content-Type: application/json
//!
//! { "id": "l-1", "battery": { "percent": 80 } }
//! ```
//!
//! - The heading is `### operation: what it shows`.
//! - `source:` says where the bytes are from; it is obligatory.
//! - `asks:` is a fact of the request, `says:` a fact of the answer; all of
//!   them are listed. A fact of a list's element has its index in front,
//!   counted from 0: `says: [0] lock.id = l-1`, deeper `says: [0] [1] lock.id = l-2`.
//! - `refuses: not_found` in place of, or beside, `says:` lines marks an answer
//!   that is an error of that kind.
//! - `only: client` marks an answer that a vendor gives beside the documented one,
//!   so that it must be understood and is never made; so for a callback.
//! - `only: server` marks a request that other clients send and ours does not, so
//!   that it must be taken and is never made.
//! - `only: nobody` marks a request that is wrong: it is not made, and no operation
//!   takes it. It has no answer, and `asks:` and `says:` neither.
//! - `untold: accountId, state.mode` lists the members of the answer that the vendor
//!   tells and the simulated one does not, by their names from the outside in (lists
//!   have none, `header x-y` is a header, `*` a whole body). The profile's notes name
//!   each and say why. What is written and neither made nor listed is a mistake; so
//!   is what is listed and made.
//! - Values are canonical: instants as RFC 3339, spans in seconds, percentages
//!   as 0 to 100, weekdays as `mon sun` or `all`, words by their canonical names, `true` and `false`.
//! - Then a blank line, the request, a line `---`, the answer. The query stands
//!   in the request line, percent-encoded.
//!
//! A callback is headed `### callback event: what it shows`. Its request is what
//! the vendor sends, its answer what the vendor waits for; `asks:` are the
//! secrets that sign it, `says:` is what it tells. `refuses: credentials` marks
//! one that must not be believed.
//!
//! [`play`] holds an exchange against a dialect in both directions: facts to
//! request and answer to facts, request to facts and facts to answer.

mod callback;
mod compare;
mod exchange;
mod play;

#[cfg(test)]
mod tests;

pub use compare::differences;
pub use exchange::{Exchange, Only, parse};
pub use play::{play, uncovered};
