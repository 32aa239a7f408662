//! Which validity windows are taken, and what becomes of them.

use std::time::Duration;

use super::{Call, Quirk, Refusal, World};
use crate::vendors::profile::Rounding;
use crate::vendors::vocabulary::{Cause, Facts, Field, Instant, Meaning, Window};

/// A window without an end lasts this long.
const UNLIMITED: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl World {
    /// Reads a window from a request. A start that is not given is now, an end
    /// lies far off; both are exact to the unit, as the caller could not make
    /// them so.
    pub(super) fn asked_window(&self, facts: &Facts, from: &Field, until: &Field, unit: Duration) -> Window {
        let now = self.shown_now().floor(unit);
        let start = facts.instant(from).unwrap_or(now);
        Window::new(start, facts.instant(until).unwrap_or((start.max(now) + UNLIMITED).floor(unit)))
    }

    /// To what the vendor keeps the ends of a window.
    pub(super) fn window_unit(&self) -> Duration {
        self.limits.window.unit.unwrap_or(Duration::from_secs(1))
    }

    /// Checks and rounds the window of something new by the vendor's rules.
    pub(super) fn admit_window(&self, asked: Window) -> Result<Window, Refusal> {
        let begun = asked.from < self.shown_now();
        if self.limits.window.starts_in_future && begun && !self.is(Quirk::AcceptsBegunWindow) {
            return Err(refused("the window has begun already"));
        }
        self.admit_ends(asked)
    }

    /// The same for a change: what has begun may keep its start.
    pub(super) fn admit_changed(&self, asked: Window, before: Window) -> Result<Window, Refusal> {
        if asked.from == before.from { self.admit_ends(asked) } else { self.admit_window(asked) }
    }

    fn admit_ends(&self, asked: Window) -> Result<Window, Refusal> {
        if !asked.is_ordered() && !self.is(Quirk::AcceptsEndBeforeStart) {
            return Err(refused("the window ends before it starts"));
        }
        let limits = &self.limits.window;
        let window = round(asked, self.window_unit(), limits.rounding)?;
        if window.until <= self.shown_now() && asked.is_ordered() && !self.is(Quirk::AcceptsPastWindow) {
            return Err(refused("the window lies in the past"));
        }
        if asked.is_ordered() && !window.is_ordered() {
            return Err(refused("the window is shorter than the lock can keep"));
        }
        let lasts = window.until.since(window.from);
        if !asked.is_ordered() {
            return Ok(window);
        }
        if let Some(min) = limits.min.filter(|min| lasts < *min && !self.is(Quirk::AcceptsShortWindow)) {
            return Err(refused(format!("a window lasts {} seconds at least", min.as_secs())));
        }
        match limits.max {
            Some(max) if lasts > max && !self.is(Quirk::AcceptsAnyWindowLength) => {
                Err(refused(format!("a window lasts {} seconds at most", max.as_secs())))
            }
            _ => Ok(window),
        }
    }

    /// Refuses a window that the call does not take, though another might.
    pub(super) fn check_terms(&self, call: Call, asked: &Facts) -> Result<(), Refusal> {
        let (shortest, longest) = (call.terms.shortest, call.terms.longest);
        if shortest.or(longest).is_none() {
            return Ok(());
        }
        let (from, until) = match call.meaning {
            Meaning::AlgoPin => (Field::AlgoFrom, Field::AlgoUntil),
            Meaning::CreateMobile => (Field::MobileFrom, Field::MobileUntil),
            _ => (Field::AccessFrom, Field::AccessUntil),
        };
        let window = self.asked_window(asked, &from, &until, self.window_unit());
        let lasts = window.until.since(window.from);
        // One that ends before it starts is refused as such.
        if window.is_ordered() && shortest.is_some_and(|shortest| lasts < shortest) {
            return Err(refused("the window is shorter than this call takes"));
        }
        if window.is_ordered() && longest.is_some_and(|longest| lasts > longest) {
            return Err(refused("the window is longer than this call takes"));
        }
        Ok(())
    }

    /// The window as the lock keeps it; a quirk makes it differ from the
    /// window that the vendor tells.
    pub(super) fn kept_window(&self, told: Window) -> Window {
        let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
        match self.quirk {
            Some(Quirk::OpensAMinuteEarly) => Window::new(told.from - minute, told.until),
            Some(Quirk::OpensAMinuteLate) => {
                // Of a PIN for now the lock hears at once; others wait for its next look.
                let late = told.from > self.began + hour;
                Window::new(if late { told.from + minute } else { told.from }, told.until)
            }
            Some(Quirk::EndsAMinuteEarly) => Window::new(told.from, told.until - minute),
            Some(Quirk::EndsAMinuteLate) => Window::new(told.from, told.until + minute),
            Some(Quirk::EndForgetsSpringChange) => {
                Window::new(told.from, told.until.max(end_with_offset_of_start(told)))
            }
            Some(Quirk::EndForgetsAutumnChange) => {
                Window::new(told.from, told.until.min(end_with_offset_of_start(told)))
            }
            Some(Quirk::ShiftsByAnHour) => Window::new(told.from + hour, told.until + hour),
            Some(Quirk::DropsMinutes) => Window::new(told.from.floor(hour), told.until.floor(hour)),
            Some(Quirk::OpensBeforeStart) => Window::new(Instant::from_epoch_ms(0), told.until),
            Some(Quirk::OpensAfterEnd) => Window::new(told.from, told.until + UNLIMITED),
            Some(Quirk::ShiftsOverClockChange) => {
                Window::new(self.with_todays_offset(told.from), self.with_todays_offset(told.until))
            }
            _ => told,
        }
    }

    /// The instant that a lock means which reads `at` in local time with the
    /// offset of the day on which the world began.
    fn with_todays_offset(&self, at: Instant) -> Instant {
        let Ok(zone) = jiff::tz::TimeZone::get("Europe/Oslo") else { return at };
        let then = zone.to_offset(at.timestamp()).seconds();
        let today = zone.to_offset(self.began.timestamp()).seconds();
        Instant::from_epoch_ms(at.epoch_ms() + i64::from(then - today) * 1_000)
    }
}

fn refused(message: impl Into<String>) -> Refusal {
    Refusal::invalid(message).because(Cause::Window)
}

/// The end as a lock in Oslo keeps it that reads both ends in local time with
/// the offset of the start.
fn end_with_offset_of_start(told: Window) -> Instant {
    let Ok(zone) = jiff::tz::TimeZone::get("Europe/Oslo") else { return told.until };
    let start = zone.to_offset(told.from.timestamp()).seconds();
    let end = zone.to_offset(told.until.timestamp()).seconds();
    Instant::from_epoch_ms(told.until.epoch_ms() + i64::from(end - start) * 1_000)
}

/// Whether a window was asked for without an end.
pub(super) fn is_endless(window: Window) -> bool {
    window.until.since(window.from) >= UNLIMITED - Duration::from_secs(24 * 3600)
}

/// A window rounded to a unit.
pub(super) fn round(asked: Window, unit: Duration, rounding: Rounding) -> Result<Window, Refusal> {
    let down = Window::new(asked.from.floor(unit), asked.until.floor(unit));
    match rounding {
        Rounding::Reject if down != asked => {
            Err(refused(format!("a window is exact to {} seconds", unit.as_secs())))
        }
        Rounding::Reject | Rounding::Truncate => Ok(down),
        Rounding::Widen => Ok(Window::new(asked.from.floor(unit), asked.until.ceil(unit))),
    }
}
