//! Attempts out of what the simulated Inlet received.

use super::course::{Attempt, Content, Outcome};
use crate::simulator::{Received, Sent};
use crate::vendors::inlet::{GrantAccess, Request};

/// The grants among what was received that `wanted` takes for one access, as
/// attempts. A body that is no grant is none; other criteria judge it.
pub fn attempts(received: &[Received], wanted: impl Fn(&GrantAccess) -> bool) -> Vec<Attempt> {
    let attempt = |one: &Received| match one.request() {
        Some(Ok(Request::Grant(grant))) if wanted(&grant) => Some(Attempt {
            arrived: one.at(),
            ended: one.ended(),
            outcome: outcome(one),
            content: content(&grant),
        }),
        _ => None,
    };
    received.iter().filter_map(attempt).collect()
}

/// The content of a grant: equal for equal requests, whatever the order of
/// their members and the spelling of their JSON.
pub fn content(grant: &GrantAccess) -> Content {
    // A struct of texts is always JSON.
    Content::new(serde_json::to_string(grant).unwrap_or_default())
}

fn outcome(one: &Received) -> Outcome {
    match one.sent() {
        Sent::Answer { status: 200, .. } if one.reference_id().is_some() => Outcome::Success,
        Sent::Answer { status: 504, .. } | Sent::Nothing | Sent::Open => Outcome::UpstreamTimeout,
        Sent::Answer { status: 429 | 503, retry_after: Some(wait) } => Outcome::Later(wait),
        Sent::Answer { status, .. } if (400..500).contains(&status) => Outcome::Refused(status),
        Sent::Answer { .. } | Sent::Unreadable => Outcome::Broken,
    }
}
