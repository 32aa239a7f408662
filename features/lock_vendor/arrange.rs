//! What scenarios arrange: guests, windows, PINs, and the passing of time.

use std::time::Duration;

use super::expect;
use super::world::LockVendor;
use crate::harness::bench::Tried;
use crate::harness::integration::{CallFailure, Contact, PinAccess, PinRequest, Scope};
use crate::harness::trial::{Step, Stop};
use crate::vendors::profile::{Limits, Rounding};
use crate::vendors::vocabulary::{AccessId, Function, Instant, LockId, Pin, Window, Word};

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the vendor's windows are exact to.
pub(super) fn unit(limits: &Limits) -> Duration {
    limits.window.unit.unwrap_or(SECOND).max(SECOND)
}

/// The window that is in force by the documented rounding; `None` where such a
/// window is refused.
pub(super) fn documented(window: Window, limits: &Limits) -> Option<Window> {
    let unit = unit(limits);
    let down = Window::new(window.from.floor(unit), window.until.floor(unit));
    if down == window {
        return Some(window);
    }
    match limits.window.rounding {
        Rounding::Reject => None,
        Rounding::Truncate => Some(down),
        Rounding::Widen => Some(Window::new(down.from, window.until.ceil(unit))),
    }
}

impl LockVendor {
    /// A name that nothing else in this scenario has.
    pub(super) fn fresh_name(&mut self, what: &str) -> Result<String, Stop> {
        self.names += 1;
        Ok(self.bench()?.name(&format!("{what}-{}", self.names)))
    }

    /// Somebody who gets an access, with everything that vendors may ask for.
    pub(super) fn guest(&mut self) -> Result<Contact, Stop> {
        let reference = self.fresh_name("guest")?;
        let email = self.bench()?.tester_email().ok();
        Ok(Contact { name: Some(reference.clone()), reference, email })
    }

    /// A window that begins no earlier than `after` from now and lasts `span`,
    /// whole in the vendor's unit so that no rounding touches it, and no
    /// shorter than the vendor takes.
    pub(super) fn whole_window(&self, after: Duration, span: Duration) -> Result<Window, Stop> {
        let bench = self.bench()?;
        let limits = &bench.dialect().limits;
        let unit = unit(limits);
        let from = (bench.now() + after).ceil(unit);
        let span = span.max(limits.window.min.unwrap_or_default());
        Ok(Window::new(from, (from + span).ceil(unit)))
    }

    /// A request for a PIN on one lock.
    pub(super) fn pin_request(&mut self, lock: &LockId, window: Window) -> Result<PinRequest, Stop> {
        let user = self.guest()?;
        let name = self.fresh_name("pin")?;
        Ok(PinRequest { user, scope: Scope::Locks(vec![lock.clone()]), window, pin: None, name })
    }

    /// Asks for a PIN and keeps what came of it, for clean-up too.
    pub(super) async fn ask_for(
        &mut self,
        request: PinRequest,
    ) -> Result<Result<PinAccess, CallFailure>, Stop> {
        let bench = self.bench()?;
        Ok(bench.create_pin(bench.inlet(), &request).await)
    }

    /// A PIN that must come to be; it is kept as the next of the scenario.
    pub(super) async fn create(&mut self, request: PinRequest) -> Result<PinAccess, Stop> {
        let result = self.ask_for(request.clone()).await?;
        let access = expect::success("creating a PIN", result)?;
        if access.state == Some(Word::Failed) {
            return Err(Stop::fail(
                "a PIN was created but is reported as failed",
                "a PIN in force",
                "state `failed`",
            ));
        }
        self.requests.push(request);
        self.pins.push(access.clone());
        Ok(access)
    }

    /// A PIN on the first free lock, valid for about two hours from now on.
    pub(super) async fn create_for_two_hours(&mut self) -> Result<PinAccess, Stop> {
        let lock = self.bench()?.free_lock(0)?;
        self.lock = Some(lock.clone());
        let window = self.whole_window(MINUTE, 2 * HOUR)?;
        let request = self.pin_request(&lock, window)?;
        self.create(request).await
    }

    /// Lets time pass until an instant; nothing where it is past.
    pub(super) async fn pass_until(&self, at: Instant) -> Step {
        let bench = self.bench()?;
        let span = at.since(bench.now());
        if !span.is_zero() {
            bench.pass(span).await?;
        }
        Ok(())
    }

    /// Lets the documented time for a creation pass, and waits for the window
    /// where somebody can type at the door then.
    pub(super) async fn until_in_force(&self, window: Window) -> Step {
        let bench = self.bench()?;
        bench.pass(bench.dialect().limits.delays.creation).await?;
        self.until_typable(window).await
    }

    /// Waits for a window where somebody can type at the door then; without a
    /// keypad there is nothing to wait for.
    pub(super) async fn until_typable(&self, window: Window) -> Step {
        match self.bench()?.keypad() {
            Ok(()) => self.pass_until(window.from + SECOND).await,
            Err(_) => Ok(()),
        }
    }

    /// The keys that the guest of an access types.
    pub(super) fn keys(&self, access: &PinAccess) -> Result<Pin, Stop> {
        access.typed.clone().ok_or_else(|| {
            Stop::fail(
                "the vendor does not tell which keys the guest types",
                "the PIN as the guest types it",
                "an access without a PIN",
            )
        })
    }

    /// The PIN of an access without the keys around it.
    pub(super) fn bare_pin(&self, access: &PinAccess) -> Result<Pin, Stop> {
        let keys = self.keys(access)?;
        let bench = self.bench()?;
        let rules = &bench.dialect().limits.pin;
        let text = keys.keys();
        let text = text.strip_prefix(rules.prefix.as_str()).unwrap_or(text);
        let text = text.strip_suffix(rules.suffix.as_str()).unwrap_or(text);
        Pin::new(text).map_err(|why| Stop::Error(format!("the PIN without its prefix and suffix: {why}")))
    }

    /// Types an access's PIN at a lock.
    pub(super) async fn try_keys(&self, lock: &LockId, keys: &Pin) -> Result<Tried, Stop> {
        Ok(self.bench()?.type_keys(lock, keys).await?)
    }

    /// The PIN must open.
    pub(super) async fn must_open(&self, lock: &LockId, keys: &Pin, when: &str) -> Step {
        let tried = self.try_keys(lock, keys).await?;
        if tried.opened {
            return Ok(());
        }
        Err(Stop::fail(
            format!("a valid PIN did not open the door {when}"),
            "the door opens",
            format!("at {}: it stayed shut: {}", self.bench()?.now(), tried.why),
        ))
    }

    /// The PIN must not open.
    pub(super) async fn must_not_open(&self, lock: &LockId, keys: &Pin, when: &str) -> Step {
        let tried = self.try_keys(lock, keys).await?;
        if !tried.opened {
            return Ok(());
        }
        Err(Stop::fail(
            format!("a PIN opened the door {when}"),
            "the door stays shut",
            format!("at {}: it opened: {}", self.bench()?.now(), tried.why),
        ))
    }

    /// The accesses on a lock, where the vendor can list them.
    pub(super) async fn listed(&self, lock: &LockId) -> Result<Option<Vec<PinAccess>>, Stop> {
        let bench = self.bench()?;
        if !bench.dialect().supports(Function::ListPinAccess) {
            return Ok(None);
        }
        let all = expect::success("listing the PINs of a lock", bench.inlet().list_pin_access(lock).await)?;
        Ok(Some(all.into_iter().filter(|access| access.state != Some(Word::Removed)).collect()))
    }

    /// The ids on a lock, where the vendor can list them.
    pub(super) async fn listed_ids(&self, lock: &LockId) -> Result<Option<Vec<AccessId>>, Stop> {
        Ok(self.listed(lock).await?.map(|all| all.into_iter().map(|access| access.id).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_rounding_is_applied_to_both_ends() {
        let at = |minutes: i64| Instant::from_epoch_ms(minutes * 60_000);
        let mut limits = crate::features::lock_vendor::tests::plain_limits();
        limits.window.unit = Some(HOUR);
        let odd = Window::new(at(65), at(130));
        for (rounding, expected) in [
            (Rounding::Reject, None),
            (Rounding::Truncate, Some(Window::new(at(60), at(120)))),
            (Rounding::Widen, Some(Window::new(at(60), at(180)))),
        ] {
            limits.window.rounding = rounding;
            assert_eq!(documented(odd, &limits), expected);
            let whole = Window::new(at(60), at(120));
            assert_eq!(documented(whole, &limits), Some(whole));
        }
    }
}
