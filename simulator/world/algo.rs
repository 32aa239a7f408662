//! PINs computed without contact to the lock.

use std::collections::BTreeMap;
use std::time::Duration;

use super::dice::digest;
use super::{Quirk, Refusal, World};
use crate::vendors::profile::{AlgoLimits, ChosenBy};
use crate::vendors::vocabulary::{Datum, Facts, Field, Instant, Pin, Window};

/// A PIN that was computed.
#[derive(Clone, Debug)]
struct AlgoPin {
    pin: Pin,
    window: Window,
    first_used: Option<Instant>,
}

/// Every computed PIN, by lock.
#[derive(Clone, Debug, Default)]
pub struct AlgoPins(BTreeMap<u32, Vec<AlgoPin>>);

impl World {
    pub(super) fn algo_pin(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        let window = self.algo_window(self.asked_window(asked, &Field::AlgoFrom, &Field::AlgoUntil))?;
        let variant = self.asked_variant(asked)?;
        let pin = self.compute(lock, window, variant)?;
        let kept = self.algo.0.entry(lock).or_default();
        if !kept.iter().any(|known| known.pin == pin && known.window == window) {
            kept.push(AlgoPin { pin: pin.clone(), window, first_used: None });
        }
        Ok(Facts::new()
            .with(Field::AlgoPin, Datum::Pin(pin))
            .with(Field::AlgoFrom, Datum::Instant(window.from))
            .with(Field::AlgoUntil, Datum::Instant(window.until)))
    }

    fn algo_window(&self, asked: Window) -> Result<Window, Refusal> {
        if !asked.is_ordered() {
            return Err(Refusal::invalid("the window ends before it starts"));
        }
        if asked.until <= self.now {
            return Err(Refusal::invalid("the window lies in the past"));
        }
        let Some(limits) = &self.limits.algo_pin else { return Ok(asked) };
        check_whole(asked, limits)?;
        let window = match limits.rounding {
            Some(unit) => Window::new(asked.from.floor(unit), asked.until.ceil(unit)),
            None => asked,
        };
        match limits.max_validity {
            Some(most) if window.until.since(window.from) > most => {
                Err(Refusal::invalid(format!("a computed PIN lasts {} seconds at most", most.as_secs())))
            }
            _ => Ok(window),
        }
    }

    fn asked_variant(&self, asked: &Facts) -> Result<i64, Refusal> {
        let most = self.limits.algo_pin.as_ref().map_or(1, |limits| i64::from(limits.variants));
        match asked.int(&Field::AlgoVariant).unwrap_or(1) {
            variant if (1..=most).contains(&variant) => Ok(variant),
            variant => Err(Refusal::invalid(format!("there is no variant {variant}, but 1 to {most}"))),
        }
    }

    /// The same lock and window give the same PIN, another window another one.
    fn compute(&self, lock: u32, window: Window, variant: i64) -> Result<Pin, Refusal> {
        let limits = &self.limits.pin;
        let alphabet: Vec<char> = if limits.alphabet.is_empty() {
            ('0'..='9').collect()
        } else {
            limits.alphabet.chars().collect()
        };
        let length = if limits.chosen_by == ChosenBy::Vendor { limits.max_length.clamp(6, 12) } else { 9 };
        let input = match self.quirk {
            Some(Quirk::AlgoPinConstant) => lock.to_string(),
            _ if variant == 1 => format!("{lock}/{}/{}", window.from.epoch_ms(), window.until.epoch_ms()),
            _ => format!("{lock}/{}/{}/{variant}", window.from.epoch_ms(), window.until.epoch_ms()),
        };
        for salt in 0..100 {
            let mut bits = digest(self.seed, &format!("algo/{salt}/{input}"));
            let mut keys = String::new();
            for _ in 0..length {
                keys.push(alphabet[(bits % alphabet.len() as u64) as usize]);
                bits = digest(bits, "key");
            }
            let clashes = |known: &AlgoPin| known.pin.keys() == keys && known.window != window;
            let taken = self.algo.0.get(&lock).is_some_and(|kept| kept.iter().any(clashes));
            if let Some(pin) = Pin::new(&keys).ok().filter(|_| !taken || self.is(Quirk::AlgoPinConstant)) {
                return Ok(pin);
            }
        }
        Err(Refusal::new(crate::vendors::vocabulary::FailureKind::Full, "no free PIN was found"))
    }

    /// Tries keys against the computed PINs of a lock. `Err` tells why a known
    /// one does not open; `None` that no such PIN is known.
    pub(super) fn try_algo(&mut self, lock: u32, keys: &str) -> Option<Result<(), String>> {
        let (now, always) = (self.now, self.is(Quirk::AlgoPinOpensAlways));
        let deadline = self.limits.algo_pin.as_ref().and_then(|limits| limits.activate_within);
        let (prefix, suffix) = (self.limits.pin.prefix.clone(), self.limits.pin.suffix.clone());
        let bare = keys.strip_prefix(prefix.as_str())?.strip_suffix(suffix.as_str())?;
        let kept = self.algo.0.get_mut(&lock)?;
        let mut why = None;
        for known in kept.iter_mut().filter(|known| known.pin.keys() == bare) {
            let void =
                deadline.is_some_and(|span| known.first_used.is_none() && now > known.window.from + span);
            match known.window.contains(now) {
                true if self.quirk == Some(Quirk::AlgoPinNeverOpens) => {
                    why = Some("the computed PIN is unknown to the lock".to_owned());
                }
                true if !void => {
                    known.first_used.get_or_insert(now);
                    return Some(Ok(()));
                }
                true => why = Some("the computed PIN was not used in time".to_owned()),
                false if always => return Some(Ok(())),
                false => why = Some("the computed PIN's window is not now".to_owned()),
            }
        }
        why.map(Err)
    }
}

/// A vendor that leaves the rounding to its callers refuses what is not whole.
fn check_whole(asked: Window, limits: &AlgoLimits) -> Result<(), Refusal> {
    if !limits.rounded_by_caller {
        return Ok(());
    }
    let unit = limits.rounding.unwrap_or(Duration::from_secs(1));
    if asked.from.floor(unit) != asked.from || asked.until.floor(unit) != asked.until {
        return Err(Refusal::invalid(format!("a window is whole in {} seconds", unit.as_secs())));
    }
    let span = asked.until.since(asked.from);
    let uneven = span.as_secs() % (24 * 3600) != 0;
    match limits.equal_hours_from {
        Some(least) if span >= least && uneven => {
            Err(Refusal::invalid("a window of days ends at the hour at which it begins"))
        }
        _ => Ok(()),
    }
}
