//! Rules that some vendors have: weekdays, lost commands, silent replacement,
//! holds that open nothing, clocks, and computed PINs that are kept.

use std::time::Duration;

use super::tests::{at, limits, lock, pin_facts, set_pin, world};
use super::*;
use crate::vendors::dialect::Terms;
use crate::vendors::profile::{CommandPolicy, OfflinePolicy, Rounding, SameUser};
use crate::vendors::vocabulary::{
    Cause, Clock, Datum, Days, Facts, FailureKind, Field, Instant, LockId, Meaning, Word,
};

const DAY: i64 = 86_400;

fn at_lock(lock: &LockId) -> Facts {
    Facts::new().with_text(Field::LockId, lock.as_str())
}

fn bolt(world: &mut World, lock: &LockId) -> Word {
    let index = world.lock_index(lock).unwrap();
    world.lock_view(index).unwrap().bolt
}

async fn pass(world: &mut World, clock: &Clock, seconds: u64) {
    clock.advance(Duration::from_secs(seconds)).await;
    world.settle();
}

#[tokio::test]
async fn a_day_that_is_not_named_does_not_open() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    // The world begins on a Thursday.
    let facts = pin_facts(&id, "4821", 0, 3 * DAY).with(Field::AccessDays, Datum::Days(Days::of([4])));
    set_pin(&mut world, &facts).unwrap();
    let typed = |world: &mut World| world.keypad(index, "4821#");
    pass(&mut world, &clock, 3_600).await;
    let thursday = typed(&mut world);
    assert!(!thursday.opened && thursday.why.contains("fri"), "{}", thursday.why);
    pass(&mut world, &clock, 86_400).await;
    assert!(typed(&mut world).opened);
    pass(&mut world, &clock, 86_400).await;
    assert!(!typed(&mut world).opened);
}

#[tokio::test]
async fn a_command_to_a_lock_that_is_gone_may_be_lost_without_a_word() {
    let mut rules = limits();
    rules.command_offline = CommandPolicy::Drop;
    rules.pin.offline = OfflinePolicy::Drop;
    let (mut world, clock) = world(rules);
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    world.set_reachable(index, false);
    world.perform(Call::plain(Meaning::Unlock), &at_lock(&id)).unwrap();
    set_pin(&mut world, &pin_facts(&id, "4821", 0, DAY)).unwrap();
    world.set_reachable(index, true);
    pass(&mut world, &clock, 3_600).await;
    assert_eq!(bolt(&mut world, &id), Word::Locked);
    assert!(!world.keypad(index, "4821#").opened);
    let listed = world.perform(Call::plain(Meaning::ListPins), &at_lock(&id)).unwrap();
    assert!(listed.items.is_empty());
}

#[tokio::test]
async fn a_pin_that_is_only_noted_is_listed_and_opens_nothing() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    let noted = Call { only_noted: true, ..Call::plain(Meaning::SetPin) };
    // The lock is not asked, so it need not be there.
    world.set_reachable(index, false);
    let told = world.perform(noted, &pin_facts(&id, "4821", 0, DAY)).unwrap();
    assert_eq!(told.word(&Field::AccessState), Some(Word::Active));
    world.set_reachable(index, true);
    pass(&mut world, &clock, 3_600).await;
    assert!(!world.keypad(index, "4821#").opened);
    let listed = |world: &mut World| world.perform(Call::plain(Meaning::ListPins), &at_lock(&id)).unwrap();
    assert_eq!(listed(&mut world).items.len(), 1);
    // It has its place as one that is there, and is taken away as one.
    let again = world.perform(noted, &pin_facts(&id, "4821", 0, DAY)).map(drop);
    assert_eq!(again.unwrap_err().kind, FailureKind::Conflict);
    let named = Facts::new().with_text(Field::AccessId, told.text(&Field::AccessId).unwrap());
    world.perform(Call::plain(Meaning::RemovePin), &named).unwrap();
    assert!(listed(&mut world).items.is_empty());
    // The same PIN, sent, opens.
    set_pin(&mut world, &pin_facts(&id, "5932", 0, 2 * DAY)).unwrap();
    pass(&mut world, &clock, 3_600).await;
    assert!(world.keypad(index, "5932#").opened);
}

#[tokio::test]
async fn pins_and_keys_may_stand_in_one_list() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    set_pin(&mut world, &pin_facts(&id, "4821", 0, DAY)).unwrap();
    let window = [(Field::MobileFrom, 0), (Field::MobileUntil, DAY)];
    let key = window
        .into_iter()
        .fold(at_lock(&id), |key, (field, at_second)| key.with(field, Datum::Instant(at(at_second))));
    world.perform(Call::plain(Meaning::CreateMobile), &key).unwrap();
    pass(&mut world, &clock, 60).await;
    let fields = |world: &mut World, call: Call| -> Vec<(bool, bool)> {
        let listed = world.perform(call, &at_lock(&id)).unwrap();
        listed.items.iter().map(|item| (item.has(&Field::AccessId), item.has(&Field::MobileId))).collect()
    };
    assert_eq!(fields(&mut world, Call::plain(Meaning::ListPins)), [(true, false)]);
    let both = Call { lists_mobile: true, ..Call::plain(Meaning::ListPins) };
    assert_eq!(fields(&mut world, both), [(true, false), (false, true)]);
}

#[tokio::test]
async fn a_creation_is_listed_only_after_its_time() {
    let mut rules = limits();
    rules.delays.listing = Duration::from_secs(5);
    let (mut world, clock) = world(rules);
    let id = lock(&world, 0);
    set_pin(&mut world, &pin_facts(&id, "4821", 0, DAY)).unwrap();
    let count =
        |world: &mut World| world.perform(Call::plain(Meaning::ListPins), &at_lock(&id)).unwrap().items.len();
    assert_eq!(count(&mut world), 0);
    pass(&mut world, &clock, 5).await;
    assert_eq!(count(&mut world), 1);
}

#[tokio::test]
async fn a_second_key_of_a_user_may_take_the_place_of_the_first() {
    for (same_user, left) in [(SameUser::Add, 2), (SameUser::Replace, 1)] {
        let mut rules = limits();
        rules.mobile.same_user = same_user;
        let (mut world, _clock) = world(rules);
        let (id, other) = (lock(&world, 0), lock(&world, 1));
        let key = |lock: &LockId, email: &str| {
            at_lock(lock)
                .with_text(Field::UserEmail, email)
                .with(Field::MobileFrom, Datum::Instant(at(0)))
                .with(Field::MobileUntil, Datum::Instant(at(DAY)))
        };
        let mut send = |facts: &Facts| world.perform(Call::plain(Meaning::CreateMobile), facts).map(drop);
        for facts in [key(&id, "a@example.com"), key(&id, "a@example.com"), key(&other, "a@example.com")] {
            send(&facts).unwrap();
        }
        send(&key(&id, "b@example.com")).unwrap();
        let listed = world.perform(Call::plain(Meaning::ListMobile), &at_lock(&id)).unwrap();
        assert_eq!(listed.items.len(), left + 1, "{same_user:?}");
    }
}

#[tokio::test]
async fn a_key_for_one_use_opens_once() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    for (begins, uses, opens) in [
        (600, Some(1), [true, false, false]),
        (1_200, Some(2), [true, true, false]),
        (1_800, None, [true; 3]),
    ] {
        let call = Call { terms: Terms { uses, ..Terms::default() }, ..Call::plain(Meaning::CreateMobile) };
        let asked = at_lock(&id).with(Field::MobileFrom, Datum::Instant(at(begins)));
        let asked = asked.with(Field::MobileUntil, Datum::Instant(at(DAY)));
        let made = world.perform(call, &asked).unwrap();
        let key = made.text(&Field::MobileId).unwrap().to_owned();
        // Tried before its start it is not used up.
        assert!(!world.phone(index, &key).opened, "{uses:?}");
        pass(&mut world, &clock, 600).await;
        let opened: Vec<bool> = opens.iter().map(|_| world.phone(index, &key).opened).collect();
        assert_eq!(opened, opens, "{uses:?}");
    }
}

#[tokio::test]
async fn a_hold_may_keep_open_only_what_is_opened() {
    let mut rules = limits();
    rules.hold_opens = false;
    let (mut world, clock) = world(rules);
    let id = lock(&world, 0);
    let mut command = |meaning, expected: Word| {
        world.perform(Call::plain(meaning), &at_lock(&id)).unwrap();
        assert_eq!(bolt(&mut world, &id), expected, "{meaning:?}");
    };
    command(Meaning::HoldOpen, Word::Locked);
    command(Meaning::Unlock, Word::Unlocked);
    clock.advance(Duration::from_secs(600)).await;
    command(Meaning::ReleaseHold, Word::Unlocked);
    command(Meaning::Lock, Word::Locked);
    command(Meaning::Unlock, Word::Unlocked);
    clock.advance(Duration::from_secs(600)).await;
    assert_eq!(bolt(&mut world, &id), Word::Locked);
}

#[tokio::test]
async fn a_clock_that_is_off_is_refused_for_that() {
    let mut rules = limits();
    rules.clock_skew = Some(Duration::from_secs(300));
    let (world, _clock) = world(rules);
    let sent = |seconds: i64| Facts::new().with(Field::Now, Datum::Instant(at(seconds)));
    assert!(world.check_clock(&sent(300), true).is_ok() && world.check_clock(&sent(-300), true).is_ok());
    for facts in [sent(301), sent(-301), Facts::new()] {
        assert_eq!(world.check_clock(&facts, true).unwrap_err().cause, Some(Cause::ClockSkew));
        assert!(world.check_clock(&facts, false).is_ok());
    }
}

#[tokio::test]
async fn a_computed_pin_may_be_truncated_kept_and_withdrawn() {
    let mut rules = limits();
    let algo = rules.algo_pin.as_mut().unwrap();
    (algo.rounding, algo.rounded, algo.revocable) =
        (Some(Duration::from_secs(3_600)), Rounding::Truncate, Some(true));
    let (mut world, _clock) = world(rules);
    let id = lock(&world, 0);
    let hour = Duration::from_secs(3_600);
    let start = at(0).ceil(hour) + hour;
    let late = Duration::from_secs(1_200);
    let asked = at_lock(&id)
        .with(Field::AlgoFrom, Datum::Instant(start + late))
        .with(Field::AlgoUntil, Datum::Instant(start + hour * 3 + late));
    let call = Call { kept: true, ..Call::plain(Meaning::AlgoPin) };
    let made = world.perform(call, &asked).unwrap();
    let again = world.perform(call, &asked).unwrap();
    assert_eq!(made.text(&Field::AccessId), again.text(&Field::AccessId));
    let listed = world.perform(Call::plain(Meaning::ListPins), &at_lock(&id)).unwrap().items;
    let ends = |field: &Field| -> Option<Instant> { listed[0].instant(field) };
    assert_eq!((ends(&Field::AccessFrom), ends(&Field::AccessUntil)), (Some(start), Some(start + hour * 3)));
    let gone = Facts::new().with_text(Field::AccessId, made.text(&Field::AccessId).unwrap());
    world.perform(Call::plain(Meaning::RemovePin), &gone).unwrap();
    assert!(world.perform(Call::plain(Meaning::ListPins), &at_lock(&id)).unwrap().items.is_empty());
}
