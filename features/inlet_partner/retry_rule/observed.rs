//! Attempts out of what the simulated Inlet received.

use super::course::{Attempt, Content, Outcome};
use crate::simulator::{Received, Sent};
use crate::vendors::inlet::{Operation, Request};

/// The calls of a kind among what was received about one access, as attempts. One
/// whose body is none of the kind is no attempt; other criteria judge it.
pub fn attempts(operation: Operation, received: &[Received]) -> Vec<Attempt> {
    let of_kind = received.iter().filter(|one| one.operation() == Some(operation));
    let understood = of_kind.filter(|one| matches!(one.request(), Some(Ok(_))));
    let attempt = |one: &Received| Attempt {
        arrived: one.at(),
        ended: one.ended(),
        outcome: outcome(one),
        content: asked(one),
    };
    understood.map(attempt).collect()
}

/// The content of a call: equal for equal requests, whatever the order of their
/// members and the spelling of their JSON; of one that cannot be read, its JSON or
/// its text without the blanks around.
pub fn asked(received: &Received) -> Content {
    let call = received.operation().map_or("", Operation::as_str);
    let text = match received.request() {
        Some(Ok(Request::Grant(grant))) => serde_json::to_string(&grant),
        Some(Ok(Request::Pulse(pulse))) => serde_json::to_string(&pulse),
        Some(Ok(Request::Update(update))) => serde_json::to_string(&update),
        Some(Ok(Request::Revoke(revoke))) => serde_json::to_string(&revoke),
        Some(Err(_)) | None => Ok(unread(&received.exposed().body)),
    };
    // A struct of texts is always JSON.
    Content::new(format!("{call} {}", text.unwrap_or_default()))
}

fn unread(body: &[u8]) -> String {
    match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(mut value) => {
            value.sort_all_objects();
            value.to_string()
        }
        Err(_) => String::from_utf8_lossy(body).trim().to_owned(),
    }
}

fn outcome(one: &Received) -> Outcome {
    match one.sent() {
        Sent::Answer { status: 200, .. } if tells_success(one) => Outcome::Success,
        Sent::Answer { status: 504, .. } | Sent::Nothing | Sent::Open => Outcome::UpstreamTimeout,
        Sent::Answer { status: 429 | 503, retry_after: Some(wait) } => Outcome::Later(wait),
        Sent::Answer { status, .. } if (400..500).contains(&status) => Outcome::Refused(status),
        Sent::Answer { .. } | Sent::Unreadable => Outcome::Broken,
    }
}

/// Whether an answer says what was granted; that a revocation was done needs no words.
fn tells_success(one: &Received) -> bool {
    one.reference_id().is_some() || one.operation() == Some(Operation::RevokeAccess)
}
