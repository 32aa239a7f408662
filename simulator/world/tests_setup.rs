//! What is set up before anybody gets in, and ids that are none.

use std::time::Duration;

use super::tests::{at, limits, lock, pin_facts, world};
use super::*;
use crate::simulator::Fleet;
use crate::vendors::profile::{Limits, Rounding};
use crate::vendors::vocabulary::{Clock, Datum, Days, Facts, FailureKind, Field, Instant, LockId, Meaning};

/// A call that carries a scope in another call than the guest, as its answer
/// names a user whom the request does not.
fn guest_call() -> Call {
    Call { names_scope: false, makes_user: true, ..Call::plain(Meaning::AssignAccess) }
}

fn guest(world: &mut World) -> Result<(String, String), Refusal> {
    let asked = Facts::new()
        .with_text(Field::AccessName, "Guest")
        .with(Field::AccessUntil, Datum::Instant(at(3_600)));
    let told = world.perform(guest_call(), &asked)?;
    let text = |field| told.text(field).expect("an id").to_owned();
    Ok((text(&Field::AccessId), text(&Field::UserId)))
}

/// A guest has an end and no start; what stands in for the start must not be
/// finer than the vendor's own unit, whatever the clock says.
#[tokio::test]
async fn a_guest_without_a_start_is_made_at_an_instant_with_a_fraction() {
    for unit in [1, 20] {
        let mut limits = limits();
        limits.window.unit = Some(Duration::from_secs(unit));
        limits.window.rounding = Rounding::Reject;
        let (mut world, clock) = world(limits);
        clock.advance(Duration::from_millis(20_337)).await;
        world.settle();
        guest(&mut world).unwrap_or_else(|refusal| panic!("{unit}: {}", refusal.message));
    }
}

fn do_it(world: &mut World, meaning: Meaning, fields: &[(Field, &str)]) -> Result<Facts, Refusal> {
    let mut asked = Facts::new();
    for (field, text) in fields {
        asked.set(field.clone(), Datum::text(text));
    }
    world.perform(Call::plain(meaning), &asked)
}

fn scheduled_world() -> (World, Clock) {
    let clock = Clock::stepped(at(0));
    let setup = Setup {
        clock: clock.clone(),
        limits: limits(),
        seed: 5,
        fleet: Fleet::fixture(),
        secrets: Vec::new(),
        needs_schedule: true,
        quirk: None,
        variation: None,
    };
    (World::new(setup), clock)
}

/// Guest, group, door and PIN, in the order of a vendor that wants them so; the
/// keys of the PIN.
fn let_in(world: &mut World, lock: &LockId, group: &str) -> String {
    let (access, user) = guest(world).expect("a guest");
    do_it(world, Meaning::AssignAccess, &[(Field::GroupId, group), (Field::UserId, &user)]).expect("joined");
    let mut asked = pin_facts(lock, "2580", 0, 0);
    asked = Facts::new()
        .with_text(Field::AccessId, &access)
        .with(Field::AccessPin, asked.get(&Field::AccessPin).expect("a PIN").clone());
    world.perform(Call::plain(Meaning::SetPin), &asked).expect("a PIN");
    // Whoever is in is in, however often it is asked.
    let before = world.access_views().len();
    do_it(world, Meaning::AssignAccess, &[(Field::GroupId, group), (Field::UserId, &user)])
        .expect("joined again");
    assert_eq!(world.access_views().len(), before);
    format!("2580{}", limits().pin.suffix)
}

fn made_group(world: &mut World, lock: &LockId) -> String {
    let told = do_it(world, Meaning::CreateGroup, &[(Field::GroupName, "for one door")]).expect("a group");
    let group = told.text(&Field::GroupId).expect("an id").to_owned();
    do_it(world, Meaning::AddLock, &[(Field::GroupId, &group), (Field::LockId, lock.as_str())])
        .expect("added");
    group
}

#[tokio::test]
async fn a_group_without_a_schedule_never_reaches_its_lock() {
    let (mut world, clock) = scheduled_world();
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    let group = made_group(&mut world, &id);
    let keys = let_in(&mut world, &id, &group);
    clock.advance(Duration::from_secs(600)).await;
    assert!(!world.keypad(index, &keys).opened);
    do_it(&mut world, Meaning::SetSchedule, &[(Field::GroupId, &group)]).expect("a schedule");
    clock.advance(Duration::from_secs(60)).await;
    assert!(world.keypad(index, &keys).opened);
}

#[tokio::test]
async fn a_group_opens_on_the_days_of_its_schedules() {
    let (mut world, clock) = scheduled_world();
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    let group = made_group(&mut world, &id);
    let keys = let_in(&mut world, &id, &group);
    let schedule = |world: &mut World, day: usize| {
        let asked = Facts::new()
            .with_text(Field::GroupId, &group)
            .with(Field::AccessDays, Datum::Days(Days::of([day])));
        world.perform(Call::plain(Meaning::SetSchedule), &asked).expect("a schedule");
    };
    // The world begins on a Thursday.
    schedule(&mut world, 4);
    clock.advance(Duration::from_secs(60)).await;
    let thursday = world.keypad(index, &keys);
    assert!(!thursday.opened && thursday.why.contains("fri"), "{}", thursday.why);
    schedule(&mut world, 3);
    assert!(world.keypad(index, &keys).opened);
}

#[tokio::test]
async fn a_group_needs_no_schedule_where_the_vendor_has_none() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    let group = made_group(&mut world, &id);
    let keys = let_in(&mut world, &id, &group);
    clock.advance(Duration::from_secs(60)).await;
    let index = world.lock_index(&id).unwrap();
    assert!(world.keypad(index, &keys).opened);
    let other = lock(&world, 1);
    let index = world.lock_index(&other).unwrap();
    assert!(!world.keypad(index, &keys).opened, "it is in no such group");
}

#[tokio::test]
async fn a_pin_on_its_way_out_is_listed_where_the_list_has_a_word_for_it() {
    let (mut world, clock) = world(limits());
    let id = lock(&world, 0);
    let index = world.lock_index(&id).unwrap();
    let made = world.perform(Call::plain(Meaning::SetPin), &pin_facts(&id, "2580", 0, 60)).expect("a PIN");
    clock.advance(Duration::from_secs(60)).await;
    world.settle();
    let access = made.text(&Field::AccessId).expect("an id").to_owned();
    do_it(&mut world, Meaning::RemovePin, &[(Field::AccessId, &access)]).expect("taken");
    world.set_reachable(index, false);
    clock.advance(Duration::from_secs(600)).await;
    world.settle();
    let asked = Facts::new().with_text(Field::LockId, id.as_str());
    let states = |world: &mut World, tells_removing: bool| {
        let call = Call { tells_removing, ..Call::plain(Meaning::ListPins) };
        let listed = world.perform(call, &asked).expect("a list");
        listed.items.iter().map(|item| item.word(&Field::AccessState)).collect::<Vec<_>>()
    };
    assert_eq!(states(&mut world, false), []);
    assert_eq!(states(&mut world, true), [Some(crate::vendors::vocabulary::Word::Removing)]);
    world.set_reachable(index, true);
    clock.advance(Duration::from_secs(600)).await;
    world.settle();
    assert_eq!(states(&mut world, true), [], "the lock has let go of it");
}

#[test]
fn a_seat_is_freed_by_removal_and_not_by_time() {
    let (mut world, _) = world(Limits { seats: Some(1), ..limits() });
    let (access, _) = guest(&mut world).expect("the seat");
    let unpaid = Call { leaves_unpaid: true, ..guest_call() };
    let asked = Facts::new().with(Field::AccessUntil, Datum::Instant(at(3_600)));
    let refusal = world.perform(unpaid, &asked).expect_err("no seat");
    assert_eq!(refusal.kind, FailureKind::Payment);
    let left = refusal.told.text(&Field::AccessId).expect("it is made all the same").to_owned();
    do_it(&mut world, Meaning::RemovePin, &[(Field::AccessId, &left)]).expect("it can be removed");
    assert_eq!(guest(&mut world).expect_err("still none").kind, FailureKind::Payment);
    do_it(&mut world, Meaning::RemovePin, &[(Field::AccessId, &access)]).expect("removed");
    guest(&mut world).expect("the seat is free");
}

#[test]
fn a_pin_without_an_id_is_removed_by_its_digits_at_its_lock() {
    let (mut world, _) = world(limits());
    let (one, other) = (lock(&world, 0), lock(&world, 1));
    for lock in [&one, &other] {
        world.perform(Call::plain(Meaning::SetPin), &pin_facts(lock, "2580", 0, 60)).expect("a PIN");
    }
    let remove = |world: &mut World, lock: &LockId, pin: &str| {
        let all = pin_facts(lock, pin, 0, 60);
        let asked = Facts::new()
            .with_text(Field::LockId, lock.as_str())
            .with(Field::AccessPin, all.get(&Field::AccessPin).expect("a PIN").clone());
        world.perform(Call::plain(Meaning::RemovePin), &asked).map(drop).map_err(|refusal| refusal.kind)
    };
    assert_eq!(remove(&mut world, &one, "2581"), Err(FailureKind::NotFound));
    assert_eq!(remove(&mut world, &one, "2580"), Ok(()));
    assert_eq!(remove(&mut world, &one, "2580"), Err(FailureKind::NotFound));
    assert_eq!(remove(&mut world, &other, "2580"), Ok(()));
}

#[test]
fn a_lock_is_known_by_its_second_id_and_reached_through_its_own_bridge() {
    let (mut world, _) = world(limits());
    let (one, other) = (lock(&world, 0), lock(&world, 1));
    let get = |world: &mut World, fields: &[(Field, &str)]| {
        do_it(world, Meaning::GetLock, fields).map_err(|refusal| refusal.kind)
    };
    let told = get(&mut world, &[(Field::LockId, one.as_str())]).expect("a lock");
    let alias = told.text(&Field::LockAlias).expect("a second id").to_owned();
    let same = get(&mut world, &[(Field::LockId, &alias)]).expect("the same");
    assert_eq!(same.text(&Field::LockId), Some(one.as_str()));
    let index = world.lock_index(&other).unwrap();
    let strange = world.bridge_of(index).to_string();
    let asked = [(Field::LockId, one.as_str()), (Field::BridgeId, strange.as_str())];
    assert_eq!(get(&mut world, &asked), Err(FailureKind::NotFound));
}

#[test]
fn variants_of_a_computed_pin_differ_and_stay_the_same() {
    let mut own = limits();
    if let Some(algo) = &mut own.algo_pin {
        (algo.variants, algo.equal_hours_from) = (2, Some(Duration::from_secs(2 * 86_400)));
    }
    let (mut world, _) = world(own);
    let id = lock(&world, 0);
    let hour = 3_600;
    let start = Instant::from_epoch_ms(at(0).ceil(Duration::from_secs(3_600)).epoch_ms());
    let mut ask = |variant: i64, hours: u64| {
        let asked = Facts::new()
            .with_text(Field::LockId, id.as_str())
            .with(Field::AlgoVariant, Datum::Int(variant))
            .with(Field::AlgoFrom, Datum::Instant(start))
            .with(Field::AlgoUntil, Datum::Instant(start + Duration::from_secs(hours * hour)));
        let told = world.perform(Call::plain(Meaning::AlgoPin), &asked).map_err(|refusal| refusal.kind);
        told.map(|told| told.pin(&Field::AlgoPin).expect("a PIN").keys().to_owned())
    };
    let (first, second) = (ask(1, 2).expect("one"), ask(2, 2).expect("two"));
    assert_ne!(first, second);
    assert_eq!(ask(1, 2), Ok(first));
    assert_eq!((ask(0, 2), ask(3, 2)), (Err(FailureKind::Invalid), Err(FailureKind::Invalid)));
    assert_eq!(ask(1, 49), Err(FailureKind::Invalid), "it ends at another hour");
    assert!(ask(1, 72).is_ok() && ask(1, 47).is_ok());
}
