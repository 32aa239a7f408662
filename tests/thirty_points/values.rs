//! Values of every spelling, requests and envelopes of every shape, through the
//! integration against the simulated vendor.

use lockstep::harness::integration::{PinRequest, Scope};
use lockstep::vendors::vocabulary::{LockId, Pin, Word};

use crate::bench::Bench;

#[tokio::test]
async fn a_pin_with_a_leading_zero_opens_in_the_zone_of_its_lock() {
    let bench = Bench::of("values").await;
    // Buildings stand in different zones; one lock of each is tried.
    let groups = bench.control().groups();
    let locks: Vec<LockId> = groups.iter().take(3).filter_map(|group| group.locks.first().cloned()).collect();
    for lock in locks {
        let pin = Pin::new("0471").unwrap();
        let request = PinRequest {
            scope: Scope::Locks(vec![lock.clone()]),
            pin: Some(pin.clone()),
            ..bench.pin_request()
        };
        let access = bench.clock.drive(bench.integration.create_pin_access(&request)).await.unwrap();
        let listed = bench.clock.drive(bench.integration.list_pin_access(&lock)).await.unwrap();
        let found = listed.iter().find(|one| one.id == access.id).unwrap();
        assert_eq!(found.window, Some(request.window), "{lock}");
        assert_eq!(found.typed.as_ref(), Some(&pin));
        let (control, until) = (bench.control(), request.window.from.since(bench.clock.now()));
        assert!(!control.keypad(&lock, "0471").opened);
        control.advance(until).await;
        assert!(control.keypad(&lock, "0471").opened, "{lock}");
    }
}

#[tokio::test]
async fn a_status_in_odd_spellings_is_read_as_it_is() {
    let bench = Bench::of("values").await;
    let status = bench.clock.drive(bench.integration.get_lock_status(&bench.lock(0))).await.unwrap();
    let really = bench.control().lock(&bench.lock(0)).unwrap();
    assert_eq!(status.reachable, Some(true));
    assert_eq!(status.battery, Some(really.battery));
    assert_eq!(status.bolt, Some(Word::Locked));
}

#[tokio::test]
async fn answers_of_every_shape_are_understood() {
    let bench = Bench::of("envelopes").await;
    let inlet = &bench.integration;
    assert_eq!(
        bench.clock.drive(inlet.list_access_groups()).await.unwrap().len(),
        bench.control().groups().len()
    );
    assert_eq!(bench.clock.drive(inlet.list_locks(None)).await.unwrap().len(), bench.control().locks().len());
    bench.clock.drive(inlet.unlock(&bench.lock(0))).await.unwrap();
    assert_eq!(bench.control().lock(&bench.lock(0)).unwrap().bolt, Word::Unlocked);
    let strange = bench.clock.drive(inlet.get_lock_status(&LockId::new("nobody"))).await.unwrap_err();
    assert_eq!(strange.kind, lockstep::vendors::vocabulary::FailureKind::NotFound);
}

#[tokio::test]
async fn requests_of_every_shape_are_carried_out() {
    let bench = Bench::of("requests").await;
    let inlet = &bench.integration;
    let group = bench.control().groups().into_iter().find(|group| !group.locks.is_empty()).unwrap();
    let listed = bench.clock.drive(inlet.list_locks(Some(&group.id))).await.unwrap();
    assert_eq!(listed.len(), group.locks.len());
    let request = PinRequest {
        scope: Scope::Locks(vec![bench.lock(0), bench.lock(1)]),
        pin: Some(Pin::new("2580").unwrap()),
        ..bench.pin_request()
    };
    let access = bench.clock.drive(inlet.create_pin_access(&request)).await.unwrap();
    bench.control().advance(request.window.from.since(bench.clock.now())).await;
    assert!(bench.control().keypad(&bench.lock(1), "2580").opened, "each lock has it");
    bench.clock.drive(inlet.remove_pin_access(&access)).await.unwrap();
    assert_eq!(bench.asked().iter().filter(|name| *name == "remove_pin").count(), 2);
    assert!(bench.clock.drive(inlet.remove_pin_access(&access)).await.is_err(), "it is gone");
}
