//! PINs, where the caller chooses them.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};

use crate::vendors::profile::{PinLimits, PinRule};
use crate::vendors::vocabulary::{Pin, RunName};

/// Draws before a set of rules counts as one that leaves no PIN.
const DRAWS: usize = 20_000;

/// Chooses PINs by the profile's rules, each once in a run. The run's name is
/// the seed: the same run chooses the same PINs again.
pub(super) struct PinSource(Mutex<State>);

struct State {
    random: StdRng,
    used: HashSet<Pin>,
}

impl PinSource {
    pub fn new(run: &RunName) -> Self {
        let random = StdRng::from_seed(Sha256::digest(run.as_str()).into());
        Self(Mutex::new(State { random, used: HashSet::new() }))
    }

    /// Takes note of a PIN that was chosen elsewhere.
    pub fn used(&self, pin: &Pin) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).used.insert(pin.clone());
    }

    /// A PIN that obeys the rules and was not used in this run; `None` where
    /// the rules leave none.
    pub fn choose(&self, limits: &PinLimits) -> Option<Pin> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<char> = limits.alphabet.chars().collect();
        // Six keys where the vendor lets us: short enough to type, long enough to be unique.
        let length = limits.length_near(6);
        if keys.is_empty() || length == 0 {
            return None;
        }
        for _ in 0..DRAWS {
            let text: String = (0..length).map(|_| keys[state.random.random_range(0..keys.len())]).collect();
            let pin = Pin::new(&text).ok()?;
            if obeys(&pin, &limits.rules)
                && state.tells_apart(&pin, &limits.rules)
                && state.used.insert(pin.clone())
            {
                return Some(pin);
            }
        }
        None
    }
}

impl State {
    /// Whether a PIN differs from those of this run in the keys that must differ.
    fn tells_apart(&self, pin: &Pin, rules: &[PinRule]) -> bool {
        let first = |pin: &Pin| pin.keys().chars().take(4).collect::<String>();
        !rules.contains(&PinRule::UniqueFirstFourDigits)
            || !self.used.iter().any(|used| first(used) == first(pin))
    }
}

/// Whether a PIN by itself obeys rules; those about several PINs hold of one.
pub fn obeys(pin: &Pin, rules: &[PinRule]) -> bool {
    let keys: Vec<char> = pin.keys().chars().collect();
    let steps = |step: i64| {
        keys.windows(2).all(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == step)
    };
    let different = keys.iter().collect::<HashSet<_>>().len();
    rules.iter().all(|rule| match rule {
        PinRule::NoZeros => !keys.contains(&'0'),
        PinRule::CannotStartWith12 => !keys.starts_with(&['1', '2']),
        PinRule::NotAllSame => different > 1,
        PinRule::NoSequence => keys.len() < 2 || !(steps(1) || steps(-1)),
        PinRule::ThreeUnique => different >= 3,
        PinRule::NoTripleSequence => !keys.windows(3).any(is_run),
        PinRule::UniqueFirstFourDigits => true,
    })
}

/// Whether each key follows, or each precedes, the one before.
fn is_run(keys: &[char]) -> bool {
    let follows = |by: i64| {
        keys.windows(2).all(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by)
    };
    follows(1) || follows(-1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile::{ChosenBy, Delivery, OfflinePolicy, Uniqueness};

    fn limits(lengths: (u32, u32), alphabet: &str, rules: Vec<PinRule>) -> PinLimits {
        PinLimits {
            chosen_by: ChosenBy::Caller,
            min_length: lengths.0,
            max_length: lengths.1,
            only_lengths: Vec::new(),
            alphabet: alphabet.into(),
            rules,
            unique: Uniqueness::Lock,
            prefix: String::new(),
            suffix: String::new(),
            irrevocable: None,
            delivery: Delivery::Lock,
            offline: OfflinePolicy::Refuse,
            slots: None,
        }
    }

    #[test]
    fn chosen_pins_obey_every_rule_and_are_unique() {
        let rules = vec![
            PinRule::NoZeros,
            PinRule::CannotStartWith12,
            PinRule::NotAllSame,
            PinRule::NoSequence,
            PinRule::ThreeUnique,
        ];
        let limits = limits((4, 4), "0123456789", rules);
        let source = PinSource::new(&RunName::new("r"));
        let pins: Vec<Pin> = (0..500).filter_map(|_| source.choose(&limits)).collect();
        assert_eq!(pins.len(), 500);
        assert_eq!(pins.iter().collect::<HashSet<_>>().len(), 500);
        for pin in &pins {
            assert!(pin.keys().len() == 4 && obeys(pin, &limits.rules), "{}", pin.keys());
        }
    }

    #[test]
    fn a_length_that_is_not_there_is_not_chosen() {
        let mut limits = limits((4, 8), "0123456789", Vec::new());
        limits.only_lengths = vec![4, 8];
        let pin = PinSource::new(&RunName::new("r")).choose(&limits).unwrap();
        assert!(limits.allows_length(u32::try_from(pin.keys().len()).unwrap()), "{}", pin.keys().len());
        assert!(!limits.allows_length(6) && !limits.allows_length(9));
    }

    #[test]
    fn first_four_keys_are_used_once_where_they_must_differ() {
        let limits = limits((6, 6), "12", vec![PinRule::UniqueFirstFourDigits]);
        let source = PinSource::new(&RunName::new("r"));
        let pins: Vec<Pin> = (0..17).map_while(|_| source.choose(&limits)).collect();
        let firsts: HashSet<&str> = pins.iter().map(|pin| &pin.keys()[..4]).collect();
        assert_eq!((pins.len(), firsts.len()), (16, 16));
    }

    #[test]
    fn rules_are_told_apart() {
        let check = |text: &str, rule, holds| {
            assert_eq!(Pin::new(text).map(|pin| obeys(&pin, &[rule])), Ok(holds), "{text} {rule:?}");
        };
        check("1203", PinRule::NoZeros, false);
        check("1293", PinRule::CannotStartWith12, false);
        check("7777", PinRule::NotAllSame, false);
        check("4567", PinRule::NoSequence, false);
        check("7654", PinRule::NoSequence, false);
        check("4568", PinRule::NoSequence, true);
        check("4545", PinRule::ThreeUnique, false);
        check("9123", PinRule::NoTripleSequence, false);
        check("9324", PinRule::NoTripleSequence, true);
        check("8321", PinRule::NoTripleSequence, false);
    }

    #[test]
    fn when_every_pin_is_used_there_is_none() {
        let limits = limits((1, 1), "12", Vec::new());
        let source = PinSource::new(&RunName::new("r"));
        assert!(source.choose(&limits).is_some() && source.choose(&limits).is_some());
        assert_eq!(source.choose(&limits), None);
    }
}
