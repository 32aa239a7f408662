//! tedee's plans against its documented bytes.

use super::transcripts::{Vendor, at, contact, one, window};
use crate::harness::integration::{AccessChange, MobileRequest, PinRequest, Retries};
use crate::vendors::vocabulary::{FailureKind, LockId, Pin, Word};

const TEDEE: &str = include_str!("../../../vendors/locks/tedee.wire");

async fn tedee(script: &[&str]) -> Vendor {
    let secrets = [("personal_key", "snwu6R.eC+Xuad0sx5inRRo0AaZkYe+EURqYpWwrDR3lU5kuNc=")];
    Vendor::new("tedee", TEDEE, "2026-06-30T12:00:00Z", &secrets, script).await
}

fn guest() -> PinRequest {
    PinRequest {
        user: contact("inlet-1", None, None),
        scope: one("1"),
        window: window("2026-07-01T14:00:00Z", "2026-07-03T10:00:00Z"),
        pin: Some(Pin::new("918273").expect("a PIN")),
        name: "Guest A".into(),
    }
}

#[tokio::test]
async fn a_tedee_lock_that_is_not_connected_says_nothing_more() {
    let vendor = tedee(&["get_lock: a lock that is not connected"]).await;
    let status =
        vendor.played(vendor.integration.get_lock_status(&LockId::new("1"))).await.expect("a status");
    assert_eq!((status.reachable, status.battery, status.bolt), (Some(false), None, None));
}

#[tokio::test]
async fn a_tedee_pin_is_created_read_back_changed_and_removed() {
    let vendor = tedee(&[
        "create_pin: a PIN for two days",
        "get_pin: the PIN as the lock has it",
        "update_pin: a day later",
        "remove_pin: done",
    ])
    .await;
    let later = window("2026-07-02T14:00:00Z", "2026-07-04T10:00:00Z");
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&guest()).await.expect("a PIN");
        let change = AccessChange { window: Some(later), scope: None };
        inlet.change_pin_access(&made, &change).await.expect("a change");
        inlet.remove_pin_access(&made).await.expect("a removal");
        made
    };
    let made = vendor.played(call).await;
    assert_eq!(made.window, Some(guest().window));
    assert_eq!((made.id.as_str(), made.typed.as_ref().map(Pin::keys)), ("3", Some("918273")));
}

#[tokio::test]
async fn a_tedee_bridge_that_is_busy_is_asked_again_shortly() {
    let script = [
        "create_pin: another request is under way",
        "create_pin: a PIN for two days",
        "get_pin: the PIN as the lock has it",
    ];
    let vendor = tedee(&script).await;
    let inlet = vendor.integration.with_retries(Retries::InletRule { seed: 1 });
    vendor.played(inlet.create_pin_access(&guest())).await.expect("a PIN");
}

#[tokio::test]
async fn what_tedee_s_device_channel_refuses_is_told_apart() {
    for (title, kind) in [
        ("the device does not answer in time", FailureKind::UpstreamTimeout),
        ("the PIN exists", FailureKind::Conflict),
        ("no room for more", FailureKind::Full),
        ("no room, as older versions say it", FailureKind::Full),
        ("the lock is not connected", FailureKind::Offline),
    ] {
        let vendor = tedee(&[&format!("create_pin: {title}")]).await;
        let failure = vendor.played(vendor.integration.create_pin_access(&guest())).await.expect_err(title);
        assert_eq!(failure.kind, kind, "{title}");
    }
}

#[tokio::test]
async fn a_tedee_key_can_be_refused_within_a_201() {
    let request = MobileRequest {
        user: contact("inlet-1", None, Some("john.doe@email.com")),
        scope: one("1"),
        window: window("2026-07-01T14:00:00Z", "2026-07-03T10:00:00Z"),
        name: "Guest A".into(),
    };
    let script = ["create_mobile: a second access for the same guest, refused within a 201"];
    let vendor = tedee(&script).await;
    let failure = vendor.played(vendor.integration.create_mobile_access(&request)).await.expect_err("twice");
    assert_eq!(failure.kind, FailureKind::Conflict);

    let script = [
        "create_mobile: a guest for two days, answered without the envelope",
        "list_mobile: one for ever and one not accepted yet",
        "remove_mobile: done",
    ];
    let vendor = tedee(&script).await;
    let call = async {
        let made = vendor.integration.create_mobile_access(&request).await.expect("a key");
        let listed = vendor.integration.list_mobile_access(&made).await.expect("a list");
        vendor.integration.remove_mobile_access(&made).await.expect("a removal");
        listed
    };
    let listed = vendor.played(call).await;
    let states: Vec<Option<Word>> = listed.iter().map(|key| key.state).collect();
    assert_eq!(states, [Some(Word::Active), Some(Word::Pending)]);
    assert_eq!(listed[1].window.map(|window| window.from), Some(at("2026-07-01T14:00:00Z")));
}

#[tokio::test]
async fn a_tedee_operation_ends_or_fails_without_saying_why() {
    let lock = LockId::new("1");
    let script = ["unlock: accepted", "poll_job: under way", "poll_job: carried out"];
    let vendor = tedee(&script).await;
    vendor.played(vendor.integration.unlock(&lock)).await.expect("it opens");
    let vendor = tedee(&["lock: accepted", "poll_job: failed"]).await;
    let failure = vendor.played(vendor.integration.return_to_normal(&lock)).await.expect_err("it fails");
    assert_eq!(failure.kind, FailureKind::Server);
}
