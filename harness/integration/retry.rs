//! The rule of repeating: when, how often, and what must hold before a
//! creation whose answer was lost is sent again.
//!
//! "Retry every 3–5 minutes for a minimum of 30 minutes or until success.
//! After 30 minutes of retries, if issues persist, contact Inlet support"
//! (API integration guide, 3.2 step 4).

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::failure::{Escalation, Failed};
use super::plan::Course;
use super::{Integration, Retries};
use crate::harness::result::{Attempt, Timeline};
use crate::vendors::dialect::{Operation, Repeat};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Instant, Meaning};

/// Inlet's gaps, from the start or the end of an attempt to the next start.
const GAP: (Duration, Duration) = (Duration::from_secs(180), Duration::from_secs(300));
/// Kept away from both ends, so that a clock that differs a little sees it inside too.
const MARGIN: Duration = Duration::from_secs(5);
/// For at least so long after the first attempt.
const AT_LEAST: Duration = Duration::from_secs(1_800);
/// Repetitions of a call that was refused as busy or as one too many.
const SHORT_RETRIES: u32 = 3;
/// Longest wait that a vendor may ask of us.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Longest wait that is honoured where nothing else is repeated: whoever asks
/// without a rule of repeating waits for the outcome.
const LONGEST_COURTESY: Duration = Duration::from_secs(120);
/// A pause after a refusal as busy, or as one too many, that names no time.
const COURTESY: Duration = Duration::from_secs(10);

/// Draws the gaps between attempts.
pub(super) struct Schedule(StdRng);

impl Schedule {
    /// The schedule of the `nth` call that is repeated under `seed`.
    pub fn new(seed: u64, nth: u64) -> Self {
        Self(StdRng::seed_from_u64(seed ^ nth.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// From the start of an attempt that took `took` to the start of the next:
    /// inside the rule whether counted from its start or from its end. An
    /// attempt too long for both is counted from its end.
    pub fn gap(&mut self, took: Duration) -> Duration {
        let (low, high) = (GAP.0 + MARGIN + took, GAP.1 - MARGIN);
        let high = if low + MARGIN <= high { high } else { high + took };
        Duration::from_millis(self.0.random_range(as_ms(low)..=as_ms(high)))
    }

    /// A pause after a refusal as busy: 2 to 10 seconds.
    fn short(&mut self) -> Duration {
        Duration::from_millis(self.0.random_range(2_000..=10_000))
    }
}

fn as_ms(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// Whether an operation only reads, so that repeating it changes nothing.
pub(super) fn only_reads(operation: &Operation) -> bool {
    matches!(
        operation.meaning(),
        Meaning::GetToken
            | Meaning::RefreshToken
            | Meaning::OpenSession
            | Meaning::ListGroups
            | Meaning::GetGroup
            | Meaning::ListLocks
            | Meaning::GetLock
            | Meaning::ListPins
            | Meaning::GetPin
            | Meaning::ListMobile
            | Meaning::PollJob
    )
}

/// What is done about a failure.
enum Next {
    GiveUp,
    /// After a wait on the subject's clock.
    Shortly(Duration),
    /// By Inlet's rule.
    ByTheRule,
}

impl Integration {
    /// One exchange under the rule of repeating.
    pub(super) async fn attempt(
        &self,
        operation: &Operation,
        repeat: &Repeat,
        facts: &Facts,
        course: &mut Course,
    ) -> Result<Facts, Failed> {
        let Retries::InletRule { seed } = self.retries else {
            return self.politely(operation, facts, course).await;
        };
        let mut schedule = Schedule::new(seed, self.shared.next_draw());
        let mut line = Line::new(self, operation);
        let (mut short, mut ambiguous, mut settled) = (0, false, false);
        loop {
            let started = self.shared.clocks.harness.now();
            let outcome = if ambiguous {
                self.again(operation, repeat, facts, course).await
            } else {
                self.cleared(operation, facts, &course.trace).await
            };
            line.note(started, &outcome, course);
            let failed = match outcome {
                Ok(answer) => {
                    line.finish(None);
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            ambiguous |= failed.ambiguous;
            match self.next(&failed, short, &mut schedule) {
                Next::GiveUp => {
                    line.finish(None);
                    return Err(failed);
                }
                Next::Shortly(wait) => {
                    short += 1;
                    self.shared.clocks.subject.sleep(wait).await;
                }
                Next::ByTheRule => {
                    if ambiguous && !may_repeat(operation, repeat) {
                        line.finish(None);
                        return Err(unrepeatable(failed));
                    }
                    let now = self.shared.clocks.harness.now();
                    if started.since(line.first) >= AT_LEAST {
                        return Err(self.escalated(failed, line, facts, now));
                    }
                    let gap = schedule.gap(now.since(started));
                    self.shared.clocks.harness.sleep_until(started + gap).await;
                    if ambiguous && !settled {
                        self.shared.clocks.subject.sleep(self.settling).await;
                        settled = true;
                    }
                }
            }
        }
    }

    /// One exchange; a second after the wait that a documented refusal as busy
    /// or as one call too many asks for, since the load may be another client's.
    /// Nothing else is repeated, and nothing at all for who disregards the rate.
    async fn politely(&self, operation: &Operation, facts: &Facts, course: &Course) -> Result<Facts, Failed> {
        let outcome = self.cleared(operation, facts, &course.trace).await;
        let wait = match &outcome {
            Err(failed) if self.paced && self.patient => self.courtesy(failed),
            _ => None,
        };
        let Some(wait) = wait else { return outcome };
        self.shared.clocks.subject.sleep(wait).await;
        self.cleared(operation, facts, &course.trace).await
    }

    /// How long a refusal asks us to wait, where that is not too long.
    fn courtesy(&self, failed: &Failed) -> Option<Duration> {
        let documented = match failed.kind() {
            FailureKind::RateLimited => self.shared.dialect.limits.longest_span(&failed.failure.operation),
            FailureKind::Busy => None,
            _ => return None,
        };
        let wait = failed.failure.retry_after.or(documented).unwrap_or(COURTESY);
        (wait <= LONGEST_COURTESY).then_some(wait)
    }

    fn next(&self, failed: &Failed, short: u32, schedule: &mut Schedule) -> Next {
        let told = failed.failure.retry_after.map(|wait| wait.min(LONGEST_WAIT));
        match failed.kind() {
            FailureKind::UpstreamTimeout => Next::ByTheRule,
            _ if short >= SHORT_RETRIES => Next::GiveUp,
            FailureKind::RateLimited => {
                let limits = &self.shared.dialect.limits;
                let documented =
                    limits.longest_span(&failed.failure.operation).map(|span| span.min(LONGEST_WAIT));
                Next::Shortly(told.or(documented).unwrap_or_else(|| schedule.short()))
            }
            FailureKind::Busy => Next::Shortly(told.unwrap_or_else(|| schedule.short())),
            FailureKind::Server if failed.failure.transport.is_none() => {
                told.map_or(Next::GiveUp, Next::Shortly)
            }
            _ => Next::GiveUp,
        }
    }

    /// Sends again what may have been carried out already.
    async fn again(
        &self,
        operation: &Operation,
        repeat: &Repeat,
        facts: &Facts,
        course: &mut Course,
    ) -> Result<Facts, Failed> {
        match repeat {
            Repeat::Find { operation: listing, by } => {
                match self.find_once(listing, by, facts, course).await? {
                    Some(existing) => Ok(existing),
                    None => self.cleared(operation, facts, &course.trace).await,
                }
            }
            Repeat::Refused { operation: listing, by } => {
                let outcome = self.cleared(operation, facts, &course.trace).await;
                match (outcome, listing) {
                    (Err(failed), Some(listing)) if failed.kind() == FailureKind::Conflict => {
                        self.find_once(listing, by, facts, course).await?.ok_or(failed)
                    }
                    (Err(failed), None) if failed.kind() == FailureKind::Conflict => Ok(Facts::new()),
                    (outcome, _) => outcome,
                }
            }
            Repeat::Idempotent | Repeat::Unsafe => self.cleared(operation, facts, &course.trace).await,
        }
    }

    /// Tells support, in the one form in which it can act on it.
    fn escalated(&self, mut failed: Failed, line: Line<'_>, facts: &Facts, now: Instant) -> Failed {
        let attempts = u32::try_from(line.attempts.len()).unwrap_or(u32::MAX);
        let about = |field: &Field| facts.text(field).unwrap_or("-").to_owned();
        let message = format!(
            "{now}: {} did not succeed in {attempts} attempts since {}; lock {}, group {}, reference {}; last error: {}",
            line.operation.name(),
            line.first,
            about(&Field::LockId),
            about(&Field::GroupId),
            about(&Field::UserReference),
            failed.failure,
        );
        failed.failure.escalation = Some(Escalation { at: now, attempts, message });
        line.finish(Some(now));
        failed
    }
}

fn may_repeat(operation: &Operation, repeat: &Repeat) -> bool {
    only_reads(operation) || *repeat != Repeat::Unsafe
}

fn unrepeatable(mut failed: Failed) -> Failed {
    failed.failure.message.push_str(
        "; it cannot be sent again, because it may have been carried out and the vendor offers none of the three: \
         repeating idempotently, refusing the duplicate, or finding it by listing",
    );
    failed
}

/// The attempts of one exchange, for the timeline.
struct Line<'a> {
    integration: &'a Integration,
    operation: &'a Operation,
    first: Instant,
    attempts: Vec<Attempt>,
}

impl<'a> Line<'a> {
    fn new(integration: &'a Integration, operation: &'a Operation) -> Self {
        let first = integration.shared.clocks.harness.now();
        Self { integration, operation, first, attempts: Vec::new() }
    }

    fn note(&mut self, started: Instant, outcome: &Result<Facts, Failed>, course: &Course) {
        let outcome = match outcome {
            Ok(_) => "done",
            Err(failed) => failed.kind().as_str(),
        };
        let exchange = course.trace.last();
        self.attempts.push(Attempt {
            at_s: started.since(self.first).as_secs(),
            outcome: outcome.to_owned(),
            exchange,
        });
    }

    /// Keeps the timeline of what was attempted more than once.
    fn finish(self, escalated: Option<Instant>) {
        if self.attempts.len() < 2 && escalated.is_none() {
            return;
        }
        self.integration.shared.recorder.record_timeline(Timeline {
            title: self.operation.name().to_owned(),
            attempts: self.attempts,
            escalated_at_s: escalated.map(|at| at.since(self.first).as_secs()),
        });
    }
}

/// A value of a fact that two sides may write with different care.
pub(super) fn agrees(known: Option<&Datum>, found: Option<&Datum>, unit: Option<Duration>) -> bool {
    match (known, found) {
        (Some(Datum::Instant(known)), Some(Datum::Instant(found))) => {
            let unit = unit.unwrap_or(Duration::from_secs(1));
            found == known || *found == known.floor(unit) || *found == known.ceil(unit)
        }
        (Some(known), Some(found)) => known == found,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A simulated half hour in which nothing ever succeeds, judged as
        /// Inlet judges its partners.
        #[test]
        fn every_schedule_obeys_the_rule(seed: u64, nth in 0_u64..1000, took in 0_u64..=60) {
            let took = Duration::from_secs(took);
            let mut schedule = Schedule::new(seed, nth);
            let mut starts = vec![Duration::ZERO];
            while starts.last().is_some_and(|last| *last < AT_LEAST) {
                let gap = schedule.gap(took);
                prop_assert!(gap >= GAP.0 && gap <= GAP.1, "{gap:?} from the start");
                prop_assert!(gap - took >= GAP.0 && gap - took <= GAP.1, "{gap:?} from the answer");
                starts.push(starts.last().copied().unwrap_or_default() + gap);
            }
            let last = starts.last().copied().unwrap_or_default();
            let early = starts.iter().filter(|start| **start <= AT_LEAST).count();
            prop_assert!(last >= AT_LEAST);
            prop_assert!((7..=11).contains(&early), "{early} attempts within the half hour");
            let escalated = last + took;
            prop_assert!(escalated >= AT_LEAST && escalated <= Duration::from_secs(2_400));
        }

        #[test]
        fn a_very_long_attempt_is_counted_from_its_answer(seed: u64, took in 110_u64..3000) {
            let took = Duration::from_secs(took);
            let gap = Schedule::new(seed, 0).gap(took) - took;
            prop_assert!(gap >= GAP.0 && gap <= GAP.1);
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_gaps() {
        let draw = |nth| {
            let mut schedule = Schedule::new(7, nth);
            [0, 30, 0].map(|took| schedule.gap(Duration::from_secs(took)))
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
