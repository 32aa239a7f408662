//! What a device cannot do is said before anything is tried.

use lockstep::vendors::vocabulary::FailureKind;

use crate::bench::Bench;

#[tokio::test]
async fn a_lock_without_a_keypad_takes_no_pin() {
    let bench = Bench::of("abilities").await;
    bench.control().set_keypad(&bench.lock(0), false);
    let refused =
        bench.clock.drive(bench.integration.create_pin_access(&bench.pin_request())).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Unsupported);
    assert!(refused.to_string().contains("no keypad"), "{refused}");
    assert_eq!(bench.asked(), ["get_lock"]);
    // Another can, and its PIN is removed by the PIN itself.
    let mut request = bench.pin_request();
    request.scope = lockstep::harness::integration::Scope::Locks(vec![bench.lock(1)]);
    let access = bench.clock.drive(bench.integration.create_pin_access(&request)).await.unwrap();
    bench.clock.drive(bench.integration.remove_pin_access(&access)).await.unwrap();
}

#[tokio::test]
async fn a_lock_without_a_gateway_takes_no_command_and_others_by_their_sort() {
    let bench = Bench::of("abilities").await;
    bench.control().set_bridged(&bench.lock(0), false);
    let refused = bench.clock.drive(bench.integration.unlock(&bench.lock(0))).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Unsupported);
    for _ in 0..2 {
        bench.clock.drive(bench.integration.unlock(&bench.lock(1))).await.unwrap();
    }
    assert_eq!(bench.asked(), ["get_lock", "get_lock", "unlock", "get_lock", "unlock_moving"]);
}

#[tokio::test]
async fn the_simulated_vendor_itself_refuses_what_a_lock_cannot_do() {
    // Without looking at what the device says of itself.
    let blind = [(
        "  { unsupported = \"The lock has no keypad.\", when = { field = \"lock.keypad\", is = [\"false\"] } },\n",
        "",
    )];
    let bench = Bench::altered("abilities", blind[0].0, blind[0].1).await;
    bench.control().set_keypad(&bench.lock(0), false);
    let refused =
        bench.clock.drive(bench.integration.create_pin_access(&bench.pin_request())).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Unsupported);
    assert_eq!(bench.asked(), ["get_lock", "create_pin"]);
}

#[tokio::test]
async fn what_a_vendor_does_not_have_is_refused_before_anything_is_sent() {
    let bench = Bench::of("callbacks").await;
    let from = bench.clock.now();
    let window =
        lockstep::vendors::vocabulary::Window::new(from, from + std::time::Duration::from_secs(3600));
    let refused = bench.clock.drive(bench.integration.algo_pin(&bench.lock(0), window)).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Unsupported);
    assert!(refused.unsent && bench.asked().is_empty());
}
