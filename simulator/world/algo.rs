//! PINs computed without contact to the lock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::dice::digest;
use super::{Call, Quirk, Refusal, World};
use crate::vendors::profile::{AlgoLimits, ChosenBy};
use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field, Instant, Pin, Window, Word};

/// A PIN that was computed.
#[derive(Clone, Debug)]
struct AlgoPin {
    /// Its id, where the vendor keeps it among the others.
    id: Option<Arc<str>>,
    pin: Pin,
    window: Window,
    first_used: Option<Instant>,
    /// How often it still opens; always unless said.
    left: Option<u32>,
    /// By when it must have been used once.
    first_by: Option<Instant>,
}

/// Every computed PIN, by lock.
#[derive(Clone, Debug, Default)]
pub struct AlgoPins(BTreeMap<u32, Vec<AlgoPin>>);

impl World {
    pub(super) fn algo_pin(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let lock = self.asked_lock(asked)?;
        let unit = self.limits.algo_pin.as_ref().and_then(|limits| limits.rounding);
        let unit = unit.unwrap_or(Duration::from_millis(1));
        let window = self.asked_window(asked, &Field::AlgoFrom, &Field::AlgoUntil, unit);
        let window = self.algo_window(window, asked.has(&Field::AlgoUntil))?;
        let variant = self.asked_variant(call, asked)?;
        let pin = self.compute(call, lock, window, variant)?;
        let new = call.kept.then(|| self.make_id("access"));
        let kept = self.algo.0.entry(lock).or_default();
        let known = kept.iter().find(|known| known.pin == pin && known.window == window);
        let id = known.map_or(new, |known| known.id.clone());
        if known.is_none() {
            let usual = self.limits.algo_pin.as_ref().and_then(|limits| limits.activate_within);
            let first_by = call.terms.use_within.or(usual).map(|span| window.from + span);
            let (id, pin, left) = (id.clone(), pin.clone(), call.terms.uses);
            kept.push(AlgoPin { id, pin, window, first_used: None, left, first_by });
        }
        // The same for the same PIN, as the PIN is for the same request.
        let own = digest(self.seed, &format!("algo-id/{lock}/{}", pin.keys()));
        let mut facts = Facts::new().with_text(Field::AlgoId, format!("{own:016x}"));
        facts.set_some(Field::AccessId, id.map(Datum::Text));
        Ok(facts
            .with(Field::AlgoPin, Datum::Pin(pin))
            .with(Field::AlgoFrom, Datum::Instant(window.from))
            .with(Field::AlgoUntil, Datum::Instant(window.until)))
    }

    /// The window by the vendor's rules. One that is asked for without an end is
    /// not measured by its length.
    fn algo_window(&self, asked: Window, ends: bool) -> Result<Window, Refusal> {
        if !asked.is_ordered() {
            return Err(Refusal::invalid("the window ends before it starts").because(Cause::Window));
        }
        if asked.until <= self.shown_now() {
            return Err(Refusal::invalid("the window lies in the past").because(Cause::Window));
        }
        let Some(limits) = &self.limits.algo_pin else { return Ok(asked) };
        if ends {
            check_hours(asked, limits)?;
        }
        let window = match limits.rounding {
            Some(unit) => super::windows::round(asked, unit, limits.rounded)?,
            None => asked,
        };
        if !window.is_ordered() {
            return Err(Refusal::invalid("the window is shorter than its unit").because(Cause::Window));
        }
        match limits.max_validity {
            Some(most) if ends && window.until.since(window.from) > most => {
                let why = format!("a computed PIN lasts {} seconds at most", most.as_secs());
                Err(Refusal::invalid(why).because(Cause::Window))
            }
            _ => Ok(window),
        }
    }

    fn asked_variant(&self, call: Call, asked: &Facts) -> Result<i64, Refusal> {
        let usual = self.limits.algo_pin.as_ref().map_or(1, |limits| limits.variants);
        let most = i64::from(call.terms.variants.unwrap_or(usual));
        match asked.int(&Field::AlgoVariant).unwrap_or(1) {
            variant if (1..=most).contains(&variant) => Ok(variant),
            variant => Err(Refusal::invalid(format!("there is no variant {variant}, but 1 to {most}"))),
        }
    }

    /// The same lock and window give the same PIN, another window another one.
    fn compute(&self, call: Call, lock: u32, window: Window, variant: i64) -> Result<Pin, Refusal> {
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
        // A PIN for so many uses is another one than that for any number.
        let uses = call.terms.uses.map_or_else(String::new, |uses| format!("/{uses}"));
        for salt in 0..100 {
            let mut bits = digest(self.seed, &format!("algo/{salt}/{input}{uses}"));
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
        Err(Refusal::new(FailureKind::Full, "no free PIN was found"))
    }

    /// The computed PINs that are kept among the others, on one lock or on all.
    pub(super) fn kept_algo_pins(&self, lock: Option<u32>) -> Vec<Facts> {
        let mut found = Vec::new();
        for (on, pins) in self.algo.0.iter().filter(|(on, _)| lock.is_none_or(|lock| lock == **on)) {
            for known in pins.iter().filter(|known| self.now < known.window.until) {
                let Some(id) = &known.id else { continue };
                let mut facts = Facts::new()
                    .with(Field::AccessId, Datum::Text(id.clone()))
                    .with_text(Field::AccessName, "")
                    .with(Field::AccessPin, Datum::Pin(known.pin.clone()))
                    .with(Field::AccessFrom, Datum::Instant(known.window.from))
                    .with(Field::AccessUntil, Datum::Instant(known.window.until))
                    .with(Field::AccessState, Datum::Word(Word::Active))
                    .with(Field::LockId, Datum::Text(self.lock_name(*on)));
                facts.set_some(Field::AccessTyped, Pin::new(&self.typed(&known.pin)).ok().map(Datum::Pin));
                found.push(facts);
            }
        }
        found
    }

    /// Withdraws a computed PIN; `None` where the request names none.
    pub(super) fn remove_algo_pin(&mut self, asked: &Facts) -> Option<Result<Facts, Refusal>> {
        let id = asked.text(&Field::AccessId)?;
        let named = |known: &AlgoPin| known.id.as_deref() == Some(id);
        let pins = self.algo.0.values_mut().find(|pins| pins.iter().any(named))?;
        if self.limits.algo_pin.as_ref().and_then(|limits| limits.revocable) == Some(false) {
            let why = "a computed PIN cannot be withdrawn";
            return Some(Err(Refusal::new(FailureKind::Unsupported, why)));
        }
        pins.retain(|known| !named(known));
        Some(Ok(Facts::new().with_text(Field::AccessId, id)))
    }

    /// Tries keys against the computed PINs of a lock. `Err` tells why a known
    /// one does not open; `None` that no such PIN is known.
    pub(super) fn try_algo(&mut self, lock: u32, keys: &str) -> Option<Result<(), String>> {
        let (now, always) = (self.shown_now(), self.is(Quirk::AlgoPinOpensAlways));
        let (prefix, suffix) = (self.limits.pin.prefix.clone(), self.limits.pin.suffix.clone());
        let bare = keys.strip_prefix(prefix.as_str())?.strip_suffix(suffix.as_str())?;
        let kept = self.algo.0.get_mut(&lock)?;
        let mut why = None;
        for known in kept.iter_mut().filter(|known| known.pin.keys() == bare) {
            let void = known.first_used.is_none() && known.first_by.is_some_and(|by| now > by);
            match known.window.contains(now) {
                true if self.quirk == Some(Quirk::AlgoPinNeverOpens) => {
                    why = Some("the computed PIN is unknown to the lock".to_owned());
                }
                true if known.left == Some(0) => why = Some("the computed PIN was used up".to_owned()),
                true if !void => {
                    known.first_used.get_or_insert(now);
                    known.left = known.left.map(|left| left - 1);
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

/// Windows of days end at the hour at which they begin, where that is a rule.
fn check_hours(asked: Window, limits: &AlgoLimits) -> Result<(), Refusal> {
    let span = asked.until.since(asked.from);
    let uneven = !span.as_secs().is_multiple_of(24 * 3600);
    match limits.equal_hours_from {
        Some(least) if span >= least && uneven => {
            let why = "a window of days ends at the hour at which it begins";
            Err(Refusal::invalid(why).because(Cause::Window))
        }
        _ => Ok(()),
    }
}
