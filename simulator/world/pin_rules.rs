//! Rules that a PIN must obey.

use super::accesses::Stage;
use super::{Quirk, Refusal, World};
use crate::vendors::profile::{PinLimits, PinRule, Uniqueness};
use crate::vendors::vocabulary::{Cause, FailureKind, Pin};

impl World {
    /// Checks a PIN that the caller chose.
    pub(super) fn admit_pin(&self, pin: &Pin) -> Result<(), Refusal> {
        let limits = &self.limits.pin;
        let length = u32::try_from(pin.keys().chars().count()).unwrap_or(u32::MAX);
        if !limits.allows_length(length) && !self.is(Quirk::AcceptsAnyPinLength) {
            return Err(Refusal::invalid(format!(
                "a PIN has {} to {} keys, this one has {length}",
                limits.min_length, limits.max_length
            ))
            .because(Cause::PinLength));
        }
        if !keys_are_known(limits, pin) && !self.is(Quirk::AcceptsAnyPinKeys) {
            let message = format!("a PIN holds the keys {} only", limits.alphabet);
            return Err(Refusal::invalid(message).because(Cause::PinKeys));
        }
        let broken = limits.rules.iter().find(|rule| !obeys(pin.keys(), **rule));
        match broken.filter(|_| !self.is(Quirk::AcceptsAnyPinPattern)) {
            Some(rule) => {
                let message = format!("the PIN breaks the rule {}", rule_name(*rule));
                Err(Refusal::invalid(message).because(Cause::PinRule))
            }
            None => Ok(()),
        }
    }

    /// A PIN that obeys every rule and is free, drawn under the world's seed.
    pub(super) fn draw_pin(&mut self, is_free: impl Fn(&Self, &Pin) -> bool) -> Result<Pin, Refusal> {
        let limits = self.limits.pin.clone();
        let alphabet: Vec<char> = if limits.alphabet.is_empty() {
            ('0'..='9').collect()
        } else {
            limits.alphabet.chars().collect()
        };
        let length = limits.length_near(6).max(1);
        for _ in 0..1_000 {
            let keys: String =
                (0..length).map(|_| alphabet[self.dice.below(alphabet.len() as u64) as usize]).collect();
            let fits = limits.rules.iter().all(|rule| obeys(&keys, *rule));
            if let Some(pin) = Pin::new(&keys).ok().filter(|pin| fits && is_free(self, pin)) {
                return Ok(pin);
            }
        }
        Err(Refusal::new(FailureKind::Full, "no free PIN was found"))
    }

    /// What keeps a PIN off a lock because of the PINs that have a place there.
    pub(super) fn pin_clash(&self, lock: u32, pin: &Pin, except: usize) -> Option<Refusal> {
        if self.pin_in_use(lock, pin, except) && !self.is(Quirk::SharesPins) {
            let message = match self.limits.pin.unique {
                Uniqueness::Lock => "the PIN is in use on this lock",
                Uniqueness::Account => "the PIN is in use in this account",
            };
            return Some(Refusal::new(FailureKind::Conflict, message));
        }
        let told_apart = self.limits.pin.rules.contains(&PinRule::UniqueFirstFourDigits);
        if !told_apart || self.is(Quirk::AcceptsSameStart) {
            return None;
        }
        let begins_alike = self.accesses_on(lock).into_iter().filter(|index| *index != except).any(|index| {
            let access = self.accesses.get(index).filter(|access| self.holds_room(access));
            access
                .and_then(|access| access.pin.as_ref())
                .is_some_and(|other| first_four(other) == first_four(pin))
        });
        begins_alike.then(|| {
            Refusal::invalid("a PIN on this lock begins with the same four keys").because(Cause::PinRule)
        })
    }

    /// A name as the vendor keeps it, where its rules take it: `locks` are those
    /// on which it must differ from the names of all accesses but `except`.
    pub(super) fn admit_name(
        &self,
        name: &str,
        locks: &[u32],
        except: Option<usize>,
    ) -> Result<Box<str>, Refusal> {
        if self.limits.name_min.is_some_and(|least| name.chars().count() < least as usize) {
            return Err(Refusal::invalid("the name is too short"));
        }
        let kept = self.keep_name(name);
        let has_it = |index: &usize| {
            let access = self.accesses.get(*index).filter(|access| access.stage != Stage::Removed);
            Some(*index) != except
                && access.is_some_and(|access| access.name == kept && self.holds_room(access))
        };
        let taken = locks.iter().any(|lock| self.accesses_on(*lock).iter().any(has_it));
        if self.limits.names_unique && taken && !self.is(Quirk::AcceptsTakenName) {
            return Err(Refusal::new(FailureKind::Conflict, "another PIN on the lock has this name"));
        }
        Ok(kept)
    }

    /// The PIN as the guest types it.
    pub(super) fn typed(&self, pin: &Pin) -> String {
        format!("{}{}{}", self.limits.pin.prefix, pin.keys(), self.limits.pin.suffix)
    }
}

/// The keys by which a lock with `unique_first_four_digits` tells PINs apart.
fn first_four(pin: &Pin) -> &str {
    let keys = pin.keys();
    keys.char_indices().nth(4).map_or(keys, |(end, _)| &keys[..end])
}

fn keys_are_known(limits: &PinLimits, pin: &Pin) -> bool {
    limits.alphabet.is_empty() || pin.keys().chars().all(|key| limits.alphabet.contains(key))
}

fn rule_name(rule: PinRule) -> &'static str {
    match rule {
        PinRule::NoZeros => "no zeros",
        PinRule::CannotStartWith12 => "must not start with 12",
        PinRule::NotAllSame => "not all the same key",
        PinRule::NoSequence => "no sequence",
        PinRule::ThreeUnique => "at least three different keys",
        PinRule::NoTripleSequence => "no three neighbours in sequence",
        PinRule::UniqueFirstFourDigits => "the first four keys must be unique",
    }
}

fn obeys(keys: &str, rule: PinRule) -> bool {
    let bytes = keys.as_bytes();
    let steps =
        |by: i16| bytes.len() > 1 && bytes.windows(2).all(|two| i16::from(two[1]) - i16::from(two[0]) == by);
    match rule {
        // Of one PIN alone nothing can be said.
        PinRule::UniqueFirstFourDigits => true,
        PinRule::NoZeros => !keys.contains('0'),
        PinRule::CannotStartWith12 => !keys.starts_with("12"),
        PinRule::NotAllSame => bytes.len() < 2 || bytes.iter().any(|key| *key != bytes[0]),
        PinRule::NoSequence => !steps(1) && !steps(-1),
        PinRule::NoTripleSequence => bytes.windows(3).all(|three| {
            let step = |a: u8, b: u8| i16::from(b) - i16::from(a);
            let (first, second) = (step(three[0], three[1]), step(three[1], three[2]));
            first != second || first.abs() != 1
        }),
        PinRule::ThreeUnique => {
            let mut different = bytes.to_vec();
            different.sort_unstable();
            different.dedup();
            different.len() >= 3
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_tell_pins_apart() {
        let rows = [
            ("1024", PinRule::NoZeros, false),
            ("1224", PinRule::NoZeros, true),
            ("1289", PinRule::CannotStartWith12, false),
            ("2189", PinRule::CannotStartWith12, true),
            ("7777", PinRule::NotAllSame, false),
            ("7778", PinRule::NotAllSame, true),
            ("3456", PinRule::NoSequence, false),
            ("6543", PinRule::NoSequence, false),
            ("3457", PinRule::NoSequence, true),
            ("1212", PinRule::ThreeUnique, false),
            ("1213", PinRule::ThreeUnique, true),
            ("9123", PinRule::NoTripleSequence, false),
            ("8321", PinRule::NoTripleSequence, false),
            ("9135", PinRule::NoTripleSequence, true),
        ];
        for (keys, rule, expected) in rows {
            assert_eq!(obeys(keys, rule), expected, "{keys} {rule:?}");
        }
    }
}
