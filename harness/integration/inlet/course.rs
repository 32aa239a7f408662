//! What is to be done about a booking, and what an outcome makes of it. Pure:
//! the present comes in, a call or a new state comes out.

use std::time::Duration;

use super::booking::Wanted;
use super::held::Held;
use super::record::{Call, Line, Record, Request};
use crate::vendors::inlet::{Granted, Operation, RevokeAccess};
use crate::vendors::vocabulary::Instant;

/// Support is told so long after the first attempt. Inlet asks for 30 minutes
/// or more (API integration guide, 3.2 step 4); a minute later no clock that
/// differs a little sees it come early, and 40 minutes are far.
pub(super) const ESCALATE_AFTER: Duration = Duration::from_secs(1_860);
/// Attempts go on for so long, also after support was told; then staff decide.
pub(super) const GIVE_UP_AFTER: Duration = Duration::from_secs(2 * 3_600);
/// Until the next try to tell support, where the mail could not be sent.
const NEXT_MAIL: Duration = Duration::from_secs(60);

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was granted, or changed.
    Granted(Granted),
    /// It was withdrawn.
    Withdrawn,
    /// It was cut off and may have been carried out: an upstream timeout, a
    /// connection that ended, an answer that cannot be read.
    CutOff(String),
    /// Too much is asked at once; how long to wait, where that was told.
    Busy(Option<Duration>, String),
    /// Our credentials are not accepted.
    Stopped(String),
    /// Inlet does not know the access.
    Gone(String),
    /// It is refused, and waiting does not mend it.
    Refused(String),
}

impl Record {
    /// The next step towards what is wanted; `None` where Inlet is there already.
    fn step(&self, now: Instant) -> Option<Step> {
        match (&self.wanted, &self.held) {
            (None, None) => None,
            (None, Some(held)) => revoke(held, now),
            (Some(wanted), None) => (!wanted.period.is_over(now)).then(|| Step::grant(wanted)),
            (Some(wanted), Some(held)) if *wanted == held.wanted => None,
            (Some(wanted), Some(held)) if !wanted.period.may_be_sent(now) => revoke(held, now),
            (Some(wanted), Some(held)) => match wanted.update(&held.wanted, &held.reference_id) {
                Some(update) => Some(Step { request: Request::Update(update), wanted: Some(wanted.clone()) }),
                None => revoke(held, now),
            },
        }
    }

    /// Takes note of what is wanted now. Whatever was pending is overtaken: a
    /// repetition keeps its time and sends what is wanted then. The same again
    /// changes nothing: what was refused is not sent unchanged.
    pub fn want(&mut self, wanted: Option<Wanted>, now: Instant) {
        if self.wanted != wanted {
            self.wanted = wanted;
            self.send_again(now);
        }
    }

    /// Lets what is stuck go on, because somebody says that it can.
    pub fn send_again(&mut self, now: Instant) {
        self.stuck = None;
        self.plan(now);
    }

    /// Sets when the next attempt is due.
    fn plan(&mut self, now: Instant) {
        if self.line.as_ref().is_some_and(|line| line.in_flight) {
            return;
        }
        let step = self.step(now).filter(|_| self.stuck.is_none());
        let operation = step.as_ref().map(|step| step.request.operation());
        let goes_on = self.line.as_ref().is_some_and(|line| Some(line.operation) == operation);
        if !goes_on && self.stuck.is_none() {
            self.end_line();
        }
        self.due = step.map(|step| {
            let soonest = match &step.request {
                Request::Grant(_) => step.wanted.map_or(now, |wanted| wanted.period.sent_from()),
                Request::Update(_) | Request::Revoke(_) => now,
            };
            let pending = self.due.filter(|_| goes_on);
            pending.unwrap_or(now).max(soonest)
        });
    }

    fn end_line(&mut self) {
        self.line = None;
        self.escalate = None;
        self.escalated = None;
    }

    /// The call that is due, noted as under way.
    pub fn begin(&mut self, now: Instant) -> Option<Call> {
        let due = self.due.is_some_and(|due| due <= now);
        let idle = !self.line.as_ref().is_some_and(|line| line.in_flight);
        if !due || !idle || self.stuck.is_some() {
            return None;
        }
        let Some(Step { request, wanted }) = self.step(now) else {
            // What was wanted is over.
            self.plan(now);
            return None;
        };
        let operation = request.operation();
        let new = || Line {
            operation,
            first: now,
            started: now,
            attempts: 0,
            in_flight: false,
            cut_off: 0,
            error: String::new(),
        };
        if self.line.as_ref().is_some_and(|line| line.operation != operation) {
            self.end_line();
        }
        let line = self.line.get_or_insert_with(new);
        line.started = now;
        line.attempts += 1;
        line.in_flight = true;
        // Until its outcome is known the next attempt is due as if it were lost.
        self.due = None;
        Some(Call { request, wanted, started: now, attempt: line.attempts })
    }

    /// A call that was begun is not sent after all, since calls have stopped: it is
    /// no attempt, and due as before.
    pub fn withhold(&mut self, now: Instant) {
        let Some(line) = &mut self.line else { return };
        line.in_flight = false;
        line.attempts = line.attempts.saturating_sub(1);
        if line.attempts == 0 {
            self.end_line();
        }
        self.due = Some(now);
        self.plan(now);
    }

    /// What an outcome makes of the booking. `gap` leads from the start of the
    /// attempt to the start of the next by the retry rule.
    pub fn settle(&mut self, call: &Call, outcome: Outcome, now: Instant, gap: Duration) {
        if let Some(line) = &mut self.line {
            line.in_flight = false;
        }
        let by_the_rule = call.started + gap;
        match outcome {
            Outcome::Granted(answer) => self.acknowledge(call, answer),
            Outcome::Withdrawn => self.release(),
            Outcome::Gone(_) if call.request.operation() != Operation::GrantAccess => self.release(),
            Outcome::CutOff(error) => {
                self.note(error, true);
                self.wait_until(by_the_rule, now);
            }
            Outcome::Busy(wait, error) => {
                self.note(error, false);
                self.wait_until(wait.map_or(by_the_rule, |wait| now + wait.max(least(call.attempt))), now);
            }
            Outcome::Stopped(error) => {
                self.note(error, false);
                self.due = Some(now);
            }
            Outcome::Gone(error) | Outcome::Refused(error) => self.refuse(call, error, now),
        }
        self.plan(now);
    }

    fn acknowledge(&mut self, call: &Call, answer: Granted) {
        let before = self.held.take();
        if let Some(wanted) = call.wanted.clone() {
            self.held = Some(Held::after(answer, wanted, before));
        }
        self.end_line();
        self.due = None;
    }

    fn release(&mut self) {
        self.held = None;
        self.end_line();
        self.due = None;
    }

    fn note(&mut self, error: String, cut_off: bool) {
        let Some(line) = &mut self.line else { return };
        line.error = error;
        line.cut_off += u32::from(cut_off);
        if cut_off && self.escalated.is_none() {
            self.escalate.get_or_insert(line.first + ESCALATE_AFTER);
        }
    }

    fn wait_until(&mut self, due: Instant, now: Instant) {
        let first = self.line.as_ref().map_or(now, |line| line.first);
        if now.since(first) >= GIVE_UP_AFTER {
            let error = self.line.as_ref().map_or("", |line| line.error.as_str());
            self.stuck = Some(format!("given up after {} hours: {error}", GIVE_UP_AFTER.as_secs() / 3_600));
        }
        self.due = Some(due);
    }

    /// A refusal of what is still wanted stands until somebody changes it; one
    /// of what was overtaken meanwhile says nothing of the new.
    fn refuse(&mut self, call: &Call, error: String, now: Instant) {
        let same = self.step(now).is_some_and(|step| step.request == call.request);
        if same {
            self.stuck = Some(error.clone());
        }
        self.note(error, false);
        let cut_off = self.line.as_ref().is_some_and(|line| line.cut_off > 0);
        if !cut_off || !same {
            self.end_line();
        }
        self.due = None;
    }

    /// After a restart: an attempt without outcome is one that was cut off.
    pub fn recover(&mut self, now: Instant, gap: Duration) {
        let Some(line) = self.line.as_mut().filter(|line| line.in_flight) else { return };
        line.in_flight = false;
        let due = line.started + gap;
        self.note("we were restarted before the answer came".to_owned(), true);
        self.due = Some(due);
        self.plan(now);
    }

    /// Whether support is to be told now.
    pub fn escalation_is_due(&self, now: Instant) -> bool {
        self.escalate.is_some_and(|at| at <= now)
    }

    /// Support was told at `told`; where it could not be told, it is tried again
    /// a minute after `failed`.
    pub fn escalation_told(&mut self, told: Option<Instant>, failed: Option<Instant>) {
        self.escalated = told.or(self.escalated);
        self.escalate = self.escalate.and(failed).map(|failed| failed + NEXT_MAIL);
    }
}

/// The least wait after the nth refusal as busy: whoever says "now" again and
/// again is asked ever more rarely.
fn least(attempt: u32) -> Duration {
    Duration::from_secs(2_u64.saturating_pow(attempt).min(240))
}

struct Step {
    request: Request,
    wanted: Option<Wanted>,
}

impl Step {
    fn grant(wanted: &Wanted) -> Self {
        Self { request: Request::Grant(wanted.grant()), wanted: Some(wanted.clone()) }
    }
}

/// An access that is over opens nothing; there is nothing to withdraw.
fn revoke(held: &Held, now: Instant) -> Option<Step> {
    if held.wanted.period.is_over(now) {
        return None;
    }
    let request = Request::Revoke(RevokeAccess { reference_id: held.reference_id.clone() });
    Some(Step { request, wanted: None })
}
