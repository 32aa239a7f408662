//! What a fault makes of Inlet's own answer.

use std::time::Duration;

use super::carry_out::{Carried, status_of};
use super::exchange::{answer, refused};
use crate::simulator::Effect;
use crate::simulator::server::reshape::{reshape, swap_types};
use crate::simulator::server::{Reply, Wire};
use crate::vendors::inlet::ErrorAnswer;
use crate::vendors::wire::WireResponse;

/// Whether an effect can strike Inlet's own operations; why not, for people.
pub(super) fn check(effect: &Effect) -> Result<(), String> {
    match effect {
        Effect::StaleRead => Err("Inlet's operations read nothing that could be stale".to_owned()),
        Effect::AcceptOnly => {
            Err("what Inlet accepts and does not do is told by its lock system: place the fault there"
                .to_owned())
        }
        Effect::Twice => {
            Err("what is carried out twice is carried out by the lock system: place the fault there"
                .to_owned())
        }
        Effect::CarriedOut(inner) => check(inner),
        _ => Ok(()),
    }
}

/// Whether the request is carried out.
pub(super) fn carries_out(effect: &Effect) -> bool {
    match effect {
        Effect::Withhold { carried_out }
        | Effect::Reset { carried_out }
        | Effect::UpstreamTimeout { carried_out } => *carried_out,
        Effect::Refuse(_)
        | Effect::Status(_)
        | Effect::Garbage
        | Effect::Html
        | Effect::RateLimit(_)
        | Effect::Unavailable(_)
        | Effect::Redirect(_) => false,
        Effect::Delay(_)
        | Effect::HalfBody
        | Effect::WrongType
        | Effect::StaleRead
        | Effect::AcceptOnly
        | Effect::Twice
        | Effect::CarriedOut(_) => true,
    }
}

/// The reply under a fault. The reference stays only where the partner can read
/// the success.
pub(super) fn suffer(effect: Effect, carried: Option<Carried>) -> (Reply, Option<String>) {
    let Carried { response, granted } =
        carried.unwrap_or_else(|| Carried::refused(&ErrorAnswer::new(500, "")));
    let reply = match effect {
        Effect::Delay(span) => return (Reply { after: Some(span), wire: Wire::Answer(response) }, granted),
        Effect::StaleRead | Effect::AcceptOnly | Effect::Twice => return (Reply::answer(response), granted),
        Effect::CarriedOut(inner) => return (suffer(*inner, None).0, None),
        Effect::Refuse(kind) => {
            let error = ErrorAnswer::new(status_of(kind), "refused for the moment");
            Reply::answer(refused(&error))
        }
        Effect::Status(status) => Reply::answer(WireResponse { status, ..WireResponse::default() }),
        Effect::Withhold { .. } => Reply { after: None, wire: Wire::Silence },
        Effect::Reset { .. } => Reply { after: None, wire: Wire::Reset },
        Effect::UpstreamTimeout { .. } => {
            let error = ErrorAnswer::upstream_timeout("the lock system did not answer in time");
            Reply::answer(refused(&error))
        }
        Effect::Garbage => Reply::answer(WireResponse {
            body: b"\x00\x9f\x92\x96}{]\"garbage".to_vec(),
            ..answer(200, Vec::new())
        }),
        Effect::Html => Reply::answer(WireResponse {
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: b"<!doctype html><title>Be right back</title><p>Maintenance".to_vec(),
        }),
        Effect::HalfBody => Reply { after: None, wire: Wire::Half(response) },
        Effect::WrongType => {
            let mut response = response;
            reshape(&mut response, swap_types);
            Reply::answer(response)
        }
        Effect::RateLimit(span) => later(429, "too many calls", span),
        Effect::Unavailable(span) => later(503, "not available for the moment", span),
        Effect::Redirect(to) => Reply::answer(WireResponse {
            status: 307,
            headers: vec![("location".to_owned(), to)],
            body: Vec::new(),
        }),
    };
    (reply, None)
}

/// A refusal that may be tried again after a span.
fn later(status: u16, why: &str, span: Duration) -> Reply {
    Reply::answer(put_off(&ErrorAnswer::new(status, why), span))
}

/// A refusal with `Retry-After`.
pub(super) fn put_off(error: &ErrorAnswer, span: Duration) -> WireResponse {
    let mut response = refused(error);
    response.headers.push(("retry-after".to_owned(), span.as_secs().max(1).to_string()));
    response
}
