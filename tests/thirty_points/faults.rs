//! Faults of reality, as the simulated vendor plays them.

use std::time::Duration;

use lockstep::simulator::{Effect, Fault, Place, Schedule};
use lockstep::vendors::vocabulary::{FailureKind, Word};

use crate::bench::Bench;

fn once(operation: &str, effect: Effect) -> Fault {
    Fault {
        place: Place { operation: Some(operation.to_owned()), ..Place::default() },
        schedule: Schedule { times: Some(1), ..Schedule::default() },
        effect,
    }
}

#[tokio::test]
async fn a_status_may_be_stale_after_an_unlock() {
    let bench = Bench::of("callbacks").await;
    let (inlet, lock) = (&bench.integration, bench.lock(0));
    bench.clock.drive(inlet.get_lock_status(&lock)).await.unwrap();
    bench.clock.drive(inlet.unlock(&lock)).await.unwrap();
    bench.control().inject(once("get_lock", Effect::StaleRead));
    let stale = bench.clock.drive(inlet.get_lock_status(&lock)).await.unwrap();
    let fresh = bench.clock.drive(inlet.get_lock_status(&lock)).await.unwrap();
    assert_eq!((stale.bolt, fresh.bolt), (Some(Word::Locked), Some(Word::Unlocked)));
}

#[tokio::test]
async fn a_slow_device_is_waited_for_and_a_dead_one_given_up() {
    let bench = Bench::of("callbacks").await;
    bench.control().inject(once("unlock", Effect::Delay(Duration::from_secs(25))));
    let began = bench.clock.now();
    bench.clock.drive(bench.integration.unlock(&bench.lock(0))).await.unwrap();
    assert!(bench.clock.now().since(began) >= Duration::from_secs(25));
    bench.control().inject(once("unlock", Effect::Delay(Duration::from_secs(60))));
    let failure = bench.clock.drive(bench.integration.unlock(&bench.lock(0))).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::UpstreamTimeout, "{failure}");
}

#[tokio::test]
async fn a_write_that_is_accepted_may_never_appear() {
    let bench = Bench::of("values").await;
    bench.control().inject(once("create_pin", Effect::AcceptOnly));
    let lost = bench.clock.drive(bench.integration.create_pin_access(&bench.pin_request())).await.unwrap();
    let listed = bench.clock.drive(bench.integration.list_pin_access(&bench.lock(0))).await.unwrap();
    assert!(
        listed.iter().all(|access| access.name != lost.name || access.id != lost.id) && listed.is_empty()
    );
}

#[tokio::test]
async fn a_refusal_within_a_success_is_none() {
    let bench = Bench::of("envelopes").await;
    bench.control().inject(once("unlock", Effect::Refuse(FailureKind::Payment)));
    let failure = bench.clock.drive(bench.integration.unlock(&bench.lock(0))).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Payment);
    assert!(failure.to_string().contains("refuses"), "the vendor's words of the list: {failure}");
}
