//! What every loss is held to, whatever was created: that it took place, that our
//! own side kept to Inlet's rule of retrying, and that it ended well.

use std::time::Duration;

use super::resilience::Outcome;
use super::world::LockVendor;
use crate::harness::integration::CallFailure;
use crate::harness::result::{Exchange, Received};
use crate::harness::trial::{Step, Stop};

/// A verdict may rest on a loss only where it took place.
pub(super) fn was_lost(world: &LockVendor, outcome: &Outcome) -> Step {
    let attempts: Vec<&Exchange> =
        outcome.exchanges.iter().filter(|exchange| exchange.operation == outcome.operation).collect();
    let lost = attempts.iter().any(|exchange| matches!(exchange.response, Received::Nothing { .. }));
    if !lost {
        return Err(Stop::Inconclusive(format!(
            "the answer to `{}` was not lost as planned",
            outcome.operation
        )));
    }
    let first = attempts.first().map(|exchange| exchange.at);
    let times = attempts
        .iter()
        .map(|exchange| format!("{} s", first.map_or(0, |first| exchange.at.since(first).as_secs())));
    world.remark(format!("`{}` was sent at {}", outcome.operation, times.collect::<Vec<_>>().join(", ")));
    Ok(())
}

/// Inlet's gap between two attempts (API integration guide, 3.2 step 4).
const GAP: (Duration, Duration) = (Duration::from_secs(180), Duration::from_secs(300));

/// Our own side must have kept to the rule, or the verdict rests on something
/// else than the rule. Only a simulated world has one clock for both sides.
pub(super) fn by_the_rule(world: &LockVendor, outcome: &Outcome) -> Step {
    if !world.bench()?.is_simulated() {
        return Ok(());
    }
    match broken_gap(&outcome.exchanges, &outcome.operation) {
        None => Ok(()),
        Some(gap) => Err(Stop::Error(format!(
            "`{}` was repeated {} s after its lost attempt, the rule says {} to {} s",
            outcome.operation,
            gap.as_secs(),
            GAP.0.as_secs(),
            GAP.1.as_secs()
        ))),
    }
}

/// A time from the start of a lost attempt to whatever came next (the repeated
/// call, or what is looked up before it) that the rule does not allow.
fn broken_gap(exchanges: &[Exchange], operation: &str) -> Option<Duration> {
    exchanges.iter().zip(exchanges.iter().skip(1)).find_map(|(lost, next)| {
        let was_lost = lost.operation == operation && matches!(lost.response, Received::Nothing { .. });
        let gap = next.at.since(lost.at);
        (was_lost && !(GAP.0..=GAP.1).contains(&gap)).then_some(gap)
    })
}

/// What a creation came to in the end, which must be an access.
pub(super) fn ended<T: Clone>(operation: &str, result: &Result<T, CallFailure>) -> Result<T, Stop> {
    result.clone().map_err(|failure| match &failure.escalation {
        Some(escalation) => Stop::fail(
            format!("after a lost answer to `{operation}` repeating never led to success"),
            "one access in the end",
            format!("{failure}; {} attempts, support was told", escalation.attempts),
        ),
        None => match Stop::unexpected(&format!("creating after a lost answer to `{operation}`"), &failure) {
            Stop::Inconclusive(reason) => Stop::Inconclusive(reason),
            _ => Stop::fail(
                format!("after a lost answer to `{operation}` there is no access"),
                "one access in the end",
                failure.to_string(),
            ),
        },
    })
}

/// One guest ended with more than one access.
pub(super) fn several(operation: &str, observed: String) -> Stop {
    Stop::fail(
        format!("a lost answer to `{operation}` led to more than one access"),
        "exactly one access",
        observed,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::result::{SentRequest, TransportFailure};
    use crate::vendors::vocabulary::Instant;

    fn exchange(operation: &str, second: i64, lost: bool) -> Exchange {
        let request = SentRequest {
            method: "POST".to_owned(),
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
        };
        let nothing = Received::Nothing { why: TransportFailure::Reset, detail: String::new() };
        let answer = Received::Answer {
            status: 200,
            headers: Vec::new(),
            body: String::new(),
            failure: None,
            undocumented: None,
        };
        Exchange {
            id: format!("x-{second}"),
            criterion: None,
            operation: operation.to_owned(),
            at: Instant::from_epoch_ms(second * 1000),
            took_ms: 0,
            request,
            response: if lost { nothing } else { answer },
        }
    }

    #[test]
    fn attempts_must_be_three_to_five_minutes_apart() {
        for (second, kept) in [(179, false), (180, true), (300, true), (301, false)] {
            let looked_up = [exchange("set", 0, true), exchange("list", second, false)];
            assert_eq!(broken_gap(&looked_up, "set").is_none(), kept, "{second}");
        }
        let unhurried = [exchange("user", 0, false), exchange("set", 1, false)];
        assert_eq!(broken_gap(&unhurried, "set"), None);
    }
}
