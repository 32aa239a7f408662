//! The periods that calls ask for, whether they are granted or not.

use std::collections::BTreeMap;

use crate::harness::partner::Arrival;
use crate::vendors::inlet::{Moment, Request};
use crate::vendors::vocabulary::Window;

/// A period that a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The number of the call.
    pub number: u64,
    /// From when to when; an update that names one end leaves the other as it was.
    pub window: Window,
}

/// What the calls ask for, oldest first. What cannot be read asks for nothing
/// here, and an update of an access that nobody was granted neither.
pub(super) fn asked(arrivals: &[Arrival]) -> Vec<Asked> {
    let mut granted = Granted::default();
    let calls = arrivals.iter().filter_map(|call| {
        let succeeded = call.status() == Some(200);
        let reference_id = call.received.reference_id().filter(|_| succeeded);
        let window = granted.ask(&call.request()?, reference_id)?;
        Some(Asked { number: call.received.number(), window })
    });
    calls.collect()
}

/// The periods of what was granted so far, by `ReferenceId`.
#[derive(Default)]
struct Granted(BTreeMap<String, Window>);

impl Granted {
    /// The period that a request asks for; `reference_id` is what its answer names
    /// where it succeeded.
    fn ask(&mut self, request: &Request, reference_id: Option<String>) -> Option<Window> {
        let instant = |at: Option<Moment>| at.map(Moment::instant);
        let window = match request {
            Request::Grant(grant) => Window::new(grant.from.instant(), grant.to.instant()),
            Request::Update(update) if update.from.is_none() && update.to.is_none() => return None,
            Request::Update(update) => {
                let before = self.0.get(&update.reference_id);
                let from = instant(update.from).or(before.map(|window| window.from))?;
                Window::new(from, instant(update.to).or(before.map(|window| window.until))?)
            }
            Request::Pulse(_) | Request::Revoke(_) => return None,
        };
        if let Some(reference_id) = reference_id {
            self.0.insert(reference_id, window);
        }
        Some(window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::inlet::Operation;
    use crate::vendors::vocabulary::Instant;

    fn request(operation: Operation, body: &str) -> Request {
        Request::read(operation, body.as_bytes()).unwrap()
    }

    fn grant(from: &str, to: &str) -> Request {
        let body = format!(r#"{{"operation":"code","lockId":"7","from":"{from}","to":"{to}"}}"#);
        request(Operation::GrantAccess, &body)
    }

    fn update(change: &str) -> Request {
        request(Operation::UpdateAccess, &format!(r#"{{"ReferenceId":"r",{change}}}"#))
    }

    fn days(window: Option<Window>) -> Option<i64> {
        let days = |at: Instant| at.epoch_ms() / 86_400_000;
        window.map(|window| days(window.until) - days(window.from))
    }

    #[test]
    fn an_update_leaves_the_end_that_it_does_not_name() {
        let mut granted = Granted::default();
        let reference = || Some("r".to_owned());
        let first = grant("2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z");
        assert_eq!(days(granted.ask(&first, reference())), Some(1));
        // Refused, and asked for all the same; nothing comes of it.
        assert_eq!(days(granted.ask(&update(r#""to":"2028-04-04T00:00:00Z""#), None)), Some(400));
        assert_eq!(days(granted.ask(&update(r#""from":"2027-02-27T00:00:00Z""#), reference())), Some(3));
        assert_eq!(days(granted.ask(&update(r#""to":"2027-03-04T00:00:00Z""#), reference())), Some(5));
        assert_eq!(granted.ask(&update(r#""email":"ada@example.org""#), reference()), None);
    }

    #[test]
    fn nothing_is_said_of_an_access_that_nobody_was_granted() {
        let mut granted = Granted::default();
        assert_eq!(granted.ask(&update(r#""to":"2027-03-04T00:00:00Z""#), None), None);
        assert_eq!(granted.ask(&request(Operation::RevokeAccess, r#"{"ReferenceId":"r"}"#), None), None);
    }
}
