//! Whether both sides agree on the time, by the `Date` of answers (RFC 9110, 6.6.1).

use std::time::Duration;

use super::diagnosis::{Check, Heading};
use crate::harness::result::{Exchange, Received};
use crate::vendors::vocabulary::Instant;

/// The largest difference that changes no verdict: windows begin and end by
/// minutes, tokens are renewed a minute early.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Holds the smallest difference of all answers against the tolerance.
pub(super) fn look(exchanges: &[Exchange]) -> Check {
    let differences = exchanges.iter().filter_map(|exchange| Some((difference(exchange)?, exchange)));
    let Some(((span, ahead), exchange)) = differences.min_by_key(|((span, _), _)| *span) else {
        return Check::ok(
            Heading::Clock,
            "no answer tells the time (no Date header), and none refused us for ours",
        );
    };
    let seen = format!(
        "the subject's clock is {} s {} ours",
        span.as_secs(),
        if ahead { "ahead of" } else { "behind" }
    );
    if span <= TOLERANCE {
        return Check::ok(Heading::Clock, seen);
    }
    let todo = "set this machine's clock by a time server; where it is right, the subject's clock is wrong: validity \
                windows cannot be judged while the two differ";
    Check::wrong(Heading::Clock, seen, todo).shown_by(vec![exchange.id.clone()]).stopping()
}

/// How far the subject's clock is from ours, and whether it is ahead.
fn difference(exchange: &Exchange) -> Option<(Duration, bool)> {
    let Received::Answer { headers, .. } = &exchange.response else { return None };
    let header = |name: &str| headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    let (_, date) = header("date")?;
    let told = Instant::from_timestamp(jiff::fmt::rfc2822::parse(date.trim()).ok()?.timestamp());
    // What a cache kept is older by its age.
    let age = header("age")
        .and_then(|(_, age)| age.trim().parse().ok())
        .map_or(Duration::ZERO, Duration::from_secs);
    let (told, sent) = (told + age, exchange.at);
    let answered = sent + Duration::from_millis(exchange.took_ms);
    if told > answered {
        return Some((told.since(answered), true));
    }
    // The header is exact to the second.
    Some((sent.since(told + Duration::from_secs(1)), false))
}
