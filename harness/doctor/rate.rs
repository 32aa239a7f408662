//! Whether the subject has calls left for a run.

use std::time::Duration;

use super::diagnosis::{Check, Heading};
use crate::harness::result::{Exchange, Received};
use crate::vendors::dialect::Dialect;

/// About as many calls as a run over every criterion makes.
const CALLS_OF_A_RUN: u32 = 600;
/// The longest that a run may take for the sake of a rate limit.
const LONGEST_RUN: Duration = Duration::from_secs(24 * 3600);

/// Headers by which vendors tell what is left, in their usual spellings.
const REMAINING: [&str; 3] = ["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"];

/// Reads what the profile and the answers say of a limit.
pub(super) fn look(dialect: &Dialect, exchanges: &[Exchange]) -> Check {
    let todo = "wait until the span is over, see who else uses these credentials, or have the limit raised for the run";
    for exchange in exchanges.iter().rev() {
        if let Some(0) = remaining(exchange) {
            let seen = format!("{} was answered with no call left in this span", exchange.request.url);
            return Check::wrong(Heading::RateLimit, seen, todo).shown_by(vec![exchange.id.clone()]);
        }
    }
    let Some(rate) = dialect.limits.rate else {
        return Check::ok(
            Heading::RateLimit,
            "no call was refused as one too many; the profile documents no limit",
        );
    };
    let took = rate.per.saturating_mul(CALLS_OF_A_RUN / rate.calls.max(1));
    let told = format!("{} calls in {} s by the profile", rate.calls, rate.per.as_secs());
    if took > LONGEST_RUN {
        let seen =
            format!("{told}: a run of about {CALLS_OF_A_RUN} calls would take {} h", took.as_secs() / 3600);
        return Check::wrong(
            Heading::RateLimit,
            seen,
            "have the limit raised for the run, and write it in the profile",
        );
    }
    Check::ok(Heading::RateLimit, format!("{told}, and no call was refused as one too many"))
}

fn remaining(exchange: &Exchange) -> Option<u64> {
    let Received::Answer { headers, .. } = &exchange.response else { return None };
    let told = headers.iter().find(|(name, _)| REMAINING.contains(&name.to_ascii_lowercase().as_str()))?;
    told.1.trim().parse().ok()
}
