//! What happens at a door, whatever the vendor says.

use super::accesses::Stage;
use super::{Quirk, World};
use crate::simulator::DoorAnswer;
use crate::vendors::vocabulary::{Days, Instant};

/// Whether the weekday, in UTC, is one of those.
fn opens_today(days: Days, now: Instant) -> bool {
    let today = now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).weekday().to_monday_zero_offset();
    days.has(usize::from(today.unsigned_abs()))
}

impl World {
    /// Types keys at a lock's keypad, prefix and suffix included.
    pub fn keypad(&mut self, lock: u32, keys: &str) -> DoorAnswer {
        self.settle();
        if !self.has_keypad(lock) {
            return self.open(lock, Err("the lock has no keypad".to_owned()));
        }
        if let Some(answer) = self.try_pins(lock, keys) {
            return self.open(lock, answer);
        }
        match self.try_algo(lock, keys) {
            Some(Ok(())) => self.open(lock, Ok("the computed PIN is valid".to_owned())),
            Some(Err(why)) => self.open(lock, Err(why)),
            None => self.open(lock, Err("no PIN on this lock has these keys".to_owned())),
        }
    }

    fn try_pins(&self, lock: u32, keys: &str) -> Option<Result<String, String>> {
        let mut why = None;
        for index in self.accesses_on(lock) {
            let Some(access) = self.accesses.get(index) else { continue };
            if access.pin.as_ref().is_none_or(|pin| self.typed(pin) != keys) {
                continue;
            }
            if !access.on.contains(&lock) {
                why = Some(Err(format!("the PIN of access {} is not on the lock", access.id)));
                continue;
            }
            let window = self.kept_window(access.window);
            let now = self.shown_now();
            let days = access.days.common(self.days_of(access.scope));
            if !opens_today(days, now) {
                why = Some(Err(format!("the PIN opens on {days} only")));
                continue;
            }
            if window.contains(now) {
                let note =
                    if access.stage == Stage::Removed { " (withdrawn, still on the lock)" } else { "" };
                return Some(Ok(format!("the PIN of access {} is valid{note}", access.id)));
            }
            why = Some(Err(if now < window.from {
                format!("the PIN's window begins at {}", window.from)
            } else {
                format!("the PIN's window ended at {}", window.until)
            }));
        }
        why
    }

    /// Presents a mobile credential at a lock.
    pub fn phone(&mut self, lock: u32, credential: &str) -> DoorAnswer {
        self.settle();
        let answer = self.try_mobile(lock, credential);
        if answer.is_ok() {
            self.use_mobile(credential);
        }
        self.open(lock, answer)
    }

    fn try_mobile(&self, lock: u32, credential: &str) -> Result<String, String> {
        let Some(key) = self.mobiles.any(credential) else {
            return Err("the credential is unknown".to_owned());
        };
        if key.gone_at.is_some_and(|gone| gone <= self.now) && !self.is(Quirk::RemovedMobileOpens) {
            return Err("the credential is withdrawn".to_owned());
        }
        if !self.locks_in(key.scope).contains(&lock) && !self.is(Quirk::MobileOpensEverywhere) {
            return Err("the credential is not for this lock".to_owned());
        }
        let now = self.shown_now();
        if now < key.window.from && !self.is(Quirk::MobileOpensBeforeStart) {
            return Err(format!("the credential's window begins at {}", key.window.from));
        }
        if now >= key.window.until && !self.is(Quirk::MobileOpensAfterEnd) {
            return Err(format!("the credential's window ended at {}", key.window.until));
        }
        if !opens_today(key.days, now) {
            return Err(format!("the credential opens on {} only", key.days));
        }
        if key.left == Some(0) {
            return Err("the credential was used up".to_owned());
        }
        Ok("the credential is valid".to_owned())
    }

    /// Writes down what happened. A valid key opens the lock from the outside
    /// for a person; the bolt's pulse is the vendor's business and stays apart.
    fn open(&mut self, lock: u32, answer: Result<String, String>) -> DoorAnswer {
        let (opened, why) = match answer {
            Ok(why) => (true, why),
            Err(why) => (false, why),
        };
        let what = if opened { "opened" } else { "did not open" };
        self.tell(format!("lock {} {what}: {why}", self.lock_name(lock)));
        DoorAnswer { opened, why }
    }
}
