//! Limits and laws of the world, without any wire.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::simulator::Fleet;
use crate::vendors::dialect::Dialect;
use crate::vendors::profile::{self, Limits, OfflinePolicy, PinRule, Rounding, Uniqueness};
use crate::vendors::vocabulary::{
    Clock, Datum, Facts, FailureKind, Field, Instant, LockId, Meaning, Pin, Word,
};

#[tokio::test]
async fn every_change_of_a_bolt_is_kept() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    let facts = Facts::new().with_text(Field::LockId, id.as_str());
    clock.advance(Duration::from_secs(1)).await;
    world.settle();
    world.perform(Call::plain(Meaning::Unlock), &facts).unwrap();
    clock.advance(Duration::from_secs(60)).await;
    let seen = world.bolt_history(index, at(0));
    let expected = [(at(0), Word::Locked), (at(1), Word::Unlocked), (at(6), Word::Locked)];
    assert_eq!(seen, expected);
    // At the instant of a change the change has happened.
    assert_eq!(world.bolt_history(index, at(1)), [(at(1), Word::Unlocked), (at(6), Word::Locked)]);
    assert_eq!(world.bolt_history(index, at(2)), [(at(2), Word::Unlocked), (at(6), Word::Locked)]);
}

const START: i64 = 1_780_000_000_000;

pub(super) fn limits() -> Limits {
    let dialect: std::sync::Arc<Dialect> = profile::load("reference").expect("the embedded profile is right");
    dialect.limits.clone()
}

pub(super) fn world(limits: Limits) -> (World, Clock) {
    let clock = Clock::stepped(Instant::from_epoch_ms(START));
    let setup = Setup {
        clock: clock.clone(),
        limits,
        seed: 5,
        fleet: Fleet::fixture(),
        secrets: Vec::new(),
        needs_schedule: false,
        quirk: None,
        variation: None,
    };
    (World::new(setup), clock)
}

pub(super) fn at(seconds: i64) -> Instant {
    Instant::from_epoch_ms(START + seconds * 1_000)
}

pub(super) fn lock(world: &World, index: usize) -> LockId {
    world.fixture().expect("a fixture").free_locks[index].clone()
}

pub(super) fn pin_facts(lock: &LockId, pin: &str, from: i64, until: i64) -> Facts {
    Facts::new()
        .with_text(Field::LockId, lock.as_str())
        .with(Field::AccessPin, Datum::Pin(Pin::new(pin).expect("keys")))
        .with(Field::AccessFrom, Datum::Instant(at(from)))
        .with(Field::AccessUntil, Datum::Instant(at(until)))
}

pub(super) fn set_pin(world: &mut World, facts: &Facts) -> Result<String, FailureKind> {
    let told = world.perform(Call::plain(Meaning::SetPin), facts).map_err(|refusal| refusal.kind)?;
    Ok(told.text(&Field::AccessId).expect("an id").to_owned())
}

async fn pass(clock: &Clock, seconds: u64) {
    clock.advance(Duration::from_secs(seconds)).await;
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}

#[test]
fn limits_are_enforced() {
    let (mut world, _) = world(limits());
    let lock = lock(&world, 0);
    let rows = [
        ("123", 10, 20, Err(FailureKind::Invalid)),
        ("123456789", 10, 20, Err(FailureKind::Invalid)),
        ("12a4", 10, 20, Err(FailureKind::Invalid)),
        ("7777", 10, 20, Err(FailureKind::Invalid)),
        ("2580", 20, 10, Err(FailureKind::Invalid)),
        ("2580", -20, -10, Err(FailureKind::Invalid)),
        ("2580", 0, 368 * 86_400, Err(FailureKind::Invalid)),
        ("2580", 10, 20, Ok(())),
        ("2580", 30, 40, Err(FailureKind::Conflict)),
    ];
    for (pin, from, until, expected) in rows {
        let done = set_pin(&mut world, &pin_facts(&lock, pin, from, until)).map(|_| ());
        assert_eq!(done, expected, "{pin} {from} {until}");
    }
    let unknown = pin_facts(&LockId::new("nowhere"), "2580", 10, 20);
    assert_eq!(set_pin(&mut world, &unknown), Err(FailureKind::NotFound));
}

#[test]
fn a_lock_that_is_full_takes_no_more() {
    let (mut world, _) = world(Limits { codes_per_lock: Some(2), ..limits() });
    let lock = lock(&world, 0);
    for pin in ["2580", "2581"] {
        assert!(set_pin(&mut world, &pin_facts(&lock, pin, 10, 20)).is_ok());
    }
    assert_eq!(set_pin(&mut world, &pin_facts(&lock, "2582", 10, 20)), Err(FailureKind::Full));
}

#[test]
fn what_breaks_a_declared_rule_is_refused() {
    let mut rules = limits();
    rules.pin.rules = vec![PinRule::ThreeUnique, PinRule::UniqueFirstFourDigits];
    rules.window.min = Some(Duration::from_secs(3600));
    rules.window.starts_in_future = true;
    let rows = [
        ("252525", 10, 4_000, Err(FailureKind::Invalid)),
        ("369036", 10, 3_000, Err(FailureKind::Invalid)),
        ("470158", -10, 4_000, Err(FailureKind::Invalid)),
        ("258036", 0, 3_600, Ok(())),
        ("258047", 10, 4_000, Err(FailureKind::Invalid)),
        ("258147", 10, 4_000, Ok(())),
    ];
    let play = |quirk: Option<Quirk>| {
        let (mut world, _) = world(rules.clone());
        world.quirk = quirk;
        let lock = lock(&world, 0);
        rows.map(|(pin, from, until, _)| set_pin(&mut world, &pin_facts(&lock, pin, from, until)).map(|_| ()))
    };
    assert_eq!(play(None), rows.map(|row| row.3));
    // Each false promise breaks its own rule alone.
    for (quirk, broken) in [
        (Quirk::AcceptsAnyPinPattern, 0),
        (Quirk::AcceptsShortWindow, 1),
        (Quirk::AcceptsBegunWindow, 2),
        (Quirk::AcceptsSameStart, 4),
    ] {
        let taken = play(Some(quirk)).map(|done| done.is_ok());
        let mut expected = rows.map(|row| row.3.is_ok());
        expected[broken] = true;
        assert_eq!(taken, expected, "{quirk:?}");
    }
}

#[tokio::test]
async fn what_has_begun_may_be_prolonged() {
    let mut rules = limits();
    rules.window.starts_in_future = true;
    let (mut world, clock) = world(rules);
    let lock = lock(&world, 0);
    let id = set_pin(&mut world, &pin_facts(&lock, "2580", 10, 4_000)).unwrap();
    pass(&clock, 100).await;
    world.settle();
    let change = |from: i64| {
        Facts::new()
            .with_text(Field::AccessId, &*id)
            .with(Field::AccessFrom, Datum::Instant(at(from)))
            .with(Field::AccessUntil, Datum::Instant(at(9_000)))
    };
    assert!(world.perform(Call::plain(Meaning::UpdatePin), &change(10)).is_ok());
    assert!(world.perform(Call::plain(Meaning::UpdatePin), &change(20)).is_err());
}

#[test]
fn names_obey_their_rules() {
    let (mut world, _) = world(Limits { name_min: Some(3), names_unique: true, ..limits() });
    let (one, other) = (lock(&world, 0), lock(&world, 1));
    let rows = [
        (&one, "ab", "2580", Err(FailureKind::Invalid)),
        (&one, "abc", "2581", Ok(())),
        (&one, "abc", "2582", Err(FailureKind::Conflict)),
        (&one, "abd", "2583", Ok(())),
        (&other, "abc", "2584", Ok(())),
    ];
    for (lock, name, pin, expected) in rows {
        let asked = pin_facts(lock, pin, 10, 20).with_text(Field::AccessName, name);
        assert_eq!(set_pin(&mut world, &asked).map(|_| ()), expected, "{name} {pin}");
    }
}

#[test]
fn a_pin_is_given_once_on_a_lock_or_in_the_account() {
    for (unique, expected) in [(Uniqueness::Lock, Ok(())), (Uniqueness::Account, Err(FailureKind::Conflict))]
    {
        let mut rules = limits();
        rules.pin.unique = unique;
        let (mut world, _) = world(rules);
        let (one, other) = (lock(&world, 0), lock(&world, 1));
        set_pin(&mut world, &pin_facts(&one, "2580", 10, 20)).unwrap();
        assert_eq!(set_pin(&mut world, &pin_facts(&other, "2580", 10, 20)).map(|_| ()), expected);
    }
}

#[test]
fn windows_are_rounded_as_the_vendor_does() {
    let hour = Duration::from_secs(3600);
    let inside = Facts::new()
        .with(Field::AccessFrom, Datum::Instant(at(3600) + Duration::from_secs(60)))
        .with(Field::AccessUntil, Datum::Instant(at(3 * 3600) + Duration::from_secs(60)));
    for (rounding, expected) in
        [(Rounding::Truncate, Some((0, 0))), (Rounding::Widen, Some((0, 1))), (Rounding::Reject, None)]
    {
        let mut limits = limits();
        limits.window.unit = Some(hour);
        limits.window.rounding = rounding;
        let (mut world, _) = world(limits);
        let mut asked = pin_facts(&lock(&world, 0), "2580", 0, 1);
        asked.merge(&inside);
        let told = world.perform(Call::plain(Meaning::SetPin), &asked);
        let (from, until) = (inside.instant(&Field::AccessFrom), inside.instant(&Field::AccessUntil));
        match (told, expected) {
            (Ok(told), Some((_, up))) => {
                assert_eq!(told.instant(&Field::AccessFrom), from.map(|from| from.floor(hour)));
                let end = until.map(|until| if up == 1 { until.ceil(hour) } else { until.floor(hour) });
                assert_eq!(told.instant(&Field::AccessUntil), end);
            }
            (Err(refusal), None) => assert_eq!(refusal.kind, FailureKind::Invalid),
            (told, expected) => panic!("{rounding:?}: {told:?} {expected:?}"),
        }
    }
}

#[tokio::test]
async fn a_deferred_pin_takes_effect_when_the_lock_returns() {
    let mut limits = limits();
    limits.pin.offline = OfflinePolicy::Defer;
    let (mut world, clock) = world(limits);
    let lock = world.fixture().expect("a fixture").offline_lock;
    let index = world.lock_index(&lock).expect("a lock");
    let id = set_pin(&mut world, &pin_facts(&lock, "2580", 0, 10_000)).expect("taken");
    let state = |world: &mut World| {
        let facts = Facts::new().with_text(Field::AccessId, &id);
        world.perform(Call::plain(Meaning::GetPin), &facts).expect("known").word(&Field::AccessState)
    };
    pass(&clock, 60).await;
    assert_eq!((state(&mut world), world.keypad(index, "2580#").opened), (Some(Word::Pending), false));
    world.set_reachable(index, true);
    pass(&clock, 30).await;
    assert_eq!((state(&mut world), world.keypad(index, "2580#").opened), (Some(Word::Active), true));
}

#[tokio::test]
async fn an_offline_lock_refuses_and_is_told_offline_in_time() {
    let (mut world, clock) = world(limits());
    let lock = lock(&world, 0);
    let index = world.lock_index(&lock).expect("a lock");
    world.set_reachable(index, false);
    assert_eq!(set_pin(&mut world, &pin_facts(&lock, "2580", 10, 20)), Err(FailureKind::Offline));
    let facts = Facts::new().with_text(Field::LockId, lock.as_str());
    let online = |world: &mut World| {
        world.perform(Call::plain(Meaning::GetLock), &facts).expect("known").flag(&Field::LockReachable)
    };
    assert_eq!(online(&mut world), Some(true));
    pass(&clock, 60).await;
    assert_eq!(online(&mut world), Some(false));
    let unlock = world.perform(Call::plain(Meaning::Unlock), &facts).map_err(|refusal| refusal.kind);
    assert_eq!(unlock.err(), Some(FailureKind::Offline));
}

#[test]
fn a_request_key_makes_a_repetition_harmless() {
    let (mut world, _) = world(limits());
    let lock = lock(&world, 0);
    let facts = pin_facts(&lock, "2580", 10, 20).with_text(Field::RequestKey, "k");
    let first = set_pin(&mut world, &facts);
    assert_eq!(set_pin(&mut world, &facts), first);
    let other = pin_facts(&lock, "2581", 10, 20).with_text(Field::RequestKey, "k");
    assert_eq!(set_pin(&mut world, &other), Err(FailureKind::Conflict));
}

#[test]
fn computed_pins_differ_by_window_and_are_the_same_for_one() {
    let (mut world, _) = world(limits());
    let lock = lock(&world, 0);
    let mut ask = |from: i64, until: i64| {
        let facts = Facts::new()
            .with_text(Field::LockId, lock.as_str())
            .with(Field::AlgoFrom, Datum::Instant(at(from)))
            .with(Field::AlgoUntil, Datum::Instant(at(until)));
        world.perform(Call::plain(Meaning::AlgoPin), &facts).expect("computed").pin(&Field::AlgoPin).cloned()
    };
    assert_eq!(ask(0, 7_200), ask(0, 7_200));
    assert_ne!(ask(0, 7_200), ask(0, 72_000));
}

/// One thing that a script does.
#[derive(Clone, Debug)]
enum Step {
    Pin(usize, u8, i64, i64),
    Remove(usize),
    Unlock(usize),
    Cut(usize, bool),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..3usize, 0..4u8, 0..200i64, 1..300i64)
            .prop_map(|(lock, pin, from, span)| Step::Pin(lock, pin, from, span)),
        (0..6usize).prop_map(Step::Remove),
        (0..3usize).prop_map(Step::Unlock),
        (0..3usize, any::<bool>()).prop_map(|(lock, on)| Step::Cut(lock, on)),
        (1..120u64).prop_map(Step::Pass),
    ]
}

/// What a script leaves behind: ids, refusals, doors.
async fn play(steps: &[Step], pieces: u64) -> Vec<String> {
    let (mut world, clock) = world(limits());
    let (mut seen, mut ids) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            Step::Pin(lock_at, pin, from, span) => {
                let from = (world.now().epoch_ms() - START) / 1_000 + from;
                let lock = lock(&world, *lock_at);
                let done = set_pin(&mut world, &pin_facts(&lock, &format!("258{pin}"), from, from + span));
                ids.extend(done.clone().ok());
                seen.push(format!("{done:?}"));
            }
            Step::Remove(which) => {
                let id = ids.get(*which).cloned().unwrap_or_default();
                let done = world
                    .perform(Call::plain(Meaning::RemovePin), &Facts::new().with_text(Field::AccessId, id));
                seen.push(format!("{done:?}"));
            }
            Step::Unlock(lock_at) => {
                let facts = Facts::new().with_text(Field::LockId, lock(&world, *lock_at).as_str());
                seen.push(format!("{:?}", world.perform(Call::plain(Meaning::Unlock), &facts)));
            }
            Step::Cut(lock_at, on) => {
                let index = world.lock_index(&lock(&world, *lock_at)).expect("a lock");
                world.set_reachable(index, *on);
            }
            Step::Pass(seconds) => {
                for piece in 0..pieces {
                    let share = seconds * 1_000 * (piece + 1) / pieces - seconds * 1_000 * piece / pieces;
                    clock.advance(Duration::from_millis(share)).await;
                    world.settle();
                }
            }
        }
        for lock_at in 0..3 {
            let index = world.lock_index(&lock(&world, lock_at)).expect("a lock");
            let open = (0..4).filter(|pin| world.keypad(index, &format!("258{pin}#")).opened).count();
            seen.push(format!("{lock_at}: {open} {:?}", world.lock_view(index).map(|view| view.bolt)));
        }
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_long_step_and_many_short_ones_end_alike(steps in prop::collection::vec(step(), 1..25)) {
        prop_assert_eq!(block_on(play(&steps, 1)), block_on(play(&steps, 7)));
    }

    #[test]
    fn no_lock_has_one_pin_twice_at_a_time(steps in prop::collection::vec(step(), 1..40)) {
        let (mut world, _) = world(limits());
        for step in steps {
            if let Step::Pin(lock_at, pin, from, span) = step {
                let lock = lock(&world, lock_at);
                // Refusals are part of it; what is taken must not clash.
                let _ = set_pin(&mut world, &pin_facts(&lock, &format!("258{pin}"), from, from + span));
                let facts = Facts::new().with_text(Field::LockId, lock.as_str());
                let listed = world.perform(Call::plain(Meaning::ListPins), &facts).expect("listed").items;
                let mut pins: Vec<_> = listed.iter().filter_map(|item| item.pin(&Field::AccessPin)).collect();
                let all = pins.len();
                pins.sort();
                pins.dedup();
                prop_assert_eq!(pins.len(), all);
            }
        }
    }

    #[test]
    fn pages_of_any_size_make_the_whole(size in 1i64..200) {
        let (mut world, _) = world(limits());
        let call = Call { paged: true, ..Call::plain(Meaning::ListLocks) };
        let (mut ids, mut cursor) = (Vec::new(), None);
        loop {
            let mut facts = Facts::new().with(Field::PageSize, Datum::Int(size));
            facts.set_some(Field::PageCursor, cursor.take());
            let page = world.perform(call, &facts).expect("a page");
            ids.extend(page.items.iter().filter_map(|item| item.text(&Field::LockId).map(str::to_owned)));
            cursor = page.get(&Field::PageNext).cloned();
            if cursor.is_none() {
                break;
            }
        }
        let whole = world.perform(Call::plain(Meaning::ListLocks), &Facts::new()).expect("the list");
        let whole: Vec<_> = whole.items.iter().filter_map(|item| item.text(&Field::LockId).map(str::to_owned)).collect();
        prop_assert_eq!(ids, whole);
    }
}
