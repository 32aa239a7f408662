//! Each rule that the profile declares for PINs, names and windows is broken
//! once, and by itself: LV-44.

use cucumber::step::Collection;

use super::arrange::{DAY, HOUR, MINUTE, unit};
use super::pin_rules::{nothing_created, on_free_lock, refused_as, refused_invalid, varied, was_unsendable};
use super::world::LockVendor;
use crate::harness::integration::obeys;
use crate::harness::trial::{Step, Stop};
use crate::vendors::profile::{Limits, PinLimits, PinRule, Uniqueness};
use crate::vendors::vocabulary::{FailureKind, Instant, Pin, Window};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        then "each PIN that breaks one declared rule is refused as invalid and creates nothing" => each_pin;
        then "each window that breaks one declared rule is refused as invalid and creates nothing" => each_window;
        given "the vendor tells PINs apart by their first four keys" => first_four_declared;
        when "another guest is to get a PIN with the same first four keys" => same_first_four;
        given "the vendor wants another name for each PIN on a lock" => names_declared;
        when "another guest is to get a PIN of the same name" => same_name;
        then "it is refused as invalid or in use" => refused_in_use;
        given "the vendor gives a PIN once in the account" => account_declared;
        when "another guest is to get the same PIN on another lock" => same_pin_elsewhere;
    }
}

async fn each_pin(world: &mut LockVendor) -> Step {
    let pins = breaking_pins(&world.bench()?.dialect().limits.pin);
    let mut refused = 0;
    for pin in &pins {
        let window = world.whole_window(MINUTE, 2 * HOUR)?;
        refused += usize::from(must_be_refused(world, window, Some(pin.clone())).await?);
    }
    some_were_sent(refused, "the vendor declares no rule that a PIN of allowed length and keys can break")
}

async fn each_window(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let windows = breaking_windows(&bench.dialect().limits, bench.now());
    let mut refused = 0;
    for window in windows {
        refused += usize::from(must_be_refused(world, window, None).await?);
    }
    some_were_sent(refused, "the vendor declares no length of windows and no rule for their start")
}

fn some_were_sent(refused: usize, none: &str) -> Step {
    if refused == 0 { Err(Stop::NotApplicable(none.to_owned())) } else { Ok(()) }
}

/// Tells whether the attempt was sent at all; sent, it must be refused.
async fn must_be_refused(world: &mut LockVendor, window: Window, pin: Option<Pin>) -> Result<bool, Stop> {
    on_free_lock(world, window, pin).await?;
    if was_unsendable(world) {
        return Ok(false);
    }
    refused_invalid(world).await?;
    nothing_created(world).await?;
    Ok(true)
}

/// For each rule about one PIN a PIN that breaks it, and no other where that can
/// be; for runs of keys one upwards and one downwards.
fn breaking_pins(limits: &PinLimits) -> Vec<Pin> {
    let patterns = patterns(limits);
    let mut found: Vec<Pin> = Vec::new();
    for rule in &limits.rules {
        let others =
            |pin: &Pin| limits.rules.iter().filter(|other| *other != rule && !obeys(pin, &[**other])).count();
        let breaks = |pin: &&Pin| !obeys(pin, &[*rule]);
        let fewest = patterns.iter().filter(breaks).map(others).min();
        let alone = || patterns.iter().filter(breaks).filter(|pin| Some(others(pin)) == fewest);
        found.extend(alone().find(|pin| !goes_down(pin)).cloned());
        if *rule == PinRule::NoSequence {
            found.extend(alone().find(|pin| goes_down(pin)).cloned());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|pin| seen.insert(pin.keys().to_owned()));
    found
}

fn goes_down(pin: &Pin) -> bool {
    pin.keys().as_bytes().windows(2).all(|two| two[1] < two[0])
}

/// PINs of allowed length and keys that vendors find too simple.
fn patterns(limits: &PinLimits) -> Vec<Pin> {
    let length = limits.length_near(6) as usize;
    let plain = varied(limits.length_near(6), &limits.alphabet).map(|pin| pin.keys().to_owned());
    let plain = plain.unwrap_or_default();
    let keys: String = limits.alphabet.chars().filter(|key| *key != '0').collect();
    let down: String = "9876543210".into();
    let up = |start: usize| "0123456789".chars().skip(start).take(length).collect::<String>();
    let mut texts = vec![
        format!("{}0", plain.chars().take(length.saturating_sub(1)).collect::<String>()),
        format!("12{}", plain.chars().take(length.saturating_sub(2)).collect::<String>()),
        format!("{}567", plain.chars().take(length.saturating_sub(3)).collect::<String>()),
        down.chars().take(length).collect(),
    ];
    texts.extend([3, 2, 1, 0].map(up));
    for key in keys.chars().rev() {
        texts.push(key.to_string().repeat(length));
        texts.extend(keys.chars().rev().map(|other| [key, other].iter().cycle().take(length).collect()));
    }
    texts.retain(|text| {
        text.chars().count() == length && text.chars().all(|key| limits.alphabet.contains(key))
    });
    texts.iter().filter_map(|text| Pin::new(text).ok()).collect()
}

/// For each rule about windows a window that breaks it alone.
fn breaking_windows(limits: &Limits, now: Instant) -> Vec<Window> {
    let (unit, rules) = (unit(limits), &limits.window);
    let from = (now + MINUTE).ceil(unit);
    let least = rules.min.unwrap_or(2 * HOUR);
    let short = rules.min.map(|min| min.saturating_sub(unit)).filter(|short| !short.is_zero());
    let short = short.map(|short| Window::new(from, (from + short).floor(unit)));
    let long = rules.max.map(|max| Window::new(from, (from + max + DAY).ceil(unit)));
    let begun = rules.starts_in_future.then(|| {
        let begun = (now - HOUR).floor(unit);
        Window::new(begun, (now + least.max(2 * HOUR)).ceil(unit))
    });
    [short.filter(|window| window.is_ordered()), long, begun].into_iter().flatten().collect()
}

fn declared(holds: bool, what: &str) -> Step {
    if holds { Ok(()) } else { Err(Stop::NotApplicable(format!("the vendor does not declare that {what}"))) }
}

async fn first_four_declared(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    let longer = rules.max_length > 4;
    declared(
        longer && rules.rules.contains(&PinRule::UniqueFirstFourDigits),
        "PINs on a lock differ in their first four keys",
    )
}

async fn same_first_four(world: &mut LockVendor) -> Step {
    let first = world.bare_pin(&world.pin(0)?)?;
    let rules = world.bench()?.dialect().limits.pin.clone();
    let pin = with_same_start(&first, &rules);
    let none = || Stop::Inconclusive("the other rules leave no PIN with the same first four keys".to_owned());
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    on_free_lock(world, window, Some(pin.ok_or_else(none)?)).await
}

/// A PIN that begins like another and differs in its last key.
fn with_same_start(first: &Pin, rules: &PinLimits) -> Option<Pin> {
    let keys: Vec<char> = first.keys().chars().collect();
    let length = keys.len().max(5);
    let mut tries = rules.alphabet.chars().filter_map(|key| {
        let kept = keys.iter().take((length - 1).min(keys.len()));
        Pin::new(&kept.chain([&key]).collect::<String>()).ok()
    });
    let fits = |pin: &Pin| {
        let length = u32::try_from(pin.keys().chars().count()).unwrap_or(u32::MAX);
        pin != first && rules.allows_length(length) && obeys(pin, &rules.rules)
    };
    tries.find(fits)
}

async fn names_declared(world: &mut LockVendor) -> Step {
    declared(world.bench()?.dialect().limits.names_unique, "the names on a lock differ")
}

async fn same_name(world: &mut LockVendor) -> Step {
    let mut request = world.request(0)?;
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    request.user = world.guest()?;
    (request.window, request.pin) = (window, None);
    let result = world.ask_for(request).await?;
    world.attempt = Some(result);
    Ok(())
}

async fn refused_in_use(world: &mut LockVendor) -> Step {
    refused_as(world, &[FailureKind::Invalid, FailureKind::Conflict]).await
}

async fn account_declared(world: &mut LockVendor) -> Step {
    declared(world.bench()?.dialect().limits.pin.unique == Uniqueness::Account, "a PIN is given once")
}

async fn same_pin_elsewhere(world: &mut LockVendor) -> Step {
    let pin = world.bare_pin(&world.pin(0)?)?;
    let other = world.bench()?.free_lock(1)?;
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let mut request = world.pin_request(&other, window)?;
    request.pin = Some(pin);
    let result = world.ask_for(request).await?;
    world.attempt = Some(result);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::tests::plain_limits;
    use super::*;

    const RULES: [PinRule; 6] = [
        PinRule::NoZeros,
        PinRule::CannotStartWith12,
        PinRule::NotAllSame,
        PinRule::NoSequence,
        PinRule::ThreeUnique,
        PinRule::NoTripleSequence,
    ];

    fn with(rules: &[PinRule], length: u32) -> PinLimits {
        let mut limits = plain_limits().pin;
        (limits.min_length, limits.max_length) = (length, length);
        limits.rules = rules.to_vec();
        limits
    }

    #[test]
    fn every_rule_can_be_broken_by_itself() {
        for length in 4..=8 {
            for rule in RULES {
                let pins = breaking_pins(&with(&[rule], length));
                assert_eq!(pins.len(), 1 + usize::from(rule == PinRule::NoSequence), "{rule:?} {length}");
                assert!(pins.iter().all(|pin| !obeys(pin, &[rule])), "{rule:?} {length}");
            }
        }
        // A run downwards breaks no other rule than that of runs.
        for pin in breaking_pins(&with(&[PinRule::ThreeUnique, PinRule::NoSequence, PinRule::NotAllSame], 6))
        {
            let broken = RULES[2..5].iter().filter(|rule| !obeys(&pin, &[**rule])).count();
            assert!(broken == 1 || pin.keys() == "999999", "{} breaks {broken}", pin.keys());
        }
    }

    #[test]
    fn windows_break_the_rules_for_them() {
        let mut limits = plain_limits();
        let now = Instant::from_epoch_ms(1_780_000_000_000);
        assert_eq!(breaking_windows(&limits, now).len(), 1);
        limits.window.min = Some(Duration::from_secs(3600));
        limits.window.starts_in_future = true;
        let windows = breaking_windows(&limits, now);
        let lasts = |window: &Window| window.until.since(window.from);
        assert_eq!(windows.len(), 3);
        assert!(lasts(&windows[0]) < HOUR && windows[0].is_ordered());
        assert!(lasts(&windows[1]) > limits.window.max.unwrap());
        assert!(windows[2].from < now && windows[2].until > now);
    }

    #[test]
    fn a_pin_with_the_same_start_is_another_pin() {
        let rules = with(&[PinRule::NotAllSame, PinRule::UniqueFirstFourDigits], 6);
        let first = Pin::new("258036").unwrap();
        let other = with_same_start(&first, &rules).unwrap();
        assert!(other != first && other.keys().starts_with("2580") && other.keys().len() == 6);
    }
}
