//! Locks whose ids change behind bridges that do one thing at a time.

use std::time::Duration;

use lockstep::harness::integration::{PinRequest, Scope};
use lockstep::vendors::vocabulary::{FailureKind, Pin, Word};

use crate::bench::Bench;

#[tokio::test]
async fn a_lock_that_was_added_again_is_found_by_its_serial_number() {
    let bench = Bench::of("bridges").await;
    let (inlet, lock) = (&bench.integration, bench.lock(0));
    let access = bench.clock.drive(inlet.create_pin_access(&bench.pin_request())).await.unwrap();
    bench.control().add_again(&lock);
    let status = bench.clock.drive(inlet.get_lock_status(&lock)).await.unwrap();
    assert_eq!((status.id.as_ref(), status.bolt), (Some(&lock), Some(Word::Locked)));
    bench.clock.drive(inlet.unlock(&lock)).await.unwrap();
    assert_eq!(bench.control().lock(&lock).unwrap().bolt, Word::Unlocked);
    bench.clock.drive(inlet.remove_pin_access(&access)).await.unwrap();
    assert!(bench.clock.drive(inlet.list_pin_access(&lock)).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_keeps_the_id_that_changes_loses_the_lock() {
    let looked_up = r#"get_lock_status = [{ find = "list_devices", by = ["lock.id"], has = ["lock.alias"], every = "1 s", within = "1 s" }, "get_lock"]"#;
    let kept = r#"get_lock_status = [{ once = [{ find = "list_devices", by = ["lock.id"], has = ["lock.alias"], every = "1 s", within = "1 s" }], per = "lock.id" }, "get_lock"]"#;
    let bench = Bench::altered("bridges", looked_up, kept).await;
    let lock = bench.lock(0);
    let status = || bench.clock.drive(bench.integration.get_lock_status(&lock));
    assert!(status().await.is_ok());
    bench.control().add_again(&bench.lock(0));
    assert_eq!(status().await.unwrap_err().kind, FailureKind::NotFound);
    // What was kept is forgotten when it is not found.
    assert!(status().await.is_ok());
}

#[tokio::test]
async fn a_bridge_takes_one_command_at_a_time() {
    let bench = Bench::of("bridges").await;
    let inlet = &bench.integration;
    let request = |lock: usize, pin: &str| PinRequest {
        scope: Scope::Locks(vec![bench.lock(lock)]),
        pin: Some(Pin::new(pin).unwrap()),
        name: format!("stay {pin}"),
        ..bench.pin_request()
    };
    // Two at once at one bridge: the second is refused as busy, asked again, and made.
    let (first, second) = (request(0, "258013"), request(0, "369024"));
    let both = async { tokio::join!(inlet.create_pin_access(&first), inlet.create_pin_access(&second)) };
    let (first, second) = bench.clock.drive(both).await;
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    let busy = || bench.recorder.exchanges().iter().filter(|one| status(one) == Some(423)).count();
    assert!(busy() > 0, "the limit bites");
    // At another bridge there is room.
    let before = busy();
    let (one, other) = (request(0, "471035"), request(1, "471035"));
    let both = async { tokio::join!(inlet.create_pin_access(&one), inlet.create_pin_access(&other)) };
    let (one, other) = bench.clock.drive(both).await;
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(busy(), before);
}

#[tokio::test]
async fn a_bridge_that_stays_busy_is_told_as_such() {
    let bench = Bench::altered("bridges", "job = \"4 s\"", "job = \"30 min\"").await;
    let inlet = &bench.integration;
    let late = bench.clock.drive(inlet.unlock(&bench.lock(0))).await.unwrap_err();
    assert_eq!(late.kind, FailureKind::UpstreamTimeout);
    let busy = bench.clock.drive(inlet.unlock(&bench.lock(0))).await.unwrap_err();
    assert_eq!(busy.kind, FailureKind::Busy);
    bench.control().advance(Duration::from_secs(31 * 60)).await;
    assert_ne!(
        bench.clock.drive(inlet.unlock(&bench.lock(0))).await.map_err(|failure| failure.kind),
        Err(FailureKind::Busy)
    );
}

fn status(exchange: &lockstep::harness::result::Exchange) -> Option<u16> {
    match &exchange.response {
        lockstep::harness::result::Received::Answer { status, .. } => Some(*status),
        _ => None,
    }
}
